"""What a new alarm module still needs outside its own file, ready to paste.

python -m liveness_ops.template_tools.stubs my_module           prints it
python -m liveness_ops.template_tools.stubs my_module --write   puts it into place
"""

import argparse
import json
from pathlib import Path

from liveness_ops.template_tools.alarms import GENERIC, playbook_of, slug
from liveness_ops.template_tools.event_stub import Watched, state_change
from liveness_ops.template_tools.gaps import gaps
from liveness_ops.template_tools.load import EVENTS, TEMPLATE
from responder.respond.playbook import Playbook

STATES = {"alarm": "ALARM", "ok": "OK", "insufficient": "INSUFFICIENT_DATA"}
_WATCHED = Watched("NAMESPACE", "METRIC", "Sum", 1.0, (2.0,), (0.0,))


def event_stubs(module: str, playbook: Playbook, folder: Path = EVENTS) -> dict[Path, str]:
    """The event files that are not there yet; metric and datapoints have to be filled in."""
    files = {folder / slug(module) / f"{name}.json": state for name, state in STATES.items()}
    return {
        path: json.dumps(state_change(playbook.alarm, _WATCHED, state), indent=2) + "\n"
        for path, state in files.items()
        if not path.exists()
    }


def missing(module: str, playbook: Playbook, text: str, folder: Path = EVENTS) -> str:
    """What to paste where, as text; empty where nothing is missing."""
    template = [] if module == GENERIC else gaps(module, playbook, text)
    parts = [f"# template.yaml: {gap.what}\n{gap.lines}" for gap in template]
    stubs = event_stubs(module, playbook, folder)
    parts += [f"# events/{path.parent.name}/{path.name}\n{stub}" for path, stub in stubs.items()]
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> None:
    """Print what is missing, or write it."""
    parser = argparse.ArgumentParser(prog="python -m liveness_ops.template_tools.stubs", description=__doc__)
    parser.add_argument("module", help="a module of functions/alarms")
    parser.add_argument("--write", action="store_true", help="write it into template.yaml and events/")
    chosen = parser.parse_args(arguments)
    playbook, text = playbook_of(chosen.module), TEMPLATE.read_text(encoding="utf-8")
    print(missing(chosen.module, playbook, text) or "Nothing is missing.")
    if chosen.write:
        for gap in gaps(chosen.module, playbook, text):
            text = gap.fill(text)
        TEMPLATE.write_text(text, encoding="utf-8")
        for path, stub in event_stubs(chosen.module, playbook).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(stub, encoding="utf-8")


if __name__ == "__main__":
    main()
