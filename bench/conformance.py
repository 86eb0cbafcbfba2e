"""Our readers beside the libraries', on the same rows in the same run: a table a subject.

    python bench/conformance.py [--only feeds,robots] [--rounds 3] [--misses [NAME]] [--markdown FILE] [--json FILE]

The data (a folder with `feeds.jsonl.gz`, `robots.jsonl.gz`, …) is at $NEWSDESK_SHARED_DATA/conformance, else at
../shared/data/conformance beside this repository. The libraries are the extra `bench` of pyproject.toml; of one that
is not installed the column says so. Each row is read by every reader in turn, whose order changes from row to row;
speed is CPU time of this process, each row's best of `--rounds`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from subjects.addresses import KEYS, URLS
from subjects.charset import CHARSET
from subjects.feeds import FEEDS
from subjects.robots import ROBOTS
from subjects.scoring import OURS, Score, measure
from subjects.sitemaps import SITEMAPS
from subjects.ssrf import SSRF
from subjects.table import markdown, plain
from subjects.warc import WARC

ROOT = Path(__file__).resolve().parents[1]
SUBJECTS = {subject.name: subject for subject in (FEEDS, SITEMAPS, URLS, KEYS, ROBOTS, SSRF, CHARSET, WARC)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAMES", help=f"some of {','.join(SUBJECTS)}")
    parser.add_argument("--rounds", type=int, default=1, help="for the speed (default 1)")
    parser.add_argument(
        "--misses", nargs="?", const=OURS, metavar="READER", help="list what a reader (ours; or `all`) missed, and why"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else list(SUBJECTS)
    if unknown := set(names) - SUBJECTS.keys():
        parser.error(f"no subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    data = Path(os.environ.get("NEWSDESK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "conformance"
    if not data.is_dir():
        sys.exit(f"conformance: skipped, the data is not here: {data} (set NEWSDESK_SHARED_DATA)")
    scores = []
    for name in names:
        score = measure(SUBJECTS[name], data, max(1, options.rounds))
        scores.append(score)
        print(plain(score), end="\n\n", flush=True)
        for reader, part, row, why in score.misses:
            if options.misses == "all" or (options.misses and reader.startswith(options.misses)):
                print(f"  {reader} · {part} · {row}: {'; '.join(why)[:300]}")
    if options.markdown:
        options.markdown.write_text(markdown(scores), encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(as_data(scores), indent=1), encoding="utf-8")


def as_data(scores: list[Score]) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "subjects": {
            score.subject.name: {
                "left_out": score.left_out,
                "readers": {
                    one.name: {
                        "parts": {
                            part: [score.right[part, one.name], score.asked[part, one.name]] for part in score.parts
                        },
                        "rows_per_cpu_second": score.rates.get(one.name),
                        "missing": None if one.read else one.missing,
                    }
                    for one in score.readers
                },
                "misses": [
                    {"reader": reader, "part": part, "id": row, "why": why} for reader, part, row, why in score.misses
                ],
            }
            for score in scores
        },
    }


if __name__ == "__main__":
    main()
