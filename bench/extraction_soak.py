"""Is the extractor's memory flat? Labelled pages through one guarded worker, over and over, without a fresh worker.

    python bench/extraction_soak.py [--pages 20000] [--every 1000]

Prints the resident memory of the worker and of this process as it goes, how many pages ended without an answer, and at
the end what a page costs beside the worker's own CPU: handing it over, and waiting. The data is that of
bench/extraction.py. Twenty thousand pages take about ten minutes.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psutil

from extractors import run
from labelled import html_of
from newsdesk.extract.guard import Guard
from newsdesk.model import Outcome, Page

ROOT = Path(__file__).resolve().parents[1]
SETS = ("scrapinghub", "fundus_eval", "fundus", "magic", "wcxb", "trafilatura", "htmldate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--every", type=int, default=1_000, help="pages between two lines")
    options = parser.parse_args()
    data = Path(os.environ.get("NEWSDESK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "extract"
    if not data.is_dir():
        sys.exit(f"extraction_soak: no data at {data}")
    pages = load(data)
    print(
        f"{len(pages)} different pages, {options.pages} in all\n{'pages':>7}{'worker MB':>11}{'parent MB':>11}{'a second':>10}"
    )
    soak(pages, options.pages, options.every)


def load(data: Path) -> list[Page]:
    """The sets mixed, so that each stretch of pages is like the next."""
    gold, now = run.load(data, SETS, None), datetime.now(UTC)
    turns = itertools.zip_longest(*gold.values())
    return [Page(row["url"], html_of(row), fetched_at=now) for turn in turns for row in turn if row]


def soak(pages: list[Page], wanted: int, every: int) -> None:
    unanswered: Counter[str] = Counter()
    own = psutil.Process()
    with Guard(deadline=60, recycle_after=wanted + 1, worn_mb=1 << 20) as guard:
        guard.extract(pages[0])
        assert guard._process is not None
        worker = psutil.Process(guard._process.pid)
        began = lap = time.monotonic()
        parent_cpu, worker_cpu = spent(own), spent(worker)
        for number, page in enumerate(itertools.islice(itertools.cycle(pages), wanted), 1):
            document = guard.extract(page)
            if document.outcome is Outcome.QUARANTINED:
                unanswered[document.reason or ""] += 1
                if guard._process is None:
                    sys.exit(f"the worker was killed at page {number}, {page.url}: {document.reason}")
            if number % every == 0:
                print(
                    f"{number:7}{worker.memory_info().rss / 2**20:11.0f}{own.memory_info().rss / 2**20:11.0f}"
                    f"{every / (time.monotonic() - lap):10.1f}",
                    flush=True,
                )
                lap = time.monotonic()
        wall = (time.monotonic() - began) * 1000 / wanted
        ours, theirs = (
            (spent(one) - before) * 1000 / wanted for one, before in ((own, parent_cpu), (worker, worker_cpu))
        )
        print(
            f"a page: {wall:.1f} ms of wall clock, {theirs:.1f} ms CPU of the worker, {ours:.2f} ms CPU of this process"
        )
    print(f"without an answer: {unanswered.total()} {dict(unanswered) or ''}")


def spent(process: psutil.Process) -> float:
    """CPU seconds."""
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
