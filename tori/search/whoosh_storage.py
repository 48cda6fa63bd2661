"""The files of a Whoosh index, none of which stays open when opening an index fails half-way.

Whoosh closes what it opened only when all went well: of a damaged table of contents, or of the first segments when a
later one is missing, the files would stay open until chance collects them.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from whoosh.filedb.filestore import FileStorage


class CarefulStorage(FileStorage):  # type: ignore[misc]
    """A folder that remembers, for each thread, what it opened inside `all_or_nothing`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opening = threading.local()

    def open_file(self, name: str, **options: Any) -> Any:
        file = super().open_file(name, **options)
        opened: list[Any] | None = getattr(self._opening, "files", None)
        if opened is not None:
            opened.append(file)
        return file

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """When the body raises, every file that it opened is closed."""
        opened: list[Any] = []
        outer, self._opening.files = getattr(self._opening, "files", None), opened
        try:
            yield
        except BaseException:
            for file in opened:
                # It may be closed already, or be a view of something that still is in use.
                with contextlib.suppress(Exception):
                    file.close()
            raise
        finally:
            self._opening.files = outer
