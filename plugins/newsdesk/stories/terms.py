"""A text → its terms: folded words with how often each stands there and whether it is a name or a number.

Only the title and the first words of the body count. News tells what happened first, so that is where two reports of
one event are alike; and so long and short reports compare, at a bounded cost. Words are taken as they are: cutting
endings off changed nothing that could be told from chance (bench/stories.py), and would be a rule for each language.
Scripts without spaces give pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from newsdesk.model import Text

LEAD_WORDS = 150  # of the body that count
LEAD_CHARS = 2_000  # of the body that are looked at for them

NAME, NUMBER = 1, 2

DTYPE = np.dtype([("term", "<i8"), ("count", "u1"), ("kind", "u1")])
Terms = NDArray[np.void]  # of DTYPE, each term once, in rising order

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007"
    "\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+|[{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def terms_of(text: Text) -> Terms:
    """The terms of title and lead. Empty for a text without letters or digits."""
    title = list(_words(text.title or ""))
    lead = list(_words(text.body[:LEAD_CHARS]))[:LEAD_WORDS]
    # where most words of a headline begin with a capital, that tells of none that it is a name
    in_title_case = 2 * sum(word[0].isupper() for word in title) > len(title)
    names = {term for name in text.names for word in _words(name) for term in _terms(word)}
    count: defaultdict[str, int] = defaultdict(int)
    capital: dict[str, bool] = {}  # does it begin with a capital wherever it stands?
    for tells, words in ((True, lead), (not in_title_case, title)):
        for word in words:
            for term in _terms(word):
                count[term] += 1
                if tells:
                    capital[term] = capital.get(term, True) and word[0].isupper()
    found = np.empty(len(count), dtype=DTYPE)
    found["term"] = [_hash(term) for term in count]
    found["count"] = [min(times, 255) for times in count.values()]
    found["kind"] = [
        NUMBER if any(map(str.isdigit, term)) else NAME if term in names or capital.get(term) else 0 for term in count
    ]
    return found[np.argsort(found["term"])]


def packed(terms: Terms) -> bytes:
    """Terms for storing, 10 bytes each; the same on every machine."""
    return terms.tobytes()


def unpacked(stored: bytes) -> Terms:
    return np.frombuffer(stored, dtype=DTYPE)


def _words(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text if text.isascii() else unicodedata.normalize("NFKC", text)):
        yield found[0]


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


def _without_marks(letters: Iterable[str]) -> str:
    return "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))


@lru_cache(maxsize=1 << 18)
def _hash(term: str) -> int:
    digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
