"""What a check says of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# kind -> its problem, or None where the source is well. A kind of which too little is known is absent
Verdicts = Mapping[str, "Problem | None"]

MIN_PAGES = 5  # of fewer pages nothing is concluded


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a source that a person should look at. `grave`: its articles no longer arrive as they should.

    `page`: the desk's page where it is seen and mended, below the desk's own address; None: the source's.
    """

    kind: str
    what: str
    remedy: str
    grave: bool
    page: str | None = None
