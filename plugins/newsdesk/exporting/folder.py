"""Where an export goes: a folder here, or in an object store by fsspec."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from newsdesk.errors import ConfigError

_MIB = 1 << 20


class Folder:
    def __init__(self, target: str, options: Mapping[str, Any]) -> None:
        import fsspec

        try:
            self._store, self._root = fsspec.core.url_to_fs(
                target if "://" in target else str(Path(target).absolute()), **options
            )
        except (ImportError, ValueError) as error:
            raise ConfigError(f"cannot export to {target}: {error}") from error
        self._name = target
        self._is_local = "://" not in target

    def __str__(self) -> str:
        return self._name

    def read(self, file: str) -> bytes | None:
        try:
            found: bytes = self._store.cat_file(f"{self._root}/{file}")
        except FileNotFoundError:
            return None
        return found

    def write(self, file: str, data: bytes) -> None:
        with self.writing(file) as opened:
            opened.write(data)

    @contextmanager
    def writing(self, file: str) -> Iterator[BinaryIO]:
        """A file that has its name, and its new content, when it is whole; on an error it is as it was before."""
        path = f"{self._root}/{file}"
        try:
            self._store.makedirs(path.rpartition("/")[0], exist_ok=True)
            if self._is_local:
                with open(f"{path}.part", "wb") as opened:  # noqa: PTH123 - a path of fsspec's
                    yield opened
                Path(f"{path}.part").replace(path)
            else:
                with TemporaryFile() as opened:
                    yield opened
                    opened.seek(0)
                    with self._store.open(path, "wb") as stored:
                        shutil.copyfileobj(opened, stored, _MIB)
        except OSError as error:
            raise ConfigError(f"cannot write {self._name}/{file}: {error.strerror or error}") from error
