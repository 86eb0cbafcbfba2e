"""When and where an endpoint is polled next: schedule, redirects, what the server asks for, the end of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from discovery import Discovery
from newsdesk.store.database import transaction
from newsdesk.store.polls import switch_on
from scripted_site import Answer, Site


def test_scheduled_runs_follow_the_schedule_and_runs_by_hand_do_not(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c", date=datetime.now(UTC) - timedelta(days=2)))
    discovery.run(by_hand=False)
    assert discovery.run(by_hand=False)["endpoints"] == 0
    assert discovery.run(by_hand=True)["endpoints"] == 1
    discovery.later(minutes=59)
    assert discovery.run(by_hand=False)["endpoints"] == 1  # an hourly run is not late for an hourly endpoint


def test_a_run_by_hand_that_is_taken_up_again_polls_nothing_twice(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    discovery.run()
    discovery.runs -= 1
    assert discovery.run()["endpoints"] == 0


def test_the_servers_word_on_the_next_visit_is_heard(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(site.rss("a-b-c"), {"Cache-Control": "max-age=14400"})
    discovery.run()
    (shown,) = discovery.sql("SELECT poll_every, why FROM ops.poll_schedule")
    assert shown["poll_every"] == timedelta(hours=4)
    assert "server asks" in shown["why"]


def test_retry_after_keeps_even_a_run_by_hand_away(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(b"", {"Retry-After": "7200"}, 429)
    discovery.run()
    discovery.later(minutes=90)
    assert discovery.run()["endpoints"] == 0
    discovery.later(minutes=31)
    assert discovery.run()["endpoints"] == 1


def test_a_permanent_redirect_is_believed_after_days_and_the_file_is_left(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /old")
    site.answers["/old"] = Answer(b"", {"Location": "/new"}, 301)
    site.answers["/new"] = Answer(site.rss("a-b-c"))
    discovery.run()
    discovery.later(days=2)
    discovery.run()
    assert [path for path, _, _ in site.asked if path == "/old"] == ["/old", "/old"]
    discovery.later(days=2)
    discovery.run()
    discovery.run()
    assert len(site.polls("/old")) == 2
    assert len(site.polls("/new")) == 4
    now = discovery.endpoint()
    assert (now["url"], now["moved_to"]) == (f"{site.base}/old", f"{site.base}/new")
    site.answers["/new"] = Answer(status=404)
    discovery.run()
    assert discovery.endpoint()["moved_to"] is None  # its own address has its turn again


def test_a_temporary_redirect_is_never_believed(discovery: Discovery, site: Site) -> None:
    discovery.source("feed /old")
    site.answers["/old"] = Answer(b"", {"Location": "/new"}, 302)
    site.answers["/new"] = Answer(site.rss("a-b-c"))
    discovery.run()
    assert discovery.endpoint()["moved_to"] is None


def test_a_feed_that_is_gone_for_good_is_switched_off_until_somebody_switches_it_on(
    discovery: Discovery, site: Site
) -> None:
    discovery.source("feed /f")
    site.answers["/f"] = Answer(status=410)
    discovery.run()
    discovery.later(days=10)
    discovery.run()
    assert len(site.polls("/f")) == 1
    (shown,) = discovery.sql("SELECT state, why, next_poll_at FROM ops.poll_schedule")
    assert (shown["state"], shown["next_poll_at"]) == ("off", None)
    assert "410" in shown["why"]
    with transaction(discovery.desk.dsn) as cursor:
        assert switch_on(cursor, f"{site.base}/f") == 1
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    assert discovery.run()["new"] == 1


def test_endpoints_are_looked_for_again_when_all_are_dead_for_long(discovery: Discovery, site: Site) -> None:
    discovery.source()
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    discovery.run()
    assert discovery.endpoint()["url"] == f"{site.base}/f"
    site.answers["/f"] = Answer(status=404)
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/g">')
    site.answers["/g"] = Answer(site.rss("d-e-f"))
    discovery.run()
    assert discovery.endpoint()["url"] == f"{site.base}/f"  # one bad day is not the end
    discovery.later(days=4)
    discovery.sql("UPDATE ops.source SET endpoints_sought_at = endpoints_sought_at - interval '4 days'")
    assert discovery.run()["new"] == 1
    assert discovery.endpoint()["url"] == f"{site.base}/g"


def test_a_site_that_was_away_is_looked_at_again_with_the_next_run(discovery: Discovery, site: Site) -> None:
    discovery.source()
    site.answers["/"] = Answer(status=500)
    discovery.run()
    assert discovery.endpoint()["kind"] == "section"
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    discovery.run()
    assert (discovery.endpoint()["kind"], discovery.endpoint()["url"]) == ("feed", f"{site.base}/f")


def test_a_site_that_is_away_for_days_keeps_the_endpoints_that_were_found(discovery: Discovery, site: Site) -> None:
    discovery.source()
    site.answers["/"] = Answer(b'<link rel="alternate" type="application/rss+xml" href="/f">')
    site.answers["/f"] = Answer(site.rss("a-b-c"))
    discovery.run()
    site.answers["/"] = site.answers["/f"] = Answer(status=500)
    discovery.run()
    for _ in range(2):
        discovery.later(days=4)
        discovery.sql("UPDATE ops.source SET endpoints_sought_at = endpoints_sought_at - interval '4 days'")
        discovery.sql("UPDATE ops.host SET deferred_until = NULL")
        discovery.run()
        assert discovery.sql("SELECT url FROM ops.endpoint WHERE active") == [{"url": f"{site.base}/f"}]
    site.answers["/f"] = Answer(site.rss("d-e-f"))
    discovery.later(days=2)
    assert discovery.run()["new"] == 1
