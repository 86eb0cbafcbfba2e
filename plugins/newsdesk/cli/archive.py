"""Commands on the archive of fetched pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsdesk.cli.opening import open_database, put_json, say, told
from newsdesk.settings import read_settings

if TYPE_CHECKING:
    from newsdesk.archive_verifying import FileReport

commands = typer.Typer(
    no_args_is_help=True,
    help="The archive of fetched pages: WARC files, a folder for each day.",
    epilog="Example: `newsdesk archive verify`",
)

_MOST_SHOWN = 50  # faults in the terminal; --json tells all


@commands.command("verify")
@told
def archive_verify(
    file: Annotated[list[str] | None, typer.Option(help="Only this file of the archive; may be given again.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only files of this day (UTC) and later.")
    ] = None,
    database: Annotated[bool, typer.Option(help="Hold the records against the database's rows.")] = True,
    repair: Annotated[bool, typer.Option(help="Cut off the broken end that a killed writer left.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every fault.")] = False,
) -> None:
    """Read every record strictly, and hold it against the database.

    Finds what WARC libraries take for whole: cut records, wrong checksums, lengths and digests; and rows whose record
    is missing or another one. Records that no row names (of killed tasks) are only counted. Ends with 0 if all is
    well, with 1 if there are faults, with 2 if it could not look.
    Example: `newsdesk archive verify --since 2026-03-01`
    """
    from newsdesk import archive_verifying
    from newsdesk.archive.places import open_place
    from newsdesk.progress import Progress

    if repair and not database:
        raise typer.BadParameter("only the database's rows tell what is not to be cut off", param_hint="--repair")
    settings = read_settings()
    place = open_place(settings.archive, settings.archive_options)
    with ExitStack() as stack:
        dsn = stack.enter_context(open_database(settings)) if database else None
        files = archive_verifying.files_to_verify(place, dsn, file or (), since.date() if since else None)
        progress = stack.enter_context(Progress(as_json=as_json))
        total, before = sum(size or 0 for _, size in files), 0
        reports = []

        def tell(done: int) -> None:
            progress.bar("verify", before + done, total, in_bytes=True)

        for report in archive_verifying.verify(place, dsn, files, repair=repair, told=tell):
            reports.append(report)
            before += report.size or 0
            tell(0)
    if as_json:
        put_json(_as_json(settings.archive, reports))
    else:
        _show(settings.archive, reports)
    if any(report.faults for report in reports):
        raise typer.Exit(1)


def _show(root: str, reports: Sequence[FileReport]) -> None:
    from newsdesk import terminal

    total = _sums(reports)
    terminal.out.print(
        f"Archive {root}", markup=False, soft_wrap=True
    )  # as a title it would break at the table's width
    terminal.out.print(
        terminal.result_table("", [{"what": name.replace("_", " "), "count": n} for name, n in total.items()])
    )
    faults = [(report.file, fault) for report in reports for fault in report.faults]
    for name, fault in faults[:_MOST_SHOWN]:
        say(f"{name} at {fault.offset}: {fault.kind}: {fault.what}")
    if len(faults) > _MOST_SHOWN:
        say(f"… and {len(faults) - _MOST_SHOWN} faults more: --json tells all")


def _sums(reports: Sequence[FileReport]) -> dict[str, int]:
    records: Counter[str] = Counter()
    for report in reports:
        records += report.records
    return {
        "files": len(reports),
        "bytes": sum(report.size or 0 for report in reports),
        **{f"{name} records": count for name, count in sorted(records.items())},
        "rows_of_the_database": sum(report.rows for report in reports),
        "records_that_no_row_names": sum(report.orphans for report in reports),
        "files_being_written": sum(report.being_written for report in reports),
        "bytes_cut_off": sum(report.repaired for report in reports),
        "faults": sum(len(report.faults) for report in reports),
    }


def _as_json(root: str, reports: Sequence[FileReport]) -> dict[str, Any]:
    return {
        "archive": root,
        **{name.replace(" ", "_"): count for name, count in _sums(reports).items()},
        "by_kind": Counter(fault.kind for report in reports for fault in report.faults),
        "found": [{"file": report.file, **asdict(fault)} for report in reports for fault in report.faults],
    }
