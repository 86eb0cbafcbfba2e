"""What is fuzzed: for each parser a check of one input, and the promises that it holds the answer to.

A check may raise nothing but AssertionError, which is a promise broken. Feeds, sitemaps and robots.txt are checked as
`bench/mutations.py` does.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html

ROOT = Path(__file__).resolve().parent.parent
sys.path += [str(ROOT / "bench"), str(ROOT / "plugins")]

import mutations  # noqa: E402 - where it lies is known only now
from newsdesk import sources  # noqa: E402
from newsdesk.archive.foreign import read_records  # noqa: E402
from newsdesk.archive.strict import read_strictly  # noqa: E402
from newsdesk.extract.page import extract  # noqa: E402
from newsdesk.importing.pages import judge  # noqa: E402
from newsdesk.model import Page, Response  # noqa: E402
from newsdesk.source_text import Unreadable, parse_yaml  # noqa: E402

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "style",
    "base",
    "form",
    "svg",
    "math",
    "meta",
    "link",
    "input",
    "template",
}
_LINKS = ("href", "src", "action", "srcset", "formaction", "data", "background", "style")
_SCRATCH = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # each input becomes a file: not on the disk
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # YAML's, by which PyYAML counts lines


def feed(body: bytes) -> None:
    mutations.check_feed(body)


def sitemap(body: bytes) -> None:
    mutations.check_sitemap(body)


def robots(body: bytes) -> None:
    mutations.check_robots(body)


def html(body: bytes) -> None:
    """No page breaks the extractor; no active element is left in what it gives for showing."""
    document = extract(Page("https://news.example/2026/a-story.html", body, "text/html", fetched_at=NOW))
    for element in lxml.html.fragments_fromstring(document.body_html or "", no_leading_text=False):
        for node in [] if isinstance(element, str) else element.iter():
            assert node.tag not in _ACTIVE, document.body_html
            for name, value in node.items():
                assert not name.startswith("on"), document.body_html
                assert name not in _LINKS or value.startswith(("http://", "https://", "mailto:")), document.body_html
    for moment in (document.published, document.modified):
        assert moment is None or moment.utcoffset() is not None


def warc(body: bytes) -> None:
    """Both readers get through any file, go forwards, and hold no block larger than allowed."""
    for _ in read_strictly(io.BytesIO(body)):
        pass
    reached = (0, 0)
    for record in read_records(io.BytesIO(body), max_block=1 << 16):
        after = (record.after.member, record.after.inside)
        assert after > reached, (reached, after)
        reached = after
        assert record.block is None or len(record.block) <= 1 << 16
        page = judge(record, 1 << 16, NOW)
        assert not isinstance(page, Response) or page.url.lower().startswith(("http://", "https://"))


def yaml_file(body: bytes) -> None:
    """A source file is a source or has faults, each with a line of the file."""
    with tempfile.NamedTemporaryFile(suffix=".yaml", dir=_SCRATCH) as file:
        file.write(body)
        file.flush()
        source, faults = sources.read_source(Path(file.name))
    assert (source is None) == bool(faults)
    lines = 1 + len(_BREAK.findall(body.decode("utf-8", "replace")))
    assert all(1 <= fault.line <= lines for fault in faults), (lines, faults)
    assert source is None or sources.from_definition(sources.to_definition(source)) == source


def source_check(body: bytes) -> None:
    """Whole source files of which parts were changed, by the bytes: YAML of the right form with wrong values."""
    whole = _changed(json.loads(json.dumps(_WHOLE)), list(body))
    with contextlib.suppress(Unreadable):
        parse_yaml(json.dumps(whole))
    yaml_file(json.dumps(whole).encode())


_WHOLE: dict[str, Any] = {
    "id": "a-b", "name": "A", "homepage": "https://a.example/", "language": "en", "country": "GB",
    "timezone": "Europe/London", "tags": ["t"],
    "endpoints": [{"feed": "https://a.example/rss"}, {"sitemap": "https://a.example/s.xml"}],
    "expect": {"articles_per_day": [1, 2], "body_words": [3, 4]}, "include": ["a"], "exclude": ["b"],
    "crawl_delay": 1, "max_per_run": 1, "headers": "h", "enabled": True, "allow_private": False, "revisit": ["1h"],
}  # fmt: skip
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, 1e308, "", "x", [], {}, [[]], {"": ""}, "../etc", "Europe", "/UTC", "(", "(?P<",
    "http://", "https://[::1", "https://x:99999/", "https://\u0130/", "\ud7ff", "1h", "99999w", ["0m"], "a" * 70,
)  # fmt: skip


def _changed(value: Any, steps: list[int]) -> Any:
    """The value with some of its parts put out, replaced or made odd, as the steps say."""
    if not steps:
        return value
    step = steps.pop()
    if step < 40:
        return _ODD[step % len(_ODD)]
    if step < 60:
        return "".join(map(chr, steps[-8:]))
    if isinstance(value, dict):
        return {key if step != 61 else f"{key}x": _changed(item, steps) for key, item in value.items() if step != 62}
    if isinstance(value, list):
        return [_changed(item, steps) for item in value] * (1 + (step == 63))
    return value


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feed": feed,
    "sitemap": sitemap,
    "robots": robots,
    "html": html,
    "warc": warc,
    "yaml": yaml_file,
    "source": source_check,
}
