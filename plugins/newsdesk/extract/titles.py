"""The headline of a page, and all the forms in which the page gives it."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.furniture import fold
from newsdesk.extract.markup import Meta, headings, squeeze, text_of, tight_text_of
from newsdesk.model import JsonObject

_SEPARATOR = re.compile(r"\s+(?:[|–—·•‹›«»»:~⁄*-]|::|\|\|)\s+|\s*[|｜]\s*|\s+[-–—]{1,2}\s*|_")
_LEAST_COVER = 0.35  # of the outer title that an h1 must make up; less is the site's name or a section's


def title_of(tree: HtmlElement, meta: Meta, article: JsonObject, site: str | None) -> tuple[str | None, str]:
    """(title, where from). Order and reason: an `h1` that the page's own title repeats is exact most often (measured)."""
    page_title = _page_title(tree)
    og_title = meta.first("og:title", "twitter:title")
    headline = jsonld.text(article.get("headline"))
    outside = [
        key
        for key in map(fold, (trimmed(page_title or "", site), trimmed(og_title or "", site), headline or ""))
        if key
    ]
    found = list(headings(tree))
    matching = [h1 for h1 in found if not _is_site(h1, site) and _covers(fold(h1), outside)]
    if matching:
        return max(matching, key=len), "h1"
    if headline and not _is_site(headline, site):
        return headline, "json-ld"
    if og_title:
        return trimmed(og_title, site), "og:title"
    if len(found) == 1 and not _is_site(found[0], site):
        return found[0], "h1"
    if page_title:
        return trimmed(page_title, site), "title"
    return (found[0], "h1") if found else (None, "")


def _covers(key: str, outside: list[str]) -> bool:
    return any(key in other and len(key) >= _LEAST_COVER * len(other) for other in outside)


def title_forms(tree: HtmlElement, meta: Meta, article: JsonObject, title: str | None) -> list[str]:
    """Every wording by which a line of the body could repeat the title."""
    forms = [
        title,
        *meta.all("og:title", "twitter:title"),
        jsonld.text(article.get("headline")),
        jsonld.text(article.get("alternativeHeadline")),
    ]
    for element in tree.iter("h1"):
        forms += [text_of(element), tight_text_of(element)]
    if page_title := _page_title(tree):
        forms += [page_title, trimmed(page_title, None)]
    return list(dict.fromkeys(form for form in forms if form))


def trimmed(title: str, site: str | None) -> str:
    """Without the outlet's name at either end: `Headline | The Example Times` → `Headline`."""
    parts = [part for part in _SEPARATOR.split(title) if part and part.strip()]
    if len(parts) < 2:
        return title
    if site:
        for end, rest in (
            (parts[-1], title[: title.rfind(parts[-1])]),
            (parts[0], title[title.find(parts[0]) + len(parts[0]) :]),
        ):
            if _is_site(end, site):
                return trimmed(_bare(rest), site) or title
        return title if len(parts) == 2 and len(parts[-1].split()) > 4 else _without_tail(title, parts)
    return _without_tail(title, parts)


def _without_tail(title: str, parts: list[str]) -> str:
    """No outlet's name is known: a last part that is short beside the rest is taken for one."""
    rest = _bare(title[: title.rfind(parts[-1])])
    return (
        rest if len(parts[-1].split()) <= 4 and len(rest.split()) >= 3 and len(rest) > 1.5 * len(parts[-1]) else title
    )


def _bare(text: str) -> str:
    return text.strip(" |–—·•‹›«»:~⁄*-_｜\u00a0")


def _is_site(text: str, site: str | None) -> bool:
    if not site or not (key := fold(text)):
        return False
    name = fold(site)
    return key == name or key in (f"the{name}", f"{name}com") or name == f"the{key}" or (len(key) > 5 and key in name)


def _page_title(tree: HtmlElement) -> str | None:
    """The page's own <title>; one inside an <svg> names a picture."""
    for element in tree.iter("title"):
        parent = element.getparent()
        if parent is not None and str(parent.tag) in ("head", "html"):
            return squeeze(text_of(element)) or None
    return None
