"""The headline of a page, and all the forms in which the page gives it.

What readers see at the head of the article is its title, and the page's own declarations (JSON-LD, OpenGraph, `<title>`)
tell which of its headings that is. Each heading has points: for being an h1 or marked as headline, and for each
declaration that repeats it. Headings in navigation, breadcrumbs and lists, those that link elsewhere and the outlet's
name do not stand for election. Where no heading is good enough, the declarations speak.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.folding import fold
from newsdesk.extract.markup import Meta, short_text_of, squeeze, text_of, tight_text_of
from newsdesk.model import JsonObject

_SEPARATOR = re.compile(r"\s+(?:[|–—·•‹›«»»:~⁄*-]|::|\|\||//)\s+|\s*[|｜]\s*|\s+[-–—]{1,2}\s*|_")
_HARD_SEPARATOR = re.compile(r"\s*(?:[|｜»«›‹·•]|::|//)\s*")
_LEAST_COVER = 0.35  # of a declaration that a heading must make up to count as a part of it
_MAX_HEADINGS = 60
_MAX_TITLE = 400  # characters; a longer heading is a box that someone put into one
_MAX_INNER = 12  # elements within a heading that may be its parts
_MAX_DECLARED = 1000  # characters of a declared title that are read
_BREAKS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space, word joiners
_LONG_NAME = 40  # characters; hardly an outlet's name
_EDITORS = 2.5  # points of a declaration that an editor wrote for its own sake: JSON-LD's headline, og:title
_SET_APART = 3.0  # points of a part of a heading that such a declaration repeats
_ENOUGH = 1.9  # points by which a heading is the title: an h2 that <title> repeats has them
_PLAUSIBLE = 1.5  # points by which the article is likely to begin there, at least
_HEADLINE_MARKS = re.compile(
    r"(?:entry|post|article|story|page|news)[-_]{0,2}(?:title|head)|head(?:line|ing)\b", re.IGNORECASE
)
_KICKER_MARKS = re.compile(r"kicker|overline|eyebrow|topline|roofline|dachzeile|spitzmarke|rubric|category|label|section|pre-?title|supertitle|antetitulo|occhiello|badge|flag", re.IGNORECASE)  # fmt: skip
_HIDDEN_MARKS = re.compile(r"breadcrumb|seo-?title|sr-only|visually-?hidden|screen-?reader|site-?(?:title|name|logo|branding)|\blogo\b|\bbrand\b", re.IGNORECASE)  # fmt: skip
_OUTSIDE = frozenset({"nav", "aside", "footer", "li", "form", "dialog", "button", "noscript", "template"})


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and where it was found."""

    text: str | None
    source: str  # h1, h2, json-ld, og:title, title; "" where there is none
    element: HtmlElement | None = None  # the heading, where the headline stands on the page


@dataclass(frozen=True, slots=True)
class _Heading:
    element: HtmlElement
    whole: str
    bare: str  # without its kicker
    parts: tuple[str, ...]
    points: float


def title_of(tree: HtmlElement, meta: Meta, article: JsonObject, sites: Iterable[str], url: str) -> Title:
    """sites: what the outlet is called."""
    page_title = _page_title(tree)
    og_title = _tidy(meta.first("og:title"))
    headline = _tidy(jsonld.text(article.get("headline")))
    # some systems put the title where the outlet's name should be
    whole = fold(og_title or page_title or "")
    names = {fold(name) for name in sites if len(name) < _LONG_NAME or not whole.startswith(fold(name))} - {""}
    declared = _declared(headline, og_title, meta.first("twitter:title"), page_title)
    best: _Heading | None = None
    near: HtmlElement | None = None
    # the costly questions are asked of the best only, until one passes
    for points, form, heading in sorted(_scored(tree, names, declared), key=lambda scored: -scored[0]):
        if not (_leads_away(heading.element, url) or _is_hidden(heading.element)):
            if points >= _ENOUGH:
                return Title(form, str(heading.element.tag), heading.element)
            best = heading
            near = heading.element if points >= _PLAUSIBLE else None
            break
    if headline and not _is_site(headline, names):
        return Title(headline, "json-ld", near)
    if og_title and not _is_site(og_title, names):
        known = (
            page_title is not None and len(page_title) > len(og_title) and fold(page_title).startswith(fold(og_title))
        )
        return Title(og_title if known else trimmed(og_title, names), "og:title", near)
    if page_title:
        return Title(trimmed(page_title, names), "title", near)
    return Title(best.bare, str(best.element.tag), best.element) if best is not None else Title(None, "")


def _tidy(text: str | None) -> str:
    """Without what a template escaped twice, and the marks of places where a word may be parted."""
    text = (text or "")[:_MAX_DECLARED]
    if "&" in text and ";" in text:
        text = squeeze(html.unescape(text))
    return text.translate(_BREAKS)


def _declared(
    headline: str | None, og: str | None, twitter: str | None, title: str | None
) -> list[tuple[set[str], float]]:
    """Each declaration as the keys of its forms, with its points. What an editor writes for sharing weighs more."""
    found = [(headline, _EDITORS), (og, _EDITORS), (title, 1.5)]
    if twitter and twitter != og:
        found.append((twitter, 0.5))
    return [(_keys(text), points) for text, points in found if text]


def _keys(text: str) -> set[str]:
    """The folded text, and each run of its parts from either end: `A – B | Site` → A–B|Site, A–B, A, Site, B|Site."""
    cuts = [0, *(place for found in _SEPARATOR.finditer(text[:_MAX_TITLE]) for place in found.span()), len(text)]
    return {key for cut in cuts for part in (text[:cut], text[cut:]) if (key := fold(part))}


def _scored(
    tree: HtmlElement, names: set[str], declared: list[tuple[set[str], float]]
) -> Iterator[tuple[float, str, _Heading]]:
    """The headings but the outlet's name, each with its points and its best form."""
    for heading in _headings(tree, names):
        points, form = _points(heading, declared)
        yield points, form, heading


def _headings(tree: HtmlElement, names: set[str]) -> Iterator[_Heading]:
    """The headings that may be the headline, in the document's order."""
    for count, element in enumerate(tree.iter("h1", "h2", "h3")):
        if count >= _MAX_HEADINGS:
            return
        whole, bare, parts = _forms(element)
        if not whole or _is_site(whole, names):
            continue
        points = {"h1": 3.0, "h2": 0.5}.get(str(element.tag), -1.0)
        marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if element.get("itemprop") == "headline":
            points += 2.0
        elif _HEADLINE_MARKS.search(marks):
            points += 0.5
        yield _Heading(element, whole, bare, parts, points - count / 1000)  # of equals the first


def _forms(element: HtmlElement) -> tuple[str, str, tuple[str, ...]]:
    """Its text; the same without what is named as a kicker; and the parts that the markup sets apart."""
    whole = _tidy(short_text_of(element, _MAX_TITLE))
    if not fold(whole):
        return "", "", ()
    bare = whole
    parts: list[str] = []
    for child in islice(element.iterdescendants(), _MAX_INNER):
        part = _tidy(short_text_of(child, _MAX_TITLE)) if isinstance(child.tag, str) else ""
        if not part or part == whole:
            continue
        rest = whole.removeprefix(part).lstrip(":–—-|•· ") if whole.startswith(part) else ""
        if rest and _KICKER_MARKS.search(child.get("class") or ""):
            bare = rest
        if len(part) >= _LEAST_COVER * len(whole):
            parts.append(part)
        if rest:
            parts.append(rest)
    return whole, bare, tuple(dict.fromkeys(parts))


def _points(heading: _Heading, declared: list[tuple[set[str], float]]) -> tuple[float, str]:
    """(its points, the form of it that is best repeated).

    Without its kicker it counts as much as with it. Any other part must be repeated as it is, by what editors write.
    """
    scored = [(heading.points + _agreement(fold(form), declared), form) for form in (heading.bare, heading.whole)]
    for part in heading.parts:
        key = fold(part)
        exact = sum(worth for keys, worth in declared if key in keys and len(key) >= _LEAST_COVER * max(map(len, keys)))
        if exact >= _EDITORS and heading.element.tag != "h3":
            scored.append((heading.points + exact + _SET_APART, part))
    return max(scored, key=lambda one: one[0])


def _agreement(key: str, declared: list[tuple[set[str], float]]) -> float:
    points = 0.0
    for keys, worth in declared:
        least = _LEAST_COVER * max(map(len, keys), default=0)
        if key in keys and len(key) >= least:
            points += worth
        elif len(key) >= least and any(key in other or other in key for other in keys if len(other) > 12):
            points += worth / 4
    return points


def _leads_away(element: HtmlElement, url: str) -> bool:
    """A heading that is a link: to the home page or a section (the outlet's name), or to another article (a teaser)."""
    links = list(element.iterancestors("a"))[:1] or list(element.iter("a"))[:1]
    if not links or not (href := links[0].get("href")) or "bookmark" in (links[0].get("rel") or "").split():
        return False
    try:
        target, own = urlsplit(urljoin(url, href.strip())), urlsplit(url)
    except ValueError:
        return False
    whole = short_text_of(element, _MAX_TITLE)
    return target.path.rstrip("/") != own.path.rstrip("/") and len(short_text_of(links[0], _MAX_TITLE)) > 0.6 * len(
        whole
    )


def _is_hidden(element: HtmlElement) -> bool:
    """Not what readers take for the headline: in navigation, a breadcrumb or a list, or for machines only."""
    for distance, above in enumerate(chain((element,), element.iterancestors())):
        if above.tag in _OUTSIDE or distance > 8:
            return distance <= 8
        if (
            distance <= 3
            and _HIDDEN_MARKS.search(f"{above.get('class') or ''} {above.get('id') or ''}")
            and above.tag != "body"
        ):
            return True
    return False


def title_forms(tree: HtmlElement, meta: Meta, article: JsonObject, title: str | None) -> list[str]:
    """Every wording by which a line of the body could repeat the title."""
    forms = [
        title,
        *meta.all("og:title", "twitter:title"),
        jsonld.text(article.get("headline")),
        jsonld.text(article.get("alternativeHeadline")),
    ]
    for element in islice(tree.iter("h1"), _MAX_HEADINGS):
        if text := short_text_of(element, _MAX_TITLE):
            forms += [text, tight_text_of(element)]
    if page_title := _page_title(tree):
        forms += [page_title, trimmed(page_title, set())]
    return list(dict.fromkeys(form for form in forms if form))


def trimmed(title: str, names: set[str]) -> str:
    """Without the outlet's name at either end: `Headline | The Example Times` → `Headline`. names: folded."""
    parts = [part for part in _SEPARATOR.split(title) if part and part.strip()]
    if len(parts) < 2:
        return title
    for end, rest in (
        (parts[-1], title[: title.rfind(parts[-1])]),
        (parts[0], title[title.find(parts[0]) + len(parts[0]) :]),
    ):
        if _is_site(end, names):
            return trimmed(_bare(rest), names) or title
    return _without_tail(title, parts)


def _without_tail(title: str, parts: list[str]) -> str:
    """No outlet's name is known: a last part that is short beside the rest, behind a sign of its own, is taken for one."""
    rest = _bare(title[: title.rfind(parts[-1])])
    sign = title[len(rest) : title.rfind(parts[-1])]
    most = 4 if _HARD_SEPARATOR.search(sign) or "-" in sign else 3
    is_tail = len(parts[-1].split()) <= most and len(rest.split()) >= 3 and len(rest) > 1.5 * len(parts[-1])
    return rest if is_tail else title


def _bare(text: str) -> str:
    return text.strip(" |–—·•‹›:~⁄*-_｜/\u00a0")


def _is_site(text: str, names: set[str]) -> bool:
    key = fold(text)
    return any(
        key == name or key in (f"the{name}", f"{name}com") or name == f"the{key}" or (len(key) > 5 and key in name)
        for name in names
    )


def _page_title(tree: HtmlElement) -> str | None:
    """The page's own <title>; one inside an <svg> names a picture."""
    for element in tree.iter("title"):
        parent = element.getparent()
        if parent is not None and str(parent.tag) in ("head", "html"):
            return _tidy(text_of(element)) or None
    return None
