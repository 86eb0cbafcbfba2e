"""URL keys: one article's addresses meet, two articles' never do."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labelled_data import labelled_rows
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
        "(S(a1))",
        "(X(1)S(a1))",
        "sid=0123456789abcdef0123456789abcdef",
        "m.",
        "amp.",
        "ww2.",
        "/amp",
        "/amp/",
        "amp=1",
        "storm-hits-coast",
        ".amp",
        ".html",
        "/index.html",
        "/INDEX.HTML",
        "/~r/Feed/~3/AbCdEfGh/",
        "www.google.com/url?q=",
        "l.facebook.com/l.php?u=",
        "www.google.com/amp/s/",
        "a-example.cdn.ampproject.org/c/s/",
        "https%3A%2F%2F",
        "%3F",
        "%26",
        "z=1",
        "z=",
        "b",
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
        ("https://example.com/a?y=2&x=1", "https://example.com/a?x=1&y=2"),
        ("https://example.com/a?y=&x=1", "https://example.com/a?x=1&y"),
        ("https://example.com/a?x[y]=1", "https://example.com/a?x%5By%5D=1"),
        ("https://example.com/a?id=7&amp;page=2", "https://example.com/a?id=7&page=2"),
        ("https://example.com/a?t=5&sid=0123456789abcdef0123456789abcdef", "https://example.com/a?t=5"),
        ("https://example.com/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://example.com/a.aspx"),
        ("https://example.com/a?_=1714550400000", "https://example.com/a"),
        ("https://example.com/a/index.html", "https://example.com/a/"),
        ("https://m.youtube.com/watch?v=aFCO6WidGVM&feature=youtu.be", "https://m.youtube.com/watch?v=aFCO6WidGVM"),
        ("https://news.bbc.co.uk/a?at_format=link", "https://news.bbc.co.uk/a"),
        (
            "https://feeds.example.com/~r/Times/~3/NacHplXYqSo/storm",
            "https://feeds.example.com/~r/times/~3/nachplxyqso/storm",
        ),
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
        # `amp`, `m` and `sid` may be content
        ("https://example.com/music/amp", "https://example.com/music"),
        ("https://example.com/amp/reviews", "https://example.com/reviews"),
        ("https://example.com/2024/05/storm-hits-coast/amp", "https://example.com/2024/05/storm-hits-coast"),
        ("https://m.example.com/today", "https://example.com/today"),
        ("https://example.com/a?amp=12", "https://example.com/a"),
        ("https://example.com/a?view=list", "https://example.com/a"),
        ("https://example.com/a?sid=66000001", "https://example.com/a?sid=66000002"),
        ("https://example.com/a?session_id=12", "https://example.com/a?session_id=13"),
        ("https://m.co.uk/2024/05/storm-hits-coast", "https://co.uk/2024/05/storm-hits-coast"),
        # a parameter `url` is content where the host is no redirect service
        ("https://example.com/comments?url=https%3A%2F%2Fa.example%2F1", "https://a.example/1"),
        ("https://www.google.com/search?q=https%3A%2F%2Fa.example%2F1", "https://a.example/1"),
        # a target that was put in unescaped is cut at its own `&`
        (
            "https://www.google.com/url?url=https://a.example/x?s=1&id=2&sa=t",
            "https://www.google.com/url?url=https://a.example/x?s=1&id=3&sa=t",
        ),
        ("https://web.archive.org/web/20240501000000/https://example.com/a", "https://example.com/a"),
        ("https://feeds.example.com/~r/Times/~3/NacHplXYqSo/a", "https://feeds.example.com/~r/Times/~3/NacHplXYqSp/a"),
        ("https://www.google.com/amp/s/a.example.com/1", "https://www.google.com/amp/s/b.example.com/1"),
    ],
)
def test_different_articles_keep_different_keys(one: str, other: str) -> None:
    assert canonical_key(one) != canonical_key(other)


def test_parameters_stand_by_name_and_the_values_of_one_name_as_they_came() -> None:
    assert canonical_key("http://example.com/a?y=2&x=1&y=1") == "https://example.com/a?x=1&y=2&y=1"


def test_bare_words_of_a_query_keep_their_order() -> None:
    assert canonical_key("http://example.com/a?34&12") == "https://example.com/a?34&12"


ARTICLE = "https://www.example.com/2024/05/storm-hits-coast?id=7"


@pytest.mark.parametrize(
    "wrapper",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://www.example.com/2024/05/storm-hits-coast%3Fid%3D7&ct=ga&usg=AOv",
        "https://www.google.co.uk/url?q=https%3A%2F%2Fwww.example.com%2F2024%2F05%2Fstorm-hits-coast%3Fid%3D7&sa=U",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F2024%2F05%2Fstorm-hits-coast%3Fid%3D7%26fbclid%3D1&h=AT0",
        "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.com%2F2024%2F05%2Fstorm-hits-coast%3Fid%3D7&t=ab",
        "https://out.reddit.com/t3_1a?url=https%3A%2F%2Fexample.com%2F2024%2F05%2Fstorm-hits-coast%3Fid%3D7&token=AQ",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2F2024%2F05%2Fstorm-hits-coast%3Fid%3D7&data=05",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fexample.com%252F2024%252F05%252Fstorm-hits-coast%253Fid%253D7",
        "https://href.li/?https://example.com/2024/05/storm-hits-coast?id=7",
        "https://www.google.com/amp/s/www.example.com/2024/05/storm-hits-coast?id=7",
        "https://www.google.de/amp/s/amp.example.com/2024/05/storm-hits-coast?id=7",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2024/05/storm-hits-coast?id=7&usqp=mq331AQ",
        "https://cdn.ampproject.org/v/s/www.example.com/2024/05/storm-hits-coast?id=7&amp_js_v=0.1",
        "https://www-example-com.bing-amp.com/c/s/www.example.com/2024/05/storm-hits-coast?id=7",
        "https://amp.example.com/2024/05/storm-hits-coast?id=7",
        "https://m.example.com/2024/05/storm-hits-coast?id=7",
        "https://ww2.example.com/2024/05/storm-hits-coast?id=7",
        "https://example.com/2024/05/storm-hits-coast?amp=1&id=7",
        "https://example.com/2024/05/storm-hits-coast?id=7&outputType=amp",
    ],
)
def test_an_address_that_carries_the_articles_has_its_key(wrapper: str) -> None:
    assert canonical_key(wrapper) == canonical_key(ARTICLE)


def test_a_link_of_google_news_has_the_key_of_the_address_in_it() -> None:
    for target in ("https://www.example.com/a/storm", "https://www.example.com/" + "a-long-way-to-go/" * 8):
        length = len(target)
        size = bytes([length]) if length < 0x80 else bytes([length & 0x7F | 0x80, length >> 7])
        token = (
            base64.urlsafe_b64encode(b"\x08\x13\x22" + size + target.encode() + b"\xd2\x01\x00").decode().rstrip("=")
        )
        for place in ("articles", "rss/articles", "__i/rss/rd/articles"):
            assert canonical_key(f"https://news.google.com/{place}/{token}?oc=5") == canonical_key(target)
    assert "news.google.com" in canonical_key("https://news.google.com/articles/CBMiAAAA")


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


def test_labelled_pairs_are_told_apart_and_the_same_ones_found() -> None:
    merged, missed, same = [], [], 0
    for row in labelled_rows("conformance/urls.jsonl.gz"):
        if row["set"] not in ("pairs", "pairs-real") or row["same"] is None or row.get("needs") == "page":
            continue
        equal = canonical_key(row["a"]) == canonical_key(row["b"])
        same += row["same"]
        if equal and not row["same"]:
            merged.append(row["id"])
        elif row["same"] and not equal:
            missed.append(row["id"])
    assert merged == []
    assert len(missed) <= 0.05 * same, missed


def test_addresses_are_parsed_as_the_web_platform_tests_demand() -> None:
    wrong = []
    for row in labelled_rows("conformance/urls.jsonl.gz"):
        if row["set"] == "wpt" and not row["failure"] and row["href"].startswith(("http://", "https://")):
            base = row["base"] or "data:,"
            if absolute(row["input"], base) != row["href"]:
                wrong.append(row["id"])
    assert wrong == []


def test_a_name_longer_than_dns_allows_is_no_host() -> None:
    """However short its key: of `www.www.example.com` that is example.com's."""
    longest = "www." * 60 + "a.example.com"
    assert len(longest) == 253
    assert canonical_key(f"https://{longest}/a") == "https://a.example.com/a"
    with pytest.raises(ValueError, match="longer than 253"):
        host(f"https://a{longest}/a")
    with pytest.raises(ValueError, match="longer than 253"):
        canonical_key(f"https://a{longest}/a")
