"""Characters that a stranger's text may bring along, and that must not get where it goes: into the database, before eyes."""

from __future__ import annotations

import re
from typing import overload

# of no width, and what turns the direction of the line: a text must not look like another, nor a terminal obey it
_UNSEEN = r"\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff"
_BUT_BREAKS = re.compile(rf"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_WITH_BREAKS = re.compile(rf"[\x00-\x1f\u2028\u2029{_UNSEEN}]+")


@overload
def storable(text: str) -> str: ...
@overload
def storable(text: None) -> None: ...
def storable(text: str | None) -> str | None:
    """The text as PostgreSQL takes it, in columns of text and within JSON: without NUL, a `?` for each lone surrogate."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def visible(text: str) -> str:
    """The text with U+FFFD for whatever is not seen, or changes what is seen; tabs and line feeds stay."""
    return _BUT_BREAKS.sub("\N{REPLACEMENT CHARACTER}", text)


def on_one_line(text: str) -> str:
    """The text with a blank for each run of line breaks and of what `visible` replaces."""
    return _WITH_BREAKS.sub(" ", text).strip()
