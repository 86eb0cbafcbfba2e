"""The made-up web of bench/web.py in a container: one address, many names; the name that is asked for is the newspaper.

    python newspapers.py HOSTS PAGES

Runs inside the cluster's image, with bench/ on its path. Port 8000; `name_of(n)` are the names.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys

from web import Host, answer, make_web

PORT = 8000
_HOST = re.compile(rb"^host:\s*([^\s:]+)", re.IGNORECASE | re.MULTILINE)


def name_of(number: int) -> str:
    return f"paper-{number}.news.test"


async def serve(hosts: int, pages: int) -> None:
    papers = {}
    for number, host in enumerate(make_web(hosts, pages, None, seed=1)):
        host.address = name_of(number)
        papers[host.address.encode()] = host

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await answer_to(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def answer_to(head: bytes, writer: asyncio.StreamWriter) -> None:
        asked = _HOST.search(head)
        paper: Host | None = papers.get(asked[1]) if asked else None
        path = head.split(b" ", 2)[1].decode("latin-1")
        kind, body = answer(paper, path, PORT) if paper else (b"text/plain", None)
        if paper:
            await asyncio.sleep(paper.latency * random.uniform(0.7, 1.5))
        status = b"404 Not Found" if body is None else b"200 OK"
        writer.write(
            b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body or b""))
        )
        writer.write(body or b"")
        await writer.drain()

    async with await asyncio.start_server(talk, "0.0.0.0", PORT, limit=1 << 16) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
