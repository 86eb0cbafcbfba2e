"""Log lines that say what they are about: `stage=fetch batch=12 url=345 …`, and the same as attributes of the record.

A line names rows by their ids, never what a page says or a secret: `newsdesk explain` and the desk show the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from newsdesk.model import Outcome

_about: ContextVar[tuple[tuple[str, int | str], ...]] = ContextVar("newsdesk_about", default=())


@contextmanager
def about(**what: int | str) -> Iterator[None]:
    """All lines inside tell `what` beside what those around them do. A thread needs `contextvars.copy_context()`."""
    token = _about.set((*_about.get(), *what.items()))
    try:
        yield
    finally:
        _about.reset(token)


def level_of(outcome: Outcome) -> int:
    """Of the line that tells a visit's end: INFO for what may be a fault, DEBUG for what is as it should be."""
    return logging.INFO if outcome.retryable or outcome is Outcome.QUARANTINED else logging.DEBUG


def logger(name: str) -> logging.Logger:
    """The module's logger, whose lines say what they are about."""
    made = logging.getLogger(name)
    made.addFilter(_tell)
    return made


def _tell(record: logging.LogRecord) -> bool:
    if told := dict(_about.get()):
        record.msg = f"{' '.join(f'{name}={value}' for name, value in told.items())} {record.msg}"
        record.__dict__.update({f"newsdesk_{name}": value for name, value in told.items()})
    return True
