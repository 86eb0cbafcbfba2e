"""What a report found becomes current: just that, in the stages of a run that begin at enrich.

    open_run → admit → [enrich] for each batch → deduplicate → publish → check

An article whose page was fetched anew since the report is passed over, and so is one that another batch has in hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from newsdesk import entity_linking
from newsdesk.dedup.fingerprint import text_digest
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, Retryable
from newsdesk.model import Annotation, Entity, Mention
from newsdesk.reprocessing import comparing
from newsdesk.reprocessing.steps import read, reader_of, require_reader
from newsdesk.store import articles, documents, entity_links, reprocess_apply, reprocess_facts, runs
from newsdesk.store.database import Cursor, in_turn, session, transaction
from newsdesk.store.entity_links import EntityLink
from newsdesk.store.reprocess import Reprocess
from newsdesk.store.reprocess_apply import ToApply

_TEXT = frozenset({"title", "body", comparing.SPACING, "language"})  # where none of these changes, no name does


def open_run(desk: Desk, reprocess_id: int, key: str, kind: str) -> int:
    """The run that applies the report, or goes on applying it. `kind`: of ops.run.

    CheckFailed where pages are not read yet; ConfigError where the report was made by another version of the reader;
    Retryable where another run applies it now.
    """
    with transaction(desk.dsn) as cursor:
        reprocess_apply.lock(cursor, reprocess_id)
        report = read(cursor, reprocess_id)
        if report.unread:
            raise CheckFailed(f"report {reprocess_id} is not whole: {report.unread} pages are not read yet")
        if report.run_id is None:
            require_reader(report, reader_of(desk, cursor, report.stage))
        run_id = runs.open_run(cursor, key, kind, report.scope["sources"], None)
        if reprocess_apply.worked_on(cursor, reprocess_id, run_id):
            raise Retryable(
                f"report {reprocess_id} is being applied by run {report.run_id} now: wait for it, or stop it"
            )
        reprocess_apply.take_up(cursor, reprocess_id, run_id)
        return run_id


def admit(desk: Desk, reprocess_id: int, run_id: int) -> list[int]:
    """Take up what the report found, portion by portion. Returns the run's batches: what is to be enriched and published.

    Names and links (stages enrich, link) need no more than this: they are shown to analysts at once.
    """
    with session(desk.dsn) as begin:
        with begin() as cursor:
            portions = reprocess_apply.unapplied_portions(cursor, reprocess_id)
        for portion in portions:
            in_turn(begin, partial(_admit_portion, reprocess_id=reprocess_id, run_id=run_id, portion=portion))
        with begin() as cursor:
            runs.mark(cursor, run_id, "planned_at")
            return runs.batches(cursor, run_id)


def _admit_portion(cursor: Cursor, reprocess_id: int, run_id: int, portion: int) -> None:
    reprocess_apply.lock(cursor, reprocess_id)
    report = read(cursor, reprocess_id)
    if report.run_id != run_id:
        raise Retryable(f"report {reprocess_id} was taken over by run {report.run_id}")
    apply = {"extract": _apply_readings, "enrich": _apply_names, "link": _apply_links}[report.stage]
    if report.stage != "extract":  # before the URLs are locked, as a publish does
        articles.take_turn(cursor)
    apply(cursor, report, reprocess_apply.to_apply(cursor, reprocess_id, portion))


def _apply_readings(cursor: Cursor, report: Reprocess, pages: Sequence[ToApply]) -> None:
    done: dict[int, str] = {}
    for page in pages:
        if page.found == "lost" or (page.found == "refused" and page.document_id is not None):
            done[page.url_id] = "kept"
        elif page.obstacle == "overtaken" or (page.found != "same" and page.obstacle):
            done[page.url_id] = page.obstacle or ""
        else:
            done[page.url_id] = "marked" if page.found == "same" else "batch"
    reprocess_apply.note_reader(
        cursor, "extract", report.reader, [page for page in pages if done[page.url_id] == "marked"]
    )
    entering = [page for page in pages if done[page.url_id] == "batch"]
    batch_id = None
    if entering:
        assert report.run_id is not None  # it was taken up
        hosts, url_ids = sorted({page.host for page in entering}), [page.url_id for page in entering]
        batch_id = runs.open_batch(cursor, report.run_id, hosts, url_ids, reprocess_id=report.reprocess_id)
        for page in entering:
            _enter(cursor, batch_id, page, report.reader)
    reprocess_apply.save_applied(
        cursor,
        report.reprocess_id,
        [(url_id, word, batch_id if word == "batch" else None) for url_id, word in done.items()],
    )


def _enter(cursor: Cursor, batch_id: int, page: ToApply, reader: str) -> None:
    """The page's visit in the batch, as the extract stage would have left it."""
    assert page.reading is not None
    if page.found == "refused":
        reprocess_apply.enter_refusal(cursor, batch_id, page, page.reading)
        return
    document = comparing.from_json(dict(page.reading))
    document_id = documents.insert_document(
        cursor, page.url_id, page.capture_id, document,
        extractor=reader, body_digest=text_digest(document.title, document.text or ""),
    )  # fmt: skip
    reprocess_apply.enter_reading(cursor, batch_id, page, document_id)
    if page.document_id is not None and not _TEXT & set(page.changes):
        reprocess_apply.copy_names(cursor, batch_id, page.url_id, page.document_id, document_id)


def _apply_names(cursor: Cursor, report: Reprocess, pages: Sequence[ToApply]) -> None:
    current = [page for page in pages if page.obstacle != "overtaken"]
    changed = [page for page in current if page.found == "changed"]
    texts = documents.texts_of(cursor, [page.document_id for page in changed if page.document_id is not None])
    renamed = [
        (texts[page.document_id], _annotation(page.reading)) for page in changed if page.document_id and page.reading
    ]
    if renamed:
        documents.replace_names(cursor, renamed, report.reader)
        entity_linking.link_names(cursor, [document.document_id for document, _ in renamed])
        reprocess_apply.publish_names(cursor, [document.document_id for document, _ in renamed])
    reprocess_apply.note_reader(cursor, "enrich", report.reader, [page for page in current if page.found == "same"])
    _save_named(cursor, report, pages)


def _apply_links(cursor: Cursor, report: Reprocess, pages: Sequence[ToApply]) -> None:
    current = [page for page in pages if page.obstacle != "overtaken"]
    asked = [page for page in current if page.document_id is not None and page.reading is not None]
    entity_links.save_links(cursor, [EntityLink(**link) for page in asked for link in (page.reading or {})["links"]])
    if asked:
        reprocess_apply.publish_names(cursor, [page.document_id for page in asked if page.document_id is not None])
    reprocess_apply.note_reader(cursor, "link", report.reader, current)
    _save_named(cursor, report, pages)


def _save_named(cursor: Cursor, report: Reprocess, pages: Sequence[ToApply]) -> None:
    def word(page: ToApply) -> str:
        if page.obstacle == "overtaken":
            return "overtaken"
        if page.found == "lost":
            return "kept"
        return "names" if page.found == "changed" else "marked"

    reprocess_apply.save_applied(cursor, report.reprocess_id, [(page.url_id, word(page), None) for page in pages])


def _annotation(reading: Mapping[str, Any]) -> Annotation:
    found = reading["annotation"]
    return Annotation(
        found["language"], found["model"], tuple(Mention(**m) for m in found["mentions"]),
        tuple(Entity(**e) for e in found["entities"]),
    )  # fmt: skip


def check(desk: Desk, reprocess_id: int, run_id: int) -> dict[str, int]:
    """Hold what was reported against what was done. CheckFailed names what a person must look at."""
    with transaction(desk.dsn) as cursor:
        reprocess_apply.lock(cursor, reprocess_id)
        read(cursor, reprocess_id)
        applied = reprocess_facts.applied(cursor, reprocess_id)
        outcomes, unsettled = reprocess_facts.outcomes(cursor, reprocess_id)
        failures = []
        if waiting := applied.pop("waiting", 0):
            failures.append(f"{waiting} pages wait to be applied: run it again")
        if unsettled:
            failures.append(f"{unsettled} articles are unfinished: clear the red task, or apply again")
        if (entered := applied.get("batch", 0)) != sum(outcomes.values()) + unsettled:
            failures.append(
                f"{entered} pages entered batches, which have {sum(outcomes.values()) + unsettled}: report this bug"
            )
        if not runs.marks(cursor, run_id).published:
            failures.append("nothing was published: see the log of the task publish")
        if not failures:
            reprocess_apply.finish(cursor, reprocess_id)
        runs.finish(cursor, run_id, failed=bool(failures))
    if failures:
        raise CheckFailed("\n".join(failures))
    return {**{f"pages_{word}": count for word, count in applied.items()}, **outcomes}
