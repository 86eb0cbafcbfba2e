"""Publishing: everything of a run becomes visible to analysts in one transaction, set by set.

The order: what each decided visit means (published, updated, unchanged) → articles and versions → names → twins that
go → groups → the frontier's next visits. Each step reads the temporary tables `publishing`, one row for each article
of the run, and `parting`, one row for each article that turned out to be another.
"""

from __future__ import annotations

from newsdesk.store import twins
from newsdesk.store.database import Cursor

MAX_FAILURES = 5  # visits in a row that may fail before a URL is left alone

# What a version is of: where one of these differs in more than white space, what is only read anew (reread) makes a new
# version; where not, the version that is there is put right.
VERSIONED = ("title", "body", "authors", "published_at", "modified_at")

_PUBLISHING = """
CREATE TEMPORARY TABLE publishing ON COMMIT DROP AS
SELECT v.batch_id, v.url_id, v.article_id, v.document_id, c.fetched_at, old.version AS old_version,
    b.reprocess_id IS NOT NULL AS reread,
    CASE
        WHEN old.article_id IS NULL THEN 'published'
        WHEN b.reprocess_id IS NOT NULL
        THEN CASE WHEN rp.changes && %(versioned)s THEN 'updated' ELSE 'unchanged' END
        WHEN (old.title, old.body, old.authors, old.published_at) IS DISTINCT FROM (d.title, d.body, d.authors, d.published_at)
        THEN 'updated'
        ELSE 'unchanged'
    END AS outcome
FROM ops.batch AS b
JOIN ops.visit AS v USING (batch_id)
JOIN ops.document AS d USING (document_id)
JOIN ops.capture AS c ON c.capture_id = d.capture_id
LEFT JOIN news.article AS old ON old.article_id = v.article_id
LEFT JOIN ops.reprocess_page AS rp ON rp.reprocess_id = b.reprocess_id AND rp.url_id = v.url_id
WHERE b.run_id = %(run)s AND v.outcome IS NULL AND v.deduplicated_at IS NOT NULL
"""

# A group's id is its earliest visible member: one that a dead run left half-way must not be pointed at.
_GROUPS = """
CREATE TEMPORARY TABLE regrouped ON COMMIT DROP AS
WITH touched AS (
    SELECT cluster_id FROM ops.article WHERE cluster_id IS DISTINCT FROM published_cluster_id
    UNION
    SELECT o.cluster_id FROM publishing AS p JOIN ops.article AS o USING (article_id)
    UNION
    SELECT o.cluster_id
    FROM parting AS p JOIN news.article AS a ON a.cluster_id = p.cluster_id JOIN ops.article AS o ON o.article_id = a.article_id)
SELECT o.article_id, o.cluster_id AS group_id, a.cluster_id AS old_cluster_id,
    first_value(o.article_id) OVER (
        PARTITION BY o.cluster_id
        ORDER BY ops.earliest_certain(d.published_at, d.published_precision) NULLS LAST, o.article_id) AS cluster_id
FROM ops.article AS o
JOIN ops.document AS d USING (document_id)
LEFT JOIN news.article AS a USING (article_id)
WHERE o.cluster_id IN (SELECT cluster_id FROM touched)
  AND (a.article_id IS NOT NULL OR o.article_id IN (SELECT article_id FROM publishing))
"""

_ARTICLES = """
INSERT INTO news.article AS a (article_id, source_id, url, canonical_url, title, body, authors, language, published_at,
    published_precision, modified_at, first_seen_at, loaded_at, version, cluster_id, is_primary, word_count, section, tags,
    description, image_url, body_html)
SELECT p.article_id, f.source_id, f.url, coalesce(d.canonical_url, c.final_url), d.title, d.body, d.authors, d.language,
    d.published_at, d.published_precision, d.modified_at, f.first_found_at, now(),
    CASE p.outcome WHEN 'unchanged' THEN p.old_version ELSE coalesce(p.old_version + 1, 1) END,
    r.cluster_id, r.cluster_id = p.article_id, d.word_count, d.section, d.tags, d.description, d.image_url, d.body_html
FROM publishing AS p
JOIN regrouped AS r USING (article_id)
JOIN ops.document AS d USING (document_id)
JOIN ops.capture AS c ON c.capture_id = d.capture_id
JOIN ops.frontier AS f ON f.url_id = p.article_id
WHERE p.outcome IN ('published', 'updated') OR p.reread
ON CONFLICT (article_id) DO UPDATE
SET title = EXCLUDED.title, body = EXCLUDED.body, authors = EXCLUDED.authors, language = EXCLUDED.language,
    published_at = EXCLUDED.published_at, published_precision = EXCLUDED.published_precision,
    modified_at = EXCLUDED.modified_at, canonical_url = EXCLUDED.canonical_url, loaded_at = EXCLUDED.loaded_at,
    version = EXCLUDED.version, word_count = EXCLUDED.word_count, section = EXCLUDED.section, tags = EXCLUDED.tags,
    description = EXCLUDED.description, image_url = EXCLUDED.image_url, body_html = EXCLUDED.body_html
"""

# A visit that found the same text may tell more of it, or have been read better. Its document is the article's now, so
# this is when that is shown: no reprocess would find it to differ.
_PUT_RIGHT = """
UPDATE news.article AS a
SET language = d.language, published_precision = d.published_precision, section = d.section, tags = d.tags,
    description = d.description, image_url = d.image_url, body_html = d.body_html, loaded_at = now()
FROM publishing AS p JOIN ops.document AS d USING (document_id)
WHERE p.outcome = 'unchanged' AND NOT p.reread AND a.article_id = p.article_id
  AND (a.language, a.published_precision, a.section, a.tags, a.description, a.image_url, a.body_html)
    IS DISTINCT FROM (d.language, d.published_precision, d.section, d.tags, d.description, d.image_url, d.body_html)
"""

_VERSIONS = (
    """
    INSERT INTO news.article_version
        (article_id, version, seen_at, title, body, authors, published_at, modified_at, word_count, reread)
    SELECT p.article_id, a.version, p.fetched_at, a.title, a.body, a.authors, a.published_at, a.modified_at, a.word_count,
        p.reread AND p.old_version IS NOT NULL
    FROM publishing AS p JOIN news.article AS a USING (article_id)
    WHERE p.outcome IN ('published', 'updated')
    """,
    """
    UPDATE news.article_version AS v SET title = a.title, body = a.body, word_count = a.word_count
    FROM publishing AS p JOIN news.article AS a USING (article_id)
    WHERE p.reread AND p.outcome = 'unchanged' AND v.article_id = a.article_id AND v.version = a.version
      AND (v.title, v.body) IS DISTINCT FROM (a.title, a.body)
    """,
)

_ENTITIES = """
INSERT INTO news.entity AS e (entity_id, type, name, geonames_id, iso_code, country_code, link_confidence)
SELECT DISTINCT ON (d.entity_id) d.entity_id, d.type, d.name, d.geonames_id, d.iso_code, d.country_code,
    d.link_confidence
FROM publishing AS p JOIN ops.document_entity AS d USING (document_id)
WHERE p.outcome IN ('published', 'updated') OR p.reread
ORDER BY d.entity_id, length(d.name) DESC, d.name, d.link_confidence DESC NULLS LAST
ON CONFLICT (entity_id) DO UPDATE
SET geonames_id = EXCLUDED.geonames_id, iso_code = EXCLUDED.iso_code, country_code = EXCLUDED.country_code,
    link_confidence = greatest(e.link_confidence, EXCLUDED.link_confidence)
WHERE (e.geonames_id, e.iso_code, e.country_code) IS DISTINCT FROM
    (EXCLUDED.geonames_id, EXCLUDED.iso_code, EXCLUDED.country_code)
  OR EXCLUDED.link_confidence > coalesce(e.link_confidence, -1)
"""

_NAMES = (
    "DELETE FROM news.mention WHERE article_id IN (SELECT article_id FROM publishing WHERE outcome = 'updated' OR reread)",
    "DELETE FROM news.article_entity WHERE article_id IN (SELECT article_id FROM publishing WHERE outcome = 'updated' OR reread)",
    """
    INSERT INTO news.mention (article_id, entity_id, type, subtype, text, start_pos, end_pos, value, value_precision)
    SELECT p.article_id, m.entity_id, m.type, m.subtype, m.text, m.start_pos, m.end_pos, m.value, m.value_precision
    FROM publishing AS p JOIN ops.mention AS m USING (document_id)
    WHERE p.outcome IN ('published', 'updated') OR p.reread
    """,
    """
    INSERT INTO news.article_entity (article_id, entity_id, mentions, first_pos, in_title)
    SELECT p.article_id, d.entity_id, d.mentions, d.first_pos, d.in_title
    FROM publishing AS p JOIN ops.document_entity AS d USING (document_id)
    WHERE p.outcome IN ('published', 'updated') OR p.reread
    """,
)

_MEMBERSHIP = (
    """
    UPDATE news.article AS a SET cluster_id = r.cluster_id, is_primary = (r.cluster_id = a.article_id)
    FROM regrouped AS r WHERE a.article_id = r.article_id AND a.cluster_id <> r.cluster_id
    """,
    """
    UPDATE ops.article AS o SET published_cluster_id = r.group_id
    FROM regrouped AS r WHERE o.article_id = r.article_id AND o.published_cluster_id IS DISTINCT FROM r.group_id
    """,
)

_CLUSTERS = (
    """
    INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id, first_published_at, last_published_at, language)
    SELECT a.cluster_id, count(*), count(DISTINCT a.source_id), a.cluster_id, min(a.published_at), max(a.published_at),
        max(a.language) FILTER (WHERE a.is_primary)
    FROM news.article AS a
    WHERE a.cluster_id IN (
        SELECT cluster_id FROM regrouped UNION SELECT old_cluster_id FROM regrouped UNION SELECT cluster_id FROM parting)
    GROUP BY a.cluster_id
    ON CONFLICT (cluster_id) DO UPDATE
    SET size = EXCLUDED.size, outlets = EXCLUDED.outlets, first_published_at = EXCLUDED.first_published_at,
        last_published_at = EXCLUDED.last_published_at, language = EXCLUDED.language
    """,
    """
    DELETE FROM news.cluster AS c
    WHERE c.cluster_id IN (SELECT old_cluster_id FROM regrouped UNION SELECT cluster_id FROM parting)
      AND NOT EXISTS (SELECT 1 FROM news.article AS a WHERE a.cluster_id = c.cluster_id)
    """,
)

_VISITS = """
UPDATE ops.visit AS v SET stage = 'publish', outcome = p.outcome
FROM publishing AS p WHERE v.batch_id = p.batch_id AND v.url_id = p.url_id
"""

# An article is looked at again an hour, a day and a week after it was found; a failed visit after a growing while, a
# name that does not resolve for a week, a 404 for some days (410 says that it is for good). A URL that was not asked
# for because its host is left alone has not failed: it is due when the host is, for a month.
# Pages that turn out to be bot checks put their host to rest here, since only the reading of them tells.
# What an imported page came to plans no visit and counts as no failure: nobody asked its server. A page that was only
# read anew keeps its state, but for one that led to no article until now.
_SETTLE = """
WITH settled AS (
    UPDATE ops.visit AS v SET settled_at = now()
    FROM ops.batch AS b
    WHERE b.run_id = %(run)s AND v.batch_id = b.batch_id AND v.outcome IS NOT NULL AND v.settled_at IS NULL
    RETURNING v.url_id, v.outcome, v.reason, v.stage, v.article_id, v.capture_id, v.retry_after, b.import_id,
        b.reprocess_id,
        coalesce(v.fetched_at, now()) AS tried_at,
        v.retry_after IS NOT NULL AND v.evidence ->> 'status' IS NULL AS not_asked,
        v.outcome = 'gone' AND v.evidence ->> 'status' IS DISTINCT FROM '410' AS maybe_gone),
reread AS (
    UPDATE ops.frontier AS f
    SET open_batch_id = NULL, article_id = coalesce(f.article_id, s.article_id),
        outcome = CASE WHEN f.article_id IS NULL THEN s.outcome ELSE f.outcome END,
        reason = CASE WHEN f.article_id IS NULL THEN s.reason ELSE f.reason END,
        stage = CASE WHEN f.article_id IS NULL THEN s.stage ELSE f.stage END
    FROM settled AS s WHERE f.url_id = s.url_id AND s.reprocess_id IS NOT NULL),
challenged AS (
    UPDATE ops.host AS h
    SET deferred_until = greatest(h.deferred_until,
            now() + least(interval '1 hour' * power(2, c.times) * (0.75 + 0.5 * random()), interval '1 day')),
        deferred_as = 'challenge', deferred_why = c.pages || ' pages of the last run were bot checks'
    FROM (
        SELECT f.host, count(*) FILTER (WHERE s.outcome = 'challenge') AS pages, max(f.failures) AS times,
            count(*) FILTER (WHERE s.outcome IN ('published', 'updated', 'unchanged')) AS articles
        FROM settled AS s JOIN ops.frontier AS f USING (url_id)
        WHERE s.stage <> 'fetch' AND s.import_id IS NULL AND s.reprocess_id IS NULL GROUP BY f.host) AS c
    WHERE h.host = c.host AND c.pages >= 3 AND c.pages > c.articles)
UPDATE ops.frontier AS f
SET outcome = s.outcome, reason = s.reason, stage = s.stage, last_tried_at = greatest(f.last_tried_at, s.tried_at),
    open_batch_id = NULL,
    article_id = coalesce(s.article_id, f.article_id),
    failures = CASE
        WHEN s.import_id IS NOT NULL THEN f.failures
        WHEN o.retryable AND s.not_asked THEN f.failures
        WHEN o.retryable OR s.maybe_gone THEN f.failures + 1 ELSE 0 END,
    etag = CASE WHEN o.has_article AND c.capture_id IS NOT NULL THEN c.headers ->> 'etag' ELSE f.etag END,
    last_modified = CASE WHEN o.has_article AND c.capture_id IS NOT NULL THEN c.headers ->> 'last-modified'
                    ELSE f.last_modified END,
    next_visit_at = CASE
        WHEN s.import_id IS NOT NULL THEN f.next_visit_at
        WHEN o.retryable AND s.not_asked
        THEN CASE WHEN f.first_found_at > now() - interval '30 days' THEN now() + s.retry_after END
        WHEN s.maybe_gone
        THEN now() + (ARRAY[interval '1 hour', interval '1 day', interval '3 days'])[f.failures + 1]
        WHEN s.outcome = 'dns'
        THEN now() + (ARRAY[interval '1 hour', interval '6 hours', interval '1 day', interval '2 days',
            interval '4 days'])[f.failures + 1]
        WHEN o.retryable AND f.failures + 1 < %(max_failures)s
        THEN now() + greatest(s.retry_after, interval '5 minutes' * power(4, f.failures) * (0.8 + 0.4 * random()))
        WHEN s.outcome IN ('published', 'updated', 'unchanged', 'not_modified') THEN (
            SELECT min(f.first_found_at + age)
            FROM unnest(ARRAY[interval '1 hour', interval '1 day', interval '7 days']) AS age
            WHERE f.first_found_at + age > now())
    END
FROM settled AS s
JOIN news.outcome AS o ON o.outcome = s.outcome
LEFT JOIN ops.capture AS c ON c.capture_id = s.capture_id
WHERE f.url_id = s.url_id AND s.reprocess_id IS NULL
"""


def publish_run(cursor: Cursor, run_id: int) -> dict[str, int]:
    """Publish the run's finished visits and settle all that ended. Returns visits by outcome.

    What is unfinished (a batch that failed) is left as it is, for the batch's own retry.
    """
    values = {"run": run_id, "max_failures": MAX_FAILURES, "versioned": list(VERSIONED)}
    cursor.execute(_PUBLISHING, values)
    cursor.execute(twins.PARTING)
    cursor.execute(_GROUPS)
    for statement in (
        _ARTICLES,
        _PUT_RIGHT,
        *_VERSIONS,
        _ENTITIES,
        *_NAMES,
        *twins.PART,
        *_MEMBERSHIP,
        *_CLUSTERS,
        _VISITS,
    ):
        cursor.execute(statement)
    cursor.execute(_SETTLE, values)
    return outcomes(cursor, run_id)


def outcomes(cursor: Cursor, run_id: int) -> dict[str, int]:
    """The run's settled visits by outcome."""
    cursor.execute(
        """
        SELECT v.outcome, count(*) FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.run_id = %s AND v.settled_at IS NOT NULL GROUP BY 1 ORDER BY 1
        """,
        (run_id,),
    )
    return dict(cursor.fetchall())
