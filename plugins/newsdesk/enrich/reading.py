"""A text on its way through the rules: as it was printed, and as it would be without lines in capitals.

A model learnt from running text: of "SYDNEY BEATS LAGOS TO THE GAMES" it makes nonsense. So lines in capitals are
written as running text would have them, before the model sees them: words that the document has in small letters
elsewhere become small, names become Names. (Truecasing, Lita et al., tRuEcasIng, ACL 2003, with the document at hand
in place of a trained language model.) The length stays, so every offset is one of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from newsdesk.enrich.words import SMALL_WORDS

WORD = re.compile(r"[^\W_]+(?:[’'&][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\"“”»«(\[\n–—-]\s*$")
_TITLE_CASE_LEAST = 4  # words of a line that may be a headline In Title Case
_ACRONYM_MOST = 3  # letters: an unknown word in capitals of so few stays as it is
_PLACE_MOST = 3  # words of a place's name
_TELLING = 60  # different words of running text that make it likely that a headline's names come again in the text
# "PARIS, France 1996-12-06", "HOUSTON (AP) —": what a place at a line's head is followed by
_DATELINE = re.compile(r"((?:[^\W\d_a-zß-ÿ]{2,}[ .'’-]{0,2}){1,4})(?=, [A-Z]|,? \d|\s*\(|\s+[–—-])")

IsPlace = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Word:
    """cased[start:end] of a reading."""

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

    def starts_sentence(self, place: int) -> bool:
        """A word at `place` of `cased` begins a line, a sentence or a quotation."""
        return place == 0 or bool(_SENTENCE_END.search(self.cased, max(0, place - 4), place))


def recase(text: str, language: str, is_place: IsPlace = lambda name: False) -> str:
    """`text` with its lines in capitals, and its Headlines In Title Case, written as running text. Same length."""
    lines = text.splitlines(keepends=True)
    words_of = [WORD.findall(line) for line in lines]
    capitals = [_in_capitals(words) for words in words_of]
    datelines = [None if loud else _DATELINE.match(line) for line, loud in zip(lines, capitals, strict=True)]
    if not any(capitals) and not any(datelines) and not any(map(_in_title_case, words_of)):
        return text
    seen = _Seen(lines, words_of, capitals, language, is_place)
    cased = []
    for line, words, loud, dateline in zip(lines, words_of, capitals, datelines, strict=True):
        if loud:
            cased.append(seen.as_running(line))
        elif dateline and len(dateline.group(1).strip()) > _ACRONYM_MOST:
            cased.append(seen.as_place(dateline.group(1)) + line[dateline.end(1) :])
        elif _in_title_case(words):
            cased.append(seen.as_sentence(line))
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


class _Seen:
    """How the lines in ordinary writing have words: small, or as a name within a sentence."""

    def __init__(
        self, lines: list[str], words_of: list[list[str]], capitals: list[bool], language: str, is_place: IsPlace
    ) -> None:
        self._body: set[str] = set()
        self._large: dict[str, str] = {}
        self._is_place = is_place
        self._language = language
        for line, words, loud in zip(lines, words_of, capitals, strict=True):
            if loud or _in_title_case(words):
                continue
            self._body.update(word for word in words if word.islower())
            for match in WORD.finditer(line):
                word = match.group()
                within = match.start() and not _SENTENCE_END.search(line, max(0, match.start() - 4), match.start())
                if within and word[0].isupper():
                    self._large.setdefault(word.lower(), word)
        self._small = self._body | SMALL_WORDS.get(language, frozenset())
        self._telling = len(self._body) + len(self._large) > _TELLING

    def as_running(self, line: str) -> str:
        """A line in capitals: places and names in the document's writing, the rest small or, in doubt, as a Name."""
        words = list(WORD.finditer(line))
        parts, done, place = [], 0, 0
        while place < len(words):
            length = self._place_at(line, words, place)
            parts.append(line[done : words[place].start()])
            if length:
                stop = words[place + length - 1].end()
                parts.append(self.as_place(line[words[place].start() : stop]))
            else:
                stop = words[place].end()
                follows = line[words[place].start() - 1 : words[place].start()] in ("'", "’")
                parts.append(
                    words[place].group().lower()
                    if follows and stop - words[place].start() == 1
                    else self._word(words[place].group())
                )
            done = stop
            place += length or 1
        return "".join(parts) + line[done:]

    def _place_at(self, line: str, words: list[re.Match[str]], place: int) -> int:
        """How many words from here are a place's name; 0: none are. Those of several words only, and what is no word."""
        for length in range(min(_PLACE_MOST, len(words) - place), 0, -1):
            name = line[words[place].start() : words[place + length - 1].end()]
            if name.isupper() and len(name) > _ACRONYM_MOST and self._is_place(name):
                if length == 1 and name.lower() in self._small and name.lower() not in self._large:
                    return 0
                return length
        return 0

    def as_place(self, name: str) -> str:
        """`NEW YORK` → `New York`."""
        named = WORD.sub(lambda match: _capitalised(match.group()), name)
        return named if len(named) == len(name) else name

    def _word(self, word: str) -> str:
        lower = word.lower()
        if len(lower) != len(word) or not word.isupper():  # "İ" grows; "McGregor" tells by itself
            return word
        if lower in self._large:
            return self._large[lower] if len(self._large[lower]) == len(word) else word
        if lower in self._small:
            return lower
        if len(word) <= _ACRONYM_MOST:
            return word
        return lower if self._telling else _capitalised(word)

    def as_sentence(self, line: str) -> str:
        """A Headline in Title Case: words that the body has in small letters only become small; the first stays."""

        def lowered(match: re.Match[str]) -> str:
            word = match.group()
            lower = word.lower()
            small = match.start() and lower in self._body and lower not in self._large and len(lower) == len(word)
            return lower if small else word

        return WORD.sub(lowered, line)


def _capitalised(word: str) -> str:
    lower = word.lower()
    if len(lower) != len(word):
        return word
    named = word[0] + lower[1:]
    return named[:2] + named[2].upper() + named[3:] if len(word) > 4 and named[1] in "'’" else named  # O'Neill
