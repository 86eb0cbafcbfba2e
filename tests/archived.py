"""A response to archive, and a disk that is full."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from newsdesk.archive.records import response_record
from newsdesk.archive.warc import ArchiveWriter
from newsdesk.model import ArchivedAt, Response

RESPONSE = Response(
    url="https://www.example.com/a",
    final_url="https://www.example.com/news/a#comments",
    status=200,
    headers=(
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "7"),
        ("transfer-encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Name", "caf\xe9; q=\xfc"),
    ),
    body="<p>Café</p>".encode(),
    fetched_at=datetime(2024, 5, 1, 10, 0, 0, 250000, tzinfo=UTC),
    elapsed=0.1,
    redirects=("https://www.example.com/a",),
)


def store(writer: ArchiveWriter, response: Response) -> ArchivedAt:
    (at,) = writer.write_all([response_record(response)])
    return at


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: the kernel's own refusal, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
