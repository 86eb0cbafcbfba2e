"""A text → its terms: folded words, each with its kind. Names and numbers tell an event apart; short words tell least.

Only the title and the first words of the body count. News tells what happened first, so that is where two reports of
one event are alike; and so long and short reports compare, at a bounded cost. How often a word stands there does not
count: what is said most often are articles and prepositions. Words are taken as they are: cutting endings off changed
nothing that could be told from chance (bench/stories.py), and would be a rule for each language. Scripts without spaces
give pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from newsdesk.languages import UNSPACED
from newsdesk.model import Text

LEAD_WORDS = 100  # of the body that count
LEAD_CHARS = 2_000  # of the body that are looked at for them

WORD, NAME, NUMBER, SHORT, MIDDLE = range(5)
SHORT_LETTERS, MIDDLE_LETTERS = 3, 5  # so many at most

DTYPE = np.dtype([("term", "<i8"), ("kind", "u1")])
Terms = NDArray[np.void]  # of DTYPE, each term once, in rising order

_WORD = re.compile(rf"[^\W_{UNSPACED}]+|[{UNSPACED}]+")
_BEGINS = frozenset('.!?:\n"“”„«»')
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")


def terms_of(text: Text) -> Terms:
    """The terms of title and lead. Empty for a text without letters or digits."""
    title = list(_words(text.title or ""))
    lead = list(islice(_words(text.body[:LEAD_CHARS]), LEAD_WORDS))
    # where most words of a headline begin with a capital, that tells of none that it is a name
    in_title_case = 2 * sum(word[0].isupper() for word, _ in title) > len(title)
    is_capital: dict[str, bool | None] = {}  # does it begin with a capital wherever that tells? None: it tells nowhere
    for tells, words in ((True, lead), (not in_title_case, title)):
        for word, begins in words:
            capital = word[0].isupper()
            for term in _terms(word):
                before = is_capital.setdefault(term, None)
                if tells and not (begins and capital):
                    is_capital[term] = capital and before is not False
    names = {term for name in text.names for word, _ in _words(name) for term in _terms(word)}
    found = np.empty(len(is_capital), dtype=DTYPE)
    found["term"] = [_hash(term) for term in is_capital]
    found["kind"] = [_kind(term, bool(capital) or term in names) for term, capital in is_capital.items()]
    return found[np.argsort(found["term"])]


def _kind(term: str, is_name: bool) -> int:
    if any(map(str.isdigit, term)):
        return NUMBER
    if is_name:
        return NAME
    if len(term) > MIDDLE_LETTERS or _IS_UNSPACED.match(term):
        return WORD
    return SHORT if len(term) <= SHORT_LETTERS else MIDDLE


def packed(terms: Terms) -> bytes:
    """Terms for storing, 9 bytes each; the same on every machine."""
    return terms.tobytes()


def unpacked(stored: bytes) -> Terms:
    """The terms that `packed` was given."""
    return np.frombuffer(stored, dtype=DTYPE)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it begins a sentence or a quotation."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    end = 0
    for found in _WORD.finditer(text):
        yield found[0], end == 0 or not _BEGINS.isdisjoint(text[end : found.start()])
        end = found.end()


@lru_cache(maxsize=1 << 16)
def _terms(word: str) -> tuple[str, ...]:
    folded = _fold(word)
    if len(folded) > 2 and _IS_UNSPACED.match(folded):
        return tuple(folded[place : place + 2] for place in range(len(folded) - 1))
    return (folded,)


def _fold(word: str) -> str:
    """Without case, accents and vowel signs; as it is where nothing would be left."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", _without_marks(letters)) or word


def _without_marks(letters: str) -> str:
    return "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))


@lru_cache(maxsize=1 << 18)
def _hash(term: str) -> int:
    digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
