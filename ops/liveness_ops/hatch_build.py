"""The console's wheel: with the library, its compiled texts, the playbooks and checks, and the template that
preflight judges.

An editable install has them where they are.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HELD = {
    ".": "liveness_ops",
    "../../LICENSE": "liveness_ops/LICENSE",
    "../../template.yaml": "liveness_ops/template.yaml",
    "../../layers/responder/responder": "responder",
    "../../functions/alarms": "alarms",
    "../../functions/checks": "checks",
}


class Held(BuildHookInterface[Any]):
    """Called by hatchling for each build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version`: editable, or standard (a wheel)."""
        if version == "standard":
            layer = Path(self.root).parents[1] / "layers" / "responder"
            locale = layer / "responder" / "messages" / "locale"
            subprocess.run([sys.executable, layer / "compile_texts.py", locale], check=True)  # noqa: S603
            build_data["force_include"].update(HELD)
