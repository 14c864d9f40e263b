"""From the options to a session at the deployed stack; from whatever goes wrong to one line and a status."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import typer
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from liveness_ops.people.entry import EntryTransport, Url, endpoint
from liveness_ops.people.exits import EarlyExit, Exit, failed
from liveness_ops.people.local import local_commands, stay_local
from liveness_ops.people.operator_session import OperatorSession, WatchedWrites, identify
from liveness_ops.people.options import Common
from liveness_ops.people.screen import Screen, mute, tolerate
from responder.aws import Boto
from responder.aws.gateway import through
from responder.core.context import Gateway
from responder.core.errors import AwsError, Unreadable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text, text

_PATIENCE = 20
# The SDK prefers them to a profile that only a variable names.
KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
# What gives the Region before a profile does.
_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")


def carry_out(common: Common, work: Callable[[OperatorSession], Json], strangers: bool = False) -> None:
    """Do the work of one command and end as documented. `strangers`: also for people who are not
    registered; what they may then do, the work itself decides."""

    def at_stack(screen: Screen) -> Json:
        session = _session(common, screen, strangers)
        data = work(session)
        if screen.changing.is_set():
            session.screen.name_target()
        return data

    finish(common, at_stack)


def finish(common: Common, work: Callable[[Screen], Json]) -> None:
    """Do the work of a command that needs no stack."""
    tolerate()
    screen = Screen(common.language, common.machine, common.yes, typed=local_commands(common))
    early = _ended(screen, lambda: work(screen))
    if early is not None:
        with suppress(OSError):
            screen.stopped(early)
        raise typer.Exit(early.status)


def _ended(screen: Screen, work: Callable[[], Json]) -> EarlyExit | None:
    """The status and line of an error; None where it was done. A person on call never gets a traceback."""
    try:
        screen.result({"exit": Exit.DONE, **work()})
    except EarlyExit as early:
        return early
    except AwsError as error:
        return failed(str(error))
    except Unreadable as error:
        return EarlyExit(Exit.BROKEN, text("denial.broken_row", row=error.row))
    except KeyboardInterrupt:
        said = text("ops.interrupted" if screen.changing.is_set() else "ops.interrupted_early")
        return EarlyExit(Exit.INTERRUPTED, said)
    except Exception as error:
        if os.environ.get("LIVENESS_OPS_DEBUG"):
            raise
        if isinstance(error, OSError):
            # Writing the output failed.
            mute(sys.stdout)
        return EarlyExit(Exit.BROKEN, text("ops.broken", kind=type(error).__name__))
    return None


def _session(common: Common, screen: Screen, strangers: bool) -> OperatorSession:
    aws, region = open_aws(common)
    settings, outputs = read_stack(aws, common.stack, region)
    me, clock = identify(aws, settings, _now, strangers)
    screen = replace(screen, target=target(me.account, region, common.stack, me.principal))
    watched, wire = through(aws, WatchedWrites(screen.changing)), entry_transport(aws, outputs, region)
    return OperatorSession(watched, settings, screen, me, clock, outputs, wire, _where(common, region))


def target(account: str, region: str, stack: str, principal: str) -> Text:
    """The line that names what a command looks at or changes. `principal`: the caller's ARN."""
    return text("console.target", account=account, region=region, stack=stack, who=principal)


def _where(common: Common, region: str) -> str:
    """The options by which another command finds the same stack; also the Region, where a variable of this
    shell gives it: in another shell the command would go elsewhere."""
    names = _REGION if common.profile else (*_REGION, "AWS_PROFILE")
    given = not common.local and any(os.environ.get(name) for name in names)
    return replace(common, region=region).where if given else common.where


def entry_transport(aws: Gateway, outputs: Mapping[str, str], region: str) -> EntryTransport | None:
    """The connection to the stack's entry for people; None where it has none."""
    url = outputs.get("PeopleUrl")
    if not url or not isinstance(aws, Boto):
        return None
    return Url(url, region, aws.credentials(), endpoint(os.environ))


def open_aws(common: Common, patience: float = _PATIENCE) -> tuple[Gateway, str]:
    """AWS as the profile says. Raises EarlyExit where there is no such profile, or no Region.

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
            raise EarlyExit(Exit.USAGE, text("console.no_region"))
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


def read_stack(aws: Gateway, name: str, region: str) -> tuple[Settings, Mapping[str, str]]:
    """What the console needs of the stack's parameters, and its outputs.

    Raises:
        EarlyExit: it does not exist in the Region, or is no stack of the responder.
        AwsError: it cannot be read.
    """
    try:
        (found,) = aws.call("cloudformation", "describe_stacks", StackName=name)["Stacks"]
    except AwsError as error:
        # CloudFormation has no error code for a stack that does not exist.
        if error.code != "ValidationError":
            raise
        said = text("ops.no_such_stack", stack=name, region=region or "–")
        raise EarlyExit(Exit.AWS, said, {"stack": name, "region": region}) from None
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    if not {"IncidentsTable", "ApprovalsTable"} <= outputs.keys():
        raise EarlyExit(Exit.AWS, text("console.no_stack", stack=name))
    named = {"create_function": "CreateFunctionName", "result_function": "ResultFunctionName"}
    read: Json = {
        field: Settings.read({field.upper(): given[parameter]})
        for field, parameter in named.items()
        if given.get(parameter)
    }
    settings = Settings(
        stack=name,
        region=region,
        incidents_table=outputs["IncidentsTable"],
        approvals_table=outputs["ApprovalsTable"],
        **{field: getattr(known, field) for field, known in read.items()},
    )
    return settings, outputs
