"""The language of an article: what the page declares, checked against what the text is."""

from __future__ import annotations

import functools
import re

from lxml.html import HtmlElement
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newsdesk.extract import jsonld
from newsdesk.extract.markup import Meta
from newsdesk.model import JsonObject

_TAG = re.compile(r"\s*([a-z]{2,3})(?:[-_][A-Za-z0-9]+)*\s*\Z", re.IGNORECASE)
_SAMPLE = 1200  # characters; more does not change the answer
_LEAST = 100  # characters below which the detector is not asked
_SURE = 0.8
# Languages that a detector tells apart badly: the page's word stands.
_CLOSE = (frozenset({"no", "nb", "nn", "da"}), frozenset({"sr", "hr", "bs", "sh", "sl"}), frozenset({"id", "ms"}), frozenset({"gl", "pt"}),
          frozenset({"cs", "sk"}), frozenset({"af", "nl"}), frozenset({"zu", "xh", "st", "tn", "nr", "ss"}))  # fmt: skip


def language_of(
    text: str, tree: HtmlElement, meta: Meta, article: JsonObject, fallback: str | None
) -> tuple[str | None, str]:
    """(primary tag in lower case, where from). The text wins over a declaration only where it is long and plain."""
    declared, source = _declared(tree, meta, article)
    if len(text) >= _LEAST:
        detected, sureness = detect(text)
        if declared and (declared == detected or any({declared, detected} <= group for group in _CLOSE)):
            return declared, source
        if sureness >= _SURE:
            return detected, "text"
    if declared:
        return declared, source
    return (fallback, "source") if fallback else (None, "")


def detect(text: str) -> tuple[str, float]:
    """(language, probability) by py3langid."""
    language, probability = _identifier().classify(text[:_SAMPLE])
    return str(language), float(probability)


@functools.cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _declared(tree: HtmlElement, meta: Meta, article: JsonObject) -> tuple[str | None, str]:
    candidates = (
        (
            tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
            "html lang",
        ),
        (jsonld.text(article.get("inLanguage")), "json-ld"),
        (meta.first("og:locale"), "og:locale"),
        (meta.first("content-language", "language", "dc.language"), "meta"),
    )
    for raw, source in candidates:
        if raw and (found := _TAG.match(raw)):
            return found[1].lower(), source
    return None, ""
