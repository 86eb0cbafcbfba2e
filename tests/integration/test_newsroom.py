"""The demo newsroom keeps its word: what `expected()` says of a URL is what the URL does."""

from __future__ import annotations

import re
import time
from calendar import timegm
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
import requests
import yaml

from newsdesk.local.newsroom import Expected, Newsroom
from newsdesk.local.newsroom.outlets import BY_ID, OUTLETS

WITH_ARTICLE = {"published", "updated", "unchanged", "not_modified"}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture(autouse=True)
def first_edition(newsroom: Newsroom) -> None:
    newsroom.edition = 1


def get(url: str, **options: object) -> requests.Response:
    return requests.get(url, timeout=5, **options)  # type: ignore[arg-type]


def links_of(page: str) -> set[str]:
    return set(re.findall(r'<h2><a href="([^"]+)"', page))


def check(row: Expected) -> str | None:
    """What is wrong with how a URL is served; None: it does what the truth says."""
    outlet, outcome = BY_ID[row.source_id], row.outcome
    if outcome in WITH_ARTICLE or outcome in ("index", "gallery", "video", "wall", "challenge", "needs_js"):
        response = get(row.url, allow_redirects=False)
        page = response.content.decode(outlet.charset)
        signs = {"wall": '"isAccessibleForFree": false', "challenge": "Just a moment",
                 "needs_js": '<div id="root"></div>', "video": "<video", "gallery": "ImageGallery"}  # fmt: skip
        good = response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")
        good = good and signs.get(outcome, "<h1") in page
        if outcome == "index":
            good = good and page.count('class="card"') >= 3
        return None if good else f"{row.url}: {response.status_code}"
    if outcome == "duplicate_url":
        response = get(row.url)
        assert row.article_url is not None
        main = row.article_url.split("?")[0]
        good = response.url == main or f'rel="canonical" href="{main}"' in response.text
        return None if good and response.ok else row.url
    if outcome == "redirect_loop":
        with pytest.raises(requests.TooManyRedirects):
            get(row.url)
        return None
    if outcome == "incomplete":
        with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
            get(row.url)
        return None
    if outcome == "connection":
        with pytest.raises(requests.ConnectionError):
            get(row.url)
        return None
    if outcome == "timeout":
        with get(row.url, stream=True) as response:
            started = time.monotonic()
            assert len(response.raw.read(2)) == 2
            return None if time.monotonic() - started > 0.5 else row.url
    with get(row.url, stream=True, allow_redirects=False) as response:
        status, headers = response.status_code, response.headers
        good = {
            "gone": status in (404, 410),
            "http_error": status == 500,
            "robots_denied": "/print/" in row.url,
            "wrong_type": headers["Content-Type"] == "application/pdf",
            "too_large": int(headers.get("Content-Length", 0)) == 50 * 1024 * 1024,
            "blocked_address": headers.get("Location", "").startswith("http://10.0.0.1/"),
        }[outcome]
    return None if good else f"{row.url}: {status}"


@pytest.mark.parametrize("edition", [1, 2])
def test_every_url_behaves_as_the_truth_says(newsroom: Newsroom, edition: int) -> None:
    newsroom.edition = edition
    with ThreadPoolExecutor(24) as pool:
        faults = [fault for fault in pool.map(check, newsroom.expected()) if fault]
    assert not faults


def test_endpoints_list_all_urls_of_the_truth(newsroom: Newsroom) -> None:
    for edition in (1, 2):
        newsroom.edition = edition
        for outlet in OUTLETS:
            base = newsroom.bases[outlet.id]
            found: list[str] = []
            for endpoint in outlet.endpoints:
                found += listed(base, base + endpoint.path, endpoint.form)
            wanted = {row.url for row in newsroom.expected() if row.source_id == outlet.id}
            fresh = wanted - {row.url for row in newsroom.expected(1)} if edition == 2 else wanted
            keys = {url.split("?")[0] for url in found}
            assert fresh <= set(found), outlet.id
            assert keys <= {url.split("?")[0] for url in wanted}, outlet.id


def listed(base: str, url: str, form: str) -> list[str]:
    """The links that an endpoint lists."""
    response = get(url)
    if form == "missing":
        assert response.status_code == 404
        return []
    assert response.status_code == 200
    if form in ("rss", "atom"):
        feed = feedparser.parse(response.content)
        assert bool(feed.bozo) is (b"Tea rooms & gallery" in response.content)
        assert all(entry.get("published_parsed") and entry.get("summary") for entry in feed.entries)
        return [entry.link for entry in feed.entries]
    if form == "page":
        return [base + path for path in links_of(response.text)]
    tree = ElementTree.fromstring(response.content)
    locations = [element.text or "" for element in tree.findall(".//{*}loc")]
    if form == "index":
        assert f"Sitemap: {url}" in get(base + "/robots.txt").text
        return [link for location in locations for link in listed(base, location, "news")]
    assert len(tree.findall(".//{http://www.google.com/schemas/sitemap-news/0.9}title")) == len(locations)
    return locations


def test_one_article_is_linked_twice_with_and_without_parameters(newsroom: Newsroom) -> None:
    base = newsroom.bases["harbour-courier"]
    links = listed(base, base + "/rss.xml", "rss")
    pair = [link for link in links if "ferry-aground" in link]
    assert len(pair) == 2
    assert pair[0].startswith(pair[1] + "?utm_")
    assert [row.url for row in newsroom.expected() if "/ferry-aground-off" in row.url] == [pair[0]]


def test_feed_dates_are_the_truths(newsroom: Newsroom) -> None:
    truth = {row.url: row for row in newsroom.expected()}
    for outlet in ("daily-ledger", "evening-lantern", "rothenauer-anzeiger", "courrier-valbrune"):
        endpoint = BY_ID[outlet].endpoints[0]
        feed = feedparser.parse(get(newsroom.bases[outlet] + endpoint.path).content)
        for entry in feed.entries:
            row = truth[entry.link]
            if row.published_at is not None:
                assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == row.published_at, row.url


def test_unchanged_feeds_and_pages_answer_304(newsroom: Newsroom) -> None:
    base = newsroom.bases["northmoor-observer"]
    page = base + "/2026/03/02/rail-union-and-province-agree-on-pay/"
    feed = newsroom.bases["harbour-courier"] + "/rss.xml"
    for url in (page, feed):
        first = get(url)
        by_tag = get(url, headers={"If-None-Match": first.headers["ETag"]})
        by_date = get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert (by_tag.status_code, by_date.status_code, by_tag.content) == (304, 304, b"")
    tags = {url: get(url).headers["ETag"] for url in (page, feed)}
    newsroom.edition = 2
    assert get(page, headers={"If-None-Match": tags[page]}).status_code == 304
    assert get(feed, headers={"If-None-Match": tags[feed]}).status_code == 200


def test_bumped_page_differs_in_furniture_only(newsroom: Newsroom) -> None:
    url = newsroom.bases["faro-de-montelar"] + "/local/el-mercado-de-abastos-reabre-en-mayo.html"
    before = get(url)
    newsroom.edition = 2
    after = get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.text != before.text
    body = re.compile(r'<div class="article-body">(.*?)<aside', re.DOTALL)
    assert body.findall(after.text) == body.findall(before.text) != []


def test_requests_are_logged(newsroom: Newsroom) -> None:
    at = len(newsroom.requests)
    get(newsroom.bases["tarn-valley-post"] + "/robots.txt?x=1", headers={"User-Agent": "probe"})
    (logged,) = newsroom.requests[at:]
    assert (logged.outlet, logged.path, logged.status) == ("tarn-valley-post", "/robots.txt?x=1", 200)
    assert logged.user_agent == "probe"
    assert logged.time <= time.monotonic()


def test_edition_is_turned_by_post_at_the_first_outlet_only(newsroom: Newsroom) -> None:
    first, second = list(newsroom.bases.values())[:2]
    assert requests.post(second + "/_edition/2", timeout=5).status_code == 404
    assert requests.post(first + "/_edition/3", timeout=5).status_code == 404
    assert newsroom.edition == 1
    assert requests.post(first + "/_edition/2", timeout=5).status_code == 200
    assert newsroom.edition == 2
    assert len(newsroom.expected()) == 78


def test_sources_are_written_for_every_outlet(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.write_sources(tmp_path / "sources")
    files = sorted((tmp_path / "sources").iterdir())
    assert [file.stem for file in files] == sorted(BY_ID)
    for file in files:
        source = yaml.safe_load(file.read_text(encoding="utf-8"))
        outlet = BY_ID[file.stem]
        assert (source["id"], source["name"]) == (outlet.id, outlet.name)
        assert (source["language"], source["country"]) == (outlet.language, outlet.country)
        assert source["allow_private"] is True
        assert source["homepage"].endswith("/")
        least, most = source["expect"]["body_words"]
        rows = [row for row in newsroom.expected(1) if row.source_id == outlet.id and row.body]
        assert all(least <= len((row.body or "").split()) <= most for row in rows)
        assert source["expect"]["articles_per_day"][0] <= len(rows) <= source["expect"]["articles_per_day"][1]
        assert [next(iter(point.values())) for point in source["endpoints"]] == [
            newsroom.bases[outlet.id] + endpoint.path for endpoint in outlet.endpoints
        ]
