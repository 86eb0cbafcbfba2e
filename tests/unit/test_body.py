"""The body block by block: what belongs to the article is in it, in order, and nothing of the page's markup comes through."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from newsdesk.extract import sanitise
from newsdesk.extract.blocks import Block, read_blocks
from newsdesk.extract.choice import Facts, choose
from newsdesk.extract.markup import parse
from newsdesk.extract.page import extract
from newsdesk.extract.plaintext import to_text
from newsdesk.extract.region import align, is_weak
from newsdesk.extract.sanitise import to_html
from newsdesk.model import Document, Page

URL = "https://www.example.com/news/2026/03/02/new-bridge-opens"
TITLE = "New bridge opens after two years"
STANDFIRST = "The crossing that the town has waited for is finished, at a price that has risen by a tenth."
ALLOWED = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "br", "a", "strong",
    "em",
}  # fmt: skip
PARAGRAPHS = [
    f"{opening} the county council said on Monday that the bridge had cost more than anyone had planned for, part {n}."
    for n, opening in enumerate(["In the morning", "By noon", "At dusk", "A day later", "That week", "In the end"] * 2)
]


def page(body: str, head: str = "") -> Document:
    html = f"<!doctype html><html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return extract(Page(URL, html.encode(), "text/html; charset=utf-8", fetched_at=datetime(2026, 3, 5, tzinfo=UTC)))


def blocks_of(html: str) -> list[Block]:
    tree = parse(f"<html><body>{html}</body></html>")
    assert tree is not None
    return read_blocks(tree)


def ps(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def test_an_article_cut_into_chunks_is_whole_and_in_order() -> None:
    chunk = '<div class="body-chunk"><div class="inner">{}</div></div>'
    advert = '<div class="ad-slot"><p>Advertisement</p></div>'
    found = page(
        f"<main><h1>{TITLE}</h1><div class=chunks>"
        + advert.join(chunk.format(ps(PARAGRAPHS[at : at + 3])) for at in range(0, 12, 3))
        + "</div></main>"
    )
    assert (found.text or "").split("\n\n") == PARAGRAPHS


def test_the_standfirst_above_the_text_is_of_the_article() -> None:
    found = page(
        f'<article><header><h1>{TITLE}</h1><p class="standfirst">{STANDFIRST}</p></header>'
        f'<div class="article-body">{ps(PARAGRAPHS[:6])}</div></article>',
        f'<meta name=description content="{STANDFIRST}">',
    )
    assert (found.text or "").split("\n\n") == [STANDFIRST, *PARAGRAPHS[:6]]


@pytest.mark.parametrize(
    "box",
    [
        '<figure><img src=a.jpg alt=""><figcaption>The bridge on Monday. Photo: The Example Times</figcaption></figure>',
        '<div class="newsletter-signup"><p>Sign up for our newsletter and get the news in your inbox.</p></div>',
        '<aside class="related-box"><ul><li><a href=/a>Council wants a second bridge over the river</a></li>'
        "<li><a href=/b>Ferry to close when the new bridge is open</a></li></ul></aside>",
    ],
)
def test_a_box_between_the_paragraphs_goes(box: str) -> None:
    body = ps(PARAGRAPHS[:4]) + box + ps(PARAGRAPHS[4:8])
    found = page(f'<article><h1>{TITLE}</h1><div class="article-body">{body}</div></article>')
    assert (found.text or "").split("\n\n") == PARAGRAPHS[:8]


def test_structure_survives_in_text_and_html() -> None:
    body = (
        ps(PARAGRAPHS[:3])
        + "<h2>What comes next</h2><ul><li>The old bridge is taken down in April.</li>"
        + "<li>The road to it <strong>becomes</strong> a path.</li></ul>"
        + f"<blockquote><p>“{PARAGRAPHS[3]}”</p></blockquote>"
        + '<p>The council <a href="/minutes?x=1&amp;y=2" onclick="steal()">has published its minutes</a> of the meeting.</p>'
        + ps(PARAGRAPHS[4:8])
    )
    found = page(f"<article><h1>{TITLE}</h1><div class=article-body>{body}</div></article>")
    text, html = found.text or "", found.body_html or ""
    assert (
        "\n\nWhat comes next\n\n- The old bridge is taken down in April.\n\n- The road to it becomes a path.\n\n"
        in text
    )
    assert "<h2>What comes next</h2>" in html
    assert (
        "<ul><li>The old bridge is taken down in April.</li><li>The road to it <strong>becomes</strong> a path.</li></ul>"
        in html
    )
    assert f"<blockquote><p>“{PARAGRAPHS[3]}”</p></blockquote>" in html
    assert '<a href="https://www.example.com/minutes?x=1&amp;y=2">has published its minutes</a>' in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        " java\nscript:x",
        "//[",
        "https://a:b@c.example/",
    ],
)
def test_a_link_that_is_none_loses_its_address_and_keeps_its_text(link: str) -> None:
    html = to_html(blocks_of(f'<p>Read <a href="{link}">the whole report</a> here.</p>'), URL)
    assert html == "<p>Read the whole report here.</p>"


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("<>&\"' \n"), max_size=20
)
tags = st.sampled_from("p div h1 h3 ul li blockquote pre table tr td span b em a br script style svg x-y".split())


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.sampled_from(
        [
            "",
            " onclick='x()'",
            " href='javascript:x'",
            " href='/a?b&c'",
            " style='x'",
            " class='\"><script>'",
            " href='https://e.example/\"x'",
        ]
    )
    return st.builds(
        lambda tag, more, inner: f"<{tag}{more}>{''.join(inner)}</{tag}>",
        tags,
        attributes,
        st.lists(children, max_size=4),
    )


markup = st.lists(st.recursive(texts, element, max_leaves=25), min_size=1, max_size=5).map("".join)


def bare(text: str) -> str:
    """Without blanks, and without the dashes and bars by which plain text marks lists and tables."""
    return re.sub(r"[\s|]|^- ", "", text, flags=re.MULTILINE)


@given(markup)
def test_sanitised_html_holds_only_what_is_allowed_and_the_same_text(html: str) -> None:
    tree = parse(f"<html><body>{html}</body></html>")
    blocks = read_blocks(tree) if tree is not None else []
    written = to_html(blocks, URL)
    assert written is not None
    again = fromstring(f"<div>{written}</div>")
    for found in again.iterdescendants():
        assert found.tag in ALLOWED
        assert set(found.attrib) <= {"href"}
        assert (found.get("href") or "https://").startswith(("http://", "https://"))
    assert bare(again.text_content()) == bare(to_text(blocks))


@given(markup)
def test_blocks_stand_in_the_order_of_the_page(html: str) -> None:
    tree = parse(f"<html><body>{html}</body></html>")
    if tree is None:
        return
    for unseen in list(tree.iter("script", "style", "svg")):
        unseen.drop_tree()
    shown = (
        "".join(tree.text_content().split())
        .replace("\xad", "")
        .replace("\u200b", "")
        .replace("\ufeff", "")
        .replace("\u2060", "")
    )
    place = 0
    for block in read_blocks(tree):
        for line in re.split(r"[|\n]", block.text):
            key = "".join(line.split())
            place = shown.index(key, place) + len(key)


def test_lines_of_a_break_are_blocks_and_soft_hyphens_go() -> None:
    assert [block.text for block in blocks_of("<p>one<br>two <b>bold</b></p>th&shy;ree<div>four</div>")] == [
        "one", "two bold", "three", "four",
    ]  # fmt: skip


def test_a_table_of_data_is_one_block_and_one_for_layout_is_none() -> None:
    data = "<table><tr><th>Year<th>Cost<tr><td>2024<td>12 <script>x</script>million</table>"
    assert [block.text for block in blocks_of(data)] == ["| Year | Cost |\n| 2024 | 12 million |"]
    assert [block.text for block in blocks_of("<table><tr><td><p>a</p><p>b</p></td></tr></table>")] == ["a", "b"]


def test_of_each_block_is_known_whether_an_answer_holds_it() -> None:
    blocks = blocks_of(
        f"<p>{PARAGRAPHS[0]}</p><p>Menu</p><p>{PARAGRAPHS[1]}</p><div>{PARAGRAPHS[2]}<br>{PARAGRAPHS[3]}</div>"
    )
    answer = f"{PARAGRAPHS[0]}\n- {PARAGRAPHS[1]}\n{PARAGRAPHS[2]} {PARAGRAPHS[3]}"
    assert align(blocks, answer) == [True, False, True, True, True]


def test_an_answer_that_leaves_out_most_of_the_prose_is_weak() -> None:
    blocks = blocks_of(ps(PARAGRAPHS))
    assert is_weak(blocks, [True] * 2 + [False] * 10)
    assert not is_weak(blocks, [True] * 11 + [False])
    assert is_weak(blocks, [False] * 12)


def test_where_the_choice_falls_on_none_the_answer_stands() -> None:
    blocks = blocks_of("<footer><form><p><a href=/>Home</a></p></form></footer>")
    assert choose(blocks, [True], Facts()) == [0]


def shell(script: str) -> Document:
    return page(f'<div id="__next"></div>{script}')


STATE: dict[str, Any] = {
    "props": {"page": {"id": 7, "blocks": [{"type": "text", "content": paragraph} for paragraph in PARAGRAPHS]}},
    "menu": [{"text": "Home"}, {"text": "Sport"}],
}


@pytest.mark.parametrize(
    ("script", "source"),
    [
        (f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>', "embedded"),
        (f"<script>window.__PRELOADED_STATE__ = {json.dumps(STATE)};</script>", "embedded"),
        (
            '<script type="application/ld+json">'
            + json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(PARAGRAPHS)})
            + "</script>",
            "json-ld",
        ),
    ],
)
def test_a_page_whose_markup_is_empty_is_read_from_its_state(script: str, source: str) -> None:
    found = shell(script)
    assert (found.text or "").split("\n\n") == PARAGRAPHS
    assert found.provenance["text"] == source


def test_state_is_no_way_past_a_wall() -> None:
    thing = {"@type": "NewsArticle", "isAccessibleForFree": False, "articleBody": "\n\n".join(PARAGRAPHS)}
    found = shell(f'<script type="application/ld+json">{json.dumps(thing)}</script>')
    assert PARAGRAPHS[5] not in (found.text or "")


def test_state_never_replaces_what_the_markup_shows() -> None:
    thing = {"@type": "NewsArticle", "articleBody": "Another text than the page shows. " * 60}
    found = page(
        f"<article><h1>{TITLE}</h1>{ps(PARAGRAPHS[:6])}</article>",
        f'<script type="application/ld+json">{json.dumps(thing)}</script>',
    )
    assert (found.text or "").split("\n\n") == PARAGRAPHS[:6]


def test_html_that_would_be_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    article = f"<article><h1>{TITLE}</h1><p>{'word and word and word, said he. ' * 400}</p></article>"
    assert page(article).body_html is not None
    monkeypatch.setattr(sanitise, "_MOST", 10_000)
    found = page(article)
    assert len(found.text or "") > 10_000
    assert found.body_html is None


def test_a_page_within_a_box_that_its_site_forgot_to_close_has_its_text() -> None:
    found = page(f"<aside class=overlay><div><a>Close</a></div>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS * 2)}")
    assert found.text == "\n\n".join(PARAGRAPHS * 2)
