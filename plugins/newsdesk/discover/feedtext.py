"""From a feed's bytes to its text: which encoding it really is in.

RFC 7303 lets the charset of the HTTP header win over the document's own. Both lie often: so a byte order mark
counts first, then whether the bytes are UTF-8 (other text hardly ever is by chance), then header and declaration.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How `<?xm` looks without a mark (XML 1.0, appendix F); the last is EBCDIC.
_BEGINNINGS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}[\"']([\w.:-]{1,40})", re.IGNORECASE)
# Python also calls `idna`, `punycode` and `unicode_escape` encodings: those are slow, or no charset at all.
_TEXT_ENCODINGS = re.compile(
    r"ascii|utf-8|cp\d+|windows-\d+|iso8859-\d+|koi8-[rut]|mac-\w+|shift_jis\w*|euc_\w+|iso2022_\w+|gb\w+|big5\w*|johab|hz"
    r"|tis-620|ptcp154|kz1048|hp-roman8"
)
# Names that web pages use, and what browsers read them as (WHATWG Encoding).
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
_ALIASES = {
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
}
_MULTI_BYTE = ("cp932", "cp949", "gb", "big5", "euc", "shift_jis", "iso2022", "johab", "hz")


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a feed. Never raises: what fits no encoding is read with U+FFFD in it."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for beginning, encoding in _BEGINNINGS:
        if body.startswith(beginning):
            return body.decode(encoding, "replace")
    labels = _labels(body, content_type)
    # Text of these may pass for UTF-8: that of ISO-2022-JP always, a short one of GBK by chance.
    for encoding in labels:
        if encoding.startswith(_MULTI_BYTE) and (text := _strictly(body, encoding)) is not None:
            return text
    text = _strictly(body, "utf-8")
    if text is not None:
        return text
    for encoding in labels:
        if encoding != "utf-8":
            return body.decode(encoding, "replace")
    return _damaged(body)


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """The encodings that the header and the declaration name, as Python calls them."""
    header = _CHARSET.search(content_type or "")
    declared = _DECLARED.match(body[:512])
    named = [header[1] if header else "", declared[1].decode("ascii", "replace") if declared else ""]
    return [encoding for label in named if (encoding := _codec(label))]


def _codec(label: str) -> str | None:
    label = label.lower()
    try:
        name = _ALIASES.get(label) or codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _READ_AS.get(name, name) if _TEXT_ENCODINGS.fullmatch(name) else None


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeError:
        return None


def _damaged(body: bytes) -> str:
    """Called UTF-8, or nothing, and not UTF-8 throughout: a damaged spot in UTF-8, or windows-1252 all along."""
    text = body.decode("utf-8", "replace")
    faults = text.count("\ufffd")
    letters = len(text.encode("utf-8")) - len(text)  # 1 and more for each that is not ASCII; 2 for each fault
    return text if letters - 2 * faults > faults else body.decode("cp1252", "replace")
