"""CloudTrail names Lambda's events with the API's version, keeps data events out and answers in pages."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.services import cloudtrail

from local_aws.patches import patching
from local_aws.patches.iam import decisions

from .wire import ANSWER, CURRENT, Answer, Request, lower

_SUFFIXES = {
    "20150331": ("CreateFunction", "DeleteFunction", "PublishVersion", "CreateAlias", "UpdateAlias"),
    "20171031": ("PutFunctionConcurrency", "DeleteFunctionConcurrency"),
    "20150331v2": ("UpdateFunctionConfiguration", "UpdateFunctionCode", "AddPermission", "RemovePermission"),
}
_PAGE = 50
# API reference of LookupEvents: events of the last 90 days.
_KEPT_SECONDS = 90 * 86_400
_VERSIONED = {name: name + suffix for suffix, names in _SUFFIXES.items() for name in names}

# LookupEvents knows management events only.
_DATA = {
    "lambda": {"Invoke", "InvokeAsync"},
    "dynamodb": {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "TransactWriteItems"},
    "sns": {"Publish", "PublishBatch"},
    "sqs": {"SendMessage", "ReceiveMessage", "DeleteMessage"},
    "s3": {"GetObject", "PutObject", "HeadObject"},
    "logs": {"PutLogEvents"},
    "cloudwatch": {"PutMetricData", "GetMetricData"},
}


def install() -> None:
    """Correct each event as it is recorded."""
    patching.need(cloudtrail, "_get_event_queue", "_ok", "_err")
    patching.wrap(cloudtrail, "_lookup_events", "body", _paged)
    patching.wrap(
        cloudtrail,
        "record_event",
        "service event_name username access_key_id resources region request_id user_agent "
        "request_params method",
        _record,
    )
    patching.wrap(
        app,
        "_maybe_record_cloudtrail",
        "service method path headers body query_params request_id region",
        lambda before, *given: None if _is_data(CURRENT.get()) else before(*given),
    )


def _is_data(request: Request | None) -> bool:
    return request is None or request.operation in _DATA.get(request.service, set())


def _paged(lookup: patching.Function, body: dict[str, Any]) -> Any:
    """One attribute a lookup, 50 events a page, newest first (API reference of LookupEvents)."""
    if len(body.get("LookupAttributes", ())) > 1:
        return cloudtrail._err("InvalidLookupAttributesException", "Only one lookup attribute is allowed.")
    after, oldest = body.get("NextToken"), time.time() - _KEPT_SECONDS
    found = [each for each in _all(lookup, body) if each["EventTime"] >= oldest]
    begin = next((n for n, each in enumerate(found, start=1) if each["EventId"] == after), 0)
    page = found[begin : begin + _PAGE]
    more = {"NextToken": page[-1]["EventId"]} if begin + _PAGE < len(found) else {}
    return cloudtrail._ok({"Events": page, **more})


def _all(lookup: patching.Function, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Ministack answers 50 at most and no token: asked again with an earlier end until nothing is left."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    asked = dict(body)
    while True:
        events = json.loads(lookup(asked)[2])["Events"]
        new = [each for each in events if each["EventId"] not in seen]
        if not new:
            return found
        found += new
        seen |= {each["EventId"] for each in new}
        asked["EndTime"] = new[-1]["EventTime"]


def note(request: Request, region: str, answer: Answer) -> None:
    """A call that only a canned answer serves."""
    ANSWER.set(answer)
    cloudtrail.record_event(
        service=request.service,
        event_name=request.operation,
        username=request.access_key,
        access_key_id=request.access_key,
        resources=[],
        region=region,
        request_id="drill",
        user_agent="",
        request_params=request.params,
        method="POST",
    )


def _record(before: patching.Function, **given: Any) -> None:
    request = CURRENT.get()
    if request is None or _is_data(request):
        return
    name = request.operation or given["event_name"]
    if request.service == "lambda":
        name = _VERSIONED.get(name, name)
    before(**{**given, "event_name": name})
    event = cloudtrail._get_event_queue()[-1]
    detail = json.loads(event["CloudTrailEvent"])
    given = lower(request.params)
    # Never values of variables (Lambda Developer Guide, Logging Lambda API calls using CloudTrail).
    given.pop("environment", None)
    detail["requestParameters"] = {**given, **_in_path(request)}
    _as_role(event, detail, decisions.session_arn(request.access_key))
    if code := _error(ANSWER.get()):
        detail["errorCode"] = code
    event["CloudTrailEvent"] = json.dumps(detail)


def _in_path(request: Request) -> dict[str, str]:
    """The parameters in the path of a request, which CloudTrail names like the others."""
    parts = unquote(request.path).strip("/").split("/")
    if request.service == "s3" and parts[0]:
        return {"bucketName": parts[0]}
    if request.service != "lambda" or "functions" not in parts[:-1]:
        return {}
    function, *more = parts[parts.index("functions") + 1 :]
    found = {"functionName": function}
    if more[:1] == ["aliases"] and len(more) > 1:
        found["name"] = more[1]
    qualifier = request.first("Qualifier")
    return {**found, **({"qualifier": qualifier} if qualifier else {})}


def _as_role(event: dict[str, Any], detail: dict[str, Any], arn: str) -> None:
    """A call under a role is its session's: CloudTrail shows the session's name and ARN, and the ARN of the
    role, which alone has its path (CloudTrail user guide, userIdentity element)."""
    if arn:
        role = decisions.role_arn(arn.split("/")[1])
        detail["userIdentity"].update(
            type="AssumedRole", arn=arn, sessionContext={"sessionIssuer": {"type": "Role", "arn": role}}
        )
        detail["userIdentity"].pop("userName", None)
        event["Username"] = arn.rsplit("/", 1)[-1]


def _error(answer: Answer | None) -> str:
    if answer is None or answer[0] < HTTPStatus.BAD_REQUEST:
        return ""
    named = {name.lower(): value for name, value in answer[1].items()}.get("x-amzn-errortype", "")
    return named.split(":")[0] or "ClientError"
