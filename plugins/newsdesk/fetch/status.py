"""What a status code says of a visit, and for how long a host asks us to stay away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from newsdesk.fetch.faults import Ended
from newsdesk.model import Outcome

MAX_RETRY_AFTER = 86_400.0  # seconds: a day

_WORDS = {
    202: "accepted, and the page is still being made",
    206: "a part of the page, which was not asked for",
    304: "not modified, which was not asked",
    403: "the server forbids it",
    444: "the server will not answer us",
    999: "the server will not answer us",
}
# Asking again changes nothing: no retry.
_REFUSALS = {
    401: (Outcome.WALL, "the server asks for a login"),
    402: (Outcome.WALL, "the server asks for payment"),
    404: (Outcome.GONE, "not found"),
    407: (Outcome.FORBIDDEN, "a proxy asks for a login"),
    410: (Outcome.GONE, "gone for good"),
    451: (Outcome.FORBIDDEN, "unavailable for legal reasons"),
}
_SLOW_DOWN = frozenset({429, 503})
_MAY_MEAN_SLOW_DOWN = frozenset({403, 444, 999})  # a burst of requests is answered so on some hosts
_SAYS_SLOW_DOWN = re.compile(rb"too many requests|rate[ -]?limit|request limit|unusual traffic", re.IGNORECASE)


def judge_status(status: int, headers: Mapping[str, str], *, asked_if_modified: bool) -> None:
    """Return for a page (200); else raise Ended with the outcome."""
    if status == 200:
        return
    if status == 304 and asked_if_modified:
        raise Ended(Outcome.NOT_MODIFIED, "not modified since the last visit")
    if status in _REFUSALS:
        raise Ended(*_REFUSALS[status])
    stay_away = headers.get("Retry-After")
    if status in _SLOW_DOWN or (status in _MAY_MEAN_SLOW_DOWN and stay_away is not None):
        seconds = read_retry_after(stay_away, datetime.now(UTC))
        asks = f"asks us to wait {seconds:.0f} s" if seconds else "asks us to wait"
        raise Ended(Outcome.RATE_LIMITED, f"status {status}: the server {asks}", seconds)
    raise Ended(Outcome.HTTP_ERROR, f"status {status}: {_WORDS.get(status) or _phrase(status)}")


def reread(ended: Ended, status: int, body: bytes) -> Ended:
    """`ended` in the light of the error page: a refusal that says that we were too quick is no refusal."""
    if status in _MAY_MEAN_SLOW_DOWN and ended.outcome is Outcome.HTTP_ERROR and _SAYS_SLOW_DOWN.search(body):
        return Ended(Outcome.RATE_LIMITED, f"status {status}, and its page says that we ask too often")
    return ended


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to stay away, at most a day; None where it says nothing readable or a time in the past."""
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]+)?", value):
        seconds = float(value)
    else:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        # A date of no zone is UTC (RFC 9110, 5.6.7: all HTTP dates are).
        seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds()
    return min(seconds, MAX_RETRY_AFTER) if seconds > 0 else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "not a status we know"
