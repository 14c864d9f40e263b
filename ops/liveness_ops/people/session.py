"""From the options to a desk; from whatever goes wrong to one line and an exit status."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import typer
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from liveness_ops.people.caller import identify
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.entry import Url, Wire, endpoint
from liveness_ops.people.hints import failed
from liveness_ops.people.local import stay_local
from liveness_ops.people.options import Common
from liveness_ops.people.screen import Screen
from liveness_ops.people.stack import read_stack
from liveness_ops.people.voice import mute, tolerate
from responder.aws import Boto
from responder.core.context import Gateway
from responder.core.errors import AwsError, Unreadable
from responder.core.text import text

_PATIENCE = 20
# The SDK prefers them to a profile that only a variable names.
KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def carry_out(common: Common, work: Callable[[Desk], dict[str, Any]], strangers: bool = False) -> None:
    """Do the work of one command and end as documented. `strangers`: also for people who are not
    registered; what they may then do, the work itself decides."""
    finish(common, lambda screen: work(_desk(common, screen, strangers)))


def finish(common: Common, work: Callable[[Screen], dict[str, Any]]) -> None:
    """The same for a command that needs no stack."""
    tolerate()
    screen = Screen(common.language, common.machine, common.yes)
    stop = _ended(screen, lambda: work(screen))
    if stop is not None:
        with suppress(OSError):
            screen.stopped(stop)
        raise typer.Exit(stop.status)


def _ended(screen: Screen, work: Callable[[], dict[str, Any]]) -> Stop | None:
    """None where it was done. A person on call is never left with a traceback."""
    try:
        screen.result({"exit": Exit.DONE, **work()})
    except Stop as stop:
        return stop
    except AwsError as error:
        return failed(str(error))
    except Unreadable as error:
        return Stop(Exit.BROKEN, text("ops.broken_row", row=error.row))
    except KeyboardInterrupt:
        return Stop(Exit.INTERRUPTED, text("ops.interrupted"))
    except Exception as error:
        if os.environ.get("LIVENESS_OPS_DEBUG"):
            raise
        if isinstance(error, OSError):
            # It was the output itself.
            mute(sys.stdout)
        return Stop(Exit.BROKEN, text("ops.broken", kind=type(error).__name__))
    return None


def _desk(common: Common, screen: Screen, strangers: bool) -> Desk:
    aws, region = open_aws(common)
    settings, outputs = read_stack(aws, common.stack, region)
    me, clock = identify(aws, settings, _now, strangers)
    return Desk(aws, settings, screen, me, clock, outputs, wire_to(aws, outputs, region))


def wire_to(aws: Gateway, outputs: Mapping[str, str], region: str) -> Wire | None:
    """To the stack's entry for people; None where it has none."""
    url = outputs.get("PeopleUrl")
    if not url or not isinstance(aws, Boto):
        return None
    return Url(url, region, aws.credentials(), endpoint(os.environ))


def open_aws(common: Common, patience: float = _PATIENCE) -> tuple[Gateway, str]:
    """The door to AWS as the profile says. Raises Stop where there is no such profile, or no Region.

    `patience`: for how many seconds an answer is waited for."""
    given = {"AWS_PROFILE": common.profile, "AWS_ENDPOINT_URL": common.endpoint_url}
    os.environ.update({name: value for name, value in given.items() if value})
    if common.profile:
        for name in KEYS:
            os.environ.pop(name, None)
    if common.local:
        stay_local(os.environ, common)
    try:
        configured = get_session().get_config_variable("region")
        region = common.region or os.environ.get("AWS_REGION") or configured or ""
        if not region:
            raise Stop(Exit.USAGE, text("console.no_region"))
        aws = Boto(region, patience=patience)
        # A profile, Region or endpoint that cannot be used shows here, before anything is asked.
        aws.ready(("sts",))
    except BotoCoreError as error:
        raise failed(type(error).__name__) from None
    except ValueError:
        raise failed("InvalidEndpointError") from None
    return aws, region


def _now() -> datetime:
    return datetime.now(UTC)
