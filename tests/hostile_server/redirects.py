"""Redirects, refreshes, and what stands at their end."""

from __future__ import annotations

from hostile_server.server import PAGE, Answer, Request, reply, scene
from newsdesk.model import Outcome


def redirect(location: str | bytes | None, status: str = "302 Found", cookie: str | None = None) -> bytes:
    value = location if isinstance(location, bytes) else (location or "").encode()
    head = b"" if location is None else b"Location: " + value + b"\r\n"
    head += f"Set-Cookie: {cookie}\r\n".encode() if cookie else b""
    return b"HTTP/1.1 " + status.encode() + b"\r\n" + head + b"Content-Length: 5\r\n\r\nmoved"


@scene("/redirect")
def redirect_to_a_page(request: Request) -> Answer:
    return redirect("/page#section", "301 Moved Permanently")


@scene("/redirect-endless-body", hangs_up=True)
def redirect_with_an_endless_body(request: Request) -> Answer:
    yield redirect("/page").replace(b"Content-Length: 5", b"X-No-Length: 1")
    while True:
        yield PAGE


@scene("/redirect-utf8")
def redirect_in_utf_8_with_blanks(request: Request) -> Answer:
    return redirect("/page?q=é à".encode())


@scene("/redirect-latin1")
def redirect_in_latin_1(request: Request) -> Answer:
    return redirect("/page?q=é".encode("latin-1"))


@scene("/redirect-self", Outcome.REDIRECT_LOOP)
def redirect_to_itself(request: Request) -> Answer:
    return redirect("/redirect-self")


@scene("/redirect-ring", Outcome.REDIRECT_LOOP)
def redirect_in_a_ring(request: Request) -> Answer:
    return redirect("/redirect-ring?b" if "?" not in request.path else "/redirect-ring")


@scene("/redirect-on", Outcome.REDIRECT_LOOP)
def redirect_on_and_on(request: Request) -> Answer:
    return redirect(f"/redirect-on?{int(request.path.partition('?')[2] or 0) + 1}")


@scene("/redirect-nowhere", Outcome.BAD_REDIRECT)
def redirect_without_location(request: Request) -> Answer:
    return redirect(None)


@scene("/redirect-bad", Outcome.BAD_REDIRECT)
def redirect_to_no_url(request: Request) -> Answer:
    return redirect("http://[::1")


@scene("/redirect-file", Outcome.BLOCKED_ADDRESS)
def redirect_to_a_file(request: Request) -> Answer:
    return redirect("file:///etc/hostname")


@scene("/redirect-userinfo", Outcome.BLOCKED_ADDRESS)
def redirect_with_a_user_name(request: Request) -> Answer:
    return redirect("http://user:word@127.0.0.1/")


@scene("/redirect-gone", Outcome.GONE)
def redirect_to_404(request: Request) -> Answer:
    return redirect("/404")


@scene("/300", Outcome.HTTP_ERROR)
def alternatives_are_not_followed(request: Request) -> Answer:
    return redirect("/page", "300 Multiple Choices")


@scene("/307")
def temporary_redirect_307(request: Request) -> Answer:
    return redirect("/page", "307 Temporary Redirect")


@scene("/308")
def permanent_redirect_308(request: Request) -> Answer:
    return redirect("/page", "308 Permanent Redirect")


@scene("/305", Outcome.HTTP_ERROR)
def use_proxy_is_not_followed(request: Request) -> Answer:
    return redirect("/page", "305 Use Proxy")


@scene("/redirect-ftp", Outcome.BLOCKED_ADDRESS)
def redirect_to_ftp(request: Request) -> Answer:
    return redirect("ftp://127.0.0.1/page")


# ---- cookies -----------------------------------------------------------------------------------------------------


@scene("/cookie-wall")
def to_itself_until_its_cookie_is_shown(request: Request) -> Answer:
    if request.headers.get("cookie") == "seen=1":
        return reply()
    return redirect("/cookie-wall", cookie="seen=1; path=/")


@scene("/cookie-by-the-way")
def to_an_address_that_sets_a_cookie_and_leads_back(request: Request) -> Answer:
    if "session" in request.headers.get("cookie", ""):
        return reply()
    return redirect("/cookie-giver")


@scene("/cookie-giver")
def sets_a_cookie_and_leads_to_who_wants_it(request: Request) -> Answer:
    return redirect("/cookie-by-the-way", cookie="session=abc")


@scene("/cookie-refresh")
def sets_a_cookie_and_reloads_by_meta_refresh_of_another_page(request: Request) -> Answer:
    if "ok" in request.headers.get("cookie", ""):
        return reply()
    return redirect("/cookie-refresh-giver")


@scene("/cookie-refresh-giver", body=None)
def a_page_that_sets_a_cookie_and_leads_back(request: Request) -> Answer:
    return reply(b"<meta http-equiv=refresh content='0;url=/cookie-refresh'>", "Set-Cookie: ok=1")


@scene("/cookie-wall-firm", Outcome.WALL)
def to_itself_whatever_cookie_is_shown(request: Request) -> Answer:
    return redirect("/cookie-wall-firm", cookie=f"n={request.nth}; path=/")


# ---- refresh -----------------------------------------------------------------------------------------------------


def _stub(markup: str) -> bytes:
    return f"<!doctype html><html><head><title>On we go</title>{markup}</head></html>".encode()


@scene("/meta-refresh")
def meta_refresh_at_once(request: Request) -> Answer:
    return reply(_stub('<META content="0; URL=&#39;/page?a=1&amp;b=2&#39;" HTTP-EQUIV="Refresh" />'))


@scene("/refresh-header")
def refresh_header(request: Request) -> Answer:
    return reply(_stub(""), "Refresh: 5;/page")


@scene("/meta-refresh-twice", body=b"<meta http-equiv=refresh content=0;url=/page>")
def one_meta_refresh_is_followed_and_no_second(request: Request) -> Answer:
    if request.path.endswith("?2"):
        return reply(b"<meta http-equiv=refresh content=0;url=/page>")
    return reply(_stub("<meta http-equiv=refresh content=0;url=?2>"))


@scene("/meta-refresh-slow", body=_stub('<meta http-equiv="refresh" content="200;url=/page">'))
def meta_refresh_after_200_seconds(request: Request) -> Answer:
    return reply(_stub('<meta http-equiv="refresh" content="200;url=/page">'))


@scene("/meta-refresh-self", body=_stub('<meta http-equiv="refresh" content="3;url=/meta-refresh-self#top">'))
def meta_refresh_to_itself(request: Request) -> Answer:
    return reply(_stub('<meta http-equiv="refresh" content="3;url=/meta-refresh-self#top">'))


@scene("/meta-refresh-reload", body=_stub('<meta http-equiv="refresh" content="3">'))
def meta_refresh_without_address(request: Request) -> Answer:
    return reply(_stub('<meta http-equiv="refresh" content="3">'))


_UNSHOWN = _stub(
    "<!-- <meta http-equiv=refresh content=0;url=/404> --><noscript><meta http-equiv=refresh content=0;url=/404></noscript>"
    "<script>s = '<meta http-equiv=refresh content=0;url=/404>'</script>"
)


@scene("/meta-refresh-unshown", body=_UNSHOWN)
def meta_refresh_in_a_comment_noscript_or_script(request: Request) -> Answer:
    return reply(_UNSHOWN)


@scene("/meta-refresh-script", body=_stub("<meta http-equiv=refresh content='0;url=javascript:go()'>"))
def meta_refresh_to_a_script(request: Request) -> Answer:
    return reply(_stub("<meta http-equiv=refresh content='0;url=javascript:go()'>"))


@scene("/meta-refresh-blocked", Outcome.BLOCKED_ADDRESS)
def meta_refresh_with_a_user_name(request: Request) -> Answer:
    return reply(_stub("<meta http-equiv=refresh content='0;url=http://user:word@127.0.0.1/'>"))


@scene("/meta-refresh-back", body=_stub("<meta http-equiv=refresh content='0;url=/meta-refresh-back'>"))
def meta_refresh_back_to_where_the_redirect_came_from(request: Request) -> Answer:
    if "?" in request.path:
        return reply(_stub("<meta http-equiv=refresh content='0;url=/meta-refresh-back'>"))
    return redirect("/meta-refresh-back?there")


# ---- arrivals ----------------------------------------------------------------------------------------------------


def _leads(path: str, target: str, outcome: Outcome | None, what: str, body: bytes | None = None) -> None:
    def play(request: Request) -> Answer:
        return redirect(target)

    play.__doc__ = what
    scene(path, outcome, as_page=True, body=body)(play)


@scene("/consent/collect", body=None)
@scene("/login", body=None)
@scene("/choose", body=None)
@scene("/opinion/2024/harbour-wall-at-last", body=None)
def a_page_that_others_lead_to(request: Request) -> Answer:
    return reply(b"<!doctype html><title>Welcome</title>")


_leads("/to-consent", "/consent/collect?session=1", Outcome.WALL, "an article leads to a consent page")
_leads("/to-login", "/login?next=/to-login", Outcome.WALL, "an article leads to a login page")
_leads("/to-choice", "/choose?returnUrl=%2Fto-choice", Outcome.WALL, "an article leads to a page with a way back")
_leads("/2024/05/14/harbour-wall-is-mended", "/", Outcome.GONE, "an article leads to the home page")
_leads("/?p=12345", "/", Outcome.GONE, "an article by number leads to the home page")
_leads("/news/2024/harbour-wall-is-mended", "/news/", Outcome.GONE, "an article leads to the section above it")
_leads("/news/harbour", "/news/", None, "a section leads to the section above it")
_leads("/start", "/", None, "an address of the home page leads to the home page")
_leads("/x7Gk2", "/opinion/2024/harbour-wall-at-last", None, "a short link leads to an article")
