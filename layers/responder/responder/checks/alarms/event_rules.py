"""Which EventBridge rules match the alarms, and whether they can invoke a function of this stack."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from responder.checks import commands
from responder.checks.alarms.event_pattern import matches, state_change
from responder.checks.finding import Checked, CheckItem
from responder.core.context import Gateway
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions, responder
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.evidence import policies

_SOURCE, _ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
RULES = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"


def needs(answering: Iterable[str]) -> Permissions:
    """`answering`: slugs of the functions that answer alarms."""
    return (
        Permission("events:ListRules", RULES),
        Permission("events:ListTargetsByRule", RULES),
        *(Permission("lambda:GetPolicy", responder(slug)) for slug in answering),
    )


@frozen
class EventRule:
    """One EventBridge rule whose pattern matches at least one of the alarms.

    Attributes:
        functions: of this stack that it hands alarms to.
        not_callable: those of them that it may not call, or that are gone.
        unread: why it is unknown whether it may.
    """

    name: str
    enabled: bool
    arn: str = ""
    pattern: Data = field(default_factory=dict, repr=False)
    functions: Strings = ()
    not_callable: Strings = ()
    unread: AwsError | None = None

    @property
    def answered(self) -> bool:
        """Whether events that it matches are answered, as far as is known."""
        return self.enabled and set(self.functions) > set(self.not_callable)

    def matches(self, alarm: DeployedAlarm) -> bool:
        """Whether its pattern lets this alarm's ALARM through."""
        return matches(self.pattern, state_change(alarm.name, alarm.arn))


def rules(
    aws: Gateway, settings: Settings, listed: Iterable[DeployedAlarm], answering: Iterable[str]
) -> tuple[EventRule, ...]:
    """The rules that match any of these alarms, disabled ones included. `answering`: as of `needs`.

    Raises:
        AwsError: they, or their targets, could not be listed.
    """
    alarms, ours = tuple(listed), frozenset(f"{settings.stack}-{slug}" for slug in answering)
    rows = [row for page in aws.pages("events", "list_rules") for row in page.get("Rules", [])]
    read = (
        EventRule(
            row.get("Name", ""),
            str(row.get("State", "")).startswith("ENABLED"),
            row.get("Arn", ""),
            # A rule on a schedule has none; it matches no alarm.
            _mapping(row.get("EventPattern")) or {"source": []},
        )
        for row in rows
    )
    matching = [rule for rule in read if any(rule.matches(each) for each in alarms)]
    return tuple(_reached(aws, replace(rule, functions=_targets(aws, rule, ours))) for rule in matching)


def _mapping(document: Any) -> Json:
    try:
        read = json.loads(document or "")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _targets(aws: Gateway, rule: EventRule, ours: frozenset[str]) -> Strings:
    """The targets by their whole names: another stack's name may begin like this one's."""
    pages = aws.pages("events", "list_targets_by_rule", Rule=rule.name)
    arns = (str(each.get("Arn", "")) for page in pages for each in page.get("Targets", []))
    named = {arn.partition(":function:")[2].partition(":")[0] for arn in arns}
    return tuple(sorted(named & ours))


def _reached(aws: Gateway, rule: EventRule) -> EventRule:
    not_callable = []
    for function in rule.functions:
        try:
            answer = aws.call("lambda", "get_policy", FunctionName=function)
        except Missing:  # the function, or any policy of it
            answer = {}
        except AwsError as error:
            return replace(rule, unread=error)
        if not lets_in(str(answer.get("Policy", "")), rule.arn):
            not_callable.append(function)
    return replace(rule, not_callable=tuple(not_callable))


def lets_in(policy: str, rule: str) -> bool:
    """May EventBridge call the function for this rule (an ARN)? What is not understood allows nothing. Pure.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    return any(_allows(each, rule) for each in policies.statements(policy))


def _allows(statement: policies.Statement, rule: str) -> bool:
    principal = statement.get("Principal")
    services = policies.listed(principal.get("Service") if isinstance(principal, Mapping) else principal)
    return (
        statement.get("Effect") == "Allow"
        and policies.covers(statement, "lambda:InvokeFunction")
        and not {"events.amazonaws.com", "*"}.isdisjoint(services)
        and all(_met(key, wanted, rule) for key, wanted in _conditions(statement))
    )


def _conditions(statement: policies.Statement) -> Iterator[tuple[str, Strings]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        known = operator in ("ArnLike", "ArnEquals", "StringEquals", "StringLike")
        for key, wanted in keys.items():
            yield key.lower() if known else operator, policies.listed(wanted)


def _met(key: str, wanted: Strings, rule: str) -> bool:
    if key == _SOURCE:
        return any(policies.encloses(each, rule, exact=True) for each in wanted)
    return key == _ACCOUNT and wanted == tuple(rule.split(":")[4:5])


def unanswered(
    alarm: DeployedAlarm, rules: tuple[EventRule, ...], settings: Settings, chapter: str
) -> CheckItem | None:
    """No rule of this stack forwards it: amber where it has its own actions, red where it has none. Pure."""
    # Of this stack by its targets; by its name where a person removed them.
    matching = [
        each
        for each in rules
        if each.matches(alarm) and (each.functions or each.name.startswith(f"{settings.stack}-"))
    ]
    if any(each.answered for each in matching):
        return None
    none = (text("check.alarms.no_rule", stack=settings.stack), "")
    why = [_why(each, settings) for each in matching] or [none]
    details, command = [detail for detail, _ in why], why[0][1]
    this, count = Checked.ALARM_ANSWERED.of(alarm.name, chapter=chapter), len(alarm.actions)
    if alarm.enabled and alarm.actions:
        said = text("check.alarms.unanswered", alarm=alarm.name, count=count)
        return this.amber(said, *details, command=command)
    acts = text("check.alarms.actions", count=count)
    return this.red(text("check.alarms.unheard", alarm=alarm.name), *details, acts, command=command)


def _why(rule: EventRule, settings: Settings) -> tuple[Text, str]:
    """Why the rule has no effect, and the command that fixes it; "" without one."""
    if not rule.functions:
        return text("check.alarms.no_target", rule=rule.name), ""
    if not rule.enabled:
        return text("check.alarms.rule_disabled", rule=rule.name), commands.enable_rule(rule.name, settings)
    function = rule.not_callable[0]
    said = text("check.alarms.shut", rule=rule.name, function=function)
    return said, commands.let_in(function, rule.arn, settings)
