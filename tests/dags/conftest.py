"""Airflow reads its settings at import: a home of its own for these tests, before anything imports it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
os.environ.update(
    AIRFLOW_HOME=tempfile.mkdtemp(prefix="newsdesk-airflow-"),
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    NEWSDESK_APPROVERS="ana, bert",  # is read as the DAG is, and the first DAG that a process reads is the one it keeps
)


@pytest.fixture(scope="module")
def dag(request: pytest.FixtureRequest) -> Any:
    """The DAG that the module calls DAG_ID, read from its file; Airflow's own database is there for its runs."""
    from airflow.dag_processing.dagbag import DagBag

    from newsdesk.airflow_database import prepare_metadata

    prepare_metadata()
    return DagBag(dag_folder=str(ROOT / "dags" / f"{request.module.DAG_ID}.py")).dags[request.module.DAG_ID]
