"""Of languages and scripts at large: what several crafts ask."""

from __future__ import annotations

# A class of a regular expression: the characters of scripts written without spaces between words. Han, kana, bopomofo;
# Thai, Lao, Myanmar, Khmer.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007"
    "\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)


def primary_tag(language: str | None) -> str:
    """`en-GB` → `en` (BCP 47, or a locale's name with `_`); empty for none."""
    return (language or "").replace("_", "-").partition("-")[0].lower()
