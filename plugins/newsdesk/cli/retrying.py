"""The command that asks again for pages that came to nothing."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from newsdesk.cli.completing import outcomes, source_ids
from newsdesk.cli.opening import open_desk, put_json, say, told

commands = typer.Typer()


@commands.command()
@told
def retry(
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Addresses of pages, whatever became of them.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            help="An outcome (`timeout`, `quarantined`, `gone` …), or words that stand in the reason.",
            autocompletion=outcomes,
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Of this source only.", autocompletion=source_ids)] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that is quarantined or failed in a way that may be over.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was done as one JSON object.")] = False,
) -> None:
    """Ask again for pages that came to nothing: they are due with the next run, as if they had just been found.

    URLs, or a choice among those without an article; `--source` alone is as `--all` of that source. What was withdrawn
    stays out, and hosts that are left alone are still left alone. Each use leaves a row in ops.audit, as the same
    buttons of the desk do. Ends with 0; with 1 if nothing became due; with 2 if an address or an option cannot be.

    Examples:

    - `newsdesk retry https://www.example.com/a`
    - `newsdesk retry --reason quarantined`
    - `newsdesk retry --reason "status 403" --source example-times`
    - `newsdesk retry --all`
    """
    from newsdesk import retrying, urls
    from newsdesk.model import Outcome
    from newsdesk.store import desk_source, explain
    from newsdesk.store.database import in_turn, session
    from newsdesk.store.retries import Retried

    if addresses and (reason or source or everything):
        say("newsdesk: a retry is of addresses, or of what --reason, --source and --all choose: not both")
        raise typer.Exit(2)
    if not (addresses or reason or source or everything):
        say("newsdesk: which pages? Name their addresses, or --reason, --source, --all")
        raise typer.Exit(2)
    if reason == Outcome.WITHDRAWN or (reason in set(Outcome) and Outcome(reason).has_article):
        say(f"newsdesk: {reason} is nothing to be retried; name the page's address to have an article visited again")
        raise typer.Exit(2)
    keys: dict[str, str] = {}
    for url in addresses or ():
        try:
            keys[url] = urls.canonical_key(url)
        except ValueError as error:
            say(f"newsdesk: {url!r} is not the address of a page: {error}")
            raise typer.Exit(2) from None
    with open_desk() as desk, session(desk.dsn) as begin:
        with begin() as cursor:
            known = {url: explain.find_url(cursor, url, key) for url, key in keys.items()}
            if source is not None and desk_source.source(cursor, source) is None:
                say(f"newsdesk: there is no source {source!r}: `newsdesk sources list` names them")
                raise typer.Exit(2)
        for url, url_id in known.items():
            if url_id is None:
                say(f"{url} was never found, so there is nothing to ask again for")
        ids = tuple(sorted({url_id for url_id in known.values() if url_id is not None}))
        if addresses and not ids:
            if as_json:
                put_json(Retried(0, 0, 0, 0))
            raise typer.Exit(1)
        selection = retrying.choice(ids, reason, source)
        target = ", ".join(url for url, url_id in known.items() if url_id is not None) or (
            f"{reason or 'all that is stuck'}{f' of {source}' if source else ''}"
        )
        done = in_turn(begin, lambda cursor: retrying.retry(cursor, selection, getpass.getuser(), target))
    if as_json:
        put_json(done)
    else:
        say(retrying.in_words(done))
    if not done.due:
        raise typer.Exit(1)
