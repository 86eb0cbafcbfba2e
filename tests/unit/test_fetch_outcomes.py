"""How an answer, or none, becomes an outcome: statuses, Retry-After, faults of the network, second tries."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import urllib3

from newsdesk.fetch.coding import CodingError, Cut, TooLong
from newsdesk.fetch.faults import Ended, explain
from newsdesk.fetch.redirects import location_target, refresh_target
from newsdesk.fetch.second_tries import ANY_TYPE, NEW_CONNECTION, PAST_CACHES, PLAIN, change_for
from newsdesk.fetch.status import judge_status, read_retry_after, reread
from newsdesk.fetch.transport import BlockedAddress, NameUnresolved
from newsdesk.model import Outcome

NOW = datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def judged(status: int, headers: Mapping[str, str] | None = None, *, asked: bool = False) -> Ended | None:
    try:
        judge_status(status, headers or {}, asked_if_modified=asked)
    except Ended as ended:
        return ended
    return None


# ---- statuses


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (202, Outcome.HTTP_ERROR, "still being made"),
        (204, Outcome.HTTP_ERROR, "status 204: no content"),
        (206, Outcome.HTTP_ERROR, "a part of the page"),
        (299, Outcome.HTTP_ERROR, "status 299: not a status we know"),
        (304, Outcome.HTTP_ERROR, "which was not asked"),
        (400, Outcome.HTTP_ERROR, "bad request"),
        (401, Outcome.WALL, "login"),
        (402, Outcome.WALL, "payment"),
        (403, Outcome.HTTP_ERROR, "forbids"),
        (404, Outcome.GONE, "not found"),
        (407, Outcome.FORBIDDEN, "proxy"),
        (410, Outcome.GONE, "for good"),
        (429, Outcome.RATE_LIMITED, "status 429: the server asks us to wait"),
        (444, Outcome.HTTP_ERROR, "will not answer"),
        (451, Outcome.FORBIDDEN, "legal"),
        (500, Outcome.HTTP_ERROR, "internal server error"),
        (503, Outcome.RATE_LIMITED, "asks us to wait"),
        (999, Outcome.HTTP_ERROR, "will not answer"),
    ],
)
def test_a_status_has_its_outcome_and_says_why(status: int, outcome: Outcome, words: str) -> None:
    ended = judged(status)
    assert ended is not None
    assert (ended.outcome, ended.retry_after) == (outcome, None)
    assert words in ended.reason
    assert str(ended) == ended.reason


def test_a_page_is_no_fault() -> None:
    assert judged(200) is None
    assert judged(200, {"Retry-After": "60"}) is None


def test_not_modified_is_an_answer_only_where_it_was_asked_for() -> None:
    ended = judged(304, asked=True)
    assert ended is not None
    assert (ended.outcome, ended.reason) == (Outcome.NOT_MODIFIED, "not modified since the last visit")
    other = judged(404, asked=True)
    assert other is not None
    assert other.outcome is Outcome.GONE


@pytest.mark.parametrize("status", [403, 429, 444, 503, 999])
def test_how_long_to_stay_away_is_kept_where_a_status_may_mean_it(status: int) -> None:
    ended = judged(status, {"Retry-After": "90"})
    assert ended is not None
    assert (ended.outcome, ended.retry_after) == (Outcome.RATE_LIMITED, 90.0)
    assert ended.reason == f"status {status}: the server asks us to wait 90 s"


def test_a_moment_to_come_again_is_told_in_seconds_from_now() -> None:
    ended = judged(429, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert ended is not None
    assert ended.retry_after is not None
    assert 30 < ended.retry_after <= 60


@pytest.mark.parametrize("status", [404, 410, 451, 500])
def test_elsewhere_it_says_nothing(status: int) -> None:
    ended = judged(status, {"Retry-After": "90"})
    assert ended is not None
    assert ended.outcome is not Outcome.RATE_LIMITED
    assert ended.retry_after is None


@pytest.mark.parametrize("status", [403, 444, 999])
@pytest.mark.parametrize(
    "page",
    [b"<h1>Too Many Requests</h1>", b"rate-limit", b"rate limit", b"ratelimit", b"request LIMIT", b"unusual traffic"],
)
def test_a_refusal_whose_page_says_that_we_ask_too_often_is_none(status: int, page: bytes) -> None:
    ended = reread(Ended(Outcome.HTTP_ERROR, "as it was"), status, b"<p>Sorry: " + page)
    assert (ended.outcome, ended.retry_after) == (Outcome.RATE_LIMITED, None)
    assert ended.reason == f"status {status}, and its page says that we ask too often"


@pytest.mark.parametrize(
    ("outcome", "status", "page"),
    [
        (Outcome.HTTP_ERROR, 403, b"<h1>Forbidden</h1>"),
        (Outcome.HTTP_ERROR, 500, b"too many requests"),
        (Outcome.GONE, 404, b"too many requests"),
        (Outcome.RATE_LIMITED, 403, b"too many requests"),
    ],
)
def test_every_other_fault_stays_what_it_was(outcome: Outcome, status: int, page: bytes) -> None:
    ended = Ended(outcome, "as it was", 7.0)
    assert reread(ended, status, page) is ended


@pytest.mark.parametrize("ahead", [-1, 0])
def test_a_moment_that_is_over_asks_for_nothing(ahead: int) -> None:
    assert read_retry_after(format_datetime(NOW + timedelta(seconds=ahead), usegmt=True), NOW) is None


def test_a_moment_ahead_is_told_in_seconds_whatever_its_zone_and_at_most_a_day() -> None:
    assert read_retry_after("Wed, 01 May 2024 12:00:05 +0200", NOW) == 5.0
    assert read_retry_after("Wed, 01 May 2024 10:00:05 -0000", NOW) == 5.0  # of no zone: UTC
    assert read_retry_after("Thu, 02 May 2024 10:00:01 GMT", NOW) == 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0), ("0.5", 0.5), ("86400", 86_400.0), ("86401", 86_400.0), ("9" * 15, 86_400.0), ("9" * 16, None),
        ("0", None), ("1.", None), ("1e3", None), ("٣", None), ("", None), (None, None), ("1 2", None),
    ],
)  # fmt: skip
def test_a_number_of_seconds_is_read_only_as_digits(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


# ---- faults


class Timeless(urllib3.exceptions.TimeoutError):
    """Of no kind that has words of its own."""


UNREACHABLE = OSError(101, "Network is unreachable")


def refused_certificate(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (BlockedAddress("a private address"), Outcome.BLOCKED_ADDRESS, "a private address"),
        (NameUnresolved("no such name"), Outcome.DNS, "no such name"),
        (TooLong("more than 9 bytes"), Outcome.TOO_LARGE, "more than 9 bytes"),
        (urllib3.exceptions.ConnectTimeoutError("no answer at :443"), Outcome.TIMEOUT, "no answer at :443"),
        (TimeoutError("timed out"), Outcome.TIMEOUT, "no whole answer within 2.5 s"),
        (Timeless("read"), Outcome.TIMEOUT, "no whole answer within 2.5 s"),
        (requests.Timeout("read"), Outcome.TIMEOUT, "no whole answer within 2.5 s"),
        (refused_certificate("certificate has expired"), Outcome.TLS, "no secure connection: certificate has expired"),
        (refused_certificate(""), Outcome.TLS, "no secure connection: the certificate is not valid"),
        (ssl.SSLError(1, "WRONG_VERSION"), Outcome.TLS, "no secure connection: WRONG_VERSION"),
        (Cut("the gzip data end early"), Outcome.INCOMPLETE, "the gzip data end early"),
        (http.client.IncompleteRead(b"", 1234), Outcome.INCOMPLETE, "the answer was cut short: 1,234 bytes are missing"),
        (http.client.IncompleteRead(b""), Outcome.INCOMPLETE, "the answer was cut short: its end is missing"),
        (http.client.RemoteDisconnected("x"), Outcome.CONNECTION, "the server closed the connection without an answer"),
        (ConnectionResetError(104, "Reset by peer"), Outcome.CONNECTION, "the connection failed: Reset by peer"),
        (CodingError("no gzip"), Outcome.PROTOCOL, "no gzip"),
        (http.client.BadStatusLine("HTPT"), Outcome.PROTOCOL, "not HTTP as we can trust it: HTPT"),
        (urllib3.exceptions.InvalidHeader("two\n lengths"), Outcome.PROTOCOL, "not HTTP as we can trust it: two lengths"),
        (UNREACHABLE, Outcome.CONNECTION, "the connection failed: Network is unreachable"),
        (socket.gaierror(), Outcome.CONNECTION, "the connection failed: gaierror"),
        (ValueError(), Outcome.PROTOCOL, "not HTTP as we can trust it: ValueError"),
        (requests.ConnectionError("odd"), Outcome.CONNECTION, "the connection failed: odd"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)  # fmt: skip
def test_a_fault_has_its_outcome_and_says_why(error: Exception, outcome: Outcome, reason: str) -> None:
    ended = explain(error, 2.5)
    assert (ended.outcome, ended.reason, ended.retry_after) == (outcome, reason, None)


def caused(by: BaseException) -> Exception:
    try:
        try:
            raise by
        except BaseException as inner:
            raise ValueError("outer") from inner
    except ValueError as error:
        return error


def met_while_handling(first: BaseException) -> Exception:
    try:
        try:
            raise first
        except BaseException:  # noqa: BLE001
            raise ValueError("outer")  # noqa: B904 - its context is what is tried
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "wrapped",
    [
        requests.ConnectionError(UNREACHABLE),
        requests.ConnectionError("in words", UNREACHABLE),
        ValueError(ValueError("of another"), UNREACHABLE),
        ValueError(met_twice := ValueError("twice"), met_twice, UNREACHABLE),
        requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", UNREACHABLE)),  # type: ignore[arg-type]
        caused(UNREACHABLE),
        met_while_handling(UNREACHABLE),
    ],
    ids=["argument", "later argument", "behind another", "behind one met twice", "reason", "cause", "context"],
)
def test_what_libraries_wrap_is_found(wrapped: Exception) -> None:
    assert explain(wrapped, 1).reason == "the connection failed: Network is unreachable"


def test_the_most_telling_kind_wins_wherever_it_stands() -> None:
    assert explain(caused(BlockedAddress("private")), 1).outcome is Outcome.BLOCKED_ADDRESS
    reset = ConnectionResetError(104, "Reset by peer")
    reset.__cause__ = TimeoutError("late")
    assert explain(reset, 1).outcome is Outcome.TIMEOUT


def test_errors_that_wrap_each_other_in_a_ring_end() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert explain(one, 1).reason == "not HTTP as we can trust it: one"


def test_a_fault_is_told_in_one_short_line() -> None:
    whole, long = "x" * 200, "y" * 201
    assert explain(CodingError(f" {whole[:100]}\n\t {whole[:99]} "), 1).reason == f"{whole[:100]} {whole[:99]}"
    assert explain(CodingError(whole), 1).reason == whole
    assert explain(CodingError(long), 1).reason == long[:197] + "..."


# ---- second tries


@pytest.mark.parametrize(
    ("fault", "status", "change"),
    [
        (CodingError("damaged"), 200, PLAIN),
        (CodingError("damaged"), None, PLAIN),
        (Cut("early"), 200, None),
        (TooLong("more"), 200, None),
        (Ended(Outcome.HTTP_ERROR, ""), 406, ANY_TYPE),
        (Ended(Outcome.HTTP_ERROR, ""), 415, ANY_TYPE),
        (Ended(Outcome.HTTP_ERROR, ""), 421, NEW_CONNECTION),
        (Ended(Outcome.HTTP_ERROR, ""), 425, NEW_CONNECTION),
        (Ended(Outcome.HTTP_ERROR, ""), 304, PAST_CACHES),
        (Ended(Outcome.NOT_MODIFIED, ""), 304, None),
        (Ended(Outcome.WRONG_TYPE, ""), 406, None),
        (Ended(Outcome.HTTP_ERROR, ""), 500, None),
        (Ended(Outcome.HTTP_ERROR, ""), None, None),
    ],
)
def test_a_second_try_is_made_only_where_it_may_bring_a_page(
    fault: Ended | CodingError, status: int | None, change: object
) -> None:
    assert change_for(fault, status) is change


# ---- where an answer leads


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
