"""The follow-up's own calls, over whole incidents: each kind of call of each kind of step, first and last."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.proof.faults import FAULTS, Fault
from tests.proof.faulty_gateway import Cell, FaultyGateway
from tests.unit.followup.crash_stories import SHORT, Ended, Story, never_recovers, step_back
from tests.unit.followup.scenes import cold
from tests.unit.followup.simulation import IncidentSimulation

# That the process is killed at any of its writes and checkpoints is tested in tests/unit/followup.
SURVIVABLE_FAULTS = tuple(each for each in FAULTS if not each.kills)


# What was due and failed is done a minute later: nothing that makes it needless comes within that minute.
_PACE = {"ESCALATION_MINUTES": "4,30,40", "SOAK_MINUTES": "4"}
# What failed is due a minute later; the steps before it take seconds.
_ONE_RETRY = timedelta(minutes=1, seconds=5)
_NOT_FILED = "report could not be saved"


def _kept_warm_and_reverted() -> IncidentSimulation:
    """Kept warm, judged ineffective, OK, mitigated, recovered with new traffic, reverted, closed."""
    simulation = IncidentSimulation(cold())
    simulation.scene.environment |= _PACE
    simulation.scene.traffic(0, 10).traffic(12, 60)
    return simulation.at(9.5, simulation.recovers)


STORIES = (
    Story("never recovers", never_recovers, 14),
    Story("comes back in steps", step_back, 30),
    Story("is reverted", _kept_warm_and_reverted, 40),
)


@dataclass
class Followed:
    """One incident, followed to its end.

    `gateways`: one per process of the follow-up; the first one injects the fault."""

    simulation: IncidentSimulation
    ended: Ended
    gateways: list["Stepped"]

    @property
    def step(self) -> str:
        """The kind of the step in which the fault was injected."""
        first = self.gateways[0]
        return first.kinds.of[first.cell][0] if first.injected and first.cell else ""


@dataclass
class _Kinds:
    """What a call is alike with: the kind of its step, and its number among its like in that step."""

    step: str = ""
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    of: dict[Cell, tuple[str, str, str, int]] = field(default_factory=dict)

    def note(self, step: str, cell: Cell) -> None:
        if step != self.step:
            self.step = step
            self.seen.clear()
        self.seen[cell.service, cell.operation] += 1
        number = self.seen[cell.service, cell.operation]
        self.of[cell] = (step.partition(" ")[0], cell.service, cell.operation, number)


class Stepped(FaultyGateway):
    """Knows in which step each call was made."""

    def __init__(
        self, simulation: IncidentSimulation, cell: Cell | None = None, fault: Fault | None = None
    ) -> None:
        super().__init__(simulation.scene.aws, cell, fault)
        self._simulation = simulation
        self.kinds = _Kinds()

    def _is_cell(self, service: str, operation: str) -> bool:
        with self._lock:
            injected = super()._is_cell(service, operation)
            self.kinds.note(self._simulation.current_step, self.calls_made[-1])
            return injected


def follow(story: Story, cell: Cell | None = None, fault: Fault | None = None) -> Followed:
    """A fault that kills ends the process: the next one has its own client, and the SDK resumes."""
    simulation = story.begin()
    simulation.scene.environment = SHORT | simulation.scene.environment
    gateways = [Stepped(simulation, cell, fault)]
    simulation.gateway = gateways[0]

    def invocation(event: Any) -> Any:
        if gateways[-1].dead:
            gateways.append(Stepped(simulation))
            simulation.gateway = gateways[-1]
        return event

    simulation.sdk, simulation.wrap = True, invocation
    simulation.play(story.until)
    return Followed(simulation, Ended.of(simulation), gateways)


@cache
def undisturbed(story: Story) -> Followed:
    """Without any fault."""
    return follow(story)


def cells(story: Story) -> list[Cell]:
    """Of each kind of call the first and the last one, in their order."""
    of = undisturbed(story).gateways[0].kinds.of
    first = {kind: cell for cell, kind in reversed(of.items())}
    last = {kind: cell for cell, kind in of.items()}
    tried = {*first.values(), *last.values()}
    return [cell for cell in of if cell in tried]


def wrong(story: Story, run: Followed) -> Iterator[str]:
    """What is not as it would have been. What failed is due a minute later, and so may be what follows it."""
    expected, ended = undisturbed(story).ended, run.ended
    lost = _kinds(expected.reports) - _kinds(ended.reports)
    recovery, closure = _sent_at(undisturbed(story), "/progress/recovered"), _sent_at(run, "/closed/close")
    if recovery and closure and not _sent_at(run, "/progress/recovered") and closure - recovery <= _ONE_RETRY:
        # The recovery waits for the leases to be read. Nothing else does, so it is closed within that minute,
        # and that is what is reported.
        lost -= Counter({"progress": 1})
    yield from (f"lost: {each}" for each in lost.elements())
    more = _kinds(ended.reports) - _kinds(expected.reports)
    yield from (f"reported besides: {each}" for each in more.elements())
    if ended.effects != expected.effects:
        yield f"{ended.effects} instead of {expected.effects}"
    (facts, filed), (known, all_files) = json.loads(ended.state), json.loads(expected.state)
    if facts != known:
        yield f"{facts} instead of {known}"
    if filed != all_files and not any(_NOT_FILED in str(each.body) for each in run.simulation.messages):
        yield f"filed is only {filed}, and that is not reported"
    times = Counter(each.body["id"] for each in run.simulation.messages)
    yield from (f"reported {n} times: {name}" for name, n in times.items() if n > 2)


def _sent_at(run: Followed, kind: str) -> datetime | None:
    """When the first report of a kind was sent; None without one."""
    sent = (each.body for each in run.simulation.messages if kind in each.body["id"])
    return next((datetime.fromisoformat(each["at"]) for each in sent), None)


def _kinds(reports: frozenset[str]) -> Counter[str]:
    """Without the time in an id."""
    return Counter(each.split("/")[1] for each in reports)
