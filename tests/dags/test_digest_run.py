"""The DAG digest_news, run whole by Airflow's own `dag.test`, with a webhook on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arrivals import Arrival, arrive
from newsdesk.store.database import rows, transaction
from scripted_site import open_site

DAG_ID = "digest_news"


@pytest.mark.slow
def test_the_digest_is_told_by_airflows_connections_and_a_channel_that_fails_makes_nothing_red(
    dag: Any, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(dsn, [Arrival("https://post.example/1", "A storm came.")], "first")
    with open_site() as site:
        for name, value in {
            "NEWSDESK_HOME": tmp_path, "NEWSDESK_SOURCES": tmp_path, "NEWSDESK_DSN": dsn, "NEWSDESK_NOTIFY": "slack:nowhere,webhook:team",
            "AIRFLOW_CONN_TEAM": json.dumps({"conn_type": "http", "host": site.base, "extra": {"path": "/in"}}),
            "AIRFLOW__API__BASE_URL": "https://airflow.example/",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, str(value))
        assert dag.test().state == "success"
        (posted,) = site.posted
    told = json.loads(posted.body)
    assert "articles, all is well" in told["subject"]
    assert "post: 0, new" in told["text"]
    assert told["lines"][-1] == "https://airflow.example/newsdesk/"
    with transaction(dsn) as cursor:
        cursor.execute("SELECT channel, told_at IS NOT NULL AS told, failure FROM ops.telling ORDER BY channel")
        assert rows(cursor) == [
            {"channel": "slack:nowhere", "told": False, "failure": "there is no connection nowhere: add it in Airflow"},
            {"channel": "webhook:team", "told": True, "failure": None},
        ]
