"""A page's bytes to a `Document`: decode, parse once, metadata, body, verdict."""

from __future__ import annotations

import re

from newsdesk.extract.body import body_of, facts_of
from newsdesk.extract.decode import decode
from newsdesk.extract.language import language_of
from newsdesk.extract.markup import parse, read_links
from newsdesk.extract.metadata import read_metadata
from newsdesk.extract.signals import read_body_signals, read_signals
from newsdesk.extract.verdict import verdict_on
from newsdesk.model import Document, Outcome, Page

# Files that servers send as text/html, by their first bytes. A fetch refuses them by these too; archives do not.
_MAGIC = {
    b"%PDF-": "a PDF file", b"\x89PNG\r\n": "a PNG image", b"GIF8": "a GIF image", b"\xff\xd8\xff": "a JPEG image", b"RIFF": "a RIFF file",
    b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b\x08": "gzip data", b"BZh": "bzip2 data", b"7z\xbc\xaf\x27\x1c": "a 7z archive", b"Rar!\x1a": "a RAR archive",
    b"\xd0\xcf\x11\xe0": "an Office file", b"{\\rtf": "an RTF file", b"%!PS": "a PostScript file", b"ID3": "an MP3 file", b"OggS": "an Ogg file", b"wOFF": "a font", b"wOF2": "a font",
    b"\x00asm": "WebAssembly", b"\x7fELF": "a program",
}  # fmt: skip
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
_SAMPLE = 16_000  # characters
_MOST_UNREADABLE = (
    0.05  # of the sample; random bytes have a tenth, the worst of 2,000 labelled pages half of a hundredth
)


def extract(page: Page) -> Document:
    """What the page says. Its `outcome` is None for an article, else the reason for none stands beside it.

    The metadata is given either way. Takes any bytes; may run long or eat memory on hostile ones:
    `guard.Guard` is for those.
    """
    text, encoding = decode(page.html, page.content_type)
    if what := _binary(page.html, text):
        return Document(Outcome.WRONG_TYPE, f"no page: {what}", provenance={"encoding": encoding})
    tree = parse(text)
    if tree is None:
        return Document(Outcome.NO_TEXT, "the page holds no markup", provenance={"encoding": encoding})
    found = read_metadata(tree, page)
    links = read_links(tree)
    facts = facts_of(found, links)
    signals = read_signals(tree, found, page.url, links)
    body = body_of(tree, page.url, found, facts, page.furniture)
    outcome, reason = verdict_on(signals, read_body_signals(body.text), found)
    language, source = language_of(body.text, tree, found.meta, found.article, page.language)
    provenance = {**found.provenance, "encoding": encoding}
    if language:
        provenance["language"] = source
    if body.text:
        provenance["text"] = body.source
    return Document(
        outcome=outcome,
        reason=reason,
        title=found.title,
        text=body.text or None,
        body_html=body.html if body.text else None,
        authors=found.authors,
        published=found.published,
        published_precision=found.published_precision,
        published_day=found.published_day,
        modified=found.modified,
        language=language,
        canonical_url=found.canonical_url,
        section=found.section,
        tags=found.tags,
        description=found.description,
        image=found.image,
        provenance=provenance,
        blocks=body.blocks,
        left_out=body.left_out,
    )


def _binary(raw: bytes, text: str) -> str | None:
    """What the bytes are where they are no text, whatever their Content-Type says."""
    start = raw[:64].lstrip()
    if kind := next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), None):
        return kind
    sample = text[:_SAMPLE]
    unreadable = len(_UNREADABLE.findall(sample))
    share = unreadable / max(1, len(sample))
    return f"{share:.0%} of it are no characters of a text" if share > _MOST_UNREADABLE and unreadable > 20 else None
