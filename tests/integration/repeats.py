"""The same command again within seconds is a repeat and gets the answer of the first."""

from liveness_ops.drill.stack import STACK
from liveness_ops.local_aws import LocalAws


def forget(aws: LocalAws) -> None:
    """As after that time: every claim has expired."""
    client = aws.client("dynamodb")
    table = next(name for name in client.list_tables()["TableNames"] if name.startswith(f"{STACK}-Claims"))
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={"id": item["id"]})
