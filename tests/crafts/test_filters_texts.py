"""`newsdesk try` for pages and texts: extract, dedupe, stories, entities."""

from __future__ import annotations

import base64

import pytest

from filtering import PARAGRAPH, run


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_gets_its_outcome_title_language_and_text(packed: bool) -> None:
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
    assert list(run("dedupe", *rows)) == [
        {"id": 1, "cluster": 1}, {"id": "1", "error": "an earlier row has this id"}, {"id": 2, "cluster": 1},
    ]  # fmt: skip


def test_an_id_that_is_null_is_none() -> None:
    (answer,) = run("dedupe", {"id": None, "text": PARAGRAPH})
    assert answer["error"] == 'the row needs "id", a string'


@pytest.mark.parametrize("online", [False, True])
def test_copies_are_one_cluster_called_by_the_first(online: bool) -> None:
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


def test_reports_of_one_event_are_one_story_called_by_the_first() -> None:
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
        {"id": 2, "story": 1}, {"id": "x", "story": "x"}, {"id": 1, "story": 1},
        {"id": 2, "error": "an earlier row has this id"}, {"error": 'the row needs "id", a string'},
    ]  # fmt: skip


def test_names_are_found_in_a_text_whose_language_has_a_model() -> None:
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


def test_a_time_that_is_none_is_named() -> None:
    (answer,) = run("dedupe", {"id": "a", "text": PARAGRAPH, "published": "yesterday"})
    assert "not an ISO 8601 time: 'yesterday'" in answer["error"]
