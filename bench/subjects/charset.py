"""Bytes of pages to text: labelled ones, and ones without a label."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable

from subjects.scoring import OURS, Reader, Row, Subject, reader

# Labels and what a text under them may be read as: the families that count as one, widest first.
_FAMILIES = [
    ("gb18030", "gbk", "gb2312"), ("cp1252", "iso8859-1"), ("big5hkscs", "cp950", "big5"),
    ("cp932", "shift_jis", "shift_jisx0213"), ("cp949", "euc_kr"), ("cp1254", "iso8859-9"), ("cp874", "iso8859-11", "tis-620"),
]  # fmt: skip
_PYTHON = {"windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le",
           "macroman": "mac_roman", "x-mac-roman": "mac_roman", "iso-8859-8-i": "iso8859-8", "euc-tw": "euc_tw"}  # fmt: skip


def part(row: Row) -> str | None:
    expected = row["expected"]
    if not expected.get("must_contain") and not _codecs(expected["encoding"]):
        return None
    return "pages" if row["kind"] == "page" else "without a label"


def judge(row: Row, text: str | None) -> list[str]:
    if text is None:
        return ["no text"]
    if told := row["expected"].get("must_contain"):
        return [] if told in text else [f"lacks the told text: {text[:40]!r}…"]
    raw = body(row)
    readings = {_clean(raw.decode(codec, "replace")) for codec in _codecs(row["expected"]["encoding"])}
    return [] if _clean(text) in readings else [f"is no {row['expected']['encoding']} text: {text[:40]!r}…"]


def _codecs(label: str | None) -> tuple[str, ...]:
    """Python's codecs that the label may stand for; none for one that Python lacks."""
    if not label:
        return ()
    try:
        name = codecs.lookup(_PYTHON.get(label.lower(), label)).name
    except LookupError:
        return ()
    family = next((family for family in _FAMILIES if name in [codecs.lookup(one).name for one in family]), (name,))
    return tuple(dict.fromkeys((*family, name)))


def _clean(text: str) -> str:
    """Without what no reader need keep: the mark at the start, NUL, line ends' form, surrogates."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text.replace("\ufeff", "").replace("\0", ""))


def body(row: Row) -> bytes:
    return base64.b64decode(row["bytes_b64"])


def ours() -> Callable[[Row], str | None]:
    from newsdesk.extract.decode import decode

    return lambda row: decode(body(row), row["content_type"])[0]


def by_chardet() -> Callable[[Row], str | None]:
    import chardet

    def read(row: Row) -> str | None:
        raw = body(row)
        return raw.decode(chardet.detect(raw)["encoding"] or "utf-8", "replace")

    return read


def by_charset_normalizer() -> Callable[[Row], str | None]:
    from charset_normalizer import from_bytes

    def read(row: Row) -> str | None:
        best = from_bytes(body(row)).best()
        return str(best) if best else None

    return read


def by_trafilatura() -> Callable[[Row], str | None]:
    import logging

    from trafilatura.utils import decode_file

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return lambda row: decode_file(body(row))


def by_w3lib() -> Callable[[Row], str | None]:
    from w3lib.encoding import html_to_unicode

    return lambda row: html_to_unicode(row["content_type"], body(row))[1]


def readers() -> list[Reader]:
    return [
        Reader(OURS, ours()),
        reader("w3lib", "w3lib", by_w3lib),
        reader("trafilatura", "trafilatura", by_trafilatura),
        reader("charset-normalizer", "charset-normalizer", by_charset_normalizer),
        reader("chardet", "chardet", by_chardet),
    ]


CHARSET = Subject(
    "charset", "charset",
    "A row is right when the text is the told one; encodings of one family count as one. newsdesk and w3lib are given "
    "the Content-Type, the others take bytes only. Left out: what is no text, and encodings that Python lacks.",
    part, readers, judge,
)  # fmt: skip
