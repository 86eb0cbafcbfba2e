"""A file of the operator's → the knowledge base, portion by portion: killed at any line and run again, it goes on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from newsdesk import entity_linking
from newsdesk.desk import Desk
from newsdesk.errors import CheckFailed, ConfigError, Retryable
from newsdesk.knowledge import dump, tables
from newsdesk.knowledge.dump import Wanted
from newsdesk.store import knowledge
from newsdesk.store.database import session
from newsdesk.store.knowledge import Alias, Load

PORTION = 20_000  # rows, or lines of a dump, in a transaction
_MIB = 1 << 20
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet")
_DUMPS = (".json", ".json.gz", ".json.bz2", ".jsonl", ".jsonl.gz", ".ndjson")

Tell = Callable[[int, int, Load], None]  # (read, of: bytes of the file, how far the load is)


@dataclass(frozen=True, slots=True)
class _Step:
    """A row or a line. `position`: behind it; `read`: bytes of the file, for the progress."""

    position: int
    read: int
    aliases: tuple[Alias, ...]
    left_out: str | None


def load(desk: Desk, path: Path, wanted: Wanted, *, replace_all: bool = False, tell: Tell | None = None) -> Load:
    """Load the file, or the rest of it; then learn from the latest articles what goes together.

    `wanted` is for dumps. `replace_all`: what only earlier loads brought goes, at the end. ConfigError where the file is
    none that can be read; CheckFailed where nothing in it could be taken; Retryable where another process loads it now.
    """
    tell = tell or (lambda read, size, load: None)
    is_dump = _is_dump(path)
    size, digest = path.stat().st_size, _digest(path)
    options = (
        {
            "languages": sorted(wanted.languages), "types": sorted(wanted.types), "min_sitelinks": wanted.min_sitelinks,
            "classes": dict(sorted(wanted.classes.items())),
        }
        if is_dump
        else {}
    )  # fmt: skip
    with session(desk.dsn) as begin:
        with begin() as cursor:
            now = knowledge.open_load(cursor, str(path), digest, size, options)
        left_out = Counter(now.left_out)
        steps = _dump(path, now.position, wanted) if is_dump else _table(path, now.position)
        for portion in _portions(steps):
            left_out.update(step.left_out for step in portion if step.left_out)
            aliases = [alias for step in portion for alias in step.aliases]
            items = len({alias.qid for alias in aliases})
            with begin() as cursor:
                if not knowledge.save_portion(
                    cursor, now, aliases, items=items, left_out=left_out, position=portion[-1].position
                ):
                    raise Retryable(f"another process loads {path.name} now: wait for it, or stop it")
            now = replace(
                now, position=portion[-1].position, aliases=now.aliases + len(aliases), items=now.items + items,
                left_out=dict(left_out),
            )  # fmt: skip
            tell(portion[-1].read, size, now)
        if not now.aliases:
            raise CheckFailed(f"{path}: nothing could be taken: {_reasons(left_out) or 'it is empty'}")
        with begin() as cursor:
            now = replace(now, items=knowledge.finish_load(cursor, now.load_id, replace=replace_all))
        entity_linking.learn_company(begin)
    return now


def _reasons(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in Counter(left_out).most_common())


def _is_dump(path: Path) -> bool:
    name = path.name.lower()
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file")
    if name.endswith(_DUMPS):
        return True
    if name.endswith(_TABLES):
        return False
    raise ConfigError(f"{path}: its name must end with one of {', '.join((*_TABLES, *_DUMPS))}, which tells what it is")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(_MIB))
        file.seek(max(0, path.stat().st_size - _MIB))
        digest.update(file.read(_MIB))
    return digest.hexdigest()


def _table(path: Path, skip: int) -> Iterator[_Step]:
    rows = tables.read_parquet if path.suffix.lower() == ".parquet" else tables.read_csv
    for number, read, found in rows(path, skip):
        if isinstance(found, Alias):
            yield _Step(number, read, (found,), None)
        else:
            yield _Step(number, read, (), found)


def _dump(path: Path, position: int, wanted: Wanted) -> Iterator[_Step]:
    with dump.opened(path) as (stream, raw):
        for line in dump.read(stream, position, wanted):
            yield _Step(line.end, raw.tell(), tuple(line.aliases), line.left_out)


def _portions(steps: Iterator[_Step]) -> Iterator[list[_Step]]:
    """Of at most PORTION lines, none of them empty."""
    portion: list[_Step] = []
    for step in steps:
        portion.append(step)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
