"""The report of `crash.py` as Markdown: kills by stage and victim, and what was lost.

python bench/crash_table.py crash.json…  # of several runs as one
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crash_points import STAGES


def as_markdown(report: Mapping[str, Any]) -> str:
    """`report`: what stands in crash.json."""
    kills = Counter((kill["victim"], kill["stage"]) for kill in report["kills"])
    victims = list(dict.fromkeys(victim for victim, _ in kills))
    lines = [
        f"{kills.total()} kills of living processes in {report['rounds']} rounds (seed {report['seed']}), "
        f"{report['compared']} dumps compared: **{report['lost']} rows lost, {report['doubled']} doubled**, "
        f"{len(report['left_behind'])} processes left behind. {report['orphans']} records in the archive belong to killed "
        f"tasks. {report['missed']} places were not reached. {report['seconds'] / 60:.0f} minutes at a load of "
        f"{report['load']:.1f}.",
        "",
        f"| killed | {' | '.join(STAGES)} | all |",
        f"| --- {'| ---: ' * (len(STAGES) + 1)}|",
    ]
    for victim in victims:
        row = [kills[victim, stage] for stage in STAGES]
        lines.append(f"| {victim} | {' | '.join(str(count or '') for count in row)} | {sum(row)} |")
    row = [sum(kills[victim, stage] for victim in victims) for stage in STAGES]
    lines.append(f"| all | {' | '.join(map(str, row))} | {sum(row)} |")
    lines += [f"\n```\n{difference}\n```" for difference in report["differences"]]
    return "\n".join(lines) + "\n"


def together(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Several runs' reports as one: sums, but for the seeds and the load, which are told one by one or as the highest."""
    return {
        key: ", ".join(str(report[key]) for report in reports)
        if key == "seed"
        else max(report[key] for report in reports)
        if key == "load"
        else sum((report[key] for report in reports[1:]), reports[0][key])
        for key in reports[0]
    }


if __name__ == "__main__":
    print(as_markdown(together([json.loads(Path(name).read_text()) for name in sys.argv[1:]])))
