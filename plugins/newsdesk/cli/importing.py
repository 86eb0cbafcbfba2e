"""The command that imports foreign archives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newsdesk.cli.completing import source_ids
from newsdesk.cli.opening import open_desk, put_json, say, told
from newsdesk.settings import read_settings

if TYPE_CHECKING:
    from rich.table import Table

    from newsdesk.archive.foreign_files import ForeignFile
    from newsdesk.importing.foreground import Imported
    from newsdesk.settings import Settings

commands = typer.Typer()


@commands.command(name="import-warc")
@told
def import_warc(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Paths, folders, patterns with *, or addresses such as s3://….")
    ],
    source: Annotated[
        str | None,
        typer.Option(help="All pages go to this source. Default: each to that of its site.", autocompletion=source_ids),
    ] = None,
    again: Annotated[
        bool, typer.Option(help="Read files again that were imported: what was left out then may be taken now.")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Only count what the files hold; needs no database.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was imported, as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress; only the sums, and what needs a person.")] = False,
) -> None:
    """Take the pages of others' WARC files (CC-NEWS: .warc.gz) through the same stages as our own.

    Nothing is fetched. Stopped at any point and started again with the same file, it goes on where it was.
    Ends with 0 if every record is accounted for, with 1 if something needs a person (it is named).
    Example: `newsdesk import-warc CC-NEWS-20260301*.warc.gz`
    """
    from newsdesk import terminal
    from newsdesk.archive.foreign_files import identify, list_files
    from newsdesk.importing.foreground import import_files
    from newsdesk.progress import Progress

    settings = read_settings()
    found = [identify(name) for name in list_files(files)]
    if dry_run:
        _count(settings, found, quiet=quiet, as_json=as_json)
        return
    failures: list[str] = []
    with open_desk() as desk, Progress(quiet=quiet, as_json=as_json) as progress:
        results: list[Imported] = []
        for result in import_files(desk, found, source, again=again, tell=progress.tell):
            results.append(result)
            failures += result.failures
            progress.line(_line_of(result))
    if as_json:
        put_json({"files": results, "failures": failures})
    elif results:
        terminal.out.print(_table(results))
        for line in (line for result in results for line in _sums(result)):
            terminal.out.print(line, markup=False)
    for failure in failures:
        say(f"needs a person: {failure}")
    if failures:
        raise typer.Exit(1)


def _count(settings: Settings, found: Sequence[ForeignFile], *, quiet: bool, as_json: bool) -> None:
    from newsdesk import terminal
    from newsdesk.importing.foreground import count_records
    from newsdesk.progress import Progress

    with Progress(quiet=quiet, as_json=as_json) as progress:
        counted = [count_records(settings, file, progress.tell) for file in found]
    if as_json:
        put_json({"files": counted})
    for item in counted:
        if not as_json:
            words = _equation(item.records, "records", item.captures, item.left_out)
            terminal.out.print(f"{item.file}: {words}", markup=False)
        for damage in item.damages:
            say(f"needs a person: {item.file}: {damage}")
    if any(item.damages for item in counted):
        raise typer.Exit(1)


def _line_of(result: Imported) -> str:
    if result.before is not None:
        return f"{result.item.file}: imported already, {result.before:%Y-%m-%d %H:%M}Z (--again reads it once more)"
    return f"{result.item.file}: {result.account.outcomes.get('published', 0):,} new articles"


def _table(results: Sequence[Imported]) -> Table:
    from newsdesk import terminal
    from newsdesk.model import Outcome

    def row(name: str, results: Sequence[Imported]) -> dict[str, object]:
        outcomes: Counter[str] = Counter()
        for result in results:
            outcomes.update(result.account.outcomes)
        refused = {outcome: count for outcome, count in outcomes.items() if not Outcome(outcome).has_article}
        return {
            "file": name,
            "records": sum(result.item.records for result in results),
            "left out": sum(sum(result.item.left_out.values()) for result in results),
            "pages": sum(result.item.captures for result in results),
            "published": outcomes[Outcome.PUBLISHED],
            "updated": outcomes[Outcome.UPDATED],
            "other addresses": outcomes[Outcome.DUPLICATE_URL],
            "refused": sum(refused.values()),
            "refused: why": ", ".join(f"{count} {outcome}" for outcome, count in sorted(refused.items())),
        }

    found = [row(result.item.file.rsplit("/", 1)[-1], [result]) for result in results]
    return terminal.result_table("What was imported", [*found, row("all", results)] if len(found) > 1 else found)


def _sums(result: Imported) -> Iterator[str]:
    """Both sums of a file, as they are held against the database."""
    if result.before is not None:
        yield _line_of(result)
    item, account = result.item, result.account
    yield f"{item.file}: {_equation(item.records, 'records', item.captures, item.left_out)}"
    ends = [f"{count:,} {outcome}" for outcome, count in sorted(account.outcomes.items())]
    if account.unsettled:
        ends.append(f"{account.unsettled:,} unfinished")
    yield f"{item.file}: {account.captures:,} pages = {' + '.join(ends) or '0'}"


def _equation(records: int, what: str, pages: int, left_out: Mapping[str, int]) -> str:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(left_out.items()))
    return f"{records:,} {what} = {pages:,} pages + {sum(left_out.values()):,} left out" + (reasons and f" ({reasons})")
