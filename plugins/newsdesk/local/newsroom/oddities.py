"""The addresses that are no articles, or that do not answer as they should, and what is to become
of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OddKind = Literal[
    "index", "moved", "amp", "gallery", "video", "paywall", "challenge", "script_shell",
    "missing", "removed", "server_error", "disallowed", "pdf", "huge", "loop", "private",
    "cut_short", "hang_up", "trickle",
]  # fmt: skip

# A gallery says of itself that it is one (JSON-LD ImageGallery); the video page calls itself an article, and holds a
# player and one sentence.
OUTCOMES: dict[OddKind, str] = {
    "index": "index", "moved": "duplicate_url", "amp": "duplicate_url",
    "gallery": "gallery", "video": "video", "paywall": "wall", "challenge": "challenge",
    "script_shell": "needs_js", "missing": "gone", "removed": "gone",
    "server_error": "http_error", "disallowed": "robots_denied", "pdf": "wrong_type",
    "huge": "too_large", "loop": "redirect_loop", "private": "blocked_address",
    "cut_short": "incomplete", "hang_up": "connection", "trickle": "timeout",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Oddity:
    """One such address, as its outlet's endpoint announces it."""

    kind: OddKind
    outlet: str
    path: str
    section: str
    title: str
    published: str  # the outlet's local time
    edition: int = 1
    article: str | None = None  # of moved and amp: path of the article it leads to


ODDITIES: tuple[Oddity, ...] = (
    Oddity("index", "harbour-courier", "/news/", "news",
           "All the news from the harbour", "2026-03-02T13:00:00"),
    Oddity("moved", "harbour-courier", "/node/48213", "news",
           "Breakwater repairs to start in April", "2026-03-02T07:42:00",
           article="/news/2026/03/02/breakwater-repairs-to-start-in-april"),
    Oddity("gallery", "tarn-valley-post", "/galleries/412-the-valley-under-snow.html", "community",
           "Gallery: the valley under snow", "2026-03-02T15:00:00"),
    Oddity("missing", "tarn-valley-post", "/articles/4429-bridge-at-millbrook-reopened.html", "news",
           "Bridge at Millbrook reopened", "2026-03-04T07:45:00", edition=2),
    Oddity("amp", "northmoor-observer", "/amp/2026/03/03/library-fines-abolished-in-northmoor/",
           "community", "Library fines abolished in Northmoor after 112 years",
           "2026-03-03T15:00:20", article="/2026/03/03/library-fines-abolished-in-northmoor/"),
    Oddity("disallowed", "northmoor-observer", "/print/2026/03/02/northmoor-hospital-night-clinic/",
           "news", "Print edition: night clinic for children", "2026-03-02T08:31:00"),
    Oddity("removed", "northmoor-observer", "/2026/03/01/mayor-of-northmoor-cleared-of-charges/",
           "news", "Report withdrawn", "2026-03-01T19:00:00"),
    Oddity("paywall", "daily-ledger", "/companies/who-will-buy-tarn-foods", "companies",
           "Analysis: who will buy Tarn Foods?", "2026-03-03T12:00:00"),
    Oddity("pdf", "daily-ledger", "/documents/kestrel-bank-annual-report", "companies",
           "Document: Kestrel Bank's annual report", "2026-03-02T10:00:00"),
    Oddity("missing", "saltmarsh-gazette", "/news/church-fete-moved-to-the-barn", "news",
           "Church fete moved to the barn", "2026-03-01T00:00:00"),
    Oddity("video", "evening-lantern", "/2026/03/watch-seals-return-to-rata-point", "news",
           "Watch: seals return to Rata Point", "2026-03-02T20:00:00"),
    Oddity("server_error", "old-mill-bulletin", "/story/102-bakery-wins-prize.html", "news",
           "Bakery wins prize for sourdough", "2026-03-02T11:00:00"),
    Oddity("huge", "old-mill-bulletin", "/story/105-all-parish-minutes-since-1894.html", "news",
           "All parish minutes since 1894 on one page", "2026-03-02T11:10:00"),
    Oddity("loop", "old-mill-bulletin", "/story/106-flood-meadow-walk.html", "community",
           "A walk through the flood meadow", "2026-03-02T11:20:00"),
    Oddity("private", "old-mill-bulletin", "/story/107-webcam-on-the-weir.html", "community",
           "Webcam on the weir", "2026-03-02T11:30:00"),
    Oddity("cut_short", "old-mill-bulletin", "/story/108-jumble-sale-raises-money.html", "community",
           "Jumble sale raises money for the roof", "2026-03-02T11:40:00"),
    Oddity("hang_up", "old-mill-bulletin", "/story/109-cricket-club-needs-an-umpire.html",
           "community", "Cricket club needs an umpire", "2026-03-02T11:50:00"),
    Oddity("trickle", "old-mill-bulletin", "/story/110-post-van-timetable.html", "news",
           "New timetable for the post van", "2026-03-02T12:00:00"),
    Oddity("challenge", "courrier-valbrune", "/region/2026/03/02/les-horaires-de-la-piscine",
           "region", "Les nouveaux horaires de la piscine", "2026-03-02T17:00:00"),
    Oddity("disallowed", "courrier-valbrune", "/print/le-pont-des-tanneurs", "region",
           "Version imprimable : le pont des Tanneurs", "2026-03-02T08:16:00"),
    Oddity("script_shell", "gazette-du-lac", "/direct/niveau-du-lac/", "actualite",
           "En direct : le niveau du lac", "2026-03-02T12:00:00"),
    Oddity("removed", "faro-de-montelar", "/local/aviso-corte-de-agua.html", "local",
           "Aviso: corte de agua en el centro", "2026-03-02T07:00:00"),
    Oddity("paywall", "rothenauer-anzeiger", "/wirtschaft/wem-gehoert-der-hafen-art2214.html",
           "wirtschaft", "Wem gehört der Hafen?", "2026-03-03T06:00:00"),
)  # fmt: skip

# Linked a second time further down in the same feed, there without its utm_ parameters.
LINKED_TWICE = ("harbour-courier", "/news/2026/03/02/ferry-aground-off-greywick")
