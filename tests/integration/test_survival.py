"""What happens to the database in mid-work, and leaves nothing undone: cuts, a restart, deadlocks, full disks, clocks, twins."""

from __future__ import annotations

import ctypes
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest

import canonical
from arrivals import Arrival, arrive
from command_line import AT_A_RUN, WITHOUT_NAMES
from databases import fresh_database, wait_for_a_lock
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.errors import DatabaseContended, DatabaseUnreachable
from newsdesk.ingest import compute
from newsdesk.local import postgres
from newsdesk.local.newsroom import Newsroom
from newsdesk.process_pool import computing_pool
from newsdesk.settings import read_settings
from newsdesk.store import articles, hosts
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate

SOME = ("harbour-courier", "northmoor-observer", "saltmarsh-gazette")  # none of them dawdles
STORM = " ".join(f"The storm tore roof {n} off in street {n * 7}, and nobody was hurt there." for n in range(30))


@dataclass
class Town:
    """The newsroom on the air, and what an undisturbed run makes of it."""

    folder: Path
    expected: canonical.Dump

    def desk(self, dsn: str, name: str) -> Desk:
        return Desk(
            read_settings({
                "NEWSDESK_HOME": str(self.folder / name), "NEWSDESK_SOURCES": str(self.folder / "sources"),
                "NEWSDESK_FETCH_DEADLINE": "2", "NEWSDESK_CRAWL_DELAY": "0", "NEWSDESK_BATCH_SIZE": "10", **WITHOUT_NAMES,
            }),
            dsn,
        )  # fmt: skip

    def assert_all_is_there(self, desk: Desk) -> None:
        found = canonical.difference(self.expected, canonical.dump(desk.dsn, desk.settings.archive, repair=True))
        assert not found, str(found)


Step = Callable[[], object]


def steps(desk: Desk, key: str) -> Iterator[Step]:
    """A run, step by step; each may be done again."""
    run_id = stages.open_run(desk, key, "cli", SOME)
    yield partial(stages.discover, desk, run_id)
    batches: list[int] = []
    yield lambda: batches.__init__(stages.plan(desk, run_id))  # type: ignore[misc]
    for stage in (stages.fetch, stages.extract, stages.enrich):
        for batch in batches:
            yield partial(stage, desk, batch)
    yield partial(stages.deduplicate, desk, run_id)
    yield partial(stages.publish, desk, run_id)


@pytest.fixture(scope="module")
def town(template_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    (folder / "sources").mkdir()
    with Newsroom(pace=AT_A_RUN) as newsroom, fresh_database(template_dsn) as dsn:
        newsroom.write_sources(folder / "sources")
        town = Town(folder, canonical.Dump({}))
        desk = town.desk(dsn, "undisturbed")
        for step in steps(desk, "undisturbed"):
            step()
        town.expected = canonical.dump(dsn, desk.settings.archive)
        yield town


def until_done(step: Step, faults: list[Exception]) -> None:
    """As Airflow does: a fault that may pass is tried again. The turns of the failed try have lapsed by then."""
    for _ in range(20):
        try:
            step()
            return
        except DatabaseUnreachable as fault:  # and nothing else, such as psycopg2's own
            faults.append(fault)
            time.sleep(0.1)
    raise AssertionError(faults)


@contextmanager
def cutting(dsn: str, times: int, every: float) -> Iterator[list[int]]:
    """Ends all of newsdesk's connections to this database, again and again, as a failing network or a failover does."""
    hits: list[int] = []
    over = threading.Event()

    def cut() -> None:
        own = psycopg2.connect(dsn, application_name="scissors")
        own.autocommit = True
        with own.cursor() as cursor:
            while not over.wait(every) and len(hits) < times:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE application_name = 'newsdesk' AND datname = current_database()"
                )
                cut_now = int((cursor.fetchone() or (0,))[0])
                if cut_now:
                    hits.append(cut_now)
                    cursor.execute("UPDATE ops.host SET held_until = NULL")
        own.close()

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield hits
    finally:
        over.set()
        thread.join()


def test_connections_that_are_cut_again_and_again_cost_time_only(town: Town, dsn: str) -> None:
    desk = town.desk(dsn, "cut")
    faults: list[Exception] = []
    with cutting(dsn, times=12, every=0.15) as hits:
        for step in steps(desk, "cut"):
            until_done(step, faults)
    assert hits
    assert faults
    assert "run it again" in str(faults[0]) or "cannot reach" in str(faults[0]) or "lost the database" in str(faults[0])
    town.assert_all_is_there(desk)


def test_the_same_batch_by_two_schedulers_at_once_is_done_once(town: Town, dsn: str) -> None:
    desk = town.desk(dsn, "twice")
    run_id = stages.open_run(desk, "twice", "cli", SOME)
    with ThreadPoolExecutor(2) as both, computing_pool(2) as processes:

        def twice(work: Callable[..., object], *arguments: object) -> None:
            for future in [both.submit(work, *arguments) for _ in range(2)]:
                future.result()

        twice(stages.discover, desk, run_id)
        twice(stages.plan, desk, run_id)
        batches = stages.plan(desk, run_id)
        for batch in batches:
            twice(stages.fetch, desk, batch)
        for future in [processes.submit(compute, desk, batch) for batch in batches for _ in range(2)]:
            future.result()
        twice(stages.deduplicate, desk, run_id)
        twice(stages.publish, desk, run_id)
    town.assert_all_is_there(desk)


def test_a_deadlock_ends_the_step_by_name_and_the_next_try_does_it_all(dsn: str, tmp_path: Path) -> None:
    desk = Desk(read_settings({"NEWSDESK_HOME": str(tmp_path)}), dsn)
    run_id = arrive(dsn, [Arrival("https://times.example/storm", STORM)], "one")
    stages.deduplicate(desk, run_id)
    stranger = psycopg2.connect(dsn)
    with stranger.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '1min'")  # so that it is not the one that is ended
        cursor.execute("SELECT url_id FROM ops.frontier FOR UPDATE")
        with ThreadPoolExecutor(1) as aside:
            publishing = aside.submit(stages.publish, desk, run_id)
            wait_for_a_lock(dsn)
            articles.take_turn(cursor)  # which the publishing holds; it waits for the row that we hold
            with pytest.raises(DatabaseContended, match="deadlock"):
                publishing.result(30)
    stranger.rollback()
    stranger.close()
    assert stages.publish(desk, run_id) == {"published": 1}


@pytest.mark.parametrize("hours", [-3, 3, 24 * 400])
def test_a_clock_that_was_set_keeps_no_host_shut(dsn: str, hours: int) -> None:
    """A row as a worker left it, and then the clock jumped by so many hours: back (the row is ahead) or forth."""
    ahead = (
        f"clock_timestamp() + interval '{-hours} hours'"
        if hours < 0
        else f"clock_timestamp() - interval '{hours} hours'"
    )
    with transaction(dsn) as cursor:
        cursor.execute(
            f"""
            INSERT INTO ops.host (host, held_by, held_until, next_turn_at, deferred_until, deferred_as, deferred_why) VALUES
                ('held.example', 'one', {ahead} + interval '12 s', clock_timestamp(), NULL, NULL, NULL),
                ('pause.example', NULL, NULL, {ahead} + interval '1 s', NULL, NULL, NULL),
                ('rest.example', NULL, NULL, clock_timestamp(), {ahead} + interval '1 day', 'timeout', 'no answer')
            """
        )
    connection = hosts.open_pacing(dsn)
    taken = {
        host: hosts.take_turn(connection, host, "two", 12.0)
        for host in ("held.example", "pause.example", "rest.example")
    }
    connection.close()
    shut = {host for host, answer in taken.items() if not isinstance(answer, hosts.Turn)}
    # forth by three hours, a rest of a day is not over
    assert shut == ({"rest.example"} if hours == 3 else set())


@pytest.mark.slow
def test_a_server_that_restarts_and_one_whose_log_fills_its_disk_lose_nothing(town: Town) -> None:
    with TemporaryDirectory(prefix="newsdesk-survival-", ignore_cleanup_errors=True) as name:
        home = Path(name) / "home"
        dsn = postgres.start(home)
        try:
            migrate(dsn)
            desk = town.desk(dsn, "restart")
            every = steps(desk, "restart")
            faults: list[Exception] = []
            for number, step in enumerate(every):
                if number == 2:  # the first batch's pages are being fetched
                    restarted(home, step, faults)
                elif number == 5:
                    on_a_full_disk(home, Path(name) / "disk", step, faults)
                until_done(step, faults)
            assert faults
            town.assert_all_is_there(desk)
        finally:
            postgres.stop(home)
            with suppress(OSError):
                ctypes.CDLL(None).umount(os.fsencode(Path(name) / "disk"))


def restarted(home: Path, step: Step, faults: list[Exception]) -> None:
    with ThreadPoolExecutor(1) as aside:
        work = aside.submit(step)
        time.sleep(0.1)
        postgres.stop(home)
        with suppress(DatabaseUnreachable):
            work.result(60)
    dsn = postgres.start(home)
    faults.append(DatabaseUnreachable("stopped"))
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.host SET held_until = NULL")


def on_a_full_disk(home: Path, disk: Path, step: Step, faults: list[Exception]) -> None:
    """The server's log moves to a disk of its own, which has no room for its next file."""
    log = home / "postgres" / "pg_wal"
    disk.mkdir()
    postgres.stop(home)
    size = sum(file.stat().st_size for file in log.rglob("*") if file.is_file())
    if not mount(disk, size + (1 << 20)):
        postgres.start(home)
        pytest.skip("this machine does not let us mount a small disk: the restart alone was tried")
    owner = log.stat()
    shutil.copytree(log, disk / "log")
    shutil.move(log, home / "log.before")
    log.symlink_to(disk / "log")
    for path in (disk, disk / "log", *(disk / "log").rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    dsn = postgres.start(home)
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with suppress(psycopg2.Error), connection.cursor() as cursor:
        for _ in range(8):  # until the files that are there are full
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CREATE TABLE IF NOT EXISTS public.filler (t text)")
    with suppress(psycopg2.Error):
        connection.close()
    with pytest.raises(DatabaseUnreachable) as fault:
        step()
    faults.append(fault.value)
    assert mount(disk, size + (64 << 20), remount=True)
    with transaction(postgres.start(home)) as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.filler")


def mount(place: Path, size: int, *, remount: bool = False) -> bool:
    flags = 32 if remount else 0  # MS_REMOUNT
    done = ctypes.CDLL(None).mount(b"newsdesk", os.fsencode(place), b"tmpfs", flags, f"size={size}".encode())
    return bool(done == 0)
