"""Texts in, names, days and links out: the whole way, with the default models."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import labelled_data
from newsdesk.enrich.annotate import annotate
from newsdesk.knowledge.in_memory import linked, read_table
from newsdesk.settings import DEFAULT_MODELS

DATA = labelled_data.DATA / "entities"
FRIDAY = date(2026, 2, 6)


def test_days_are_mentions_of_no_entity_and_never_overlap_a_name() -> None:
    text = "Angela Merkel met Emmanuel Macron on Wednesday in Paris."
    (found,) = annotate([(text, "en")], DEFAULT_MODELS, [FRIDAY])
    (day,) = [mention for mention in found.mentions if mention.subtype == "DATE"]
    assert (day.text, day.type, day.entity_id, day.value, day.value_precision) == (
        "Wednesday", "MISC", None, "2026-02-04", "day",
    )  # fmt: skip
    ends = [(mention.start, mention.end) for mention in found.mentions]
    assert ends == sorted(ends)
    assert all(a[1] <= b[0] for a, b in pairwise(ends))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no labelled texts in {DATA}")
def test_names_of_labelled_news_are_found() -> None:
    """A sample of a set; the whole is bench/entities.py's."""
    lines = (DATA / "msnbc-en.jsonl").read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines]
    right = marked = annotated = 0
    found = annotate([(d["text"], "en") for d in documents], DEFAULT_MODELS)
    for document, annotation in zip(documents, found, strict=True):
        gold = {tuple(m[:3]) for m in document["mentions"] if m[2] in ("PER", "ORG", "LOC")}
        said = {(m.start, m.end, m.type) for m in annotation.mentions if m.type != "MISC"}
        right, marked, annotated = right + len(gold & said), marked + len(said), annotated + len(gold)
    assert 2 * right / (marked + annotated) > 0.70


def test_a_table_links_a_text_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "alias,language,qid,type,name\nMerkel,fr,Q2,PER,\nAngela Merkel,en,Q567,PER,Angela Merkel\n"
    )
    text = "Angela Merkel met Emmanuel Macron in London. Merkel spoke of it."
    (found,) = annotate([(text, "en")], DEFAULT_MODELS)
    now = linked(found, read_table(tmp_path / "a.csv"))
    assert {(e.name, e.wikidata_id) for e in now.entities} == {
        ("Angela Merkel", "Q567"), ("Emmanuel Macron", None), ("London", None),
    }  # fmt: skip
    by_id = {entity.entity_id: entity for entity in now.entities}
    assert [by_id[m.entity_id].link for m in now.mentions if m.entity_id and m.type == "PER"] == [
        "wikidata:Q567", None, "wikidata:Q567",
    ]  # fmt: skip
