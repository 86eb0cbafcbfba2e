"""URLs: parsing as browsers do it, and the keys under which the addresses of one article are one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

from subjects.scoring import OURS, NotAsked, Reader, Row, Subject, reader


def parsing_part(row: Row) -> str | None:
    return {"wpt": "WPT urltestdata", "mediacloud-domain": "registrable domain"}.get(row["set"])


def judge_parsing(row: Row, got: str | None) -> list[str]:
    told = row["expected"] if row["set"] == "mediacloud-domain" else row["href"]
    return [] if got == told else [f"{got!r}, {told!r} expected"]


def parsed_by_us() -> Callable[[Row], str | None]:
    """By what `newsdesk.urls` stands on; and where the address is a web page's, by `absolute` too."""
    from ada_url import URL

    from newsdesk import urls

    def read(row: Row) -> str | None:
        if row["set"] != "wpt":
            return urls.site(row["input"])
        try:
            href: str | None = str(URL(row["input"], row["base"]).href)
        except ValueError:
            href = None
        joined = urls.absolute(row["input"], row["base"] or "about:blank")
        web = href is not None and href.startswith(("http://", "https://"))
        if row["base"] and joined != (href if web else None):
            return f"absolute: {joined}"
        return href

    return read


def joined_by_urllib(row: Row) -> str | None:
    if row["set"] != "wpt":
        raise NotAsked
    try:
        return urljoin(row["base"] or "", row["input"])
    except ValueError:
        return None


def domain_by_courlan() -> Callable[[Row], str | None]:
    from courlan import extract_domain

    def read(row: Row) -> str | None:
        if row["set"] == "wpt":
            raise NotAsked
        found: str | None = extract_domain(row["input"], fast=False)
        return found

    return read


def parsing_readers() -> list[Reader]:
    return [
        Reader(OURS, parsed_by_us()),
        Reader("urllib.parse", joined_by_urllib),
        reader("courlan", "courlan", domain_by_courlan),
    ]


def key_part(row: Row) -> str | None:
    if row["set"] not in ("pairs", "pairs-real") or row["same"] is None or row.get("needs") == "page":
        return None
    return f"{row['set']}: " + ("one article, found" if row["same"] else "two articles, kept apart")


def judge_keys(row: Row, keys: tuple[str | None, str | None]) -> list[str]:
    a, b = keys
    if (a is not None and a == b) == row["same"]:
        return []
    return [f"{a} and {b}: {'should be one' if row['same'] else 'different articles merged'}"]


def both(key: Callable[[str], str | None]) -> Callable[[Row], tuple[str | None, str | None]]:
    def read(row: Row) -> tuple[str | None, str | None]:
        return _or_none(key, row["a"]), _or_none(key, row["b"])

    return read


def _or_none(key: Callable[[str], str | None], url: str) -> str | None:
    try:
        return key(url)
    except ValueError:
        return None


def key_readers() -> list[Reader]:
    def ours() -> Callable[[Row], tuple[str | None, str | None]]:
        from newsdesk.urls import canonical_key

        return both(canonical_key)

    def by_courlan() -> Callable[[Row], tuple[str | None, str | None]]:
        from courlan import clean_url

        return both(clean_url)

    def by_w3lib() -> Callable[[Row], tuple[str | None, str | None]]:
        from w3lib.url import canonicalize_url

        return both(canonicalize_url)

    def by_url_normalize() -> Callable[[Row], tuple[str | None, str | None]]:
        from url_normalize import url_normalize

        return both(url_normalize)

    return [
        Reader(OURS, ours()),
        reader("courlan", "courlan", by_courlan),
        reader("w3lib", "w3lib", by_w3lib),
        reader("url-normalize", "url-normalize", by_url_normalize),
    ]


URLS = Subject(
    "urls", "urls",
    "WPT: the href, or that there is none. Normalisations of other projects are opinions and are not scored.",
    parsing_part, parsing_readers, judge_parsing,
)  # fmt: skip

KEYS = Subject(
    "keys", "urls",
    "Two addresses, told to be one article's or two articles'. Left out: pairs that only the page can decide.",
    key_part, key_readers, judge_keys,
)  # fmt: skip
