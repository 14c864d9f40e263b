"""From the options to a desk; from whatever goes wrong to one line and an exit status."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import typer
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from liveness_ops.people.caller import identify
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.local import stay_local
from liveness_ops.people.options import Common
from liveness_ops.people.screen import Screen
from liveness_ops.people.stack import read_stack
from responder.aws import Boto
from responder.errors import AwsError
from responder.gateway import Gateway
from responder.text import text

# A function has 60 s; the way there and back takes some time.
_PATIENCE = 75


def carry_out(common: Common, work: Callable[[Desk], dict[str, Any]], strangers: bool = False) -> None:
    """Do the work of one command and end as documented. `strangers`: also for whom `Approvers` names
    not; what they may then do, the work itself decides."""
    screen = Screen(common.language, common.machine, common.yes)
    try:
        done = work(_desk(common, screen, strangers))
    except Stop as stop:
        screen.stopped(stop)
        raise typer.Exit(stop.status) from None
    except AwsError as error:
        screen.stopped(Stop(Exit.AWS, text("console.aws_failed", call=str(error)), {"call": str(error)}))
        raise typer.Exit(Exit.AWS) from None
    screen.result({"exit": Exit.DONE, **done})


def _desk(common: Common, screen: Screen, strangers: bool) -> Desk:
    aws, region = open_aws(common)
    settings, outputs = read_stack(aws, common.stack, region)
    me, clock = identify(aws, settings, _now, strangers)
    return Desk(aws, settings, screen, me, clock, outputs)


def open_aws(common: Common, patience: float = _PATIENCE) -> tuple[Gateway, str]:
    """The door to AWS as the profile says. Raises Stop where there is no such profile, or no Region.

    `patience`: for how many seconds an answer is waited for."""
    given = {"AWS_PROFILE": common.profile, "AWS_ENDPOINT_URL": common.endpoint_url}
    os.environ.update({name: value for name, value in given.items() if value})
    if common.local:
        stay_local(os.environ, common)
    try:
        configured = get_session().get_config_variable("region")
        region = common.region or os.environ.get("AWS_REGION") or configured or ""
        if not region:
            raise Stop(Exit.USAGE, text("console.no_region"))
        return Boto(region, patience=patience), region
    except BotoCoreError as error:
        call = type(error).__name__
        raise Stop(Exit.AWS, text("console.aws_failed", call=call), {"call": call}) from None


def _now() -> datetime:
    return datetime.now(UTC)
