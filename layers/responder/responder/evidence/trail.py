"""Changes of what the service depends on, as CloudTrail records them.

One lookup of all writes covers every resource and every person: CloudTrail answers two lookups a
second for the whole account, and takes one attribute a lookup (API reference of LookupEvents). Events are
there about five minutes after the call on average; AWS names no time by which all of them are (CloudTrail
user guide, How CloudTrail works).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, text
from responder.evidence.changes import Affects, Dependency, Modification

# How long before its alarm a response asks for changes.
BEFORE = timedelta(hours=24)
# 50 events a page. What is older than the last page is not claimed to be unchanged.
PAGES = 3
# Lambda's event names carry the version of the API: UpdateFunctionCode20150331v2.
_VERSION = re.compile(r"\d{8}(v\d+)?$")


@frozen
class _Service:
    """The calls of one AWS service that change what the service depends on.

    Attributes:
        named: which request parameter names the resource, and what it is; the first that is there decides.
        affects: what each call can break.
        ignored: beginnings of calls that change nothing of how the service works. Any other call is a change,
            of which it is unknown what it can break.
        only: just the calls in `affects` are changes.
    """

    named: Mapping[str, Dependency]
    affects: Mapping[str, frozenset[Affects]]
    ignored: Strings = ()
    only: bool = False

    def changes(self, operation: str) -> bool:
        """The call changes how the service works."""
        return operation in self.affects or not (self.only or operation.startswith(self.ignored))


def _affects(*listed: tuple[frozenset[Affects], str]) -> dict[str, frozenset[Affects]]:
    """By call: everything that the call is listed for."""
    found: dict[str, frozenset[Affects]] = {}
    for affects, operations in listed:
        for operation in operations.split():
            found[operation] = found.get(operation, frozenset()) | affects
    return found


_CODE, _CONFIGURATION = frozenset({Affects.CODE}), frozenset({Affects.CONFIGURATION})
_RIGHTS, _RESOURCE = frozenset({Affects.RIGHTS}), frozenset({Affects.RESOURCE})
_DATA, _CAPACITY = frozenset({Affects.DATA}), frozenset({Affects.CAPACITY})

_SERVICES: Mapping[str, _Service] = {
    "lambda.amazonaws.com": _Service(
        {"functionName": Dependency.FUNCTION},
        _affects(
            (_CODE, "CreateFunction UpdateFunctionCode DeleteFunction PutRuntimeManagementConfig"),
            # What a release ends with.
            (_CODE, "PublishVersion CreateAlias UpdateAlias DeleteAlias"),
            (_CONFIGURATION, "CreateFunction UpdateFunctionConfiguration"),
            (_CAPACITY, "PutFunctionConcurrency DeleteFunctionConcurrency"),
            (_CAPACITY, "PutProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig"),
            (_RIGHTS, "RemovePermission"),
        ),
        ignored=("AddPermission", "Tag", "Untag", "Invoke"),
    ),
    "dynamodb.amazonaws.com": _Service(
        # A restore leaves its source as it is and makes the target.
        dict.fromkeys(("targetTableName", "tableName", "resourceArn"), Dependency.TABLE),
        _affects(
            (_RESOURCE, "CreateTable UpdateTable DeleteTable"),
            (_RESOURCE | _DATA, "RestoreTableFromBackup RestoreTableToPointInTime"),
            (_DATA, "UpdateTimeToLive"),
            (_CAPACITY, "UpdateTable UpdateTableReplicaAutoScaling"),
            (_RIGHTS, "PutResourcePolicy DeleteResourcePolicy"),
        ),
        ignored=("CreateBackup", "DeleteBackup", "Export", "Tag", "Untag", "UpdateContributorInsights"),
    ),
    "s3.amazonaws.com": _Service(
        {"bucketName": Dependency.BUCKET},
        _affects(
            (_RESOURCE, "CreateBucket DeleteBucket"),
            (_DATA, "PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle"),
            (_DATA, "PutBucketReplication PutBucketVersioning"),
            (_RIGHTS, "PutBucketPolicy DeleteBucketPolicy PutBucketAcl"),
            (_RIGHTS, "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock"),
            (_RIGHTS, "PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock"),
            (_RIGHTS, "PutBucketOwnershipControls DeleteBucketOwnershipControls"),
            # Its objects may be encrypted with a key that the service may not use.
            (_RIGHTS, "PutBucketEncryption DeleteBucketEncryption"),
        ),
        ignored=tuple(
            f"{verb}Bucket{part}"
            for verb in ("Put", "Delete")
            for part in ("Tagging", "Logging", "Notification", "Metrics", "Inventory", "Analytics", "Website")
        ),
    ),
    "iam.amazonaws.com": _Service(
        {"roleName": Dependency.ROLE, "policyArn": Dependency.POLICY},
        _affects(
            (_RIGHTS, "CreateRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy DeleteRolePolicy"),
            (_RIGHTS, "AttachRolePolicy DetachRolePolicy"),
            (_RIGHTS, "PutRolePermissionsBoundary DeleteRolePermissionsBoundary"),
            (_RIGHTS, "CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion DeletePolicy"),
        ),
        ignored=(
            *("TagRole", "UntagRole", "TagPolicy", "UntagPolicy", "Generate", "Simulate"),
            *("AttachUser", "AttachGroup", "DetachUser", "DetachGroup"),
        ),
    ),
    "kms.amazonaws.com": _Service(
        {"keyId": Dependency.KEY},
        _affects(
            (_RIGHTS, "PutKeyPolicy RevokeGrant RetireGrant"),
            (_RESOURCE, "DisableKey EnableKey ScheduleKeyDeletion CancelKeyDeletion"),
            (_RESOURCE, "DeleteImportedKeyMaterial"),
        ),
        only=True,
    ),
    # Each resource that it changes has a call of its own in CloudTrail.
    "cloudformation.amazonaws.com": _Service(
        {"stackName": Dependency.STACK},
        _affects(
            (frozenset({Affects.UNKNOWN}), "UpdateStack ExecuteChangeSet DeleteStack RollbackStack"),
            (frozenset({Affects.UNKNOWN}), "CancelUpdateStack ContinueUpdateRollback"),
        ),
        only=True,
    ),
}
# The account's own public access block holds for every bucket and names none.
_ACCOUNT_WIDE = frozenset({"PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"})
# As CloudTrail names them (Lambda developer guide, Logging Lambda API calls using CloudTrail).
_RESERVING = ("PutFunctionConcurrency20171031", "DeleteFunctionConcurrency20171031")
# Service-linked roles: only Application Auto Scaling assumes them (its user guide, Service-linked roles), and
# only AWS can make a role under their path (IAM user guide, Create a service-linked role).
_SCALING = frozenset(
    f"aws-service-role/{service}.application-autoscaling.amazonaws.com/"
    f"AWSServiceRoleForApplicationAutoScaling_{what}"
    for service, what in (("dynamodb", "DynamoDBTable"), ("lambda", "LambdaConcurrency"))
)


@frozen
class Trail:
    """The account's writes, newest first; `since` when all of them were read (UTC)."""

    events: tuple[Data, ...]
    since: datetime


def iam_region(region: str) -> str:
    """Where CloudTrail keeps the events of IAM (CloudTrail user guide, global service events)."""
    homes = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1"}
    return next((home for prefix, home in homes.items() if region.startswith(prefix)), "us-east-1")


def read(context: Context, since: datetime, region: str = "") -> Trail:
    """The writes since `since`, as many as fit; `region`: those that CloudTrail keeps in another Region.

    All questions of one response about the last day are the same lookup: CloudTrail answers newest first, so
    a longer time takes no later event away.

    Raises:
        AwsError: not even the first page could be read.
    """
    start = min(since, context.since - BEFORE)
    events: list[Data] = []
    read = False
    try:
        for page in _pages(context, start, region):
            read = True
            events += page.get("Events", ())
            if not page.get("NextToken"):
                return Trail(_later(events, since), since)
    except AwsError:
        if not read:
            raise
    known = min((_at(event) for event in events), default=context.now)
    return Trail(_later(events, since), max(known, since))


def _later(events: Iterable[Data], since: datetime) -> tuple[Data, ...]:
    return tuple(event for event in events if _at(event) >= since)


def _pages(context: Context, start: datetime, region: str) -> Iterator[Json]:
    """One call a page, so that each can be shared and retried separately."""
    service = f"cloudtrail@{region}" if region else "cloudtrail"
    writes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    asked = {"LookupAttributes": writes, "StartTime": start, "EndTime": context.now}
    for _ in range(PAGES):
        page = context.aws.call(service, "lookup_events", **asked)
        yield page
        if not page.get("NextToken"):
            return
        asked["NextToken"] = page["NextToken"]


def reservations(context: Context, function: str) -> tuple[int | None, ...]:
    """What was reserved for a function in the last 90 days, newest first; None where it was deleted.

    The newest 50 changes of any function's reservation, by each of the two calls.

    Raises:
        AwsError: CloudTrail did not answer.
    """
    found: list[tuple[datetime, int | None]] = []
    for name in _RESERVING:
        wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
        answer = context.aws.call("cloudtrail", "lookup_events", LookupAttributes=wanted)
        for event in answer.get("Events", ()):
            detail = _detail(event)
            asked = detail.get("requestParameters") or {}
            if detail.get("errorCode") or function not in re.split(
                r"[:/]", str(asked.get("functionName", ""))
            ):
                continue
            value = asked.get("reservedConcurrentExecutions")
            found.append((_at(event), value if isinstance(value, int) else None))
    return tuple(value for _, value in sorted(found, key=lambda each: each[0], reverse=True))


def changes(
    events: Iterable[Data], watched: Mapping[str, Dependency], settings: Settings
) -> Iterator[Modification]:
    """The changes of one of `watched`, which maps names and ARNs to kinds of resources."""
    return (change for event in events if (change := _change(event, watched, settings)) is not None)


def _change(event: Data, watched: Mapping[str, Dependency], settings: Settings) -> Modification | None:
    detail = _detail(event)
    operation = _VERSION.sub("", str(event.get("EventName", "")))
    source = str(event.get("EventSource") or detail.get("eventSource", ""))
    service = _SERVICES.get(source)
    if service is None or detail.get("errorCode") or not service.changes(operation):
        return None
    target, kind = _target(detail, operation, watched, service)
    if not target:
        return None
    who, role = _actor(event, detail), _role(detail, settings)
    what = text("evidence.changes.call", operation=operation)
    affects = service.affects.get(operation, frozenset({Affects.UNKNOWN}))
    # The roles of our functions alone have the stack's name as their path. Their names do not show it:
    # CloudFormation shortens them, and another stack's name may begin in the same way.
    ours = role.startswith(f"{settings.stack}/")
    scaling = role in _SCALING
    return Modification(_at(event), target, what, "CloudTrail", who, ours, kind, affects, scaling)


def _target(
    detail: Data, operation: str, watched: Mapping[str, Dependency], service: _Service
) -> tuple[str, Dependency]:
    """The watched resource that the call's parameters name, by its name or within its ARN; "" for none."""
    if operation in _ACCOUNT_WIDE:
        bucket = next((name for name, kind in watched.items() if kind is Dependency.BUCKET), "")
        return bucket, Dependency.BUCKET
    asked = _part(detail, "requestParameters")
    parameter, kind = next(
        ((name, kind) for name, kind in service.named.items() if name in asked), ("", Dependency.FUNCTION)
    )
    word = str(asked.get(parameter, ""))
    parts = (word, *re.split(r"[:/]", word))
    return next((part for part in parts if watched.get(part) is kind), ""), kind


def _at(event: Data) -> datetime:
    at: datetime = event["EventTime"]
    return at.astimezone(UTC)


def _detail(event: Data) -> Json:
    try:
        detail = json.loads(event.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def _role(detail: Data, settings: Settings) -> str:
    """The role of this account whose session it was, by its path and name; "" for any other caller.

    The caller picks the session's name, which is no part of it (CloudTrail user guide, userIdentity element).
    """
    issuer = _part(_part(_part(detail, "userIdentity"), "sessionContext"), "sessionIssuer")
    account, _, role = str(issuer.get("arn", "")).partition(":role/")
    return role if account.endswith(f":iam::{settings.account}") else ""


def _part(found: Data, name: str) -> Data:
    """Empty where it is missing, or none of the objects that CloudTrail writes."""
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}


def _actor(event: Data, detail: Data) -> str:
    """`ROLE/SESSION` of a role, else the user's name; "" where CloudTrail names none."""
    arn = str(_part(detail, "userIdentity").get("arn", ""))
    parts = arn.split("/")
    # arn:aws:sts::123456789012:assumed-role/ROLE/SESSION: the role says who, the session which run.
    if len(parts) == 3 and "assumed-role" in parts[0]:
        return f"{parts[1]}/{parts[2]}"
    return str(event.get("Username") or parts[-1])
