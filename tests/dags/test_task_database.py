"""The database that a task is handed."""

from __future__ import annotations

import pytest

from newsdesk.errors import MigrationError
from newsdesk.local.airflow_home import connection_json
from newsdesk.store.database import transaction


@pytest.mark.slow
def test_a_task_refuses_a_database_that_a_later_version_has_migrated(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsdesk import orchestration

    monkeypatch.setenv("AIRFLOW_CONN_NEWS_DB", connection_json(dsn))
    with transaction(dsn) as cursor:
        cursor.execute("INSERT INTO public.newsdesk_migration (name, checksum) VALUES ('9999_later.sql', 'x')")
    with pytest.raises(MigrationError, match=r"9999_later\.sql"):
        orchestration.desk()
    with transaction(dsn) as cursor:
        cursor.execute("DELETE FROM public.newsdesk_migration WHERE name = '9999_later.sql'")
    assert orchestration.desk().settings.home
