"""Who wrote it: JSON-LD, then meta, then the marks on the page, then the line by the headline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.author_names import AGENCIES, SAYS_BY, TEAM, clean, is_login, is_person, outlet_of
from newsdesk.extract.bylines import byline_of, marked
from newsdesk.extract.folding import fold
from newsdesk.extract.markup import Meta
from newsdesk.model import JsonObject

_META = ("author", "article:author", "article:author_name", "authors", "byl", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author",
         "sailthru.author", "citation_author", "og:article:author", "cxenseparse:author", "article.author")  # fmt: skip


def authors_of(
    tree: HtmlElement, meta: Meta, marks: Mapping[str, list[HtmlElement]], article: JsonObject, about: JsonObject,
    things: list[JsonObject], sites: Iterable[str], url: str, headline: HtmlElement | None,
) -> tuple[tuple[str, ...], str]:  # fmt: skip
    """(names in order, where from). The first source that names a person, else the first that names anyone.

    A lone first name is written out where the page does so elsewhere.
    """
    outlet = outlet_of(sites, url)
    sources: tuple[tuple[str, Callable[[], tuple[list[str], set[str]]]], ...] = (
        ("json-ld", lambda: _from_jsonld(article, things)),
        ("json-ld page", lambda: _from_jsonld(about, things)),
        ("meta", lambda: ([*meta.all(*_META), *_labelled(meta)], set())),
        ("rel=author", lambda: (marked(marks.get("author", ()), headline), set())),
        ("byline", lambda: (byline_of(tree, headline), set())),
    )
    first: tuple[tuple[str, ...], str] = (), ""
    for source, read in sources:
        raw, persons = read()
        names = clean(raw, outlet, persons)
        if any(is_person(name) or fold(name) in AGENCIES for name in names):
            return (names, source) if not first[0] or _is_better(names, first[0]) else first
        if names and not first[0]:
            first = names, source
            if len(names) > 1 or TEAM.search(names[0]):
                break
    return first


def _is_better(names: tuple[str, ...], first: tuple[str, ...]) -> bool:
    """Persons in full instead of a login or a first name of theirs."""
    return all(is_login(name) for name in first) or any(
        name.casefold().startswith(f"{word.casefold()} ") for name in names for word in first
    )


def _labelled(meta: Meta) -> list[str]:
    """What sharing cards show: `twitter:label1` = Written by, `twitter:data1` = the name."""
    return [
        name
        for number in ("1", "2")
        for label, name in zip(meta.all(f"twitter:label{number}"), meta.all(f"twitter:data{number}"), strict=False)
        if SAYS_BY.match(label)
    ]


def _from_jsonld(thing: JsonObject, things: list[JsonObject]) -> tuple[list[str], set[str]]:
    """(names, those of them that are called persons). An organisation is an author only as an agency or a desk."""
    raw = jsonld.resolved(thing.get("author") or thing.get("creator"), things)
    found: list[str] = []
    persons: set[str] = set()
    for author in raw if isinstance(raw, list) else [raw]:
        if not isinstance(author, dict):
            found.extend(jsonld.texts(author))
            continue
        names, kinds = jsonld.texts(author.get("name")), jsonld.types(author)
        if any("Organization" in kind for kind in kinds):
            names = [name for name in names if fold(name) in AGENCIES or TEAM.search(name)]
        elif "Person" in kinds:
            persons.update(names)
        found.extend(names)
    return found, persons
