"""From what pages write where an author belongs to a tuple of names.

`By Ada Whitcombe and Niall Corrigan, The Example Times` are two names. The outlet's own name, addresses, handles, dates,
degrees and the empty words that systems put in for want of an author are none. A desk, a team or a news agency is one
where it signs, since readers are told so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from newsdesk.extract.folding import fold
from newsdesk.extract.markup import squeeze
from newsdesk.extract.phrases import MONTHS

# What stands before a name that signs: `Written by`, `Ein Kommentar von`, `Autor:`.
_DONE = (
    r"written|posted|reported|story|words?|text|published|submitted|created|contributed|article|post|column|analysis|opinion|review|recipe|"
    r"erstellt|geschrieben|verfasst|veröffentlicht|eingestellt|beitrag|blog ?beitrag|artikel|kommentar|kolumne|bericht|analyse|interview|gastbeitrag|pressemitteilung|"
    r"écrit|publié|rédigé|proposé|escrito|publicado|escribe|scritto|pubblicato|geschreven|skriven|skrevet|napisane"
)
_BY_WORDS = (
    r"by|von|vom|par|por|di|da|door|af|av|przez|oleh|bởi|автор|texte?|texto|autora?|autor(?:in)?/autor(?:in)?|autor[:*_]?in(?:nen)?|autoren|autore|auteure?|authors?|"
    r"contributors?|about the author|view all posts by|posts? by|posts? author"
)
BY = re.compile(
    rf"^(?:(?:ein\w?\s|une?\s|an?\s)?(?:(?:{_DONE})\s+)?(?:{_BY_WORDS})(?:\s*:\s*|\s+)|(?:escribe|words|text|written)\s*:?\s+)+",
    re.IGNORECASE,
)
SAYS_BY = re.compile(rf"(?:(?:{_DONE})\s+)?(?:{_BY_WORDS})\W*\Z", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:[;|•·\n、，]|\s[/]\s|/(?=[^\W\d_]{3})|,\s|\s?&\s|\s(?:and|und|et|y|e|en|og|och|i|и|with|mit|avec|con|con la collaborazione di)\s)\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\(?\b[^\s@]+@\S+\.\w+\)?|https?://\S+|www\.\S+|(?<!\w)@\w+")
_AFTER_NAME = re.compile(r"\s*(?:[(\[<].*|\s[–—|-]\s.*|\s(?:for|in|of|at|für|pour|im gespräch)\b.*)$", re.IGNORECASE)
_DATE_BEHIND = re.compile(r"[\s,|·•–—-]+(?=\d).*$")
_MONTH_BEHIND = re.compile(
    rf"(?:[\s,]+(?:on|am|le|el|il|om|den|the|{MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b\.?)+\W*$",
    re.IGNORECASE,
)
# Words that make a signature that of a desk or a team: no person, yet what the page signs with.
TEAM = re.compile(
    r"\b(?:staff|editors?|editorial|newsroom|desk|team|correspondents?|reporters?|writers?|contributors?|redaktion\w*|rédaction|redacción|redazione|redação|"
    r"redactie|redaktionen|toimitus|redakcj?a|редакция|редакція|gastautor\w*|gastbeitrag|press office|pressestelle)\b|編集部|编辑部",
    re.IGNORECASE,
)
# Words of an organisation: no name of a person has them.
_FIRM = re.compile(
    r"\b(?:inc|ltd|llc|plc|gmbh|e\.\s?v|s\.\s?a|s\.\s?r\.\s?l|corp|verlag|stiftung|foundation|institute?|institut|magazine?|magazin|newspaper|zeitung|nachrichten|"
    r"news|media|medien|tv|radio|online|press|presse|agency|agence|agencia|agentur|verband|ministerium|ministry|university|universität|blog|website|homepage|"
    r"newsletter|podcast|company|group|network)\b|\w\.(?:com|org|net|de|at|ch|fr|it|es|co\.uk|info|eu|pl|nl|ru|io)\b",
    re.IGNORECASE,
)
# What systems write where nobody signed, and the words around a byline that are no part of it.
_EMPTY = frozenset(
    "admin administrator webmaster root user superuser guest anonymous anonym unknown unbekannt none null undefined na noauthor author authors autor autoren auteur autore "
    "editor default test wordpress wpadmin siteadmin system published updated share follow subscribe comments readmore biography profile contact email "
    "advertisement anzeige sponsored partner minread".split()
)
_DEGREE = re.compile(
    r"(?:[A-Z]\.){2,}|(?:[A-Z][A-Za-z]?\.?){1,4}[A-Z]?[®™]?|[A-Z]{2,6}-?[A-Z]{0,4}[®™]?|Ph\.?\s?D\.?|Esq\.?|M\.?Sc\.?|B\.?Sc\.?"
)
_DEGREES = frozenset(
    "md phd mph mba msc bsc ma ms rd rn rdn ldn cfp cpa cfa jd llm dds dvm do dr edd psyd lcsw lmft cissp cpp psp cscs cpt mw".split()
)
_PATH = re.compile(r"\w+(?:\.\w+){2,}")  # a variable that a template did not fill
_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[A-Za-z]+\d+|[A-Z]?[a-z]+[A-Z][A-Za-z]*")
_MAX_BYLINES = 50
_MAX_BYLINE = 400  # characters
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
ROLE = re.compile(
    r"\b(?:director|manager|founder|ceo|cto|president|analyst|producer|photographer|expert|specialist|educators?|horticulturist|developer|engineer|consultant|"
    r"strategist|coordinator|professor|updated|published|min(?:utes?)?|read|fact[- ]checked|\w*leiter\w*|chefredakteur\w*|fotograf\w*|directeur|directora?)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da do dos das del della der den di du el la le les van von vom zu zur ter ten af al bin ibn ben y e und and of the san".split()
)
# News agencies sign reports as people do.
AGENCIES = frozenset(
    "reuters afp agencefrancepresse ap associatedpress theassociatedpress dpa deutschepresseagentur efe agenciaefe ansa sda "
    "keystonesda apa lusa xinhua tass interfax kyodo kyodonews jiji yonhap belga anp ntb tt ritzau stt pap čtk "
    "ptinews pti ians upi bloomberg epd kna kathpress sid adnkronos europapress pamedia pa anadolu anadoluagency aap mti "
    "agerpres ukrinform".split()
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """What the page's outlet is called, folded."""

    names: frozenset[str]  # as the page itself says
    label: str  # the telling part of its host: `example` of www.example.co.uk


def outlet_of(names: Iterable[str], url: str) -> Outlet:
    """`names`: as the page calls its outlet; `url`: the page's."""
    return Outlet(frozenset(key for name in names if (key := fold(name))), fold(site_label(url)))


def site_label(url: str) -> str:
    """`https://www.example.co.uk/x` → `example`."""
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        return ""
    return max(labels[:-1] or labels, key=len)


def clean(raw: Iterable[str], outlet: Outlet, persons: Collection[str] = ()) -> tuple[str, ...]:
    """The names in bylines, in order, each once. persons: those that the page calls persons, as written."""
    names: dict[str, str] = {}
    for text in islice(raw, _MAX_BYLINES):
        for name in _parts(BY.sub("", _ADDRESS.sub(" ", squeeze(text[:_MAX_BYLINE])).strip()), outlet, persons):
            key = fold(name)
            if key and not is_outlet(name, outlet, name in persons) and (key in AGENCIES or _signs(name)):
                names.setdefault(key, name)
    return tuple(names.values())


def _parts(text: str, outlet: Outlet, persons: Collection[str]) -> list[str]:
    pieces = [piece for piece in _SPLIT.split(text) if piece and piece.strip()]
    if not pieces or is_outlet(_one_name(pieces[0]), outlet, text in persons):
        return []  # an outlet, and its address behind it
    if (
        len(pieces) == 2
        and "," in text
        and all(len(piece.split()) == 1 and piece.isalpha() and piece.istitle() for piece in pieces)
    ):
        return [f"{pieces[1]} {pieces[0]}"]  # `Whitcombe, Ada`
    names: list[str] = []
    for piece in pieces:
        if names and _SUFFIX.fullmatch(piece):
            names[-1] = f"{names[-1]}, {piece}"
        elif not (names and (_DEGREE.fullmatch(piece) and fold(piece) not in AGENCIES)) and not (
            names and ROLE.search(piece)
        ):
            names.append(_one_name(piece))
    return names


def _one_name(part: str) -> str:
    name = without_date(_AFTER_NAME.sub("", BY.sub("", squeeze(part))))
    words = name.strip(" .,:;-–—|\"'“”*").split()
    while len(words) > 2 and fold(words[-1]) in _DEGREES and not words[-1].islower() and not words[-1].istitle():
        words.pop()  # without a comma before it
    return " ".join(words).strip(" ,")


def without_date(name: str) -> str:
    """`Ada Whitcombe March 3, 2026` → `Ada Whitcombe`; a month behind a name goes only where a figure stood behind it."""
    cut = _DATE_BEHIND.search(name)
    return _MONTH_BEHIND.sub("", name[: cut.start()]) if cut else name


def is_outlet(name: str, outlet: Outlet, is_called_person: bool = False) -> bool:
    """The outlet's own name, with or without its article or domain, or as its initials in the host.

    Of what the page calls a person only the outlet's name as it stands: people have sites of their own name.
    """
    key = fold(name)
    if not key:
        return False
    bare = fold(re.sub(r"^(?:the|die|der|das|le|la|les|el|il|l[’'])\s*", "", name, flags=re.IGNORECASE))
    if key in outlet.names or bare in outlet.names or f"the{key}" in outlet.names:
        return True
    if is_called_person and is_person(name):
        return False
    if len(outlet.label) >= 3 and outlet.label in (bare, key):
        return True
    if outlet.label and any(
        key == f"{outlet.label}{end}"
        for end in ("com", "org", "net", "de", "at", "ch", "fr", "online", "blog", "couk", "info", "is")
    ):
        return True
    initials = "".join(word[0] for word in re.split(r"[\s-]+", name) if word and word[0].isupper()).casefold()
    return (
        2 <= len(outlet.label) <= 5
        and outlet.label == initials[: len(outlet.label)]
        and len(initials) - len(outlet.label) <= 2
    )


def is_person(name: str) -> bool:
    """Two words or more, each as names are written. Where a script knows no capitals, any two to fifty letters."""
    words = name.split()
    if not name or any(char.isdigit() for char in name) or TEAM.search(name) or _FIRM.search(name):
        return False
    if not any(char.islower() or char.isupper() for char in name):
        return 2 <= len(name) <= 50
    return 2 <= len(words) <= 6 and all(
        word[0].isupper() or word.lower() in _PARTICLES or not word[0].isalpha() for word in words
    )


def is_login(name: str) -> bool:
    """What someone signs in with: `ada.whitcombe`, `awhitcombe2`, `AdaW`."""
    return _LOGIN.fullmatch(name) is not None


def _signs(name: str) -> bool:
    """What may stand as a signature: a person, a desk, a pen name; no sentence, no label, no firm."""
    if (
        not 2 <= len(name) <= 60
        or any(char in name for char in "<>{}=\\?!©:@")
        or _PATH.fullmatch(name)
        or sum(char.isdigit() for char in name) > 4
    ):
        return False
    words = name.split()
    key = fold(name)
    if len(words) > 6 or key in _EMPTY or key.startswith("noauthor") or not any(char.isalpha() for char in name):
        return False
    if TEAM.search(name):
        return True
    if _FIRM.search(name) or ROLE.search(name):
        return False
    return len(words) == 1 or is_person(name) or name.islower() or any(word[0].isupper() for word in words)
