"""What stands in an article's place is told apart and named: indexes, galleries, walls, checks, shells, lost pages."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.extract import verdict_model
from newsdesk.extract.addresses import read_address
from newsdesk.extract.page import extract
from newsdesk.extract.verdict_model import WEIGHTS, chance
from newsdesk.model import Document, Outcome, Page

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SITE = "https://www.example.com"
URL = f"{SITE}/news/2026/03/02/ferry-timetable-changes-in-spring"
PROSE = [
    "The ferry across the estuary will sail every twenty minutes from the first of April, the harbour office said on Monday.",
    "Two boats that had been laid up since the autumn came back from the yard last week with new engines and a ramp for wheelchairs.",
    "“We have waited for this longer than for the bridge,” said a baker on the north quay, who sends her bread across twice a day.",
    "Tickets stay at the price of last year until the summer, when the council is to decide on a pass for people who live on the island.",
    "A third boat is under repair, and the office expects it on the water before the regatta in June, weather and welders permitting.",
]


def read(body: str, head: str = "", url: str = URL, language: str = "en") -> Document:
    html = f"<!doctype html><html lang={language}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return extract(Page(url, html.encode(), "text/html", fetched_at=NOW))


def ld(**thing: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **thing})}</script>'


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def teasers(count: int, tag: str = "h3") -> str:
    return "".join(
        f"<div class=card><{tag}><a href=/news/{n}>Council decides on harbour plan number {n}</a></{tag}><p>{n} March</p></div>"
        for n in range(count)
    )


ARTICLE = f"<article><h1>Ferry timetable changes in spring</h1>{paragraphs(*PROSE)}</article>"
TITLE = "<title>Ferry timetable changes in spring - The Example Times</title>"


# ---- bot checks


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Verifying you are human. This may take a few seconds."),
        ("Access denied", "You have been blocked. Please complete the security check."),
        ("Pardon Our Interruption", "Something about your browser made us think that you are a bot."),
        ("Einen Moment", "Ihr Browser wird geprüft. Bitte warten."),
        ("Sicherheitsüberprüfung", "Bitte bestätigen Sie, dass Sie kein Roboter sind."),
        ("Un instant", "Vérification de votre navigateur avant l’accès au site."),
        ("Un momento", "Comprobando su navegador. No soy un robot."),
        ("Controllo", "Non sono un robot."),
        ("Um momento", "Verifique que você é humano."),
        ("Moment", "Controleer of u een mens bent, geen robot. Ik ben geen robot."),
        ("Chwileczkę", "Nie jestem robotem. Sprawdzamy przeglądarkę."),
        ("Проверка", "Подтвердите, что вы не робот."),
        ("请稍候", "正在进行人机验证。"),
    ],
)
def test_a_bot_check_is_known_in_many_languages(title: str, text: str) -> None:
    found = read(f"<h1>{title}</h1><p>{text}</p>", f"<title>{title}</title>")
    assert found.outcome is Outcome.CHALLENGE, found.reason


def test_a_bot_check_without_a_word_is_known_by_its_script() -> None:
    script = '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
    assert read(f"<div id=box></div>{script}", "<title>www.example.com</title>").outcome is Outcome.CHALLENGE


# ---- shells


@pytest.mark.parametrize(
    "text",
    [
        "You need to enable JavaScript to run this app.", "We're sorry but this site doesn't work properly without JavaScript enabled.",
        "Bitte aktivieren Sie JavaScript.", "JavaScript ist deaktiviert.", "Veuillez activer JavaScript.",
        "Es necesario habilitar JavaScript.", "Attiva JavaScript per continuare.", "Habilite o JavaScript.",
        "Schakel JavaScript in.", "Włącz obsługę JavaScript.", "Aktivera JavaScript.", "Включите JavaScript.",
        "JavaScriptを有効にしてください。", "请启用JavaScript。",
    ],
)  # fmt: skip
def test_an_empty_shell_is_known_in_many_languages(text: str) -> None:
    found = read(f"<noscript><strong>{text}</strong></noscript><div id=app></div><script src=/app.js></script>")
    assert found.outcome is Outcome.NEEDS_JS, found.reason


def test_an_empty_shell_that_says_nothing_is_known_by_its_root() -> None:
    assert read('<div id="__next"></div><script src=/main.js></script>', TITLE).outcome is Outcome.NEEDS_JS


def test_a_page_whose_text_stands_in_noscript_is_no_shell() -> None:
    found = read(f"<div id=app></div><script src=/app.js></script><noscript>{ARTICLE}</noscript>", TITLE)
    assert found.outcome not in (Outcome.NEEDS_JS, Outcome.WALL)


# ---- walls


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to continue reading.", "This article is for subscribers only.", "You’ve reached your limit of free articles.",
        "Jetzt weiterlesen mit einem Monat gratis.", "Nur für Abonnenten", "Bereits registriert? Hier anmelden.",
        "Article réservé aux abonnés", "Il vous reste 75% de cet article à lire.", "Contenido para suscriptores",
        "Regístrate gratis para seguir leyendo", "Contenuto riservato agli abbonati", "Abbonati per continuare",
        "Conteúdo exclusivo: exclusivo para assinantes", "Alleen voor abonnees", "Log in om verder te lezen",
        "För prenumeranter. Logga in för att läsa.", "Logg inn for å lese", "Zaloguj się, aby przeczytać",
        "Pouze pro předplatitele", "Оформите подписку, чтобы читать", "続きを読むには登録が必要です", "登录后阅读全文",
    ],
)  # fmt: skip
def test_a_wall_is_known_in_many_languages(text: str) -> None:
    stub = f"<article><h1>Ferry timetable changes in spring</h1><p>{PROSE[0]}</p><div class=gate><p>{text}</p></div></article>"
    found = read(stub, TITLE)
    assert found.outcome is Outcome.WALL, found.reason


@pytest.mark.parametrize(
    "text",
    [
        "We value your privacy. We and our partners store information on a device. Accept all cookies.",
        "Wir verwenden Cookies. Ihre Zustimmung ist freiwillig. Alle akzeptieren",
        "Nous et nos 124 partenaires utilisons des cookies. Tout accepter. Continuer sans accepter",
        "Utilizamos cookies. Aceptar todas. Aceptar y continuar",
        "Noi e i nostri 30 partner. Accetta tutti. Accetta e continua",
        "Wij en onze 40 partners. Alles accepteren",
        "Мы используем файлы cookie. Принять все",
    ],
)
def test_a_page_of_consent_is_a_wall(text: str) -> None:
    found = read(f"<div class=dialog><p>{text}</p><button>OK</button></div>", "<title>The Example Times</title>")
    assert found.outcome is Outcome.WALL, found.reason


def test_a_log_in_form_is_a_wall() -> None:
    form = "<h1>Welcome back</h1><form><input name=user><input type=password name=pass><button>Go</button></form>"
    assert read(form, "<title>Account</title>").outcome is Outcome.WALL


def test_markup_that_says_not_free_makes_a_stub_a_wall_and_a_whole_text_an_article() -> None:
    head = TITLE + ld(**{"@type": "NewsArticle", "headline": "Ferry timetable", "isAccessibleForFree": "False"})
    assert read(f"<article><h1>Ferry timetable</h1><p>{PROSE[0]}</p></article>", head).outcome is Outcome.WALL
    whole = f"<article><h1>Ferry timetable</h1>{paragraphs(*PROSE, *PROSE[::-1])}</article>"
    assert read(whole, head).outcome is None


# ---- lost pages


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found", "Page not found | The Example Times", "The Example Times - Page not found", "Error 404", "404",
        "Sorry, this page isn't available.", "This article is no longer available", "Fehler 404: Seite nicht gefunden",
        "Seite nicht gefunden", "Page introuvable", "Cette page n'existe pas", "Página no encontrada",
        "La página que busca no existe", "Pagina non trovata", "Página não encontrada", "Pagina niet gevonden",
        "Sidan kunde inte hittas", "Siden blev ikke fundet", "Sivua ei löytynyt", "Strona nie została znaleziona",
        "Stránka nenalezena", "Страница не найдена", "Сторінку не знайдено", "Sayfa bulunamadı", "ページが見つかりません",
        "页面不存在", "페이지를 찾을 수 없습니다",
    ],
)  # fmt: skip
def test_a_lost_page_that_is_sent_as_found_is_gone(title: str) -> None:
    found = read(f"<h1>{title}</h1><p>Try the search or the home page.</p>{teasers(8)}", f"<title>{title}</title>")
    assert found.outcome is Outcome.GONE, found.reason
    assert "missing page" in (found.reason or "")


def test_the_home_page_in_place_of_a_lost_one_is_gone() -> None:
    head = f'<title>The Example Times</title><link rel=canonical href="{SITE}/">'
    assert read(teasers(20), head).outcome is Outcome.GONE


@pytest.mark.parametrize(
    "title", ["404 homes built in a year", "The page that nobody could find", "Not found: the wreck of the Rowan"]
)
def test_a_report_whose_title_sounds_lost_is_an_article(title: str) -> None:
    html = f"<article><h1>{title}</h1>{paragraphs(*PROSE)}</article>"
    assert read(html, f"<title>{title}</title>").outcome is None


# ---- kinds


def test_a_home_page_and_a_list_are_indexes() -> None:
    assert read(f"<h1>News</h1>{teasers(20)}", "<title>The Example Times</title>", f"{SITE}/").outcome is Outcome.INDEX
    assert read(f"<h1>Harbour</h1>{teasers(12)}", "<title>Harbour</title>", f"{SITE}/news/").outcome is Outcome.INDEX
    head = "<title>Results</title>" + ld(**{"@type": "SearchResultsPage", "name": "Results"})
    assert read(teasers(3), head, f"{SITE}/search?q=ferry").outcome is Outcome.INDEX


def test_pictures_with_captions_are_a_gallery() -> None:
    figures = "".join(
        f"<figure><img src=/{n}.jpg><figcaption>Boat {n} at the quay.</figcaption></figure>" for n in range(9)
    )
    by_markup = ld(**{"@type": "ImageGallery", "name": "Boats"})
    assert read(f"<h1>The boats</h1>{figures}", "<title>The boats</title>" + by_markup).outcome is Outcome.GALLERY
    for section in ("pictures", "bilder", "diaporama", "fotogalerias"):
        found = read(
            f"<h1>The boats</h1>{figures}", "<title>The boats</title>", f"{SITE}/{section}/the-boats-of-spring"
        )
        assert found.outcome is Outcome.GALLERY, found.reason


def test_a_player_and_a_sentence_are_a_video() -> None:
    sentence = (
        "<h1>Watch: the ferry turns</h1><p>The new ferry turned in the harbour on Monday, to the applause of many.</p>"
    )
    head = "<title>Watch: the ferry turns</title>"
    assert read(f"<video src=/a.mp4></video>{sentence}", head).outcome is Outcome.VIDEO
    player = '<iframe src="https://www.youtube.com/embed/abc"></iframe>'
    assert read(player + sentence, head, f"{SITE}/video/the-ferry-turns").outcome is Outcome.VIDEO
    by_markup = ld(**{"@type": "VideoObject", "name": "The ferry turns"})
    assert read(sentence, head + by_markup).outcome is Outcome.VIDEO


def test_a_report_with_a_video_in_it_is_an_article() -> None:
    head = TITLE + ld(**{"@type": "VideoObject", "name": "The ferry turns"})
    assert read(f"<video src=/a.mp4></video>{ARTICLE}", head).outcome is None


def test_a_live_report_is_live_and_keeps_its_text() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Entry {n}"} for n in range(7)]
    by_markup = ld(**{"@type": "LiveBlogPosting", "headline": "Ferry", "liveBlogUpdate": updates})
    found = read(ARTICLE, TITLE + by_markup)
    assert (found.outcome, "7 entries" in (found.reason or "")) == (Outcome.LIVE, True)
    assert PROSE[0] in (found.text or "")


@pytest.mark.parametrize(
    "title",
    [
        "Storm live: ferries stay in port",
        "Sturm im Liveticker",
        "Tempête en direct",
        "Temporal, minuto a minuto",
        "Mareggiata, la diretta",
    ],
)
def test_a_live_report_without_markup_is_known_by_its_times_and_its_title(title: str) -> None:
    entries = "".join(f"<p>1{n}:{n}5 {PROSE[n % 5]}</p>" for n in range(8))
    html = f"<article><h1>{title}</h1>{entries}</article>"
    assert read(html, f"<title>{title}</title>").outcome is Outcome.LIVE
    plain = html.replace(title, "How the storm came")
    assert read(plain, "<title>How the storm came</title>").outcome is None


def test_a_forum_a_product_and_documentation_are_no_articles() -> None:
    posts = "".join(f"<div class=message><b>sailor{n}</b><p>{PROSE[n % 5]}</p></div>" for n in range(8))
    thread = read(
        posts,
        "<title>Which rope?</title>" + ld(**{"@type": "DiscussionForumPosting"}),
        f"{SITE}/forum/threads/which-rope.88/",
    )
    product = read(
        f"<h1>Rope, 12 mm</h1><span class=price>€ 18</span><button>Add to cart</button>{paragraphs(*PROSE[:2])}",
        "<title>Rope</title><meta property=og:type content=product>" + ld(**{"@type": "Product", "name": "Rope"}), f"{SITE}/products/rope-12",
    )  # fmt: skip
    manual = read(
        f"<h1>Install</h1>{paragraphs(*PROSE)}<pre><code>ferry --start</code></pre>" * 3,
        "<title>Install</title><meta name=generator content='Sphinx 7'>", "https://docs.example.com/en/install.html",
    )  # fmt: skip
    for found in (thread, product, manual):
        assert found.outcome is Outcome.NOT_ARTICLE, found.reason


def test_the_reason_names_the_strongest_signs_in_words() -> None:
    html = f"<h1>Our services</h1>{paragraphs('We help you to move your boat. Call us today and get your quote.' * 4)}"
    found = read(html + "<div class=testimonial>Great!</div>", "<title>Services</title>", f"{SITE}/services/")
    assert found.outcome is not None
    assert "rather than an article" in (found.reason or "")
    assert "service" in (found.reason or "")


# ---- articles stay articles


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["Subscribers of the ferry were asked to log in to continue, and many wrote on the wall of the office that they were not robots.",
                "The harbour office said that the machine which asks for a security check on the quay would be switched off before the summer."]),
        ("de", ["Die Fähre fährt ab April alle zwanzig Minuten, teilte das Hafenamt am Montag mit, und der Preis bleibt gleich.",
                "Wer kein Roboter ist, muss das bald am Automaten beweisen, denn die Tickets gibt es nur noch nach einer Sicherheitsüberprüfung."]),
        ("fr", ["Le bac traversera l’estuaire toutes les vingt minutes dès le premier avril, a annoncé lundi la capitainerie du port.",
                "Les habitants de l’île, déjà abonnés pour la plupart, demandent que le tarif reste le même jusqu’à la fin de l’été."]),
    ],
)  # fmt: skip
def test_a_report_that_uses_the_words_of_walls_is_an_article(language: str, texts: list[str]) -> None:
    html = f"<article><h1>Fähre, ferry, bac: ein neuer Fahrplan im Frühjahr</h1>{paragraphs(*(texts * 5)[:6], *PROSE[:3])}</article>"
    assert read(html, TITLE, language=language).outcome is None


def test_a_cookie_banner_over_a_report_does_not_make_it_a_wall() -> None:
    banner = "<div id=banner><p>We value your privacy. Accept all cookies.</p></div>"
    assert read(banner + ARTICLE, TITLE).outcome is None


# ---- binary files


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7\n" + random.Random(1).randbytes(4_000), "PDF"),
        (b"\n%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (random.Random(2).randbytes(9_000), "no characters"),
    ],
)
def test_bytes_that_are_no_text_are_of_the_wrong_type_whatever_their_label(raw: bytes, kind: str) -> None:
    for label in ("text/html", "text/html; charset=utf-8", None):
        found = extract(Page(URL, raw, label, fetched_at=NOW))
        assert (found.outcome, found.text) == (Outcome.WRONG_TYPE, None)
        assert kind in (found.reason or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "koi8-r", "gb18030", "shift_jis"])
def test_a_page_in_any_encoding_is_no_binary(encoding: str) -> None:
    words = {
        "koi8-r": "Паром ходит каждые двадцать минут. ",
        "gb18030": "渡轮每二十分钟开一班。",
        "shift_jis": "フェリーは二十分ごとに出る。",
    }
    text = words.get(encoding, "Die Fähre fährt öfter. ") * 40
    raw = f"<html><body><p>{text}</p></body></html>".encode(encoding)
    assert extract(Page(URL, raw, "text/html", fetched_at=NOW)).outcome is not Outcome.WRONG_TYPE


# ---- the parts


def test_an_address_tells_its_kind() -> None:
    assert read_address(URL).kinds == {"article"}
    assert read_address(URL).is_dated
    assert read_address("https://forum.example.com/t/which-rope/88").kinds == {"forum"}
    assert read_address(f"{SITE}/blog").ends_in_section
    assert read_address(f"{SITE}/?p=5031").depth == 1
    assert read_address(f"{SITE}/?ref=abc").depth == 0


@given(st.text(max_size=80))
def test_any_string_has_an_address(text: str) -> None:
    assert read_address(text).depth >= 0
    assert read_address(f"https://{text}").depth >= 0


def test_each_feature_has_a_weight_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, float]] = []
    monkeypatch.setattr("newsdesk.extract.verdict.chance", lambda features: seen.append(features) or 1.0)
    assert read(ARTICLE, TITLE).outcome is not None
    assert seen[0].keys() == WEIGHTS.keys() == verdict_model._WORDS.keys()


@given(st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.floats(0, 1e6)))
def test_the_chance_is_one(values: dict[str, float]) -> None:
    assert 0 <= chance(dict.fromkeys(WEIGHTS, 0.0) | values) <= 1


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_an_outcome_with_a_reason(raw: bytes) -> None:
    found = extract(Page(URL, b"<html><body>" + raw, "text/html", fetched_at=NOW))
    assert found.outcome is not None
    assert found.reason
