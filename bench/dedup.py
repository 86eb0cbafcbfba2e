"""Groups of near-duplicates: ours beside four ways that are used for it, in one run, on labelled texts.

    python bench/dedup.py DATA/dedup/dev.jsonl.gz [--only NAME …]

Prints, as Markdown: precision, recall and F1 over pairs, B³ and documents a second of each way; F1 by language; recall
by kind of copy; and by kind of text how many share a group with a text that is another.

All get the same words (`newsdesk.dedup.normalise`) and join what they find alike to connected groups. Each of the
others stands with the one of its cut-offs that serves it best on these very labels: an upper bound. Ours has none to
choose. The time is CPU time of one process from the bodies to the pairs or groups. A library that is not installed is
left out (`make bench-tools`).

- datasketch, rensa: MinHash of 3-word runs (Broder 1997), 128 permutations, candidates by LSH in 32 bands
- simhash: 64 bits of 3-word runs (Charikar 2002; Manku et al., WWW 2007), the distances of all pairs
- TF-IDF: cosine of word weights, all pairs (scikit-learn)
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dedup_texts import Labelled, Worth, by_language, read_labelled, recall_by_kind, worth, wrongly_joined
from newsdesk.dedup.cluster import cluster_corpus, components
from newsdesk.dedup.normalise import words
from newsdesk.model import Text

PERMUTATIONS, BANDS = 128, 32
JACCARD = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9]
COSINE = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95]
BITS_ALIKE = [float(64 - distance) for distance in (12, 10, 8, 6, 4, 3, 2)]

Groups = dict[str, str]
Pair = tuple[int, int, float]  # two places, the lower first, and how alike


class Result(NamedTuple):
    name: str
    cutoff: str
    seconds: float
    groups: Groups
    worth: Worth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS))
    arguments = parser.parse_args()
    labelled = read_labelled(arguments.labelled)
    results = []
    for name in arguments.only:
        try:
            results.append(WAYS[name](name, labelled))
        except ImportError as missing:
            print(f"{name} left out: {missing}", file=sys.stderr)
    print_results(labelled, results)


# --- the ways --------------------------------------------------------------------------------------------------------


def ours(name: str, labelled: Sequence[Labelled]) -> Result:
    started = time.process_time()
    groups = cluster_corpus([one.text for one in labelled])
    return Result(name, "", time.process_time() - started, groups, worth(labelled, groups))


def ours_online(name: str, labelled: Sequence[Labelled]) -> Result:
    texts = sorted((one.text for one in labelled), key=lambda text: (str(text.published), text.id))
    started = time.process_time()
    groups = cluster_corpus(texts, online=True)
    return Result(name, "", time.process_time() - started, groups, worth(labelled, groups))


def by_pairs(
    library: str, pairs_of: Callable[[Sequence[Text]], list[Pair]], cutoffs: Sequence[float]
) -> Callable[[str, Sequence[Labelled]], Result]:
    def run(name: str, labelled: Sequence[Labelled]) -> Result:
        importlib.import_module(library)  # before the clock starts: ours has been imported as well
        started = time.process_time()
        pairs = pairs_of([one.text for one in labelled])
        seconds = time.process_time() - started
        reached = []
        for cutoff in cutoffs:
            root = components(range(len(labelled)), ((a, b) for a, b, alike in pairs if alike >= cutoff))
            groups = {one.text.id: labelled[root[place]].text.id for place, one in enumerate(labelled)}
            reached.append(Result(name, f"{cutoff:g}", seconds, groups, worth(labelled, groups)))
        return max(reached, key=lambda result: result.worth.f1)

    return run


def runs(text: Text) -> list[str]:
    """The body's runs of three words, each once."""
    tokens = words(text.body)
    return sorted({" ".join(tokens[place : place + 3]) for place in range(max(1, len(tokens) - 2))})


def datasketch_pairs(texts: Sequence[Text]) -> list[Pair]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, PERMUTATIONS // BANDS))
    hashes, pairs = [], []
    for place, text in enumerate(texts):
        one = MinHash(num_perm=PERMUTATIONS)
        one.update_batch([run.encode("utf-8", "surrogatepass") for run in runs(text)])
        pairs += [(other, place, float(one.jaccard(hashes[other]))) for other in index.query(one)]
        index.insert(place, one)
        hashes.append(one)
    return pairs


def rensa_pairs(texts: Sequence[Text]) -> list[Pair]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=JACCARD[0], num_perm=PERMUTATIONS, num_bands=BANDS)
    hashes, pairs = [], []
    for place, text in enumerate(texts):
        one = RMinHash(num_perm=PERMUTATIONS, seed=1)
        one.update(runs(text))
        pairs += [(other, place, float(one.jaccard(hashes[other]))) for other in index.query(one)]
        index.insert(place, one)
        hashes.append(one)
    return pairs


def simhash_pairs(texts: Sequence[Text]) -> list[Pair]:
    from simhash import Simhash

    values = np.array([Simhash(runs(text)).value for text in texts], dtype=np.uint64)
    pairs: list[Pair] = []
    for place in range(1, len(values)):
        alike = 64 - np.bitwise_count(values[:place] ^ values[place]).astype(np.int64)
        pairs += [(int(other), place, float(alike[other])) for other in np.flatnonzero(alike >= BITS_ALIKE[0])]
    return pairs


def tfidf_pairs(texts: Sequence[Text]) -> list[Pair]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=words, dtype=np.float32).fit_transform([text.body for text in texts])
    return list(_above(vectors, COSINE[0]))


def _above(vectors: object, least: float, rows: int = 500) -> Iterator[Pair]:
    for start in range(0, vectors.shape[0], rows):
        alike = (vectors[start : start + rows] @ vectors.T).tocoo()
        found = np.flatnonzero(alike.data >= least)
        for row, column, value in zip(alike.row[found], alike.col[found], alike.data[found], strict=True):
            if column < start + row:
                yield int(column), int(start + row), float(value)


WAYS: dict[str, Callable[[str, Sequence[Labelled]], Result]] = {
    "newsdesk": ours,
    "newsdesk online": ours_online,
    "datasketch": by_pairs("datasketch", datasketch_pairs, JACCARD),
    "rensa": by_pairs("rensa", rensa_pairs, JACCARD),
    "simhash": by_pairs("simhash", simhash_pairs, BITS_ALIKE),
    "TF-IDF": by_pairs("sklearn.feature_extraction.text", tfidf_pairs, COSINE),
}


# --- the tables ------------------------------------------------------------------------------------------------------


def print_results(labelled: Sequence[Labelled], results: Sequence[Result]) -> None:
    names = [result.name for result in results]
    print(f"{len(labelled)} texts, {len({one.cluster for one in labelled})} groups\n")
    print_table(
        ["way", "cut-off", "P", "R", "F1", "B³", "documents/s"],
        [
            [result.name, result.cutoff, *(f"{figure:.4f}" for figure in result.worth), f"{len(labelled) / result.seconds:.0f}"]
            for result in results
        ],
    )  # fmt: skip
    languages = [by_language(labelled, result.groups) for result in results]
    print_table(
        ["F1 by language", *names],
        [[language, *(f"{found[language].f1:.4f}" for found in languages)] for language in languages[0]],
    )
    kinds = [recall_by_kind(labelled, result.groups) for result in results]
    print_table(
        ["recall by kind", "pairs", *names],
        [[kind, str(pairs), *(f"{found[kind][0]:.3f}" for found in kinds)] for kind, (_, pairs) in kinds[0].items()],
    )
    wrong = [wrongly_joined(labelled, result.groups) for result in results]
    print_table(
        ["wrongly joined", "texts", *names],
        [[kind, str(count), *(str(found[kind][0]) for found in wrong)] for kind, (_, count) in wrong[0].items()],
    )


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(row) + " |")
    print()


if __name__ == "__main__":
    main()
