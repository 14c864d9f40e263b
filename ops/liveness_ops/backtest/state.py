"""What a back-test that was interrupted has found, so that it continues where it was.

One JSON file, readable by its owner alone: the results so far, and CloudTrail's writes, which are read once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from liveness_ops.backtest import writes
from liveness_ops.backtest.writes import Writes

_VERSION = 1
# An older one is begun anew: too much may have changed since.
_RESUMABLE = timedelta(hours=1)


@dataclass
class StateFile:
    """`asked`: digest of all that the results depend on; with another one the file counts for nothing.
    `now`: when the back-test began, which ends its period."""

    path: Path
    asked: str
    now: datetime
    trails: dict[str, Writes] | None = None
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    def save(self) -> None:
        """Whole, or as it was. Raises OSError."""
        trails = {name: writes.dumped(each) for name, each in (self.trails or {}).items()}
        stored = {
            "version": _VERSION,
            "asked": self.asked,
            "now": self.now.isoformat(),
            "trails": trails if self.trails is not None else None,
            "done": self.done,
        }
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.path)

    def remove(self) -> None:
        """It is finished."""
        self.path.unlink(missing_ok=True)


def digest(**given: Any) -> str:
    """The digest of everything that the results depend on."""
    return sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()[:16]


def resumed(path: Path, asked: str, now: datetime) -> StateFile:
    """The one that was interrupted, if it asked the same and began within the last hour; else a new one,
    which is not written yet."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["version"] == _VERSION and stored["asked"] == asked:
            began = datetime.fromisoformat(stored["now"])
            if not timedelta() <= now - began < _RESUMABLE:
                return StateFile(path, asked, now)
            return StateFile(path, asked, began, _trails(stored), stored["done"])
    except (OSError, ValueError, LookupError, TypeError):
        # Another version's, or cut off: begun anew.
        return StateFile(path, asked, now)
    return StateFile(path, asked, now)


def _trails(stored: Mapping[str, Any]) -> dict[str, Writes] | None:
    found = stored["trails"]
    return None if found is None else {name: writes.loaded(each) for name, each in found.items()}
