"""Section pages: links to articles are told from the rest by general features."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover.sections import article_links

URL = "https://www.news.example/world/"


def found(html: str, url: str = URL) -> list[str]:
    return [link.url for link in article_links(html.encode(), url, "text/html; charset=utf-8")]


def one(href: str, text: str = "More") -> bool:
    return bool(found(f'<main><p><a href="{href}">{text}</a></p></main>'))


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("/world/parliament-votes-on-budget", "More"),
        ("/world/2024/05/01/storm", "Storm hits the northern coast"),
        ("/a/4711815", "Storm hits the northern coast"),
        ("/story.php?id=4711815", "Storm hits the northern coast"),
        ("/world/storm-coast.html", "<h3>Storm hits the northern coast</h3>"),
        ("https://sport.news.example/cup-final-in-june", "More"),
        ("/2024/05/01/%D8%A7%D9%84%D8%A8%D8%B1", "العاصفة تضرب الساحل الشمالي"),
        ("/a/1714557600", "台风登陆北部沿海地区造成停电"),
        ("/topic/economy/2024/05/01/rates", "Central bank leaves its rates alone"),
    ],
)
def test_what_looks_like_an_article_is_taken(href: str, text: str) -> None:
    assert one(href, text)


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("/", "The News Example of today and tomorrow"),
        ("/world/", "All of the world's news"),
        ("/sport", "Sport"),
        ("/2024/05/", "May"),
        ("/tag/war-and-peace-talks", "War and peace talks today"),
        ("/author/some-body-else-here", "All by this one author"),
        ("/login?next=/world/parliament-votes-on-budget", "Log in to read on now"),
        ("/files/report-of-the-year-2024.pdf", "The report of the year"),
        ("https://other.example/parliament-votes-on-budget", "Parliament votes on the budget"),
        ("mailto:desk@news.example", "Write to the news desk"),
        ("#parliament-votes-on-budget", "Parliament votes on the budget"),
        ("javascript:open('parliament-votes-on-budget')", "Parliament votes on the budget"),
    ],
)
def test_what_does_not_is_left(href: str, text: str) -> None:
    assert not one(href, text)


@pytest.mark.parametrize(
    "frame", ["<nav>{}</nav>", "<header>{}</header>", "<footer>{}</footer>", '<div role="navigation"><ul>{}</ul></div>']
)
def test_navigation_header_and_footer_are_left(frame: str) -> None:
    assert found(frame.format('<a href="/world/parliament-votes-on-budget">Parliament votes on budget</a>')) == []


def test_the_header_of_a_card_is_not_the_pages() -> None:
    card = '<article><header><h2><a href="/world/parliament-votes-on-budget">Vote</a></h2></header></article>'
    assert len(found(card)) == 1


def test_an_address_met_twice_is_one_link_titled_by_its_heading_in_page_order() -> None:
    html = """<main><a href="/world/parliament-votes-on-budget?utm_source=front"><img src="p.jpg"></a>
    <a href="/world/storm-hits-the-coast">Storm</a>
    <a href="/world/parliament-votes-on-budget">The chamber sat until long past midnight before it voted</a>
    <h2><a href="/world/parliament-votes-on-budget">Parliament votes</a></h2></main>"""
    links = article_links(html.encode(), URL, None)
    assert [link.title for link in links] == ["Parliament votes", "Storm"]


def test_the_base_element_and_the_charset_are_heeded() -> None:
    html = '<head><base href="https://www.news.example/b/"></head><a href="parliament-votes-on-budget">Größe</a>'
    (link,) = article_links(html.encode("latin-1"), URL, "text/html; charset=iso-8859-1")
    assert (link.url, link.title) == ("https://www.news.example/b/parliament-votes-on-budget", "Größe")


def test_utf8_without_a_label_is_read() -> None:
    (link,) = article_links('<a href="/a-b-c-d">Größe</a>'.encode(), URL, None)
    assert link.title == "Größe"


def test_local_servers_are_sites_of_their_own() -> None:
    html = '<a href="/parliament-votes-on-budget">A</a><a href="http://127.0.0.1:8702/storm-hits-the-coast">B</a>'
    assert found(html, "http://127.0.0.1:8701/world") == ["http://127.0.0.1:8701/parliament-votes-on-budget"]


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html", "text/html; charset=nope", "text/html; charset=utf-16"]),
)
def test_no_bytes_raise(html: bytes, content_type: str | None) -> None:
    article_links(html, URL, content_type)


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "'/a-b-c-d'",
                ">",
                "</a>",
                "<h2>",
                "<nav",
                "<base href='::'",
                "<html>",
                "&#0;",
                "\x00",
                "é",
                '"',
                "<!--",
            ]
        ),
        max_size=20,
    ),
    st.sampled_from([URL, "no url", ""]),
)
def test_no_mutated_page_raises(parts: list[str], url: str) -> None:
    article_links("".join(parts).encode(), url, None)
