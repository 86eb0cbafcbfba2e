"""Rows of the steps that read texts: `decode`, `extract`, `dedupe`, `stories` and `entities`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from newsdesk.filters.rows import BadRow, Lines, each, iso, moment, optional_text, packed_bytes, text_of
from newsdesk.model import JsonObject, Page, Text
from newsdesk.settings import Settings

_DECODED = "text/html; charset=utf-8"  # of a page that came as JSON text, whatever its server said


def decode(row: JsonObject, settings: Settings) -> JsonObject:
    """{"bytes_b64", "content_type"} → {"text", "encoding"}."""
    from newsdesk.extract import decode as charset

    text, encoding = charset.decode(packed_bytes(row, "bytes_b64"), optional_text(row, "content_type"))
    return {"text": text, "encoding": encoding}


def extract(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    """{"id", "url", "html" | "html_b64", "content_type"} → what `extract` finds, "outcome" `article` for an article."""
    from newsdesk.extract.guard import Guard

    with Guard(settings.extract_deadline) as guard:

        def work(row: JsonObject) -> JsonObject:
            document = guard.extract(
                Page(
                    url=text_of(row, "url"),
                    html=_html(row),
                    content_type=_DECODED if isinstance(row.get("html"), str) else optional_text(row, "content_type"),
                    fetched_at=datetime.now(UTC),
                )
            )
            return {
                "id": row.get("id"),
                "outcome": document.outcome or "article",
                "reason": document.reason,
                "title": document.title,
                "text": document.text,
                "body_html": document.body_html,
                "authors": list(document.authors),
                "date": document.published_day.isoformat() if document.published_day else None,
                "published": iso(document.published),
                "published_precision": document.published_precision,
                "modified": iso(document.modified),
                "language": document.language,
                "canonical_url": document.canonical_url,
                "section": document.section,
                "tags": list(document.tags),
                "description": document.description,
                "image": document.image,
                "provenance": document.provenance,
            }

        yield from each(work, rows)


def _html(row: JsonObject) -> bytes:
    if isinstance(row.get("html"), str):
        return str(row["html"]).encode("utf-8", "surrogatepass")
    if row.get("html_b64") is None:
        raise BadRow('the row needs "html" or "html_b64", a string')
    return packed_bytes(row, "html_b64")


def dedupe(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    """{"id", "title", "text", "published", "source", "language"} → {"id", "cluster"}; the input is one corpus."""
    from newsdesk.dedup.cluster import cluster_corpus

    return _grouped("cluster", rows, partial(cluster_corpus, online=online))


def stories(rows: Iterable[JsonObject], settings: Settings, online: bool) -> Lines:
    """{"id", "title", "text", "published", "language"} → {"id", "story"}, the id of the story's first article.

    Decided one by one in the order of publication; rows without a time as they come, before those with one. Near-duplicates
    count each: leave them out first.
    """
    from newsdesk.stories.grouping import group_corpus

    return _grouped("story", rows, partial(group_corpus, days=settings.story_days))


def _grouped(name: str, rows: Iterable[JsonObject], group: Callable[[list[Text]], Mapping[str, str]]) -> Lines:
    """Each row's id with that of the row that its group is named after, both as the rows have them."""
    checked = _one_of_each_id(each(_text, rows))
    given = {answer["text"].id: answer["id"] for answer in checked if "text" in answer}
    found = group([answer["text"] for answer in checked if "text" in answer])
    for answer in checked:
        text = answer.get("text")
        yield {"id": answer["id"], name: given[found[text.id]]} if text else answer


def _text(row: JsonObject) -> JsonObject:
    text = Text(
        id=str(row["id"]) if row.get("id") is not None else text_of(row, "id"),
        title=optional_text(row, "title"),
        body=text_of(row, "text"),
        published=moment(row.get("published")),
        source=optional_text(row, "source"),
        language=optional_text(row, "language"),
    )
    return {"id": row["id"], "text": text}


def _one_of_each_id(answers: Lines) -> list[JsonObject]:
    """Later rows of an id that was there before become errors: the cluster of an id would be that of either text."""
    seen: set[str] = set()
    kept: list[JsonObject] = []
    for answer in answers:
        text = answer.get("text")
        if text and text.id in seen:
            answer = {"id": answer["id"], "error": "an earlier row has this id"}
        elif text:
            seen.add(text.id)
        kept.append(answer)
    return kept


def entities(rows: Iterable[JsonObject], settings: Settings, online: bool, aliases: Path | None = None) -> Lines:
    """{"id", "text", "title", "language", "published"} → {"id", "language", "model", "mentions": […], "entities": […]}.

    `aliases`: a table as `newsdesk entities load` takes it, to link to.
    """
    from newsdesk.enrich.annotate import annotate
    from newsdesk.knowledge.in_memory import linked, read_table

    table = read_table(aliases) if aliases else None

    def work(row: JsonObject) -> JsonObject:
        text, title = text_of(row, "text"), optional_text(row, "title")
        gap = f"{title}\n\n" if title else ""
        published = moment(row.get("published"))
        day = published.date() if published else None
        found = annotate([(gap + text, optional_text(row, "language"))], settings.models, [day])[0]
        found = linked(found, table) if table else found
        shift = len(gap)
        return {
            "id": row.get("id"),
            "language": found.language,
            "model": found.model,
            "mentions": [
                {
                    "start": m.start - shift, "end": m.end - shift, "type": m.type, "subtype": m.subtype,
                    "text": m.text, "entity": m.entity_id, "value": m.value, "value_precision": m.value_precision,
                }
                for m in found.mentions if m.start >= shift
            ],
            "entities": [
                {
                    "entity": e.entity_id, "type": e.type, "name": e.name, "link": e.link,
                    "wikidata_id": e.wikidata_id, "geonames_id": e.geonames_id, "iso_code": e.iso_code, "country": e.country_code,
                    "confidence": e.link_confidence,
                }
                for e in found.entities
            ],
        }  # fmt: skip

    return each(work, rows)
