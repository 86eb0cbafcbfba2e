"""What a homepage tells of its site."""

from __future__ import annotations

from newsdesk.discover.homepage import about, feed_anchors, feeds_of, sections_of

SITE = "https://www.news.example"


def test_anchors_that_look_like_feeds_are_found() -> None:
    html = b"""<a href="/rss/world.xml">W</a> <a href="/feed/">F</a> <a href="https://feeds.news.example/x">X</a>
    <a href="/?feed=rss2">2</a> <a href="/comments/feed">C</a> <a href="/world/feeding-the-world">no</a> <a href="/atomic">no</a>"""
    assert feed_anchors(html, SITE, None) == (
        f"{SITE}/rss/world.xml", f"{SITE}/feed/", "https://feeds.news.example/x", f"{SITE}/?feed=rss2",
    )  # fmt: skip


def test_sections_are_what_the_navigation_links_to() -> None:
    html = b"""<nav><a href="/world">W</a><a href="/world/asia#top">A</a><a href="/login">L</a><a href="/">H</a>
    <a href="https://elsewhere.example/x">E</a><a href="/world/parliament-votes-on-budget">P</a></nav><a href="/sport">S</a>"""
    assert sections_of(html, SITE, None) == (f"{SITE}/world", f"{SITE}/world/asia")


def test_name_and_language_are_told_by_the_homepage() -> None:
    told = about(b'<html lang="fr-CA"><title>Accueil | Le News</title>', "https://www.lenews.example/", None)
    assert (told.name, told.language, told.region) == ("Le News", "fr", "CA")
    told = about(
        b'<html lang="x-nope!"><meta property="og:site_name" content="The\n News"><title>Home</title>', SITE, None
    )
    assert (told.name, told.language, told.region) == ("The News", None, None)
    assert about(b"", SITE, None).name is None
    assert about(b"<title>" + b" " * 1_000_000 + b"x - y", SITE, None).name == "x"  # in a moment


def test_the_feeds_that_its_head_names_are_taken_but_those_of_comments() -> None:
    html = b"""<link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="stylesheet" href="/a.css">
    <link rel="ALTERNATE home" type=" Application/Atom+XML " href="https://feeds.news.example/atom">
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/c.xml"><link rel="alternate" hreflang="fr" href="/fr">"""
    assert feeds_of(html, SITE, None) == (f"{SITE}/rss.xml", "https://feeds.news.example/atom")


def test_relative_addresses_are_joined_to_the_base_element() -> None:
    html = b"""<base href="https://cdn.news.example/en/"><link rel="alternate" type="application/rss+xml" href="rss.xml">
    <a href="feed/">F</a><nav><a href="https://www.news.example/world">W</a></nav>"""
    assert feeds_of(html, SITE, None) == ("https://cdn.news.example/en/rss.xml",)
    assert feed_anchors(html, SITE, None) == ("https://cdn.news.example/en/feed/",)
    assert sections_of(html, SITE, None) == (f"{SITE}/world",)


def test_a_page_is_read_in_the_encoding_that_its_header_or_its_bytes_tell() -> None:
    html = '<title>Größe</title><a href="/fluß/rss.xml">F</a>'
    for body, content_type in ((html.encode(), None), (html.encode("cp1252"), "text/html; charset=windows-1252")):
        assert about(body, SITE, content_type).name == "Größe"
        assert feed_anchors(body, SITE, content_type) == (f"{SITE}/flu%C3%9F/rss.xml",)
