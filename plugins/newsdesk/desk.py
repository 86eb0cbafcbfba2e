"""What every step of the pipeline is handed: the settings, the database, and a way to secrets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsdesk.errors import ConfigError
from newsdesk.settings import Settings
from newsdesk.visiting import Guest


def connection_headers(name: str) -> Mapping[str, str]:
    """Request headers from AIRFLOW_CONN_<NAME>, a JSON object whose `extra` holds them: without Airflow."""
    raw = os.environ.get(f"AIRFLOW_CONN_{name.upper()}")
    if raw is None:
        raise ConfigError(f"a source names the connection {name!r} for its headers: define AIRFLOW_CONN_{name.upper()}")
    try:
        extra = json.loads(raw).get("extra", {})
    except (ValueError, AttributeError):
        raise ConfigError(f'AIRFLOW_CONN_{name.upper()} must be a JSON object with an "extra"') from None
    found = json.loads(extra) if isinstance(extra, str) else extra
    return {str(key): str(value) for key, value in found.items()}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step needs: the settings and the database.

    `send(kind, connection, subject, lines)` tells people through a channel, or raises ChannelFailed; None: there is no
    way to connections here, so nobody is told but the log. `pages`: the address of the desk's pages, where it is known.
    """

    settings: Settings
    dsn: str
    headers_of: Callable[[str], Mapping[str, str]] = connection_headers
    send: Callable[[str, str, str, Sequence[str]], None] | None = None
    pages: str = ""

    def guest(self) -> Guest:
        return Guest(self.settings, self.dsn, self.headers_of)
