"""Commands that look closely: one URL's story, one craft alone."""

from __future__ import annotations

import enum
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from newsdesk.cli.opening import open_desk, put_json, say, told
from newsdesk.settings import read_settings


class Step(enum.StrEnum):
    URL = "url"
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    ADDRESS = "address"
    DECODE = "decode"
    EXTRACT = "extract"
    DEDUPE = "dedupe"
    STORIES = "stories"
    ENTITIES = "entities"


commands = typer.Typer()


@commands.command()
@told
def explain(
    url: Annotated[str, typer.Argument(help="Any address of a page, as it was found or redirected.")],
    as_json: Annotated[bool, typer.Option("--json", help="All of it as one JSON object.")] = False,
) -> None:
    """Everything known about one URL, in order: found where and when, each fetch, each stage, its outcome and row.

    Of an article that changed, each version follows with what is another in it: [-removed-] {+added+}.

    Example: `newsdesk explain https://www.example.com/2026/03/02/some-article`
    """
    from newsdesk import terminal, urls
    from newsdesk.store import explain as store
    from newsdesk.store import versions
    from newsdesk.store.database import transaction

    try:
        key = urls.canonical_key(url)
    except ValueError as error:
        say(f"newsdesk: {url!r} is not the address of a page: {error}")
        raise typer.Exit(2) from None
    with open_desk() as desk, transaction(desk.dsn) as cursor:
        url_id = store.find_url(cursor, url, key)
        if url_id is None:
            if as_json:
                put_json(None)
            say(f"{url} was never found. `newsdesk status` shows when each source was last polled.")
            raise typer.Exit(1)
        found = store.found_where(cursor, url_id)
        article = store.article(cursor, found["article_id"]) if found["article_id"] else None
        states = versions.of_article(cursor, article["article_id"]) if article else []
        visits = store.visits(cursor, url_id)
    if as_json:
        put_json({**found, "visits": visits, "article": article, "versions": states})
    else:
        terminal.out.print(terminal.story_of(found, visits, article, states))


@commands.command(name="try")
@told
def try_step(
    step: Annotated[Step, typer.Argument(help="The craft; above: what each takes in a row.")],
    online: Annotated[bool, typer.Option(help="dedupe: decide row by row, as they come.")] = False,
    aliases: Annotated[
        Path | None, typer.Option(help="entities: link to this table, as `newsdesk entities load` takes it.")
    ] = None,
) -> None:
    """One craft alone as a filter: JSON lines in, JSON lines out, one for each in order. Needs no database.

    - url: {"url"}
    - address: {"url"}, perhaps "resolved": IP addresses that stand in for DNS
    - robots: {"robots" or "robots_b64", "url"}, perhaps "agent", "status"
    - feed, sitemap: {"bytes_b64", "content_type", "url"}
    - decode: {"bytes_b64", "content_type"}
    - extract: {"id", "url", "html" or "html_b64", "content_type"}
    - dedupe: {"id", "title", "text", "published", "source", "language"}
    - stories: {"id", "title", "text", "published", "language"}
    - entities: {"id", "title", "text", "language"}

    Example: `echo '{"url": "HTTP://Example.com/a?utm_source=x"}' | newsdesk try url`
    """
    from newsdesk import filters

    # JSON lines are UTF-8 whatever the locale; what is not becomes that line's error
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "strict")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")
    filters.run(step.value, read_settings(), sys.stdin, sys.stdout, online=online, aliases=aliases)
