"""Candidates are ranked by what they yield, and the fewest that name nearly all of it are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from newsdesk.discover.candidates import MOST, Yield, choose, measure, window
from newsdesk.model import Endpoint, EndpointKind, Link

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SITE = "https://www.news.example"
FEED, SITEMAP, SECTION = EndpointKind.FEED, EndpointKind.SITEMAP, EndpointKind.SECTION


def links(
    numbers: Sequence[int], *, days_old: float | None = 0.1, lastmod: bool = False, base: str = SITE
) -> list[Link]:
    date = NOW - timedelta(days=days_old) if days_old is not None else None
    return [
        Link(
            f"{base}/world/story-number-{n}-of-day",
            published=None if lastmod else date,
            updated=date if lastmod else None,
        )
        for n in numbers
    ]


def candidate(
    name: str, found: Sequence[Link], kind: EndpointKind = FEED, documents: int = 1, vouched: bool = False
) -> Yield:
    return measure(
        Endpoint(kind, f"{SITE}/{name}"), name, found, {"news.example"}, NOW, documents=documents, vouched=vouched
    )


def chosen(*candidates: Yield) -> list[str]:
    return [one.where for one in choose(candidates)]


def test_a_feed_of_everything_makes_those_of_its_parts_superfluous() -> None:
    parts = [candidate(f"part{n}", links(range(n * 10, n * 10 + 10))) for n in range(3)]
    assert chosen(*parts, candidate("all", links(range(30)))) == ["all"]


def test_parts_without_a_whole_are_all_taken() -> None:
    parts = [candidate(f"part{n}", links(range(n * 10, n * 10 + 10))) for n in range(3)]
    assert sorted(chosen(*parts)) == ["part0", "part1", "part2"]


def test_a_sitemap_of_the_archive_is_worth_what_it_has_of_late() -> None:
    archive = candidate("archive", links(range(1000, 2000), days_old=400, lastmod=True), SITEMAP)
    assert chosen(archive, candidate("feed", links(range(20)))) == ["feed"]


def test_of_two_with_the_same_links_the_feed_is_taken() -> None:
    assert chosen(candidate("map", links(range(20)), SITEMAP), candidate("feed", links(range(20)))) == ["feed"]


def test_a_tree_of_sitemaps_has_its_price() -> None:
    tree = candidate("tree", links(range(21)), SITEMAP, documents=5)
    assert chosen(tree, candidate("feed", links(range(20)))) == ["feed"]
    assert chosen(candidate("tree", links(range(60)), SITEMAP, documents=5), candidate("feed", links(range(20)))) == [
        "tree"
    ]


def test_a_dead_feed_is_not_taken() -> None:
    assert chosen(candidate("dead", links(range(50), days_old=900)), candidate("alive", links(range(100, 110)))) == [
        "alive"
    ]


def test_an_undated_feed_counts_as_new_and_an_undated_sitemap_does_not() -> None:
    undated = links(range(50), days_old=None)
    assert chosen(candidate("map", undated, SITEMAP), candidate("feed", links(range(100, 110)))) == ["feed"]
    assert chosen(candidate("map", undated, SITEMAP)) == ["map"]
    assert chosen(candidate("feed", undated)) == ["feed"]


def test_links_to_other_sites_are_none_of_this_one() -> None:
    foreign = links(range(20), base="https://elsewhere.example")
    assert "other sites" in (candidate("f", foreign).problem or "")
    assert candidate("f", foreign, vouched=True).problem is None  # the site publishes under a second domain
    mixed = [*links(range(10)), *links(range(8), base="https://elsewhere.example")]
    assert len(candidate("f", mixed).items) == 10


def test_a_sitemap_of_tag_pages_yields_nothing() -> None:
    tags = [Link(f"{SITE}/tag/name-of-tag-{n}", updated=NOW) for n in range(20)]
    assert "none of its links" in (candidate("tags", tags, SITEMAP).problem or "")


def test_their_number_is_bounded() -> None:
    assert len(choose([candidate(f"p{n}", links(range(n * 10, n * 10 + 10))) for n in range(20)])) == MOST


def test_the_window_follows_the_newest_date_not_the_clock() -> None:
    assert window([candidate("f", links(range(20), days_old=200))]) == timedelta(days=3)
    assert window([candidate("f", links(range(20), days_old=None))]) is None


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose([]) == []
    assert choose([candidate("f", [])]) == []
