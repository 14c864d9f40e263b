"""What was left in the table of incidents, in the logs and in the bucket of reports."""

from typing import Any

from local_aws.client import LocalAws
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
    """Everything in the table of incidents."""
    tables = aws.client("dynamodb").list_tables()["TableNames"]
    found: list[dict[str, Any]] = []
    for table in tables:
        if table.startswith(f"{STACK}-Incidents"):
            found += aws.client("dynamodb").scan(TableName=table)["Items"]
    return found


def logs(aws: LocalAws, function: str) -> str:
    """Every line that a function has logged."""
    group = f"/aws/lambda/{function}"
    events = aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return "\n".join(event["message"].rstrip() for event in events)
