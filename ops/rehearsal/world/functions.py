"""The seven Lambda functions and their log groups."""

import io
import zipfile
from base64 import b64encode
from hashlib import sha256
from typing import Any

from rehearsal.world.identity import ROLE_ARN
from rehearsal.world.names import ALIAS, CREATE, FUNCTIONS, LIVENESS, LOGINS
from rehearsal.world.variables import variables

_NETWORK = {"SubnetIds": ["subnet-0a1", "subnet-0b2"], "SecurityGroupIds": ["sg-0c3"]}


def package(words: str) -> bytes:
    """A tiny deployment package; other words give other code."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # A fixed date: equal words must give an equal CodeSha256.
        archive.writestr(
            zipfile.ZipInfo("handler.py"), f'def handler(event, context):\n    return "{words}"\n'
        )
    return buffer.getvalue()


def code(words: str) -> str:
    """CodeSha256 of such a package."""
    return b64encode(sha256(package(words)).digest()).decode()


def create(aws: Any, logs: Any, *, rolled_out: bool) -> None:
    """Make all functions; in the rolled-out world the six that take traffic have an alias."""
    for name in FUNCTIONS:
        small = name in LIVENESS
        aws.create_function(
            FunctionName=name,
            Runtime="python3.9",
            Handler="handler.handler",
            Role=ROLE_ARN,
            Code={"ZipFile": package(name)},
            MemorySize=256 if small else 512,
            Timeout=10 if name == CREATE else 15 if small else 30,
            Environment={"Variables": variables(name, rolled_out=rolled_out)},
            VpcConfig=_NETWORK,
        )
        logs.create_log_group(logGroupName=group(name))
        logs.put_retention_policy(logGroupName=group(name), retentionInDays=30)
        logs.create_log_stream(logGroupName=group(name), logStreamName=STREAM)
    if rolled_out:
        for name in (*LIVENESS, *LOGINS):
            add_alias(aws, name)


STREAM = "2026/02/04/[$LATEST]drill"


def group(function: str) -> str:
    """Name of a function's log group."""
    return f"/aws/lambda/{function}"


def add_alias(aws: Any, name: str) -> None:
    """Publish what is there, once the function is active, and point the alias at it."""
    aws.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
    version = aws.publish_version(FunctionName=name)["Version"]
    aws.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
