"""Words → a few 64-bit numbers that a copy of the text has too.

Winnowing (Schleimer, Wilkerson & Aiken, SIGMOD 2003): every run of 4 words is hashed, and of each 12 runs in a row
the lowest hash is kept; of those the 32 lowest of the text stand for it. Two texts that share 15 words in a row
share a hash before that last cut; of two whole copies nearly all survive it.

Hashes are signed 64-bit, PostgreSQL's bigint, and the same on every machine and in every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from newsdesk.dedup.normalise import words

Hashes = NDArray[np.int64]

SHINGLE = 4  # words
WINDOW = 12  # shingles
MOST = 32  # fingerprints of one text

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # splitmix64


@lru_cache(maxsize=1 << 18)
def word_hash(word: str) -> int:
    """An unsigned 64-bit hash of one word."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def word_hashes(tokens: Iterable[str]) -> NDArray[np.uint64]:
    """Unsigned 64-bit hashes of the words, in order."""
    return np.array([word_hash(token) for token in tokens], dtype=np.uint64)


def shingles(hashes: NDArray[np.uint64], length: int) -> Hashes:
    """One signed hash for each run of `length` words, in order; a text of fewer words is one run, none has none."""
    if len(hashes) == 0:
        return np.empty(0, dtype=np.int64)
    length = min(length, len(hashes))
    count = len(hashes) - length + 1
    rolled = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        rolled = rolled * _MULTIPLIER + hashes[place : place + count]
    for shift, factor in zip((30, 27), _MIX, strict=True):
        rolled = (rolled ^ (rolled >> np.uint64(shift))) * factor
    return (rolled ^ (rolled >> np.uint64(31))).view(np.int64)


def fingerprints(tokens: Sequence[str]) -> tuple[int, ...]:
    """At most 32 signed 64-bit hashes in rising order; empty for a text without words."""
    return winnow(shingles(word_hashes(tokens), SHINGLE))


def winnow(hashes: Hashes) -> tuple[int, ...]:
    """The lowest hash of each 12 in a row, each once, the 32 lowest of these."""
    if len(hashes) == 0:
        return ()
    lowest = sliding_window_view(hashes, min(WINDOW, len(hashes))).min(axis=1)
    return tuple(np.unique(lowest)[:MOST].tolist())


def text_digest(title: str | None, body: str) -> bytes:
    """SHA-like digest (BLAKE2b, 16 bytes) of the normalised words: equal for texts that differ in setting only."""
    text = " ".join(words(title or "")) + "\n" + " ".join(words(body))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
