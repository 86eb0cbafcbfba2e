"""robots.txt: may this agent fetch this address; crawl-delay; what the status of the answer means."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.robotparser import RobotFileParser

from subjects.scoring import OURS, NotAsked, Reader, Row, Subject, reader

# That library's own policies, which the data's README sets aside.
_SET_ASIDE = ("testBigCrawlDelay", "testDirectiveTypos")
# RFC 9309 2.3.1 by the row's id: may a page be fetched after this answer? Of the others a fetcher is judged, not a reader.
_BY_STATUS = {
    "own/status-404": True, "own/status-429": False, "own/status-500": False, "own/status-503": False,
    "own/status-dns": False, "own/status-timeout": False,
}  # fmt: skip
_PAGE = "https://news.example/2026/03/02/a"

Answer = bool | float | None


def part(row: Row) -> str | None:
    if any(name in row["id"] for name in _SET_ASIDE):
        return None
    if "status" in row:
        return "status of the answer" if row["id"] in _BY_STATUS else None
    if _asks_delay(row):
        return "crawl-delay"
    origin = row["id"].split("/")[0]
    return {
        "google": f"google robotstxt, {row.get('note')}", "cpython": "cpython", "own": "own traps",
        "real": "real files: no exception",
    }.get(origin, origin)  # fmt: skip


def judge(row: Row, got: Answer) -> list[str]:
    if row["id"].startswith("real/"):
        return []
    told = _BY_STATUS.get(row["id"]) if "status" in row else row["crawl_delay" if _asks_delay(row) else "allowed"]
    return [] if got == told else [f"{row['agent']} {row['url']}: {got}, {told} expected"]


def _asks_delay(row: Row) -> bool:
    """A row without a verdict asks for the delay, of which it may tell that there is none."""
    return row["allowed"] is None and not row["id"].startswith("real/")


def body(row: Row) -> bytes:
    return base64.b64decode(row["robots_b64"]) if row.get("robots_b64") else (row.get("robots") or "").encode()


def ours() -> Callable[[Row], Answer]:
    from newsdesk.fetch.robots import parse_robots, robots_for_status

    def read(row: Row) -> Answer:
        if "status" in row:
            return robots_for_status(row["status"] or None).allowed(row["agent"], _PAGE)
        rules = parse_robots(body(row))
        if row["id"].startswith("real/"):
            return rules.allowed("newsdesk", _PAGE) and bool(rules.crawl_delay("newsdesk") or rules.sitemaps)
        return rules.crawl_delay(row["agent"]) if _asks_delay(row) else rules.allowed(row["agent"], row["url"])

    return read


def by_protego() -> Callable[[Row], Answer]:
    from protego import Protego

    def read(row: Row) -> Answer:
        if "status" in row:
            raise NotAsked
        rules = Protego.parse(body(row).decode("utf-8", "replace"))
        if row["id"].startswith("real/"):
            return rules.can_fetch(_PAGE, "newsdesk") and bool(rules.crawl_delay("newsdesk") or list(rules.sitemaps))
        agent = row["agent"]
        found: Answer = rules.crawl_delay(agent) if _asks_delay(row) else rules.can_fetch(row["url"], agent)
        return found

    return read


def by_stdlib(row: Row) -> Answer:
    if "status" in row:
        raise NotAsked
    rules = RobotFileParser()
    rules.parse(body(row).decode("utf-8", "replace").splitlines())
    if row["id"].startswith("real/"):
        return rules.can_fetch("newsdesk", _PAGE) and bool(rules.crawl_delay("newsdesk") or rules.site_maps())
    if _asks_delay(row):
        found = rules.crawl_delay(row["agent"])
        return None if found is None else float(found)
    return rules.can_fetch(row["agent"], row["url"])


def readers() -> list[Reader]:
    return [
        Reader(OURS, ours()),
        reader("protego", "protego", by_protego),
        Reader("urllib.robotparser", by_stdlib),
    ]


ROBOTS = Subject(
    "robots", "robots",
    "A row is right when the verdict is the told one. Left out: the two tests that the data's README sets aside, and "
    "rows that only a fetcher can be judged by. The libraries are given the text as UTF-8.",
    part, readers, judge,
)  # fmt: skip
