"""An archive and a database as an older extractor left them, each article in another way: for tests of a reprocess."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archived import store
from arrivals import rows
from databases import fresh_database
from newsdesk import stages
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.desk import Desk
from newsdesk.importing import steps as importing
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import Story, blocks
from newsdesk.model import Response
from newsdesk.reprocessing import applying, steps
from newsdesk.reprocessing.report import Report, gather
from newsdesk.settings import read_settings
from newsdesk.store.reprocess import Scope
from warc_making import cc_news, html

STORIES = [story for story in ALL if story.edition == 1 and story.outlet != "wire"][:9]
SPARE = STORIES.pop()  # its page takes the place of one that was refused
EVERYTHING = Scope()
OLD = "newsdesk 0.0.1, trafilatura 1.0"
EMPTY = "https://www.empty.example/nothing"


def url_of(story: Story) -> str:
    return f"https://www.{story.outlet}.example{story.path}"


def page_of(story: Story) -> bytes:
    head = (
        f'<meta property="article:published_time" content="{story.published}Z"><meta property="og:type" content="article">'
        '<meta property="article:section" content="Towns">'
    )
    return html(story.title, [words for kind, words in blocks(story.text) if kind == "paragraph"], head)


@dataclass
class Archive:
    """A database and an archive with what an older extractor made of some pages."""

    desk: Desk

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return rows(self.desk.dsn, sql, *values)

    def report(
        self, scope: Scope = EVERYTHING, stage: str = "extract", *, apply: bool = False, key: str = ""
    ) -> Report:
        reprocess_id = steps.open_report(self.desk, key or f"r{time.monotonic()}", stage, scope, apply=apply)
        for portion in steps.unread_portions(self.desk, reprocess_id):
            steps.read_portion(self.desk, reprocess_id, portion)
        return gather(self.desk, reprocess_id)

    def last(self) -> Report:
        """The report that was made."""
        (row,) = self.ask("SELECT max(reprocess_id) AS last FROM ops.reprocess")
        return gather(self.desk, row["last"])

    def apply(self, reprocess_id: int, key: str = "apply") -> dict[str, int]:
        run = applying.open_run(self.desk, reprocess_id, key, "airflow_reprocess")
        for batch in applying.admit(self.desk, reprocess_id, run):
            stages.enrich(self.desk, batch)
        stages.deduplicate(self.desk, run)
        stages.publish(self.desk, run)
        return applying.check(self.desk, reprocess_id, run)

    def article(self, story: Story) -> dict[str, Any]:
        (row,) = self.ask("SELECT * FROM news.article WHERE url = %s", url_of(story))
        return row

    def older(self, story: Story, **columns: object) -> None:
        """Let the article be as an older extractor left it."""
        where = "(SELECT article_id FROM news.article WHERE url = %s)"
        for column, value in columns.items():
            self.ask(f"UPDATE ops.document SET {column} = %s WHERE url_id = {where}", value, url_of(story))
            self.ask(f"UPDATE news.article SET {column} = %s WHERE article_id = {where}", value, url_of(story))
            if column in ("title", "body", "authors", "published_at", "modified_at"):
                self.ask(
                    f"UPDATE news.article_version SET {column} = %s WHERE article_id = {where}", value, url_of(story)
                )

    def archive_at(self, url: str, body: bytes | None) -> None:
        """Let the URL's record be another page; None: gone."""
        if body is None:
            self.ask(
                "UPDATE ops.capture SET warc_file = 'gone.warc.gz' WHERE url_id = (SELECT url_id FROM ops.frontier WHERE url = %s)",
                url,
            )
            return
        response = Response(
            url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), body, datetime.now(UTC), 0.1
        )
        with ArchiveWriter(self.desk.settings.archive, "test") as archive:
            at = store(archive, response)
        self.ask(
            """
            UPDATE ops.capture SET warc_file = %s, warc_offset = %s, warc_length = %s
            WHERE url_id = (SELECT url_id FROM ops.frontier WHERE url = %s)
            """,
            at.file, at.offset, at.length, url,
        )  # fmt: skip

    def analysts_view(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "articles": [
                {k: v for k, v in row.items() if k != "loaded_at"}
                for row in self.ask("SELECT * FROM news.article ORDER BY article_id")
            ],
            "versions": self.ask("SELECT * FROM news.article_version ORDER BY article_id, version"),
            "mentions": self.ask("SELECT * FROM news.mention ORDER BY article_id, start_pos"),
            "entities": self.ask("SELECT * FROM news.article_entity ORDER BY article_id, entity_id"),
            "urls": self.ask("SELECT * FROM news.url_status ORDER BY url"),
            "clusters": self.ask("SELECT * FROM news.cluster ORDER BY cluster_id"),
        }


@pytest.fixture(scope="module")
def older(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The stories imported, and then left as an older extractor would have made them."""
    folder = tmp_path_factory.mktemp("reprocess")
    (folder / "sources").mkdir()
    archive = Archive(desk_of(module_dsn, folder))
    at = [datetime.fromisoformat(story.published).replace(tzinfo=UTC) + timedelta(hours=1) for story in STORIES]
    pages = [(url_of(story), when, page_of(story)) for story, when in zip(STORIES, at, strict=True)]
    pages.append((EMPTY, at[0], html("Nothing", ["Nothing here."])))
    (folder / "a.warc.gz").write_bytes(cc_news(pages))
    run = importing.open_run(archive.desk, "import", "airflow_import", [str(folder / "a.warc.gz")])
    for batch in importing.plan(archive.desk, run):
        stages.extract(archive.desk, batch)
        stages.enrich(archive.desk, batch)
    stages.deduplicate(archive.desk, run)
    stages.publish(archive.desk, run)
    importing.check(archive.desk, run)
    make_older(archive)
    return archive


def desk_of(dsn: str, folder: Path) -> Desk:
    names = {"HOME": str(folder), "SOURCES": str(folder / "sources"), "BATCH_SIZE": "5"}
    return Desk(read_settings({f"NEWSDESK_{name}": value for name, value in names.items()}), dsn)


@contextmanager
def copy_of(archive: Archive, template_dsn: str) -> Iterator[Archive]:
    with fresh_database(template_dsn, urlsplit(archive.desk.dsn).path.strip("/")) as copy:
        yield Archive(desk_of(copy, archive.desk.settings.home))


@pytest.fixture
def archive(older: Archive, template_dsn: str) -> Iterator[Archive]:
    """What an older extractor made of the stories, each article in another way."""
    with copy_of(older, template_dsn) as archive:
        yield archive


@pytest.fixture(scope="module")
def read_once(older: Archive, template_dsn: str) -> Iterator[Archive]:
    with copy_of(older, template_dsn) as archive:
        archive.report()
        yield archive


@pytest.fixture
def reported(read_once: Archive, template_dsn: str) -> Iterator[Archive]:
    """The same, with a report on all of it."""
    with copy_of(read_once, template_dsn) as archive:
        yield archive


BODY, SPACING, SECTION, DATED, LOST, WALLED, SAME, FRESH = STORIES


def make_older(archive: Archive) -> None:
    """The stories as an older extractor left them."""
    archive.ask("UPDATE ops.document SET extractor = %s, annotator = 'older'", OLD)
    archive.ask("UPDATE ops.visit SET evidence = evidence - 'extractor'")
    body = archive.article(BODY)["body"]
    archive.older(BODY, body=f"0\n\n{body[: body.rindex(chr(10))].strip()}\n\nShare it...\n\nLeave a Reply")
    archive.older(SPACING, body=archive.article(SPACING)["body"].replace("\n\n", "\n"))
    archive.older(SECTION, section="Wrong", tags=["x"])
    archive.older(DATED, published_at=datetime(2020, 1, 1, tzinfo=UTC), published_precision="day")
    archive.archive_at(url_of(LOST), None)
    archive.archive_at(url_of(WALLED), html("Nothing", ["Nothing here."]))
    archive.archive_at(EMPTY, page_of(SPARE))
