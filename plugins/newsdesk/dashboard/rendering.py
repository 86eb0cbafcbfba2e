"""Templates, and how values are written in them. Everything is escaped; what is invisible in a text is made visible."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsdesk import characters
from newsdesk.dashboard.marking import changes

STATES = {  # word -> (colour, said)
    "ok": ("good", "comes in"), "failing": ("bad", "no endpoint answers"), "problem": ("bad", "not as it should be"),
    "quiet": ("warn", "quieter than usual"), "flood": ("warn", "more than usual"), "watch": ("warn", "worth a look"),
    "paused": ("off", "paused"), "rests": ("off", "its host is left alone for now"), "new": ("off", "not polled yet"), "off": ("off", "switched off"),
    "done": ("good", "done"), "running": ("busy", "running"), "failed": ("bad", "failed"),
}  # fmt: skip


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("newsdesk.dashboard"), autoescape=True, undefined=StrictUndefined, finalize=visible,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {
        "number": number, "ago": ago, "moment": moment, "span": span, "web": web, "state": state, "changes": changes,
        "cell": cell, "share": share, "clock": clock,
    }  # fmt: skip
    made.globals |= {
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "style": _version("desk.css"),
        "script": _version("desk.js"),
    }
    return made


def render(template: str, values: dict[str, Any]) -> str:
    return environment().get_template(template).render(values)


def visible(value: Any) -> Any:
    """What a template is about to show."""
    if value is None:
        return ""
    if isinstance(value, Markup) or not isinstance(value, str) or value.isprintable():
        return value
    return characters.visible(value)


def number(value: float | None) -> str:
    """With thin spaces between thousands; — for what is not known."""
    if value is None:
        return "—"
    shown = f"{value:,.1f}" if isinstance(value, float) and value < 10 and value != int(value) else f"{round(value):,}"
    return shown.replace(",", "\N{NARROW NO-BREAK SPACE}")


def share(part: float | None, whole: float | None) -> str:
    return f"{100 * (part or 0) / whole:.0f} %" if whole else "—"


def span(value: timedelta | float | None) -> str:
    """A length of time, in the two units that matter."""
    if value is None:
        return "—"
    seconds = abs(value.total_seconds() if isinstance(value, timedelta) else float(value))
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    for size, name, smaller, small_name in ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            rest = int(seconds % size // smaller)
            return f"{int(seconds // size)} {name}" + (f" {rest} {small_name}" if rest and seconds < 10 * size else "")
    return "—"


def ago(value: datetime | None, now: datetime | None = None) -> Markup | str:
    """`12 min ago` or `in 3 h`, with the moment itself to be read."""
    if value is None:
        return "never"
    apart = (now or datetime.now(UTC)) - value
    words = (
        "now"
        if abs(apart) < timedelta(seconds=2)
        else f"{span(apart)} ago"
        if apart > timedelta(0)
        else f"in {span(apart)}"
    )
    # digits and our own words: nothing that would have to be escaped
    return Markup(f'<time datetime="{value.isoformat()}" title="{moment(value)}">{words}</time>')  # noqa: S704


def moment(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if value else "—"


def clock(value: datetime) -> str:
    return f"{value.astimezone(UTC):%H:%M}"


def web(url: str | None) -> str | None:
    """The address, if it may be linked to: http and https only, whatever a page calls its own."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else None


def state(word: str | None) -> tuple[str, str]:
    return STATES.get(word or "", ("off", word or ""))


def cell(value: Any) -> Any:
    """Any column's value in a list of rows."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(cell(one)) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {cell(one)}" for name, one in value.items() if one not in (None, "", [], {}))
    return value


def static(name: str) -> bytes:
    return (resources.files("newsdesk.dashboard") / "static" / name).read_bytes()


def _version(name: str) -> str:
    """The file's name with its digest, so that a browser keeps it as long as it is the same."""
    return f"{name}?{sha256(static(name)).hexdigest()[:12]}"
