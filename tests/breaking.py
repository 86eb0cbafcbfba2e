"""Tools that break at a text, as those of others may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsdesk.model import Annotation


def breaks(annotate: Any, at: str) -> Any:
    def annotate_documents(texts: Sequence[tuple[str, str | None]], *more: Any) -> list[Annotation]:
        if any(at in text for text, _ in texts):
            raise IndexError("a rule met what nobody foresaw")
        return list(annotate(texts, *more))

    return annotate_documents
