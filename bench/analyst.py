"""What the cookbook's questions cost at a million articles: ms of each query, and which stay above 200 ms.

    python bench/analyst.py [--articles 1000000] [--only 13 …] [--plans]

A PostgreSQL of its own (the embedded one, default settings, in a temporary folder) is filled with synthetic rows by
set-based SQL: 1,000 outlets of unlike size over two years, three of ten articles reprints, stories of about four
articles, five names an article out of 100,000, every twentieth article corrected once, a load each hour. Bodies are some
300 characters, so the tables are smaller than real ones; what reads no bodies is not helped by that. Each query runs
three times, the best is printed: with warm caches, as a second analyst finds them. --plans prints those above 200 ms.
"""

from __future__ import annotations

import argparse
import runpy
import sys
import time
from pathlib import Path
from typing import Any

from newsdesk.store.database import autocommitting, transaction
from newsdesk.store.migrate import migrate
from own_server import own_server

COOKBOOK = Path(__file__).resolve().parents[1] / "docs" / "cookbook.py"
SLOW = 200  # ms

# The days end with those that the recipes name; %(n)s is the number of articles.
FILL = {
    "sources": """
        INSERT INTO news.source (source_id, name, language, homepage)
        SELECT 'outlet-' || s, 'Outlet ' || s, (ARRAY['en','fr','de','es','ar'])[1 + s %% 5], 'https://outlet-' || s || '.example/'
        FROM generate_series(0, 999) AS s;
        INSERT INTO ops.source (source_id, definition, enabled)
        SELECT source_id, jsonb_build_object('id', source_id, 'name', source_id, 'homepage', 'https://' || source_id || '.example/',
            'language', 'en', 'endpoints', '[]'::jsonb), true FROM news.source
    """,
    "articles": """
        CREATE TEMPORARY TABLE made AS
        SELECT g AS article_id, (1000 * power((g::bigint * 7919 %% 1000) / 1000.0, 2))::integer AS source,
            '2024-03-31Z'::timestamptz + interval '730 days' * (g::float8 / %(n)s) AS published_at,
            CASE WHEN g %% 10 >= 7 THEN g - g %% 10 ELSE g END AS cluster_id
        FROM generate_series(1, %(n)s) AS g;
        INSERT INTO news.article (article_id, source_id, url, canonical_url, title, body, authors, language, published_at,
            published_precision, first_seen_at, loaded_at, version, cluster_id, is_primary, story_id, word_count, tags)
        SELECT article_id, 'outlet-' || source, 'https://outlet-' || source || '.example/' || article_id,
            'https://outlet-' || source || '.example/' || article_id,
            'Council ' || article_id %% 977 || ' votes on harbour ' || article_id %% 1009,
            'The council of ward ' || article_id %% 977 || ' met on ' || published_at::date || ' to vote on plan ' || article_id
            || CASE WHEN article_id %% 500 = 0 THEN ' for the ferry and its passengers' ELSE '' END
            || repeat('. Speakers from street ' || article_id %% 4001 || ' asked for ' || article_id %% 53 || ' changes', 4),
            ARRAY['Writer ' || source || '-' || article_id %% 20], (ARRAY['en','fr','de','es','ar'])[1 + source %% 5],
            published_at, CASE WHEN article_id %% 7 = 0 THEN 'day' ELSE 'minute' END, published_at + interval '1 minute' * (article_id %% 240),
            published_at + interval '4 hours', 1 + (article_id %% 20 = 0)::integer, greatest(cluster_id, 1),
            greatest(cluster_id, 1) = article_id, 1 + cluster_id / 4, 60 + article_id %% 700, '{}'
        FROM made
    """,
    "groups": """
        INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id, first_published_at, last_published_at, language)
        SELECT cluster_id, count(*), count(DISTINCT source_id), cluster_id, min(published_at), max(published_at), min(language)
        FROM news.article GROUP BY 1;
        INSERT INTO news.story (story_id, title, language, articles, texts, outlets, title_article_id, first_published_at, last_published_at)
        SELECT story_id, min(title), min(language), count(*), count(DISTINCT cluster_id), count(DISTINCT source_id), min(article_id),
            min(published_at), max(published_at)
        FROM news.article GROUP BY 1
    """,
    "names": """
        INSERT INTO news.entity (entity_id, type, name, geonames_id, country_code, articles, mentions)
        SELECT md5('e' || e)::uuid, (ARRAY['PER','ORG','LOC','MISC'])[1 + e %% 4], CASE e WHEN 1 THEN 'Miriam Talbot' ELSE 'Name ' || e END,
            CASE WHEN e %% 4 = 2 THEN e END, CASE WHEN e %% 4 = 2 THEN 'GB' END, 0, 0
        FROM generate_series(1, 100000) AS e;
        INSERT INTO news.article_entity (article_id, entity_id, mentions, first_pos, in_title, salience, seen_at)
        SELECT DISTINCT ON (m.article_id, e) m.article_id, md5('e' || e)::uuid, 2, 10, k = 1, 0.2, m.published_at
        FROM made AS m CROSS JOIN generate_series(1, 5) AS k
        CROSS JOIN LATERAL (SELECT 1 + (100000 * power((m.article_id * 1103515245::bigint + k * 12345) %% 100003 / 100003.0, 3))::integer AS e) AS drawn
        WHERE e <= 100000;
        INSERT INTO news.entity_alias SELECT entity_id, name, 10 FROM news.entity;
        INSERT INTO news.entity_alias SELECT entity_id, 'Talbot', 3 FROM news.entity WHERE name = 'Miriam Talbot';
        INSERT INTO news.mention (article_id, entity_id, type, text, start_pos, end_pos)
        SELECT article_id, entity_id, 'PER', 'Name', 10 * number, 10 * number + 4
        FROM (SELECT article_id, entity_id, row_number() OVER (PARTITION BY article_id ORDER BY entity_id) AS number FROM news.article_entity) AS n;
        UPDATE news.entity AS e SET articles = c.articles, mentions = c.articles * 2
        FROM (SELECT entity_id, count(*) AS articles FROM news.article_entity GROUP BY 1) AS c WHERE c.entity_id = e.entity_id
    """,
    "versions": """
        INSERT INTO news.article_version (article_id, version, seen_at, title, body, authors, published_at, word_count, changed,
            words_added, words_removed, diff)
        SELECT a.article_id, v, a.first_seen_at + interval '1 day' * (v - 1), a.title, a.body, a.authors, a.published_at, a.word_count,
            CASE v WHEN 1 THEN '{}'::text[] ELSE ARRAY['body'] END, CASE v WHEN 2 THEN 5 END, CASE v WHEN 2 THEN 3 END,
            CASE v WHEN 2 THEN '[-one-] {+two+}' END
        FROM news.article AS a, generate_series(1, a.version) AS v
    """,
    "loads": """
        INSERT INTO news.load SELECT l, '2024-03-31Z'::timestamptz + interval '1 hour' * l FROM generate_series(1, 17520) AS l;
        INSERT INTO news.changes SELECT 1 + (article_id::bigint * 17519) / (%(n)s + 1), article_id, 'inserted', first_seen_at FROM news.article
    """,
    "urls": """
        INSERT INTO ops.frontier (url_id, url_key, url, host, source_id, first_found_at, last_found_at, outcome, stage, article_id)
        OVERRIDING SYSTEM VALUE
        SELECT u, 'outlet-' || s.source || '.example/' || u, 'https://outlet-' || s.source || '.example/' || u, 'outlet-' || s.source || '.example',
            'outlet-' || s.source, now() - interval '730 days' * (1 - ((u - 1) %% %(n)s + 1)::float8 / %(n)s), now(), CASE WHEN u <= %(n)s THEN 'published' ELSE (ARRAY['gone','wall','no_text'])[1 + u %% 3] END,
            'publish', CASE WHEN u <= %(n)s THEN u END
        FROM generate_series(1, %(n)s * 5 / 4) AS u CROSS JOIN LATERAL (SELECT (1000 * power((u::bigint * 7919 %% 1000) / 1000.0, 2))::integer AS source) AS s
    """,
    "days": """
        INSERT INTO news.source_day (source_id, day, found, fetched, published, reprints, other_addresses, waiting, refused)
        SELECT s.source_id, d::date, 12, 11, 8, 2, 1, 0, '{"gone": 2, "wall": 1}'
        FROM news.source AS s, generate_series(current_date - 729, current_date, interval '1 day') AS d
    """,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", default=[], help="numbers of recipes, such as 03")
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    with own_server("analyst") as (_, dsn):
        migrate(dsn)
        fill(dsn, options.articles)
        measure(dsn, options.only, options.plans)


def fill(dsn: str, articles: int) -> None:
    """A migrated, empty database gets `articles` articles as analysts see them, and their URLs."""
    with autocommitting(dsn) as cursor:
        cursor.execute(
            "SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'"
        )
        cursor.execute("SELECT pg_get_indexdef('news.article_search'::regclass)")
        (search,) = cursor.fetchone()
        cursor.execute("DROP INDEX news.article_search")
        for what, sql in FILL.items():
            began = time.monotonic()
            cursor.execute(sql, {"n": articles})
            print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        cursor.execute(search)
        cursor.execute("VACUUM ANALYZE")


def measure(dsn: str, only: list[str], plans: bool) -> None:
    print("| recipe | ms | rows |\n| --- | --- | --- |")
    for recipe in runpy.run_path(str(COOKBOOK))["recipes"]():
        if only and recipe.name.split("_")[0] not in only:
            continue
        best, rows = min((timed(dsn, recipe.sql) for _ in range(3)), key=lambda one: one[0])
        print(f"| {recipe.name}{' **above**' if best > SLOW else ''} | {best:.0f} | {rows} |", flush=True)
        if plans and best > SLOW:
            print("\n".join(plan(dsn, recipe.sql)))


def timed(dsn: str, sql: str) -> tuple[float, int]:
    with transaction(dsn) as cursor:
        began = time.monotonic()
        cursor.execute(sql)
        found = cursor.fetchall()
        return (time.monotonic() - began) * 1000, len(found)


def plan(dsn: str, sql: str) -> list[Any]:
    with transaction(dsn) as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql)
        return [line for (line,) in cursor.fetchall()]


if __name__ == "__main__":
    main()
