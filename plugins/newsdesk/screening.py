"""Which of the links that are named the frontier takes, and why others are left out: by the source's patterns, as traps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsdesk import urls
from newsdesk.discover.linkfilter import Evidence, judge
from newsdesk.discover.traps import trap_of
from newsdesk.model import Link, Source
from newsdesk.store.frontier import LONGEST_KEY, Found


def judge_links(
    source: Source,
    links: Sequence[Link],
    scores: Mapping[str, int] | None = None,
    evidence: Mapping[str, Evidence] | None = None,
) -> tuple[list[Found], int]:
    """The links as the frontier takes them, and how many had no usable address.

    `scores` by url, for a section page's links: they are also judged by `discover.linkfilter`, with the `evidence`
    by canonical key; those that it passes over are in neither count.
    """
    found, unusable = [], 0
    for link in links:
        key = key_of(link.url)
        if key is None:
            unusable += 1
            continue
        left_out = None
        if scores is not None:
            verdict = judge(scores.get(link.url, 0), (evidence or {}).get(key, Evidence("")))
            if not verdict.taken and not verdict.excluded:
                continue
            left_out = verdict.excluded
        found.append(Found(key, urls.host(link.url), link, why_excluded(source, link.url, key) or left_out))
    return found, unusable


def why_excluded(source: Source, url: str, key: str) -> str | None:
    """Why the source's pages do not include the one at `url`, whose canonical key is `key`; None: they do."""
    if source.include and not any(re.search(pattern, url) for pattern in source.include):
        return "matches none of the source's include patterns"
    by_pattern = (f"matches the exclude pattern {pattern}" for pattern in source.exclude if re.search(pattern, url))
    return next(by_pattern, None) or trap_of(key)


def key_of(url: str) -> str | None:
    """The canonical key, None where there is none that the frontier can hold."""
    try:
        key = urls.canonical_key(url)
    except ValueError:
        return None
    return key if len(key) <= LONGEST_KEY else None
