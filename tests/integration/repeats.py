"""The same command again within seconds is a repeat and gets the answer of the first."""

from local_aws.client import LocalAws
from rehearsal.drill.stack import STACK


def forget(aws: LocalAws) -> None:
    """As after that time: every claim has expired."""
    client = aws.client("dynamodb")
    table = next(name for name in client.list_tables()["TableNames"] if name.startswith(f"{STACK}-Claims"))
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={"id": item["id"]})
