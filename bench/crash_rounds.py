"""One ingest of the newsroom, undisturbed or with kills, in a database and an archive of its own."""

from __future__ import annotations

import json
import os
import random
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

import canonical
from command_line import WITHOUT_NAMES, environment
from crash_victims import Kill, Target, strike
from newsdesk.local import postgres
from newsdesk.local.newsroom import Newsroom
from newsdesk.store.database import run_alone, transaction
from newsdesk.store.migrate import migrate

EDITIONS = (1, 2)
SETTINGS = {
    "NEWSDESK_BATCH_SIZE": "60", "NEWSDESK_FETCH_MAX_BYTES": "5000000", "NEWSDESK_FETCH_DEADLINE": "2",
    "NEWSDESK_CRAWL_DELAY": "0", **WITHOUT_NAMES,
}  # fmt: skip
PATIENCE = 600  # seconds for one start of the command
MOST_STARTS = 6  # in a row, until it must end well
POINTS = Path(__file__).with_name("crash_points.py")


@dataclass(slots=True)
class Undisturbed:
    dumps: dict[int, canonical.Dump] = field(default_factory=dict)  # by edition
    points: dict[int, dict[str, int]] = field(default_factory=dict)  # by edition and stage: most in one process

    @property
    def told(self) -> str:
        return ", ".join(
            f"edition {n}: {dump.tables['article'].total()} articles, {dump.records.total()} records, points {self.points[n]}"
            for n, dump in self.dumps.items()
        )


@dataclass(slots=True)
class Round:
    kills: list[Kill] = field(default_factory=list)
    missed: int = 0
    left_behind: list[str] = field(default_factory=list)
    dumps: dict[int, canonical.Dump] = field(default_factory=dict)


class World:
    """The newsroom on the air and a PostgreSQL server, for as long as the `with` lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.newsroom = Newsroom()
        self.more: dict[str, str] = {}  # settings of the round
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        (self.folder / "sources").mkdir(parents=True)
        self._stack.enter_context(self.newsroom)
        self.newsroom.write_sources(self.folder / "sources")
        self._server = postgres.start(self.home)
        self._stack.callback(postgres.stop, self.home)
        migrate(self._server)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        run_alone(self._maintenance, [f"CREATE DATABASE {name} TEMPLATE newsdesk"])
        try:
            yield self._server.replace("/newsdesk?", f"/{name}?")
        finally:
            postgres.start(self.home)
            run_alone(self._maintenance, [f"DROP DATABASE {name} WITH (FORCE)"])

    @property
    def _maintenance(self) -> str:
        return self._server.replace("/newsdesk?", "/postgres?")

    def start(
        self, dsn: str, name: str, *, names: bool, command: Sequence[str] = ("ingest", "--quiet"), **more: str
    ) -> subprocess.Popen[bytes]:
        """`newsdesk ingest`, at whose points it can be stopped; what it says is in logs/."""
        settings = {
            "NEWSDESK_HOME": str(self.folder / name), "NEWSDESK_SOURCES": str(self.folder / "sources"),
            "NEWSDESK_DSN": dsn, "NEWSDESK_ARCHIVE": str(self.archive(name)),
            **{key: value for key, value in SETTINGS.items() if not (names and key in WITHOUT_NAMES)},
            **self.more, **more,
        }  # fmt: skip
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(POINTS), *command], env=environment(**settings),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def archive(self, name: str) -> Path:
        return self.folder / name / "archive"

    def round(
        self, number: int, expected: Undisturbed, targets: Mapping[int, Sequence[Target]], chance: random.Random,
        *, names: bool,
    ) -> Round:  # fmt: skip
        """Both editions, with a kill for each target."""
        found, name = Round(), f"round_{number}"
        self.more = {"NEWSDESK_BATCH_SIZE": "15"} if number % 4 == 3 else {}  # several batches side by side
        with self.database(name) as dsn:
            for edition in EDITIONS:
                self.newsroom.edition = edition
                for target in in_order(targets[edition]):
                    # a run that goes on from a killed one has less to do: early places are reached, late ones seldom
                    point = 1 + int(expected.points[edition][target.stage] * chance.random() ** 2)
                    kill = self.disturb(dsn, name, target, point, edition, chance, found, names=names)
                    found.kills += [kill] if kill else []
                    found.missed += kill is None
                self.finish(dsn, name, names=names)
                found.dumps[edition] = canonical.dump(dsn, str(self.archive(name)), repair=True)
        return found

    def disturb(
        self, dsn: str, name: str, target: Target, point: int, edition: int, chance: random.Random, found: Round,
        *, names: bool,
    ) -> Kill | None:  # fmt: skip
        """One start of the command, and the end of the victim where it gets to the point. None: it does not."""
        self.recover(dsn)
        address = str(self.folder / "harness")
        Path(address).unlink(missing_ok=True)
        kill = None
        with socket.socket(socket.AF_UNIX) as harness:
            harness.bind(address)
            harness.listen()
            process = self.start(dsn, name, names=names, CRASH_AT=f"{target.stage}:{point}", CRASH_SOCKET=address)
            while process.poll() is None:
                if not select.select([harness], [], [], 0.02)[0]:
                    continue
                stopped, _ = harness.accept()
                if kill is not None:  # another process came to its own point of this number
                    stopped.close()
                    continue
                pid, backend = map(int, stopped.recv(100).split())
                after = strike(target.victim, process.pid, pid, backend, self.home, stopped.close, chance)
                if after is not None:
                    kill = Kill(target.stage, target.victim, edition, point, after)
        found.left_behind += self.left(name)
        return kill

    def finish(self, dsn: str, name: str, *, names: bool) -> None:
        """Start the command until it ends well."""
        for _ in range(MOST_STARTS):
            self.recover(dsn)
            if self.start(dsn, name, names=names).wait(PATIENCE) == 0:
                self.reconcile(dsn, name, names=names)
                return
        raise AssertionError((self.folder / "logs" / f"{name}.log").read_text()[-3000:])

    def reconcile(self, dsn: str, name: str, *, names: bool) -> None:
        """As each night: a killed run brings its articles in portions, and stories near the threshold may hang on these."""
        assert self.start(dsn, name, names=names, command=("reconcile", "--json")).wait(PATIENCE) == 0

    def recover(self, dsn: str) -> None:
        """PostgreSQL runs again, and the turns of the dead have lapsed."""
        postgres.start(self.home)
        with transaction(dsn) as cursor:
            cursor.execute("UPDATE ops.host SET held_by = NULL, held_until = NULL")
            cursor.execute("UPDATE ops.robots SET asked_until = NULL")

    def left(self, name: str) -> list[str]:
        """Processes of a command that has ended, half a minute later."""
        until = time.monotonic() + 30
        while (found := _of_home(str(self.folder / name))) and time.monotonic() < until:
            time.sleep(0.05)
        return found


def undisturbed(world: World, *, names: bool) -> Undisturbed:
    """Each edition's dump without kills, and how many points its stages have. AssertionError where two such runs differ."""
    found = [_undisturbed(world, f"undisturbed_{number}_{int(names)}", names=names) for number in (1, 2)]
    for edition in EDITIONS:
        difference = canonical.difference(found[0].dumps[edition], found[1].dumps[edition])
        assert not difference, str(difference)
    return found[0]


def _undisturbed(world: World, name: str, *, names: bool) -> Undisturbed:
    found = Undisturbed()
    with world.database(name) as dsn:
        for edition in EDITIONS:
            world.newsroom.edition = edition
            counts = world.folder / name / f"counts-{edition}"
            counts.mkdir(parents=True)
            assert world.start(dsn, name, names=names, CRASH_COUNTS=str(counts)).wait(PATIENCE) == 0
            world.reconcile(dsn, name, names=names)
            found.dumps[edition] = canonical.dump(dsn, str(world.archive(name)))
            every = [json.loads(file.read_text()) for file in counts.iterdir()]
            found.points[edition] = {
                stage: max(one.get(stage, 0) for one in every) for stage in {key for one in every for key in one}
            }
    return found


def in_order(targets: Sequence[Target]) -> list[Target]:
    from crash_points import STAGES

    return sorted(targets, key=lambda target: STAGES.index(target.stage))


def _of_home(home: str) -> list[str]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            ours = process.environ().get("NEWSDESK_HOME") == home and process.status() != psutil.STATUS_ZOMBIE
            if ours and process.pid != os.getpid():
                found.append(" ".join(process.cmdline())[:200])
    return found
