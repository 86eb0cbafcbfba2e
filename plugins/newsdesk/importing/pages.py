"""What a record of a foreign archive is to us: a page that can go through our stages, or left out for a reason.

Pure: nothing here knows what is in the database. What depends on that (excluded, known already) has its reasons here
too, so that all that a record can come to stands in one list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from newsdesk import urls
from newsdesk.archive.foreign import ForeignRecord
from newsdesk.archive.http_block import HttpBlock, read_http
from newsdesk.fetch.addresses import check_form
from newsdesk.fetch.coding import CodingError, Cut, TooLong, decode
from newsdesk.fetch.media import is_html, media_type
from newsdesk.model import Response
from newsdesk.screening import key_of

MAX_HEAD = 1 << 18  # bytes of HTTP headers in a record, beyond the limit of the body
_STEP = 1 << 16
_FIRST_YEAR = 1991  # of the web
_CLOCKS_DIFFER = timedelta(days=1)


class LeftOut(StrEnum):
    """Why a record is not taken. Each record that was read is either taken or left out for exactly one of these."""

    WARCINFO = "warcinfo"  # records that are no pages, by their WARC-Type
    REQUEST = "request"
    METADATA = "metadata"
    REVISIT = "revisit"  # says only that a page was as before
    NOT_RESPONSE = "not_response"  # any other type
    NOT_HTTP = "not_http"  # no HTTP response in it: dns:, ftp:
    REDIRECT = "redirect"
    STATUS = "status"  # any other status than 200
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"  # than NEWSDESK_FETCH_MAX_BYTES, packed or unpacked
    CUT = "cut"  # the archive itself holds only a part of the page
    UNDECODABLE = "undecodable"  # not in the content coding that its headers name
    EMPTY = "empty"
    NO_URL = "no_url"  # no address, or none that a page can have
    NO_DATE = "no_date"  # no usable WARC-Date
    BLOCKED_ADDRESS = "blocked_address"  # a private or special address, or no port of the web
    DAMAGED = "damaged"  # the record cannot be read
    EXCLUDED = "excluded"  # by the include and exclude patterns of its source
    WITHDRAWN = "withdrawn"  # its address was withdrawn: see `newsdesk withdraw`
    ALREADY_IMPORTED = "already_imported"  # this very capture is here
    NEWER_KNOWN = "newer_known"  # a later capture of the URL is here
    OLDER_STATE = "older_state"  # a later capture of the URL is in the same import
    SAME_PAGE = "same_page"  # its article was read from a page of just these bytes
    IN_HAND = "in_hand"  # its URL was in the hands of another run


_BY_KIND = {kind.value: kind for kind in (LeftOut.WARCINFO, LeftOut.REQUEST, LeftOut.METADATA, LeftOut.REVISIT)}


def judge(record: ForeignRecord, max_bytes: int, now: datetime, own_hosts: Collection[str] = ()) -> Response | LeftOut:
    """The page in the record as if it had been fetched at its WARC-Date, or why there is none.

    `own_hosts`: the operator's own servers, whose addresses may be private.
    """
    if record.damage is not None:
        return LeftOut.DAMAGED
    if record.kind != "response":
        return _BY_KIND.get(record.kind, LeftOut.NOT_RESPONSE)
    url = address_of(record)
    if url is not None and not url.lower().startswith(("http://", "https://")):
        return LeftOut.NOT_HTTP
    if record.block is None:
        return LeftOut.TOO_LARGE
    http = read_http(record.block)
    if http is None:
        return LeftOut.NOT_HTTP
    if (refusal := _refusal(http)) is not None:
        return refusal
    if url is None or key_of(url) is None:
        return LeftOut.NO_URL
    if not check_form(url, allow_private=urls.host(url) in own_hosts).allowed:
        return LeftOut.BLOCKED_ADDRESS
    when = _date_of(record, now)
    if when is None:
        return LeftOut.NO_DATE
    if http.cut or record.header("WARC-Truncated"):
        return LeftOut.CUT
    body = _decoded(http, max_bytes)
    if isinstance(body, LeftOut):
        return body
    return Response(url, url, http.status, http.headers, body, when, 0.0)


def address_of(record: ForeignRecord) -> str | None:
    """WARC-Target-URI; some writers put it in angle brackets, as the grammar of WARC/1.0 has it."""
    target = (record.header("WARC-Target-URI") or "").strip()
    if target.startswith("<") and target.endswith(">"):
        target = target[1:-1].strip()
    return target or None


def _refusal(http: HttpBlock) -> LeftOut | None:
    if 300 <= http.status < 400:
        return LeftOut.REDIRECT
    if http.status != 200:
        return LeftOut.STATUS
    kind = media_type(http.header("Content-Type"))
    if kind and not is_html(kind):
        return LeftOut.NOT_HTML
    return None


def _date_of(record: ForeignRecord, now: datetime) -> datetime | None:
    """WARC-Date in UTC; None for one that cannot be. In no later than now: no page was fetched in the future."""
    try:
        when = datetime.fromisoformat((record.header("WARC-Date") or "").strip())
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if when.year < _FIRST_YEAR or when > now + _CLOCKS_DIFFER:
        return None
    return min(when, now)


def _decoded(http: HttpBlock, max_bytes: int) -> bytes | LeftOut:
    if len(http.body) > max_bytes:
        return LeftOut.TOO_LARGE
    try:
        body = b"".join(decode(_steps(http.body), http.header("Content-Encoding"), max_bytes))
    except TooLong:
        return LeftOut.TOO_LARGE
    except CodingError as error:
        # many crawlers store the plain body under the headers of the packed one
        if not http.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return LeftOut.CUT if isinstance(error, Cut) else LeftOut.UNDECODABLE
        body = http.body
    return body if body.strip() else LeftOut.EMPTY


def _steps(body: bytes) -> Iterator[bytes]:
    return (body[at : at + _STEP] for at in range(0, len(body), _STEP))
