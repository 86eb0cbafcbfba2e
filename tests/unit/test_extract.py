"""From a page's bytes to its article: the body whole and clean, and a reason where there is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsdesk.extract.furniture import drop_boxes, trim
from newsdesk.extract.page import extract
from newsdesk.model import Document, Outcome, Page

NOW = datetime(2026, 3, 5, tzinfo=UTC)
URL = "https://www.example.com/news/2026/03/02/new-bridge-opens-after-two-years"
TITLE = "New bridge opens after two years"
BODY = [
    "The new bridge over the river Ouse was opened on Monday after two years of work, the county council said.",
    "It carries two lanes and a path for cyclists, and it replaces a crossing that was closed in the winter of 2024.",
    "“People have waited long enough,” said Ada Whitcombe, who leads the council. “Now they can simply walk across.”",
    "The work cost 14 million pounds, a tenth more than planned, since the piers had to be set deeper than expected.",
]


def page(body: str, head: str = "", url: str = URL) -> Page:
    html = f"<!doctype html><html lang=en><head><title>{TITLE} - The Example Times</title>{head}</head><body>{body}</body></html>"
    return Page(url, html.encode(), "text/html; charset=utf-8", fetched_at=NOW)


def article(before: str = "", after: str = "", head: str = "") -> Document:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return extract(page(f"<main><article><h1>{TITLE}</h1>{before}{text}{after}</article></main>", head))


def test_the_body_is_its_paragraphs_and_nothing_else() -> None:
    found = article()
    assert found.outcome is None
    assert found.text == "\n\n".join(BODY)
    assert (found.title, found.language) == (TITLE, "en")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>By Ada Whitcombe</p><p>2 March 2026, 10:15 GMT</p>", ""),
        ("<p>Share · Email · Print · Copy link · Shared 560 times</p>", ""),
        ("", "<p>Share it...</p><p>Leave a Reply</p>"),
        ("", "<p>Sign up for our newsletter and get the news in your inbox every morning.</p>"),
        ("", "<p>© 2026 The Example Times. All rights reserved.</p>"),
        ("<p>0</p>", "<p>3 Comments</p>"),
    ],
)
def test_furniture_at_the_edges_goes(before: str, after: str) -> None:
    assert article(before, after).text == "\n\n".join(BODY)


def test_a_box_between_paragraphs_goes_only_if_it_is_a_link() -> None:
    links = frozenset({"stahlwerkbautofenfürwasserstoff"})
    box = "Lesen Sie auch: Stahlwerk baut Ofen für Wasserstoff"
    assert drop_boxes([BODY[0], box, BODY[1]], links) == BODY[:2]
    assert drop_boxes([BODY[0], box, BODY[1]], frozenset()) == [BODY[0], box, BODY[1]]


def test_words_of_furniture_inside_the_text_stay() -> None:
    text = [
        BODY[0],
        "Share it, she said, and leave a reply on the board of the town hall until the end of the week.",
        BODY[1],
    ]
    assert trim(text, [TITLE]) == text


def test_a_postscript_is_the_authors_own() -> None:
    text = [*BODY, "P.S. - If you write for a newsletter yourself, follow up with an e-mail and tell me how it went."]
    assert trim(text, [TITLE]) == text


def test_a_list_keeps_its_items() -> None:
    found = article(
        after="<ul><li>The bridge is 240 metres long and 18 metres wide.</li><li>It was built by 300 people.</li></ul>"
    )
    assert (found.text or "").split("\n\n")[-2:] == [
        "- The bridge is 240 metres long and 18 metres wide.",
        "- It was built by 300 people.",
    ]


@pytest.mark.parametrize(
    ("body", "head", "outcome"),
    [
        ("<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>", "", Outcome.CHALLENGE),
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=a.js></script>", "", Outcome.NEEDS_JS),
        (f"<article><h1>{TITLE}</h1><p>{BODY[0]}</p><p>Subscribe to continue reading.</p></article>",
         '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>', Outcome.WALL),
        ("<main>" + "".join(f"<h2><a href=/a{n}>Some headline number {n} of the day</a></h2>" for n in range(12)) + "</main>", "", Outcome.INDEX),
        ("<main><p>Watch the video.</p></main>", '<meta property="og:type" content="article">', Outcome.NO_TEXT),
    ],
)  # fmt: skip
def test_a_page_that_is_no_article_says_what_it_is(body: str, head: str, outcome: Outcome) -> None:
    found = extract(page(body, head))
    assert found.outcome is outcome
    assert found.reason


def test_a_news_flash_among_many_links_is_an_article_if_it_is_dated() -> None:
    links = "".join(f"<li><a href=/a{n}>Some other headline number {n} of the day</a></li>" for n in range(9))
    flash = f"<div><h1>{TITLE}</h1>{''.join(f'<p>{paragraph}</p>' for paragraph in BODY)}</div><ul>{links}</ul>"
    date = '<meta property="article:published_time" content="2026-03-02T09:30:00Z">'
    assert extract(page(flash, date, "https://www.example.com/flash")).outcome is None


def test_a_text_set_on_one_line_is_an_article_yet() -> None:
    teasers = "".join(f"<li><a href=/a{n}>Some other headline number {n}</a></li>" for n in range(9))
    found = extract(page(f"<div>{' '.join(BODY * 3)} Close</div><ul>{teasers}</ul>"))
    assert found.outcome is None


def test_nothing_at_all_is_no_text() -> None:
    assert extract(Page(URL, b"", fetched_at=NOW)).outcome is Outcome.NO_TEXT


def test_what_xml_has_no_room_for_does_not_break_a_page() -> None:
    found = extract(page("".join(f"<p>{paragraph[:20]}\x00\x0b\ufffe\x1f{paragraph[20:]}</p>" for paragraph in BODY)))
    assert found.outcome is None
    assert "\ufffe" not in (found.text or "")


def test_the_tree_of_one_page_is_read_the_same_twice() -> None:
    assert article() == article()
