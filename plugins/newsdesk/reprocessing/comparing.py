"""Two readings of one page, before and after: which fields differ, and by how many words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from newsdesk.model import Document, JsonObject, Outcome
from newsdesk.word_diff import added_and_removed

SPACING = "spacing"  # the text differs, but only in its white space

# field of a Document -> column of ops.document; what the two have in common, and an analyst sees
COLUMNS = {
    "title": "title", "text": "body", "authors": "authors", "published": "published_at",
    "published_precision": "published_precision", "modified": "modified_at", "language": "language",
    "canonical_url": "canonical_url", "section": "section", "tags": "tags", "description": "description",
    "image": "image_url", "body_html": "body_html",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """What another reading changes. `added`, `removed`: words, each as often as one side has it more than the other."""

    changes: tuple[str, ...] = ()  # columns of ops.document, or SPACING for a body that differs in nothing else
    added: int = 0
    removed: int = 0


def stored(document: Document) -> JsonObject:
    """The reading as a row of ops.document holds it: column -> value."""
    values = {column: getattr(document, name) for name, column in COLUMNS.items()}
    values["body"] = values["body"] or ""
    values["published_precision"] = values["published_precision"] if values["published_at"] else None
    return {column: list(value) if isinstance(value, tuple) else value for column, value in values.items()}


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What differs between two rows of ops.document; those of `COLUMNS` are looked at."""
    changes = tuple(
        change for column in COLUMNS.values() if (change := _change(column, before[column], after[column])) is not None
    )
    return Difference(changes, *added_and_removed(words(before["body"]), words(after["body"])))


def _change(column: str, before: Any, after: Any) -> str | None:
    if before == after:
        return None
    if column == "body":
        return SPACING if squeezed(before) == squeezed(after) else column
    if isinstance(before, str) and isinstance(after, str) and squeezed(before) == squeezed(after):
        return None
    return column


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, none at its ends."""
    return " ".join(text.split())


def words(text: str | None) -> list[str]:
    """Split at white space; none of None."""
    return (text or "").split()


def to_json(document: Document) -> JsonObject:
    """The document as JSON keeps it; `from_json` gives the same one back, but for the marks of its blocks."""
    values = asdict(replace(document, blocks=(), left_out=()))
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_json(found: JsonObject) -> Document:
    """The document of which `to_json` made the object."""
    known = {field.name for field in fields(Document)}
    values: JsonObject = {}
    for name in known & found.keys():
        value = found[name]
        values[name] = tuple(value) if isinstance(value, list) else value
    for name in ("published", "modified"):
        if values[name]:
            values[name] = datetime.fromisoformat(values[name]).astimezone(UTC)
    if values.get("published_day"):
        values["published_day"] = date.fromisoformat(values["published_day"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Document(**values)
