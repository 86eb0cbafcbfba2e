"""Requests to an object store, of the archive and of exports: its errors as ours, and no secret in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from newsdesk.errors import NewsdeskError, Retryable


@contextmanager
def asked(doing: str, unavailable: type[Retryable], settings: str, options: Mapping[str, Any]) -> Iterator[None]:
    """A request to a store. Its package's errors are of no common kind, so all but ours mean that it is away."""
    try:
        yield
    except NewsdeskError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again, as what it means to us
        said = str(error)
        for value in _texts(options):
            said = said.replace(value, "***")
        raise unavailable(
            f"cannot {doing}: {type(error).__name__}: {said}; is the store up, does the bucket exist, and may we use it? "
            f"Settings: {settings} and the store's own"
        ) from None  # the error's own text might show the options


def _texts(options: Any) -> Iterator[str]:
    """Every text in the options that a person would not type by chance."""
    if isinstance(options, Mapping):
        for value in options.values():
            yield from _texts(value)
    elif isinstance(options, str) and len(options) >= 6 and "://" not in options:
        yield options
