"""Cookies of one visit: the standard library's rules (RFC 6265 in the main), in a jar that ends with the visit."""

from __future__ import annotations

from typing import Any, cast

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

MAX_COOKIE_BYTES = 8192  # of a request's header; a server that wants more gets none


def keep_cookies(jar: RequestsCookieJar | None, request: requests.PreparedRequest, answer: Any) -> RequestsCookieJar:
    """The jar with what `answer`, a urllib3 response, sets."""
    jar = RequestsCookieJar() if jar is None else jar
    extract_cookies_to_jar(jar, request, answer)  # type: ignore[no-untyped-call]
    return jar


def cookie_for(jar: RequestsCookieJar | None, url: str) -> str | None:
    """The Cookie header for `url`; None where the jar has nothing for it."""
    if jar is None:
        return None
    header = cast("str | None", get_cookie_header(jar, requests.Request("GET", url)))  # type: ignore[no-untyped-call]
    return header if header and len(header) <= MAX_COOKIE_BYTES and header.isprintable() else None
