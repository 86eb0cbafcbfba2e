"""What a doctor asks of the database: who it is, what it lets us do, what its clock says. Nothing is written."""

from __future__ import annotations

import time
from dataclasses import dataclass

from newsdesk.errors import MigrationError
from newsdesk.store import migrate
from newsdesk.store.database import session

PATIENCE = "5s"  # of each question

_SCHEMAS = ("ops", "news")
# has_table_privilege with a list asks for any of them
_LACKING = """
SELECT format('%%I.%%I', n.nspname, c.relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT (
    has_schema_privilege(n.oid, 'USAGE')
    AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
    AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one database, as the login that asked sees it."""

    server: int  # server_version_num: 170002 is 17.2
    user: str
    encoding: str
    read_only: bool  # default_transaction_read_only
    standby: bool
    clock_ahead: float  # seconds by which its clock is before ours
    connections: int
    most_connections: int
    pending: tuple[str, ...]  # migrations that it lacks
    newer: str | None  # what migrate() would say of a database that is newer, or edited
    may_migrate: bool
    lacking: tuple[str, ...]  # tables that this login may not read and write


def facts(dsn: str) -> Facts:
    """DatabaseUnreachable and ConfigError as `store.database.connect` has them."""
    with session(dsn) as begin, begin() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", (PATIENCE,))
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (clock,) = cursor.fetchone() or (0.0,)
        ahead = clock - (before + time.time()) / 2
        cursor.execute(
            """
            SELECT current_setting('server_version_num')::int, current_user::text, current_setting('server_encoding'),
                current_setting('default_transaction_read_only') = 'on', pg_is_in_recovery(),
                (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
                current_setting('max_connections')::int,
                has_database_privilege(current_database(), 'CREATE')
            """
        )
        server, user, encoding, read_only, standby, connections, most, may_migrate = cursor.fetchone() or ()
        cursor.execute(_LACKING, (list(_SCHEMAS),))
        lacking = tuple(name for (name,) in cursor.fetchall())
        pending: tuple[str, ...] = ()
        newer = None
        cursor.execute("SELECT coalesce(has_table_privilege(to_regclass('public.newsdesk_migration'), 'SELECT'), true)")
        if cursor.fetchone() == (True,):
            try:
                pending = tuple(migrate.pending(dsn))
            except MigrationError as error:
                newer = str(error)
    return Facts(
        server, user, encoding, read_only, standby, ahead, connections, most, pending, newer, may_migrate, lacking
    )
