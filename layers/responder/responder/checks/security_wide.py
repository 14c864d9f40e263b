"""What a role's statements give away. Pure; never raises."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from responder.check import Light
from responder.checks.keys import shown
from responder.evidence.policies import Statement, listed

# Where one resource of another owner is already too much.
_SENSITIVE = frozenset(
    (
        "cognito-idp",
        "dynamodb",
        "iam",
        "kms",
        "lambda",
        "organizations",
        "s3",
        "secretsmanager",
        "ssm",
        "sts",
    )
)
_EVERY = re.compile(
    r"\*+|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*(/\*)?"
    # A bucket's ARN has no account: what is in one bucket is not everything.
    r"|arn:[^:]*:[^:]*:[^:]*:[^:]+:[A-Za-z-]+[/:]\*([/:]\*)?"
)


@dataclass(frozen=True, slots=True)
class Wide:
    """One action that reaches far; GREEN: on everything, but of no service that holds others' data."""

    light: Light
    action: str
    resource: str


def wide(found: Iterable[Statement]) -> tuple[Wide, ...]:
    """Every Allow whose action or resource is a wildcard, the worst first, each once."""
    each = {one for statement in found if statement.get("Effect") == "Allow" for one in _wide(statement)}
    return tuple(sorted(each, key=lambda one: (one.light.rank, one.action, one.resource)))


def everything(resource: str) -> bool:
    """The pattern leaves out nothing of its kind."""
    return _EVERY.fullmatch(resource) is not None


def _wide(statement: Statement) -> Iterable[Wide]:
    on = listed(statement.get("Resource"))
    every = [each for each in on if everything(each)] or (["*"] if "NotResource" in statement else [])
    actions = listed(statement.get("Action")) or (("*",) if "NotAction" in statement else ())
    for action in actions:
        if every or "*" in action:
            light = _light(action, bool(every))
            eased = light is Light.RED and bool(statement.get("Condition"))
            where = every[0] if every else ", ".join(map(shown, on))
            yield Wide(Light.AMBER if eased else light, action, where)


def _light(action: str, every: bool) -> Light:
    service, _, verb = action.partition(":")
    sensitive = service.lower() in _SENSITIVE
    if set(service) == {"*"} or (set(verb) == {"*"} and sensitive and every):
        return Light.RED
    return Light.AMBER if "*" in action or sensitive else Light.GREEN
