"""Where an answer sends its reader: Location, the Refresh header, a page's own meta refresh."""

from __future__ import annotations

import pytest

from newsdesk.fetch.faults import Ended
from newsdesk.fetch.redirects import location_target, refresh_target
from newsdesk.model import Outcome


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (" /b ", "https://a.example/b"),
        ("c?x=1", "https://a.example/news/c?x=1"),
        ("/caf\xc3\xa9", "https://a.example/café"),  # UTF-8, as http.client gives it
        ("/caf\xe9", "https://a.example/café"),  # Latin-1
        ("/日x", "https://a.example/?x"),  # what no header can hold
        ("//b.example/", "https://b.example/"),
    ],
)
def test_a_location_is_joined_and_read_in_its_encoding(location: str, target: str) -> None:
    assert location_target("https://a.example/news/x", 302, location) == target


@pytest.mark.parametrize(
    ("here", "location", "target"),
    [
        ("https://a.example/x#top", "/b", "https://a.example/b#top"),
        ("https://a.example/x#top", "/b#own", "https://a.example/b#own"),
        ("https://a.example/x#top", "/b#", "https://a.example/b#top"),
        ("https://a.example/x", "/b#own", "https://a.example/b#own"),
        ("http://a.example/x#top", "https://a.example/b#", "https://a.example/b#top"),
    ],
)
def test_a_fragment_goes_on_where_the_location_has_none(here: str, location: str, target: str) -> None:
    assert location_target(here, 301, location) == target


@pytest.mark.parametrize("location", [None, "", " \t"])
def test_a_redirect_without_a_location_leads_nowhere(location: str | None) -> None:
    with pytest.raises(Ended, match=r"^status 307 without a Location$") as ended:
        location_target("https://a.example/", 307, location)
    assert ended.value.outcome is Outcome.BAD_REDIRECT


def test_a_location_that_is_no_url_is_told_by_its_beginning() -> None:
    with pytest.raises(Ended) as ended:
        location_target("https://a.example/", 302, "http://[" + "x" * 500)
    assert ended.value.outcome is Outcome.BAD_REDIRECT
    beginning = "http://[" + "x" * 192
    assert ended.value.reason.startswith(f"the Location {beginning!r} is no URL: ")


def refreshed(page: bytes, header: str | None = None) -> str | None:
    return refresh_target("https://a.example/news/x", header, page)


def meta(content: str, rest: str = 'http-equiv="refresh"') -> bytes:
    return f'<meta {rest} content="{content}">'.encode()


GO = meta("0;url=/b")

B = "https://a.example/b"


def test_the_header_is_asked_first_and_the_page_where_it_leads_nowhere() -> None:
    assert refreshed(GO) == B
    assert refreshed(GO, "0;url=/c") == "https://a.example/c"
    assert refreshed(GO, "60;url=/c") == B
    assert refreshed(b"", "0;url=/c") == "https://a.example/c"
    assert refreshed(b"", "") is None


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("5;url=/b", B), ("6;url=/b", None), ("000005;url=/b", B), ("0000059;url=/b", B), ("1000000;url=/b", None), (";url=/b", B), ("0;URL='/b'", B), ('0;url="/b"', B), ("0; /b ", B),
        ("0;url='/b' x", B), ("0;url= ", None), ("0;url=''", None), ("0;url=' '", None), ("0", None), ("x", None), ("0;url=ftp://b.example/", None),
        ("0;url=HTTP://b.example/", "HTTP://b.example/"), ("0;url=https://b.example/", "https://b.example/"),
        ("0;url=x", None), ("0;url=x#y", None), ("0;url=x?y", "https://a.example/news/x?y"), ("0;url=http://[", None),
    ],
)  # fmt: skip
def test_a_refresh_leads_on_within_seconds_and_elsewhere(value: str, target: str | None) -> None:
    assert refreshed(b"", value) == target


@pytest.mark.parametrize(
    ("page", "target"),
    [
        (b"<META HTTP-EQUIV=Refresh CONTENT=0;url=/b>", B),
        (b"<meta content='0;url=/b' http-equiv = \" refresh \">", B),
        (b"<meta\thttp-equiv=refresh content='0;url=/b'/>", B),
        (b"<meta data-x='a>b' http-equiv=refresh content='0;url=/b'>", B),
        (b"<meta/http-equiv=refresh content='0;url=/b'>", B),
        (meta("0;url=/b?x=1&amp;y=2"), "https://a.example/b?x=1&y=2"),
        ("<meta http-equiv=refresh content='0;url=/é'>".encode(), "https://a.example/é"),
        ("<meta http-equiv=refresh content='0;url=/é'>".encode("latin-1"), "https://a.example/é"),
        (b"<meta http-equiv=refresh>" + GO, None),  # the first is the one that counts
        (meta("60;url=/c") + GO, None),
        (b"<meta charset=utf-8>" + GO, B),
        (b"<meta http-equiv=content-type content=refresh>" + GO, B),
        (b"<meta name=x content='http-equiv=refresh'>", None),
        (b"<metadata http-equiv=refresh content='0;url=/b'>", None),
        (b"<meta http-equiv=refresh content='0;url=/b'", None),
        (b"<meta '>" + GO, B),
        (b"<!-- " + GO + b" -->", None),
        (b"<!-- " + GO, None),
        (b"<!-- x -->" + GO, B),
        (b"<noscript>" + GO + b"</noscript>", None),
        (b"<NoScript>" + GO + b"</noscript >", None),
        (b"<noscript>x</noscript>" + GO, B),
        (b"<script>x</script>" + GO, B),
        (b"<style>" + GO, None),
        (b"<template>" + GO + b"</template>", None),
        (b"<textarea>" + GO + b"</textarea>", None),
        (b"<scripts>" + GO, B),
        (b"<meta name=a>" * 99 + GO, B),
        (b"<meta name=a>" * 100 + GO, None),
        (b" " * (32 * 1024 - len(GO)) + GO, B),
        (b" " * (32 * 1024 + 1 - len(GO)) + GO, None),
        (GO.replace(b"<meta", b"<meta" + b" " * (4096 - len(GO))), B),
        (GO.replace(b"<meta", b"<meta" + b" " * (4097 - len(GO))), None),
    ],
    ids=range(33),
)
def test_the_refresh_of_a_page_is_the_one_that_a_browser_obeys(page: bytes, target: str | None) -> None:
    assert refreshed(page) == target
