"""The command that takes an article out for good."""

from __future__ import annotations

from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, say, told

commands = typer.Typer()


@commands.command()
@told
def withdraw(
    url: Annotated[str, typer.Argument(help="Any address of the article.")],
    why: Annotated[str, typer.Option(help="The reason; analysts read it in news.url_status.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was removed as one JSON object.")] = False,
) -> None:
    """Remove an article's text from every table and from the archive, for good; its addresses are kept and refused.

    Copies follow by news.changes and by the next `newsdesk export`. What other outlets printed is not touched: withdraw
    each address. Backups are yours to deal with. Stopped at any point and started again, it goes on. Ends with 0, with 1
    if you said no. Example: `newsdesk withdraw https://www.example.com/a --why "court order 12/26"`
    """
    from newsdesk import withdrawing

    with open_desk() as desk:
        if not yes:
            typer.confirm(f"Remove all texts of {url}? Nothing can bring them back", abort=True, err=True)
        try:
            done = withdrawing.withdraw(desk, url, why)
        except ValueError as error:
            say(f"newsdesk: {url!r} cannot be withdrawn: {error}")
            raise typer.Exit(2) from None
    if as_json:
        put_json(done)
    else:
        say(
            f"{done.articles} articles, {done.readings} readings and {done.records} archived pages were removed; "
            f"{done.addresses} addresses are refused from now on"
        )
        if done.readings == 0 and done.articles == 0:
            say("nothing was there: the address is new to newsdesk, or was withdrawn before")
