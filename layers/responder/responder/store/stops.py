"""Create a stop in SSM, and remove those that have ended."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from responder.core import stops
from responder.core.context import Gateway
from responder.core.errors import AwsError, Unreachable
from responder.core.retry import COMMAND_SECONDS, again
from responder.core.settings import Settings
from responder.core.stops import Stop
from responder.store.switches import read_parameters

_TAKEN = "ParameterAlreadyExists"
# SSM takes ten names a call. What is left is removed by the next round.
_AT_ONCE, _BATCHES = 10, 10


def create(aws: Gateway, settings: Settings, stop: Stop, pause: Callable[[float], None] = time.sleep) -> bool:
    """Whether it was created; False where the name is taken: a stop is never written over. SSM takes few
    writes a second of an account: one that it turned away is written again.

    Raises:
        AwsError: it is not known to be there.
    """
    name, value = f"{stops.path(settings.parameters_path)}{stop.name}", stop.to_json()
    try:
        again(
            lambda: aws.call("ssm", "put_parameter", Name=name, Value=value, Type="String"),
            time.monotonic() + COMMAND_SECONDS,
            pause=pause,
        )
    except Unreachable:
        # It may have taken effect all the same.
        if _value(aws, name) != value:
            raise
    except AwsError as error:
        if error.code != _TAKEN:
            raise
        return False
    return True


def remove_ended(aws: Gateway, settings: Settings, now: datetime) -> int:
    """How many were removed: of those that ended over an hour ago, at most 100. One in force, one ahead and
    one that cannot be read are never removed; each is read once more just before, as a person may have
    created another one of the same name.

    Raises:
        AwsError: they could not be read, or not removed.
    """
    ended = _ended(read_parameters(aws, settings), settings, now)
    removed = 0
    for first in range(0, min(len(ended), _AT_ONCE * _BATCHES), _AT_ONCE):
        found = aws.call("ssm", "get_parameters", Names=ended[first : first + _AT_ONCE])
        known = {each["Name"]: each["Value"] for each in found.get("Parameters", [])}
        if still := _ended(known, settings, now):
            aws.call("ssm", "delete_parameters", Names=still)
            removed += len(still)
    return removed


def _ended(parameters: Mapping[str, str], settings: Settings, now: datetime) -> list[str]:
    below = stops.path(settings.parameters_path)
    found = {
        name: stops.read(name.removeprefix(below), parameters[name])
        for name in parameters
        if name.startswith(below)
    }
    return sorted(name for name, stop in found.items() if stop.over(now - stops.KEPT))


def _value(aws: Gateway, name: str) -> str | None:
    try:
        return str(aws.call("ssm", "get_parameter", Name=name)["Parameter"]["Value"])
    except AwsError:
        return None
