"""Follow an incident: its durable executions in virtual time, while the script of the scenario is played."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local_aws.client import Execution, LocalAws, Mail
from rehearsal.drill import changes_done, execution_process
from rehearsal.drill.follow import At, Message, PastEvent
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.step_result import StepResult
from rehearsal.world.points import Point

_TOPIC = "-Notifications"


@dataclass
class FollowedIncident:
    """The time is the follow-up's own: `now` moves on by what it waits for."""

    aws: LocalAws
    scenario: Scenario
    first: StepResult
    points: Sequence[Point]
    script: list[At]
    until: float
    entries: list[Message | PastEvent] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    runs: list[execution_process.Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opened = datetime.fromisoformat(self.first.report["since"])
        self.now = self.opened + self.aws.ahead
        _, self._seen = self.aws.counts()
        self._hear(self.first.mail)

    @property
    def incident(self) -> str:
        """Its id."""
        return str(self.first.report["incident"])

    @property
    def minute(self) -> float:
        """Since the alarm."""
        return (self.now - self.opened).total_seconds() / 60

    @property
    def messages(self) -> list[Message]:
        """What on-call got so far."""
        return [entry for entry in self.entries if isinstance(entry, Message)]

    def play(self, most: int) -> None:
        """Every execution that is started for the incident, in sequence, until none is."""
        self.reach(self.now, did=True)
        followed: set[str] = set()
        while (next_one := self._newest()) is not None and next_one.name not in followed:
            followed.add(next_one.name)
            run = execution_process.execute(self.aws, next_one, self.now, most, self.reach)
            self.runs.append(run)
            self.aws.end_execution(next_one.arn, run.status)
            most = 0
            self._settle()
            if self.minute > self.until:
                return

    def reach(self, now: datetime, *, did: bool) -> float | None:
        """Everything that was ordered or is in the script happens before that time; see `Reach`."""
        if did:
            self._settle()
        while self.script and self.opened + timedelta(minutes=self.script[0].minute) <= now:
            entry = self.script.pop(0)
            self._reach(self.opened + timedelta(minutes=entry.minute))
            self.entries.append(PastEvent(entry.minute, type(entry.event).__name__))
            entry.event.apply(self)
            self.changes.append(entry.minute + entry.event.lasts)
            self._settle()
        self._reach(now)
        return None if self.minute > self.until else self._quiet()

    def _reach(self, now: datetime) -> None:
        self.now = max(self.now, now)
        self.aws.move_clock(self.now)

    def _quiet(self) -> float:
        ahead = [*self.changes, *(entry.minute for entry in self.script), self.until + 0.1]
        return min(60 * (minute - self.minute) for minute in ahead if minute > self.minute)

    def _newest(self) -> Execution | None:
        mine = [each for each in self.aws.executions() if each.payload.get("incident") == self.incident]
        return mine[-1] if mine else None

    def _settle(self) -> None:
        """What was sent has been carried out, and its messages are of this minute."""
        self.aws.wait_idle()
        changes_done.wait(self.aws)
        found = self.aws.inbox(self._seen)
        self._hear(mail for mail in found if _TOPIC in mail.topic)
        self._seen += len(found)

    def _hear(self, found: Iterable[Mail]) -> None:
        bodies = ((mail, json.loads(mail.bodies["sqs"])) for mail in found)
        self.entries += [Message(round(self.minute, 1), mail, body) for mail, body in bodies]
