"""What is wrong with a source file's content: by `source.schema.json`, and by what a schema cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import yaml

from newsdesk import urls
from newsdesk.model import JsonObject

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Problem = tuple[Sequence[str | int], str, str]  # path of keys and indexes, what is wrong, what to do about it


def problems(data: Any) -> Iterator[Problem]:
    """What is wrong with the value of a source file. The path leads to where it is, or to where it lacks."""
    if not isinstance(data, dict):
        yield (), "a source file is a list of `key: value` lines", "Start with `id:`, `name:` and `homepage:`."
        return
    found = list(_validator().iter_errors(data))
    seen = set()
    for error in found:
        for path, what, remedy in _explain(error):
            if (tuple(path), what) not in seen:  # of two missing keys each error tells
                seen.add((tuple(path), what))
                yield path, what, remedy
    if not found:
        yield from _beyond_the_schema(data)


def _beyond_the_schema(data: JsonObject) -> Iterator[Problem]:
    for path, text in _texts(data):  # the schema's `$` matches before a last line break too
        if _CONTROL.search(text):
            yield path, f"{text!r} has a line break or another control character", "Write it on one line."
            return
    named: set[str | None] = set()
    for path, address in _addresses(data):
        try:
            urls.host(address)
        except ValueError as error:
            yield path, f"{address!r} is no address: {error}", "Write it as a browser's address bar shows it."
            continue
        if len(address.encode()) > urls.MAX_KEY:
            yield path, f"the address is longer than {urls.MAX_KEY:,} bytes", "Find a shorter address of the same page."
        if path[0] == "endpoints":
            if (spelled := urls.absolute(address, address)) in named:
                yield path, f"the endpoint {address!r} is named above already", "Leave one of the two."
            named.add(spelled)
    if zone := data.get("timezone"):
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):  # unknown; a path; a folder of the zone database
            yield ("timezone",), f"there is no time zone {zone!r}", "Use an IANA name, such as Europe/Paris."
    for key in ("include", "exclude"):
        for index, pattern in enumerate(data.get(key, ())):
            try:
                re.compile(pattern)
            except re.error as error:
                yield (key, index), f"{pattern!r} is not a regular expression: {error}", "Mend the pattern."
    for key, (least, most) in data.get("expect", {}).items():
        if least > most:
            yield ("expect", key), f"the least, {least}, is more than the most, {most}", "Write [least, most]."


def _texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Sequence[str | int], str]]:
    """Every text of the file but its patterns, which may be written over several lines."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key)) if key not in ("include", "exclude") else ()
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _addresses(data: JsonObject) -> Iterator[tuple[Sequence[str | int], str]]:
    yield ("homepage",), data["homepage"]
    for index, endpoint in enumerate(data.get("endpoints", ())):
        for kind, address in endpoint.items():
            yield ("endpoints", index, kind), address


def _explain(error: jsonschema.ValidationError) -> Iterator[Problem]:
    path: list[str | int] = list(error.absolute_path)
    rule: JsonObject = dict(error.schema) if isinstance(error.schema, dict) else {}
    where = ".".join(str(part) for part in path) or "the file"
    if error.validator == "required":
        for missing in sorted(set(rule["required"]) - _keys(error), key=rule["required"].index):
            yield path, f"`{missing}` is missing", f"Add a line `{missing}: …`."
    elif error.validator == "additionalProperties":
        known = sorted(rule["properties"])
        for unknown in sorted(_keys(error) - set(known)):
            yield [*path, unknown], f"`{unknown}` is not a key of {where}", f"The keys are: {', '.join(known)}."
    else:
        yield path, f"{where}: {error.message}", rule.get("description") or "See docs/engineer.md for the format."


def _keys(error: jsonschema.ValidationError) -> set[str]:
    return {str(key) for key in error.instance} if isinstance(error.instance, dict) else set()


def line_of(tree: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line (from 1) of the node at `path`; of the nearest node above it where there is none."""
    node, line = tree, 1
    for part in path:
        step: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    step, line = value, key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            step = node.value[part]
            line = step.start_mark.line + 1
        if step is None:
            return line
        node = step
    return line


def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((resources.files("newsdesk") / "source.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)
