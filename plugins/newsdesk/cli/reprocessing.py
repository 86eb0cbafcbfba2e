"""The command that reads the archive anew."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsdesk.cli.completing import source_ids
from newsdesk.cli.opening import open_desk, put_json, say, told
from newsdesk.private_files import make_private_folder

if TYPE_CHECKING:
    from newsdesk.reprocessing.report import Report

commands = typer.Typer()


# the words of ops.reprocess_page.applied, as a person is told of them
_APPLIED = {
    "pages_batch": "made current, or refused for another reason: in all",
    "pages_marked": "read as before, now by this version",
    "pages_names": "names replaced",
    "pages_kept": "kept as they are: see the report",
    "pages_overtaken": "passed over: fetched anew since the report",
    "pages_in_hand": "passed over: a run has them in hand; run again later",
}


class Stage(enum.StrEnum):
    EXTRACT = "extract"
    ENRICH = "enrich"
    LINK = "link"


@commands.command()
@told
def reprocess(
    stage: Annotated[
        Stage,
        typer.Option(
            help="extract: read the pages anew; enrich: find the names anew; link: link them to the knowledge base anew."
        ),
    ] = Stage.EXTRACT,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only pages fetched on this day (UTC) or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only pages fetched on this day (UTC) or earlier.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source; may be given more than once.", autocompletion=source_ids)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many pages, the latest first.")] = None,
    all_pages: Annotated[bool, typer.Option("--all", help="Also what the present version has read already.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the report's HTML and JSON go. Default: $NEWSDESK_HOME/reports"),
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the HTML goes, instead of --report.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object, instead of tables.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Make current what the report found.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Read archived pages anew, and report what would change; with --apply, make just that current.

    Nothing is fetched. --apply takes the last report of the same options, and makes one first where there is none.
    A page that is no article any more is listed, and kept. Stopped at any point and started again, it goes on.
    Ends with 0 if all is well, with 1 if something needs a person (it is named), with 2 if it could not run.
    Example: `newsdesk reprocess --since 2026-03-01`, then `newsdesk reprocess --since 2026-03-01 --apply`
    """
    from newsdesk import terminal
    from newsdesk.progress import Progress
    from newsdesk.reprocessing.foreground import Applied, apply_report, read_anew
    from newsdesk.reprocessing.report import as_json as report_as_json
    from newsdesk.reprocessing.report import gather, write
    from newsdesk.store.reprocess import Scope

    if report is not None and html is not None:
        raise typer.BadParameter("give either this or --report", param_hint="--html")
    scope = Scope(
        since.date() if since else None, until.date() if until else None, tuple(source or ()), limit, all_pages
    )
    applied: Applied | None = None
    with open_desk() as desk:
        with Progress(quiet=quiet, as_json=as_json) as progress:
            reprocess_id = read_anew(desk, stage.value, scope, apply=apply, tell=progress.tell)
            found = gather(desk, reprocess_id)
            make_private_folder(desk.settings.home)
            file = write(found, report or desk.settings.home / "reports", html)
            if apply:
                applied = apply_report(desk, reprocess_id, progress.tell)
        if as_json:
            done = {"counts": applied.counts, "failures": applied.failures} if applied else None
            put_json({**report_as_json(found), "html": str(file), "applied": done})
        else:
            _show(found)
            terminal.out.print(f"report: {file}", markup=False, soft_wrap=True)
            if applied:
                told_counts = {_APPLIED.get(name, name): count for name, count in applied.counts.items()}
                terminal.out.print(terminal.result_table("What was applied", _rows(told_counts, "pages")))
    for failure in applied.failures if applied else ():
        say(f"needs a person: {failure}")
    if applied and applied.failures:
        raise typer.Exit(1)


def _show(report: Report) -> None:
    """The report as tables."""
    from newsdesk import terminal

    articles, others = report.articles, report.others
    named = {
        "articles looked at": sum(articles.values()),
        "read as before": articles.get("same", 0),
        "would change": articles.get("changed", 0),
        "of these: a new version": report.versions,
        "would be no articles (they are kept)": articles.get("refused", 0),
        **{f"  {outcome}": count for outcome, count in report.outcomes.items()},
        "articles whose page cannot be read": articles.get("lost", 0),
        "other pages looked at": sum(others.values()),
        "would become articles": others.get("new", 0),
        "no articles, now for another reason": others.get("refused", 0),
    }
    terminal.out.print(terminal.result_table(f"Reprocess {report.reprocess_id}: {report.stage}", _rows(named, "pages")))
    if report.changes:
        terminal.out.print(terminal.result_table("What changes", _rows(report.changes, "articles")))
        unit = {"extract": "Words", "enrich": "Mentions", "link": "Links"}[report.stage]
        amounts = [{"": side, **report.words[side]} for side in ("added", "removed")]
        terminal.out.print(terminal.result_table(f"{unit} added and removed in changed texts", amounts))
        terminal.out.print(
            terminal.result_table(f"By how much of the text's {unit.lower()}", _rows(report.words["share"], "articles"))
        )
        largest = [
            {"largest changes": one.url, "added": one.added, "removed": one.removed} for one in report.largest[:5]
        ]
        terminal.out.print(terminal.result_table("", largest))
    if report.links:
        sums = {f"names linked {side}": report.links[side] for side in ("before", "after")}
        terminal.out.print(terminal.result_table("Links to the knowledge base", _rows(sums, "names")))
        if report.links["names"]:
            terminal.out.print(terminal.result_table("Names that change most", report.links["names"][:15]))
    for name, pages in (("no article any more", report.no_longer), ("cannot be read", report.lost)):
        _list(name, pages)


def _list(name: str, pages: Sequence[Mapping[str, Any]], most: int = 10) -> None:
    for page in pages[:most]:
        say(f"{name}: {page['url']}: {page['outcome'] or ''} {page['reason'] or ''}".rstrip())
    if len(pages) > most:
        say(f"… and {len(pages) - most} more: the report has all")


def _rows(counts: Mapping[str, int], what: str) -> list[dict[str, Any]]:
    return [{"": name.replace("_", " "), what: count} for name, count in counts.items()]
