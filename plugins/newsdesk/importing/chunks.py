"""A foreign file's records in chunks: what is dealt with in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from newsdesk.archive.foreign import ForeignRecord, Position
from newsdesk.importing.pages import LeftOut
from newsdesk.model import Response

CHUNK_RECORDS = 5_000  # of all kinds; the number of pages is NEWSDESK_BATCH_SIZE
CHUNK_BYTES = 1 << 26  # of pages held in memory


@dataclass(slots=True)
class Chunk:
    """What a stretch of a file holds."""

    start: Position
    after: Position
    records: int = 0
    pages: list[Response] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    damages: list[str] = field(default_factory=list)


def cut_chunks(
    records: Iterable[ForeignRecord], start: Position, judged: Callable[[ForeignRecord], Response | LeftOut], size: int
) -> Iterator[Chunk]:
    """The records in chunks of about `size` pages. The last one may have no page."""
    chunk, held = Chunk(start, start), 0
    for record in records:
        chunk.records += 1
        chunk.after = record.after
        found = judged(record)
        if isinstance(found, LeftOut):
            chunk.left_out[found.value] += 1
        else:
            chunk.pages.append(found)
            held += len(found.body)
        if record.damage is not None:
            inside = f"+{record.position.inside}" if record.position.inside else ""
            chunk.damages.append(f"the record at {record.position.member}{inside} is damaged: {record.damage}")
        if len(chunk.pages) >= size or chunk.records >= CHUNK_RECORDS or held >= CHUNK_BYTES:
            yield chunk
            chunk, held = Chunk(chunk.after, chunk.after), 0
    if chunk.records:
        yield chunk
