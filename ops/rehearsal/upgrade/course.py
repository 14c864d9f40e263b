"""The follow-ups of several incidents in one virtual time, each execution by the version it began with.

On AWS a durable execution continues with the version of its function that it began with (Lambda Developer
Guide, "Durable functions", "Versioning"). Here its process lives on, and imports that version's sources; what
is not shown is the replay of its checkpoints after the service has moved it.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from local_aws.client import Execution, LocalAws
from rehearsal.drill import changes_done, execution_process
from rehearsal.drill.stack import STACK
from rehearsal.upgrade.checkout import Checkout, UpgradeError

FOLLOW_UP = f"{STACK}-follow-up"
_PATIENCE = 120.0


class _Dropped(Exception):
    """This execution dies now."""


@dataclass
class _Living:
    """An execution. `asked`: until when it would wait; None while it works. `over`: its process has ended."""

    execution: Execution
    asked: datetime | None = None
    quiet: float | None = None
    dropped: bool = False
    over: bool = False
    problem: str = ""


@dataclass
class Course:
    """`by`: the versions that were deployed, by the number that Lambda gave to the follow-up's version."""

    aws: LocalAws
    by: dict[str, Checkout] = field(default_factory=dict)
    _living: dict[str, _Living] = field(default_factory=dict)
    _turn: threading.Condition = field(default_factory=threading.Condition)

    @property
    def now(self) -> datetime:
        """The time of the local AWS (UTC)."""
        return datetime.now(UTC) + self.aws.ahead

    def deployed(self, version: Checkout) -> str:
        """This one is in place from now on; the number of the follow-up's version that is served."""
        found = self.aws.client("lambda").get_alias(FunctionName=FOLLOW_UP, Name="live")
        number = str(found["FunctionVersion"])
        if self.by.setdefault(number, version) is not version:
            raise UpgradeError(f"the follow-up still serves version {number}, of {self.by[number].name}")
        return number

    def living(self) -> Mapping[str, str]:
        """By name the number of the version of each execution that has not ended."""
        return {
            name: _version(each.execution)
            for name, each in self._living.items()
            if not each.over and not each.dropped
        }

    def drop(self, name: str) -> None:
        """This execution dies, and AWS says nothing."""
        with self._turn:
            self._living[name].dropped = True
            self._turn.notify_all()

    def to(self, moment: datetime) -> None:
        """Everything happens that happens until then. Raises UpgradeError where an execution fails."""
        while True:
            self._waiting()
            self.aws.wait_idle()
            changes_done.wait(self.aws)
            self._begin()
            waiting = self._waiting()
            first = min(waiting, key=lambda each: each.asked or moment, default=None)
            if first is None or first.asked is None or first.asked > moment:
                break
            self._move(first.asked)
            with self._turn:
                first.asked, first.quiet = None, max((moment - self.now).total_seconds(), 0)
                self._turn.notify_all()
        self._move(moment)

    def _move(self, moment: datetime) -> None:
        if moment > self.now:
            self.aws.move_clock(moment)

    def _begin(self) -> None:
        """Of each execution that was started since."""
        for each in self.aws.executions():
            if each.name not in self._living:
                living = self._living[each.name] = _Living(each)
                threading.Thread(target=self._play, args=(living,), daemon=True).start()

    def _waiting(self) -> list[_Living]:
        """All that live, once each of them waits."""
        with self._turn:
            if not self._turn.wait_for(lambda: all(map(_idle, self._living.values())), _PATIENCE):
                raise UpgradeError("a follow-up takes too long")
            for name, each in self._living.items():
                if each.problem:
                    raise UpgradeError(f"{name}: {each.problem}")
            return [each for each in self._living.values() if each.asked and not each.over]

    def _play(self, living: _Living) -> None:
        wanted = living.execution
        interpreter = str(self.by[_version(wanted)].root / ".venv/bin/python")
        try:
            run = execution_process.execute(
                self.aws,
                wanted,
                self.now,
                0,
                lambda now, did: self._reach(living, now),
                3600,
                interpreter,
            )
            problem = run.error
        except _Dropped:
            problem = ""
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        with self._turn:
            living.over, living.problem = True, problem
            self._turn.notify_all()

    def _reach(self, living: _Living, now: datetime) -> float:
        """Waits for its turn."""
        with self._turn:
            living.asked = now
            self._turn.notify_all()
            self._turn.wait_for(lambda: living.asked is None or living.dropped)
            if living.dropped:
                raise _Dropped
            return living.quiet or 0


def _idle(living: _Living) -> bool:
    return living.over or living.asked is not None or living.dropped


def _version(execution: Execution) -> str:
    return execution.arn.partition("/durable-execution/")[0].rpartition(":")[2]
