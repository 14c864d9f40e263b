"""`make deploy`: preflight, and the command that it prints, run immediately unless something blocks it."""

import json
import os
import subprocess
import sys

from liveness_ops.template_tools.load import ROOT

_TOOLS = (ROOT / ".venv" / "bin", ROOT / ".venvs" / "sam" / "bin")

_ADOPTION = """Nothing was deployed: tables, the bucket or the queue of a deleted stack still exist.
To keep using them, run this command and then `make deploy` again:
{adoption}
For a stack that starts empty, run the command above."""


def environment() -> dict[str, str]:
    """The environment, with this checkout's own tools first on PATH."""
    path = os.pathsep.join([*map(str, _TOOLS), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "SAM_CLI_TELEMETRY": "0"}


def main(arguments: list[str]) -> int:
    """`arguments`: those of `liveness-ops preflight`. The exit status of the deployment, or 1 where preflight
    found something that would stop it."""
    words = [str(_TOOLS[0] / "liveness-ops"), "preflight", *arguments]
    preflight = subprocess.run(  # noqa: S603 - our own command
        [*words, "--json"], env=environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    found = json.loads(preflight.stdout or "{}")
    for each in found.get("lines", []):
        print(f"{each['weight']:8} {each['message']}\n         {each['todo']}")
    blocked = any(each["weight"] == "blocks" for each in found.get("lines", []))
    if blocked or not found.get("command"):
        print(found.get("message") or "Nothing was deployed: see the lines marked `blocks`.", file=sys.stderr)
        return 1
    print(found["command"], flush=True)
    if found.get("adoption"):
        print(_ADOPTION.format(adoption=found["adoption"]), file=sys.stderr)
        return 1
    return subprocess.run(  # noqa: S603  # nosec B607 - what preflight prints
        ["bash", "-c", found["command"]],  # noqa: S607 - the bash of this user
        cwd=ROOT,
        env=environment(),
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
