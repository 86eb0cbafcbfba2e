"""`newsdesk try STEP`: each craft as a filter of JSON lines, without database and Airflow.

One line out for each line in, in order. A bad input is a line with "error", and the rest goes on.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from newsdesk.model import JsonObject, Page, Text
from newsdesk.settings import Settings

Lines = Iterator[JsonObject]


class BadRow(ValueError):
    """An input row that the step cannot take; its text goes out as "error"."""


def run(step: str, settings: Settings, source: TextIO, sink: TextIO, *, online: bool = False) -> None:
    """Filter `source` to `sink`. Steps that look at rows together (dedupe) read all first; the others answer at once."""
    rows = (_parse(line) for line in source if line.strip())
    for answer in STEPS[step](rows, settings, online):
        sink.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sink.flush()


def _parse(line: str) -> JsonObject:
    try:
        row = json.loads(line)
    except ValueError as error:
        return {"error": f"not JSON: {error}"}
    return row if isinstance(row, dict) else {"error": "a row is a JSON object"}


def _each(work: Callable[[JsonObject], JsonObject], rows: Iterable[JsonObject]) -> Lines:
    for row in rows:
        if list(row) == ["error"]:
            yield row
            continue
        try:
            yield work(row)
        except ValueError as error:
            yield {**({"id": row["id"]} if "id" in row else {}), "error": str(error)}


def _url(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    from newsdesk import urls

    def work(row: JsonObject) -> JsonObject:
        url = _text(row, "url")
        return {"canonical": urls.canonical_key(url), "host": urls.host(url), "site": urls.site(url)}

    return _each(work, rows)


def _extract(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    from newsdesk.extract.guard import Guard

    with Guard(settings.extract_deadline) as guard:

        def work(row: JsonObject) -> JsonObject:
            document = guard.extract(
                Page(
                    url=_text(row, "url"),
                    html=_bytes(row, "html"),
                    # text that came as JSON is decoded already, whatever the server said
                    content_type="text/html; charset=utf-8" if "html" in row else row.get("content_type"),
                    fetched_at=datetime.now(UTC),
                )
            )
            return {
                "id": row.get("id"),
                "outcome": document.outcome or "article",
                "reason": document.reason,
                "title": document.title,
                "text": document.text,
                "authors": list(document.authors),
                "published": _iso(document.published),
                "published_precision": document.published_precision,
                "modified": _iso(document.modified),
                "language": document.language,
                "canonical_url": document.canonical_url,
                "section": document.section,
                "tags": list(document.tags),
                "description": document.description,
                "image": document.image,
                "provenance": document.provenance,
            }

        yield from _each(work, rows)


def _dedupe(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    from newsdesk.dedup.cluster import cluster_corpus

    def work(row: JsonObject) -> JsonObject:
        text = Text(
            id=str(row["id"]) if "id" in row else _text(row, "id"),
            title=row.get("title"),
            body=_text(row, "text"),
            published=_moment(row.get("published")),
            source=row.get("source"),
            language=row.get("language"),
        )
        return {"text": text}

    checked = list(_each(work, rows))
    clusters = cluster_corpus([answer["text"] for answer in checked if "text" in answer], online)
    for answer in checked:
        text = answer.get("text")
        yield {"id": text.id, "cluster": clusters[text.id]} if text else answer


def _entities(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    from newsdesk.enrich.annotate import annotate

    def work(row: JsonObject) -> JsonObject:
        text, title = _text(row, "text"), row.get("title")
        gap = f"{title}\n\n" if title else ""
        found = annotate([(gap + text, row.get("language"))], settings.models)[0]
        shift = len(gap)
        return {
            "id": row.get("id"),
            "language": found.language,
            "model": found.model,
            "mentions": [
                {
                    "start": m.start - shift, "end": m.end - shift, "type": m.type, "subtype": m.subtype,
                    "text": m.text, "entity": m.entity_id,
                }
                for m in found.mentions if m.start >= shift
            ],
            "entities": [
                {"entity": e.entity_id, "type": e.type, "name": e.name, "link": None} for e in found.entities
            ],
        }  # fmt: skip

    return _each(work, rows)


STEPS: dict[str, Callable[[Iterable[JsonObject], Settings, bool], Lines]] = {
    "url": _url,
    "extract": _extract,
    "dedupe": _dedupe,
    "entities": _entities,
}


def _text(row: JsonObject, key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise BadRow(f'the row needs "{key}", a string')
    return value


def _bytes(row: JsonObject, key: str) -> bytes:
    if isinstance(row.get(key), str):
        return str(row[key]).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(_text(row, f"{key}_b64"), validate=True)
    except binascii.Error as error:
        raise BadRow(f'"{key}_b64" is not base64: {error}') from None
    except BadRow:
        raise BadRow(f'the row needs "{key}" or "{key}_b64", a string') from None


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadRow(f'"published" is not an ISO 8601 time: {value!r}') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
