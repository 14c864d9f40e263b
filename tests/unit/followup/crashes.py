"""The follow-up's process dies: on one side of one of its writes, or of a checkpoint of the SDK."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from responder.core.context import Gateway
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.fakes import FakeAws
from tests.fakes.gateway import Died
from tests.unit.followup.simulation import IncidentSimulation

READS = ("get_", "list_", "describe_", "query", "filter_")
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class CrashPoint:
    """Where it dies: in which step (`look …`, `escalate 2 …`), at which of its writes or checkpoints."""

    step: str
    what: str
    side: str

    @property
    def quiet(self) -> bool:
        """One of the many looks that find nothing to do."""
        return self.step.startswith("look") and not self.what.startswith("SUCCEED")

    def __str__(self) -> str:
        return f"{self.side} {self.what} of {self.step}"


@dataclass
class CrashInjector:
    """Sits between the follow-up and AWS, and between the SDK and its service.

    `wanted`: where the process dies, each once; None: at every place of these `sides`, each once.
    """

    simulation: IncidentSimulation
    wanted: frozenset[CrashPoint] | None = frozenset()
    sides: Strings = ()
    reached: list[CrashPoint] = field(default_factory=list)
    crashed: list[CrashPoint] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    step: str = ""

    def __post_init__(self) -> None:
        self.simulation.sdk, self.simulation.wrap = True, self.wrap
        self.simulation.gateway = CrashingGateway(self, self.simulation.scene.aws)

    def wrap(self, event: Any) -> Any:
        # A new environment: what was counted of the step begins anew.
        self.step = ""
        return replace(event, service_client=CrashingCheckpoints(self, event.service_client))

    def writes(self, service: str, operation: str) -> Iterator[None]:
        """Before it, then after it."""
        if self.simulation.current_step != self.step:
            self.step = self.simulation.current_step
            self.written.clear()
        what = f"{service}:{operation}"
        self.written[what] += 1
        name = f"{what} {self.written[what]}"
        self.reach(CrashPoint(self.step, name, BEFORE), Died())
        yield
        self.reach(CrashPoint(self.step, name, AFTER), Died())

    def reach(self, point: CrashPoint, error: BaseException) -> None:
        self.reached.append(point)
        fatal = point.side in self.sides if self.wanted is None else point in self.wanted
        if fatal and point not in self.crashed:
            self.crashed.append(point)
            raise error


@dataclass
class CrashingGateway(Gateway):
    """The follow-up's own way to AWS; what the alarm's function does is not its business."""

    injector: CrashInjector
    aws: FakeAws

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if operation.startswith(READS):
            return self.aws.call(service, operation, **arguments)
        points = self.injector.writes(service, operation)
        next(points)
        answer = self.aws.call(service, operation, **arguments)
        next(points, None)
        return answer


@dataclass
class CrashingCheckpoints:
    """The SDK's service. Its thread lets only an Exception out."""

    injector: CrashInjector
    service: Any

    def checkpoint(self, **asked: Any) -> Any:
        update = asked["updates"][-1]
        mark = hashlib.sha256((update.payload or "").encode()).hexdigest()[:6]
        step, what = str(update.name), f"{update.action.value} {mark}"
        self.injector.reach(CrashPoint(step, what, BEFORE), RuntimeError("the environment is gone"))
        answer = self.service.checkpoint(**asked)
        self.injector.reach(CrashPoint(step, what, AFTER), RuntimeError("the environment is gone"))
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.service, name)
