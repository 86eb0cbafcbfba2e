"""Work cut into portions: what is held in memory, and in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, `size` at a time; the last portion may have fewer."""
    return (items[start : start + size] for start in range(0, len(items), size))
