"""The five manners in which the outlets lay out an article, and the AMP twin.

They differ in where the facts about an article stand: JSON-LD (broadsheet), Open Graph and meta
(classic), a JSON-LD graph (graph), only a <time> and a line of text (plain), microdata (microdata).
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from .clock import for_machines, for_readers
from .furniture import (
    Page,
    author_box,
    breadcrumb,
    byline,
    comments,
    figure,
    foot,
    head,
    html_blocks,
    json_ld,
    menu,
    newsletter,
    newsletter_line,
    picture,
    read_also,
    rights_line,
    share_bar,
    teasers,
)
from .outlets import Layout
from .story import summary


def _dates(page: Page) -> tuple[str, str | None]:
    """Machine-readable dates of publication and of the last change, if there was one."""
    story = page.story
    modified = for_machines(page.outlet, story.modified) if story.modified else None
    return for_machines(page.outlet, story.published), modified


def _reader_dates(page: Page) -> str:
    line = f"{page.labels.published} {for_readers(page.outlet, page.story.published)}"
    if page.story.modified:
        line += f" · {page.labels.updated} {for_readers(page.outlet, page.story.modified)}"
    return line


def _title(page: Page) -> str:
    return escape(page.story.title, quote=False)


def _news_article(page: Page) -> dict[str, Any]:
    published, modified = _dates(page)
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": page.story.title,
        "datePublished": published,
        "inLanguage": page.outlet.language,
        "image": page.base + picture(page.story),
        "articleSection": dict(page.outlet.sections)[page.story.section],
        "publisher": {"@type": "NewsMediaOrganization", "name": page.outlet.name},
        "mainEntityOfPage": page.url,
        "description": summary(page.story.text),
    }
    if modified:
        data["dateModified"] = modified
    return data


def _open_graph(page: Page, kind: str = "article") -> str:
    facts = {
        "og:type": kind,
        "og:title": page.story.title,
        "og:url": page.url,
        "og:site_name": page.outlet.name,
        "og:description": summary(page.story.text),
        "og:image": page.base + picture(page.story),
    }
    return "\n".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in facts.items())


def broadsheet(page: Page) -> str:
    """HTML5 elements for everything; a JSON-LD NewsArticle; a teaser amid the text."""
    data = {"@context": "https://schema.org", **_news_article(page)}
    data["author"] = [{"@type": "Person", "name": name} for name in page.story.authors]
    extra = json_ld(data) + "\n" + _open_graph(page)
    aside = f'<aside class="teaser-inline">{read_also(page)}</aside>'
    return (
        head(page.outlet, page.story.title, extra, page.url)
        + f"<header>{menu(page.outlet)}</header>\n<main>\n{breadcrumb(page)}\n<article>\n"
        f'<header><h1>{_title(page)}</h1>\n<p class="byline">{byline(page)}</p>\n'
        f'<p class="dates"><time datetime="{_dates(page)[0]}">{_reader_dates(page)}</time></p>\n'
        f"{share_bar(page)}</header>\n{figure(page)}\n"
        f'<div class="article-body">\n{html_blocks(page, aside_after=3, aside=aside)}\n</div>\n'
        f"{author_box(page)}\n</article>\n{newsletter(page)}\n"
        f"{teasers(page, page.labels.related, 3)}\n{comments(page)}\n</main>\n"
        + teasers(page, page.labels.most_read, 4)
        + "\n"
        + foot(page.outlet)
    )


def classic(page: Page) -> str:
    """An older site of nested divs; the facts in Open Graph and meta elements only."""
    published, modified = _dates(page)
    meta = [
        _open_graph(page),
        f'<meta name="description" content="{escape(summary(page.story.text))}">',
        f'<meta property="article:published_time" content="{published}">',
        f'<meta property="article:section" content="{escape(page.story.section)}">',
    ]
    if modified:
        meta.append(f'<meta property="article:modified_time" content="{modified}">')
    if page.story.authors:
        meta.append(f'<meta name="author" content="{escape(", ".join(page.story.authors))}">')
    image = (
        f'<div class="picture"><img src="{picture(page.story)}" alt="">'
        f'<div class="caption">{escape(page.story.caption, quote=False)}</div></div>'
    )
    return (
        head(page.outlet, page.story.title, "\n".join(meta), page.url)
        + f'<div id="wrapper"><div id="top">{menu(page.outlet)}</div>\n<div id="columns">\n'
        f'<div id="left">{breadcrumb(page)}\n<div id="story"><h1 class="headline">{_title(page)}</h1>\n'
        f'<div class="meta">{byline(page)} | {_reader_dates(page)}</div>\n{share_bar(page, "div")}\n'
        f'{image}\n<div id="story-body">\n'
        f"{html_blocks(page, aside_after=4, aside=read_also(page))}\n{newsletter_line(page)}\n</div>\n"
        f"{share_bar(page, 'div')}</div>\n{comments(page)}</div>\n"
        f'<div id="right">{teasers(page, page.labels.most_read, 5)}</div></div></div>\n' + foot(page.outlet)
    )


def graph(page: Page) -> str:
    """A content management system's page: JSON-LD graph with references, tags after the text."""
    people = [
        {"@type": "Person", "@id": f"{page.base}/#/person/{index}", "name": name}
        for index, name in enumerate(page.story.authors, start=1)
    ]
    article = {
        "@id": page.url + "#article",
        **_news_article(page),
        "author": [{"@id": person["@id"]} for person in people],
        "isPartOf": {"@id": page.url},
        "publisher": {"@id": page.base + "/#organization"},
    }
    web_page = {"@type": "WebPage", "@id": page.url, "url": page.url, "name": page.story.title}
    site = {"@type": "Organization", "@id": page.base + "/#organization", "name": page.outlet.name}
    nodes = [article, web_page, site, *people]
    extra = json_ld({"@context": "https://schema.org", "@graph": nodes})
    label = dict(page.outlet.sections)[page.story.section]
    tags = "".join(f'<a rel="tag" href="/{key}/">{escape(name)}</a> ' for key, name in page.outlet.sections[:2])
    return (
        head(page.outlet, page.story.title, extra, page.url)
        + f'<div id="page" class="site"><header id="masthead">{menu(page.outlet)}</header>\n'
        f'<div id="primary"><article id="post-{len(page.story.text)}" class="post hentry">\n'
        f'<header class="entry-header"><span class="cat-links"><a href="/{page.story.section}/">'
        f'{escape(label)}</a></span><h1 class="entry-title">{_title(page)}</h1>\n'
        f'<div class="entry-meta"><span class="posted-on">{_reader_dates(page)}</span> '
        f'<span class="byline">{byline(page)}</span></div></header>\n'
        f'<div class="post-thumbnail">{figure(page)}</div>\n'
        f'<div class="entry-content">\n{html_blocks(page, aside_after=5, aside=newsletter(page))}\n'
        f'<div class="sharedaddy">{share_bar(page)}</div>\n'
        f'<div class="jp-relatedposts">{teasers(page, page.labels.related, 3)}</div>\n</div>\n'
        f'<footer class="entry-footer">{page.labels.topics}: {tags}</footer>\n{author_box(page)}\n'
        f"</article>\n{comments(page)}</div>\n"
        f'<div id="secondary" class="widget-area">{teasers(page, page.labels.most_read, 4)}</div></div>\n'
        + foot(page.outlet)
    )


def plain(page: Page) -> str:
    """A hand-made page: no metadata but <title>; a line with the authors, a <time>."""
    modified = _dates(page)[1]
    changed = ""
    if modified and page.story.modified:
        words = f"{page.labels.updated} {for_readers(page.outlet, page.story.modified)}"
        changed = f' · <time class="updated" datetime="{modified}">{words}</time>'
    author = f'<span class="author">{byline(page)}</span> · ' if page.story.authors else ""
    return (
        head(page.outlet, page.story.title, canonical=page.url)
        + f'<header class="band">{menu(page.outlet)}</header>\n<div class="layout">\n'
        f'<div class="kicker">{escape(dict(page.outlet.sections)[page.story.section])}</div>\n'
        f"<h1>{_title(page)}</h1>\n"
        f'<div class="info">{author}<time datetime="{_dates(page)[0]}">'
        f"{for_readers(page.outlet, page.story.published)}</time>{changed}</div>\n"
        f'{figure(page)}\n<section class="text">\n'
        f"{html_blocks(page, aside_after=4, aside=teasers(page, page.labels.read_also, 2))}\n"
        f"{rights_line(page)}\n</section>\n"
        f"{share_bar(page)}\n{author_box(page)}\n{newsletter(page)}\n{comments(page)}\n</div>\n" + foot(page.outlet)
    )


def microdata(page: Page) -> str:
    """Facts as schema.org microdata in the page itself; the share line stands within the text."""
    published, modified = _dates(page)
    authors = f" {page.labels.and_} ".join(
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{escape(name)}</span></span>'
        for name in page.story.authors
    )
    changed = f'<meta itemprop="dateModified" content="{modified}">' if modified else ""
    return (
        head(page.outlet, page.story.title, canonical=page.url)
        + f'{menu(page.outlet)}\n<main itemscope itemtype="https://schema.org/NewsArticle">\n'
        f'{breadcrumb(page)}\n<h1 itemprop="headline">{_title(page)}</h1>\n'
        f'<div class="signature">{page.labels.by} {authors}, <time itemprop="datePublished" '
        f'datetime="{published}">{for_readers(page.outlet, page.story.published)}</time>{changed}</div>\n'
        f'{figure(page)}\n<div itemprop="articleBody" class="copy">\n{share_bar(page, "p")}\n'
        f"{html_blocks(page, aside_after=3, aside=read_also(page))}\n</div>\n{author_box(page)}\n"
        f"{newsletter(page)}\n{teasers(page, page.labels.related, 4)}\n{comments(page)}\n</main>\n" + foot(page.outlet)
    )


def amp(page: Page) -> str:
    """The AMP twin: the same story, no furniture, and the main address as its canonical one."""
    data = {"@context": "https://schema.org", **_news_article(page)}
    data["author"] = [{"@type": "Person", "name": name} for name in page.story.authors]
    return (
        f'<!doctype html>\n<html amp lang="{page.outlet.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{_title(page)}</title>\n<link rel="canonical" href="{escape(page.url)}">\n'
        '<script async src="/static/amp.js"></script>\n'
        f"{json_ld(data)}\n</head>\n<body>\n<article>\n<h1>{_title(page)}</h1>\n"
        f"<p>{byline(page)}</p>\n"
        f'<amp-img src="{picture(page.story)}" width="800" height="450"></amp-img>\n'
        f"{html_blocks(page)}\n</article>\n</body>\n</html>\n"
    )


LAYOUTS: dict[Layout, Callable[[Page], str]] = {
    "broadsheet": broadsheet,
    "classic": classic,
    "graph": graph,
    "plain": plain,
    "microdata": microdata,
}
