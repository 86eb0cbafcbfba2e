"""`newsdesk try STEP` within the process: rows in, answers out."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from newsdesk import filters
from newsdesk.settings import read_settings

PARAGRAPH = "The new bridge over the river was opened on Monday after two years of work, the county council said. "


def run(step: str, *rows: Any, online: bool = False) -> list[dict[str, Any]]:
    source = io.StringIO("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    sink = io.StringIO()
    filters.run(step, read_settings({}), source, sink, online=online)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def packed(body: bytes | str) -> str:
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Harbour wall opens</title><link>/2026/harbour</link><guid isPermaLink="false">https://news.example/?p=1</guid>
<pubDate>Mon, 02 Mar 2026 11:00:00 +0100</pubDate></item>
<item><title>Mayor speaks</title><link>https://news.example/mayor</link></item></channel></rss>"""
