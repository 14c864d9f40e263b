"""Function code sees what it sees on Lambda: its own files, its layers, the runtime's packages.

The workers run with the launcher's interpreter. Left alone they would import whatever the
environment of ministack happens to hold, and a package missing in a layer would not show.
A handler that raises ends its invocation, not its worker: on Lambda, too, the environment stays.
"""

from __future__ import annotations

import re
import stat
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from . import clock, layers, seams

# What the managed Python runtime brings along itself.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
_SCRIPT = """#!/bin/sh
unset AUTH BIND_HOST GATEWAY_PORT LAMBDA_EXECUTOR CLOUDTRAIL_RECORDING LOG_LEVEL DOCKER_HOST
unset MINISTACK_HOST MINISTACK_REGION
export AWS_LAMBDA_LOG_GROUP_NAME="/aws/lambda/$AWS_LAMBDA_FUNCTION_NAME"
{clock}export AWS_LAMBDA_INITIALIZATION_TYPE=on-demand PYTHONPATH="{packages}"
exec "{python}" -S -s -P "$@"
"""
# What a worker says of an exception makes ministack kill it; so it says that all went well, and what did not.
_RAISED = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_TOLD = '{"status": "ok", "result": {"drill-raised": [str(e), traceback.format_exc()]}}'
_ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?:: .*)?$")


def install() -> None:
    """Start workers through a wrapper, and give their failures Lambda's shape."""
    layers.install()
    shim = _shim()
    before = seams.swap(
        lambda_runtime,
        "_detect_runtime_binary",
        "runtime",
        lambda runtime: (
            (shim, _script(before(runtime)[1])) if runtime.startswith("python") else before(runtime)
        ),
    )
    execute = seams.swap(
        lambda_svc,
        "_execute_function_warm",
        "func event request_id",
        lambda func, event, request_id: _failure(execute(func, event, request_id)),
    )


def _shim() -> str:
    folder = Path(tempfile.mkdtemp(prefix="drill-runtime-"))
    packages = folder / "packages"
    packages.mkdir()
    site = Path(sysconfig.get_paths()["purelib"])
    for name in RUNTIME:
        (packages / name).symlink_to(site / name)
    script = folder / "python"
    script.write_text(
        _SCRIPT.format(packages=packages, python=sys.executable, clock=clock.variables(str(site)))
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def _script(written: str) -> str:
    if written.count(_RAISED) != 1:
        raise seams.SeamMovedError("a worker tells in other words that its handler raised")
    return clock.worker(written.replace(_RAISED, _TOLD))


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
