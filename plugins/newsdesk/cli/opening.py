"""What every command shares: our errors as one clear line, and the way to the database."""

from __future__ import annotations

import errno
import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from newsdesk.errors import CheckFailed, NewsdeskError
from newsdesk.settings import Settings, read_settings

if TYPE_CHECKING:
    from newsdesk.desk import Desk

# faults of the place that we write to, not of ours
_OF_THE_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)

Command = TypeVar("Command", bound=Callable[..., Any])


def told(command: Command) -> Command:
    """Our own errors as one clear line, without a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except CheckFailed as error:
            say(f"check failed: {error}")
            raise typer.Exit(1) from None
        except NewsdeskError as error:
            say(f"newsdesk: {error}")
            raise typer.Exit(2) from None
        except OSError as error:
            if error.errno not in _OF_THE_MACHINE:
                raise
            say(f"newsdesk: {error.strerror}" + (f": {error.filename}" if error.filename else ""))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            say("newsdesk: interrupted")
            raise

    return run  # type: ignore[return-value]


def say(line: str) -> None:
    print(line, file=sys.stderr)


def put_json(value: Any) -> None:
    """One JSON document on stdout, and nothing else there. Times are ISO 8601 in UTC, spans are seconds."""
    print(json.dumps(value, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    """What JSON has no word for."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case set() | frozenset():
            return sorted(value)
        case _ if is_dataclass(value):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _ if isinstance(value, Mapping):
            return dict(value)
        case _:
            return str(value)


@contextmanager
def open_server(settings: Settings, *, keep: bool = False) -> Iterator[str]:
    """The DSN of the news database: that of the settings, else the embedded one, started where it does not run.

    The embedded one is stopped by the last command that leaves it, but for `keep`.
    """
    if settings.dsn:
        yield settings.dsn
        return
    from newsdesk.local.sharing import in_use

    with in_use(settings.home, keep=keep) as dsn:
        yield dsn


@contextmanager
def open_database(settings: Settings, *, keep: bool = False) -> Iterator[str]:
    """As `open_server`, and the database is of this version."""
    from newsdesk.store.migrate import migrate

    with open_server(settings, keep=keep) as dsn:
        migrate(dsn)
        yield dsn


@contextmanager
def open_desk() -> Iterator[Desk]:
    from newsdesk.desk import Desk

    settings = read_settings()
    with open_database(settings) as dsn:
        yield Desk(settings, dsn)
