"""What the label of a charset stands for: the codec that reads what browsers read by it (WHATWG Encoding Standard)."""

from __future__ import annotations

import codecs
import re

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Python also calls `idna`, `punycode` and `unicode_escape` encodings: those are slow, or no charset at all.
_OF_TEXTS = re.compile(
    r"ascii|utf-8|utf-(16|32)(-[lb]e)?|cp\d+|windows-\d+|iso8859-\d+|koi8-[rut]|mac-\w+|shift_jis\w*|euc_\w+|iso2022_\w+"
    r"|gb\w+|big5\w*|johab|hz|tis-620|ptcp154|kz1048|hp-roman8"
)
_ALIASES = {
    "x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "ks_c_5601-1987": "cp949",
    "windows-949": "cp949", "windows-874": "cp874", "dos-874": "cp874", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic",
    "x-big5": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs", "iso-8859-8-i": "iso8859_8",
    "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "unicode": "utf-16-le", "x-user-defined": "cp1252",
    **{f"x-cp125{n}": f"cp125{n}" for n in range(9)},
}  # fmt: skip
# Where Python's codec of that name is narrower than what browsers take it for.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "euc_jis_2004": "euc_jp",
    "iso2022_jp_2": "iso2022_jp",
    "big5": "big5hkscs",
}


def codec_of(label: str) -> str | None:
    """Python's name of the codec; None for an unknown label, or one that is no charset of texts."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if _OF_TEXTS.fullmatch(name) else None


def is_wide(encoding: str | None) -> bool:
    """Two bytes a character, or four: any bytes at all can be read by it."""
    return encoding is not None and encoding.startswith(("utf-16", "utf-32"))
