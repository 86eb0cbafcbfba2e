"""An article taken out: no text of it stays, in no table and not in the archive, and it does not come back."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from arrivals import Arrival, arrive
from command_line import AT_A_RUN, WITHOUT_NAMES, WITHOUT_PAUSES, run_newsdesk
from in_process import ingest_here
from newsdesk import archive_verifying, reconciling, stages, urls, withdrawing
from newsdesk.archive.places import open_place
from newsdesk.archive.records import blank_record
from newsdesk.desk import Desk
from newsdesk.local.newsroom import Newsroom
from newsdesk.model import Outcome
from newsdesk.settings import read_settings
from newsdesk.store import clusters, visits
from newsdesk.store.database import transaction


@pytest.fixture(scope="module")
def desk(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Newsroom]]:
    """The first edition, ingested. Each test takes an article of its own out."""
    home = tmp_path_factory.mktemp("withdraw")
    (sources := home / "sources").mkdir()
    settings = read_settings({"NEWSDESK_HOME": str(home), "NEWSDESK_SOURCES": str(sources), **WITHOUT_PAUSES})
    with Newsroom(pace=AT_A_RUN) as newsroom:
        newsroom.write_sources(sources)
        found = Desk(settings, module_dsn)
        ingest_here(found)
        yield found, newsroom


def ask(desk: Desk, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with transaction(desk.dsn) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def places_of(desk: Desk, text: str) -> set[str]:
    """Every column of every table, and every record of the archive, that holds `text`."""
    found = set()
    columns = ask(
        desk,
        """
        SELECT table_schema, table_name, column_name FROM information_schema.columns AS c
        JOIN information_schema.tables AS t USING (table_schema, table_name)
        WHERE table_schema IN ('news', 'ops') AND table_type = 'BASE TABLE'
        """,
    )
    with transaction(desk.dsn) as cursor:  # of one connection: there are hundreds of columns
        for schema, table, column in columns:
            cursor.execute(f'SELECT 1 FROM {schema}."{table}" WHERE "{column}"::text LIKE %s LIMIT 1', (f"%{text}%",))
            if cursor.fetchone():
                found.add(f"{schema}.{table}.{column}")
    for path in Path(str(desk.settings.archive)).rglob("*.warc.gz"):
        if text.encode() in gzip.decompress(path.read_bytes()):
            found.add("the archive")
    return found


def primary_with_reprints(desk: Desk) -> tuple[int, str, str]:
    """The article that four outlets printed: the one that stands for them, its address, a sentence that only it has."""
    rows = ask(
        desk,
        """
        SELECT a.article_id, a.url, a.body, (SELECT string_agg(o.body, ' ') FROM news.article AS o WHERE o.article_id <> a.article_id)
        FROM news.article AS a JOIN news.cluster AS c ON c.cluster_id = a.article_id WHERE c.size > 2 ORDER BY a.article_id
        """,
    )
    for article_id, url, body, others in rows:
        own = [four for line in body.split("\n") for four in fours(line) if four not in others]
        if own:
            return article_id, url, own[-1]  # index pages quote the first ones
    raise AssertionError("no primary has words of its own")


def fours(line: str) -> list[str]:
    words = line.split()
    return [" ".join(words[n : n + 4]) for n in range(len(words) - 3)]


def test_no_text_of_it_stays_and_its_group_goes_on_without_it(desk: tuple[Desk, Newsroom]) -> None:
    here, _ = desk
    article_id, url, sentence = primary_with_reprints(here)
    assert places_of(here, sentence) >= {"news.article.body", "ops.document.body", "the archive"}
    (size, story_id), *_ = ask(
        here, "SELECT c.size, a.story_id FROM news.article AS a JOIN news.cluster AS c USING (cluster_id) WHERE article_id = %s",
        article_id,
    )  # fmt: skip
    (last_load,) = ask(here, "SELECT max(load_id) FROM news.load")[0]

    done = withdrawing.withdraw(here, url, "court order 12/26")
    assert (done.articles, done.readings) == (1, 1)
    assert done.records >= 1
    assert places_of(here, sentence) == set()
    assert ask(here, "SELECT outcome, reason, article_id FROM news.url_status WHERE url = %s", url) == [
        ("withdrawn", "court order 12/26", None)
    ]
    assert ask(here, "SELECT kind FROM news.changes WHERE load_id > %s AND article_id = %s", last_load, article_id) == [
        ("withdrawn",)
    ]
    rest = ask(
        here,
        """
        SELECT c.size, count(*) FILTER (WHERE a.is_primary), count(DISTINCT a.story_id), min(a.story_id)
        FROM news.cluster_change AS x JOIN news.article AS a USING (article_id) JOIN news.cluster AS c USING (cluster_id)
        WHERE x.from_cluster_id = %s AND x.step = 'withdraw' GROUP BY c.cluster_id
        """,
        article_id,
    )
    assert rest == [(size - 1, 1, 1, story_id)]
    with transaction(here.dsn) as cursor:
        assert clusters.faults(cursor) == []
    assert ask(
        here,
        "SELECT count(*) FROM news.entity AS e WHERE NOT EXISTS (SELECT 1 FROM news.article_entity AS a WHERE a.entity_id = e.entity_id)",
    ) == [(0,)]

    place = open_place(here.settings.archive)
    reports = list(archive_verifying.verify(place, here.dsn, archive_verifying.files_to_verify(place, here.dsn)))
    assert [fault for report in reports for fault in report.faults] == []

    assert withdrawing.withdraw(here, url, "again") == withdrawing.Withdrawn(done.addresses, 0, 0, 0)


def test_the_command_asks_first_and_it_does_not_come_back(desk: tuple[Desk, Newsroom]) -> None:
    here, newsroom = desk
    _, url, sentence = primary_with_reprints(here)
    settings = {"NEWSDESK_DSN": here.dsn, "NEWSDESK_HOME": str(here.settings.home)}
    command = ["withdraw", url, "--why", "a wish", "--json"]
    refused = run_newsdesk(*command, stdin="n\n", **settings)
    assert refused.returncode == 1
    assert places_of(here, sentence) != set()
    done = run_newsdesk(*command, "--yes", **settings)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 1

    with transaction(here.dsn) as cursor:
        # as if it were found again by hand, and were asked for by every other way
        cursor.execute("UPDATE ops.frontier SET next_visit_at = now()")
    newsroom.edition = 2
    ingest_here(here)
    reconciling.run(here, "daily")
    assert places_of(here, sentence) == set()
    (found,) = ask(
        here, "SELECT outcome, reason, article_id FROM ops.frontier WHERE url_key = %s", urls.canonical_key(url)
    )
    assert found == ("withdrawn", "a wish", None)


def test_an_address_that_is_not_found_yet_is_refused_when_it_is(dsn: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    settings = {"NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(sources), **WITHOUT_NAMES, **WITHOUT_PAUSES}
    here = Desk(read_settings(settings), dsn)
    with Newsroom(pace=AT_A_RUN) as newsroom:
        newsroom.write_sources(sources)
        url = next(row.url for row in newsroom.expected(1) if row.body and not row.group)
        assert withdrawing.withdraw(here, url, "in advance") == withdrawing.Withdrawn(1, 0, 0, 0)
        ingest_here(here)
    assert ask(here, "SELECT outcome, reason FROM news.url_status WHERE url = %s", url) == [("withdrawn", "in advance")]
    assert ask(
        here, "SELECT count(*) FROM ops.document AS d JOIN ops.frontier AS f USING (url_id) WHERE f.url = %s", url
    ) == [(0,)]
    assert ask(
        here,
        "SELECT count(*) FROM ops.capture AS c JOIN ops.frontier AS f USING (url_id) WHERE f.url = %s AND erased_at IS NULL",
        url,
    ) == [(0,)]


@pytest.mark.parametrize("length", [600, 5_000, 300_000])
def test_a_blank_record_is_as_long_as_asked_and_every_reader_passes_over_it(length: int) -> None:
    blank = blank_record(length, "https://www.example.com/a")
    assert len(blank) == length
    one, two = ArchiveIterator(io.BytesIO(blank + blank))
    assert (one.rec_type, two.rec_type) == ("metadata", "metadata")


def test_no_record_fits_into_a_few_bytes() -> None:
    with pytest.raises(ValueError, match="fits into 40 bytes"):
        blank_record(40, "https://www.example.com/a")


@pytest.mark.parametrize("withdrawn", ["before it is read", "after it was read"])
def test_what_is_found_to_be_no_article_is_withdrawn_all_the_same(dsn: str, tmp_path: Path, withdrawn: str) -> None:
    """The page is fetched when its address is withdrawn; the text of one that ends as something else is kept to be seen."""
    here, url = Desk(read_settings({"NEWSDESK_HOME": str(tmp_path)}), dsn), "https://paper.example/live"
    run_id = arrive(dsn, [Arrival(url, "")], "r")
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.visit SET document_id = NULL, enriched_at = NULL RETURNING batch_id, url_id")
        batch_id, url_id = cursor.fetchone()  # type: ignore[misc]
        cursor.execute("UPDATE ops.capture SET erased_at = now()")  # it is in no archive here

    def read() -> None:
        with transaction(dsn) as cursor:
            evidence = {"title": "Live", "text": "Minute by minute"}
            visits.end_visit(cursor, batch_id, url_id, "extract", Outcome.NOT_ARTICLE, "a live page", evidence=evidence)

    if withdrawn == "before it is read":
        withdrawing.withdraw(here, url, "a wish")
        read()
    else:
        read()
        withdrawing.withdraw(here, url, "a wish")
        assert places_of(here, "Minute by minute") == set()
    stages.deduplicate(here, run_id)
    assert stages.publish(here, run_id) == {"withdrawn": 1}
    assert places_of(here, "Minute by minute") == set()
    assert ask(here, "SELECT outcome, reason FROM news.url_status") == [("withdrawn", "a wish")]
