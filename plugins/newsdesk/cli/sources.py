"""Commands on the source files."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsdesk.cli.completing import source_ids
from newsdesk.cli.opening import open_database, open_desk, put_json, say, told
from newsdesk.settings import read_settings

if TYPE_CHECKING:
    from newsdesk.endpoint_finding import Finding
    from newsdesk.model import Source

commands = typer.Typer(
    no_args_is_help=True,
    help="The source files: list, check and add them; when each is polled.",
    epilog="Example: `newsdesk sources check`",
)


@commands.command("list")
@told
def sources_list(
    as_json: Annotated[bool, typer.Option("--json", help="Sources and faults as one JSON object.")] = False,
) -> None:
    """The sources in NEWSDESK_SOURCES.

    Ends with 1 if a file cannot be read. Example: `newsdesk sources list`
    """
    from newsdesk.sources import load_sources, to_definition

    found, faults = load_sources(read_settings().sources)
    if as_json:
        put_json({"sources": [to_definition(source) for source in found], "faults": faults})
    else:
        _list(found)
    for fault in faults:
        say(str(fault))
    if faults:
        raise typer.Exit(1)


def _list(found: Sequence[Source]) -> None:
    from newsdesk import terminal

    terminal.out.print(
        terminal.result_table(
            "Sources",
            (
                {
                    "id": source.id, "name": source.name, "language": source.language, "enabled": "yes" if source.enabled else "no",
                    "endpoints": ", ".join(f"{e.kind.value} {e.url}" for e in source.endpoints) or "found from the homepage",
                }
                for source in found
            ),
        )
    )  # fmt: skip


@commands.command("check")
@told
def sources_check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; default: NEWSDESK_SOURCES.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The faults as one JSON object.")] = False,
) -> None:
    """Check source files: each fault with file, line and remedy; exit code 1 if there is one.

    Example: `newsdesk sources check dags/sources/example-times.yaml`
    """
    from newsdesk.sources import load_sources, read_source

    good, faults = 0, []
    for path in paths or [read_settings().sources]:
        if path.is_dir() or not path.exists():
            found, wrong = load_sources(path)
        else:
            source, wrong = read_source(path)
            found = [source] if source else []
        good += len(found)
        faults += wrong
    if as_json:
        put_json({"well": good, "faults": faults})
    else:
        for fault in faults:
            print(fault)
        print(f"{good} sources are well, {len(faults)} faults")
    if faults:
        raise typer.Exit(1)


@commands.command("add")
@told
def sources_add(
    url: Annotated[str, typer.Argument(help="The site's homepage.")],
    source_id: Annotated[str | None, typer.Option("--id", help="Its key; default: made from the host's name.")] = None,
    name: Annotated[str | None, typer.Option(help="Its name; default: as the homepage says.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Print the file instead of writing it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    allow_private: Annotated[bool, typer.Option(help="Let it be a private address: only for test servers.")] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="What was found and chosen, and the file, as one JSON object; asks nothing, so with --yes or --dry-run.",
        ),
    ] = False,
) -> None:
    """Find a site's feeds and sitemaps, and write its source file.

    Looks at the homepage's link tags, robots.txt and the usual places, with the pipeline's own politeness (a minute or
    so), ranks what it finds by what it yields, and writes the fewest endpoints that name nearly all of it. Section
    pages are the last resort. Ends with 1 if nothing that names articles was found.
    Example: `newsdesk sources add https://www.example.com/`
    """
    from newsdesk import drafting, terminal, urls
    from newsdesk.desk import Desk
    from newsdesk.endpoint_finding import find
    from newsdesk.model import Source

    settings = read_settings()
    url = url if "://" in url else f"https://{url}"
    try:
        key = source_id or drafting.suggest_id(urls.absolute(url, url) or url)
    except ValueError as error:
        say(f"newsdesk: {url!r} is not the address of a site: {error}")
        raise typer.Exit(2) from None
    file = drafting.file_for(settings.sources, key)
    if not (dry_run or yes or (sys.stdin.isatty() and not as_json)):
        say("newsdesk: there is nobody to ask. Give --yes to write the file, or --dry-run to see it.")
        raise typer.Exit(2)
    _warn_of_twins(url, settings.sources)
    source = Source(key, name or key, url, allow_private=allow_private)
    with open_database(settings) as dsn:
        found = find(Desk(settings, dsn).guest(), source, lambda line: say(f"… {line}"))
    if not found.reached and not found.chosen:
        say(f"newsdesk: {_without_password(url)} cannot be read: {found.reason}{_private_hint(url, allow_private)}")
        raise typer.Exit(2)
    about = Source(key, name or found.about.name or key, found.homepage or url, allow_private=allow_private)
    text = drafting.draft(about, found, datetime.now(UTC))
    if as_json:
        put_json({"id": key, "file": None if dry_run else file, "text": text, "found": found})
    if dry_run and not as_json:
        print(text, end="")
    elif not dry_run:
        terminal.err.print(terminal.result_table(f"{len(found.chosen)} chosen of what was found", _shown(found)))
        if not yes and not typer.confirm(f"Write {file}?", default=True, err=True):
            raise typer.Exit(1)
        drafting.write(file, text)
        say(f"wrote {file}: read it, then run `newsdesk ingest --source {key}`")
    if not found.chosen:
        say("nothing that names articles was found; the homepage itself stands in the file, which is only a guess")
        raise typer.Exit(1)


def _without_password(url: str) -> str:
    return re.sub(r"(?<=//)[^/@]*@", "…@", url)


def _private_hint(url: str, allow_private: bool) -> str:
    """The way out, where only the address' being private (or its port) is in the way."""
    from newsdesk.fetch.addresses import check_url

    if allow_private or check_url(url).allowed or not check_url(url, allow_private=True).allowed:
        return ""
    return ". If it is a test server of yours, allow it with --allow-private"


def _warn_of_twins(url: str, folder: Path) -> None:
    from newsdesk import urls
    from newsdesk.sources import load_sources

    for source in load_sources(folder)[0] if folder.is_dir() else ():
        if urls.host(source.homepage).removeprefix("www.") == urls.host(url).removeprefix("www."):
            say(f"note: the source {source.id} has this host, too")


def _shown(found: Finding) -> list[dict[str, object]]:
    return [
        {
            "kind": one.endpoint.kind.value, "address": one.endpoint.url, "links": len(one.items),
            "newest": f"{one.newest:%Y-%m-%d %H:%M}" if one.newest else None,
            "a day": f"{one.per_day:.1f}" if one.per_day is not None else None, "found": one.where,
        }
        for one in found.chosen
    ]  # fmt: skip


@commands.command("polls")
@told
def sources_polls(
    source_id: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="Only this source's.", autocompletion=source_ids)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON array of objects.")] = False,
) -> None:
    """When each endpoint is polled next, and why then: its rhythm, what failed, what moved, what is off.

    The same is in the view ops.poll_schedule. Example: `newsdesk sources polls example-times`
    """
    from newsdesk.store import polls
    from newsdesk.store.database import transaction

    with open_desk() as desk, transaction(desk.dsn) as cursor:
        rows = polls.schedule(cursor, source_id)
    if as_json:
        put_json(rows)
    elif not rows:
        of = f" of the source {source_id}" if source_id else ""
        say(
            f"no endpoint{of} was polled yet: `newsdesk sources list` shows the source files, `newsdesk ingest` asks them"
        )
    else:
        _show_polls(rows)


def _show_polls(rows: Sequence[Mapping[str, Any]]) -> None:
    from newsdesk import terminal

    shown = (
        {
            "source": row["source_id"], "endpoint": row["url"], "state": row["state"], "next poll": row["next_poll_at"],
            "every": str(row["poll_every"]).partition(".")[0] if row["poll_every"] else None,
            "new a day": row["new_per_day"],
            "why": row["why"], "moved to": row["moved_to"] and f"{row['moved_to']} since {row['moved_since']:%Y-%m-%d}",
        }
        for row in rows
    )  # fmt: skip
    terminal.out.print(terminal.result_table("Endpoints, the next first", shown, whole=("endpoint", "moved to")))


@commands.command("switch-on")
@told
def sources_switch_on(
    url: Annotated[str, typer.Argument(help="The endpoint's address.")],
    as_json: Annotated[bool, typer.Option("--json", help="How many were switched on, as one JSON object.")] = False,
) -> None:
    """Poll an endpoint again that was switched off (410) or that waits after failures.

    Example: `newsdesk sources switch-on https://www.example.com/rss.xml`
    """
    from newsdesk.store import polls
    from newsdesk.store.database import transaction

    with open_desk() as desk, transaction(desk.dsn) as cursor:
        count = polls.switch_on(cursor, url)
    if as_json:
        put_json({"endpoints": count})
    if not count:
        say(f"no endpoint in use has the address {url}; `newsdesk sources polls` shows them")
        raise typer.Exit(1)
    if not as_json:
        print(f"{url} is polled with the next run")
