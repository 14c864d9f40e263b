"""Function URLs: who may call one, and what its function learns about the caller.

Sources: Lambda Developer Guide, "Control access to Lambda function URLs" (both permissions and their
condition keys) and "Invoking Lambda function URLs" (the event); IAM User Guide, "Create a signed AWS API
request" (what a signature has to cover); CloudFront Developer Guide, "Restrict access to an AWS Lambda
function URL origin" ("Lambda doesn't support unsigned payloads").
"""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from ministack import app
from ministack.core import iam_evaluator, sigv4
from ministack.core.responses import request_scope
from ministack.services import lambda_svc

from local_aws.patches import patching
from local_aws.patches.calls import connection, faults
from local_aws.patches.calls.request_stages import Refusal, rule
from local_aws.patches.calls.wire import Answer, Request
from local_aws.patches.drill import clock

_SKEW = timedelta(minutes=5)
_INVALID = "InvalidSignatureException"
_WHY = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
# The verified caller of the request that is being served; None where no caller is authenticated.
_CALLER: contextvars.ContextVar[iam_evaluator.ResolvedCredential | None] = contextvars.ContextVar(
    "caller", default=None
)


class _RefusedError(Exception):
    """The request goes no further: 403, with this error type and message."""

    def __init__(self, kind: str = "AccessDeniedException", message: str = _WHY) -> None:
        super().__init__(message)
        self.kind = kind


def install() -> None:
    """Intercept every function URL, and complete its event."""
    patching.need(app, "_parse_lambda_url")
    patching.need(
        lambda_svc, "resolve_function_url", "handle_function_url_request", "function_policy_for_arn"
    )
    patching.need(sigv4, "parse_header_signature", "header_signature_failure", "HeaderSignature")
    patching.need(iam_evaluator, "resolve_credential", "enforce", "EvalContext", "_principal_org_id")
    patching.swap(
        app, "_handle_lambda_url_request", "host path method headers body query_params source_ip", _serve
    )
    patching.wrap(
        lambda_svc,
        "_build_function_url_event",
        "url_id account_id region method path headers body query_params source_ip anonymous trace_root",
        _event,
    )


async def _serve(  # noqa: PLR0913 (as ministack calls it)
    host: str,
    path: str,
    method: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    source_ip: str | None = None,
) -> Answer | None:
    parsed = app._parse_lambda_url(host, path)
    if parsed is None:
        return None
    found = lambda_svc.resolve_function_url(parsed[0])
    if found is None:
        return _forbidden(_RefusedError())
    account, region, name, qualifier, config = found
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}" + (f":{qualifier}" if qualifier else "")
    with request_scope(account, region):
        try:
            _CALLER.set(_admit(arn, config, method, body, query))
        except _RefusedError as refused:
            return _forbidden(refused)
        request = Request("lambda", "InvokeFunctionUrl", {}, path, query, headers, _key())

        async def run() -> Answer:
            answer: Answer = await lambda_svc.handle_function_url_request(
                parsed[0], method, parsed[1], headers, body, query, resolved=found, source_ip=source_ip
            )
            return answer

        return await faults.around(request, run)


def _forbidden(refused: _RefusedError) -> Answer:
    kind = {"Content-Type": "application/json", "x-amzn-ErrorType": refused.kind}
    return 403, kind, json.dumps({"Message": str(refused)}).encode()


def _admit(
    arn: str, config: dict[str, Any], method: str, body: bytes, query: dict[str, list[str]]
) -> iam_evaluator.ResolvedCredential | None:
    """The caller, who has both rights; None for a public URL and for a browser's question about CORS."""
    kind = config.get("AuthType", "AWS_IAM")
    if method == "OPTIONS" and config.get("Cors"):
        return None
    caller = _authenticate(arn.split(":")[3], method, body, query) if kind == "AWS_IAM" else None
    # Each key belongs to one of the two actions (Service Authorization Reference, "AWS Lambda").
    _demand(caller, "lambda:InvokeFunctionUrl", arn, {"FunctionUrlAuthType": kind, "FunctionArn": arn})
    _demand(caller, "lambda:InvokeFunction", arn, {"InvokedViaFunctionUrl": "true"})
    return caller


def _authenticate(
    region: str, method: str, body: bytes, query: dict[str, list[str]]
) -> iam_evaluator.ResolvedCredential:
    """Who signed this very request, within five minutes, for Lambda in this Region."""
    scope, headers = connection.scope(), _headers()
    if not headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
        raise _RefusedError
    signature = sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple):
        raise _RefusedError(*signature)
    if wrong := _unacceptable(signature, region, headers, body):
        raise _RefusedError(_INVALID, wrong)
    credential = iam_evaluator.resolve_credential(
        signature.access_key_id, session_token=headers.get("x-amz-security-token", "")
    )
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        raise _RefusedError(credential.code, credential.message)
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    failure = sigv4.header_signature_failure(
        signature, credential.secret_access_key, method, path, query, headers, body
    )
    if failure:
        raise _RefusedError(_INVALID, failure[1])
    return credential


def _headers() -> dict[str, str]:
    """As they are signed: names in small letters, repeated ones joined by a bare comma."""
    headers: dict[str, str] = {}
    for name, value in connection.scope()["headers"]:
        key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


def _unacceptable(signature: sigv4.HeaderSignature, region: str, headers: dict[str, str], body: bytes) -> str:
    """Why a signature does not count even if it is correct; empty where it counts."""
    covered, digest = set(signature.signed_headers.split(";")), sha256(body).hexdigest()
    if (signature.service, signature.region) != ("lambda", region):
        return "Credential should be scoped to lambda and to the Region of the URL."
    if not {"host", *(name for name in headers if name.startswith("x-amz-"))} <= covered:
        return "host and every x-amz- header have to be signed."
    if headers.get("x-amz-content-sha256", digest) != digest:
        return "The payload is not the one that was signed."
    return (
        "" if _recent(signature.amz_date) else f"Signature expired or not yet current: {signature.amz_date}"
    )


def _recent(date: str) -> bool:
    try:
        signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return any(abs(now - signed) <= _SKEW for now in clock.times())


def _demand(
    caller: iam_evaluator.ResolvedCredential | None, action: str, arn: str, keys: dict[str, str]
) -> None:
    """Demand one permission, by the caller's policies or the function's; without a caller by the function's
    alone."""
    context = {f"lambda:{name}": value for name, value in keys.items()}
    if caller:
        denied = iam_evaluator.enforce(
            caller.access_key_id, action, "lambda", arn.split(":")[3], arn, context
        )
    else:
        anyone = iam_evaluator.EvalContext(
            principal_arn="",
            principal_type="Anonymous",
            principal_account="",
            action=action,
            resource_arn=arn,
            region=arn.split(":")[3],
            service_context={key.lower(): value for key, value in context.items()},
        )
        policy = (lambda_svc.function_policy_for_arn(arn) or (None,))[0]
        denied = iam_evaluator.evaluate_resource_policy(policy, anyone).decision != "Allow"
    if denied:
        raise _RefusedError


def _key() -> str:
    caller = _CALLER.get()
    return caller.access_key_id if caller else ""


def _event(build: Callable[..., Any], *given: Any, **named: Any) -> dict[str, Any]:
    """The event with its caller; AWS keeps the signature to itself."""
    event: dict[str, Any] = build(*given, **named)
    caller = _CALLER.get()
    if caller is None:
        return event
    event["headers"].pop("authorization", None)
    event["requestContext"]["authorizer"] = {
        "iam": {
            "accessKey": caller.access_key_id,
            "accountId": caller.account_id,
            "callerId": caller.principal_id,
            "cognitoIdentity": None,
            "principalOrgId": iam_evaluator._principal_org_id(caller.account_id),
            "userArn": caller.principal_arn,
            "userId": caller.principal_id,
        }
    }
    return event


@rule("lambda", "AddPermission")
def _keys_of_the_action(request: Request) -> Refusal:
    if (
        "FunctionUrlAuthType" not in request.params
        or request.params.get("Action") == "lambda:InvokeFunctionUrl"
    ):
        return None
    message = "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
    return "InvalidParameterValueException", message
