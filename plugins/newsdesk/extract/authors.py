"""Bylines: from what pages write to a tuple of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from newsdesk.extract import jsonld
from newsdesk.extract.furniture import fold
from newsdesk.extract.markup import Meta, squeeze, text_of
from newsdesk.extract.phrases import MONTHS
from newsdesk.model import JsonObject

_META = ("author", "article:author", "authors", "byl", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author",
         "sailthru.author", "citation_author", "og:article:author")  # fmt: skip
_BY = re.compile(r"^(?:(?:post author|written|posted|reported|reviewed|story|words|text|published)\s+(?:by\s+)?|(?:by|von|par|por|di|door|af|av|przez|oleh|автор|texte?|texto|autora?|autore|auteur|author)\b\s*:?\s+|by\s*:\s*)+", re.IGNORECASE)  # fmt: skip
_SPLIT = re.compile(
    r"\s*(?:[;|/•·\n]|,\s|&|\s(?:and|und|et|y|e|en|og|och|with|mit|avec|con|con la collaborazione di)\s)\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\(?\b\S+@\S+\.\w+\)?|https?://\S+|www\.\S+|(?<!\w)@\w+")
_AFTER_NAME = re.compile(r"\s*(?:\(.*|\[.*|\s[–—|-]\s.*|,.*|\s(?:for|in|of|at|für|pour)\s.*)$")
_NO_PERSON = re.compile(
    r"\b(?:staff|admin(?:istrator)?|editors?|editorial|newsroom|desk|team|webmaster|correspondents?|reporters?|writers?|contributors?|agency|agencies|"
    r"news|press|redaktion|redaktionsteam|rédaction|redacción|redazione|redação|redactie|redakcja|редакция|agence|agencia|agentur|presse|newspaper|magazine|"
    r"media|tv|radio|inc|ltd|llc|gmbh|guest|unknown|anonymous|sponsored|partner|online|reuters|afp|dpa|ap|efe|ansa|lusa|sda|apa|"
    r"director|manager|founder|ceo|phd|md|dr|analyst|producer|photographer|updated|published|minutes?|read)\b",
    re.IGNORECASE,
)  # fmt: skip
_DATE_BEHIND = re.compile(r"\s*(?:\d{1,2}[./ ]\w+[./ ]\d{2,4}|\d{4}-\d\d-\d\d|\w+ \d{1,2}, \d{4}).*$")
_MONTH_BEHIND = re.compile(rf"\s+{MONTHS}\.?$", re.IGNORECASE)
# News agencies sign reports as people do; any other organisation is no author.
_AGENCIES = frozenset(
    "reuters afp agencefrancepresse ap associatedpress theassociatedpress dpa deutschepresseagentur efe ansa sda "
    "keystonesda apa lusa xinhua tass interfax kyodo kyodonews jiji yonhap belga anp ntb tt ritzau stt pap čtk "
    "ptinews pti ians upi bloomberg epd kna sid adnkronos europapress pamedia pa anadolu anadoluagency aap mti "
    "agerpres ukrinform".split()
)


def authors_of(
    tree: HtmlElement, meta: Meta, article: JsonObject, outlet: Iterable[str], url: str
) -> tuple[tuple[str, ...], str]:
    """(names in order, where from): JSON-LD, then meta, then the marks on the page."""
    own = {fold(name) for name in outlet if name} | {fold(site_label(url))}
    sources: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("json-ld", lambda: _from_jsonld(article)),
        ("meta", lambda: meta.all(*_META)),
        ("rel=author", lambda: _marked(tree)),
        ("byline", lambda: [extract_author(tree) or ""]),
    )
    for name, read in sources:
        people = clean(read(), own)
        if name == "byline":  # a guess by class names: a lone word there is a form's label more often than a name
            people = tuple(person for person in people if " " in person)
        if people:
            return people, name
    return (), ""


def _marked(tree: HtmlElement) -> list[str]:
    """Elements that the page marks as author; of the first byline only, since teasers carry such marks too."""
    found = tree.xpath("//*[@rel='author' or @itemprop='author']")
    names: list[str] = []
    for element in found[:5]:
        if element.getparent() is found[0].getparent():
            inner = element.xpath(".//*[@itemprop='name']")
            names.append(text_of(inner[0] if inner else element) or (inner[0].get("content") if inner else None) or "")
    return names


def clean(raw: Iterable[str], own: set[str]) -> tuple[str, ...]:
    """Names out of byline texts; `own`: folded names of the outlet, which are no authors."""
    names: dict[str, str] = {}
    for text in raw:
        parts = _SPLIT.split(_BY.sub("", _ADDRESS.sub(" ", squeeze(text)).strip()))
        if fold(parts[0]) in own:
            continue  # an outlet, and its address behind it
        for part in parts:
            name = _one_name(part)
            key = fold(name)
            if key and key not in own and (key in _AGENCIES or _looks_like_a_person(name)):
                names.setdefault(key, name)
    return tuple(names.values())


def _one_name(part: str) -> str:
    name = _BY.sub("", squeeze(part))
    name = _MONTH_BEHIND.sub("", _DATE_BEHIND.sub("", _AFTER_NAME.sub("", name)))
    return name.strip(" .,:;-–—|\"'“”")


def _looks_like_a_person(name: str) -> bool:
    if not 3 <= len(name) <= 50 or any(char.isdigit() for char in name) or any(char in name for char in "<>{}=/\\?!"):
        return False
    words = name.split()
    if len(words) > 6 or _NO_PERSON.search(name):
        return False
    if len(words) == 1 and name.isupper() and name.isascii() and len(name) <= 6:
        return False  # a degree or a licence behind a name
    return any(word[0].isupper() or not word[0].isascii() for word in words)


def _from_jsonld(article: JsonObject) -> list[str]:
    raw = article.get("author") or article.get("creator")
    people = raw if isinstance(raw, list) else [raw]
    found: list[str] = []
    for person in people:
        if isinstance(person, dict) and any("Organization" in name for name in jsonld.types(person)):
            found.extend(name for name in jsonld.texts(person.get("name")) if fold(name) in _AGENCIES)
            continue
        if isinstance(person, dict):
            found.extend(jsonld.texts(person.get("name")))
        elif text := jsonld.text(person):
            found.append(text)
    return found


def site_label(url: str) -> str:
    """`https://www.example.co.uk/x` → `example`."""
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return max(labels[:-1] or labels, key=len)
