"""Stories of the demo newsroom as another's crawler archived them, and an importer of such files."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from command_line import NEWSDESK, environment
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.importing import steps as importing
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import Story, blocks
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from warc_making import html

Page = tuple[str, datetime, bytes]

STORIES = [story for story in ALL if story.edition == 1 and story.outlet != "wire"]


def published(story: Story) -> datetime:
    return datetime.fromisoformat(story.published).replace(tzinfo=UTC)


def page_of(story: Story, *, later: timedelta = timedelta(hours=1), more: str = "") -> Page:
    """The story as a crawler fetched it, so long after it came out."""
    head = f'<meta property="article:published_time" content="{story.published}Z"><meta property="og:type" content="article">'
    texts = [words for kind, words in blocks(story.text) if kind == "paragraph"]
    url = f"https://www.{story.outlet}.example{story.path}"
    return url, published(story) + later, html(story.title, [*texts, *([more] if more else [])], head)


@dataclass
class Importer:
    desk: Desk
    folder: Path

    def file(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def run(self, *files: str, key: str, source: str | None = None, again: bool = False) -> dict[str, int]:
        """All steps in this process. What `check` returns."""
        run = importing.open_run(self.desk, key, "airflow_import", files, source, again=again)
        return self.finish(run)

    def finish(self, run: int) -> dict[str, int]:
        for batch in importing.plan(self.desk, run):
            stages.extract(self.desk, batch)
            stages.enrich(self.desk, batch)
        stages.deduplicate(self.desk, run)
        stages.publish(self.desk, run)
        return importing.check(self.desk, run)

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(sql, values)
            return rows(cursor)

    def left_out(self, name: str) -> dict[str, int]:
        (row,) = self.ask(
            "SELECT left_out FROM ops.import WHERE file LIKE %s ORDER BY reading DESC LIMIT 1", f"%{name}"
        )
        return dict(row["left_out"])


def importer_of(dsn: str, folder: Path, **settings: str) -> Importer:
    (folder / "sources").mkdir(exist_ok=True)
    desk = Desk(read_settings({
        "NEWSDESK_HOME": str(folder), "NEWSDESK_SOURCES": str(folder / "sources"), "NEWSDESK_BATCH_SIZE": "4", **settings,
    }), dsn)  # fmt: skip
    return Importer(desk, folder)


SOURCE = """id: {id}
name: The {id}
homepage: {home}
exclude: ["/excluded/"]
expect: {{articles_per_day: [5, 50]}}
"""


def command(importer: Importer, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """`newsdesk import-warc` under way, on the importer's database."""
    return subprocess.Popen(
        [*NEWSDESK, "import-warc", "--quiet", *arguments], text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(
            NEWSDESK_HOME=str(importer.folder), NEWSDESK_SOURCES=str(importer.folder / "sources"),
            NEWSDESK_DSN=importer.desk.dsn, NEWSDESK_BATCH_SIZE="6", **settings,
        ),
    )  # fmt: skip
