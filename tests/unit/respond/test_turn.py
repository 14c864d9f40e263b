"""Of several responses that AWS throttles at the same time, one continues; the others find what it has
done."""

from dataclasses import dataclass, replace

import pytest

from responder.aws.gateway import LASTS, ONLY_LOOKS, Retry, Turn, through
from responder.core import retry
from responder.core.change import Ledger
from responder.core.errors import Throttled, Unreachable
from responder.core.modes import Severity
from responder.respond.gather import _ledger
from responder.store import Incidents
from tests.fakes import FakeAws
from tests.unit.remedies.world import FOUR, rolled_out
from tests.unit.respond.scene import Scene
from tests.unit.respond.test_patient import READ, Clock

pytestmark = pytest.mark.unit
PAUSES = retry.PAUSES
CLAIMS = "Claims"


@dataclass
class Both:
    """Two responses on one clock."""

    aws: FakeAws
    clock: Clock

    def one(self, urgency: int = ONLY_LOOKS) -> Turn:
        return Turn(self.aws, CLAIMS, urgency, lambda: self.clock.now)


@pytest.fixture
def both() -> Both:
    aws = rolled_out()
    aws.dynamo.create(CLAIMS, "id")
    return Both(aws, Clock(1.0))


def test_one_run_at_a_time_holds_the_turn(both: Both) -> None:
    first, second = both.one(), both.one()
    assert first.take()
    assert not second.take()
    assert first.take()
    first.leave()
    assert second.take()
    assert not first.take()


def test_the_turn_of_a_run_that_died_expires(both: Both) -> None:
    first, second = both.one(), both.one()
    assert first.take()
    both.clock.wait(LASTS.total_seconds() + 0.1)
    assert second.take()


def test_a_run_that_lost_the_turn_does_not_end_the_next_ones_turn(both: Both) -> None:
    first, second = both.one(), both.one()
    first.take()
    both.clock.wait(LASTS.total_seconds() + 0.1)
    second.take()
    first.leave()
    assert not both.one().take()


def test_a_run_that_can_act_takes_the_turn_only_from_one_that_only_looks(both: Both) -> None:
    looks, acts, as_urgent = both.one(), both.one(ONLY_LOOKS + 1), both.one(ONLY_LOOKS + 1)
    assert looks.take()
    assert acts.take()
    assert not looks.take()
    assert not as_urgent.take()
    looks.leave()
    assert acts.take()
    acts.leave()
    assert looks.take()


HIGHER, LOWER = Severity.HIGH, Severity.MEDIUM
STOP = '{"who": "sato", "why": "work", "until": null}'


@pytest.mark.parametrize(
    ("severity", "set_", "replayed", "urgency"),
    [
        (HIGHER, {}, False, ONLY_LOOKS + 2),
        (LOWER, {}, False, ONLY_LOOKS + 1),
        (HIGHER, {"everywhere": "approve"}, False, ONLY_LOOKS),
        (HIGHER, {"stop": STOP}, False, ONLY_LOOKS),
        (HIGHER, {}, True, ONLY_LOOKS),
    ],
    ids=["severe", "less severe", "to be approved", "stopped", "replayed"],
)
def test_only_what_can_be_applied_now_is_urgent(
    severity: Severity, set_: dict[str, str], replayed: bool, urgency: int
) -> None:
    scene = Scene().faults(15)
    scene.playbook = replace(scene.playbook, severity=severity)
    scene.aws.ssm.modes["everywhere"] = set_.get("everywhere", "auto")
    if "stop" in set_:
        scene.aws.ssm.parameters["/responder/stops/all"] = set_["stop"]
    scene.aws.fail(*READ, Throttled)
    event = scene.event()
    scene.deliver({**event, "replay-name": "again"} if replayed else event)
    assert {each["Item"]["urgency"]["N"] for each in claims(scene)} == {str(urgency)}


def test_what_only_looks_is_not_urgent() -> None:
    scene = Scene()
    scene.playbook = replace(scene.playbook, remedies=())
    scene.aws.fail("logs", "filter_log_events", Throttled)
    scene.alarm()
    assert {each["Item"]["urgency"]["N"] for each in claims(scene)} == {str(ONLY_LOOKS)}


def test_where_the_turn_cannot_be_read_every_run_continues(both: Both) -> None:
    both.aws.fail("dynamodb", "put_item", Unreachable)
    assert both.one().take()


def test_without_the_turn_a_throttled_read_is_not_repeated(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "PAUSES", PAUSES)
    holder = both.one()
    assert holder.take()

    def wait(seconds: float) -> None:
        both.clock.wait(seconds)
        holder.take()

    both.aws.fail(*READ, Throttled)
    waits = through(both.aws, Retry(9.0, lambda: both.clock.now, wait, both.one()))
    with pytest.raises(Throttled):
        waits.call(*READ, FunctionName=FOUR[0])
    assert both.aws.count(*READ) == 1
    assert both.clock.now == 9


def test_no_turn_is_taken_where_nothing_was_turned_away() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    assert all(each["Item"]["id"]["S"] != "turn" for each in claims(scene))


def test_it_is_left_once_everything_is_read() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*READ, Throttled)
    scene.alarm()
    assert scene.result["result"] == "applied"
    assert [each["Item"]["ends"]["N"] == "0" for each in claims(scene)] == [False, True]


def claims(scene: Scene) -> list[dict[str, dict[str, dict[str, str]]]]:
    return [each for each in scene.aws.sent("dynamodb", "put_item") if each["TableName"] == CLAIMS]


@pytest.mark.parametrize("where", [{}, {"FunctionName": FOUR[0]}], ids=["no plan", "one function of four"])
def test_what_another_incident_has_in_force_is_no_unread_precondition(where: dict[str, str]) -> None:
    """While this one waited for its turn, the other one has acted."""
    scene = Scene().faults(15)
    scene.alarm()
    other = scene.leases()[0]["incident"]
    name = "FaceAuth-Liveness-LowSuccessRate"
    scene.playbook = replace(scene.playbook, slug="low-success-rate")
    scene.environment["ALARM_NAME"] = name
    event = scene.event(resources=[f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"])
    event["detail"]["alarmName"] = name
    scene.aws.fail(*READ, Throttled, times=999, where=where)
    scene.deliver(event)
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", "guard.leased")
    assert scene.result["because"]["values"] == {"incident": other}


@pytest.mark.parametrize(
    ("answer", "again"), [(Unreachable("look", "plan", "TimedOut"), True), (None, False)]
)
def test_what_is_in_force_is_read_again_where_an_answer_did_not_come_in_time(
    answer: Unreachable | None, again: bool, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other response may have acted after this one had read that nothing is in force."""
    before, after = Ledger(version=1), Ledger(version=2)
    incidents = Incidents(both.aws, "Incidents")
    monkeypatch.setattr(Incidents, "ledger", lambda _: after)
    assert _ledger(before, [answer], both.aws.now, incidents) is (after if again else before)
