"""Modes and pauses as the guards read them, and how a person changes them."""

import json
from typing import Any

from liveness_ops.people.desk import Desk
from responder.errors import AwsError, Unreachable
from responder.shell.people.switch import digest
from responder.shell.switchboard import read_parameters
from responder.switches import Pause, Switches, switches

_TAKEN = "ParameterAlreadyExists"


def read_switches(desk: Desk) -> Switches:
    """Everything under the stack's path. Mute rules belong to an alarm; they are not read."""
    return switches(desk.settings.parameters_path, read_parameters(desk.aws, desk.settings), ())


def shown(desk: Desk, name: str) -> str:
    """A digest of the pause of this name, by which the entry knows what the person saw."""
    return digest(read_parameters(desk.aws, desk.settings).get(_pause(desk, name), ""))


def read_pause(desk: Desk, name: str) -> Pause | None:
    """The pause of this name, over or not."""
    return next((each for each in read_switches(desk).pauses if each.name == name), None)


def put_pause(desk: Desk, name: str, stored: dict[str, Any]) -> bool:
    """False where there is a pause of this name already: nobody's is ever written over."""
    parameter, value = _pause(desk, name), _json(stored)
    try:
        desk.aws.call("ssm", "put_parameter", Name=parameter, Value=value, Type="String", Overwrite=False)
    except Unreachable:
        # It may have taken effect all the same.
        if _value(desk, parameter) != value:
            raise
    except AwsError as error:
        if error.code != _TAKEN:
            raise
        return False
    return True


def _pause(desk: Desk, name: str) -> str:
    return f"{desk.settings.parameters_path}/pauses/{name}"


def _value(desk: Desk, parameter: str) -> str | None:
    try:
        return str(desk.aws.call("ssm", "get_parameter", Name=parameter)["Parameter"]["Value"])
    except AwsError:
        return None


def _json(stored: dict[str, Any]) -> str:
    # SSM takes two braces in a row for a reference; only within our texts can they be.
    parts = (f"{json.dumps(key)}: {_text(value)}" for key, value in stored.items())
    return "{" + ", ".join(parts) + "}"


def _text(value: Any) -> str:
    packed = json.dumps(value, ensure_ascii=False)
    return packed.replace("{", "\\u007b").replace("}", "\\u007d")
