"""Who gets which mail, and the modes: as template.yaml deploys them, applied to what was published."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from liveness_ops.template_tools import load
from responder.core.frozen import frozen
from responder.core.plain_data import Data

LEVELS = (1, 2, 3, 4)
_LEVEL = re.compile(r"Level(\d)Subscription")


@frozen
class Mail:
    """One message of the topic.

    Attributes:
        minute: after the first alarm.
        to: the levels whose subscription lets it through.
        state: how the incident's world was at that moment, see `World.state`.
        requests: how many requests of people the entry had received by then.
    """

    minute: float
    to: tuple[int, ...]
    subject: str
    text: str
    body: Data
    state: str = ""
    requests: int = 0

    @property
    def kind(self) -> str:
        """`escalation 2`, `progress mitigated`, `command asked revert rollout_to_zero`, `response`."""
        kind, topic = str(self.body["kind"]), str(self.body.get("topic") or "")
        if kind == "escalation":
            return f"{kind} {self.body['level']}"
        if kind == "command" and self.body.get("outcomes"):
            outcome = self.body["outcomes"][0]
            return f"{kind} {outcome['result']} {outcome['remedy']}"
        return kind if topic in ("", kind) else f"{kind} {topic}"

    @property
    def gist(self) -> str:
        """Kind and subject without figures: what two mails share that say the same."""
        return f"{self.kind} {re.sub(r'[0-9]+', '', self.subject)}"

    @property
    def first(self) -> str:
        """The first paragraph."""
        return re.split(r"\n\s*\n", self.text.strip(), maxsplit=1)[0]

    @property
    def whole(self) -> str:
        """All that can be searched."""
        return f"{self.kind}\n{self.subject}\n{self.text}"


_template = cache(load.template)


@cache
def subscriptions() -> dict[int, dict[str, list[str]]]:
    """By level, the filter of its e-mail subscription; on-call's has none. Each has its own address."""
    found: dict[int, dict[str, list[str]]] = {}
    for name, properties in load.resources(_template(), "AWS::SNS::Subscription").items():
        level = _LEVEL.fullmatch(name)
        if level or name == "OnCallSubscription":
            filters = properties.get("FilterPolicy", {})
            found[int(level[1]) if level else 1] = {name: _own(values) for name, values in filters.items()}
    return found


def _own(values: Any) -> list[str]:
    """What a filter says where no other level has the same address."""
    found: list[str] = values["Fn::If"][2] if isinstance(values, dict) else values
    return found


@cache
def modes() -> dict[str, str]:
    """By remedy, the mode that a new stack has."""
    first = load.resources(_template(), "AWS::SSM::Parameter")["FirstModes"]["Value"]["Fn::ToJsonString"]
    return {remedy: mode for remedy, mode in first.items() if remedy != "everywhere"}


def recipients(attributes: Mapping[str, Mapping[str, str]]) -> tuple[int, ...]:
    """The levels that get a message with these attributes (SNS developer guide, "Filter policies")."""
    given = {name: value["StringValue"] for name, value in attributes.items()}
    return tuple(
        level
        for level in LEVELS
        if all(given.get(name) in values for name, values in subscriptions()[level].items())
    )


def mail(request: Data, minute: float, state: str = "", requests: int = 0) -> Mail:
    """From the request of `sns:Publish`."""
    message = json.loads(request["Message"])
    return Mail(
        minute,
        recipients(request["MessageAttributes"]),
        request["Subject"],
        message["email"],
        json.loads(message["lambda"]),
        state,
        requests,
    )
