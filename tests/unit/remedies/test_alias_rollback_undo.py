from collections.abc import Callable
from dataclasses import replace

import pytest

from responder.core.change import LeaseState, Plan, Status
from responder.core.errors import AwsError, Changed, Throttled, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.remedies.alias_rollback import AliasRollback
from tests.fakes import Died, FakeAws
from tests.unit.remedies.test_alias_rollback import MOVE, released, served
from tests.unit.remedies.world import RESULT, applied, confirmed, context, lease, notes, reverted, statuses

REMEDY = AliasRollback(LivenessFunction.RESULT)


@pytest.fixture
def aws() -> FakeAws:
    return released("code-1", "code-2")


def canary(aws: FakeAws) -> None:
    """A person begins to shift a tenth of the traffic."""
    alias = aws.lambdas.functions[RESULT].aliases["live"]
    alias.update(RoutingConfig={"AdditionalVersionWeights": {"1": 0.1}}, RevisionId="a-person")


def person_releases(aws: FakeAws) -> None:
    aws.lambdas.person_deploys(RESULT, "code-9")
    aws.lambdas.release(RESULT, "live")


def test_reverting_serves_the_newer_version_again(aws: FakeAws) -> None:
    back = reverted(aws, REMEDY, applied(aws, REMEDY))
    assert served(aws) == "2"
    assert statuses(back.changes) == [Status.REVERTED]


def test_the_same_revert_twice_moves_once(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    reverted(aws, REMEDY, held)
    again = reverted(aws, REMEDY, held)
    assert aws.count(*MOVE) == 2
    assert statuses(again.changes) == [Status.REVERTED]


def test_reverting_never_overwrites_what_a_person_released_since(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    person_releases(aws)
    back = reverted(aws, REMEDY, held)
    assert served(aws) == "3"
    assert (statuses(back.changes), notes(back.changes)) == ([Status.KEPT], ["change.kept"])


def test_reverting_never_ends_a_canary(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    canary(aws)
    back = reverted(aws, REMEDY, held)
    assert statuses(back.changes) == [Status.KEPT]
    assert aws.count(*MOVE) == 1


def test_an_alias_that_is_gone_needs_no_reverting(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    del aws.lambdas.functions[RESULT].aliases["live"]
    assert statuses(reverted(aws, REMEDY, held).changes) == [Status.KEPT]


def test_a_version_that_is_gone_is_reported(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    del aws.lambdas.functions[RESULT].versions["2"]
    back = reverted(aws, REMEDY, held)
    assert (statuses(back.changes), notes(back.changes)) == ([Status.FAILED], ["change.refused"])
    assert served(aws) == "1"


def test_what_cannot_be_read_is_not_reverted_and_said(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.fail("lambda", "list_aliases", Unreachable)
    back = REMEDY.revert(context(aws), held, {})
    assert notes(back) == ["obstacle.unreadable"]


@pytest.mark.parametrize("person", [person_releases, canary])
def test_an_alias_that_a_person_moves_at_the_same_moment_is_not_moved_over(
    aws: FakeAws,
    person: Callable[[FakeAws], None],
) -> None:
    aws.between(*MOVE, lambda: person(aws))
    held = applied(aws, REMEDY)
    assert notes(held.changes) == ["change.changed_meanwhile"]
    assert served(aws) != "1"


@pytest.mark.parametrize("person", [person_releases, canary])
def test_an_alias_that_changed_since_the_plan_is_not_moved(
    aws: FakeAws, person: Callable[[FakeAws], None]
) -> None:
    plan = REMEDY.prepare(context(aws))
    person(aws)
    stored = Plan(plan.scope, plan.changes, plan.snapshot)
    assert notes(REMEDY.apply(context(aws), stored)) == ["change.changed_meanwhile"]
    assert aws.count(*MOVE) == 0


@pytest.mark.parametrize(("error", "after"), [(Unreachable, True), (Changed, True), (Unreachable, False)])
def test_a_move_without_an_answer_is_looked_up(aws: FakeAws, error: type[AwsError], after: bool) -> None:
    """The SDK's own repeat of a call that took effect meets the revision it made: that is no stranger."""
    aws.fail(*MOVE, error, after=after)
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.APPLIED if after else Status.FAILED]
    assert served(aws) == ("1" if after else "2")
    assert aws.count(*MOVE) == 1


@pytest.mark.parametrize("error", [Changed, Unreachable])
def test_when_nothing_answers_a_person_is_notified_that_the_outcome_is_unknown_until_a_look_settles_it(
    aws: FakeAws,
    error: type[AwsError],
) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.fail(*MOVE, error, after=True)
    aws.fail("lambda", "list_aliases", Throttled, times=9)
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.outcome_unknown"]
    aws.heal()
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, changes, LeaseState.PARTIAL))
    assert statuses(held.changes) == [Status.APPLIED]


def test_an_answer_that_names_another_version_is_not_believed(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.answer(*MOVE, {"Name": "live", "FunctionVersion": "2", "RevisionId": "r"})
    assert notes(REMEDY.apply(context(aws), plan)) == ["change.outcome_unknown"]


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_in_the_middle_is_finished_by_a_second_run(aws: FakeAws, after: bool) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.fail(*MOVE, Died(), after=after)
    with pytest.raises(Died):
        REMEDY.apply(context(aws), plan)
    again = REMEDY.prepare(context(aws))
    assert not again.obstacles
    begun = lease(REMEDY, plan, plan.changes, LeaseState.APPLYING)
    changes = REMEDY.apply(context(aws), replace(begun.plan, obstacles=again.obstacles))
    assert statuses(changes) == [Status.APPLIED]
    assert served(aws) == "1"
    assert statuses(reverted(aws, REMEDY, replace(begun, changes=changes)).changes) == [Status.REVERTED]
    assert served(aws) == "2"


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_during_a_revert_is_finished_by_a_second_run(aws: FakeAws, after: bool) -> None:
    held = applied(aws, REMEDY)
    aws.fail(*MOVE, Died(), after=after)
    with pytest.raises(Died):
        REMEDY.revert(context(aws), held, {})
    assert statuses(reverted(aws, REMEDY, held).changes) == [Status.REVERTED]
    assert served(aws) == "2"


def test_what_a_run_that_died_had_not_made_is_reported_as_not_made(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    changes = REMEDY.confirm(context(aws), lease(REMEDY, plan, plan.changes, LeaseState.APPLYING))
    assert notes(changes) == ["change.not_made"]


def test_the_revert_is_shown_before_it_is_approved(aws: FakeAws) -> None:
    assert REMEDY.restored(applied(aws, REMEDY), {}) == {f"{RESULT}:live": "2"}


def test_a_revert_without_an_answer_is_settled_by_the_next_look(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.fail(*MOVE, Unreachable, after=True)
    aws.fail("lambda", "list_aliases", Throttled, call=2, times=9)
    going = replace(held, changes=REMEDY.revert(context(aws), held, {}), state=LeaseState.REVERTING)
    assert notes(going.changes) == ["change.outcome_unknown"]
    aws.heal()
    assert statuses(confirmed(aws, REMEDY, going).changes) == [Status.REVERTED]
