"""Whose turn it is: one request at a time to a host, and a pause behind each.

For the threads of one process. `host` is `model`'s: the name in lower case, with the port where it is not the
scheme's own. Times are seconds on the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep


class Pacer:
    """`with pacer.turn(host): fetch(...)` for a visit; `pacer.wait(host)` for a redirect inside of one."""

    def __init__(self, default_delay: float) -> None:
        self._default_delay = default_delay
        self._guard = Lock()
        self._next_turn: dict[str, float] = {}
        self._deferred_until: dict[str, float] = {}
        self._busy: dict[str, Lock] = {}

    @contextmanager
    def turn(self, host: str, delay: float | None = None) -> Iterator[None]:
        """Wait until no other thread has this host's turn and its pause is over; the next one begins at the end."""
        with self._guard:
            busy = self._busy.setdefault(host, Lock())
        with busy:
            self.wait(host, delay)
            try:
                yield
            finally:
                self.done(host, delay)

    def wait(self, host: str, delay: float | None = None) -> None:
        """Block until this host's next turn, and take it. The one behind it is `delay` later, or after `done`."""
        while True:
            with self._guard:
                now = monotonic()
                turn = max(self._next_turn.get(host, now), self._deferred_until.get(host, now))
                if turn <= now:
                    self._next_turn[host] = now + self._delay(delay)
                    return
            sleep(turn - now)

    def done(self, host: str, delay: float | None = None) -> None:
        """The request to this host has ended: its pause is counted from now."""
        with self._guard:
            self._next_turn[host] = monotonic() + self._delay(delay)

    def defer(self, host: str, seconds: float) -> None:
        """No turn for this host within `seconds` (Retry-After, back-off). Never shortens an earlier one."""
        with self._guard:
            self._deferred_until[host] = max(self._deferred_until.get(host, 0.0), monotonic() + seconds)

    def deferred(self, host: str) -> float:
        """Seconds for which the host is still deferred, 0.0 if it is not: ask before a `wait` that would last."""
        with self._guard:
            return max(0.0, self._deferred_until.get(host, 0.0) - monotonic())

    def _delay(self, delay: float | None) -> float:
        return self._default_delay if delay is None else delay
