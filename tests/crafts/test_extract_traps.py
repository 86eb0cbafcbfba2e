"""Pages made to hang or to eat an extractor: each ends as an outcome within its deadline, and the next page is read.

Those that hang take minutes by themselves, in C code; the kinds are from the issue trackers of trafilatura (tables and
lists of 100,000 rows, justext over 100,000 paragraphs), lxml and htmldate, and from patterns of our own that once were
slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from newsdesk.extract.guard import Guard
from newsdesk.extract.page import extract
from newsdesk.model import Document, Outcome, Page

URL = "https://www.example.com/2026/03/02/harbour-wall-to-be-rebuilt"
NOW = datetime(2026, 3, 3, tzinfo=UTC)
SENTENCES = (
    "The council voted on Monday to rebuild the old harbour wall before the winter storms arrive, and said so at once.",
    "Work on the northern end begins in April, when the fishing boats have moved to the new quay behind the market hall.",
    "It will cost about four million, half of which the region pays, and the rest comes from the fund for coasts.",
)
HEAD = b"<html lang=en><head><title>Harbour wall to be rebuilt</title>%s</head><body><article><h1>Harbour wall to be rebuilt</h1>"
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES).encode()


def page(body: bytes = b"", head: bytes = b"") -> Page:
    """An article, and the trap behind it."""
    html = HEAD.replace(b"%s", head) + TEXT + body + b"</article></body></html>"
    return Page(URL, html, "text/html; charset=utf-8", fetched_at=NOW)


def json_ld(content: bytes) -> bytes:
    return b'<script type="application/ld+json">' + content + b"</script>"


# The worker is killed at the deadline, unless a machine is fast enough to answer.
HANGING: dict[str, Callable[[], Page]] = {
    "200,000 attributes on one tag": lambda: page(b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x</p>"),
    "10 MB of table": lambda: page(b"<table>" + b"<tr><td>The council voted.</td><td>1</td></tr>" * 230_000),
    "100,000 links": lambda: page(b"".join(b"<a href=/a/%d>Link number %d here</a> " % (n, n) for n in range(100_000))),
}
# Each is read, or refused, without being killed.
READ: dict[str, Callable[[], Page]] = {
    "200,000 deep": lambda: page(b"<div>" * 200_000 + b"x"),
    "200,000 deep, inline": lambda: page(b"<b><i>x" * 100_000),
    "100,000 tables deep": lambda: page(b"<table><tr><td>" * 100_000),
    "5 MB of JSON-LD": lambda: page(head=json_ld(b'[{"@type":"NewsArticle","headline":"x"}' + b',{"@type":"A"}' * 400_000 + b"]")),
    "JSON-LD without an end": lambda: page(head=json_ld(b'{"a":' * 180_000)),
    "JSON-LD 900,000 brackets deep": lambda: page(head=json_ld(b"[" * 900_000)),
    "JSON-LD of commas": lambda: page(head=json_ld(b"," + b" " * 900_000)),
    "10,000 scripts of JSON-LD": lambda: page(head=json_ld(b'{"@type":"X"}') * 10_000),
    "one text of 10 MB without a blank": lambda: page(b"<p>" + b"a" * 10_000_000),
    "10 MB of blanks": lambda: page(b"<p>x" + b" " * 10_000_000 + b"x"),
    "a million entities": lambda: page(b"<p>" + b"&amp;" * 1_000_000),
    "an 8 MB picture in the page": lambda: page(b'<img src="data:image/png;base64,' + b"iVBORw0KGgo" * 800_000 + b'">'),
    "5 MB of style": lambda: page(head=b"<style>" + b"a{b:c}" * 800_000 + b"</style>"),
    "10 MB of NUL": lambda: Page(URL, b"\0" * 10_000_000, fetched_at=NOW),
    "control characters": lambda: page(b"<p>" + bytes(range(32)) * 20_000),
    "comments without an end": lambda: page(b"<!--" * 500_000),
    "half a tag, over and over": lambda: page(b"<a" * 1_000_000),
    "a script without an end": lambda: page(b"<script>" + b"x" * 5_000_000),
    "a base of 5 MB": lambda: page(head=b'<base href="' + b"a" * 5_000_000 + b'">'),
    "a canonical address of 5 MB": lambda: page(head=b'<link rel=canonical href="http://x/' + b"a/../" * 1_000_000 + b'">'),
    "a line of digits": lambda: page(b"<p>" + b"5" * 60 + b"</p>"),
    "30,000 line breaks": lambda: page(b"<br>" * 30_000),
}  # fmt: skip


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(deadline=120) as guard:
        assert_read(guard.extract(page()))
        yield guard


def assert_read(document: Document) -> None:
    assert document.outcome is None, document.reason
    assert all(sentence in (document.text or "") for sentence in SENTENCES)


@pytest.mark.parametrize("trap", HANGING)
def test_a_page_that_hangs_ends_at_its_deadline_and_its_neighbours_are_read(guard: Guard, trap: str) -> None:
    made = HANGING[trap]()
    began = time.monotonic()
    guard._deadline = 1
    document = guard.extract(made)
    guard._deadline = 120
    assert time.monotonic() - began < 20
    if document.outcome is Outcome.QUARANTINED:
        assert document.reason == "the extractor took longer than 1 s and was killed"
        assert_read(guard.extract(page()))


@pytest.mark.parametrize("trap", READ)
def test_a_trap_ends_as_an_outcome_and_its_neighbours_are_read(guard: Guard, trap: str) -> None:
    document = guard.extract(READ[trap]())
    assert document.outcome is not Outcome.QUARANTINED, document.reason
    worker = guard._process
    assert_read(guard.extract(page()))
    assert guard._process is worker


# What patterns stumble over: pieces that two of their branches can read, or one in many ways.
PIECES = (
    "5", "20/", "12:00 ", "2 March 2026 ", "a@", "@a", "_", "- ", "| ", "A. ", "P. ", "By ", "by Ann Smith, ", "and ", "written by ",
    "read also ", "Read also: ", "more from ", "Share it ", "subscribe newsletter ", "1 comments ", "5 min ", "published ", "© ",
    "this article is only ", "you have read your ", "(", "&#", "… ", "—", "日本", "\u200b ", "İ", "É ",
)  # fmt: skip


def test_no_line_of_repeated_pieces_is_read_for_long(guard: Guard) -> None:
    """Before and behind an article and in its title, byline and JSON-LD."""
    for piece in PIECES:
        line = (piece * (1500 // len(piece))).encode()
        head = b'<meta name=author content="%b"><meta property=og:title content="%b">' % (line, line)
        made = page(b"<p>" + line[:80] + b"</p><p>" + line + b"</p>", head + json_ld(b'{"headline":"' + line + b'"}'))
        guard._deadline = 30
        document = guard.extract(made)
        guard._deadline = 120
        assert document.outcome is not Outcome.QUARANTINED, (piece, document.reason)


def test_the_article_above_a_trap_is_found_all_the_same() -> None:
    for trap in ("200,000 deep", "an 8 MB picture in the page", "5 MB of JSON-LD", "comments without an end"):
        assert_read(extract(READ[trap]()))
