"""spaCy's French loaded in one second instead of four: its regular expression put together otherwise.

`spacy.lang.fr` knows words that are not to be taken apart (*anti-américain*, *presqu'île*) by one expression of 266
alternatives, each with classes of a thousand letters of its own, and compiles it at import and again with a model.
Alternatives that end alike are one here: `^anti[-]x$|^auto[-]x$` is `^(?:anti|auto)[-]x$`. The same words are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_LARGE = 100_000  # characters of an expression; theirs has more than a million
_MANY = 100  # characters of a class
_CLASS = re.compile(r"\[[^\]\\]*(?:\\.[^\]\\]*)*\]")
_GROUP = re.compile(r"\(\?:[^()]*\)")
_one_at_a_time = Lock()


@contextmanager
def large_ones_factored() -> Iterator[None]:
    """While it lasts, `re.compile` is given large expressions as `factored` writes them. All others are as they were."""
    with _one_at_a_time:
        compile_ = re.compile

        def compiled(pattern: Any, flags: int | re.RegexFlag = 0) -> re.Pattern[Any]:
            large = isinstance(pattern, str) and len(pattern) > _LARGE
            return compile_(factored(pattern) if large else pattern, flags)

        re.compile = compiled
        try:
            yield
        finally:
            re.compile = compile_


def factored(pattern: str) -> str:
    """`(?iu)(?:^aX)|(?:^bX)|…`, X from the first large class on, with each X written once; another expression as it is."""
    flags, begin, rest = pattern.partition("(?:^")
    if not begin or not rest.endswith(")") or flags not in ("", "(?iu)"):
        return pattern
    by_end: dict[str, list[str]] = {}
    for alternative in rest[:-1].split(")|(?:^"):
        place = next(
            (found.start() for found in _CLASS.finditer(alternative) if len(found[0]) > _MANY), len(alternative)
        )
        first, end = alternative[:place], alternative[place:]
        if not _is_one(first):
            return pattern
        by_end.setdefault(end, []).append(first)
    return flags + "|".join(f"(?:^(?:{'|'.join(firsts)}){end})" for end, firsts in by_end.items())


def _is_one(expression: str) -> bool:
    """Whether it may stand between two bars: its own, if it has any, are within groups."""
    plain = _CLASS.sub("", expression)
    while (shorter := _GROUP.sub("", plain)) != plain:
        plain = shorter
    return not set("|()\\") & set(plain)
