"""The command line as a process of its own, with this checkout's package and nothing of these tests' Airflow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NEWSDESK = (sys.executable, "-m", "newsdesk.cli")

# for a run over the made-up newspapers in which neither names nor pace are looked at: a third of its time
WITHOUT_NAMES = {"NEWSDESK_MODELS": "en=none,fr=none"}
AT_A_RUN = 0.1  # pace of a newsroom whose slowness is not looked at
WITHOUT_PAUSES = {"NEWSDESK_CRAWL_DELAY": "0.1", "NEWSDESK_FETCH_DEADLINE": "2"}

# what tests themselves read of the environment they are started in
OF_TESTS = frozenset({
    "NEWSDESK_SHARED_DATA", "NEWSDESK_HELM_SCHEMA", "NEWSDESK_PICTURES", "NEWSDESK_CONTAINER_TOOLS",
})  # fmt: skip

PATIENCE = 480  # seconds, on a machine that has other things to do


def environment(**changes: str) -> dict[str, str]:
    """What a command is started with: our environment and the `changes`.

    No setting of newsdesk's or Airflow's is inherited: it may name a database in which somebody's articles are.
    """
    ours = {name: value for name, value in os.environ.items() if not is_setting(name)}
    return ours | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT / "plugins", *sys.path)))} | changes


def is_setting(name: str) -> bool:
    return name.startswith(("AIRFLOW", "NEWSDESK_")) and name not in OF_TESTS


def forget_settings() -> None:
    """An operator's lead to databases and archives in which real articles are: this process, and what it starts, has none."""
    for name in filter(is_setting, tuple(os.environ)):
        del os.environ[name]


def run_newsdesk(*arguments: str, stdin: str | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command to its end; the `changes` are those of its environment."""
    return subprocess.run(
        [*NEWSDESK, *arguments], env=environment(**changes), input=stdin, capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip


def heed_ctrl_c() -> None:
    """For `preexec_fn`. As in a terminal: a job in the background, as the tests may be, ignores it, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
