"""Average link: which of some articles belong together.

Agglomerative clustering by the unweighted average of all pairs (UPGMA; Sokal & Michener 1958), which of the usual
linkages does best on news (see bench/stories.py): the two most alike groups are joined for as long as their members
are alike enough on average. Items may be groups already, each with its size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def average_link(likeness: Matrix, sizes: Sequence[int], threshold: float) -> list[int]:
    """For each item the lowest place of its group. `likeness`: n × n, symmetric, of pairs on average.

    Ties go to the items that come first. About n² steps for each join; meant for some hundred items at most.
    """
    like = likeness.astype(np.float64)
    weight = np.array(sizes, dtype=np.float64)
    group = list(range(len(weight)))
    np.fill_diagonal(like, -np.inf)
    while len(group) > 1:
        first, second = sorted(divmod(int(like.argmax()), len(like)))
        if not like[first, second] >= threshold:
            break
        joined = (weight[first] * like[first] + weight[second] * like[second]) / (weight[first] + weight[second])
        joined[first] = -np.inf
        like[first], like[:, first] = joined, joined
        like[second], like[:, second] = -np.inf, -np.inf
        weight[first] += weight[second]
        group = [first if place == second else place for place in group]
    return group
