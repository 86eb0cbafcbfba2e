"""How likely a page is no article: a logistic model over the features of `signals`, and the words for its reasons.

The weights are in `verdict_weights`; `bench/verdict.py train` makes them. A feature is a number for which more always
speaks for one side, so that a weight can be read, and its part of an answer be told in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from newsdesk.extract.metadata import Metadata
from newsdesk.extract.signals import BodySignals, Signals, count_words
from newsdesk.extract.verdict_weights import BIAS, WEIGHTS

Features = Mapping[str, float]

_SHOP_TYPES = frozenset({"Product", "ProductGroup", "Offer", "AggregateOffer", "ItemPage", "OfferCatalog"})
_FORUM_TYPES = frozenset({"QAPage", "DiscussionForumPosting"})
_LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage", "OfferCatalog"})
_SERVICE_TYPES = frozenset({
    "Service", "ProfessionalService", "LocalBusiness", "SoftwareApplication", "WebApplication", "Course", "Event",
    "EducationalOccupationalProgram", "JobPosting", "ContactPage", "AboutPage", "ProfilePage",
})  # fmt: skip


def is_dated(found: Metadata) -> bool:
    """The page states when it was published, in its markup: not read off its text or address."""
    return found.provenance.get("published") in ("json-ld", "meta")


def features_of(page: Signals, body: BodySignals, found: Metadata) -> dict[str, float]:
    """The features that have a weight, each a number of 0 or more."""
    address, types = page.address, page.types if not found.article else frozenset()
    visible, words = max(1, page.visible_words, body.words), max(1, body.words)
    return {
        "article marks": sum((
            bool(found.article),
            page.og_type == "article",
            is_dated(found),
            found.provenance.get("authors") in ("json-ld", "meta"),
            "article" in page.templates,
            found.section is not None,
        )),
        "article address": "article" in address.kinds,
        "dated address": address.is_dated,
        "slug": 1 if len(address.words) >= 3 else 0.5 if address.has_number or len(address.words) == 2 else 0,
        "title words": min(12, count_words(found.title or "")),
        "forum": ("forum" in address.kinds) + bool(types & _FORUM_TYPES) + ("forum" in page.templates),
        "product": bool(types & _SHOP_TYPES),
        "documentation": ("docs" in address.kinds) + ("docs" in page.templates),
        "service": ("service" in address.kinds) + bool(types & _SERVICE_TYPES),
        "list": ("list" in address.kinds or address.ends_in_section) + ("list" in page.templates) + bool(types & _LIST_TYPES),
        "half prose": body.prose_words >= 0.55 * visible,
        "some prose": body.prose_words >= 60,
        "much prose": body.prose_words >= 600,
        "long blocks": math.log1p(body.long_blocks),
        "block length": body.words / max(1, body.blocks) >= 25,
        "link share": page.link_words / visible,
        "one <article>": page.elements["article"] == 1,
        "figures": math.log1p(page.elements["figure"]),
        "headlines": page.elements["h1"] > 1,
        "author links": math.log1p(page.author_links),
        "code": math.log1p(1000 * page.elements["code"] / words),
        "calls": math.log1p(1000 * page.calls / visible),
        "reader": math.log1p(1000 * body.reader_words / words),
        "prices": math.log1p(page.names["price"] + page.names["cart"]),
        "showcase": bool(page.names["testimonial"]) + bool(page.names["accordion"]),
        "sorting": bool(page.names["sort"]) + bool(page.names["filter"]),
        "contents": bool(page.names["toc"]),
    }  # fmt: skip


def chance(features: Features) -> float:
    """That the page is no article, 0 to 1, by the model."""
    score = BIAS + sum(weight * (features[name] - mean) for name, (mean, weight) in WEIGHTS.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def reasons(features: Features, most: int = 4) -> str:
    """The features that speak most against an article, strongest first, in words."""
    parts = {name: weight * (features[name] - mean) for name, (mean, weight) in WEIGHTS.items()}
    against = sorted((name for name, part in parts.items() if part > 0.15), key=lambda name: -parts[name])
    return ", ".join(_WORDS[name](features[name]) for name in against[:most]) or "many small signs"


def _either(positive: str, negative: str) -> Callable[[float], str]:
    return lambda value: positive if value else negative


_WORDS: dict[str, Callable[[float], str]] = {
    "article marks": lambda value: f"{value:.0f} of 6 marks of an article (JSON-LD, og:type, date, byline, template, section)",
    "article address": _either("its address names a section of articles", "its address names no section of articles"),
    "dated address": _either("a date in its address", "no date in its address"),
    "slug": _either("a slug of words in its address", "no slug of words in its address"),
    "title words": lambda value: f"a title of {value:.0f} words",
    "forum": _either("marks of a forum", "no marks of a forum"),
    "product": _either("its markup calls it a product", "no product"),
    "documentation": _either("marks of documentation", "no marks of documentation"),
    "service": _either("marks of a service or company page", "no marks of a service"),
    "list": _either("marks of a list", "no marks of a list"),
    "half prose": _either("more than half is prose", "less than half is prose"),
    "some prose": _either("60 words of prose or more", "under 60 words of prose"),
    "much prose": _either("much prose", "under 600 words of prose"),
    "long blocks": lambda value: f"{math.expm1(value):.0f} long paragraphs",
    "block length": _either("long blocks", "short blocks"),
    "link share": lambda value: f"{min(1, value):.0%} of its words are links",
    "one <article>": _either("one <article>", "not one <article> but none or several"),
    "figures": lambda value: f"{math.expm1(value):.0f} figures",
    "headlines": _either("several main headlines", "one main headline"),
    "author links": lambda value: f"{math.expm1(value):.0f} links to authors",
    "code": _either("program code", "no program code"),
    "calls": lambda value: f"{math.expm1(value):.0f} calls to action in a thousand words",
    "reader": lambda value: f"“you” and “we” {math.expm1(value):.0f} times in a thousand words",
    "prices": _either("prices or a cart", "no prices"),
    "showcase": _either("testimonials or folding questions and answers", "no testimonials"),
    "sorting": _either("controls to sort or filter", "nothing to sort"),
    "contents": _either("a table of contents", "no table of contents"),
}  # fmt: skip
