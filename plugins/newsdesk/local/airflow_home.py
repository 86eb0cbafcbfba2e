"""Airflow's home in the local mode: its environment, its secrets, its metadata database.

Everything is said in environment variables, which win over `airflow.cfg`; an operator's own `AIRFLOW__…`
variables pass through where the local mode has no need of its own. Secrets are made once, with mode 0600:
`airflow/keys.json`, and `airflow/passwords.json` with the password of the user `admin`.
"""

from __future__ import annotations

import base64
import importlib.metadata
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from newsdesk import connections
from newsdesk.errors import ConfigError
from newsdesk.local import postgres
from newsdesk.private_files import make_private_folder, private_opener

ADMIN = "admin"
DEFAULT_PORT = 8080
_REPOSITORY = Path(__file__).resolve().parents[3]
_DAGS, _PLUGINS = _REPOSITORY / "dags", _REPOSITORY / "plugins"
# Of what prepare() does besides Airflow's own migrations: count up when that changes
_SET_UP = 1


def folder(home: Path) -> Path:
    return home / "airflow"


def logs(home: Path) -> Path:
    return home / "logs"


def password(home: Path) -> str:
    """The password of `admin` in Airflow's UI and API; made at the first call."""
    kept = _kept(folder(home) / "passwords.json", lambda: {ADMIN: secrets.token_urlsafe(12)})
    return kept[ADMIN]


def choose_port(env: Mapping[str, str] | None = None) -> int:
    """The port of Airflow's API and UI on 127.0.0.1: NEWSDESK_PORT; without it, 8080 or the next free one.

    Whoever names a port has a reason (a bookmark, a tunnel), and a silent other one would be worse than this
    ConfigError; whoever names none wants to see the thing run.
    """
    raw = (os.environ if env is None else env).get("NEWSDESK_PORT", "").strip()
    if raw:
        if not (raw.isdecimal() and 0 < int(raw) < 65536):
            raise ConfigError(f"NEWSDESK_PORT={raw!r} is not a port: a number from 1 to 65535")
        if not _free(int(raw)):
            raise ConfigError(f"port {raw} is taken (or not yours to open): set NEWSDESK_PORT to another, or unset it")
        return int(raw)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 100):
        if _free(port):
            return port
    raise ConfigError(f"no free port from {DEFAULT_PORT} to {DEFAULT_PORT + 99}: set NEWSDESK_PORT")


def environment(
    home: Path,
    *,
    metadata_dsn: str,
    news_dsn: str,
    port: int,
    sources: Path,
    archive: str,
    schedule: str | None = None,
) -> dict[str, str]:
    """What every component of Airflow is started with. `schedule`: cron of `ingest_news`, "none", None: its own."""
    if not _DAGS.is_dir():
        raise ConfigError(f"there is no folder {_DAGS}: the local mode runs from a checkout (pip install -e .)")
    base = folder(home)
    keys = _kept(base / "keys.json", _new_keys)
    password(home)
    sections = _sections(base, logs(home) / "airflow", metadata_dsn, port, keys)
    made = {
        f"AIRFLOW__{section.upper()}__{option.upper()}": str(value)
        for section, options in sections.items()
        for option, value in options.items()
    }
    loopback = "127.0.0.1,localhost"
    made |= {
        "AIRFLOW_HOME": str(base),
        "AIRFLOW_CONFIG": str(base / "airflow.cfg"),
        "AIRFLOW_CONN_NEWS_DB": connection_json(news_dsn),
        "NEWSDESK_HOME": str(home),
        "NEWSDESK_SOURCES": str(sources),
        "NEWSDESK_ARCHIVE": archive,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_PLUGINS), os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
        # A task talks to the API on loopback; a proxy of the user's must not get between
        "NO_PROXY": ",".join(filter(None, [loopback, os.environ.get("NO_PROXY")])),
        "no_proxy": ",".join(filter(None, [loopback, os.environ.get("no_proxy")])),
    }
    if schedule is not None:
        made["NEWSDESK_SCHEDULE"] = schedule
    return {**os.environ, **made}


def _sections(
    base: Path, written: Path, metadata_dsn: str, port: int, keys: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """Airflow's settings, by section. `base`: its home; `written`: where its logs go."""
    url = f"http://127.0.0.1:{port}"
    bundles = [
        {
            "name": "dags-folder",
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            # how soon a new file is seen; a changed one within min_file_process_interval
            "kwargs": {"path": str(_DAGS), "refresh_interval": 10},
        }
    ]
    return {
        "core": {
            "executor": "LocalExecutor",
            "parallelism": 4,  # LocalExecutor forks as many workers at once
            "dags_folder": _DAGS,
            "plugins_folder": _PLUGINS,
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "fernet_key": keys["fernet"],
            "hostname_callable": "socket.gethostname",  # the default asks DNS, and waits where there is none
            "execution_api_server_url": f"{url}/execution/",
            "simple_auth_manager_users": f"{ADMIN}:admin",
            "simple_auth_manager_passwords_file": base / "passwords.json",
        },
        "database": {"sql_alchemy_conn": metadata_dsn.replace("postgresql://", "postgresql+psycopg2://", 1)},
        "api": {
            "host": "127.0.0.1",
            "port": port,
            "base_url": url,
            "workers": 1,
            "secret_key": keys["session"],
            "instance_name": "newsdesk",
        },
        "api_auth": {"jwt_secret": keys["jwt"], "jwt_issuer": "newsdesk"},
        "logging": {
            "base_log_folder": written,
            "dag_processor_child_process_log_directory": written / "dag_processor",
            "colored_console_log": False,
            "file_task_handler_new_folder_permissions": "0o700",
            "file_task_handler_new_file_permissions": "0o600",
        },
        # Both are most of what a small step waits for: the scheduler's nap between two looks (0.1 of a core is its
        # price), and the worker's, when it misses that its task has ended
        "scheduler": {"task_instance_heartbeat_timeout": 60, "scheduler_idle_sleep_time": 0.2},
        "workers": {"min_heartbeat_interval": 1},
        "dag_processor": {
            "parsing_processes": 1,
            "min_file_process_interval": 30,
            "dag_bundle_config_list": json.dumps(bundles),
        },
    }


def prepare(home: Path, env: Mapping[str, str]) -> bool:
    """Bring the metadata database up to this Airflow and make the pools; True where there was something to do.

    All in one process, because importing Airflow is what costs. That it is done is noted in the database
    itself, so it is never believed of a database that was thrown away, and pools that the operator changed
    afterwards stay as they are.
    """
    dsn = postgres.running(home, "airflow")
    if dsn is None:
        raise ConfigError("PostgreSQL does not run: postgres.start() comes first")
    mark = f"newsdesk {_SET_UP}, Airflow {importlib.metadata.version('apache-airflow-core')}"
    seen = postgres.psql(dsn, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'airflow'")
    if seen == mark:
        return False
    make_private_folder(logs(home))
    output = logs(home) / "prepare.log"
    with open(output, "w", opener=private_opener) as lines:
        result = subprocess.run(
            [sys.executable, "-c", "from newsdesk.airflow_database import prepare_metadata; prepare_metadata()"],
            env=dict(env), cwd=folder(home), stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, check=False,
        )  # fmt: skip
    if result.returncode:
        last = output.read_text(errors="replace").strip().splitlines()[-1:]
        raise ConfigError(f"Airflow's database could not be set up: {' '.join(last)} (see {output})")
    postgres.psql(dsn, f"COMMENT ON DATABASE airflow IS '{mark}'")
    return True


def connection_json(dsn: str) -> str:
    """A PostgreSQL DSN as an Airflow connection; a socket's folder stands as the host.

    >>> connection_json("postgresql://desk:s%20t@db.example:5433/news?sslmode=require")
    '{"conn_type": "postgres", "login": "desk", "password": "s t", "host": "db.example", "port": 5433, \
"schema": "news", "extra": {"sslmode": "require"}}'
    """
    try:
        found = connections.from_uri(connections.NEWS_DB, dsn)
    except ValueError:
        found = None
    if found is None or found.conn_type not in connections.POSTGRES:
        raise ConfigError("NEWSDESK_DSN is not of the form postgresql://user:password@host:port/database")
    fields = {
        "conn_type": "postgres",
        "login": found.login,
        "password": found.password,
        "host": found.host,
        "port": found.port,
        "schema": found.schema,
        "extra": found.extra,
    }
    return json.dumps({key: value for key, value in fields.items() if value})


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: TIME_WAIT is no hindrance
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _new_keys() -> dict[str, str]:
    return {
        "fernet": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "jwt": secrets.token_urlsafe(48),
        "session": secrets.token_urlsafe(48),
    }


def _kept(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What is kept in a private file; made where there is none yet, whole or not at all."""
    if not path.exists():
        make_private_folder(path.parent)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(make(), file)
        fresh.rename(path)
    kept = json.loads(path.read_text())
    return {str(key): str(value) for key, value in kept.items()}
