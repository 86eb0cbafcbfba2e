"""A page that stands in an article's place is known by what it says: bot checks, empty shells, walls, lost pages."""

from __future__ import annotations

import pytest

from metadata_pages import linked_data
from newsdesk.model import Outcome
from verdict_pages import ARTICLE, PROSE, SITE, TITLE, paragraphs, read, teasers


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
    head = TITLE + linked_data(
        **{"@type": "NewsArticle", "headline": "Ferry timetable", "isAccessibleForFree": "False"}
    )
    assert read(f"<article><h1>Ferry timetable</h1><p>{PROSE[0]}</p></article>", head).outcome is Outcome.WALL
    whole = f"<article><h1>Ferry timetable</h1>{paragraphs(*PROSE, *PROSE[::-1])}</article>"
    assert read(whole, head).outcome is None


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
