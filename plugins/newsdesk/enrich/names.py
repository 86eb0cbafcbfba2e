"""How names compare: folding, surnames, initials, acronyms, the words that end a company's name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsdesk.enrich.words import LEGAL_FORMS, ORGANISATION_LAST, word_set

_SIGNS = re.compile(r"[\W_]+")
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b|\W|$)|['’ʼ`]")


_SMALL_WORDS = word_set("of the and for in on to de la le les du des et pour en del y los las e a und der die das")


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """`name` without case, accents and signs, one space between words: U.S. is us, O'Neill oneill.

    Unchanged where nothing would be left.
    """
    if name.isascii() and name.replace(" ", "").isalnum():
        return " ".join(name.lower().split())
    bare = _DOTTED.sub("", name)
    decomposed = unicodedata.normalize("NFKD", bare).casefold()
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SIGNS.sub(" ", letters).strip() or name


def without_legal_form(folded: str) -> str:
    """`bankamerica corp` → `bankamerica`; a name of nothing but legal forms stays."""
    words = folded.split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def has_organisation_word(folded: str) -> bool:
    """Ends with a word that only organisations end with (corp, university), behind another. Folded."""
    words = folded.split()
    return len(words) > 1 and words[-1] in ORGANISATION_LAST


def is_surname_of(short: str, full: str) -> bool:
    """`al assad` of `bashar al assad`: the last words of a longer name. Both folded."""
    return len(short) < len(full) and full.endswith(" " + short)


def is_first_name_of(short: str, full: str) -> bool:
    """`george` of `george bush`. Both folded."""
    return " " not in short and full.startswith(short + " ")


def is_written_shorter(short: str, full: str) -> bool:
    """`g w bush` or `george bush` of `george w bush`.

    The same last word, and before it, in order, words or initials of the longer name, beginning with its first.
    """
    a, b = short.split(), full.split()
    if not 2 <= len(a) <= len(b) or a[-1] != b[-1] or a == b:
        return False
    place = 0
    for word in a[:-1]:
        while place < len(b) - 1 and not _abbreviates(word, b[place]):
            if place == 0:
                return False
            place += 1
        if place == len(b) - 1:
            return False
        place += 1
    return True


def _abbreviates(word: str, full: str) -> bool:
    return word == full or (len(word) == 1 and full.startswith(word))


def acronyms(full: str) -> set[str]:
    """`un` for `united nations`; `bos` and `bs` for `bank of scotland`: with and without small words.

    None for one word, and none of more than 8 letters.
    """
    words = full.split()
    initials = {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in _SMALL_WORDS)}
    return {letters for letters in initials if 2 <= len(letters) <= 8}


def is_acronym_of(short: str, full: str) -> bool:
    """`un` of `united nations`. Both folded."""
    return short in acronyms(full)


def is_first_part_of(short: str, full: str) -> bool:
    """`merrill lynch` of `merrill lynch pierce fenner`."""
    return full.startswith(short + " ")


def is_last_part_of(short: str, full: str) -> bool:
    """`supreme court` of `us supreme court`: two words or more, of a name that has one more before."""
    return " " in short and full.endswith(" " + short) and full.count(" ") == short.count(" ") + 1


def is_singular_of(short: str, full: str) -> bool:
    """`brazilian` of `brazilians`."""
    return full == short + "s"
