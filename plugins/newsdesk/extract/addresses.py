"""What a page's address says of its kind: how deep it lies, the words of its last part, the sections it names.

The words are those that sites share, in several languages; the host's own labels (`forum.`, `docs.`) count as sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_SECTIONS = {
    "article": "blog blogs news article articles story stories post posts insight insights magazine press opinion opinions politics world business "
    "sport sports culture lifestyle entertainment science health travel resources advice features ideas recipes blogg nachrichten artikel "
    "aktuell aktuelles politik wirtschaft meinung kultur actualite actualites actu monde economie politique noticia noticias actualidad "
    "deportes economia politica mundo opinao cultura notizie notizia articolo articoli cronaca esteri nieuws artikelen nyheter nyheder "
    "uutiset wiadomosci artykul aktuality zpravy clanek novosti haber haberler berita",
    "shop": "product products shop store buy cart checkout basket dp item items pdp collection collections catalog catalogue category categories "
    "sub-categories brand brands browse parts produkt produkte warenkorb produit produits boutique panier tienda producto productos "
    "prodotto prodotti negozio produto produtos loja winkel producten sklep produkty tovar tovary katalog",
    "forum": "forum forums thread threads topic viewtopic showthread viewforum boards questions discussions foro foros community-forum",
    "docs": "doc docs documentation api reference manual handbook wiki kb help support faq faqs knowledge-base userguide user-guide "
    "getting-started dokumentation hilfe aide ayuda assistance guida ajuda",
    "service": "service services solution solutions pricing plans about about-us contact contact-us careers locations location courses "
    "certificates programs use-cases customers demo free-trial coupons platform leistungen ueber-uns uber-uns kontakt preise impressum "
    "a-propos servicios contacto nosotros servizi chi-siamo contatti servicos sobre contato diensten over-ons uslugi o-nas",
    "list": "tag tags category categories search archives author authors page subject databases listing listings rankings etiqueta kategorie "
    "kategorien schlagwort thema themen suche recherche buscar ricerca categoria categorie zoeken szukaj",
    "gallery": "gallery galleries photo-gallery photogallery photos pictures images slideshow slideshows in-pictures galerie galerien bildergalerie "
    "bildergalerien fotostrecke fotostrecken bilder fotos diaporama diaporamas portfolio galeria galerias fotogaleria fotogalerias "
    "fotogalleria gallerie foto immagini fotoserie bildspel zdjecia fotogalerie fotoreportage",
    "video": "video videos watch v mediathek videoclips videogalerie vídeo vídeos filmpje wideo",
}  # fmt: skip
_KINDS_BY_WORD: dict[str, frozenset[str]] = {
    word: frozenset(kind for kind, words in _SECTIONS.items() if word in words.split())
    for words in _SECTIONS.values()
    for word in words.split()
}
_HOST_LABELS = {
    **dict.fromkeys(("forum", "forums", "community", "boards", "discuss"), "forum"),
    **dict.fromkeys(("docs", "doc", "documentation", "developer", "developers", "help", "support", "wiki", "api"), "docs"),
    **dict.fromkeys(("shop", "store"), "shop"),
    **dict.fromkeys(("blog", "blogs", "news"), "article"),
    **dict.fromkeys(("video", "videos", "tv"), "video"),
}  # fmt: skip
_ENDING = re.compile(r"\.\w{1,5}\Z")
_WORD = re.compile(r"[^\W\d_]{2,}")
_IN_QUERY = re.compile(r"(?:\A|&)[\w-]{1,20}=\d{2,}(?:&|\Z)")  # ?p=5031: a page below the home page
_DATE = re.compile(r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|\Z)|(?:19|20)\d\d-?[01]\d-?[0-3]\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Address:
    """What `read_address` reads off a page's URL."""

    depth: int  # parts of the path; 1 where the query alone names the page
    words: tuple[str, ...]  # of two letters or more, of the last part
    has_number: bool  # of four digits or more, in the last part or the query: an article's or item's own
    is_dated: bool  # a year and a month stand in the path
    kinds: frozenset[str]  # keys of _SECTIONS that its parts name; `article` only by a part before the last
    ends_in_section: bool  # the last part is such a name alone: /blog, /news/


def read_address(url: str) -> Address:
    """Takes any string: one that is no URL has no parts."""
    try:
        split = urlsplit(url)
        labels = (split.hostname or "").split(".")[:-2]
    except ValueError:
        return Address(0, (), False, False, frozenset(), False)
    parts = [unquote(part).lower() for part in split.path.split("/") if part]
    last = _ENDING.sub("", parts[-1]) if parts else ""
    kinds = {kind for part in parts[:-1] for kind in _KINDS_BY_WORD.get(part, ())}
    of_last = _KINDS_BY_WORD.get(last, frozenset())
    kinds |= of_last - {"article"}
    kinds |= {_HOST_LABELS[label] for label in labels if label in _HOST_LABELS}
    return Address(
        depth=len(parts) or int(bool(_IN_QUERY.search(split.query))),
        words=tuple(_WORD.findall(last)),
        has_number=bool(re.search(r"\d{4}", last) or _IN_QUERY.search(split.query)),
        is_dated=bool(_DATE.search(split.path)),
        kinds=frozenset(kinds),
        ends_in_section=bool(of_last & {"article", "service", "list"}),
    )
