"""The desk on a port of its own, and the machine's Chromium that looks at it."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desk_world import door_of, mounted
from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The address of the desk's pages; everybody may do everything."""
    import uvicorn

    app = mounted(door_of(desk, [], Finding(()), "user"))
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who comes before the server is up waits in its queue
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/newsdesk"
        finally:
            server.should_exit = True
            thread.join(10)


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
