"""The desk's pictures in docs/images, made anew: two editions of the demo newsroom, read in full.

PYTHONPATH=tests python tests/ui/desk_pictures.py
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from command_line import ROOT, WITHOUT_PAUSES
from desk_serving import chromium, served
from desk_world import one
from in_process import ingest_here
from newsdesk.desk import Desk
from newsdesk.local import postgres
from newsdesk.local.newsroom import Newsroom
from newsdesk.settings import read_settings
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate

IMAGES = ROOT / "docs" / "images"

# a fortnight's rhythm before today, so that there is something usual
_RHYTHM = """
INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
SELECT hour, source_id, outcome, urls, hour + interval '20 minutes' FROM (
    SELECT hour, source_id, outcome, (many * (1 + sin((extract(hour FROM hour) - 4) / 24 * pi()) ^ 2
        + (hashtext(source_id || hour || outcome) %% 100) / 90.0))::int AS urls
    FROM generate_series(date_trunc('hour', now()) - interval '27 days', date_trunc('hour', now()) - interval '1 hour', interval '1 hour') AS hour,
        ops.source, (VALUES ('published', 2.0), ('unchanged', 3.0), ('not_article', 0.6), ('timeout', 0.1)) AS o (outcome, many)) AS made
WHERE urls > 0
ON CONFLICT DO NOTHING
"""

# the newsroom's stories have dates of their own, long ago
_OF_TODAY = """
UPDATE news.article SET published_at = first_seen_at - (4 + abs(hashtext(url)) % 45) * interval '1 minute'
WHERE version = 1 AND published_precision <> 'day'
"""


def main() -> None:
    with TemporaryDirectory(prefix="newsdesk-pictures-", ignore_cleanup_errors=True) as name:
        home = Path(name) / "home"
        dsn = postgres.start(home)
        try:
            migrate(dsn)
            take_pictures(filled_desk(dsn, Path(name)))
        finally:
            postgres.stop(home)


def filled_desk(dsn: str, folder: Path) -> Desk:
    (folder / "sources").mkdir()
    settings = read_settings(
        {
            "NEWSDESK_HOME": str(folder),
            "NEWSDESK_SOURCES": str(folder / "sources"),
            "NEWSDESK_BATCH_SIZE": "30",
            **WITHOUT_PAUSES,
        }
    )
    desk = Desk(settings, dsn)
    with Newsroom() as newsroom:
        newsroom.write_sources(folder / "sources")
        for edition in (1, 2):
            newsroom.edition = edition
            ingest_here(desk)
    with transaction(dsn) as cursor:
        cursor.execute(_RHYTHM, {})
        cursor.execute(_OF_TODAY)
        run = one(
            cursor,
            "INSERT INTO ops.run (run_key, kind, discovered_at) VALUES ('ingest_news/now', 'airflow', now()) RETURNING run_id",
        )
        batch = one(cursor, "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 40) RETURNING batch_id", run)
        cursor.execute(
            """
            INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at)
            SELECT %s, f.url_id, CASE WHEN place <= 31 THEN d.capture_id END, CASE WHEN place <= 18 THEN d.document_id END, now()
            FROM (SELECT url_id, row_number() OVER (ORDER BY url_id) AS place FROM ops.frontier WHERE article_id = url_id) AS f
            CROSS JOIN LATERAL (SELECT * FROM ops.document AS d WHERE d.url_id = f.url_id LIMIT 1) AS d WHERE place <= 40
            """,
            (batch,),
        )
    return desk


def take_pictures(desk: Desk) -> None:
    with transaction(desk.dsn) as cursor:
        run = one(cursor, "SELECT max(run_id) FROM ops.run WHERE state <> 'running'")
        article = one(
            cursor,
            "SELECT article_id FROM news.article ORDER BY version DESC, (SELECT count(*) FROM news.mention AS m WHERE m.article_id = article.article_id) DESC LIMIT 1",
        )
        cursor.execute(
            "SELECT source_id FROM ops.endpoint WHERE active GROUP BY 1 ORDER BY max(failures) DESC, count(*) DESC, 1 LIMIT 1"
        )
        (source,) = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(
            "SELECT outcome FROM ops.frontier WHERE article_id IS NULL AND outcome IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        (outcome,) = cursor.fetchone()  # type: ignore[misc]
    with served(desk) as address, chromium() as browser:
        for name, path, width, height, theme in (
            ("overview", "/", 1280, 1500, "light"), ("overview_dark", "/", 1280, 900, "dark"), ("narrow", "/", 360, 900, "light"),
            ("source", f"/sources/{source}", 1280, 1500, "light"), ("url", f"/urls/{article}", 1280, 1500, "light"),
            ("quarantine", f"/quarantine?outcome={outcome}", 1280, 900, "light"), ("run", f"/runs/{run}", 1280, 1200, "dark"),
        ):  # fmt: skip
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"desk_{name}.png")
            page.close()


if __name__ == "__main__":
    main()
