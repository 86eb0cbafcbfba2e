"""Ours beside other article extractors, on the same labelled pages in one run: bodies, dates, titles, authors, cost.

    python bench/extraction.py [--sets scrapinghub,fundus] [--sample 50] [--tools newsdesk,trafilatura,…]
                               [--markdown FILE] [--chart FILE.svg] [--json FILE]

The data (a folder with `scrapinghub.jsonl.xz`, …) is at $NEWSDESK_SHARED_DATA/extract, else at ../shared/data/extract
beside this repository. Each tool runs in a process of its own, which is killed when a page takes longer than
`--deadline`; such a page counts as failed. Some tools cannot share an environment with newsdesk (readability-lxml and
news-please hold chardet below 6): `make bench-tools` puts them into `.venv-bench`, `--peers` names another one's
Python. A tool that is in neither environment is shown as not installed. All pages and tools take half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from extractors import chart, report, run
from extractors.process import Tool
from extractors.run import CEILING, FIVE, OURS, Marks
from extractors.runner import TOOLS

ROOT = Path(__file__).resolve().parents[1]
SETS = ("scrapinghub", "fundus_eval", "fundus", "magic", "wcxb", "trafilatura", "htmldate")
PEERS = ROOT / ".venv-bench" / "bin" / "python"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join(SETS), help=f"some of {','.join(SETS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="only N pages of each set, spread over it")
    parser.add_argument("--tools", default=",".join(TOOLS), help=f"some of {','.join(TOOLS)}")
    parser.add_argument("--deadline", type=float, default=60.0, help="seconds a page (default 60)")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the Python of the environment with the other tools")
    parser.add_argument("--markdown", type=Path, help="write the tables there")
    parser.add_argument("--chart", type=Path, help="write the chart there, as SVG")
    parser.add_argument("--json", type=Path, help="write each page's scores there")
    options = parser.parse_args()
    data = Path(os.environ.get("NEWSDESK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "extract"
    if not data.is_dir():
        sys.exit(f"extraction: no data at {data}")
    sets, wanted = options.sets.split(","), options.tools.split(",")
    if unknown := [name for name in sets if name not in SETS] + [name for name in wanted if name not in TOOLS]:
        sys.exit(f"extraction: unknown: {', '.join(unknown)}")
    pythons = [sys.executable, *([str(options.peers)] if options.peers.exists() else [])]
    tools = [Tool(name, pythons, options.deadline) for name in wanted]
    try:
        gold = run.load(data, sets, options.sample)
        marks = run.run([tool for tool in tools if tool.version is not None], gold)
    finally:
        for tool in tools:
            tool.close()
    text = report.markdown(tools, gold, marks, options.deadline)
    print(text)
    if options.markdown:
        options.markdown.write_text(text)
    if options.chart:
        options.chart.write_text(picture(marks))
    if options.json:
        options.json.write_text(
            json.dumps({t: {n: [asdict(one) for one in ms] for n, ms in c.items()} for t, c in marks.items()})
        )


def picture(marks: Marks) -> str:
    lines = [
        chart.Line(tool, value, run.costs(columns)["median"], tool == OURS)
        for tool, columns in marks.items()
        if (value := run.pooled(columns)) is not None
    ]
    best = run.best_of(marks, FIVE)
    value = run.pooled(best) if best else None
    pages = sum(len(next(iter(marks.values())).get(name, ())) for name in run.NEWS_SETS) if marks else 0
    return chart.draw(
        lines, (CEILING, value) if value is not None else None, "How much of the article, and of nothing else",
        f"Mean F1 of the bodies of {pages} news pages (four-word shingles; 1 is perfect)",
    )  # fmt: skip


if __name__ == "__main__":
    main()
