"""What the alarm audit asks AWS; nothing is judged here."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from responder.checks.alarms_deployed import Deployed, deployed
from responder.checks.alarms_hears import hears, state_change
from responder.errors import AwsError
from responder.gateway import Gateway
from responder.permissions import ANY, CREATE_FUNCTION, RESULT_FUNCTION, Permission
from responder.settings import Settings

SERVICE, OWN = "FaceAuth-", "LivenessResponder-"
RULES = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
NEEDS = (
    Permission("cloudwatch:DescribeAlarms", ANY),
    Permission("cloudwatch:ListAlarmMuteRules", ANY),
    Permission("events:ListRules", RULES),
    Permission("events:ListTargetsByRule", RULES),
    Permission("lambda:GetFunctionConfiguration", CREATE_FUNCTION),
    Permission("lambda:GetFunctionConfiguration", RESULT_FUNCTION),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One EventBridge rule. `ours`: it hands what it hears to a function of this stack."""

    name: str
    enabled: bool
    ours: bool
    pattern: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def hears(self, alarm: Deployed) -> bool:
        """Its pattern lets this alarm's ALARM through."""
        return hears(self.pattern, state_change(alarm.name, alarm.arn))


def tried[T](ask: Callable[[], T]) -> T | AwsError:
    """The answer, or why there is none."""
    try:
        return ask()
    except AwsError as error:
        return error


def alarms(aws: Gateway, settings: Settings, names: Iterable[str] = ()) -> dict[str, Deployed]:
    """Every alarm of the service and of this stack by its name, and `names` whatever they begin with.

    Raises:
        AwsError: they could not be listed.
    """
    asked: list[dict[str, Any]] = [{"AlarmNamePrefix": SERVICE}, {"AlarmNamePrefix": OWN}]
    others = sorted({name for name in names if not name.startswith((SERVICE, OWN))})
    asked += [{"AlarmNames": others}] if others else []
    found = (deployed(row) for each in asked for row in _rows(aws, each))
    # Another stack in the same account has alarms of its own on itself.
    ours = (
        each for each in found if not each.name.startswith(OWN) or each.name.endswith(f"-{settings.stack}")
    )
    return {each.name: each for each in ours}


def _rows(aws: Gateway, asked: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    types = ["MetricAlarm", "CompositeAlarm"]
    for page in aws.pages("cloudwatch", "describe_alarms", AlarmTypes=types, **asked):
        yield from page.get("MetricAlarms", [])
        yield from page.get("CompositeAlarms", [])


def mutes(aws: Gateway, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names of the mute rules that are active now, by alarm; one request where there is none.

    Raises:
        AwsError: they could not be listed.
    """
    if not _active(aws):
        return {}
    found = {name: _active(aws, AlarmName=name) for name in names}
    return {name: rules for name, rules in found.items() if rules}


def _active(aws: Gateway, **asked: str) -> tuple[str, ...]:
    pages = aws.pages("cloudwatch", "list_alarm_mute_rules", Statuses=["ACTIVE"], **asked)
    found = (
        each.get("AlarmMuteRuleArn", "") for page in pages for each in page.get("AlarmMuteRuleSummaries", [])
    )
    return tuple(arn.rsplit(":", 1)[-1] for arn in found)


def rules(aws: Gateway, settings: Settings, heard: Iterable[Deployed]) -> tuple[Rule, ...]:
    """The rules that would hear any of these alarms, disabled ones included.

    Raises:
        AwsError: they, or their targets, could not be listed.
    """
    alarms = tuple(heard)
    rows = [row for page in aws.pages("events", "list_rules") for row in page.get("Rules", [])]
    read = (Rule(row.get("Name", ""), _enabled(row), False, _pattern(row)) for row in rows)
    hearing = [rule for rule in read if any(rule.hears(each) for each in alarms)]
    return tuple(Rule(each.name, each.enabled, _ours(aws, settings, each), each.pattern) for each in hearing)


def timeouts(aws: Gateway, settings: Settings) -> dict[str, float | AwsError]:
    """Seconds after which Lambda ends a run, by function."""

    def seconds(function: str) -> float:
        answer = aws.call("lambda", "get_function_configuration", FunctionName=function)
        # Absent in an answer means Lambda's own default.
        return float(answer.get("Timeout") or 3)

    return {name: tried(partial(seconds, name)) for name in settings.functions}


def _enabled(row: Mapping[str, Any]) -> bool:
    return str(row.get("State", "")).startswith("ENABLED")


def _pattern(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule on a schedule has none; it hears no alarm."""
    try:
        pattern = json.loads(row.get("EventPattern") or "")
    except ValueError:
        pattern = None
    return pattern if isinstance(pattern, dict) and pattern else {"source": []}


def _ours(aws: Gateway, settings: Settings, rule: Rule) -> bool:
    pages = aws.pages("events", "list_targets_by_rule", Rule=rule.name)
    targets = [each.get("Arn", "") for page in pages for each in page.get("Targets", [])]
    return any(f":function:{settings.stack}-" in arn for arn in targets)
