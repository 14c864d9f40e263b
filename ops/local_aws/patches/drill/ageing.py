"""A world made a moment ago would look freshly changed: put its making into the past."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from ministack.services import cloudformation, cloudtrail, dynamodb, eventbridge, lambda_svc

from local_aws.patches import patching
from local_aws.patches.cloudwatch import alarm_history

patching.need(lambda_svc, "_functions")
patching.need(cloudformation, "_stack_events", "_stacks")
patching.need(cloudtrail, "_events")
patching.need(dynamodb, "_tables", "_backups")
patching.need(eventbridge, "_rules")


def age(days: float) -> None:
    """Everything that exists was made and last changed `days` earlier; the trail forgets its making."""
    span = timedelta(days=days)
    for function in lambda_svc._functions.values():
        _earlier(function["config"], "LastModified", span)
        for version in function.get("versions", {}).values():
            _earlier(version["config"], "LastModified", span)
    for events in cloudformation._stack_events.values():
        for event in events:
            _earlier(event, "Timestamp", span)
    for table in dynamodb._tables.values():
        table["CreationDateTime"] = table["CreationDateTime"] - span.total_seconds()
    for backup in dynamodb._backups.values():
        backup["BackupDetails"]["BackupCreationDateTime"] -= span.total_seconds()
    _objects_earlier(span)
    for rule in eventbridge._rules.values():
        # Ministack gives none to a rule that a template makes.
        rule["CreationTime"] = rule.get("CreationTime", time.time()) - span.total_seconds()
    alarm_history.age(span.total_seconds())
    cloudtrail._events.clear()


def _objects_earlier(span: timedelta) -> None:
    """Objects and their versions; S3 is loaded late, because that takes a second."""
    from ministack.services import s3

    patching.need(s3, "_buckets", "_object_versions")
    found = [version for versions in s3._object_versions.values() for version in versions]
    found += [each for bucket in s3._buckets.values() for each in bucket["objects"].values()]
    for each in found:
        _earlier(each, "last_modified", span)


def _earlier(record: dict[str, Any], key: str, span: timedelta) -> None:
    when = datetime.fromisoformat(record[key].replace("Z", "+00:00")) - span
    record[key] = f"{when:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + ("Z" if record[key].endswith("Z") else "+0000")
