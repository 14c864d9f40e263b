"""What Lambda refuses in the environment of a function."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import lambda_svc

from local_aws.patches import patching

_LARGEST = 4096

patching.need(lambda_svc, "_RESERVED_RUNTIME_ENV_VARS")


def problem(params: dict[str, Any]) -> tuple[str, str] | None:
    """Error code and message for the environment of a function, of a call or of a template."""
    variables = (params.get("Environment") or {}).get("Variables") or {}
    size = len(json.dumps(variables, separators=(",", ":")).encode())
    start = "Lambda was unable to configure your environment variables because the environment "
    if size > _LARGEST:
        return (
            "InvalidParameterValueException",
            f"{start}variables you have provided exceeded the 4KB limit. ({size} bytes)",
        )
    if reserved := sorted(set(variables) & set(lambda_svc._RESERVED_RUNTIME_ENV_VARS)):
        return (
            "InvalidParameterValueException",
            f"{start}variables you have provided contains reserved keys: {', '.join(reserved)}",
        )
    return None
