"""The article out of the state that a page carries for its scripts: JSON-LD's articleBody, `__NEXT_DATA__` and the like.

Only for a page whose markup holds nothing or clearly less: as the body of others `articleBody` measured worse than
what the markup shows (F1 lower by .005 to .08). Not for a page that says it is not free.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from newsdesk.extract.blocks import read_blocks
from newsdesk.extract.folding import fold
from newsdesk.extract.jsonld import is_article
from newsdesk.extract.markup import parse, squeeze
from newsdesk.model import JsonObject

_MOST_JSON = 2_000_000  # characters of a script that is read
_MOST_NODES = 50_000
_DEPTH = 40
_LEAST = 400  # characters of a body that is taken from there
_MORE = 3  # times what the markup holds
_STATE_IDS = frozenset({"__next_data__", "__nuxt_data__", "fusion-metadata", "__apollo_state__"})
_ASSIGNED = re.compile(
    r"^\s*(?:window\.|self\.|var\s+|const\s+)?(?:window\[[\"'])?"
    r"(?:__\w*(?:STATE|DATA|PROPS|NUXT)\w*|Fusion\.globalContent|initialState|preloadedState)(?:[\"']\])?\s*=\s*(?=[{\[])",
    re.IGNORECASE,
)
# Keys under which the systems that publish keep a text, or one paragraph of it.
_KEYS = frozenset(
    "articlebody body content contents text html bodyhtml body_html content_html value paragraph rendered".split()
)
_SENTENCE = re.compile(r"[.!?…。！？][\"”’»)\]]*\s*$")
_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|strong|em|a)\b", re.IGNORECASE)


def read_embedded(
    scripts: Sequence[HtmlElement], things: Sequence[JsonObject], shown: int
) -> tuple[str, list[str]] | None:
    """Where it was found and its paragraphs, at least three times as long as what the markup shows; None for none.

    scripts: the page's elements; things: its JSON-LD objects; shown: characters that the markup holds.
    """
    if any(str(thing.get("isAccessibleForFree")).strip().lower() in ("false", "no", "0") for thing in things):
        return None
    for source, paragraphs in (("json-ld", _article_body(things)), ("embedded", _state(scripts))):
        if sum(map(len, paragraphs)) >= max(_LEAST, _MORE * shown):
            return source, paragraphs
    return None


def _article_body(things: Sequence[JsonObject]) -> list[str]:
    bodies = [
        thing["articleBody"] for thing in things if is_article(thing) and isinstance(thing.get("articleBody"), str)
    ]
    return _paragraphs(max(bodies, key=len, default=""))


def _state(scripts: Sequence[HtmlElement]) -> list[str]:
    """The list of the page's state with the most prose in it: one text, or a text cut into elements."""
    best: list[str] = []
    for script in scripts:
        for runs in _runs(_load(script)):
            if sum(map(len, runs)) > sum(map(len, best)):
                best = runs
    return best


def _load(script: HtmlElement) -> object:
    raw = script.text or ""
    if not _LEAST < len(raw) <= _MOST_JSON:
        return None
    kind = (script.get("type") or "").lower()
    if (script.get("id") or "").lower() in _STATE_IDS or kind == "application/json":
        begin = 0
    elif opening := _ASSIGNED.match(raw):
        begin = opening.end()
    else:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(raw[begin:].lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _runs(state: object) -> Iterator[list[str]]:
    """Of each list or object in the state the prose that stands under a text's key in it or in its elements."""
    stack: list[tuple[object, int]] = [(state, 0)]
    nodes = 0
    while stack and nodes < _MOST_NODES:
        value, depth = stack.pop()
        nodes += 1
        if depth > _DEPTH or not isinstance(value, dict | list):
            continue
        children = list(value.values()) if isinstance(value, dict) else value
        if prose := [paragraph for text in _texts(value) for paragraph in _paragraphs(text) if _is_prose(paragraph)]:
            yield prose
        stack.extend((child, depth + 1) for child in children)


def _texts(value: dict[str, object] | list[object]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield item
            elif isinstance(item, dict):
                yield from _texts(item)
        return
    for key, text in value.items():
        if isinstance(text, str) and key.lower() in _KEYS:
            yield text


def _paragraphs(text: str) -> list[str]:
    """Of a text in markup its blocks, else its lines."""
    if not text.strip():
        return []
    if "&lt;" in text and not _MARKUP.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        tree = parse(f"<html><body>{text}</body></html>")
        return [block.text for block in read_blocks(tree)] if tree is not None else []
    lines = (squeeze(html.unescape(line)) for line in text.splitlines())
    return [line for line in lines if fold(line)]


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) >= 40 and bool(_SENTENCE.search(paragraph))
