"""Logins for analysts and their tools: members of news_reader, with limits of their own."""

from __future__ import annotations

from psycopg2 import errors
from psycopg2.extensions import encrypt_password
from psycopg2.sql import SQL, Identifier, Literal

from newsdesk.errors import ConfigError
from newsdesk.store.database import Cursor


def make_reader(cursor: Cursor, name: str, password: str, timeout_seconds: int) -> bool:
    """A login that may read `news` and nothing else; one that is there gets this password and limit. True: it is new.

    A role's settings do not pass to its members, so each login has its own: statements end after the timeout,
    transactions only read, `article` means news.article. The server gets the password's SCRAM verifier, not the password.
    ConfigError where that login is more than a reader, or is somebody else's, or ours may make none.
    """
    cursor.execute(
        """
        SELECT pg_has_role(r.oid, 'news_reader', 'MEMBER'), r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR pg_has_role(r.oid, 'news_writer', 'MEMBER')
            OR EXISTS (SELECT 1 FROM pg_class AS c WHERE c.relowner = r.oid)
        FROM pg_roles AS r WHERE r.rolname = %s
        """,
        (name,),
    )
    found = cursor.fetchone()
    if found is not None:
        is_reader, is_more = found
        if is_more:
            raise ConfigError(f"{name} is a login of more rights than a reader's: take another name")
        if not is_reader:
            raise ConfigError(
                f"{name} is a login that this command did not make: take another name. If it is an analyst's, run "
                f"GRANT news_reader TO {name} first, and it gets this password and these limits"
            )
    role = Identifier(name)
    verifier = encrypt_password(password, name, cursor.connection, "scram-sha-256")
    try:
        cursor.execute(
            SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                SQL("CREATE" if found is None else "ALTER"), role, Literal(verifier)
            )
        )
        cursor.execute(SQL("GRANT news_reader TO {}").format(role))
    except errors.InsufficientPrivilege as error:
        raise ConfigError(
            f"this login may make no others ({str(error).splitlines()[0]}): run it as the database's owner or a superuser"
        ) from None
    for setting, value in (
        ("statement_timeout", f"{timeout_seconds}s"),
        ("idle_in_transaction_session_timeout", "10min"),
        ("default_transaction_read_only", "on"),
        ("search_path", "news"),
    ):
        cursor.execute(SQL("ALTER ROLE {} SET {} = {}").format(role, Identifier(setting), Literal(value)))
    return found is None
