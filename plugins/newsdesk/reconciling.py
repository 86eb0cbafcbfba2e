"""All groups of near-duplicates decided anew, so that what came first, and in which batch, does not tell in the end.

    open → fingerprint → pair → weigh → verify → publish → check

A new article is decided on by what is known at that hour: by the frequencies of yesterday, against the articles that
are here. Here the same rules are applied to all of it at once. What comes out depends on the articles alone:

- which pairs are candidates, on the fingerprints of all (`store.pairs.find_all`)
- how common a run of words is, on a count of the articles of the last months (`shingle_frequencies`), plain copies once
- what a pair is, on its two texts and those frequencies
- a group, on the pairs: their connected components, by union-find
- its name, on its members: the one published first; ties go by the address

Stories are told by the first of each group, and are told again from the beginning, see `story_retelling`.

Each step commits as it goes and takes up what is not done, so it can be killed at any line and run again. Groups change
in the last step only, in one transaction. Memory: ten thousand texts; the snapshot (12 bytes a run, at
most 48 MB); and a few hundred bytes for each article that is in a pair of duplicates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from newsdesk import shingle_frequencies
from newsdesk.dedup.candidates import ALL_PAIRED, FIRST_PAIRED, SAYS_NOTHING, enough_shared
from newsdesk.dedup.cluster import components, document_frequencies
from newsdesk.deduplication import RULE, compare, plain_copies, prints_of, signature_of
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.portions import portions
from newsdesk.shingle_frequencies import Runs
from newsdesk.store import articles, clusters, days, pairs, reconcile, snapshots, stories
from newsdesk.store import fingerprints as prints
from newsdesk.store.database import Begin, Cursor, session, transaction
from newsdesk.store.pairs import START, Pair
from newsdesk.store.reconcile import Reconcile
from newsdesk.store.snapshots import Snapshot
from newsdesk.story_building import build_stories
from newsdesk.story_retelling import retell_stories

MONTHS = 3  # pairs found since are decided anew, texts read since are counted
MOST_COUNTED = 200_000  # articles
OF_EACH_SOURCE = 5_000  # of these
_A_TIME = 1_000  # pairs or texts in memory, and in a transaction
END: Pair = (-1, -1)
_LONGEST = 64  # fingerprints; of longer texts no more need be shared

Tell = Callable[[str, Mapping[str, int]], None]


def open_reconcile(desk: Desk, key: str, months: int = MONTHS) -> int:
    """The id of the reconcile to work on: a new one, or the one that is under way."""
    with transaction(desk.dsn) as cursor:
        return reconcile.open_one(cursor, key, months)


def fingerprint(desk: Desk, reconcile_id: int) -> dict[str, int]:
    """Forget the fingerprints that are too old, and make anew those that an older rule made."""
    counts = {"sketches_forgotten": 0, "sketches_made_anew": 0}
    with session(desk.dsn) as begin:
        if not _under_way(begin, reconcile_id):
            return {}
        while forgotten := _some(begin, lambda c: _forget(c, desk.settings.fingerprint_months)):
            counts["sketches_forgotten"] += forgotten
        while anew := _some(begin, _fingerprint_anew):
            counts["sketches_made_anew"] += anew
        return _note(begin, reconcile_id, counts)


def pair(desk: Desk, reconcile_id: int) -> dict[str, int]:
    """Find all pairs that share fingerprints."""
    with session(desk.dsn) as begin:
        if not _under_way(begin, reconcile_id):
            return {}
        with begin() as cursor:
            articles.take_turn(cursor)
            common = prints.note_common(
                cursor, all_paired=ALL_PAIRED, first_paired=FIRST_PAIRED, says_nothing=SAYS_NOTHING
            )
            counts = {"common_fingerprints": common, **pairs.find_all(cursor, needed(), all_paired=ALL_PAIRED)}
        return _note(begin, reconcile_id, counts)


def weigh(desk: Desk, reconcile_id: int) -> dict[str, int]:
    """Count how many articles hold each run of words: a snapshot, by which `verify` decides."""
    with session(desk.dsn) as begin:
        if (here := _under_way(begin, reconcile_id)) is None or here.df_version is not None:
            return {}
        after: Pair = START
        while near := _compare_plainly(begin, after):
            after = near[-1]
        with begin() as cursor:
            copies = _later_copies(cursor)
            last = snapshots.latest_article(cursor)
            chosen = snapshots.to_count(cursor, copies, here.months, OF_EACH_SOURCE, MOST_COUNTED)
        found = shingle_frequencies.count(_runs(begin, chosen))
        with begin() as cursor:
            if reconcile.read(cursor, reconcile_id, lock=True).df_version is None:
                reconcile.set_version(cursor, reconcile_id, snapshots.save(cursor, found, last))
        return _note(begin, reconcile_id, {"articles_counted": found.documents, "runs_kept": len(found.runs)})


def verify(desk: Desk, reconcile_id: int, tell: Tell | None = None) -> dict[str, int]:
    """Decide on each pair of the window by the snapshot. Other decisions than before wait for `publish`."""
    counts = Counter(pairs_verified=0, pairs_otherwise=0)
    with session(desk.dsn) as begin:
        if (here := _under_way(begin, reconcile_id)) is None:
            return {}
        snapshot = _snapshot(begin, here)
        after = START
        while after != END:
            with begin() as cursor:
                done, after = _verify_some(cursor, here, snapshot, after)
            counts.update(done)
            if tell:
                tell("verify", counts)
        return _note(begin, reconcile_id, counts)


def publish(desk: Desk, reconcile_id: int) -> dict[str, int]:
    """Apply the decisions, rebuild the groups, and make the changes visible: one transaction.

    Returns what all steps did; of a reconcile that is done already, what it did.
    """
    with session(desk.dsn) as begin:
        if (here := _under_way(begin, reconcile_id)) is not None:
            snapshot = _snapshot(begin, here)
            with begin() as cursor:
                articles.take_turn(cursor)
                if reconcile.read(cursor, reconcile_id, lock=True).state == "running":
                    reconcile.note(cursor, reconcile_id, _publish(cursor, here, snapshot, desk.settings.story_days))
                    reconcile.finish(cursor, reconcile_id)
        with begin() as cursor:
            return reconcile.read(cursor, reconcile_id).counts


def check(desk: Desk, reconcile_id: int) -> dict[str, int]:
    """What the reconcile did, if it is done and the groups add up. CheckFailed names what does not."""
    with transaction(desk.dsn) as cursor:
        here = reconcile.read(cursor, reconcile_id)
        if here.state != "done":
            raise CheckFailed(f"reconcile {reconcile_id} is {here.state}: no group was changed by it")
        articles.take_turn(cursor)
        if found := clusters.faults(cursor):
            raise CheckFailed("news.cluster does not add up: " + "; ".join(found))
        return here.counts


def run(desk: Desk, key: str, months: int = MONTHS, tell: Tell | None = None) -> dict[str, int]:
    """All steps, in the foreground."""
    reconcile_id = open_reconcile(desk, key, months)
    for step in (fingerprint, pair, weigh):
        counts = step(desk, reconcile_id)
        if tell:
            tell(step.__name__, counts)
    verify(desk, reconcile_id, tell)
    publish(desk, reconcile_id)
    return check(desk, reconcile_id)


def _under_way(begin: Begin, reconcile_id: int) -> Reconcile | None:
    """The reconcile, or None where it is done. ConfigError where another took its place."""
    with begin() as cursor:
        here = reconcile.read(cursor, reconcile_id)
    if here.state == "dropped":
        raise ConfigError(f"reconcile {reconcile_id} stood too long and another was begun: nothing is left to do here")
    return here if here.state == "running" else None


def _note(begin: Begin, reconcile_id: int, counts: dict[str, int]) -> dict[str, int]:
    with begin() as cursor:
        reconcile.note(cursor, reconcile_id, counts)
    return counts


def _some(begin: Begin, work: Callable[[Cursor], int]) -> int:
    """A portion of work in a transaction, in which nobody deduplicates."""
    with begin() as cursor:
        articles.take_turn(cursor)
        return work(cursor)


def _forget(cursor: Cursor, months: int) -> int:
    old = prints.older_than(cursor, months, _A_TIME)
    prints.forget(cursor, old)
    return len(old)


def _fingerprint_anew(cursor: Cursor) -> int:
    made_at = prints.outdated(cursor, RULE, _A_TIME)
    texts = articles.known_articles(cursor, made_at)
    prints.save(cursor, RULE, {article_id: prints_of(text.body) for article_id, text in texts.items()}, made_at)
    return len(texts)


def needed() -> list[int]:
    """For 1, 2, … fingerprints of the shorter text: how many two texts must share to be compared."""
    return [
        next(shared for shared in range(1, many + 2) if enough_shared(shared, many, many) or shared > many)
        for many in range(1, _LONGEST + 1)
    ]


def _compare_plainly(begin: Begin, after: Pair) -> list[Pair]:
    with begin() as cursor:
        near = pairs.uncompared(cursor, after, _A_TIME)
        texts = articles.known_articles(cursor, {article_id for both in near for article_id in both})
        signatures = {article_id: signature_of(text) for article_id, text in texts.items()}
        pairs.save_plain(cursor, near, plain_copies(near, texts, signatures))
    return near


def _later_copies(cursor: Cursor) -> Iterator[int]:
    """Of plain copies all but the first."""
    first = components(pairs.members(cursor, pairs.PLAIN), pairs.stream(cursor, pairs.PLAIN))
    return (article_id for article_id, original in first.items() if article_id != original)


def _runs(begin: Begin, article_ids: list[int]) -> Iterator[Runs]:
    for some in portions(article_ids, _A_TIME):
        with begin() as cursor:
            texts = articles.known_articles(cursor, some)
        for text in texts.values():
            yield _int64(document_frequencies([signature_of(text)]))


def _int64(runs: Iterable[int]) -> Runs:
    return np.fromiter(runs, np.int64)


def _snapshot(begin: Begin, here: Reconcile) -> Snapshot:
    if here.df_version is None:
        raise ConfigError(f"reconcile {here.reconcile_id} has no snapshot of frequencies yet: run its task weigh")
    with begin() as cursor:
        return snapshots.read(cursor, here.df_version)


def _verify_some(cursor: Cursor, here: Reconcile, snapshot: Snapshot, after: Pair) -> tuple[dict[str, int], Pair]:
    """What was done, and the last of the pairs that it was done to; END where there are none left."""
    assert snapshot.version is not None
    near = pairs.to_verify(cursor, snapshot.version, here.months, after, _A_TIME)
    texts = articles.known_articles(cursor, {article_id for both in near for article_id in both})
    signatures = {article_id: signature_of(text) for article_id, text in texts.items()}
    frequency = shingle_frequencies.look_up(snapshot.frequencies, document_frequencies(signatures.values()))
    compared = compare(near, texts, signatures, frequency, snapshot.frequencies.documents)
    otherwise = pairs.save_verdicts(cursor, compared, snapshot.version)
    return {"pairs_verified": len(near), "pairs_otherwise": otherwise}, near[-1] if near else END


def _publish(cursor: Cursor, here: Reconcile, snapshot: Snapshot, story_days: float) -> dict[str, int]:
    after, late = START, Counter(pairs_verified=0)  # pairs that came since `verify` began
    while after != END:
        done, after = _verify_some(cursor, here, snapshot, after)
        late.update(done)
    pairs.apply_pending(cursor)
    cluster_of = components(pairs.members(cursor, pairs.DUPLICATE), pairs.stream(cursor, pairs.DUPLICATE))
    regrouped = clusters.save_all(cursor, cluster_of)
    assert snapshot.version is not None
    snapshots.make_current(cursor, snapshot.version)
    told_anew = build_stories(cursor, None, story_days) | retell_stories(cursor, story_days)
    visibly = clusters.publish_alone(cursor, "reconcile")
    stories.publish(cursor)
    days.refresh_days(cursor, None)
    return {
        "pairs_verified_late": late["pairs_verified"],
        "articles_regrouped": regrouped,
        "articles_visibly_regrouped": visibly,
        **told_anew,
    }
