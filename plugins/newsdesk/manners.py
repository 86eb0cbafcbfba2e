"""What a good guest concludes from an answer: for how long its host is left alone, and what its robots.txt allows.

Decisions only; the state that they are about is kept by store.hosts and store.robots.
"""

from __future__ import annotations

import random
from datetime import timedelta

from newsdesk.fetch.robots import RobotsTxt, parse_robots, robots_for_status
from newsdesk.model import Outcome, Response
from newsdesk.store.hosts import Rest
from newsdesk.store.robots import Kept

LONGEST_DELAY = 60.0  # seconds; of a larger Crawl-delay the run's plan takes account, see planning.py
FIRST_REST = 60.0  # seconds; doubled for each further failure in a row
LONGEST_REST = 86_400.0  # a day, also of a Retry-After

# failures in a row until the host rests, by what the last one was
_REFUSALS = 3  # a single 403 may be that page's own; several are a rate limit or a ban
_NO_ANSWERS = 5
_TROUBLES = 10  # answers, but slowly or with server errors: it may be those pages' own

_REFUSING = frozenset({401, 403, 407, 444, 999})
_NO_ANSWER = frozenset({Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.DNS, Outcome.TLS})
_LED_NOWHERE = frozenset({Outcome.REDIRECT_LOOP, Outcome.BAD_REDIRECT})


def limit_of_failures(response: Response) -> int | None:
    """How many such answers in a row a host is forgiven; None: the host is well, whatever the page is."""
    status = response.status
    if response.outcome is Outcome.RATE_LIMITED:
        return 1
    if response.outcome is Outcome.CHALLENGE or status in _REFUSING:
        return _REFUSALS
    if status is None:
        return _NO_ANSWERS if response.outcome in _NO_ANSWER else None
    return _TROUBLES if response.outcome is Outcome.TIMEOUT or 500 <= status < 600 else None


def rest_after(response: Response, failures: int) -> Rest | None:
    """The rest that its host has after this answer; `failures` in a row, this one included.

    Retry-After where the server says so, but no shorter than doubled seconds where it says so again and again; else
    a minute, doubled each time. A quarter more or less by chance, so that not all hosts wake at once.
    """
    limit = limit_of_failures(response)
    if limit is None or failures < limit or response.outcome is None:
        return None
    growth = 2.0 ** min(failures - limit, 20)
    if response.retry_after:
        seconds = max(response.retry_after, growth)
    else:
        seconds = FIRST_REST * growth * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
    in_a_row = f", the {failures}th such answer in a row" if failures > 1 else ""
    return Rest(min(seconds, LONGEST_REST), response.outcome, f"{response.reason or response.outcome}{in_a_row}")


def robots_status(response: Response) -> int | None:
    """The status by which an answer to /robots.txt tells the rules; None: it is unreachable for now.

    RFC 9309 2.3.1: redirects that lead nowhere mean that there is no file, as a client error does.
    """
    if response.outcome in _LED_NOWHERE or (response.outcome is Outcome.BLOCKED_ADDRESS and response.redirects):
        return 404
    if response.status is None or response.status == 429 or response.status >= 500:
        return None
    if response.status == 200:
        return 200 if response.outcome is None else None  # cut short, say
    return response.status


def rules_of(kept: Kept) -> RobotsTxt | None:
    """What an origin's robots.txt allows; None: nothing may be fetched for now, since it cannot be reached."""
    if kept.unreachable_for is None:
        return parse_robots(kept.body) if kept.status == 200 else robots_for_status(kept.status)
    without = robots_for_status(None, timedelta(seconds=kept.unreachable_for))
    if without.otherwise:
        return without
    return parse_robots(kept.body) if kept.status == 200 else None
