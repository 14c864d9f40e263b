"""What the alarm audit asks AWS; nothing is judged here."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from responder.core.context import Gateway
from responder.core.deployed_alarm import DeployedAlarm, deployed, describe_all
from responder.core.errors import AwsError
from responder.core.permissions import ANY, CREATE_FUNCTION, RESULT_FUNCTION, Permission
from responder.core.settings import CORRECTED, Settings

OWN = "LivenessResponder-"
NEEDS = (
    Permission("cloudwatch:DescribeAlarms", ANY),
    Permission("lambda:GetFunctionConfiguration", CREATE_FUNCTION),
    Permission("lambda:GetFunctionConfiguration", RESULT_FUNCTION),
)


def tried[T](ask: Callable[[], T]) -> T | AwsError:
    """The answer, or why there is none."""
    try:
        return ask()
    except AwsError as error:
        return error


def alarms(aws: Gateway, settings: Settings, names: Iterable[str] = ()) -> dict[str, DeployedAlarm]:
    """Every alarm of the service and of this stack by its name; `names` and their corrected versions, too.

    Raises:
        AwsError: they could not be listed.
    """
    begin = (settings.alarm_prefix, OWN)
    asked: list[dict[str, Any]] = [{"AlarmNamePrefix": prefix} for prefix in begin]
    others = sorted({name for name in names if not name.startswith(begin)})
    both = [f"{name}{end}" for name in others for end in ("", CORRECTED)]
    asked += [{"AlarmNames": both}] if both else []
    found = (deployed(row) for each in asked for row in describe_all(aws, **each))
    return {each.name: each for each in found if _wanted(each.name, settings)}


def kind(own: str) -> str:
    """`Unfollowed` of `LivenessResponder-Unfollowed-<stack>`."""
    return own.removeprefix(OWN).partition("-")[0]


def _wanted(name: str, settings: Settings) -> bool:
    """Another stack in the same account has alarms of its own on itself."""
    return not name.startswith(OWN) or name == f"{OWN}{kind(name)}-{settings.stack}"


def timeouts(aws: Gateway, settings: Settings) -> dict[str, float | AwsError]:
    """Seconds after which Lambda ends a run, by function."""

    def seconds(function: str) -> float:
        answer = aws.call("lambda", "get_function_configuration", FunctionName=function)
        # Absent in an answer means Lambda's own default.
        return float(answer.get("Timeout") or 3)

    return {name: tried(partial(seconds, name)) for name in settings.functions}
