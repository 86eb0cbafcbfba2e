"""Publishers on the loopback that do to a pipeline whatever the web does, each URL with the outcome it must end in.

A `Host` is a port with its robots.txt, its feed or sitemap, and its `Scene`s; scenes that a good guest answers by
leaving the host alone have a host of their own.

    with HostileNewsroom() as newsroom:
        newsroom.write_sources(folder)
        … run the stages …
        newsroom.asked()  # how often each URL was asked for
"""

from __future__ import annotations

from hostile_newsroom.hosts import UNUSABLE
from hostile_newsroom.scenes import DEADLINE, MAX_BYTES, Scene
from hostile_newsroom.server import HostileNewsroom

__all__ = ["DEADLINE", "MAX_BYTES", "UNUSABLE", "HostileNewsroom", "Scene"]
