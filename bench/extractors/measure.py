"""The measure of body, day, title and authors: that of the data's own score.py, to the figure (a test compares them).

Body: shingles of four words, as in scrapinghub/article-extraction-benchmark. Snippets: as in adbar/trafilatura's
evaluation: of the texts that must be there and those that must not, which are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
_WORD = re.compile(r"\w+")
_BLANKS = re.compile(r"\s+")
_NO_LETTER = re.compile(r"[\W_]+")
_BY = re.compile(r"^(by|von|par|por|di)\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r";|,| and ")


def body_score(gold: str, text: str | None) -> tuple[float, float, float]:
    """(precision, recall, F1) of the text's shingles against the gold body's; a page without any word is all right."""
    want, have = _shingles(gold), _shingles(text or "")
    both = (want & have).total()
    extra, missed = have.total() - both, want.total() - both
    if extra == missed == 0:
        return 1.0, 1.0, 1.0
    precision = both / (both + extra) if both + extra else 0.0
    recall = both / (both + missed) if both + missed else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    found = (tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))
    return Counter(shingle for shingle in found if shingle)


def has_shingles(text: str | None) -> bool:
    return bool(_WORD.search(text or ""))


def snippet_counts(row: Row, text: str | None) -> tuple[int, int, int, int]:
    """(found, wrongly found, missed, rightly left out)."""
    page = _one_line(text or "")
    wanted, unwanted = row.get("with") or [], row.get("without") or []
    found, wrong = (sum(_one_line(part) in page for part in parts) for parts in (wanted, unwanted))
    return found, wrong, len(wanted) - found, len(unwanted) - wrong


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def fold(text: str | None) -> str:
    return _NO_LETTER.sub("", (text or "").casefold())


def names(told: str | Iterable[str] | None) -> set[str]:
    parts = _BETWEEN_NAMES.split(told) if isinstance(told, str) else told or []
    return {fold(_BY.sub("", part.strip())) for part in parts if part and fold(part)}


def instant(told: str | None) -> datetime | None:
    """In UTC, to the minute; None without a zone."""
    try:
        at = datetime.fromisoformat(told or "")
    except ValueError:
        return None
    return at.astimezone(UTC).replace(second=0, microsecond=0) if at.tzinfo else None


def metadata_marks(gold: Row, answer: Row) -> dict[str, bool]:
    """What gold tells and whether the answer has it: date, published, title, authors."""
    marks = {}
    if gold.get("date"):
        marks["date"] = (answer.get("date") or "")[:10] == gold["date"][:10]
    if at := instant(gold.get("published")):
        marks["published"] = instant(answer.get("published")) == at
    if gold.get("title"):
        marks["title"] = fold(answer.get("title")) == fold(gold["title"])
    if gold.get("authors"):
        marks["authors"] = names(answer.get("authors")) == names(gold["authors"])
    return marks


def mean(values: Iterable[float]) -> float | None:
    kept = list(values)
    return sum(kept) / len(kept) if kept else None


def f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def percentile(values: Iterable[float], share: float) -> float | None:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
