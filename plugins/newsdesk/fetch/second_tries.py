"""What is worth asking once more within one visit, and with what change. Each change is made once at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsdesk.fetch.coding import CodingError, Cut, TooLong
from newsdesk.fetch.faults import Ended
from newsdesk.model import Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """How the second request differs from the first."""

    why: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    new_connection: bool = False


# A body that cannot be decoded (damaged, mislabelled, in a coding of no standing) may be whole without its coding.
PLAIN = Change("the coded body is unusable", {"Accept-Encoding": "identity"})
ANY_TYPE = Change("the server has nothing of the types we accept", {"Accept": "*/*"})  # RFC 9110, 15.5.7
NEW_CONNECTION = Change("not over this connection", new_connection=True)  # RFC 9110, 15.5.20; RFC 8470, 5.2
PAST_CACHES = Change("a cache answered for a request that was not ours", {"Cache-Control": "no-cache"})

_BY_STATUS = {406: ANY_TYPE, 415: ANY_TYPE, 421: NEW_CONNECTION, 425: NEW_CONNECTION, 304: PAST_CACHES}


def change_for(fault: Ended | CodingError, status: int | None) -> Change | None:
    """The change that may turn `fault` into a page; None where none would."""
    if isinstance(fault, CodingError):
        return None if isinstance(fault, Cut | TooLong) else PLAIN
    return _BY_STATUS.get(status or 0) if fault.outcome is Outcome.HTTP_ERROR else None
