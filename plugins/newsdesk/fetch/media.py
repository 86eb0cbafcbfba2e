"""Is an answer of the kind that was wanted? By its headers before the body is read, and by its first bytes.

Where HTML is wanted the label alone does not decide (WHATWG MIME Sniffing): servers send pages as
application/octet-stream and PDF files as text/html. For other wants the label is believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsdesk.fetch.faults import Ended
from newsdesk.model import Outcome

HTML = ("text/html", "application/xhtml")  # the beginnings of a page's media type

_UNDECIDED = frozenset({
    "application/octet-stream", "binary/octet-stream", "application/x-octet-stream", "application/download",
    "application/unknown", "unknown/unknown", "text/plain", "application/xml", "text/xml", "*/*",
})  # fmt: skip
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?>(?:<\?xml[^>]*>|<!--(?>.*?-->))\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf", "a 7z file"),
)


def media_type(content_type: str | None) -> str:
    """The `type/subtype` of a Content-Type in lower case, without parameters; empty where none is told."""
    return (content_type or "").partition(";")[0].partition(",")[0].strip().lower()


def is_html(kind: str) -> bool:
    """Of a media type, whole or only begun."""
    return kind.startswith(HTML)


def wants_html(accept_types: tuple[str, ...]) -> bool:
    """Is a page among the types that are asked for?"""
    return any(is_html(wanted) for wanted in accept_types)


def _is_undecided(kind: str) -> bool:
    return bool(kind) and (kind in _UNDECIDED or "/" not in kind)


def refuse_by_label(headers: Mapping[str, str], accept_types: tuple[str, ...]) -> None:
    """Ended (WRONG_TYPE) where the headers decide that this is not what was wanted: the body need not be read."""
    kind = media_type(headers.get("Content-Type"))
    if kind.startswith("multipart/"):  # a stream of parts; x-mixed-replace never ends
        raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind[:100]}")
    if not accept_types:
        return
    may_be_html = wants_html(accept_types) and _is_undecided(kind)
    if kind and not kind.startswith(accept_types) and not may_be_html:
        raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind[:100]}")
    disposition = (headers.get("Content-Disposition") or "").partition(";")[0].strip().lower()
    if disposition == "attachment" and wants_html(accept_types):
        raise Ended(Outcome.WRONG_TYPE, "a file to be saved (Content-Disposition: attachment)")


def refuse_by_content(start: bytes, kind: str) -> None:
    """Ended (WRONG_TYPE) where the first bytes of what should be a page are those of something else."""
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind or 'not told'}, and the body is {what}")
    if start[4:8] == b"ftyp":
        raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind or 'not told'}, and the body is a video")
    if _is_undecided(kind) and not _HTML.match(start):
        raise Ended(Outcome.WRONG_TYPE, f"the content type is {kind}, and the body does not begin like a page")
