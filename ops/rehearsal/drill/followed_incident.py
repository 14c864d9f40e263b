"""Follow an incident: its durable executions in virtual time, while the script of the scenario is played."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from local_aws.client import Execution, LocalAws, Mail
from rehearsal.drill import changes_done, execution_process
from rehearsal.drill.driver import Driver, SetClock
from rehearsal.drill.follow import At, Follow, Message, PastEvent
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
    follow: Follow
    entries: list[Message | PastEvent] = field(default_factory=list)
    runs: list[execution_process.Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opened = datetime.fromisoformat(self.first.report["since"])
        clock = SetClock(self.aws, self.opened + self.aws.ahead)
        self.driver = Driver(clock, self._settle, self._at(self.follow.until))
        self.driver.at(self._at(self.follow.until + 0.1))
        for entry in self.follow.script:
            self.driver.at(self._at(entry.minute), partial(self._happens, entry))
        _, self._seen = self.aws.counts()
        self._hear(self.first.mail)

    @property
    def incident(self) -> str:
        """Its id."""
        return str(self.first.report["incident"])

    @property
    def now(self) -> datetime:
        """The time of the incident."""
        return self.driver.clock.now

    @property
    def minute(self) -> float:
        """Since the alarm."""
        return (self.now - self.opened).total_seconds() / 60

    @property
    def messages(self) -> list[Message]:
        """What on-call got so far."""
        return [entry for entry in self.entries if isinstance(entry, Message)]

    def play(self) -> None:
        """Every execution that is started for the incident, in sequence, until none is."""
        going = self.driver.reach(self.now, did=True)
        while going is not None and (execution := self._newest()) is not None:
            most = 0 if self.runs else self.follow.most
            self.runs.append(
                execution_process.execute(self.aws, execution, self.now, most, self.driver.reach)
            )
            going = self.driver.reach(self.now, did=True)

    def _happens(self, entry: At) -> None:
        self.entries.append(PastEvent(entry.minute, type(entry.event).__name__))
        entry.event.apply(self)
        self.driver.at(self._at(entry.minute + entry.event.lasts))

    def _at(self, minute: float) -> datetime:
        return self.opened + timedelta(minutes=minute)

    def _newest(self) -> Execution | None:
        """That was started last and has not been followed."""
        followed = {run.name for run in self.runs}
        mine = [each for each in self.aws.executions() if each.payload.get("incident") == self.incident]
        return mine[-1] if mine and mine[-1].name not in followed else None

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
