"""Keeps a standing local AWS until SIGTERM: `python -m rehearsal.standing.keeper WORLD LANGUAGE`."""

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.run import deployed
from rehearsal.drill.stack import APPROVER, SECOND, STACK
from rehearsal.standing import past
from rehearsal.standing.following import Following
from rehearsal.standing.place import kept, note
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from rehearsal.world.seed import put_points

TAKEN = 3
ADMINISTRATOR = "administrator"


def main(world: World, language: Language) -> int:
    """The exit status; `TAKEN`: another one is kept already."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    with kept() as mine:
        if not mine:
            return TAKEN
        build()
        aws = deployed(world, language)
        try:
            people = {name: user(aws, name) for name in (APPROVER, SECOND)}
            # Without its own keys: the account's.
            people[ADMINISTRATOR] = {}
            put_points(aws, past.points(datetime.now(UTC)))
            aws.announce(standing=True, people=people)
            where = {"endpoint": aws.endpoint, "region": REGION, "world": world.value}
            note({"pid": os.getpid(), **where, "language": language.value, "people": people})
            Following(aws).forever()
        finally:
            aws.stop()


def user(aws: LocalAws, name: str) -> Mapping[str, str]:
    """A person on call with the rights of `OperatorPolicy`: the variables of one key."""
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn=outputs["OperatorPolicy"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def _end(*_: Any) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main(World(sys.argv[1]), Language(sys.argv[2])))
