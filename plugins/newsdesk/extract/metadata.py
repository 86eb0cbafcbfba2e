"""All that a page tells of its article beside the body, each value with its provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.author_names import site_label
from newsdesk.extract.authors import authors_of
from newsdesk.extract.dates import modified_of, published_of
from newsdesk.extract.markup import Meta, absolute, base_url, read_marks, read_meta, squeeze
from newsdesk.extract.titles import title_forms, title_of
from newsdesk.model import JsonObject, Page

ASSUMED = "assumed: UTC"  # the zone of a time where neither page nor source tells one
_MAX_TAGS = 40
_MAX_TITLE = 500
_MAX_DESCRIPTION = 2000


@dataclass(frozen=True, slots=True)
class Metadata:
    """As `model.Document`, and the raw readings that later steps share."""

    title: str | None
    titles: list[str]  # every form of it on the page
    authors: tuple[str, ...]
    published: datetime | None
    published_precision: str | None
    published_day: date | None
    modified: datetime | None
    canonical_url: str | None
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    image: str | None
    meta: Meta
    things: list[JsonObject]  # all JSON-LD objects
    article: JsonObject  # the article's own, or {}
    provenance: dict[str, str] = field(default_factory=dict)


def read_metadata(tree: HtmlElement, page: Page) -> Metadata:
    """What the parsed page tells beside its body. Takes any markup, raises nothing; what is not told is None."""
    meta = read_meta(tree)
    marks = read_marks(tree)
    things = jsonld.read(tree)
    article = jsonld.article_of(things, page.url)
    about = jsonld.page_of(things, page.url)
    base = base_url(tree, page.url)
    outlet = _outlet(meta, article)
    provenance: dict[str, str] = {}

    def note(name: str, source: str) -> None:
        if source:
            provenance[name] = source

    title = title_of(tree, meta, article, (*outlet, site_label(page.url)), page.url)
    note("title", title.source)
    authors, source = authors_of(tree, meta, marks, article, about, things, outlet, page.url, title.element)
    note("authors", source)
    published = published_of(tree, meta, marks, article, about, page, title.element)
    note("published", published.source if published else "")
    if published and published.precision != "day":
        note("published_zone", "page" if published.zoned else "source" if page.timezone else ASSUMED)
    modified = modified_of(meta, marks, article, about, page, published)
    note("modified", modified.source if modified else "")
    canonical = canonical_of(tree, base, page.url)
    note("canonical_url", "rel=canonical" if canonical else "")
    section, source = _first(
        (jsonld.text(article.get("articleSection")), "json-ld"),
        (meta.first("article:section", "section", "parsely-section"), "meta"),
    )
    note("section", source)
    tags, source = _tags(meta, article)
    note("tags", source)
    description, source = _first(
        (meta.first("og:description", "description", "twitter:description"), "meta"),
        (jsonld.text(article.get("description")), "json-ld"),
    )
    note("description", source)
    image, source = _first(
        (absolute(meta.first("og:image", "og:image:url", "twitter:image"), base), "meta"),
        (absolute(_image(article), base), "json-ld"),
    )
    note("image", source)
    return Metadata(
        title=title.text[:_MAX_TITLE] if title.text else None,
        titles=title_forms(tree, meta, article, title.text),
        authors=authors,
        published=published.at if published else None,
        published_precision=published.precision if published else None,
        published_day=published.day if published else None,
        modified=modified.at if modified else None,
        canonical_url=canonical,
        section=section,
        tags=tags,
        description=description[:_MAX_DESCRIPTION] if description else None,
        image=image,
        meta=meta,
        things=things,
        article=article,
        provenance=provenance,
    )


def canonical_of(tree: HtmlElement, base: str, page_url: str) -> str | None:
    """rel=canonical, absolute; None where it names a home page (a template's mistake) that this page is not."""
    for element in tree.iter("link"):
        if "canonical" not in (element.get("rel") or "").lower().split():
            continue
        if not (url := absolute(element.get("href"), base)):
            continue
        parts, own = urlsplit(url), urlsplit(page_url)
        is_home = parts.path in ("", "/") and not parts.query
        if not is_home or (own.path in ("", "/") and not own.query):
            return url.partition("#")[0]
    return None


def _outlet(meta: Meta, article: JsonObject) -> list[str]:
    names = [*meta.all("og:site_name", "application-name"), *jsonld.texts(article.get("publisher"))]
    return list(dict.fromkeys(names))


def _first(*options: tuple[str | None, str]) -> tuple[str | None, str]:
    return next(((squeeze(value), source) for value, source in options if value and value.strip()), (None, ""))


def _tags(meta: Meta, article: JsonObject) -> tuple[tuple[str, ...], str]:
    sources = (
        (meta.all("article:tag"), "meta"),
        (jsonld.texts(article.get("keywords")), "json-ld"),
        (meta.all("news_keywords"), "meta"),
        (meta.all("keywords"), "meta"),
    )
    for raw, source in sources:
        parts = [squeeze(part) for text in raw for part in text.replace(";", ",").split(",")]
        if tags := tuple(dict.fromkeys(part for part in parts if 0 < len(part) <= 80))[:_MAX_TAGS]:
            return tags, source
    return (), ""


def _image(article: JsonObject) -> str | None:
    image = article.get("image")
    image = image[0] if isinstance(image, list) and image else image
    if isinstance(image, dict):
        image = image.get("url") or image.get("contentUrl")
    return jsonld.text(image)
