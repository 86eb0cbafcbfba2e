"""The way of one article, step by step: claim, craft, commit.

    discover → plan → [fetch → extract → enrich] for each batch → deduplicate → publish → check

Each step takes the rows that lack its output, so it can be killed at any line and run again: it does the rest, and
nothing twice. Steps return counts. A page that cannot be had is an outcome, never an exception; what is raised here
is a fault of the whole step (database away, disk full) or a failed check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from functools import partial

from newsdesk import endpoint_finding, logs, polling
from newsdesk.alerting.telling import tell_due, write_alerts
from newsdesk.archiving import groups, open_archive, save_responses
from newsdesk.checks import Problem, SourceFacts, Verdicts, judge, judge_run, problems_of
from newsdesk.deduplication import deduplicate_documents
from newsdesk.desk import Desk
from newsdesk.enrichment import enrich_batch
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.extraction import extract_batch
from newsdesk.fetch.media import HTML
from newsdesk.measuring import measured
from newsdesk.model import Outcome, Response, Source
from newsdesk.planning import cut_batches, host_limits, within_limits
from newsdesk.sources import load_sources
from newsdesk.store import alerts, articles, clock, days, frontier, hosts, reports, runs, source_facts, visits
from newsdesk.store import polls as poll_store
from newsdesk.store import publish as publishing
from newsdesk.store import sources as source_store
from newsdesk.store.database import Cursor, in_turn, session, transaction
from newsdesk.store.visits import ToFetch
from newsdesk.story_building import build_stories
from newsdesk.visit_order import by_host
from newsdesk.visiting import refused
from newsdesk.withdrawing import erase_records

log = logs.logger(__name__)

MOST_PLANNED = 50_000  # URLs in one run; the rest waits for the next


def open_run(
    desk: Desk, key: str, kind: str, sources: Sequence[str] = (), max_per_run: int | None = None,
    max_pages: int | None = None,
) -> int:  # fmt: skip
    """The run of this key, made where there is none. `sources`: ids, empty for all. `kind`: of ops.run.

    At most `max_per_run` URLs of each source and `max_pages` in all are taken on, the newest first.
    """
    with transaction(desk.dsn) as cursor:
        return runs.open_run(cursor, key, kind, sources, max_per_run, max_pages)


@measured(of="run")
def discover(desk: Desk, run_id: int) -> dict[str, int]:
    """Read the source files, poll every due endpoint, note each link."""
    known, faults = read_files(desk)
    guest = desk.guest()
    with session(desk.dsn) as begin:
        with begin() as cursor:
            if clock.set_right(cursor):
                log.warning("the database's clock had run ahead: what was planned by it is due now")
            source_store.save_sources(cursor, known, complete=not faults)
            runs.save_faults(cursor, run_id, faults)
            refuse_unknown(cursor, run_id)
            active = sources_of_run(cursor, run_id)
            homeless = source_store.to_seek(cursor, active)
        with closing(endpoint_finding.find_all(guest, homeless)) as findings:
            for source, found in findings:
                with begin() as cursor:
                    source_store.save_found(cursor, source.id, found.endpoints, complete=found.reached)
        with begin() as cursor:
            by_hand = runs.read_run(cursor, run_id).by_hand
            polls = poll_store.due(cursor, active, run_id if by_hand else None)
        counts = Counter(endpoints=len(polls), new=0, seen=0, failed=0)
        with closing(polling.poll_all(guest, polls)) as answers:
            for polled in answers:
                counts.update(in_turn(begin, partial(polling.save, polled=polled, settings=desk.settings)))
        with begin() as cursor:
            runs.mark(cursor, run_id, "discovered_at")
    return {"sources": len(active), "source_files_with_faults": len(faults), **counts}


def read_files(desk: Desk) -> tuple[list[Source], list[str]]:
    """The sources of the files, and what is wrong with the files that are left out. ConfigError where none can be read."""
    known, faults = load_sources(desk.settings.sources)
    for fault in faults:
        log.error("source file left out: %s", fault)
    if not known:
        raise ConfigError(f"no source can be read. {' '.join(map(str, faults[:5]))}")
    return known, [str(fault) for fault in faults]


def refuse_unknown(cursor: Cursor, run_id: int) -> None:
    """ConfigError where the run names a source that is not there. For its beginning: what has begun is ended."""
    only = runs.read_run(cursor, run_id).sources
    if unknown := set(only) - source_store.read_sources(cursor, only, paused=True).keys():
        raise ConfigError(
            f"no enabled source has the id {', '.join(sorted(unknown))}; `newsdesk sources list` shows them"
        )


def sources_of_run(cursor: Cursor, run_id: int) -> dict[str, Source]:
    """The sources that the run visits, by id: of those that it names, which are enabled now."""
    only = runs.read_run(cursor, run_id).sources
    active = source_store.read_sources(cursor, only)
    for source_id in sorted(set(only) - active.keys()):
        log.warning("%s is left out: it is paused at the desk, or its file is gone or switched off", source_id)
    return active


@measured(of="run")
def plan(desk: Desk, run_id: int) -> list[int]:
    """Claim what is due and cut it into batches. Returns the ids of the run's unfinished batches."""
    with transaction(desk.dsn) as cursor:
        if not runs.marks(cursor, run_id).planned:
            take_on(desk, cursor, run_id)
            runs.mark(cursor, run_id, "planned_at")
        return runs.batches(cursor, run_id)


def take_on(desk: Desk, cursor: Cursor, run_id: int) -> None:
    """Claim for the run what is due, within its limits, and what runs that are dead have left."""
    frontier.take_turn(cursor)
    adopted = runs.adopt_orphans(cursor, run_id)
    if adopted:
        log.warning("took over %d unfinished batches of runs that are dead", adopted)
    active, run = sources_of_run(cursor, run_id), runs.read_run(cursor, run_id)
    due = frontier.lock_due(cursor, list(active), MOST_PLANNED, desk.settings.max_per_host)
    paces = hosts.read_paces(cursor, {item.host for item in due})
    within = within_limits(
        due,
        {name: run.max_per_run or s.max_per_run or desk.settings.max_per_run for name, s in active.items()},
        host_limits(due, active, paces, desk.settings),
        run.max_pages,
    )
    if len(within) < len(due):
        log.info("%d URLs that are due wait for a later run: see ops.host", len(due) - len(within))
    for names, url_ids in cut_batches(within, desk.settings.batch_size):
        frontier.claim(cursor, run_id, names, url_ids)


def batch_name(desk: Desk, batch_id: int) -> str:
    """What Airflow's grid calls the batch: its number, and the hosts in it."""
    with transaction(desk.dsn) as cursor:
        return runs.batch_name(cursor, batch_id)


@measured(of="batch")
def fetch(desk: Desk, batch_id: int) -> dict[str, int]:
    """Fetch the batch's pages into the archive."""
    guest = desk.guest()
    counts: Counter[str] = Counter()
    with session(desk.dsn) as begin:
        with begin() as cursor:
            todo = visits.to_fetch(cursor, batch_id)
            known = source_store.read_sources(cursor, paused=True)  # what a run has in hand is finished

        def visit(item: ToFetch) -> Response:
            source = known.get(item.source_id)
            if source is None:
                return refused(
                    item.url, Outcome.EXCLUDED, "its source was removed or switched off since it was planned"
                )
            with logs.about(url=item.url_id):
                return guest.get(
                    source, item.url, etag=item.etag, last_modified=item.last_modified, accept_types=HTML, at_once=True
                )

        # closed, so that where an answer cannot be kept no more are asked for
        with (
            open_archive(desk, f"newsdesk-{batch_id}") as archive,
            closing(by_host(todo, lambda item: item.host, visit, desk.settings.fetch_threads)) as arrivals,
        ):
            for some in groups(arrivals, archive.place.pages_a_write, archive.place.seconds_a_write):
                with begin() as cursor:
                    ends = save_responses(cursor, archive, batch_id, some)
                counts.update(ends)
    return dict(counts)


@measured(of="batch")
def extract(desk: Desk, batch_id: int) -> dict[str, int]:
    """Read the batch's captures back from the archive and take the articles out of them."""
    return extract_batch(desk, batch_id)


@measured(of="batch")
def enrich(desk: Desk, batch_id: int) -> dict[str, int]:
    """Find the names in the batch's articles."""
    return enrich_batch(desk, batch_id)


@measured(of="run")
def deduplicate(desk: Desk, run_id: int) -> dict[str, int]:
    """Decide which article each document is, which articles are the same text, and which tell of the same event."""
    with transaction(desk.dsn) as cursor:
        counts = deduplicate_documents(cursor, run_id)
        counts |= build_stories(cursor, run_id, desk.settings.story_days)
    erase_records(desk)  # of pages that came again
    return counts


@measured(of="run")
def publish(desk: Desk, run_id: int) -> dict[str, int]:
    """Make everything of the run visible to analysts, in one transaction. Returns the run's visits by outcome."""
    with transaction(desk.dsn) as cursor:
        articles.take_turn(cursor)
        counts = publishing.publish_run(cursor, run_id, desk.settings.revisits)
        days.refresh_days(cursor, run_id)
        runs.mark(cursor, run_id, "published_at")
        return counts


@measured(of="run")
def check(desk: Desk, run_id: int) -> dict[str, int]:
    """Compare what came with what was expected, write the run's report, open and close alerts, and tell of them.

    CheckFailed names what a person must look at: unfinished batches, unreadable source files, and each source's grave
    problem in the run in which it first appears.
    """
    with transaction(desk.dsn) as cursor:
        active = sources_of_run(cursor, run_id)
        facts = source_facts.source_facts(cursor, run_id, list(active))
        of_sources = {fact.source_id: judge(active[fact.source_id], fact) for fact in facts}
        of_run = judge_run(runs.marks(cursor, run_id), reports.unfinished(cursor, run_id))
        reports.save_reports(cursor, run_id, [_report_of(fact, of_sources[fact.source_id]) for fact in facts])
        judged = [one for source_id, verdicts in of_sources.items() for one in _judged(source_id, verdicts)]
        alerts.record(cursor, run_id, [*_judged(None, of_run), *judged])
        became_grave = [alert for alert in alerts.became_grave(cursor, run_id) if alert.source_id is not None]
        write_alerts(desk, cursor)
        failures = [problem.what for problem in problems_of(of_run)]
        failures += [f"{alert.source_id}: {alert.what}. {alert.remedy}" for alert in became_grave]
        runs.finish(cursor, run_id, failed=bool(failures))
    problems = [(source_id, problem) for source_id, verdicts in of_sources.items() for problem in problems_of(verdicts)]
    for source_id, problem in problems:
        log.warning("%s: %s. %s", source_id, problem.what, problem.remedy)
    tell_due(desk)
    if failures:
        raise CheckFailed("\n".join(failures))
    return {"sources": len(facts), "problems": len(problems)}


def _report_of(fact: SourceFacts, verdicts: Verdicts) -> reports.Report:
    problems = [_as_row(problem) for problem in problems_of(verdicts)]
    return reports.Report(fact.source_id, fact.found, fact.outcomes, fact.duplicates, problems)


def _judged(source_id: str | None, verdicts: Verdicts) -> list[alerts.Judged]:
    return [alerts.Judged(source_id, kind, problem) for kind, problem in verdicts.items()]


def _as_row(problem: Problem) -> dict[str, str]:
    row = {"kind": problem.kind, "what": problem.what, "remedy": problem.remedy, "grave": str(problem.grave).lower()}
    return row | ({"page": problem.page} if problem.page else {})
