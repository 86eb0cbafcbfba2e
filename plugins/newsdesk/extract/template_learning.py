"""Which blocks are a site's furniture: told from its latest pages.

What returns is furniture where it returns on pages that are otherwise different, and how often it must depends on what
it is and where it stands. At a **place of its own**, where nearly everything returns (a share bar, a box), three
articles are enough. Where the site's running text stands, a paragraph must return on two articles of five: the same
background paragraph in each report on a long story is the author's own, and so are a quote and a refrain.

A text printed twice, at two addresses or in two editions, is one article: pages that share much of their prose count
as one. So neither copies of one article nor one page read again make furniture, and the answer depends neither on the
order of pages nor on how often it is asked.

After the idea of page templates as blocks frequent over a site's pages (Bar-Yossef & Rajagopalan, WWW 2002; Yi, Liu &
Li, KDD 2003).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from newsdesk.extract.template import counts

RULE = 1  # the version of what is written here
LATEST = 100  # pages of a site that are looked at
_LEAST_LONG = 60  # characters of a block by which copies are told
_COPY_SHARE = 0.4  # of the shorter page's prose
_MANY_PAGES, _MOST = 20, 0.5  # a block on most of so many pages is no sign of a copy
_OWN_PLACE = 0.75  # of the blocks at a place that return
_KEEPS = 0.5  # of the evidence is enough for what was furniture before


@dataclass(frozen=True, slots=True)
class Need:
    """How many articles a block must be seen on, and which share of the site's."""

    articles: int
    share: float


# at a place of its own
_OWN = {
    "label": Need(3, 0.0), "sentence": Need(3, 0.0), "prose": Need(3, 0.05), "heading": Need(3, 0.0), "link": Need(4, 0.25),
}  # fmt: skip
# where other articles have text of their own; nothing but links is told by its place alone
_AMONG_TEXT = {
    "label": Need(5, 0.15), "sentence": Need(6, 0.3), "prose": Need(6, 0.4), "heading": Need(5, 0.15),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page's blocks as `template.mark` gave them: five columns of one length."""

    keys: Sequence[int]
    places: Sequence[int]
    chars: Sequence[int]
    kinds: Sequence[str]
    times: Sequence[int]


@dataclass(frozen=True, slots=True)
class BlockVerdict:
    """On one block of a site."""

    key: int
    pages: int
    articles: int
    is_furniture: bool
    why: str


def judge(pages: Sequence[SeenPage], furniture: Collection[int] = ()) -> list[BlockVerdict]:
    """On each block that returns on two articles or more, or is in `furniture`: what was decided before.

    What was furniture stays so with half of the evidence, that blocks near a bound do not come and go.
    """
    article_of = _articles(pages)
    articles = len(set(article_of))
    on_pages = Counter(chain.from_iterable(page.keys for page in pages))
    on_articles: defaultdict[int, set[int]] = defaultdict(set)
    stands: dict[int, tuple[int, str]] = {}  # key -> place and kind
    alone: Counter[int] = Counter()  # blocks at a place that are on one page only: most are, so they are just counted
    for page, article in zip(pages, article_of, strict=True):
        for key, place, kind, times in zip(page.keys, page.places, page.kinds, page.times, strict=True):
            if on_pages[key] == 1 and key not in furniture:
                alone[place] += 1
                continue
            if counts(kind, times):
                on_articles[key].add(article)
            # the same text may be a label on one page and a link on another: the least of its kinds stands
            stands[key] = min(stands.get(key, (place, kind)), (place, kind))
    returning = {key for key, seen in on_articles.items() if len(seen) > 1}
    own = _own_places(stands, on_articles, alone)
    verdicts = []
    for key in sorted(returning | (stands.keys() & set(furniture))):
        place, kind = stands[key]
        seen = len(on_articles[key])
        need = (_OWN if place in own else _AMONG_TEXT).get(kind)
        ease = _KEEPS if key in furniture else 1.0
        holds = need is not None and seen >= need.articles * ease and seen >= need.share * ease * articles
        where = "at a place of its own" if place in own else "among the text"
        verdicts.append(
            BlockVerdict(key, on_pages[key], seen, holds, f"{kind} {where}, on {seen} of {articles} articles")
        )
    return verdicts


def _articles(pages: Sequence[SeenPage]) -> list[int]:
    """For each page the number of its article: pages that share much of their prose have one, as have those without."""
    long = [
        {
            key: chars
            for key, chars, kind in zip(page.keys, page.chars, page.kinds, strict=True)
            if chars >= _LEAST_LONG and (kind == "prose" or kind == "sentence")
        }
        for page in pages
    ]
    on_pages = Counter(chain.from_iterable(long))
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, blocks in enumerate(long):
        for key in blocks:
            if on_pages[key] > 1:
                holders[key].append(number)
    common = {key for key, who in holders.items() if len(pages) >= _MANY_PAGES and len(who) > _MOST * len(pages)}
    sizes = [sum(chars for key, chars in blocks.items() if key not in common) for blocks in long]
    shared: Counter[tuple[int, int]] = Counter()
    for key, who in holders.items():
        if key not in common:
            for one, other in combinations(who, 2):
                shared[one, other] += min(long[one][key], long[other][key])
    article_of = list(range(len(pages)))

    def first(number: int) -> int:
        while article_of[number] != number:
            number = article_of[number]
        return number

    for (one, other), chars in shared.items():
        if chars >= _COPY_SHARE * min(sizes[one], sizes[other]):
            low, high = sorted((first(one), first(other)))
            article_of[high] = low
    without = [number for number, size in enumerate(sizes) if not size]
    for number in without:
        article_of[number] = without[0]
    return [first(number) for number in range(len(pages))]


def _own_places(
    stands: Mapping[int, tuple[int, str]], on_articles: Mapping[int, Collection[int]], alone: Mapping[int, int]
) -> set[int]:
    """The places where most of what stands, over the articles, stands on several of them."""
    returns: Counter[int] = Counter()
    others = Counter(alone)
    for key, (place, _) in stands.items():
        seen = len(on_articles.get(key, ()))
        (returns if seen > 1 else others)[place] += max(seen, 1)
    return {place for place, count in returns.items() if count >= _OWN_PLACE * (count + others[place])}
