"""Fits the five coefficients of `newsdesk.dedup.verify` and says what they are worth.

    python bench/dedup_verifier.py DATA/dedup/dev.jsonl.gz

Logistic regression with next to no penalty over `verify.Figures` of all candidate pairs that are not hopeless. Three
sources of pairs: the labelled corpus; **reprints**, 40 lone stories of it each printed by 40 houses, cut, introduced
and edited; **forms**, 40 others filled in with other numbers by the day. The labelled clusters have four texts at most,
and one family of forms has a fifth of the wrong pairs in it: without the made ones, "many texts share this" would be
learnt as the mark of a form, and the report that forty houses print would fall apart.

Pairs of one connected group count together as the square root of their number. Cross-validated over such groups,
ten folds, three shuffles: no text, copy or sibling of a form is on both sides. The figures printed are those of the
groups that the pairs lead to. What `verify` holds is the fit, rounded, and towards the side of fewer wrong groups, as
its threshold is: the first texts of a new database are judged with few frequencies, and there the fit joins more forms.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from dedup_texts import Labelled, Worth, read_labelled, worth
from newsdesk.dedup import verify
from newsdesk.dedup.candidates import candidate_pairs
from newsdesk.dedup.cluster import components, document_frequencies, read_text
from newsdesk.model import Text

FOLDS, SHUFFLES = 10, 3
STORIES, HOUSES = 40, 40
MADE_WEIGH = 0.02  # a group of made pairs, where one of labelled pairs weighs 1: there are many, and none is real
NUMERALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

Array = NDArray[np.float64]


class Pairs(NamedTuple):
    labelled: Sequence[Labelled]
    places: list[tuple[int, int]]
    figures: Array  # one row a pair
    same: NDArray[np.bool_]
    group: NDArray[np.int64]  # of the connected texts
    weight: Array


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    labelled = read_labelled(parser.parse_args().labelled)
    chooser = random.Random(1)
    corpus = pairs_of(labelled, weigh_groups=1)
    made = {
        "reprints": pairs_of([*labelled, *reprints(labelled, chooser)], MADE_WEIGH, only_after=len(labelled)),
        "forms": pairs_of([*labelled, *forms(labelled, chooser)], MADE_WEIGH, only_after=len(labelled)),
    }
    print(
        f"{len(corpus.places)} labelled pairs, {', '.join(f'{len(one.places)} of {name}' for name, one in made.items())}"
    )
    print(f"cross-validated: {said(cross_validated(corpus, list(made.values())))}")
    model = fit([corpus, *made.values()])
    fitted = verify.Figures(*map(float, model.coef_[0]))
    print(f"\nfitted: {rounded(fitted)}, intercept {float(model.intercept_[0]):.2f}")
    print(f"    labelled: {said(grouped(corpus, model.predict(corpus.figures)))}")
    for name, pairs in made.items():
        print(f"    {name}: {np.mean(model.predict(pairs.figures) == pairs.same):.4f} of the pairs rightly told")
    print(f"in verify: {rounded(verify.COEFFICIENTS)}, intercept {verify.INTERCEPT:.2f}")
    print(f"    labelled: {said(grouped(corpus, verdicts_now(corpus)))}")
    for name, pairs in made.items():
        print(f"    {name}: {np.mean(verdicts_now(pairs) == pairs.same):.4f} of the pairs rightly told")


def pairs_of(labelled: Sequence[Labelled], weigh_groups: float, only_after: int = 0) -> Pairs:
    """The candidate pairs with any hope; those only that have a text from place `only_after` on."""
    read = [read_text(one.text) for one in labelled]
    shared = candidate_pairs([prints for _, prints in read])
    signatures = [signature for signature, _ in read]
    copies = [(a, b) for a, b in shared if verify.is_plain_copy(signatures[a], signatures[b])]
    originals = set(components(range(len(labelled)), copies).values())
    df = document_frequencies(signatures[place] for place in originals)
    weighed = [verify.weigh(one, df, len(originals)) for one in signatures]
    places, figures = [], []
    for a, b in sorted(shared):
        if b >= only_after and (found := verify.figures(weighed[a], weighed[b])).contained >= verify.HOPELESS:
            places.append((a, b))
            figures.append(found)
    root = components(range(len(labelled)), places)
    group = np.array([root[a] for a, _ in places])
    size = Counter(group.tolist())
    weight = np.array([weigh_groups * size[one] ** -0.5 for one in group.tolist()])
    same = np.array([labelled[a].cluster == labelled[b].cluster for a, b in places])
    return Pairs(labelled, places, np.array(figures), same, group, weight)


def fit(sources: Sequence[Pairs]) -> LogisticRegression:
    model = LogisticRegression(C=100, max_iter=5000)
    figures = np.concatenate([one.figures for one in sources])
    weight = np.concatenate([one.weight for one in sources])
    return model.fit(figures, np.concatenate([one.same for one in sources]), sample_weight=weight)


def cross_validated(corpus: Pairs, made: list[Pairs]) -> Worth:
    groups = np.unique(corpus.group)
    reached = []
    for shuffle in range(SHUFFLES):
        chosen = dict(zip(groups, np.random.RandomState(shuffle).permutation(len(groups)) % FOLDS, strict=True))
        fold = np.array([chosen[one] for one in corpus.group])
        verdict = np.zeros(len(fold), dtype=np.bool_)
        for number in range(FOLDS):
            verdict[fold == number] = fit([part(corpus, fold != number), *made]).predict(corpus.figures[fold == number])
        reached.append(grouped(corpus, verdict))
    return Worth(*np.mean(reached, axis=0).tolist())


def part(pairs: Pairs, mask: NDArray[np.bool_]) -> Pairs:
    places = [pair for pair, is_in in zip(pairs.places, mask, strict=True) if is_in]
    return Pairs(pairs.labelled, places, pairs.figures[mask], pairs.same[mask], pairs.group[mask], pairs.weight[mask])


def grouped(pairs: Pairs, verdict: NDArray[np.bool_]) -> Worth:
    """What the groups are worth that these verdicts lead to."""
    joined = [pair for pair, is_same in zip(pairs.places, verdict, strict=True) if is_same]
    root = components(range(len(pairs.labelled)), joined)
    return worth(pairs.labelled, {one.text.id: root[place] for place, one in enumerate(pairs.labelled)})


def verdicts_now(pairs: Pairs) -> NDArray[np.bool_]:
    told = verify.INTERCEPT + pairs.figures @ np.array(verify.COEFFICIENTS)
    verdict: NDArray[np.bool_] = 1 / (1 + np.exp(-told)) >= verify.THRESHOLD
    return verdict


def said(reached: Worth) -> str:
    return f"pairwise P {reached.precision:.4f} R {reached.recall:.4f} F1 {reached.f1:.4f}, B3 {reached.b_cubed:.4f}"


def rounded(figures: verify.Figures) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in figures._asdict().items())


# --- made texts ------------------------------------------------------------------------------------------------------


def reprints(labelled: Sequence[Labelled], chooser: random.Random) -> list[Labelled]:
    """Lone stories, each as `HOUSES` houses print it: sentences dropped, cut, words edited, an own intro."""
    vocabulary = vocabulary_of(labelled)
    return [
        Labelled(
            Text(
                id=f"{story.text.id} house {house}",
                title=story.text.title,
                body=edited(story.text.body, vocabulary, chooser),
                published=story.text.published and story.text.published + timedelta(hours=house),
                source=f"house {house}",
            ),
            story.cluster,
            "reprint",
        )
        for story in lone(labelled, chooser, r"(?:\S+\s+){60}")
        for house in range(HOUSES)
    ]


def edited(body: str, vocabulary: Sequence[str], chooser: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", body)
    if chooser.random() < 0.5 and len(sentences) > 4:
        sentences = [one for one in sentences if chooser.random() > 0.15] or sentences
    if chooser.random() < 0.35:
        sentences = sentences[: max(3, int(len(sentences) * chooser.uniform(0.5, 1)))]
    rate = chooser.choice([0, 0, 0.01, 0.03, 0.05])
    words = [
        chooser.choice(vocabulary) if word.isalpha() and chooser.random() < rate else word
        for word in " ".join(sentences).split()
    ]
    intro = chooser.sample(vocabulary, chooser.randrange(10, 40)) if chooser.random() < 0.5 else []
    return " ".join([*intro, *words])


def forms(labelled: Sequence[Labelled], chooser: random.Random) -> list[Labelled]:
    """The first lines of lone stories, filled in anew day by day: one to four of their numbers are others."""
    made = []
    for story in lone(labelled, chooser, r"(?:[^\d]*\d+[^\d]+){3}"):
        words = story.text.body.split()[: chooser.randrange(40, 130)]
        numbered = [place for place, word in enumerate(words) if re.search(r"\d", word)]
        slots = chooser.sample(numbered, min(len(numbered), chooser.randrange(1, 5)))
        filled = {tuple(words)} if slots else set()
        for _ in range(chooser.randrange(6, 40)):
            anew = {slot: another_number(words[slot], chooser) for slot in slots}
            filled.add(tuple(anew.get(place, word) for place, word in enumerate(words)))
        for day, one in enumerate(sorted(filled)):
            name = f"{story.text.id} form {day}"
            made.append(Labelled(Text(name, story.text.title, " ".join(one), source="agency"), name, "form"))
    return made


def another_number(word: str, chooser: random.Random) -> str:
    if chooser.random() < 0.15:
        return chooser.choice(NUMERALS)
    return re.sub(r"\d+", lambda found: str(chooser.randrange(1, max(8, 2 * int(found[0][:9])))), word)


def lone(labelled: Sequence[Labelled], chooser: random.Random, begins: str) -> list[Labelled]:
    size = Counter(one.cluster for one in labelled)
    fit = [
        one
        for one in labelled
        if size[one.cluster] == 1 and one.kind in ("neg_single", "neg_event") and re.match(begins, one.text.body)
    ]
    return chooser.sample(fit, min(STORIES, len(fit)))


def vocabulary_of(labelled: Sequence[Labelled]) -> list[str]:
    found = {word for one in labelled if one.kind == "neg_single" for word in one.text.body.split() if word.islower()}
    return sorted(word for word in found if word.isalpha() and word.isascii())


if __name__ == "__main__":
    main()
