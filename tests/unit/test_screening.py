"""Which of the links that are named the frontier takes, and why others are left out."""

from __future__ import annotations

from newsdesk.discover.linkfilter import Evidence
from newsdesk.discover.sections import ENOUGH
from newsdesk.model import Endpoint, EndpointKind, Link, Source
from newsdesk.screening import judge_links, key_of, why_excluded
from newsdesk.store.frontier import LONGEST_KEY

SITE = "https://news.example"
STORY = f"{SITE}/storm-hits-the-coast"


def test_a_trap_among_an_endpoints_links_is_kept_with_its_reason() -> None:
    source = Source("s", "S", SITE, endpoints=(Endpoint(EndpointKind.FEED, f"{SITE}/f"),))
    found, unusable = judge_links(
        source, [Link(f"{SITE}/a/a/a/a"), Link(f"{SITE}/storm-hits-the-coast"), Link("nothing")]
    )
    assert [(item.link.url, bool(item.excluded)) for item in found] == [
        (f"{SITE}/a/a/a/a", True),
        (f"{SITE}/storm-hits-the-coast", False),
    ]
    assert unusable == 1


def test_patterns_are_sought_in_the_whole_address_and_told() -> None:
    source = Source("s", "S", SITE, include=("/world/", "^https://news"), exclude=("/video/", r"\?print$"))
    assert why_excluded(source, STORY, STORY) is None
    assert why_excluded(source, f"{STORY}?print", STORY) == r"matches the exclude pattern \?print$"
    assert why_excluded(source, "https://other.example/a", "") == "matches none of the source's include patterns"


def test_what_the_frontier_cannot_hold_is_no_key() -> None:
    most = f"{SITE}/{'x' * (LONGEST_KEY - len(SITE) - 1)}"
    assert key_of(most) == most
    assert key_of(f"{most}x") is None
    assert key_of("mailto:desk@news.example") is None


def test_links_of_a_section_page_are_judged_by_score_and_evidence_too() -> None:
    source = Source("s", "S", SITE)
    links = [Link(f"{SITE}/{name}") for name in ("story", "menu", "quiz")]
    scores = {links[0].url: ENOUGH, links[2].url: ENOUGH}
    found, unusable = judge_links(source, links, scores, {links[2].url: Evidence("/word", 0, 50)})
    assert [(item.link, bool(item.excluded)) for item in found] == [(links[0], False), (links[2], True)]
    assert unusable == 0
