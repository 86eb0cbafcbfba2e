"""What is taken of a foreign archive's records, each other one left out for one reason, and whose a page is."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from newsdesk.archive.foreign import read_records
from newsdesk.importing.pages import LeftOut, judge
from newsdesk.importing.sites import sites_of
from newsdesk.model import Endpoint, EndpointKind, Response, Source
from warc_making import http, record

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PAGE = b"<p>Caf\xc3\xa9</p>" * 20
LIMIT = 2_000


def judged(data: bytes, **more: object) -> Response | LeftOut:
    (found,) = read_records(BytesIO(data), max_block=LIMIT + 10_000)
    return judge(found, LIMIT, NOW, **more)  # type: ignore[arg-type]


def body_of(block: bytes) -> bytes:
    found = judged(record(block=block))
    assert isinstance(found, Response), found
    return found.body


def test_a_page_is_as_if_fetched_at_its_warc_date() -> None:
    found = judged(record(url="<https://www.example.com/a>", block=http(PAGE), when="2024-05-01T12:00:00+02:00"))
    assert isinstance(found, Response)
    assert (found.url, found.final_url, found.status) == ("https://www.example.com/a", "https://www.example.com/a", 200)
    assert (found.body, found.fetched_at, found.outcome) == (PAGE, datetime(2024, 5, 1, 10, tzinfo=UTC), None)
    assert found.header("content-type") == "text/html; charset=utf-8"


CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PAGE, ()),
        (gzip.compress(PAGE), ("Content-Encoding: gzip",)),
        (zlib.compress(PAGE), ("Content-Encoding: deflate",)),
        (CHUNKED % (len(PAGE), PAGE), ("Transfer-Encoding: chunked",)),
        (CHUNKED % (len(packed := gzip.compress(PAGE)), packed),
         ("Transfer-Encoding: chunked", "Content-Encoding: gzip")),
        (PAGE, ("Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Length: 17")),  # undone by the crawler
        (PAGE, ("Content-Encoding: deflate",)),
        (PAGE, ("Content-Encoding: br",)),
    ],
)  # fmt: skip
def test_codings_are_undone_where_the_archive_kept_them(body: bytes, headers: tuple[str, ...]) -> None:
    assert body_of(http(body, "200 OK", "text/html", *headers)) == PAGE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record("warcinfo"), "warcinfo"),
        (record("request"), "request"),
        (record("metadata"), "metadata"),
        (record("revisit", block=http(b"")), "revisit"),
        (record("resource", block=PAGE), "not_response"),
        (record(block=http(PAGE))[:-90], "damaged"),
        (record(url="dns:www.example.com", block=b"20240501 www.example.com. A 192.0.2.1"), "not_http"),
        (record(block=b"no http"), "not_http"),
        (record(block=http(b"", "301 Moved")), "redirect"),
        (record(block=http(b"gone", "404 Not Found")), "status"),
        (record(block=http(b"%PDF", "200 OK", "application/pdf")), "not_html"),
        (record(block=http(b"x" * (LIMIT + 1))), "too_large"),
        (record(block=http(b"x" * (LIMIT + 20_000))), "too_large"),
        (record(block=http(gzip.compress(b"x" * LIMIT * 50), "200 OK", "text/html", "Content-Encoding: gzip")), "too_large"),
        (record("response", "https://www.example.com/a", http(PAGE), "2024-05-01T10:00:00Z", "WARC-Truncated: length"), "cut"),
        (record(block=http(PAGE, "200 OK", "text/html", "Content-Length: 9999")), "cut"),
        (record(block=http(gzip.compress(PAGE)[:-20], "200 OK", "text/html", "Content-Encoding: gzip")), "cut"),
        (record(block=http(b"\xff\xfe\x00", "200 OK", "text/html", "Content-Encoding: deflate")), "undecodable"),
        (record(block=http(b" \n")), "empty"),
        (record(url="", block=http(PAGE)), "no_url"),
        (record(url="https:///", block=http(PAGE)), "no_url"),
        (record(url="https://www.example.com/" + "a" * 3000, block=http(PAGE)), "no_url"),
        (record(url="http://10.0.0.1/", block=http(PAGE)), "blocked_address"),
        (record(url="http://intranet/", block=http(PAGE)), "blocked_address"),
        (record(url="http://a:b@www.example.com/", block=http(PAGE)), "blocked_address"),
        (record(block=http(PAGE), when="yesterday"), "no_date"),
        (record(block=http(PAGE), when="2034-05-01T10:00:00Z"), "no_date"),
        (record(block=http(PAGE), when="1970-01-01T00:00:00Z"), "no_date"),
    ],
)  # fmt: skip
def test_every_other_record_is_left_out_for_its_reason(data: bytes, reason: str) -> None:
    assert judged(data) == reason


def test_the_operators_own_servers_may_be_private() -> None:
    data = record(url="http://127.0.0.1:8701/a", block=http(PAGE))
    assert judged(data) == LeftOut.BLOCKED_ADDRESS
    assert isinstance(judged(data, own_hosts={"127.0.0.1:8701"}), Response)


def test_a_page_without_a_content_type_is_taken_as_the_fetcher_takes_it() -> None:
    assert body_of(http(PAGE, "200 OK", "")) == PAGE


def test_a_page_goes_to_the_source_of_its_site() -> None:
    world = Source("world", "World", "https://www.example.com/world/")
    sport = Source("sport", "Sport", "https://www.example.com/", include=("/sport/",))
    feeds = Source(
        "feeds", "Feeds", "https://other.example/", endpoints=(Endpoint(EndpointKind.FEED, "https://f.example/"),)
    )
    sites = sites_of([feeds, sport, world])
    assert sites.source_of("https://www.example.com/world/a") is world
    assert sites.source_of("https://m.example.com/sport/a") is sport
    assert sites.source_of("https://m.example.com/city/a") is world  # sport would exclude it
    assert sites.source_of("https://x.f.example/a") is feeds


def test_a_site_that_is_nobodys_gets_a_source_of_its_own_which_is_not_polled() -> None:
    sites = sites_of([Source("example-com", "Taken", "https://taken.example/")])
    made = sites.source_of("https://news.example.com/a")
    assert (made.id, made.name, made.homepage, made.enabled) == (
        "example-com-2",
        "example.com",
        "https://example.com/",
        False,
    )
    assert sites.source_of("https://www.example.com/b") is made
    assert sites.source_of("https://m.zeitung.co.uk/").id == "zeitung-co-uk"
    assert sites.source_of("https://xn--bcher-kva.example/").id == "xn-bcher-kva-example"
