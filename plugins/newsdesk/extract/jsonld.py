"""JSON-LD of a page: the objects, flattened, and the one that describes the article.

Scripts are written by hand and by templates, so what a browser would not read is mended within bounds: comments and
CDATA marks around it, trailing commas, doubled escaping, several objects in a row, a stray backslash. What no mending
reads gives up its plain facts only (`"datePublished": "…"`), so that one unescaped quote does not cost the date.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import urldefrag

from lxml.html import HtmlElement

from newsdesk.extract.markup import squeeze
from newsdesk.model import JsonObject

_MAX_CHARS = 1_000_000  # a script; 5 MB of JSON-LD took 724 MB to read
_MAX_TOTAL = 2_000_000  # characters of all scripts of a page
_MAX_OBJECTS = 300
_MAX_IN_A_ROW = 20  # objects one after another in one script
_MAX_DEPTH = 6
_OPENINGS = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_ENDINGS = ("-->", "//]]>", "/*]]>*/", "]]>", ";")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_STRAY_BACKSLASH = re.compile(r'\\(?!["\\/bfnrtu])')
_FACT = re.compile(
    r'"(@type|headline|datePublished|dateCreated|dateModified|inLanguage|articleSection)"\s*:\s*"([^"\\\n]{1,300})"'
)
_AUTHOR_FACT = re.compile(r'"author"\s*:[\[{\s]*(?:"@type"\s*:\s*"Person"\s*,\s*)?"name"\s*:\s*"([^"\\\n]{1,120})"')
_DESCENDS = ("@graph", "mainEntity", "mainEntityOfPage")


def read(tree: HtmlElement) -> list[JsonObject]:
    """All objects that describe this page, in document order; of broken scripts what can be mended."""
    found: list[JsonObject] = []
    budget = _MAX_TOTAL
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = script.text or ""
        if 0 < len(raw) <= min(_MAX_CHARS, budget) and len(found) < _MAX_OBJECTS:
            budget -= len(raw)
            found.extend(_objects(_load(raw), 0))
    return found[:_MAX_OBJECTS]


def _load(raw: str) -> object:
    raw = _bare(raw)
    if not raw:
        return None
    for mend in (_as_it_is, _without_trailing_commas, html.unescape):
        mended = mend(raw)
        try:
            return json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
    return _in_a_row(raw) or _facts(raw)


def _as_it_is(raw: str) -> str:
    return raw


def _without_trailing_commas(raw: str) -> str:
    return _STRAY_BACKSLASH.sub("", _TRAILING_COMMA.sub("", raw))


def _bare(raw: str) -> str:
    """Without the comment and CDATA marks of old templates around it."""
    raw = raw.strip().removeprefix("\ufeff")
    for _ in range(4):  # marks may be nested, each once
        before = len(raw)
        for mark in _OPENINGS:
            raw = raw.removeprefix(mark).lstrip()
        for mark in _ENDINGS:
            raw = raw.removesuffix(mark).rstrip()
        if raw.startswith("/*") and "*/" in raw:
            raw = raw.partition("*/")[2].lstrip()
        if len(raw) == before:
            break
    return raw


def _in_a_row(raw: str) -> list[object]:
    """The values that stand one after another, up to the first fault."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    place = 0
    while place < len(raw) and len(values) < _MAX_IN_A_ROW:
        try:
            value, place = decoder.raw_decode(raw, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while place < len(raw) and raw[place] in " \t\r\n,;":
            place += 1
    return values


def _facts(raw: str) -> JsonObject | None:
    """The first of each plain fact of a script that no mending reads, if it is of an article."""
    found: JsonObject = {}
    for key, value in _FACT.findall(raw):
        if key != "@type" or "@type" not in found:
            found.setdefault(key, value)
        elif is_article({"@type": value}):
            found["@type"] = value  # the article's own, wherever it stands among the publisher's and the picture's
    if author := _AUTHOR_FACT.search(raw):
        found["author"] = {"@type": "Person", "name": author[1]}
    return found if is_article(found) else None


def _objects(value: object, depth: int) -> Iterator[JsonObject]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _DESCENDS:
            if isinstance(value.get(key), dict | list):
                yield from _objects(value[key], depth + 1)


def types(thing: JsonObject) -> set[str]:
    """Its types without their namespace: {"NewsArticle"}."""
    raw = thing.get("@type") or thing.get("type")
    names = raw if isinstance(raw, list) else [raw]
    return {str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)}


def is_article(thing: JsonObject) -> bool:
    """By its types: NewsArticle, BlogPosting, Report and their like."""
    return any(name.endswith(("Article", "BlogPosting", "Report")) for name in types(thing))


def is_page(thing: JsonObject) -> bool:
    """The page itself or its one work: what tells of the article where no article is described."""
    return any(name.endswith(("Page", "CreativeWork", "Posting", "Recipe", "Review")) for name in types(thing))


def article_of(things: list[JsonObject], url: str) -> JsonObject:
    """The object of the article: the one with most of what an article tells; {} where there is none.

    One that names this page's address comes before the others, which may be teasers.
    """
    told = ("headline", "datePublished", "author", "articleBody", "dateModified", "image", "name")
    articles = [thing for thing in things if is_article(thing)]
    return max(
        articles,
        key=lambda thing: sum(bool(thing.get(key)) for key in told) + (4 if _names(thing, url) else 0),
        default={},
    )


def page_of(things: list[JsonObject], url: str) -> JsonObject:
    """The object of the page, for what the article's does not tell; {} where there is none."""
    pages = [thing for thing in things if is_page(thing) and not is_article(thing)]
    return max(pages, key=lambda thing: bool(thing.get("datePublished")) + (2 if _names(thing, url) else 0), default={})


def _names(thing: JsonObject, url: str) -> bool:
    own = _plain(url)
    return own != "" and any(_plain(text(thing.get(key)) or "") == own for key in ("url", "@id", "mainEntityOfPage"))


def _plain(url: str) -> str:
    return urldefrag(url)[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def resolved(value: object, things: list[JsonObject]) -> object:
    """`{"@id": "#x"}` becomes the object of that name; what has more than its name stays as it is."""
    if isinstance(value, list):
        return [resolved(item, things) for item in value[:_MAX_OBJECTS]]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        name = value["@id"]
        return next((thing for thing in things if thing.get("@id") == name and "name" in thing), value)
    return value


def text(value: object) -> str | None:
    """A string out of what stands for one: a list's first, an object's @value or name; entities decoded."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("url") or value.get("@id")
        value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return squeeze(html.unescape(html.unescape(value))) or None if isinstance(value, str) else None


def texts(value: object) -> list[str]:
    """As `text`, of each item of a list, or of the one value."""
    items = value if isinstance(value, list) else [value]
    return [found for item in items if (found := text(item))]
