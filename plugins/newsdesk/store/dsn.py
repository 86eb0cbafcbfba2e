"""What may be said of a database's address: where it leads, and never its password.

libpq quotes in its errors what it could not read, and an address with an unescaped `@`, `/` or blank in its password is
cut in the wrong place: then a part of the password stands for the host, the port or the database. So an address is
shown by its parts, and only by those that look like what they should be.
"""

from __future__ import annotations

import re

from psycopg2 import ProgrammingError
from psycopg2.extensions import make_dsn, parse_dsn

_FORM = "postgresql://user:password@host:port/database, with %40 for @, %2F for / and %20 for a blank in the password"
_QUOTED = re.compile('".*"', re.DOTALL)
_SECRETS = ("password", "sslpassword")
_LEAST = 4  # characters: a shorter one would be seen by where it is missing


def place_of(dsn: str) -> str:
    """Where the address leads, such as `postgresql://desk@db.example:5432/news`."""
    try:
        parts = parse_dsn(dsn)
    except (ProgrammingError, ValueError):
        return "(not a PostgreSQL DSN)"
    shown = {key: "***" if value in _misread(parts) else value for key, value in parts.items()}
    user = f"{shown['user']}@" if "user" in shown else ""
    port = f":{shown['port']}" if "port" in shown else ""
    host = shown.get("host", shown.get("hostaddr", ""))
    is_socket = host.startswith(("/", "@"))
    return f"postgresql://{user}{'' if is_socket else host}{port}/{shown.get('dbname', '')}" + (
        f"?host={host}" if is_socket else ""
    )


def without_secrets(said: str, dsn: str) -> str:
    """The text of an error about the address, without what may be its password."""
    try:
        parts = parse_dsn(dsn)
    except (ProgrammingError, ValueError):
        # from the first quotation mark to the last: a password may have some of its own
        said = _QUOTED.sub("…", said).strip()
        return f"{said}. Its form is {_FORM}"
    hidden = [parts[key] for key in _SECRETS if len(parts.get(key, "")) >= _LEAST] + _misread(parts)
    for value in sorted(hidden, key=len, reverse=True):
        said = said.replace(value, "***")
    return said.strip()


def without_passwords(dsn: str) -> str:
    """The same address in libpq's words for arguments, which are for all to see."""
    return str(make_dsn(**{key: value for key, value in parse_dsn(dsn).items() if key not in _SECRETS}))


def _misread(parts: dict[str, str]) -> list[str]:
    """Values that can be the rest of a password that the address did not escape."""
    host, port, name = parts.get("host", ""), parts.get("port", ""), parts.get("dbname", "")
    return [
        value
        for value, is_well in (
            (host, "@" not in host.lstrip("@") and not set(host) & set(" ?#")),
            (port, not port.strip("0123456789,")),
            (name, "@" not in name),
        )
        if value and not is_well
    ]
