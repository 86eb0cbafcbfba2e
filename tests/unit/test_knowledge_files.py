"""Files of the operator's knowledge base: tables as they come, Wikidata's dump line by line."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.errors import ConfigError
from newsdesk.knowledge import dump, tables
from newsdesk.knowledge.dump import Line, Wanted
from newsdesk.store.knowledge import Alias

ROWS = 'alias,language,QID,type,prior,name\nMerkel,de,Q567,PER,0.9,Angela Merkel\n"Paris, Texas",,Q830149,loc,,\n'


def rows_of(path: Path, skip: int = 0) -> list[Alias | str]:
    return [found for _, _, found in tables.read_csv(path, skip)]


def test_a_table_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS)
    merkel, paris = rows_of(tmp_path / "a.csv")
    assert merkel == Alias("merkel", "Merkel", "de", "Q567", 0.9, "PER", "Angela Merkel")
    assert paris == Alias("paris texas", "Paris, Texas", "", "Q830149", 1.0, "LOC", None)
    assert rows_of(tmp_path / "a.csv", skip=1) == [paris]


def test_tables_come_packed_and_with_tabs(tmp_path: Path) -> None:
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress("﻿qid\talias\trelated\nQ567\tMerkel\tQ183|Q64".encode()))
    (found,) = rows_of(tmp_path / "a.tsv.gz")
    assert isinstance(found, Alias)
    assert found.related == ("Q183", "Q64")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",Q1,,", "no alias"), ("x" * 301 + ",Q1,,", "alias too long"), ("X,P31,,", "no Wikidata id"), ("X,,,", "no Wikidata id"),
        ("X,Q1,PERSON,", "type is none of"), ("X,Q1,,much", "prior is no number"), ("X,Q1,,-1", "prior is no number"),
        ("X,Q1,,nan", "prior is no number"),
    ],
)  # fmt: skip
def test_rows_that_say_nothing_are_told_by_reason(row: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"alias,qid,type,prior\n{row}\nMerkel,http://www.wikidata.org/entity/Q567,,\n")
    bad, good = rows_of(tmp_path / "a.csv")
    assert isinstance(bad, str)
    assert why in bad
    assert isinstance(good, Alias)
    assert good.qid == "Q567"


@pytest.mark.parametrize("content", [b"name,item\nX,Q1\n", b"", b"alias,qid\n\xff\xfe,Q1\n"])
def test_a_table_that_is_none_says_what_is_wrong(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ConfigError, match=r"column alias|UTF-8"):
        rows_of(tmp_path / "a.csv")


def test_a_parquet_table_is_read_from_the_row_where_one_stopped(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    columns = {
        "alias": ["Merkel", "Köln", None],
        "qid": ["Q567", "Q365", "Q1"],
        "prior": [0.5, None, 1.0],
        "related": [["Q183"], None, None],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    found = [row for _, _, row in tables.read_parquet(tmp_path / "a.parquet", 0)]
    assert found[0] == Alias("merkel", "Merkel", "", "Q567", 0.5, related=("Q183",))
    assert isinstance(found[1], Alias)
    assert (found[1].key, found[1].prior) == ("koln", 1.0)
    assert found[2] == "no alias"
    assert [row for _, _, row in tables.read_parquet(tmp_path / "a.parquet", 2)] == ["no alias"]


def test_parquet_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'newsdesk\[parquet\]'"):
        list(tables.read_parquet(tmp_path / "a.parquet", 0))


def statement(value: Any, rank: str = "normal") -> dict[str, Any]:
    return {"rank": rank, "mainsnak": {"datavalue": {"value": value}}}


def is_a(*qids: str) -> list[dict[str, Any]]:
    return [statement({"entity-type": "item", "id": qid}) for qid in qids]


def item(qid: str, name: str, claims: dict[str, Any], *aliases: str, sitelinks: int = 3) -> dict[str, Any]:
    return {
        "type": "item", "id": qid, "claims": claims, "sitelinks": {f"{n}wiki": {} for n in range(sitelinks)},
        "labels": {"en": {"language": "en", "value": name}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
    }  # fmt: skip


MERKEL = item("Q567", "Angela Merkel", {"P31": is_a("Q5"), "P27": is_a("Q183")}, "Angie", sitelinks=9)
LONDON = item("Q84", "London", {"P31": is_a("Q515"), "P1566": [statement("2643743")]})
COLOUR = item("Q3142", "red", {"P31": is_a("Q1075")})
DUMP = [MERKEL, LONDON, COLOUR, {"type": "property", "id": "P31"}]


def dumped(items: list[Any]) -> bytes:
    return ("[\n" + ",\n".join(json.dumps(one) for one in items) + "\n]\n").encode()


def lines_of(content: bytes, wanted: Wanted, position: int = 0) -> list[Line]:
    return list(dump.read(io.BytesIO(content), position, wanted))


def test_a_dump_gives_names_of_the_items_that_are_wanted() -> None:
    merkel, london, colour, prop = lines_of(dumped(DUMP), Wanted(["en"]))
    assert [(a.alias, a.prior, a.type, a.related) for a in merkel.aliases] == [
        ("Angela Merkel", 10.0, "PER", ("Q183",)), ("Angie", 5.0, "PER", ("Q183",)),
    ]  # fmt: skip
    assert (london.aliases[0].type, london.aliases[0].geonames_id) == ("LOC", 2643743)
    assert (colour.left_out, prop.left_out) == ("of another type", "a property or lexeme")


def test_types_languages_sitelinks_and_classes_choose() -> None:
    whole = dumped(DUMP)
    assert [bool(line.aliases) for line in lines_of(whole, Wanted(["en"], types=["LOC"]))] == [
        False,
        True,
        False,
        False,
    ]
    assert lines_of(whole, Wanted(["fr"]))[0].left_out == "no name in these languages"
    assert lines_of(whole, Wanted(["en"], min_sitelinks=4))[1].left_out == "too few sitelinks"
    assert lines_of(whole, Wanted(["en"], classes={"Q1075": "MISC"}))[2].aliases[0].type == "MISC"


def test_a_dump_is_read_on_from_where_it_was() -> None:
    whole = dumped(DUMP)
    lines = lines_of(whole, Wanted(["en"]))
    for place, line in enumerate(lines):
        assert lines_of(whole, Wanted(["en"]), line.end) == lines[place + 1 :]


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".json", bytes), (".json.gz", gzip.compress), (".json.bz2", bz2.compress)]
)
def test_dumps_come_packed(suffix: str, pack: Any, tmp_path: Path) -> None:
    path = tmp_path / f"latest{suffix}"
    path.write_bytes(pack(dumped(DUMP)))
    with dump.opened(path) as (stream, raw):
        assert len(list(dump.read(stream, 0, Wanted(["en"])))) == len(DUMP)
        assert 0 < raw.tell() <= path.stat().st_size


def test_half_a_dump_says_so_after_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "latest.json.gz"
    path.write_bytes(gzip.compress(dumped(DUMP))[:-20])
    with dump.opened(path) as (stream, _), pytest.raises(ConfigError, match="Is it whole"):
        list(dump.read(stream, 0, Wanted(["en"])))


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_whatever_stands_in_a_line_ends_as_a_reason(lines: list[bytes]) -> None:
    for line in lines_of(b"\n".join(lines), Wanted(["en"])):
        assert line.left_out


@pytest.mark.parametrize(
    "entity", [[], {}, {"id": 3}, {"id": "Q1"}, {"id": "Q1", "claims": [], "labels": [], "aliases": []}]
)
def test_items_without_what_items_have(entity: Any) -> None:
    """PHP writes an empty object as []."""
    (line,) = lines_of(json.dumps(entity).encode(), Wanted(["en"]))
    assert line.left_out
