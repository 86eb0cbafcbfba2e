"""`newsdesk demo`: the local mode on the demo newsroom, from an empty folder to rows in the table."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from newsdesk import terminal
from newsdesk.connections import NEWS_DB, variable
from newsdesk.errors import CheckFailed, ConfigError
from newsdesk.local import postgres
from newsdesk.local.newsroom.outlets import OUTLETS
from newsdesk.local.sharing import in_use
from newsdesk.local.start import DAG, show_addresses, until_interrupted
from newsdesk.local.supervisor import Supervisor
from newsdesk.progress import Progress
from newsdesk.settings import Settings
from newsdesk.store import reports, runs, stock
from newsdesk.store.asking import ask
from newsdesk.store.database import transaction
from newsdesk.store.migrate import migrate
from newsdesk.store.sources import read_sources

# name of the question -> a query that an analyst might start with
QUERIES = {
    "Which texts were reprinted most?": """
        SELECT c.outlets, a.title, a.source_id AS first_at, a.published_at
        FROM news.cluster AS c JOIN news.article AS a ON a.article_id = c.primary_article_id
        WHERE c.size > 1 ORDER BY c.outlets DESC, a.published_at LIMIT 5""",
    "Who is in the news?": """
        SELECT e.name, e.type, count(*) AS articles, count(DISTINCT a.source_id) AS outlets
        FROM news.entity AS e JOIN news.article_entity AS n USING (entity_id) JOIN news.article AS a USING (article_id)
        WHERE a.is_primary GROUP BY e.entity_id, e.name, e.type ORDER BY articles DESC, outlets DESC, e.name LIMIT 5""",
    "Why is a page not in the table?": """
        SELECT u.outcome, count(*) AS urls, o.meaning
        FROM news.url_status AS u JOIN news.outcome AS o USING (outcome)
        WHERE NOT o.has_article GROUP BY u.outcome, o.meaning ORDER BY urls DESC, u.outcome LIMIT 8""",
}

# where the demo's articles would leave its folder, and come among real ones or before people
_LEADS_ELSEWHERE = (variable(NEWS_DB), "NEWSDESK_DSN", "NEWSDESK_ARCHIVE", "NEWSDESK_EXPORT", "NEWSDESK_NOTIFY")


def run_demo(settings: Settings, port: int, *, once: bool) -> int:
    """The whole pipeline on the demo newsroom. Returns the exit code: 0 only if the run's checks passed."""
    _stay_at_home(os.environ)
    _stay_among_our_own(settings.home)
    console = terminal.err
    began = time.monotonic()
    sources = settings.home / "demo" / "sources"
    edition = _next_edition(settings.home)
    newsroom = [
        sys.executable, "-m", "newsdesk.local.newsroom",
        "--port", str(port), "--edition", str(edition), "--sources", str(sources),
    ]  # fmt: skip
    postgres.make_folder(settings.home)
    sources.mkdir(parents=True, exist_ok=True)
    with Supervisor(
        settings.home, sources=sources, beside={"newsroom": newsroom}, schedule="none", settings=_demo_settings(),
        say=lambda line: console.print(f"… {line}"),
    ) as airflow:  # fmt: skip
        airflow.wait_ready()
        run = airflow.trigger(DAG, {})
        console.print(f"… {DAG} runs: {_run_page(airflow.url, run)}", soft_wrap=True)
        state = _follow(airflow, run)
        console.print(f"… {state} {time.monotonic() - began:.0f} s after the start")
        run_id = _show_arrivals(airflow.dsn, run)
        if run_id is not None:
            _show_queries(airflow.dsn)
        show_addresses(airflow, settings)
        if state != "success":
            raise CheckFailed(
                f"the run ended as {state}: {_run_page(airflow.url, run)} shows the red task, its log says why"
            )
        _remember_edition(settings.home, edition)
        if not once:
            terminal.out.print(
                "Running until Ctrl-C. The next start serves the newsroom's second edition: edits and new stories."
            )
            until_interrupted(airflow)
    return 0


def _stay_at_home(env: Mapping[str, str]) -> None:
    if named := [name for name in _LEADS_ELSEWHERE if env.get(name, "").strip() not in ("", "none")]:
        raise ConfigError(
            f"the demo's articles are made up, and {', '.join(named)} would lead them out of NEWSDESK_HOME: "
            f"run it without (env {' '.join(f'-u {name}' for name in named)} newsdesk demo)"
        )


def _stay_among_our_own(home: Path) -> None:
    """A run on the demo's sources switches all others off, and analysts would find its articles among theirs."""
    if not (home / "postgres" / "PG_VERSION").exists():
        return
    with in_use(home) as dsn:
        migrate(dsn)
        with transaction(dsn) as cursor:
            real = read_sources(cursor, all_ever=True).keys() - {outlet.id for outlet in OUTLETS}
    if real:
        shown = ", ".join(sorted(real)[:3]) + (f" and {len(real) - 3} more" if len(real) > 3 else "")
        raise ConfigError(
            f"the demo's articles are made up, and the database in {home} has sources of your own ({shown}): "
            'give the demo another home (NEWSDESK_HOME="$HOME/newsdesk-demo" newsdesk demo)'
        )


def _demo_settings() -> dict[str, str]:
    """Small figures, so that a small web shows all that happens in a large one."""
    return {"NEWSDESK_FETCH_DEADLINE": "4", "NEWSDESK_BATCH_SIZE": "40", "NEWSDESK_FETCH_MAX_BYTES": "5000000"}


def _edition_file(home: Path) -> Path:
    return home / "demo" / "edition"


def _next_edition(home: Path) -> int:
    """1 the first time; then 2: by then some stories were edited."""
    return 2 if _edition_file(home).exists() else 1


def _remember_edition(home: Path, edition: int) -> None:
    _edition_file(home).write_text(f"{edition}\n")


def _run_page(url: str, run: str) -> str:
    return f"{url}/dags/{DAG}/runs/{quote(run, safe='')}"


def _follow(airflow: Supervisor, run: str) -> str:
    """Show the run's progress until it ends. Returns its state."""
    told: set[tuple[str, int]] = set()
    with Progress() as progress:
        while True:
            state = airflow.run_state(DAG, run)
            for task in airflow.task_states(DAG, run):
                if task.ended is not None and (task.task_id, task.map_index) not in told:
                    told.add((task.task_id, task.map_index))
                    seconds = (task.ended - task.started).total_seconds() if task.started else 0.0
                    progress.note(task.task_id, f"{task.state or ''} after {seconds:.1f} s {task.name or ''}".rstrip())
            with transaction(airflow.dsn) as cursor:
                run_id = runs.by_key(cursor, f"{DAG}/{run}")
                if run_id is not None:
                    progress.tell("batches", reports.progress(cursor, run_id))
            if state in ("success", "failed"):
                return state
            time.sleep(0.5)


def _show_arrivals(dsn: str, run: str) -> int | None:
    with transaction(dsn) as cursor:
        run_id = runs.by_key(cursor, f"{DAG}/{run}")
        if run_id is not None:
            terminal.out.print(
                terminal.arrivals(reports.read_reports(cursor, run_id), stock.articles_by_source(cursor))
            )
    return run_id


def _show_queries(dsn: str) -> None:
    for title, sql in QUERIES.items():
        with transaction(dsn) as cursor:
            terminal.out.print()
            terminal.out.print(terminal.result_table(title, ask(cursor, sql).rows))
            lines = [line.strip() for line in sql.strip().splitlines()]
            terminal.out.print("\n".join(lines), style="dim", soft_wrap=True)
