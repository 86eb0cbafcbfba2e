"""What an element is, or calls itself by class and id: an aside, a caption, a newsletter's box, the text."""

from __future__ import annotations

import re
from enum import IntFlag
from functools import lru_cache

from lxml.html import HtmlElement

_MAX_NAME = 300  # characters of class and id that are read


def marks_of(element: HtmlElement, tag: str) -> int:
    """Of the element alone, not of those around it."""
    marks = int(_TAG_MARKS.get(tag, 0))
    attributes = element.attrib
    if attributes:
        if called := f"{attributes.get('class', '')} {attributes.get('id', '')}".strip():
            marks |= _marks_by_name(called[:_MAX_NAME])
        if "hidden" in attributes or _HIDING.search(attributes.get("style", "")):
            marks |= _HIDDEN
    return marks


class Mark(IntFlag):
    """What a block's element, or one around it, is or calls itself."""

    ASIDE = 1 << 0
    FIGURE = 1 << 1
    FOOTER = 1 << 2
    HEADER = 1 << 3
    FORM = 1 << 4
    ARTICLE = 1 << 5
    QUOTE = 1 << 6
    LIST = 1 << 7
    TABLE = 1 << 8
    HIDDEN = 1 << 9
    RELATED = 1 << 10
    NEWSLETTER = 1 << 11
    SOCIAL = 1 << 12
    AUTHOR = 1 << 13
    MEDIA = 1 << 14
    META = 1 << 15
    COMMENT = 1 << 16
    ADVERT = 1 << 17
    BOX = 1 << 18
    LEAD = 1 << 19
    TEXT = 1 << 20
    CONTENTS = 1 << 21
    WALL = 1 << 22


_TAG_MARKS = {
    "aside": Mark.ASIDE,
    "figure": Mark.FIGURE,
    "figcaption": Mark.FIGURE,
    "footer": Mark.FOOTER,
    "header": Mark.HEADER,
    "form": Mark.FORM,
    "fieldset": Mark.FORM,
    "article": Mark.ARTICLE,
    "blockquote": Mark.QUOTE,
    "ul": Mark.LIST,
    "ol": Mark.LIST,
    "dl": Mark.LIST,
    "table": Mark.TABLE,
    "address": Mark.AUTHOR,
}
# What classes and ids are made of, in English and where it is common in other languages of the web.
_NAME_MARKS = (
    (Mark.RELATED, r"relat|recommend|recirc|read-?(?:more|also|next|on)|more-?(?:stories|news|on|from|articles|posts)|teaser|trending|popular|most-|outbrain|taboola|see-?also|similar|also-?like|latest|up-?next|further|linkbox|link-?list|crosslink|internal-?link|card"),
    (Mark.NEWSLETTER, r"newsletter|subscri|sign-?up|mailing|mailchimp|abonn"),
    (Mark.SOCIAL, r"shar(?:e|ing)|social|follow|twitter|facebook|whatsapp|instagram|tweet"),
    (Mark.AUTHOR, r"author|by-?line|contributor|profile|\bbio(?:graphy)?\b|autor|auteur"),
    (Mark.MEDIA, r"caption|credit|image|photo|picture|media|gallery|video|player|slide|carousel|legend|copyright|\bpic\b|figure|thumb"),
    (Mark.META, r"\bdate|time-?stamp|published|\bmeta\b|-meta|meta-|\btags?\b|-tags?\b|topics?|breadcrumb|categor|kicker|rubri[ck]|label|keywords|dateline|eyebrow|read-?time|updated"),
    (Mark.COMMENT, r"comment|disqus|discussion|reaction|replies|feedback|rating"),
    (Mark.ADVERT, r"\bads?\b|ad-|-ad\b|advert|sponsor|banner|promo|affiliate|commercial|donat|shop|product|offer|\bcta\b"),
    (Mark.BOX, r"box|sidebar|widget|inset|callout|module|embed|aside|panel|modal|popup|overlay|tooltip|disclaimer|notice|footnote|note\b|poll|quiz|accordion|extra|supplement"),
    (Mark.LEAD, r"\blead|-lead|__lead|standfirst|intro|summary|\bdek\b|sub-?(?:title|head|line)|excerpt|abstract|description|\bdesc\b|chapo|sapo|entradilla|bajada|sottotitolo|ingress|vorspann|manchet|perex|deck|tagline|teaser-?text|strap"),
    (Mark.TEXT, r"article-?_*(?:body|content|text)|story-?_*(?:body|content|text)|(?:entry|post|page|main|rich|body)-?_*(?:content|text|body)|paragraph|articlebody|\bbody\b|\btext\b|\bcopy\b|prose"),
    (Mark.CONTENTS, r"\btoc\b|table-?of-?contents|-toc|toc-|sommaire|inhaltsverzeichnis"),
    (Mark.WALL, r"paywall|regwall|pay-?gate|piano|premium|locked|barrier|consent|cookie|gdpr|member(?:ship)?"),
)  # fmt: skip
_NAMES = [(int(mark), re.compile(pattern)) for mark, pattern in _NAME_MARKS]
_HIDDEN = int(Mark.HIDDEN)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPLIT = re.compile(r"([a-z])([A-Z])|_")


@lru_cache(maxsize=20_000)
def _marks_by_name(called: str) -> int:
    text = _SPLIT.sub(r"\1-\2", called).lower()
    return sum(mark for mark, pattern in _NAMES if pattern.search(text))
