"""Which addresses a fetcher may talk to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch.addresses import check_form, check_url, special
from newsdesk.fetch.look_up import look_up

PUBLIC = ["93.184.215.14"]


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.com/",
        "https://www.example.com:443/a",
        "HTTPS://WWW.EXAMPLE.COM",
        "http://example.com.:8080/x?y#z",
        "https://example.com/http://127.0.0.1/",
        "http://localhost.example.com/",
        "http://münchen.example/",
        " http://example.com/a b\n",
        "http://under_score.example.com/",
        "http://example.com:/",
    ],
)
def test_names_of_the_web_are_allowed_where_their_addresses_are(url: str) -> None:
    verdict = check_url(url, resolved=PUBLIC)
    assert verdict.allowed, verdict.why
    assert verdict.addresses == tuple(PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "//example.com/",
        "http:/example.com/",
        "http:example.com",
        "http:///example.com/",
        "ftp://example.com/",
        "file:///x",
        "javascript:alert(1)",
        "http://",
        "http://user@example.com/",
        "http://a:b@example.com/",
        "http://example.com:22/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:80:80/",
        "http://example.com:8o/",
        "http://example.com:٨٠/",
        "http://exam ple.com/",
        "http://exam%70le.com/",
        "http://[::1/",
        "http://[::1%25eth0]/",
        "http://[1.2.3.4]/",
        "http://a..example.com/",
        "http://-.example.com/",
        "http://" + "a" * 64 + ".example.com/",
        "http://" + "abc." * 80 + "com/",
        "http://example.com\\@127.0.0.1/",
        "http://exa\tmple.com/",
        "http://\ud800.com/",
        "http://\u2100.\u00ad/",
    ],
)
def test_what_is_no_plain_url_of_the_web_is_refused(url: str) -> None:
    verdict = check_url(url, resolved=PUBLIC)
    assert (verdict.allowed, verdict.unresolved) == (False, False)
    assert verdict.why


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "x.localhost",
        "intranet",
        "printer.local",
        "a.test",
        "a.invalid",
        "db.internal",
        "router.home.arpa",
        "a.onion",
        "LOCALHOST.",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    ],
)
def test_names_of_the_local_network_are_refused_unless_private_ones_are_allowed(host: str) -> None:
    assert not check_url(f"http://{host}/", resolved=PUBLIC).allowed
    assert check_url(f"http://{host}/", resolved=["127.0.0.1"], allow_private=True).allowed


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "0x7F000001",
        "127.0.0.1.",
        "１２７.０.０.１",
        "127。0。0。1",
        "10.9",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0",
        "0x",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:8.8.8.8]",
        "[::8.8.8.8]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "[2001:0:808:808::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[4000::1]",
        "[2001:db8::1]",
        "[3fff:1::1]",
    ],
)
def test_special_addresses_are_refused_however_they_are_written(host: str) -> None:
    verdict = check_url(f"http://{host}/")
    assert not verdict.allowed
    assert "public address" in verdict.why
    assert check_url(f"http://{host}:1234/", allow_private=True).allowed


@pytest.mark.parametrize(
    "host", ["1.2.3.4.5", "256.1.1.1", "1.2.3.08", "99999999999", "0xfffffffff", "1..2", "1.2.3.example.4"]
)
def test_what_ends_in_a_number_and_is_no_address_is_refused(host: str) -> None:
    assert not check_url(f"http://{host}/", resolved=PUBLIC).allowed


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "0x08080808", "[2606:4700::1111]", "192.31.196.1", "100.63.255.255", "172.32.0.1"]
)
def test_public_addresses_are_allowed_without_a_look_up(host: str) -> None:
    verdict = check_url(f"http://{host}/", resolved=[])
    assert verdict.allowed
    assert len(verdict.addresses) == 1


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], [*PUBLIC, "10.0.0.5"], ["::ffff:8.8.8.8"], ["fe80::1%eth0"], ["nonsense"]]
)
def test_one_bad_answer_refuses_the_name(answers: list[str]) -> None:
    verdict = check_url("https://www.example.com/", resolved=answers)
    assert (verdict.allowed, verdict.unresolved, verdict.addresses) == (False, False, ())


def test_a_name_without_an_address_is_no_refusal_but_not_allowed_either(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_url("http://www.example.com/", resolved=[]).unresolved

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    verdict = check_url("http://www.example.com/")
    assert (verdict.allowed, verdict.unresolved) == (False, True)
    assert check_form("http://www.example.com/").allowed


def test_a_name_is_looked_up_once_and_each_answer_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8", 0)), (2, 1, 6, "", ("8.8.4.4", 0)), (2, 1, 6, "", ("8.8.8.8", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert check_url("http://BÜCHER.example.com/").addresses == ("8.8.8.8", "8.8.4.4")
    assert asked == ["xn--bcher-kva.example.com"]


def test_loopback_is_looked_up_for_real() -> None:
    assert set(look_up("localhost")) <= {"127.0.0.1", "::1"}


@given(st.text(max_size=80), st.booleans())
def test_any_text_gets_a_verdict(text: str, allow_private: bool) -> None:
    for url in (text, f"http://{text}", f"http://{text}/", f"http://[{text}]/", f"http://example.com:{text}"):
        assert check_url(url, resolved=PUBLIC, allow_private=allow_private).why


@given(st.ip_addresses(v=4))
def test_what_python_calls_not_global_is_special_too(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert special(address)


@given(st.ip_addresses(v=6))
def test_what_python_calls_not_global_is_special_too_in_version_6(address: IPv6Address) -> None:
    if not address.is_global:
        assert special(address)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{0}", "0x{0:x}", "0{0:o}", "{1}.{2}", "{1}.0x{3:x}.{4}"]))
def test_every_spelling_of_an_ipv4_address_is_that_address(number: int, spelling: str) -> None:
    host = spelling.format(number, number >> 24, number & 0xFFFFFF, number >> 16 & 0xFF, number & 0xFFFF)
    verdict = check_url(f"http://{host}/", allow_private=True)
    assert verdict.addresses == (str(ip_address(number)) if number > 2**31 else str(IPv4Address(number)),)
