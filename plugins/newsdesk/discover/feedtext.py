"""From a feed's bytes to its text: which encoding it really is in.

RFC 7303 lets the charset of the HTTP header win over the document's own. Both lie often: so a byte order mark
counts first, then whether the bytes are UTF-8 (other text hardly ever is by chance), then header and declaration.
"""

from __future__ import annotations

import re

from newsdesk.charsets import BYTE_ORDER_MARKS, codec_of, is_wide

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
_MULTI_BYTE = ("cp932", "cp949", "gb", "big5", "euc", "shift_jis", "iso2022", "johab", "hz")


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a feed. Never raises: what fits no encoding is read with U+FFFD in it."""
    for mark, encoding in BYTE_ORDER_MARKS:
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
    return [encoding for label in named if (encoding := codec_of(label)) and not is_wide(encoding)]


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
