"""Files and folders for their owner alone, whatever the umask of whoever started newsdesk."""

from __future__ import annotations

import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make it with mode 0700, and what is above it as the umask says; one that is there keeps its mode. OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """For `open(…, opener=private_opener)`: a new file is made with mode 0600."""
    return os.open(path, flags, 0o600)


def tighten_umask() -> None:
    """From here on nothing that this process makes can be changed by others; a stricter umask stays."""
    os.umask(os.umask(0o077) | 0o022)
