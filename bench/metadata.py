"""Titles, authors and dates of labelled pages: ours beside trafilatura's, htmldate's and newspaper4k's, in the same run.

    python bench/metadata.py DATA/extract [--sets fundus wcxb] [--tools ours] [--misses title|authors|day|time] [--half 0|1]

DATA/extract is a folder of JSON lines (`id, url, domain, html|html_b64, title, authors, date, published`) with its own
`score.py` beside them, whose folding of titles and names and whose day and instant are used. Of wcxb only the articles
count. A day is that of the value as the tool gives it; ours is given in the zone the page tells. `zoned` is the share
of pages with a zoned gold instant that is met to the minute. A page that a tool gives up is an empty answer of it, counted
under `errors`, and in none of its times. CPU is the metadata step alone where the tool has one (ours, trafilatura,
htmldate; parsing left out), for newspaper4k its whole parse. `--half` keeps every second domain (by
hash), to fit on one half and look at the other. newspaper4k is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import logging
import runpy
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from htmldate import find_date
from trafilatura.metadata import extract_metadata
from trafilatura.utils import load_html

from labelled import html_of, read_rows
from newsdesk.extract.decode import decode
from newsdesk.extract.markup import parse
from newsdesk.extract.metadata import read_metadata
from newsdesk.model import Page

SETS = ("fundus", "wcxb", "trafilatura", "htmldate")
NOW = datetime.now(UTC)
Row = dict[str, Any]
# title, authors, date, published as score.py takes them; cpu in seconds; source: {field: where}; or error alone
Answer = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--tools", nargs="+", default=list(TOOLS))
    parser.add_argument("--misses", choices=("title", "authors", "day", "time"), help="list what ours gets wrong")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only every second domain")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    score = runpy.run_path(str(options.data / "score.py"))
    print(
        f"{'set':12} {'tool':12} {'titles':>14} {'authors':>14} {'any':>6} {'day':>14} {'zoned':>14} {'errors':>6} {'CPU ms median, p95, mean':>26}"
    )
    for name in options.sets:
        rows = list(load(options.data / f"{name}.jsonl.xz", options.half))
        for tool in options.tools:
            if tool == "newspaper4k" and importlib.util.find_spec("newspaper") is None:
                continue
            answers = {row["id"]: answer_of(TOOLS[tool], row) for row in rows}
            print_line(name, tool, rows, answers, score)
            if tool == "ours" and options.misses:
                print_misses(rows, answers, options.misses, score)


def load(file: Path, half: int | None) -> Iterator[Row]:
    for row in read_rows(file):
        if row.get("page_type") not in (None, "article", "news", "mixed"):
            continue
        if half is None or hashlib.sha1(b"half" + row["domain"].encode()).digest()[0] % 2 == half:
            yield row


def answer_of(tool: Callable[[Row], Answer], row: Row) -> Answer:
    try:
        return tool(row)
    except Exception as error:  # noqa: BLE001 - another tool's fault on one page is an empty answer
        return {"error": repr(error)}


def ours(row: Row) -> Answer:
    text, _ = decode(html_of(row), None)
    tree = parse(text)
    if tree is None:
        return {"error": "not a page"}
    start = time.process_time()
    found = read_metadata(tree, Page(row["url"], html_of(row), fetched_at=NOW))
    cpu = time.process_time() - start
    return {
        "title": found.title, "authors": list(found.authors), "date": str(found.published_day or ""),
        "published": found.published.isoformat() if found.published else None,
        "cpu": cpu, "source": found.provenance,
    }  # fmt: skip


def by_trafilatura(row: Row) -> Answer:
    tree = load_html(html_of(row))
    start = time.process_time()
    found = extract_metadata(tree, default_url=row["url"])
    return {
        "title": found.title, "authors": (found.author or "").split("; "), "date": found.date,
        "cpu": time.process_time() - start,
    }  # fmt: skip


def by_htmldate(row: Row) -> Answer:
    tree = load_html(html_of(row))
    start = time.process_time()
    found = find_date(tree, original_date=True, url=row["url"], outputformat="%Y-%m-%dT%H:%M:%S%z")
    return {"date": found, "published": found, "cpu": time.process_time() - start}


def by_newspaper(row: Row) -> Answer:
    from newspaper import Article

    article = Article(row["url"])
    start = time.process_time()
    article.download(input_html=html_of(row).decode("utf-8", "replace"))
    article.parse()
    cpu = time.process_time() - start
    date = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "authors": article.authors, "date": date, "published": date, "cpu": cpu}


TOOLS = {"ours": ours, "trafilatura": by_trafilatura, "htmldate": by_htmldate, "newspaper4k": by_newspaper}


def print_line(name: str, tool: str, rows: list[Row], answers: dict[str, Answer], score: dict[str, Any]) -> None:
    told = score["score"](rows, [{"id": key, **answer} for key, answer in answers.items()])
    cells = [
        f"{told[part]['ok']}/{told[part]['n']} {told[part]['rate']:.3f}" if part in told else "–"
        for part in ("title", "authors", "date", "published")
    ]
    some = f"{told['authors']['any'] / told['authors']['n']:.3f}" if "authors" in told else "–"
    if tool == "htmldate":
        cells[0] = cells[1] = some = "–"
    cpu = sorted(1000 * answer["cpu"] for answer in answers.values() if "error" not in answer)
    costs = f"{median(cpu):.1f} {cpu[int(0.95 * len(cpu))]:.1f} {sum(cpu) / len(cpu):.1f}" if cpu else "–"
    print(
        f"{name:12} {tool:12} {cells[0]:>14} {cells[1]:>14} {some:>6} {cells[2]:>14} {cells[3]:>14} {len(answers) - len(cpu):>6} {costs:>26}",
        flush=True,
    )


def print_misses(rows: list[Row], answers: dict[str, Answer], what: str, score: dict[str, Any]) -> None:
    """A line a miss, and how often each source was right."""
    tally: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in rows:
        answer = answers[row["id"]]
        field, gold, given, right = {
            "title": ("title", row.get("title"), answer.get("title"), lambda a, b: score["fold"](a) == score["fold"](b)),
            "authors": ("authors", row.get("authors"), answer.get("authors"), lambda a, b: score["names"](a) == score["names"](b)),
            "day": ("published", row.get("date"), answer.get("date"), lambda a, b: a[:10] == (b or "")[:10]),
            "time": ("published", row.get("published"), answer.get("published"), lambda a, b: score["instant"](a) == score["instant"](b)),
        }[what]  # fmt: skip
        if not gold:
            continue
        source = (answer.get("source") or {}).get(field, answer.get("error", "none"))
        tally[source][bool(right(gold, given))] += 1
        if not right(gold, given):
            print(f"  {row['id']} [{source}] {row['url'][:90]}\n      gold  {gold}\n      given {given}")
    for source, counts in tally.items():
        print(f"  {source}: {counts[True]} right, {counts[False]} wrong", file=sys.stdout)


if __name__ == "__main__":
    main()
