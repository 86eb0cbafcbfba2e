"""What every command shares: our errors as one clear line, and the way to the database."""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def open_database(settings: Settings, *, keep: bool = False) -> Iterator[str]:
    """The DSN of the news database: NEWSDESK_DSN, else the embedded one, started where it does not run.

    What was started here is stopped again, but for `keep`.
    """
    from newsdesk.local import postgres
    from newsdesk.store.migrate import migrate

    if settings.dsn:
        migrate(settings.dsn)
        yield settings.dsn
        return
    was_running = postgres.running(settings.home) is not None
    dsn = postgres.start(settings.home)
    try:
        migrate(dsn)
        yield dsn
    finally:
        if not was_running and not keep:
            postgres.stop(settings.home)


@contextmanager
def open_desk() -> Iterator[Desk]:
    from newsdesk.desk import Desk

    settings = read_settings()
    with open_database(settings) as dsn:
        yield Desk(settings, dsn)
