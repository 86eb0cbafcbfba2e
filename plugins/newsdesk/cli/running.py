"""Commands that run the pipeline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from typing import Annotated

import typer

from newsdesk.cli.completing import source_ids
from newsdesk.cli.opening import open_desk, put_json, say, told
from newsdesk.errors import ConfigError
from newsdesk.settings import check_schedule, check_times, read_settings

commands = typer.Typer()


@commands.command()
@told
def demo(
    once: Annotated[bool, typer.Option(help="End by itself once the rows have arrived.")] = False,
    port: Annotated[int, typer.Option(help="First of the ports of the demo's web servers.")] = 8701,
) -> None:
    """The whole pipeline on a small web of made-up newspapers, run by Airflow.

    Prints what arrived and where to look; stays up until Ctrl-C. Example: `newsdesk demo --once`
    """
    _require_airflow()
    from newsdesk.local.demo import run_demo

    settings = read_settings()
    check_times(os.environ)
    raise typer.Exit(run_demo(settings, port, once=once))


@commands.command()
@told
def start(
    schedule: Annotated[str | None, typer.Option(help="Cron of the runs, or `none`. Default: hourly.")] = None,
) -> None:
    """PostgreSQL and Airflow on this machine with your sources, until Ctrl-C.

    Example: `NEWSDESK_SOURCES=my-sources newsdesk start`
    """
    _require_airflow()
    from newsdesk.local.start import run_start

    settings = read_settings()
    if schedule is not None:
        check_schedule("--schedule", schedule)
    else:
        check_schedule("NEWSDESK_SCHEDULE", os.environ.get("NEWSDESK_SCHEDULE", ""))
    check_times(os.environ)
    run_start(settings, schedule)


def _require_airflow() -> None:
    if find_spec("airflow") is None:
        raise ConfigError(
            "this needs Airflow, which is not installed: `pip install -e '.[airflow]'` in a checkout. "
            "`newsdesk ingest` does a run without it"
        )


@commands.command()
@told
def stop() -> None:
    """Stop the embedded PostgreSQL, where a command such as `newsdesk dsn` left it running.

    Refuses while `newsdesk start` or another command uses it: the last of them stops it. Example: `newsdesk stop`
    """
    from newsdesk.local.sharing import stop_unused

    stop_unused(read_settings().home)


@commands.command()
@told
def ingest(
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source; may be given more than once.", autocompletion=source_ids)
    ] = None,
    max_per_run: Annotated[int | None, typer.Option(min=1, help="At most so many URLs of each source.")] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="At most so many URLs in all, newest first.")] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Ask what there is, tell what would be fetched, and leave nothing behind."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What came in (or would), as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress; only what needs a person.")] = False,
) -> None:
    """One whole run in the foreground, without Airflow.

    A dry run asks the feeds, sitemaps and section pages for real, fetches no page, and changes no table.
    Ends with 0 if all is well, with 1 if something needs a person (it is named).
    Example: `newsdesk ingest --source example-times --max-per-run 20`, `newsdesk ingest --dry-run`
    """
    if dry_run:
        _rehearse(source or (), max_per_run, max_pages, as_json=as_json)
        return
    from newsdesk import terminal
    from newsdesk.ingest import ingest as run
    from newsdesk.progress import Progress
    from newsdesk.store import reports, stock
    from newsdesk.store.database import transaction

    with open_desk() as desk:
        with Progress(quiet=quiet, as_json=as_json) as progress:
            result = run(desk, source or (), max_per_run, progress.tell, max_pages=max_pages)
        with transaction(desk.dsn) as cursor:
            found = reports.read_reports(cursor, result.run_id)
            if as_json:
                put_json({**asdict(result), "sources": found})
            elif not quiet:
                terminal.out.print(terminal.arrivals(found, stock.articles_by_source(cursor)))
    for failure in result.failures:
        say(f"needs a person: {failure}")
    if result.failures:
        raise typer.Exit(1)


def _rehearse(sources: Sequence[str], max_per_run: int | None, max_pages: int | None, *, as_json: bool) -> None:
    from newsdesk import terminal
    from newsdesk.rehearsing import rehearse

    with open_desk() as desk, terminal.err.status("asking the endpoints …"):
        found = rehearse(desk, sources, max_per_run, max_pages)
    if as_json:
        put_json(found.as_json())
    else:
        for line in found.lines():
            terminal.out.print(line, markup=False, highlight=False, soft_wrap=True)
        told_counts = [{"": name.replace("_", " "), "would be": count} for name, count in found.counts.items()]
        terminal.out.print(terminal.result_table("Dry run: nothing was changed", told_counts))
    if found.faults:
        raise typer.Exit(1)
