"""The source YAML of every outlet, written so that the real pipeline can read the demo's web."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from .outlets import OUTLETS, Outlet
from .truth import Expected

# The demo's hosts are ours and idle: the default pace would only make the reader wait.
_CRAWL_DELAY_S = 0.1


def write_sources(folder: Path, bases: Mapping[str, str], rows: Sequence[Expected], pace: float = 1.0) -> None:
    """One `<outlet id>.yaml` for each outlet in `folder`, which is made where it is missing.

    `rows` are edition 1's: the expectations in the files hold for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for outlet in OUTLETS:
        own = [row for row in rows if row.source_id == outlet.id]
        text = source_yaml(outlet, bases[outlet.id], own, _CRAWL_DELAY_S * pace)
        (folder / f"{outlet.id}.yaml").write_text(text, encoding="utf-8")


def source_yaml(outlet: Outlet, base: str, rows: Sequence[Expected], crawl_delay: float = _CRAWL_DELAY_S) -> str:
    """The YAML of one outlet; `crawl_delay` in seconds; strings are written as JSON, which YAML reads as they are."""
    words = [len(row.body.split()) for row in rows if row.body is not None]
    lines = [
        "# Written by the demo newsroom; the outlet and its news are invented.",
        f"id: {outlet.id}",
        f"name: {json.dumps(outlet.name, ensure_ascii=False)}",
        f"homepage: {base}/",
        f"language: {outlet.language}",
        # Quoted: a bare NO would be read as false.
        f'country: "{outlet.country}"',
        f"timezone: {outlet.timezone}",
        "tags: [demo]",
        "endpoints:",
    ]
    lines += [f"  - {{{end.kind}: {json.dumps(base + end.path)}}}" for end in outlet.endpoints]
    lines += [
        f"expect: {{articles_per_day: [1, {2 * len(words)}], "
        f"body_words: [{int(min(words) * 0.8)}, {int(max(words) * 1.2)}]}}",
        f"crawl_delay: {crawl_delay:g}",
        "allow_private: true  # the demo is served on loopback",
    ]
    return "\n".join(lines) + "\n"
