"""JSON-LD of a page: the objects, flattened, and the one that describes the article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from newsdesk.extract.markup import squeeze
from newsdesk.model import JsonObject

_MAX_CHARS = 1_000_000  # a script; 5 MB of JSON-LD took 724 MB to read
_MAX_OBJECTS = 300
_MAX_DEPTH = 6
_COMMENT = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", re.DOTALL)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_DESCENDS = ("@graph", "mainEntity", "mainEntityOfPage")


def read(tree: HtmlElement) -> list[JsonObject]:
    """All objects that describe this page, in document order; those of broken scripts are left out."""
    found: list[JsonObject] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = script.text or ""
        if 0 < len(raw) <= _MAX_CHARS and len(found) < _MAX_OBJECTS:
            found.extend(_objects(_load(raw), 0))
    return found[:_MAX_OBJECTS]


def _load(raw: str) -> object:
    raw = _COMMENT.sub("", raw).strip().rstrip(";")
    for attempt in (raw, _TRAILING_COMMA.sub("", raw), html.unescape(raw)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


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
    return any(name.endswith(("Article", "BlogPosting", "Report")) for name in types(thing))


def article_of(things: list[JsonObject]) -> JsonObject:
    """The object of the article: the one with most of what an article tells; {} where there is none."""
    told = ("headline", "datePublished", "author", "articleBody", "dateModified", "image", "name")
    articles = [thing for thing in things if is_article(thing)]
    return max(articles, key=lambda thing: sum(bool(thing.get(key)) for key in told), default={})


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
    items = value if isinstance(value, list) else [value]
    return [found for item in items if (found := text(item))]
