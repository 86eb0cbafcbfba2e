"""The labelled texts of the benches of duplicates, and what a grouping of them is worth.

A row of the labelled file: `id, title, text, cluster, kind, lang, source, published`. Texts of one `cluster` are the
same text; `kind` says how a copy differs from its original (`v_…`, `nat_…`) or what a lone text looks like (`neg_…`).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from newsdesk.model import Text


class Labelled(NamedTuple):
    text: Text
    cluster: str
    kind: str


class Worth(NamedTuple):
    """Of a grouping: over pairs of texts, and B³ (Bagga & Baldwin 1998), the mean over texts of F1's two halves."""

    precision: float
    recall: float
    f1: float
    b_cubed: float


def read_labelled(path: Path) -> list[Labelled]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    return [Labelled(_text(row), row["cluster"], row["kind"]) for row in rows]


def _text(row: Mapping[str, str | None]) -> Text:
    published = row.get("published")
    return Text(
        id=row["id"] or "",
        title=row.get("title"),
        body=row["text"] or "",
        published=datetime.fromisoformat(published) if published else None,
        source=row.get("source"),
        language=row.get("lang"),
    )


def worth(labelled: Sequence[Labelled], groups: Mapping[str, Hashable]) -> Worth:
    """`groups`: each text's id → its group."""
    told = [one.cluster for one in labelled]
    found = [groups[one.text.id] for one in labelled]
    both, of_told, of_found = Counter(zip(told, found, strict=True)), Counter(told), Counter(found)
    right = _pairs(both.values())
    precision = right / _pairs(of_found.values()) if _pairs(of_found.values()) else 1.0
    recall = right / _pairs(of_told.values()) if _pairs(of_told.values()) else 1.0
    pure = sum(count * count / of_found[group] for (_, group), count in both.items()) / len(labelled)
    whole = sum(count * count / of_told[cluster] for (cluster, _), count in both.items()) / len(labelled)
    return Worth(precision, recall, _mean(precision, recall), _mean(pure, whole))


def by_language(labelled: Sequence[Labelled], groups: Mapping[str, Hashable]) -> dict[str, Worth]:
    """`worth` among the texts of each language; a group across two languages costs neither."""
    parts: defaultdict[str, list[Labelled]] = defaultdict(list)
    for one in labelled:
        parts[one.text.language or "?"].append(one)
    return {language: worth(part, groups) for language, part in sorted(parts.items())}


def recall_by_kind(labelled: Sequence[Labelled], groups: Mapping[str, Hashable]) -> dict[str, tuple[float, int]]:
    """Of the pairs of a copy and its original, or of two copies of one kind: share found, number of pairs."""
    clusters: defaultdict[str, list[Labelled]] = defaultdict(list)
    for one in labelled:
        clusters[one.cluster].append(one)
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for members in clusters.values():
        for a, b in combinations(members, 2):
            kinds = {a.kind, b.kind} - {"base"}
            kind = kinds.pop() if len(kinds) == 1 else "two kinds"
            found[kind].append(groups[a.text.id] == groups[b.text.id])
    return {kind: (sum(hits) / len(hits), len(hits)) for kind, hits in sorted(found.items())}


def wrongly_joined(labelled: Sequence[Labelled], groups: Mapping[str, Hashable]) -> dict[str, tuple[int, int]]:
    """Of each kind: texts in a group with another cluster's text, and all texts."""
    clusters: defaultdict[Hashable, set[str]] = defaultdict(set)
    for one in labelled:
        clusters[groups[one.text.id]].add(one.cluster)
    wrong = Counter(one.kind for one in labelled if len(clusters[groups[one.text.id]]) > 1)
    return {kind: (wrong[kind], count) for kind, count in sorted(Counter(one.kind for one in labelled).items())}


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _mean(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
