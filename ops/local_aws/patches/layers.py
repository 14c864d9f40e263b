"""A layer is unpacked once, as on Lambda, not once for each worker.

Workers link to the shared copy, and so share the bytecode that the first one leaves there. It stays
next to the output of `sam build`: compiling boto3 again takes longer than everything else in a start.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import threading
import types
import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

from . import patching

_LOCK = threading.Lock()
_KEPT = Path(__file__).parents[3] / ".aws-sam" / "layers"
_MOST = 4


def install() -> None:
    """Give the worker's own unpacking a memory."""
    patching.need(lambda_runtime, "zipfile")
    patched = types.ModuleType("zipfile")
    patched.__dict__.update(zipfile.__dict__)
    patched.__dict__["ZipFile"] = _Remembering
    lambda_runtime.zipfile = patched


class _Remembering(zipfile.ZipFile):
    """Links the folder of a layer to the one copy of its content."""

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        """Unpack, or link to what was unpacked before."""
        target = Path(str(path))
        if not target.name.startswith("layer_"):
            super().extractall(path, members, pwd)
            return
        with _LOCK:
            shared = self._shared()
        target.rmdir()
        target.symlink_to(shared)

    def namelist(self) -> list[str]:
        """Nothing left to check in a layer whose names were checked when it was unpacked."""
        return [] if self._place().exists() else super().namelist()

    def _place(self) -> Path:
        given = "".join(f"{each.filename}{each.CRC}" for each in self.infolist())
        return _KEPT / hashlib.sha256(given.encode()).hexdigest()[:16]

    def _shared(self) -> Path:
        shared = self._place()
        if not shared.exists():
            _KEPT.mkdir(parents=True, exist_ok=True)
            _prune()
            fresh = Path(tempfile.mkdtemp(prefix="fresh-", dir=_KEPT))
            super().extractall(fresh)
            with contextlib.suppress(OSError):  # another local AWS was faster
                fresh.replace(shared)
            shutil.rmtree(fresh, ignore_errors=True)
        return shared


def _prune() -> None:
    """Keep the newest few; an older one belongs to code that is gone."""
    kept = sorted(_KEPT.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[_MOST:]:
        shutil.rmtree(old, ignore_errors=True)
