"""A scenario as data: a world, what is broken in it, and the expected result."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from local_aws.client import Fault
from rehearsal.drill.alarm_kinds import AlarmKind
from rehearsal.drill.follow import Follow
from rehearsal.drill.words import BilingualText
from rehearsal.world.build import World
from rehearsal.world.lines import Format
from rehearsal.world.points import LambdaPressure, TablePressure
from rehearsal.world.traffic import Requests


class Aws(Protocol):
    """What a condition needs of the local AWS (`LocalAws` has it)."""

    def client(self, service: str) -> Any:
        """A boto3 client with an administrator's rights."""
        ...

    def function_state(self, name: str, last_update_status: str | None = None) -> None:
        """Put a function into a state and keep it there."""
        ...

    def table_state(self, name: str, status: str | None = None, switches: int | None = None) -> None:
        """Put the table into a state, or say how often it was switched today."""
        ...

    def alarm_evaluation(self, name: str, state: str | None) -> None:
        """CloudWatch's evaluation state of an alarm."""
        ...

    def age(self, days: float) -> None:
        """Put all that was done so far into the past."""
        ...

    def inject(self, faults: Iterable[Fault]) -> None:
        """Let calls fail, in this order."""
        ...


# One way in which a world differs from the plain one; called before the alarm.
type Condition = Callable[[Aws, datetime], object]


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be true afterwards.

    Attributes:
        cause: key of the verdict's cause; None where no verdict is reported (a command, a failure).
        results: by remedy, the result; a remedy that is not here must not appear.
        because: by remedy, key of the reason why it was asked, refused or only observed.
        after: settings that differ from before, with their new value. Everything else must be as before.
        warns: keys of warnings of the report.
        says, never: words that the e-mail must hold, and must not.
        messages: how many messages reach on-call.
        severity: that of the message; empty where it does not matter.
        once: of several alarms, exactly one has applied this remedy, and the message of each other one says
            that it is in force, or that another one is applying it.
    """

    cause: str | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    warns: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    messages: int = 1
    severity: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A command sent to the alarm's function after the response, and the expected result.

    `approved_by` is who approved it before an `apply`: one person, or two with a comma between them.
    """

    what: BilingualText
    command: str
    remedy: str
    expect: Expect
    scope: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    approved_by: str = ""
    before: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One drill.

    Attributes:
        alarm: the playbook's slug.
        counted: CloudWatch judges the alarm by what the metric filters counted of the log lines; with too few
            it stays silent.
        corrected: it is the corrected version of the alarm that goes off.
        beside: alarms of the same fault that fire at the same moment, in this order.
        kind: an alarm of this kind goes off, made for the scenario, instead of the one of the world.
        pause, ended_pause: names of a pause in force, and of one that ended two hours ago.
        past_alias: the traffic comes to the unqualified functions, although there is an alias.
        denied: calls that IAM refuses are part of the story.
        quiet: the alarm was set manually, its metric does not breach.
        deliveries: how often the event arrives.
        event: fields that replace those of the event; then it is sent directly, without the rule.
        follow: the course of the incident, in virtual time.
        part: what it is about, where that is not the alarm; chosen by the same option.
        alone: it is played only where its part is chosen.
        on_request: it is left out where neither an alarm nor a name is chosen: others show the same.
    """

    alarm: str
    name: str
    broken: BilingualText
    expect: Expect
    world: World = World.ROLLED_OUT
    traffic: tuple[Requests, ...] = ()
    table_pressure: TablePressure = field(default_factory=TablePressure)
    lambda_pressure: LambdaPressure | None = None
    form: Format = Format.TEXT
    conditions: tuple[Condition, ...] = ()
    modes: Mapping[str, str] = field(default_factory=dict)
    pause: str = ""
    ended_pause: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()
    denied: bool = False
    deliveries: int = 1
    event: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    past_alias: bool = False
    corrected: bool = False
    counted: bool = False
    kind: AlarmKind | None = None
    then: tuple[Step, ...] = ()
    follow: Follow | None = None
    part: str = ""
    beside: tuple[str, ...] = ()
    alone: bool = False
    on_request: bool = False

    @property
    def id(self) -> str:
        """`alarm/name`."""
        return f"{self.alarm}/{self.name}"

    @property
    def alarms(self) -> tuple[str, ...]:
        """The alarms whose functions take part."""
        return (self.alarm, *self.beside, *(self.follow.others if self.follow else ()))

    @property
    def qualifier(self) -> str:
        """The alias that the traffic comes through."""
        return "" if self.past_alias else self.world.qualifier
