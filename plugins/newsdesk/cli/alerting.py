"""What people are told, at the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, told

commands = typer.Typer()


@commands.command()
@told
def digest(
    as_json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """The last 24 hours: what came in of each source beside its usual, open alerts, what was refused most, what is late.

    The DAG `digest_news` tells the same through the channels of NEWSDESK_NOTIFY each morning. Ends with 1 if a grave alert
    is open, else with 0.

    Examples:

    - `newsdesk digest`
    - `newsdesk digest --json`
    """
    from newsdesk.alerting.digest import as_letter, read_digest

    with open_desk() as desk:
        found = read_digest(desk.dsn)
        if as_json:
            put_json(found.as_json())
        else:
            letter = as_letter(found, desk.pages)
            print("\n".join((letter.subject, "", *letter.lines)))
    if any(alert.grave for alert in found.alerts):
        raise typer.Exit(1)
