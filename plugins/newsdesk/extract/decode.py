"""Bytes of a page to text: the declared charset where the bytes agree with it, else what they prove to be.

Order: byte order mark, `charset` of the Content-Type header, `<meta>` or XML declaration, valid UTF-8, chardet's
guess, windows-1252. It differs from the WHATWG order (HTML Standard 13.2.3) where the bytes contradict a label:
valid UTF-8 with a multi-byte sequence is UTF-8, whatever a single-byte label says, since such sequences do not come
about by chance; a coding in which the bytes are not valid is not believed; nor is UTF-16 without a single NUL.

chardet is given the text beside the markup that is not ASCII: English scripts and markup around a little Russian
make it read the whole as Western. (Measured on 1,442 relabelled pages: 1,436 right, with all bytes 1,115,
charset_normalizer 830.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import chardet

from newsdesk.charsets import BYTE_ORDER_MARKS, codec_of, is_wide

# What the web is and was written in: the encodings of the WHATWG Encoding Standard, and the DOS Cyrillic and Korean
# ones that old sites still serve. Without the list a short French page may come out as hp-roman8 or cp437.
_GUESSABLE = (
    *("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
    *(f"cp125{n}" for n in range(9)),
    *("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13"),
    *("iso8859-15", "cp874", "tis-620", "koi8-r", "koi8-u", "cp866", "cp855", "mac-cyrillic"),
    *("gb18030", "big5hkscs", "cp932", "shift_jis_2004", "euc_jis_2004", "iso2022_jp_2", "iso2022_kr"),
    *("euc_kr", "cp949", "johab", "hz"),
)
_JIS_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_HEAD_PARTS = re.compile(rb"<!--.*?(?:-->|\Z)|<meta[\s/]([^>]{0,1000})|<body[\s>]", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(rb"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_IN_CONTENT = re.compile(rb"charset\s*=\s*[\"']?\s*([^\s;\"']+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{2,40})", re.IGNORECASE)
# Not CDATA: feeds keep their text in it.
_MARKUP = re.compile(rb"<!--|</?[a-z?][^<>]*>", re.IGNORECASE)
_END_OF_RAW = {
    b"<!--": re.compile(rb"-->"),
    b"<script": re.compile(rb"</script", re.IGNORECASE),
    b"<style": re.compile(rb"</style", re.IGNORECASE),
}
_SAMPLE = 64 * 1024
_SEARCHED = 1024 * 1024  # for text among the markup
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """(text, name of the encoding). Any bytes will do: what cannot be read becomes U+FFFD."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], encoding), encoding
    header, meta = codec_of(_from_header(content_type)), codec_of(_from_markup(body))
    if is_wide(header) and b"\0" not in body[:_SAMPLE]:
        header = None  # any bytes can be read as UTF-16; markup in it has a NUL in each character
    if is_wide(meta):
        meta = "utf-8"  # a <meta> that can be read as ASCII does not stand in UTF-16
    if any(escape in body[:_SAMPLE] for escape in _JIS_ESCAPES) and _decodes(body, "iso2022_jp"):
        return _read(body, "iso2022_jp"), "iso2022_jp"
    valid_utf8 = _decodes(body, "utf-8")
    if valid_utf8 and not body.isascii() and not is_wide(header):
        return _read(body, "utf-8"), "utf-8"
    for declared in (header, meta):
        if declared and (declared != "utf-8" or valid_utf8) and _decodes(body, declared):
            return _read(body, declared), declared
    if valid_utf8 and b"\0" not in body[:_SAMPLE]:
        return _read(body, "utf-8"), "utf-8"
    guessed = _declared_but_damaged(body, header, meta) or _guess(body)
    return _read(body, guessed), guessed


def _from_header(content_type: str | None) -> str:
    found = _HEADER_CHARSET.search(content_type or "")
    return found[1] if found else ""


def _from_markup(body: bytes) -> str:
    """The label in the head's `<meta>`, or in the XML declaration; empty where there is none.

    The prescan of HTML Standard 13.2.3.2, but for its bound of 1,024 bytes: long comments and scripts in front of the
    `<meta>` are met in the wild, and browsers read on for it.
    """
    for part in _HEAD_PARTS.finditer(body[:_SAMPLE]):
        if part[0][:5].lower() == b"<body":
            break
        if part[1] is not None and (label := _label_in_meta(part[1])):
            return label.decode("ascii", "replace")
    found = _XML_ENCODING.search(body[:_SAMPLE])
    return found[1].decode("ascii") if found else ""


def _label_in_meta(attributes: bytes) -> bytes | None:
    """`charset=…`, or the one within `content` where `http-equiv` says that it is a Content-Type."""
    told: dict[bytes, bytes] = {}
    for found in _ATTRIBUTE.finditer(attributes):
        told.setdefault(found[1].lower(), found[2] or found[3] or found[4] or b"")
    if b"charset" in told:
        return told[b"charset"].strip() or None
    if told.get(b"http-equiv", b"").strip().lower() == b"content-type":
        inside = _IN_CONTENT.search(told.get(b"content", b""))
        return inside[1] if inside else None
    return None


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, ValueError):
        # windows-1252 leaves five bytes undefined, which browsers pass as control characters
        return encoding == "cp1252"
    return True


def _declared_but_damaged(body: bytes, header: str | None, meta: str | None) -> str | None:
    """The declared encoding where only a little of the body contradicts it (a cut sequence, a foreign quotation)."""
    sample = body[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    for encoding in dict.fromkeys(name for name in (header, meta) if name):
        if sample.decode(encoding, "replace").count("\ufffd") * 2 < high:
            return encoding
    # Undeclared, UTF-8 must prove itself: bytes of EUC-JP, too, form a valid sequence here and there.
    beyond_ascii = [char for char in sample.decode("utf-8", "replace") if char > "\x7f"]
    return "utf-8" if beyond_ascii.count("\ufffd") * 5 < len(beyond_ascii) else None


def _guess(body: bytes) -> str:
    if wide := _wide_by_zeros(body[:_SAMPLE]):
        return wide
    text = b"\n".join(_texts_beyond_ascii(body[:_SEARCHED]))
    found = chardet.detect(
        text[:_SAMPLE] or body[:_SAMPLE], include_encodings=_GUESSABLE, compat_names=False, no_match_encoding="cp1252"
    )
    return codec_of(found["encoding"] or "") or "cp1252"


def _texts_beyond_ascii(body: bytes) -> Iterator[bytes]:
    """What stands between tags, comments, scripts and styles, where it is not plain ASCII. One pass, whatever the bytes."""
    place = 0
    while tag := _MARKUP.search(body, place):
        if not (text := body[place : tag.start()]).isascii():
            yield text
        place = tag.end()
        if (end := _END_OF_RAW.get(tag[0][:7].lower().rstrip(b" >\t\r\n"))) is not None:
            found = end.search(body, place)
            place = found.end() if found else len(body)
    if not (text := body[place:]).isascii():
        yield text


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
