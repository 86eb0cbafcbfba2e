"""The title is the headline that readers see, without kicker and outlet."""

from __future__ import annotations

import pytest

from metadata_pages import linked_data, read, read_page


def test_the_headline_is_taken_without_the_outlet() -> None:
    assert read("<title>New bridge opens | The Example Times</title>").title == "New bridge opens"


@pytest.mark.parametrize(
    ("head", "body", "expected", "source"),
    [
        # what readers see comes before what is written for search engines
        (
            '<title>Bridge opening: all you need to know</title><meta property="og:title" content="New bridge opens">',
            '<nav><ol class="breadcrumb"><li><h1>Bridge opening: all you need to know</h1></li></ol></nav><article><h2>New bridge opens</h2>',
            "New bridge opens", "h2",
        ),
        # a kicker is none of the title
        (
            '<meta property="og:title" content="New bridge opens after two years">',
            '<article><h1><span class="kicker">Traffic</span> <span>New bridge opens after two years</span></h1>',
            "New bridge opens after two years", "h1",
        ),
        # unless the outlet itself puts it there
        (
            '<title>Traffic: New bridge opens</title>' + linked_data(headline="Traffic: New bridge opens"),
            '<article><h1><span class="kicker">Traffic:</span> <span>New bridge opens</span></h1>',
            "Traffic: New bridge opens", "h1",
        ),
        # the outlet's logo, a section and a teaser are no titles
        (
            "<title>New bridge opens - The Example Times</title>",
            '<h1 class="logo"><a href="/">The Example Times</a></h1><h2><a href="/news/">News</a></h2>'
            '<article><h2>New bridge opens</h2></article><h2><a href="/news/other-story-here">Another story of today</a></h2>',
            "New bridge opens", "h2",
        ),
        ("<title>Das Wetter | Example Times</title>", '<article><h1>Wie wird das Wetter?</h1>', "Wie wird das Wetter?", "h1"),
        ('<meta property="og:title" content="Ada&amp;#39;s bridge opens">', "<article>", "Ada's bridge opens", "og:title"),
        (
            '<title>New bridge opens – Example Times</title><meta property="og:title" content="New bridge opens">', "<div>",
            "New bridge opens", "og:title",
        ),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_that_readers_see(head: str, body: str, expected: str, source: str) -> None:
    found = read_page(head, body)
    assert (found.title, found.provenance["title"]) == (expected, source)
