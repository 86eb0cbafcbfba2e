"""The news database: reached, of this version, ours to write to, with the same time of day."""

from __future__ import annotations

from pathlib import Path

from newsdesk.diagnosis.checking import Finding, fault, ok, unknown, warn
from newsdesk.errors import NewsdeskError
from newsdesk.local import postgres, postgres_programs
from newsdesk.settings import Settings
from newsdesk.store import diagnosis
from newsdesk.store.dsn import place_of

CHECKS = (
    "database", "database server", "database version", "database rights", "database writable", "database connections",
    "clock",
)  # fmt: skip
LEAST_SERVER = 15  # ops uses its NULLS NOT DISTINCT; releases are tried with 17 and 18
_SKEW = 2.0  # seconds; visits are planned by the database's clock, and taken by ours
_MUCH_SKEW = 60.0

# what libpq says -> what is wrong, and what to do
_REFUSALS = (
    ("password authentication failed", "wrong user or password", "Mend them in NEWSDESK_DSN (or in the Airflow connection news_db)"),
    ("no password supplied", "it asks for a password", "Put it into NEWSDESK_DSN: postgresql://user:password@host:port/database"),
    ("no pg_hba.conf entry", "the server lets nobody in from here", "Add this host, user and database to its pg_hba.conf, and reload it"),
    ("authentication failed", "the server does not take this user from here", "See the lines for it in the server's pg_hba.conf"),
    ("role \"", "there is no such user", "CREATE ROLE … LOGIN PASSWORD '…' as a superuser, or name another in NEWSDESK_DSN"),
    ("database \"", "there is no such database", "CREATE DATABASE … as a superuser, or name another in NEWSDESK_DSN; then `newsdesk migrate`"),
    ("Connection refused", "nothing listens there", "Start the server, or mend host and port in NEWSDESK_DSN; its listen_addresses must name this network"),
    ("No such file", "there is no such socket", "Start the server, or mend host and port in NEWSDESK_DSN"),
    ("could not translate host name", "the host has no address", "Mend the host in NEWSDESK_DSN, or the name service"),
    ("timeout", "no answer", "A firewall drops the packets, or the host is down: check it and port 5432"),
    ("too many clients", "all its connections are in use", "Raise max_connections, or end idle ones (pg_stat_activity)"),
    ("remaining connection slots", "all its connections are in use", "Raise max_connections, or end idle ones (pg_stat_activity)"),
    ("starting up", "it is starting up", "Wait; after a crash it first reads its log"),
    ("SSL", "the two cannot agree on TLS", "Set sslmode in NEWSDESK_DSN as the server wants it (require, disable)"),
)  # fmt: skip


def check(settings: Settings) -> list[Finding]:
    try:
        dsn = settings.dsn or postgres.running(settings.home)
    except NewsdeskError as error:
        return [fault("database", str(error), "Start newsdesk as the account that made it")]
    if dsn is None:
        return [_embedded_away(settings.home)]
    try:
        facts = diagnosis.facts(dsn)
    except NewsdeskError as error:
        return [_refused(str(error))]
    where = place_of(dsn) if settings.dsn else f"embedded, in {settings.home / 'postgres'}"
    return [ok("database", where), *judge(facts)]


def judge(facts: diagnosis.Facts) -> list[Finding]:
    """What there is to say of a database that answers."""
    return [_server(facts), _version(facts), _rights(facts), _writable(facts), _connections(facts), _clock(facts)]


def _embedded_away(home: Path) -> Finding:
    data = home / "postgres"
    if (version := data / "PG_VERSION").is_file() and (made := version.read_text().strip()) != postgres_programs.MAJOR:
        return fault(
            "database", f"{data} was made by PostgreSQL {made}, the embedded one is {postgres_programs.MAJOR}",
            "Dump it with that version's pg_dump and load it here, or move the folder away to begin anew",
        )  # fmt: skip
    return unknown(
        "database", "the embedded one does not run" if data.is_dir() else "the embedded one is not made yet",
        "`newsdesk dsn` starts it (so does any command that needs it), then ask again; or set NEWSDESK_DSN to one of yours",
    )  # fmt: skip


def _refused(words: str) -> Finding:
    for said, what, remedy in _REFUSALS:
        if said in words and not (said == 'database "' and "does not exist" not in words):
            return fault("database", f"{what}: {words.partition('. Check that')[0]}", remedy)
    return fault("database", words, "Mend NEWSDESK_DSN: postgresql://user:password@host:port/database")


def _server(facts: diagnosis.Facts) -> Finding:
    version = f"PostgreSQL {facts.server // 10000}.{facts.server % 10000}"
    if facts.server < LEAST_SERVER * 10000:
        return fault(
            "database server",
            version,
            f"newsdesk needs PostgreSQL {LEAST_SERVER} or later: upgrade the server (pg_upgrade)",
        )
    if facts.encoding != "UTF8":
        return fault(
            "database server",
            f"{version}, encoding {facts.encoding}",
            "Make the database anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )
    return ok("database server", f"{version}, {facts.encoding}")


def _version(facts: diagnosis.Facts) -> Finding:
    if facts.newer:
        return fault("database version", facts.newer, "Install the newsdesk that migrated it, or one that is newer")
    if facts.pending:
        who = (
            "`newsdesk migrate`"
            if facts.may_migrate
            else f"`newsdesk migrate` as the database's owner: {facts.user} may not make tables"
        )
        return fault(
            "database version", f"{len(facts.pending)} migrations are lacking, the first is {facts.pending[0]}", who
        )
    return ok("database version", "as this version of newsdesk has it")


def _rights(facts: diagnosis.Facts) -> Finding:
    if facts.lacking:
        return fault(
            "database rights",
            f"{facts.user} may not read and write {len(facts.lacking)} tables, such as {', '.join(facts.lacking[:3])}",
            f'As the owner: GRANT news_writer TO "{facts.user}"',
        )
    return ok("database rights", f"{facts.user} may read and write what there is")


def _writable(facts: diagnosis.Facts) -> Finding:
    if facts.standby:
        return fault(
            "database writable",
            "a standby that follows another server: it takes no rows",
            "Name the primary server in NEWSDESK_DSN",
        )
    if facts.read_only:
        return fault(
            "database writable", "default_transaction_read_only is on (often set when its disk ran full)",
            "Free its disk, then ALTER SYSTEM, ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only",
        )  # fmt: skip
    return ok("database writable", "takes rows")


def _connections(facts: diagnosis.Facts) -> Finding:
    seen = f"{facts.connections} of {facts.most_connections} in use"
    if facts.connections > 0.9 * facts.most_connections:
        return warn("database connections", seen, "Raise max_connections, or end idle ones (pg_stat_activity)")
    return ok("database connections", seen)


def _clock(facts: diagnosis.Facts) -> Finding:
    ahead = facts.clock_ahead
    if abs(ahead) < _SKEW:
        return ok("clock", f"the database's and ours are {abs(ahead):.1f} s apart")
    seen = f"the database's clock is {abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} ours"
    remedy = "Set both machines' clocks by NTP (`timedatectl set-ntp true`)"
    return fault("clock", seen, remedy) if abs(ahead) >= _MUCH_SKEW else warn("clock", seen, remedy)
