"""What a drill controls in the local AWS: calls that fail, canned answers, states, time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from .control import Control
from .records import Canned, Datapoints, Fault


class SimulationControls:
    """What ``LocalAws`` can do to its AWS besides what AWS itself offers.

    ``ahead``: how far its clock is ahead of the machine's.
    """

    _control: Control
    ahead = timedelta()

    def inject(self, faults: Iterable[Fault]) -> None:
        """Let calls fail, in this order."""
        if entries := [asdict(fault) for fault in faults]:
            self._control.call("inject", entries=entries)

    def held(self) -> bool:
        """A call waits in a ``hold``: the caller may act before it continues."""
        entries = self._control.call("faults")
        return any(each["error_code"] == "hold" and not each["times"] for each in entries)

    def release(self) -> None:
        """No further call fails, and what was held up continues."""
        self._control.call("release")

    def canned_answers(self, answers: Mapping[str, Canned]) -> None:
        """Set canned answers, by ``service:Operation``."""
        self._control.call("canned_answers", **{name: each.wire() for name, each in answers.items()})

    def settings(self, **values: float | list[float]) -> dict[str, float | list[float]]:
        """Set how fast slow things are and what happens automatically (``Settings`` in
        ``patches/drill/store.py``); all of them as they are now."""
        settings: dict[str, float | list[float]] = self._control.call("settings", **values)
        return settings

    def function_state(
        self, name: str, last_update_status: str | None = None, state: str | None = None
    ) -> None:
        """Put a function into a state and keep it there (``Successful``/``Active`` end it)."""
        self._control.call("function_state", name=name, status=last_update_status, state=state)

    def log_format(self, name: str, form: str) -> None:
        """A function writes its log in this format (`Text`, `JSON`), and always has."""
        self._control.call("log_format", name=name, form=form)

    def table_state(self, name: str, status: str | None = None, switches: int | None = None) -> None:
        """Put a table into a state, or say how often it was switched to on-demand today."""
        self._control.call("table_state", name=name, status=status, switches=switches)

    def alarm_evaluation(self, name: str, state: str | None) -> None:
        """CloudWatch's evaluation state of the alarm (`PARTIAL_DATA` …); None: nothing is wrong."""
        self._control.call("alarm_evaluation", name=name, state=state)

    def put_points(self, points: Datapoints) -> None:
        """Datapoints of metrics, in one request."""
        self._control.call("points", points=points)

    def put_lines(self, stream: str, lines: Mapping[str, list[tuple[int, str]]]) -> None:
        """Log lines by group, each as (timestamp in ms, text), in one request."""
        self._control.call("lines", stream=stream, lines=lines)

    def end_execution(self, arn: str, status: str) -> None:
        """A durable execution has ended where it was played: ``SUCCEEDED``, ``FAILED``, ``STOPPED`` or
        ``TIMED_OUT``. EventBridge gets an event about it."""
        self._control.call("end_execution", arn=arn, status=status)

    def move_clock(self, now: datetime | None) -> None:
        """Set the time, which continues from there; None: the machine's again. Functions have it from their
        next invocation on."""
        self.ahead = now - datetime.now(UTC) if now else timedelta()
        self._control.call("clock", ahead=self.ahead.total_seconds())

    def idle_second(self) -> None:
        """As after an idle second: the request rates of AWS, whose burst is that of one second, and those
        that functions keep are free again. The clock stays the same."""
        self._control.call("idle_second")

    def age(self, days: float) -> None:
        """Put the making of everything that exists into the past."""
        self._control.call("age", days=days)

    def evaluate_alarm(self, name: str) -> None:
        """Judge one alarm now, where alarms are not judged when data arrives, too."""
        self._control.call("evaluate_alarm", name=name)

    def evaluate_alarms(self) -> None:
        """Judge every alarm now, missing data included, as AWS does each minute."""
        self._control.call("evaluate_alarms")
