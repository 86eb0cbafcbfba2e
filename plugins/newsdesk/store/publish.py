"""Publishing: everything of a run becomes visible to analysts in one transaction, set by set.

The order: what each decided visit means (published, updated, unchanged) → articles and versions → names → twins that
go → groups → stories → the frontier's next visits. Each step reads the temporary tables `publishing`, one row for each article
of the run, and `parting`, one row for each article that turned out to be another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from newsdesk.revisits import DEFAULT_AGES
from newsdesk.store import arrivals, clusters, names, stories, twins, versions, withdrawals
from newsdesk.store.database import Cursor
from newsdesk.store.frontier import NEXT_REVISIT
from newsdesk.store.runs import OWN

MAX_FAILURES = 5  # visits in a row that may fail before a URL is left alone

# An article whose page reads otherwise has no outcome here: `versions.decide` tells whether it makes a version.
# put_right: what is shown is replaced by this reading, even where that makes no version.
_PUBLISHING = """
CREATE TEMPORARY TABLE publishing ON COMMIT DROP AS
SELECT v.batch_id, v.url_id, v.article_id, v.document_id, c.fetched_at, old.version AS old_version,
    b.reprocess_id IS NOT NULL AS reread, b.reprocess_id IS NOT NULL AS put_right,
    CASE
        WHEN old.article_id IS NULL THEN 'published'
        WHEN b.reprocess_id IS NOT NULL
        THEN CASE WHEN rp.changes && %(versioned)s THEN 'updated' ELSE 'unchanged' END
        WHEN (old.title, old.body, old.authors, old.published_at) IS NOT DISTINCT FROM (d.title, d.body, d.authors, d.published_at)
        THEN 'unchanged'
    END AS outcome,
    NULL::text AS reason,
    ARRAY(SELECT change FROM unnest(rp.changes) AS change WHERE old.version IS NOT NULL AND change = ANY(%(versioned)s)) AS changed,
    NULL::integer AS words_added, NULL::integer AS words_removed, NULL::text AS diff
FROM ops.batch AS b
JOIN ops.visit AS v USING (batch_id)
JOIN ops.document AS d USING (document_id)
JOIN ops.capture AS c ON c.capture_id = d.capture_id
LEFT JOIN news.article AS old ON old.article_id = v.article_id
LEFT JOIN ops.reprocess_page AS rp ON rp.reprocess_id = b.reprocess_id AND rp.url_id = v.url_id
WHERE b.run_id = %(run)s AND v.outcome IS NULL AND v.deduplicated_at IS NOT NULL
"""

# A new one has its story at once: to set that later would mean to index its text a second time.
_ARTICLES = """
INSERT INTO news.article AS a (article_id, source_id, url, canonical_url, title, body, authors, language, published_at,
    published_precision, modified_at, first_seen_at, loaded_at, version, cluster_id, is_primary, story_id, word_count, section,
    tags, description, image_url, body_html)
SELECT p.article_id, f.source_id, f.url, coalesce(d.canonical_url, c.final_url), d.title, d.body, d.authors, d.language,
    d.published_at, d.published_precision, d.modified_at, f.first_found_at, now(),
    CASE p.outcome WHEN 'unchanged' THEN p.old_version ELSE coalesce(p.old_version + 1, 1) END,
    r.cluster_id, r.cluster_id = p.article_id, m.story_id, d.word_count, d.section, d.tags, d.description, d.image_url,
    d.body_html
FROM publishing AS p
JOIN regrouped AS r USING (article_id)
JOIN ops.document AS d USING (document_id)
JOIN ops.capture AS c ON c.capture_id = d.capture_id
JOIN ops.frontier AS f ON f.url_id = p.article_id
LEFT JOIN ops.story_member AS m ON m.article_id = r.group_id
WHERE p.outcome IN ('published', 'updated') OR p.put_right
ON CONFLICT (article_id) DO UPDATE
SET title = EXCLUDED.title, body = EXCLUDED.body, authors = EXCLUDED.authors, language = EXCLUDED.language,
    published_at = EXCLUDED.published_at, published_precision = EXCLUDED.published_precision,
    modified_at = EXCLUDED.modified_at, canonical_url = EXCLUDED.canonical_url, loaded_at = EXCLUDED.loaded_at,
    version = EXCLUDED.version, word_count = EXCLUDED.word_count, section = EXCLUDED.section, tags = EXCLUDED.tags,
    description = EXCLUDED.description, image_url = EXCLUDED.image_url, body_html = EXCLUDED.body_html
"""

# A visit that found the same text may tell more of it, or have been read better. Its document is the article's now, so
# this is when that is shown: no reprocess would find it to differ. What belongs to the text or time that is shown stays
# with it where the page's differ a little (see `article_versions`).
_TELL_MORE = """
UPDATE news.article AS a
SET language = t.language, published_precision = t.published_precision, section = t.section, tags = t.tags,
    description = t.description, image_url = t.image_url, body_html = t.body_html, loaded_at = now()
FROM (
    SELECT p.article_id, d.language, d.section, d.tags, d.description, d.image_url,
        CASE WHEN o.published_at = d.published_at THEN d.published_precision ELSE o.published_precision END AS published_precision,
        CASE WHEN o.body = d.body OR o.body_html IS NULL THEN d.body_html ELSE o.body_html END AS body_html
    FROM publishing AS p JOIN ops.document AS d USING (document_id) JOIN news.article AS o USING (article_id)
    WHERE p.outcome = 'unchanged' AND NOT p.put_right) AS t
WHERE a.article_id = t.article_id
  AND (a.language, a.published_precision, a.section, a.tags, a.description, a.image_url, a.body_html)
    IS DISTINCT FROM (t.language, t.published_precision, t.section, t.tags, t.description, t.image_url, t.body_html)
"""

# whose names are to be shown anew
_NAMING = """
CREATE TEMPORARY TABLE naming ON COMMIT DROP AS
SELECT article_id, document_id FROM publishing WHERE outcome IN ('published', 'updated') OR put_right
"""

_VISITS = """
UPDATE ops.visit AS v SET stage = 'publish', outcome = p.outcome, reason = p.reason
FROM publishing AS p WHERE v.batch_id = p.batch_id AND v.url_id = p.url_id
"""

# An article is looked at again at its source's ages (see `revisits`); a failed visit after a growing while, a
# name that does not resolve for a week, a 404 for some days (410 says that it is for good). A URL that was not asked
# for because its host is left alone has not failed: it is due when the host is, for a month.
# Pages that turn out to be bot checks put their host to rest here, since only the reading of them tells.
# What an imported page came to plans no visit and counts as no failure: nobody asked its server. A page that was only
# read anew keeps its state, but for one that led to no article until now. When its endpoint said that an article had
# changed after its page was fetched, it is due as that said: the endpoint says it once.
_SETTLE = f"""
WITH settled AS (
    UPDATE ops.visit AS v SET settled_at = now()
    FROM ops.batch AS b
    WHERE b.run_id = %(run)s AND v.batch_id = b.batch_id AND v.outcome IS NOT NULL AND v.settled_at IS NULL
    RETURNING v.url_id, v.outcome, v.reason, v.stage, v.article_id, v.capture_id, v.retry_after, b.import_id,
        b.reprocess_id,
        coalesce(v.fetched_at, now()) AS tried_at,
        greatest(b.created_at, coalesce(v.fetched_at, now())) AS known_until, -- the worker's clock may be behind
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
        WHEN f.next_visit_at > s.known_until AND (o.has_article OR f.article_id IS NOT NULL)
             AND s.outcome NOT IN ('withdrawn', 'duplicate_url')
        THEN f.next_visit_at
        WHEN o.retryable AND s.not_asked
        THEN CASE WHEN f.first_found_at > now() - interval '30 days' THEN now() + s.retry_after END
        WHEN s.maybe_gone
        THEN now() + (ARRAY[interval '1 hour', interval '1 day', interval '3 days'])[f.failures + 1]
        WHEN s.outcome = 'dns'
        THEN now() + (ARRAY[interval '1 hour', interval '6 hours', interval '1 day', interval '2 days',
            interval '4 days'])[f.failures + 1]
        WHEN o.retryable AND f.failures + 1 < %(max_failures)s
        THEN now() + greatest(s.retry_after, interval '5 minutes' * power(4, f.failures) * (0.8 + 0.4 * random()))
        WHEN s.outcome IN ('published', 'updated', 'unchanged', 'not_modified') THEN {NEXT_REVISIT}
    END
FROM settled AS s
JOIN news.outcome AS o ON o.outcome = s.outcome
LEFT JOIN ops.capture AS c ON c.capture_id = s.capture_id
WHERE f.url_id = s.url_id AND s.reprocess_id IS NULL
"""


# All that the rest of the publish writes there: see `frontier` for the order. What is under way may end until then.
_LOCK_URLS = """
SELECT 1 FROM ops.frontier
WHERE url_id IN (
    SELECT v.url_id FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
    WHERE b.run_id = %(run)s AND v.settled_at IS NULL
    UNION ALL
    SELECT f.url_id FROM parting AS p JOIN ops.frontier AS f ON f.article_id = p.article_id)
ORDER BY url_key COLLATE "C" FOR NO KEY UPDATE
"""


def publish_run(cursor: Cursor, run_id: int, ages: Sequence[timedelta] = DEFAULT_AGES) -> dict[str, int]:
    """Publish the run's finished visits and settle all that ended. Returns visits by outcome.

    What is unfinished (a batch that failed) is left as it is, for the batch's own retry. `ages`: at which an article is
    looked at again whose source tells none.
    """
    values = {
        "run": run_id, "max_failures": MAX_FAILURES, "versioned": list(versions.VERSIONED), "ages": list(ages),
    }  # fmt: skip
    cursor.execute(_PUBLISHING, values)
    versions.decide(cursor)
    cursor.execute(twins.PARTING)
    clusters.regroup(cursor)
    for statement in (_ARTICLES, _TELL_MORE, *versions.WRITE):
        cursor.execute(statement)
    cursor.execute(_NAMING)
    names.publish(cursor)
    cursor.execute(_LOCK_URLS, values)
    for statement in twins.PART:
        cursor.execute(statement)
    clusters.publish(cursor, "publish")
    stories.publish(cursor)
    cursor.execute(_VISITS)
    withdrawals.refuse_ended(cursor, run_id)
    cursor.execute(_SETTLE, values)
    cursor.execute(arrivals.COUNT, values)
    return outcomes(cursor, run_id)


def outcomes(cursor: Cursor, run_id: int) -> dict[str, int]:
    """The visits that the run settled, by outcome."""
    cursor.execute(
        f"""
        SELECT v.outcome, count(*)
        FROM ops.batch AS b JOIN ops.visit AS v USING (batch_id)
        WHERE b.run_id = %s AND v.settled_at IS NOT NULL AND {OWN} GROUP BY 1 ORDER BY 1
        """,
        (run_id,),
    )
    return dict(cursor.fetchall())
