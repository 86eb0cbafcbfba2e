"""The bound on how much one endpoint may name at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

_NEVER = datetime.min.replace(tzinfo=UTC)


class _Dated(Protocol):
    @property
    def published(self) -> datetime | None: ...
    @property
    def updated(self) -> datetime | None: ...


Item = TypeVar("Item", bound=_Dated)


def newest(items: Sequence[Item], limit: int) -> tuple[Item, ...]:
    """At most `limit` of the items, in their own order: the newest by date, then the first; the dateless last."""
    if len(items) <= limit:
        return tuple(items)
    by_age = sorted(range(len(items)), key=lambda at: items[at].published or items[at].updated or _NEVER, reverse=True)
    return tuple(items[at] for at in sorted(by_age[:limit]))
