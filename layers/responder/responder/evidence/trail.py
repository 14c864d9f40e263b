"""Changes of what the service depends on, as CloudTrail records them.

One lookup of all writes covers every resource and every person at once: CloudTrail answers two lookups a
second for the whole account, and takes one attribute a lookup (API reference of LookupEvents). Events are
there about five minutes after the call, at the latest after 15 (CloudTrail user guide, How CloudTrail works).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from responder.context import Context
from responder.errors import AwsError
from responder.facts import Dependency, Modification
from responder.settings import Settings
from responder.text import text

# 50 events a page. What is older than the last page is not claimed to be unchanged.
PAGES = 3
# Lambda's event names carry the version of the API: UpdateFunctionCode20150331v2.
_VERSION = re.compile(r"\d{8}(v\d+)?$")


@dataclass(frozen=True, slots=True)
class _Service:
    """Which calls of one AWS service change a dependency. `only` where few do, else all but `ignored`."""

    kinds: tuple[Dependency, ...]
    only: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()

    def changes(self, operation: str) -> bool:
        """The call changes how the service works."""
        return operation in self.only if self.only else not operation.startswith(self.ignored)


_SERVICES: Mapping[str, _Service] = {
    "lambda.amazonaws.com": _Service(
        (Dependency.FUNCTION,),
        ignored=("AddPermission", "RemovePermission", "Tag", "Untag", "Invoke"),
    ),
    "dynamodb.amazonaws.com": _Service(
        (Dependency.TABLE,),
        ignored=("CreateBackup", "DeleteBackup", "Export", "Tag", "Untag", "UpdateContributorInsights"),
    ),
    "s3.amazonaws.com": _Service(
        (Dependency.BUCKET,),
        ignored=tuple(
            f"{verb}Bucket{part}"
            for verb in ("Put", "Delete")
            for part in ("Tagging", "Logging", "Notification", "Metrics", "Inventory", "Analytics", "Website")
        ),
    ),
    "iam.amazonaws.com": _Service(
        (Dependency.ROLE, Dependency.POLICY),
        ignored=("TagRole", "UntagRole", "TagPolicy", "UntagPolicy", "Generate", "Simulate"),
    ),
    "kms.amazonaws.com": _Service(
        (Dependency.KEY,),
        only=frozenset(
            {"PutKeyPolicy", "DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"}
            | {"RevokeGrant", "RetireGrant", "DeleteImportedKeyMaterial"}
        ),
    ),
    "cloudformation.amazonaws.com": _Service(
        (Dependency.STACK,),
        only=frozenset(
            {"UpdateStack", "ExecuteChangeSet", "DeleteStack", "RollbackStack"}
            | {"CancelUpdateStack", "ContinueUpdateRollback"}
        ),
    ),
}
# The account's own public access block holds for every bucket and names none.
_ACCOUNT_WIDE = frozenset({"PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"})


@dataclass(frozen=True, slots=True)
class Trail:
    """The account's writes, newest first; `since` when all of them were read (UTC)."""

    events: tuple[Mapping[str, Any], ...]
    since: datetime


def iam_region(region: str) -> str:
    """Where CloudTrail keeps the events of IAM (CloudTrail user guide, global service events)."""
    homes = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1"}
    return next((home for prefix, home in homes.items() if region.startswith(prefix)), "us-east-1")


def read(context: Context, since: datetime, region: str = "") -> Trail:
    """The writes since `since`, as many as fit; `region`: those that CloudTrail keeps in another Region.

    Raises:
        AwsError: not even the first page could be read.
    """
    events: list[Mapping[str, Any]] = []
    number = 0
    try:
        for number, page in enumerate(_pages(context, since, region), start=1):
            events += page.get("Events", ())
            if not page.get("NextToken"):
                return Trail(tuple(events), since)
            if number == PAGES:
                break
    except AwsError:
        if not number:
            raise
    return Trail(tuple(events), min((_at(event) for event in events), default=context.now))


def _pages(context: Context, since: datetime, region: str) -> Iterator[dict[str, Any]]:
    service = f"cloudtrail@{region}" if region else "cloudtrail"
    writes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    return context.aws.pages(
        service, "lookup_events", LookupAttributes=writes, StartTime=since, EndTime=context.now
    )


def changes(
    events: Iterable[Mapping[str, Any]], watched: Mapping[str, Dependency], settings: Settings
) -> Iterator[Modification]:
    """Those that concern one of `watched`, which maps names and ARNs to what they are."""
    return (change for event in events if (change := _change(event, watched, settings)) is not None)


def _change(
    event: Mapping[str, Any], watched: Mapping[str, Dependency], settings: Settings
) -> Modification | None:
    detail = _detail(event)
    operation = _VERSION.sub("", str(event.get("EventName", "")))
    source = str(event.get("EventSource") or detail.get("eventSource", ""))
    service = _SERVICES.get(source)
    if service is None or detail.get("errorCode") or not service.changes(operation):
        return None
    target, kind = _target(event, detail, operation, watched, service)
    if not target:
        return None
    who = _actor(event, detail)
    # Whoever assumes a role picks the session's name, so only the role's name tells.
    ours = who.startswith(f"{settings.stack}-") and "/" in who
    what = text("evidence.changes.call", operation=operation)
    return Modification(_at(event), target, what, "CloudTrail", who, ours, kind)


def _target(
    event: Mapping[str, Any],
    detail: Mapping[str, Any],
    operation: str,
    watched: Mapping[str, Dependency],
    service: _Service,
) -> tuple[str, Dependency]:
    """The watched resource that the call names, in its parameters or among its resources; "" for none."""
    if operation in _ACCOUNT_WIDE:
        bucket = next((name for name, kind in watched.items() if kind is Dependency.BUCKET), "")
        return bucket, Dependency.BUCKET
    listed = [str(each.get("ResourceName", "")) for each in event.get("Resources") or ()]
    for word in (*listed, *_strings(detail.get("requestParameters"))):
        for part in (word, *re.split(r"[:/]", word)):
            kind = watched.get(part)
            if kind in service.kinds:
                return part, kind
    return "", service.kinds[0]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _at(event: Mapping[str, Any]) -> datetime:
    at: datetime = event["EventTime"]
    return at.astimezone(UTC)


def _detail(event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        detail = json.loads(event.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def _actor(event: Mapping[str, Any], detail: Mapping[str, Any]) -> str:
    """`ROLE/SESSION` of a role, else the user's name; "" where CloudTrail names none."""
    identity = detail.get("userIdentity")
    arn = str(identity.get("arn", "")) if isinstance(identity, dict) else ""
    parts = arn.split("/")
    # arn:aws:sts::123456789012:assumed-role/ROLE/SESSION: the role says who, the session which run.
    if len(parts) == 3 and "assumed-role" in parts[0]:
        return f"{parts[1]}/{parts[2]}"
    return str(event.get("Username") or parts[-1])
