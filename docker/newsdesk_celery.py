"""Celery's settings as Airflow has them, but for a broker that is away for a minute.

As it is, a task that cannot be handed to Redis at once counts as failed, and its tries are over within the minute. With
these, handing over waits until Airflow's own time-out of it ends the attempt, which Airflow makes again as often as
AIRFLOW__CELERY__TASK_PUBLISH_MAX_RETRIES says.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.celery.executors.default_celery import DEFAULT_CELERY_CONFIG

SETTINGS: dict[str, Any] = {
    **DEFAULT_CELERY_CONFIG,
    "task_publish_retry": True,
    "task_publish_retry_policy": {
        "max_retries": 1000,
        "interval_start": 0.2,
        "interval_step": 0.2,
        "interval_max": 1.0,
    },
}
