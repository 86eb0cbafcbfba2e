"""Which article a document is: a new one, a version of one that is known, or one more address of it.

An address and a redirect's end are proof. A page's own rel=canonical is a claim, for many a template names the wrong
page: it is believed where the text is the same. Where a document's addresses lead to two articles that are known
already, and its text is that of both, the two are one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsdesk import urls
from newsdesk.store.articles import Known, NewDocument

SameText = Callable[[NewDocument, NewDocument | Known], bool]


@dataclass(frozen=True, slots=True)
class Keys:
    """The canonical addresses of a document."""

    own: str
    final: str  # after redirects
    canonical: str | None  # rel=canonical, where it may be believed

    @property
    def proven(self) -> tuple[str, str]:
        """What leads to the article whatever its text is."""
        return self.own, self.final

    @property
    def all(self) -> tuple[str, ...]:
        """The proven ones first."""
        return (*self.proven, self.canonical) if self.canonical else self.proven

    @property
    def stands_for_itself(self) -> bool:
        """It redirects nowhere, and names no other page as the canonical one."""
        return self.own == self.final and self.canonical in (None, self.own)


@dataclass(frozen=True, slots=True)
class Identities:
    """What was decided of the documents of a run."""

    articles_of: dict[int, int]  # url_id -> article_id; an article's id is the url_id that it was first met at
    twins: dict[int, int]  # an article that was known -> the one that it turned out to be
    keys: dict[str, tuple[int, bool]]  # address -> (article_id, only a claim)


def article_keys(document: NewDocument) -> Keys:
    """The document's addresses; its rel=canonical where that may be believed: of the same site, and no front page."""
    own = urls.canonical_key(document.url)  # it had one when it was found
    told = document.canonical_url
    claimed = _key(told) if told and _may_be_believed(told, document) else None
    return Keys(own, _key(document.final_url) or own, claimed)


def _may_be_believed(told: str, document: NewDocument) -> bool:
    try:
        # a front page named as every article's canonical address is a fault of the site's template
        return urls.site(told) == urls.site(document.final_url) and bool(urlsplit(told).path.strip("/"))
    except ValueError:
        return False


def _key(url: str) -> str | None:
    """None: no address, or too long a one. Pages and servers name such, and each would end the step for all others."""
    try:
        return urls.canonical_key(url)
    except ValueError:
        return None


def identify(
    documents: Sequence[NewDocument],
    keys: Mapping[int, Keys],
    known: Mapping[str, tuple[int, bool]],
    known_texts: Mapping[int, Known],
    published: Collection[int],
    same_text: SameText,
) -> Identities:
    """Decide on all documents. `known`: address -> (article_id, only a claim), with the text of each article in it.

    Of two articles that are one, the one that analysts see stays, then the one that is older.
    """
    leads_to = dict(known)
    texts: dict[int, Known | NewDocument] = dict(known_texts)
    survivor_of: dict[int, int] = {}
    decided: dict[int, int] = {}

    def survivor(article_id: int) -> int:
        while article_id in survivor_of:
            article_id = survivor_of[article_id]
        return article_id

    def article_at(key: str | None, document: NewDocument, *, proof: bool) -> int | None:
        if key is None or key not in leads_to:
            return None
        article_id, claimed = leads_to[key]
        article_id = survivor(article_id)
        return article_id if (proof and not claimed) or same_text(document, texts[article_id]) else None

    # a page that is its own canonical address comes before its twins, so that the article is named by it
    for document in sorted(documents, key=lambda d: (not keys[d.url_id].stands_for_itself, d.url_id)):
        found = keys[document.url_id]
        own = article_at(found.own, document, proof=True)
        final = own if found.final == found.own else article_at(found.final, document, proof=True)
        named = article_at(found.canonical, document, proof=False) if found.canonical not in found.proven else None
        candidates = {article_id for article_id in (own, final, named) if article_id is not None}
        if len(candidates) > 1:
            one = {article_id for article_id in candidates if same_text(document, texts[article_id])}
            if len(one) > 1:
                stays = min(one, key=lambda a: (a not in published, a not in known_texts, a))
                survivor_of.update({article_id: stays for article_id in one if article_id != stays})
        # where it redirects to another article, the address is that one's now, whatever it was before
        article_id = survivor(final or own or named or document.url_id)
        decided[document.url_id] = article_id
        texts.setdefault(article_id, document)
        for key in found.all:
            claim = key not in found.proven
            if key not in leads_to or (leads_to[key][1] and not claim):
                leads_to[key] = (article_id, claim)
    touched = {key for found in keys.values() for key in found.all}
    return Identities(
        {url_id: survivor(article_id) for url_id, article_id in decided.items()},
        {twin: survivor(twin) for twin in survivor_of if twin in known_texts},
        {key: (survivor(leads_to[key][0]), leads_to[key][1]) for key in touched},
    )
