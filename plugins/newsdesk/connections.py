"""Airflow's connections, as its environment variables have them: for commands, which know nothing of Airflow.

`AIRFLOW_CONN_<NAME>` holds a connection as JSON, or as a URI whose query is its extra
(https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html). Tasks ask Airflow itself, which also knows
its own table and secrets backends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from newsdesk.errors import ConfigError

NEWS_DB = "news_db"  # the connection of the news database
POSTGRES = ("postgres", "postgresql")  # what its connections call their type

# libpq's words that an operator may put into the connection's "extra"; the rest there is Airflow's own
_LIBPQ_EXTRAS = frozenset({
    "application_name", "connect_timeout", "host", "options", "passfile", "service", "sslcert", "sslcrl", "sslkey",
    "sslmode", "sslpassword", "sslrootcert", "target_session_attrs",
})  # fmt: skip


class Connection(NamedTuple):
    """What Airflow keeps of one; empty where it says nothing."""

    name: str
    conn_type: str
    host: str
    port: int | None
    login: str
    password: str
    schema: str
    extra: Mapping[str, Any]


def variable(name: str) -> str:
    """The environment variable that holds the connection."""
    return f"AIRFLOW_CONN_{name.upper()}"


def read_connection(name: str, env: Mapping[str, str]) -> Connection | None:
    """The connection of this name; None where no variable holds it. ConfigError, without its value, if it cannot be read."""
    raw = env.get(variable(name), "").strip()
    if not raw:
        return None
    try:
        return _from_json(name, raw) if raw.startswith("{") else from_uri(name, raw)
    except (ValueError, TypeError, AttributeError):
        raise ConfigError(
            f"{variable(name)} is neither a JSON object nor a URI such as postgresql://user:password@host:port/database"
        ) from None


def news_dsn(env: Mapping[str, str]) -> str | None:
    """The address of the news database: the connection `news_db`, else NEWSDESK_DSN; None: the embedded one.

    ConfigError where the connection cannot be read, or is not PostgreSQL's.
    """
    connection = read_connection(NEWS_DB, env)
    return dsn_of(connection) if connection else env.get("NEWSDESK_DSN") or None


def request_headers(name: str, env: Mapping[str, str]) -> dict[str, str]:
    """The headers of requests that a source's file names by their connection: what stands in its extra.

    ConfigError where no variable holds it, or not readably.
    """
    connection = read_connection(name, env)
    if connection is None:
        raise ConfigError(f"a source names the connection {name!r} for its headers: define {variable(name)}")
    return {str(key): str(value) for key, value in connection.extra.items()}


def dsn_of(connection: Connection) -> str:
    """A connection as a libpq URI. A host that begins with / is a socket's folder. ConfigError if it is not PostgreSQL's."""
    if connection.conn_type not in POSTGRES:
        raise ConfigError(f"connection {connection.name} is of type {connection.conn_type!r}: it must be Postgres")
    user = quote(connection.login, safe="")
    if connection.password:
        user += ":" + quote(connection.password, safe="")
    extra = {key: str(value) for key, value in connection.extra.items() if key in _LIBPQ_EXTRAS}
    host, port = connection.host, connection.port
    if host.startswith("/"):
        extra = {"host": host, "port": str(port or 5432), **extra}
        host, port = "", None
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"  # IPv6
    address = f"{user}@{host}" if user else host
    if port:
        address += f":{port}"
    query = f"?{urlencode(extra, quote_via=quote)}" if extra else ""
    return f"postgresql://{address}/{quote(connection.schema, safe='')}{query}"


def _from_json(name: str, raw: str) -> Connection:
    found = json.loads(raw)
    extra = found.get("extra") or {}
    return Connection(
        name,
        conn_type=_text(found, "conn_type"),
        host=_text(found, "host"),
        port=int(found["port"]) if found.get("port") else None,
        login=_text(found, "login"),
        password=_text(found, "password"),
        schema=_text(found, "schema"),
        extra=_object(json.loads(extra) if isinstance(extra, str) else extra),
    )


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return "" if value is None else str(value)


def _object(extra: Any) -> dict[str, Any]:
    if not isinstance(extra, dict):
        raise ValueError("extra is no object")
    return extra


def from_uri(name: str, raw: str) -> Connection:
    """As Airflow reads one: `__extra__` stands for the whole of the query. ValueError where it is none.

    Of PostgreSQL's, host (a socket's folder) and port may stand in the query, as libpq has them.
    """
    if "://" not in raw:
        raise ValueError("no URI")
    parts = urlsplit(raw)
    extra: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "__extra__" in extra:
        extra = _object(json.loads(extra["__extra__"] or "{}"))
    host, port = unquote(parts.hostname or ""), parts.port
    if parts.scheme in POSTGRES:
        host = str(extra.pop("host", "") or host)
        port = int(extra.pop("port", 0) or 0) or port
    return Connection(
        name,
        parts.scheme.replace("-", "_"),
        host,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.path.removeprefix("/")),
        extra,
    )
