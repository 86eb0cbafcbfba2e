"""Pages as they should be taken, however oddly they come."""

from __future__ import annotations

from hostile_server.server import PAGE, Answer, Request, chunked, reply, scene
from newsdesk.model import Outcome


@scene("/page")
def page(request: Request) -> Answer:
    return reply(PAGE, 'ETag: W/"abc-gzip"', "Last-Modified: Tue, 19 Jan 2038 99:14:07 GMT")


@scene("/validated")
def validated(request: Request) -> Answer:
    """304 to a validator, whatever it is; else a page."""
    if "if-none-match" in request.headers or "if-modified-since" in request.headers:
        return reply(b"", 'ETag: W/"new"', status="304 Not Modified", length=None)
    return reply()


@scene("/http10", hangs_up=True)
def http_1_0_and_close(request: Request) -> Answer:
    return reply(length=None).replace(b"HTTP/1.1", b"HTTP/1.0")


@scene("/no-length", hangs_up=True)
def no_length_read_to_close(request: Request) -> Answer:
    return reply(length=None)


@scene("/chunked")
def in_chunks(request: Request) -> Answer:
    return reply(chunked(PAGE[:100], PAGE[100:]), "Transfer-Encoding: chunked", length=None)


@scene("/chunked-and-length")
def chunks_win_over_content_length(request: Request) -> Answer:
    return reply(chunked(PAGE), "Transfer-Encoding: chunked", length=7)


@scene("/chunk-extension")
def chunk_with_extension_and_trailer(request: Request) -> Answer:
    body = b"%x;name=value\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(PAGE), PAGE)
    return reply(body, "Transfer-Encoding: chunked", length=None)


@scene("/early-hints")
def early_hints_before_the_page(request: Request) -> Answer:
    return b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + reply()


@scene("/continues")
def fifty_times_100_continue(request: Request) -> Answer:
    return b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + reply()


@scene("/no-colon")
def header_line_without_colon(request: Request) -> Answer:
    return reply(PAGE, "this is no header", "X-After: kept")


@scene("/no-type")
def no_content_type(request: Request) -> Answer:
    return reply().replace(b"Content-Type: text/html; charset=utf-8\r\n", b"")


@scene("/odd-type")
def content_type_in_bad_form(request: Request) -> Answer:
    return reply(PAGE, "Content-Type: text/html;;;charset")


@scene("/length-too-small", hangs_up=True, body=PAGE[:10])
def content_length_too_small_is_believed(request: Request) -> Answer:
    return reply(PAGE, length=10)


@scene("/set-cookie")
def sets_a_cookie(request: Request) -> Answer:
    return reply(PAGE, "Set-Cookie: visit=1; path=/")


@scene("/", body=None)
def home_page(request: Request) -> Answer:
    return reply(b"<!doctype html><title>Home</title>")


@scene("/news/", body=None)
def section_page(request: Request) -> Answer:
    return reply(b"<!doctype html><title>News</title>")


@scene("/octet-html", as_page=True)
def a_page_as_octet_stream(request: Request) -> Answer:
    return reply(PAGE, "Content-Type: application/octet-stream")


@scene("/xhtml-as-xml", as_page=True, body=None)
def a_page_as_xml(request: Request) -> Answer:
    page = (
        b'<?xml version="1.0"?>\n<!-- made by hand --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html/>'
    )
    return reply(page, "Content-Type: application/xml")


@scene("/untyped-page", as_page=True)
def a_page_without_content_type(request: Request) -> Answer:
    return no_content_type(request)


@scene("/odd-type-page", as_page=True)
def a_page_with_content_type_in_bad_form(request: Request) -> Answer:
    return content_type_in_bad_form(request)


@scene("/octet-binary", Outcome.WRONG_TYPE, as_page=True)
def bytes_as_octet_stream(request: Request) -> Answer:
    return reply(bytes(range(256)) * 8, "Content-Type: application/octet-stream")


@scene("/octet-endless", Outcome.WRONG_TYPE, as_page=True, hangs_up=True)
def endless_bytes_as_octet_stream(request: Request) -> Answer:
    yield reply(b"", "Content-Type: application/octet-stream", length=None)
    while True:
        yield bytes(1000)


@scene("/pdf-as-html", Outcome.WRONG_TYPE, as_page=True)
def a_pdf_file_as_html(request: Request) -> Answer:
    return reply(b"%PDF-1.7\n" + PAGE)


@scene("/attachment", Outcome.WRONG_TYPE, as_page=True)
def content_disposition_attachment(request: Request) -> Answer:
    return reply(PAGE, 'Content-Disposition: attachment; filename="page.html"')


@scene("/multipart", Outcome.WRONG_TYPE, hangs_up=True)
def multipart_mixed_replace(request: Request) -> Answer:
    yield reply(b"", "Content-Type: multipart/x-mixed-replace; boundary=x", length=None)
    while True:
        yield b"--x\r\nContent-Type: text/html\r\n\r\n" + PAGE


@scene("/empty", body=b"")
def two_hundred_with_an_empty_body(request: Request) -> Answer:
    return reply(b"")


@scene("/not-found-200", Outcome.GONE, as_page=True)
def two_hundred_with_an_error_page(request: Request) -> Answer:
    return reply(b"<!doctype html><title>Page not found | The Harbour Times</title><p>Try the search.")
