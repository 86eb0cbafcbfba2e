"""dedup's fingerprints, figure by figure: of which words they are, and which are kept."""

from __future__ import annotations

import numpy as np

from newsdesk import deduplication
from newsdesk.dedup.fingerprint import (
    MOST,
    SHINGLE,
    fingerprints,
    shingles,
    text_digest,
    winnow,
    word_hash,
    word_hashes,
)
from small_texts import plain

# they are stored, so they stay what they are (deduplication.RULE)


def test_fingerprints_are_the_ones_that_are_stored() -> None:
    assert word_hash("ferry") == 7949881795909877008
    assert word_hash("\ud800") == 7497787021708494914
    assert shingles(word_hashes(["the", "ferry", "ran"]), 2).tolist() == [4123386464555726733, -4016940532922934578]
    assert fingerprints("the ferry ran aground".split()) == (3271856121217229442,)
    assert fingerprints(plain("w", 40).split()) == (
        -8550705278738572601, -8160553738907346813, -7977576697301516771, -7819687868193162490,
    )  # fmt: skip
    assert text_digest("A ferry", "It ran aground.").hex() == "29be4b3e670a4834473141bc6f07e9f7"
    assert text_digest(None, "\ud800x").hex() == "47234ef2b241e5884913f123004ea03e"


def test_runs_are_of_so_many_words_and_of_all_where_there_are_fewer() -> None:
    hashes = word_hashes("a b c d e".split())
    assert len(shingles(hashes, 4)) == 2
    assert len(shingles(hashes, 5)) == len(shingles(hashes, 6)) == 1
    assert shingles(hashes, 6).tolist() == shingles(hashes, 5).tolist()
    assert shingles(hashes[:0], 4).tolist() == []
    assert shingles(hashes[:1], 4).tolist() == shingles(hashes[:1], 1).tolist()
    assert shingles(hashes, 4).dtype == np.int64
    assert shingles(hashes[:0], 4).dtype == np.int64
    # a run's hash is its words' in their order, wherever it stands
    assert shingles(hashes, 2)[1] == shingles(word_hashes(["b", "c"]), 2)[0]
    assert shingles(word_hashes(["c", "b"]), 2)[0] != shingles(word_hashes(["b", "c"]), 2)[0]


def test_of_each_twelve_hashes_in_a_row_the_lowest_is_kept_and_of_these_the_lowest() -> None:
    falling = np.arange(100, 0, -1, dtype=np.int64)
    assert winnow(falling[:0]) == ()
    assert winnow(falling[:1]) == (100,)
    assert winnow(falling[:12]) == (89,)
    assert winnow(falling[:13]) == (88, 89)
    assert winnow(falling) == tuple(range(1, MOST + 1))
    assert winnow(np.array([7] * 30, dtype=np.int64)) == (7,)
    assert (MOST, SHINGLE) == (32, 4)


def test_fingerprints_are_of_the_words_and_not_of_their_setting() -> None:
    assert deduplication.prints_of("The “ferry” ran, aground!") == deduplication.prints_of("the ferry ran aground")
