"""Airflow reads its settings at import: a home of its own for these tests, before anything imports it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
os.environ.update(
    AIRFLOW_HOME=tempfile.mkdtemp(prefix="newsdesk-airflow-"),
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    NEWSDESK_APPROVERS="ana, bert",  # is read as the DAG is, and the first DAG that a process reads is the one it keeps
)
