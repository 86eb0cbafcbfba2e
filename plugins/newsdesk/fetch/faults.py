"""What went wrong with an exchange, as an outcome and plain words.

requests and urllib3 wrap an error in two or three others, and which ones depends on the moment. So the whole
chain is searched, for the most telling kind first.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

import requests
import urllib3

from newsdesk.fetch.coding import CodingError, Cut, TooLong
from newsdesk.fetch.transport import BlockedAddress, NameUnresolved
from newsdesk.model import Outcome


class Ended(Exception):
    """The visit is over without a page: `outcome`, and its text says why."""

    def __init__(self, outcome: Outcome, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.retry_after = retry_after


# All that the network, the server and the libraries between can raise. ValueError is what they raise for bytes
# that they did not foresee (a header that is not Latin-1, a length that is no number).
NETWORK_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    CodingError,
    OSError,
    ValueError,
)

_TIMEOUTS = (TimeoutError, urllib3.exceptions.TimeoutError, requests.Timeout)
_NO_HTTP = (http.client.HTTPException, urllib3.exceptions.InvalidHeader)
_KINDS: tuple[tuple[tuple[type[BaseException], ...], Outcome, str], ...] = (
    ((BlockedAddress,), Outcome.BLOCKED_ADDRESS, "{}"),
    ((NameUnresolved,), Outcome.DNS, "{}"),
    ((TooLong,), Outcome.TOO_LARGE, "{}"),
    ((urllib3.exceptions.ConnectTimeoutError,), Outcome.TIMEOUT, "{}"),
    (_TIMEOUTS, Outcome.TIMEOUT, "no whole answer within {deadline:g} s"),
    ((ssl.SSLError,), Outcome.TLS, "no secure connection: {}"),
    ((Cut,), Outcome.INCOMPLETE, "{}"),
    ((http.client.IncompleteRead,), Outcome.INCOMPLETE, "the answer was cut short: {}"),
    ((http.client.RemoteDisconnected,), Outcome.CONNECTION, "the server closed the connection without an answer"),
    ((ConnectionError,), Outcome.CONNECTION, "the connection failed: {}"),
    ((CodingError,), Outcome.PROTOCOL, "{}"),
    (_NO_HTTP, Outcome.PROTOCOL, "not HTTP as we can trust it: {}"),
    ((OSError,), Outcome.CONNECTION, "the connection failed: {}"),  # no route, network down
)


def explain(error: BaseException, deadline: float) -> Ended:
    """The outcome of an exchange that ended in `error`; `deadline` (seconds) is named where it passed."""
    chain = [link for link in _chain(error) if not isinstance(link, requests.RequestException)] or [error]
    for kinds, outcome, words in _KINDS:
        for link in chain:
            if isinstance(link, kinds):
                return Ended(outcome, words.format(_words_of(link), deadline=deadline))
    return Ended(Outcome.PROTOCOL, f"not HTTP as we can trust it: {_words_of(error)}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, in its arguments, its `reason` or its cause, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        inner = [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
        waiting += [part for part in inner if isinstance(part, BaseException)]


def _words_of(error: BaseException) -> str:
    """The error's own text in one short line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or "the certificate is not valid"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, http.client.IncompleteRead):
        return f"{error.expected:,} bytes are missing" if error.expected else "its end is missing"
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:197] + "..."
