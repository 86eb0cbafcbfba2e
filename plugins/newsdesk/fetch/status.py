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
    401: "the server asks for a login",
    402: "the server asks for payment",
    403: "the server forbids it",
    451: "unavailable for legal reasons",
    206: "a part of the page, which was not asked for",
    304: "not modified, which was not asked",
}


def judge_status(status: int, headers: Mapping[str, str], *, asked_if_modified: bool) -> None:
    """Return for a page (200); else raise Ended with the outcome."""
    if status == 200:
        return
    if status == 304 and asked_if_modified:
        raise Ended(Outcome.NOT_MODIFIED, "not modified since the last visit")
    if status in (404, 410):
        raise Ended(Outcome.GONE, "gone for good" if status == 410 else "not found")
    stay_away = headers.get("Retry-After")
    if status == 429 or (status == 503 and stay_away is not None):
        seconds = read_retry_after(stay_away, datetime.now(UTC))
        asks = f"asks us to wait {seconds:.0f} s" if seconds else "asks us to wait"
        raise Ended(Outcome.RATE_LIMITED, f"status {status}: the server {asks}", seconds)
    raise Ended(Outcome.HTTP_ERROR, f"status {status}: {_WORDS.get(status) or _phrase(status)}")


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
