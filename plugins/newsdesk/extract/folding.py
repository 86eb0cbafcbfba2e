"""Texts of a page as they compare with each other: a title with a line, a line with a link."""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=4)
def fold(text: str) -> str:
    """The text without case, punctuation and space. One line is often asked of several times in a row."""
    return _NOT_WORD.sub("", text.casefold())
