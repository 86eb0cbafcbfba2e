"""What a cluster's first service does with the owner's rights: databases, logins, and the mark that all is ready.

The mark names the version that made everything ready, so that services of another version wait: in an upgrade none of
the new ones starts before its migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from psycopg2 import errors
from psycopg2.extensions import encrypt_password, make_dsn, parse_dsn
from psycopg2.sql import SQL, Identifier, Literal

from newsdesk import __version__
from newsdesk.errors import ConfigError
from newsdesk.store.database import autocommitting, transaction
from newsdesk.store.migrate import latest


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects to which database, as a DSN tells it."""

    name: str
    password: str
    database: str


def login_of(dsn: str) -> Login:
    """The login of a PostgreSQL URL, also of SQLAlchemy's form (`postgresql+psycopg2://…`). ConfigError if it lacks a part."""
    scheme, sign, rest = dsn.partition("://")
    parts = parse_dsn(f"{scheme.partition('+')[0]}{sign}{rest}")
    try:
        return Login(parts["user"], parts["password"], parts["dbname"])
    except KeyError as missing:
        raise ConfigError(f"the DSN of a login has no {missing.args[0]}") from None


def make_databases(admin_dsn: str, metadata: Login, writer: Login) -> None:
    """Airflow's database, owned by its login; the news database, owned by the administrator; the writers' login.

    Idempotent: what is there stays, but for passwords, which are those of the logins from now on. The administrator's own
    login is left as it is.
    """
    admin = login_of(admin_dsn)
    with autocommitting(make_dsn(admin_dsn, dbname="postgres")) as cursor:  # no database is created in a transaction
        for login in (metadata, writer):
            if login.name != admin.name:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login.name,))
                cursor.execute(
                    SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                        SQL("CREATE" if cursor.fetchone() is None else "ALTER"), Identifier(login.name),
                        Literal(encrypt_password(login.password, login.name, cursor.connection, "scram-sha-256")),
                    )
                )  # fmt: skip
        for database, owner in ((metadata.database, metadata.name), (writer.database, admin.name)):
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                cursor.execute(SQL("CREATE DATABASE {} OWNER {}").format(Identifier(database), Identifier(owner)))


def admit_writer(admin_dsn: str, writer: Login) -> None:
    """Let the login write news; for after the migration, which makes the role `news_writer`."""
    with transaction(admin_dsn) as cursor:
        cursor.execute(SQL("GRANT news_writer TO {}").format(Identifier(writer.name)))


def our_mark() -> str:
    """What this installation needs to be ready: its version, Airflow's, its last migration."""
    return f"newsdesk {__version__}, Airflow {version('apache-airflow')}, {latest()}"


def mark(dsn: str) -> str | None:
    """The mark that stands in the database; None: nothing is ready."""
    with transaction(dsn) as cursor:
        cursor.execute("SELECT to_regclass('public.newsdesk_ready') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return None
        try:
            cursor.execute("SELECT what FROM public.newsdesk_ready")
        except (errors.UndefinedColumn, errors.InsufficientPrivilege):  # an earlier version's, without a word in it
            return None
        found = cursor.fetchone()
        return str(found[0]) if found else None


def clear_mark(admin_dsn: str) -> None:
    with transaction(admin_dsn) as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.newsdesk_ready")


def set_mark(admin_dsn: str) -> None:
    with transaction(admin_dsn) as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.newsdesk_ready")
        cursor.execute("CREATE TABLE public.newsdesk_ready (what text NOT NULL)")
        cursor.execute("INSERT INTO public.newsdesk_ready VALUES (%s)", (our_mark(),))
        cursor.execute("GRANT SELECT ON public.newsdesk_ready TO news_writer")
