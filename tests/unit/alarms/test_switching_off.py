"""What switches the liveness check off automatically: sure faults alone, and only while nothing is
throttled."""

import pytest

from alarms import (
    create_session_errors,
    get_result_errors,
    high_error_rate,
    low_success_rate,
    session_creation_errors,
    sure_faults,
)
from responder.core.refusals import Refusal
from responder.core.verdict import Proposal
from responder.evidence.faults import Fault
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms.world import (
    ACTS,
    ASKS,
    CREATE,
    RESULT,
    Variation,
    capped,
    decided,
    failing,
    idle,
    quiet,
    silent,
    throttled,
    turned_away,
    unread,
    without,
)

BOOKS = [
    pytest.param(create_session_errors.playbook, CREATE, id="create-session-errors"),
    pytest.param(get_result_errors.playbook, RESULT, id="get-result-errors"),
    pytest.param(high_error_rate.playbook, RESULT, id="high-error-rate"),
    pytest.param(low_success_rate.playbook, CREATE, id="low-success-rate"),
    pytest.param(session_creation_errors.playbook, CREATE, id="session-creation-errors"),
    pytest.param(sure_faults.playbook, RESULT, id="sure-faults"),
]
EACH = pytest.mark.parametrize(("playbook", "mine"), BOOKS)
PROVOKABLE = [Fault.TIMEOUT, Fault.MEMORY, Fault.UNEXPECTED, Fault.OTHER, Fault.CONFIGURATION]


def rollout(playbook: Playbook, *variations: Variation) -> Proposal | None:
    found = (each for each in decided(playbook, *variations).proposals if each.remedy == "rollout_to_zero")
    return next(found, None)


def sure(mine: str, count: int = 30) -> Variation:
    return failing(Fault.INTERNAL, count, function=mine)


HOLDS: dict[str, tuple[Variation, Refusal]] = {
    "one throttled request of one function": (
        failing(Fault.THROTTLING, 1, function=CREATE),
        Refusal.THROTTLED,
    ),
    "one throttled request of the other": (failing(Fault.THROTTLING, 1, function=RESULT), Refusal.THROTTLED),
    "an hour ago": (failing(Fault.THROTTLING, 1, minutes=60), Refusal.THROTTLED),
    "a used-up quota": (failing(Fault.QUOTA, 1), Refusal.THROTTLED),
    "one call that Lambda turned away": (turned_away(), Refusal.THROTTLED),
    "one of the other function": (turned_away(function=CREATE), Refusal.THROTTLED),
    "one throttle event of the table": (throttled(1, 1), Refusal.THROTTLED),
    "one within the hour": (throttled(0, 1), Refusal.THROTTLED),
    "the table's metrics unread": (without("table_pressure"), Refusal.THROTTLING_UNREAD),
    "one log not read back to an hour ago": (capped(CREATE), Refusal.THROTTLING_UNREAD),
    "the other log not read back to an hour ago": (capped(RESULT), Refusal.THROTTLING_UNREAD),
}


@EACH
@all_rows("what", HOLDS)
def test_while_anything_is_throttled_or_that_is_not_known_a_person_decides(
    playbook: Playbook, mine: str, what: str
) -> None:
    hold, reason = HOLDS[what]
    found = rollout(playbook, sure(CREATE), sure(RESULT), hold)
    assert found is not None
    assert found.asks is not None
    assert (found.at_most, found.asks.kind) == (ASKS, reason)


@EACH
def test_the_log_of_the_other_function_counts_as_well(playbook: Playbook, mine: str) -> None:
    found = rollout(playbook, sure(mine), unread(RESULT if mine == CREATE else CREATE))
    assert found is not None
    assert found.asks is not None
    assert (found.at_most, found.asks.kind) == (ASKS, Refusal.THROTTLING_UNREAD)


@EACH
def test_where_a_throttle_of_the_same_minutes_may_not_have_arrived_a_person_decides(
    playbook: Playbook, mine: str
) -> None:
    """CloudWatch shows a throttle up to three minutes later; Lambda writes no line about it."""
    found = rollout(playbook, failing(Fault.INTERNAL, function=mine, minutes=2.5))
    assert found is not None
    assert found.asks is not None
    assert (found.at_most, found.asks.kind) == (ASKS, Refusal.THROTTLING_UNREAD)
    arrived = rollout(playbook, failing(Fault.INTERNAL, function=mine, minutes=3.1))
    assert arrived is not None
    assert arrived.at_most is ACTS


LETS = {
    "nothing": lambda facts: None,
    "a throttled request of before the last hour": failing(Fault.THROTTLING, 1, minutes=61),
    "calls turned away before the last hour": turned_away(minutes=61),
    "logs read back to an hour ago": capped(minutes=60),
    "sessions that ended in between": failing(Fault.SESSION_ENDED, 60),
    "time-outs beside them": failing(Fault.TIMEOUT, 60),
}


@EACH
@all_rows("what", LETS)
def test_sure_faults_switch_the_check_off_automatically(playbook: Playbook, mine: str, what: str) -> None:
    found = rollout(playbook, sure(mine), LETS[what])
    assert found is not None
    assert (found.at_most, found.asks) == (ACTS, None)


@EACH
@all_rows("fault", PROVOKABLE)
def test_what_a_caller_may_cause_only_asks_however_much_of_it_there_is(
    playbook: Playbook, mine: str, fault: Fault
) -> None:
    """Sure faults stay below five, or below 5 %, each; they are not added up."""
    for count in (0, 4):
        found = rollout(playbook, sure(mine, count), failing(fault, 40, function=mine))
        assert found is not None
        assert found.at_most is ASKS
        assert found.asks is not None
        assert (found.asks.kind, found.asks.values) == (
            Refusal.PROVOKABLE if fault.provokable else Refusal.SURE_TOO_FEW,
            {"sure": count, "faulty": 40 + count},
        )


@EACH
def test_sure_faults_of_one_function_are_not_added_to_others_of_the_other(
    playbook: Playbook, mine: str
) -> None:
    other = RESULT if mine == CREATE else CREATE
    few = (sure(mine, 4), failing(Fault.TIMEOUT, 40, function=other), silent(20, other))
    found = rollout(playbook, *few)
    assert found is None or found.at_most is ASKS


@EACH
def test_the_rate_of_sure_faults_is_one_of_all_requests(playbook: Playbook, mine: str) -> None:
    """A flood makes them a smaller part; it never makes them more."""
    flood = idle(mine, 2000)
    assert rollout(playbook, sure(mine), flood) is None
    found = rollout(playbook, sure(mine), failing(Fault.TIMEOUT, 400, function=mine), flood)
    assert found is not None
    assert found.at_most is ASKS


@EACH
def test_without_invocations_nothing_is_proposed(playbook: Playbook, mine: str) -> None:
    assert rollout(playbook, sure(mine), without("invocations")) is None
    small = rollout(playbook, sure(mine, 12), quiet(12))
    assert small is not None
    assert small.samples_short is not None
