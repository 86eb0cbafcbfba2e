"""Prints the canonical dump of the cluster's news and archive as JSON; runs inside a worker."""

from __future__ import annotations

import json
import os
import sys

import canonical


def main() -> None:
    found = canonical.dump(os.environ["NEWSDESK_DSN"], os.environ["NEWSDESK_ARCHIVE"], repair=True)
    json.dump({"tables": found.tables, "records": found.records, "orphans": found.orphans}, sys.stdout)


main()
