"""Which EventBridge rules hear the alarms, and whether they can hand them to a function of this stack."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from responder.checks.alarms.event_pattern import hears, state_change
from responder.core.context import Gateway
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError, Missing
from responder.core.permissions import Permission, responder
from responder.core.settings import Settings

# May EventBridge call the function that a rule names? Without that, nothing comes of an alarm that is
# heard.
#
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html

_CALLS = frozenset({"lambda:InvokeFunction", "lambda:*", "*"})
_SOURCE, _ACCOUNT = "aws:sourcearn", "aws:sourceaccount"


def reachable(aws: Gateway, function: str, rule: str) -> bool:
    """The function is there, and lets the rule (an ARN) call it.

    Raises:
        AwsError: its policy could not be read.
    """
    try:
        answer = aws.call("lambda", "get_policy", FunctionName=function)
    except Missing:  # of the function, or of any policy
        return False
    return lets_in(str(answer.get("Policy", "")), rule)


def lets_in(policy: str, rule: str) -> bool:
    """A condition that is not understood lets nothing in. Pure."""
    try:
        statements = json.loads(policy)["Statement"]
    except (ValueError, KeyError, TypeError):
        return False
    return any(_allows(each, rule) for each in statements if isinstance(each, Mapping))


def _allows(statement: Mapping[str, Any], rule: str) -> bool:
    principal = statement.get("Principal")
    services = _list(principal.get("Service") if isinstance(principal, Mapping) else principal)
    called = not _CALLS.isdisjoint(_list(statement.get("Action")))
    heard = not {"events.amazonaws.com", "*"}.isdisjoint(services)
    return (
        statement.get("Effect") == "Allow"
        and called
        and heard
        and all(_met(key, wanted, rule) for key, wanted in _conditions(statement))
    )


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        known = operator in ("ArnLike", "ArnEquals", "StringEquals", "StringLike")
        for key, wanted in keys.items():
            yield key.lower() if known else operator, _list(wanted)


def _met(key: str, wanted: list[str], rule: str) -> bool:
    if key == _SOURCE:
        return any(fnmatchcase(rule, each) for each in wanted)
    return key == _ACCOUNT and rule.split(":")[4:5] == wanted


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


RULES = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"


def needs(answering: Iterable[str]) -> tuple[Permission, ...]:
    """`answering`: slugs of the functions that answer alarms."""
    return (
        Permission("events:ListRules", RULES),
        Permission("events:ListTargetsByRule", RULES),
        *(Permission("lambda:GetPolicy", responder(slug)) for slug in answering),
    )


@dataclass(frozen=True, slots=True)
class EventRule:
    """One EventBridge rule that hears at least one of the alarms.

    Attributes:
        functions: of this stack that it hands alarms to.
        shut: those of them that it may not call, or that are gone.
        unread: why it is not known whether it may.
    """

    name: str
    enabled: bool
    arn: str = ""
    pattern: Mapping[str, Any] = field(default_factory=dict, repr=False)
    functions: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    unread: AwsError | None = None

    @property
    def answered(self) -> bool:
        """What it hears is answered, as far as is known."""
        return self.enabled and set(self.functions) > set(self.shut)

    def hears(self, alarm: DeployedAlarm) -> bool:
        """Its pattern lets this alarm's ALARM through."""
        return hears(self.pattern, state_change(alarm.name, alarm.arn))


def rules(
    aws: Gateway, settings: Settings, heard: Iterable[DeployedAlarm], answering: Iterable[str]
) -> tuple[EventRule, ...]:
    """The rules that would hear any of these alarms, disabled ones included. `answering`: as of `needs`.

    Raises:
        AwsError: they, or their targets, could not be listed.
    """
    alarms, ours = tuple(heard), frozenset(f"{settings.stack}-{slug}" for slug in answering)
    rows = [row for page in aws.pages("events", "list_rules") for row in page.get("Rules", [])]
    read = (EventRule(row.get("Name", ""), _enabled(row), row.get("Arn", ""), _pattern(row)) for row in rows)
    hearing = [rule for rule in read if any(rule.hears(each) for each in alarms)]
    return tuple(_reached(aws, replace(rule, functions=_targets(aws, rule, ours))) for rule in hearing)


def _reached(aws: Gateway, rule: EventRule) -> EventRule:
    try:
        shut = tuple(name for name in rule.functions if not reachable(aws, name, rule.arn))
    except AwsError as error:
        return replace(rule, unread=error)
    return replace(rule, shut=shut)


def _enabled(row: Mapping[str, Any]) -> bool:
    return str(row.get("State", "")).startswith("ENABLED")


def _pattern(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule on a schedule has none; it hears no alarm."""
    try:
        pattern = json.loads(row.get("EventPattern") or "")
    except ValueError:
        pattern = None
    return pattern if isinstance(pattern, dict) and pattern else {"source": []}


def _targets(aws: Gateway, rule: EventRule, ours: frozenset[str]) -> tuple[str, ...]:
    """By whole names: another stack's name may begin like this one's."""
    pages = aws.pages("events", "list_targets_by_rule", Rule=rule.name)
    arns = (str(each.get("Arn", "")) for page in pages for each in page.get("Targets", []))
    named = {arn.partition(":function:")[2].partition(":")[0] for arn in arns}
    return tuple(sorted(named & ours))
