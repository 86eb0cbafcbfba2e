"""Site furniture: how a block is known again, what makes it furniture, what is never left out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from newsdesk.extract.blocks import Block, placeless, read_blocks
from newsdesk.extract.markup import parse
from newsdesk.extract.page import extract
from newsdesk.extract.template import MOST_BLOCKS, mark, without
from newsdesk.extract.template_learning import SeenPage, judge
from newsdesk.model import Page, SiteBlock

LONG = "The ferry company said on Monday that the boat would stay in the harbour until the engine had been mended"


def tree(html: str) -> HtmlElement:
    found = parse(f"<html><body>{html}</body></html>")
    assert found is not None
    return found


def read(html: str) -> list[Block]:
    return read_blocks(tree(html))


def one(block: str, html: str) -> SiteBlock:
    return mark(read(html))[block]


# --- how a block is known again


def test_a_place_is_tags_classes_and_ids_without_positions_and_without_what_is_counted() -> None:
    html = (
        '<div id="post-81234"><div class="copy b a css-1f9d02c7" id="text"><p>First.</p><p>Second one.</p></div></div>'
    )
    assert one("Second one.", html).path == "div>div#text.a.b.copy>p"
    assert one("First.", html).place == one("Second one.", html).place


def test_figures_and_links_of_a_short_block_may_change() -> None:
    shared = [one(f"Shared {n} times", f"<p>Shared <b>{n}</b> times</p>") for n in (3, 1204)]
    assert shared[0].key == shared[1].key
    titles = ("Storm takes a roof", "The mayor resigns")
    also = [one(f"See too: {title}", f'<p>See too: <a href="/x">{title}</a></p>') for title in titles]
    assert also[0].key == also[1].key
    assert also[0].key != one("See too: Storm takes a roof", "<p>See too: Storm takes a roof</p>").key


def test_two_links_to_one_address_in_a_block_are_two() -> None:
    lines = [
        f'<p>See <a href="/x">{one}</a> or <a href="/x"><b>{two}</b></a></p>'
        for one, two in (("Storm", "Rain"), ("Mayor", "Bus"))
    ]
    assert len({next(iter(mark(read(line)).values())).key for line in lines}) == 1


def test_figures_of_a_long_block_are_its_own() -> None:
    keys = {one(text := f"{LONG}, which {LONG.lower()}, {n} days.", f"<p>{text}</p>").key for n in (3, 4)}
    assert len(keys) == 2


def test_the_same_text_elsewhere_is_another_block() -> None:
    assert (
        one("Stay in touch", "<p>Stay in touch</p>").key != one("Stay in touch", "<div><p>Stay in touch</p></div>").key
    )


@pytest.mark.parametrize(
    ("block", "html", "kind"),
    [
        (f"{LONG}.", f"<p>{LONG}.</p>", "prose"),
        ("He laughed.", "<p>He laughed.</p>", "sentence"),
        ("Share", "<div>Share</div>", "label"),
        ("Background", "<h2>Background</h2>", "heading"),
        ("The mayor resigns", '<p><a href="/x">The mayor <b>resigns</b></a></p>', "link"),
        ("one", "<ul><li>one</li></ul>", "label"),
    ],
)
def test_a_blocks_kind_is_told_by_its_markup_and_its_words(block: str, html: str, kind: str) -> None:
    assert one(block, html).kind == kind


def test_lines_of_no_known_place_are_told_apart_by_their_text() -> None:
    found = mark(placeless(["Share it", "Print it", "Share it"]))
    assert [(block.path, block.times) for block in found.values()] == [("", 2), ("", 1)]


def test_tables_and_the_middle_of_a_very_long_text_are_not_marked() -> None:
    lines = [f"Line {chr(65 + n % 26) * (n // 26 + 1)}" for n in range(3 * MOST_BLOCKS)]
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    blocks = read(table + "".join(f"<p>{line}</p>" for line in lines))
    assert blocks[0].rows is not None
    found = mark(blocks)
    assert len(found) < MOST_BLOCKS
    assert blocks[0].text not in found
    assert lines[0] in found
    assert lines[-1] in found
    assert lines[len(lines) // 2] not in found


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=200))
def test_any_blocks_of_any_page_can_be_marked(lines: list[str], html: str) -> None:
    found = parse(html)
    blocks = placeless(lines) + (read_blocks(found) if found is not None else [])
    marked = mark(blocks)
    assert set(marked) <= {block.text for block in blocks}
    assert all(-(2**63) <= block.key < 2**63 for block in marked.values())


# --- what goes


def keys(*blocks: SiteBlock) -> frozenset[int]:
    return frozenset(block.key for block in blocks)


def without_texts(blocks: list[Block], furniture: frozenset[int]) -> tuple[list[str], list[str]]:
    kept, gone = without(blocks, mark(blocks), furniture)
    return [block.text for block in kept], [block.text for block in gone]


def test_a_subhead_goes_only_with_what_it_heads() -> None:
    blocks = read(f"<div><h2>More</h2><p>Buy our mug</p><p>{LONG}.</p><h2>More</h2><p>{LONG} again.</p></div>")
    marked = mark(blocks)
    kept, gone = without_texts(blocks, keys(marked["More"], marked["Buy our mug"]))
    assert kept == [f"{LONG}.", "More", f"{LONG} again."]
    assert gone == ["More", "Buy our mug"]


def test_the_heading_of_a_box_goes_even_where_its_content_was_never_taken() -> None:
    blocks = read(f'<div><p>{LONG}.</p><div class="shelf"><h3>From the shelf</h3></div><p>{LONG} again.</p></div>')
    kept, _ = without_texts(blocks, keys(mark(blocks)["From the shelf"]))
    assert kept == [f"{LONG}.", f"{LONG} again."]


def test_a_refrain_stays() -> None:
    lines = ["And so on.", f"{LONG}.", "And so on.", "And so on."]
    blocks = read("".join(f"<p>{line}</p>" for line in lines))
    marked = mark(blocks)
    assert without_texts(blocks, keys(*marked.values()) - keys(marked[f"{LONG}."]))[0] == lines


def test_a_page_that_would_lose_all_keeps_all() -> None:
    blocks = read("<p>Share</p><p>Print</p>")
    assert without_texts(blocks, keys(*mark(blocks).values())) == (["Share", "Print"], [])


def test_what_hangs_behind_furniture_at_the_edges_goes_too() -> None:
    text = "".join(f"<p>{LONG}, for the {n} time.</p>" for n in ("first", "second", "third", "fourth"))
    html = f"<html><head><title>Ferry stays</title></head><body><article><h1>Ferry stays</h1>{text}" \
        "<p>Share it...</p><p>Ring the desk at any hour of the day</p></article></body></html>"  # fmt: skip
    page = Page("https://www.example.com/2026/03/02/ferry-stays", html.encode())
    first = extract(page)
    bell = next(block for block in first.blocks if block.text.startswith("Ring"))
    second = extract(Page(page.url, page.html, furniture=keys(bell)))
    assert (first.text or "").endswith("Share it...\n\nRing the desk at any hour of the day")
    assert (second.text or "").endswith("for the fourth time.")
    assert [block.text for block in second.left_out] == [bell.text]


# --- what is furniture

BODY, BOX = 1, 2


def article(number: int, *more: tuple[int, int, str], paragraphs: int = 4) -> SeenPage:
    """A page with prose of its own at BODY, and (key, place, kind) besides."""
    own = [(1000 * number + n, BODY, "prose") for n in range(paragraphs)]
    blocks = [*own, *more]
    return SeenPage(
        [key for key, _, _ in blocks], [place for _, place, _ in blocks], [150] * len(blocks),
        [kind for *_, kind in blocks], [1] * len(blocks),
    )  # fmt: skip


def furniture(pages: list[SeenPage], before: frozenset[int] = frozenset()) -> set[int]:
    return {verdict.key for verdict in judge(pages, before) if verdict.is_furniture}


def test_nothing_is_told_from_few_pages() -> None:
    assert furniture([]) == set()
    assert furniture([article(n, (7, BOX, "label")) for n in range(2)]) == set()


def test_three_articles_are_enough_at_a_place_of_its_own() -> None:
    assert furniture([article(n, (7, BOX, "prose")) for n in range(3)]) == {7}


def test_among_the_text_a_label_needs_five_and_a_paragraph_two_of_five() -> None:
    assert furniture([article(n, *([(7, BODY, "label")] if n < 4 else [])) for n in range(20)]) == set()
    assert furniture([article(n, *([(7, BODY, "label")] if n < 5 else [])) for n in range(20)]) == {7}
    assert furniture([article(n, *([(7, BODY, "prose")] if n < 7 else [])) for n in range(20)]) == set()
    assert furniture([article(n, *([(7, BODY, "prose")] if n < 8 else [])) for n in range(20)]) == {7}


def test_a_text_printed_at_many_addresses_is_one_article() -> None:
    copies = [article(1, (7, BODY, "sentence"), (8, BOX, "label")) for _ in range(6)]
    assert furniture(copies) == set()
    edited = [SeenPage([*p.keys[:-1], 50 + n], p.places, p.chars, p.kinds, p.times) for n, p in enumerate(copies)]
    assert furniture([*edited, article(2), article(3)]) == set()


def test_copies_do_not_hide_furniture() -> None:
    pages = [article(n // 3, (7, BOX, "prose")) for n in range(30)]
    assert furniture(pages) == {7}


def test_a_long_box_on_short_pages_does_not_make_them_copies() -> None:
    box = [(key, BOX, "prose") for key in (7, 8, 9)]
    assert furniture([article(n, *box, paragraphs=1) for n in range(24)]) == {7, 8, 9}


def test_a_refrain_within_a_page_says_nothing_of_the_site() -> None:
    pages = [article(n, (7, BOX, "label")) for n in range(6)]
    sung = [SeenPage(p.keys, p.places, p.chars, p.kinds, [*p.times[:-1], 3]) for p in pages]
    assert furniture(pages) == {7}
    assert furniture(sung) == set()


def test_what_was_furniture_stays_so_with_half_of_the_evidence() -> None:
    pages = [article(n, *([(7, BODY, "prose")] if n < 5 else [])) for n in range(20)]
    assert furniture(pages) == set()
    assert furniture(pages, frozenset({7})) == {7}
    assert furniture([article(n, *([(7, BODY, "prose")] if n < 3 else [])) for n in range(20)], frozenset({7})) == set()


def test_links_alone_are_told_by_their_place_and_never_among_the_text() -> None:
    assert furniture([article(n, (7, BOX, "link")) for n in range(4)]) == {7}
    assert furniture([article(n, (7, BODY, "link")) for n in range(20)]) == set()


blocks = st.tuples(
    st.integers(0, 12), st.integers(0, 3), st.integers(1, 300),
    st.sampled_from(["prose", "sentence", "label", "heading", "link"]), st.integers(1, 4),
)  # fmt: skip
seen_pages = st.lists(
    st.lists(blocks, max_size=8, unique_by=lambda block: block[0]).map(
        lambda found: SeenPage(*([block[column] for block in found] for column in range(5)))
    ),
    max_size=12,
)


@given(seen_pages, st.randoms(use_true_random=False))
def test_the_order_of_the_pages_does_not_matter(pages: list[SeenPage], chance: random.Random) -> None:
    shuffled = list(pages)
    chance.shuffle(shuffled)
    assert judge(shuffled) == judge(pages)


@given(seen_pages)
def test_one_page_many_times_over_teaches_nothing(pages: list[SeenPage]) -> None:
    for page in pages:
        assert furniture([page] * 5) == set()
