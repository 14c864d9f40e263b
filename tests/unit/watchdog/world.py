"""A stack with open incidents, whose follow-ups are alive or not; `round()` is one round of the watchdog."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, to_item
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest
from responder.core.context import Context, Gateway
from responder.core.modes import Effect, Severity
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.switches import Stop
from responder.core.text import text
from responder.core.verdict import LastDecision
from responder.followup_rules import FollowUpMemory
from responder.store import Incident, IncidentHead, Incidents
from responder.watchdog.round import watch_over
from tests.fakes import FakeAws
from tests.fakes.registered import document

FOLLOW_UP = "responder-follow-up:live"
TABLE = "Incidents"
SETTINGS = Settings(
    stack="responder",
    account="123456789012",
    language="en",
    incidents_table=TABLE,
    approvals_table="Approvals",
    topic="arn:aws:sns:us-east-1:123456789012:Notifications",
    follow_up=FOLLOW_UP,
)

TROUBLES = {
    "cause.watchdog_approved",
    "cause.watchdog_headless",
    "cause.watchdog_orphan",
    "cause.watchdog_overdue",
    "cause.watchdog_silent",
}


def lease(incident: str, at: datetime, until: datetime | None = None, **more: Any) -> Lease:
    given = {"remedy": "provisioned_concurrency", "scope": SETTINGS.result_function, **more}
    change = Change(given["scope"], "provisioned concurrency", "0", "5", Status.APPLIED)
    return Lease(
        incident=incident,
        state=LeaseState.IN_FORCE,
        at=at,
        until=until,
        snapshot={},
        changes=(change,),
        **given,
    )


@dataclass
class World:
    """Times are minutes before now."""

    aws: FakeAws = field(default_factory=FakeAws)
    settings: Settings = SETTINGS

    def __post_init__(self) -> None:
        for table in (TABLE, "Approvals"):
            self.aws.dynamo.create(table, "pk", "sk")
        self.aws.answer("cloudwatch", "list_metrics", {"Metrics": []})
        self.aws.ssm.parameters["/responder/settings"] = document(
            aiko=["lowers_security", "arn:aws:iam::123456789012:user/aiko"]
        )

    def stops(self, name: str, until: datetime | None, **more: Any) -> None:
        """A stop that is to end then."""
        stop = Stop(name, "aiko", "release", until, **more)
        self.aws.ssm.parameters[f"/responder/stops/{name}"] = stop.to_json()

    @property
    def stopped(self) -> list[str]:
        """The names of the stops that are there."""
        names = self.aws.ssm.parameters
        return [name.removeprefix("/responder/stops/") for name in names if "/stops/" in name]

    @property
    def store(self) -> Incidents:
        return Incidents(self.aws, TABLE)

    def ago(self, minutes: float) -> datetime:
        return self.aws.now - timedelta(minutes=minutes)

    def opened(self, alarm: str = "FaceAuth-One", minutes: float = 60) -> Incident:
        """An incident without a head: its first response has not reported anything yet."""
        at = self.ago(minutes)
        return self.store.open(
            AlarmEvent(
                f"arn:aws:cloudwatch:::alarm:{alarm}",
                alarm,
                AlarmState.ALARM,
                at,
                "123456789012",
                "us-east-1",
            )
        )

    def reported(
        self,
        alarm: str = "FaceAuth-One",
        minutes: float = 60,
        severity: Severity = Severity.HIGH,
        looks: float | None = None,
    ) -> IncidentHead:
        """An incident whose response was reported; `looks`: by when its follow-up was to look again."""
        incident = self.opened(alarm, minutes)
        made = LastDecision(Cause.UNKNOWN(), text("why.watchdog"), incident.opened)
        head = self.store.decided(incident, "high-error-rate", severity, made)
        if looks is not None:
            self.store.remember(head, FollowUpMemory(), self.ago(looks))
        found = self.store.head(incident.id)
        assert found is not None
        return found

    def holds(self, incident: str, minutes: float = 30, until: float | None = None, **more: Any) -> Lease:
        """A lease of it; `until` minutes ago is when it should have ended."""
        made = lease(incident, self.ago(minutes), None if until is None else self.ago(until), **more)
        known = self.store.ledger()
        self.store.begin(made, known.version, made.at)
        self.store.settle(made, None, made.at)
        return made

    def asks(self, incident: str, minutes: float = 12, remedy: str = "rollout_to_zero") -> ApprovalRequest:
        asked = ApprovalRequest(
            "0123456789abcdef",
            incident,
            remedy,
            "liveness-rollout",
            Effect.LOWERS_SECURITY,
            self.ago(minutes),
            (),
        )
        self.store.record(incident, "asked", {}, asked.at, (asked,))
        return asked

    def approves(self, asked: ApprovalRequest, minutes: float = 6, decision: str = "approve") -> None:
        row = {
            "pk": asked.id,
            "sk": "aiko",
            "decision": decision,
            "principal": "arn:aws:iam::123456789012:user/aiko",
            "at": self.ago(minutes).isoformat(),
        }
        self.aws.dynamo.put_item(TableName="Approvals", Item=to_item(row))

    def breaks(self, pk: str, sk: str) -> None:
        """An unreadable row."""
        self.aws.dynamo.put_item(TableName=TABLE, Item=to_item({"pk": pk, "sk": sk, "data": "{"}))

    def round(self, through: Gateway | None = None) -> Json:
        now = self.aws.now
        return watch_over(Context(through or self.aws, self.settings, now, now))

    def looks_at(self, head: IncidentHead) -> bool:
        """The follow-up of this generation looks; False where it is not in charge."""
        return self.store.remember(head, FollowUpMemory(), self.aws.now + timedelta(minutes=2))

    def generation(self, incident: str) -> int:
        head = self.store.head(incident)
        return head.generation if head else 0

    @property
    def generations(self) -> dict[str, int]:
        rows = [from_item(row) for row in self.aws.dynamo.rows(TABLE)]
        return {row["incident"]: row["generation"] for row in rows if row["sk"] == "HEAD"}

    @property
    def started(self) -> list[str]:
        """Names of the executions that were asked for, oldest first."""
        return [each["DurableExecutionName"] for each in self.aws.lambdas.invocations]

    @property
    def messages(self) -> list[Json]:
        return [json.loads(json.loads(one["Message"])["lambda"]) for one in self.aws.sns.published]

    @property
    def mail(self) -> str:
        return str(json.loads(self.aws.sns.published[-1]["Message"])["email"])

    @property
    def said(self) -> list[str]:
        """Keys of everything that the last message found."""
        return [each["said"]["key"] for each in self.messages[-1]["findings"]]

    @property
    def said_of_all(self) -> set[str]:
        """Keys of everything that any message found."""
        return {each["said"]["key"] for messages in self.messages for each in messages["findings"]}

    @property
    def notes(self) -> dict[str, bool]:
        rows = [from_item(row) for row in self.aws.dynamo.rows(TABLE)]
        return {row["sk"]: row["reported"] for row in rows if row["pk"] == "WATCHDOG"}


def troubled() -> World:
    """One of each, each with another alarm; the follow-up of the second one is alive."""
    world = World()
    world.reported("FaceAuth-One", looks=30)
    alive = world.reported("FaceAuth-Two", looks=-60)
    world.holds(alive.incident, until=30)
    world.opened("FaceAuth-Three", minutes=20)
    world.holds("gone-20260204T092500Z", remedy="on_demand_billing", scope="a-table")
    world.approves(world.asks(alive.incident, minutes=10), minutes=6)
    return world


def wrong(world: World) -> Iterator[str]:
    """What does not hold after enough rounds over those troubles."""
    generations = world.generations
    if sorted(generations.values()) != [1, 2]:
        yield f"generations {generations}"
    if set(world.started) != {f"{incident}-g2" for incident, number in generations.items() if number > 1}:
        yield f"started {world.started}"
    said = {each["said"]["key"] for message in world.messages for each in message["findings"]}
    if said - {"cause.watchdog_unread"} != TROUBLES:
        yield f"told {sorted(said)}"
    unreported = [
        trouble for trouble, message in world.notes.items() if not message and "failed" not in trouble
    ]
    if unreported:
        yield f"untold {unreported}"
