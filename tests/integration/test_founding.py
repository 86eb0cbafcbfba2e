"""What airflow-init does with the owner's rights: a login for each part, and the mark for which the others wait."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errors
from psycopg2.extensions import make_dsn

from newsdesk.errors import ConfigError
from newsdesk.store import founding
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate

WRITER = founding.Login("founding_writer", "w-secret", "founding_news")
METADATA = founding.Login("founding_airflow", "a-secret", "founding_metadata")


@pytest.fixture(scope="module")
def admin(template_dsn: str) -> Iterator[str]:
    """The DSN of an administrator for the databases of this module, which go afterwards."""
    server = make_dsn(template_dsn, password="unused")
    yield make_dsn(server, dbname=WRITER.database)
    connection = psycopg2.connect(make_dsn(server, dbname="postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in (WRITER.database, METADATA.database):
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for name in (WRITER.name, METADATA.name):
            cursor.execute(f"DROP ROLE IF EXISTS {name}")
    connection.close()


@pytest.fixture(scope="module")
def founded(admin: str) -> str:
    for _ in range(2):  # airflow-init runs at each `up`
        founding.make_databases(admin, METADATA, WRITER)
        migrate(admin)
        founding.admit_writer(admin, WRITER)
    founding.set_mark(admin)
    return admin


def as_login(admin: str, login: founding.Login) -> str:
    return make_dsn(admin, user=login.name, password=login.password, dbname=login.database)


def test_the_writer_writes_news_and_may_neither_make_nor_alter_a_table(founded: str) -> None:
    with transaction(as_login(founded, WRITER)) as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("INSERT INTO ops.run (run_key, kind) VALUES ('x', 'cli')")
    for statement in (
        "CREATE TABLE news.mine (a int)",
        "ALTER TABLE news.article ADD COLUMN mine int",
        "DROP TABLE ops.run",
    ):
        with pytest.raises(errors.InsufficientPrivilege), transaction(as_login(founded, WRITER)) as cursor:
            cursor.execute(statement)


def test_airflows_login_owns_its_database_and_sees_nothing_of_news(founded: str) -> None:
    with transaction(as_login(founded, METADATA)) as cursor:
        cursor.execute("CREATE TABLE public.task (a int)")
    news = make_dsn(as_login(founded, METADATA), dbname=WRITER.database)
    with pytest.raises(errors.InsufficientPrivilege), transaction(news) as cursor:
        cursor.execute("SELECT * FROM news.article")


def test_the_mark_is_of_this_version_and_the_writer_can_read_it(founded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert founding.mark(as_login(founded, WRITER)) == founding.our_mark()
    monkeypatch.setattr(founding, "__version__", "99.0")
    assert founding.mark(as_login(founded, WRITER)) != founding.our_mark()
    founding.clear_mark(founded)
    assert founding.mark(as_login(founded, WRITER)) is None
    with transaction(founded) as cursor:
        cursor.execute("CREATE TABLE public.newsdesk_ready ()")  # as the first version left it
    assert founding.mark(founded) is None


def test_wait_for_waits_for_the_mark_of_its_own_version_and_says_why_it_sees_none(founded: str) -> None:
    founding.clear_mark(founded)
    script = Path(__file__).parents[2] / "docker" / "wait-for"
    env = os.environ | {"NEWSDESK_DSN": as_login(founded, WRITER), "WAIT_SECONDS": "0"}
    refused = subprocess.run([sys.executable, script, "--init"], env=env, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert f"gave up on airflow-init (needed: {founding.our_mark()}; ready: nothing)" in refused.stderr
    founding.set_mark(founded)
    subprocess.run([sys.executable, script, "--init"], env=env, check=True)
    away = env | {"NEWSDESK_DSN": "postgresql://desk:hunter2@127.0.0.1:1/news"}
    told = subprocess.run([sys.executable, script, "--init"], env=away, capture_output=True, text=True, check=False)
    assert (told.returncode, "Connection refused" in told.stderr, "hunter2" in told.stderr) == (1, True, False)


def test_a_login_is_read_from_a_url_of_sqlalchemys_form_too() -> None:
    found = founding.login_of("postgresql+psycopg2://airflow:s%40fe@postgres:5432/metadata")
    assert found == founding.Login("airflow", "s@fe", "metadata")
    with pytest.raises(ConfigError, match="no password"):
        founding.login_of("postgresql://airflow@postgres/metadata")
