"""Which addresses a fetcher may talk to, so that no page can make it talk to our own network.

The judgement falls on what will be connected to, not on how it is written: hosts are read the way browsers
read them (WHATWG URL: `0x7f.1`, full-width digits and `127。0。0。1` are 127.0.0.1), names are looked up once,
and *every* answer must be an address of the public internet. `transport` connects to the answers judged
here, so a name that answers differently the next time (DNS rebinding) gains nothing.

Source of the ranges: the IANA special-purpose address registries (IPv4, IPv6) and the multicast registries.
Addresses that carry another address inside (v4-mapped, v4-compatible, NAT64, 6to4, Teredo) are refused
whatever is inside: no public server is reached by them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import idna

from newsdesk.fetch.look_up import LOOK_UP_SECONDS, look_up

_WEB_PORTS = frozenset({80, 443, 8080, 8443})
_DEFAULT_PORT = {"http": 80, "https": 443}
_WEB_URL = re.compile(r"(https?)://([^/?#\\]*)(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]%\s<>\"|^`{}]+))(?::([0-9]{0,7}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")

# Zones that no public server is in: RFC 6761 and 6762, 7686, 8375, 9476, ICANN's .internal, and the names that
# ICANN keeps undelegated because home and office networks use them. `.example` is not here: RFC 6761 wants it
# treated as any name, and it never resolves.
_PRIVATE_ZONES = frozenset({
    "localhost", "local", "test", "invalid", "onion", "alt", "internal", "arpa",
    "home", "corp", "mail", "lan", "localdomain", "intranet", "private",
})  # fmt: skip

_SPECIAL_IPV4 = [
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private use"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own service"),  # public by every table, answered by Azure's host
        ("169.254.0.0/16", "link local"),
        ("172.16.0.0/12", "private use"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private use"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
]
_PUBLIC_IPV6 = IPv6Network("2000::/3")  # all that IANA has given out for global unicast
_SPECIAL_IPV6 = [
    (ip_network(network), what)
    for network, what in (
        ("::1/128", "loopback"),
        ("::/128", "unspecified"),
        ("::ffff:0:0/96", "v4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link local"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this be fetched? `addresses` are the answers that were judged, in the order of the resolver.

    `unresolved`: not refused by any rule, but the name has no address now; a fault of DNS, which may pass.
    """

    allowed: bool
    why: str
    addresses: tuple[str, ...] = ()
    unresolved: bool = False


class _Refused(Exception):
    """Its text says why."""


def check_url(url: str, *, allow_private: bool = False, resolved: Sequence[str] | None = None) -> Verdict:
    """Judge a URL with one look-up of its name; `resolved` (IP addresses) stands in for the look-up.

    `allow_private` lifts the rules on names, ports and addresses (for test servers of one's own), but not those
    on scheme, user names and form. Never raises.
    """
    try:
        host, port = _read_url(url)
        return _judge(host, port, allow_private, resolved)
    except _Refused as refusal:
        return Verdict(False, str(refusal))


def check_form(url: str, *, allow_private: bool = False) -> Verdict:
    """Judge what can be judged without a look-up: form, port, name, and the address where it is a literal."""
    try:
        host, port = _read_url(url)
        _judge_port(port, allow_private)
        literal = _judge_host(host, allow_private)
    except _Refused as refusal:
        return Verdict(False, str(refusal))
    return Verdict(True, "no rule against it", (literal,) if literal else ())


def check_host(host: str, port: int, *, allow_private: bool = False, timeout: float = LOOK_UP_SECONDS) -> Verdict:
    """Judge a host (a name or an address without brackets) with one look-up of at most `timeout` seconds."""
    try:
        return _judge(host, port, allow_private, None, timeout)
    except _Refused as refusal:
        return Verdict(False, str(refusal))


def _judge(
    host: str, port: int, allow_private: bool, resolved: Sequence[str] | None, timeout: float = LOOK_UP_SECONDS
) -> Verdict:
    _judge_port(port, allow_private)
    literal = _judge_host(host, allow_private)
    if literal:
        return Verdict(True, "an address" if allow_private else "a public address", (literal,))
    if resolved is None:
        try:
            resolved = look_up(_ascii_name(host), timeout)
        except OSError as error:
            return Verdict(False, f"the name {host} does not resolve: {error.strerror or error}", unresolved=True)
    if not resolved:
        return Verdict(False, f"the name {host} has no address", unresolved=True)
    if not allow_private:
        for answer in resolved:
            _judge_answer(host, answer)
    return Verdict(True, f"the name {host} has {len(resolved)} address(es), all allowed", tuple(resolved))


def _read_url(url: str) -> tuple[str, int]:
    """Host (brackets off) and port of an absolute http(s) URL of the one form that all parsers read alike."""
    url = url.strip(" \t\r\n\f")
    if _CONTROL.search(url):
        raise _Refused("the URL has control characters")
    if any("\ud800" <= character <= "\udfff" for character in url):
        raise _Refused("the URL is not Unicode: lone surrogates")
    match = _WEB_URL.fullmatch(url)
    if not match:
        raise _Refused("not a URL of the form http://host/ or https://host/")
    scheme, authority = match[1].lower(), match[2]
    if "@" in authority:
        raise _Refused("the URL has a user name in it")
    parts = _AUTHORITY.fullmatch(authority)
    if not parts:
        raise _Refused("the URL has no host" if not authority else f"{authority!r} is no host and port")
    port = int(parts[3]) if parts[3] else _DEFAULT_PORT[scheme]
    if parts[1]:
        try:
            return str(IPv6Address(parts[1])), port
        except ValueError:
            raise _Refused(f"[{parts[1]}] is no IPv6 address") from None
    return parts[2], port


def _judge_port(port: int, allow_private: bool) -> None:
    if not 0 < port < 65536:
        raise _Refused(f"there is no port {port}")
    if port not in _WEB_PORTS and not allow_private:
        raise _Refused(f"port {port} is not one of the web's")


def _judge_host(host: str, allow_private: bool) -> str | None:
    """The address that a literal host stands for, judged; None for a name, whose form is judged."""
    address: IPv4Address | IPv6Address | None
    if ":" in host:
        address = _address(host)
    else:
        name = _ascii_name(host)
        address = _read_ipv4(name)
        if address is None:
            _judge_name(name, allow_private)
            return None
    what = special(address)
    if what and not allow_private:
        raise _Refused(f"{address} is not a public address ({what})")
    return str(address)


def _ascii_name(host: str) -> str:
    """Lower case, ASCII (UTS 46), without the root's dot."""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError as error:  # IDNAError is one
            raise _Refused(f"{host!r} is no host name: {error}") from None
    return host.lower().removesuffix(".")


def _judge_name(name: str, allow_private: bool) -> None:
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _Refused(f"{name!r} is no host name")
    if allow_private:
        return
    if len(labels) < 2:
        raise _Refused(f"{name!r} is a name of the local network only")
    if labels[-1] in _PRIVATE_ZONES:
        raise _Refused(f".{labels[-1]} is not a zone of the public internet")


def _read_ipv4(name: str) -> IPv4Address | None:
    """The IPv4 address that a browser reads in `name`: 127.1, 0x7f000001, 0177.0.0.1; None where it is a name.

    WHATWG URL, "ends in a number" and "IPv4 parser".
    """
    parts = name.split(".")
    if not _NUMBER.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) and len(part) < 20 for part in parts):
        raise _Refused(f"{name!r} is neither a name nor an address")
    try:
        *head, last = [_read_number(part) for part in parts]
    except ValueError:
        raise _Refused(f"{name!r} is neither a name nor an address") from None
    if any(number > 255 for number in head) or last >= 256 ** (4 - len(head)):
        raise _Refused(f"{name!r} is no address: a part is too large")
    return IPv4Address(sum(number << (24 - 8 * place) for place, number in enumerate(head)) + last)


def _read_number(part: str) -> int:
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part[0] == "0" else int(part)


def _judge_answer(host: str, answer: str) -> None:
    what = special(_address(answer))
    if what:
        raise _Refused(f"the name {host} leads to {answer}, not a public address ({what})")


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        raise _Refused(f"{text!r} is no address") from None


def special(address: IPv4Address | IPv6Address) -> str | None:
    """What an address is set aside for; None for one of the public internet."""
    table = _SPECIAL_IPV4 if address.version == 4 else _SPECIAL_IPV6
    for network, what in table:
        if address in network:
            return what
    if address.version == 6 and address not in _PUBLIC_IPV6:
        return "outside of global unicast"
    return None
