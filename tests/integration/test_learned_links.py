"""A section page's links are judged by what became of the site's earlier ones, by the shapes of addresses."""

from __future__ import annotations

import pytest

from discovery import Discovery
from scripted_site import Answer, Site


def page(*links: str) -> bytes:
    return ("<html><body><main>" + "".join(f'<p><a href="{link}">More</a></p>' for link in links) + "</main>").encode()


def test_a_section_page_learns_what_this_sites_addresses_are(discovery: Discovery, site: Site) -> None:
    """On this made-up site `/quiz/…` slugs are no articles and `/s/…` serials are: the general score has both wrong."""
    discovery.source("section /news")
    quizzes = [f"/quiz/how-much-do-you-know-{n}" for n in "abcdefghi"]
    site.answers["/news"] = Answer(page(*quizzes, "/s/1001", "/world/storm-hits-the-coast"))
    discovery.run()
    assert discovery.sql("SELECT count(*) AS n FROM ops.frontier WHERE next_visit_at IS NOT NULL") == [{"n": 10}]
    # how the visits ended
    discovery.sql("UPDATE ops.frontier SET outcome = 'not_article', last_tried_at = now() WHERE url LIKE '%%/quiz/%%'")
    discovery.sql(
        """
        INSERT INTO ops.frontier (url_key, url, host, source_id, first_found_at, last_found_at, last_tried_at, outcome)
        SELECT 'https://x.example/s/' || n, 'https://x.example/s/' || n, 'x.example', 's', now(), now(), now(), 'published'
        FROM generate_series(1, 3) AS n
        """
    )
    site.answers["/news"] = Answer(page("/quiz/what-is-it-now", "/s/1002", "/world/storm-leaves-the-coast", "/t/1"))
    discovery.run()
    ends = {
        row["url"].removeprefix(site.base): (row["outcome"], row["reason"])
        for row in discovery.sql("SELECT url, outcome, reason FROM ops.frontier WHERE first_found_at = last_found_at")
    }
    assert ends["/quiz/what-is-it-now"][0] == "excluded"
    assert "of 9 addresses of the form /quiz/slug" in (ends["/quiz/what-is-it-now"][1] or "")
    assert ends["/s/1002"] == (None, None)  # below the general score
    assert ends["/world/storm-leaves-the-coast"] == (None, None)
    assert "/t/1" not in ends
    # what it knows is forgotten in time, and tried anew
    discovery.sql("UPDATE ops.frontier SET last_tried_at = last_tried_at - interval '100 days'")
    site.answers["/news"] = Answer(page("/quiz/another-one-of-these"))
    discovery.run()
    (again,) = discovery.sql("SELECT outcome FROM ops.frontier WHERE url LIKE '%%/quiz/another%%'")
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
def test_addresses_of_one_template_have_one_shape(discovery: Discovery, url: str, shape: str) -> None:
    for host in ("https://a.example", "https://b.example:8080"):
        assert discovery.sql("SELECT ops.url_shape(%s) AS shape", host + url) == [{"shape": shape}]


def test_the_shape_of_an_address_is_kept_with_it(discovery: Discovery, site: Site) -> None:
    """To compute the shapes of a source's 200,000 addresses anew took half a minute, at each poll of a section."""
    site.answers["/f"] = Answer(site.rss("world/2026/3/a-long-slug-of-words"))
    discovery.source("feed /f")
    discovery.run()
    assert discovery.sql("SELECT shape FROM ops.frontier") == [{"shape": "/world/9/9/slug"}]
    (view,) = discovery.sql("SELECT pg_get_viewdef('ops.link_shape'::regclass) AS text")
    assert "url_shape" not in view["text"]
