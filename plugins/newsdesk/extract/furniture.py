"""Lines around an article that are not of it: its own title, bylines, dates, share bars, prompts.

Only at the edges. Anywhere in the text, such patterns would delete up to 3% of real lines (measured);
at the edges they raise F1. So each end is read inwards and the first line that is none of these stops
the reading. Between real paragraphs goes only what two kinds of evidence convict: `Read also: X` where
X is the whole text of a link on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from newsdesk.extract import phrases
from newsdesk.extract.folding import fold

_REACH = 8  # lines from the top in which a page may repeat its title
_TAIL_SHARE = 0.3  # of the text's characters that may hang on a "Related" heading at the end
_TAIL_LINES = 25
_BOXES = 3  # of the same heading in one text
_WORD = re.compile(r"[^\s,;:|/()\[\]·•–—.-]+")
_BYLINE = re.compile(rf"{phrases.BY}\s*:?\s+(?P<who>\S.{{1,90}})", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"(?:P\.\s?)+S\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)]?\s*$")
_RELATED_HEAD = re.compile(rf"(?:[-•|\W]\s*)?{phrases.RELATED}\s*[:.…>»→\-–]*\s*", re.IGNORECASE)
_RELATED_ITEM = re.compile(rf"(?:[-•(\[]\s*)?{phrases.RELATED}\s*[:>»→|–-]\s*\S.{{0,200}}", re.IGNORECASE)
_COMMENTS = re.compile(rf"(?:[-•]\s*)?{phrases.COMMENTS}\s*[:.!…]?", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    "and und et y e i en og och de der den del della di da van von la le los dos the of for in at to".split()
)


def trim(
    blocks: Sequence[str], titles: Iterable[str], authors: Iterable[str] = (), links: Collection[str] = ()
) -> list[str]:
    """`blocks` without the furniture at both ends.

    titles: every form in which the page gives its title; links: folded texts of the page's links, the
    evidence that what follows a "Related" heading is other articles' titles.
    """
    folded_titles = {key for title in titles if (key := fold(title))}
    people = tuple(name for name in authors if len(name) > 4)
    kept = _without_title(list(blocks), folded_titles)
    start, end = 0, len(kept)
    while start < end and _is_lead_furniture(kept[start], people):
        start += 1
    end = _before_boxes(kept, start, end, links)
    while end > start and _is_tail_furniture(kept[end - 1], people):
        end -= 1
    return kept[start:end]


def drop_boxes(blocks: Sequence[str], links: Collection[str]) -> list[str]:
    """Without `Read also: X`, and `Read also` with the Xs below it, where each X is a whole link's text.

    A heading that returns again and again is no box but the button of each of the text's own cards: only it goes.
    """
    kept: list[str] = []
    in_box = False
    times: Counter[str] | None = None
    for place, block in enumerate(blocks):
        is_head = len(block) <= 60 and place + 1 < len(blocks) and _RELATED_HEAD.fullmatch(block)
        if is_head and fold(blocks[place + 1]) in links:
            times = times or Counter(map(fold, blocks))
            in_box = times[fold(block)] <= _BOXES
            continue
        if in_box and fold(block) in links:
            continue
        in_box = False
        if not _is_box_line(block, links):
            kept.append(block)
    return kept


def _is_box_line(block: str, links: Collection[str]) -> bool:
    """`Read also: X`; the colon ends the heading where its wording would run on into X."""
    if len(block) >= 300:
        return False
    head, colon, rest = block.partition(":")
    if colon and len(head) < 90 and _RELATED_HEAD.fullmatch(head) and fold(rest) in links:
        return True
    opening = _RELATED_HEAD.match(block)
    return opening is not None and fold(block[opening.end() :]) in links


def _without_title(blocks: list[str], titles: set[str]) -> list[str]:
    """Drops the title among the first lines wherever it stands, and the kickers before its first place."""
    first: int | None = None
    kept: list[str] = []
    for place, block in enumerate(blocks[:_REACH]):
        if _is_title(block, titles):
            first = place if first is None else first
            kept = [] if first == place else kept
            continue
        if first is None and (len(block) > 140 or (len(block) > 60 and _SENTENCE_END.search(block))):
            return blocks  # the body has begun
        kept.append(block)
    return kept + blocks[_REACH:] if first is not None else blocks


def _is_title(block: str, titles: set[str]) -> bool:
    """The title itself, or with a kicker before it (`Analysis: the title`)."""
    key = fold(block)
    if key in titles:
        return True
    return any(len(title) > 20 and key.endswith(title) and len(key) < len(title) + 60 for title in titles)


def _before_boxes(blocks: list[str], start: int, end: int, links: Collection[str]) -> int:
    """Where a heading of other articles or of comments begins the page's end, if the rest is small."""
    total = sum(map(len, blocks[start:end])) or 1
    rest = 0
    cut = end
    for place in range(end - 1, max(start, end - _TAIL_LINES) - 1, -1):
        rest += len(blocks[place])
        if rest > total * _TAIL_SHARE:
            break
        block = blocks[place]
        if len(block) > 90:
            continue
        if _COMMENTS.fullmatch(block) or (
            _RELATED_HEAD.fullmatch(block) and _opens_links(blocks[place + 1 : end], links)
        ):
            cut = place
    return cut


def _opens_links(rest: list[str], links: Collection[str]) -> bool:
    """The next line or the one after it is a link's text (some sites print it twice)."""
    keys = [fold(block) for block in rest[:2]]
    return not rest or any(key in links or key[: len(key) // 2] in links for key in keys if key)


def is_edge(block: str, people: tuple[str, ...] = ()) -> bool:
    """What stands at an article's edges: a date, a byline, a share bar, a label, a box's heading."""
    return (
        is_date_line(block)
        or is_byline(block, people)
        or is_share_bar(block)
        or is_label(block)
        or bool(_RELATED_ITEM.fullmatch(block) or _RELATED_HEAD.fullmatch(block) or _COMMENTS.fullmatch(block))
    )


def _is_lead_furniture(block: str, people: tuple[str, ...]) -> bool:
    return (
        is_edge(block, people)
        or (len(block) < 160 and bool(phrases.ASK.match(block.lstrip("-• "))) and is_prompt(block))
        or _is_about(block, people)
    )


def _is_tail_furniture(block: str, people: tuple[str, ...]) -> bool:
    return (
        _is_lead_furniture(block, people)
        or is_prompt(block)
        or (len(block) < 250 and bool(phrases.COPYRIGHT.match(block.lstrip("-• "))))
    )


def is_label(block: str) -> bool:
    """A lone word or figure of the page's own: an advertisement's label, a counter, a list of tags, nothing at all."""
    return not fold(block) or bool(phrases.LABELS.fullmatch(block.strip("-•|: \t")))


def is_date_line(block: str) -> bool:
    """Nothing but a date or time and the words around it (`Published 3 March 2026, 10:15 GMT`)."""
    if len(block) > 90 or not any(char.isdigit() for char in block):
        return False
    if phrases.CJK_DATE.search(block) and len(block) < 60:
        return True
    words = _WORD.findall(block)
    return len(words) > 1 and all(phrases.DATE_TOKEN.match(word) for word in words)


def is_byline(block: str, people: tuple[str, ...] = ()) -> bool:
    """`By` and names, or a line of the page's authors alone, perhaps with a date behind."""
    if len(block) > 110:
        return False
    key = fold(block)
    if people and (key in {fold(name) for name in people} or key == fold("".join(people))):
        return True
    found = _BYLINE.fullmatch(block.lstrip("-•| "))
    if not found or _SENTENCE_END.search(block):
        return False
    words = [word for word in _WORD.findall(found["who"]) if word.lower() not in _SMALL_WORDS]
    return 0 < len(words) <= 10 and all(_is_name_or_date(word) for word in words)


def _is_name_or_date(word: str) -> bool:
    return word[0].isupper() or word[0] in "@'’&" or bool(phrases.DATE_TOKEN.match(word)) or not word[0].isalnum()


def is_share_bar(block: str) -> bool:
    """Only words of share buttons (`Share it...`, `Facebook Twitter E-Mail`)."""
    if len(block) > 120 or not phrases.SHARE_STRONG.search(block):
        return False
    words = [word.strip("…!?\"'’“”«»").lower() for word in _WORD.findall(block)]
    return all(word in phrases.SHARE_WORDS or word.isdigit() for word in words if word)


def is_prompt(block: str) -> bool:
    """Asks to subscribe or to follow; a postscript may do so too, and is the author's own."""
    return (
        len(block) < 300
        and not _POSTSCRIPT.match(block)
        and bool(phrases.ASK.search(block) and phrases.ASK_OF_WHAT.search(block))
    )


def _is_about(block: str, people: tuple[str, ...]) -> bool:
    """A line on the author: begins with the name and goes on with what she is."""
    return len(block) < 600 and any(
        re.match(
            rf"{re.escape(name)}\s*(?:,|\(|is\b|ist\b|est\b|es\b|è\b|é\b|was\b|covers\b|writes\b|schreibt\b)", block
        )
        for name in people
    )
