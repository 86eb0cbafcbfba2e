"""Rows of a filter: JSON objects in, JSON objects out, whatever the line holds."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NoReturn

from newsdesk.model import JsonObject

Lines = Iterator[JsonObject]

_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]+")


class BadRow(ValueError):
    """An input row that the step cannot take; its text goes out as "error"."""


def parse(line: str) -> JsonObject:
    """The row of a line. A line that is none gives {"error": why}, which `each` hands on."""
    if _SURROGATE.search(line):  # bytes that are not UTF-8 come in as lone surrogates (PEP 383)
        return {"error": "not JSON: the line is not UTF-8"}
    try:
        row = json.loads(line, parse_constant=_refuse)
    except ValueError as error:
        return {"error": f"not JSON: {error}"}
    except RecursionError:
        return {"error": "not JSON that we read: nested too deep"}
    return row if isinstance(row, dict) else {"error": "a row is a JSON object"}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")


def dump(answer: JsonObject) -> str:
    """One line of JSON that is valid UTF-8: a lone surrogate, which `\\ud800` in the input makes, becomes U+FFFD."""
    try:
        line = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    except ValueError:  # an id of 1e999, which Python reads as infinity
        line = json.dumps({"error": "the answer has a number that JSON does not have"})
    return _SURROGATE.sub("\ufffd", line)


def is_fault(row: JsonObject) -> bool:
    """Is this what `parse` made of a line that is no row?"""
    return list(row) == ["error"]


def each(work: Callable[[JsonObject], JsonObject], rows: Iterable[JsonObject]) -> Lines:
    """The answer of `work` to each row; a ValueError's text as the row's "error"."""
    for row in rows:
        if is_fault(row):
            yield row
            continue
        try:
            yield work(row)
        except ValueError as error:
            yield failed(row, str(error))


def failed(row: JsonObject, why: str) -> JsonObject:
    return {**({"id": row["id"]} if "id" in row else {}), "error": why}


def text_of(row: JsonObject, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise BadRow(f'the row needs "{key}", a string')
    return value


def optional_text(row: JsonObject, key: str) -> str | None:
    """The string; None where it is missing, null or empty."""
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRow(f'"{key}" is not a string')
    return value or None


def packed_bytes(row: JsonObject, key: str) -> bytes:
    """The bytes of a base64 string, which may be broken into lines."""
    try:
        return base64.b64decode(_BLANK.sub("", text_of(row, key)), validate=True)
    except binascii.Error as error:
        raise BadRow(f'"{key}" is not base64: {error}') from None


def moment(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadRow(f'"published" is not an ISO 8601 time: {value!r}') from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def iso(found: datetime | None) -> str | None:
    """ISO 8601, UTC, whole seconds: 2026-03-02T10:00:00Z."""
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if found else None
