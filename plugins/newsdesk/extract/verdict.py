"""Is the page an article; if not, what is it, with the evidence in words.

Order matters: a bot check also looks like an empty shell, a wall also like a page without text.
The thresholds lean to the article: a refused article is lost, an accepted index page is seen.
"""

from __future__ import annotations

import re

from newsdesk.extract.metadata import Metadata
from newsdesk.extract.phrases import one_of
from newsdesk.extract.signals import SMALL_PAGE, BodySignals, Signals
from newsdesk.model import Outcome

_LEAST_WORDS = 25  # of a body worth the name; a news flash has more
_TEASER = 150  # words that a locked article shows at most before its wall
_CLEAR_PROSE = 150  # words of prose that, with a byline, date or article markup, settle that it is an article
_LONG_PROSE = 600  # words of prose that settle it alone, unless the markup says otherwise
_DATED_PROSE = 60  # words of prose that settle it beside a date of publication that the page itself tells
_REFUSED_BELOW = -12  # points, see _POINTS

_CHALLENGE = re.compile(
    one_of(
        r"just a moment\b", r"checking (?:your browser|if the site connection is secure)", r"verify(?:ing)? (?:that )?you are (?:a )?human", r"are you (?:a )?(?:robot|human)\b",
        r"attention required!", r"pardon our interruption", r"please (?:complete|solve) the (?:security check|captcha)", r"unusual (?:traffic|activity) from your", r"press (?:and|&) hold",
        r"ddos protection by", r"access (?:to this page has been )?denied", r"you have been blocked", r"i[’']m not a robot", r"bot (?:check|detection|protection)", r"security check(?:point)?\b",
        r"(?:kein|bist du ein|sind sie ein) (?:roboter|mensch)", r"sicherheitsüberprüfung", r"(?:vous êtes|êtes-vous) (?:un |bien )?(?:humain|un robot|un humain)", r"vérification de (?:votre navigateur|sécurité)",
        r"(?:verifi\w+|comprob\w+) que (?:usted )?(?:no )?(?:es|eres|sea) (?:un )?(?:humano|robot)", r"no soy un robot", r"non sono un robot", r"não (?:é|sou) um robô", r"ik ben geen robot", r"проверка браузера", r"я не робот",
    ),
    re.IGNORECASE,
)  # fmt: skip
_NEEDS_JS = re.compile(
    one_of(
        r"(?:enable|activate|turn on|requires?|needs?|without|allow) javascript", r"javascript (?:is|must be|has to be|needs to be) (?:required|disabled|enabled|turned)", r"javascript (?:aktivieren|ist deaktiviert|einschalten|benötigt)", r"aktivieren sie (?:bitte )?javascript",
        r"(?:activer|activez|nécessite) (?:le )?javascript", r"(?:activ\w+|habilit\w+|requiere|necesita) (?:el )?javascript", r"(?:attiva\w*|abilita\w*|richiede) javascript", r"(?:ative|habilite|requer) (?:o )?javascript", r"schakel javascript in", r"включите javascript",
    ),
    re.IGNORECASE,
)  # fmt: skip
_WALL = re.compile(
    one_of(
        r"(?:subscribe|sign in|log in|register|sign up)(?: now)? to (?:continue|keep|read|unlock|access|view)", r"to (?:continue|keep) reading", r"(?:already|not yet) a (?:subscriber|member)", r"(?:this|the) (?:article|story|content|page) is (?:for|only|available|reserved|exclusive)\b.{0,30}(?:subscribers?|members?)",
        r"subscriber[- ]only", r"for subscribers only", r"exclusive (?:to|for) (?:our )?(?:subscribers|members)", r"you(?:[’']ve| have) (?:reached|read|used) (?:your|all).{0,30}(?:limit|free articles?)", r"unlock (?:this|the) (?:article|story)", r"create (?:a free|an) account to",
        r"jetzt (?:weiterlesen|freischalten|abonnieren)", r"weiterlesen mit", r"(?:diesen artikel|um weiterzulesen|zum weiterlesen)", r"nur für (?:abonnent\w*|mitglieder)", r"(?:bereits|schon) (?:abonnent\w*|abonniert|registriert|kunde|mitglied)", r"exklusiv für (?:abonnent\w*|unsere)",
        r"réservée? (?:à nos |aux )abonnés", r"déjà abonnée?", r"abonnez-vous pour", r"pour (?:lire la suite|continuer (?:votre|la) lecture)", r"il vous reste .{1,12} (?:de cet article )?à lire", r"la suite de cet article",
        r"(?:solo|exclusiv[oa]s?|contenido) (?:para|de) (?:nuestros )?suscriptores", r"suscríbete para (?:seguir|continuar|leer)", r"para (?:seguir|continuar) leyendo", r"¿?ya eres suscriptor", r"riservat[oi] (?:agli|ai) abbonati", r"per continuare a leggere", r"sei già abbonato",
        r"(?:exclusivo|conteúdo) para assinantes", r"para continuar (?:a ler|lendo)", r"já é assinante", r"alleen voor abonnees", r"verder lezen\?", r"al abonnee", r"för prenumeranter", r"for abonnenter", r"dla subskrybentów", r"только для подписчиков", r"この記事は会員限定", r"会員限定",
    ),
    re.IGNORECASE,
)  # fmt: skip
_CONSENT = re.compile(
    one_of(
        r"we (?:value|care about|respect) your privacy", r"(?:accept|allow|reject) (?:all )?cookies", r"before you continue", r"our partners (?:store|process)", r"mit werbung (?:weiterlesen|lesen)", r"zustimmen und weiter", r"(?:allen|alle) (?:cookies )?(?:zustimmen|akzeptieren)", r"werbefrei lesen",
        r"(?:tout accepter|accepter et (?:continuer|fermer)|continuer sans accepter)", r"nous et nos \d* ?partenaires", r"aceptar (?:y continuar|todas|cookies)", r"accetta (?:e continua|tutti|i cookie)", r"aceitar (?:e continuar|todos|cookies)", r"alles accepteren|akkoord en doorgaan",
    ),
    re.IGNORECASE,
)  # fmt: skip
_OTHER_TYPES = {
    "CollectionPage": "a collection page", "ImageGallery": "an image gallery", "MediaGallery": "a gallery", "VideoObject": "a video", "ItemList": "a list of items",
    "SearchResultsPage": "search results", "ProfilePage": "a profile", "ContactPage": "a contact page", "AboutPage": "an about page", "Product": "a product",
    "ProductGroup": "a product", "ItemPage": "an item's page", "QAPage": "questions and answers", "DiscussionForumPosting": "a forum's thread", "JobPosting": "a job offer",
    "Service": "a service", "ProfessionalService": "a service", "LocalBusiness": "a business", "SoftwareApplication": "software", "Event": "an event",
}  # fmt: skip
_OTHER_OG = {"video": "a video", "product": "a product", "profile": "a profile", "music": "music"}


def verdict_on(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome | None, str | None]:
    """(outcome, reason in words); (None, None) for an article."""
    checks = (_challenge, _needs_js, _wall, _not_article, _no_text)
    return next((answer for check in checks if (answer := check(page, body, found))), (None, None))


def _challenge(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome, str] | None:
    if page.visible_words > SMALL_PAGE or found.article:
        return None
    said = _CHALLENGE.search(page.page_title) or _CHALLENGE.search(page.visible)
    if said and (page.visible_words <= 80 or page.challenge_marks):
        return Outcome.CHALLENGE, f"a bot check: {said.group()!r} on a page of {page.visible_words} words"
    if page.challenge_marks and page.visible_words <= 60:
        return Outcome.CHALLENGE, f"a bot check: its script is on a page of {page.visible_words} words"
    return None


def _needs_js(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome, str] | None:
    if body.words >= _LEAST_WORDS and page.visible_words > 60:
        return None
    said = _NEEDS_JS.search(page.noscript) or (
        _NEEDS_JS.search(page.visible) if page.visible_words <= SMALL_PAGE else None
    )
    if said and page.visible_words <= SMALL_PAGE:
        return Outcome.NEEDS_JS, f"an empty shell: {said.group()!r} and {page.visible_words} words"
    if page.visible_words <= 20 and page.script_chars > 0 and page.has_root:
        return (
            Outcome.NEEDS_JS,
            f"an empty shell: {page.visible_words} words, an application's root element and scripts",
        )
    return None


def _wall(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome, str] | None:
    if page.free is False and body.words < _TEASER:
        return Outcome.WALL, f"the page says that it is not free, and shows {body.words} words"
    if body.words < SMALL_PAGE and (said := _WALL.search(page.visible)):
        return Outcome.WALL, f"asks to subscribe or log in ({said.group()!r}), and shows {body.words} words"
    if (
        page.visible_words < 400
        and body.words < SMALL_PAGE
        and (said := _CONSENT.search(page.visible))
        and not found.article
    ):
        return Outcome.WALL, f"asks for consent ({said.group()!r}) before the text"
    if page.has_password and page.visible_words < SMALL_PAGE and body.words < _LEAST_WORDS * 2:
        return Outcome.WALL, f"a log-in form on a page of {page.visible_words} words"
    return None


def _not_article(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome, str] | None:
    marked = bool(found.article) or page.og_type == "article"
    dated = found.provenance.get("published") not in (None, "htmldate")
    if body.prose_words >= _CLEAR_PROSE and (marked or dated or found.authors):
        return None
    if body.prose_words >= _LONG_PROSE and page.depth > 0 and not page.types & _OTHER_TYPES.keys():
        return None
    other = next((word for name, word in _OTHER_TYPES.items() if name in page.types), None) or _OTHER_OG.get(
        page.og_type.partition(".")[0]
    )
    if other and not found.article and body.prose_words < _CLEAR_PROSE:
        return Outcome.NOT_ARTICLE, f"its markup calls it {other}, and it has {body.prose_words} words of prose"
    # teasers alone do not decide on a page that calls itself an article and has some text; the points below do
    if page.teasers >= 6 and body.prose_words < 60 and not (marked and body.words >= _LEAST_WORDS):
        return Outcome.NOT_ARTICLE, f"an index: {page.teasers} teasers and {body.prose_words} words of prose"
    if not found.article and (
        (page.depth == 0 and page.teasers >= 3) or (page.articles >= 8 and body.prose_words < _CLEAR_PROSE)
    ):
        return Outcome.NOT_ARTICLE, f"an index: {page.articles} articles and {page.teasers} teasers on one page"
    if dated and not other and body.prose_words >= _DATED_PROSE:  # a news flash; an index has no date of its own
        return None
    points = sum(value for name, value in _POINTS.items() if _holds(name, page, body, found, dated, other is not None))
    if points < _REFUSED_BELOW and body.words:
        against = ", ".join(
            _WORDS[name] for name in _WORDS if _holds(name, page, body, found, dated, other is not None)
        )
        return Outcome.NOT_ARTICLE, f"more like an index or service page ({points} points): {against}"
    return None


# Tenths of log-odds that a page with the feature is an article, from a logistic fit on wcxb's page types,
# rounded; the constant is the bias.
_POINTS = {
    "constant": -8, "article markup": 13, "og:type article": 16, "dated": 6, "byline": 6, "little prose": -6, "some prose": 3, "much prose": 3,
    "body is half of the page": 8, "body is a fifth": -3, "few sentences": -6, "links": -6, "mostly links": -8, "other markup": -25,
    "home page": -8, "top level": -5, "linked lines": -8, "many articles": -3, "long blocks": 9,
}  # fmt: skip
_WORDS = {
    "little prose": "under 60 words of prose", "body is a fifth": "the body is under a fifth of the page", "few sentences": "few of its lines are sentences",
    "links": "nearly half of its words are links", "mostly links": "most of its words are links", "other markup": "its markup calls it something else",
    "home page": "it is a home page", "top level": "its address is of the top level", "linked lines": "lines of its body are links", "many articles": "it holds many articles",
}  # fmt: skip


def _holds(name: str, page: Signals, body: BodySignals, found: Metadata, dated: bool, is_other: bool) -> bool:
    visible, words = max(1, page.visible_words), max(1, body.words)
    return {
        "constant": True,
        "article markup": bool(found.article),
        "og:type article": page.og_type == "article",
        "dated": dated,
        "byline": bool(found.authors),
        "little prose": body.prose_words < 60,
        "some prose": body.prose_words >= 150,
        "much prose": body.prose_words >= 400,
        "body is half of the page": body.words >= 0.5 * visible,
        "body is a fifth": body.words < 0.2 * visible,
        "few sentences": body.prose_words < 0.4 * words,
        "links": page.link_words > 0.45 * visible,
        "mostly links": page.link_words > 0.6 * visible,
        "other markup": is_other and not found.article,
        "home page": page.depth == 0,
        "top level": page.depth == 1,
        "linked lines": body.linked_blocks > 0.15 * max(1, body.blocks),
        "many articles": page.articles > 5,
        "long blocks": body.words > 25 * max(1, body.blocks),
    }[name]


def _no_text(page: Signals, body: BodySignals, found: Metadata) -> tuple[Outcome, str] | None:
    if body.words < _LEAST_WORDS:
        return Outcome.NO_TEXT, f"{body.words} words of body; the least is {_LEAST_WORDS}"
    return None
