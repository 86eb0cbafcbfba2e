"""A feed's XML: the document within what came, its known small faults mended, and a tree with a verdict on it.

Nothing is ever expanded: the document type, where entities are declared, is cut off before anything is parsed, so
a bomb has no fuse and no outer file a name. lxml (libxml2) bounds depth (256) and the length of a text (10 MB).
Every step is linear in the text.
"""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass

from lxml import etree

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([\w.-]{1,40})(?=[\s/>])")
_FEED_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|html)(?=[\s/>])", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "html"})
_SEARCHED = 65_536  # characters in which the document must begin
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*+(\[)?", re.IGNORECASE)
_SUBSET = re.compile(r"(?:[^\]\"']++|\"[^\"]*\"|'[^']*')*+\]\s*>")
_SUBSET_END = re.compile(r"\]\s*>")  # where the quotes do not match

_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{0,31});)?")
_NO_TAG = re.compile(r"<(?![A-Za-z_:/!?])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})

_CUT = etree.ErrorTypes.ERR_TAG_NOT_FINISHED
_LIMIT = etree.ErrorTypes.ERR_RESOURCE_LIMIT


@dataclass(frozen=True, slots=True)
class Document:
    """The feed within what came."""

    root: str  # local name of the outermost element, lower case
    text: str  # from its start tag to its end tag
    whole: bool  # False: there is no end tag; `text` then ends with the last tag that came whole


@dataclass(frozen=True, slots=True)
class Tree:
    """A document as lxml has it, and how far it may be trusted."""

    root: etree._Element
    sound: bool  # well-formed, or broken only in ways that lose nothing
    bounded: bool  # it goes beyond what we read (depth, length of a text), and stops there


def find_document(text: str) -> Document | None:
    """The feed within `text`, below prolog, warnings of a script or whatever stands above it; None: there is none."""
    start = _behind_prolog(text)
    found = _ROOT.match(text, start)
    if found is None or found[1].lower() not in _FEED_ROOTS:
        found = _FEED_ROOT.search(text, start, start + _SEARCHED)
    if found is None:
        return None
    name = found[0][1:]
    end_tag = text.rfind(f"</{name}", found.start())
    if end_tag >= 0 and (end := text.find(">", end_tag)) >= 0:
        return Document(found[1].lower(), text[found.start() : end + 1], whole=True)
    # What a cut left unfinished behind the last tag is half a title or half an address.
    return Document(found[1].lower(), text[found.start() : text.rfind(">") + 1], whole=False)


def _behind_prolog(text: str) -> int:
    at = 0
    while True:
        while text[at : at + 1].isspace() or text[at : at + 1] in ("\ufeff", "\x00"):
            at += 1
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at) + 1
        elif (doctype := _DOCTYPE.match(text, at)) is not None:
            end = doctype.end() - 1
            subset = _SUBSET.match(text, doctype.end()) or _SUBSET_END.search(text, doctype.end())
            if doctype[1] and subset:
                end = subset.end() - 2
        else:
            return at
        if end <= 0:
            return at
        at = end + 2


def parse(document: Document) -> Tree | None:
    """The tree of `document`, mended if need be; None where lxml can make nothing of it."""
    root, faults = _parse(document.text)
    harmless = set() if document.whole else {_CUT}
    if faults - harmless and _LIMIT not in faults and (mended := mend(document.text)) != document.text:
        root, faults = _parse(mended)
    if root is None:
        return None
    return Tree(root, sound=not faults - harmless, bounded=_LIMIT in faults)


def _parse(text: str) -> tuple[etree._Element | None, set[int]]:
    """The root, and the numbers of the faults, those of namespaces (an undeclared `dc:`) left out: they lose nothing."""
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    return root, {fault.type for fault in parser.error_log if fault.domain != etree.ErrorDomains.NAMESPACE}


def mend(text: str) -> str:
    """`text` with the faults mended that have but one meaning, CDATA left alone.

    HTML's entities become their letters, other `&` and `<` that open nothing become text, and characters that XML
    forbids go.
    """
    parts = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [_mend_text(text[at:start]), text[start : end + 3]]
        at = end + 3
    parts.append(_mend_text(text[at:]))
    return _ILLEGAL.sub("", "".join(parts))


def _mend_text(text: str) -> str:
    return _NO_TAG.sub("&lt;", _REFERENCE.sub(_mend_reference, text))


def _mend_reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
        return f"&#{code};" if legal else ""
    if name in _XML_NAMES:
        return match[0]
    if not name:
        return "&amp;"
    letters = html.entities.html5.get(f"{name};")
    if letters is None:
        return f"&amp;{match[0][1:]}"
    return letters.replace("&", "&amp;").replace("<", "&lt;")
