"""What AWS turns away for its rate is asked, or sent, again while there is time."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from responder.aws.gateway import PolicyGateway, Retry, through
from responder.aws.operations import OPERATIONS
from responder.aws.parallel import side_by_side
from responder.core import retry
from responder.core.context import Gateway
from responder.core.errors import Denied, Stopped, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.core.refusals import Because, Refusal
from responder.core.settings import Settings
from responder.respond.checked_writes import CheckedWrites
from tests.unit.remedies.world import FOUR, rolled_out
from tests.unit.respond.scene import Scene
from tests.unit.respond.test_budget import throttled
from tests.unit.respond.test_call_budget import warm

pytestmark = pytest.mark.unit
READ = ("lambda", "get_function_configuration")
UPDATE = ("lambda", "update_function_configuration")
PAUSES = retry.PAUSES


@pytest.fixture
def _in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "PAUSES", PAUSES)


@dataclass
class Clock:
    """Time that passes only while something waits."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def patient(aws: Gateway) -> tuple[PolicyGateway, Clock]:
    clock = Clock()
    return through(aws, Retry(8.0, lambda: clock.now, clock.wait)), clock


def test_a_read_that_was_turned_away_is_asked_again() -> None:
    aws = rolled_out()
    aws.fail(*READ, Throttled, times=3)
    door, clock = patient(aws)
    assert door.call(*READ, FunctionName=FOUR[0])["FunctionName"] == FOUR[0]
    assert (aws.count(*READ), len(clock.pauses), door.turned_away) == (4, 3, True)


def test_a_list_that_was_turned_away_is_asked_again_and_reported_once() -> None:
    aws = rolled_out()
    aws.lambdas.release(FOUR[0], "live")
    aws.fail("lambda", "list_aliases", Throttled, times=2)
    door, _ = patient(aws)
    pages = door.pages("lambda", "list_aliases", FunctionName=FOUR[0])
    assert [each["Name"] for page in pages for each in page["Aliases"]] == ["live"]


@dataclass
class Paged(Gateway):
    """A log of three pages that turns every second request away."""

    asked: list[Json] = field(default_factory=list)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self.asked.append(arguments)
        if len(self.asked) % 2 == 0:
            raise Throttled(service, operation, "ThrottlingException")
        page = int(arguments.get("nextToken", "0"))
        return {"events": [page], **({"nextToken": str(page + 1)} if page < 2 else {})}


def test_a_further_page_that_was_turned_away_is_asked_again_alone() -> None:
    paged = Paged()
    door, _ = patient(paged)
    pages = door.pages("logs", "filter_log_events", logGroupName="g")
    assert [each for page in pages for each in page["events"]] == [0, 1, 2]
    assert [each.get("nextToken") for each in paged.asked] == [None, "1", "1", "2", "2"]


@pytest.mark.usefixtures("_in_earnest")
def test_it_is_given_up_within_the_time_of_all_looks() -> None:
    aws = rolled_out()
    aws.fail(*READ, Throttled, times=99)
    door, clock = patient(aws)
    for _ in range(5):
        with pytest.raises(Throttled):
            door.call(*READ, FunctionName=FOUR[0])
    assert clock.now <= 8


@pytest.mark.usefixtures("_in_earnest")
def test_two_responses_pause_for_different_times() -> None:
    def pauses() -> list[float]:
        aws = rolled_out()
        aws.fail(*READ, Throttled, times=4)
        door, clock = patient(aws)
        door.call(*READ, FunctionName=FOUR[0])
        return clock.pauses

    assert pauses() != pauses()


@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_a_read_that_failed_otherwise_is_not_repeated(error: type[Denied | Unreachable]) -> None:
    aws = rolled_out()
    aws.fail(*READ, error)
    door, clock = patient(aws)
    with pytest.raises(error):
        door.call(*READ, FunctionName=FOUR[0])
    assert (aws.count(*READ), clock.pauses) == (1, [])


@pytest.mark.parametrize("turned_away", [True, False])
def test_a_look_may_take_all_of_the_time_only_where_a_read_was_turned_away(turned_away: bool) -> None:
    door = through(rolled_out(), Retry(8.0, turned_away=turned_away))

    def slow() -> str:
        time.sleep(0.4)
        return "seen"

    found = side_by_side({"look": slow}, seconds=5, each=0.1, through=door)["look"]
    assert (found == "seen") is turned_away


def test_the_main_remedy_is_applied_although_reads_were_turned_away() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*READ, Throttled, times=4)
    scene.aws.fail("logs", "filter_log_events", Throttled, times=2)
    scene.alarm()
    assert scene.result["result"] == "applied"
    assert scene.percentages() == ["0"] * 4


def test_a_write_that_was_turned_away_is_sent_again() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, times=6, where={"FunctionName": FOUR[0]})
    scene.alarm()
    assert scene.result["result"] == "applied"
    assert scene.percentages() == ["0"] * 4


def test_it_is_not_sent_again_once_a_person_has_stopped_it() -> None:
    scene = Scene().faults(15)
    stops: list[int] = []
    sent: list[int] = []

    def ask() -> Because | None:
        return Refusal.MODE_OBSERVE() if stops else None

    def turned_away(*_: str, **__: object) -> dict[str, object]:
        sent.append(1)
        stops.append(1)
        raise Throttled("lambda", "UpdateFunctionConfiguration", "TooManyRequestsException")

    scene.aws.call = turned_away  # type: ignore[method-assign]
    writes = CheckedWrites(ask, iter([*range(0, 100, 2)]).__next__, until=20)
    with pytest.raises(Stopped):
        through(scene.aws, writes).call(*UPDATE, FunctionName=FOUR[0], RevisionId="r")
    assert (len(sent), writes.wrote) == (1, False)


@pytest.mark.parametrize(
    ("write", "make"),
    [(("dynamodb", "update_table"), throttled), (("lambda", "put_provisioned_concurrency_config"), warm)],
    ids=["a table", "provisioned concurrency"],
)
def test_what_names_no_revision_is_sent_again_after_it_was_compared_again(
    write: tuple[str, str], make: Callable[[], Scene]
) -> None:
    scene = make()
    scene.aws.fail(*write, Throttled, times=3)
    scene.alarm()
    assert [each["result"] for each in scene.reported[-1]["outcomes"]] == ["applied"]
    sent = [(service, operation) for service, operation, _ in scene.aws.calls]
    tries = [place for place, each in enumerate(sent) if each == write]
    assert len(tries) == 4
    service, operation = write
    read = (service, OPERATIONS[service][operation].compared_with)
    assert all(read in sent[one:next_] for one, next_ in pairwise(tries))


def test_what_names_no_revision_is_not_sent_again_over_what_a_person_has_set_meanwhile() -> None:
    scene = throttled()
    table = Settings().sessions_table
    call = scene.aws.call

    def meanwhile(service: str, operation: str, /, **arguments: Any) -> Json:
        if operation == "update_table":
            scene.aws.dynamo.add(table, (50, 50), {"EmployeeIdIndex": (5, 5)})
        return call(service, operation, **arguments)

    scene.aws.call = meanwhile  # type: ignore[method-assign]
    scene.aws.fail("dynamodb", "update_table", Throttled, times=9)
    scene.alarm()
    assert scene.result["result"] == "failed"
    assert scene.aws.count("dynamodb", "update_table") == 1


def test_a_write_that_was_compared_with_nothing_is_sent_once() -> None:
    aws = rolled_out()
    aws.fail("dynamodb", "update_table", Throttled, times=9)
    writes = through(aws, CheckedWrites(lambda: None))
    with pytest.raises(Throttled):
        writes.call("dynamodb", "update_table", TableName="T", BillingMode="PAY_PER_REQUEST")
    assert aws.count("dynamodb", "update_table") == 1


@pytest.mark.usefixtures("_in_earnest")
def test_a_write_is_given_up_after_its_time() -> None:
    aws = rolled_out()
    aws.fail(*UPDATE, Throttled, times=99)
    random.seed(1)
    clock = Clock()
    checked = CheckedWrites(lambda: None, lambda: clock.now, math.inf, 20, clock.wait)
    writes = through(aws, checked)
    with pytest.raises(Throttled):
        writes.call(*UPDATE, FunctionName=FOUR[0], RevisionId="r")
    assert clock.now == 20
    clock.wait(0.1)
    sent = aws.count(*UPDATE)
    with pytest.raises(Stopped) as raised:
        writes.call(*UPDATE, FunctionName=FOUR[0], RevisionId="r")
    assert (raised.value.reason.kind, aws.count(*UPDATE)) == (Refusal.TOO_LATE, sent)
