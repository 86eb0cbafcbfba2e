"""A web server on the loopback that misbehaves in every way we know of. See `server`; what is covered: `coverage`."""

from hostile_server import codings, framing, heads, pages, redirects, statuses, timing
from hostile_server.redirects import redirect
from hostile_server.server import (
    DEADLINE,
    MAX_BYTES,
    PAGE,
    SCENES,
    Answer,
    HostileServer,
    Request,
    Scene,
    bomb,
    chunked,
    reply,
)

__all__ = [
    "DEADLINE", "MAX_BYTES", "PAGE", "SCENES", "Answer", "HostileServer", "Request", "Scene", "bomb", "chunked", "codings",
    "framing", "heads", "pages", "redirect", "redirects", "reply", "statuses", "timing",
]  # fmt: skip
