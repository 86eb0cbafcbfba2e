"""The server of the hosts: raw sockets, since most of what is sent is not HTTP as a library would send it."""

from __future__ import annotations

import socket
import struct
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from hostile_newsroom.hosts import HOSTS, STRANGERS, UNUSABLE
from hostile_newsroom.scenes import HANG, Answer, Host, Reset, Scene, never_asked, reply
from hostile_newsroom.texts import title_of


class HostileNewsroom:
    """All `HOSTS` on the air. `log` has each request as (host's name, path), in order."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self._hosts = {host.name: host for host in HOSTS}
        self._listeners = {host.name: socket.create_server(("127.0.0.1", 0), backlog=64) for host in HOSTS}

    def __enter__(self) -> Self:
        for name, listener in self._listeners.items():
            threading.Thread(target=self._accept, args=(self._hosts[name], listener), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for listener in self._listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def url(self, host: str, path: str) -> str:
        return f"http://127.0.0.1:{self._listeners[host].getsockname()[1]}{path}"

    def scenes(self) -> dict[str, Scene]:
        """Every URL that is to be found, with what it must end in."""
        ours = {self.url(host.name, scene.path): scene for host in HOSTS for scene in host.scenes}
        return ours | {url: never_asked(url, outcome) for url, outcome in STRANGERS.items()}

    def asked(self) -> Counter[str]:
        return Counter(self.url(host, path) for host, path in self.log)

    def write_sources(self, folder: Path) -> None:
        """Two sources: all that has a feed which can be read now and then, and one whose only feed hangs."""
        groups = {"hostile": [host for host in HOSTS if host.name != "hanging"], "hanging": [self._hosts["hanging"]]}
        for name, hosts in groups.items():
            endpoints = []
            for host in hosts:
                kind, path = host.endpoint.split(": ")
                endpoints.append({kind: self.url(host.name, path)})
            described = {
                "id": name, "name": f"The {name.title()} Press", "homepage": self.url(hosts[0].name, "/"), "language": "en",
                "endpoints": endpoints, "exclude": ["/sport/"], "allow_private": True,
            }  # fmt: skip
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(described))

    def feed(self, name: str) -> str:
        """The host's feed: first scene first, a minute apart; the press' names what no publisher should."""
        links = [self.url(name, scene.path) for scene in self._hosts[name].scenes]
        if name == "press":
            links += [*STRANGERS, *UNUSABLE, self.url("shut", "/2026/a")]
        newest = datetime.now(UTC) - timedelta(hours=1)
        items = "".join(
            f"<item><title>{title_of(link.partition('//')[2].partition('/')[2] or link)}</title><link>{link}</link>"
            f"<pubDate>{format_datetime(newest - timedelta(minutes=number), usegmt=True)}</pubDate></item>"
            for number, link in enumerate(links)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'

    def sitemap(self, name: str) -> str:
        urls = "".join(f"<url><loc>{self.url(name, scene.path)}</loc></url>" for scene in self._hosts[name].scenes)
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def _accept(self, host: Host, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(host, connection), daemon=True).start()

    def _serve(self, host: Host, connection: socket.socket) -> None:
        with connection:
            try:
                connection.settimeout(2 * HANG)
                path = _read_path(connection)
                if path is None:
                    return
                self.log.append((host.name, path))
                answer = self._answer(host, path)
                for part in [answer] if isinstance(answer, bytes) else answer:
                    connection.sendall(part)
                # An answer that is cut must arrive before the end of the connection does.
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
            except Reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass  # the client has had enough

    def _answer(self, host: Host, path: str) -> Answer:
        path = path.partition("?")[0]
        if path == "/robots.txt":
            return host.robots or reply("", status="404 Not Found")
        if path in host.pages:
            return host.pages[path](self)
        if path == "/feed.xml":
            return reply(self.feed(host.name), kind="application/rss+xml")
        scene = next((scene for scene in host.scenes if scene.path == path), None)
        if scene is None or scene.play is None:
            return reply("no such page", status="404 Not Found")
        return scene.play(self)


def _read_path(connection: socket.socket) -> str | None:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(65_536)
        if not received:
            return None
        head += received
    parts = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    return parts[1] if len(parts) == 3 else None
