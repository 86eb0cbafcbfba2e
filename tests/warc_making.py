"""WARC files of the tests' own: whole ones by warcio, and odd ones by hand."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WHEN = datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def html(title: str, paragraphs: Iterable[str], head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def http(body: bytes, status: str = "200 OK", content_type: str = "text/html; charset=utf-8", *more: str) -> bytes:
    headers = [f"HTTP/1.1 {status}", *([f"Content-Type: {content_type}"] if content_type else []), *more]
    return "\r\n".join(headers).encode("latin-1") + b"\r\n\r\n" + body


def record(
    kind: str = "response", url: str = "https://www.example.com/a", block: bytes = b"", when: str = "2024-05-01T10:00:00Z",
    *more: str, end: str = "\r\n", length: int | None = None,
) -> bytes:  # fmt: skip
    """One record by hand; `length`: what it claims."""
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"WARC-Date: {when}",
        f"Content-Length: {len(block) if length is None else length}", *more, "", "",
    ]  # fmt: skip
    return end.join(lines).encode("latin-1") + block + (end * 2).encode()


def packed(*records: bytes) -> bytes:
    """A gzip member for each."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def cc_news(pages: Iterable[tuple[str, datetime, bytes]]) -> bytes:
    """As CC-NEWS: WARC/1.0, a gzip member a record, warcinfo first, request and metadata beside each response."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.0")
    writer.write_record(writer.create_warcinfo_record("news.warc.gz", {"software": "a news crawler"}))
    for url, when, body in pages:
        dated = {"WARC-Date": f"{when:%Y-%m-%dT%H:%M:%SZ}"}
        ask = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        writer.write_record(
            writer.create_warc_record(url, "request", payload=BytesIO(b""), http_headers=ask, warc_headers_dict=dated)
        )
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=answer, warc_headers_dict=dated
            )
        )
        writer.write_record(
            writer.create_warc_record(
                url, "metadata", payload=BytesIO(b"fetchTimeMs: 9"), warc_content_type="application/warc-fields",
                warc_headers_dict=dated,
            )
        )  # fmt: skip
    return out.getvalue()
