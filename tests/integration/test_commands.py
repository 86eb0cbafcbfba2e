"""Every command, walked: help with an example, --json, exit codes. A new command is told here what it still lacks."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import typer
from typer.testing import CliRunner

from command_line import ROOT, environment
from newsdesk.cli import app
from newsdesk.cli.completing import outcomes, source_ids
from newsdesk.local import demo, postgres, start
from newsdesk.local.newsroom.outlets import OUTLETS
from newsdesk.model import Source
from newsdesk.store.database import transaction
from newsdesk.store.imported_pages import add_sources
from newsdesk.store.sources import save_sources
from warc_making import WHEN, cc_news, html

# command -> why it has no --json
WITHOUT_JSON = {
    "demo": "a show for people, until Ctrl-C",
    "start": "runs until Ctrl-C",
    "stop": "shows nothing",
    "try": "JSON lines are all that it knows",
    "dsn": "one value, for the shell's $(…)",
    "psql": "what it shows is psql's (psql --csv)",
    "reader": "shows nothing; must not show the password",
}
# command -> arguments with which it would run, if settings and database were as they should be
ARGUMENTS = {
    "import-warc": ["{home}/../a.warc.gz"],
    "explain": ["https://a.example/b"],
    "try": ["url"],
    "retry": ["--all"],
    "withdraw": ["https://a.example/b", "--why", "court order", "--yes"],
    "reader": ["ana"],
    "sources add": ["https://a.example/", "--dry-run"],
    "sources switch-on": ["https://a.example/rss"],
    "entities load": [str(Path(__file__))],
    "entities forget": ["--yes"],
    "entities find": ["Ana"],
    "entities merge": ["a", "--into", "b"],
    "entities split": ["a"],
}
# commands that a wrong setting does not stop: doctor tells of it
WITHOUT_SETTINGS = {"doctor"}
# those that an unreachable database does not stop
WITHOUT_DATABASE = {
    "doctor": "tells of it", "sources list": "reads files", "sources check": "reads files", "try": "a craft alone",
    "stop": "it is to stop", "demo": "takes none but its own", "start": "starts Airflow first",
}  # fmt: skip
# psql takes every option as its own
TAKES_ANY_OPTION = {"psql"}


def _leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from _leaves(child, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(_leaves(typer.main.get_command(app)))


def every_command_but(exempt: Collection[str] = ()) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", sorted(COMMANDS.keys() - exempt))


every_command = every_command_but()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting but a home and a folder of sources with one good file."""
    for name in os.environ:
        if name.startswith(("NEWSDESK_", "AIRFLOW")):
            monkeypatch.delenv(name)
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "times.yaml").write_text("id: times\nname: Times\nhomepage: https://times.example/\nlanguage: en\n")
    (tmp_path / "a.warc.gz").write_bytes(cc_news([("https://a.example/", WHEN, html("A", ["b"]))]))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEWSDESK_SOURCES", str(sources))
    monkeypatch.setenv("NEWSDESK_READER_PASSWORD", "a long one")
    return tmp_path


def run(name: str, *more: str) -> Any:
    given = [word.replace("{home}", os.environ["NEWSDESK_HOME"]) for word in ARGUMENTS.get(name, [])]
    return CliRunner().invoke(app, [*name.split(), *given, *more])


def options(name: str) -> set[str]:
    return {option for param in COMMANDS[name].params for option in param.opts}


@every_command
def test_its_help_says_what_it_does_and_shows_an_example(name: str) -> None:
    text = inspect.getdoc(COMMANDS[name].callback) or ""
    assert re.search(r"^Examples?:|[.:] Examples?:", text, re.MULTILINE), (
        f"newsdesk {name}: end its docstring with: Example: `newsdesk {name} …`"
    )
    example = text[text.index("Example") :]
    assert f"newsdesk {name}" in example, f"newsdesk {name}: its example does not call it"
    for param in COMMANDS[name].params:
        assert getattr(param, "help", None) or param.name == "help", f"newsdesk {name}: {param.name} has no help"


@pytest.mark.parametrize("group", [[], ["sources"], ["archive"], ["entities"]])
def test_a_groups_help_shows_an_example(group: list[str]) -> None:
    told = CliRunner().invoke(app, [*group, "--help"]).output
    assert re.search(rf"Examples?:\s+newsdesk {' '.join(group)}", told)


@every_command
def test_what_it_shows_can_be_had_as_json(name: str) -> None:
    lacks = (
        f"newsdesk {name}: give it --json (`as_json`, put_json() of cli/opening.py: one document on stdout, words on stderr), "
        "or stand it in WITHOUT_JSON with the reason"
    )
    assert ("--json" in options(name)) != (name in WITHOUT_JSON), lacks


@every_command
def test_it_is_wrapped_by_told_which_makes_one_line_of_our_errors(name: str) -> None:
    assert hasattr(COMMANDS[name].callback, "__wrapped__"), f"newsdesk {name}: put @told under @commands.command()"


@every_command_but(TAKES_ANY_OPTION)
def test_bad_usage_ends_with_2(name: str, bare: Path) -> None:
    assert run(name, "--no-such-option").exit_code == 2


@every_command_but(WITHOUT_SETTINGS)
def test_a_bad_setting_ends_with_2_and_is_named(name: str, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_BATCH_SIZE", "many")
    ended = run(name)
    told = f"newsdesk {name}: is a required argument missing in ARGUMENTS? {ended.output}{ended.exception!r}"
    assert (ended.exit_code, "NEWSDESK_BATCH_SIZE" in ended.output) == (2, True), told
    assert ended.stdout == ""


@every_command_but(WITHOUT_DATABASE)
def test_a_database_that_is_away_ends_with_2(name: str, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_DSN", "postgresql://desk:hunter2@127.0.0.1:1/news")
    ended = run(name)
    assert (ended.exit_code, "127.0.0.1" in ended.output) == (2, True), (
        f"newsdesk {name}: {ended.output}{ended.exception!r}"
    )
    assert "hunter2" not in ended.output


@pytest.mark.parametrize(
    "name",
    ["AIRFLOW_CONN_NEWS_DB", "NEWSDESK_DSN", "NEWSDESK_ARCHIVE", "NEWSDESK_EXPORT", "NEWSDESK_NOTIFY"],
)
def test_the_demo_refuses_to_bring_what_is_made_up_among_real_articles(
    name: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "slack:desk" if name == "NEWSDESK_NOTIFY" else "postgresql://desk:hunter2@127.0.0.1:1/news"
    monkeypatch.setenv(name, value)
    ended = run("demo", "--once")
    assert (ended.exit_code, ended.stdout, f"env -u {name} newsdesk demo" in ended.stderr) == (2, "", True)
    assert "hunter2" not in ended.output
    assert list((bare / "home").iterdir()) == []


def test_the_demo_refuses_a_home_that_has_sources_of_its_owner(
    module_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    monkeypatch.setattr(postgres, "start", lambda home, *, passing=False: module_dsn)
    monkeypatch.setattr(demo, "Supervisor", begun := Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path))
    with transaction(module_dsn) as cursor:
        files = (("my-times", True), ("my-post", False), (OUTLETS[0].id, True))
        sources = [Source(id=name, name=name, homepage=f"https://{name}.example/", enabled=on) for name, on in files]
        save_sources(cursor, sources, complete=False)
    refused = run("demo", "--once")
    assert (refused.exit_code, refused.stdout, begun.called) == (2, "", False)
    assert "of your own (my-post, my-times)" in refused.stderr
    assert "NEWSDESK_HOME=" in refused.stderr
    with transaction(module_dsn) as cursor:
        cursor.execute("DELETE FROM ops.source WHERE source_id LIKE 'my-%'")
        add_sources(cursor, [Source(id="imported", name="imported", homepage="https://imported.example/")])
    refused = run("demo", "--once")
    assert (refused.exit_code, "of your own (imported)" in refused.stderr, begun.called) == (2, True, False)
    with transaction(module_dsn) as cursor:
        cursor.execute("DELETE FROM ops.source WHERE source_id = 'imported'")
        save_sources(cursor, [], complete=True)  # the newsroom's own is switched off
    run("demo", "--once")
    assert begun.called


@pytest.mark.parametrize("cron", ["every hour", "61 * * * *", "a b c d e", "0 0 31 2 *", "@noon"])
def test_start_refuses_a_schedule_that_airflow_would_not_take(
    cron: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = run("start", "--schedule", cron)
    assert (asked.exit_code, f"--schedule={cron!r} is not a cron" in asked.stderr) == (2, True)
    monkeypatch.setenv("NEWSDESK_SCHEDULE", cron)
    named = run("start")
    assert (named.exit_code, f"NEWSDESK_SCHEDULE={cron!r} is not a cron" in named.stderr) == (2, True)
    assert list((bare / "home").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("NEWSDESK_LATE_MINUTES", "soon"), ("NEWSDESK_LATE_MINUTES", "-1"), ("NEWSDESK_APPROVAL_HOURS", "0")],
)
@pytest.mark.parametrize("command", ["start", "demo"])
def test_what_a_dag_would_find_wrong_as_it_is_read_is_refused_before_airflow_starts(
    command: str, name: str, value: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (start, demo):
        monkeypatch.setattr(module, "Supervisor", Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setenv(name, value)
    refused = run(command)
    assert (refused.exit_code, f"{name}={value!r} is not a number" in refused.stderr) == (2, True)


def test_the_lists_above_name_commands_that_there_are() -> None:
    named = {*WITHOUT_JSON, *ARGUMENTS, *WITHOUT_SETTINGS, *WITHOUT_DATABASE, *TAKES_ANY_OPTION}
    assert named - COMMANDS.keys() == set()


@every_command
def test_the_manual_has_it_in_its_table(name: str) -> None:
    manual = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    table = manual[manual.index("## Commands") : manual.index("## Settings")]
    assert f"| `newsdesk {name}" in table, f"docs/operator.md, Commands: add a row for newsdesk {name}"


def test_the_version_is_told(bare: Path) -> None:
    ended = CliRunner().invoke(app, ["--version"])
    assert (ended.exit_code, ended.stdout.split()[0]) == (0, "newsdesk")
    assert re.fullmatch(r"newsdesk \d+\.\d+\.\d+\S*", ended.stdout.strip())


def test_help_imports_nothing_heavy() -> None:
    """So that it is there at once: 0.35 s on two cores of a cloud machine, of which the interpreter is a third."""
    heavy = (
        "airflow",
        "spacy",
        "psycopg2",
        "trafilatura",
        "lxml",
        "numpy",
        "requests",
        "jsonschema",
        "fsspec",
        "fastapi",
    )
    code = f"""
import sys, runpy
sys.argv = ["newsdesk", "--help"]
try:
    runpy.run_module("newsdesk.cli", run_name="__main__")
except SystemExit:
    pass
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def complete(line: str, **env: str) -> list[str]:
    """What bash would offer at the end of the line."""
    program = Path(sys.executable).parent / "newsdesk"
    words = line.split(" ")
    asked = environment(_NEWSDESK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1), **env)
    done = subprocess.run([str(program)], env=asked, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.split()


def test_the_shell_completes_sources_and_outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("times", "tribune", "post"):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nid: {name}\n")
    here = {"NEWSDESK_SOURCES": str(tmp_path)}
    assert complete("newsdesk ingest --source t", **here) == ["times", "tribune"]
    assert complete("newsdesk retry --reason time") == ["timeout"]
    monkeypatch.setenv("NEWSDESK_SOURCES", str(tmp_path))
    assert source_ids("p") == ["post"]
    assert "published" not in outcomes("")
    monkeypatch.setenv("NEWSDESK_SOURCES", str(tmp_path / "gone"))
    assert source_ids("") == []


@pytest.mark.parametrize(
    ("name", "param"),
    [
        pytest.param(name, param, id=name)
        for name, command in sorted(COMMANDS.items())
        for param in command.params
        if param.name in ("source", "sources")
    ],
)
def test_the_shell_completes_its_sources(name: str, param: Any) -> None:
    assert param._custom_shell_complete, f"newsdesk {name}: give --source autocompletion=source_ids"
