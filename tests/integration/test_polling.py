"""What a poll asks for, and what of the answer is kept: validators, bodies, failures, dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from discovery import Discovery
from newsdesk.model import Endpoint, EndpointKind, Source
from newsdesk.store.database import transaction
from newsdesk.store.sources import save_sources
from scripted_site import Answer, Site


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('W/"x-gzip"', "Tue, 01 Jan 2041 00:00:00 GMT"),
        ("no-quotes", "vendredi 1 mai 2026"),
        ('"a,b"', None),
        (None, "yesterday"),
    ],
)
def test_validators_go_back_byte_for_byte(
    discovery: Discovery, site: Site, etag: str | None, modified: str | None
) -> None:
    told = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
    site.answers["/f"] = Answer(site.rss("a-b-c"), told)
    discovery.source("feed /f")
    discovery.run()
    discovery.run()
    assert site.polls("/f") == [(None, None), (etag, modified)]


def test_a_200_brings_both_validators_anew_and_a_304_the_one_it_has(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"1"', "Last-Modified": "one"})
    discovery.run()
    site.answers["/f"] = Answer(site.rss("a-b-d"), {"ETag": '"2"'})
    discovery.run()
    assert (discovery.endpoint()["etag"], discovery.endpoint()["last_modified"]) == ('"2"', None)
    site.answers["/f"] = Answer(b"", {"ETag": '"3"'}, 304)
    discovery.run()
    assert (discovery.endpoint()["etag"], discovery.endpoint()["outcome"]) == ('"3"', None)


def test_after_days_of_nothing_but_304_the_body_is_asked_for(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"stuck"'})
    discovery.run()
    site.answers["/f"] = lambda headers: (
        Answer(b"", {}, 304) if "If-None-Match" in headers else Answer(site.rss("a-b-c", "d-e-f"), {"ETag": '"stuck"'})
    )
    assert discovery.run()["new"] == 0
    discovery.later(days=4)
    assert discovery.run()["new"] == 1


def test_a_304_that_was_not_asked_for_is_a_failure_and_leaves_no_validators(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(b"", {"ETag": '"1"'}, 304)
    discovery.run()
    assert (discovery.endpoint()["outcome"], discovery.endpoint()["etag"]) == ("http_error", None)


def test_a_body_that_is_the_same_is_not_read_again_whatever_its_validators(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"node1"'})
    assert discovery.run()["seen"] == 1
    changed = discovery.endpoint()["changed_at"]
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"node2"'})
    assert discovery.run()["seen"] == 0
    now = discovery.endpoint()
    assert (now["etag"], now["links_seen"], now["changed_at"]) == ('"node2"', 0, changed)


def test_what_could_not_be_read_leaves_the_old_validators(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"good"'})
    discovery.run()
    site.answers["/f"] = Answer(b"<!doctype html><html><body>Sorry</body></html>", {"ETag": '"html"'})
    for count in (1, 2):
        discovery.run()
        discovery.later(hours=1)
        now = discovery.endpoint()
        assert (now["etag"], now["failures"], now["outcome"]) == ('"good"', count, "wrong_type")
    assert "HTML" in now["reason"]


def test_a_url_that_was_left_out_is_judged_anew(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f", exclude="['-b-']")
    site.answers["/f"] = Answer(site.rss("a-b-c", "d-e-f"))
    discovery.run()
    outcomes = (
        "SELECT outcome, reason IS NULL AS no_reason, next_visit_at IS NOT NULL AS due FROM ops.frontier ORDER BY url"
    )
    assert [tuple(row.values()) for row in discovery.sql(outcomes)] == [("excluded", False, False), (None, True, True)]
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c", "d-e-f", "g-h-i"))
    discovery.run()
    assert [tuple(row.values()) for row in discovery.sql(outcomes)] == [(None, True, True)] * 3


def test_dates_that_are_the_clocks_move_nothing(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    names = ("a-b-c", "d-e-f", "g-h-i")
    site.answers["/f"] = lambda headers: Answer(site.rss(*names, date=datetime.now(UTC)))
    discovery.run()
    first = discovery.sql("SELECT url, first_found_at, published_at FROM ops.frontier ORDER BY url")
    discovery.run()
    again = discovery.sql("SELECT url, first_found_at, published_at FROM ops.frontier ORDER BY url")
    assert first == again
    assert {row["published_at"] for row in again} == {None}


def test_below_an_index_each_sitemap_has_its_own_validators(discovery: Discovery, site: Site) -> None:
    discovery.source("sitemap /index")
    today, old = f"{datetime.now(UTC):%Y-%m-%d}", "2020-01-01T10:00:00Z"
    site.answers["/index"] = Answer(site.index(new=today, newer=today, archive=old), {"ETag": '"index"'})
    site.answers["/new"] = Answer(site.sitemap("a-b-c"), {"ETag": '"new"'})
    site.answers["/newer"] = Answer(site.sitemap("d-e-f"))
    assert discovery.run()["new"] == 2
    site.answers["/new"] = lambda headers: Answer(b"", {}, 304 if headers.get("If-None-Match") == '"new"' else 500)
    site.answers["/newer"] = Answer(site.sitemap("d-e-f", "g-h-i"))
    assert discovery.run()["new"] == 1
    # the index itself is always asked for whole: it may be as it was while those below it are not
    assert site.polls("/index") == [(None, None), (None, None)]
    assert site.polls("/new") == [(None, None), ('"new"', None)]
    assert site.polls("/archive") == []
    discovery.later(days=1)


def test_a_sitemap_below_an_index_that_failed_is_asked_for_whole_the_next_time(
    discovery: Discovery, site: Site
) -> None:
    discovery.source("sitemap /index")
    site.answers["/index"] = Answer(site.index(a="2026-01-01", b="2026-01-01"))
    site.answers["/a"] = Answer(site.sitemap("a-b-c"))
    site.answers["/b"] = Answer(b"oops", {"ETag": '"half"'}, 500)
    discovery.run()
    now = discovery.endpoint()
    assert (now["outcome"], now["links_new"]) == (None, 1)
    assert "1 of the sitemaps below it failed" in now["why"]
    site.answers["/b"] = Answer(site.sitemap("d-e-f"))
    assert discovery.run()["new"] == 1
    assert site.polls("/b") == [(None, None), (None, None)]


def test_an_address_that_was_found_as_two_kinds_is_one_endpoint_of_the_first(dsn: str) -> None:
    both = [Endpoint(EndpointKind.FEED, "https://x.example/a"), Endpoint(EndpointKind.SECTION, "https://x.example/a")]
    with transaction(dsn) as cursor:
        save_sources(cursor, [Source("s", "S", "https://x.example/", endpoints=tuple(both))], complete=True)
        cursor.execute("SELECT kind, active FROM ops.endpoint")
        assert cursor.fetchall() == [("feed", True)]
