"""The operator's source files: read, checked against `source.schema.json`, each fault with file, line and remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import yaml

from newsdesk import urls
from newsdesk.model import Endpoint, EndpointKind, Expectations, JsonObject, Source
from newsdesk.revisits import read_ages, write_age
from newsdesk.source_text import Unreadable, read_yaml

MAX_ID = 64  # characters

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class SourceFault:
    """What is wrong with a source file, and what to do about it."""

    file: Path
    line: int  # from 1
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}"


def load_sources(folder: Path) -> tuple[list[Source], list[SourceFault]]:
    """Every readable source of the folder, and the faults of those that are not: one bad file stops no other."""
    if not folder.is_dir():
        return [], [
            SourceFault(folder, 1, "there is no such folder", "Set NEWSDESK_SOURCES to the folder of source files.")
        ]
    files = sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
    if not files:
        return [], [SourceFault(folder, 1, "there is no .yaml file in it", "Put one file for each source there.")]
    sources: dict[str, Source] = {}
    faults: list[SourceFault] = []
    for file in files:
        source, found = read_source(file)
        faults += found
        if source is None:
            continue
        if source.id in sources:
            faults.append(
                SourceFault(file, 1, f"id {source.id!r} is taken by another file", "Give each source an id of its own.")
            )
            continue
        sources[source.id] = source
    return list(sources.values()), faults


def read_source(file: Path) -> tuple[Source | None, list[SourceFault]]:
    """The source that a file describes, or its faults."""
    try:
        tree, data = read_yaml(file)
    except Unreadable as why:
        return None, [SourceFault(file, why.line, why.what, why.remedy)]
    faults = [SourceFault(file, _line(tree, path), what, remedy) for path, what, remedy in _problems(data)]
    return (None, faults) if faults else (from_definition(data), [])


def to_definition(source: Source) -> JsonObject:
    """The source in the form of its file, with nothing that is absent: for storage as JSON."""
    expect = {
        key: list(value)
        for key, value in (
            ("articles_per_day", source.expect.articles_per_day),
            ("body_words", source.expect.body_words),
        )
        if value
    }
    whole: JsonObject = {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "language": source.language,
        "country": source.country,
        "timezone": source.timezone,
        "tags": list(source.tags),
        "endpoints": [{endpoint.kind.value: endpoint.url} for endpoint in source.endpoints],
        "expect": expect,
        "include": list(source.include),
        "exclude": list(source.exclude),
        "crawl_delay": source.crawl_delay,
        "max_per_run": source.max_per_run,
        "headers": source.headers,
        "enabled": source.enabled,
        "allow_private": source.allow_private,
    }
    told = {key: value for key, value in whole.items() if value not in (None, [], {})}
    if source.revisit is not None:  # none at all is told too
        told["revisit"] = [write_age(age) for age in source.revisit]
    return told


def from_definition(data: JsonObject) -> Source:
    """The Source of a file whose content was checked, or that `to_definition` wrote down."""
    expect = data.get("expect", {})

    def span(name: str) -> tuple[int, int] | None:
        return (expect[name][0], expect[name][1]) if name in expect else None

    return Source(
        id=data["id"],
        name=data["name"],
        homepage=data["homepage"],
        language=data.get("language"),
        country=data.get("country"),
        timezone=data.get("timezone"),
        tags=tuple(data.get("tags", ())),
        endpoints=tuple(
            Endpoint(EndpointKind(kind), url) for item in data.get("endpoints", ()) for kind, url in item.items()
        ),
        expect=Expectations(span("articles_per_day"), span("body_words")),
        include=tuple(data.get("include", ())),
        exclude=tuple(data.get("exclude", ())),
        crawl_delay=data.get("crawl_delay"),
        max_per_run=data.get("max_per_run"),
        headers=data.get("headers"),
        enabled=data.get("enabled", True),
        allow_private=data.get("allow_private", False),
        revisit=read_ages(data["revisit"]) if "revisit" in data else None,
    )


def own_addresses(source: Source) -> tuple[str, ...]:
    """The addresses that its file names."""
    return source.homepage, *(endpoint.url for endpoint in source.endpoints)


def own_hosts(source: Source) -> frozenset[str]:
    """Their hosts, as `urls.host` has them."""
    return frozenset(map(urls.host, own_addresses(source)))


def own_sites(source: Source) -> frozenset[str]:
    """Their sites (registrable domains)."""
    return frozenset(map(urls.site, own_addresses(source)))


def is_id(text: str) -> bool:
    """As `source.schema.json` has it."""
    return len(text) <= MAX_ID and _ID.fullmatch(text) is not None


def id_of(name: str, longest: int = MAX_ID) -> str:
    """The letters and digits of a name as an id; empty where it has none that ids are made of."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:longest].strip("-")


Problem = tuple[Sequence[str | int], str, str]


def _problems(data: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield (), "a source file is a list of `key: value` lines", "Start with `id:`, `name:` and `homepage:`."
        return
    found = list(_validator().iter_errors(data))
    for error in found:
        yield _explain(error)
    if not found:
        yield from _beyond_the_schema(data)


def _beyond_the_schema(data: JsonObject) -> Iterator[Problem]:
    for path, text in _texts(data):  # the schema's `$` matches before a last line break too
        if _CONTROL.search(text):
            yield path, f"{text!r} has a line break or another control character", "Write it on one line."
            return
    for path, address in _addresses(data):
        try:
            urls.host(address)
        except ValueError as error:
            yield path, f"{address!r} is no address: {error}", "Write it as a browser's address bar shows it."
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


def _explain(error: jsonschema.ValidationError) -> Problem:
    path: list[str | int] = list(error.absolute_path)
    rule: JsonObject = dict(error.schema) if isinstance(error.schema, dict) else {}
    where = ".".join(str(part) for part in path) or "the file"
    if error.validator == "required":
        present = _keys(error)
        missing = next(key for key in rule["required"] if key not in present)
        return path, f"`{missing}` is missing", f"Add a line `{missing}: …`."
    if error.validator == "additionalProperties":
        known = sorted(rule["properties"])
        unknown = sorted(_keys(error) - set(known))
        return [*path, unknown[0]], f"`{unknown[0]}` is not a key of {where}", f"The keys are: {', '.join(known)}."
    return path, f"{where}: {error.message}", rule.get("description") or "See docs/engineer.md for the format."


def _keys(error: jsonschema.ValidationError) -> set[str]:
    return {str(key) for key in error.instance} if isinstance(error.instance, dict) else set()


def _line(tree: yaml.Node | None, path: Sequence[str | int]) -> int:
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
