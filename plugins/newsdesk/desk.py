"""What every step of the pipeline is handed: the settings, the database, and a way to secrets."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsdesk.connections import request_headers
from newsdesk.settings import Settings
from newsdesk.visiting import Guest


def _headers_by_environment(name: str) -> Mapping[str, str]:
    return request_headers(name, os.environ)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step needs: the settings and the database.

    `send(kind, connection, subject, lines)` tells people through a channel, or raises ChannelFailed; None: there is no
    way to connections here, so nobody is told but the log. `pages`: the address of the desk's pages, where it is known.
    """

    settings: Settings
    dsn: str
    headers_of: Callable[[str], Mapping[str, str]] = _headers_by_environment
    send: Callable[[str, str, str, Sequence[str]], None] | None = None
    pages: str = ""

    def guest(self) -> Guest:
        return Guest(self.settings, self.dsn, self.headers_of)
