"""Is the page an article; if not, what is it, with the evidence in words.

Order matters: a bot check also looks like an empty shell, a wall also like a page without text. What a page calls
itself comes next (a gallery, a video, a live report), then the model of `verdict_model` on all its signs together.
The thresholds lean to the article: a refused article is lost, an accepted index page is seen.
"""

from __future__ import annotations

from newsdesk.extract import notices
from newsdesk.extract.kinds import kind_by_its_own_marks, kind_by_looks
from newsdesk.extract.metadata import Metadata
from newsdesk.extract.signals import SMALL_PAGE, BodySignals, Signals
from newsdesk.extract.verdict_model import chance, features_of, is_dated, reasons
from newsdesk.model import Outcome

Answer = tuple[Outcome, str]

_LEAST_WORDS = 25  # of a body worth the name; a news flash has more
_READ = 60_000  # characters of a page in which a notice is looked for
_TEASER = 150  # words that a locked article shows at most before its wall
REFUSED_FROM = 0.4  # by the model's chance that it is no article
_LITTLE_PROSE = 60  # words
_FLASH = (
    150  # words of prose that a news flash has at most: among many links it looks like an index, but states its date
)
_FLASH_REFUSED_FROM = 0.8


def verdict_on(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome | None, str | None]:
    """(outcome, reason in words); (None, None) for an article."""
    checks = (_challenge, _needs_js, _lost, _wall, kind_by_its_own_marks, _by_model, _no_text)
    return next((answer for check in checks if (answer := check(page, body, found))), (None, None))


def _said(text: str) -> str:
    return text[:_READ].lower()


def _challenge(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if page.visible_words > SMALL_PAGE or found.article:
        return None
    said = notices.CHALLENGE.search(_said(page.page_title)) or notices.CHALLENGE.search(_said(page.visible))
    if said and (page.visible_words <= 80 or page.challenge_marks):
        return Outcome.CHALLENGE, f"a bot check: {said.group()!r} on a page of {page.visible_words} words"
    if page.challenge_marks and page.visible_words <= 60:
        return Outcome.CHALLENGE, f"a bot check: its script is on a page of {page.visible_words} words"
    return None


def _needs_js(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if (body.words >= _LEAST_WORDS and page.visible_words > 60) or page.visible_words > SMALL_PAGE:
        return None
    if said := notices.NEEDS_JS.search(_said(page.noscript)) or notices.NEEDS_JS.search(_said(page.visible)):
        return Outcome.NEEDS_JS, f"an empty shell: {said.group()!r} and {page.visible_words} words"
    if page.visible_words <= 20 and page.script_chars > 0 and page.has_root:
        return (
            Outcome.NEEDS_JS,
            f"an empty shell: {page.visible_words} words, an application's root element and scripts",
        )
    return None


def _lost(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    """A missing page that the server sends with status 200."""
    if body.prose_words >= _LITTLE_PROSE or is_dated(found):
        return None
    for text in (page.page_title, *found.titles):
        if said := notices.LOST.match(text):
            return (
                Outcome.GONE,
                f"a missing page sent as a found one: {said.group()!r}, {body.prose_words} words of prose",
            )
    if page.canonical_is_home and not found.article and page.teasers >= 3 and page.elements["h1"] != 1:
        return Outcome.GONE, "the home page in place of a missing one: its canonical address is the home page's"
    return None


def _wall(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if page.free is False and body.words < _TEASER:
        return Outcome.WALL, f"the page says that it is not free, and shows {body.words} words"
    if body.words < SMALL_PAGE and (said := notices.WALL.search(_said(page.visible))):
        return Outcome.WALL, f"asks to subscribe or log in ({said.group()!r}), and shows {body.words} words"
    # a short report under a banner names cookies too; it has a mark of its own, or its text outweighs the banner
    is_marked = found.article or page.og_type == "article" or is_dated(found)
    if (
        not is_marked
        and page.visible_words < 400
        and body.words < SMALL_PAGE
        and (said := notices.CONSENT.search(_said(page.visible)))
        and len(notices.CONSENT.findall(_said(page.visible))) >= (2 if body.words >= _LEAST_WORDS else 1)
    ):
        return Outcome.WALL, f"asks for consent ({said.group()!r}) before the text"
    if page.has_password and body.words < _LEAST_WORDS * 2:
        return Outcome.WALL, f"a log-in form on a page of {page.visible_words} words"
    return None


def _by_model(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if not body.words:
        return None
    features = features_of(page, body, found)
    no_article = chance(features)
    is_flash = is_dated(found) and body.words >= _LEAST_WORDS and body.prose_words < _FLASH
    if no_article < (_FLASH_REFUSED_FROM if is_flash else REFUSED_FROM):
        return None
    outcome, what = kind_by_looks(page, body, features)
    return outcome, f"{what} rather than an article ({no_article:.0%}): {reasons(features)}"


def _no_text(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if body.words < _LEAST_WORDS:
        return Outcome.NO_TEXT, f"{body.words} words of body; the least is {_LEAST_WORDS}"
    return None
