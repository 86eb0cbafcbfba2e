"""Files of foreign archives: found by path, folder, pattern or address; opened; told apart by what is in them."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from newsdesk.errors import ConfigError

_MIB = 1 << 20
_ENDINGS = (".warc", ".warc.gz")
_GZIP = b"\x1f\x8b"
_WEB = ("http://", "https://")
_OTHER_KINDS = (
    (b"\x28\xb5\x2f\xfd", "is packed with zstd: unpack it first (zstd -d)"),
    (b"filedesc:", "is an ARC file, the older form: convert it first (warcio recompress)"),
    (b"BZh", "is packed with bzip2: unpack it first"),
    (b"PK\x03\x04", "is a zip file (WACZ?): give the .warc.gz files in it"),
)


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """One that is a WARC file by its beginning."""

    name: str  # absolute path, or address
    size: int
    digest: bytes  # of size, first and last mebibyte: the same file has the same, whatever its name


def list_files(names: Sequence[str]) -> list[str]:
    """The files that the names mean: paths, folders (their WARC files), patterns with *, addresses such as s3://….

    An address that ends with a slash is a folder. ConfigError for a name that means none.
    """
    found: dict[str, None] = {}
    for name in names:
        if name.lower().startswith(_WEB):
            raise ConfigError(f"{name}: nothing is downloaded from the web here; download it first and give the file")
        files = _list_remote(name) if "://" in name else _list_local(name)
        if not files:
            raise ConfigError(f"{name}: there is no such file, nor a folder or pattern with a WARC file in it")
        found.update(dict.fromkeys(files))
    if not found:
        raise ConfigError("no file was named")
    return list(found)


def open_file(name: str) -> BinaryIO:
    """The file's bytes; can seek. ConfigError where it cannot be opened."""
    if "://" in name:
        with _asked(name):
            return cast(BinaryIO, _filesystem(name).open(name, "rb"))
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise ConfigError(f"cannot read {name}: {error.strerror or error}") from error


def identify(name: str) -> ForeignFile:
    """The file of that name. ConfigError where it cannot be read, or is no WARC file."""
    with open_file(name) as file:
        try:
            size = file.seek(0, 2)
            file.seek(0)
            first = file.read(_MIB)
            file.seek(max(0, size - _MIB))
            last = file.read(_MIB)
        except OSError as error:
            raise ConfigError(f"cannot read {name}: {error.strerror or error}") from error
    if not first:
        raise ConfigError(f"{name} is empty")
    for magic, what in _OTHER_KINDS:
        if first.startswith(magic):
            raise ConfigError(f"{name} {what}")
    if not (first.startswith(_GZIP) or b"WARC/" in first):
        raise ConfigError(f"{name} is no WARC file: there is no record in its first mebibyte")
    return ForeignFile(name, size, hashlib.sha256(b"%d\n" % size + first + last).digest())


def _list_local(name: str) -> list[str]:
    path = Path(name)
    if path.is_dir():
        return sorted(str(file.absolute()) for file in path.rglob("*") if file.name.endswith(_ENDINGS))
    if path.is_file():  # also one whose name has a bracket in it
        return [str(path.absolute())]
    return sorted(str(Path(file).absolute()) for file in glob.glob(name, recursive=True) if Path(file).is_file())  # noqa: PTH207


def _list_remote(name: str) -> list[str]:
    folder = name.endswith("/")
    if not folder and "*" not in name:
        return [name]
    with _asked(name):
        system = _filesystem(name)
        found = [file for file in system.find(name) if file.endswith(_ENDINGS)] if folder else system.glob(name)
        return sorted(str(system.unstrip_protocol(file)) for file in found)


@contextmanager
def _asked(name: str) -> Iterator[None]:
    """A request to a store. Its package's errors are of no common kind: all but ours mean that the address is wrong."""
    try:
        yield
    except ConfigError:
        raise
    except FileNotFoundError as error:
        raise ConfigError(f"cannot read {name}: there is no such file") from error
    except Exception as error:
        raise ConfigError(
            f"cannot read {name}: {type(error).__name__}: {error}; is the address right, and may we read it? The store's "
            f"package takes its settings from the environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL …)"
        ) from error


def _filesystem(name: str) -> Any:
    import fsspec  # here: files on a disk need not pay for it

    try:
        return fsspec.core.url_to_fs(name)[0]
    except (ImportError, ValueError) as error:  # no fsspec, no library for this protocol, no such protocol
        raise ConfigError(f"cannot read {name}: {error}") from error
