"""Archived pages read anew: first what would change, then, if asked for, that very thing made current.

    open_report → [read_portion] for each portion → report (report)
    open_run → admit → [enrich] for each batch → deduplicate → publish → check (applying)

The readings are kept (ops.reprocess_page), so what is applied is what was reported, whatever has changed since in
the rules, the templates learned or the machine's load. An article whose page was fetched anew since is passed over.
A page that is no article to the present extractor, though it was one, is listed and left as it is. All state is in
the database: each step takes what lacks its result, so it can be killed at any line and run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from newsdesk import enrichment, entity_linking, extraction, readers, site_templates
from newsdesk.desk import Desk
from newsdesk.errors import ConfigError, Quarantine
from newsdesk.extract.guard import Guard, standing
from newsdesk.model import Annotation, Document, Source
from newsdesk.portions import portions
from newsdesk.reprocessing import comparing, relinking
from newsdesk.store import documents, reprocess
from newsdesk.store import sources as source_store
from newsdesk.store.database import Cursor, session, transaction
from newsdesk.store.documents import Name, ToEnrich
from newsdesk.store.reprocess import Reprocess, Result, Scope, ToReread
from newsdesk.store.templates import Furniture
from newsdesk.word_diff import added_and_removed

STAGES = ("extract", "enrich", "link")


def reader_of(desk: Desk, cursor: Cursor, stage: str) -> str:
    """Name and version of what reads at this stage now."""
    if stage == "link":
        return entity_linking.linker(cursor)
    return readers.extractor() if stage == "extract" else readers.annotator(desk.settings.models)


def open_report(desk: Desk, key: str, stage: str, scope: Scope, *, apply: bool) -> int:
    """The report to work on, with its pages listed: a new one, or the one of this stage and scope that is unfinished.

    `apply`: the last one of this stage and scope, as it was reported; a new one where there is none. ConfigError where
    that was made by another version of the reader, and where a source is unknown.
    """
    with transaction(desk.dsn) as cursor:
        reader = reader_of(desk, cursor, stage)
        if (known := reprocess.by_key(cursor, key)) is not None:
            return known
        if unknown := set(scope.sources) - source_store.read_sources(cursor, scope.sources, all_ever=True).keys():
            raise ConfigError(f"no source has the id {', '.join(sorted(unknown))}; `newsdesk sources list` shows them")
        found = _goes_on(reprocess.open_ones(cursor, stage, scope), reader, apply=apply)
        if found is not None:
            return found.reprocess_id
        reprocess.discard_reports(cursor, stage, scope, reader)
        reprocess_id = reprocess.open_reprocess(cursor, key, stage, scope, reader)
        reprocess.plan_pages(cursor, reprocess_id, stage, scope, reader, desk.settings.batch_size)
        return reprocess_id


def _goes_on(open_ones: Sequence[Reprocess], reader: str, *, apply: bool) -> Reprocess | None:
    """Which of those that are not applied to go on with; `open_ones`: of the same stage and scope."""
    if not apply:
        return next((one for one in open_ones if one.run_id is None and one.reader == reader and one.unread), None)
    last = next(iter(open_ones), None)
    if last is not None and last.run_id is None:
        require_reader(last, reader)
    return last


def require_reader(report: Reprocess, reader: str) -> None:
    """ConfigError where the report was made by another reader than this."""
    if report.reader != reader:
        raise ConfigError(
            f"report {report.reprocess_id} of {report.opened_at:%Y-%m-%d %H:%M}Z was made by another version "
            f"({report.reader}) than the present one ({reader}), which may read otherwise: "
            "make a new report, look at it, then apply it"
        )


def read(cursor: Cursor, reprocess_id: int) -> Reprocess:
    """The reprocess. ConfigError where a later one took its place."""
    found = reprocess.read_reprocess(cursor, reprocess_id)
    if found is None:
        raise ConfigError(f"report {reprocess_id} is no longer there: a later one took its place; make a new one")
    return found


def unread_portions(desk: Desk, reprocess_id: int) -> list[int]:
    """The portions with pages that are not read yet."""
    with transaction(desk.dsn) as cursor:
        return reprocess.unread_portions(cursor, reprocess_id)


def read_portion(desk: Desk, reprocess_id: int, portion: int) -> dict[str, int]:
    """Read the portion's pages anew. Returns pages by what was found."""
    with transaction(desk.dsn) as cursor:
        report = read(cursor, reprocess_id)
        require_reader(report, reader_of(desk, cursor, report.stage))
    work = {"extract": _read_pages, "enrich": _find_names, "link": relinking.read_portion}[report.stage]
    return dict(work(desk, reprocess_id, portion))


def _read_pages(desk: Desk, reprocess_id: int, portion: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    guard = standing(desk.settings.extract_deadline)
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = reprocess.to_reread(cursor, reprocess_id, portion)
            known = source_store.read_sources(cursor, all_ever=True)
            furniture = site_templates.furniture_of(cursor, [page.item for page in todo])
        for some in portions(todo, extraction.PAGES_A_COMMIT):
            results = [_reread(desk, guard, page, known.get(page.item.source_id), furniture) for page in some]
            with begin() as cursor:
                reprocess.save_results(cursor, reprocess_id, results)
            counts.update(result.found for result in results)
    return counts


def _reread(
    desk: Desk, guard: Guard, page: ToReread, source: Source | None, furniture: Mapping[str, Furniture]
) -> Result:
    try:
        now = extraction.read_page(desk, guard, page.item, source, furniture)
    except Quarantine as fault:
        return Result(page.item.url_id, "lost", reason=str(fault))
    return judge(page, documents.cleaned(now.document))


def judge(page: ToReread, document: Document) -> Result:
    """What the page is now, beside what it was."""
    url_id = page.item.url_id
    if document.outcome is not None:
        found = "same" if document.outcome == page.refusal else "refused"
        evidence = extraction.refusal_evidence(document)
        return Result(url_id, found, document.outcome, document.reason, reading=evidence)
    if page.before is None:
        return Result(url_id, "new", reading=comparing.to_json(document), words=len((document.text or "").split()))
    difference = comparing.compare(page.before, comparing.stored(document))
    return Result(
        url_id, "changed" if difference.changes else "same", changes=difference.changes, added=difference.added,
        removed=difference.removed, words=len(page.before["body"].split()),
        reading=comparing.to_json(document) if difference.changes else None,
    )  # fmt: skip


def _find_names(desk: Desk, reprocess_id: int, portion: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = reprocess.to_rename(cursor, reprocess_id, portion)
        for some in portions(todo, enrichment.DOCUMENTS_A_COMMIT):
            read, broken = enrichment.read_names(desk, some)
            with begin() as cursor:
                before = documents.names_of(cursor, [document.document_id for document in some])
                results = [
                    *(
                        _compare_names(document, before[document.document_id], annotation)
                        for document, annotation in read
                    ),
                    *(Result(document.url_id, "lost", reason=reason) for document, reason in broken),
                ]
                reprocess.save_results(cursor, reprocess_id, results)
            counts.update(result.found for result in results)
    return counts


def _compare_names(document: ToEnrich, before: Sequence[Name], annotation: Annotation) -> Result:
    in_body = documents.mentions_of_body(document, annotation)
    after: list[Name] = [(m.start, m.end, m.type, m.text, m.entity_id) for m in in_body]
    added, removed = added_and_removed(before, after)
    changed = bool(added or removed)
    return Result(
        document.url_id, "changed" if changed else "same", changes=("mentions",) if changed else (), added=added,
        removed=removed, words=len(before),
        reading={"before": before, "after": after, "annotation": asdict(annotation)} if changed else None,
    )  # fmt: skip
