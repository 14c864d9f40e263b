"""What an incident left in the bucket of reports."""

from liveness_ops.drill.stack import STACK
from liveness_ops.local_aws import LocalAws


def reports(aws: LocalAws, incident: str) -> dict[str, str]:
    """By file name, the text of each."""
    s3 = aws.client("s3")
    buckets = (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])
    mine = next(name for name in buckets if name.startswith(f"{STACK}-reportsbucket"))
    listed = s3.list_objects_v2(Bucket=mine, Prefix=f"incidents/{incident}/").get("Contents", [])
    return {
        each["Key"].rpartition("/")[2]: s3.get_object(Bucket=mine, Key=each["Key"])["Body"].read().decode()
        for each in listed
    }
