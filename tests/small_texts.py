"""Small texts for the dedup rule: named by letters, so that it is seen what they share."""

from __future__ import annotations

from datetime import UTC, datetime

from newsdesk.dedup.verify import Signature, signature
from newsdesk.model import Text

DAY = datetime(2024, 3, 1, tzinfo=UTC)


def text(body: str, title: str | None = None, source: str | None = None, name: str = "a") -> Text:
    return Text(name, title, body, DAY, source)


def of(body: str, title: str | None = None, source: str | None = None) -> Signature:
    return signature(text(body, title, source))


def plain(prefix: str, count: int) -> str:
    """`count` words that stand nowhere else, without a digit."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join(f"{prefix}{letters[n // 26]}{letters[n % 26]}" for n in range(count))
