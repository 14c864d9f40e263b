"""A client of a local AWS that another process has started."""

from __future__ import annotations

from typing import Any

from .client import LocalAws
from .control import Control


class Attached(LocalAws):
    """What ``LocalAws`` can do, but for starting it and ending it."""

    def __init__(self, endpoint: str, region: str) -> None:
        """``endpoint``: that of one that runs on this machine."""
        self.region = region
        self._endpoint = endpoint
        self._control = Control(endpoint, region)
        self._clients: dict[str, Any] = {}

    @property
    def endpoint(self) -> str:
        """The one URL that serves every AWS service."""
        return self._endpoint

    def stop(self) -> None:
        """Close what was opened; it continues to run."""
        self._disconnect()
