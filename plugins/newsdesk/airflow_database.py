"""Airflow's own database, brought up to date: by the local mode's start, and by the cluster's `airflow-init`."""

from __future__ import annotations

import os

from airflow.models.pool import Pool
from airflow.utils import db
from airflow.utils.session import create_session

from newsdesk.orchestration import CPU_POOL, FETCH_POOL
from newsdesk.settings import FETCHED_AT_ONCE


def prepare_metadata() -> None:
    """Bring Airflow's metadata database up to this version of Airflow and make the pools that it lacks. Idempotent.

    A pool that is there keeps its size: it is the operator's.
    """
    db.initdb()
    pools = (
        (FETCH_POOL, FETCHED_AT_ONCE, "newsdesk: batches being fetched (they wait on the network)"),
        (CPU_POOL, os.cpu_count() or 1, "newsdesk: batches being computed (as many as cores)"),
    )
    with create_session() as session:
        for name, slots, description in pools:
            if Pool.get_pool(name, session=session) is None:
                Pool.create_or_update_pool(name, slots, description, False, session=session)
