"""A FaceAuth system in memory with a broken Rekognition, and a responder in front of it."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from threading import Lock
from typing import Any, Self

from alarms import high_error_rate
from responder.alarm_function.handler import KeptFor, World, answer
from responder.aws.items import from_item
from responder.core import retry
from responder.core.errors import BeingAnswered, Denied, NotClaimed
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.fakes.registered import document
from tests.unit.evidence.worlds import Figures, Logs
from tests.unit.remedies.world import FOUR, percentages, rolled_out

ALARM = "FaceAuth-Liveness-HighErrorRate"
ARN = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{ALARM}"
CREATE, RESULT = Settings().functions
# How often a write is sent that AWS turns away for its rate.
TRIES = 1 + len(retry.PAUSES)
REQUEST = "8f5cbd1c-63a1-4d57-9c64-0f0a2f5a{:04x}"
FAULT = (
    "[ERROR]\t{at}Z\t{id}\tLiveness service error: Failed to get liveness session result: "
    "An error occurred ({code}) when calling the GetFaceLivenessSessionResults operation: try again"
)
ENVIRONMENT = {
    "STACK": "responder",
    "ACCOUNT": "123456789012",
    "INCIDENTS_TABLE": "Incidents",
    "CLAIMS_TABLE": "Claims",
    "APPROVALS_TABLE": "Approvals",
    "TOPIC": "arn:aws:sns:us-east-1:123456789012:Notifications",
    "FAILURES_QUEUE": "https://sqs.us-east-1.amazonaws.com/123456789012/Failures",
    "ROLLOUT_READERS": ",".join(FOUR),
    "LANGUAGE": "en",
    "ALARM_NAME": ALARM,
    "FOLLOW_UP": "responder-follow-up:live",
}
PEOPLE = document(
    aiko=["lowers_security", "arn:aws:iam::123456789012:user/aiko"], ken=["costs_money", "U0KEN"]
)


class FakeClaims:
    """Powertools' behaviour: answered once, freed by an exception or by time. `broken`: cannot be written."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[datetime, Json]] = {}
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.running: set[str] = set()
        self.lock = Lock()
        self.broken = False

    def once(self, key: str, work: Callable[[], Json], context: Any, kept: KeptFor) -> Json:
        if self.broken:
            raise NotClaimed(key, Denied("dynamodb", "PutItem", "AccessDeniedException"))
        with self.lock:
            if key in self.running:
                raise BeingAnswered(key)
            if key in self.answers and self.answers[key][0] >= self.clock():
                return self.answers[key][1]
            self.running.add(key)
        try:
            answer = work()
            self.answers[key] = (self.clock() + kept(answer), answer)
        finally:
            self.running.discard(key)
        return answer


def played_once[S: Scene](play: Callable[..., S]) -> Callable[..., S]:
    """For the beginning that many tests have in common: the first one plays it, each gets a copy."""
    played = cache(play)

    @wraps(play)
    def copied(*given: Any, **named: Any) -> S:
        return played(*given, **named).copied()

    return copied


@dataclass
class Scene:
    """`scene.alarm()` delivers the ALARM event; `scene.reported` is what on-call got.

    Attributes:
        kind: the alarm's type, in the word of DescribeAlarms; `row`: what else it returns of it.
        gone: the alarm was deleted.
        mutes: the active rules that mute it.
    """

    playbook: Playbook = high_error_rate.playbook
    environment: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    document: str = PEOPLE
    claims: FakeClaims = field(default_factory=FakeClaims)
    aws: FakeAws = field(default_factory=rolled_out)
    state: str = "ALARM"
    logs: Logs = field(default_factory=Logs)
    failed: int = 0
    figures: Figures = field(default_factory=Figures)
    kind: str = "MetricAlarm"
    row: Json = field(default_factory=dict)
    gone: bool = False
    mutes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        aws = self.aws
        self.claims.clock = self._now
        for table in ("Incidents", "Claims", "Approvals"):
            aws.dynamo.create(table, *(("id",) if table == "Claims" else ("pk", "sk")))
        for name in (CREATE, RESULT):
            aws.lambdas.add(name, {"LIVENESS_SESSIONS_TABLE": Settings().sessions_table})
        aws.ssm.parameters["/responder/settings"] = self.document
        aws.ssm.modes["everywhere"] = "auto"
        for remedy in ("rollout_to_zero", "on_demand_billing", "provisioned_concurrency", "memory_increase"):
            aws.ssm.modes[remedy] = "auto"
        self._answers()
        self.requests(200)

    def _now(self) -> datetime:
        return self.aws.now

    def copied(self) -> Self:
        """Another one of which everything is as it is here now. What no one changes is shared."""
        return copy.deepcopy(self, self.shared())

    def shared(self) -> dict[int, Any]:
        """What a copy takes as it is, by its id; and a lock of its own."""
        points = (each for values in self.figures.data.values() for each in values)
        lines = (each for events in self.logs.events.values() for each in events)
        same = {id(each): each for each in (self.playbook, *points, *lines)}
        return self.aws.shared() | same | {id(self.claims.lock): Lock()}

    def _answers(self) -> None:
        aws = self.aws
        aws.answer("cloudwatch", "describe_alarms", self._described)
        aws.answer("cloudwatch", "list_alarm_mute_rules", self._muted)
        self.logs.serve(aws)
        self.figures.serve(aws)
        aws.answer("iam", "get_role_policy", {"PolicyDocument": {"Statement": []}})
        aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": []})
        aws.answer("cloudtrail", "lookup_events", {"Events": []})
        aws.answer("cloudformation", "describe_stack_events", {"StackEvents": []})
        aws.answer("cloudformation", "describe_stacks", {"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]})
        aws.answer("health", "describe_events", {"events": []})
        aws.dynamo.add(Settings().sessions_table, indexes={"EmployeeIdIndex": (0, 0)})

    def _described(self, **asked: Any) -> Json:
        """As AWS: alarms of a type that was not asked for are left out."""
        found = [] if self.gone else [{"StateValue": self.state, "ActionsEnabled": True, **self.row}]
        types = asked.get("AlarmTypes") or ["MetricAlarm"]
        return {f"{kind}s": found if kind == self.kind else [] for kind in types}

    def _muted(self, **_: Any) -> Json:
        arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:"
        return {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": f"{arn}{name}"} for name in self.mutes]}

    def requests(self, number: int) -> None:
        """Invocations of both functions over the last hour."""
        times = [self.aws.now - timedelta(minutes=55 * each / number + 1) for each in range(number)]
        for name, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
            self.figures.put("AWS/Lambda", "Invocations", [(at, 1.0) for at in times], FunctionName=name)
            self.figures.put(Settings().namespace, own, [(at, 1.0) for at in times])

    def asks(self) -> Self:
        """Throttling: going to 0% waits for an approval since two minutes."""
        self.faults(15, code="ThrottlingException").alarm()
        self.aws.tick(minutes=2)
        return self

    def applies(self) -> Self:
        """Rollout is at 0%, and AWS is done with it."""
        self.faults(15).alarm()
        self.aws.settle()
        self.command("finish", remedy="rollout_to_zero")
        return self

    def faults(self, number: int, code: str = "InternalServerError", minutes: float = 10) -> "Scene":
        """Failed result requests, spread over the last minutes."""
        for each in range(number):
            at = self.aws.now - timedelta(minutes=minutes * (each + 1) / (number + 1))
            stamp = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
            line = FAULT.format(at=stamp, id=REQUEST.format(self.failed), code=code)
            self.failed += 1
            self.logs.put(RESULT, at, line)
        # CloudWatch has the invocations up to now, too.
        self.figures.put("AWS/Lambda", "Invocations", [(self.aws.now, 0.0)], FunctionName=RESULT)
        return self

    def event(self, state: str = "ALARM", at: datetime | None = None, **more: Any) -> Json:
        moment = at or self.aws.now - timedelta(minutes=1)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0000"
        return {
            "source": "aws.cloudwatch",
            "detail-type": "CloudWatch Alarm State Change",
            "account": "123456789012",
            "region": "us-east-1",
            "resources": [ARN],
            "detail": {"alarmName": ALARM, "state": {"value": state, "timestamp": stamp}},
            **more,
        }

    def deliver(self, event: Any) -> Json:
        return answer(
            self.playbook, event, None, World(self.aws, self.claims, self.environment, self.aws.now)
        )

    def alarm(self, **more: Any) -> Json:
        """Where it is about a calm, the alarm is calm while it is delivered."""
        before = self.state
        self.state = before if more.get("state", "ALARM") == "ALARM" else more["state"]
        try:
            return self.deliver(self.event(**more))
        finally:
            self.state = before

    def command(self, order: str, **more: Any) -> Json:
        incident = more.pop("incident", None) or self.pointer["incident"]
        return self.deliver({"command": order, "incident": incident, **more})

    @property
    def pointer(self) -> Json:
        return next(row for row in self.rows() if row["pk"] == "ALARMS")

    def rows(self, prefix: str = "") -> list[Json]:
        rows = [from_item(row) for row in self.aws.dynamo.rows("Incidents")]
        return [row for row in rows if row["sk"].startswith(prefix)]

    def leases(self) -> list[Json]:
        return [json.loads(row["data"]) for row in self.rows("LEASE#")]

    @property
    def reported(self) -> list[Json]:
        """The machine bodies of what was sent, oldest first."""
        return self.reported_since(0)

    def reported_since(self, number: int) -> list[Json]:
        """The machine bodies of what was sent after so many messages."""
        sent = self.aws.sns.published[number:]
        return [json.loads(json.loads(one["Message"])["lambda"]) for one in sent]

    @property
    def mail(self) -> str:
        return str(json.loads(self.aws.sns.published[-1]["Message"])["email"])

    @property
    def result(self) -> Json:
        """The first outcome of the last message."""
        outcome: Json = self.reported[-1]["outcomes"][0]
        return outcome

    def approve(self, proposal: str, person: str = "aiko", principal: str | None = None) -> None:
        who = principal or f"arn:aws:iam::123456789012:user/{person}"
        row = {
            "pk": proposal,
            "sk": person,
            "decision": "approve",
            "principal": who,
            "at": self.aws.now.isoformat(),
        }
        self.aws.dynamo.put_item(
            TableName="Approvals", Item={name: {"S": value} for name, value in row.items()}
        )

    def percentages(self) -> list[str]:
        return percentages(self.aws)
