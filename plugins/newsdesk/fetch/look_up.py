"""The addresses of a name, asked of DNS within a time."""

from __future__ import annotations

import socket
from queue import Empty, SimpleQueue
from threading import Thread

LOOK_UP_SECONDS = 10.0


def look_up(name: str, timeout: float = LOOK_UP_SECONDS) -> tuple[str, ...]:
    """The name's addresses, each once, in the resolver's order (RFC 6724). Raises OSError, in time.

    getaddrinfo cannot be interrupted, so a thread of its own waits for it; left behind, it ends with the
    resolver's own patience.
    """
    answer: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            answer.put([str(sockaddr[0]) for *_, sockaddr in found])
        except OSError as error:
            answer.put(error)
        except UnicodeError:  # the resolver's own IDNA codec
            answer.put(OSError("not a name that can be looked up"))

    Thread(target=ask, name=f"look-up {name}", daemon=True).start()
    try:
        found = answer.get(timeout=max(timeout, 0.001))
    except Empty:
        raise TimeoutError(f"no answer from DNS within {timeout:.0f} s") from None
    if isinstance(found, OSError):
        raise found
    return tuple(dict.fromkeys(found))
