"""Is a page an article: how well `newsdesk.extract` tells, and the training of its model.

    python bench/verdict.py score DATA/extract [--sets wcxb scrapinghub …]
    python bench/verdict.py train DATA/extract [--write]

DATA/extract is the folder of labelled pages (`id, set, url, domain, html|html_b64, page_type`).

score: precision and recall of the class *no article* on wcxb's page types, by type, and for each other set, whose
pages are articles (nearly) all, how many are refused. wcxb keeps every article but only one in three of its other
pages: "natural" counts each of those three times.

train: logistic regression with an L2 penalty by Newton's method (Hastie, Tibshirani, Friedman: The Elements of
Statistical Learning, 4.4) over `verdict_model.features_of`, on wcxb's page types and the articles of three news sets.
Prints what it reaches in cross-validation over domains (all pages of a domain are in one fold), with half of the
domains, and on the pages it was fitted on; --write puts the weights into extract/verdict_weights.py. Only a page's
features are fitted; which features there are was chosen on the same pages, so that cross-validation flatters a little.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labelled import html_of, read_rows
from newsdesk.extract import verdict_model
from newsdesk.extract.body import body_of, facts_of
from newsdesk.extract.decode import decode
from newsdesk.extract.markup import parse, read_links
from newsdesk.extract.metadata import read_metadata
from newsdesk.extract.signals import read_body_signals, read_signals
from newsdesk.extract.verdict import REFUSED_FROM, verdict_on
from newsdesk.model import Page

Array = NDArray[np.float64]

TRAINED_ON = ("wcxb", "scrapinghub", "fundus_eval", "fundus")
ALL_SETS = (*TRAINED_ON, "magic", "trafilatura", "htmldate")
WEIGHTS_FILE = Path(verdict_model.__file__).with_name("verdict_weights.py")
PENALTY = 5.0
OTHERS_WEIGH = 2.0  # between the pages as they are (1) and as they were drawn (3)
FOLDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("score", "train"))
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", default=ALL_SETS)
    parser.add_argument("--write", action="store_true", help="put the weights into the package")
    options = parser.parse_args()
    names = options.sets if options.command == "score" else TRAINED_ON
    if missing := [name for name in names if not (options.data / f"{name}.jsonl.xz").exists()]:
        sys.exit(f"verdict: {options.data} has no {', '.join(missing)}")
    rows = [row for name in names for row in read_pages(options.data / f"{name}.jsonl.xz")]
    if options.command == "score":
        report(rows)
    else:
        train(rows, options.write)


def read_pages(file: Path) -> Iterator[dict[str, Any]]:
    """One row a page that has markup: set, url, domain, is_article, kind, outcome, reason, features, seconds of CPU."""
    now = datetime.now(UTC)
    for page in read_rows(file):
        raw = html_of(page)
        text, _ = decode(raw, None)
        if (tree := parse(text)) is None:
            continue
        found = read_metadata(tree, Page(page["url"], raw, fetched_at=now))
        links = read_links(tree)
        facts = facts_of(found, links)
        began = time.process_time()
        signals = read_signals(tree, found, page["url"], links)
        seconds = time.process_time() - began
        body = body_of(tree, page["url"], found, facts)
        began = time.process_time()
        of_body = read_body_signals(body.text)
        outcome, reason = verdict_on(signals, of_body, found)
        seconds += time.process_time() - began
        kind = page.get("page_type") if page["set"] == "wcxb" else "article"
        yield {
            "set": page["set"], "url": page["url"], "domain": page["domain"], "kind": kind, "is_article": kind == "article",
            "outcome": outcome, "reason": reason, "seconds": seconds,
            "features": verdict_model.features_of(signals, of_body, found),
        }  # fmt: skip


def report(rows: list[dict[str, Any]]) -> None:
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["set"] == "wcxb":
            by_kind[row["kind"]][row["outcome"] or "article"] += 1
    for kind, outcomes in sorted(by_kind.items()):
        print(f"wcxb {kind:<14}{', '.join(f'{count} {outcome}' for outcome, count in outcomes.most_common())}")
    wcxb = [row for row in rows if row["set"] == "wcxb"]
    if wcxb:
        refused = np.array([row["outcome"] is not None for row in wcxb], float)
        other = np.array([not row["is_article"] for row in wcxb], float)
        for name, factor in (("as they are", 1.0), ("natural", 3.0)):
            precision, recall = precision_recall(refused, other, factor)
            of_articles = precision_recall(1 - refused, 1 - other, 1.0, factor)
            print(
                f"wcxb, {name}: no article P {precision:.3f} R {recall:.3f}; article P {of_articles[0]:.3f} R {of_articles[1]:.3f}"
            )
    for name in dict.fromkeys(row["set"] for row in rows):
        articles = [row for row in rows if row["set"] == name and row["is_article"]]
        lost = [row for row in articles if row["outcome"] is not None]
        print(f"{name}: {len(lost)} of {len(articles)} articles refused ({len(lost) / len(articles):.1%})")
        for row in lost:
            print(f"    {row['outcome']:<12}{row['url'][:90]}  {row['reason']}")
    cost = 1000 * np.array([row["seconds"] for row in rows])
    print(f"CPU-ms a page: median {np.median(cost):.2f}, mean {cost.mean():.2f}, p95 {np.quantile(cost, 0.95):.2f}")


def precision_recall(said: Array, true: Array, weight: float, others: float = 1.0) -> tuple[float, float]:
    """Of the class that `true` marks, whose pages count `weight` times, the rest `others` times."""
    hit = weight * (said * true).sum()
    return hit / max(1e-9, hit + others * (said * (1 - true)).sum()), hit / max(1e-9, weight * true.sum())


def train(rows: list[dict[str, Any]], write: bool) -> None:
    names = list(rows[0]["features"])
    raw = np.array([[float(row["features"][name]) for name in names] for row in rows])
    other = np.array([not row["is_article"] for row in rows], float)
    means, scales = raw.mean(axis=0), raw.std(axis=0)
    # scaled to the spread of the others, a rare flag would hardly be penalised, and fit a few domains
    is_flag = np.array([set(np.unique(column)) <= {0.0, 1.0} for column in raw.T])
    scales = np.where(is_flag, np.maximum(scales, 0.25), np.maximum(scales, 1e-9))
    table = np.column_stack([np.ones(len(rows)), (raw - means) / scales])
    domains = [row["domain"] for row in rows]
    on_wcxb = np.array([row["set"] == "wcxb" for row in rows])

    def tell(name: str, chances: Array) -> None:
        marks = []
        for threshold in (0.4, REFUSED_FROM):
            said = (chances >= threshold).astype(float)
            one, natural = (precision_recall(said[on_wcxb], other[on_wcxb], factor) for factor in (1.0, 3.0))
            lost = said[~on_wcxb].mean()
            marks.append(
                f"from {threshold}: P {one[0]:.3f} R {one[1]:.3f}, natural P {natural[0]:.3f} R {natural[1]:.3f}, of news {lost:.1%} refused"
            )
        print(f"{name:<26}{'; '.join(marks)}")

    for seed in range(3):
        tell(f"{FOLDS} folds of domains, {seed}", cross_validated(table, other, fold_of(domains, FOLDS, seed)))
    for seed in range(2):
        tell(f"other half of domains, {seed}", cross_validated(table, other, fold_of(domains, 2, seed)))
    weights = fit(table, other)
    tell("on the same pages", logistic(table @ weights))
    found = {
        name: (mean, weight / scale)
        for name, mean, weight, scale in zip(names, means, weights[1:], scales, strict=True)
    }
    for name, (mean, weight) in sorted(found.items(), key=lambda item: -abs(item[1][1])):
        print(f"    {name:<20}{weight:+.2f}  (mean {mean:.2f})")
    if write:
        WEIGHTS_FILE.write_text(as_module(weights[0], found, len(rows)), encoding="utf-8")
        print(f"written: {WEIGHTS_FILE.name}")


def fold_of(domains: list[str], folds: int, seed: int) -> NDArray[np.int64]:
    known = sorted(set(domains))
    place = dict(zip(np.random.default_rng(seed).permutation(known).tolist(), range(len(known)), strict=True))
    return np.array([place[domain] % folds for domain in domains])


def cross_validated(table: Array, other: Array, fold: NDArray[np.int64]) -> Array:
    """Each page's chance by the model that was fitted without its fold."""
    chances = np.zeros(len(other))
    for number in range(fold.max() + 1):
        held = fold == number
        chances[held] = logistic(table[held] @ fit(table[~held], other[~held]))
    return chances


def fit(table: Array, other: Array) -> Array:
    counts = np.where(other == 1, OTHERS_WEIGH, 1.0)
    penalty = np.full(table.shape[1], PENALTY)
    penalty[0] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        chances = logistic(table @ weights)
        slope = table.T @ (counts * (chances - other)) + penalty * weights
        bend = (table * (counts * chances * (1 - chances))[:, None]).T @ table + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def logistic(score: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(score, -30, 30)))


def as_module(bias: float, found: dict[str, tuple[float, float]], pages: int) -> str:
    lines = "\n".join(f'    "{name}": ({mean:.3f}, {weight:.3f}),' for name, (mean, weight) in found.items())
    return f'''"""The weights of `verdict_model`. Made by a program, from {pages} labelled pages: do not edit, run

    python bench/verdict.py train DATA/extract --write

Each feature: (its mean over those pages, the log-odds that a page is no article for one more of it).
"""

BIAS = {bias:.3f}
WEIGHTS: dict[str, tuple[float, float]] = {{
{lines}
}}
'''


if __name__ == "__main__":
    main()
