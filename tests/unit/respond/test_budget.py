"""How many round trips pass before the mitigating call, and after it until on-call is notified."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import Any

import pytest

from responder.alarm_function.handler import KeptFor, World, answer
from responder.core.context import Gateway
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.unit.respond.scene import FAULT, REQUEST, RESULT, Scene

SWITCHES = "get_parameters_by_path"
# Much longer than what a busy machine adds to a call.
PAUSE = 0.15


@dataclass
class Slow(Gateway):
    """Every call takes as long; each is kept as (service, operation, start, end)."""

    scene: Scene
    spans: list[tuple[str, str, float, float]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        start = time.monotonic()
        time.sleep(PAUSE)
        try:
            return self.scene.aws.call(service, operation, **arguments)
        finally:
            self._keep(service, operation, start)

    def once(self, key: str, work: Callable[[], Json], context: Any, kept: KeptFor) -> Json:
        """The claim is a call as well."""
        start = time.monotonic()
        time.sleep(PAUSE)
        self._keep("dynamodb", "claim", start)
        return self.scene.claims.once(key, work, context, kept)

    def _keep(self, service: str, operation: str, start: float) -> None:
        with self.lock:
            self.spans.append((service, operation, start, time.monotonic()))


def chain(spans: list[tuple[float, float]]) -> int:
    """The longest sequence of calls of which each began after the one before had ended."""
    length, free = 0, 0.0
    for start, end in sorted(spans, key=lambda span: span[1]):
        if start >= free:
            length, free = length + 1, end
    return length


def spans_of(scene: Scene) -> list[tuple[str, str, float, float]]:
    slow = Slow(scene)
    answer(scene.playbook, scene.event(), None, World(slow, slow, scene.environment, scene.aws.now))
    # The log is read in three parts, newest first; the design counts a look as one whatever its pages.
    logs = [span for span in slow.spans if span[0] == "logs"]
    rest = [span for span in slow.spans if span[0] != "logs"]
    return [("logs", "look", min(s[2] for s in logs), max(s[2] for s in logs[:2]) + PAUSE), *rest]


@cache
def of_faults() -> list[tuple[str, str, float, float]]:
    """One response, looked at from several sides."""
    return spans_of(Scene().faults(15))


def test_at_most_four_round_trips_before_the_mitigating_call() -> None:
    spans = of_faults()
    act = min(start for _, operation, start, _ in spans if operation == "update_function_configuration")
    before = [(start, end) for _, _, start, end in spans if end <= act]
    assert chain(before) <= 4


def test_on_call_is_notified_within_two_round_trips_after_it() -> None:
    spans = of_faults()
    done = max(end for _, operation, _, end in spans if operation == "update_function_configuration")
    count = min(end for _, operation, _, end in spans if operation == "publish")
    after = [(start, end) for _, _, start, end in spans if start >= done and end <= count]
    assert chain(after) <= 2


def throttled() -> Scene:
    """The sessions table has a throughput that is too small."""
    scene, table = Scene(), Settings().sessions_table
    scene.aws.dynamo.add(table, (5, 5), {"EmployeeIdIndex": (5, 5)})
    times = [scene.aws.now - timedelta(minutes=minute) for minute in range(1, 11)]
    for number, at in enumerate(times):
        stamp = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
        line = FAULT.format(
            at=stamp, id=REQUEST.format(number), code="ProvisionedThroughputExceededException"
        )
        scene.logs.put(RESULT, at, line.replace("GetFaceLivenessSessionResults", "PutItem"))
    for metric, value in (("WriteThrottleEvents", 20.0), ("ConsumedWriteCapacityUnits", 300.0)):
        scene.figures.put("AWS/DynamoDB", metric, [(at, value) for at in times], TableName=table)
    return scene


def test_the_stops_are_read_once_more_beside_the_record_before_the_write() -> None:
    spans = of_faults()
    act = min(start for _, operation, start, _ in spans if operation == "update_function_configuration")
    records = [(start, end) for _, operation, start, end in spans if operation == "transact_write_items"]
    recorded = max(records, key=lambda span: span[1] if span[1] <= act else 0)
    reads = [(start, end) for _, operation, start, end in spans if operation == "get_parameters_by_path"]
    again = [span for span in reads if span[1] <= act][-1]
    assert len(reads) == 2
    assert chain([recorded, again]) == 1


@pytest.mark.parametrize("operation", ["describe_alarms", "list_alarm_mute_rules"])
def test_whether_the_alarm_is_silenced_is_read_beside_the_stops(operation: str) -> None:
    spans = of_faults()
    reads = {name: [(s, e) for _, each, s, e in spans if each == name] for name in (operation, SWITCHES)}
    assert len(reads[operation]) == 2
    assert chain([reads[operation][-1], reads[SWITCHES][-1]]) == 1


def test_the_table_is_read_once_more_between_the_record_and_the_write() -> None:
    spans = spans_of(throttled())
    act = min(start for _, operation, start, _ in spans if operation == "update_table")
    recorded = max(
        end for _, operation, _, end in spans if operation == "transact_write_items" and end <= act
    )
    between = [operation for _, operation, start, end in spans if start >= recorded and end <= act]
    assert between == ["describe_table"]
