"""What the terminal shows: the table of what arrived, the story of one URL."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from newsdesk.characters import visible
from newsdesk.model import Outcome
from newsdesk.store.reports import Report

# a file or a pipe has no width of its own, and rich's 80 would break every table
_PIPE_WIDTH = 140
out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _PIPE_WIDTH)

_MOST_PLACES = 20  # changed places that are shown of a version
_KNOWN = (Outcome.UNCHANGED, Outcome.NOT_MODIFIED)


def arrivals(reports: Sequence[Report], stock: Mapping[str, int]) -> RenderableType:
    """What a run brought, a row a source, with the reasons of what was refused. `stock`: articles in the table by source.

    A column that would be empty is left out.
    """
    rows = {report.source_id: _row(report) for report in reports}
    total: Counter[str] = Counter()
    for row in rows.values():
        total.update(row)
    shown_columns = [name for name in total if total[name] or name in ("found", "published")]
    table = Table(title="What arrived", title_justify="left", header_style="bold")
    table.add_column("source", no_wrap=True)
    for name in shown_columns:
        table.add_column(name, justify="right")
    table.add_column("refused: why")
    table.add_column("in the table", justify="right")
    for report in reports:
        why = ", ".join(f"{count} {outcome}" for outcome, count in sorted(_refused(report.outcomes).items()))
        counts = (str(rows[report.source_id][name] or "") for name in shown_columns)
        table.add_row(report.source_id, *counts, why, str(stock.get(report.source_id, 0)))
    table.add_section()
    table.add_row(
        "all", *(str(total[name] or "") for name in shown_columns), "", str(sum(stock.values())), style="bold"
    )
    problems = [
        Text(f"{report.source_id}: {problem['what']}. {problem['remedy']}", style="yellow")
        for report in reports
        for problem in report.problems
    ]
    return Group(table, *problems)


def _row(report: Report) -> dict[str, int]:
    outcomes = report.outcomes
    return {
        "found": report.found,
        "published": outcomes.get(Outcome.PUBLISHED, 0),
        "updated": outcomes.get(Outcome.UPDATED, 0),
        "known": sum(outcomes.get(outcome, 0) for outcome in _KNOWN),
        "duplicates": report.duplicates,
        "other addresses": outcomes.get(Outcome.DUPLICATE_URL, 0),
        "refused": sum(_refused(outcomes).values()),
    }


def _refused(outcomes: Mapping[str, int]) -> dict[str, int]:
    return {outcome: count for outcome, count in outcomes.items() if not Outcome(outcome).has_article}


def result_table(title: str, rows: Iterable[Mapping[str, Any]], whole: Sequence[str] = ()) -> Table:
    """A query's result. Columns in `whole` (addresses, to be copied) are broken into lines, never cut."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for number, row in enumerate(rows):
        if number == 0:
            for name, value in row.items():
                justify: JustifyMethod = "right" if isinstance(value, int | float) else "left"
                table.add_column(name, justify=justify, overflow="fold" if name in whole else "ellipsis")
        table.add_row(*(Text(shown(value)) for value in row.values()))
    return table


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return visible(str(value))  # titles come from the web


def story_of(
    found: Mapping[str, Any],
    visits: Sequence[Mapping[str, Any]],
    article: Mapping[str, Any] | None,
    versions: Sequence[Mapping[str, Any]] = (),
) -> Table:
    """Everything known about one URL, in the order it happened."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")

    def line(name: str, *facts: object) -> None:
        table.add_row(name, Text(" · ".join(shown(fact) for fact in facts if fact not in (None, "", []))))

    line("url", found["url"])
    line("key", found["url_key"])
    line("outcome", found["outcome"], found["reason"] or found["meaning"], found["stage"] and f"at {found['stage']}")
    where = (
        f"{found['kind']} {found['endpoint']}" if found["endpoint"] else "in an imported archive, which had fetched it"
    )
    line("found", found["first_found_at"], f"{found['source_id']}, {where}")
    line(
        "",
        found["title"] and f"named there “{found['title']}”",
        found["published_at"] and f"dated {shown(found['published_at'])}",
    )
    for visit in visits:
        anew = "read anew from the archive" if visit["reprocess_id"] else None
        line(f"visit {visit['batch_id']}", f"run {visit['run_key']}", f"planned {shown(visit['created_at'])}", anew)
        for name, facts in _steps(visit):
            line(f"  {name}", *facts)
    if found["open_batch_id"]:
        line("now", f"in the hands of batch {found['open_batch_id']}")
    if article:
        _article_lines(line, article)
        if len(versions) > 1:
            _version_lines(table, line, versions)
    line("next visit", found["next_visit_at"] or "none planned")
    return table


def _steps(visit: Mapping[str, Any]) -> Iterable[tuple[str, list[object]]]:
    if visit["status"]:
        way = [f"redirected to {visit['final_url']}"] if visit["redirects"] else []
        yield "fetch", [
            visit["fetched_at"], f"status {visit['status']}", visit["content_type"], f"{visit['size']:,} bytes",
            f"{visit['elapsed_ms']} ms", *way,
        ]  # fmt: skip
        yield "archive", [f"{visit['warc_file']} at {visit['warc_offset']}"]
    if visit["revisit_file"]:
        yield (
            "archive",
            [f"{visit['revisit_file']} at {visit['revisit_offset']}", "a revisit: the bytes were there already"],
        )
    if visit["document_id"]:
        dated = f"published {shown(visit['published_at'])}" if visit["published_at"] else "no date"
        yield "extract", [
            visit["extracted_at"], f"“{visit['title']}”", f"{visit['word_count']} words", visit["language"], dated, visit["extractor"],
        ]  # fmt: skip
    if visit["enriched_at"]:
        yield (
            "enrich",
            [f"{visit['mentions']} names", visit["ner_model"] or f"no model for {visit['language'] or 'its language'}"],
        )
    if visit["outcome"]:
        evidence = {key: value for key, value in (visit["evidence"] or {}).items() if value}
        yield (
            "end",
            [
                visit["outcome"],
                f"at {visit['stage']}",
                visit["reason"],
                visit["settled_at"],
                *(f"{key}: {' '.join(shown(value).split())[:200]}" for key, value in evidence.items()),
            ],
        )
    else:
        yield "end", ["still under way"]


def _article_lines(line: Any, article: Mapping[str, Any]) -> None:
    line(
        "article", article["article_id"], f"“{article['title']}”", f"version {article['version']}", f"{article['word_count']} words",
        article["language"], article["authors"], f"{article['mentions']} names",
    )  # fmt: skip
    line("read by", article["extractor"], article["annotator"])
    line("addresses", article["addresses"])
    if article["size"] > 1:
        role = "the primary one" if article["is_primary"] else "not the primary one"
        line(
            "cluster",
            f"{article['cluster_id']}: {article['size']} articles of {article['outlets']} outlets, this is {role}",
        )
        for twin in article["twins"]:
            line("", twin)


def _version_lines(table: Table, line: Any, versions: Sequence[Mapping[str, Any]]) -> None:
    for version in versions:
        changed = [f"changed: {', '.join(version['changed'])}"] if version["changed"] else []
        if "body" in version["changed"]:
            changed.append(f"+{version['words_added']} −{version['words_removed']} words")
        anew = "the same page, read better" if version["reread"] else None
        line(
            f"version {version['version']}",
            f"seen {shown(version['seen_at'])}",
            f"{version['word_count']} words",
            *changed,
            anew,
        )
        for place in (version["diff"] or "").splitlines()[:_MOST_PLACES]:
            table.add_row("", _coloured(place))
        if (more := len((version["diff"] or "").splitlines()) - _MOST_PLACES) > 0:
            line("", f"and {more} changed places more: see news.article_change")


def _coloured(place: str) -> Text:
    text = Text(shown(place))
    text.highlight_regex(r"\[-.*?-\]", "red")
    text.highlight_regex(r"\{\+.*?\+\}", "green")
    return text
