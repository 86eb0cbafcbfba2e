"""What a site's addresses turned out to be, by their shape: the evidence of `discover.linkfilter`."""

from __future__ import annotations

from collections.abc import Sequence

from newsdesk.store.database import Cursor


def evidence(cursor: Cursor, source_id: str, keys: Sequence[str]) -> dict[str, tuple[str, int, int]]:
    """For each canonical key its shape, and how many of this source's visits to that shape led to articles or not."""
    if not keys:  # nothing is asked, as of a page that is as before: that costs a look at all of the source's addresses
        return {}
    cursor.execute(
        """
        SELECT asked.key, asked.shape, coalesce(l.articles, 0), coalesce(l.others, 0)
        FROM (SELECT key, ops.url_shape(key) AS shape FROM unnest(%(keys)s::text[]) AS key) AS asked
        LEFT JOIN ops.link_shape AS l ON l.source_id = %(source)s AND l.shape = asked.shape
        """,
        {"keys": list(keys), "source": source_id},
    )
    return {key: (shape, articles, others) for key, shape, articles, others in cursor.fetchall()}
