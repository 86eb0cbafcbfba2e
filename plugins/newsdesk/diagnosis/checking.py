"""A check's answer, and how checks are made: side by side, each within seconds, whatever one of them does."""

from __future__ import annotations

import enum
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class State(enum.StrEnum):
    OK = "ok"
    WARN = "warn"  # works, and may not do what you want
    FAULT = "fault"  # something does not work
    UNKNOWN = "unknown"  # could not be looked at; `seen` says why


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. `remedy` is empty only where there is nothing to do."""

    check: str
    state: State
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that share their way to the facts (one connection, one process). `look` answers each of `checks`."""

    checks: tuple[str, ...]
    look: Callable[[], Sequence[Finding]]
    seconds: float = 10.0


def ok(check: str, seen: str) -> Finding:
    return Finding(check, State.OK, seen)


def warn(check: str, seen: str, remedy: str) -> Finding:
    return Finding(check, State.WARN, seen, remedy)


def fault(check: str, seen: str, remedy: str) -> Finding:
    return Finding(check, State.FAULT, seen, remedy)


def unknown(check: str, seen: str, remedy: str = "") -> Finding:
    return Finding(check, State.UNKNOWN, seen, remedy)


def make(groups: Sequence[Group]) -> list[Finding]:
    """All findings, in the groups' order. A group that takes longer than its seconds, or breaks, is said to have.

    Its thread is left behind: no call into a resolver or a driver can be taken back.
    """
    answers: queue.SimpleQueue[tuple[int, Sequence[Finding]]] = queue.SimpleQueue()

    def work(number: int, group: Group) -> None:
        answers.put((number, _looked(group)))

    began = time.monotonic()
    for number, group in enumerate(groups):
        threading.Thread(target=work, args=(number, group), daemon=True, name=f"check {group.checks[0]}").start()
    found: dict[int, Sequence[Finding]] = {}
    waited_for = dict(enumerate(groups))
    while waited_for:
        now = time.monotonic() - began
        for number, group in list(waited_for.items()):
            if now >= group.seconds:
                del waited_for[number]
                found[number] = [unknown(name, f"no answer within {group.seconds:g} s") for name in group.checks]
        if not waited_for:
            break
        try:
            number, findings = answers.get(timeout=min(group.seconds for group in waited_for.values()) - now)
        except queue.Empty:
            continue
        if waited_for.pop(number, None):
            found[number] = findings
    return [finding for number in range(len(groups)) for finding in found[number]]


def _looked(group: Group) -> Sequence[Finding]:
    try:
        found = list(group.look())
    except Exception as error:  # noqa: BLE001 - a check that breaks must not cost the others' answers
        return [unknown(name, f"the check itself broke: {type(error).__name__}: {error}") for name in group.checks]
    made = {finding.check for finding in found}
    return [
        *found,
        *(unknown(name, f"not looked at: see {group.checks[0]}") for name in group.checks if name not in made),
    ]
