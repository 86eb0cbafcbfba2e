"""`newsdesk try STEP`: one line out for each line in, in order; a bad input is a line with "error"."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import NEWSDESK, environment
from newsdesk import filters
from newsdesk.cli.looking import Step
from newsdesk.filters import worker
from newsdesk.filters.guarded import answer_each
from newsdesk.filters.rows import parse
from newsdesk.model import JsonObject
from newsdesk.settings import read_settings

SETTINGS = read_settings({"NEWSDESK_EXTRACT_DEADLINE": "1"})

PARAGRAPH = "The new bridge over the river was opened on Monday after two years of work, the county council said. "


def run(step: str, *rows: Any, online: bool = False) -> list[dict[str, Any]]:
    source = io.StringIO("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    sink = io.StringIO()
    filters.run(step, read_settings({}), source, sink, online=online)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_url() -> None:
    good, bad = run(
        "url", {"url": "HTTP://Www.Example.com:80/a/../b?utm_source=x#top", "note": "unread"}, {"url": "mailto:a@b"}
    )
    assert (good["host"], good["site"]) == ("www.example.com", "example.com")
    assert good["canonical"].endswith("example.com/b")
    assert list(bad) == ["error"]


@pytest.mark.parametrize("packed", [False, True])
def test_extract(packed: bool) -> None:
    paragraphs = "".join(f"<p>{PARAGRAPH}It is crossing number {n} in the county.</p>" for n in range(3))
    html = f"<html><body><article><h1>New bridge opens</h1>{paragraphs}</article></body></html>"
    given = {"html_b64": base64.b64encode(html.encode()).decode()} if packed else {"html": html}
    answers = run(
        "extract", {"id": 7, "url": "https://www.example.com/news/new-bridge-opens", **given}, {"id": 8, "url": "x"}
    )
    assert answers[0]["id"] == 7
    assert (answers[0]["outcome"], answers[0]["title"], answers[0]["language"]) == ("article", "New bridge opens", "en")
    assert answers[0]["text"].count("\n\n") == 2
    assert answers[0].keys() >= {
        "authors", "published", "published_precision", "modified", "canonical_url", "section", "tags", "description", "image",
    }  # fmt: skip
    assert answers[1] == {"id": 8, "error": 'the row needs "html" or "html_b64", a string'}


def test_dedupe_takes_the_first_row_of_an_id_and_refuses_the_others() -> None:
    rows = [{"id": 1, "text": PARAGRAPH * 5}, {"id": "1", "text": "Another text."}, {"id": 2, "text": PARAGRAPH * 5}]
    first, second, third = run("dedupe", *rows)
    assert (first["cluster"], second) == (third["cluster"], {"id": "1", "error": "an earlier row has this id"})


@pytest.mark.parametrize("online", [False, True])
def test_dedupe(online: bool) -> None:
    text = " ".join(f"Sentence number {n} of the report tells of another matter entirely." for n in range(30))
    rows = [
        {"id": "b", "title": "Report", "text": text, "published": "2026-03-02T10:00:00Z"},
        {"id": "a", "title": "Report", "text": text + " By our staff.", "published": "2026-03-02T11:00:00Z"},
        {
            "id": "c",
            "title": "Weather",
            "text": "Rain is expected over the hills, with strong winds from the west at night.",
        },
        {"id": "d"},
    ]
    answers = run("dedupe", *rows, online=online)
    assert answers == [
        {"id": "b", "cluster": "b"}, {"id": "a", "cluster": "b"}, {"id": "c", "cluster": "c"},
        {"id": "d", "error": 'the row needs "text", a string'},
    ]  # fmt: skip


def test_the_order_of_rows_does_not_change_the_groups() -> None:
    rows = [
        {"id": str(n), "text": PARAGRAPH * 3 + f"Note {n % 2}. " * 2, "published": f"2026-03-0{n + 1}"}
        for n in range(4)
    ]
    one = {row["id"]: row["cluster"] for row in run("dedupe", *rows)}
    assert {row["id"]: row["cluster"] for row in run("dedupe", *reversed(rows))} == one


def test_stories() -> None:
    rows = [
        {"id": 2, "title": "Ferry aground", "text": "A ferry with 212 passengers ran aground off Brackwater on Monday.",
         "published": "2026-03-02T10:00:00Z", "language": "en"},
        {"id": "x", "text": "Engineers have begun to lower the water behind the Hollin dam.", "language": "en"},
        {"id": 1, "title": "Ferry hits sandbank", "text": "All 212 passengers of the Brackwater ferry were brought ashore.",
         "published": "2026-03-02T09:00:00Z", "language": "en"},
        {"id": 2, "text": "again"},
        {"text": "no id"},
    ]  # fmt: skip
    assert run("stories", *rows) == [
        {"id": "2", "story": "1"}, {"id": "x", "story": "x"}, {"id": "1", "story": "1"},
        {"id": "2", "error": "an earlier row has this id"}, {"error": 'the row needs "id", a string'},
    ]  # fmt: skip


def test_entities() -> None:
    text = "Ada Lovelace met Charles Babbage in London on Monday."
    english, unknown = run(
        "entities",
        {"id": 1, "title": "A meeting in London", "text": text, "language": "en"},
        {"id": 2, "text": text, "language": "xx"},
    )
    assert all(text[m["start"] : m["end"]] == m["text"] for m in english["mentions"])
    people = {entity["name"] for entity in english["entities"] if entity["type"] == "PER"}
    assert people >= {"Charles Babbage"}
    assert {m["entity"] for m in english["mentions"]} <= {e["entity"] for e in english["entities"]}
    assert (unknown["id"], unknown["model"], unknown["mentions"]) == (2, None, [])


def test_what_is_not_json_is_an_error_in_its_place() -> None:
    answers = run("url", "not json", {"url": "https://example.com/"}, "[1]")
    assert ["error" in answer for answer in answers] == [True, False, True]


def test_a_time_that_is_none_is_named() -> None:
    (answer,) = run("dedupe", {"id": "a", "text": PARAGRAPH, "published": "yesterday"})
    assert "not an ISO 8601 time: 'yesterday'" in answer["error"]


def packed(body: bytes | str) -> str:
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Harbour wall opens</title><link>/2026/harbour</link><guid isPermaLink="false">https://news.example/?p=1</guid>
<pubDate>Mon, 02 Mar 2026 11:00:00 +0100</pubDate></item>
<item><title>Mayor speaks</title><link>https://news.example/mayor</link></item></channel></rss>"""


def test_every_step_of_the_contract_is_on_the_command_line() -> None:
    assert {step.value for step in Step} == filters.STEPS.keys()
    assert worker.WORK.keys() | {"extract", "dedupe", "stories", "entities"} == filters.STEPS.keys()


def test_feed() -> None:
    (answer,) = run("feed", {"bytes_b64": packed(RSS), "content_type": "text/xml", "url": "https://news.example/rss"})
    assert answer["kind"] == "rss"
    assert answer["entries"][0] == {
        "url": "https://news.example/2026/harbour", "title": "Harbour wall opens", "id": "https://news.example/?p=1",
        "published": "2026-03-02T10:00:00Z", "updated": None,
    }  # fmt: skip
    assert answer["entries"][1]["url"] == "https://news.example/mayor"
    assert (answer["problem"], "error" in answer) == (None, False)


def test_without_the_feeds_address_relative_links_stay_out_and_absolute_ones_in() -> None:
    (answer,) = run("feed", {"bytes_b64": packed(RSS)})
    assert [entry["url"] for entry in answer["entries"]] == [None, "https://news.example/mayor"]


def test_a_feed_that_cannot_be_read_is_an_error_and_an_empty_one_is_not() -> None:
    page, nothing, quiet = run(
        "feed",
        {"bytes_b64": packed("<!doctype html><title>Not found</title>"), "id": 4},
        {"bytes_b64": ""},
        {"bytes_b64": packed('<rss version="2.0"><channel><title>News</title></channel></rss>')},
    )
    assert page["entries"] == nothing["entries"] == quiet["entries"] == []
    assert page["error"] == page["problem"]
    assert "empty" in nothing["error"]
    assert "error" not in quiet


def test_sitemap() -> None:
    urlset = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/a</loc>
      <lastmod>2026-03-02</lastmod><n:news><n:publication_date>2026-03-02T12:00:00+02:00</n:publication_date>
      <n:title>A</n:title></n:news></url></urlset>"""
    index = "<sitemapindex><sitemap><loc>https://news.example/s.xml</loc></sitemap></sitemapindex>"
    pages, sitemaps, neither = run(
        "sitemap",
        {"bytes_b64": packed(urlset)},
        {"bytes_b64": packed(index)},
        {"bytes_b64": packed("<html>404</html>")},
    )
    assert pages["pages"] == [
        {"url": "https://news.example/a", "lastmod": "2026-03-02T00:00:00Z", "title": "A",
         "published": "2026-03-02T10:00:00Z"}
    ]  # fmt: skip
    assert (sitemaps["pages"], sitemaps["sitemaps"]) == ([], ["https://news.example/s.xml"])
    assert (neither["pages"], neither["sitemaps"], bool(neither["error"])) == ([], [], True)


def test_robots() -> None:
    rules = "User-agent: newsdesk\nDisallow: /private\nCrawl-delay: 2.5\nSitemap: https://news.example/s.xml\n"
    given = {"agent": "newsdesk/1.0", "url": "https://news.example/private/a"}
    text, utf16, file_alone = run(
        "robots",
        {"robots": rules, **given},
        {"robots": None, "robots_b64": packed(b"\xff\xfe" + rules.encode("utf-16-le")), **given},
        {"robots": rules, "agent": "other"},
    )
    assert text == utf16 == {"allowed": False, "crawl_delay": 2.5, "sitemaps": ["https://news.example/s.xml"]}
    assert file_alone == {"allowed": None, "crawl_delay": None, "sitemaps": ["https://news.example/s.xml"]}


def test_robots_by_the_status_of_its_answer() -> None:
    rows = [{"status": status, "robots": None, "url": "https://news.example/a"} for status in (404, 503, 429, 0, 200)]
    answers = run("robots", *rows, {"url": "https://news.example/a"}, {"robots": "", "status": True})
    assert [answer.get("allowed") for answer in answers[:5]] == [True, False, False, False, True]
    assert answers[5] == {"error": 'the row needs "robots" or "robots_b64", a string'}
    assert answers[6] == {"error": '"status" is not a whole number'}


def test_a_delay_that_is_no_number_is_none() -> None:
    answers = run("robots", *({"robots": f"User-agent: *\nCrawl-delay: {word}\n"} for word in ("inf", "nan", "soon")))
    assert [answer["crawl_delay"] for answer in answers] == [None, None, None]


def test_address() -> None:
    answers = run(
        "address",
        {"url": "https://news.example/a", "resolved": ["93.184.215.14"]},
        {"url": "https://news.example/a", "resolved": ["93.184.215.14", "10.0.0.1"]},
        {"url": "http://0x7f.1/"},
        {"url": "ftp://news.example/"},
        {"url": "https://news.example/a", "resolved": "10.0.0.1"},
        {},
    )
    assert [answer.get("allowed") for answer in answers] == [True, False, False, False, None, None]
    assert all(answer["why"] for answer in answers[:4])
    assert answers[4:] == [
        {"error": '"resolved" is not a list of strings'}, {"error": 'the row needs "url", a string'},
    ]  # fmt: skip


def test_decode() -> None:
    answers = run(
        "decode",
        {"bytes_b64": packed("Café – „so“".encode("cp1252")), "content_type": "text/html; charset=iso-8859-1"},
        {"bytes_b64": packed("Straße")},
        {"bytes_b64": "not base64!"},
        {"content_type": "text/html"},
    )
    assert [answer.get("text") for answer in answers] == ["Café – „so“", "Straße", None, None]
    assert answers[1]["encoding"] == "utf-8"
    assert answers[2]["error"].startswith('"bytes_b64" is not base64')
    assert answers[3] == {"error": 'the row needs "bytes_b64", a string'}


def test_base64_may_be_broken_into_lines() -> None:
    (answer,) = run("decode", {"bytes_b64": base64.encodebytes(b"x" * 100).decode()})
    assert answer["text"] == "x" * 100


@pytest.mark.parametrize(
    ("step", "row"),
    [
        ("feed", {"bytes_b64": packed(RSS), "url": 5}),
        ("feed", {"bytes_b64": packed(RSS), "url": "rss.xml"}),
        ("feed", {"bytes_b64": packed(RSS), "content_type": ["text/xml"]}),
        ("extract", {"url": "https://news.example/a", "html_b64": "", "content_type": 1}),
        ("dedupe", {"id": 1, "text": "a", "title": 7}),
        ("stories", {"id": 1, "text": "a", "title": 7}),
        ("entities", {"id": 1, "text": "a", "language": []}),
    ],
)
def test_a_key_of_the_wrong_kind_is_an_error_of_its_row(step: str, row: JsonObject) -> None:
    (answer,) = run(step, row)
    assert answer["error"].startswith('"')


@pytest.mark.parametrize("line", ["[" * 100_000, '{"url": NaN}', '{"url": "\udcff"}', "null", "{", '{"id": 1e999}'])
def test_a_line_that_is_no_row_is_an_error_in_its_place(line: str) -> None:
    answers = run("url", line, {"url": "https://example.com/"})
    assert ["error" in answer for answer in answers] == [True, False]


def test_lone_surrogates_of_the_input_go_out_as_valid_utf8() -> None:
    (answer,) = run("url", '{"id": "\\ud800", "url": "x"}')
    assert answer["id"] == "\ufffd"


def test_the_command_reads_and_writes_utf8_whatever_the_locale() -> None:
    lines = b'{"id": "\xc3\xa9", "url": 1}\n\xff{}\n\r\n{"url": "https://b\xc3\xbccher.example/"}\r\n'
    done = subprocess.run(
        [*NEWSDESK, "try", "url"], input=lines, capture_output=True, check=True,
        env=environment(LC_ALL="C", PYTHONIOENCODING="latin-1"),
    )  # fmt: skip
    first, second, third = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert first["id"] == "é"
    assert second == {"error": "not JSON: the line is not UTF-8"}
    assert third["host"] == "xn--bcher-kva.example"


def test_the_light_steps_load_no_heavy_library() -> None:
    code = (
        "import sys\nfrom newsdesk.cli import app\nfrom newsdesk import filters\nfrom newsdesk.filters import worker\n"
        "from newsdesk.settings import read_settings\n"
        f"row = {{'bytes_b64': {packed(RSS)!r}, 'robots': '', 'url': 'http://192.0.2.1/'}}\n"
        "[worker.answer(work, row, read_settings()) for work in worker.WORK.values()]\n"
        "print(sorted({'airflow', 'spacy', 'trafilatura', 'numpy', 'psycopg2'} & sys.modules.keys()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    ).stdout
    assert said.strip() == "[]"


@pytest.mark.parametrize(
    ("blow", "why"), [(signal.SIGKILL, "crashed (SIGKILL)"), (signal.SIGSTOP, "no answer within 1 s")]
)
def test_a_worker_that_dies_or_hangs_costs_one_row(blow: signal.Signals, why: str) -> None:
    def rows() -> Iterator[JsonObject]:
        yield {"url": "https://example.com/1"}
        (child,) = (c for c in psutil.Process().children() if "newsdesk.filters.worker" in c.cmdline())
        os.kill(child.pid, blow)
        while blow == signal.SIGKILL and child.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        yield {"id": 2, "url": "https://example.com/2"}
        yield {"url": "https://example.com/3"}

    first, second, third = answer_each("url", rows(), SETTINGS, False)
    assert first["canonical"] == "https://example.com/1"
    assert second["id"] == 2
    assert why in second["error"]
    assert third["canonical"] == "https://example.com/3"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    step=st.sampled_from(sorted(worker.WORK.keys() - {"address"})),
    row=st.fixed_dictionaries(
        {},
        optional={
            "url": ANYTHING, "content_type": ANYTHING, "agent": ANYTHING, "robots": ANYTHING, "status": ANYTHING,
            "bytes_b64": st.binary(max_size=60).map(packed) | ANYTHING, "robots_b64": ANYTHING, "id": ANYTHING,
        },
    ),
)  # fmt: skip
def test_whatever_a_row_holds_it_is_answered_and_no_fault_of_ours_shows(step: str, row: JsonObject) -> None:
    row = parse(json.dumps(row))
    answer = row if "error" in row else worker.answer(worker.WORK[step], row, SETTINGS)
    line = filters.dump(answer)
    line.encode("utf-8")
    assert not str(json.loads(line).get("error", "")).startswith("the step failed")
