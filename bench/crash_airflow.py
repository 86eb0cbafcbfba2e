"""An ingest by Airflow's own DAG whose tasks and scheduler are killed: Airflow tries again, and the tables are the same."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil

import canonical
from crash_points import STAGES
from crash_rounds import SETTINGS, World
from crash_victims import Kill
from newsdesk.errors import ToolCrashed
from newsdesk.local import airflow_home
from newsdesk.local.supervisor import Supervisor

DAG = "ingest_news"
RETRIES = 2  # of a task, as the DAG has them: it is killed no more often
LONGEST = 3600.0  # seconds for one run
STARTS = 900.0  # seconds until Airflow is ready
CLEARINGS = 5  # of a run whose tasks had no try left: the kills took some, a lost scheduler takes more


def airflow_rounds(
    world: World, count: int, chance: random.Random, say: Callable[[str], None], out: Path
) -> Iterator[tuple[list[Kill], canonical.Dump]]:
    """Rounds until there were `count` kills: each round's, and the first edition's dump at its end. Logs go to `out`."""
    world.newsroom.edition = 1
    number = done = 0
    while done < count:
        kills: list[Kill] = []
        home = world.folder / f"airflow_{number}"
        try:
            dump = _round(world, home, count - done, chance, kills, say)
        finally:
            shutil.copytree(airflow_home.logs(home), out / f"{home.name}_logs", dirs_exist_ok=True)
        yield kills, dump
        number, done = number + 1, done + len(kills)


def _round(
    world: World, home: Path, most: int, chance: random.Random, kills: list[Kill], say: Callable[[str], None]
) -> canonical.Dump:
    run: str | None = None
    scheduler_dies = chance.choice(STAGES[2:6])  # once in a round, while a task of this stage runs
    clearings = 0
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        with Supervisor(
            home, sources=world.folder / "sources", schedule="none", settings={**SETTINGS, "NEWSDESK_BATCH_SIZE": "15"}
        ) as airflow:
            airflow.wait_ready(STARTS)
            run = run or airflow.trigger(DAG, {})
            say(f"Airflow is ready, {len(kills)} kills so far")
            try:
                while (state := airflow.run_state(DAG, run)) != "success":
                    if state == "failed":
                        clearings += 1
                        assert clearings <= CLEARINGS, f"the run fails again and again: {_failed(airflow, run)}"
                        say(f"cleared, as an operator would: {_failed(airflow, run)}")
                        _clear(airflow, run)
                    scheduler_dies = _strike(airflow, run, scheduler_dies, most, chance, kills)
                    time.sleep(0.1)
                world.reconcile(airflow.dsn, home.name, names=False)
                return canonical.dump(airflow.dsn, str(home / "archive"), repair=True)
            except ToolCrashed as fault:  # the scheduler was killed: it starts anew, as an operator would start it
                say(f"Airflow is started anew: {str(fault).splitlines()[0]}")
    raise AssertionError(f"the run did not end in {LONGEST:.0f} s")


def _strike(
    airflow: Supervisor, run: str, scheduler_dies: str, most: int, chance: random.Random, kills: list[Kill]
) -> str:
    """Kill some of what runs now. Returns the stage in which the scheduler is still to die, if any."""
    tries = Counter((kill.stage, kill.point) for kill in kills if kill.victim == "task of Airflow")
    of_stage = Counter(kill.stage for kill in kills)
    found = airflow.api.get(f"/api/v2/dags/{DAG}/dagRuns/{quote(run, safe='')}/taskInstances", limit=100)
    for row in found["task_instances"]:
        stage, batch = row["task_id"].rpartition(".")[2], row["map_index"]
        if row["state"] != "running" or stage not in STAGES:
            continue
        if stage == scheduler_dies:
            leader = airflow._children["scheduler"]
            kills.append(Kill(stage, "scheduler of Airflow", point=batch))
            leader.kill()
            leader.wait()
            return ""
        enough = len(kills) >= most - bool(scheduler_dies) or of_stage[stage] >= max(1, most // len(STAGES))
        if not enough and tries[stage, batch] < RETRIES and chance.random() < 0.5 and _kill_task(row["id"]):
            kills.append(Kill(stage, "task of Airflow", point=batch))
    return scheduler_dies


def _failed(airflow: Supervisor, run: str) -> str:
    states = airflow.task_states(DAG, run)
    return ", ".join(f"{one.task_id} {one.map_index} try {one.try_number}" for one in states if one.state == "failed")


def _clear(airflow: Supervisor, run: str) -> None:
    """What failed, and what did not begin because of it, once more; the run goes on."""
    what = {"dag_run_id": run, "dry_run": False, "only_failed": True, "reset_dag_runs": True}
    airflow.api._ask("POST", f"/api/v2/dags/{DAG}/clearTaskInstances", json=what)


def _kill_task(task: str) -> bool:
    """The process that does the task's work, if there is one."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if f"airflow worker -- {task}" in " ".join(process.cmdline()):
                os.kill(process.pid, signal.SIGKILL)
                return True
    return False
