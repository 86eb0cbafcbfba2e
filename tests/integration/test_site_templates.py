"""Site templates in the extract stage: archived pages in, bodies without furniture out. Real PostgreSQL, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archived import store
from newsdesk import extraction, site_templates, stages, urls
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.desk import Desk
from newsdesk.extract.guard import Guard
from newsdesk.model import Annotation, Document, Mention, Response
from newsdesk.settings import read_settings
from newsdesk.store import documents, runs, templates, visits
from newsdesk.store.database import rows, transaction

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
LETTER = "Thousands of neighbours get our dawn letter with their first cup of tea, and so can you."
CORNER = "Tales from the corner table are on the air each week"
REFRAIN = "And the river, as ever, said nothing."
SUBJECTS = (
    "ferry",
    "school",
    "bridge",
    "harbour",
    "library",
    "orchard",
    "station",
    "museum",
    "market",
    "quarry",
    "mill",
    "pier",
)


def own_text(number: int) -> list[str]:
    subject, later = SUBJECTS[number % len(SUBJECTS)], number // len(SUBJECTS)
    lines = [
        f"The {subject} on the eastern bank will be closed for {number + 2} weeks, the council of the town said on Monday evening.",
        f"A spokeswoman put the cost of the {subject} at {number * 13 + 7} thousand pounds, of which the county is to bear one half.",
        f"Those who use the {subject} every day, {later + 40} of them came to the meeting, asked for a shorter way around it.",
        f"The last time that the {subject} was shut for so long was in {1901 + number}, after the flood had taken its wall away.",
    ]
    return [*lines[:2], REFRAIN, *lines[2:], REFRAIN] if number % 4 == 0 else lines


def page_of(number: int, *, letter: str = LETTER) -> tuple[str, bytes, list[str]]:
    """Address, bytes and the article's own lines."""
    lines = own_text(number)
    paragraphs = [f"<p>{line}</p>" for line in lines]
    paragraphs.insert(2, f"<p>{letter}</p>")
    paragraphs.insert(4, f'<p class="corner">{CORNER}</p>')
    title = f"Report number {number} on the {SUBJECTS[number % len(SUBJECTS)]}"
    html = (
        f'<html lang="en"><head><title>{title}</title><meta property="og:type" content="article"></head><body><article>'
        f'<h1>{title}</h1><div class="copy">{"".join(paragraphs)}</div></article></body></html>'
    )
    return f"https://www.times.example/2026/03/02/report-{number}", html.encode(), lines


@dataclass
class House:
    desk: Desk

    def batch(self, pages: Sequence[tuple[str, bytes, list[str]]], after: timedelta = timedelta()) -> int:
        """A batch whose pages are fetched already."""
        with (
            transaction(self.desk.dsn) as cursor,
            ArchiveWriter(self.desk.settings.archive, "test") as archive,
        ):
            cursor.execute("SELECT count(*) FROM ops.batch")
            run = runs.open_run(cursor, f"run {cursor.fetchone()}", "cli", [], None)
            cursor.execute(
                "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', %s) RETURNING batch_id",
                (run, len(pages)),
            )
            (batch,) = cursor.fetchone() or (0,)
            for place, (url, html, _) in enumerate(pages):
                cursor.execute(
                    """
                    INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at)
                    VALUES (%s, %s, %s, 'times', now(), now())
                    ON CONFLICT (url_key) DO UPDATE SET last_found_at = now() RETURNING url_id
                    """,
                    (urls.canonical_key(url), url, urls.host(url)),
                )
                (url_id,) = cursor.fetchone() or (0,)
                response = Response(
                    url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), html,
                    BEGAN + after + timedelta(minutes=place), 0.1,
                )  # fmt: skip
                cursor.execute("INSERT INTO ops.visit (batch_id, url_id) VALUES (%s, %s)", (batch, url_id))
                at = store(archive, response)
                visits.save_capture(cursor, batch, url_id, response, hashlib.sha256(html).digest(), at)
        return int(batch)

    def sql(self, query: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(query, values)
            return rows(cursor) if cursor.description else []

    def bodies(self) -> dict[str, str]:
        found = self.sql("SELECT f.url, d.body FROM ops.visit AS v JOIN ops.document AS d USING (document_id) "
                         "JOIN ops.frontier AS f ON f.url_id = v.url_id")  # fmt: skip
        return {row["url"]: row["body"] for row in found}

    def learned(self) -> list[dict[str, Any]]:
        return self.sql("SELECT block, path, text, kind, pages, articles, first_seen_at, last_seen_at, state, why, "
                        "since_version, until_version FROM ops.template ORDER BY block")  # fmt: skip


def house_at(dsn: str, folder: Path) -> House:
    settings = read_settings({"NEWSDESK_HOME": str(folder), "NEWSDESK_EXTRACT_DEADLINE": "60"})
    house = House(Desk(settings, dsn))
    house.sql("INSERT INTO ops.source (source_id, definition, enabled) VALUES ('times', "
              """'{"id": "times", "name": "The Times", "homepage": "https://www.times.example/"}', true)""")  # fmt: skip
    return house


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(deadline=60) as guard:
        yield guard


@pytest.fixture
def house(dsn: str, tmp_path: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> House:
    """One guarded worker serves all tests: its start takes seconds."""
    monkeypatch.setattr(extraction, "standing", lambda deadline: guard)
    return house_at(dsn, tmp_path)


PAGES = [page_of(number) for number in range(8)]
TRUTH = {url: "\n\n".join(lines) for url, _, lines in PAGES}


def test_the_first_batch_of_a_site_loses_its_furniture_and_nothing_else(house: House) -> None:
    counts = stages.extract(house.desk, house.batch(PAGES))
    assert counts == {"articles": 8, "read_again": 8}
    assert house.bodies() == TRUTH
    assert {row["text"]: row["state"] for row in house.learned()} == {
        LETTER: "furniture", CORNER: "furniture", REFRAIN: "seen",
    }  # fmt: skip


def test_what_was_learned_and_left_out_can_be_read(house: House) -> None:
    stages.extract(house.desk, house.batch(PAGES))
    (corner,) = [row for row in house.learned() if row["text"] == CORNER]
    assert (corner["path"], corner["kind"], corner["pages"], corner["articles"]) == (
        "article>div.copy>p.corner",
        "label",
        8,
        8,
    )
    assert corner["why"] == "label at a place of its own, on 8 of 8 articles"
    assert corner["first_seen_at"] == BEGAN
    assert corner["last_seen_at"] == BEGAN + timedelta(minutes=7)
    gone = house.sql("SELECT url, text FROM ops.template_left_out ORDER BY url_id, text")
    assert [(row["url"], row["text"]) for row in gone] == [
        (url, text) for url, *_ in PAGES for text in (CORNER, LETTER)
    ]
    told = house.sql("SELECT provenance ->> 'template' AS told FROM ops.document")[0]["told"]
    assert told.startswith(("version 1: 2 of 7 blocks left out: ", "version 1: 2 of 6 blocks left out: "))
    assert str(corner["block"]) in told.split()


def test_a_known_sites_pages_are_read_once(house: House) -> None:
    stages.extract(house.desk, house.batch(PAGES))
    more = [page_of(20)]
    assert stages.extract(house.desk, house.batch(more, timedelta(hours=1))) == {"articles": 1}
    assert house.bodies()[more[0][0]] == "\n\n".join(more[0][2])


def test_few_pages_teach_nothing(house: House) -> None:
    assert stages.extract(house.desk, house.batch(PAGES[:2])) == {"articles": 2}
    assert all(LETTER in body for body in house.bodies().values())


def test_the_order_of_a_batch_does_not_matter(house: House) -> None:
    stages.extract(house.desk, house.batch(PAGES[::-1]))
    assert house.bodies() == TRUTH


def test_killed_anywhere_and_run_again_it_ends_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = house.batch(PAGES)
    for module, function in ((site_templates, "learn"), (templates, "read_too_early"), (site_templates, "forget_old")):
        with monkeypatch.context() as patch:
            patch.setattr(module, function, killed)
            with pytest.raises(KeyboardInterrupt):
                stages.extract(house.desk, batch)
    save, saved = templates.save_pages, []

    def dies_at_the_second(cursor: Any, pages: Any) -> None:
        saved.append(1)
        if len(saved) == 2:
            raise KeyboardInterrupt
        save(cursor, pages)

    house.sql("UPDATE ops.template_page SET known = '{}'")  # as if the second readings were still to come
    monkeypatch.setattr(extraction, "PAGES_A_COMMIT", 3)
    with monkeypatch.context() as patch:
        patch.setattr(templates, "save_pages", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            stages.extract(house.desk, batch)
    learned = house.learned()
    assert stages.extract(house.desk, batch) == {"read_again": 5}
    assert stages.extract(house.desk, batch) == {}
    assert house.bodies() == TRUTH
    assert house.learned() == learned
    assert house.sql("SELECT count(*) AS n FROM ops.document") == [{"n": 8}]
    assert {row["articles"] for row in learned if row["state"] == "furniture"} == {8}


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_page_that_was_enriched_meanwhile_is_not_read_again(house: House) -> None:
    batch = house.batch(PAGES[:2])
    stages.extract(house.desk, batch)
    house.sql("UPDATE ops.visit SET enriched_at = now()")
    stages.extract(house.desk, house.batch(PAGES[2:], timedelta(hours=1)))
    assert stages.extract(house.desk, batch) == {}
    assert sum(LETTER in body for body in house.bodies().values()) == 2


def test_a_second_reading_that_comes_too_late_leaves_no_trace(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    read_too_early = templates.read_too_early

    def enriched_meanwhile(cursor: Any, batch_id: int) -> list[int]:
        found = read_too_early(cursor, batch_id)
        cursor.execute("UPDATE ops.visit SET enriched_at = now()")
        return found

    monkeypatch.setattr(templates, "read_too_early", enriched_meanwhile)
    assert stages.extract(house.desk, house.batch(PAGES)) == {"articles": 8}
    assert all(LETTER in body for body in house.bodies().values())
    assert house.sql("SELECT * FROM ops.template_left_out") == []


@pytest.mark.parametrize("mentions", [(), (Mention(0, 6, "PER", "Albert", None),)], ids=["no name", "a name"])
def test_names_of_a_reading_that_has_been_replaced_are_not_said_to_be_those_of_the_new_one(
    house: House, mentions: tuple[Mention, ...]
) -> None:
    """An extract that was taken for dead reads a page again while the second try of enrich has the first reading."""
    batch = house.batch(PAGES[:2])
    stages.extract(house.desk, batch)
    with transaction(house.desk.dsn) as cursor:
        todo = documents.to_enrich(cursor, batch)
    with transaction(house.desk.dsn) as cursor:
        documents.forget_document(cursor, batch, todo[0].url_id, None)
        again = visits.to_extract(cursor, batch)[0]
        documents.save_document(
            cursor, batch, again.url_id, again.capture_id, Document(None, text="Anew"), extractor="x", body_digest=b"1"
        )
    with transaction(house.desk.dsn) as cursor:
        documents.save_annotations(cursor, batch, [(one, Annotation("en", "en", mentions)) for one in todo], "test")
        assert [one.body for one in documents.to_enrich(cursor, batch)] == ["Anew"]


def test_a_new_template_makes_the_old_furniture_gone_but_for_pages_of_its_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_templates, "LATEST", 8)
    stages.extract(house.desk, house.batch(PAGES))
    news = "Sit down with us: a new newspaper begins on Friday, and you may have the first chair."
    later = [page_of(number, letter=news) for number in range(20, 28)]
    stages.extract(house.desk, house.batch(later, timedelta(days=3)))
    assert {row["text"]: (row["state"], row["since_version"], row["until_version"]) for row in house.learned() if row["text"] != REFRAIN} == {
        CORNER: ("furniture", 1, None), LETTER: ("gone", 1, 2), news: ("furniture", 2, None),
    }  # fmt: skip
    assert house.bodies() == TRUTH | {url: "\n\n".join(lines) for url, _, lines in later}
    assert house.sql("SELECT count(*) AS n FROM ops.template_page") == [{"n": 8}]
    with transaction(house.desk.dsn) as cursor:
        known = templates.read_furniture(cursor, ["times.example"])["times.example"]
    assert (len(known.at(BEGAN)), len(known.at(BEGAN + timedelta(days=3)))) == (3, 2)


def test_a_hand_is_stronger_than_the_rules(house: House) -> None:
    stages.extract(house.desk, house.batch(PAGES))
    house.sql("UPDATE ops.template SET by_hand = 'keep' WHERE text = %s", CORNER)
    house.sql("UPDATE ops.template SET by_hand = 'drop' WHERE text = %s", REFRAIN)
    pages = [page_of(number) for number in range(20, 28)]
    stages.extract(house.desk, house.batch(pages, timedelta(hours=1)))
    body = house.bodies()[pages[0][0]]
    assert CORNER in body
    assert REFRAIN not in body
    assert LETTER not in body


def test_rows_of_a_site_are_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_FURNITURE", 1)
    monkeypatch.setattr(templates, "MOST_SEEN", 0)
    stages.extract(house.desk, house.batch(PAGES))
    assert [row["state"] for row in house.learned()] == ["furniture"]
