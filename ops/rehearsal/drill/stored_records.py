"""What was left in the table of incidents, in the logs and in the bucket of reports."""

from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill.complete_answers import complete
from rehearsal.drill.stack import STACK


def reports(aws: LocalAws, incident: str) -> dict[str, str]:
    """The text of each report, by file name."""
    s3 = aws.client("s3")
    buckets = (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])
    mine = next(name for name in buckets if name.startswith(f"{STACK}-reportsbucket"))
    listed = s3.list_objects_v2(Bucket=mine, Prefix=f"incidents/{incident}/").get("Contents", [])
    return {
        each["Key"].rpartition("/")[2]: s3.get_object(Bucket=mine, Key=each["Key"])["Body"].read().decode()
        for each in listed
    }


def rows(aws: LocalAws) -> list[dict[str, Any]]:
    """Everything in the table of incidents; ValueError if it cannot be read whole."""
    (listed,) = aws.answers(("dynamodb", "ListTables", {}))
    tables = [name for name in complete(listed)["TableNames"] if name.startswith(f"{STACK}-Incidents")]
    scanned = aws.answers(*(("dynamodb", "Scan", {"TableName": name}) for name in tables))
    return [item for each in scanned for item in complete(each)["Items"]]


def logs(aws: LocalAws, function: str) -> str:
    """Every line that a function has logged; ValueError if they cannot be read whole."""
    (found,) = aws.answers(("logs", "FilterLogEvents", {"logGroupName": f"/aws/lambda/{function}"}))
    return "\n".join(event["message"].rstrip() for event in complete(found)["events"])
