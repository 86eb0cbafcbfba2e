"""Serve the demo newsroom until SIGTERM or SIGINT.

python -m newsdesk.local.newsroom --port 8701 --edition 1 --sources DIR
"""

# ruff: noqa: T201  (a program of its own: its output is its interface)
from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from . import Newsroom, PortInUseError


def main(argv: list[str] | None = None) -> int:
    """Exit code: 0 after a signal, 1 when a port or the folder cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m newsdesk.local.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=8701, help="first port; 0: free ports")
    parser.add_argument("--edition", type=int, default=1, choices=(1, 2))
    parser.add_argument("--sources", type=Path, help="folder to write the source YAML to")
    args = parser.parse_args(argv)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Newsroom(args.port, args.edition) as newsroom:
            if args.sources is not None:
                newsroom.write_sources(args.sources)
            for outlet_id, base in newsroom.bases.items():
                print(f"{base}/  {outlet_id}")
            first = next(iter(newsroom.bases.values()))
            print(f"next edition: curl -X POST {first}/_edition/2", flush=True)
            stop.wait()
    except PortInUseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot write the sources to {args.sources}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
