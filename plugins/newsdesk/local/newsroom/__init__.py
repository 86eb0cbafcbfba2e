"""The demo newsroom: a small invented web of eleven outlets in four languages, on loopback.

Everything in it was written for this project: places, people, outlets and texts are fictional. It
is its own truth: `Newsroom.expected()` says for every URL what the pipeline is to make of it.
"""

from __future__ import annotations

from .server import Newsroom, PortInUseError, Request
from .truth import Expected

__all__ = ["Expected", "Newsroom", "PortInUseError", "Request"]
