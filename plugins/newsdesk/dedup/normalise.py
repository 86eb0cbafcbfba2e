"""Text → words, so that the same text set by two houses gives the same words.

Quotes, dashes, soft hyphens, accents, ligatures, full-width forms, Arabic vowel signs and letter variants are how a
house sets its type; none of them survives. What is left are letters and digits.
"""

from __future__ import annotations

import re
import unicodedata

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
_FOLD = _ARABIC | _VANISH

# Scripts written without spaces: a character is a token. Han, kana, bopomofo; Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007"
    "\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+|(?=[^\W_])[{_UNSPACED}]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """`text` with case, accents, letter variants and invisible characters folded away; spaces and signs stay."""
    if text.isascii():
        return text.lower()
    # Composed and decomposed again: casefold undoes normal forms and the other way round, so twice for a fixed point.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold().translate(_FOLD)
    return unicodedata.normalize("NFKC", text)


def words(text: str) -> list[str]:
    """The words of `text` in order: folded, letters and digits only; one character each in CJK and other scripts
    written without spaces."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(fold(text))
