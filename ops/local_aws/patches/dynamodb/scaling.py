"""Application Auto Scaling for tables: what is registered is kept and described. Nothing is ever scaled."""

from __future__ import annotations

import time
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import dynamodb

from local_aws.patches import patching
from local_aws.patches.calls.wire import Answer, Request, error, ok
from local_aws.patches.drill.store import STORE

_TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension")
# What is kept, under which key it is described, what besides its target identifies it.
_KINDS = {
    "DescribeScalableTargets": ("targets", "ScalableTargets"),
    "DescribeScalingPolicies": ("policies", "ScalingPolicies"),
    "DescribeScheduledActions": ("actions", "ScheduledActions"),
}
_PUT = {
    "RegisterScalableTarget": ("targets", ""),
    "PutScalingPolicy": ("policies", "PolicyName"),
    "PutScheduledAction": ("actions", "ScheduledActionName"),
}

# Application Auto Scaling User Guide, "Service-linked roles".
_ROLE = "dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"

patching.need(dynamodb, "_tables")


def answer(request: Request) -> Answer | None:
    """Nothing where the operation is none of these."""
    if request.service != "application-autoscaling":
        return None
    if request.operation in _KINDS:
        return _describe(request, *_KINDS[request.operation])
    if request.operation in _PUT:
        return _put(request, *_PUT[request.operation])
    return None


def _describe(request: Request, kind: str, key: str) -> Answer:
    asked = request.params
    wanted = asked.get("ResourceIds") or [asked[name] for name in ("ResourceId",) if name in asked]
    found = [
        each
        for each in STORE.scaling.get(kind, [])
        if each["ServiceNamespace"] == asked.get("ServiceNamespace")
        and (not wanted or each["ResourceId"] in wanted)
    ]
    return ok({key: found})


def _put(request: Request, kind: str, name: str) -> Answer:
    put = request.params
    if kind == "targets" and not _exists(str(put.get("ResourceId"))):
        message = f"DynamoDB table does not exist: {put.get('ResourceId')}"
        return error(request.headers, "ValidationException", message)
    targets = STORE.scaling.get("targets", [])
    if kind != "targets" and _identity(put) not in [_identity(each) for each in targets]:
        message = f"No scalable target registered for resource ID: {put.get('ResourceId')}"
        return error(request.headers, "ObjectNotFoundException", message)
    with STORE.lock:
        kept = STORE.scaling.setdefault(kind, [])
        known = next((each for each in kept if _identity(each, name) == _identity(put, name)), None)
        if known is None:
            # The API reference of ScalableTarget requires both.
            role = {"RoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/{_ROLE}"}
            kept.append({"CreationTime": time.time(), **(role if kind == "targets" else {}), **put})
        else:
            known.update(put)
    return ok({})


def _exists(resource: str) -> bool:
    table, _, index = resource.removeprefix("table/").partition("/index/")
    found = dynamodb._tables.get(table)
    indexes = [each["IndexName"] for each in (found or {}).get("GlobalSecondaryIndexes") or []]
    return found is not None and (not index or index in indexes)


def _identity(found: dict[str, Any], name: str = "") -> list[Any]:
    return [found.get(each) for each in (*_TARGET, name)]
