"""A page's bytes to a `Document`: decode, parse once, metadata, body, verdict."""

from __future__ import annotations

from newsdesk.extract.body import body_of, facts_of
from newsdesk.extract.decode import decode
from newsdesk.extract.language import language_of
from newsdesk.extract.markup import parse, read_links
from newsdesk.extract.metadata import read_metadata
from newsdesk.extract.signals import read_body_signals, read_signals
from newsdesk.extract.verdict import verdict_on
from newsdesk.model import Document, Outcome, Page


def extract(page: Page) -> Document:
    """What the page says. Its `outcome` is None for an article, else the reason for none stands beside it.

    The metadata is given either way. Takes any bytes; may run long or eat memory on hostile ones:
    `guard.Guard` is for those.
    """
    text, encoding = decode(page.html, page.content_type)
    tree = parse(text)
    if tree is None:
        return Document(Outcome.NO_TEXT, "the page holds no markup", provenance={"encoding": encoding})
    found = read_metadata(tree, page)
    links = read_links(tree)
    facts = facts_of(found, links)
    signals = read_signals(tree, found, page.url, links)
    body = body_of(tree, page.url, found, facts)
    outcome, reason = verdict_on(signals, read_body_signals(body.text, facts.links), found)
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
        modified=found.modified,
        language=language,
        canonical_url=found.canonical_url,
        section=found.section,
        tags=found.tags,
        description=found.description,
        image=found.image,
        provenance=provenance,
    )
