"""What stands in for DNS and the network, which cannot be made to lie on a test machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from newsdesk.model import Response

GRACE = 2.0  # seconds over the deadline that a shared machine may take

Visit = Callable[..., Response]


Answers = list[str] | OSError


def anywhere(_: str) -> bool:
    """As `allow_private` of `fetch`: the tests' own servers are on the loopback."""
    return True


class Resolver:
    """Stands in for DNS, which cannot be made to lie on a test machine.

    `answers` are given in turn, the last one for ever; `by_name` goes before them.
    """

    def __init__(self) -> None:
        self.answers: list[Answers] = []
        self.by_name: dict[str, list[Answers]] = {}
        self.asked: list[str] = []
        self.seconds = 0.0

    def __call__(self, host: str, port: Any, *args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        time.sleep(self.seconds)
        answers = self.by_name.get(host, self.answers)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, OSError):
            raise answer
        return [(_family(found), socket.SOCK_STREAM, 6, "", (found, port or 0)) for found in answer]


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET


class Wire:
    """Stands in for the network: a connection to an address of `servers` goes to that port of ours, others fail."""

    def __init__(self) -> None:
        self.servers: dict[tuple[str, int], int] = {}
        self.connected: list[tuple[str, int]] = []
