"""Modes and pauses as the guards read them, and how a person changes them."""

import json
from typing import Any

from liveness_ops.people.desk import Desk
from responder.errors import AwsError, Missing, Unreachable
from responder.switches import Pause, Switches, switches

_TAKEN = "ParameterAlreadyExists"


def read_switches(desk: Desk) -> Switches:
    """Everything under the stack's path. Mute rules belong to an alarm; they are not read."""
    path = desk.settings.parameters_path
    pages = desk.aws.pages("ssm", "get_parameters_by_path", Path=path, Recursive=True)
    found = {each["Name"]: each["Value"] for page in pages for each in page.get("Parameters", [])}
    return switches(path, found, ())


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


def delete_pause(desk: Desk, name: str) -> bool:
    """False where somebody has ended it already."""
    try:
        desk.aws.call("ssm", "delete_parameter", Name=_pause(desk, name))
    except Missing:
        return False
    return True


def put_mode(desk: Desk, remedy: str, mode: str) -> None:
    """The global mode where `remedy` is empty."""
    name = f"{desk.settings.parameters_path}/mode{f'/{remedy}' if remedy else ''}"
    desk.aws.call("ssm", "put_parameter", Name=name, Value=mode, Type="String", Overwrite=True)


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
