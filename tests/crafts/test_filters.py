"""`newsdesk try STEP`: one line out for each line in, in order; a bad input is a line with "error", and costs no other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import NEWSDESK, environment
from filtering import RSS, packed, run
from newsdesk import filters
from newsdesk.cli.looking import Step
from newsdesk.filters import worker
from newsdesk.filters.guarded import answer_each
from newsdesk.filters.rows import parse
from newsdesk.model import JsonObject
from newsdesk.settings import read_settings
from waiting import is_gone, until

SETTINGS = read_settings({"NEWSDESK_EXTRACT_DEADLINE": "1"})


def test_what_is_not_json_is_an_error_in_its_place() -> None:
    answers = run("url", "not json", {"url": "https://example.com/"}, "[1]")
    assert ["error" in answer for answer in answers] == [True, False, True]


def test_every_step_of_the_contract_is_on_the_command_line() -> None:
    assert {step.value for step in Step} == filters.STEPS.keys()
    assert worker.WORK.keys() | {"extract", "dedupe", "stories", "entities"} == filters.STEPS.keys()


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
        if blow == signal.SIGKILL:
            until(lambda: is_gone(child), 60, "the worker's end", pause=0.01)
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
