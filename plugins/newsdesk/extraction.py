"""The extract stage: archived captures become documents, with what is known of their sites and what their feeds said.

Pages that show more of their site's furniture than was known when they were read are read once more at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newsdesk import logs, readers, site_templates
from newsdesk.archive.warc import read
from newsdesk.characters import storable
from newsdesk.dedup.fingerprint import text_digest
from newsdesk.desk import Desk
from newsdesk.errors import Quarantine
from newsdesk.extract.announced import with_announced
from newsdesk.extract.guard import Guard, standing
from newsdesk.model import Document, Outcome, Page, Source
from newsdesk.portions import portions
from newsdesk.store import documents, templates, visits
from newsdesk.store import sources as source_store
from newsdesk.store.database import UNSTORABLE, Begin, Cursor, attempt, session, why_unstorable
from newsdesk.store.templates import Furniture, PageRead
from newsdesk.store.visits import ToExtract

log = logs.logger(__name__)

PAGES_A_COMMIT = 10


@dataclass(frozen=True, slots=True)
class _Bench:
    """What the pages of one batch are read with."""

    desk: Desk
    guard: Guard
    begin: Begin
    batch_id: int
    sources: Mapping[str, Source]


def extract_batch(desk: Desk, batch_id: int) -> dict[str, int]:
    """Take the articles out of the batch's captures, in a guarded process. Returns pages by how they ended."""
    counts: Counter[str] = Counter()
    guard = standing(desk.settings.extract_deadline)
    with session(desk.dsn) as begin:
        with begin() as cursor:
            bench = _Bench(desk, guard, begin, batch_id, source_store.read_sources(cursor, all_ever=True))
            todo = visits.to_extract(cursor, batch_id)
        for document in _read_and_save(bench, todo, again=False):
            counts[document.outcome or "articles"] += 1
        with begin() as cursor:
            todo = visits.to_extract(cursor, batch_id, again=site_templates.learn(cursor, batch_id))
        counts["read_again"] = sum(1 for _ in _read_and_save(bench, todo, again=True))
        with begin() as cursor:
            site_templates.forget_old(cursor, batch_id)
    return {str(key): count for key, count in counts.items() if count}


def _read_and_save(bench: _Bench, todo: Sequence[ToExtract], *, again: bool) -> Iterator[Document]:
    """The documents that were saved; of pages that are read `again`, those that take the place of their first reading."""
    with bench.begin() as cursor:
        furniture = site_templates.furniture_of(cursor, todo)
    for some in portions(todo, PAGES_A_COMMIT):
        pages = [_read_or_quarantine(bench, item, furniture) for item in some]
        saved = []
        with bench.begin() as cursor:
            for item, page in zip(some, pages, strict=True):
                if kept := _save(cursor, bench.batch_id, item, page, again=again):
                    saved.append(kept)
            templates.save_pages(cursor, saved)
        yield from (page.document for page in saved)


def _read_or_quarantine(bench: _Bench, item: ToExtract, furniture: Mapping[str, Furniture]) -> PageRead:
    try:
        return read_page(bench.desk, bench.guard, item, bench.sources.get(item.source_id), furniture)
    except Quarantine as fault:  # this page's record is gone or damaged; the batch's others are not
        return site_templates.page_read(item, Document(Outcome.QUARANTINED, str(fault)), site_templates.NOTHING)


def read_page(
    desk: Desk, guard: Guard, item: ToExtract, source: Source | None, furniture: Mapping[str, Furniture]
) -> PageRead:
    """The capture as a document. `furniture`: of its site, at least. Quarantine where its archive record is lost."""
    _, body = read(desk.settings.archive, item.archived, desk.settings.archive_options)
    known = furniture.get(site_templates.site_of(item.url), site_templates.NOTHING)
    language, timezone = (source.language, source.timezone) if source else (None, None)
    page = Page(item.url, body, item.content_type, language, timezone, item.fetched_at, known.at(item.fetched_at))
    document = guard.extract(page)
    document = with_announced(document, item.feed_title, item.feed_published, item.fetched_at, timezone)
    return site_templates.page_read(item, document, known)


def _save(cursor: Cursor, batch_id: int, item: ToExtract, page: PageRead, *, again: bool) -> PageRead | None:
    """The page as it was saved, None where another reading stays. What the database does not take is quarantined."""
    document = page.document
    try:
        with attempt(cursor):
            if again and not documents.forget_document(cursor, batch_id, item.url_id, document.outcome):
                return None
            return page if _save_document(cursor, batch_id, item, document) else None
    except UNSTORABLE as fault:
        if again:
            return None
        refused = Document(Outcome.QUARANTINED, why_unstorable(fault), document.title, document.text)
        _save_document(cursor, batch_id, item, refused)
        return replace(page, document=refused)


def _save_document(cursor: Cursor, batch_id: int, item: ToExtract, document: Document) -> bool:
    if document.outcome is not None:
        with logs.about(url=item.url_id):
            log.log(logs.level_of(document.outcome), "ended: %s", document.outcome)
        visits.end_visit(
            cursor, batch_id, item.url_id, "extract", document.outcome, document.reason,
            evidence=refusal_evidence(document),
        )  # fmt: skip
        return True
    return documents.save_document(
        cursor, batch_id, item.url_id, item.capture_id, document,
        extractor=readers.extractor(), body_digest=text_digest(document.title, document.text or ""),
    )  # fmt: skip


def refusal_evidence(document: Document) -> dict[str, str | None]:
    """What is kept of a page that is no article: enough for a person to see whether that is right."""
    return {
        "title": storable(document.title), "text": storable((document.text or "")[:500]),
        "extractor": readers.extractor(),
    }  # fmt: skip
