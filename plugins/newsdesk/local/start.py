"""`newsdesk start`: PostgreSQL and Airflow on this machine, with the operator's own sources, until a signal comes."""

from __future__ import annotations

from newsdesk import terminal
from newsdesk.local import airflow_home
from newsdesk.local.supervisor import Supervisor
from newsdesk.settings import Settings

DAG = "ingest_news"


def run_start(settings: Settings, schedule: str | None) -> None:
    """PostgreSQL and Airflow with the operator's own sources, until a signal comes."""
    with Supervisor(
        settings.home, sources=settings.sources, archive=settings.archive, news_dsn=settings.dsn, schedule=schedule,
        say=lambda line: terminal.err.print(f"… {line}"),
    ) as airflow:  # fmt: skip
        airflow.wait_ready()
        show_addresses(airflow, settings)
        terminal.out.print("Running until Ctrl-C.")
        until_interrupted(airflow)


def until_interrupted(airflow: Supervisor) -> None:
    try:
        airflow.stay()
    except KeyboardInterrupt:  # the usual way out, not a fault
        return


def show_addresses(airflow: Supervisor, settings: Settings) -> None:
    terminal.out.print()
    terminal.out.print(
        f"Airflow    {airflow.url}/dags/{DAG}   user {airflow_home.ADMIN}, password {airflow_home.password(settings.home)}",
        soft_wrap=True,
    )
    terminal.out.print("Database   newsdesk psql", soft_wrap=True)
    terminal.out.print(f"Archive    {settings.archive}", soft_wrap=True)
    terminal.out.print(f"Logs       {settings.home / 'logs'}", soft_wrap=True)
    terminal.out.print("One URL    newsdesk explain URL", soft_wrap=True)
