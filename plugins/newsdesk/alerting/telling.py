"""Telling people: what there is to say is written down first, and then goes through each channel that is set.

A channel that fails fails nothing else: it is noted, and tried again by the next run, digest or message, for a day. A
task that is killed while it tells may tell the same once more; it never leaves anything untold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsdesk import logs
from newsdesk.alerting.letters import about_alerts, cut_line
from newsdesk.errors import ChannelFailed
from newsdesk.store import alerts, messages
from newsdesk.store.database import Cursor, session, transaction

if TYPE_CHECKING:
    from newsdesk.desk import Desk

log = logs.logger(__name__)


def tell(desk: Desk, subject: str, lines: Sequence[str], key: str | None = None) -> bool:
    """Tell people now. `key`: what it tells of; of one key nothing is told twice. False: it was told already.

    Whatever the channels do, it raises for nothing but the database.
    """
    with transaction(desk.dsn) as cursor:
        written = messages.write(cursor, cut_line(subject), lines, channels_of(desk), key)
    if written is not None:
        log.warning("%s\n%s", cut_line(subject), "\n".join(lines))
    tell_due(desk)
    return written is not None


def write_alerts(desk: Desk, cursor: Cursor) -> None:
    """Note a message on all alerts that opened or closed and are in none, in the transaction that opened them."""
    changed = alerts.untold(cursor)
    if not changed:
        return
    letter = about_alerts(changed, desk.pages)
    message_id = messages.write(cursor, letter.subject, letter.lines, channels_of(desk))
    assert message_id is not None  # it has no key
    alerts.note_told(cursor, changed, message_id)


def tell_due(desk: Desk) -> dict[str, int]:
    """Give each channel what it has not been told. Returns how many were told and how many failed."""
    counts = {"told": 0, "failed": 0}
    channels = channels_of(desk)
    if desk.send is None or not channels:
        return counts
    with session(desk.dsn) as begin:
        with begin() as cursor:
            begun = messages.clock(cursor)
        while True:
            with begin() as cursor:
                due = messages.lock_due(cursor, channels, begun)
                if due is None:
                    return counts
                failure = _send(desk, due)
                messages.note_tried(cursor, due, failure)
            counts["failed" if failure else "told"] += 1


def channels_of(desk: Desk) -> tuple[str, ...]:
    """The channels that are set, where there is a way to them: without Airflow there are no connections."""
    return desk.settings.notify if desk.send is not None else ()


def _send(desk: Desk, due: messages.Due) -> str | None:
    kind, _, connection = due.channel.partition(":")
    try:
        assert desk.send is not None
        desk.send(kind, connection, due.subject, due.lines)
    except ChannelFailed as fault:
        failure = str(fault)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the run goes on; its text may hold an address with a secret
        failure = f"{type(fault).__name__}: see the settings of the connection {connection}"
    else:
        log.info("told through %s: %s", due.channel, due.subject)
        return None
    log.error("%s could not be told, and is tried again by the next run: %s", due.channel, failure)
    return failure
