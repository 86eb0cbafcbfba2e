"""The report on a reprocess as one self-contained HTML file, with the largest changes word by word.

Everything that came from the web is escaped, and the page's own policy forbids scripts, forms and all that is loaded
from elsewhere: hostile markup that slipped through would still do nothing.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from importlib import resources
from typing import Any

from newsdesk.characters import visible
from newsdesk.reprocessing.comparing import COLUMNS
from newsdesk.store.reprocess_facts import Large
from newsdesk.word_diff import Piece, diff

MOST_LISTED = 200  # pages of a list; the JSON beside the file has all
MOST_SHOWN = 40_000  # characters of one text's diff
MOST_VALUE = 500  # characters of another field
_CONTEXT = 160  # characters shown of an unchanged stretch, at each of its ends
UNITS = {"extract": "words", "enrich": "mentions", "link": "links"}
_TEXTS = ("body", "spacing", "mentions")


def page(report: Mapping[str, Any], largest: Sequence[Large]) -> str:
    """`report` as `report.as_json` gives it."""
    style = resources.files("newsdesk.reprocessing").joinpath("report.css").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = f"Reprocess {report['reprocess_id']}: what would change"
    body = "\n".join((
        f"<h1>{title}</h1>",
        *_about(report),
        *_amounts(report),
        *_links(report["links"]),
        *_by_source(report["by_source"]),
        *_lists(report),
        *_largest(report, largest),
    ))  # fmt: skip
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def text(value: Any) -> str:
    """Any text from the web as HTML shows it: escaped, what is invisible or turns the line's direction made visible."""
    return escape(visible(str(value)), quote=True)


def _link(url: str) -> str:
    if not url.lower().startswith(("http://", "https://")):
        return text(url)
    return f'<a href="{text(url)}" rel="noopener noreferrer">{text(url)}</a>'


def _about(report: Mapping[str, Any]) -> Iterator[str]:
    articles, others = report["articles"], report["others"]
    scope = (
        ", ".join(f"{name} {text(value)}" for name, value in report["scope"].items() if value) or "the whole archive"
    )
    yield f'<p class="quiet">Stage {text(report["stage"])}, {scope}. Made {text(report["opened_at"][:16])}Z by {text(report["reader"])}.</p>'
    if report["unread"]:
        yield f'<p class="warn">Not whole: {report["unread"]:,} pages are not read yet.</p>'
    yield '<dl class="sums">'
    for name, count in (
        ("articles looked at", sum(articles.values())), ("read as before", articles.get("same", 0)),
        ("would change", articles.get("changed", 0)), ("of these: a new version", report["versions"]),
        ("would be no articles (kept)", articles.get("refused", 0)), ("cannot be read", articles.get("lost", 0)),
        ("other pages looked at", sum(others.values())), ("of these: articles now", others.get("new", 0)),
    ):  # fmt: skip
        yield f"<div><dt>{name}</dt><dd>{count:,}</dd></div>"
    yield "</dl>"


def _amounts(report: Mapping[str, Any]) -> Iterator[str]:
    if not report["changes"]:
        yield "<p>Nothing would change.</p>"
        return
    what = UNITS[report["stage"]]
    yield "<h2>What changes, and by how much</h2>"
    yield from _table(("field", "articles"), report["changes"].items())
    yield f"<p>In changed texts, {what} added and removed, at most so many in half, 90 %, 99 % and all of them (what only moved counts nothing):</p>"
    amounts = report["words"]
    rows = [
        (side, *(amounts[side][name] for name in ("median", "p90", "p99", "most", "in_all")))
        for side in ("added", "removed")
    ]
    yield from _table(("", "median", "90 %", "99 %", "most", "in all"), rows)
    yield f"<p>Changed texts by the share of their {what} that is added or removed:</p>"
    yield from _table(("share", "articles"), amounts["share"].items())


def _links(found: Mapping[str, Any]) -> Iterator[str]:
    if found:
        yield "<h2>Links to the knowledge base</h2>"
        yield f"<p>Names of articles that are linked: before {found['before']:,}, after {found['after']:,} (+{found['added']:,} −{found['removed']:,}).</p>"
        rows = [(row["name"], row["before"], row["after"], row["articles"]) for row in found["names"]]
        yield from _table(("name", "before", "after", "articles"), rows)


def _by_source(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if rows:
        yield "<details><summary>By source</summary>"
        yield from _table(tuple(rows[0]), [tuple(row.values()) for row in rows])
        yield "</details>"


def _lists(report: Mapping[str, Any]) -> Iterator[str]:
    for name, heading, said in (
        ("no_longer", "Would be no articles", "They stay as they are: look at them, and exclude their addresses if that is right."),
        ("new", "Would become articles", "They are published when the report is applied."),
        ("lost", "Cannot be read", "They stay as they are. Of records that are gone `newsdesk archive verify` tells more."),
        ("otherwise", "No articles, now for another reason", "Only the reason in news.url_status changes."),
    ):  # fmt: skip
        found = report[name]
        if not found:
            continue
        yield f"<details><summary>{heading}: {len(found):,}</summary><p>{said}</p><ul>"
        for row in found[:MOST_LISTED]:
            why = " ".join(text(part) for part in (row["outcome"], row["reason"]) if part)
            title = row["title"] or row["new_title"] or "untitled"
            yield f"<li><bdi>{text(title)}</bdi> <span class=quiet>{text(row['source'])}</span><br>{_link(row['url'])}"
            yield (f"<br><span class=quiet>{why}</span>" if why else "") + "</li>"
        yield "</ul>"
        if len(found) > MOST_LISTED:
            yield f"<p>… and {len(found) - MOST_LISTED:,} more: the JSON has all.</p>"
        yield "</details>"


def _largest(report: Mapping[str, Any], largest: Sequence[Large]) -> Iterator[str]:
    if largest:
        yield f"<h2>The {len(largest)} largest changes</h2>"
        yield "<p><del>Removed</del>, <ins>added</ins>; what stays as it was is shortened.</p>"
    for number, one in enumerate(largest, 1):
        title = one.before["title"] or "untitled"
        yield f'<article><h3>{number}. <bdi dir="auto">{text(title)}</bdi></h3>'
        yield f'<p class="quiet">{text(one.source_id)}, fetched {one.fetched_at:%Y-%m-%d %H:%M}Z<br>{_link(one.url)}</p>'
        yield f"<p>+{one.added:,} −{one.removed:,} {UNITS[report['stage']]}; changed: {text(', '.join(one.changes))}</p>"
        if report["stage"] != "extract":
            yield from _names(one)
            yield "</article>"
            continue
        yield from _values(one)
        if any(name in one.changes for name in _TEXTS):
            yield f'<div class="diff" dir="auto">{"".join(_diff(one.before["body"] or "", one.reading["text"] or ""))}</div>'
        yield "</article>"


def _values(one: Large) -> Iterator[str]:
    """The fields besides the body, before and after."""
    names = {column: name for name, column in COLUMNS.items()}
    rows = [
        (field, _value(one.before[field]), _value(one.reading.get(names[field])))
        for field in one.changes
        if field not in _TEXTS
    ]
    if rows:
        yield '<dl class="fields">'
        for field, before, after in rows:
            yield f"<dt>{text(field)}</dt><dd><del>{before}</del> <ins>{after}</ins></dd>"
        yield "</dl>"


def _value(value: Any) -> str:
    if value in (None, "", [], ()):
        return "none"
    if isinstance(value, datetime):
        return text(value.isoformat())
    whole = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text(whole if len(whole) <= MOST_VALUE else f"{whole[:MOST_VALUE]}…")


def _names(one: Large) -> Iterator[str]:
    before = {tuple(name) for name in one.reading["before"]}
    after = {tuple(name) for name in one.reading["after"]}
    yield '<p class="diff">'
    for tag, names in (("del", before - after), ("ins", after - before)):
        yield " ".join(f"<{tag}>{text(name[3])} <small>{text(name[2])}</small></{tag}>" for name in sorted(names)[:300])
    yield "</p>"


def _diff(before: str, after: str) -> Iterator[str]:
    shown = 0
    for piece in diff(before, after):
        if shown > MOST_SHOWN:
            yield '<p class="quiet">… the rest is not shown</p>'
            return
        cut = _shortened(piece)
        shown += len(cut)
        tag = {"same": None, "added": "ins", "removed": "del"}[piece.kind]
        html = text(cut).replace(_CUT, '<span class="cut">…</span>')
        yield f"<{tag}>{html}</{tag}>" if tag else html


_CUT = "\ue000"  # of the private use area: stands for what is left out until the text is escaped


def _shortened(piece: Piece) -> str:
    words = piece.text.replace(_CUT, "")
    most = 2 * _CONTEXT if piece.kind == "same" else MOST_SHOWN
    if len(words) <= most:
        return words
    head, tail = _whole_words(words[: most // 2], -1), _whole_words(words[-most // 2 :], 0)
    return f"{head}\n{_CUT}\n{tail}"


def _whole_words(text: str, end: int) -> str:
    """The text without the word at this end (0 or -1), which may be half a one."""
    words = re.split(r"(\s+)", text)
    kept = words[2:] if end == 0 else words[:-2]
    return "".join(kept) or text


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield (
        '<div class="wide" tabindex="0"><table><thead><tr>'
        + "".join(f"<th scope=col>{text(name)}</th>" for name in head)
        + "</tr></thead><tbody>"
    )
    for row in rows:
        yield (
            "<tr>"
            + "".join(
                f"<td class=n>{cell:,}</td>" if isinstance(cell, int) else f"<td>{text(cell)}</td>" for cell in row
            )
            + "</tr>"
        )
    yield "</tbody></table></div>"
