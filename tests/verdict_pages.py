"""Pages of a ferry's news, and of what may stand in its place: for tests of what a page is."""

from __future__ import annotations

from metadata_pages import NOW
from newsdesk.extract.page import extract
from newsdesk.model import Document, Page

SITE = "https://www.example.com"
URL = f"{SITE}/news/2026/03/02/ferry-timetable-changes-in-spring"
PROSE = [
    "The ferry across the estuary will sail every twenty minutes from the first of April, the harbour office said on Monday.",
    "Two boats that had been laid up since the autumn came back from the yard last week with new engines and a ramp for wheelchairs.",
    "“We have waited for this longer than for the bridge,” said a baker on the north quay, who sends her bread across twice a day.",
    "Tickets stay at the price of last year until the summer, when the council is to decide on a pass for people who live on the island.",
    "A third boat is under repair, and the office expects it on the water before the regatta in June, weather and welders permitting.",
]


def read(body: str, head: str = "", url: str = URL, language: str = "en") -> Document:
    html = f"<!doctype html><html lang={language}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return extract(Page(url, html.encode(), "text/html", fetched_at=NOW))


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def teasers(count: int) -> str:
    return "".join(
        f"<div class=card><h3><a href=/news/{n}>Council decides on harbour plan number {n}</a></h3><p>{n} March</p></div>"
        for n in range(count)
    )


ARTICLE = f"<article><h1>Ferry timetable changes in spring</h1>{paragraphs(*PROSE)}</article>"
TITLE = "<title>Ferry timetable changes in spring - The Example Times</title>"
