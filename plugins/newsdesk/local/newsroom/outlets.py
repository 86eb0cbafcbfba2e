"""The outlets of the demo newsroom: who they are, how their pages look, how their news is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal["broadsheet", "classic", "graph", "plain", "microdata"]
DateStyle = Literal["second", "minute", "local_minute", "day"]
EndpointKind = Literal["feed", "sitemap", "section"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address where links to stories are announced."""

    kind: EndpointKind
    path: str
    form: Literal["rss", "atom", "news", "index", "page", "missing"]
    keeps_old: bool = True  # edition 2 still lists what edition 1 listed


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publisher and the manner of its site."""

    id: str
    name: str
    language: str
    country: str  # ISO 3166-1 alpha-2
    timezone: str  # IANA name
    utc_offset: int  # hours in the demo's days (2–4 March 2026), so that no zone data is needed
    layout: Layout
    dates: DateStyle  # how the article pages write their machine-readable date
    sections: tuple[tuple[str, str], ...]  # (key, label), in the order of the menu
    endpoints: tuple[Endpoint, ...]
    charset: str = "utf-8"
    says_charset: bool = True  # False: the HTTP header is silent, only the page's meta tells
    feed_zone: str = ""  # zone name in RSS dates; "" writes the numeric offset
    tracked_links: bool = False  # feed links carry utm_ parameters
    broken_xml: bool = False  # the feed leaves & unescaped
    conditional: bool = False  # article pages carry ETag and Last-Modified and answer 304
    delay_s: float = 0.0  # before every answer
    crawl_delay_s: float | None = None  # Crawl-delay in robots.txt


_EN = (("news", "News"), ("business", "Business"), ("community", "Community"))

OUTLETS: tuple[Outlet, ...] = (
    Outlet(
        id="harbour-courier",
        name="The Harbour Courier",
        language="en",
        country="GB",
        timezone="Europe/London",
        utc_offset=0,
        layout="broadsheet",
        dates="second",
        sections=_EN,
        endpoints=(Endpoint("feed", "/rss.xml", "rss", keeps_old=False),),
        feed_zone="GMT",
        tracked_links=True,
    ),
    Outlet(
        id="tarn-valley-post",
        name="Tarn Valley Post",
        language="en",
        country="IE",
        timezone="Europe/Dublin",
        utc_offset=0,
        layout="classic",
        dates="second",
        sections=_EN,
        endpoints=(Endpoint("feed", "/atom.xml", "atom"),),
        conditional=True,
    ),
    Outlet(
        id="northmoor-observer",
        name="The Northmoor Observer",
        language="en",
        country="CA",
        timezone="America/Halifax",
        utc_offset=-4,
        layout="graph",
        dates="second",
        sections=_EN,
        endpoints=(Endpoint("sitemap", "/sitemap_index.xml", "index"),),
        conditional=True,
    ),
    Outlet(
        id="daily-ledger",
        name="The Daily Ledger",
        language="en",
        country="US",
        timezone="America/New_York",
        utc_offset=-5,
        layout="plain",
        dates="local_minute",
        sections=(("markets", "Markets"), ("companies", "Companies"), ("economy", "Economy")),
        endpoints=(
            Endpoint("feed", "/feeds/all.rss", "rss"),
            Endpoint("feed", "/feeds/markets.rss", "missing"),
        ),
        feed_zone="EST",
    ),
    Outlet(
        id="saltmarsh-gazette",
        name="The Saltmarsh Gazette",
        language="en",
        country="GB",
        # London's winter time is UTC, so a bare date means the same instant by either reading.
        timezone="Europe/London",
        utc_offset=0,
        layout="plain",
        dates="day",
        sections=_EN,
        endpoints=(Endpoint("section", "/news/", "page"),),
        crawl_delay_s=0.2,
    ),
    Outlet(
        id="evening-lantern",
        name="The Evening Lantern",
        language="en",
        country="NZ",
        timezone="Pacific/Auckland",
        utc_offset=13,
        layout="microdata",
        dates="second",
        sections=_EN,
        endpoints=(Endpoint("feed", "/feed/", "rss"),),
        broken_xml=True,
        delay_s=0.8,
    ),
    Outlet(
        id="old-mill-bulletin",
        name="Old Mill Bulletin",
        language="en",
        country="GB",
        timezone="Europe/London",
        utc_offset=0,
        layout="classic",
        dates="second",
        sections=_EN,
        endpoints=(Endpoint("feed", "/index.rss", "rss"),),
    ),
    Outlet(
        id="courrier-valbrune",
        name="Le Courrier de Valbrune",
        language="fr",
        country="FR",
        timezone="Europe/Paris",
        utc_offset=1,
        layout="microdata",
        dates="minute",
        sections=(("region", "Région"), ("economie", "Économie"), ("culture", "Culture")),
        endpoints=(Endpoint("feed", "/flux/atom.xml", "atom", keeps_old=False),),
        conditional=True,
    ),
    Outlet(
        id="gazette-du-lac",
        name="La Gazette du Lac",
        language="fr",
        country="CH",
        timezone="Europe/Zurich",
        utc_offset=1,
        layout="graph",
        dates="second",
        sections=(("actualite", "Actualité"), ("economie", "Économie"), ("montagne", "Montagne")),
        endpoints=(
            Endpoint("feed", "/rss", "rss"),
            Endpoint("sitemap", "/sitemap-news.xml", "news"),
        ),
    ),
    Outlet(
        id="faro-de-montelar",
        name="El Faro de Montelar",
        language="es",
        country="ES",
        timezone="Europe/Madrid",
        utc_offset=1,
        layout="broadsheet",
        dates="second",
        sections=(("local", "Local"), ("economia", "Economía"), ("cultura", "Cultura")),
        endpoints=(Endpoint("sitemap", "/sitemap-noticias.xml", "news"),),
        conditional=True,
    ),
    Outlet(
        id="rothenauer-anzeiger",
        name="Rothenauer Anzeiger",
        language="de",
        country="DE",
        timezone="Europe/Berlin",
        utc_offset=1,
        layout="classic",
        dates="second",
        sections=(("lokales", "Lokales"), ("wirtschaft", "Wirtschaft"), ("kultur", "Kultur")),
        endpoints=(Endpoint("feed", "/rss/alle.xml", "rss", keeps_old=False),),
        charset="windows-1252",
        says_charset=False,
        feed_zone="MET",
    ),
)

BY_ID: dict[str, Outlet] = {outlet.id: outlet for outlet in OUTLETS}
