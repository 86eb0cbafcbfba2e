"""A database that the desk can be looked at with: two sources, runs done and under way, and texts that mean harm."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException
from psycopg2.extras import Json

from archived import store
from newsdesk.alerting.problem import Problem
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.dashboard.app import create_app
from newsdesk.dashboard.door import Door, Visitor
from newsdesk.deduplication import deduplicate_documents
from newsdesk.desk import Desk
from newsdesk.discover.candidates import Yield
from newsdesk.endpoint_finding import Finding
from newsdesk.model import Endpoint, EndpointKind, Response, Source
from newsdesk.settings import read_settings
from newsdesk.store import alerts, desk_actions, reports, runs
from newsdesk.store import sources as source_store
from newsdesk.store.database import Cursor, transaction
from newsdesk.store.publish import publish_run

HARM = '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">\'"&{{7*7}}\u202e'
BODY = (
    f"The ferry ran aground off Port Ellery on Monday, and the harbour was closed until the evening. {HARM}\n\n"
    "Five people were hurt, the coast guard said. Nobody was in danger of life, Nora Whitfield told the paper.\n\n"
    "The company will pay for all journeys by bus until the ship is back at its pier, it added."
)
PAGE = f"<html><title>Ferry</title><script>top.harmed=1</script><body><h1>Ferry aground</h1><p>{BODY}</p></body></html>"
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class World:
    desk: Desk
    run_id: int  # done
    running_id: int
    batch_id: int
    article_id: int
    capture_id: int
    quarantined_id: int


def one(cursor: Cursor, sql: str, *values: Any) -> int:
    cursor.execute(sql, values)
    return int(cursor.fetchone()[0])  # type: ignore[index]


def make_world(dsn: str, folder: Path) -> World:
    archive = folder / "archive"
    settings = read_settings(
        {"NEWSDESK_HOME": str(folder), "NEWSDESK_ARCHIVE": str(archive), "NEWSDESK_SOURCES": str(folder / "sources")}
    )
    sources = [
        Source(
            name,
            f"{name} {HARM}",
            "javascript:alert(1)",
            endpoints=(Endpoint(EndpointKind.FEED, f"https://{name}.example/rss"),),
        )
        for name in ("times", "post")
    ]
    with transaction(dsn) as cursor:
        source_store.save_sources(cursor, sources, complete=True)
        cursor.execute(
            "UPDATE ops.endpoint SET failures = 2, reason = %s, polled_at = now() WHERE source_id = 'post'", (HARM,)
        )
        run_id = runs.open_run(cursor, "ingest_news/manual__2026-03-02T07:00:00+00:00", "airflow", [], None)
        runs.save_faults(cursor, run_id, [f"bad.yaml: {HARM}"])
        batch_id = one(
            cursor,
            "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, %s, 4) RETURNING batch_id",
            run_id,
            [f"times.example{HARM}"],
        )
        article_id, capture_id = _page(
            cursor, archive, batch_id, "times", f"https://times.example/ferry?{HARM}", HARM, BODY
        )
        _page(cursor, archive, batch_id, "post", "https://post.example/ferry", "Ferry aground", BODY)
        quarantined_id = _url(cursor, "times", f"javascript:alert('{HARM}')", HARM)
        for url_id, stage, outcome in (
            (quarantined_id, "extract", "quarantined"),
            (_url(cursor, "post", "https://post.example/slow", None), "fetch", "timeout"),
        ):
            cursor.execute(
                "INSERT INTO ops.visit (batch_id, url_id, fetched_at, stage, outcome, reason, evidence) VALUES (%s, %s, now(), %s, %s, %s, %s)",
                (batch_id, url_id, stage, outcome, f"broke at 12: {HARM}", Json({"title": HARM, "text": HARM})),
            )
        runs.mark(cursor, run_id, "discovered_at")
    _publish(dsn, run_id)
    with transaction(dsn) as cursor:
        again = one(
            cursor, "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", run_id
        )
        _page(
            cursor,
            archive,
            again,
            "times",
            f"https://times.example/ferry?{HARM}",
            f"{HARM} again",
            BODY.replace("Five", "Six"),
        )
    _publish(dsn, run_id)
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            INSERT INTO news.entity (entity_id, type, name) VALUES ('00000000-0000-4000-8000-000000000001', 'PER', %s);
            INSERT INTO news.mention (article_id, entity_id, type, text, start_pos, end_pos)
            SELECT a.article_id, '00000000-0000-4000-8000-000000000001', 'PER', 'Nora Whitfield', position('Nora' IN body) - 1, position('Nora' IN body) + 13
            FROM news.article AS a WHERE article_id = %s;
            INSERT INTO ops.template (site, block, path, text, kind, pages, articles, first_seen_at, last_seen_at, state, why, rule)
            VALUES ('times.example', 7, 'p.box', %s, 'prose', 5, 5, now(), now(), 'furniture', %s, 1);
            INSERT INTO ops.template_page (url_id, capture_id, site, fetched_at, blocks, places, chars, kinds, times, paths, texts, known, left_out)
            VALUES (%s, %s, 'times.example', now(), '{5,7}', '{1,2}', '{9,9}', '{prose,prose}', '{1,1}', '{p,p}',
                ARRAY['Five people were hurt', %s], '{7}', '{7}')
            """,
            (HARM, article_id, HARM, HARM, article_id, capture_id, HARM),
        )
        problem = {"kind": "endpoints", "what": HARM, "remedy": HARM, "grave": "true"}
        reports.save_reports(
            cursor,
            run_id,
            [
                reports.Report("post", 2, {"published": 1, "timeout": 1}, 1, [problem]),
                reports.Report("times", 2, {"published": 1, "updated": 1}, 0, []),
            ],
        )
        alerts.record(
            cursor, run_id, [alerts.Judged("post", "endpoints", Problem("endpoints", HARM, HARM, grave=True))]
        )
        cursor.execute(
            "INSERT INTO ops.host (host, deferred_until, deferred_as, deferred_why) VALUES ('times.example', now() + interval '1 hour', 'rate_limited', %s)",
            (HARM,),
        )
        runs.finish(cursor, run_id, failed=False)
        running_id = runs.open_run(cursor, "cli/now", "cli", [], None)
        open_batch = one(
            cursor, "INSERT INTO ops.batch (run_id, hosts, urls) VALUES (%s, '{}', 1) RETURNING batch_id", running_id
        )
        cursor.execute(
            "INSERT INTO ops.visit (batch_id, url_id) VALUES (%s, %s)",
            (open_batch, _url(cursor, "times", "https://times.example/next", HARM)),
        )
        desk_actions.record(cursor, HARM, "retry", HARM, detail={HARM: HARM}, result=HARM)
    return World(Desk(settings, dsn), run_id, running_id, batch_id, article_id, capture_id, quarantined_id)


def _publish(dsn: str, run_id: int) -> None:
    with transaction(dsn) as cursor:
        deduplicate_documents(cursor, run_id)
    with transaction(dsn) as cursor:
        publish_run(cursor, run_id)


def _url(cursor: Cursor, source_id: str, url: str, title: str | None) -> int:
    return one(
        cursor,
        """
        INSERT INTO ops.frontier (url_key, url, host, source_id, endpoint_id, title, first_found_at, last_found_at)
        SELECT %s, %s, %s, %s, endpoint_id, %s, now(), now() FROM ops.endpoint WHERE source_id = %s
        ON CONFLICT (url_key) DO UPDATE SET last_found_at = now() RETURNING url_id
        """,
        url, url, f"{source_id}.example", source_id, title, source_id,
    )  # fmt: skip


def _page(
    cursor: Cursor, archive: Path, batch_id: int, source_id: str, url: str, title: str, body: str
) -> tuple[int, int]:
    url_id = _url(cursor, source_id, url, title)
    html = PAGE.encode()
    with ArchiveWriter(archive, f"test-{batch_id}") as writer:
        at = store(
            writer,
            Response(
                "https://times.example/",
                "https://times.example/",
                200,
                (("Content-Type", "text/html"),),
                html,
                NOW,
                0.1,
            ),
        )
    digest = hashlib.sha256(f"{title}{body}".encode()).digest()
    capture_id = one(
        cursor,
        """
        INSERT INTO ops.capture (url_id, batch_id, final_url, status, headers, content_type, digest, size, fetched_at, elapsed_ms,
            warc_file, warc_offset, warc_length)
        VALUES (%s, %s, %s, 200, '{}', 'text/html', %s, 9, now(), 120, %s, %s, %s) RETURNING capture_id
        """,
        url_id, batch_id, url, digest, at.file, at.offset, at.length,
    )  # fmt: skip
    document_id = one(
        cursor,
        """
        INSERT INTO ops.document (url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at,
            published_precision, tags, word_count, provenance)
        VALUES (%s, %s, 'test', %s, %s, %s, %s, 'en', %s, 'minute', '{}', %s, %s) RETURNING document_id
        """,
        url_id, capture_id, title.replace("\x00", ""), body, digest, [HARM], NOW - timedelta(minutes=30), len(body.split()), Json({"authors": HARM}),
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at) VALUES (%s, %s, %s, %s, now(), now(), now())",
        (batch_id, url_id, capture_id, document_id),
    )
    return url_id, capture_id


# ---- a door of the test's own: the role stands in a header

ROLES = {"viewer": (False, False), "user": (True, True)}
Role = Annotated[str | None, Header(alias="x-role")]
Started = list[tuple[str, Mapping[str, Any], str]]  # runs: DAG, conf, in whose name
FOUND = Finding(
    (Endpoint(EndpointKind.FEED, "https://new.example/rss"),),
    (Yield(Endpoint(EndpointKind.FEED, "https://new.example/rss"), "at a usual place"),),
)


def door_of(desk: Desk, started: Started, found: Finding, role: str | None = None) -> Door:
    """`role`: of everybody; None: each request tells its own."""

    def visitor(told: Role = None) -> Visitor:
        name = role or told
        if name not in ROLES:
            raise HTTPException(401, "Not authenticated")
        runs_, manages = ROLES[name]
        return Visitor(name, runs_, manages, runs_)

    def may_read(told: Role = None) -> None:
        visitor(told)

    def may_act(told: Role = None) -> None:
        if not visitor(told).runs:
            raise HTTPException(403, "Forbidden")

    def start(dag_id: str, conf: Mapping[str, Any], who: str) -> str:
        started.append((dag_id, conf, who))
        return "manual__1"

    return Door(
        lambda: desk,
        visitor,
        may_read,
        may_act,
        may_act,
        may_act,
        start,
        lambda guest, source, tell: (tell("feed"), found)[1],
    )


def mounted(door: Door) -> FastAPI:
    """As Airflow mounts it."""
    app = FastAPI()
    app.mount("/newsdesk", create_app(door))
    return app
