"""robots.txt: whose rules hold, and that no file can hang or break us."""

from __future__ import annotations

import base64
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelled_data import labelled_rows
from newsdesk.fetch.robots import MAX_BYTES, RobotsTxt, parse_robots, product_token, robots_for_status

AGENT = "newsdesk/1.0 (+https://newsdesk.example/bot)"
PAGE = "https://a.example/private/x"
LINES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: newsdesk",
        "user agent news",
        "Disallow: /",
        "Disallow:",
        "Allow: /*a*b$",
        "Crawl-delay: 1e9",
        "Crawl-delay: nan",
        "Crawl-delay: 1e-60",
        "Sitemap: x",
        "Request-rate: 1/0",
        "Visit-time: 99-1",
        "<html>",
        "\x00",
        "%zz",
        "Disallow: /%",
        "é",
        "#",
    ]
)


def test_a_whole_user_agent_header_is_matched_by_its_product_token() -> None:
    robots = parse_robots(b"User-agent: NewsDesk\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n")
    assert not robots.allowed(AGENT, PAGE)
    assert robots.allowed(AGENT, "https://a.example/x")
    assert not robots.allowed("another/1.0", "https://a.example/x")


@pytest.mark.parametrize("group", ["news", "desk", "newsdesknet"])
def test_a_group_whose_name_is_only_a_part_of_ours_is_not_ours(group: str) -> None:
    assert parse_robots(f"User-agent: {group}\nDisallow: /".encode()).allowed(AGENT, PAGE)


def test_the_product_token_is_our_name_without_its_version() -> None:
    assert product_token(AGENT) == "newsdesk"
    assert product_token("Mozilla/5.0 (compatible; newsdesk/1.0; +https://newsdesk.example)") == "newsdesk"
    assert product_token("*") == "*"
    assert product_token("") == "*"


def test_the_longest_rule_wins_and_allow_wins_a_tie() -> None:
    robots = parse_robots(b"User-agent: *\nDisallow: /private\nAllow: /private/x\nAllow: /y\nDisallow: /y\n")
    assert robots.allowed(AGENT, PAGE)
    assert not robots.allowed(AGENT, "https://a.example/private/z")
    assert robots.allowed(AGENT, "https://a.example/y")


def test_a_crawl_delay_does_not_end_a_group() -> None:
    robots = parse_robots(b"User-agent: newsdesk\nCrawl-delay: 2.5\n\nUser-agent: other\nDisallow: /private\n")
    assert not robots.allowed(AGENT, PAGE)
    assert robots.crawl_delay(AGENT) == 2.5


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", 0),
        ("1e-60", 0),
        ("0.0001", 0),
        ("0.001", 0.001),
        ("86400", 86_400),
        ("90000", 86_400),
        ("1e39", 86_400),
        ("1e308", 86_400),
    ],
)
def test_a_crawl_delay_is_a_time_that_somebody_can_mean(written: str, read: float) -> None:
    assert parse_robots(f"User-agent: *\nCrawl-delay: {written}".encode()).crawl_delay(AGENT) == read


def test_crawl_delay_of_everyone_holds_where_we_have_no_group() -> None:
    assert parse_robots(b"User-agent: *\nCrawl-delay: 7").crawl_delay(AGENT) == 7
    assert parse_robots(b"User-agent: other\nCrawl-delay: 7").crawl_delay(AGENT) is None


def test_sitemaps_are_named_once_each_wherever_they_stand() -> None:
    robots = parse_robots(b"Sitemap: https://a.example/1.xml\nUser-agent: x\nSitemap: /2.xml\nSitemap: /2.xml\n")
    assert robots.sitemaps == ("https://a.example/1.xml", "/2.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_rules_are_read_in_any_encoding_met(encoding: str) -> None:
    robots = parse_robots("User-agent: *\nDisallow: /é\n".encode(encoding))
    assert not robots.allowed(AGENT, "https://a.example/%C3%A9")
    assert robots.allowed(AGENT, "https://a.example/e")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_with_cr_lf_or_both(end: str) -> None:
    assert not parse_robots(end.join(["User-agent: *", "Disallow: /private"]).encode()).allowed(AGENT, PAGE)


def test_an_html_page_forbids_nothing() -> None:
    assert parse_robots(b"<!DOCTYPE html><html><body>Not found</body></html>").allowed(AGENT, PAGE)


def test_beyond_the_size_bound_only_whole_lines_count() -> None:
    head = b"User-agent: *\nDisallow: /private\n"
    tail = b"Disallow: /longer-than-that\n"
    padding = b"#" * (MAX_BYTES - len(head) - len(b"\nDisallow: /"))
    robots = parse_robots(head + padding + b"\n" + tail)
    assert not robots.allowed(AGENT, PAGE)
    assert robots.allowed(AGENT, "https://a.example/x")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
def test_a_client_error_allows_all(status: int) -> None:
    assert robots_for_status(status).allowed(AGENT, PAGE)


@pytest.mark.parametrize("status", [None, 0, 429, 500, 503, 599])
def test_a_server_error_or_no_answer_forbids_all_for_now(status: int | None) -> None:
    robots = robots_for_status(status)
    assert not robots.allowed(AGENT, PAGE)
    assert robots.crawl_delay(AGENT) is None
    assert robots.sitemaps == ()


@pytest.mark.parametrize("status", [None, 500, 503])
def test_after_thirty_days_of_server_errors_the_file_counts_as_absent(status: int | None) -> None:
    assert not robots_for_status(status, timedelta(days=30)).allowed(AGENT, PAGE)
    assert robots_for_status(status, timedelta(days=30, seconds=1)).allowed(AGENT, PAGE)


def test_a_server_that_asks_us_to_stay_away_is_obeyed_however_long_it_does() -> None:
    assert not robots_for_status(429, timedelta(days=300)).allowed(AGENT, PAGE)


@pytest.mark.parametrize("status", [301, 403, 404])
def test_a_client_error_allows_all_whatever_went_before(status: int) -> None:
    assert robots_for_status(status, timedelta(days=1)).allowed(AGENT, PAGE)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_encoding_is_known_by_its_mark(encoding: str) -> None:
    robots = parse_robots(("\ufeffUser-agent: *\nDisallow: /private\n").encode(encoding))
    assert not robots.allowed(AGENT, PAGE)
    assert robots.allowed(AGENT, "https://a.example/x")


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"User-agent:a%d\n" % i for i in range(18_000)) + b"Disallow:/a\n" * 20_000,
        b"User-agent:*\n" + (b"Disallow:/" + b"*a" * 50 + b"b$\n") * 4_000,
        b"User-agent:*\nDisallow:/" + b"*a" * 200_000 + b"b$\n",
    ],
    ids=["agents times rules", "stars", "one rule of stars"],
)
def test_no_file_costs_more_than_a_moment(body: bytes) -> None:
    started = time.process_time()
    parse_robots(body).allowed(AGENT, "https://a.example/" + "a" * 2_000)
    assert time.process_time() - started < 3


def _ask_everything(robots: RobotsTxt) -> None:
    assert isinstance(robots.allowed(AGENT, PAGE), bool)
    delay = robots.crawl_delay(AGENT)
    assert delay is None or delay == 0 or 0.001 <= delay <= 86_400
    assert isinstance(robots.sitemaps, tuple)


@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    _ask_everything(parse_robots(body))


@given(st.lists(LINES, max_size=20), st.sampled_from(["utf-8", "utf-16"]), st.integers(0, 30), st.text(max_size=20))
def test_no_mutated_file_raises(lines: list[str], encoding: str, cut: int, agent: str) -> None:
    robots = parse_robots("\n".join(lines).encode(encoding)[cut:])
    _ask_everything(robots)
    robots.allowed(agent, "/" + agent)


# that library's own policy, not the RFC's
SET_ASIDE = ("crawler-commons/testBigCrawlDelay", "crawler-commons/testDirectiveTypos")


def test_labelled_files_are_read_as_their_rows_demand() -> None:
    wrong = []
    for row in labelled_rows("conformance/robots.jsonl.gz"):
        if "status" in row or row["id"].startswith(SET_ASIDE):
            continue
        body = base64.b64decode(row["robots_b64"]) if row.get("robots_b64") else row["robots"].encode()
        robots = parse_robots(body)
        if row["id"].startswith("real/"):
            _ask_everything(robots)
        elif row.get("crawl_delay") is not None:
            if robots.crawl_delay(row["agent"]) != row["crawl_delay"]:
                wrong.append(row["id"])
        elif row["allowed"] is not None and robots.allowed(row["agent"], row["url"]) != row["allowed"]:
            wrong.append(row["id"])
    assert wrong == []
