"""What the shell offers at TAB. Quick and silent: neither a database nor Airflow is asked, and no fault is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsdesk.errors import NewsdeskError

_ID = re.compile(r"""^id:\s*["']?([\w.-]+)""", re.MULTILINE)


def source_ids(incomplete: str) -> list[str]:
    """Ids of the source files, read off their `id:` lines."""
    from newsdesk.settings import read_settings

    try:
        files = sorted(file for file in read_settings().sources.iterdir() if file.suffix in (".yaml", ".yml"))
        found = [
            match[1] for file in files if (match := _ID.search(file.read_text(encoding="utf-8", errors="replace")))
        ]
    except (OSError, NewsdeskError):
        return []
    return _beginning(found, incomplete)


def outcomes(incomplete: str) -> list[str]:
    """Those that `newsdesk retry --reason` takes: of pages that came to nothing."""
    from newsdesk.model import Outcome

    return _beginning(
        (one.value for one in Outcome if not one.has_article and one is not Outcome.WITHDRAWN), incomplete
    )


def entity_types(incomplete: str) -> list[str]:
    return _beginning(("PER", "ORG", "LOC", "MISC"), incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
