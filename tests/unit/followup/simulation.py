"""Whole incidents in virtual time: the alarm's function, its follow-up as a durable execution, and a script.

The time is the follow-up's own: it moves on by what it waits for, and the script happens when its time comes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import follow_up
from aws_durable_execution_sdk_python import DurableContext, DurableOperationError, durable_execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

from local_aws.client.metering import metered
from responder.core.context import Context, Gateway
from responder.core.frozen import frozen
from responder.core.liveness_function import scope_of
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.followup.follower import Follower, Moment
from responder.store import Incidents
from responder.store.approvals import worse
from tests.fakes.gateway import Died
from tests.timelines.durable import Durable, Record, Suspended
from tests.unit.followup.scenes import FollowUpScene, alarm_row, too_few_faults

_REAL_SECONDS = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Message:
    """What on-call got: `minute` after the first ALARM, and the machine body."""

    minute: float
    body: Json

    @property
    def name(self) -> str:
        """`escalation 2`, `progress mitigated`, `response`, `command asked`."""
        kind, topic = self.body["kind"], self.body.get("topic", "")
        if kind == "command":
            topic = self.body["outcomes"][0]["result"]
        return f"{kind} {self.body['level']}" if kind == "escalation" else f"{kind} {topic}".strip()


@frozen
class _SimulatedFollower(Follower):
    """The real follower, whose every step advances the script."""

    simulation: "IncidentSimulation | None" = None

    def look(self, last: Moment) -> Moment:
        assert self.simulation is not None
        self.simulation.current_step = f"look {last['at']} {last['pause']}"
        moment = super().look(last)
        if self.simulation.ended:
            return {**moment, "over": True, "due": []}
        return self.simulation.waiting(moment)

    def do(self, duty_id: str, moment: Moment) -> Moment:
        assert self.simulation is not None
        self.simulation.granted += _SECOND
        self.simulation.current_step = duty_id
        self.simulation.duties.append(duty_id)
        return super().do(duty_id, moment)

    def _context(self, now: datetime) -> Context:
        assert self.simulation is not None
        self.simulation.reach(now)
        return super()._context(now)


@dataclass
class IncidentSimulation:
    """`at(minutes, what)` puts something into the script; `play(until=…)` raises the alarm and follows it.

    Attributes:
        sdk: the follow-up runs in the SDK's own runner, with its threads, checkpoints and service; else in
            the durable execution of the timelines, which waits and replays as the SDK does, without threads.
        slow: AWS finishes nothing until the test settles it (`scene.aws.settle()`).
        alarm_function_down: the alarm's function ends before it has read its commands.
        ordered: what the follow-up sent and the alarm's function has not yet got; `orders`: all of it.
        late: the alarm's function gets its commands only once time has passed.
        gateway: the follow-up's own way to AWS; `wrap`: what is between the SDK and its service.
        operations: what the last execution has used; `counted`: its own count.
        current_step: the step that the follow-up is at.
        other: the state of every other alarm; `other_scenes`: their functions, by name; `asked`: what
            was sent to them and they have not yet got.
        granted: how far the waits would have brought a clock; the follow-up must not be ahead of it.
    """

    scene: FollowUpScene = field(default_factory=too_few_faults)
    script: list[tuple[float, Callable[[], Any]]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    until: float = 0
    invocations: int = 0
    operations: int = 0
    counted: int = 0
    sdk: bool = False
    slow: bool = False
    alarm_function_down: bool = False
    ordered: list[Any] = field(default_factory=list)
    orders: list[tuple[float, Json]] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    late: bool = False
    period: int = 300
    gateway: Gateway | None = None
    wrap: Callable[[Any], Any] = lambda event: event
    current_step: str = ""
    outcome: str = ""
    other: str = "ALARM"
    other_scenes: dict[str, FollowUpScene] = field(default_factory=dict)
    asked: list[tuple[FollowUpScene, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        aws = self.scene.aws
        # An asynchronous invocation runs after its caller has continued.
        aws.lambdas.receive = self._receive
        aws.answer("s3", "put_object", {})
        self.opened = self.granted = self.since = aws.now
        self.ahead = timedelta(0)
        aws.answer("cloudwatch", "describe_alarms", self._described)

    def _described(self, **asked: Any) -> Json:
        """As AWS: alarms of a type that was not asked for are left out."""
        types = asked.get("AlarmTypes") or ["MetricAlarm"]
        return {f"{kind}s": self._alarms(**asked) if kind == self.scene.kind else [] for kind in types}

    def _alarms(self, **asked: Any) -> list[Json]:
        scene = self.scene
        mine = alarm_row(scene.alarm_name, scene.state, self.since, self.period, **scene.row)
        if "AlarmNames" in asked and asked["AlarmNames"] != [self.scene.alarm_name]:
            # Another alarm of the same world.
            return [{**mine, "AlarmName": asked["AlarmNames"][0], "StateValue": self.other}]
        return [] if self.scene.gone else [mine]

    # --- what a script can do ----------------------------------------------------------------------

    def at(self, minutes: float, what: Callable[[], Any]) -> "IncidentSimulation":
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

    def returns(self) -> None:
        self.becomes("ALARM")

    def knows(self, other_scene: FollowUpScene) -> None:
        """The function of another alarm can be ordered to look."""
        self.other_scenes[f"responder-{other_scene.playbook.slug}"] = other_scene

    def acknowledges(self, person: str = "aiko") -> None:
        self._says(f"ACK#{self.incident}", person, "acknowledge")

    def approves(self, person: str = "aiko", proposal: str = "", identity: str = "") -> None:
        """The last proposal that was reported; the row only, so that the follow-up has to carry it out."""
        self._says(proposal or self.proposals[-1], person, "approve", identity)

    def rejects(self, person: str = "aiko", proposal: str = "") -> None:
        self._says(proposal or self.proposals[-1], person, "reject")

    def withdraws(self, person: str = "aiko", proposal: str = "") -> None:
        self._says(proposal or self.proposals[-1], person, "withdraw")

    def _says(self, pk: str, person: str, decision: str, identity: str = "") -> None:
        row = {
            "pk": pk,
            "sk": person,
            "decision": decision,
            "principal": identity or f"arn:aws:iam::123456789012:user/{person}",
            "at": self.scene.aws.now.isoformat(),
        }
        item = {name: {"S": value} for name, value in row.items()}
        self.scene.aws.dynamo.put_item(TableName="Approvals", Item=item)

    def reverts_harm(self, remedy: str, person: str = "ken") -> None:
        """A person reverts it because it made things worse."""
        lease = next(
            each
            for each in Incidents(self.scene.aws, "Incidents").ledger().of_incident(self.incident)
            if each.remedy == remedy
        )
        self._says(worse(lease), person, "worse")
        scope = scope_of(lease.scope, Settings.read(self.scene.environment))
        self._command({"command": "revert", "incident": self.incident, "remedy": remedy, "scope": scope})

    @property
    def asking(self) -> dict[str, Json]:
        """The stops by which a remedy is only asked for, by name."""
        path, found = "/responder/stops/", self.scene.aws.ssm.parameters
        stops = {name.removeprefix(path): json.loads(value) for name, value in found.items() if path in name}
        return {name: each for name, each in stops.items() if each.get("kind") == "ask"}

    def pauses(self) -> None:
        self.scene.aws.ssm.parameters["/responder/stops/release"] = '{"who": "aiko", "why": "deploying"}'

    def resumes(self) -> None:
        del self.scene.aws.ssm.parameters["/responder/stops/release"]

    def mode(self, mode: str) -> None:
        self.scene.aws.ssm.modes["everywhere"] = mode

    # --- playing -----------------------------------------------------------------------------------

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def proposals(self) -> list[str]:
        """The ids of what was asked for, as it was reported."""
        messages = (one["approval"] for each in self.messages for one in each.body["outcomes"])
        return [each for each in messages if each]

    @property
    def ended(self) -> bool:
        return self.minute > self.until

    @property
    def minute(self) -> float:
        return (self.scene.aws.now - self.opened).total_seconds() / 60

    def reach(self, now: datetime) -> None:
        """Everything that was ordered or is in the script happens before the follow-up sees that time."""
        self.ahead = max(self.ahead, now - self.granted)
        self._collect()
        while self.asked:
            other_scene, payload = self.asked.pop(0)
            other_scene.deliver(payload)
        while self.ordered and (not self.late or now > self.scene.aws.now):
            self._command(self.ordered.pop(0))
        while self.script and self.opened + timedelta(minutes=self.script[0][0]) <= now:
            minutes, what = self.script.pop(0)
            self.scene.aws.now = max(self.scene.aws.now, self.opened + timedelta(minutes=minutes))
            what()
            self._collect()
        self.scene.aws.now = max(self.scene.aws.now, now)
        if not self.slow:
            self.scene.aws.settle()

    def waiting(self, moment: Moment) -> Moment:
        """The SDK is about to wait, or not."""
        if not moment["due"] and not moment["over"]:
            self.granted += timedelta(seconds=moment["pause"])
        return moment

    def play(self, until: float = 240) -> "IncidentSimulation":
        """Raise the alarm and follow it to its end, or for so many minutes."""
        self.raise_alarm()
        return self.follow(until=until)

    def raise_alarm(self) -> "IncidentSimulation":
        self.opened = self.since = self.granted = self.scene.aws.now
        self.scene.deliver(self.scene.event("ALARM", self.scene.aws.now))
        self._collect()
        return self

    def follow(
        self, incident: object = None, until: float = 240, expect: str = "SUCCEEDED"
    ) -> "IncidentSimulation":
        """One execution, to its end."""
        self.until = until
        self.granted = max(self.granted, self.scene.aws.now)
        payload = {"incident": self.incident} if incident is None else incident
        settings = Settings.read(self.scene.environment)

        def code(event: Data, durable: DurableContext) -> Moment:
            name, aws = str(event.get("incident", "")), self.gateway or self.scene.aws
            return follow_up.follow(
                durable, _SimulatedFollower(name, aws, settings, lambda: self.scene.aws.now, simulation=self)
            )

        (self._by_the_sdk if self.sdk else self._at_once)(code, payload, expect)
        self._collect()
        assert self.ahead <= _SECOND, f"ahead of the clock by {self.ahead}"
        return self

    def _at_once(self, code: Callable[..., Moment], payload: Any, expect: str) -> None:
        """In this thread: every wait ends the run, and the next one replays what was done."""
        record, clock = Record(), [self.scene.aws.now]
        while True:
            self.invocations += 1
            durable = Durable(record, lambda: max(clock[0], self.scene.aws.now))
            try:
                ended = code(payload, durable)
            except Suspended as wait:
                clock[0] = wait.until
                continue
            except DurableOperationError as error:
                assert expect == "FAILED", error
                ended = {}
            else:
                assert expect == "SUCCEEDED"
            self.outcome, self.operations, self.counted = expect, record.used, ended.get("used", 0)
            return

    def _by_the_sdk(self, code: Callable[..., Moment], payload: Any, expect: str) -> None:
        with (
            patch.object(Executor, "RETRY_BACKOFF_SECONDS", 0),
            patch.object(Executor, "MAX_CONSECUTIVE_FAILED_ATTEMPTS", 200),
            metered() as meter,
            DurableFunctionTestRunner(
                meter.handler(self._restartable(durable_execution(code))), poll_interval=0.01
            ) as runner,
        ):
            result = runner.run(json.dumps(payload), execution_timeout=_REAL_SECONDS)
        # The runner leaves its loop open.
        runner._scheduler._loop.close()
        self.outcome = result.status.value
        assert self.outcome == expect, result.error
        self.operations = meter.used
        self.counted = json.loads(result.result or "{}").get("used", 0)

    def _restartable(self, handler: Any) -> Any:
        def invoked(event: Any, context: Any) -> Any:
            self.invocations += 1
            try:
                return handler(self.wrap(event), context)
            except Died as error:
                raise RuntimeError("the environment is gone") from error

        return invoked

    def _receive(self, function: str, payload: Any) -> None:
        if function in self.other_scenes:
            assert payload["command"] == "check-leases", "of another alarm it only checks the leases"
            self.asked.append((self.other_scenes[function], payload))
            return
        assert function == f"responder-{self.scene.playbook.slug}", "only the alarm's own function"
        self.orders.append((round(self.minute, 1), payload))
        self.ordered.append(payload)

    def _command(self, payload: Any) -> None:
        """Lambda's own two retries; what fails three times is reported by response_failed, not here."""
        for _ in range(0 if self.alarm_function_down else 3):
            try:
                self.scene.deliver(payload)
                break
            except Exception:
                self.scene.claims.running.clear()
        self._collect()

    def _collect(self) -> None:
        for body in self.scene.reported_since(len(self.messages)):
            self.messages.append(Message(round(self.minute, 1), body))

    # --- looking at it -----------------------------------------------------------------------------

    @property
    def story(self) -> list[tuple[float, str]]:
        return [(each.minute, each.name) for each in self.messages]

    def named(self, name: str) -> list[float]:
        """When it was reported."""
        return [each.minute for each in self.messages if each.name == name]

    def message(self, name: str) -> Json:
        """The last one of this name."""
        return next(each.body for each in reversed(self.messages) if each.name == name)

    def sent(self, order: str) -> list[float]:
        """When the alarm's function was ordered something."""
        return [minute for minute, payload in self.orders if payload["command"] == order]

    @property
    def closed(self) -> bool:
        return bool(self.scene.pointer.get("closed"))
