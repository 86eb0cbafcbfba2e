"""Text → words, so that the same text set by two houses gives the same words.

Quotes, dashes, soft hyphens, accents, ligatures, full-width forms, Arabic vowel signs and letter variants, digits of
another script are how a house sets its type; none of them survives. What is left are letters and digits.
"""

from __future__ import annotations

import re
import unicodedata

from newsdesk.languages import UNSPACED

# Alef with hamza or madda → bare alef, alef maksura → yeh, teh marbuta → heh, Persian kaf and yeh → Arabic ones:
# the folding of Larkey, Ballesteros & Connell (SIGIR 2002). The tatweel only stretches a word.
_ARABIC = str.maketrans("أإآٱىیئؤةک", "اااايييوهك", "ـ")

# Marks that sit on a letter and format characters inside a word (soft hyphen, zero-width space) vanish without a gap.
# They lie in the two lowest planes and in that of tags.
_VANISH = {
    code: None
    for code in (*range(0x20000), *range(0xE0000, 0xE0200))
    if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")
}
# The same number is set in the digits of either script: ١٥ in one house is 15 in the next. NFKC leaves them as they are.
_DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, 0x20000)
    if unicodedata.category(chr(code)) == "Nd"
}


class _Fold(dict[int, int | str | None]):
    """A table for `str.translate` that learns which characters stay: a missing key costs it an exception each time."""

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


_FOLD = _Fold({**_ARABIC, **_VANISH, **_DIGITS})

_WORD = re.compile(rf"[^\W_{UNSPACED}]+|(?=[^\W_])[{UNSPACED}]")  # where no spaces are written, a character is a word
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """`text` with case, accents, letter variants and invisible characters folded away; spaces and signs stay."""
    if text.isascii():
        return text.lower()
    # Casefold undoes normal forms and the other way round: twice for a fixed point, where the first did not reach it.
    text = _fold_once(text)
    if not unicodedata.is_normalized("NFKD", text) or text.casefold() != text:
        text = _fold_once(text)
    return unicodedata.normalize("NFKC", text)


def _fold_once(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().translate(_FOLD)


def words(text: str) -> list[str]:
    """The words of `text` in order: folded, letters and digits only; one character each in CJK and other scripts
    written without spaces."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(fold(text))
