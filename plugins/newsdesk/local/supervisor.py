"""Airflow on one machine: its four components started, watched, and ended without a trace.

`airflow standalone` will not do: on SIGTERM it ends its parent only and leaves the rest running. Here each
component leads a session of its own (`processes`), so that all of it can be found and ended, by this process or,
after `kill -9`, by the next one.

    with Supervisor(home, sources=folder) as airflow:
        airflow.wait_ready()
        run = airflow.trigger("ingest_news", {})
        airflow.stay()  # until Ctrl-C

Nothing is restarted in silence: where a component ends by itself, the next call says which, shows the end of its
log, and the rest is stopped on the way out.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from newsdesk.errors import ConfigError, ToolCrashed
from newsdesk.local import airflow_home, postgres, processes
from newsdesk.local.airflow_api import AirflowApi, TaskState
from newsdesk.local.sharing import Use
from newsdesk.private_files import make_private_folder
from newsdesk.store.migrate import migrate

# The log servers that scheduler and triggerer would open on every address are for workers on other machines
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
PATIENCE = 15  # seconds between SIGTERM and SIGKILL
# After one SIGTERM it may take ten seconds to notice that its own child is gone; a second one is its way to be quick
ASK_AGAIN = frozenset({"triggerer"})
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def record_file(home: Path) -> Path:
    """Where a running supervisor notes the leaders of its processes: see `processes.read_record`."""
    return home / "supervisor.json"


class Supervisor:
    """PostgreSQL and Airflow of one home, from `with` to its end.

    sources, archive: as in Settings. news_dsn: the news database; None: the embedded one.
    beside: further processes, name -> command, started first (the demo newsroom).
    schedule: cron of ingest_news, "none" to start runs by hand only, None: as the DAG says.
    settings: further NEWSDESK_... variables for the tasks.
    say: is told each step, for the terminal.
    """

    def __init__(
        self,
        home: Path,
        *,
        sources: Path,
        archive: str | None = None,
        news_dsn: str | None = None,
        beside: Mapping[str, Sequence[str]] | None = None,
        schedule: str | None = None,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.home = home.absolute()
        self._sources = sources.absolute()
        self._archive = archive or str(self.home / "archive")
        self._news_dsn = news_dsn
        self._beside = dict(beside or {})
        self._schedule = schedule
        self._settings = dict(settings or {})
        self._say = say
        self._record = record_file(self.home)
        self._lock: int | None = None
        self._use: Use | None = None
        self._leaders: list[processes.Leader] = []
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._api: AirflowApi | None = None
        self._signalled: int | None = None
        self._holding = False
        self._hurry = False
        self._handlers: dict[int, Any] = {}
        self.port = 0
        self.dsn = ""

    # ------------------------------------------------------------ start and stop

    def __enter__(self) -> Self:
        self._take_signals()
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        postgres.make_folder(self.home)
        self._take_lock()
        self._clean_up()
        self._say("PostgreSQL")
        self._use = Use(self.home)
        embedded = postgres.start(self.home)
        self.dsn = self._news_dsn or embedded
        migrate(self.dsn)
        metadata = postgres.running(self.home, "airflow")
        assert metadata is not None  # it was started two lines above
        self.port = airflow_home.choose_port()
        env = (
            airflow_home.environment(
                self.home,
                metadata_dsn=metadata,
                news_dsn=self.dsn,
                port=self.port,
                sources=self._sources,
                archive=self._archive,
                schedule=self._schedule,
            )
            | self._settings
        )
        make_private_folder(airflow_home.logs(self.home))
        for name, command in self._beside.items():
            self._spawn(name, command, env)
        self._say("Airflow's database")
        airflow_home.prepare(self.home, env)
        self._say("Airflow")
        self._started = datetime.now(UTC)
        for name, arguments in COMPONENTS.items():
            self._spawn(name, [sys.executable, "-m", "airflow", *arguments], env)
        self._api = AirflowApi(self.url, airflow_home.ADMIN, airflow_home.password(self.home))

    def _spawn(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        with self._hold_signals():  # or a Ctrl-C between birth and record would leave an orphan
            leader, child = processes.spawn(name, command, env, airflow_home.folder(self.home), self.log_file(name))
            self._leaders.append(leader)
            self._children[name] = child
            processes.write_record(self._record, self._leaders)

    def _stop(self) -> None:
        self._holding = True  # from here a signal only means: hurry
        try:
            if self._lock is not None:
                self._end_processes()
                if self._use is not None:
                    postgres.let_pass(self.home)  # with a command that uses it, if there is one
                    self._use.end()
                    self._use = None
                os.close(self._lock)
                self._lock = None
            if self._api is not None:
                self._api.close()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    def _end_processes(self) -> None:
        if self._leaders:
            self._say("stopping")
        reaper = threading.Thread(target=lambda: [child.wait() for child in self._children.values()], daemon=True)
        reaper.start()
        killed = processes.end(self._leaders, PATIENCE, lambda: self._hurry, ASK_AGAIN)
        reaper.join(timeout=5)
        if killed:
            self._say(f"did not stop in {PATIENCE} s and were killed: {', '.join(killed)}")
        self._record.unlink(missing_ok=True)

    def _take_lock(self) -> None:
        """One supervisor for each home. The kernel lets go of the lock when its holder dies, however it dies."""
        lock = os.open(self.home / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode() or "?"
            os.close(lock)
            raise ConfigError(
                f"newsdesk runs already in {self.home} (process {holder}): stop it there (Ctrl-C or kill {holder}), "
                "or set NEWSDESK_HOME to another folder"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def _clean_up(self) -> None:
        """End what a supervisor that was killed left running."""
        left = processes.read_record(self._record)
        if processes.living(left):
            self._say("ending what the last start left running")
            processes.end(left, PATIENCE, ask_again=ASK_AGAIN)
        self._record.unlink(missing_ok=True)

    # ------------------------------------------------------------ while it runs

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log_file(self, name: str) -> Path:
        return airflow_home.logs(self.home) / f"{name}.log"

    def alive(self) -> None:
        """ToolCrashed where a component ended by itself: which, how, and the last lines of its log."""
        for name, child in self._children.items():
            code = child.poll()
            if code is None:
                continue
            how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            log = self.log_file(name)
            last = log.read_text(errors="replace").strip().splitlines()[-8:]
            raise ToolCrashed("\n  ".join([f"{name} {how}; its log is {log}", *last]))

    def wait_ready(self, patience: float = 180) -> float:
        """Until every component has reported; returns the seconds since the start of Airflow."""
        until = time.monotonic() + patience
        while True:
            self.alive()
            health = self.api.healthy_since(self._started)
            if all(health.values()):
                return (datetime.now(UTC) - self._started).total_seconds()
            if time.monotonic() > until:
                late = ", ".join(name for name, fine in health.items() if not fine)
                raise ToolCrashed(f"after {patience:.0f} s not ready: {late}; see {airflow_home.logs(self.home)}")
            time.sleep(0.2)

    def stay(self) -> None:
        """Until a signal comes or a component ends."""
        while True:
            self.alive()
            time.sleep(1)

    @property
    def api(self) -> AirflowApi:
        if self._api is None:
            raise ConfigError("Airflow is not started: use `with Supervisor(...)`")
        return self._api

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        return self.api.trigger(dag_id, conf, self.alive)

    def run_state(self, dag_id: str, run_id: str) -> str:
        self.alive()
        return self.api.run_state(dag_id, run_id)

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        self.alive()
        return self.api.task_states(dag_id, run_id)

    # ------------------------------------------------------------ signals

    def _take_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) != signal.SIG_IGN:  # nohup, or a background job: so it shall stay
                    self._handlers[number] = signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first signal ends the `with`; a second one ends the patience with what will not stop."""
        self._hurry = self._signalled is not None
        self._signalled = number
        if not self._holding:
            self._leave(number)

    def _leave(self, number: int) -> None:
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    @contextmanager
    def _hold_signals(self) -> Iterator[None]:
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._signalled is not None:
            self._leave(self._signalled)
