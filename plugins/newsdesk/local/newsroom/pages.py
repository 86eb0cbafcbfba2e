"""The pages that are no articles: front page, sections, gallery, video, paywall stub, shells."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .clock import for_machines, for_readers
from .furniture import foot, head, json_ld, menu
from .labels import LABELS
from .oddities import Oddity
from .outlets import Endpoint, Outlet
from .story import Story, summary


def list_page(
    outlet: Outlet,
    title: str,
    stories: Sequence[Story],
    dead: Sequence[Oddity] = (),
    feed: Endpoint | None = None,
) -> str:
    """Front page or section: a teaser for each story, `dead` links among them.

    `feed` is named in the head, so that readers' programs find it by themselves.
    """
    extra = '<meta property="og:type" content="website">'
    if feed is not None:
        kind = "atom" if feed.form == "atom" else "rss"
        extra += (
            f'\n<link rel="alternate" type="application/{kind}+xml" title="{escape(outlet.name)}" href="{feed.path}">'
        )
    cards = "\n".join(
        f'<div class="card"><h2><a href="{story.path}">{escape(story.title, quote=False)}</a></h2>'
        f"<p>{escape(summary(story.text), quote=False)}</p>"
        f'<span class="date">{for_readers(outlet, story.published)}</span></div>'
        for story in stories
    )
    lost = "\n".join(f'<div class="card"><h2><a href="{odd.path}">{escape(odd.title)}</a></h2></div>' for odd in dead)
    return (
        head(outlet, title, extra)
        + f'<header>{menu(outlet)}</header>\n<main class="list">\n<h1>{escape(title)}</h1>\n{cards}\n'
        f'{lost}\n<nav class="pager"><a href="?page=2">2</a> <a href="?page=3">3</a></nav>\n</main>\n' + foot(outlet)
    )


def service_page(outlet: Outlet, title: str) -> str:
    """About, contact: a page of the house itself."""
    footer = escape(LABELS[outlet.language].footer.format(outlet=outlet.name))
    return (
        head(outlet, title) + f"{menu(outlet)}\n<main><h1>{escape(title)}</h1><p>{footer}</p></main>\n" + foot(outlet)
    )


_CAPTIONS = (
    "Castle Tarn on Saturday morning.",
    "The pass road, cleared for one lane.",
    "Sheep waiting for hay at Millbrook.",
    "Icicles on the spillway of the reservoir.",
    "The post van with chains on.",
    "A fox on the football pitch.",
    "Last light over the northern slopes.",
    "Soup at the fire station.",
)


def gallery(outlet: Outlet, odd: Oddity) -> str:
    """Eight pictures with a line each."""
    data = {"@context": "https://schema.org", "@type": "ImageGallery", "name": odd.title,
            "datePublished": for_machines(outlet, odd.published)}  # fmt: skip
    pictures = "\n".join(
        f'<figure class="slide"><img src="/media/gallery-{number}.jpg" alt=""><figcaption>'
        f"{number}/{len(_CAPTIONS)} {caption}</figcaption></figure>"
        for number, caption in enumerate(_CAPTIONS, start=1)
    )
    return (
        head(outlet, odd.title, json_ld(data))
        + f'{menu(outlet)}\n<div class="gallery"><h1>{escape(odd.title)}</h1>\n{pictures}\n</div>\n'
        + foot(outlet)
    )


def video(outlet: Outlet, odd: Oddity) -> str:
    """A player and one sentence."""
    return (
        head(outlet, odd.title, '<meta property="og:type" content="article">')
        + f"{menu(outlet)}\n<main><h1>{escape(odd.title)}</h1>\n"
        f'<time datetime="{for_machines(outlet, odd.published)}">{for_readers(outlet, odd.published)}'
        '</time>\n<video controls poster="/media/seals.jpg"><source src="/media/seals.mp4"></video>\n'
        "<p>Eleven seals came ashore at Rata Point on Monday.</p></main>\n" + foot(outlet)
    )


_STUBS = {
    "en": "Three bidders have looked at the books of Tarn Foods, and two of them have gone home "
    "again. The third has hired a floor in the best hotel of Castlemere.",
    "de": "Im Grundbuch steht ein Name, den in Rothenau niemand kennt. Wer ihm folgt, landet bei "
    "einem Briefkasten an der Küste.",
}


def paywall(outlet: Outlet, odd: Oddity) -> str:
    """Two sentences, then the till."""
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": odd.title,
            "datePublished": for_machines(outlet, odd.published), "isAccessibleForFree": False,
            "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False,
                        "cssSelector": ".premium"}}  # fmt: skip
    subscribe = LABELS[outlet.language].subscribe
    return (
        head(outlet, odd.title, json_ld(data)) + f"{menu(outlet)}\n<article><h1>{escape(odd.title)}</h1>\n"
        f'<div class="text"><p>{_STUBS[outlet.language]}</p></div>\n'
        f'<div class="paywall premium"><h2>{subscribe}</h2><button>{subscribe}</button></div></article>\n'
        + foot(outlet)
    )


CHALLENGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="30"><meta name="robots" content="noindex,nofollow"></head>
<body><div class="main-wrapper"><h1>127.0.0.1</h1>
<h2>Checking if the site connection is secure</h2>
<noscript>Enable JavaScript and cookies to continue</noscript>
<form id="challenge-form" action="/?__chl_f_tk=demo" method="POST"></form>
<p>The site needs to review the security of your connection before proceeding.</p></div>
<script src="/challenge-platform/orchestrate.js"></script></body></html>
"""

SCRIPT_SHELL = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>La Gazette du Lac</title>
<link rel="stylesheet" href="/static/app.css"></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div><script src="/static/js/runtime.js"></script>
<script src="/static/js/main.js"></script></body></html>
"""


def not_found(outlet: Outlet, status: int) -> str:
    """The error page that comes with a 404, a 410 or a 500."""
    return (
        head(outlet, f"Error {status}")
        + f"{menu(outlet)}\n<main><h1>Error {status}</h1><p>We are sorry.</p></main>\n"
        + foot(outlet)
    )
