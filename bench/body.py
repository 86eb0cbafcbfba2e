"""The weights by which blocks are chosen as an article's (`newsdesk.extract.choice_weights`): measure them, or fit them anew.

    python bench/body.py DATA/extract            # as shipped, then cross-validated over five parts of the domains
    python bench/body.py DATA/extract --fit      # also writes plugins/newsdesk/extract/choice_weights.py

DATA/extract is a folder of JSON lines with gold bodies and its own `score.py`; the news sets and wcxb's articles are
read. A block is gold where half of its shingles of four tokens are. The model is logistic with a ridge, each block
weighed by its share of its page's tokens, so that what is learned is what the score counts; pages of the news sets
count twice. Cross-validation: the domains' hashes part the pages, so no site is in both halves of one fold.
Other tools on the same pages: bench/extraction.py.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import runpy
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from labelled import html_of, read_rows
from newsdesk.extract import choice_weights
from newsdesk.extract.blocks import Block, read_blocks, take_silent
from newsdesk.extract.body import facts_of, trimmed
from newsdesk.extract.choice import Facts, all_features
from newsdesk.extract.decode import decode
from newsdesk.extract.markup import parse, read_links
from newsdesk.extract.metadata import read_metadata
from newsdesk.extract.page import extract
from newsdesk.extract.region import ask
from newsdesk.model import Page

NEWS = ("scrapinghub", "fundus_eval", "fundus")
SETS = (*NEWS, "wcxb")
FOLDS = 5
RIDGE = 100.0
NEWS_WEIGHT = 2.0
NEEDED = 0.02  # log odds, at a feature's usual size, below which it is left out
_TOKEN = re.compile(r"\w+")
_HEAD = '''"""Made by `python bench/body.py DATA/extract --fit`; see there. Log odds that a block is of the article."""

'''


@dataclass
class Sample:
    """A labelled page as the choice sees it."""

    of: str
    domain: str
    gold: str
    html: bytes
    url: str
    facts: Facts
    blocks: list[Block]
    answer: str  # trafilatura's
    places: list[int] = field(default_factory=list)
    features: list[dict[str, float]] = field(default_factory=list)
    labels: list[bool | None] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true", help="write the weights")
    options = parser.parse_args()
    global prf, shingles
    scoring = runpy.run_path(str(options.data / "score.py"))
    prf, shingles = scoring["prf"], scoring["shingles"]
    samples = [sample for name in SETS for sample in load(options.data, name)]
    names = sorted({name for sample in samples for features in sample.features for name in features})
    matrices = [matrix_of(sample, names) for sample in samples]
    if options.fit:
        names, matrices = without_the_needless(samples, names, matrices)
        write_weights(names, *fit_on(range(len(samples)), samples, matrices))
        print(f"{len(names)} weights written; run again to measure them")
    report("cross-validated", samples, cross_validated(samples, names, matrices))
    if not options.fit:
        report("as shipped", samples, timed(samples))


def load(folder: Path, name: str) -> Iterable[Sample]:
    for row in read_rows(folder / f"{name}.jsonl.xz"):
        is_wanted = row.get("body") and (name in NEWS or row.get("page_type") == "article")
        if is_wanted and (sample := read_sample(name, row, html_of(row))) is not None:
            yield sample


def read_sample(name: str, row: dict[str, Any], html: bytes) -> Sample | None:
    tree = parse(decode(html, None)[0])
    if tree is None:
        return None
    found = read_metadata(tree, Page(row["url"], html, None, None, None, datetime.now(UTC)))
    facts = facts_of(found, read_links(tree))
    take_silent(tree)
    blocks = read_blocks(tree)
    answer, held = ask(tree, row["url"], blocks)
    sample = Sample(name, row["domain"], row["body"], html, row["url"], facts, blocks, answer)
    if any(held):
        gold, words = set(shingles(row["body"])), f" {' '.join(_TOKEN.findall(row['body']))} "
        for place, features in all_features(blocks, held, facts):
            sample.places.append(place)
            sample.features.append(features)
            sample.labels.append(is_gold(blocks[place].text, gold, words))
    return sample


def is_gold(text: str, gold: set[tuple[str, ...]], words: str) -> bool | None:
    """None for a block without a word, which no score counts."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return None
    if len(tokens) < 4:
        return f" {' '.join(tokens)} " in words
    of_block = shingles(text)
    return bool(2 * sum(shingle in gold for shingle in of_block) >= len(of_block))


Matrix = tuple[np.ndarray, np.ndarray, np.ndarray]  # features, labels, weights; a row a block


def matrix_of(sample: Sample, names: Sequence[str]) -> Matrix:
    columns = {name: column for column, name in enumerate(names)}
    x = np.zeros((len(sample.places), len(names)))
    for row, features in enumerate(sample.features):
        for name, value in features.items():
            if name in columns:
                x[row, columns[name]] = value
    sizes = np.array([len(_TOKEN.findall(sample.blocks[place].text)) + 1 for place in sample.places], float)
    whole = max(150, len(_TOKEN.findall(sample.gold)))
    known = np.array([label is not None for label in sample.labels], float)
    weight = np.minimum(0.2, sizes / whole) * known * (NEWS_WEIGHT if sample.of in NEWS else 1.0)
    return x, np.array([float(bool(label)) for label in sample.labels]), weight


def fit_on(chosen: Iterable[int], samples: Sequence[Sample], matrices: Sequence[Matrix]) -> tuple[np.ndarray, float]:
    x, y, w = (
        np.concatenate(parts) for parts in zip(*(matrices[at] for at in chosen if samples[at].places), strict=True)
    )
    used = w > 0
    return fit(x[used], y[used], w[used] / w[used].mean())


def fit(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, float]:
    """Ridge logistic regression by Newton's method on standardised features: coefficients of the raw ones, and bias."""
    mean = (x * w[:, None]).sum(0) / w.sum()
    spread = np.sqrt((w[:, None] * (x - mean) ** 2).sum(0) / w.sum()) + 1e-9
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = np.eye(z.shape[1]) * RIDGE
    penalty[-1, -1] = 0
    beta = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        step = np.linalg.solve((z * (w * p * (1 - p))[:, None]).T @ z + penalty, z.T @ (w * (y - p)) - penalty @ beta)
        beta += step
        if abs(step).max() < 1e-6:
            break
    coefficients = beta[:-1] / spread
    return coefficients, float(beta[-1] - (coefficients * mean).sum())


def without_the_needless(
    samples: Sequence[Sample], names: Sequence[str], matrices: Sequence[Matrix]
) -> tuple[list[str], list[Matrix]]:
    coefficients, _ = fit_on(range(len(samples)), samples, matrices)
    spread = np.concatenate([matrix[0] for matrix in matrices if len(matrix[0])]).std(0)
    kept = [name for name, effect in zip(names, abs(coefficients) * spread, strict=True) if effect >= NEEDED]
    return kept, [matrix_of(sample, kept) for sample in samples]


def write_weights(names: Sequence[str], coefficients: np.ndarray, bias: float) -> None:
    order = sorted(range(len(names)), key=lambda at: -coefficients[at])
    table = "".join(f'    "{names[at]}": {coefficients[at]:.2f},\n' for at in order)
    Path(choice_weights.__file__).write_text(f"{_HEAD}BIAS = {bias:.2f}\nWEIGHTS = {{\n{table}}}\n")


def cross_validated(samples: Sequence[Sample], names: Sequence[str], matrices: Sequence[Matrix]) -> list[str]:
    part = [int(hashlib.md5(sample.domain.encode()).hexdigest(), 16) % FOLDS for sample in samples]
    answers = [sample.answer for sample in samples]
    for held_out in range(FOLDS):
        coefficients, bias = fit_on([at for at, k in enumerate(part) if k != held_out], samples, matrices)
        for at, sample in enumerate(samples):
            if part[at] == held_out and sample.places:
                odds = matrices[at][0] @ coefficients + bias
                chosen = [place for place, value in zip(sample.places, odds, strict=True) if value >= 0]
                if chosen:
                    kept = trimmed([sample.blocks[place].text for place in chosen], sample.facts)
                    answers[at] = "\n\n".join(kept)
    return answers


def ours(sample: Sample) -> str:
    return extract(Page(sample.url, sample.html, None, None, None, datetime.now(UTC))).text or ""


def timed(samples: Sequence[Sample]) -> list[str]:
    ours(samples[0])  # warm
    began = time.process_time()
    answers = [ours(sample) for sample in samples]
    print(f"  {(time.process_time() - began) * 1000 / len(samples):.1f} CPU-ms a page")
    return answers


def report(name: str, samples: Sequence[Sample], answers: Sequence[str]) -> None:
    """Per set mean precision and recall, F1 of the two, mean page F1."""
    scores = [prf(sample.gold, answer) for sample, answer in zip(samples, answers, strict=True)]
    print(name)
    for of in SETS:
        here = [score for sample, score in zip(samples, scores, strict=True) if sample.of == of]
        precision = np.mean([score[3] for score in here if score[0] + score[1]])
        recall = np.mean([score[4] for score in here])
        f1 = 2 * precision * recall / (precision + recall)
        print(f"  {of:<12} P {precision:.4f} R {recall:.4f} F1 {f1:.4f} page F1 {np.mean([s[5] for s in here]):.4f}")
    news = [score[5] for sample, score in zip(samples, scores, strict=True) if sample.of in NEWS]
    print(f"  pooled page F1 of the news sets {np.mean(news):.4f}")


if __name__ == "__main__":
    main()
