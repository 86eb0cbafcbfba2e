"""What several tests stand on: one embedded PostgreSQL for the session, and a fresh database for each test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, settings

from command_line import forget_settings
from databases import databases_folder, forget_power_cuts, fresh_database
from newsdesk.local import postgres
from newsdesk.store.migrate import migrate

forget_settings()

# A change is judged by the same examples as the one before it: `explore` looks for others, by HYPOTHESIS_PROFILE.
settings.register_profile("judge", derandomize=True, max_examples=30, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
# `make mutants`: few, unshrunk, and however slow the machine is at the moment
settings.register_profile(
    "mutants",
    derandomize=True,
    max_examples=10,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "judge"))

gc.set_threshold(10_000, 20, 50)


def pytest_collection_finish() -> None:
    """What all tests share is looked through for garbage no more: with the rarer looks that is a tenth of the units' time."""
    gc.freeze()


@pytest.fixture(scope="session")
def template_dsn() -> Iterator[str]:
    """The DSN of a migrated database that nobody writes to."""
    # not in pytest's own folder: another session shuts that to all accounts but ours, and root's PostgreSQL is another
    with TemporaryDirectory(prefix="newsdesk-tests-", dir=databases_folder(), ignore_cleanup_errors=True) as name:
        home = Path(name)
        dsn = postgres.start(home)
        try:
            forget_power_cuts(dsn)
            migrate(dsn)
            yield dsn
        finally:
            postgres.stop(home)


@pytest.fixture
def dsn(template_dsn: str) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    with fresh_database(template_dsn) as found:
        yield found


@pytest.fixture(scope="module")
def module_dsn(template_dsn: str) -> Iterator[str]:
    """A migrated, empty database that the tests of a module share."""
    with fresh_database(template_dsn) as found:
        yield found
