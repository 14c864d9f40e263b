"""What was left in the table of incidents, in the logs and in the bucket of reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill.alarm_commands import table
from rehearsal.drill.complete_answers import complete
from rehearsal.drill.stack import STACK

# As `LocalAws.answers` takes it.
type Asked = tuple[str, str, Mapping[str, Any]]


def filed(aws: LocalAws, prefix: str) -> dict[str, str]:
    """The text of each report whose key begins so, by key."""
    s3 = aws.client("s3")
    buckets = (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])
    mine = next(name for name in buckets if name.startswith(f"{STACK}-reportsbucket"))
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=mine, Prefix=prefix).get("Contents", [])]
    return {key: s3.get_object(Bucket=mine, Key=key)["Body"].read().decode() for key in keys}


def reports(aws: LocalAws, incident: str) -> dict[str, str]:
    """The text of each report of an incident, by file name."""
    found = filed(aws, f"incidents/{incident}/")
    return {key.rpartition("/")[2]: text for key, text in found.items()}


def scan(aws: LocalAws) -> Asked:
    """What `rows` is given the answer to."""
    return "dynamodb", "Scan", {"TableName": table(aws, "Incidents")}


def filter_events(function: str) -> Asked:
    """What `logs` is given the answer to."""
    return "logs", "FilterLogEvents", {"logGroupName": f"/aws/lambda/{function}"}


def rows(scanned: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Everything in the table of incidents; ValueError if it was not read whole."""
    found: Sequence[Mapping[str, Any]] = complete(scanned)["Items"]
    return found


def logs(filtered: Mapping[str, Any]) -> str:
    """Every line that a function has logged; ValueError if they were not read whole."""
    return "\n".join(event["message"].rstrip() for event in complete(filtered)["events"])
