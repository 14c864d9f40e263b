"""The same command again within seconds is a repeat and gets the answer of the first."""

import time

from local_aws.client import LocalAws
from rehearsal.drill.stack import STACK

# Longer than the answer to a command is given again, shorter than that to an alarm's event.
_SECONDS = 60


def forget(aws: LocalAws) -> None:
    """As after that time: the claim of every command has expired. An alarm's event stays answered."""
    end = time.time() + _SECONDS
    client = aws.client("dynamodb")
    table = next(name for name in client.list_tables()["TableNames"] if name.startswith(f"{STACK}-Claims"))
    for item in client.scan(TableName=table)["Items"]:
        if float(item["expiration"]["N"]) < end:
            client.delete_item(TableName=table, Key={"id": item["id"]})
