"""A layer is unpacked once, as on Lambda, not once for each worker.

Workers link to the shared copy, and so share the bytecode that the first one leaves there. It stays
next to the output of `sam build`: compiling boto3 again takes longer than everything else in a start.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import tempfile
import threading
import types
import zipfile
from pathlib import Path
from typing import Any, ClassVar, Self

from ministack.core import lambda_runtime

from local_aws.patches import patching

_LOCK = threading.Lock()
KEPT = Path(__file__).parents[4] / ".aws-sam" / "layers"
_MOST = 4


def install() -> None:
    """Give the worker's own unpacking a memory."""
    patching.need(lambda_runtime, "zipfile")
    patched = types.ModuleType("zipfile")
    patched.__dict__.update(zipfile.__dict__)
    patched.__dict__["ZipFile"] = _zip_file
    lambda_runtime.zipfile = patched
    lambda_runtime.__dict__["open"] = _open


class _Layer:
    """The archive of a layer, as far as a worker writes and unpacks it: it stays in memory."""

    _WRITTEN: ClassVar[dict[str, _Layer]] = {}
    # By `id()`; keeping the archive prevents that its id is used again.
    _UNPACKED: ClassVar[dict[int, tuple[bytes, Path]]] = {}

    def __init__(self, file: str) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    @classmethod
    def taken(cls, file: str) -> _Layer | None:
        """What was written there, once."""
        return cls._WRITTEN.pop(file, None)

    def write(self, archive: bytes) -> None:
        """The whole of it."""
        self._archive, self._WRITTEN[self._file] = archive, self

    def namelist(self) -> list[str]:
        """Nothing left to check in a layer whose names were checked when it was unpacked."""
        if self._folder() is not None:
            return []
        with zipfile.ZipFile(io.BytesIO(self._archive)) as file:
            return file.namelist()

    def extractall(self, path: str) -> None:
        """Link to the one copy of its content, which the first one unpacks."""
        with _LOCK:
            folder = self._folder() or _unpacked(self._archive)
            self._UNPACKED[id(self._archive)] = self._archive, folder
        target = Path(path)
        target.rmdir()
        target.symlink_to(folder)

    def _folder(self) -> Path | None:
        """The one copy, unless another process has removed it meanwhile."""
        known = self._UNPACKED.get(id(self._archive))
        return known[1] if known is not None and known[1].exists() else None


def _is_layer(file: object) -> bool:
    return isinstance(file, str) and Path(file).name.startswith("layer_")


def _open(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
    """Replaces `open`."""
    return _Layer(file) if mode == "wb" and _is_layer(file) else open(file, mode, *more, **named)  # noqa: PTH123


def _zip_file(file: Any, *more: Any, **named: Any) -> Any:
    """Replaces `ZipFile`."""
    return _Layer.taken(file) or zipfile.ZipFile(file, *more, **named)


def _unpacked(archive: bytes) -> Path:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        # Not of the archive itself: it has the times at which its files were written.
        given = "".join(f"{each.filename}{each.CRC}" for each in file.infolist())
        shared = KEPT / hashlib.sha256(given.encode()).hexdigest()[:16]
        if not shared.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            _prune()
            fresh = Path(tempfile.mkdtemp(prefix="fresh-", dir=KEPT))
            try:
                file.extractall(fresh)
                with contextlib.suppress(OSError):  # another local AWS was faster
                    fresh.replace(shared)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return shared


def _prune() -> None:
    """Keep the newest few; an older one belongs to code that is gone."""
    kept = sorted(KEPT.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[_MOST:]:
        shutil.rmtree(old, ignore_errors=True)
