"""What is told, in words: plain text, line by line. What comes from the web is never more than a part of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.characters import on_one_line
from newsdesk.store.alerts import Alert

MOST = 30  # alerts told one by one
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    lines: tuple[str, ...]


def cut_line(text: str, longest: int = _LONGEST) -> str:
    shown = on_one_line(text)  # a line break would make a header of a mail's subject
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def about_alerts(changed: Sequence[Alert], pages: str) -> Letter:
    """`pages`: the desk's address, in front of each alert's page; empty where it is not known."""
    opened = [alert for alert in changed if alert.closed_at is None]
    closed = [alert for alert in changed if alert.closed_at is not None]
    lines: list[str] = []
    for alert in opened[:MOST]:
        lines += [*_told(alert), f"  {where(alert, pages)}"]
    for alert in closed[:MOST]:
        since = f"{alert.opened_at:%d %b %H:%M} UTC"
        how = {"well": "well again", "paused": "paused by hand", "off": "switched off"}[alert.closed_why or "well"]
        lines.append(cut_line(f"{how}: {_name(alert)}, {_kind(alert)} since {since}"))
    if left := max(len(opened) - MOST, 0) + max(len(closed) - MOST, 0):
        lines.append(f"and {left} more: see the desk")
    return Letter(cut_line(f"newsdesk: {_counted(opened, closed)}", 200), tuple(lines))


def where(alert: Alert, pages: str) -> str:
    return f"{pages}{alert.page}" if pages else f"at the desk: {alert.page}"


def _told(alert: Alert) -> tuple[str, str]:
    weight = "NEEDS YOU" if alert.grave else "worth a look"
    return cut_line(f"{weight}: {_name(alert)}: {alert.what}"), f"  {cut_line(alert.remedy)}"


def _name(alert: Alert) -> str:
    return alert.source_id or "the run"


def _kind(alert: Alert) -> str:
    return alert.kind.replace("_", " ")


def _counted(opened: Sequence[Alert], closed: Sequence[Alert]) -> str:
    grave = [alert for alert in opened if alert.grave]
    parts = [
        f"{len(some)} {words}"
        for some, words in (
            (grave, "needs you" if len(grave) == 1 else "need you"),
            ([alert for alert in opened if not alert.grave], "worth a look"),
            (closed, "well again"),
        )
        if some
    ]
    first = opened[0] if opened else closed[0]
    return f"{', '.join(parts)} ({_name(first)}: {_kind(first)}{', …' if len(opened) + len(closed) > 1 else ''})"
