"""What a back-test that was interrupted has found, so that it continues where it was.

One JSON file, readable by its owner alone: the results so far, and CloudTrail's writes, which are read once.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from liveness_ops.backtest import writes
from liveness_ops.backtest.writes import Writes
from liveness_ops.whole_file import write_whole
from responder.core.plain_data import Json

_VERSION = 1
# An older one is begun anew: too much may have changed since.
_RESUMABLE = timedelta(hours=1)
_PARTS = frozenset({"version", "asked", "now", "trails", "done"})


class OtherFileError(Exception):
    """The file is not one of a back-test, or cannot be read: it is neither written over nor removed."""


@dataclass
class StateFile:
    """`asked`: digest of all that the results depend on; with another one the file counts for nothing.
    `now`: when the back-test began, which ends its period."""

    path: Path
    asked: str
    now: datetime
    trails: dict[str, Writes] | None = None
    done: dict[str, Json] = field(default_factory=dict)

    def save(self) -> None:
        """Whole, or as it was. Raises OSError."""
        trails: Json | None = self.trails and {n: writes.dumped(each) for n, each in self.trails.items()}
        stored = {
            "version": _VERSION,
            "asked": self.asked,
            "now": self.now.isoformat(),
            "trails": trails,
            "done": self.done,
        }
        write_whole(self.path, json.dumps(stored, ensure_ascii=False))

    def remove(self) -> None:
        """It is finished. What is no file, such as /dev/null, stays."""
        if self.path.is_file():
            self.path.unlink()


def digest(**given: Any) -> str:
    """The digest of everything that the results depend on."""
    return sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()[:16]


def resumed(path: Path, asked: str, now: datetime) -> StateFile:
    """The one that was interrupted, if it asked the same and began within the last hour; else a new one,
    which is not written yet. Raises OtherFileError."""
    anew, stored = StateFile(path, asked, now), _stored(path)
    if stored is None or (stored["version"], stored["asked"]) != (_VERSION, asked):
        return anew
    try:
        began = datetime.fromisoformat(stored["now"])
        if timedelta() <= now - began < _RESUMABLE:
            trails = stored["trails"]
            known = trails and {name: writes.loaded(each) for name, each in trails.items()}
            return StateFile(path, asked, began, known, stored["done"])
    except (ValueError, LookupError, TypeError, AttributeError):
        # Of another version: begun anew.
        return anew
    return anew


def _stored(path: Path) -> Json | None:
    """None where there is none, or an empty one."""
    try:
        written = path.read_text(encoding="utf-8")
        found = json.loads(written or "null")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        raise OtherFileError from None
    if not written:
        return None
    if not isinstance(found, dict) or not found.keys() >= _PARTS:
        raise OtherFileError
    return found
