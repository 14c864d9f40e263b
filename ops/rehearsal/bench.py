"""What a response costs before its first call to AWS, next to boto3 with the same clients: `make bench`.

CPU time from the start of the process, user and system, on the layer as `sam build` makes it, with its
bytecode. Both processes end at the first request that botocore would send; nothing leaves the machine.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from liveness_ops.template_tools.alarms import playbook_of
from liveness_ops.template_tools.load import EVENTS, ROOT
from rehearsal.drill.stack import STACK
from rehearsal.sam_drill.stamp import stamped
from rehearsal.world.names import REGION

RUNS = 9
HIGHEST = 1.33
_MODULE = "high_error_rate"

_STOP = """
import os, sys, time
sys.path[:0] = sys.argv[1].split(os.pathsep)
import botocore.httpsession
def first(*_):
    print(time.process_time(), flush=True)
    os._exit(0)
botocore.httpsession.URLLib3Session.send = first
"""
_RESPONSE = _STOP + "import json, alarms.{module} as it\nit.handler(json.loads(sys.argv[2]), None)\n"
_BOTO3 = _STOP + "import boto3\nclients = [boto3.client(each) for each in sys.argv[2].split()]\n{first}\n"


def main() -> int:
    """Print medians and ratio. Status 1 where the response costs more than `HIGHEST` times boto3."""
    services = sorted({need.action.partition(":")[0] for need in playbook_of(_MODULE).needs()})
    now = datetime.now(UTC)
    event = json.loads((EVENTS / _MODULE.replace("_", "-") / "alarm.json").read_text(encoding="utf-8"))
    event = stamped(event, now, now, REGION)
    with tempfile.TemporaryDirectory() as folder:
        path = _layer(Path(folder))
        asks = f"clients[{services.index('ssm')}].get_parameter(Name='/a')"
        pairs = [
            (
                _seconds(
                    _RESPONSE.format(module=_MODULE), path, json.dumps(stamped(event, now, now, REGION))
                ),
                _seconds(_BOTO3.format(first=asks), path, " ".join(services)),
            )
            for _ in range(RUNS)
        ]
    ours, theirs = (median(each) for each in zip(*pairs, strict=True))
    print(f"response: {ours:.2f} s CPU to its first call")
    print(f"boto3 with its {len(services)} clients: {theirs:.2f} s")
    ratio = median(mine / yours for mine, yours in pairs)
    print(f"ratio {ratio:.2f} (median of {RUNS} pairs; at most {HIGHEST})")
    return int(ratio > HIGHEST)


def _layer(folder: Path) -> str:
    command = ["make", "--silent", "build-ResponderLayer", f"ARTIFACTS_DIR={folder}"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    where = ROOT / "layers" / "responder"
    environment = {**os.environ, "PATH": path}
    subprocess.run(command, cwd=where, env=environment, check=True)  # noqa: S603
    return os.pathsep.join((str(folder / "python"), str(ROOT / "functions")))


def _seconds(code: str, path: str, argument: str) -> float:
    environment = {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",  # pragma: allowlist secret
        "STACK": STACK,
    }
    command = [sys.executable, "-P", "-S", "-c", code, path, argument]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.findall(r"^[0-9.]+$", done.stdout, re.MULTILINE)
    if not found:
        raise RuntimeError(done.stderr or done.stdout)
    return float(found[-1])


if __name__ == "__main__":
    sys.exit(main())
