"""What commands show of one small world: JSON for programs, tables for people, a live table for who watches."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from command_line import NEWSDESK, environment, heed_ctrl_c
from desk_world import World, make_world
from newsdesk import progress
from newsdesk.cli import app
from newsdesk.store.database import transaction
from waiting import read_until

URL = "https://post.example/ferry"
GOOD = "id: times\nname: Times\nhomepage: https://times.example/\nlanguage: en\n"


@pytest.fixture(scope="module")
def world(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    made = make_world(module_dsn, folder)
    (folder / "sources").mkdir()
    (folder / "sources" / "times.yaml").write_text(GOOD)
    (folder / "sources" / "broken.yaml").write_text("id: [")
    with transaction(module_dsn) as cursor:
        cursor.execute("UPDATE news.article SET title = %s WHERE title = 'Ferry aground'", ("Ferry \x1b[2J aground",))
    return made


@pytest.fixture
def env(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    settings = world.desk.settings
    ours = {
        "NEWSDESK_DSN": world.desk.dsn, "NEWSDESK_HOME": str(settings.home), "NEWSDESK_ARCHIVE": settings.archive,
        "NEWSDESK_SOURCES": str(settings.sources),
    }  # fmt: skip
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    return ours


def run(*words: str) -> Result:
    ended = CliRunner().invoke(app, words)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended


def told(*words: str, code: int = 0) -> Any:
    """What it tells with --json, which must be all of stdout."""
    ended = run(*words, "--json")
    assert ended.exit_code == code, ended.output
    return json.loads(ended.stdout)


@pytest.mark.parametrize(
    ("words", "code", "keys"),
    [
        ("status", 0, {"run", "sources", "due"}),
        (f"explain {URL}", 0, {"url", "visits", "article", "versions"}),
        ("explain https://never.example/x", 1, None),
        ("sources list", 1, {"sources", "faults"}),
        ("sources check", 1, {"well", "faults"}),
        ("sources polls", 0, []),
        ("sources switch-on https://never.example/rss", 1, {"endpoints"}),
        ("entities loads", 0, {"loads", "items", "names"}),
        ("entities find Nobody", 1, []),
        ("retry https://never.example/x", 1, {"due", "in_hand", "asleep", "withdrawn"}),
        ("migrate", 0, {"applied", "to_apply"}),
        ("archive verify", None, {"archive", "faults", "found"}),
        ("export --format csv", 0, {"export", "format", "days", "rows"}),
        ("reconcile", 0, {"pairs_new"}),
        ("retry --all", 0, {"due"}),
        ("entities forget --yes", 0, {"items", "names"}),
    ],
)
def test_json_is_all_that_stdout_has(env: dict[str, str], words: str, code: int | None, keys: Any) -> None:
    plain = run(*words.split())
    ended = run(*words.split(), "--json")
    assert ended.exit_code == (plain.exit_code if code is None or words == "retry --all" else code), ended.output
    found = json.loads(ended.stdout)
    if isinstance(keys, set):
        assert keys <= found.keys()
    else:
        assert isinstance(found, list) if isinstance(keys, list) else found is None
    assert plain.output.strip()
    with pytest.raises(ValueError):
        json.loads(plain.stdout or "-")


def test_times_are_told_with_their_zone_and_the_run_by_its_stages(env: dict[str, str], world: World) -> None:
    found = told("status")
    assert found["run"]["run_id"] == world.running_id
    assert found["run"]["progress"]["planned"] == 1
    assert found["run"]["started_at"].endswith("+00:00")
    assert {source["source"]: source["state"] for source in found["sources"]}["post"] == "failing"


def test_what_the_web_smuggles_in_does_not_reach_the_terminal(env: dict[str, str]) -> None:
    shown = run("explain", URL).stdout
    assert "aground" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in run("explain", f"https://times.example/ferry?{'<script>'}").output


def test_without_a_terminal_watching_is_one_look(env: dict[str, str]) -> None:
    began = time.monotonic()
    ended = run("status", "--watch")
    assert (ended.exit_code, ended.stdout.count("Sources")) == (0, 1)
    assert "fetched" in ended.stdout
    assert "due: " in ended.stdout
    assert time.monotonic() - began < 20
    assert run("status", "--watch", "--json").exit_code == 2


def test_who_watches_sees_what_changes_until_ctrl_c(env: dict[str, str], world: World) -> None:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [*NEWSDESK, "status", "--watch"], env=environment(**env, TERM="xterm", COLUMNS="120"), stdin=child, stdout=child,
        stderr=child, start_new_session=True, preexec_fn=heed_ctrl_c,
    )  # fmt: skip
    os.close(child)
    try:
        seen = read_until(parent, b"of 1", 30)
        with transaction(world.desk.dsn) as cursor:
            cursor.execute(
                "UPDATE ops.run SET state = 'failed', finished_at = now() WHERE run_id = %s", (world.running_id,)
            )
        read_until(parent, b"failed; last run", 30)
        process.send_signal(signal.SIGINT)
        read_until(parent, None, 10)
        assert process.wait(10) == 0
        assert b"Traceback" not in seen
    finally:
        process.kill()
        process.wait()
        os.close(parent)
        with transaction(world.desk.dsn) as cursor:
            cursor.execute(
                "UPDATE ops.run SET state = 'running', finished_at = NULL WHERE run_id = %s", (world.running_id,)
            )


def shown(*, terminal: bool, **options: bool) -> str:
    """What a run of two batches says on stderr."""
    out = StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, highlight=False)
    with progress.Progress(console=console, **options) as bars:
        bars.tell("discover", {"links": 12, "new_urls": 0})
        for done in (0, 3, 6, 6):
            bars.tell("batches", {"planned": 6, "fetched": done, "extracted": done, "enriched": done, "settled": 0})
        bars.tell("read", {"bytes": 500, "size": 1000, "records": 7, "pages": 3})
        bars.tell("publish", {})
    return out.getvalue()


def test_progress_is_bars_on_a_terminal_and_few_plain_lines_elsewhere() -> None:
    lines = shown(terminal=False).splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["discover", "12 links"], ["fetched", "6 of 6"], ["extracted", "6 of 6"], ["enriched", "6 of 6"],
        ["publish", "nothing to do"],
    ]  # fmt: skip
    live = shown(terminal=True)
    assert "6 of 6" in live
    assert "7 records, 3 pages" in live
    assert "\x1b[" in live
    assert shown(terminal=False, as_json=True) == ""
    assert shown(terminal=True, quiet=True) == ""


def test_progress_that_lasts_tells_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    out = StringIO()
    with progress.Progress(console=Console(file=out, width=120)) as bars:
        for done in range(3):
            bars.bar("export", done, 1000, "days")
    assert out.getvalue().split() == "export 0 of 1,000 days export 1 of 1,000 days export 2 of 1,000 days".split()


def test_what_takes_long_shows_where_it_is(env: dict[str, str], tmp_path: Path) -> None:
    """On stderr, so that stdout stays for the answer."""
    ended = run("export", "--format", "jsonl", "--to", str(tmp_path))
    assert "export" in ended.stderr
    assert "days" in ended.stderr
    assert str(tmp_path) in ended.stdout
