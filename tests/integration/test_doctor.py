"""`newsdesk doctor` where the faults are real: PostgreSQL that refuses, lacks, or is closed; an Airflow half set up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from command_line import ROOT, run_newsdesk
from databases import fresh_database
from newsdesk.diagnosis import database
from newsdesk.diagnosis.checking import Finding
from newsdesk.settings import read_settings
from waiting import until

SETTINGS = read_settings({})


def findings(dsn: str) -> dict[str, Finding]:
    return {finding.check: finding for finding in database.check(replace(SETTINGS, dsn=dsn))}


def faults(dsn: str) -> dict[str, str]:
    return {name: one.state.value for name, one in findings(dsn).items() if one.state.value != "ok"}


@contextmanager
def altered(dsn: str, statement: str, back: str) -> Iterator[None]:
    _run(dsn, statement)
    try:
        yield
    finally:
        _run(dsn, f"SET default_transaction_read_only = off; {back}")


def _run(dsn: str, statements: str) -> None:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
    connection.close()


def test_a_database_that_is_as_it_should_be_has_no_fault(module_dsn: str) -> None:
    found = findings(module_dsn)
    assert tuple(found) == database.CHECKS
    assert {one.state.value for one in found.values()} == {"ok"}


def test_each_way_to_be_refused_has_its_own_remedy(module_dsn: str, tmp_path: Path) -> None:
    name = module_dsn.partition("postgres@/")[2].partition("?")[0]
    refused = {
        "postgresql://desk@127.0.0.1:1/news": ("nothing listens there", "Start the server"),
        f"postgresql://desk@/news?host={tmp_path}": ("no such socket", "Start the server"),
        "postgresql://desk@no-such-host.invalid/news": ("the host has no address", "name service"),
        module_dsn.replace(f"/{name}?", "/no_such_news?"): ("no such database", "CREATE DATABASE"),
        module_dsn.replace("postgres@", "no_such_login@"): ("no such user", "CREATE ROLE"),
        "this is no address": ("not a PostgreSQL DSN", "postgresql://user:password@host:port/database"),
    }
    for dsn, (what, remedy) in refused.items():
        found = findings(dsn)["database"]
        assert (found.state.value, what in found.seen, remedy in found.remedy) == ("fault", True, True), found


def test_a_wrong_password_is_told_as_such_and_not_shown(module_dsn: str) -> None:
    connection = psycopg2.connect(module_dsn)
    with connection.cursor() as cursor:
        cursor.execute("SHOW hba_file")
        (name,) = cursor.fetchone() or ("",)
    connection.close()
    file = Path(name)
    before = file.read_text()
    _run(module_dsn, "CREATE ROLE doctor_pass LOGIN PASSWORD 'right one'")
    try:
        file.write_text(f"local all doctor_pass scram-sha-256\n{before}")
        _run(module_dsn, "SELECT pg_reload_conf()")
        wrong = module_dsn.replace("postgres@", "doctor_pass:hunter2@")

        def refused() -> Finding | None:
            found = findings(wrong)["database"]
            return found if "wrong user or password" in found.seen else None

        found = until(refused, 60, lambda: f"the server to have read its rules: {findings(wrong)['database']}")

        assert found.state.value == "fault"
        assert "hunter2" not in found.seen + found.remedy
    finally:
        file.write_text(before)
        _run(module_dsn, "SELECT pg_reload_conf(); DROP ROLE doctor_pass")


def test_a_database_without_our_tables_and_one_of_a_later_version(template_dsn: str, module_dsn: str) -> None:
    with fresh_database(template_dsn, "template0") as empty:
        assert faults(empty) == {"database version": "fault"}
        found = findings(empty)["database version"]
        assert (found.remedy, "0001_ops.sql" in found.seen) == ("`newsdesk migrate`", True)
    later = "INSERT INTO public.newsdesk_migration (name, checksum) VALUES ('9999_later.sql', 'x')"
    with altered(module_dsn, later, "DELETE FROM public.newsdesk_migration WHERE name = '9999_later.sql'"):
        assert faults(module_dsn) == {"database version": "fault"}
        assert "9999_later.sql" in findings(module_dsn)["database version"].seen


def test_a_login_without_rights_and_what_gives_them(module_dsn: str) -> None:
    with altered(module_dsn, "CREATE ROLE doctor_poor LOGIN", "DROP ROLE doctor_poor"):
        poor = module_dsn.replace("postgres@", "doctor_poor@")
        assert faults(poor) == {"database rights": "fault"}
        _run(module_dsn, findings(poor)["database rights"].remedy.removeprefix("As the owner: "))
        assert faults(poor) == {}


def test_a_database_that_takes_no_rows(module_dsn: str) -> None:
    name = module_dsn.partition("postgres@/")[2].partition("?")[0]
    closed = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
    with altered(module_dsn, closed, f"ALTER DATABASE {name} RESET default_transaction_read_only"):
        assert faults(module_dsn) == {"database writable": "fault"}
    assert faults(module_dsn) == {}


def doctor(*options: str, **env: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = run_newsdesk("doctor", "--json", *options, **env)
    told = json.loads(done.stdout)
    checks = {one["check"]: one for one in told["checks"]}
    assert {state: sum(one["state"] == state for one in checks.values()) for state in ("ok", "warn", "fault")} == {
        state: told[state] for state in ("ok", "warn", "fault")
    }
    return done.returncode, checks


def test_an_airflow_that_is_half_set_up_is_told_and_nothing_is_written(module_dsn: str, tmp_path: Path) -> None:
    """An empty home, no database, no plugin, a connection of the wrong type; the other checks run all the same."""
    (tmp_path / "airflow").mkdir()
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "newsdesk_plugin.py").write_text("import no_such_package\n")
    code, checks = doctor(
        AIRFLOW_HOME=str(tmp_path / "airflow"), AIRFLOW__CORE__PLUGINS_FOLDER=str(tmp_path / "plugins"),
        AIRFLOW_CONN_NEWS_DB='{"conn_type": "mysql", "host": "h"}', NEWSDESK_DSN=module_dsn, NEWSDESK_SORCES="x",
        NEWSDESK_BATCH_SIZE="many", NEWSDESK_HOME=str(tmp_path / "home"), AIRFLOW__CORE__EXECUTOR="CeleryExecutor",
    )  # fmt: skip
    assert code == 1
    said = {name: (one["state"], one["seen"]) for name, one in checks.items() if name.startswith("airflow")}
    assert said["airflow"][0] == "ok"
    assert said["airflow version"][0] == "ok"
    assert (said["airflow metadata"][0], "is not there" in said["airflow metadata"][1]) == ("fault", True), said
    assert (said["airflow plugin"][0], "no_such_package" in said["airflow plugin"][1]) == ("fault", True), said
    assert (said["airflow connection"][0], "'mysql'" in said["airflow connection"][1]) == ("fault", True), said
    assert (said["airflow keys"][0], "jwt_secret" in said["airflow keys"][1]) == ("fault", True), said
    assert said["airflow dags"][0] == "unknown"
    assert checks["settings known"]["state"] == "warn"
    assert "NEWSDESK_BATCH_SIZE" in checks["settings' values"]["seen"]
    assert "'mysql'" in checks["settings' values"]["seen"]
    assert checks["database version"]["state"] == "ok"
    assert list((tmp_path / "airflow").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["airflow", "plugins"]


def test_a_set_up_without_a_fault_ends_with_0(module_dsn: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.yaml").write_text("id: a\nname: A\nhomepage: http://localhost/\nlanguage: en\nallow_private: true\n")
    code, checks = doctor(
        "--no-airflow", NEWSDESK_DSN=module_dsn, NEWSDESK_HOME=str(tmp_path), NEWSDESK_SOURCES=str(sources)
    )
    wrong = {name: one for name, one in checks.items() if one["state"] == "fault"}
    assert (code, wrong) == (0, {}) or wrong.keys() == {"network"}  # a machine without a way to the web has that one
    assert checks["private addresses"]["state"] == "warn"
    assert not any(name.startswith("airflow") for name in checks)


def test_the_embedded_database_that_does_not_run_is_left_alone(tmp_path: Path) -> None:
    code, checks = doctor(NEWSDESK_HOME=str(tmp_path / "home"), NEWSDESK_SOURCES=str(ROOT / "no such folder"))
    assert (code, checks["database"]["state"]) == (1, "unknown")
    assert checks["airflow"]["state"] == "unknown"
    assert checks["source files"]["state"] == "fault"
    assert not (tmp_path / "home").exists()
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("13\n")
    found = database.check(replace(SETTINGS, dsn=None, home=tmp_path))[0]
    assert (found.state.value, "PostgreSQL 13" in found.seen) == ("fault", True)


@pytest.mark.parametrize("argument", ["--no-such-option", "argument"])
def test_a_call_that_cannot_be_ends_with_2(argument: str) -> None:
    assert run_newsdesk("doctor", argument).returncode == 2
