"""What is left of an ingest that is killed again and again: nothing lost, nothing doubled.

    python bench/crash.py [--kills 210] [--seed 1] [--names-rounds 1] [--airflow-kills 12] [--folder DIR]

The made-up newsroom is ingested once undisturbed, both its editions. Then, round by round, in a fresh database with a
fresh archive, the same with kills (SIGKILL) at places drawn by chance over the stages (`crash_points`): the command
itself, a process that computes for it, the extractor's process under its page, the backend of the connection in use,
the whole PostgreSQL server, or all of these at once, as when a machine loses its power. The command is started again
until it ends well; then the tables of `news` and the records of the archive must be those of the undisturbed run
(tests/canonical.py), and no process may be left. Half of the victims stand still at their place, half run on for some
milliseconds. A kill counts only where its victim lived. With
`--airflow-kills` runs of the DAG are disturbed, too: its tasks' processes and Airflow's scheduler are killed.

The turns at hosts that a killed process held are given back between two starts, as if their twelve seconds were over.
What a loss of power does beyond that (writes that the disk had not made) is not in this: the kernel lives on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import canonical
from command_line import forget_settings
from crash_airflow import airflow_rounds
from crash_rounds import EDITIONS, World, undisturbed
from crash_table import as_markdown
from crash_victims import VICTIMS, Kill, Target

ROUND = 13  # kills in one: eight in the first edition, five in the second


@dataclass(slots=True)
class Report:
    """What is written to the JSON file."""

    seed: int
    rounds: int = 0
    kills: list[Kill] = field(default_factory=list)
    missed: int = 0  # places that a run did not come to, or whose victim was gone
    compared: int = 0  # dumps held against the undisturbed run's
    lost: int = 0
    doubled: int = 0
    orphans: int = 0  # records of killed tasks in the archive, which no row names
    left_behind: list[str] = field(default_factory=list)  # processes that outlived their parent
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0
    load: float = 0.0  # of the machine, at the end


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--airflow-kills", type=int, default=0, help="further ones, of tasks and schedulers of Airflow")
    parser.add_argument("--names-rounds", type=int, default=1, help="rounds in which names are looked for, too")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep logs and reports here")
    options = parser.parse_args()
    forget_settings()
    with TemporaryDirectory(prefix="newsdesk-crash-", ignore_cleanup_errors=True) as name:
        report = run(options, Path(name), options.folder or Path(name))
    print(as_markdown(asdict(report)))
    return int(bool(report.lost or report.doubled or report.left_behind))


def run(options: argparse.Namespace, folder: Path, out: Path) -> Report:
    began = time.monotonic()
    chance = random.Random(options.seed)
    report = Report(options.seed)
    out.mkdir(parents=True, exist_ok=True)
    with World(folder) as world:
        expected = {}
        while len(report.kills) < options.kills:
            names = report.rounds >= -(-options.kills // ROUND) - options.names_rounds  # the last ones
            if names not in expected:
                expected[names] = undisturbed(world, names=names)
                say(f"undisturbed run {'with' if names else 'without'} names: {expected[names].told}")
            targets = draw(report.kills, min(ROUND, options.kills - len(report.kills)), chance)
            one = world.round(report.rounds, expected[names], targets, chance, names=names)
            report.rounds += 1
            report.kills += one.kills
            report.missed += one.missed
            report.left_behind += one.left_behind
            for number, found in one.dumps.items():
                compare(report, expected[names].dumps[number], found)
            write(report, out, began)
            say(f"round {report.rounds}: {len(report.kills)} kills, {report.lost} lost, {report.doubled} doubled")
        if options.airflow_kills:
            if False not in expected:
                expected[False] = undisturbed(world, names=False)
            for kills, found in airflow_rounds(world, options.airflow_kills, chance, say, out):
                report.rounds += 1
                report.kills += kills
                compare(report, expected[False].dumps[1], found)
                write(report, out, began)
                say(f"by Airflow: {len(kills)} kills, {report.lost} lost, {report.doubled} doubled")
    write(report, out, began)
    return report


def draw(done: list[Kill], count: int, chance: random.Random) -> dict[int, list[Target]]:
    """The round's targets by edition, in the order of the stages: those that had fewest kills so far."""
    so_far = Counter((kill.stage, kill.victim) for kill in done)
    every = [(stage, victim) for victim, stages in VICTIMS.items() for stage in stages]
    chosen: list[Target] = []
    for _ in range(count):
        fewest = min(so_far[pair] for pair in every)
        pair = chance.choice([pair for pair in every if so_far[pair] == fewest])
        so_far[pair] += 1
        chosen.append(Target(*pair))
    first = -(-count * 8 // ROUND)
    return dict(zip(EDITIONS, (chosen[:first], chosen[first:]), strict=True))


def compare(report: Report, expected: canonical.Dump, found: canonical.Dump) -> None:
    difference = canonical.difference(expected, found)
    report.compared += 1
    report.lost += difference.rows_lost
    report.doubled += difference.rows_doubled
    report.orphans += found.orphans
    if difference:
        report.differences.append(str(difference))
        say(str(difference))


def write(report: Report, out: Path, began: float) -> None:
    report.seconds, report.load = time.monotonic() - began, os.getloadavg()[1]
    (out / "crash.json").write_text(json.dumps(asdict(report), indent=1))
    (out / "crash.md").write_text(as_markdown(asdict(report)))


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
