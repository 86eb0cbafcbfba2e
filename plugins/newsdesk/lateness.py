"""A run that is late: what Airflow calls when a deadline has passed, in a process of its own beside the tasks."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)


def tell_late(context: Mapping[str, Any], minutes: float) -> None:
    """Tell that the run is not over `minutes` after it was due, how far it is, and what to look at.

    `context`: as Airflow gives it, with `dag_run` as its API shows it. The log tells it whatever else fails.
    """
    run = context["dag_run"]
    key = f"{run['dag_id']}/{run['dag_run_id']}"
    subject = f"newsdesk: {run['dag_id']} is late: not over after {minutes:g} minutes"
    log.error("%s (%s, %s)", subject, key, run["state"])
    from newsdesk.alerting.telling import tell
    from newsdesk.orchestration import desk

    at = desk()
    tell(at, subject, _lines(at.dsn, key, run["state"], at.pages), f"late/{key}")


def _lines(dsn: str, key: str, state: str, pages: str) -> list[str]:
    from newsdesk.store import reports, runs
    from newsdesk.store.database import transaction

    with transaction(dsn) as cursor:
        run_id = runs.by_key(cursor, key)
        progress = reports.progress(cursor, run_id) if run_id is not None else {}
    told = ", ".join(f"{count:,} {what}" for what, count in progress.items())
    return [
        f"The run {key} is {state}. So far: {told or 'nothing is planned yet'}.",
        "Open it in Airflow: which task runs, and what does its log say last? Slow hosts (SELECT * FROM ops.host ORDER BY "
        "pause DESC) and full pools are the usual causes. It goes on; the next run waits for it.",
        *([f"{pages}/runs/{run_id}"] if pages and run_id is not None else []),
    ]
