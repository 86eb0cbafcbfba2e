"""Which source a page belongs to, told by its address alone; and a source for a site that nobody named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from newsdesk import urls
from newsdesk.model import Source
from newsdesk.screening import why_excluded
from newsdesk.sources import MAX_ID, id_of, own_sites


@dataclass(slots=True)
class Sites:
    """The sources by the sites (registrable domains) of their homepages and endpoints."""

    by_site: dict[str, list[Source]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, Source] = field(default_factory=dict)

    def add(self, source: Source) -> None:
        self.by_id[source.id] = source
        for site in own_sites(source):
            self.by_site[site].append(source)

    def source_of(self, url: str) -> Source:
        """The source of the page; one is made where its site is nobody's."""
        site = urls.site(url)
        known = self.by_site.get(site)
        if not known:
            source = Source(id=self._free_id(site), name=site, homepage=f"https://{site}/", enabled=False)
            self.add(source)
            return source
        return known[0] if len(known) == 1 else best_source(known, url)

    def _free_id(self, site: str) -> str:
        """`example-com`; where two sites come to the same, the later one has a number."""
        plain = id_of(site, MAX_ID - 6) or "site"
        number, free = 1, plain
        while free in self.by_id:
            number += 1
            free = f"{plain}-{number}"
        return free


def sites_of(sources: Iterable[Source]) -> Sites:
    """The sources, ready to be asked whose a page is."""
    sites = Sites()
    for source in sources:
        sites.add(source)
    return sites


def best_source(sources: Sequence[Source], url: str) -> Source:
    """Of several sources of one site, the one whose homepage is nearest above the page, and whose patterns admit it."""
    parts = urlsplit(url)
    host, key, path = urls.host(url), urls.canonical_key(url), parts.path.split("/")[1:]

    def nearness(source: Source) -> tuple[bool, bool, int, bool]:
        home = [segment for segment in urlsplit(source.homepage).path.split("/") if segment]
        return (
            why_excluded(source, url, key) is None,
            source.enabled,
            len(home) if path[: len(home)] == home else 0,
            urls.host(source.homepage) == host,
        )

    return max(sources, key=nearness)  # of equals the first, by id
