"""Rows into bytes: parquet by Arrow, csv, jsonl. Each writer takes portions of rows and holds one at a time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from newsdesk.errors import ConfigError
from newsdesk.store.catalogue import Column

Portions = Iterable[Sequence[tuple[Any, ...]]]
Writer = Callable[[BinaryIO, Sequence[Column], Portions], int]


def write_parquet(file: BinaryIO, columns: Sequence[Column], portions: Portions) -> int:
    """Returns the number of rows. ConfigError where Arrow is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigError("parquet needs Arrow: `pip install 'newsdesk[parquet]'`, or take csv or jsonl") from None
    types = {
        "text": arrow.string(), "bigint": arrow.int64(), "integer": arrow.int32(), "boolean": arrow.bool_(),
        "timestamp with time zone": arrow.timestamp("us", "UTC"), "date": arrow.date32(), "double precision": arrow.float64(),
        "real": arrow.float32(), "uuid": arrow.string(), "text[]": arrow.list_(arrow.string()), "bigint[]": arrow.list_(arrow.int64()),
        "jsonb": arrow.string(),
    }  # fmt: skip
    schema = arrow.schema(
        [arrow.field(column.name, types[column.type], nullable=not column.is_required) for column in columns]
    )
    rows = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in portions:
            values = zip(*some, strict=True)
            arrays = [
                arrow.array(list(map(_plain, column)), type=field.type)
                for column, field in zip(values, schema, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            rows += len(some)
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def write_csv(file: BinaryIO, columns: Sequence[Column], portions: Portions) -> int:
    """RFC 4180 with a header, gzip: NULL is nothing between the commas, an empty text is `""`, an array is JSON."""
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(_line(column.name for column in columns))
        rows = 0
        for some in portions:
            packed.writelines(_line(map(_text, row)) for row in some)
            rows += len(some)
        return rows


def _line(values: Iterable[str | None]) -> bytes:
    quoted = ("" if value is None else '"' + value.replace('"', '""') + '"' for value in values)
    return ",".join(quoted).encode("utf-8") + b"\r\n"


def write_jsonl(file: BinaryIO, columns: Sequence[Column], portions: Portions) -> int:
    """A JSON object a line, gzip; times in ISO 8601."""
    names = [column.name for column in columns]
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        rows = 0
        for some in portions:
            for row in some:
                line = json.dumps(dict(zip(names, map(_jsonable, row), strict=True)), ensure_ascii=False)
                packed.write(line.encode("utf-8") + b"\n")
            rows += len(some)
        return rows


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(_jsonable(value))


FORMATS: dict[str, tuple[str, Writer]] = {
    "parquet": ("parquet", write_parquet), "csv": ("csv.gz", write_csv), "jsonl": ("jsonl.gz", write_jsonl),
}  # fmt: skip
