"""URL keys, mark by mark: each is given the address on either side of it."""

from __future__ import annotations

import base64

import pytest

from newsdesk.urls import MAX_KEY, MAX_URL, absolute, canonical_key, host, site
from newsdesk.urls.editions import names_an_article, own_name
from newsdesk.urls.trackers import tracks
from newsdesk.urls.wrappers import wrapped

A = "https://a.example/"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example:443/x", "https://a.example/x"),
        ("http://a.example:444/x", "https://a.example:444/x"),
        ("https://a.example:80/x", "https://a.example:80/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/#!", "https://a.example/"),
        ("https://a.example/#!x", "https://a.example/#!x"),
        ("https://a.example/#!%7ex", "https://a.example/#!~x"),
        ("https://a.example/#x!", "https://a.example/"),
        ("https://a.example/?q=1#!x", "https://a.example/?q=1#!x"),
        ("https://a.example/index.html/index.php", "https://a.example/"),
        ("https://a.example/x/index.shtml", "https://a.example/x"),
        ("https://a.example/x/index.htm", "https://a.example/x"),
        ("https://a.example/index.html/x", "https://a.example/index.html/x"),
        ("https://a.example/index.htmlx", "https://a.example/index.htmlx"),
        ("https://a.example/x;a=1;phpsessid=2;b=3", "https://a.example/x;a=1;b=3"),
        ("https://a.example/x;session_id=2/y", "https://a.example/x/y"),
        ("https://a.example/;jsessionid=2", "https://a.example/;jsessionid=2"),
        ("https://a.example/.;jsessionid=2", "https://a.example/.;jsessionid=2"),
        ("https://a.example/(X(2)S(1a))/y", "https://a.example/y"),
        ("https://a.example/(s(1a))/y", "https://a.example/(s(1a))/y"),
        ("https://a.example/?a=&b=&amp;amp;c=1", "https://a.example/?a&b&c=1"),
        ("https://a.example/?b=2&&a=1", "https://a.example/?a=1&b=2"),
        ("https://a.example/?b=2&a=1&z", "https://a.example/?a=1&b=2&z"),
        ("https://a.example/?z&b=2&y&a=1", "https://a.example/?z&b=2&y&a=1"),
        ("https://a.example/?a=2=3&a=1", "https://a.example/?a=2=3&a=1"),
        ("https://a.example/?a=2=", "https://a.example/?a=2="),
        ("https://a.example/?a-b=1&a=2", "https://a.example/?a=2&a-b=1"),
        ("https://a.example/?UTM_Source=1", "https://a.example/"),
        ("https://a.example/?q=%c3%a9%2f%7E%25", "https://a.example/?q=%C3%A9%2F~%25"),
        ("https://a.example/?q=%", "https://a.example/?q=%25"),
        ("https://a.example/?q=%zz", "https://a.example/?q=%25zz"),
        ("https://a.example/x|y^z", "https://a.example/x%7Cy%5Ez"),
        ("https://a.example/~r/A/~3/AbCdE", "https://a.example/~r/A/~3/AbCdE"),
        ("https://a.example/~r/A/~3/AbCdEf", "https://a.example/~r/a/~3/abcdef"),
    ],
)
def test_an_address_has_this_key(url: str, key: str) -> None:
    assert canonical_key(url) == key


def test_a_target_that_cannot_be_parsed_leaves_the_address_as_it_is() -> None:
    assert (
        canonical_key("https://l.facebook.com/l.php?u=http%3A%2F%2F%5B")
        == "https://l.facebook.com/l.php?u=http%3A%2F%2F%5B"
    )


def test_the_fragment_of_an_address_is_not_the_targets() -> None:
    assert canonical_key("https://www.google.com/amp/s/b.example/x?a=1#!y") == "https://b.example/x?a=1"


def test_the_longest_address_and_the_longest_key() -> None:
    assert len(canonical_key(A + "x" * (MAX_KEY - len(A)))) == MAX_KEY == 2_048
    with pytest.raises(ValueError, match=r"^the URL is longer than 2,048 characters$"):
        canonical_key(A + "x" * (MAX_KEY + 1 - len(A)))
    assert absolute(A + "x" * (MAX_URL - len(A)), A) == A + "x" * (MAX_URL - len(A))
    assert absolute(A + "x" * (MAX_URL + 1 - len(A)), A) is None
    # what is short as found may be too long when it is joined and escaped
    assert absolute("é" * 1_400, A) is None
    with pytest.raises(ValueError, match=r"^the URL is longer than 8,192 characters$"):
        host(A + "x" * MAX_URL)


def test_what_is_refused_is_told_in_a_sentence() -> None:
    for url, why in (
        (" ", "the URL is empty"),
        ("x", "this is not a URL"),
        ("https://a..example/", "the URL's host has an empty part"),
        ("a-scheme-of-many-letters:x", "the scheme 'a-scheme-of-many-let' is not http or https"),
    ):
        with pytest.raises(ValueError, match=f"^{why}$"):
            host(url)


def test_links_of_both_schemes_are_links() -> None:
    assert absolute("http://b.example/x", A) == "http://b.example/x"
    assert absolute("ftp://b.example/x", A) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://printer/", "printer"),
        ("https://printer:81/", "printer:81"),
        ("https://localhost.example.com:81/", "example.com"),
        ("https://example.com:81/", "example.com"),
        ("https://a.localhost.example.com:81/", "example.com"),
        ("https://a.b.localhost:81/", "a.b.localhost:81"),
        ("https://unlisted-suffix:81/", "unlisted-suffix:81"),
        ("https://example.com./", "example.com"),
        ("https://a.b.c.unlisted-suffix:81/", "c.unlisted-suffix"),
        ("https://a.blogspot.com/", "a.blogspot.com"),
    ],
)
def test_the_site_of_a_name(url: str, name: str) -> None:
    assert site(url) == name


# ---- editions


@pytest.mark.parametrize(
    ("path", "is_named"),
    [
        ("/storm-hits-coast", True),
        ("/storm-hits", False),
        ("/storm_hits+coast", True),
        ("/storm%20hits%20coast", True),
        ("/news/66000001", True),
        ("/66000", False),
        ("/660000", True),
        ("/x660000y", True),
        ("/66000001/today", False),
        ("/storm-hits-coast/today", False),
        ("/a-b-c", False),
        ("/1-2-3", False),
        ("/%D0%A8%D1%82-%D0%B1%D1%8C-%D0%BD%D0%B0", True),
    ],
)
def test_a_path_names_an_article_in_three_words_or_six_digits(path: str, is_named: bool) -> None:
    assert names_an_article(path) is is_named


@pytest.mark.parametrize(
    ("name", "path", "own"),
    [
        ("www.a.example", "/x", "a.example"),
        ("www.www.a.example", "/x", "a.example"),
        ("www.example", "/x", "www.example"),
        ("www2.a.example", "/x", "www2.a.example"),
        ("www2.a.example", "/storm-hits-coast", "a.example"),
        ("ww2.m.a.example", "/storm-hits-coast", "a.example"),
        ("mobile.a.example", "/storm-hits-coast", "a.example"),
        ("amp.a.example", "/storm-hits-coast", "a.example"),
        ("m.example", "/storm-hits-coast", "m.example"),
        ("m.co.uk", "/storm-hits-coast", "m.co.uk"),  # who owns it is a whole site
        ("m.github.io", "/storm-hits-coast", "m.github.io"),
        ("m.unlisted.suffix-of-none", "/storm-hits-coast", "unlisted.suffix-of-none"),
        ("am.a.example", "/storm-hits-coast", "am.a.example"),
    ],
)
def test_the_own_name_of_a_host(name: str, path: str, own: str) -> None:
    assert own_name(name, path) == own


# ---- trackers


@pytest.mark.parametrize(
    "pair",
    [
        "utm_source=x", "utm=x", "gclid", "fbclid=1=2", "at_medium=x", "hsa_x",
        "ref=rss", "ref=rss2", "via=e-mail", "from=google_news", "src=newsletter-link", "ref=twitter.share-2_", "mod=rss-0123456789ab---x",
        "sid=0123456789abcdef01234567", "session=0123456789ghijklmnopqrstuv",
        "amp", "amp=1", "amp=true", "outputtype=amp", "view=amp-type", "_=1714550400000",
    ],
)  # fmt: skip
def test_it_says_how_the_reader_came(pair: str) -> None:
    assert tracks("a.example", pair)


@pytest.mark.parametrize(
    "pair",
    [
        "id=7", "at=1", "ref=rss=1", "ref=reuters", "ref=twitter-files", "refs=rss", "ref=rss-0a1b2c3",
        "sid=0123456789abcdef0123456", "sid=abcdefghijklmnopqrstuvwxyz", "sids=0123456789abcdef01234567",
        "amp=2", "amps=1", "output=1", "outputs=amp", "_=171455040000", "_=2714550400000", "t=1714550400000", "__=1714550400000",
    ],
)  # fmt: skip
def test_it_may_say_which_article_it_is(pair: str) -> None:
    assert not tracks("a.example", pair)


def test_a_habit_is_one_sites_and_its_subdomains() -> None:
    assert tracks("forbes.com", "sh=1")
    assert tracks("a.b.forbes.com", "sh=1")
    assert not tracks("notforbes.com", "sh=1")
    assert not tracks("forbes.com.example", "sh=1")
    assert not tracks("forbes.com", "shx=1")
    assert not tracks("com", "sh=1")


# ---- wrappers

TARGET = "https://b.example/x"
CODED = "https%3A%2F%2Fb.example%2Fx"


@pytest.mark.parametrize(
    ("name", "path", "query"),
    [
        ("a.cdn.ampproject.org", "/c/s/b.example/x", ""),
        ("a.cdn.ampproject.org", "/v/s/b.example/x", ""),
        ("a.bing-amp.com", "/wp/s/b.example/x", ""),
        ("a.amp.cloudflare.com", "/c/b.example/x", ""),
        ("cdn.ampproject.org", "/c/s/b.example/x", ""),
        ("google.com", "/amp/s/b.example/x", ""),
        ("news.google.co.uk", "/url", f"?q={CODED}"),
        ("google.com", "/news/url", f"?url={CODED}"),
        ("google.com", "/url", f"?sa=t&url={CODED}"),
        ("google.com", "/url", f"?url={TARGET}"),
        ("google.com", "/url", f"?url=x&q={CODED}"),
        ("bing.com", "/url", f"?q={CODED}"),
        ("yahoo.co.jp", "/amp/s/b.example/x", ""),
        ("x.safelinks.protection.outlook.com", "/", f"?url={CODED}"),
        ("out.reddit.com", "/t3_1", f"?url={CODED}"),
        ("steamcommunity.com", "/linkfilter", f"?u={CODED}"),
        ("href.li", "/", f"?{TARGET}"),
        ("href.li", "/", f"?{CODED}"),
        ("go.theregister.com", "/feed/b.example/x", ""),
        ("r.search.yahoo.com", f"/_ylt=1/RU={CODED}/RK=2/RS=x", ""),
    ],
)
def test_an_address_carries_another(name: str, path: str, query: str) -> None:
    assert wrapped(name, path, query) == TARGET


@pytest.mark.parametrize(
    ("name", "path", "query"),
    [
        ("a.example", "/c/s/b.example/x", f"?url={CODED}"),
        ("a.cdn.ampproject.org", "/x/s/b.example/x", ""),
        ("a.cdn.ampproject.org", "/c/s/nohost/x", ""),
        ("google.com", "/search", f"?q={CODED}"),
        ("google.example", "/url", f"?q={CODED}"),
        ("google.com", "/url", "?q=b.example"),
        ("google.com", "/url", f"?other={CODED}"),
        ("google.com", "/url", f"?url={TARGET}?a=1&b=2"),
        ("l.facebook.com", "/", f"?u={CODED}"),
        ("l.facebook.com", "/l.php", f"?v={CODED}"),
        ("href.li", "/", "?ftp://b.example/x"),
        ("bing.com", "/articles/x", ""),
        ("r.search.yahoo.com", "/_ylt=1/RK=2", ""),
        ("search.yahoo.example", f"/RU={CODED}", ""),
        ("safelinks.protection.outlook.com.example", "/", f"?url={CODED}"),
    ],
)
def test_an_address_carries_none(name: str, path: str, query: str) -> None:
    assert wrapped(name, path, query) is None


def test_the_query_behind_a_target_is_the_targets_and_its_scheme_may_be_http() -> None:
    assert wrapped("google.com", "/amp/s/b.example/x", "?a=1") == TARGET + "?a=1"
    assert wrapped("google.com", "/url", "?url=http%3A%2F%2Fb.example%2Fx%3Fa%3D1&b=2") == "http://b.example/x?a=1"
    assert wrapped("google.com", "/url", "?url=http://b.example/x?a=1=2") == "http://b.example/x?a=1=2"
    assert wrapped("google.com", "/amp/B.example:81/x", "") == "https://B.example:81/x"


def google_news(
    length: int, head: bytes = b"\x08\x13\x22", tail: bytes = b"\xd2\x01\x00", told: int | None = None
) -> str:
    target = "http://b.example/".ljust(length, "x").encode()[:length]
    told = length if told is None else told
    size = bytes([told]) if told < 0x80 else bytes([told & 0x7F | 0x80, told >> 7])
    token = base64.urlsafe_b64encode(head + size + target + tail).decode().rstrip("=")
    assert wrapped("google.com", f"/articles/{token}", "") is None
    found = wrapped("news.google.com", f"/articles/rss/articles/{token}", "")
    return found or "none"


@pytest.mark.parametrize("length", [17, 18, 19, 20, 126, 127, 128, 129, 255, 256, 300, 700])
def test_a_link_of_google_news_is_read_whatever_its_length(length: int) -> None:
    assert google_news(length) == "http://b.example/".ljust(length, "x")
    assert google_news(length, tail=b"") == "http://b.example/".ljust(length, "x")


def test_a_record_of_another_kind_or_cut_short_carries_nothing() -> None:
    assert google_news(30, head=b"\x08\x14\x22") == "none"
    assert google_news(30, tail=b"", told=31) == "none"
    assert google_news(4) == "none"  # no web address
    assert google_news(0, tail=b"") == "none"
    assert wrapped("news.google.com", "/articles/!!!", "") is None
    assert wrapped("news.google.com", "/articles/A", "") is None
    assert wrapped("news.google.com", "/topics/x", "") is None
    assert wrapped("google.com", "/articles/x", "") is None


def test_bytes_that_are_no_utf8_do_not_break_the_reading_of_a_link() -> None:
    record = b"\x08\x13\x22\x13http://b.example/\xff\xfe"
    token = base64.urlsafe_b64encode(record).decode().rstrip("=")
    assert wrapped("news.google.com", f"/articles/{token}", "") == "http://b.example/\ufffd\ufffd"
