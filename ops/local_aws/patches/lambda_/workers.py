"""Function code sees what it sees on Lambda: its own files, its layers, the runtime's packages.

The workers run with the launcher's interpreter. Left alone they would import whatever the
environment of ministack happens to hold, and a package missing in a layer would not show.
A handler that raises ends its invocation, not its worker: on Lambda, too, the environment stays.
"""

from __future__ import annotations

import os
import queue
import re
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local_aws.patches import patching
from local_aws.patches.drill import clock

from . import forks, layers

# What the managed Python runtime brings along itself.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
# Ministack kills a worker that reports an exception; so it reports success, and the error in the answer.
_RAISED = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_TRACE = '{"status": "ok", "result": {"drill-raised": [str(e), traceback.format_exc()]}}'
_ANSWERED = "        _real_stdout.flush()\n\nrun()"
# The last line of the log of an invocation: ministack waits up to 50 ms for one, and looks each millisecond.
_LAST = "\0"
# A forked worker reports to its parent what it has imported; a first worker has no such function.
_NOTE = f"        print({_LAST!r}, file=sys.stderr, flush=True)\n" + _ANSWERED.replace(
    "\n\n", '\n        globals().get("drill_answered", int)()\n\n'
)
_LATEST_SECONDS = 1.0
_ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?:: .*)?$")


def install() -> None:
    """Start workers with what they have on Lambda, and give their failures Lambda's shape."""
    layers.install()
    forks.install(_packages(), clock.variables())
    patching.wrap(
        lambda_runtime,
        "_detect_runtime_binary",
        "runtime",
        lambda before, runtime: (
            (before(runtime)[0], _script(before(runtime)[1]))
            if runtime.startswith("python")
            else before(runtime)
        ),
    )
    drain = patching.swap(
        lambda_runtime.Worker,
        "_drain_stderr_bounded",
        "self first_line_wait idle_confirm hard_cap",
        lambda worker: (
            _log(worker) if str(worker.config.get("Runtime")).startswith("python") else drain(worker)
        ),
    )
    patching.wrap(
        lambda_svc,
        "_execute_function_warm",
        "func event request_id",
        lambda before, *given: _failure(before(*given)),
    )


def _packages() -> Path:
    # A parent that several local AWS share outlives the one that started it.
    packages = Path(tempfile.mkdtemp(prefix="drill-runtime-", dir=os.environ.get("DRILL_PARENTS")))
    site = Path(sysconfig.get_paths()["purelib"])
    for name in RUNTIME:
        (packages / name).symlink_to(site / name)
    return packages


def _script(written: str) -> str:
    if written.count(_RAISED) != 1 or written.count(_ANSWERED) != 1:
        raise patching.PatchTargetMissingError(
            "a worker tells in other words that its handler has answered, or that it raised"
        )
    return clock.worker(written.replace(_RAISED, _TRACE).replace(_ANSWERED, _NOTE))


def _log(worker: Any) -> str:
    """What an invocation has written to its log, without the line that ends it."""
    lines: list[str] = []
    with suppress(queue.Empty):
        while (line := worker._stderr_queue.get(timeout=_LATEST_SECONDS)) != _LAST:
            lines.append(line)
    return "\n".join(lines)


def _failure(result: dict[str, Any]) -> dict[str, Any]:
    body = result.get("body")
    if isinstance(body, dict) and "drill-raised" in body:
        message, trace = body["drill-raised"]
        body = {"errorMessage": message, "errorType": "Runtime.HandlerError"}
        result = {"body": body, "error": True, "log": f"{result.get('log', '')}\n{trace}"}
    if not result.get("error") or not isinstance(body, dict):
        return result
    lines = [line for line in str(result.get("log", "")).splitlines() if line.strip()]
    found = _ERROR.match(lines[-1]) if lines else None
    if body.get("errorType") == "Runtime.HandlerError" and found and "Traceback" in result["log"]:
        body["errorType"] = found.group(1).rsplit(".", 1)[-1]
        body["stackTrace"] = [line + "\n" for line in lines if line.startswith("  ")]
    return result
