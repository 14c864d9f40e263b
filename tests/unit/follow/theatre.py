"""Whole incidents in virtual time: the alarm's function, its follow-up in the SDK's own runner, and a script.

The time is the follow-up's own: it moves on by what it waits for, and the script happens when its time comes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import follow_up
from aws_durable_execution_sdk_python import durable_execution, state
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

from responder.context import Context
from responder.settings import Settings
from responder.shell.follow.follower import Follower, Moment
from tests.fakes.gateway import Died
from tests.unit.shell.scene import ALARM, Scene

FOLLOW_UP = "responder-follow-up:live"
_REAL_SECONDS = 100


@dataclass(frozen=True)
class Message:
    """What on-call got: `minute` after the first ALARM, and the machine body."""

    minute: float
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """`escalation 2`, `progress mitigated`, `response`."""
        kind, topic = self.body["kind"], self.body.get("topic", "")
        return f"{kind} {self.body['level']}" if kind == "escalation" else f"{kind} {topic}".strip()


@dataclass(frozen=True)
class _OnStage(Follower):
    """The real follower, whose every step lets the script go on."""

    theatre: "Theatre | None" = None

    def look(self, last: Moment) -> Moment:
        moment = super().look(last)
        assert self.theatre is not None
        return {**moment, "over": True, "due": []} if self.theatre.ended else moment

    def _context(self, now: datetime) -> Context:
        assert self.theatre is not None
        self.theatre.reach(now)
        return super()._context(now)


@dataclass
class Theatre:
    """`at(minutes, what)` puts something into the script; `play(until=…)` raises the alarm and follows it.
    `slow`: AWS finishes nothing until it is told to (`scene.aws.settle()`)."""

    scene: Scene = field(default_factory=Scene)
    script: list[tuple[float, Callable[[], Any]]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    until: float = 0
    invocations: int = 0
    operations: int = 0
    slow: bool = False
    ordered: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scene.environment |= {"FOLLOW_UP": FOLLOW_UP, "REPORTS_BUCKET": "reports", "STACK": "responder"}
        aws = self.scene.aws
        # An asynchronous invocation runs after its caller has gone on.
        aws.lambdas.receive = lambda _, payload: self.ordered.append(payload)
        aws.answer("s3", "put_object", {})
        self.opened = aws.now
        aws.answer("cloudwatch", "describe_alarms", lambda **_: {"MetricAlarms": [self.alarm]})
        self.since = aws.now

    @property
    def alarm(self) -> dict[str, Any]:
        return {
            "AlarmName": ALARM,
            "Namespace": "FaceAuth/Liveness",
            "MetricName": "VerificationError",
            "Statistic": "Sum",
            "Period": 300,
            "Threshold": 10.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "StateValue": self.scene.state,
            "StateTransitionedTimestamp": self.since,
        }

    # --- what a script can do ----------------------------------------------------------------------

    def at(self, minutes: float, what: Callable[[], Any]) -> "Theatre":
        self.script.append((minutes, what))
        self.script.sort(key=lambda entry: entry[0])
        return self

    def becomes(self, state: str, *, lost: bool = False) -> None:
        """The alarm changes its state, and its event arrives unless it is lost."""
        self.scene.state, self.since = state, self.scene.aws.now
        if not lost:
            self.scene.deliver(self.scene.event(state, self.scene.aws.now))

    def recovers(self) -> None:
        self.becomes("OK")

    def acknowledges(self, person: str = "aiko") -> None:
        row = {
            "pk": f"ACK#{self.incident}",
            "sk": person,
            "decision": "acknowledge",
            "principal": f"arn:aws:iam::123456789012:user/{person}",
            "at": self.scene.aws.now.isoformat(),
        }
        item = {name: {"S": value} for name, value in row.items()}
        self.scene.aws.dynamo.put_item(TableName="Approvals", Item=item)

    def approves(self, person: str = "aiko") -> None:
        """The last proposal that was told; the row only, so that the follow-up has to carry it out."""
        proposals = [
            one["approval"] for each in self.messages for one in each.body["outcomes"] if one["approval"]
        ]
        self.scene.approve(proposals[-1], person)

    # --- playing -----------------------------------------------------------------------------------

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def ended(self) -> bool:
        return self.minute > self.until

    @property
    def minute(self) -> float:
        return (self.scene.aws.now - self.opened).total_seconds() / 60

    def reach(self, now: datetime) -> None:
        """Everything that was ordered or stands in the script happens before the follow-up sees that time."""
        self._collect()
        while self.ordered:
            self._command(self.ordered.pop(0))
        while self.script and self.opened + timedelta(minutes=self.script[0][0]) <= now:
            minutes, what = self.script.pop(0)
            self.scene.aws.now = max(self.scene.aws.now, self.opened + timedelta(minutes=minutes))
            what()
            self._collect()
        self.scene.aws.now = max(self.scene.aws.now, now)
        if not self.slow:
            self.scene.aws.settle()

    def play(self, until: float = 240) -> "Theatre":
        """Raise the alarm and follow it until it is over, or until so many minutes."""
        self.until = until
        self.opened = self.since = self.scene.aws.now
        self.scene.deliver(self.scene.event("ALARM", self.scene.aws.now))
        self._collect()
        return self.follow(self.incident)

    def follow(self, incident: str) -> "Theatre":
        settings = Settings.read(self.scene.environment)
        follower = _OnStage(incident, self.scene.aws, settings, lambda: self.scene.aws.now, theatre=self)
        handler = durable_execution(lambda _, durable: follow_up.follow(durable, follower))
        # An invocation ends only when the SDK's thread has noticed, at the pace of this constant.
        with (
            patch.object(state, "_STOP_SIGNAL_POLL_SECONDS", 0.001),
            DurableFunctionTestRunner(self._mortal(handler), poll_interval=0.01) as runner,
        ):
            result = runner.run(json.dumps({"incident": incident}), execution_timeout=_REAL_SECONDS)
        self._collect()
        assert result.status.value == "SUCCEEDED", result.error
        self.operations = len(result.get_all_operations())
        return self

    def _mortal(self, handler: Any) -> Any:
        def invoked(event: Any, context: Any) -> Any:
            self.invocations += 1
            try:
                return handler(event, context)
            except Died as death:
                raise RuntimeError("the environment is gone") from death

        return invoked

    def _command(self, payload: Any) -> None:
        """Lambda's own two retries; what fails three times is told by response_failed, not here."""
        for _ in range(3):
            try:
                self.scene.deliver(payload)
                break
            except Exception:
                self.scene.claims.running.clear()
        self._collect()

    def _collect(self) -> None:
        for body in self.scene.told[len(self.messages) :]:
            self.messages.append(Message(round(self.minute, 1), body))

    # --- looking at it -----------------------------------------------------------------------------

    @property
    def story(self) -> list[tuple[float, str]]:
        return [(each.minute, each.name) for each in self.messages]

    def named(self, name: str) -> list[float]:
        return [each.minute for each in self.messages if each.name == name]
