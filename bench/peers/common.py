"""What every peer does alike: which hosts are its share, and a row for each article in the same PostgreSQL.

A peer is `python PEER.py DSN FEEDS`, a process for each core with its part of the feeds; FEEDS is a file of addresses.
It runs in whatever environment has its tool. Rows are committed by tens, as a careful script would.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import psycopg2
import requests

MAKE = """
    CREATE TABLE IF NOT EXISTS public.article (
        url text PRIMARY KEY, title text, body text NOT NULL, authors text, published text, language text)
"""
PUT = """
    INSERT INTO public.article (url, title, body, authors, published, language) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (url) DO NOTHING
"""
THREADS = 32  # downloads at once in each process

_SESSION = requests.Session()
_SESSION.mount("http://", requests.adapters.HTTPAdapter(pool_connections=THREADS, pool_maxsize=THREADS))


def get(url: str) -> requests.Response:
    """For the peers that have no downloads of their own, or whose own refuse loopback."""
    return _SESSION.get(url, timeout=30)


def arguments() -> tuple[str, list[str]]:
    """The DSN and the feeds."""
    return sys.argv[1], Path(sys.argv[2]).read_text().split()


class Table:
    def __init__(self, dsn: str) -> None:
        self._connection = psycopg2.connect(dsn)
        self._cursor = self._connection.cursor()
        self._waiting = 0

    def put(self, url: str, title: Any, body: str | None, authors: Any, published: Any, language: Any) -> None:
        if not body:
            return
        values = (url, title, body, authors, published and str(published), language)
        self._cursor.execute(PUT, [value.replace("\0", "") if isinstance(value, str) else value for value in values])
        self._waiting += 1
        if self._waiting == 10:
            self.commit()

    def commit(self) -> None:
        self._connection.commit()
        self._waiting = 0
