"""`newsdesk demo` and `newsdesk start` as their user runs them: Airflow, PostgreSQL, the newsroom, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import requests

from command_line import NEWSDESK, PATIENCE, ROOT, environment, heed_ctrl_c, run_newsdesk
from newsdesk import urls
from newsdesk.local import postgres, processes
from newsdesk.local.airflow_api import AirflowApi
from newsdesk.local.newsroom import Newsroom
from newsdesk.store.database import rows, transaction
from ports import free_ports
from waiting import until

pytestmark = pytest.mark.slow

OUTLETS = 11  # ports in a row


@dataclass
class Terminal:
    """A home of its own, and the command line in it."""

    home: Path
    newsroom_port: int
    log: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return environment(NEWSDESK_HOME=str(self.home))

    def newsdesk(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [*NEWSDESK, *arguments],
                env=self.environment(),
                stdout=log,
                stderr=log,
                cwd=ROOT,
                preexec_fn=heed_ctrl_c,
            )
        self.started.append(process)
        return process

    def demo(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self.newsdesk("demo", "--port", str(self.newsroom_port), *arguments)

    def wait_for(self, words: str, process: subprocess.Popen[bytes]) -> str:
        """What was said until then."""

        def what_is_said() -> str:
            said = self.log.read_text(errors="replace")
            assert words in said or process.poll() is None, said[-3000:]
            return said if words in said else ""

        return until(what_is_said, PATIENCE, lambda: f"{words!r}: {self.log.read_text()[-3000:]}", pause=0.2)

    def processes(self) -> list[str]:
        return [" ".join(words) for words in self.family().values()]

    def family(self) -> dict[psutil.Process, list[str]]:
        """What runs of this home, and its command line: all that was started carries its path in that or its environment."""
        found = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error):  # it ended meanwhile
                command, of_home = process.cmdline(), process.environ().get("NEWSDESK_HOME", "")
                if process.pid != os.getpid() and any(str(self.home) in word for word in (*command, of_home)):
                    found[process] = command
        return found

    def outcomes(self) -> dict[str, str]:
        dsn = postgres.running(self.home) or postgres.start(self.home)
        with transaction(dsn) as cursor:
            cursor.execute("SELECT url, outcome FROM news.url_status")
            return {urls.canonical_key(row["url"]): row["outcome"] for row in rows(cursor)}

    def truth(self, edition: int) -> dict[str, str]:
        return {urls.canonical_key(row.url): row.outcome for row in Newsroom(self.newsroom_port).expected(edition)}


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("demo")
    terminal = Terminal(folder / "home", free_ports(OUTLETS), folder / "log")
    yield terminal
    for process in terminal.started:
        process.kill()
        process.wait()
    postgres.stop(terminal.home)


def test_the_demo_brings_in_the_first_edition_and_a_killed_supervisor_is_survived(terminal: Terminal) -> None:
    demo = terminal.demo()
    said = terminal.wait_for("Running until Ctrl-C", demo)
    assert terminal.outcomes() == terminal.truth(1)
    assert re.search(r"success \d+ s after the start", said)
    assert "What arrived" in said
    assert "user admin, password" in said
    look_at_the_desk(said)
    run_with_nothing_to_do(said)
    demo.kill()  # kill -9: what it started runs on
    demo.wait()
    assert terminal.processes() != []


def test_only_this_machine_can_reach_what_runs(terminal: Terminal) -> None:
    """All that the killed supervisor left running: Airflow, PostgreSQL, the newsroom."""
    # by the record of its sessions: a process that writes its title over its environment is not known by that
    known = processes.living(processes.read_record(terminal.home / "supervisor.json"))
    listening: dict[tuple[str, int], list[str]] = {}
    for process in (*terminal.family(), *known):
        with suppress(psutil.NoSuchProcess):  # a task's own may end while they are counted
            for connection in process.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    listening[connection.laddr.ip, connection.laddr.port] = process.cmdline()
    assert len(listening) >= 1 + OUTLETS
    assert {place: who for place, who in listening.items() if place[0] not in ("127.0.0.1", "::1")} == {}


def test_no_secret_of_the_home_stands_in_a_log_or_an_argument(terminal: Terminal) -> None:
    """Airflow's environment holds them; its owner alone can read that."""
    secrets = [
        value
        for name in ("keys.json", "passwords.json")
        for value in json.loads((terminal.home / "airflow" / name).read_text()).values()
    ]
    assert len(secrets) == 4
    logs = [path for path in (terminal.home / "logs").rglob("*") if path.is_file()]
    assert len(logs) > 5
    texts = [path.read_text(errors="replace") for path in logs] + terminal.processes()
    assert [text[:200] for text in texts if any(secret in text for secret in secrets)] == []


def test_what_the_home_holds_is_its_owners(terminal: Terminal) -> None:
    """PostgreSQL, which does not run as root, may have to pass through the home; nobody can list or change it."""
    home = terminal.home
    assert stat.S_IMODE(home.stat().st_mode) & 0o066 == 0
    open_ = [
        path
        for path in (home, *home.rglob("*"))
        if not path.is_symlink() and not path.is_socket() and path.stat().st_mode & 0o022
    ]
    assert open_ == []
    readable = [path for path in (home / "logs").rglob("*") if path.is_file() and path.stat().st_mode & 0o044]
    assert readable == []


def the_door(said: str) -> tuple[str, str]:
    """Airflow's address, and the password of its admin."""
    address = re.findall(r"(http://127\.0\.0\.1:\d+)/dags/ingest_news", said)[-1]
    return address, re.findall(r"password (\S+)", said)[-1]


def run_with_nothing_to_do(said: str) -> None:
    """A second run by Airflow, of which no page is due, is green all the same."""
    airflow = AirflowApi(the_door(said)[0], "admin", the_door(said)[1])
    try:
        run = airflow.trigger("ingest_news", {}, alive=lambda: None)

        def end() -> str | None:
            state = airflow.run_state("ingest_news", run)
            return state if state in ("success", "failed") else None

        assert until(end, PATIENCE, "the end of the run", pause=0.2) == "success"
        batches = [task for task in airflow.task_states("ingest_news", run) if task.map_index >= 0]
        assert batches == []
    finally:
        airflow.close()


def look_at_the_desk(said: str) -> None:
    """The plugin's pages stand behind Airflow's login, and show what came in."""
    address, password = the_door(said)
    assert requests.get(f"{address}/newsdesk/", timeout=30).status_code == 401
    login = requests.post(f"{address}/auth/token", json={"username": "admin", "password": password}, timeout=30)
    mine = {"Authorization": f"Bearer {login.json()['access_token']}"}
    overview = requests.get(f"{address}/newsdesk/", headers=mine, timeout=30)
    assert overview.status_code == 200
    assert "Articles per hour" in overview.text
    assert "The Harbour Courier" in overview.text
    plugins = requests.get(f"{address}/api/v2/plugins", headers=mine, timeout=30).json()["plugins"]
    (views,) = [plugin["external_views"] for plugin in plugins if plugin["name"] == "newsdesk"]
    assert {view["destination"] for view in views} == {"nav", "dag", "dag_run", "task_instance"}
    ours = {**mine, "x-newsdesk": "1", "sec-fetch-site": "same-origin"}
    started = requests.post(
        f"{address}/newsdesk/actions/retry", json={"outcome": "quarantined"}, headers=ours, timeout=30
    )
    assert started.json()["said"] == "0 URLs are due with the next run"


def test_the_second_demo_ends_what_was_left_and_brings_in_the_second_edition(terminal: Terminal) -> None:
    demo = terminal.demo("--once")
    assert demo.wait(timeout=PATIENCE) == 0, terminal.log.read_text()[-3000:]
    assert "ending what the last start left running" in terminal.log.read_text()
    assert terminal.processes() == []
    assert terminal.outcomes() == terminal.truth(2)
    postgres.stop(terminal.home)


def test_ctrl_c_ends_everything(terminal: Terminal) -> None:
    start = terminal.newsdesk("start", "--schedule", "none")
    terminal.wait_for("Running until Ctrl-C", start)
    second = run_newsdesk("start", NEWSDESK_HOME=str(terminal.home))
    assert second.returncode == 2
    assert "newsdesk runs already in" in second.stderr
    start.send_signal(signal.SIGINT)
    assert start.wait(timeout=240) == 0, terminal.log.read_text()[-3000:]
    assert terminal.processes() == []
