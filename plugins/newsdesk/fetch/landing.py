"""What stands there instead of the page that was asked for: a gate, the site's home page, a "not found" of status 200.

Of addresses only such forms are read as mean the same on any site; of a page only its title. What a text says (a
consent dialogue, a log-in form, a bot check) is the extractor's to see.
"""

from __future__ import annotations

import html
import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from newsdesk.fetch.faults import Ended
from newsdesk.model import Outcome

_GATE_HOSTS = frozenset({
    "consent", "cookieconsent", "cmp", "login", "signin", "sso", "auth", "idp", "account", "accounts", "myaccount",
})  # fmt: skip
_GATE_SEGMENTS = frozenset({
    "login", "log-in", "log_in", "logon", "signin", "sign-in", "sign_in", "sso", "oauth", "oauth2", "authorize",
    "consent", "cookie-consent", "cookieconsent", "cookie-wall", "cookiewall", "paywall", "wp-login",
    "anmelden", "einloggen", "connexion", "iniciar-sesion", "inloggen",
})  # fmt: skip
_WAY_BACK = re.compile(  # parameters by which a gate remembers where its visitor wanted to go
    r"(?:next|continue|goto|dest|destination|forward|service|retour|"
    r"(?:return|redirect|redir|back|success)[_-]?(?:to|uri|url|path)?)",
    re.IGNORECASE,
)
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home)(?:\.[a-z]{3,5})?/?)?", re.IGNORECASE)
_SECTION_SEGMENT = re.compile(r"[a-z]+(?:-[a-z]+)?", re.IGNORECASE)
_SLUG = re.compile(r"\w+(?:[-_]\w+){2,}")  # at least three words
_HEAD_BYTES = 32 * 1024
_TITLE = re.compile(rb"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)
_PART_END = re.compile(r"\s+[-–—|:·»•]\s+|\s*[|»•]\s*")
_404 = r"(?:http |error |erreur |fehler )?404(?: error)?"
_PHRASE = (
    r"(?:(?:the |this |that )?(?:page|article|story|content|file) )?(?:was |is |could |can)?not (?:be )?found"
    r"|(?:(?:the |this )?(?:page|article|story) )?(?:is )?no longer available|seite (?:wurde )?nicht gefunden"
    r"|page (?:introuvable|non trouvée)|p[áa]gina no encontrada|pagina non trovata|página não encontrada"
    r"|pagina niet gevonden|sidan hittades inte|страница не найдена"
)
_NOT_FOUND = re.compile(rf"(?:{_404}|(?:{_404}[ :,.!-]+)?(?:{_PHRASE}))[ .!]*", re.IGNORECASE)
_ID_NAME = re.compile(r"p|id|[ans]id|(?:article|story|news|page|post)_?(?:id)?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{2,}")


def judge_arrival(asked: str, arrived: str) -> None:
    """Return where `arrived` can be the page that was `asked` for; else raise Ended (WALL or GONE)."""
    try:
        start, end = urlsplit(asked), urlsplit(arrived)
        if is_gate(start, end):
            raise Ended(Outcome.WALL, f"redirected to a consent or login page, {arrived[:200]}")
        if _is_article(start) and _is_home(end):
            raise Ended(Outcome.GONE, f"redirected to the site's home page, {arrived[:200]}: the article is gone")
        if is_section_above(start, end):
            raise Ended(Outcome.GONE, f"redirected to the section above it, {arrived[:200]}: the article is gone")
    except ValueError:  # no URL that can be read: no judgement
        return


def judge_title(page: bytes) -> None:
    """Ended (GONE) where a page of status 200 calls itself "not found": by its whole title, or its first part."""
    head = page[:_HEAD_BYTES]
    at = head.lower().find(b"<title")
    match = _TITLE.match(head, at) if at >= 0 else None
    if not match:
        return
    title = " ".join(html.unescape(match[1].decode("utf-8", "replace")).split())
    if _NOT_FOUND.fullmatch(_PART_END.split(title, maxsplit=1)[0]):
        raise Ended(Outcome.GONE, f"the page calls itself {title[:100]!r}")


def is_gate(start: SplitResult, end: SplitResult) -> bool:
    """A consent or login page, by its host, its path, or the way back to `start` that it carries.

    Not where `start` is of that kind itself: then it is what was asked for.
    """
    if _gate_words(end) - _gate_words(start):
        return True
    wanted = _path(start)
    if not wanted or _path(end) == wanted:
        return False
    return any(_WAY_BACK.fullmatch(name) and _path(urlsplit(value)) == wanted for name, value in _query(end))


def is_section_above(start: SplitResult, end: SplitResult) -> bool:
    """`end` is a folder of bare words above `start`, on the same host, and what is lost is a story's slug."""
    if (start.hostname or "").removeprefix("www.") != (end.hostname or "").removeprefix("www.") or end.query:
        return False
    asked, arrived = _segments(start), _segments(end)
    if not 0 < len(arrived) <= 2 or asked[: len(arrived)] != arrived:
        return False
    lost = asked[len(arrived) :]
    return all(map(_SECTION_SEGMENT.fullmatch, arrived)) and any(map(_SLUG.fullmatch, lost))


def _gate_words(parts: SplitResult) -> set[str]:
    label = (parts.hostname or "").partition(".")[0]
    words = {segment.partition(".")[0].lower() for segment in _segments(parts)} & _GATE_SEGMENTS
    return words | ({label} & _GATE_HOSTS)


def _is_home(parts: SplitResult) -> bool:
    return bool(_HOME.fullmatch(parts.path)) and not _names_article(parts)


def _is_article(parts: SplitResult) -> bool:
    """Has the form of an article's address: a number or a slug, not only bare words as a section's."""
    return _names_article(parts) or any(_SLUG.search(part) or _NUMBER.search(part) for part in _segments(parts))


def _names_article(parts: SplitResult) -> bool:
    """By its query: /?p=1234."""
    return any(_ID_NAME.fullmatch(name) and value.isdigit() for name, value in _query(parts))


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, max_num_fields=50)


def _path(parts: SplitResult) -> str:
    return unquote(parts.path).rstrip("/")


def _segments(parts: SplitResult) -> list[str]:
    return [unquote(segment) for segment in parts.path.split("/") if segment]
