"""The fetcher's connections: one look-up, every answer judged, and a connection to a judged address.

`CheckedAdapter` is a requests transport adapter. The judgement of `addresses` is made where the connection is
made, and the socket is opened to the very address that was judged; so redirects, odd URL parsers and DNS
rebinding find no way round it. TLS verifies the certificate against the *name*. No proxy, no netrc, no cookie.

Errors come out as requests and urllib3 raise them, plus the three below; `faults` puts them into words.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from itertools import chain, zip_longest
from time import monotonic
from typing import Any, ClassVar, cast

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from newsdesk.fetch.addresses import check_host
from newsdesk.fetch.look_up import LOOK_UP_SECONDS
from newsdesk.fetch.wire import BudgetSocket, BudgetTLSSocket, HTTPResponse

CONNECT_SECONDS = 10.0  # look-up, connection and TLS handshake together
FIRST_TRIES_SECONDS = 4.0  # for an address while others are left: a dead IPv6 costs little (RFC 8305)

_HOSTS_KEPT = 128  # hosts whose connections are kept open for the next request
_CONNECTIONS_PER_HOST = 2


class BlockedAddress(urllib3.exceptions.HTTPError):
    """Refused by `addresses`; its text says why."""


class NameUnresolved(urllib3.exceptions.HTTPError):
    """The name has no address now; its text says why."""


class StaleConnection(urllib3.exceptions.HTTPError):
    """A connection that had served before was found closed. The request was not answered: ask again."""


class _Checked(HTTPConnection):
    """What plain and TLS connections share. `allow_private` is the class's, so no pool ever mixes the two."""

    allow_private: ClassVar[bool] = False
    response_class = HTTPResponse
    _has_served = False

    def _new_conn(self) -> socket.socket:
        seconds = self.timeout if isinstance(self.timeout, int | float) else CONNECT_SECONDS
        until = monotonic() + seconds
        host = self.host.strip("[]")
        verdict = check_host(
            host, self.port or 80, allow_private=self.allow_private, timeout=min(seconds, LOOK_UP_SECONDS)
        )
        if verdict.unresolved:
            raise NameUnresolved(verdict.why)
        if not verdict.allowed:
            raise BlockedAddress(verdict.why)
        self._has_served = False
        try:
            return _connect(_alternate_families(verdict.addresses), self.port or 80, until)
        except TimeoutError as error:
            raise urllib3.exceptions.ConnectTimeoutError(f"no connection to {host} within {seconds:.0f} s") from error

    def getresponse(self) -> Any:
        try:
            response = super().getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            if self._has_served:
                raise StaleConnection("the kept-alive connection was closed") from error
            raise
        self._has_served = True
        return response


class _PublicHTTP(_Checked):
    pass


class _PublicHTTPS(_Checked, HTTPSConnection):
    pass


class _PrivateHTTP(_PublicHTTP):
    allow_private = True


class _PrivateHTTPS(_PublicHTTPS):
    allow_private = True


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _PrivateHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PrivateHTTP


class _PrivateHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PrivateHTTPS


def _alternate_families(addresses: tuple[str, ...]) -> list[str]:
    """IPv6 and IPv4 in turn, beginning with the resolver's first choice."""
    first = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    second = [address for address in addresses if address not in first]
    return [address for address in chain(*zip_longest(first, second)) if address]


def _connect(addresses: list[str], port: int, until: float) -> socket.socket:
    """A connection to the first address that takes it. Raises the last one's OSError."""
    failure: OSError = TimeoutError("timed out")
    for tries_left in range(len(addresses), 0, -1):
        seconds = until - monotonic()
        if seconds <= 0:
            break
        address = addresses[-tries_left]
        sock = BudgetSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(seconds if tries_left == 1 else min(seconds / 2, FIRST_TRIES_SECONDS))
            sock.connect((address, port))
            sock.settimeout(max(until - monotonic(), 0.001))
            return sock
        except OSError as error:
            sock.close()
            failure = error
    raise failure


class CheckedAdapter(HTTPAdapter):
    """Connections that are checked as above. `tls`: a context of `open_tls`."""

    def __init__(self, tls: ssl.SSLContext, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private
        self._tls = tls
        self._pools = (
            {"http": _PrivateHTTPPool, "https": _PrivateHTTPSPool}
            if allow_private
            else {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}
        )
        super().__init__(pool_connections=_HOSTS_KEPT, pool_maxsize=_CONNECTIONS_PER_HOST)

    def without_connections(self) -> CheckedAdapter:
        """One of the same kind that must open a new connection, for a request that must not go over an old one."""
        return CheckedAdapter(self._tls, allow_private=self._allow_private)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to set: the context verifies, always. (requests would load the authorities for each connection.)"""

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        return cast(HTTPConnectionPool, self.poolmanager.connection_from_url(cast(str, request.url)))

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """As requests builds it, less cookies and the guess at a charset: what a server says is not parsed here."""
        response = requests.Response()
        response.status_code = resp.status
        response.headers = CaseInsensitiveDict(resp.headers)
        response.raw = resp
        response.reason = resp.reason
        response.url = cast(str, req.url)
        response.request = req
        return response


def open_tls(authorities: str | None = None) -> ssl.SSLContext:
    """A verifying TLS context (1.2 and later) whose sockets keep a budget; `authorities` is a PEM file."""
    context = ssl.create_default_context(cafile=authorities or certifi.where())
    context.sslsocket_class = BudgetTLSSocket
    return context
