"""Commands on entities: the knowledge base that they are linked to, and the operator's own word on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsdesk.cli.completing import entity_types, source_ids
from newsdesk.cli.opening import open_desk, put_json, say, told
from newsdesk.cli.reprocessing import Stage, reprocess
from newsdesk.settings import read_settings

if TYPE_CHECKING:
    from newsdesk.store.knowledge import Load

commands = typer.Typer(
    no_args_is_help=True,
    help="Whom names mean: the knowledge base they are linked to; merges and splits by hand.",
    epilog="Example: `newsdesk entities find Paris`",
)

TYPES = ("PER", "ORG", "LOC", "MISC")


@commands.command()
@told
def load(
    file: Annotated[
        Path, typer.Argument(help="Table (.csv, .tsv, .parquet) or Wikidata dump (.json, .json.gz, .json.bz2).")
    ],
    language: Annotated[
        list[str] | None,
        typer.Option(help="Of a dump: take names of this language; several times. Default: those with a model."),
    ] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option(
            "--type", help="Of a dump: take only PER, ORG, LOC or MISC; several times.", autocompletion=entity_types
        ),
    ] = None,
    min_sitelinks: Annotated[
        int, typer.Option(min=0, help="Of a dump: take only items that so many Wikipedias have an article on.")
    ] = 1,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="QID=TYPE", help="Of a dump: instances of this class are of this type, too."),
    ] = None,
    replace: Annotated[bool, typer.Option(help="In place of all that was loaded before.")] = False,
    report: Annotated[bool, typer.Option(help="Report at the end what it would change of the past.")] = True,
    apply: Annotated[bool, typer.Option("--apply", help="Link the past anew, too, as the report has it.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="What was loaded, as one JSON object, without a report.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Load a knowledge base: names of articles to come are linked to it at once, those of the past as the report says.

    A table has the columns alias and qid, and perhaps language, type (PER, ORG, LOC, MISC), prior (share of the name's
    uses that mean it, or a count), name (in full), geonames_id, related (items that go with it).
    Stopped at any point and started again with the same file and options, it goes on where it was.

    Examples:

    - `newsdesk entities load aliases.csv`, then `newsdesk entities relink --apply`
    - `newsdesk entities load latest-all.json.bz2 --language en --type PER --type ORG --min-sitelinks 3 --no-report`
    """
    from newsdesk import terminal
    from newsdesk.enrich.models import model_for
    from newsdesk.errors import ConfigError
    from newsdesk.knowledge.dump import Wanted
    from newsdesk.knowledge.loading import load as load_file
    from newsdesk.progress import Progress

    settings = read_settings()
    languages = language or sorted(code for code in settings.models if model_for(settings.models, code))
    more = dict(pair.split("=", 1) for pair in classes or () if "=" in pair)
    if wrong := sorted({*(type_ or ()), *more.values()} - set(TYPES)) or [c for c in classes or () if "=" not in c]:
        raise ConfigError(f"{', '.join(wrong)}: a type is one of {', '.join(TYPES)}; --class is of the form Q123=ORG")
    wanted = Wanted(tuple(languages), tuple(type_ or TYPES), min_sitelinks, more)
    if as_json and apply:
        raise typer.BadParameter(
            "`newsdesk entities relink --apply --json` tells what was applied", param_hint="--json"
        )
    with open_desk() as desk, Progress(quiet=quiet, as_json=as_json) as progress:

        def tell(read: int, size: int, now: Load) -> None:
            progress.bar("load", read, size, f"{now.aliases:,} names", in_bytes=True)

        done = load_file(desk, file, wanted, replace_all=replace, tell=tell)
    if as_json:
        put_json(done)
        return
    counts = {"names": done.aliases, "items": done.items, **{f"left out: {why}": n for why, n in done.left_out.items()}}
    rows = [{"": what, "count": f"{count:,}"} for what, count in counts.items()]
    terminal.out.print(terminal.result_table(f"Loaded {file.name}", rows))
    if report or apply:
        reprocess(stage=Stage.LINK, apply=apply, quiet=quiet)


@commands.command()
@told
def loads(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show what was loaded, and what there is in all.

    Example: `newsdesk entities loads`
    """
    from newsdesk import terminal
    from newsdesk.store import knowledge
    from newsdesk.store.database import transaction

    with open_desk() as desk, transaction(desk.dsn) as cursor:
        found, stock = knowledge.loads(cursor), knowledge.stock(cursor)
    if as_json:
        put_json({"loads": found, **stock})
        return
    rows: list[dict[str, Any]] = [
        {
            "load": one.load_id, "file": one.file, "names": one.aliases, "items": one.items,
            "left out": sum(one.left_out.values()), "begun": one.started_at,
            "ended": one.finished_at or "not yet: load it again to go on",
        }
        for one in found
    ]  # fmt: skip
    terminal.out.print(terminal.result_table("Loads", rows) if rows else "nothing was loaded", markup=False)
    terminal.out.print(f"in all: {stock['items']:,} items, {stock['names']:,} names")


@commands.command()
@told
def forget(
    yes: Annotated[bool, typer.Option("--yes", help="Really.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="How many were forgotten, as one JSON object.")] = False,
) -> None:
    """Empty the knowledge base. What is linked stays so until `newsdesk entities relink --apply`.

    Example: `newsdesk entities forget --yes`
    """
    from newsdesk.errors import ConfigError
    from newsdesk.store import knowledge
    from newsdesk.store.database import transaction

    if not yes:
        raise ConfigError("say --yes to empty the knowledge base")
    with open_desk() as desk, transaction(desk.dsn) as cursor:
        counts = knowledge.forget(cursor)
    if as_json:
        put_json(counts)
        return
    print(f"forgot {counts['items']:,} items, {counts['names']:,} names")


@commands.command()
@told
def relink(
    source: Annotated[
        list[str] | None, typer.Option(help="Only this source; may be given more than once.", autocompletion=source_ids)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many articles, the latest first.")] = None,
    all_pages: Annotated[
        bool, typer.Option("--all", help="Also what is linked to the present knowledge base.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Make current what the report found.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object, instead of tables.")] = False,
    quiet: Annotated[bool, typer.Option(help="No progress.")] = False,
) -> None:
    """Report what the present knowledge base would change of the past; with --apply, make just that current.

    The same as `newsdesk reprocess --stage link`; in the background, by Airflow: reprocess_news with that stage.
    Example: `newsdesk entities relink`, then `newsdesk entities relink --apply`
    """
    reprocess(
        stage=Stage.LINK, source=source, limit=limit, all_pages=all_pages, apply=apply, as_json=as_json, quiet=quiet
    )


@commands.command()
@told
def find(
    name: Annotated[str, typer.Argument(help="In full, or as an article has it; or a Wikidata id.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON array of objects.")] = False,
) -> None:
    """Show who is called so, with the ids that merge and split take.

    Example: `newsdesk entities find "World Bank"`
    """
    from newsdesk import entity_editing, terminal

    with open_desk() as desk:
        found = entity_editing.find(desk, name, limit)
    if as_json:
        put_json(found)
    rows = [
        {
            "id": one.entity_id, "type": one.type, "name": one.name, "articles": one.articles,
            "link": one.wikidata_id or (f"geonames:{one.geonames_id}" if one.geonames_id else ""),
            "called": one.aliases, "merged into": one.merged_into,
        }
        for one in found
    ]  # fmt: skip
    if not rows:
        say(f"nobody is called {name!r} in any article")
        raise typer.Exit(1)
    if not as_json:
        terminal.out.print(terminal.result_table("", rows, whole=("id", "merged into", "called")))


@commands.command()
@told
def merge(
    entities: Annotated[list[str], typer.Argument(metavar="ID…", help="Those that are another one.")],
    into: Annotated[str, typer.Option(metavar="ID", help="Who they are.")],
    why: Annotated[str | None, typer.Option(help="Kept with it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What changed, as one JSON object.")] = False,
) -> None:
    """Say that entities are one: in all articles, past and to come, whatever is read or linked anew.

    Taken back by `newsdesk entities split ID`, each for itself.
    Example: `newsdesk entities merge 6f3c… 91d0… --into 2b7a… --why "spelled otherwise"`
    """
    from newsdesk import entity_editing

    with open_desk() as desk:
        count = entity_editing.merge(desk, entities, into, why)
    if as_json:
        put_json({"articles": count, "into": into})
    else:
        print(f"merged; {count:,} articles changed")


@commands.command()
@told
def split(
    entity: Annotated[str, typer.Argument(metavar="ID", help="Whom articles seem to name.")],
    article: Annotated[
        list[int] | None, typer.Option(help="In this article (article_id) another one is meant; several times.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="A new entity: what it is called, such as with its role.")] = None,
    wikidata: Annotated[
        str | None, typer.Option(metavar="QID", help="The new entity's Wikidata id, if it has one.")
    ] = None,
    into: Annotated[str | None, typer.Option(metavar="ID", help="Or an entity that is there.")] = None,
    why: Annotated[str | None, typer.Option(help="Kept with it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What changed, as one JSON object.")] = False,
) -> None:
    """Say that articles mean another one; without --article, take back what was merged or split by hand.

    It holds for those articles whatever is read or linked anew.
    Examples:

    - `newsdesk entities split 2b7a… --article 4711 --article 4720 --name "the bank's founder"`
    - `newsdesk entities split 6f3c…` (was merged: stands for itself again)
    """
    from newsdesk import entity_editing

    with open_desk() as desk:
        if article:
            other, count = entity_editing.split(
                desk, entity, article, into_id=into, name=name, wikidata_id=wikidata, why=why
            )
            words = f"{count:,} articles mean {other.name} now: {other.entity_id}"
            changed = {"articles": count, "entity_id": other.entity_id, "name": other.name}
        else:
            count = entity_editing.undo(desk, entity)
            words = f"taken back; {count:,} articles changed"
            changed = {"articles": count, "entity_id": entity}
    if as_json:
        put_json(changed)
    else:
        print(words)
