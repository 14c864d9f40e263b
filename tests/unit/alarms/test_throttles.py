"""Lambda turns invocations away: whose limit it was, and what a person may ask for."""

from dataclasses import replace

import pytest

from alarms import create_session_throttles, get_result_throttles
from responder.core.cause import Cause
from responder.core.settings import Settings
from responder.core.verdict import WrittenChange
from responder.evidence.changes import Affects
from responder.messages.language import say
from responder.messages.steps import with_commands
from responder.respond.playbook import Playbook
from tests.fakes.lines import asked as asking
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.alarms.limits_world import reserved, running
from tests.unit.alarms.world import (
    ACTS,
    CREATE,
    RESULT,
    Case,
    Variation,
    case,
    changed,
    check,
    decided,
    edit,
    put,
    without,
)

TWINS = [
    (create_session_throttles.playbook, "create", CREATE),
    (get_result_throttles.playbook, "result", RESULT),
]
TWO = pytest.mark.parametrize(("playbook", "function", "mine"), TWINS)


def cases(function: str, mine: str) -> dict[str, Case]:
    def limit(amount: int | None, **more: int) -> Variation:
        return put(**{f"reservation__{function}": reserved(amount, mine, **more)})

    def seen(**figures: dict[float, float]) -> Variation:
        return put(**{f"concurrency__{function}": running(mine, **figures)})

    away = {2.0: 40.0}
    return {
        "its own reservation": case(
            "concurrency_reserved",
            limit(10),
            seen(throttles=away, own={2.0: 10.0}),
            steps=("raise_reserved_concurrency", "lower_traffic"),
            propose_change=ACTS,
        ),
        "nearly": case(
            "concurrency_reserved", limit(10), seen(throttles=away, own={2.0: 9.0}), propose_change=ACTS
        ),
        "a reservation that was not reached": case(
            "unknown", limit(10), seen(throttles=away, own={2.0: 8.0})
        ),
        "reached long before": case("unknown", limit(10), seen(throttles=away, own={2.0: 3.0, 40.0: 10.0})),
        "what the account shares": case(
            "concurrency_account",
            seen(throttles=away, shared={2.0: 900.0}, account={2.0: 920.0}),
            steps=("raise_account_concurrency",),
            propose_change=ACTS,
        ),
        "the whole account": case(
            "concurrency_account",
            seen(throttles=away, shared={2.0: 700.0}, account={2.0: 1000.0}),
            propose_change=ACTS,
        ),
        "nearly what the account shares": case(
            "concurrency_account",
            seen(throttles=away, shared={2.0: 810.0}, account={2.0: 820.0}),
            propose_change=ACTS,
        ),
        "a reservation of one that nothing used": case("unknown", limit(1), seen(throttles=away, own={})),
        "nothing ran": case("unknown", seen(throttles=away, shared={}, account={})),
        "a limit of the account without a number": case(
            "unknown", limit(None, account=0), seen(throttles=away)
        ),
        "room on all sides": case("unknown", seen(throttles=away)),
        "limits without a number": case(
            "unknown", limit(None, account=0, unreserved=0), seen(throttles=away)
        ),
        piece("cause.concurrency_off"): case(
            "concurrency_off",
            limit(0),
            seen(throttles=away),
            steps=("lift_reservation",),
        ),
        "switched off, metrics unread": case("concurrency_off", limit(0), without(f"concurrency.{function}")),
        "switched off just before": case(
            "concurrency_off", limit(0), changed(mine, affects=Affects.CAPACITY)
        ),
        "over long ago": case("unknown", seen(throttles={90.0: 5.0})),
        "over for now": case(
            "throttles_passed", limit(10), seen(throttles={30.0: 5.0}), steps=("wait_and_watch",)
        ),
        "over for now, limits unread": case(
            "throttles_passed", seen(throttles={30.0: 5.0}), without(f"reservation.{function}")
        ),
        "nothing seen": case("unknown", steps=("check_dashboard",)),
        "metrics unread": case("unknown", limit(10), without(f"concurrency.{function}")),
        "limits unread": case("unknown", seen(throttles=away), without(f"reservation.{function}")),
    }


@TWO
@all_rows("name", cases("result", RESULT))
def test_case(playbook: Playbook, function: str, mine: str, name: str) -> None:
    check(playbook, cases(function, mine)[name])


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (None, "aws lambda delete-function-concurrency --region us-east-1 --function-name {function}"),
        (40, "--reserved-concurrent-executions 40"),
    ],
)
@TWO
def test_a_function_that_is_switched_off_is_named_with_the_command_that_restores_it(
    playbook: Playbook, function: str, mine: str, earlier: int | None, said: str
) -> None:
    off = replace(reserved(0, mine), earlier=earlier)
    verdict = decided(playbook, put(**{f"reservation__{function}": off}))
    assert verdict.cause.kind is Cause.CONCURRENCY_OFF
    given = with_commands(verdict.steps, playbook.manual, Settings())
    shown = " ".join(say(each, "en") for each in given)
    assert said.format(function=mine) in shown
    # A reservation that is no longer 0 is left alone.
    commands = (say(each, "en").partition("\n")[2] for each in given)
    (asked,) = asking(next(each for each in commands if "then aws" in each))
    assert asked.holds({"ReservedConcurrentExecutions": 0})
    assert not asked.holds({"ReservedConcurrentExecutions": 7})
    # In the step with the command, which is never shown without it.
    (guarded,) = (say(each, "en") for each in given if "then aws" in say(each, "en"))
    assert guarded.startswith("Ask the person who stopped the function why.")
    assert ("delete-function-concurrency" in shown) is (earlier is None)


def asked_for(**limits: int) -> WrittenChange:
    amount = limits.pop("amount", None)
    seen = running(RESULT, throttles={2.0: 5.0}, own={2.0: 500.0}, shared={2.0: 5000.0})
    limit = put(reservation__result=reserved(amount, RESULT, **limits))
    (proposal,) = decided(get_result_throttles.playbook, put(concurrency__result=seen), limit).proposals
    (found,) = proposal.proposed
    return found


def test_a_higher_reservation_is_what_is_asked_for() -> None:
    found = asked_for(amount=10)
    assert found.document["after"] == {"ReservedConcurrentExecutions": 20}
    assert RESULT in found.command


def test_a_reservation_never_eats_into_the_last_hundred() -> None:
    assert asked_for(amount=50, unreserved=130).document["after"] == {"ReservedConcurrentExecutions": 80}


def test_where_nothing_is_left_to_reserve_the_quota_is_asked_for() -> None:
    assert asked_for(amount=50, unreserved=100, account=150).document["DesiredValue"] == 1000


def test_a_full_account_asks_for_twice_as_much() -> None:
    found = asked_for(account=1000, unreserved=1000)
    assert (found.document["ServiceCode"], found.document["DesiredValue"]) == ("lambda", 2000)


@TWO
def test_the_person_who_just_switched_it_off_is_named(playbook: Playbook, function: str, mine: str) -> None:
    off = put(**{f"reservation__{function}": reserved(0, mine)})
    off_now = changed(mine, affects=Affects.CAPACITY)
    assert decided(playbook, off, off_now).why.values["by"] == "ci"
    unnamed = edit("changes", lambda found: replace(found, changes=(replace(found.changes[0], by=""),)))
    assert decided(playbook, off, off_now, unnamed).why.values["by"] == "-"
    assert decided(playbook, off).why.key == "why.switched_off"
    # New code does not switch a function off.
    assert decided(playbook, off, changed(mine)).why.key == "why.switched_off"


@TWO
def test_a_function_that_was_switched_off_is_not_switched_on(
    playbook: Playbook, function: str, mine: str
) -> None:
    assert decided(playbook, put(**{f"reservation__{function}": reserved(0, mine)})).proposals == ()
