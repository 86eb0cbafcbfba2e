"""Fuzz one parser for some minutes of CPU, guided by coverage.

    make fuzz MINUTES=5                    every parser, one after the other
    .venv-fuzz/bin/python fuzz/run.py --parser feed --minutes 30

Starts from `fuzz/corpus/PARSER`, which is small and kept; what is found on the way goes to `fuzz/work/PARSER`, which
is not, and is begun from next time. Ends with 1 where an input broke a promise, took more than 10 s or more than 2 GB:
the input is then left as `fuzz/work/crash-…`, `slow-unit-…` or `oom-…`, to become a test. The last line tells how many
inputs were tried in how many CPU-seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARSERS = ("feed", "sitemap", "robots", "html", "warc", "yaml", "source")
SECONDS_EACH = 10
SHORTEST = 5  # seconds of one process
MEGABYTES = 2048
LONGEST = 65_536  # bytes of an input: beyond it the fuzzer only grows what it has


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--parser", choices=PARSERS, action="append", help="all, where none is named")
    parser.add_argument("--minutes", type=float, default=1.0, help="of CPU time, for each parser")
    options = parser.parse_args()
    broken = 0
    for name in options.parser or PARSERS:
        broken += _until_used(name, options.minutes)
    return 1 if broken else 0


def _until_used(name: str, minutes: float) -> bool:
    """True where something was found.

    libFuzzer counts hours of the clock and ends its process: on a busy machine it is begun anew, from what it has
    found, until the CPU's time is used.
    """
    used, found = 0.0, False
    while not found and minutes * 60 - used > SHORTEST:
        child = os.fork()
        if child == 0:
            fuzz(name, max(SHORTEST, minutes * 60 - used))
            os._exit(0)  # not reached: atheris exits by itself
        _, status, usage = os.wait4(child, 0)
        used += usage.ru_utime + usage.ru_stime
        found = os.waitstatus_to_exitcode(status) != 0
    print(f"{name}: {used:.0f} CPU-seconds, {'found something' if found else 'no finding'}", flush=True)
    return found


def fuzz(name: str, seconds: float) -> None:
    import atheris

    with atheris.instrument_imports(include=["newsdesk", "yaml", "feedparser", "protego", "trafilatura", "htmldate"]):
        from targets import TARGETS
    work = HERE / "work" / name
    work.mkdir(parents=True, exist_ok=True)
    arguments = [
        f"fuzz/{name}",
        str(work),
        str(HERE / "corpus" / name),
        f"-max_total_time={int(seconds)}",
        f"-timeout={SECONDS_EACH}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={HERE / 'work'}/{name}-",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
