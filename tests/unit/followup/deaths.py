"""The follow-up's process dies: on one side of one of its writes, or of a checkpoint of the SDK."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes import FakeAws
from tests.fakes.gateway import Died
from tests.unit.followup.theatre import Theatre

READS = ("get_", "list_", "describe_", "query", "filter_")
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Place:
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
class Reaper:
    """Sits between the follow-up and AWS, and between the SDK and its service.

    `wanted`: where the process dies, each once; None: at every place of these `sides`, each once.
    """

    theatre: Theatre
    wanted: frozenset[Place] | None = frozenset()
    sides: tuple[str, ...] = ()
    passed: list[Place] = field(default_factory=list)
    died: list[Place] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    step: str = ""

    def __post_init__(self) -> None:
        self.theatre.sdk, self.theatre.wrap = True, self.wrap
        self.theatre.gateway = Mortal(self, self.theatre.scene.aws)

    def wrap(self, event: Any) -> Any:
        # A new environment: what was counted of the step begins anew.
        self.step = ""
        return replace(event, service_client=Checkpoints(self, event.service_client))

    def writes(self, service: str, operation: str) -> Iterator[None]:
        """Before it, then after it."""
        if self.theatre.doing != self.step:
            self.step = self.theatre.doing
            self.written.clear()
        what = f"{service}:{operation}"
        self.written[what] += 1
        name = f"{what} {self.written[what]}"
        self.reach(Place(self.step, name, BEFORE), Died())
        yield
        self.reach(Place(self.step, name, AFTER), Died())

    def reach(self, place: Place, death: BaseException) -> None:
        self.passed.append(place)
        fatal = place.side in self.sides if self.wanted is None else place in self.wanted
        if fatal and place not in self.died:
            self.died.append(place)
            raise death


@dataclass
class Mortal:
    """The follow-up's own way to AWS; what the alarm's function does is not its business."""

    reaper: Reaper
    aws: FakeAws

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        if operation.startswith(READS):
            return self.aws.call(service, operation, **arguments)
        life = self.reaper.writes(service, operation)
        next(life)
        answer = self.aws.call(service, operation, **arguments)
        next(life, None)
        return answer

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        return self.aws.pages(service, operation, **arguments)


@dataclass
class Checkpoints:
    """The SDK's service. Its thread lets only an Exception out."""

    reaper: Reaper
    service: Any

    def checkpoint(self, **asked: Any) -> Any:
        update = asked["updates"][-1]
        mark = hashlib.sha256((update.payload or "").encode()).hexdigest()[:6]
        step, what = str(update.name), f"{update.action.value} {mark}"
        self.reaper.reach(Place(step, what, BEFORE), RuntimeError("the environment is gone"))
        answer = self.service.checkpoint(**asked)
        self.reaper.reach(Place(step, what, AFTER), RuntimeError("the environment is gone"))
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.service, name)
