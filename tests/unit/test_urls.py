"""URL keys: one article's addresses meet, two articles' never do."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsdesk.urls import MAX_KEY, absolute, canonical_key, host, site

PIECES = st.sampled_from(
    [
        "http://",
        "https://",
        "www.",
        "a.example",
        "bücher.example",
        "127.0.0.1",
        ":80",
        ":443",
        ":8080",
        "/",
        "//",
        "..",
        ".",
        "%2e",
        "%2F",
        "%25",
        "%",
        "%%32%65",
        "%7Ejoe",
        "é",
        "a b",
        "\\",
        "\t",
        "?",
        "&",
        "=",
        "id=7",
        "utm_source=x",
        "ref=rss",
        "#",
        "#!",
        "!",
        ";jsessionid=1",
        "amp;",
        "@",
        "user:pw@",
        "[::1]",
        "|",
        "'",
        '"',
        "story",
        "\ud800",
        "\u0000",
    ]
)
ADDRESSES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join)).map(
    lambda tail: tail if tail.startswith("http") else "https://a.example/" + tail
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/a", "https://example.com/a"),
        ("https://EXAMPLE.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("https://www.example.com/a", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://me:secret@example.com/a", "https://example.com/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.com/a/b/", "https://example.com/a/b"),
        ("https://example.com//a//b", "https://example.com/a/b"),
        ("https://example.com/x/../a/./b", "https://example.com/a/b"),
        ("https://example.com/%7Ejoe/caf%c3%a9", "https://example.com/~joe/café"),
        ("https://example.com/a\n/b", "https://example.com/a/b"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a#comments", "https://example.com/a"),
        ("https://example.com/a;jsessionid=12AB", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=y", "https://example.com/a?id=7"),
        ("https://example.com/a?id=7&amp;utm_medium=rss", "https://example.com/a?id=7"),
        ("https://example.com/a?UTM_Source=x", "https://example.com/a"),
        ("https://example.com/a?ref=rss", "https://example.com/a"),
        ("https://example.com/a?source=rss-0a1b2c3d4e------2", "https://example.com/a"),
    ],
)
def test_addresses_of_one_article_share_a_key(one: str, other: str) -> None:
    assert canonical_key(one) == canonical_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a?id=12", "https://example.com/a?id=13"),
        ("https://example.com/a?lang=en", "https://example.com/a?lang=fr"),
        ("https://example.com/a?page=2", "https://example.com/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/a%3Fb=1", "https://example.com/a?b=1"),
        ("https://example.com/a?q=x%26y", "https://example.com/a?q=x&y"),
        ("https://example.com/#!/a", "https://example.com/#!/b"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://one.example.com/a", "https://two.example.com/a"),
        ("https://example.com/a?ref=12", "https://example.com/a?ref=13"),
        ("https://example.com/a?ref=facebook-outage", "https://example.com/a?ref=facebook-fined"),
        ("https://example.com/a?source=reuters", "https://example.com/a?source=afp"),
        ("https://example.com/?0,2817,2525649", "https://example.com/?0,2817,2525650"),
    ],
)
def test_different_articles_keep_different_keys(one: str, other: str) -> None:
    assert canonical_key(one) != canonical_key(other)


def test_parameters_keep_their_order() -> None:
    assert canonical_key("http://example.com/a?y=2&x=1&y=1") == "https://example.com/a?y=2&x=1&y=1"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("mailto:me@example.com", "not http or https"),
        ("javascript:alert(1)", "not http or https"),
        ("/a/b", "not a URL"),
        ("http://", "not a URL"),
        ("https://a..example/", "empty part"),
        ("https://a.example/" + "x" * MAX_KEY, "longer than 2,048"),
        ("https://a.example/" + "x" * 9_000, "longer than 8,192"),
        ("https://a.example/\ud800", "not a URL"),
    ],
)
def test_what_is_no_web_address_is_refused_with_a_reason(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        canonical_key(url)


@given(ADDRESSES)
@example("https://a.example/%%32%65")
@example("https://www.www.a.example/..;jsessionid=1/b")
@example("http://a.example:443/")
def test_the_key_of_a_key_is_itself(url: str) -> None:
    try:
        key = canonical_key(url)
    except ValueError:
        return
    assert canonical_key(key) == key
    assert len(key) <= MAX_KEY


@given(ADDRESSES, ADDRESSES)
def test_joining_addresses_gives_a_web_address_or_none(url: str, base: str) -> None:
    joined = absolute(url, base)
    assert joined is None or joined.startswith(("http://", "https://"))


def test_links_are_joined_as_a_browser_would() -> None:
    base = "https://a.example/news/index.html"
    assert absolute("story?x=1", base) == "https://a.example/news/story?x=1"
    assert absolute("//b.example/x", base) == "https://b.example/x"
    assert absolute("  /x\n", base) == "https://a.example/x"
    assert absolute("mailto:me@a.example", base) is None
    assert absolute("javascript:void(0)", base) is None


def test_host_names_the_port_only_where_it_is_not_the_schemes_own() -> None:
    assert host("https://www.Example.com:443/a") == "www.example.com"
    assert host("http://127.0.0.1:8701/a") == "127.0.0.1:8701"
    assert host("http://[0:0::1]:8080/") == "[::1]:8080"


def test_site_is_the_registrable_domain() -> None:
    assert site("https://news.example.co.uk/a") == "example.co.uk"
    assert site("https://www.example.com:8443/") == "example.com"
    assert site("https://blog.github.io/") == "blog.github.io"
    assert site("https://a.b.unlisted-suffix/") == "b.unlisted-suffix"


def test_site_of_an_address_or_local_name_is_its_host() -> None:
    assert site("http://127.0.0.1:8701/a") == "127.0.0.1:8701"
    assert site("http://localhost:8701/a") == "localhost:8701"
    assert site("http://times.localhost:8701/a") == "times.localhost:8701"
