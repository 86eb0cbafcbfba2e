"""What stands around an article on every real page, and what an extractor has to leave out.

Each function gives a piece of HTML. All text from the stories and outlets is escaped here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from .labels import LABELS, Labels
from .outlets import Outlet
from .story import Story, blocks


@dataclass(frozen=True, slots=True)
class Page:
    """One article page to be drawn."""

    outlet: Outlet
    base: str  # the outlet's origin, "http://127.0.0.1:8701"
    story: Story
    related: tuple[Story, ...]  # other stories of the outlet, for teasers
    shares: int

    @property
    def labels(self) -> Labels:
        return LABELS[self.outlet.language]

    @property
    def url(self) -> str:
        return self.base + self.story.path


def picture(story: Story) -> str:
    """Address of a story's lead picture within its outlet (never a link of its own)."""
    return "/media/" + story.path.strip("/").split("/")[-1].removesuffix(".html") + ".jpg"


def byline(page: Page) -> str:
    """The authors as one line of text, "By A and B"; empty without authors."""
    if not page.story.authors:
        return ""
    names = f" {page.labels.and_} ".join(page.story.authors)
    return escape(f"{page.labels.by} {names}")


def html_blocks(page: Page, *, aside_after: int | None = None, aside: str = "") -> str:
    """The story's body as HTML; `aside` is put after that many blocks, as sites do."""
    pieces: list[str] = []
    in_list = False
    for index, (kind, words) in enumerate(blocks(page.story.text)):
        if in_list and kind != "item":
            pieces.append("</ul>")
            in_list = False
        if index == aside_after and not in_list and kind != "item":
            pieces.append(aside)
        text = escape(words, quote=False)
        if kind == "heading":
            pieces.append(f"<h2>{text}</h2>")
        elif kind == "quotation":
            pieces.append(f"<blockquote><p>{text}</p></blockquote>")
        elif kind == "item":
            if not in_list:
                pieces.append("<ul>")
                in_list = True
            pieces.append(f"<li>{text}</li>")
        else:
            pieces.append(f"<p>{text}</p>")
    if in_list:
        pieces.append("</ul>")
    return "\n".join(pieces)


def json_ld(data: dict[str, Any]) -> str:
    """A JSON-LD script element; "</" cannot end it early."""
    text = json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def head(outlet: Outlet, title: str, extra: str = "", canonical: str | None = None) -> str:
    """The document up to and with the opening body tag."""
    link = f'<link rel="canonical" href="{escape(canonical)}">\n' if canonical else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<head>\n<meta charset="{outlet.charset}">\n'
        f"<title>{escape(title, quote=False)} | {escape(outlet.name)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'{link}{extra}\n<link rel="stylesheet" href="/static/site.css">\n'
        '<script>window.dataLayer=window.dataLayer||[];dataLayer.push({page:"view"});</script>\n'
        "</head>\n<body>\n"
    )


def menu(outlet: Outlet) -> str:
    labels = LABELS[outlet.language]
    items = "".join(f'<li><a href="/{key}/">{escape(label)}</a></li>' for key, label in outlet.sections)
    return (
        f'<nav class="main-menu"><a class="logo" href="/">{escape(outlet.name)}</a><ul>'
        f'<li><a href="/">{labels.home}</a></li>{items}<li><a href="/about/">{labels.about}</a></li></ul>'
        f'<form action="/search"><input name="q" placeholder="{labels.search}"></form></nav>'
    )


def breadcrumb(page: Page) -> str:
    section = dict(page.outlet.sections)[page.story.section]
    return (
        f'<div class="breadcrumb"><a href="/">{page.labels.home}</a> › '
        f'<a href="/{page.story.section}/">{escape(section)}</a></div>'
    )


def share_bar(page: Page, tag: Literal["ul", "div", "p"] = "ul") -> str:
    """Share buttons with the count: a list, or a line of text in a box or (tag "p") a paragraph."""
    count = page.labels.shared.format(count=page.shares)
    if tag == "ul":
        buttons = "".join(f'<li><a href="#" role="button">{word}</a></li>' for word in page.labels.share)
        return f'<ul class="share-buttons">{buttons}<li class="count">{count}</li></ul>'
    buttons = " · ".join(f'<a href="#share">{word}</a>' for word in page.labels.share)
    name = ' class="social"' if tag == "div" else ""
    return f"<{tag}{name}>{buttons} · <span>{count}</span></{tag}>"


def read_also(page: Page) -> str:
    """A teaser within the running text, as a paragraph."""
    if not page.related:
        return ""
    other = page.related[0]
    return (
        f'<p><strong>{page.labels.read_also}</strong> <a href="{other.path}">{escape(other.title, quote=False)}</a></p>'
    )


def newsletter_line(page: Page) -> str:
    """The invitation as a mere paragraph, as it often ends the text."""
    return f'<p><em>{page.labels.newsletter[1]}</em> <a href="/newsletter">{page.labels.newsletter[2]}</a></p>'


def rights_line(page: Page) -> str:
    return f"<p>© 2026 {escape(page.outlet.name)}. {page.labels.rights}</p>"


def newsletter(page: Page) -> str:
    heading, sentence, button = page.labels.newsletter
    return (
        f'<div class="newsletter-box"><h3>{heading}</h3><p>{sentence}</p>'
        f'<form method="post" action="/newsletter"><input type="email" name="email">'
        f"<button>{button}</button></form></div>"
    )


def author_box(page: Page) -> str:
    return "".join(
        f'<div class="author-box"><h4>{page.labels.about_author}</h4><p>'
        f"{escape(page.labels.bio.format(name=name, outlet=page.outlet.name))}</p></div>"
        for name in page.story.authors
    )


def teasers(page: Page, heading: str, count: int) -> str:
    """Links to other stories under a heading."""
    links = "".join(
        f'<li><a href="{story.path}"><span>{escape(story.title, quote=False)}</span></a></li>'
        for story in page.related[:count]
    )
    return f'<aside class="related"><h3>{heading}</h3><ul>{links}</ul></aside>'


def comments(page: Page) -> str:
    voices = "".join(
        f'<div class="comment"><b>{escape(name)}</b><p>{escape(words, quote=False)}</p></div>'
        for name, words in page.labels.voices
    )
    return (
        f'<section id="comments" class="comments"><h3>{page.labels.comments} '
        f"({len(page.labels.voices)})</h3>{voices}<p>{page.labels.comment_form}</p>"
        f"<textarea></textarea></section>"
    )


def figure(page: Page) -> str:
    caption = escape(page.story.caption, quote=False)
    return (
        f'<figure><img src="{picture(page.story)}" alt="{escape(page.story.caption)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def cookie_banner(outlet: Outlet) -> str:
    sentence, accept, settings = LABELS[outlet.language].cookies
    return (
        f'<div id="cookie-banner" role="dialog"><p>{sentence}</p><button>{accept}</button>'
        f"<button>{settings}</button></div>"
    )


def foot(outlet: Outlet) -> str:
    """The footer and the end of the document."""
    labels = LABELS[outlet.language]
    return (
        f'<footer class="site-footer"><p>{escape(labels.footer.format(outlet=outlet.name))}</p>'
        f'<ul><li><a href="/about/">{labels.about}</a></li><li><a href="/contact/">{labels.contact}'
        f"</a></li></ul></footer>\n{cookie_banner(outlet)}\n"
        '<script src="/static/site.js" defer></script>\n</body>\n</html>\n'
    )
