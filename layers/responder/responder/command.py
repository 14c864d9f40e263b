"""An instruction to an alarm's function, from our follow-up or a person.

It only names things; whoever carries it out re-reads every one of them from the stores.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from responder.errors import BadEvent

# The result of a command that is being carried out already, for whoever sent it once more.
UNDER_WAY = "under_way"
_NAME = re.compile(r"[A-Za-z0-9_.#-]{0,80}")


class Order(StrEnum):
    """The five commands. A look changes nothing of the service: it records what is set there."""

    DECIDE_AGAIN = "decide-again"
    LOOK = "look"
    CONTINUE = "continue"
    APPLY = "apply"
    TAKE_BACK = "take-back"


@dataclass(frozen=True, slots=True)
class Command:
    """`proposal` is the id of an approved proposal (apply, and take-backs that need approval);
    `wanted` holds choices such as `{"percent": 10}`; `quiet`: the request is valid for longer, and no
    message is sent again."""

    order: Order
    incident: str
    remedy: str = ""
    scope: str = ""
    proposal: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False

    @property
    def key(self) -> str:
        """Equal for two deliveries of the same command."""
        parts = (self.order, self.incident, self.remedy, self.scope, self.proposal)
        return json.dumps(["command", *parts, dict(self.wanted)], sort_keys=True, default=str)


def is_command(event: object) -> bool:
    """Tells a command from an alarm event, without judging whether it is a good one."""
    return isinstance(event, Mapping) and "command" in event


def parse_command(event: Mapping[str, Any]) -> Command:
    """Read a command.

    Raises:
        BadEvent: names the field that is missing or unreadable.
    """
    try:
        order = Order(str(event.get("command")))
    except ValueError:
        raise BadEvent("command") from None
    incident = _name(event, "incident")
    if not incident:
        raise BadEvent("incident")
    wanted = event.get("wanted", {})
    if not isinstance(wanted, Mapping):
        raise BadEvent("wanted")
    names = (_name(event, "remedy"), _name(event, "scope"), _name(event, "proposal"))
    return Command(order, incident, *names, wanted, quiet=event.get("quiet") is True)


def _name(event: Mapping[str, Any], field_name: str) -> str:
    value = event.get(field_name, "")
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise BadEvent(field_name)
    return value
