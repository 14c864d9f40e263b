"""Reports on their way from the topic into a Slack on loopback, with an AWS in memory behind them."""

import copy
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from responder.core.context import Context
from responder.core.plain_data import Data, Json
from responder.core.report import Report
from responder.core.settings import Settings
from responder.slack.client import Slack
from responder.slack.outbound import post
from tests.fakes import Died, FakeAws
from tests.fakes.slack_server import SlackServer
from tests.laid_out import machine
from tests.unit.messages.samples import ACTS, AT

CHANNEL = "C0ONCALL"
SETTINGS = Settings(
    incidents_table="Incidents",
    slack_channel=CHANNEL,
    slack_team="T0TEAM",
    slack_level_mentions="2=<!subteam^S1DEV>,3=<@U3ARCH>",
)
PICTURE = b"\x89PNG a graph"
ALARM = {
    "AlarmName": ACTS.alarm,
    "Namespace": "FaceAuth/Liveness",
    "MetricName": "VerificationError",
    "Statistic": "Sum",
    "Period": 300,
    "Threshold": 5.0,
}


@dataclass
class CrashingSlackClient:
    """Slack's client; dies before or after a call where `dies` says so. `calls`: every one so far. A post
    that is answered late is sent by the `hasty` one: only that one waits no longer than a second."""

    slack: SlackServer
    client: Slack
    hasty: Slack
    dies: tuple[int, bool] | None = None
    calls: list[str] = field(default_factory=list)

    def call(self, method: str, /, **arguments: Any) -> Json:
        self._step(method, after=False)
        late = method == "chat.postMessage" and self.slack.late(method)
        answer = (self.hasty if late else self.client).call(method, **arguments)
        self._step(method, after=True)
        return answer

    def upload(self, *arguments: Any) -> None:
        self._step("upload", after=False)
        self.client.upload(*arguments)
        self._step("upload", after=True)

    def _step(self, method: str, *, after: bool) -> None:
        if not after:
            self.calls.append(method)
        if self.dies == (len(self.calls), after):
            self.dies = None
            raise Died


@dataclass
class SlackDelivery:
    slack: SlackServer
    client: CrashingSlackClient
    aws: FakeAws = field(default_factory=FakeAws)
    pictures: bool = True
    settings: Settings = SETTINGS

    def __post_init__(self) -> None:
        self.aws.now = AT + timedelta(seconds=1)
        self.aws.dynamo.create("Incidents", "pk", "sk")
        self.aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": [ALARM] if self.pictures else []})
        self.aws.answer("cloudwatch", "get_metric_widget_image", {"MetricWidgetImage": PICTURE})

    def send(self, report: Report | Data, language: str = "ja") -> Json:
        """SNS delivers it once."""
        answer = machine(report, language) if isinstance(report, Report) else report
        now = self.aws.now
        context = Context(self.aws, self.settings, now, now)
        return post.receive(sns(answer), context, self.client, lambda seconds: time.sleep(seconds / 10))

    def again(self, report: Report | Data) -> Json:
        """Lambda's retry, a minute later."""
        self.aws.tick(seconds=61)
        return self.send(report)

    @property
    def root(self) -> Json:
        """The one message of on-call's channel."""
        (found,) = self.slack.roots(self.settings.slack_channel)
        return found

    @property
    def thread(self) -> list[Json]:
        return self.slack.thread(self.root["ts"])

    def row(self, name: str = "SLACK") -> Json:
        return next(row for row in self.aws.dynamo.rows("Incidents") if row["sk"]["S"] == name)


def sns(report: Data) -> Json:
    """As SNS hands a message to Lambda."""
    given = {
        "Type": "Notification",
        "Message": json.dumps(report, ensure_ascii=False),
        "MessageAttributes": {},
    }
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": copy.deepcopy(given)}]}


@contextmanager
def slack_delivery(*, pictures: bool = False) -> Iterator[SlackDelivery]:
    """In front of a Slack where nothing has been posted."""
    with SlackServer() as slack:
        patient, hasty = (Slack(slack.token, slack.url, seconds) for seconds in (30, 1))
        yield SlackDelivery(slack, CrashingSlackClient(slack, patient, hasty), pictures=pictures)


def later(report: Report, minutes: float, **changes: Any) -> Report:
    """Another report of the same incident."""
    at: datetime = report.at + timedelta(minutes=minutes)
    kind = changes.get("kind", report.kind)
    return replace(report, id=f"{report.incident}/{kind}/{at:%H%M%S}", at=at, **changes)


def words(message: Json) -> str:
    """Everything that is to be read in a message."""
    found = [message["text"]]
    for block in message["blocks"]:
        parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [part["text"] for part in parts if part and isinstance(part.get("text"), str)]
    return "\n".join(found)


def buttons(message: Json) -> list[tuple[str, Json]]:
    """What can be pressed, from top to bottom, with what it names."""
    pressed: list[Json] = []
    for block in message["blocks"]:
        beside = [block["accessory"]] if "accessory" in block else []
        pressed += block["elements"] if block["type"] == "actions" else beside
    return [(each["action_id"], json.loads(each["value"])) for each in pressed]
