"""What a feed says, whatever its format, and the two things all formats need: plain titles and absolute addresses."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsdesk.characters import storable
from newsdesk.model import Link
from newsdesk.urls import absolute

_MAX_TITLE = 1_000  # characters
_MAX_ID = 2_048
_MAX_MARKUP = 20_000  # of a title before its tags are taken off
_LONGEST_TTL = timedelta(days=366)

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
# Control characters are what windows-1252 text becomes that was taken for ISO-8859-1 (HTML reads `&#150;` so too).
_WINDOWS_1252 = {
    code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))
}  # fmt: skip
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed has it, usable or not."""

    url: str | None  # absolute http(s), else None
    title: str | None = None  # plain text
    published: datetime | None = None
    updated: datetime | None = None
    id: str | None = None  # guid, atom:id


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says, in its own order. `problem` is set when nothing could be read, and says why."""

    kind: str  # rss, rdf, atom, cdf, json; empty: not known
    entries: tuple[Entry, ...] = ()
    problem: str | None = None
    truncated: bool = False  # there were more bytes or entries than we take
    ttl: timedelta | None = None  # how long the publisher lets a copy live: rss:ttl, else sy:updatePeriod
    skip_hours: frozenset[int] = frozenset()  # 0..23, UTC, in which it wants no visit
    skip_days: frozenset[int] = frozenset()  # 0..6, Monday first, likewise

    @property
    def links(self) -> tuple[Link, ...]:
        """The entries that lead somewhere."""
        return tuple(Link(e.url, e.title, e.published, e.updated) for e in self.entries if e.url)


def plain_text(markup: str | None) -> str | None:
    """A title without tags, character references and runs of blanks; None if nothing remains."""
    if not markup:
        return None
    markup = markup[:_MAX_MARKUP]
    if "<" in markup:
        markup = _TAG.sub(" " if "<br" in markup else "", markup)
    if "&" in markup:
        markup = html.unescape(markup)
    if not markup.isascii():
        markup = _misread(markup)
    return title_line(markup)


def title_line(text: str) -> str | None:
    """The text, storable, without runs of blanks, cut at _MAX_TITLE characters; None if nothing remains."""
    return " ".join(storable(text[:_MAX_MARKUP]).split())[:_MAX_TITLE] or None


def _misread(text: str) -> str:
    """UTF-8 that was taken for ISO-8859-1 once too often (`CafÃ©`), and windows-1252 taken for the same."""
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:  # nearly every text: it was read rightly
        return text.translate(_WINDOWS_1252)


def address(written: str | None, base: str) -> str | None:
    """The web address that `written` is on `base`, absolute http(s); None for everything else.

    `&amp;` is undone: publishers escape addresses twice or within CDATA. An empty path stays as found.
    """
    written = (written or "").strip().replace("&amp;", "&")
    if not written:
        return None
    found = absolute(written, base)
    return written if found == f"{written}/" else found


def identifier(written: str | None) -> str | None:
    """An entry's id as it is written, but storable, cut at _MAX_ID characters; None if there is none."""
    return storable(written or "").strip()[:_MAX_ID] or None


def time_to_live(ttl: str | None, period: str | None, frequency: str | None) -> timedelta | None:
    """From rss:ttl (minutes), else from sy:updatePeriod and sy:updateFrequency (times a period); None: not said."""
    if minutes := _positive(ttl):
        return min(timedelta(minutes=minutes), _LONGEST_TTL)
    if period is None and frequency is None:
        return None
    whole = _PERIODS.get((period or "daily").strip().lower())
    return whole / (_positive(frequency) or 1) if whole else None


def _positive(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= 6 else None
