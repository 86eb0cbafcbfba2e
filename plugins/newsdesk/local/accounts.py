"""Which account the embedded PostgreSQL runs as, and that account's way to its files.

A normal user's server runs as that user. PostgreSQL refuses to run as root: root's runs as the owner of its
data, at first `postgres` where there is such an account, else `nobody`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from newsdesk.errors import ConfigError

log = logging.getLogger(__name__)

_LONGEST_SOCKET = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS and the BSDs


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """The account for the server whose data lie in `data` (which need not exist); None: it runs as ourselves."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ConfigError(belongs_to_another(data))
        return None
    for known in (owner, "postgres", "nobody"):
        try:
            entry = pwd.getpwuid(known) if isinstance(known, int) else pwd.getpwnam(known) if known else None
        except KeyError:
            continue
        if entry is not None and entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ConfigError(
        "PostgreSQL does not run as root, and there is no account postgres or nobody to run it as: "
        "start newsdesk as a normal user, or set NEWSDESK_DSN to a database of your own"
    )


def belongs_to_another(data: Path) -> str:
    return (
        f"{data} belongs to another account: start newsdesk as the user who made it, "
        "or set NEWSDESK_HOME to a new folder"
    )


def let_through(path: Path, account: Account | None) -> None:
    """Let `account` pass through the folders above `path`: their `x` bit, never their `r` bit."""
    if account is None:
        return
    for folder in path.resolve().parents:
        state = folder.stat()
        bit = stat.S_IXOTH
        if state.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif state.st_gid == account.gid:
            bit = stat.S_IXGRP
        if state.st_mode & bit:
            continue
        try:
            folder.chmod(stat.S_IMODE(state.st_mode) | bit)
        except OSError as fault:
            raise ConfigError(
                f"PostgreSQL runs as {account.name}, who cannot pass through {folder} ({fault.strerror}): "
                "set NEWSDESK_HOME to a folder elsewhere, or start newsdesk as a normal user"
            ) from None
        log.warning("%s: others may now pass through (not read), so that PostgreSQL runs as %s", folder, account.name)


def socket_folder(data: Path, account: Account | None) -> Path:
    """The data folder; or, where no client could name a socket there, one of ours in the temporary folder."""
    data = data.resolve()
    longest = _LONGEST_SOCKET - len("/.s.PGSQL.5432")
    if "," not in str(data) and len(os.fsencode(data)) <= longest:
        return data
    base = os.environ.get("XDG_RUNTIME_DIR") if account is None else None
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    for parent in (base, tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder made there is private, and checked below
        folder = Path(parent or "") / f"newsdesk-{name}"
        if parent and os.access(parent, os.W_OK) and len(os.fsencode(folder)) <= longest:
            break
    else:
        raise ConfigError(f"{data} is too long a path for a socket: set NEWSDESK_HOME to a shorter one")
    owner = os.geteuid() if account is None else account.uid
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if state.st_uid == os.geteuid() != owner and account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner or stat.S_IMODE(state.st_mode) & 0o077:
        raise ConfigError(
            f"{folder} is not a private folder of ours: remove it, or set NEWSDESK_HOME to a shorter path"
        )
    return folder
