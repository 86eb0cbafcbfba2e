"""A PostgreSQL of a bench's own: the embedded one, with its default settings, in a folder that goes with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from newsdesk.local import postgres

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from command_line import forget_settings


@contextmanager
def own_server(name: str) -> Iterator[tuple[Path, str]]:
    """A home for newsdesk, and the DSN of its database, which is empty.

    From here on no setting of the operator's stands in the environment: neither this bench nor a command that it starts
    writes into his database or archive, and what is measured is measured with the defaults.
    """
    forget_settings()
    with TemporaryDirectory(prefix=f"newsdesk-{name}-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        dsn = postgres.start(home)
        try:
            yield home, dsn
        finally:
            postgres.stop(home)
