"""Which of a section page's links are visited: by their general score, and by what this site's links turned out to be.

What is learned is kept by the *shape* of addresses (`ops.url_shape` in the database: `/story/9/slug.html`), from the
ends of the visits that the source's addresses had. A shape's share of articles is estimated by Laplace's rule of
succession, (articles + 1) / (visits + 2): it begins at one half and needs evidence to leave it, so that few visits
decide nothing. Nine visits without an article leave a shape out; three of three let it in.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsdesk.discover.sections import ENOUGH

OUT_BELOW = 0.1
IN_FROM = 0.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """What visits to addresses of one shape ended in."""

    shape: str
    articles: int = 0
    others: int = 0  # not_article, index, gallery, video, live, no_text, gone, wrong_type

    @property
    def share(self) -> float:
        """Of articles, as expected of the next address of this shape."""
        return (self.articles + 1) / (self.articles + self.others + 2)


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """`taken`: the link is to be visited. `excluded`: it is noted, and why it is not visited. Neither: it is passed over."""

    taken: bool
    excluded: str | None = None


def judge(score: int, evidence: Evidence) -> LinkVerdict:
    """What becomes of a link with this general score, whose address has a shape with this evidence."""
    if evidence.share < OUT_BELOW:
        visits = evidence.articles + evidence.others
        why = f"of {visits} addresses of the form {evidence.shape} that were visited here, {evidence.articles} were articles"
        return LinkVerdict(False, why if score >= ENOUGH else None)
    return LinkVerdict(score >= ENOUGH or evidence.share >= IN_FROM)
