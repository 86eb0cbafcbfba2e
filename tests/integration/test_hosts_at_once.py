"""A command in the foreground asks many hosts at once, also where each of them fills a batch of its own."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from in_process import ingest_here
from newsdesk.desk import Desk
from newsdesk.settings import FETCHED_AT_ONCE, read_settings
from pacing import NO_ROBOTS, Host, serving

HOSTS = FETCHED_AT_ONCE + 4
SLOW = (200, {"Content-Type": "text/html"}, b"<title>page</title>", 1.0)


def test_batches_of_one_host_are_fetched_side_by_side_beyond_the_number_of_batches(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    settings = read_settings({
        "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(tmp_path / "sources"), "NEWSDESK_BATCH_SIZE": "1",
        "NEWSDESK_CRAWL_DELAY": "0", "NEWSDESK_MODELS": "en=none,fr=none",
    })  # fmt: skip
    with ExitStack() as stack:
        hosts = [stack.enter_context(serving(Host())) for _ in range(HOSTS)]
        for number, host in enumerate(hosts):
            item = f"<item><title>A</title><link>{host.origin}/a.html</link></item>"
            feed = f"<rss version='2.0'><channel><title>S</title>{item}</channel></rss>".encode()
            host.scenes = {"/robots.txt": NO_ROBOTS, "/rss": (200, {}, feed, 0.0), "/a.html": SLOW}
            (tmp_path / "sources" / f"paper-{number}.yaml").write_text(
                f"id: paper-{number}\nname: Paper\nhomepage: {host.origin}/\nlanguage: en\nallow_private: true\n"
                f"endpoints: [{{feed: {host.origin}/rss}}]\n"
            )
        ingest_here(Desk(settings, dsn))
    asked = [(begun, ended) for host in hosts for begun, ended, path in host.log if path == "/a.html"]
    assert len(asked) == HOSTS
    first = min(ended for _, ended in asked)
    assert sum(begun < first for begun, _ in asked) == HOSTS
