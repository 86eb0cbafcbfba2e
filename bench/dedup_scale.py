"""What the look-up of reprints costs as the tables grow: ms and bytes a document at each power of ten.

    python bench/dedup_scale.py [--most 100000] [--seed 1] [--partitions 12]

A PostgreSQL of its own (the embedded one, its default settings, in a temporary folder; `--dsn` for another, whose
tables are emptied) is filled with synthetic documents by COPY up to 10,000, 100,000 and `--most`; at each size new
documents come in batches of 200, as a run brings them, and what is timed is what a document costs the database there:

    insert    `fingerprints.save`: its sketch and its fingerprints, with the index that finds them
    look-up   `fingerprints.candidates`: the pairs that share fingerprints with it, with their counts
    a document: the two together, the median of the batches; the commit is in it, the computing of fingerprints is not

`pairs` are the candidates worth comparing; `bytes` all that the fingerprints take on disk (tables and indexes) divided
by the documents; `reconcile` the seconds of its task `pair`, which reads all fingerprints, on a day like the one before.

The documents: words by Zipf's law with runs of stock phrases; 1,000 outlets of unlike size, of whose pages most carry
the outlet's own box of 40 to 90 words; three of ten are a reprint of an earlier text, some cut, some with an intro, a
few texts printed by hundreds of outlets; one of thirty is a form with other numbers. `--partitions 12` tells how
many times as long the bare look-up takes in a copy of the fingerprints that is partitioned by month.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import median

import numpy as np

from newsdesk.dedup.candidates import ALL_PAIRED, FIRST_PAIRED, SAYS_NOTHING, enough_shared
from newsdesk.deduplication import RULE, prints_of
from newsdesk.reconciling import needed
from newsdesk.store import fingerprints, pairs
from newsdesk.store.database import Cursor, autocommitting, session, single, transaction
from newsdesk.store.migrate import migrate
from own_server import own_server

BATCH, BATCHES = 200, 15
OUTLETS = 1_000
Document = tuple[int, tuple[int, ...]]  # article_id, fingerprints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=100_000, help="documents in the largest table")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dsn", help="an empty database that may be filled; default: one of its own")
    parser.add_argument(
        "--partitions", type=int, default=0, help="months of a partitioned copy to compare with; 0: none"
    )
    options = parser.parse_args()
    with database(options.dsn) as dsn:
        measure(dsn, options.most, options.seed, options.partitions)


@contextmanager
def database(dsn: str | None) -> Iterator[str]:
    if dsn:
        migrate(dsn)
        yield dsn
        return
    with own_server("scale") as (_, found):
        migrate(found)
        yield found


def measure(dsn: str, most: int, seed: int, partitions: int) -> None:
    made = documents(np.random.default_rng(seed))
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size < most] + [most]
    head = f"{'documents':>10}{'insert':>9}{'look-up':>9}{'a document':>12}{'pairs':>8}{'bytes':>8}{'reconcile':>11}"
    print(head + (f"{'by month':>10}" if partitions else "") + "   (ms, ms, ms, a document, a document, s)", flush=True)
    there = 0
    with transaction(dsn) as cursor:
        prepare(cursor)
    for size in sizes:
        load(dsn, (next(made) for _ in range(size - there)))
        pair_all(dsn)
        vacuum(dsn)
        reconcile = pair_all(dsn)
        taken = on_disk(dsn) / size
        rounds = [batch(dsn, [next(made) for _ in range(BATCH)]) for _ in range(BATCHES)]
        insert, look_up, found = (median(one[place] for one in rounds) for place in range(3))
        both = median(insert + look_up for insert, look_up, _ in rounds)
        line = f"{size:>10,}{insert:>9.2f}{look_up:>9.2f}{both:>12.2f}{found:>8.1f}{taken:>8,.0f}{reconcile:>11.1f}"
        if partitions:
            line += f"{by_month(dsn, partitions, [next(made) for _ in range(BATCH)]):>10.2f}"
        print(line, flush=True)
        there = size + BATCHES * BATCH


def prepare(cursor: Cursor) -> None:
    """An article needs its URL, its capture, its document: here only their keys count, so nothing is referred to."""
    cursor.execute("ALTER TABLE ops.sketch DROP CONSTRAINT sketch_article_id_fkey")
    cursor.execute("ALTER TABLE ops.pair DROP CONSTRAINT pair_article_a_fkey, DROP CONSTRAINT pair_article_b_fkey")
    cursor.execute(
        "ALTER TABLE ops.article DROP CONSTRAINT article_article_id_fkey, DROP CONSTRAINT article_document_id_fkey"
    )
    cursor.execute(
        "ALTER TABLE ops.document DROP CONSTRAINT document_url_id_fkey, DROP CONSTRAINT document_capture_id_fkey"
    )
    cursor.execute(
        "INSERT INTO ops.source (source_id, definition, enabled) VALUES ('outlet', '{}', true) ON CONFLICT DO NOTHING"
    )


def load(dsn: str, made: Iterable[Document], at_a_time: int = 20_000) -> None:
    """By COPY; the computing of the fingerprints takes most of it."""
    some: list[Document] = []
    for document in made:
        some.append(document)
        if len(some) == at_a_time:
            copy(dsn, some)
            some.clear()
    copy(dsn, some)


def copy(dsn: str, some: list[Document]) -> None:
    with transaction(dsn) as cursor:
        arrive(cursor, [article_id for article_id, _ in some])
        for table, lines in (
            ("ops.sketch (article_id, rule, prints)", (f"{a}\t{RULE}\t{{{','.join(map(str, p))}}}\n" for a, p in some)),
            ("ops.fingerprint (article_id, h)", (f"{a}\t{h}\n" for a, p in some for h in p)),
        ):
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("".join(lines)))


def arrive(cursor: Cursor, article_ids: list[int]) -> None:
    """What a document has left behind before it is deduplicated, as far as `note_common` reads it."""
    for statement in (
        """
        INSERT INTO ops.frontier (url_id, url_key, url, host, source_id, first_found_at, last_found_at)
        OVERRIDING SYSTEM VALUE
        SELECT id, 'https://outlet.example/' || id, 'x', 'x', 'outlet', now(), now() FROM unnest(%s::bigint[]) AS id
        """,
        """
        INSERT INTO ops.document (document_id, url_id, capture_id, extractor, body, body_digest, authors, tags, word_count,
            provenance, published_at, published_precision)
        OVERRIDING SYSTEM VALUE
        SELECT id, id, id, 'x', '', '', '{}', '{}', 0, '{}', '2024-01-01Z'::timestamptz + id * interval '1 minute', 'second'
        FROM unnest(%s::bigint[]) AS id
        """,
        "INSERT INTO ops.article (article_id, document_id, cluster_id) SELECT id, id, id FROM unnest(%s::bigint[]) AS id",
    ):
        cursor.execute(statement, (article_ids,))


def batch(dsn: str, some: list[Document]) -> tuple[float, float, float]:
    """ms of insertion and of look-up, and pairs worth comparing, all a document."""
    with session(dsn) as begin:
        with begin() as cursor:
            arrive(cursor, [article_id for article_id, _ in some])
        began = time.perf_counter()
        with begin() as cursor:
            fingerprints.save(cursor, RULE, dict(some))
            between = time.perf_counter()
            found = fingerprints.candidates(cursor, [article_id for article_id, _ in some])
            looked = time.perf_counter()
        ended = time.perf_counter()
    worth = sum(enough_shared(shared, of_a, of_b) for _, _, shared, of_a, of_b in found)
    insert = between - began + ended - looked
    return insert * 1000 / len(some), (looked - between) * 1000 / len(some), worth / len(some)


def pair_all(dsn: str) -> float:
    """Seconds."""
    began = time.perf_counter()
    with transaction(dsn) as cursor:
        fingerprints.note_common(cursor, all_paired=ALL_PAIRED, first_paired=FIRST_PAIRED, says_nothing=SAYS_NOTHING)
        pairs.find_all(cursor, needed(), all_paired=ALL_PAIRED)
    return time.perf_counter() - began


def vacuum(dsn: str) -> None:
    """As autovacuum does in time."""
    with autocommitting(dsn) as cursor:
        for table in ("fingerprint", "sketch", "common_fingerprint", "article", "document", "frontier", "pair"):
            cursor.execute(f"VACUUM (ANALYZE) ops.{table}")


def on_disk(dsn: str) -> int:
    with transaction(dsn) as cursor:
        cursor.execute("SELECT pg_total_relation_size('ops.fingerprint') + pg_total_relation_size('ops.sketch')")
        return int(single(cursor))


def by_month(dsn: str, months: int, some: list[Document]) -> float:
    """How many times as long the bare look-up takes in a copy of the fingerprints that is partitioned by month."""
    months_of = "width_bucket(article_id, 0, (SELECT max(article_id) + 1 FROM ops.sketch), %s) - 1"
    asked = [h for _, prints in some for h in prints]
    times: dict[str, list[float]] = {"ops.fingerprint": [], "monthly": []}
    with autocommitting(dsn) as cursor:
        cursor.execute("CREATE TABLE monthly (month int, article_id bigint, h bigint) PARTITION BY LIST (month)")
        for month in range(months):
            cursor.execute(f"CREATE TABLE monthly_{month} PARTITION OF monthly FOR VALUES IN ({month})")
        cursor.execute(f"INSERT INTO monthly SELECT {months_of}, article_id, h FROM ops.fingerprint", (months,))
        cursor.execute("CREATE INDEX ON monthly (h) INCLUDE (article_id)")
        cursor.execute("VACUUM (ANALYZE) monthly")
        for _ in range(7):
            for table, taken in times.items():
                began = time.perf_counter()
                cursor.execute(
                    f"SELECT count(found.article_id) FROM unnest(%s::bigint[]) AS n (h) CROSS JOIN LATERAL "
                    f"(SELECT f.article_id FROM {table} AS f WHERE f.h = n.h LIMIT 200) AS found",
                    (asked,),
                )
                taken.append(time.perf_counter() - began)
        cursor.execute("DROP TABLE monthly")
    return median(times["monthly"]) / median(times["ops.fingerprint"])


# ---------------------------------------------------------------- documents


def documents(dice: np.random.Generator) -> Iterator[Document]:
    """(article_id, fingerprints), without end; of one seed always the same."""
    words = np.array([f"w{number}" for number in range(60_000)])
    share = 1 / np.arange(1, len(words) + 1) ** 1.05
    cumulated = share.cumsum() / share.sum()

    def draw(many: int) -> list[str]:
        return list(words[cumulated.searchsorted(dice.random(many))])

    phrases = [draw(int(dice.integers(4, 9))) for _ in range(3_000)]
    boxes = [draw(int(dice.integers(40, 90))) for _ in range(OUTLETS)]
    forms = [draw(120) for _ in range(400)]
    recent: list[list[str]] = []
    everywhere = draw(400)
    new_text = text_maker(dice, draw, phrases)
    article_id = 0
    while True:
        article_id += 1
        kind = dice.random()
        if kind < 0.3 and recent:
            text = reprint(dice, recent[int(dice.integers(len(recent)))], draw)
        elif kind < 0.301:
            text = reprint(dice, everywhere, draw)
        elif kind < 0.335:
            text = filled(dice, forms[int(dice.zipf(1.3)) % len(forms)])
        else:
            text = new_text()
            keep(dice, recent, text)
            if article_id % 200_000 == 1:
                everywhere = text
        outlet = min(int(dice.zipf(1.2)), OUTLETS) - 1
        if dice.random() < 0.7:
            text = text + boxes[outlet]
        yield article_id, prints_of(" ".join(text))


def text_maker(
    dice: np.random.Generator, draw: Callable[[int], list[str]], phrases: list[list[str]]
) -> Callable[[], list[str]]:
    def new_text() -> list[str]:
        """60 to 1,200 words, most near 350, with a stock phrase in each fifty or so."""
        many = int(np.clip(dice.lognormal(5.85, 0.55), 60, 1_200))
        found: list[str] = []
        while len(found) < many:
            found += draw(int(dice.integers(20, 80))) + phrases[int(dice.zipf(1.3)) % len(phrases)]
        return found

    return new_text


def reprint(dice: np.random.Generator, text: list[str], draw: Callable[[int], list[str]]) -> list[str]:
    way = dice.random()
    if way < 0.4:
        return text
    if way < 0.7:
        return text[: max(60, int(len(text) * dice.uniform(0.4, 0.95)))]
    return draw(int(dice.integers(10, 60))) + text


def filled(dice: np.random.Generator, form: list[str]) -> list[str]:
    """The form with a number of its own at each fifth word."""
    return [str(int(dice.integers(10, 9_999))) if place % 5 == 4 else word for place, word in enumerate(form)]


def keep(dice: np.random.Generator, recent: list[list[str]], text: list[str], most: int = 5_000) -> None:
    if len(recent) < most:
        recent.append(text)
    else:
        recent[int(dice.integers(most))] = text


if __name__ == "__main__":
    main()
