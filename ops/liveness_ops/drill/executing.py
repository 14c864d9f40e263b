"""A durable execution as a process of its own, under the role and with the variables of its function."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from liveness_ops.local_aws import Execution, LocalAws

_KEPT = ("PATH", "HOME", "LANG")


class Reach(Protocol):
    """Called before each step: let everything happen until that time."""

    def __call__(self, now: datetime, *, did: bool) -> float | None:
        """Seconds in which nothing happens from then on; None at the end. `did`: something was done."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """An execution that has ended here. `error` is empty where it went as it should."""

    name: str
    status: str
    operations: int
    error: str
    log: str


def execute(aws: LocalAws, wanted: Execution, begun: datetime, most: int, reach: Reach) -> Run:
    """Start it, let it and the script take turns, and wait for its end. `most`: it hands over after so many
    operations; 0: as deployed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "liveness_ops.drill.follower"],
            env=_environment(aws, wanted.function),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            asked = {"payload": wanted.payload, "begun": begun.isoformat(), "most": most}
            found = _talk(process, asked, reach)
        finally:
            process.kill()
            process.communicate()
        log.seek(0)
        said = log.read()
    status = str(found.get("status", "FAILED"))
    error = "" if status == "SUCCEEDED" else f"{status}: {found.get('error') or said[-2000:]}"
    return Run(wanted.name, status, found.get("operations", 0), error, said)


def _talk(process: "subprocess.Popen[str]", asked: dict[str, Any], reach: Reach) -> dict[str, Any]:
    """The last thing it says; nothing where it died."""
    questions, answers = iter(process.stdout or ()), process.stdin
    said = asked
    while answers is not None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()
        found: dict[str, Any] = json.loads(next(questions, "{}"))
        if "now" not in found:
            return found
        quiet = reach(datetime.fromisoformat(found["now"]), did=found["did"])
        said = {"ended": quiet is None, "quiet": quiet or 0}
    return {}


def _environment(aws: LocalAws, function: str) -> dict[str, str]:
    """Nothing of the caller's own AWS set-up."""
    inherited = {name: value for name, value in os.environ.items() if name in _KEPT}
    found = aws.client("lambda").get_function_configuration(FunctionName=function)
    own: dict[str, str] = found["Environment"]["Variables"]
    return {**inherited, **own, **aws.assume(function), "AWS_LAMBDA_FUNCTION_NAME": function}
