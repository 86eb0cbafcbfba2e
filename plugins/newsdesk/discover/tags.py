"""What an XML element is called, whatever became of its namespace: undeclared, misspelt or missing on many sites."""

from __future__ import annotations

from functools import lru_cache


def local_name(tag: object) -> str:
    """The name without namespace or prefix, in lower case; empty of what is no element (an entity that was not expanded)."""
    return _local_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=256)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def namespace(tag: object) -> str:
    """What tells names of one kind from those of another: the namespace, else the prefix that was not declared."""
    return (tag.rpartition("}")[0] or tag.rpartition(":")[0]) if isinstance(tag, str) else ""
