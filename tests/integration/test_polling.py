"""Polling against servers with moods: validators, redirects, trees of sitemaps, and what a site's links turn out to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from newsdesk.store.sources import switch_on
from scripted_site import Answer, Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as found:
        yield found


@dataclass
class House:
    """The pipeline's discovery with one source, and its clock: `later` moves all that is known into the past."""

    desk: Desk
    site: Site
    folder: Path
    runs: int = 0

    def source(self, *endpoints: str, **more: str) -> None:
        lines = ["id: s", "name: S", f"homepage: {self.site.base}/", "allow_private: true", "crawl_delay: 0"]
        lines += [f"{key}: {value}" for key, value in more.items()]
        if endpoints:
            lines += ["endpoints:", *(f"  - {{{kind}: '{self.site.base}{path}'}}" for kind, _, path in
                                      (told.partition(" ") for told in endpoints))]  # fmt: skip
        (self.folder / "s.yaml").write_text("\n".join(lines) + "\n")

    def discover(self, *, by_hand: bool = True) -> dict[str, int]:
        self.runs += 1
        key = f"test/{self.runs}" if by_hand else f"ingest_news/scheduled__{self.runs}"
        return stages.discover(self.desk, stages.open_run(self.desk, key, "cli" if by_hand else "airflow"))

    def sql(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(statement, values)
            return rows(cursor) if cursor.description else []

    def endpoint(self) -> dict[str, Any]:
        return self.sql("SELECT * FROM ops.endpoint WHERE active ORDER BY endpoint_id")[0]

    def later(self, **passed: float) -> None:
        columns = ("polled_at", "next_poll_at", "worked_at", "changed_at", "whole_at", "failing_since", "moved_since")
        self.sql(
            f"UPDATE ops.endpoint SET {', '.join(f'{name} = {name} - %s' for name in columns)}",
            *[timedelta(**passed)] * len(columns),
        )


@pytest.fixture
def house(dsn: str, site: Site, tmp_path: Path) -> House:
    settings = read_settings({
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path), "NEWSDESK_FETCH_DEADLINE": "3",
        "NEWSDESK_CRAWL_DELAY": "0",
    })  # fmt: skip
    return House(Desk(settings, dsn), site, tmp_path)


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('W/"x-gzip"', "Tue, 01 Jan 2041 00:00:00 GMT"),
        ("no-quotes", "vendredi 1 mai 2026"),
        ('"a,b"', None),
        (None, "yesterday"),
    ],
)
def test_validators_go_back_byte_for_byte(house: House, site: Site, etag: str | None, modified: str | None) -> None:
    told = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
    site.answers["/f"] = Answer(site.rss("a-b-c"), told)
    house.source("feed /f")
    house.discover()
    house.discover()
    assert site.polls("/f") == [(None, None), (etag, modified)]


def test_a_200_brings_both_validators_anew_and_a_304_the_one_it_has(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"1"', "Last-Modified": "one"})
    house.discover()
    site.answers["/f"] = Answer(site.rss("a-b-d"), {"ETag": '"2"'})
    house.discover()
    assert (house.endpoint()["etag"], house.endpoint()["last_modified"]) == ('"2"', None)
    site.answers["/f"] = Answer(b"", {"ETag": '"3"'}, 304)
    house.discover()
    assert (house.endpoint()["etag"], house.endpoint()["outcome"]) == ('"3"', None)


def test_after_days_of_nothing_but_304_the_body_is_asked_for(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"stuck"'})
    house.discover()
    site.answers["/f"] = lambda headers: (
        Answer(b"", {}, 304) if "If-None-Match" in headers else Answer(site.rss("a-b-c", "d-e-f"), {"ETag": '"stuck"'})
    )
    assert house.discover()["new"] == 0
    house.later(days=4)
    assert house.discover()["new"] == 1


def test_a_304_that_was_not_asked_for_is_a_failure_and_leaves_no_validators(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(b"", {"ETag": '"1"'}, 304)
    house.discover()
    assert (house.endpoint()["outcome"], house.endpoint()["etag"]) == ("http_error", None)


def test_a_body_that_is_the_same_is_not_read_again_whatever_its_validators(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"node1"'})
    assert house.discover()["seen"] == 1
    changed = house.endpoint()["changed_at"]
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"node2"'})
    assert house.discover()["seen"] == 0
    now = house.endpoint()
    assert (now["etag"], now["links_seen"], now["changed_at"]) == ('"node2"', 0, changed)


def test_what_could_not_be_read_leaves_the_old_validators(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"ETag": '"good"'})
    house.discover()
    site.answers["/f"] = Answer(b"<!doctype html><html><body>Sorry</body></html>", {"ETag": '"html"'})
    for count in (1, 2):
        house.discover()
        house.later(hours=1)
        now = house.endpoint()
        assert (now["etag"], now["failures"], now["outcome"]) == ('"good"', count, "wrong_type")
    assert "HTML" in now["reason"]


def test_a_permanent_redirect_is_believed_after_days_and_the_file_is_left(house: House, site: Site) -> None:
    house.source("feed /old")
    site.answers["/old"] = Answer(b"", {"Location": "/new"}, 301)
    site.answers["/new"] = Answer(site.rss("a-b-c"))
    house.discover()
    house.later(days=2)
    house.discover()
    assert [path for path, _, _ in site.asked if path == "/old"] == ["/old", "/old"]
    house.later(days=2)
    house.discover()
    house.discover()
    assert len(site.polls("/old")) == 2
    assert len(site.polls("/new")) == 4
    now = house.endpoint()
    assert (now["url"], now["moved_to"]) == (f"{site.base}/old", f"{site.base}/new")
    site.answers["/new"] = Answer(status=404)
    house.discover()
    assert house.endpoint()["moved_to"] is None  # its own address has its turn again


def test_a_temporary_redirect_is_never_believed(house: House, site: Site) -> None:
    house.source("feed /old")
    site.answers["/old"] = Answer(b"", {"Location": "/new"}, 302)
    site.answers["/new"] = Answer(site.rss("a-b-c"))
    house.discover()
    assert house.endpoint()["moved_to"] is None


def test_a_feed_that_is_gone_for_good_is_switched_off_until_somebody_switches_it_on(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(status=410)
    house.discover()
    house.later(days=10)
    house.discover()
    assert len(site.polls("/f")) == 1
    (shown,) = house.sql("SELECT state, why, next_poll_at FROM ops.poll_schedule")
    assert (shown["state"], shown["next_poll_at"]) == ("off", None)
    assert "410" in shown["why"]
    with transaction(house.desk.dsn) as cursor:
        assert switch_on(cursor, f"{site.base}/f") == 1
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    assert house.discover()["new"] == 1


def test_scheduled_runs_follow_the_schedule_and_runs_by_hand_do_not(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c", date=datetime.now(UTC) - timedelta(days=2)))
    house.discover(by_hand=False)
    assert house.discover(by_hand=False)["endpoints"] == 0
    assert house.discover(by_hand=True)["endpoints"] == 1
    house.later(minutes=59)
    assert house.discover(by_hand=False)["endpoints"] == 1  # an hourly run is not late for an hourly endpoint


def test_a_run_by_hand_that_is_taken_up_again_polls_nothing_twice(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    house.discover()
    house.runs -= 1
    assert house.discover()["endpoints"] == 0


def test_the_servers_word_on_the_next_visit_is_heard(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"Cache-Control": "max-age=14400"})
    house.discover()
    (shown,) = house.sql("SELECT poll_every, why FROM ops.poll_schedule")
    assert shown["poll_every"] == timedelta(hours=4)
    assert "server asks" in shown["why"]


def test_retry_after_keeps_even_a_run_by_hand_away(house: House, site: Site) -> None:
    house.source("feed /f")
    site.answers["/f"] = Answer(b"", {"Retry-After": "7200"}, 429)
    house.discover()
    house.later(minutes=90)
    assert house.discover()["endpoints"] == 0
    house.later(minutes=31)
    assert house.discover()["endpoints"] == 1


def test_a_url_that_was_left_out_is_judged_anew(house: House, site: Site) -> None:
    house.source("feed /f", exclude="['-b-']")
    site.answers["/f"] = Answer(site.rss("a-b-c", "d-e-f"))
    house.discover()
    outcomes = (
        "SELECT outcome, reason IS NULL AS no_reason, next_visit_at IS NOT NULL AS due FROM ops.frontier ORDER BY url"
    )
    assert [tuple(row.values()) for row in house.sql(outcomes)] == [("excluded", False, False), (None, True, True)]
    house.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c", "d-e-f", "g-h-i"))
    house.discover()
    assert [tuple(row.values()) for row in house.sql(outcomes)] == [(None, True, True)] * 3


def test_dates_that_are_the_clocks_move_nothing(house: House, site: Site) -> None:
    house.source("feed /f")
    names = ("a-b-c", "d-e-f", "g-h-i")
    site.answers["/f"] = lambda headers: Answer(site.rss(*names, date=datetime.now(UTC)))
    house.discover()
    first = house.sql("SELECT url, first_found_at, published_at FROM ops.frontier ORDER BY url")
    house.discover()
    again = house.sql("SELECT url, first_found_at, published_at FROM ops.frontier ORDER BY url")
    assert first == again
    assert {row["published_at"] for row in again} == {None}


def test_below_an_index_each_sitemap_has_its_own_validators(house: House, site: Site) -> None:
    house.source("sitemap /index")
    today, old = f"{datetime.now(UTC):%Y-%m-%d}", "2020-01-01T10:00:00Z"
    site.answers["/index"] = Answer(site.index(new=today, newer=today, archive=old), {"ETag": '"index"'})
    site.answers["/new"] = Answer(site.sitemap("a-b-c"), {"ETag": '"new"'})
    site.answers["/newer"] = Answer(site.sitemap("d-e-f"))
    assert house.discover()["new"] == 2
    site.answers["/new"] = lambda headers: Answer(b"", {}, 304 if headers.get("If-None-Match") == '"new"' else 500)
    site.answers["/newer"] = Answer(site.sitemap("d-e-f", "g-h-i"))
    assert house.discover()["new"] == 1
    # the index itself is always asked for whole: it may be as it was while those below it are not
    assert site.polls("/index") == [(None, None), (None, None)]
    assert site.polls("/new") == [(None, None), ('"new"', None)]
    assert site.polls("/archive") == []
    house.later(days=1)


def test_a_sitemap_below_an_index_that_failed_is_asked_for_whole_the_next_time(house: House, site: Site) -> None:
    house.source("sitemap /index")
    site.answers["/index"] = Answer(site.index(a="2026-01-01", b="2026-01-01"))
    site.answers["/a"] = Answer(site.sitemap("a-b-c"))
    site.answers["/b"] = Answer(b"oops", {"ETag": '"half"'}, 500)
    house.discover()
    now = house.endpoint()
    assert (now["outcome"], now["links_new"]) == (None, 1)
    assert "1 of the sitemaps below it failed" in now["why"]
    site.answers["/b"] = Answer(site.sitemap("d-e-f"))
    assert house.discover()["new"] == 1
    assert site.polls("/b") == [(None, None), (None, None)]


def page(*links: str) -> bytes:
    return ("<html><body><main>" + "".join(f'<p><a href="{link}">More</a></p>' for link in links) + "</main>").encode()


def test_a_section_page_learns_what_this_sites_addresses_are(house: House, site: Site) -> None:
    """On this made-up site `/quiz/…` slugs are no articles and `/s/…` serials are: the general score has both wrong."""
    house.source("section /news")
    quizzes = [f"/quiz/how-much-do-you-know-{n}" for n in "abcdefghi"]
    site.answers["/news"] = Answer(page(*quizzes, "/s/1001", "/world/storm-hits-the-coast"))
    house.discover()
    assert house.sql("SELECT count(*) AS n FROM ops.frontier WHERE next_visit_at IS NOT NULL") == [{"n": 10}]
    # how the visits ended
    house.sql("UPDATE ops.frontier SET outcome = 'not_article', last_tried_at = now() WHERE url LIKE '%%/quiz/%%'")
    house.sql(
        """
        INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, last_tried_at, outcome)
        SELECT 'https://x.example/s/' || n, 'https://x.example/s/' || n, 'x.example', 's', now(), now(), now(), 'published'
        FROM generate_series(1, 3) AS n
        """
    )
    site.answers["/news"] = Answer(page("/quiz/what-is-it-now", "/s/1002", "/world/storm-leaves-the-coast", "/t/1"))
    house.discover()
    ends = {
        row["url"].removeprefix(site.base): (row["outcome"], row["reason"])
        for row in house.sql("SELECT url, outcome, reason FROM ops.frontier WHERE first_found_at = last_found_at")
    }
    assert ends["/quiz/what-is-it-now"][0] == "excluded"
    assert "of 9 addresses of the form /quiz/slug" in (ends["/quiz/what-is-it-now"][1] or "")
    assert ends["/s/1002"] == (None, None)  # below the general score
    assert ends["/world/storm-leaves-the-coast"] == (None, None)
    assert "/t/1" not in ends
    # what it knows is forgotten in time, and tried anew
    house.sql("UPDATE ops.frontier SET last_tried_at = last_tried_at - interval '100 days'")
    site.answers["/news"] = Answer(page("/quiz/another-one-of-these"))
    house.discover()
    (again,) = house.sql("SELECT outcome FROM ops.frontier WHERE url LIKE '%%/quiz/another%%'")
    assert again == {"outcome": None}


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("/world/2024/05/01/storm-hits-the-coast.html", "/world/9/9/9/slug.html"),
        ("/storm-hits-the-coast-1234567", "/slug-9"),
        ("/world/us-1234567", "/world/word-9"),
        ("/4711815", "/9"),
        ("/", "/"),
        ("/?p=12", "/?p"),
        ("/story.php?id=4711815&x=1", "/word.php?id&x"),
        ("/world/africa/two-words", "/world/a/two-words"),
    ],
)
def test_addresses_of_one_template_have_one_shape(house: House, url: str, shape: str) -> None:
    for host in ("https://a.example", "https://b.example:8080"):
        assert house.sql("SELECT ops.url_shape(%s) AS shape", host + url) == [{"shape": shape}]


def test_endpoints_are_looked_for_again_when_all_are_dead_for_long(house: House, site: Site) -> None:
    house.source()
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    house.discover()
    assert house.endpoint()["url"] == f"{site.base}/f"
    site.answers["/f"] = Answer(status=404)
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/g">')
    site.answers["/g"] = Answer(site.rss("d-e-f"))
    house.discover()
    assert house.endpoint()["url"] == f"{site.base}/f"  # one bad day is not the end
    house.later(days=4)
    house.sql("UPDATE ops.source SET endpoints_sought_at = endpoints_sought_at - interval '4 days'")
    assert house.discover()["new"] == 1
    assert house.endpoint()["url"] == f"{site.base}/g"


def test_a_site_that_was_away_is_looked_at_again_with_the_next_run(house: House, site: Site) -> None:
    house.source()
    site.answers["/"] = Answer(status=500)
    house.discover()
    assert house.endpoint()["kind"] == "section"
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    house.discover()
    assert (house.endpoint()["kind"], house.endpoint()["url"]) == ("feed", f"{site.base}/f")


def test_a_site_that_is_away_for_days_keeps_the_endpoints_that_were_found(house: House, site: Site) -> None:
    house.source()
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    house.discover()
    site.answers["/"] = site.answers["/f"] = Answer(status=500)
    house.discover()
    for _ in range(2):
        house.later(days=4)
        house.sql("UPDATE ops.source SET endpoints_sought_at = endpoints_sought_at - interval '4 days'")
        house.sql("UPDATE ops.host SET deferred_until = NULL")
        house.discover()
        assert house.sql("SELECT url FROM ops.endpoint WHERE active") == [{"url": f"{site.base}/f"}]
    site.answers["/f"] = Answer(site.rss("d-e-f"))
    house.later(days=2)
    assert house.discover()["new"] == 1


def test_the_shape_of_an_address_is_kept_with_it(house: House, site: Site) -> None:
    """To compute the shapes of a source's 200,000 addresses anew took half a minute, at each poll of a section."""
    site.answers["/f"] = Answer(site.rss("world/2026/3/a-long-slug-of-words"))
    house.source("feed /f")
    house.discover()
    assert house.sql("SELECT shape FROM ops.frontier") == [{"shape": "/world/9/9/slug"}]
    (view,) = house.sql("SELECT pg_get_viewdef('ops.link_shape'::regclass) AS text")
    assert "url_shape" not in view["text"]
