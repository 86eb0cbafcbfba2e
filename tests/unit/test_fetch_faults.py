"""How a fault of the network or the server becomes an outcome, and which is worth a second try."""

from __future__ import annotations

import http.client
import socket
import ssl

import pytest
import requests
import urllib3

from newsdesk.fetch.coding import CodingError, Cut, TooLong
from newsdesk.fetch.faults import Ended, explain
from newsdesk.fetch.second_tries import ANY_TYPE, NEW_CONNECTION, PAST_CACHES, PLAIN, change_for
from newsdesk.fetch.transport import BlockedAddress, NameUnresolved
from newsdesk.model import Outcome


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
