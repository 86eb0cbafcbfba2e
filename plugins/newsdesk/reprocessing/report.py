"""The report on a reprocess: how many pages would change, in what, by how much; as data. `report_html` shows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsdesk.desk import Desk
from newsdesk.errors import ConfigError
from newsdesk.model import JsonObject
from newsdesk.reprocessing.report_html import page
from newsdesk.reprocessing.steps import read
from newsdesk.store import desk_actions
from newsdesk.store import reprocess_facts as facts
from newsdesk.store.database import transaction
from newsdesk.store.reprocess_facts import Large
from newsdesk.store.versions import VERSIONED

LARGEST = 20


@dataclass(frozen=True, slots=True)
class Report:
    """What a reprocess found. The lists hold all pages of their kind: rows with url, source, title, outcome, reason."""

    reprocess_id: int
    stage: str
    scope: JsonObject
    reader: str
    opened_at: datetime
    unread: int  # pages; 0 in a report that may be applied
    articles: dict[str, int]  # what was found of pages that are articles: same, changed, refused, lost
    others: dict[str, int]  # of pages that are none: same, new, refused, lost
    outcomes: dict[str, int]  # of articles that would be none: why
    changes: dict[str, int]  # field -> articles in which it changes
    versions: int  # articles that would get a new version; the other changed ones are put right in place
    words: JsonObject  # added, removed: quantiles and sums over changed texts; share: of the old text's words
    by_source: list[dict[str, Any]]
    no_longer: list[dict[str, Any]]
    new: list[dict[str, Any]]
    otherwise: list[dict[str, Any]]  # no articles, now for another reason
    lost: list[dict[str, Any]]
    largest: list[Large]
    links: JsonObject  # of stage link: names linked before and after, and which change most; else empty

    @property
    def pages(self) -> int:
        """All that were looked at."""
        return sum(self.articles.values()) + sum(self.others.values())


def gather(desk: Desk, reprocess_id: int) -> Report:
    """The report as it is now. ConfigError where a later one took its place."""
    with transaction(desk.dsn) as cursor:
        it = read(cursor, reprocess_id)
        text = {"extract": "body", "enrich": "mentions", "link": "links"}[it.stage]
        groups = facts.counts(cursor, reprocess_id)
        refused = facts.listed(cursor, reprocess_id, "refused")
        amounts = facts.amounts(cursor, reprocess_id, text)
        return Report(
            reprocess_id, it.stage, dict(it.scope), it.reader, it.opened_at, it.unread,
            articles=_sum(groups, "found", article=True), others=_sum(groups, "found", article=False),
            outcomes=_sum([group for group in groups if group["found"] == "refused"], "outcome", article=True),
            changes=facts.changed_fields(cursor, reprocess_id),
            versions=facts.changed_in(cursor, reprocess_id, VERSIONED),
            words={**_quantiles(amounts), "share": facts.shares(cursor, reprocess_id, text)},
            by_source=facts.by_source(cursor, reprocess_id),
            no_longer=[row for row in refused if row["was"] is None],
            new=facts.listed(cursor, reprocess_id, "new"),
            otherwise=[row for row in refused if row["was"] is not None],
            lost=facts.listed(cursor, reprocess_id, "lost"),
            largest=facts.largest(cursor, reprocess_id, LARGEST),
            links=facts.links(cursor, reprocess_id) if it.stage == "link" else {},
        )  # fmt: skip


def _sum(groups: list[dict[str, Any]], name: str, *, article: bool) -> dict[str, int]:
    sums: dict[str, int] = {}
    for group in groups:
        if group["article"] == article and group["found"] is not None:
            sums[group[name]] = sums.get(group[name], 0) + group["pages"]
    return sums


def _quantiles(amounts: dict[str, Any]) -> JsonObject:
    names = ("median", "p90", "p99", "most")
    return {
        side: {**dict(zip(names, amounts[side] or (0, 0, 0, 0), strict=True)), "in_all": amounts[f"{side}_in_all"]}
        for side in ("added", "removed")
    }


def as_json(report: Report) -> JsonObject:
    """The whole report but for the texts of the largest changes."""
    found = asdict(report)
    found["opened_at"] = report.opened_at.isoformat()
    found["pages"] = report.pages
    found["largest"] = [
        {"url": one.url, "source": one.source_id, "changes": one.changes, "added": one.added, "removed": one.removed}
        for one in report.largest
    ]
    return found


def question(report: Report, pages: str) -> tuple[str, str]:
    """What a person is asked before the report is applied: subject, and text as Markdown; figures only, no web text.

    `pages`: the address of the desk's pages; empty where it is not known.
    """
    articles = report.articles
    of = f" of {', '.join(report.scope['sources'])}" if report.scope.get("sources") else ""
    figures = {
        "pages looked at": report.pages,
        "articles that change": articles.get("changed", 0),
        "of these, with a new version": report.versions,
        "pages that become articles": report.others.get("new", 0),
        "articles that would be none now (they are kept)": articles.get("refused", 0),
        "articles whose page cannot be read (they are kept)": articles.get("lost", 0),
    }
    lines = [
        f"Archived pages{of} were read anew (stage {report.stage}, report {report.reprocess_id}). Nothing has changed yet.",
        "",
        *(f"- {what}: **{count:,}**" for what, count in figures.items()),
        "",
        f"[The whole report]({pages or '/newsdesk'}/reprocess/{report.reprocess_id}) shows the largest changes "
        "word by word. **Approve** makes just that current; **Reject** leaves all as it is, and the report stays.",
    ]
    return (
        f"newsdesk: apply report {report.reprocess_id}? It changes articles: {articles.get('changed', 0):,}",
        "\n".join(lines),
    )


def note_answer(desk: Desk, reprocess_id: int, who: str | None, *, approved: bool) -> None:
    """The answer to the question as a row of ops.audit. `who` None: nobody answered in time."""
    with transaction(desk.dsn) as cursor:
        desk_actions.record(
            cursor, who or "nobody", "answer", f"report {reprocess_id}", detail={"approved": approved},
            result="approved" if approved else "rejected" if who else "no answer in time: not applied",
        )  # fmt: skip


def write(report: Report, folder: Path | None = None, html: Path | None = None) -> Path:
    """The report as files: `html`, or reprocess-<number>.html and .json in `folder`. Returns the HTML file."""
    name = f"reprocess-{report.reprocess_id}"
    file = html or (folder or Path()) / f"{name}.html"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(as_json(report), report.largest), encoding="utf-8")
        if html is None:
            file.with_suffix(".json").write_text(
                json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n", "utf-8"
            )
    except OSError as error:
        raise ConfigError(f"cannot write the report to {file}: {error.strerror or error}; name another place") from None
    return file
