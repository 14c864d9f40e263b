"""What Lambda refuses in the environment of a function."""

from __future__ import annotations

import json

from ministack.services import lambda_svc

from . import seams
from .gate import rule
from .wire import Answer, Request, error

_LARGEST = 4096


def install() -> None:
    """The rule registers itself when it is imported; here its seam is checked."""
    seams.need(lambda_svc, "_RESERVED_RUNTIME_ENV_VARS")


@rule("lambda", "UpdateFunctionConfiguration", "CreateFunction")
def _allowed(request: Request) -> Answer | None:
    variables = (request.params.get("Environment") or {}).get("Variables") or {}
    size = len(json.dumps(variables, separators=(",", ":")).encode())
    start = "Lambda was unable to configure your environment variables because the environment "
    if size > _LARGEST:
        message = f"{start}variables you have provided exceeded the 4KB limit. ({size} bytes)"
        return error(request.headers, "InvalidParameterValueException", message)
    reserved = sorted(set(variables) & set(lambda_svc._RESERVED_RUNTIME_ENV_VARS))
    if not reserved:
        return None
    message = f"{start}variables you have provided contains reserved keys: {', '.join(reserved)}"
    return error(request.headers, "InvalidParameterValueException", message)
