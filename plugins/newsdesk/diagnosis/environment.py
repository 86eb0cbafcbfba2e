"""The process's environment: Python, settings and their values, proxies, how we name ourselves."""

from __future__ import annotations

import difflib
import importlib.metadata
import re
import sys
from collections.abc import Callable, Mapping

from newsdesk.connections import NEWS_DB, variable
from newsdesk.diagnosis.checking import Finding, fault, ok, warn
from newsdesk.errors import ConfigError
from newsdesk.exporting.formats import FORMATS
from newsdesk.settings import NAMES, Settings, approval, check_schedule, late_minutes, read_settings

# read elsewhere than in settings.py: by the local mode, the DAGs, the container's start, the tests
ELSEWHERE = frozenset({
    "NEWSDESK_PORT", "NEWSDESK_SCHEDULE", "NEWSDESK_READER_PASSWORD", "NEWSDESK_ADMIN_DSN", "NEWSDESK_WRITER_DSN",
    "NEWSDESK_SHARED_DATA",
})  # fmt: skip
KNOWN = NAMES | ELSEWHERE

_CONTACT = re.compile(r"https?://\S+\.\S+|[\w.+-]+@[\w-]+\.\w+")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_NOT_A_HEADER = re.compile(r"[^\x20-\x7e]")


def python(version: tuple[int, int] | None = None, requires: str | None = None) -> Finding:
    """`version`, `requires`: default to this process's and to what the installed package asks for."""
    version = version or (sys.version_info.major, sys.version_info.minor)
    requires = requires or str(importlib.metadata.metadata("newsdesk").json.get("requires_python", ""))
    seen = f"Python {version[0]}.{version[1]}"
    for sign, major, minor in re.findall(r"(>=|<)\s*(\d+)\.(\d+)", requires):
        bound = (int(major), int(minor))
        if (version < bound) if sign == ">=" else (version >= bound):
            return fault("python", seen, f"newsdesk needs Python {requires}: make its environment anew with such a one")
    return ok("python", seen)


def unknown_settings(env: Mapping[str, str]) -> Finding:
    strange = sorted(name for name in env if name.startswith("NEWSDESK_") and name not in KNOWN)
    if not strange:
        return ok("settings known", f"{sum(name in KNOWN for name in env)} are set, each is known")
    ends = sorted(name.removeprefix("NEWSDESK_") for name in KNOWN)  # what all begin with makes all alike
    near = {name: difflib.get_close_matches(name.removeprefix("NEWSDESK_"), ends, 1) for name in strange}
    words = [
        f"{name} (do you mean NEWSDESK_{close[0]}?)" if close else f"{name} (unset it)" for name, close in near.items()
    ]
    return warn("settings known", f"read by nothing: {', '.join(strange)}", "; ".join(words))


def wrong_values(env: Mapping[str, str]) -> dict[str, str]:
    """Settings that cannot be read, with what is wrong with each; never a value that may be secret."""
    wrong: dict[str, str] = {}
    for name in sorted((NAMES | {variable(NEWS_DB)}) & env.keys()):
        beside = {other: env[other] for other in ("NEWSDESK_POLL_MIN",) if other in env and other not in wrong}
        try:
            read_settings({**(beside if name == "NEWSDESK_POLL_MAX" else {}), name: env[name]})
        except ConfigError as error:
            wrong[name] = str(error)
    if (form := env.get("NEWSDESK_EXPORT_FORMAT", "")) and form not in FORMATS:
        wrong["NEWSDESK_EXPORT_FORMAT"] = f"NEWSDESK_EXPORT_FORMAT={form!r} is none of {', '.join(FORMATS)}"
    if (port := env.get("NEWSDESK_PORT", "").strip()) and not (port.isdecimal() and 0 < int(port) < 65536):
        wrong["NEWSDESK_PORT"] = f"NEWSDESK_PORT={port!r} is not a port: a number from 1 to 65535"
    of_dags: Mapping[str, Callable[[], object]] = {
        "NEWSDESK_SCHEDULE": lambda: check_schedule("NEWSDESK_SCHEDULE", env.get("NEWSDESK_SCHEDULE", "")),
        "NEWSDESK_LATE_MINUTES": lambda: late_minutes(env),
        "NEWSDESK_APPROVAL_HOURS": lambda: approval(env),
    }
    for name, check in of_dags.items():
        try:
            check()
        except ConfigError as error:
            wrong[name] = str(error)
    if _NOT_A_HEADER.search(env.get("NEWSDESK_USER_AGENT", "")):
        wrong["NEWSDESK_USER_AGENT"] = "NEWSDESK_USER_AGENT has characters that no HTTP header may have: ASCII only"
    return wrong


def readable(env: Mapping[str, str]) -> Settings:
    """The settings, with the default in place of each that cannot be read."""
    wrong = wrong_values(env)
    return read_settings({name: value for name, value in env.items() if name not in wrong})


def values(env: Mapping[str, str]) -> Finding:
    wrong = wrong_values(env)
    if not wrong:
        return ok("settings' values", "each can be read")
    return fault("settings' values", "; ".join(wrong.values()), f"Mend or unset {', '.join(wrong)}")


def user_agent(settings: Settings) -> Finding:
    name = settings.user_agent
    if _CONTACT.search(name):
        return ok("user agent", name)
    return warn(
        "user agent",
        f"{name!r} tells no address at which you can be reached; some publishers refuse such visitors",
        'Set NEWSDESK_USER_AGENT="your-desk/1.0 (+https://your.site/bot; desk@your.site)"',
    )


def proxies(env: Mapping[str, str]) -> Finding:
    found = sorted(name for name in env if name.upper() in _PROXIES and env[name].strip())
    if not found:
        return ok("proxies", "none is set")
    exempt = {host.strip() for name in ("NO_PROXY", "no_proxy") for host in env.get(name, "").split(",")}
    loopback = (
        ""
        if exempt & {"*", "127.0.0.1"}
        else " Add 127.0.0.1,localhost to NO_PROXY: Airflow's tasks call its API there."
    )
    return warn(
        "proxies",
        f"{', '.join(found)}: newsdesk fetches without a proxy, as it must see which address it connects to",
        f"Let this machine reach the web by itself (ports 80 and 443).{loopback}",
    )
