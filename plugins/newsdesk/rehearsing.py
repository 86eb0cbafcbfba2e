"""A dry run: what an ingest would ask for, find and fetch now, with nothing left behind.

    read the files → find endpoints of new sources → poll → plan, as in `newsdesk.stages`

The publishers' feeds, sitemaps and section pages are asked for real, by the same functions and with the same manners.
What they bring is written by the same statements, in a transaction that is rolled back; no page is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace

from newsdesk import endpoint_finding, logs, polling, stages
from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding
from newsdesk.model import JsonObject, Source
from newsdesk.polling import Polled
from newsdesk.run_keys import own_key
from newsdesk.store import clock, rehearsals, runs
from newsdesk.store import polls as poll_store
from newsdesk.store import sources as source_store
from newsdesk.store.database import Cursor
from newsdesk.store.polls import Poll
from newsdesk.store.rehearsals import Planned

log = logs.logger(__name__)

FIRST = 5  # addresses that are shown of each source

Key = tuple[str, str]  # a source's id and an endpoint's address: its number is another one in each transaction


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one feed, sitemap or section page answered."""

    source: str
    kind: str
    url: str
    said: str  # in words
    failed: bool
    links: int = 0
    new: int = 0  # of these: not known yet


@dataclass(slots=True)
class Rehearsal:
    """What a run would do now."""

    sources: list[str] = field(default_factory=list)  # that it would visit
    faults: list[str] = field(default_factory=list)  # source files that would be left out
    endpoints: list[Endpoint] = field(default_factory=list)
    planned: dict[str, Planned] = field(default_factory=dict)  # by source
    batches: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "sources": len(self.sources), "source_files_with_faults": len(self.faults), "endpoints": len(self.endpoints),
            "failed": sum(one.failed for one in self.endpoints), "links": sum(one.links for one in self.endpoints),
            "new": sum(one.new for one in self.endpoints),
            "pages": sum(share.pages for share in self.planned.values()), "batches": self.batches,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The whole as text, for a log."""
        told = [f"source file left out: {fault}" for fault in self.faults]
        for source in self.sources:
            share = self.planned.get(source, Planned(0, ()))
            told.append(f"{source}: {share.pages} pages would be fetched")
            told += [f"    asked {one.kind} {one.url}: {one.said}" for one in self.endpoints if one.source == source]
            told += [f"    would fetch {url}" for url in share.first]
            if (more := share.pages - len(share.first)) > 0:
                told.append(f"    and {more} more")
        return told

    def as_json(self) -> JsonObject:
        return {**asdict(self), "counts": self.counts}


def rehearse(
    desk: Desk, sources: Sequence[str] = (), max_per_run: int | None = None, max_pages: int | None = None
) -> Rehearsal:
    """What a run by hand with these parameters would do now. Retryable where a run under way stands in its way."""
    known, faults = stages.read_files(desk)
    guest = desk.guest()
    key = own_key("dry")

    def begin(cursor: Cursor, found: Mapping[str, Finding]) -> tuple[int, dict[str, Source]]:
        """The run and its sources, as they are when the polls begin."""
        clock.set_right(cursor)
        source_store.save_sources(cursor, known, complete=not faults)
        run_id = runs.open_run(cursor, key, "cli", sources, max_per_run, max_pages)
        stages.refuse_unknown(cursor, run_id)
        active = stages.sources_of_run(cursor, run_id)
        for source_id, one in found.items():
            source_store.save_found(cursor, source_id, one.endpoints, complete=one.reached)
        return run_id, active

    def homeless(cursor: Cursor) -> list[Source]:
        return source_store.to_seek(cursor, begin(cursor, {})[1])

    def due(cursor: Cursor) -> list[Poll]:
        run_id, active = begin(cursor, found)
        return poll_store.due(cursor, active, run_id)

    def whole(cursor: Cursor) -> Rehearsal:
        run_id, active = begin(cursor, found)
        now = {_key(poll): poll for poll in poll_store.due(cursor, active, run_id)}
        endpoints = [
            _save(cursor, desk, replace(polled, poll=now[_key(polled.poll)]))
            for polled in answers
            if _key(polled.poll) in now
        ]
        stages.take_on(desk, cursor, run_id)
        return Rehearsal(
            list(active), faults, sorted(endpoints, key=lambda one: (one.source, one.url)),
            rehearsals.planned(cursor, run_id, FIRST), len(runs.batches(cursor, run_id)),
        )  # fmt: skip

    with rehearsals.hosts_as_before(desk.dsn, guest.turns.taken, lambda: guest.origins):
        with closing(endpoint_finding.find_all(guest, rehearsals.undone(desk.dsn, homeless))) as findings:
            found = {source.id: one for source, one in findings}
        with closing(polling.poll_all(guest, rehearsals.undone(desk.dsn, due))) as polled:
            answers = [_light(one) for one in polled]
        return rehearsals.undone(desk.dsn, whole)


def _key(poll: Poll) -> Key:
    return poll.source.id, poll.endpoint.url


def _light(polled: Polled) -> Polled:
    """Without the body, which was read: all answers are kept until the last one is there."""
    return replace(polled, response=replace(polled.response, body=b""))


def _save(cursor: Cursor, desk: Desk, polled: Polled) -> Endpoint:
    counts: Counter[str] = polling.save(cursor, polled, desk.settings)
    if polled.outcome is not None and not polled.as_before:
        said = f"{'put off' if polled.put_off else 'failed'}: {polled.reason or polled.outcome}"
    elif polled.as_before:
        said = f"nothing new ({polled.reason})"
    else:
        said = f"{counts['seen']} links, {counts['new']} of them new"
    endpoint = polled.poll.endpoint
    return Endpoint(
        polled.poll.source.id, endpoint.kind.value, endpoint.url, said, polled.failed, counts["seen"], counts["new"]
    )
