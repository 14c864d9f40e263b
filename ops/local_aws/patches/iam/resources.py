"""The resource ARNs and condition keys AWS checks a call against."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from ministack.core.responses import get_account_id
from ministack.services import sts

from local_aws.patches.calls.wire import Request
from local_aws.patches.calls.wire import arn as _arn

KEPT = "SourceIdentity"  # what a session keeps of who assumed its role


def arns(request: Request) -> list[str]:
    """What the call is checked against, or nothing to keep ministack's own idea."""
    reader = _READERS.get(request.service)
    return reader(request) if reader else []


def context(request: Request) -> dict[str, Any]:
    """Condition keys that ministack does not fill in."""
    if request.service == "lambda" and request.params.get("Layers"):
        return {"lambda:layer": list(request.params["Layers"])}
    if request.service == "cloudwatch" and request.params.get("Namespace"):
        return {"cloudwatch:namespace": request.params["Namespace"]}
    if request.service == "ssm" and "Overwrite" in request.params:
        return {"ssm:overwrite": str(request.params["Overwrite"]).lower()}
    if request.service == "sts":
        given = {**request.params, KEPT: source_identity(request) or None}
        return {f"sts:{name.lower()}": given.get(name) for name in ("RoleSessionName", KEPT, "ExternalId")}
    return {}


def source_identity(request: Request | None) -> str:
    """The one an AssumeRole sets, or that its caller's session has already."""
    if request is None or (request.service, request.operation) != ("sts", "AssumeRole"):
        return ""
    return str(request.params.get(KEPT) or own_source(request))


def own_source(request: Request) -> str:
    """The source identity of the caller's own session, or nothing."""
    return str((sts._sessions.get(request.access_key) or {}).get(KEPT, ""))


# Service Authorization Reference, DynamoDB: the dependent actions of RestoreTableFromBackup.
_OF_A_GROUP = ("DescribeMetricFilters", "FilterLogEvents", "GetLogEvents", "PutLogEvents")
_RESTORING = ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")


def restoring(request: Request) -> list[tuple[str, str]]:
    """What RestoreTableFromBackup takes besides, on the table that it makes."""
    if (request.service, request.operation) != ("dynamodb", "RestoreTableFromBackup"):
        return []
    target = _arn("dynamodb", f"table/{request.params.get('TargetTableName', '')}")
    return [(f"dynamodb:{each}", target) for each in ("RestoreTableFromBackup", *_RESTORING)]


def further(request: Request) -> list[str]:
    """What AssumeRole takes besides sts:AssumeRole, on the same role."""
    if (request.service, request.operation) != ("sts", "AssumeRole"):
        return []
    tags = any(name.startswith("Tags.") for name in request.params)
    return [
        *(["sts:SetSourceIdentity"] if source_identity(request) else []),
        *(["sts:TagSession"] if tags else []),
    ]


def _lambda(request: Request) -> list[str]:
    parts = [part for part in unquote(request.path).split("/") if part]
    if "durable-executions" in parts:
        return ["/".join(parts[parts.index("durable-executions") + 1 :]).rsplit("/", 1)[0]]
    if "functions" not in parts or parts[-1] == "functions":
        return []
    name = parts[parts.index("functions") + 1]
    arn = name if name.startswith("arn:") else _arn("lambda", f"function:{name}")
    qualifier = request.first("Qualifier")
    # A qualified call needs a right on the qualified name: function:NAME alone does not allow it.
    return [f"{arn}:{qualifier}" if qualifier and arn.count(":") == 6 else arn]


def _ssm(request: Request) -> list[str]:
    names = request.params.get("Names") or [request.params.get("Name") or request.params.get("Path") or ""]
    found = [_arn("ssm", "parameter/" + str(name).lstrip("/")) for name in names if name]
    return found if request.operation.startswith(("Get", "Put", "Delete")) else []


def _logs(request: Request) -> list[str]:
    group = request.params.get("logGroupName") or request.params.get("logGroupIdentifier") or ""
    if not group or request.operation not in _OF_A_GROUP:
        return []
    arn = group if group.startswith("arn:") else _arn("logs", f"log-group:{group}")
    return [f"{arn.removesuffix(':*')}:log-stream:{request.params.get('logStreamName', '')}"]


def _cloudwatch(request: Request) -> list[str]:
    if request.operation in ("DescribeAlarms", "DescribeAlarmHistory"):
        return [_arn("cloudwatch", "alarm:*")]
    if request.operation == "GetDashboard":
        name = request.params.get("DashboardName") or "*"
        return [f"arn:aws:cloudwatch::{get_account_id()}:dashboard/{name}"]
    if "AlarmMuteRule" in request.operation:
        rule = request.params.get("AlarmMuteRuleName") or request.params.get("Name") or "*"
        # To make one is a right on the rule, and on each alarm that it mutes.
        muted = (request.params.get("MuteTargets") or {}).get("AlarmNames", [])
        return [
            _arn("cloudwatch", f"alarm-mute-rule:{rule}"),
            *(_arn("cloudwatch", f"alarm:{n}") for n in muted),
        ]
    return []


def _events(request: Request) -> list[str]:
    """Listing the rules is a right on each of them."""
    if request.operation not in ("ListRules", "ListTargetsByRule"):
        return []
    return [_arn("events", f"rule/{request.params.get('Rule') or '*'}")]


def _iam(request: Request) -> list[str]:
    """Whose policies are tried."""
    tried = request.params.get("PolicySourceArn")
    return [str(tried)] if request.operation == "SimulatePrincipalPolicy" and tried else []


def _dynamodb(request: Request) -> list[str]:
    """A backup is named by its own ARN, without its table."""
    backup, known = (
        request.params.get("BackupArn"),
        ("DeleteBackup", "DescribeBackup", "RestoreTableFromBackup"),
    )
    return [str(backup)] if request.operation in known and backup else []


def _sns(request: Request) -> list[str]:
    """A subscription is checked by its topic."""
    subscription = str(request.params.get("SubscriptionArn") or "")
    return [subscription.rpartition(":")[0]] if request.operation == "GetSubscriptionAttributes" else []


def _sts(request: Request) -> list[str]:
    return [str(request.params["RoleArn"])] if request.params.get("RoleArn") else []


_READERS = {
    "sts": _sts,
    "sns": _sns,
    "dynamodb": _dynamodb,
    "lambda": _lambda,
    "ssm": _ssm,
    "logs": _logs,
    "cloudwatch": _cloudwatch,
    "events": _events,
    "iam": _iam,
}
