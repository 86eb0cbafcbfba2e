"""docker-compose.yml for real: two workers read 2,000 pages; once in peace, once with kills; both results must be equal.

    make test-cluster          (python tests/cluster/trial.py [--pages 2000] [--hosts 100] [--minutes 40] [--keep])

The second run loses a worker by kill -9 in the middle, for twenty seconds, then Redis for a minute. The results are
compared by tests/canonical.py: every row of `news`, every record of the archive. Between the runs the news database and
the archive are emptied and airflow-init runs again, as at an upgrade: it must keep the pools' sizes. The newspapers are
made up (bench/web.py) and live in a container of their own; names are not looked for. Takes down what it brought up.
Ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine import ROOT, Engine, find_engine

import canonical
from newsdesk.errors import ToolCrashed
from newsdesk.local.airflow_api import AirflowApi

WORKERS = 2
POOL = 5  # slots that the "operator" gives news_fetch
AIRFLOW = ("init", "apiserver", "scheduler", "dag-processor", "triggerer", "worker")
PORT = 8000  # of the newspapers
_began = time.monotonic()


@dataclass(slots=True)
class Trial:
    engine: Engine
    api: AirflowApi
    pages: int
    until: float
    kills: int = 0
    faults: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Pages fetched, read, published."""
        asked = "SELECT (SELECT count(*) FROM ops.capture), (SELECT count(*) FROM ops.document), (SELECT count(*) FROM news.article)"
        try:
            told = self.sql("newsdesk", asked).split("|")
        except subprocess.CalledProcessError:
            return {}
        return dict(zip(("fetched", "read", "published"), map(int, told), strict=True))

    def sql(self, database: str, statement: str) -> str:
        psql = 'PGPASSWORD="$POSTGRES_PASSWORD" exec psql -h 127.0.0.1 -U postgres -d "$0" -Atc "$1"'
        return self.engine.ask("postgres", "sh", "-c", psql, database, statement).strip()

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        told = 0.0
        while not done():
            if time.monotonic() > self.until:
                raise TimeoutError(f"out of time, waiting for {what}")
            if time.monotonic() - told > 15:
                told = time.monotonic()
                say(f"  waiting for {what}: {self.counts()}")
            time.sleep(2)

    def healthy(self) -> bool:
        try:
            return bool(self.api.get("/api/v2/dags/ingest_news"))
        except ToolCrashed:
            return False

    def ingest(self, disturb: Callable[[], None] | None = None) -> canonical.Dump:
        begin = time.monotonic()
        run = self.api.trigger("ingest_news", {}, lambda: None, patience=180)
        if disturb:
            disturb()
        self.wait("the run", lambda: self.state(run) in ("success", "failed"))
        tries = max(task.try_number for task in self.api.task_states("ingest_news", run))
        if (state := self.state(run)) != "success":
            self.faults.append(f"the run ended as {state}")
        say(f"{state} after {time.monotonic() - begin:.0f} s, {self.counts()}, tries of a task: at most {tries}")
        return self.dump()

    def state(self, run: str) -> str:
        try:
            return self.api.run_state("ingest_news", run)
        except ToolCrashed:  # the API server may be slow while all work
            return "unknown"

    def dump(self) -> canonical.Dump:
        told = json.loads(self.engine.ask("airflow-worker", "python", "/trial/tests/cluster/dumping.py"))
        tables = {name: Counter(rows) for name, rows in told["tables"].items()}
        return canonical.Dump(tables, Counter(told["records"]), told["orphans"])

    def disturb(self) -> None:
        victim = max(self.engine.containers("airflow-worker"))
        self.wait("a quarter of the pages", lambda: self.counts().get("read", 0) >= self.pages // 4)
        say(f"kill -9 {victim}")
        self.engine.run("kill", "-s", "KILL", victim)
        self.kills += 1
        time.sleep(20)
        self.engine.run("start", victim)
        self.wait("half of the pages", lambda: self.counts().get("read", 0) >= self.pages // 2)
        (redis,) = self.engine.containers("redis")
        say("Redis goes for a minute")
        self.engine.run("stop", "-t", "5", redis)
        self.kills += 1
        time.sleep(60)
        self.engine.run("start", redis)
        say("Redis is back")

    def empty(self) -> None:
        """As before the first run, but for Airflow's own database."""
        self.sql("airflow", f"UPDATE slot_pool SET slots = {POOL} WHERE pool = 'news_fetch'")
        self.sql("postgres", "DROP DATABASE newsdesk WITH (FORCE)")
        self.engine.ask("airflow-worker", "sh", "-c", "rm -rf /opt/airflow/archive/*")
        (init,) = self.engine.containers("airflow-init")
        self.engine.run("start", "-a", init)
        if (kept := self.sql("airflow", "SELECT slots FROM slot_pool WHERE pool = 'news_fetch'")) != str(POOL):
            self.faults.append(f"airflow-init changed the operator's pool from {POOL} to {kept}")

    def look_at_rights(self) -> None:
        """What the compose file promises, asked of the containers."""
        for service, command, why in (
            ("airflow-worker", "touch /opt/newsdesk/x", "a worker can write to its own system"),
            ("airflow-worker", "touch /opt/newsdesk/dags/x", "a worker can write DAGs"),
            ("airflow-worker", "newsdesk psql -c 'CREATE TABLE news.x (a int)'", "a worker can make tables"),
            ("redis", "redis-cli ping | grep PONG", "Redis answers without a password"),
        ):
            try:
                self.engine.ask(service, "sh", "-c", command)
            except subprocess.CalledProcessError:
                continue
            self.faults.append(why)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=40, help="until it gives up")
    parser.add_argument("--keep", action="store_true", help="leave the cluster up")
    parser.add_argument("--no-build", action="store_true", help="the image is there")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that it takes down what it brought up
    with tempfile.TemporaryDirectory(prefix="newsdesk-cluster-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the containers' user reads sources from here
        port, password = prepare(folder, options.hosts, options.pages)
        overlay = folder / "overlay.yml"
        engine = find_engine("newsdesk-trial", [ROOT / "docker-compose.yml", overlay], folder / ".env")
        overlay.write_text(json.dumps(overlay_of(folder, options.hosts, options.pages, stand_ins=engine.stand_ins)))
        api = AirflowApi(f"http://127.0.0.1:{port}", "admin", password)
        trial = Trial(engine, api, options.pages, _began + 60 * options.minutes)
        try:
            return compare(trial, build=not options.no_build)
        except BaseException:
            tell_logs(engine)
            raise
        finally:
            if not options.keep:
                engine.down()


def compare(trial: Trial, *, build: bool) -> int:
    engine = trial.engine
    engine.down()  # what a trial that was cut off left behind
    if build:
        engine.build()
    say(f"image: {engine.image_size('newsdesk:0.1.0') / 1e6:.0f} MB")
    engine.up("--scale", f"airflow-worker={WORKERS}")
    trial.wait("Airflow", trial.healthy)
    trial.look_at_rights()
    say("in peace")
    expected = trial.ingest()
    trial.empty()
    say("with kills")
    found = trial.ingest(trial.disturb)
    difference = canonical.difference(expected, found)
    articles = expected.tables["article"].total()
    if articles < trial.pages * 0.98:
        trial.faults.append(f"only {articles} of {trial.pages} pages became articles")
    if difference:
        trial.faults.append(f"the results differ:\n{difference}")
    say(
        f"{trial.pages} pages, {articles} articles, {WORKERS} workers, {trial.kills} kills: {difference.rows_lost} rows lost, "
        f"{difference.rows_doubled} doubled, {found.orphans} records of the archive that no row names"
    )
    for fault in trial.faults:
        say(f"FAULT: {fault}")
    return bool(trial.faults)


def prepare(folder: Path, hosts: int, pages: int) -> tuple[int, str]:
    """Secrets, settings and sources. Returns the port of the API and the administrator's password."""
    env = folder / ".env"
    subprocess.run([ROOT / "docker" / "make-env", env], check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with env.open("a") as file:
        file.write(
            f"AIRFLOW_PORT={port}\nNEWSDESK_SCHEDULE=none\nNEWSDESK_MODELS=en=none,fr=none\nNEWSDESK_CRAWL_DELAY=0\n"
            f"NEWSDESK_BATCH_SIZE={max(10, pages // 20)}\nNEWSDESK_MAX_PER_RUN={pages}\nNEWSDESK_MAX_PER_HOST={pages}\n"
        )
    (folder / "sources").mkdir()
    for number in range(hosts):
        origin = f"http://paper-{number}.news.test:{PORT}"
        (folder / "sources" / f"s{number}.yaml").write_text(
            f"id: s{number}\nname: Paper {number}\nhomepage: {origin}/\nendpoints:\n  - {{feed: {origin}/feed.xml}}\n"
            "crawl_delay: 0\nallow_private: true\n"
        )
    words = dict(line.split("=", 1) for line in env.read_text().splitlines())
    return port, words["AIRFLOW_ADMIN_PASSWORD"]


def overlay_of(folder: Path, hosts: int, pages: int, *, stand_ins: bool) -> dict[str, object]:
    """What the trial adds to docker-compose.yml: the newspapers, their sources, and this folder to read."""
    tests = {
        "environment": {"NEWSDESK_SOURCES": "/trial/sources", "PYTHONPATH": "/trial/tests"},
        "volumes": [f"{folder}/sources:/trial/sources:ro", f"{ROOT}/tests:/trial/tests:ro"],
    }
    services: dict[str, object] = {f"airflow-{name}": tests for name in AIRFLOW}
    services["newspapers"] = {
        "image": "newsdesk:0.1.0", "user": "50000:0", "read_only": True, "cap_drop": ["ALL"],
        "entrypoint": ["python", "/trial/tests/cluster/newspapers.py", str(hosts), str(pages)],
        "environment": {"PYTHONPATH": "/trial/bench"},
        "volumes": [f"{ROOT}/tests:/trial/tests:ro", f"{ROOT}/bench:/trial/bench:ro"],
        "networks": {"default": {"aliases": [f"paper-{number}.news.test" for number in range(hosts)]}},
    }  # fmt: skip
    if stand_ins:  # that of Redis has no account of this number, and no folder of its own
        services["redis"] = {"user": "0:0"}
    return {"services": services}


def tell_logs(engine: Engine) -> None:
    for service in ("postgres", "redis", "newspapers", *(f"airflow-{name}" for name in AIRFLOW)):
        for container in engine.containers(service):
            told = subprocess.run(
                [engine.program, "logs", "--tail", "15", container], capture_output=True, text=True, check=False
            )
            say(f"--- {container}\n{told.stdout[-2000:]}{told.stderr[-2000:]}")


def say(words: str) -> None:
    print(f"{time.monotonic() - _began:5.0f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
