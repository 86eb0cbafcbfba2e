"""What the desk's pages cost at a million articles: ms of the server for each, p50 and p95, and which stay above 300 ms.

    python bench/desk.py [--articles 1000000] [--times 20] [--only overview …] [--plans]

A PostgreSQL of its own (the embedded one, default settings, in a temporary folder) is filled with synthetic rows by
set-based SQL: 500 sources of unlike size with two endpoints each, found over 30 days in hourly runs of four batches, and
1.6 URLs for each article, of which a part was refused, failed or is in quarantine; the last run is under way. Each page
is asked for in turn by the desk's own application, with its templates and without a network; the first round does not
count. CPU is that of the application and of PostgreSQL together, the mean: on a machine that has other things to do it says
what the milliseconds would be on an idle one. --plans prints the statements that took longest, as PostgreSQL saw them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from fastapi.testclient import TestClient

from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding
from newsdesk.local import postgres
from newsdesk.settings import read_settings
from newsdesk.store import asking
from newsdesk.store.database import Cursor, rows, run_alone, transaction
from newsdesk.store.migrate import migrate

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from desk_world import door_of, mounted

SLOW = 300  # ms

# %(n)s: articles. URLs are numbered by time: i of 1.6 n; those with i % 8 < 5 are articles
FILL = {
    "sources": """
        INSERT INTO news.source (source_id, name, language, homepage)
        SELECT 'outlet-' || s, 'Outlet ' || s, 'en', 'https://outlet-' || s || '.example/' FROM generate_series(0, 499) AS s;
        INSERT INTO ops.source (source_id, definition, enabled)
        SELECT source_id, jsonb_build_object('id', source_id, 'name', name, 'homepage', homepage, 'endpoints', '[]'::jsonb,
            'expect', '{"articles_per_day": [1, 900]}'::jsonb), true
        FROM news.source;
        INSERT INTO ops.endpoint (source_id, kind, url, polled_at, worked_at, changed_at, status, failures, reason, links_seen, next_poll_at)
        SELECT source_id, 'feed', homepage || part, now(), now(), now(), 200, (part = 'b' AND source_id LIKE '%%7')::int, 'status 503', 40,
            now() + interval '10 minutes'
        FROM news.source, unnest(ARRAY['a', 'b']) AS part;
        INSERT INTO ops.host (host, deferred_until, deferred_as, deferred_why, last_status, last_asked_at)
        SELECT 'outlet-' || s || '.example', CASE WHEN s %% 40 = 0 THEN now() + interval '20 minutes' END,
            CASE WHEN s %% 40 = 0 THEN 'rate_limited' END, CASE WHEN s %% 40 = 0 THEN 'status 429' END, 200, now()
        FROM generate_series(0, 499) AS s
    """,
    "runs": """
        INSERT INTO ops.run (run_key, kind, state, started_at, discovered_at, planned_at, published_at, finished_at)
        SELECT 'ingest_news/scheduled__' || h, 'airflow', 'done', at, at + interval '2 minutes', at + interval '3 minutes',
            at + interval '24 minutes', at + interval '25 minutes'
        FROM (SELECT h, date_trunc('hour', now()) - interval '30 days' + h * interval '1 hour' + interval '7 minutes' AS at
            FROM generate_series(0, 719) AS h) AS hours ORDER BY h;
        UPDATE ops.run SET state = 'running', published_at = NULL, finished_at = NULL WHERE run_id = (SELECT max(run_id) FROM ops.run);
        INSERT INTO ops.batch (run_id, hosts, urls, created_at)
        SELECT run_id, ARRAY['outlet-' || b || '.example', 'outlet-' || b + 4 || '.example'], 0, planned_at
        FROM ops.run, generate_series(0, 3) AS b ORDER BY run_id, b
    """,
    "made": """
        CREATE UNLOGGED TABLE made AS
        SELECT i AS url_id, s.source, 'outlet-' || s.source AS source_id, 'https://outlet-' || s.source || '.example/' || i AS url,
            r.run_id, (r.run_id - 1) * 4 + 1 + s.source %% 4 AS batch_id, r.started_at + interval '1 minute' AS found_at,
            r.started_at + interval '20 minutes' AS settled_at, r.state = 'running' AS busy, i %% 8 < 5 AS is_article,
            CASE i %% 8 WHEN 5 THEN 'not_article' WHEN 6 THEN (ARRAY['gone', 'timeout', 'http_error', 'wall'])[1 + i %% 4]
                WHEN 7 THEN CASE WHEN i %% 400 < 8 THEN 'quarantined' ELSE 'robots_denied' END ELSE 'published' END AS outcome
        FROM generate_series(1, (%(n)s * 1.6)::int) AS i
        CROSS JOIN LATERAL (SELECT (500 * power((i::bigint * 7919 %% 1000) / 1000.0, 2))::int %% 500 AS source) AS s
        JOIN ops.run AS r ON r.run_id = 1 + (i - 1)::bigint * 720 / ((%(n)s * 1.6)::int)
    """,
    "frontier": """
        INSERT INTO ops.frontier (url_id, url_key, url, host, source_id, endpoint_id, title, published_at, first_found_at, last_found_at,
            last_tried_at, next_visit_at, open_batch_id, outcome, stage, reason, failures, article_id)
        OVERRIDING SYSTEM VALUE
        SELECT url_id, url, url, 'outlet-' || source || '.example', source_id, source * 2 + 1 + (url_id %% 5 = 0)::int, 'Council votes ' || url_id,
            found_at - interval '20 minutes', found_at, found_at, CASE WHEN NOT busy THEN settled_at END,
            CASE WHEN busy THEN NULL WHEN is_article AND settled_at > now() - interval '7 days' THEN now() + (url_id %% 1440 - 20) * interval '1 minute'
                WHEN outcome = 'timeout' AND url_id %% 3 = 0 THEN now() + interval '1 hour' END,
            CASE WHEN busy THEN batch_id END, CASE WHEN NOT busy THEN outcome END,
            CASE WHEN busy THEN NULL WHEN outcome IN ('gone', 'timeout', 'http_error', 'robots_denied') THEN 'fetch' WHEN is_article THEN 'publish' ELSE 'extract' END,
            CASE WHEN NOT busy AND NOT is_article THEN 'it came to nothing for reason ' || (ARRAY['a', 'b', 'c', 'd', 'e'])[1 + url_id %% 5] || ': ' || url_id END,
            (outcome = 'timeout')::int, CASE WHEN is_article AND NOT busy THEN url_id END
        FROM made
    """,
    "captures": """
        INSERT INTO ops.capture (capture_id, url_id, batch_id, final_url, status, headers, content_type, digest, size, fetched_at, elapsed_ms,
            warc_file, warc_offset, warc_length)
        OVERRIDING SYSTEM VALUE
        SELECT url_id, url_id, batch_id, url, 200, '{}', 'text/html', decode(md5(url), 'hex'), 40000,
            settled_at - interval '10 minutes' + (url_id %% 500) * interval '1 second', 80 + url_id %% 900, 'none', 0, 1
        FROM made WHERE outcome NOT IN ('gone', 'timeout', 'http_error', 'robots_denied') AND (NOT busy OR url_id %% 2 = 0)
    """,
    "documents": """
        INSERT INTO ops.document (document_id, url_id, capture_id, extractor, title, body, body_digest, authors, language, published_at,
            published_precision, tags, word_count, provenance, extracted_at)
        OVERRIDING SYSTEM VALUE
        SELECT m.url_id, m.url_id, c.capture_id, 'bench', 'Council votes ' || m.url_id, repeat('The council met to vote on plan ' || m.url_id || '. ', 8),
            decode(md5(m.url), 'hex'), ARRAY['Writer'], 'en', found_at - interval '20 minutes', 'minute', '{}', 300, '{}', settled_at
        FROM made AS m JOIN ops.capture AS c USING (url_id) WHERE is_article AND NOT busy
    """,
    "visits": """
        INSERT INTO ops.visit (batch_id, url_id, capture_id, document_id, fetched_at, extracted_at, enriched_at, deduplicated_at, settled_at,
            stage, outcome, reason, evidence, article_id)
        SELECT m.batch_id, m.url_id, c.capture_id, d.document_id, coalesce(c.fetched_at, CASE WHEN NOT busy THEN settled_at END),
            d.extracted_at, d.extracted_at, d.extracted_at, CASE WHEN NOT busy THEN settled_at END, f.stage, f.outcome, f.reason,
            CASE WHEN f.reason IS NOT NULL THEN '{"title": "Council"}'::jsonb END, CASE WHEN d.document_id IS NOT NULL THEN m.url_id END
        FROM made AS m JOIN ops.frontier AS f USING (url_id) LEFT JOIN ops.capture AS c USING (url_id) LEFT JOIN ops.document AS d USING (url_id)
    """,
    "articles": """
        INSERT INTO news.article (article_id, source_id, url, canonical_url, title, body, authors, language, published_at,
            published_precision, first_seen_at, loaded_at, version, cluster_id, is_primary, story_id, word_count, tags)
        SELECT d.document_id, m.source_id, m.url, m.url, d.title, d.body, d.authors, 'en', d.published_at, 'minute', found_at, settled_at, 1,
            greatest(1, d.document_id - d.document_id %% 3), d.document_id %% 3 = 0, 1 + d.document_id / 5, 300, '{}'
        FROM ops.document AS d JOIN made AS m USING (url_id)
    """,
    "names": """
        INSERT INTO news.entity (entity_id, type, name)
        SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(e), 12, '0'))::uuid, 'PER', 'Person ' || e FROM generate_series(1, 20000) AS e;
        INSERT INTO news.mention (article_id, entity_id, type, text, start_pos, end_pos)
        SELECT article_id, ('00000000-0000-4000-8000-' || lpad(to_hex(1 + article_id %% 20000), 12, '0'))::uuid, 'PER', 'council', 4, 11
        FROM news.article WHERE article_id > (SELECT max(article_id) FROM news.article) - 100000
    """,
    "counts": """
        INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
        SELECT date_trunc('hour', settled_at), source_id, outcome, count(*), max(settled_at) FROM made WHERE NOT busy GROUP BY 1, 2, 3;
        INSERT INTO ops.outcome_total SELECT outcome, sum(urls) FROM ops.arrivals GROUP BY 1;
        INSERT INTO ops.run_report (run_id, source_id, found, outcomes, duplicates, problems)
        SELECT run_id, source_id, sum(n), jsonb_object_agg(outcome, n), 0,
            CASE WHEN source_id LIKE '%%7' THEN '[{"kind": "endpoints", "what": "1 of 2 endpoints failed", "remedy": "look", "grave": "false"}]' ELSE '[]' END::jsonb
        FROM (SELECT run_id, source_id, outcome, count(*) AS n FROM made WHERE NOT busy GROUP BY 1, 2, 3) AS c GROUP BY 1, 2;
        INSERT INTO ops.stage_time (run_id, batch_id, stage, began_at, seconds)
        SELECT run_id, batch_id, stage, created_at, 60 FROM ops.batch, unnest(ARRAY['fetch', 'extract', 'enrich']) AS stage;
        INSERT INTO news.source_day (source_id, day, found, fetched, published, reprints, other_addresses, waiting, refused, words)
        SELECT source_id, (found_at AT TIME ZONE 'UTC')::date, count(*), 0, count(*) FILTER (WHERE is_article), 0, 0, 0,
            jsonb_build_object('not_article', count(*) FILTER (WHERE NOT is_article)), 300
        FROM made GROUP BY 1, 2;
        INSERT INTO ops.template (site, block, path, text, kind, pages, articles, first_seen_at, last_seen_at, state, why, rule)
        SELECT 'outlet-' || s || '.example', b, 'p.box', 'Share this ' || b, 'prose', 50, 50, now(), now(), 'furniture', 'on all pages', 1
        FROM generate_series(0, 499) AS s, generate_series(1, 20) AS b;
        INSERT INTO ops.template_page (url_id, capture_id, site, fetched_at, blocks, places, chars, kinds, times, paths, texts, known, left_out)
        SELECT url_id, url_id, 'outlet-' || source || '.example', settled_at, '{1,2}', '{1,2}', '{9,9}', '{prose,prose}', '{1,1}', '{p,p}',
            '{The council,Share}', '{2}', '{2}'
        FROM made WHERE is_article AND NOT busy AND url_id > (SELECT max(url_id) FROM made) - 60000
    """,
}


# none of them stands for a constraint
INDEXES = """
SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('ops', 'news') AND c.relkind = 'i' AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
  AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
"""


def fill(dsn: str, articles: int) -> None:
    """All rows in one transaction: without indexes, which are made at its end, and without a check of each foreign key."""
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"  {what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    run_alone(dsn, ["ALTER SYSTEM SET max_wal_size = '16GB'", "SELECT pg_reload_conf()"])
    with transaction(dsn) as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL synchronous_commit = off")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for name, statement in FILL.items():
            cursor.execute(statement, {"n": articles})
            tell(name)
        cursor.execute(
            """
            DROP TABLE made;
            UPDATE ops.batch AS b SET urls = v.urls
            FROM (SELECT batch_id, count(*) AS urls FROM ops.visit GROUP BY 1) AS v WHERE v.batch_id = b.batch_id
            """
        )
        for _, definition in indexes:
            cursor.execute(definition)
        tell("indexes")
    run_alone(dsn, ["VACUUM (ANALYZE)"])
    tell("vacuum")


def pages(cursor: Cursor) -> dict[str, str]:
    """A name -> an address, of the things that are dearest: the largest source, the last run that is over."""

    def one(sql: str) -> Any:
        cursor.execute(sql)
        return cursor.fetchone()[0]  # type: ignore[index]

    source = one("SELECT source_id FROM ops.arrivals GROUP BY 1 ORDER BY sum(urls) DESC LIMIT 1")
    run = one("SELECT max(run_id) FROM ops.run WHERE state = 'done'")
    article = one("SELECT max(article_id) FROM news.article")
    address = one(f"SELECT url FROM ops.frontier WHERE url_id = {article}")
    since = one("SELECT to_char(now() - interval '24 hours', 'YYYY-MM-DD\"T\"HH24:MI')")
    return {
        "overview": "/", "live": "/live", "source": f"/sources/{source}", "quarantine": "/quarantine", "quarantine of timeouts": "/quarantine?outcome=timeout",
        "run": f"/runs/{run}", "running run": f"/runs/{run + 1}", "batch": f"/batches/{run * 4}", "runs": "/runs", "article": f"/urls/{article}",
        "metrics": "/metrics", "reprocess": "/reprocess", "audit": "/rows/audit", "rows: a day's articles": f"/rows/visits?outcome=published&since={since}",
        "rows: due": "/rows/waiting", "rows: quarantined": "/rows/ended?outcome=quarantined", "rows: of a source": f"/rows/found?source={source}&days=7",
        "rows: articles of a source": f"/rows/articles?source={source}", "find": f"/find?q={address}",
    }  # fmt: skip


def cpu(postmaster: psutil.Process) -> float:
    """Seconds of this process, and of PostgreSQL's that have ended: each page has a connection of its own."""
    ended = postmaster.cpu_times()
    return time.process_time() + float(ended.children_user + ended.children_system)


def measure(client: TestClient, path: str, times: int, postmaster: psutil.Process) -> tuple[list[float], float]:
    """ms of each request, and ms of CPU a request."""
    taken, used = [], 0.0
    for i in range(times + 1):
        if i == 1:
            used = cpu(postmaster)
        began = time.perf_counter()
        answer = client.get(f"/newsdesk{path}", follow_redirects=False)
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code} {answer.text[:300]}"
    time.sleep(0.2)  # the last connection's process ends
    return taken[1:], 1000 * (cpu(postmaster) - used) / times


def statements(client: TestClient, path: str, dsn: str) -> None:
    """The dearest statements of a page, with their plans."""
    asked: list[tuple[float, str]] = []
    ask = asking.ask

    def timed(cursor: Cursor, sql: str, values: Any = None) -> asking.Answer:
        began = time.perf_counter()
        answer = ask(cursor, sql, values)
        asked.append((time.perf_counter() - began, answer.sql))
        return answer

    modules = [
        module
        for name, module in sys.modules.items()
        if name.startswith("newsdesk.store") and getattr(module, "ask", None) is ask
    ]
    for module in modules:
        module.ask = timed  # type: ignore[attr-defined]
    client.get(f"/newsdesk{path}", follow_redirects=False)
    for module in modules:
        module.ask = ask  # type: ignore[attr-defined]
    if not asked:
        return
    for seconds, sql in sorted(asked, reverse=True)[:3]:
        print(f"    {1000 * seconds:.0f} ms: {' '.join(sql.split())[:200]}")
    with transaction(dsn) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {max(asked)[1]}")
        print("\n".join(f"      {row['QUERY PLAN']}" for row in rows(cursor)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument(
        "--plans", action="store_true", help="the plans of what is dearest on each page above the limit"
    )
    parser.add_argument("--home", type=Path, help="keep the database here, and use it where it is filled already")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="newsdesk-bench-") as folder:
        home = asked.home or Path(folder)
        home.mkdir(exist_ok=True)
        dsn = postgres.start(home)
        try:
            migrate(dsn)
            with transaction(dsn) as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM ops.run)")
                filled = cursor.fetchone() == (True,)
            if not filled:
                fill(dsn, asked.articles)
            with transaction(dsn) as cursor:
                todo = {name: path for name, path in pages(cursor).items() if not asked.only or name in asked.only}
            desk = Desk(read_settings({"NEWSDESK_HOME": str(home)}), dsn)
            slow = []
            postmaster = psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().split()[0]))
            print(f"{'page':<28}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}   load {os.getloadavg()[0]:.1f}")
            with TestClient(mounted(door_of(desk, [], Finding(()), "user"))) as client:
                for name, path in todo.items():
                    taken, used = measure(client, path, asked.times, postmaster)
                    most = statistics.quantiles(taken, n=20, method="inclusive")[-1]
                    print(
                        f"{name:<28}{statistics.median(taken):>8.0f}{most:>8.0f}{used:>8.0f}{'   above ' + str(SLOW) if most > SLOW else ''}",
                        flush=True,
                    )
                    if most > SLOW:
                        slow.append(name)
                        if asked.plans:
                            statements(client, path, dsn)
            print(f"load {os.getloadavg()[0]:.1f}; {len(slow)} of {len(todo)} pages above {SLOW} ms")
        finally:
            postgres.stop(home)


if __name__ == "__main__":
    main()
