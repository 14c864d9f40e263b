"""Lambda's own refusals: updates in flight, revisions, versions that are not there."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from ministack.core.responses import new_uuid
from ministack.services import lambda_svc

from local_aws.patches import patching
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Request, ok
from local_aws.patches.drill import clock
from local_aws.patches.drill.store import STORE

_BUSY = ("UpdateFunctionConfiguration", "UpdateFunctionCode", "PublishVersion")
_SAME = (
    "CodeSha256",
    "Runtime",
    "Handler",
    "Role",
    "Timeout",
    "MemorySize",
    "Environment",
    "Layers",
    "VpcConfig",
    "EphemeralStorage",
    "TracingConfig",
    "Architectures",
    "DeadLetterConfig",
)


def install() -> None:
    """Take the place of what is more lenient than Lambda."""
    patching.need(lambda_svc, "_functions", "_check_revision", "_get_func_record_for_qualifier")
    patching.swap(lambda_svc, "_schedule_state_transition", "func_name delay", _finish_later)
    patching.wrap(lambda_svc, "_update_config", "name data", _update)
    patching.wrap(lambda_svc, "_publish_version", "name data", _publish)


def function_of(request: Request) -> dict[str, Any] | None:
    """The stored function a request is about, if there is one."""
    parts = unquote(request.path).split("/functions/", 1)[-1].split("/")
    name = parts[0].split(":function:")[-1].split(":")[0]
    found: dict[str, Any] | None = lambda_svc._functions.get(name)
    return found


@rule("lambda", "GetPolicy")
def _no_policy(request: Request) -> Refusal:
    function = function_of(request)
    if function is None or (function.get("policy") or {}).get("Statement"):
        return None
    message = "The resource you requested does not exist."
    return "ResourceNotFoundException", message, 404


@rule("lambda", *_BUSY)
def _in_flight(request: Request) -> Refusal:
    config = (function_of(request) or {}).get("config", {})
    if config.get("LastUpdateStatus") != "InProgress" and config.get("State") != "Pending":
        return None
    message = (
        "The operation cannot be performed at this time. "
        f"An update is in progress for resource: {config.get('FunctionArn')}"
    )
    return "ResourceConflictException", message, 409


@rule("lambda", "PublishVersion")
def _published_from(request: Request) -> Refusal:
    config = (function_of(request) or {}).get("config", {})
    if stale := lambda_svc._check_revision(config, request.params):
        return stale  # type: ignore[no-any-return]
    wanted = request.params.get("CodeSha256")
    if not wanted or wanted == config.get("CodeSha256"):
        return None
    message = f"CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST."
    return "InvalidParameterValueException", message


@rule("lambda", "UpdateAlias", "CreateAlias")
def _version_exists(request: Request) -> Refusal:
    version = request.params.get("FunctionVersion", "$LATEST")
    function = function_of(request)
    if function is None or version == "$LATEST" or version in function["versions"]:
        return None
    arn = f"{function['config']['FunctionArn']}:{version}"
    return "ResourceNotFoundException", f"Function not found: {arn}", 404


def _update(before: Any, name: str, data: dict[str, Any]) -> Any:
    answer = before(name, data)
    config = (lambda_svc._functions.get(name) or {}).get("config")
    if answer[0] != 200 or config is None:
        return answer
    # An update leaves State alone: only LastUpdateStatus says that it is under way.
    config.update(State="Active", StateReason="", StateReasonCode="")
    return ok(config)


def _publish(before: Any, name: str, data: dict[str, Any]) -> Any:
    function = lambda_svc._functions.get(name)
    latest = max((function or {}).get("versions", {}), key=int, default=None)
    if function and latest:
        config = function["versions"][latest]["config"]
        if all(config.get(key) == function["config"].get(key) for key in _SAME):
            return ok(config, 201)  # nothing changed since: the same version comes back
    return before(name, data)


def _finish_later(func_name: str, delay: float) -> None:
    clock.later(STORE.settings.update_seconds, _finish, func_name)


def _finish(name: str) -> None:
    config = (lambda_svc._functions.get(name) or {}).get("config")
    # A state set by the drill stays until the drill ends it.
    if config is None or config.get("DrillPinned") or config.get("LastUpdateStatus") == "Failed":
        return
    config.update(State="Active", StateReason="", StateReasonCode="", LastUpdateStatus="Successful")
    config["RevisionId"] = new_uuid()  # it changes when the update ends, too


def set_log_format(name: str, form: str) -> None:
    """The format in which a function and its versions write their log, without an update of it."""
    function = lambda_svc._functions[name]
    for each in (function, *function.get("versions", {}).values()):
        each["config"]["LoggingConfig"]["LogFormat"] = form


def set_state(name: str, status: str | None, state: str | None) -> None:
    """Put a function into a state and keep it there (``Successful`` and ``Active`` end it)."""
    config = lambda_svc._functions[name]["config"]
    if status:
        config["LastUpdateStatus"] = status
    if state:
        config["State"] = state
    config.pop("DrillPinned", None)
    if config["LastUpdateStatus"] == "InProgress" or config["State"] == "Pending":
        config["DrillPinned"] = True
