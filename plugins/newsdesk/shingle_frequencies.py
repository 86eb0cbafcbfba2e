"""How many texts hold each run of words: counted for any number of texts in bounded memory, and looked up.

What is stock phrase and what is text only the outlets' own articles can tell. A hundred thousand of them hold forty
million runs, nearly all of them once; so they are counted by parts on disk, and what is rare is not kept: to the rule
(`dedup.verify.weigh`) a run that it is not told of is in one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

PARTS = 64  # by the six leading bits of a run, which is a hash
MOST_KEPT = 4_000_000  # runs, of 12 bytes each
_BUFFER = 4_000_000  # runs held before they go to disk: 32 MB

Runs = NDArray[np.int64]
Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """`runs` rising, and for each the number of texts that hold it; runs in fewer than `rarest` texts are left out."""

    documents: int
    rarest: int
    runs: Runs
    counts: Counts


NONE = Frequencies(0, 2, np.empty(0, np.int64), np.empty(0, np.int32))


def count(texts: Iterable[Runs], most_kept: int = MOST_KEPT) -> Frequencies:
    """`texts`: the runs of each text, every run once. The answer does not depend on their order.

    Of the runs in two texts or more the `most_kept` most frequent are kept, or fewer: all of one frequency or none.
    """
    documents, held, held_runs = 0, list[Runs](), 0
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile(prefix="newsdesk-runs-")) for _ in range(PARTS)]

        def put_down() -> None:
            together = np.sort(np.concatenate(held)) if held else np.empty(0, np.int64)
            for file, some in zip(files, np.split(together, _bounds(together)), strict=True):
                file.write(some.tobytes())
            held.clear()

        for runs in texts:
            documents += 1
            held.append(runs)
            held_runs += len(runs)
            if held_runs > _BUFFER:
                put_down()
                held_runs = 0
        put_down()
        counted = []
        for file in files:
            file.seek(0)
            runs, counts = np.unique(np.frombuffer(file.read(), np.int64), return_counts=True)
            counted.append((runs[counts > 1], counts[counts > 1].astype(np.int32)))
    rarest = _rarest([counts for _, counts in counted], most_kept)
    return Frequencies(
        documents,
        rarest,
        np.concatenate([runs[counts >= rarest] for runs, counts in counted]),
        np.concatenate([counts[counts >= rarest] for _, counts in counted]),
    )


def _bounds(runs: Runs) -> NDArray[np.intp]:
    """Where parts 1 to 63 begin in sorted `runs`; the parts follow each other as their signed numbers do."""
    firsts = (np.arange(1, PARTS, dtype=np.int64) - PARTS // 2) << (64 - PARTS.bit_length() + 1)
    return runs.searchsorted(firsts)


def _rarest(counts: Sequence[Counts], most_kept: int) -> int:
    """The least frequency, 2 or more, that no more than `most_kept` runs have or exceed."""
    frequencies, runs = np.unique(np.concatenate(counts), return_counts=True)
    at_least = runs[::-1].cumsum()[::-1]
    fits = frequencies[at_least <= most_kept]
    if len(fits) == len(frequencies):
        return 2
    return int(fits[0]) if len(fits) else int(frequencies[-1]) + 1


def parts(frequencies: Frequencies) -> list[tuple[Runs, Counts]]:
    """The 64 parts, in order."""
    bounds = _bounds(frequencies.runs)
    return list(zip(np.split(frequencies.runs, bounds), np.split(frequencies.counts, bounds), strict=True))


def look_up(frequencies: Frequencies, wanted: Iterable[int]) -> dict[int, int]:
    """Of these runs, those that are kept -> in how many texts they are."""
    runs = np.fromiter(wanted, np.int64)
    if not len(runs) or not len(frequencies.runs):
        return {}
    places = frequencies.runs.searchsorted(runs)
    places[places == len(frequencies.runs)] = 0
    found = frequencies.runs[places] == runs
    return dict(zip(runs[found].tolist(), frequencies.counts[places[found]].tolist(), strict=True))
