"""For mkdocs: links out of docs/ (`../SECURITY.md`), which lead somewhere in the repository and nowhere on the site."""

from __future__ import annotations

import re
from typing import Any


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page with such links as their text alone."""
    depth = page.file.src_uri.count("/")
    outside = re.compile(r"\[([^\]]+)\]\((?:\.\./){" + str(depth + 1) + r"}[^)\s]+\)")
    return outside.sub(r"\1", markdown)
