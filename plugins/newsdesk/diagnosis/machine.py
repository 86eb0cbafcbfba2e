"""The machine: the home's folder, its disk, ports, the way to the web."""

from __future__ import annotations

import errno
import os
import queue
import shutil
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from newsdesk.diagnosis.checking import Finding, fault, ok, unknown, warn
from newsdesk.model import Source

_FULL = 200 * 10**6  # bytes free: PostgreSQL stops soon below it
_LITTLE = 2 * 10**9
_SECRETS = ("airflow/keys.json", "airflow/passwords.json")
_UI, _NEWSROOM = 8080, 8701  # Airflow's pages; the demo's newspapers
_ASKED = ("2606:4700:4700::1111", "1.1.1.1")  # only a route to them is looked for: nothing is sent


def writable(folder: Path) -> str | None:
    """Why nothing can be written into the folder, or into the nearest one above that is there; None: it can.

    Tried with a file without a name, which is gone with its last byte: permissions do not tell of all (a file system
    that is read-only, a quota, root).
    """
    place = folder
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return f"{place}: {error.strerror or error}"
    return None


def home(folder: Path) -> Finding:
    if set(str(folder)) & set('"$`\\\n'):
        return fault("home", f"{folder} has a quote, $, ` or \\ in its path", "Set NEWSDESK_HOME to a folder without")
    if why := writable(folder):
        if os.strerror(errno.ENOSPC) in why or os.strerror(errno.EDQUOT) in why:
            return fault("home", why, "Free some space, or set NEWSDESK_HOME to a folder on another disk")
        return fault(
            "home", f"cannot be written: {why}", "Set NEWSDESK_HOME to a folder of your own, or give it to this user"
        )
    return ok("home", f"{folder}{'' if folder.is_dir() else ' is not there yet; it will be made'}")


def modes(folder: Path) -> Finding:
    """What others may read of the secrets in the home, or change in it."""
    open_ = []
    if folder.is_dir() and folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        open_.append(f"chmod go-w {folder}")
    secrets = [file for name in _SECRETS if (file := folder / name).is_file() and file.stat().st_mode & 0o077]
    open_ += [f"chmod 600 {file}" for file in secrets]
    if open_:
        return fault("modes", "others may read passwords or change files in the home", "; ".join(open_))
    return ok("modes", "what is secret is this user's alone")


def disk(check: str, folder: Path, setting: str) -> Finding:
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    usage = shutil.disk_usage(place)
    seen = f"{usage.free / 1e9:,.1f} GB free of {usage.total / 1e9:,.1f} at {place}"
    remedy = f"Free some space, or set {setting} to a folder on a larger disk"
    if usage.free < _FULL:
        return fault(check, seen, remedy)
    files = os.statvfs(place)
    if files.f_files and files.f_favail < 1000:
        return fault(check, f"{files.f_favail} files more can be made at {place} (inodes)", remedy)
    return warn(check, seen, remedy) if usage.free < _LITTLE else ok(check, seen)


def ports(env: Mapping[str, str], runs: bool) -> list[Finding]:
    """`runs`: our own Airflow is up, and holds them rightly."""
    if runs:
        return [ok("ports", "held by the Airflow that runs here")]
    raw = env.get("NEWSDESK_PORT", "").strip()
    if raw.isdecimal() and 0 < int(raw) < 65536 and (who := taken(int(raw))):
        return [fault("ports", f"NEWSDESK_PORT={raw} is taken {who}", "Set NEWSDESK_PORT to another, or unset it")]
    if not raw and (who := taken(_UI)):
        return [
            warn(
                "ports",
                f"{_UI} is taken {who}: `newsdesk start` would take the next free one",
                "Set NEWSDESK_PORT to have Airflow always at the same address",
            )
        ]
    if who := taken(_NEWSROOM):
        return [
            warn(
                "ports",
                f"{_NEWSROOM} is taken {who}: it is the first of the demo's",
                "`newsdesk demo --port` takes another",
            )
        ]
    return [ok("ports", f"{raw or _UI} and {_NEWSROOM} are free")]


def taken(port: int) -> str | None:
    """By whom, as far as this user may know; None: the port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return _holder(port) if error.errno == errno.EADDRINUSE else f"({error.strerror})"
    return None


def _holder(port: int) -> str:
    try:
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid:
                return f"by {psutil.Process(one.pid).name()} (process {one.pid})"
    except psutil.Error:
        pass
    return "by another program"


def routes() -> Finding:
    """Whether packets would find a way out; none is sent."""
    there = [
        family.name
        for family, address in zip((socket.AF_INET6, socket.AF_INET), _ASKED, strict=True)
        if _route(family, address)
    ]
    if not there:
        return fault(
            "network",
            "no way to the internet, by IPv4 or IPv6",
            "Bring up the network (`ip route` is empty of a default)",
        )
    if there == ["AF_INET6"]:
        return warn("network", "IPv6 alone; many publishers have only IPv4", "Ask for IPv4 or NAT64 at the provider")
    return ok(
        "network", "IPv4 and IPv6" if len(there) == 2 else "IPv4; hosts that have only IPv6 addresses are out of reach"
    )


def _route(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 53))
    except OSError:
        return False
    return True


def names(sources: Sequence[Source], seconds: float = 6.0) -> Finding:
    """Whether the sources' hosts have addresses; up to five are asked for, and one that has is enough."""
    hosts = list(dict.fromkeys(host for one in sources if one.enabled and (host := urlsplit(one.homepage).hostname)))[
        :5
    ]
    if not hosts:
        return unknown("name service", "there is no source whose host could be looked up")
    answers: queue.SimpleQueue[tuple[str, str, str]] = queue.SimpleQueue()
    for host in hosts:
        threading.Thread(target=lambda host=host: answers.put((host, *_address(host))), daemon=True).start()
    said = dict.fromkeys(hosts, f"no answer within {seconds:g} s")
    until = time.monotonic() + seconds
    for _ in hosts:
        try:
            host, address, why = answers.get(timeout=max(until - time.monotonic(), 0.001))
        except queue.Empty:
            break
        if address:
            return ok("name service", f"{host} is {address}")
        said[host] = why
    return fault(
        "name service",
        f"no address: {', '.join(f'{host} ({why})' for host, why in said.items())}",
        "Check /etc/resolv.conf and that port 53 is open; or the sources' homepages, if the names are wrong",
    )


def _address(host: str) -> tuple[str, str]:
    """One of its addresses, or why it has none."""
    try:
        return min(str(row[4][0]) for row in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)), ""
    except OSError as error:
        return "", error.strerror or str(error)
    except UnicodeError as error:
        return "", str(error)
