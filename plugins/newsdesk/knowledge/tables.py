"""Tables of aliases: CSV, TSV (plain or .gz) and Parquet, with the columns of `COLUMNS` in any order."""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newsdesk.enrich.linking import key_of
from newsdesk.errors import ConfigError
from newsdesk.store.knowledge import Alias

COLUMNS = ("alias", "language", "qid", "type", "prior", "name", "geonames_id", "related")
NEEDED = ("alias", "qid")
TYPES = ("PER", "ORG", "LOC", "MISC")
LONGEST = 300  # characters of a name
_QID = re.compile(r"(?:.*/)?(Q[1-9]\d*)")
_OTHER_NAMES = {"item": "qid", "wikidata_id": "qid", "wikidata": "qid", "lang": "language", "label": "name"}
_NO_LANGUAGE = {"", "*", "und", "mul"}

Row = tuple[int, int, Alias | str]  # its number, from 1; bytes of the file read so far; the alias, or why there is none


def read_csv(path: Path, skip: int) -> Iterator[Row]:
    """The rows after the first `skip`. ConfigError where the header lacks a column, or the file is no UTF-8."""
    packed = path.suffix == ".gz"
    tabs = path.name.removesuffix(".gz").endswith(".tsv")
    csv.field_size_limit(sys.maxsize)
    with path.open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if packed else raw
        lines = csv.reader(io.TextIOWrapper(plain, "utf-8-sig", newline=""), delimiter="\t" if tabs else ",")
        try:
            names = _header(path, next(lines, []))
            for number, cells in enumerate(lines, 1):
                if number > skip:
                    yield number, raw.tell(), _alias(dict(zip(names, cells, strict=False)))
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path} is not UTF-8 ({error.reason}): convert it, e.g. iconv -t UTF-8") from None
        except (csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise ConfigError(f"{path}, line {lines.line_num}: {error}") from None


def read_parquet(path: Path, skip: int) -> Iterator[Row]:
    try:
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ConfigError(
            f"reading {path.name} needs pyarrow; run `{sys.executable} -m pip install 'newsdesk[parquet]'` "
            "(or pyarrow), or give the table as CSV"
        ) from None
    try:
        file = ParquetFile(path)
    except ArrowInvalid as error:
        raise ConfigError(f"{path} is no Parquet file: {error}") from None
    names = _header(path, file.schema_arrow.names)
    number, size, total = 0, path.stat().st_size, max(file.metadata.num_rows, 1)
    for batch in file.iter_batches(batch_size=10_000):
        if number + batch.num_rows <= skip:
            number += batch.num_rows
            continue
        columns = [batch.column(place).to_pylist() for place in range(batch.num_columns)]
        for cells in zip(*columns, strict=True):
            number += 1
            if number > skip:
                yield number, size * number // total, _alias(dict(zip(names, cells, strict=True)))


def _header(path: Path, found: list[str]) -> list[str]:
    names = [_OTHER_NAMES.get(plain := name.strip().lower(), plain) for name in found]
    if missing := [name for name in NEEDED if name not in names]:
        raise ConfigError(
            f"{path} has no column {' and no column '.join(missing)}: the first line names the columns, "
            f"{', '.join(NEEDED)} and perhaps {', '.join(c for c in COLUMNS if c not in NEEDED)}; it is "
            f"{', '.join(found)[:200] or 'empty'}"
        )
    return names


def _alias(row: Mapping[str, Any]) -> Alias | str:
    """What the row says, or why it says nothing."""
    values = {name: _text(row.get(name)) for name in COLUMNS if name != "related"}
    alias, qid = values["alias"], _QID.fullmatch(values["qid"])
    if not alias or len(alias) > LONGEST:
        return "no alias" if not alias else "alias too long"
    if qid is None:
        return "no Wikidata id (Q and a number)"
    kind = values["type"].upper() or None
    if kind is not None and kind not in TYPES:
        return f"type is none of {', '.join(TYPES)}"
    try:
        prior = float(values["prior"] or 1)
    except ValueError:
        prior = -1.0
    if not 0 <= prior < float("inf"):
        return "prior is no number from 0 on"
    language = values["language"].lower()
    return Alias(
        key_of(alias), alias, "" if language in _NO_LANGUAGE else language.replace("_", "-").partition("-")[0],
        qid[1], prior, kind, values["name"] or None,
        int(values["geonames_id"]) if values["geonames_id"].isdecimal() else None, _items(row.get("related")),
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).replace("\0", " ").split())


def _items(value: Any) -> tuple[str, ...]:
    found = value if isinstance(value, list | tuple) else re.split(r"[\s,;|]+", value or "")
    return tuple(dict.fromkeys(match[1] for one in found if (match := _QID.fullmatch(str(one).strip()))))
