"""Airflow as the news desk needs it: its home, its own database, our DAGs, pools, connection and pages, its processes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsdesk.airflow_facts import gather
from newsdesk.diagnosis.checking import Finding, fault, ok, unknown, warn
from newsdesk.errors import NewsdeskError
from newsdesk.local import airflow_home, postgres
from newsdesk.settings import Settings

SECONDS = 45.0  # Airflow's import takes some of them
CHECKS = (
    "airflow", "airflow version", "airflow metadata", "airflow plugin", "airflow connection", "airflow keys",
    "airflow import errors", "airflow dags", "airflow pools", "airflow scheduler", "airflow dag-processor",
    "airflow triggerer",
)  # fmt: skip
POOLS = ("news_fetch", "news_cpu")  # orchestration.py makes them
PLUGIN = "newsdesk"
_REPOSITORY = Path(__file__).resolve().parents[3]
_JOBS = {"SchedulerJob": "scheduler", "DagProcessorJob": "dag-processor", "TriggererJob": "triggerer"}
_SHARED_BY_ALL = "every component must have the same: AIRFLOW__CORE__FERNET_KEY, …__API__SECRET_KEY, …__API_AUTH__JWT_SECRET (docker/make-env writes such)"


def check(settings: Settings, env: Mapping[str, str]) -> list[Finding]:
    told = _environment(settings, env)
    if isinstance(told, Finding):
        return [told]
    try:
        facts = gather(told, SECONDS - 2)
    except (RuntimeError, TimeoutError) as error:
        return [fault("airflow", str(error), "Run `airflow version` in the same environment: it shows the whole error")]
    return [ok("airflow", f"home {told['AIRFLOW_HOME']}"), *judge(facts)]


def is_wanted(settings: Settings, env: Mapping[str, str]) -> bool:
    """There is an Airflow to be asked: the environment names its home, or the local mode made one."""
    return "AIRFLOW_HOME" in env or _made_here(settings.home)


def _made_here(home: Path) -> bool:
    return (airflow_home.folder(home) / "keys.json").is_file()


def _environment(settings: Settings, env: Mapping[str, str]) -> dict[str, str] | Finding:
    """What Airflow runs with here, or why it cannot be asked."""
    if "AIRFLOW_HOME" in env:
        home = Path(env["AIRFLOW_HOME"])
        if not home.is_dir():
            return fault(
                "airflow",
                f"AIRFLOW_HOME={home} is no folder",
                "Set AIRFLOW_HOME to Airflow's folder, or unset it: `newsdesk start` makes its own",
            )
        return dict(env)
    if not _made_here(settings.home):
        return unknown(
            "airflow",
            "none was set up here",
            "`newsdesk start` sets one up; to look at another, set AIRFLOW_HOME as it has it",
        )
    try:
        metadata = postgres.running(settings.home, "airflow")
        if metadata is None:
            return unknown("airflow", "it does not run: its database is down", "`newsdesk start` starts both")
        news = settings.dsn or metadata.replace("/airflow?", "/newsdesk?", 1)
        made = airflow_home.environment(
            settings.home, metadata_dsn=metadata, news_dsn=news, port=airflow_home.DEFAULT_PORT,
            sources=settings.sources, archive=settings.archive,
        )  # fmt: skip
    except NewsdeskError as error:
        return fault("airflow", str(error), "Mend that; then `newsdesk start`")
    return made


def judge(facts: Mapping[str, Any]) -> list[Finding]:
    """What there is to say of Airflow's facts (see `airflow_facts.gather`)."""
    return [
        _version(str(facts["version"])), _metadata(facts["metadata"]), _plugin(facts["plugins"]),
        _connection(facts["connection"]), _keys(facts["settings"]), *_rows(facts),
    ]  # fmt: skip


def _rows(facts: Mapping[str, Any]) -> list[Finding]:
    """What Airflow's own database tells, where it can be read."""
    if "dags" not in facts:
        names = CHECKS[6:]
        return [unknown(name, "Airflow's own database is not ready") for name in names]
    return [_import_errors(facts["import_errors"]), _dags(facts["dags"]), _pools(facts["pools"]), *_jobs(facts["jobs"])]


def _error(of: Any) -> str | None:
    return str(of["error"]) if isinstance(of, Mapping) and set(of) == {"error"} else None


def _version(version: str) -> Finding:
    lock = _REPOSITORY / "constraints.txt"
    locked = re.search(r"^apache-airflow-core==([\w.]+)", lock.read_text(), re.MULTILINE) if lock.is_file() else None
    if locked and locked[1] != version:
        return fault(
            "airflow version",
            f"{version}; the lock (constraints.txt) has {locked[1]}",
            "Install by the lock: `make` does, or uv pip install -r constraints.txt",
        )
    return ok("airflow version", version)


def _metadata(facts: Mapping[str, Any]) -> Finding:
    if why := _error(facts):
        return fault(
            "airflow metadata",
            f"cannot be read: {why}",
            "Mend AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, or start the server that it names",
        )
    if not facts["migrated"]:
        return fault(
            "airflow metadata",
            f"{facts['address']}: {facts['lacking']}",
            "`airflow db migrate` (in the local mode, `newsdesk start` does it)",
        )
    if facts["kind"] == "sqlite":
        return warn(
            "airflow metadata",
            f"{facts['address']}: SQLite, which batches side by side would lock",
            "Set AIRFLOW__DATABASE__SQL_ALCHEMY_CONN to a PostgreSQL database",
        )
    return ok("airflow metadata", str(facts["address"]))


def _plugin(facts: Mapping[str, Any]) -> Finding:
    remedy = f"Set AIRFLOW__CORE__PLUGINS_FOLDER to {_REPOSITORY / 'plugins'}, and restart the api-server"
    if why := _error(facts):
        return fault("airflow plugin", why, remedy)
    if PLUGIN in facts["loaded"]:
        return ok("airflow plugin", "the news desk is in Airflow's UI")
    errors = "; ".join(f"{Path(file).name}: {words}" for file, words in facts["errors"].items())
    return fault(
        "airflow plugin",
        f"the news desk is not loaded{': ' if errors else ''}{errors}",
        "Mend the error" if errors else remedy,
    )


def _connection(facts: Mapping[str, Any]) -> Finding:
    if why := _error(facts):
        return fault(
            "airflow connection",
            f"news_db: {why}",
            "Mend it in Airflow (Admin, Connections), or in AIRFLOW_CONN_NEWS_DB",
        )
    if not facts["there"]:
        return warn(
            "airflow connection",
            "there is no news_db; tasks take NEWSDESK_DSN, or the embedded database",
            "Add the connection news_db (type Postgres), or set AIRFLOW_CONN_NEWS_DB",
        )
    if "address" not in facts:
        return fault("airflow connection", f"news_db is of type {facts['type']!r}", "Make its type Postgres")
    if not facts["holds_news"]:
        return fault(
            "airflow connection",
            f"news_db is {facts['address']}, which holds no news",
            "`newsdesk migrate` with AIRFLOW_CONN_NEWS_DB set to it, or mend its database's name",
        )
    return ok("airflow connection", f"news_db is {facts['address']}")


def _keys(facts: Mapping[str, Any]) -> Finding:
    """On one machine a key of each process's own does little harm; workers elsewhere are locked out by it."""
    if why := _error(facts):
        return unknown("airflow keys", why)
    loose = [name for name, source in facts["keys"].items() if source in ("default", "empty")]
    spread = "Celery" in facts["executor"] or "Kubernetes" in facts["executor"]
    if loose and spread:
        return fault(
            "airflow keys", f"{', '.join(loose)}: not set, with {facts['executor']}", f"Set them; {_SHARED_BY_ALL}"
        )
    if loose:
        return warn(
            "airflow keys",
            f"{', '.join(loose)}: not set",
            f"Set them before a second machine works with this one: {_SHARED_BY_ALL}",
        )
    return ok("airflow keys", "set")


def _import_errors(rows: Any) -> Finding:
    if why := _error(rows):
        return unknown("airflow import errors", why)
    if rows:
        return fault(
            "airflow import errors",
            "; ".join(f"{row['file']}: {row['error']}" for row in rows),
            "Mend the file; Airflow's front page shows the whole error",
        )
    return ok("airflow import errors", "none")


def _dags(rows: Any) -> Finding:
    if why := _error(rows):
        return unknown("airflow dags", why)
    ours = {file.stem for file in (_REPOSITORY / "dags").glob("*.py")} or {"ingest_news"}
    there = {row["dag"]: row for row in rows if not row["stale"]}
    if missing := sorted(ours - there.keys()):
        return fault(
            "airflow dags",
            f"not found: {', '.join(missing)}",
            f"Set AIRFLOW__CORE__DAGS_FOLDER to {_REPOSITORY / 'dags'}; a dag-processor must run",
        )
    if paused := sorted(name for name in ours if there[name]["paused"]):
        grave = "ingest_news" in paused
        said = fault if grave else warn
        return said(
            "airflow dags", f"paused: {', '.join(paused)}", "; ".join(f"airflow dags unpause {name}" for name in paused)
        )
    return ok("airflow dags", f"{len(ours)} are on")


def _pools(rows: Any) -> Finding:
    if why := _error(rows):
        return unknown("airflow pools", why)
    if missing := [name for name in POOLS if name not in rows]:
        return fault(
            "airflow pools",
            f"missing: {', '.join(missing)}; their tasks would wait for ever",
            "; ".join(
                f'airflow pools set {name} {8 if name == "news_fetch" else os.cpu_count() or 2} "newsdesk"'
                for name in missing
            ),
        )
    if empty := [name for name in POOLS if rows[name] == 0]:
        return fault(
            "airflow pools", f"without a slot: {', '.join(empty)}", "Give them slots in Airflow (Admin, Pools)"
        )
    return ok("airflow pools", ", ".join(f"{name} {rows[name]}" for name in POOLS))


def _jobs(rows: Any) -> Sequence[Finding]:
    if why := _error(rows):
        return [unknown(f"airflow {name}", why) for name in _JOBS.values()]
    found = []
    for kind, name in _JOBS.items():
        age, limit = rows[kind]["age"], rows[kind]["dead_after"]
        if age is not None and age < limit:
            found.append(ok(f"airflow {name}", f"alive {age:.0f} s ago"))
            continue
        seen = "never gave a sign of life, or was stopped" if age is None else f"no sign of life for {age:,.0f} s"
        # nothing of ours defers: a triggerer is needed by deadline alerts alone
        said = warn if name == "triggerer" else fault
        found.append(
            said(
                f"airflow {name}",
                seen,
                f"`newsdesk start` runs it, as does `airflow {name}`; its log says why it ended",
            )
        )
    return found
