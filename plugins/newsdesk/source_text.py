"""The text of a source file as YAML, read so that no file can cost more than its length.

Anchors and aliases are refused: nine lines of them make a billion values, and a file of a dozen keys needs none. So is
what is nested deeper than any source file: the reader below would run out of stack. Tags that make Python objects are
unknown to `SafeLoader`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LARGEST = 1 << 18  # bytes: a hundred times the largest file seen
_DEEPEST = 20  # lists and maps within each other; a source file has three


class Unreadable(ValueError):
    """The file is no YAML that is read here: its line (from 1), what is wrong, and what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy = line, what, remedy


def read_yaml(file: Path) -> tuple[yaml.Node | None, Any]:
    """The file's nodes, which know their lines, and its value. Unreadable for anything else."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise Unreadable(1, f"larger than {_LARGEST >> 10} KiB", "Keep one source in a file.")
        return parse_yaml(raw.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(1, f"cannot be read: {error}", "Save it as UTF-8 text that this user may read.") from None


def parse_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes and the value of a text. Unreadable where it is no YAML, or more than is read here."""
    try:
        _refuse_what_grows(text)
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Unreadable(
            mark.line + 1 if mark else 1, f"not valid YAML: {what}", "Mend the line's indentation or quotes."
        ) from None
    except Unreadable:
        raise
    except ValueError as error:  # a date such as 2026-02-30: PyYAML lets the constructor's own error through
        raise Unreadable(1, f"not valid YAML: {error}", "Put the value in quotes.") from None


def _refuse_what_grows(text: str) -> None:
    """Look through the text's events, which nothing has been built from yet."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(line, f"`*{event.anchor}` stands for a value elsewhere", "Write the value itself.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise Unreadable(line, f"lists within lists, {depth} deep", "Mend the line's indentation or brackets.")
