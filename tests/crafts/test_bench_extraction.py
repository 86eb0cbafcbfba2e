"""The measure of bench/extraction.py is that of the labelled data's own score.py, and a tool that hangs ends a page only."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import labelled_data

ROOT = Path(__file__).parents[2]
DATA = labelled_data.DATA / "extract"


@pytest.fixture(scope="module", autouse=True)
def bench() -> Iterator[None]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield
    sys.path.remove(str(ROOT / "bench"))


@pytest.mark.skipif(not (DATA / "score.py").exists(), reason="the labelled pages are not here")
@pytest.mark.parametrize("name", ["fundus_eval", "fundus", "wcxb"])
def test_the_scores_are_those_of_score_py(name: str) -> None:
    from extractors import run

    score = runpy.run_path(str(DATA / "score.py"))["score"]
    gold = run.load(DATA, [name], 40)[name]
    articles = [row for row in gold if name != "wcxb" or row["page_type"] == "article"]
    answers = [altered(row, number) for number, row in enumerate(articles)]
    theirs = score(articles, [{"id": row["id"], **answer} for row, answer in zip(articles, answers, strict=True)])
    marks = [run.mark(name, row, answer) for row, answer in zip(articles, answers, strict=True)]
    body = run.body_of(marks)
    assert body is not None
    assert {key: round(value, 4) for key, value in body.items()} == theirs["body"]
    for what in ("date", "published", "title", "authors"):
        assert run.rate(marks, what) == pytest.approx(theirs[what]["rate"] if what in theirs else None, abs=5e-5)
    snippets = run.snippets_of(marks)
    assert snippets == (pytest.approx(theirs["snip"]["f1"], abs=5e-5) if "snip" in theirs else None)


def altered(row: dict[str, Any], number: int) -> dict[str, Any]:
    """An answer that is right, wrong, half right or absent, by the number."""
    body, title = row["body"], row.get("title") or ""
    if number % 5 == 0:
        return {}
    return {
        "text": (body, body[: len(body) // 2], "...", body + "\nRead also: a line that is not of it")[number % 4],
        "title": (title, title.upper() + "!", "another")[number % 3],
        "date": (row.get("date"), None, "2001-02-03")[number % 3],
        "published": (row.get("published"), "2001-02-03T04:05:06Z")[number % 2],
        "authors": (row.get("authors"), [*(row.get("authors") or []), "Nobody else"])[number % 2],
    }


def test_no_word_anywhere_is_a_page_read_rightly() -> None:
    from extractors.measure import body_score

    assert body_score("", None) == (1.0, 1.0, 1.0)
    assert body_score("one two three four", "") == (0.0, 0.0, 0.0)


def test_a_tool_that_is_in_no_environment_is_shown_as_not_installed() -> None:
    from extractors.process import Tool
    from extractors.report import markdown

    absent = Tool("newsdesk", ["/bin/false"], deadline=5)
    assert absent.version is None
    assert "Not installed: newsdesk." in markdown([absent], {}, {}, 5)


def test_a_page_that_hangs_a_tool_is_its_failure_and_the_next_is_read() -> None:
    from extractors.process import Tool

    tool = Tool("trafilatura fast", [sys.executable], deadline=30)
    try:
        tool._deadline = 1
        hanging = "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x</p>"
        assert "took longer" in tool.read(page(hanging))["error"]
        tool._deadline = 30
        answer = tool.read(page("<html><body><article>" + "<p>The bridge is open again.</p>" * 9))
        assert "The bridge is open again." in answer["text"]
        assert answer["cpu"] >= 0
    finally:
        tool.close()


def page(html: str) -> dict[str, Any]:
    return {"url": "https://www.example.com/bridge", "html": html.encode(), "text": html}


def test_the_chart_has_a_line_a_tool_the_best_first_and_brings_its_own_ground() -> None:
    from extractors.chart import Line, draw

    lines = [Line("tool <b>", 0.8, 12.0), Line("newsdesk", 0.95, 20.0, is_ours=True)]
    svg = draw(lines, ("best of all", 0.97), "Title & more", "subtitle")
    root = ElementTree.fromstring(svg)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert texts.index("newsdesk") < texts.index("tool <b>")
    assert {"0.950", "0.800", "best of all 0.970"} <= set(texts)
    assert re.search(r'<rect class="ground"', svg)
    assert "prefers-color-scheme: dark" in svg
