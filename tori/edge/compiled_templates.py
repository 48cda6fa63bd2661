"""Templates that were compiled when the service was installed (``tori/compile_templates.py``).

They lie beside the compiled code, which the service need not be able to write to. A template that has changed since is
compiled by each process for itself.
"""

import hashlib
from pathlib import Path
from pickle import UnpicklingError

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from tori.config import ROOT

FOLDER = ROOT / "tori" / "__pycache__" / "templates"


class CompiledTemplates(FileSystemBytecodeCache):
    """Those that were compiled by the same rules."""

    def __init__(self, environment: Environment, folder: Path = FOLDER, *, writes: bool = False) -> None:
        super().__init__(str(folder))
        self._environment, self._writes = environment, writes

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        own = self._environment
        # What templates are compiled by beside their text. Filters and extensions may be added until the first page.
        known = map(sorted, (own.extensions, own.filters, own.tests))
        rules = [jinja2.__version__, own.trim_blocks, own.lstrip_blocks, *known]
        return hashlib.sha256(repr([name, *rules]).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, TypeError, UnpicklingError):
            # Damaged: then it is as if it were not there.
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if self._writes:
            super().dump_bytecode(bucket)
