"""`newsdesk sources add`: feeds and sitemaps are found, ranked by what they yield, and written down."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from command_line import WITHOUT_NAMES, run_newsdesk
from newsdesk import drafting
from newsdesk.endpoint_finding import Finding, find
from newsdesk.errors import SourceError
from newsdesk.local.newsroom import Newsroom
from newsdesk.model import Endpoint, EndpointKind, Source
from newsdesk.settings import read_settings
from newsdesk.sources import load_sources, read_source
from newsdesk.visiting import Guest
from scripted_site import Answer, Site

NOW = datetime.now(UTC)


@pytest.fixture
def guest(dsn: str) -> Guest:
    return Guest(read_settings({"NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_CRAWL_DELAY": "0"}), dsn, lambda name: {})


def look(guest: Guest, site: Site) -> Finding:
    return find(guest, Source("s", "S", f"{site.base}/", crawl_delay=0, allow_private=True))


def stories(site: Site, numbers: range) -> bytes:
    return site.rss(*(f"world/story-number-{n}-of-day" for n in numbers), date=NOW - timedelta(hours=3))


def found(finding: Finding, site: Site) -> list[tuple[str, str]]:
    return [(end.kind.value, end.url.removeprefix(site.base)) for end in finding.endpoints]


def test_the_feed_that_the_head_names_and_yields_is_chosen_before_those_that_do_not(guest: Guest, site: Site) -> None:
    site.answers["/"] = Answer(
        b"""<html lang="fr"><title>Le Scripte</title>
        <link rel="alternate" type="application/rss+xml" href="/empty"><link rel="alternate" type="application/rss+xml" href="/all">
        <link rel="alternate" type="application/rss+xml" href="/part"><a href="/feeds/html">Flux</a>"""
    )
    site.answers["/empty"] = Answer(site.rss())
    site.answers["/all"] = Answer(stories(site, range(30)))
    site.answers["/part"] = Answer(stories(site, range(10)))
    site.answers["/feeds/html"] = Answer(b"<html><p>Nos flux</p></html>", {"Content-Type": "text/html"})
    finding = look(guest, site)
    assert found(finding, site) == [("feed", "/all")]
    assert (finding.about.name, finding.about.language) == ("Le Scripte", "fr")
    assert {one.endpoint.url.removeprefix(site.base): bool(one.problem) for one in finding.others}["/empty"] is True


def test_a_page_that_lists_the_feeds_is_read(guest: Guest, site: Site) -> None:
    site.answers["/"] = Answer(b'<a href="/rss">RSS</a>')
    site.answers["/rss"] = Answer(b'<html><a href="/rss/world.xml">W</a><a href="/rss/sport.xml">S</a></html>')
    site.answers["/rss/world.xml"] = Answer(stories(site, range(10)))
    site.answers["/rss/sport.xml"] = Answer(stories(site, range(10, 20)))
    assert sorted(found(look(guest, site), site)) == [("feed", "/rss/sport.xml"), ("feed", "/rss/world.xml")]


def test_the_sitemaps_of_robots_txt_are_read_and_the_usual_places_are_not_then(guest: Guest, site: Site) -> None:
    site.answers["/"] = Answer(b"<p>Hello</p>")
    site.answers["/robots.txt"] = Answer(f"Sitemap: {site.base}/maps/index.xml\n".encode())
    site.answers["/maps/index.xml"] = Answer(
        site.index(**{"maps/new.xml": f"{NOW:%Y-%m-%d}", "maps/old.xml": "2011-01-01"})
    )
    site.answers["/maps/new.xml"] = Answer(
        site.sitemap("world/storm-hits-the-coast", "world/parliament-votes-on-budget")
    )
    assert found(look(guest, site), site) == [("sitemap", "/maps/index.xml")]
    asked = [path for path, _, _ in site.asked]
    assert "/maps/old.xml" not in asked
    assert "/sitemap.xml" not in asked


def test_the_usual_places_are_tried_where_nothing_is_named(guest: Guest, site: Site) -> None:
    site.answers["/"] = Answer(b"<p>Hello</p>")
    site.answers["/feed"] = Answer(b"<!doctype html><html>A soft 404</html>")
    site.answers["/rss.xml"] = Answer(stories(site, range(5)))
    assert found(look(guest, site), site) == [("feed", "/rss.xml")]


def test_sections_are_the_last_resort(guest: Guest, site: Site) -> None:
    site.answers["/"] = Answer(
        b'<nav><a href="/world">W</a><a href="/dull">D</a></nav><a href="/a-story-of-today">x</a>'
    )
    site.answers["/world"] = Answer(b"".join(f'<a href="/world/story-{n}-of-the-day">x</a>'.encode() for n in range(9)))
    site.answers["/dull"] = Answer(b"<p>nothing</p>")
    assert ("section", "/world") in found(look(guest, site), site)


def test_a_site_that_does_not_answer_is_said_to(guest: Guest, site: Site) -> None:
    finding = find(guest, Source("s", "S", "http://127.0.0.1:1/", crawl_delay=0, allow_private=True))
    assert (finding.reached, finding.endpoints) == (False, (Endpoint(EndpointKind.SECTION, "http://127.0.0.1:1/"),))
    assert finding.reason


def test_the_budget_of_requests_holds_and_no_address_is_asked_for_twice(guest: Guest, site: Site) -> None:
    anchors = "".join(f'<a href="/rss/{n}.xml">x</a>' for n in range(300))
    maps = "".join(f"Sitemap: {site.base}/m{n}.xml\n" for n in range(300))
    site.answers["/"] = Answer(anchors.encode())
    site.answers["/robots.txt"] = Answer(maps.encode())
    finding = look(guest, site)
    asked = [path for path, _, _ in site.asked if path != "/robots.txt"]
    assert len(asked) == len(set(asked))
    assert finding.requests <= 60


@pytest.mark.parametrize("private", [True, False])
def test_private_addresses_need_to_be_allowed(guest: Guest, site: Site, private: bool) -> None:
    site.answers["/"] = Answer(b"<p>Hello</p>")
    finding = find(guest, Source("s", "S", f"{site.base}/", crawl_delay=0, allow_private=private))
    assert finding.reached is private
    assert bool(site.asked) is private


def test_what_is_drafted_is_a_source_file_whatever_the_site_calls_itself(
    guest: Guest, site: Site, tmp_path: Path
) -> None:
    name = 'No: "a\\b" # \u2028\x00\x85 {x} \N{SNOWMAN} &amp; on'
    site.answers["/"] = Answer(f'<meta charset="utf-8"><meta property="og:site_name" content="{name}">'.encode())
    site.answers["/feed"] = Answer(stories(site, range(20)))
    finding = look(guest, site)
    source = Source("a-b", finding.about.name or "x", f"{site.base}/", allow_private=True)
    drafting.write(tmp_path / "a-b.yaml", drafting.draft(source, finding, NOW))
    read, faults = read_source(tmp_path / "a-b.yaml")
    assert faults == []
    assert read is not None
    assert (read.name, read.endpoints, read.allow_private) == (source.name, finding.endpoints, True)
    assert read.expect.articles_per_day is not None
    with pytest.raises(SourceError, match="not overwritten"):
        drafting.write(tmp_path / "a-b.yaml", "id: c\nname: C\nhomepage: https://c.example/\n")
    assert [file.name for file in tmp_path.iterdir()] == ["a-b.yaml"]


@pytest.mark.parametrize(
    "name", ["yes", "Null", "12", "1.5", "2026-05-01", "a: b", "- a", "'x", "x #y", "é", "[x]", "*a", "~", ""]
)
def test_any_name_is_read_back_as_it_was(name: str, tmp_path: Path) -> None:
    source = Source("a", name or "x", "https://a.example/#frag: x")
    ends = Finding((Endpoint(EndpointKind.FEED, "https://a.example/f?a=1&b=%20#x"),))
    drafting.write(tmp_path / "a.yaml", drafting.draft(source, ends, NOW))
    read, faults = read_source(tmp_path / "a.yaml")
    assert faults == []
    assert read is not None
    assert (read.name, read.homepage, read.endpoints) == (source.name, source.homepage, ends.endpoints)


@pytest.mark.parametrize(
    ("homepage", "suggested"),
    [
        ("https://www.example-times.co.uk/", "example-times"),
        ("https://news.example.com/world", "news-example"),
        ("http://127.0.0.1:8701/", "127-0-0-1-8701"),
        ("https://www.Exämple.de", "xn-exmple-cua"),
    ],
)
def test_the_id_comes_from_the_host(homepage: str, suggested: str) -> None:
    assert drafting.suggest_id(homepage) == suggested


@pytest.mark.slow
def test_a_homepage_becomes_articles_with_two_commands(dsn: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    home = {
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(sources), "NEWSDESK_DSN": dsn, "NEWSDESK_CRAWL_DELAY": "0",
        "NEWSDESK_FETCH_DEADLINE": "3", **WITHOUT_NAMES,
    }  # fmt: skip
    run = partial(run_newsdesk, **home)

    with Newsroom() as newsroom:
        base = newsroom.bases["harbour-courier"]
        said = run("sources", "add", base, "--id", "courier", "--allow-private", "--dry-run")
        assert said.returncode == 0, said.stderr
        assert f'feed: "{base}/rss.xml"' in said.stdout
        assert not sources.exists()
        assert run("sources", "add", base, "--id", "courier", "--allow-private").returncode == 2  # nobody to ask
        said = run("sources", "add", base, "--id", "courier", "--allow-private", "--yes")
        assert said.returncode == 0, said.stderr
        assert "newsdesk ingest --source courier" in said.stderr
        assert [source.name for source in load_sources(sources)[0]] == ["The Harbour Courier"]
        assert "not overwritten" in run("sources", "add", base, "--id", "courier", "--allow-private", "--yes").stderr
        said = run("ingest", "--source", "courier", "--max-per-run", "3")
        assert "courier" in said.stdout, said.stderr
        assert "next poll" in run("sources", "polls").stdout
    said = run("sources", "add", base, "--id", "other", "--yes")
    assert said.returncode == 2
    assert "cannot be read" in said.stderr


def test_a_feed_whose_address_no_index_holds_is_not_chosen(guest: Guest, site: Site) -> None:
    """What carries no content is not in its key, so that one may be short."""
    long = f"/rss?utm_source={''.join(random.Random(1).choices(string.ascii_letters, k=4_000))}"
    site.answers["/"] = Answer(f'<link rel="alternate" type="application/rss+xml" href="{long}">'.encode())
    site.answers[long] = Answer(stories(site, range(30)))
    site.answers["/feed.xml"] = Answer(stories(site, range(10)))
    assert found(look(guest, site), site) == [("feed", "/feed.xml")]
