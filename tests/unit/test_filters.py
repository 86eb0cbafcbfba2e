"""`newsdesk try STEP`: one line out for each line in, in order; a bad input is a line with "error"."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from newsdesk import filters
from newsdesk.settings import read_settings

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
