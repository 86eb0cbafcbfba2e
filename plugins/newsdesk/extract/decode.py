"""Bytes of a page to text: the declared charset where the bytes agree with it, else what they prove to be.

Order: byte order mark, `charset` of the Content-Type header, `<meta>` in the first 2 KB, valid UTF-8,
charset_normalizer's guess, windows-1252. It differs from the WHATWG order in one point: text that is
valid UTF-8 with at least one multi-byte sequence is UTF-8, whatever a single-byte label says, since
such sequences do not come about by chance in real text of another coding.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers take a label for (WHATWG Encoding Standard), where Python's codec of that name is narrower.
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
    "big5": "big5hkscs",
}
_ALIASES = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "ks_c_5601-1987": "cp949", "windows-874": "cp874",
            "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-cp1251": "cp1251", "unicode": "utf-16-le",
            "x-mac-cyrillic": "mac_cyrillic"}  # fmt: skip
# What the web is written in. Without this list a short French page may come out as hp_roman8.
_GUESSABLE = ["utf_8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
              "cp866", "koi8_r", "iso8859_2", "iso8859_5", "iso8859_7", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949",
              "mac_cyrillic"]  # fmt: skip
_JIS_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:+-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{2,40})", re.IGNORECASE)
_PRESCAN = 2048
_SAMPLE = 64 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """(text, name of the encoding). Any bytes will do: what cannot be read becomes U+FFFD."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], encoding), encoding
    header = _codec(_from_header(content_type))
    meta = _codec(_from_markup(body))
    if meta in ("utf-16-le", "utf-16-be", "utf-16", "utf-32"):
        meta = "utf-8"  # a <meta> that can be read as ASCII does not stand in UTF-16
    if any(escape in body[:_SAMPLE] for escape in _JIS_ESCAPES) and _decodes(body, "iso2022_jp"):
        return _read(body, "iso2022_jp"), "iso2022_jp"
    valid_utf8 = _decodes(body, "utf-8")
    if valid_utf8 and not body.isascii() and not _is_wide(header):
        return _read(body, "utf-8"), "utf-8"
    for declared in (header, meta):
        if declared and (declared != "utf-8" or valid_utf8) and _decodes(body, declared):
            return _read(body, declared), declared
    if valid_utf8 and b"\0" not in body[:_SAMPLE]:
        return _read(body, "utf-8"), "utf-8"
    guessed = _declared_but_damaged(body, header, meta) or _guess(body)
    return _read(body, guessed), guessed


def _from_header(content_type: str | None) -> str | None:
    found = _HEADER_CHARSET.search(content_type or "")
    return found[1] if found else None


def _from_markup(body: bytes) -> str | None:
    head = body[:_PRESCAN]
    found = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return found[1].decode("ascii", "replace") if found else None


def _codec(label: str | None) -> str | None:
    """Python's name of the codec a label stands for; None for no or an unknown label, or one that is not text."""
    if not label:
        return None
    label = label.strip().lower()
    try:
        info = codecs.lookup(_ALIASES.get(label, label))
        "".encode(info.name)  # refuses the bytes-to-bytes codecs (zip, hex)
    except (LookupError, ValueError, UnicodeError):
        return None
    if info.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined"):
        return None
    return _WIDER.get(info.name, info.name)


def _is_wide(encoding: str | None) -> bool:
    return bool(encoding and encoding.startswith(("utf-16", "utf-32")))


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, ValueError):
        # windows-1252 leaves five bytes undefined, which browsers pass as control characters
        return encoding == "cp1252"
    return True


def _declared_but_damaged(body: bytes, header: str | None, meta: str | None) -> str | None:
    """The declared encoding where only a little of the body contradicts it (a cut sequence, a foreign quotation)."""
    for encoding in dict.fromkeys(name for name in (header, meta, "utf-8") if name):
        sample = body[:_SAMPLE]
        high = sum(byte > 0x7F for byte in sample)
        if sample.decode(encoding, "replace").count("\ufffd") * 2 < high:
            return encoding
    return None


def _guess(body: bytes) -> str:
    if wide := _wide_by_zeros(body[:_SAMPLE]):
        return wide
    best = from_bytes(body[:_SAMPLE], threshold=0.3, cp_isolation=_GUESSABLE).best()
    return best.encoding if best else "cp1252"


def _wide_by_zeros(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: markup is mostly ASCII, so its zero bytes stand in a pattern."""
    if sample.count(0) * 4 < len(sample):
        return None
    zeros = [sample[place::4].count(0) * 2 > len(sample) // 4 for place in range(4)]
    patterns = {
        (0, 1, 0, 1): "utf-16-le",
        (1, 0, 1, 0): "utf-16-be",
        (0, 1, 1, 1): "utf-32-le",
        (1, 1, 1, 0): "utf-32-be",
    }
    return next((name for pattern, name in patterns.items() if zeros == [bool(bit) for bit in pattern]), None)


def _read(body: bytes, encoding: str) -> str:
    """No surrogates and no NUL: neither goes into lxml, JSON or PostgreSQL."""
    text = body.decode(encoding, "replace").replace("\0", "")
    return text if encoding == "utf-8" else _SURROGATE.sub("\ufffd", text)  # UTF-8 has none
