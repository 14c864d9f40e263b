"""The places that know of changes: Lambda, CloudTrail, CloudFormation."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from responder.context import Context
from responder.evidence.configuration import moment
from responder.facts import Modification
from responder.text import text

type Source = tuple[str, Callable[[], Iterator[Modification]]]

# CloudTrail names Lambda's events with the API version: UpdateFunctionCode20150331v2.
_VERSION = re.compile(r"\d{8}(v\d+)?$")
_READS = ("Get", "List", "Describe", "Lookup", "Invoke")
_NOT_THE_SERVICE = ("AddPermission", "RemovePermission", "TagResource", "UntagResource")
ECHO = timedelta(minutes=2)


def sources(context: Context, since: datetime) -> Iterator[Source]:
    """Every source with the call that asks it."""
    for function in context.settings.functions:
        yield f"Lambda {function}", partial(_modified, context, function)
        yield f"Lambda {function}", partial(_versions, context, function)
    for function in context.settings.functions:
        yield f"CloudTrail {function}", partial(_trail, context, function, since)
    yield f"CloudFormation {context.settings.service_stack}", partial(_stack, context, since)


def without_echoes(changes: list[Modification]) -> tuple[Modification, ...]:
    """Lambda's LastModified says again, without a name, what CloudTrail said with one."""
    named = [change for change in changes if change.source == "CloudTrail"]
    return tuple(
        change
        for change in changes
        if change.source != "Lambda"
        or not any(other.target == change.target and abs(other.at - change.at) < ECHO for other in named)
    )


def _modified(context: Context, function: str) -> Iterator[Modification]:
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=function)
    yield Modification(
        moment(answer.get("LastModified")), function, text("evidence.changes.modified"), "Lambda"
    )


def _versions(context: Context, function: str) -> Iterator[Modification]:
    versions = [
        version
        for page in context.aws.pages("lambda", "list_versions_by_function", FunctionName=function)
        for version in page.get("Versions", ())
        if version.get("Version") != "$LATEST"
    ]
    if versions:
        newest = max(versions, key=lambda version: moment(version.get("LastModified")))
        what = text("evidence.changes.version", version=newest.get("Version", ""))
        yield Modification(moment(newest.get("LastModified")), function, what, "Lambda")


def _trail(context: Context, function: str, since: datetime) -> Iterator[Modification]:
    # One page: CloudTrail allows two requests a second for the whole account.
    answer = context.aws.call(
        "cloudtrail",
        "lookup_events",
        LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": function}],
        StartTime=since,
        EndTime=context.now,
    )
    for event in answer.get("Events", ()):
        name = _VERSION.sub("", event.get("EventName", ""))
        if name.startswith((*_READS, *_NOT_THE_SERVICE)) or str(event.get("ReadOnly")).lower() == "true":
            continue
        detail = _detail(event)
        if detail.get("errorCode"):
            continue
        who = _actor(event, detail)
        what = text("evidence.changes.call", operation=name)
        # Whoever assumes a role picks the session's name, so only the role's name tells.
        ours = who.startswith(f"{context.settings.stack}-") and "/" in who
        yield Modification(event["EventTime"].astimezone(UTC), function, what, "CloudTrail", who, ours)


def _stack(context: Context, since: datetime) -> Iterator[Modification]:
    stack = context.settings.service_stack
    for page in context.aws.pages("cloudformation", "describe_stack_events", StackName=stack):
        for event in page.get("StackEvents", ()):
            if event["Timestamp"].astimezone(UTC) < since:
                return
            if event.get("PhysicalResourceId") == event.get("StackId"):
                what = text("evidence.changes.stack", status=event.get("ResourceStatus", ""))
                yield Modification(event["Timestamp"].astimezone(UTC), stack, what, "CloudFormation")


def _detail(event: dict[str, Any]) -> dict[str, Any]:
    try:
        detail = json.loads(event.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def _arn(detail: dict[str, Any]) -> str:
    identity = detail.get("userIdentity")
    return str(identity.get("arn", "")) if isinstance(identity, dict) else ""


def _actor(event: dict[str, Any], detail: dict[str, Any]) -> str:
    parts = _arn(detail).split("/")
    # arn:aws:sts::123456789012:assumed-role/ROLE/SESSION: the role says who, the session which run.
    if len(parts) == 3 and "assumed-role" in parts[0]:
        return f"{parts[1]}/{parts[2]}"
    return str(event.get("Username") or parts[-1])
