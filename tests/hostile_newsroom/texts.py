"""Pages to send: articles with a text of their own for each address, and what is none."""

from __future__ import annotations

import random

_WHO = "council,harbour board,school,library,museum,fire service,market,hospital,ferry company,farmers,orchestra,college,bakers"

_WHAT = (
    "opened,closed,repaired,sold,bought,painted,moved,extended,inspected,rebuilt,cleaned,lent,measured,praised,planned"
)

_THING = "bridge,wall,road,hall,garden,tower,boat,clock,roof,archive,field,kitchen,pier,lift,fountain,stage,engine,map"

_WHEN = (
    "on Monday,last week,in March,after two years of work,before the storm,at noon,in the spring,this winter,overnight"
)

_WHY = "because the old one leaked,to save money,after a long dispute,so that more visitors come,as the law asks,for the fair"


def prose(name: str, paragraphs: int = 5) -> list[str]:
    """Paragraphs of a text of its own for each name."""
    chance = random.Random(name)

    def sentence() -> str:
        who, what, thing, when, why = (chance.choice(words.split(",")) for words in (_WHO, _WHAT, _THING, _WHEN, _WHY))
        return f"The {who} of {name.strip('/').replace('/', ' ').title()} {what} its {thing} number {chance.randint(2, 99)} {when}, {why}."

    return [" ".join(sentence() for _ in range(4)) for _ in range(paragraphs)]


def title_of(path: str) -> str:
    return f"What happened at {path.strip('/').replace('/', ' ').replace('-', ' ')} this week"


def page(path: str, *, head: str = "", body: str | None = None, before: str = "", after: str = "") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in prose(path)) if body is None else body
    return (
        f'<!doctype html><html lang="en"><head><title>{title_of(path)}</title>{head}'
        '<meta property="article:published_time" content="2026-03-02T10:00:00Z"></head><body>'
        f"{before}<article><h1>{title_of(path)}</h1>{paragraphs}</article>{after}</body></html>"
    )


def big_json_ld(path: str) -> str:
    filler = ",".join(f'"k{n}": "{"x" * 90}"' for n in range(50_000))
    return page(path, head=f'<script type="application/ld+json">{{"@type": "NewsArticle", {filler}}}</script>')


_LINKS = "".join(f'<li><a href="/2026/story-{n}">{title_of(f"/story-{n}")}</a></li>' for n in range(60))

INDEX = f"<!doctype html><title>World</title><h1>World</h1><ul>{_LINKS}</ul>"

SHELL = '<!doctype html><title>App</title><body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script>'

CHECK = "<!doctype html><title>Just a moment...</title><h1>Checking your browser before accessing the site</h1><p>Please enable cookies.</p>"

WALL = page(
    "/wall",
    body=f'<p>{prose("/wall")[0]}</p><div class="paywall"><p>Subscribe to continue reading.</p><p>Already a subscriber? Log in.</p></div>',
)

LOST = "<!doctype html><title>404 Page not found</title><h1>Page not found</h1><p>Sorry, the page that you are looking for does not exist.</p>"
