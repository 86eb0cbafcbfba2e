"""`newsdesk try` for what is found and fetched: url, feed, sitemap, robots, address, decode."""

from __future__ import annotations

import base64

from filtering import RSS, packed, run


def test_an_address_gets_its_canonical_form_host_and_site() -> None:
    good, bad = run(
        "url", {"url": "HTTP://Www.Example.com:80/a/../b?utm_source=x#top", "note": "unread"}, {"url": "mailto:a@b"}
    )
    assert (good["host"], good["site"]) == ("www.example.com", "example.com")
    assert good["canonical"].endswith("example.com/b")
    assert list(bad) == ["error"]


def test_a_feed_gives_its_entries_with_absolute_addresses() -> None:
    (answer,) = run("feed", {"bytes_b64": packed(RSS), "content_type": "text/xml", "url": "https://news.example/rss"})
    assert answer["kind"] == "rss"
    assert answer["entries"][0] == {
        "url": "https://news.example/2026/harbour", "title": "Harbour wall opens", "id": "https://news.example/?p=1",
        "published": "2026-03-02T10:00:00Z", "updated": None,
    }  # fmt: skip
    assert answer["entries"][1]["url"] == "https://news.example/mayor"
    assert (answer["problem"], "error" in answer) == (None, False)


def test_without_the_feeds_address_relative_links_stay_out_and_absolute_ones_in() -> None:
    (answer,) = run("feed", {"bytes_b64": packed(RSS)})
    assert [entry["url"] for entry in answer["entries"]] == [None, "https://news.example/mayor"]


def test_a_feed_that_cannot_be_read_is_an_error_and_an_empty_one_is_not() -> None:
    page, nothing, quiet = run(
        "feed",
        {"bytes_b64": packed("<!doctype html><title>Not found</title>"), "id": 4},
        {"bytes_b64": ""},
        {"bytes_b64": packed('<rss version="2.0"><channel><title>News</title></channel></rss>')},
    )
    assert page["entries"] == nothing["entries"] == quiet["entries"] == []
    assert page["error"] == page["problem"]
    assert "empty" in nothing["error"]
    assert "error" not in quiet


def test_a_sitemap_gives_its_pages_or_further_sitemaps() -> None:
    urlset = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/a</loc>
      <lastmod>2026-03-02</lastmod><n:news><n:publication_date>2026-03-02T12:00:00+02:00</n:publication_date>
      <n:title>A</n:title></n:news></url></urlset>"""
    index = "<sitemapindex><sitemap><loc>https://news.example/s.xml</loc></sitemap></sitemapindex>"
    pages, sitemaps, neither = run(
        "sitemap",
        {"bytes_b64": packed(urlset)},
        {"bytes_b64": packed(index)},
        {"bytes_b64": packed("<html>404</html>")},
    )
    assert pages["pages"] == [
        {"url": "https://news.example/a", "lastmod": "2026-03-02T00:00:00Z", "title": "A",
         "published": "2026-03-02T10:00:00Z"}
    ]  # fmt: skip
    assert (sitemaps["pages"], sitemaps["sitemaps"]) == ([], ["https://news.example/s.xml"])
    assert (neither["pages"], neither["sitemaps"], bool(neither["error"])) == ([], [], True)


def test_a_robots_file_says_whether_how_often_and_where_sitemaps_are() -> None:
    rules = "User-agent: newsdesk\nDisallow: /private\nCrawl-delay: 2.5\nSitemap: https://news.example/s.xml\n"
    given = {"agent": "newsdesk/1.0", "url": "https://news.example/private/a"}
    text, utf16, file_alone = run(
        "robots",
        {"robots": rules, **given},
        {"robots": None, "robots_b64": packed(b"\xff\xfe" + rules.encode("utf-16-le")), **given},
        {"robots": rules, "agent": "other"},
    )
    assert text == utf16 == {"allowed": False, "crawl_delay": 2.5, "sitemaps": ["https://news.example/s.xml"]}
    assert file_alone == {"allowed": None, "crawl_delay": None, "sitemaps": ["https://news.example/s.xml"]}


def test_robots_by_the_status_of_its_answer() -> None:
    rows = [{"status": status, "robots": None, "url": "https://news.example/a"} for status in (404, 503, 429, 0, 200)]
    answers = run("robots", *rows, {"url": "https://news.example/a"}, {"robots": "", "status": True})
    assert [answer.get("allowed") for answer in answers[:5]] == [True, False, False, False, True]
    assert answers[5] == {"error": 'the row needs "robots" or "robots_b64", a string'}
    assert answers[6] == {"error": '"status" is not a whole number'}


def test_a_delay_that_is_no_number_is_none() -> None:
    answers = run("robots", *({"robots": f"User-agent: *\nCrawl-delay: {word}\n"} for word in ("inf", "nan", "soon")))
    assert [answer["crawl_delay"] for answer in answers] == [None, None, None]


def test_an_address_is_allowed_where_all_that_it_resolves_to_is() -> None:
    answers = run(
        "address",
        {"url": "https://news.example/a", "resolved": ["93.184.215.14"]},
        {"url": "https://news.example/a", "resolved": ["93.184.215.14", "10.0.0.1"]},
        {"url": "http://0x7f.1/"},
        {"url": "ftp://news.example/"},
        {"url": "https://news.example/a", "resolved": "10.0.0.1"},
        {},
    )
    assert [answer.get("allowed") for answer in answers] == [True, False, False, False, None, None]
    assert all(answer["why"] for answer in answers[:4])
    assert answers[4:] == [
        {"error": '"resolved" is not a list of strings'}, {"error": 'the row needs "url", a string'},
    ]  # fmt: skip


def test_bytes_become_text_with_their_encoding() -> None:
    answers = run(
        "decode",
        {"bytes_b64": packed("Café – „so“".encode("cp1252")), "content_type": "text/html; charset=iso-8859-1"},
        {"bytes_b64": packed("Straße")},
        {"bytes_b64": "not base64!"},
        {"content_type": "text/html"},
    )
    assert [answer.get("text") for answer in answers] == ["Café – „so“", "Straße", None, None]
    assert answers[1]["encoding"] == "utf-8"
    assert answers[2]["error"].startswith('"bytes_b64" is not base64')
    assert answers[3] == {"error": 'the row needs "bytes_b64", a string'}


def test_base64_may_be_broken_into_lines() -> None:
    (answer,) = run("decode", {"bytes_b64": base64.encodebytes(b"x" * 100).decode()})
    assert answer["text"] == "x" * 100
