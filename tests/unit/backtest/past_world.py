"""A system in memory that was watched: what it was, its history, and a back-test of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from liveness_ops.backtest import reading, results
from liveness_ops.backtest.paced import PacedReads
from liveness_ops.backtest.reading import Period
from responder.aws.gateway import PolicyGateway, through
from responder.core.plain_data import Json
from responder.store import Incidents
from tests.fakes import FakeAws
from tests.unit.respond.scene import ALARM, ARN, ENVIRONMENT, Scene

ROLE = "arn:aws:iam::123456789012:role/{}"


@dataclass
class PastWorld:
    """`scene` is the system while it lived; `read()` looks back at it.

    Attributes:
        items: the alarm history as AWS keeps it; `trail`: CloudTrail's events; `rules`: mute rules.
        groups: by log group, what DescribeLogGroups says besides its name.
        region: whose rates it keeps.
        seconds: what the pace of a back-test has waited for.
    """

    scene: Scene = field(default_factory=Scene)
    items: list[Json] = field(default_factory=list)
    trail: list[Json] = field(default_factory=list)
    groups: dict[str, Json] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    parameters: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    region: str = "us-east-1"
    seconds: float = 0.0

    def __post_init__(self) -> None:
        aws = self.scene.aws
        self.scene.row = {"AlarmName": ALARM, "AlarmArn": ARN}
        aws.lambdas.add("responder-high-error-rate", dict(ENVIRONMENT))
        for service, operation, answer in self._answers():
            aws.answer(service, operation, answer)
        for name in self.scene.logs.events | {f"/aws/lambda/{each}": [] for each in _functions()}:
            self.groups[name] = {}

    def _answers(self) -> Iterator[tuple[str, str, Callable[..., Any]]]:
        yield "cloudwatch", "describe_alarm_history", self._history
        yield "cloudwatch", "list_alarm_mute_rules", self._rules
        yield "cloudtrail", "lookup_events", self._lookup
        yield "logs", "describe_log_groups", self._log_groups
        yield "ssm", "get_parameters_by_path", self._by_path
        yield "ssm", "get_parameter_history", self._versions

    @property
    def began(self) -> datetime:
        """Long before anything happened."""
        return self.scene.aws.now - timedelta(days=60)

    def change(self, new: str, at: datetime, old: str = "OK", kind: str = "MetricAlarm", **more: Any) -> None:
        data = {"version": "1.0", "oldState": {"stateValue": old}, "newState": {"stateValue": new}}
        item = {
            "AlarmName": ALARM, "AlarmType": kind, "Timestamp": at, "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {old} to {new}", "HistoryData": json.dumps(data),
        }  # fmt: skip
        self.items.append({**item, **more})

    def wrote(
        self, name: str, at: datetime, /, who: str = "OnCall", service: str = "lambda", **asked: Any
    ) -> None:
        """A call in CloudTrail, in whole seconds; `who`: a role of the account, by its path and name."""
        detail = {
            "eventSource": f"{service}.amazonaws.com",
            "requestParameters": asked,
            "userIdentity": {
                "arn": f"arn:aws:sts::123456789012:assumed-role/{who.rpartition('/')[2]}/eve",
                "sessionContext": {"sessionIssuer": {"arn": ROLE.format(who)}},
            },
        }
        event = {
            "EventTime": at.replace(microsecond=0), "EventName": name, "EventId": str(len(self.trail)),
            "EventSource": detail["eventSource"], "Username": "eve", "CloudTrailEvent": json.dumps(detail),
        }  # fmt: skip
        self.trail.append(event)

    def raised(self, at: datetime | None = None, **more: Any) -> datetime:
        """The alarm goes off and is answered; when."""
        moment = at or self.scene.aws.now - timedelta(seconds=2)
        self.change("ALARM", moment)
        self.scene.alarm(at=moment, **more)
        if self.scene.leases():
            for each in self.scene.aws.sent("lambda", "update_function_configuration"):
                self.wrote(
                    "UpdateFunctionConfiguration20150331v2",
                    self.scene.aws.now,
                    "responder/role",
                    functionName=each["FunctionName"],
                )
        return moment

    def paced(self) -> PolicyGateway:
        reads = PacedReads(self.region, lambda: self.seconds, self._passed)
        return through(self.scene.aws, reads)

    def _passed(self, seconds: float) -> None:
        self.seconds += seconds

    def read(self, days: int = 30, **more: Any) -> Period:
        aws, now = self.paced(), self.scene.aws.now
        base = reading.base_settings(aws, "responder")
        return reading.read(aws, Incidents(aws, "Incidents"), base, now - timedelta(days=days), now, **more)

    def judged(self, document: str = "", **more: Any) -> list[Json]:
        """Every transition."""
        period = self.read(**more)
        return [results.of_transition(period.inputs, each, document) for each in period.transitions]

    def one(self) -> Json:
        """The only transition."""
        (found,) = self.judged()
        return found

    @property
    def fake(self) -> FakeAws:
        return self.scene.aws

    # --- as AWS answers

    def _history(self, **asked: Any) -> Any:
        found = [
            each
            for each in self.items
            if each["AlarmType"] in (asked.get("AlarmTypes") or ["MetricAlarm"])
            and each["HistoryItemType"] == asked.get("HistoryItemType", each["HistoryItemType"])
            and each["AlarmName"] == asked.get("AlarmName", each["AlarmName"])
            and asked["StartDate"] <= each["Timestamp"] <= asked["EndDate"]
        ]
        return {"AlarmHistoryItems": sorted(found, key=lambda each: each["Timestamp"], reverse=True)}

    def _lookup(self, **asked: Any) -> Any:
        (wanted,) = asked["LookupAttributes"]
        named = wanted["AttributeKey"] == "EventName"
        start, end = asked.get("StartTime", self.began), asked.get("EndTime", self.scene.aws.now)
        found = [
            each
            for each in sorted(self.trail, key=lambda each: each["EventTime"], reverse=True)
            if start <= each["EventTime"] <= end
            and (not named or each["EventName"] == wanted["AttributeValue"])
        ]
        pages = [found[first : first + 50] for first in range(0, len(found), 50)] or [[]]
        last = len(pages) - 1
        return [
            {"Events": page, **({"NextToken": str(number + 1)} if number < last else {})}
            for number, page in enumerate(pages)
        ]

    def _log_groups(self, **asked: Any) -> Any:
        prefix = asked["logGroupNamePrefix"]
        found = [
            {"logGroupName": name, **more} for name, more in self.groups.items() if name.startswith(prefix)
        ]
        return {"logGroups": found}

    def _rules(self, **_: Any) -> Any:
        arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:"
        return {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": f"{arn}{name}"} for name in self.rules]}

    def _known(self) -> dict[str, list[tuple[datetime, str]]]:
        plain = {name: [(self.began, value)] for name, value in self.scene.aws.ssm.parameters.items()}
        return {**plain, **self.parameters}

    def _by_path(self, **_: Any) -> Any:
        found = [(name, *versions[-1]) for name, versions in sorted(self._known().items())]
        return {
            "Parameters": [
                {"Name": name, "Value": value, "LastModifiedDate": at, "Version": 1}
                for name, at, value in found
            ]
        }

    def _versions(self, **asked: Any) -> Any:
        versions = self._known()[asked["Name"]]
        return {"Parameters": [{"Value": value, "LastModifiedDate": at} for at, value in versions]}


def _functions() -> tuple[str, str]:
    return "FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult"
