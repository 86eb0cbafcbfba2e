"""A text on its way through the rules: as it was printed, and as it would be without lines in capitals.

A model learnt from running text: of "SYDNEY BEATS LAGOS TO THE GAMES" it makes nonsense. So lines in capitals are
written as running text would have them, before the model sees them: words that the document has in small letters
elsewhere become small, names become Names. (Truecasing from the document at hand: Lita et al., tRuEcasIng, ACL 2003,
with the document in place of a trained language model.) The length stays, so every offset is one of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from newsdesk.enrich.words import SMALL_WORDS

WORD = re.compile(r"[^\W_]+(?:[’'&][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\"“”»«(\[\n–—-]\s*$")
_TITLE_CASE_LEAST = 4  # words of a line that may be a headline In Title Case
_ACRONYM_MOST = 3  # letters: an unknown word in capitals of so few stays as it is


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str


class Reading:
    """`text`: as printed. `cased`: of the same length, the text that the model and the rules read."""

    def __init__(self, text: str, language: str, cased: str | None = None) -> None:
        self.text = text
        self.language = language
        self.cased = text if cased is None else cased

    @cached_property
    def words(self) -> list[Word]:
        """The words of `cased`, in order; O'Neill and AT&T are one, a hyphen parts two."""
        return [Word(match.start(), match.end(), match.group()) for match in WORD.finditer(self.cased)]

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that `cased` has in small letters throughout."""
        return frozenset(word.text for word in self.words if word.text.islower())


def recase(text: str, language: str, is_place: Callable[[str], bool] = lambda name: False) -> str:
    """`text` with its lines in capitals, and its Headlines In Title Case, written as running text. Same length."""
    lines = text.splitlines(keepends=True)
    words_of = [WORD.findall(line) for line in lines]
    capitals = [_in_capitals(words) for words in words_of]
    if not any(capitals) and not any(map(_in_title_case, words_of)):
        return text
    small, large = _seen(lines, words_of, capitals)
    cased = []
    for line, words, loud in zip(lines, words_of, capitals, strict=True):
        if loud:
            cased.append(WORD.sub(lambda match: _as_running(match.group(), language, small, large, is_place), line))
        elif _in_title_case(words):
            cased.append(WORD.sub(lambda match: _lowered(match, small, large), line))
        else:
            cased.append(line)
    return "".join(cased)


def _in_capitals(words: list[str]) -> bool:
    """Mostly capitals: two long words of them, or one that is a line of its own ("LONDON 1996-12-06")."""
    letters = [word for word in words if word[0].isalpha() or word[-1].isalpha()]
    loud = [word for word in letters if word.isupper() and len(word) > 1]
    quiet = [word for word in letters if not word.isupper() and len(word) > 2]
    return any(len(word) > _ACRONYM_MOST for word in loud) and len(quiet) * 4 <= len(loud)


def _in_title_case(words: list[str]) -> bool:
    letters = [word for word in words if word[0].isalpha() and len(word) > 3]
    return len(letters) >= _TITLE_CASE_LEAST and all(word[0].isupper() and not word.isupper() for word in letters)


def _seen(lines: list[str], words_of: list[list[str]], capitals: list[bool]) -> tuple[set[str], dict[str, str]]:
    """Of the lines in ordinary writing: words in small letters; and lower case → how a name within a sentence is written."""
    small: set[str] = set()
    large: dict[str, str] = {}
    for line, words, loud in zip(lines, words_of, capitals, strict=True):
        if loud or _in_title_case(words):
            continue
        small.update(word for word in words if word.islower())
        for match in WORD.finditer(line):
            word = match.group()
            if word[0].isupper() and not _SENTENCE_END.search(line, max(0, match.start() - 4), match.start()) and match.start():
                large.setdefault(word.lower(), word)
    return small, large


def _as_running(word: str, language: str, small: set[str], large: dict[str, str], is_place: Callable[[str], bool]) -> str:
    lower = word.lower()
    if len(lower) != len(word) or not word.isupper():  # "İ" grows; "McGregor" tells by itself
        return word
    if lower in large:
        return large[lower] if len(large[lower]) == len(word) else word
    if lower in small or lower in SMALL_WORDS.get(language, ()):
        return lower
    named = word[0] + lower[1:]
    return named if len(word) > _ACRONYM_MOST or is_place(named) else word


def _lowered(match: re.Match[str], small: set[str], large: dict[str, str]) -> str:
    """A word of a Headline that the body has in small letters only; the line's first word stays."""
    word = match.group()
    lower = word.lower()
    return lower if match.start() and lower in small and lower not in large and len(lower) == len(word) else word


def sentence_starts(reading: Reading) -> Iterator[int]:
    """Where a word of `cased` begins a line, a sentence or a quotation."""
    for word in reading.words:
        if word.start == 0 or _SENTENCE_END.search(reading.cased, max(0, word.start - 4), word.start):
            yield word.start
