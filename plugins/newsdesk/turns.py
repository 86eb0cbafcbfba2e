"""Turns at hosts: one request at a time to each, a pause behind it, and rest where it is due.

Whose turn it is and which host is left alone is kept in PostgreSQL (store.hosts), so all workers together are one guest.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from time import monotonic, sleep

from newsdesk.manners import limit_of_failures, rest_after
from newsdesk.model import Outcome, Response
from newsdesk.settings import Settings
from newsdesk.store import hosts
from newsdesk.store.database import Connection
from newsdesk.visit_order import NotItsTurn

LEASE_MARGIN = 10.0  # seconds beyond the fetch's own deadline after which its worker must be dead
WORTH_WAITING = 10.0  # seconds of rest that a visit waits out
PATIENCE = 300.0  # seconds that a visit waits for a turn, where it cannot be taken up again later


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a URL is not asked for now. `retry_after`: seconds until it may be."""

    outcome: Outcome
    reason: str
    retry_after: float | None = None


@dataclass(slots=True)
class Held:
    """A turn that was taken, and what its end needs to know."""

    turn: hosts.Turn
    pause: float
    crawl_delay: float | None  # that robots.txt asks for; None: not known
    since: float


@dataclass(slots=True)
class Turns:
    """The turns of one task; shared by its threads."""

    settings: Settings
    dsn: str
    taken: Counter[str] = field(default_factory=Counter)  # by host
    _who: str = field(init=False)  # what the operator reads in ops.host
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _connection: Connection | None = None
    _not_before: dict[str, float] = field(default_factory=dict)  # by host: the database need not be asked earlier
    _spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # seconds, by host

    def __post_init__(self) -> None:
        self._who = f"{socket.gethostname()}, process {os.getpid()}"

    def take(
        self, host: str, pause: float, crawl_delay: float | None, *, at_once: bool, patience: float = PATIENCE
    ) -> Held | Refusal:
        """Wait for the host's turn and take it, unless the host is left alone, or has had its share of the run.

        `pause` is kept behind it, in seconds; `patience` is how long is waited at most. `at_once`: where it would
        have to wait, it raises NotItsTurn.
        """
        share = self.settings.host_minutes * 60
        if self._spent[host] > share:
            minutes = f"{self.settings.host_minutes:g} minutes"
            return Refusal(Outcome.RATE_LIMITED, f"not asked: {host} has had its {minutes} of this run", 60.0)
        until = monotonic() + patience
        while True:
            wait = self._not_before.get(host, 0.0) - monotonic()
            if wait <= 0:
                answer = hosts.take_turn(self.connection(), host, self._who, self.lease)
                if isinstance(answer, hosts.Turn):
                    self.taken[host] += 1
                    return Held(answer, pause, crawl_delay, monotonic())
                wait = answer.seconds
                if isinstance(answer, hosts.Deferred) and wait > WORTH_WAITING:
                    return Refusal(
                        answer.outcome, f"not asked: {host} is left alone for {wait:.0f} s more ({answer.why})", wait
                    )
            if at_once:
                raise NotItsTurn(wait)
            if monotonic() + wait > until:
                return Refusal(Outcome.RATE_LIMITED, f"not asked: {host} was busy for {patience:.0f} s", wait)
            sleep(wait)

    def give_back(self, held: Held, response: Response | None = None) -> None:
        """`response`: how the request ended; None: as it should, or nobody knows."""
        host, elapsed = held.turn.host, monotonic() - held.since
        failed = response is not None and limit_of_failures(response) is not None
        hosts.give_back(
            self.connection(), held.turn, pause=held.pause, crawl_delay=held.crawl_delay, failed=failed,
            rest=rest_after(response, held.turn.failures + 1) if response else None,
            status=response.status if response else None, outcome=response.outcome if response else None,
            elapsed=elapsed,
        )  # fmt: skip
        self._not_before[host] = monotonic() + held.pause
        self._spent[host] += elapsed + held.pause

    def leave(self, held: Held) -> None:
        """Give it back unused: nothing was asked of the host."""
        hosts.leave_turn(self.connection(), held.turn)

    @property
    def lease(self) -> float:
        """Seconds after which a turn is free again although its worker gave no sign."""
        return self.settings.fetch_deadline + LEASE_MARGIN

    def connection(self) -> Connection:
        """The task's connection for all that is kept of hosts; opened with the first use."""
        with self._opening:
            if self._connection is None:
                self._connection = hosts.open_pacing(self.dsn)
            return self._connection
