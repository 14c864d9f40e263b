"""FaceAuth's alarms as its stack deploys them, and this stack's as the template creates them, as AWS returns
them."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from liveness_ops.template_tools.load import defaults, functions, resolve, template
from rehearsal.world.alarms import ALARMS
from responder.checks.alarms.audit import AlarmAudit
from responder.checks.alarms.states import AlarmStates
from responder.checks.finding import GREEN, CheckItem
from responder.checks.model import CheckSection
from responder.checks.run.alarm_names import audited
from responder.core.context import Context
from responder.core.deployed_alarm import LISTS
from responder.core.errors import Missing
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.messages.language import say
from responder.respond.playbook import PLAYBOOKS
from tests.fakes import FakeAws
from tests.texts import catalogue
from tests.times import utc

NOW = utc("2026-02-04 00:00")
SINCE = utc("2026-02-01 03:30")
REGION = "ap-northeast-1"
HOME = f"{REGION}:123456789012"
TOPIC, LAST_RESORT = f"arn:aws:sns:{HOME}:notifications", f"arn:aws:sns:{HOME}:last-resort"
LIMITS = {"FaceAuth-CreateLivenessSession": 10, "FaceAuth-GetLivenessResult": 15}
TEMPLATE = template()
NAMES = defaults(TEMPLATE) | {"LastResort": LAST_RESORT}
SETTINGS = Settings(region=REGION, account="123456789012", topic=TOPIC)


def reported(request: Data, state: str = "OK", **changed: Any) -> Json:
    """A PutMetricAlarm request as DescribeAlarms returns it."""
    return {
        "AlarmArn": f"arn:aws:cloudwatch:{HOME}:alarm:{request['AlarmName']}",
        "ActionsEnabled": True,
        "AlarmActions": [],
        "OKActions": [],
        "InsufficientDataActions": [],
        "StateValue": state,
        "StateTransitionedTimestamp": SINCE,
        **request,
        **changed,
    }


# What only alarms of these types have.
LOG = {"ScheduledQueryConfiguration": {"QueryString": "filter @message like /refused/"}, "Threshold": 5.0}
COMPOSITE = {"AlarmRule": "ALARM(Another)"}
# The last one is an unknown alarm.
DEPLOYED = {each.name: reported(each.request()) for each in ALARMS[:-1]}


def made(condition: str | None) -> dict[str, Json]:
    """The template's alarms under a condition."""
    found = (each for each in TEMPLATE["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm")
    rows = [resolve(each["Properties"], NAMES) for each in found if each.get("Condition") == condition]
    return {each["AlarmName"]: reported(each) for each in rows}


OWN, OURS, CORRECTED = made(None), made("WithOurAlarms"), made("WithCorrectedAlarms")


def type_of(row: Data) -> str:
    """By what only alarms of that type have."""
    if "ScheduledQueryConfiguration" in row:
        return "LogAlarm"
    return "CompositeAlarm" if "AlarmRule" in row else "MetricAlarm"


class World:
    """What is deployed, as facts; `audit()` and `states()` read it."""

    def __init__(self, *groups: Mapping[str, Json], listening: bool = True) -> None:
        self.aws = FakeAws(NOW)
        self.settings = SETTINGS
        self.alarms = {name: deepcopy(row) for group in groups for name, row in group.items()}
        self.rules = rules() if listening else []
        self.targets = {each["Name"]: [target(each["Name"])] for each in self.rules}
        self.shut: set[str] = set()
        self.mutes: dict[str, list[str]] = {}
        self.recurring: set[str] = set()
        self.ends: dict[str, datetime] = {}
        self.schedules: dict[str, dict[str, str]] = {}
        self.planned: dict[str, tuple[str, list[str]]] = {}
        self.limits = dict(LIMITS)
        self.subscriptions = {TOPIC: listeners(), LAST_RESORT: [subscription("last")]}
        self._serve()

    def change(self, name: str, **fields: Any) -> "World":
        self.alarms[name].update(fields)
        return self

    def audit(self, **names: str) -> CheckSection:
        return AlarmAudit(audited(PLAYBOOKS), tuple(PLAYBOOKS), names).run(self.context)

    def states(self) -> CheckSection:
        return AlarmStates().run(self.context)

    @property
    def context(self) -> Context:
        return Context(self.aws, self.settings, NOW, NOW)

    def _serve(self) -> None:
        answers = {
            ("cloudwatch", "describe_alarms"): self._describe,
            ("cloudwatch", "list_alarm_mute_rules"): self._muted,
            ("cloudwatch", "get_alarm_mute_rule"): lambda **asked: {
                "Rule": {"Schedule": self.schedules.get(asked["AlarmMuteRuleName"], {})}
            },
            ("events", "list_rules"): lambda **_: {"Rules": self.rules},
            ("events", "list_targets_by_rule"): lambda **asked: {
                "Targets": self.targets.get(asked["Rule"], [])
            },
            ("lambda", "get_policy"): self._policy,
            ("lambda", "get_function_configuration"): lambda **asked: {
                "Timeout": self.limits[asked["FunctionName"]]
            },
            ("sns", "list_subscriptions_by_topic"): lambda **asked: {
                "Subscriptions": self.subscriptions.get(asked["TopicArn"], [])
            },
            ("sns", "get_subscription_attributes"): lambda **asked: attributes(asked["SubscriptionArn"]),
        }
        for (service, operation), answer in answers.items():
            self.aws.answer(service, operation, answer)

    def _describe(self, **asked: Any) -> Json:
        prefix, wanted = asked.get("AlarmNamePrefix"), asked.get("AlarmNames", [])
        rows = self.alarms.items()
        found = [
            row for name, row in rows if (name.startswith(prefix) if prefix is not None else name in wanted)
        ]
        types = asked.get("AlarmTypes") or ["MetricAlarm"]
        return {LISTS[kind]: [row for row in found if kind == type_of(row)] for kind in types}

    def _muted(self, **asked: Any) -> Json:
        """`planned`: (ONE_TIME or RECURRING, names) of rules that hold later, not now."""
        kinds = {rule: "RECURRING" if rule in self.recurring else "ONE_TIME" for rule in self.mutes}
        now = ((rule, "ACTIVE", kinds[rule], names) for rule, names in self.mutes.items())
        later = ((rule, "SCHEDULED", *rest) for rule, rest in self.planned.items())
        return {
            "AlarmMuteRuleSummaries": [
                {
                    "AlarmMuteRuleArn": f"arn:aws:cloudwatch:{HOME}:alarm-mute-rule:{rule}",
                    "Status": status,
                    "MuteType": kind,
                    **({"ExpireDate": self.ends[rule]} if rule in self.ends else {}),
                }
                for rule, status, kind, names in (*now, *later)
                if asked.get("AlarmName") in (None, *names) and status in asked["Statuses"]
            ]
        }

    def _policy(self, **asked: Any) -> Json:
        """Every rule may call the functions that are its targets, but for those in `shut`."""
        name = asked["FunctionName"]
        if name in self.shut:
            raise Missing("lambda", "GetPolicy", "ResourceNotFoundException")
        arns = [rule_arn(rule) for rule, found in self.targets.items() if name in str(found)]
        return {"Policy": json.dumps({"Statement": [allowed(arn) for arn in arns]})}


FILTERS = {f"level{n}": json.dumps({"level": [str(each) for each in range(n, 5)]}) for n in (2, 3, 4)}


def subscription(name: str, *, confirmed: bool = True) -> Json:
    arn = f"{TOPIC}:{name}" if confirmed else "PendingConfirmation"
    return {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": f"{name}@example.com"}


def listeners() -> list[Json]:
    return [subscription("on-call"), *(subscription(name) for name in FILTERS)]


def rules() -> list[Json]:
    """The rules of our stack, and another one that matches no alarm."""
    found = []
    for logical, each in functions(TEMPLATE).items():
        events = resolve(each.get("Events", {}), NAMES)
        pattern = events.get("Alarm", {}).get("Properties", {}).get("Pattern")
        if pattern:
            name = f"liveness-responder-{logical}Alarm"
            rule = {"Name": name, "Arn": rule_arn(name), "EventPattern": json.dumps(pattern)}
            found.append({**rule, "State": "ENABLED"})
    return [*found, {"Name": "nightly", "State": "ENABLED", "ScheduleExpression": "rate(1 day)"}]


def rule_arn(name: str) -> str:
    return f"arn:aws:events:{HOME}:rule/{name}"


def allowed(arn: str) -> Json:
    """A statement as CloudFormation writes it for AWS::Lambda::Permission."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": arn}},
    }


def answering(rule: str) -> str:
    """Name of the function that a rule of the stack hands alarms to."""
    logical = rule.removeprefix("liveness-responder-").removesuffix("Alarm")
    slug = re.sub(r"(?<!^)(?=[A-Z])", "-", logical).lower()
    return f"liveness-responder-{slug}"


def target(rule: str) -> dict[str, str]:
    return {"Id": "1", "Arn": f"arn:aws:lambda:{HOME}:function:{answering(rule)}"}


def attributes(arn: str) -> Json:
    return {"Attributes": {"FilterPolicy": FILTERS.get(arn.rsplit(":", 1)[-1], "")}}


def faults(section: CheckSection) -> set[tuple[str, str]]:
    """What is wrong with which alarm; the last word of each sentence's key."""
    return {
        (str(item.said.values.get("alarm", "")), item.said.key.rsplit(".", 1)[-1])
        for item in section.items
        if item.light is not GREEN
    }


def the(section: CheckSection, kind: str) -> CheckItem:
    (found,) = [item for item in section.items if item.said.key.rsplit(".", 1)[-1] == kind]
    return found


def sayable(section: CheckSection) -> None:
    """Every sentence exists in both languages, with all its values."""
    for item in section.items:
        for one in (item.said, *item.details):
            assert one.key in catalogue(), one.key
            for language in ("ja", "en"):
                assert not {"<", "{"} & set(say(one, language).replace(" < ", "").replace(" <= ", "")), one
