"""Site templates on sites that know their truth: which lines go, which stay.

    python bench/templates.py [--pages 20]

Each outlet of the demo newsroom prints that many stories in its own layout, into which more furniture is put, in words
that no phrase list knows, some of it among the paragraphs. What must stay is put in too: a refrain, a background
paragraph that a quarter of the stories have, a subhead of a third, one story printed at three addresses. The pages are
read once with nothing known, the site's furniture is told from them, and they are read again. Lines are compared with
the truth; a line is counted as often as it stands.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsdesk.extract.page import extract
from newsdesk.extract.template_learning import SeenPage, judge
from newsdesk.local.newsroom import furniture, layouts
from newsdesk.local.newsroom.outlets import OUTLETS, Outlet
from newsdesk.local.newsroom.stories import ALL
from newsdesk.local.newsroom.story import Story, body
from newsdesk.model import Document, Page

REFRAIN = "And the river, as ever, said nothing."
BACKGROUND = (
    "The dispute began two winters ago, when the council closed the upper bridge without a vote and the villages on the "
    "far bank lost their only road to the market town."
)
SUBHEAD = "How it came to this"


@dataclass(frozen=True)
class Printed:
    url: str
    html: bytes
    lines: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20, help="of each site")
    count: int = parser.parse_args().pages
    print(
        f"{'outlet':<22}{'layout':<12}{'foreign lines':>14}{'left after':>12}{'own lost':>10}{'precision':>11}{'recall':>8}"
    )
    total: Counter[str] = Counter()
    for outlet in OUTLETS:
        found = measure(outlet, count)
        total += found
        report(outlet.id, outlet.layout, found)
    report("all", "", total)
    print(f"judging: {total['judge_us'] / 1000 / len(OUTLETS):.2f} ms a site of {count} pages")


def measure(outlet: Outlet, count: int) -> Counter[str]:
    found: Counter[str] = Counter()
    pages = list(print_site(outlet, count))
    first = [extract(Page(page.url, page.html)) for page in pages]
    began = time.process_time()
    verdicts = judge([seen(document) for document in first if document.outcome is None])
    found["judge_us"] = round(1e6 * (time.process_time() - began))
    keys = frozenset(verdict.key for verdict in verdicts if verdict.is_furniture)
    for page, before in zip(pages, first, strict=True):
        after = extract(Page(page.url, page.html, furniture=keys))
        truth = Counter(page.lines)
        was, now = (Counter((document.text or "").split("\n\n")) for document in (before, after))
        found["foreign"] += (was - truth).total()
        found["foreign_left"] += (now - truth).total()
        found["own_lost"] += ((was & truth) - (now & truth)).total()
    return found


def report(name: str, layout: str, found: Counter[str]) -> None:
    gone = found["foreign"] - found["foreign_left"]
    precision, recall = gone / max(1, gone + found["own_lost"]), gone / max(1, found["foreign"])
    print(
        f"{name:<22}{layout:<12}{found['foreign']:>14}{found['foreign_left']:>12}{found['own_lost']:>10}{precision:>11.3f}{recall:>8.3f}"
    )


def seen(document: Document) -> SeenPage:
    blocks = document.blocks
    return SeenPage(
        [b.key for b in blocks], [b.place for b in blocks], [b.chars for b in blocks], [b.kind for b in blocks],
        [b.times for b in blocks],
    )  # fmt: skip


def print_site(outlet: Outlet, count: int) -> Iterator[Printed]:
    base = f"https://www.{outlet.id}.example"
    stories = [story for story in ALL if story.group is None and not story.revision]
    for number in range(count):
        # one story in twenty has three addresses; of more pages than stories all have several
        which = (number - number % 20 + 6 if number % 20 in (7, 8) else number) % len(stories)
        story = with_own_lines(stories[which], which)
        story = replace(story, outlet=outlet.id, section=outlet.sections[0][0], path=f"/{number}{stories[which].path}")
        related = tuple(stories[(number + step) % len(stories)] for step in range(3, 8))
        page = furniture.Page(outlet, base, story, related, shares=number * 7 + 3)
        html = with_furniture(layouts.LAYOUTS[outlet.layout](page), related, number)
        yield Printed(page.url, html.encode(), body(story.text).split("\n\n"))


def with_own_lines(story: Story, which: int) -> Story:
    parts = [part for part in re.split(r"\n\s*\n", story.text) if part.strip()]
    if which % 5 == 0:
        parts = [*parts[:2], REFRAIN, *parts[2:], REFRAIN]
    if which % 4 == 0:
        parts.insert(len(parts) // 2, BACKGROUND)
    if which % 3 == 0:
        parts[-1:-1] = [f"## {SUBHEAD}"]
    return replace(story, text="\n\n".join(parts))


def with_furniture(html: str, related: tuple[Story, ...], number: int) -> str:
    """More of it, after the second, third and last paragraph of the text; not all of it on each page."""
    links = [f'<a href="{story.path}">{story.title}</a>' for story in related]
    second = f"<p>Pin it · Toot it · Pass it round · {number * 3 + 2}</p>"
    letter = "<p>Thousands of neighbours get our dawn letter with their first cup of tea, and so can you.</p>"
    shelf = f'<div class="shelf"><h3>From the shelf</h3><ul><li>{links[1]}</li><li>{links[2]}</li></ul></div>'
    third = (
        (letter if number % 2 else "")
        + (f"<p>Do not miss this one: {links[0]}</p>" if number % 3 else "")
        + (shelf if number % 3 < 2 else "")
    )
    last = (
        '<p class="sign-off">The desk of this paper answers its telephone from nine to five.</p>'
        + ("<p>What do you make of it? Tell the whole valley below, and keep it civil.</p>" if number % 4 else "")
        + f'<div class="seal"><p>Pressed and bound by hand, copy {number + 40}</p></div>'
    )
    ends = [match.end() for match in re.finditer(r"(?<=[^>])</p>\n(?=<(?:p|ul|h2|blockquote)>)", html)]
    if len(ends) < 3:
        return html
    for place, piece in ((ends[-1], last), (ends[2], third), (ends[1], second)):
        html = html[:place] + piece + html[place:]
    return html


if __name__ == "__main__":
    main()
