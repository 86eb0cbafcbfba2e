"""Where an export goes: a folder here, or in an object store by fsspec.

What is tried again (`ExportUnavailable`): a full disk, a store that does not answer as it should. What is not
(`ConfigError`): a path that is no folder, or not ours to write to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

from newsdesk.errors import ConfigError, ExportUnavailable
from newsdesk.object_requests import asked

_WRONG_PLACE = (FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError)


class Folder:
    def __init__(self, target: str, options: Mapping[str, Any]) -> None:
        import fsspec
        from fsspec.implementations.local import LocalFileSystem

        try:
            self._store, self._root = fsspec.core.url_to_fs(
                target if "://" in target else str(Path(target).absolute()), **options
            )
        except (ImportError, ValueError) as error:
            raise ConfigError(f"cannot export to {target}: {error}") from error
        self._name = target
        self._options = options
        self._is_local = isinstance(self._store, LocalFileSystem)  # a path, or file://…

    def __str__(self) -> str:
        return self._name

    def read(self, file: str) -> bytes | None:
        with self._on_disk(f"read {self}/{file}") if self._is_local else self._asked("read", file):
            try:
                return cast(bytes, self._store.cat_file(f"{self._root}/{file}"))
            except FileNotFoundError:
                return None

    def write(self, file: str, data: bytes) -> None:
        with self.writing(file) as opened:
            opened.write(data)

    @contextmanager
    def writing(self, file: str) -> Iterator[BinaryIO]:
        """A file that has its name, and its new content, when it is whole; on an error it is as it was before."""
        path = f"{self._root}/{file}"
        if self._is_local:
            with self._on_disk(f"write {self}/{file}"):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                with open(f"{path}.part", "wb") as opened:  # noqa: PTH123 - a path of fsspec's
                    yield opened
                Path(f"{path}.part").replace(path)
            return
        with self._asked("write to", file):
            self._store.makedirs(path.rpartition("/")[0], exist_ok=True)
        with self._on_disk("write a temporary file"), NamedTemporaryFile() as kept:
            yield cast(BinaryIO, kept)
            kept.flush()
            with self._asked("write to", file):
                self._store.put_file(kept.name, path)  # whole or not at all, which `open` of a store does not promise

    @contextmanager
    def _on_disk(self, doing: str) -> Iterator[None]:
        try:
            yield
        except _WRONG_PLACE as error:
            raise ConfigError(
                f"cannot {doing}: {error.strerror or error}; name a folder that this user may write to (--to, NEWSDESK_EXPORT)"
            ) from error
        except OSError as error:
            raise ExportUnavailable(f"cannot {doing}: {error.strerror or error}; is there room on the disk?") from error

    def _asked(self, what: str, file: str) -> AbstractContextManager[None]:
        return asked(f"{what} {self}/{file}", ExportUnavailable, "--to, NEWSDESK_EXPORT", self._options)
