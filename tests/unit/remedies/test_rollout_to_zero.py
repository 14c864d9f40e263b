from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from responder.core.change import Changes, LeaseState, Status
from responder.core.codec import dump
from responder.core.errors import AwsError, Busy, Changed, Denied, Refused, Throttled, Unreachable
from responder.core.lambda_runtimes import updates_refused_from
from responder.core.reasons import FailureKind, Obstacle
from responder.core.text import Text
from responder.remedies import Remedy
from responder.remedies.rollout_to_zero import RolloutToZero
from tests.fakes import Died, FakeAws
from tests.unit.remedies.world import (
    ENROLLMENT,
    FACE_LOGIN,
    FOUR,
    OTHERS,
    ROLLOUT,
    applied,
    confirmed,
    context,
    keys,
    lease,
    notes,
    percentages,
    reverted,
    rolled_out,
    statuses,
)

UPDATE = ("lambda", "update_function_configuration")
REMEDY = RolloutToZero()


def test_it_is_a_remedy() -> None:
    assert isinstance(REMEDY, Remedy)


@pytest.fixture
def aws() -> FakeAws:
    return rolled_out()


def test_the_manual_command_would_have_wiped_fifteen_variables(aws: FakeAws) -> None:
    environment = {"Variables": {ROLLOUT: "0"}}
    aws.call("lambda", "update_function_configuration", FunctionName=ENROLLMENT, Environment=environment)
    assert aws.lambdas.variables(ENROLLMENT) == {ROLLOUT: "0"}
    assert len(OTHERS) == 15


def test_a_rollback_reaches_all_four_functions_that_read_the_switch(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert percentages(aws) == ["0"] * 4
    assert statuses(held.changes) == [Status.APPLIED] * 4


def test_a_rollback_keeps_every_other_variable(aws: FakeAws) -> None:
    applied(aws, REMEDY)
    for name in FOUR:
        assert aws.lambdas.variables(name) == {**OTHERS, ROLLOUT: "0"}


def test_a_rollback_keeps_every_variable_also_when_a_person_changes_one_between_our_read_and_our_write(
    aws: FakeAws,
) -> None:
    aws.between(*UPDATE, lambda: aws.lambdas.person_sets(FACE_LOGIN, AD_TIMEOUT="30", NEW_ONE="x"))
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.APPLIED] * 4
    assert aws.lambdas.variables(FACE_LOGIN) == {**OTHERS, ROLLOUT: "0", "AD_TIMEOUT": "30", "NEW_ONE": "x"}


def test_nothing_is_written_to_a_function_without_a_revision(aws: FakeAws) -> None:
    for function in aws.lambdas.functions.values():
        del function.latest["RevisionId"]
    plan = REMEDY.prepare(context(aws))
    assert {change.status for change in REMEDY.apply(context(aws), plan)} == {Status.FAILED}


def test_a_value_that_a_person_sets_at_the_same_moment_is_not_overwritten(aws: FakeAws) -> None:
    aws.between(*UPDATE, lambda: aws.lambdas.person_sets(FACE_LOGIN, **{ROLLOUT: "20"}))
    held = applied(aws, REMEDY)
    assert aws.lambdas.variables(FACE_LOGIN)[ROLLOUT] == "20"
    assert notes(held.changes) == ["change.changed_meanwhile"]


def test_when_one_function_of_the_four_fails_the_others_are_reported_and_a_retry_finishes_it(
    aws: FakeAws,
) -> None:
    aws.fail(*UPDATE, Throttled, where={"FunctionName": FACE_LOGIN})
    plan = REMEDY.prepare(context(aws))
    changes = REMEDY.apply(context(aws), plan)
    assert statuses(changes).count(Status.FAILED) == 1
    assert percentages(aws) == ["0", "50", "0", "0"]

    before = aws.count(*UPDATE)
    changes = REMEDY.apply(context(aws), lease(REMEDY, plan, changes).plan)
    assert aws.count(*UPDATE) == before + 1
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, changes))
    assert percentages(aws) == ["0"] * 4
    assert statuses(held.changes) == [Status.APPLIED] * 4


def test_when_one_function_has_an_obstacle_nothing_is_written_and_the_others_are_offered(
    aws: FakeAws,
) -> None:
    aws.lambdas.lock_key(FACE_LOGIN)
    plan = REMEDY.prepare(context(aws))
    assert keys(plan) == ["obstacle.variables_unreadable"]
    with pytest.raises(Refused):
        REMEDY.apply(context(aws), plan)
    assert aws.writes == []

    others = [name for name in FOUR if name != FACE_LOGIN]
    assert list(plan.possible) == others
    REMEDY.apply(context(aws), plan.only(others))
    assert percentages(aws) == ["0", "50", "0", "0"]


def test_a_plan_cannot_be_narrowed_to_a_target_with_an_obstacle(aws: FakeAws) -> None:
    aws.lambdas.lock_key(FACE_LOGIN)
    plan = REMEDY.prepare(context(aws))
    assert plan.only([FACE_LOGIN, ENROLLMENT]) == plan.only([]) == plan


def test_preconditions_of_all_four_are_read_before_the_first_write_in_one_round(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    assert aws.writes == []
    reads = len(aws.calls)
    REMEDY.apply(context(aws), plan)
    assert len(aws.calls) == reads + 4, "no second read stands between the decision and the write"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Runtime": "python2.7", "State": "Inactive"}, ["obstacle.not_active"]),
        ({"LastUpdateStatus": "Failed"}, ["obstacle.last_update_failed"]),
        ({"Environment": {"Variables": {"A_B": "1"}}}, ["obstacle.setting_missing"]),
        ({"Environment": {}}, ["obstacle.setting_missing"]),
    ],
)
def test_an_obstacle_is_named(aws: FakeAws, change: dict[str, object], expected: list[str]) -> None:
    aws.lambdas.functions[ENROLLMENT].latest.update(change)
    assert keys(REMEDY.prepare(context(aws))) == expected


def test_a_variable_that_does_not_exist_is_never_created(aws: FakeAws) -> None:
    for name in FOUR:
        del aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT]
    plan = REMEDY.prepare(context(aws))
    assert keys(plan) == ["obstacle.setting_missing"] * 4
    assert plan.changes == ()


def test_until_the_owner_declares_who_reads_the_switch_it_is_refused() -> None:
    plan = REMEDY.prepare(context(rolled_out(), rollout_readers=()))
    assert keys(plan) == ["obstacle.not_a_reader"] * 4
    assert plan.possible == ()


def test_without_any_function_configured_it_is_refused() -> None:
    assert keys(REMEDY.prepare(context(rolled_out(), rollout_functions=()))) == ["obstacle.no_targets"]


def test_a_runtime_that_aws_no_longer_updates_is_known_before_the_write(aws: FakeAws) -> None:
    aws.tick(days=1000)
    plan = REMEDY.prepare(context(aws))
    assert keys(plan) == ["obstacle.runtime_refused"] * 4


def test_a_change_in_flight_is_reported_and_waited_for(aws: FakeAws) -> None:
    aws.lambdas.functions[ENROLLMENT].latest["LastUpdateStatus"] = "InProgress"
    plan = REMEDY.prepare(context(aws))
    assert plan.in_flight is not None
    assert ENROLLMENT not in plan.possible


def test_a_function_that_cannot_be_read_is_an_obstacle_that_names_the_right(aws: FakeAws) -> None:
    aws.fail(
        "lambda", "list_aliases", Denied, code="AccessDeniedException", where={"FunctionName": ENROLLMENT}
    )
    (reason,) = REMEDY.prepare(context(aws)).obstacles
    assert reason.kind is Obstacle.UNREADABLE
    assert reason.values["action"] == "lambda:ListAliases"


def test_what_is_at_zero_already_is_found_so_and_not_written() -> None:
    aws = rolled_out("0")
    plan = REMEDY.prepare(context(aws))
    assert plan.already
    assert statuses(REMEDY.apply(context(aws), plan)) == [Status.ALREADY] * 4
    assert aws.writes == []


def test_what_cannot_be_read_is_never_taken_for_already_so() -> None:
    aws = rolled_out("0")
    aws.fail("lambda", "get_function_configuration", Unreachable, where={"FunctionName": ENROLLMENT})
    assert not REMEDY.prepare(context(aws)).already


def test_the_alias_that_serves_the_same_code_is_moved(aws: FakeAws) -> None:
    for name in FOUR:
        aws.lambdas.release(name, "live")
    held = applied(aws, REMEDY)
    assert percentages(aws, "live") == ["0"] * 4
    assert statuses(held.changes) == [Status.APPLIED] * 4


def test_a_change_does_not_count_as_applied_while_the_alias_serves_the_old_value(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    changes = REMEDY.confirm(context(aws), held)
    assert statuses(changes) == [Status.IN_PROGRESS, *[Status.APPLIED] * 3], (
        "the new version is still pending"
    )
    assert len(aws.lambdas.functions[ENROLLMENT].versions) == 2
    confirmed(aws, REMEDY, replace(held, changes=changes))
    assert len(aws.lambdas.functions[ENROLLMENT].versions) == 2, "asked again, published once"


def test_zero_in_latest_is_not_already_so_while_the_alias_serves_the_old_value(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "0"})
    held = applied(aws, REMEDY)
    assert aws.lambdas.variables(ENROLLMENT, "live")[ROLLOUT] == "0"
    assert (held.changes[0].before, held.changes[0].status) == ("50", Status.APPLIED)
    assert held.snapshot["functions"][ENROLLMENT]["old"] == "50"


def test_unreleased_code_is_never_published(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_deploys(ENROLLMENT, "code-2")
    assert keys(REMEDY.prepare(context(aws))) == ["obstacle.alias_other_code"]


def test_code_deployed_between_the_write_and_the_release_is_not_published(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    aws.lambdas.person_deploys(ENROLLMENT, "code-2")
    (reason,) = not_released(REMEDY.confirm(context(aws), held))
    assert Obstacle.named(dump(reason)) is Obstacle.ALIAS_OTHER_CODE
    assert aws.count("lambda", "publish_version") == 0


def not_released(changes: Changes) -> list[Text]:
    """Why not, of those that are set and not released."""
    found = [each.note for each in changes if each.note and each.note.kind is FailureKind.NOT_RELEASED]
    return [each.values["reason"] for each in found if isinstance(each.values["reason"], Text)]


def test_settings_that_a_person_has_not_released_make_it_a_question(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    (caution,) = REMEDY.prepare(context(aws)).cautions
    assert (caution.kind.value, caution.values["names"]) == ("caution.unreleased_settings", "AD_TIMEOUT")


def test_settings_changed_between_the_write_and_the_release_are_not_released_unasked(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    (reason,) = not_released(REMEDY.confirm(context(aws), held))
    assert (reason.key, reason.values["names"]) == ("obstacle.unannounced", "AD_TIMEOUT")
    assert aws.count("lambda", "publish_version") == 0


def test_settings_changed_between_the_reading_and_the_write_are_not_built_upon(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    plan = REMEDY.prepare(context(aws))
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["obstacle.unannounced"]
    assert aws.lambdas.functions[ENROLLMENT].latest["Environment"]["Variables"][ROLLOUT] == "50"


def test_settings_changed_before_a_revert_are_not_released_with_it(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    held = applied(aws, REMEDY)
    published = aws.count("lambda", "publish_version")
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    assert notes(reverted(aws, REMEDY, held).changes) == ["obstacle.unannounced"]
    assert aws.count("lambda", "publish_version") == published


def test_a_setting_that_went_along_once_and_was_changed_again_does_not_go_along_during_a_revert(
    aws: FakeAws,
) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    held = applied(aws, REMEDY)
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="9999")
    assert notes(reverted(aws, REMEDY, held).changes) == ["obstacle.unannounced"]
    assert aws.lambdas.variables(ENROLLMENT, "live")["AD_TIMEOUT"] == "30"


def test_a_setting_changed_again_before_the_release_of_the_revert_is_not_released(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    held = applied(aws, REMEDY)
    back = replace(held, changes=REMEDY.revert(context(aws), held, {}), state=LeaseState.REVERTING)
    aws.settle()
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="9999")
    (reason,) = not_released(REMEDY.confirm(context(aws), back))
    assert Obstacle.named(dump(reason)) is Obstacle.UNANNOUNCED
    assert aws.lambdas.variables(ENROLLMENT, "live")["AD_TIMEOUT"] == "30"


def test_what_was_asked_about_goes_along_once_it_was_approved(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    assert statuses(applied(aws, REMEDY).changes) == [Status.APPLIED] * 4


def test_an_alias_that_splits_its_traffic_refuses(aws: FakeAws) -> None:
    first = aws.lambdas.release(ENROLLMENT, "stable")
    aws.lambdas.release(ENROLLMENT, "live", **{first: 0.1})
    assert keys(REMEDY.prepare(context(aws))) == ["obstacle.alias_weighted"]


@pytest.mark.parametrize(("took_effect", "writes"), [(True, 4), (False, 5)])
def test_a_write_without_an_answer_is_repeated_only_where_it_did_not_take_effect(
    aws: FakeAws, took_effect: bool, writes: int
) -> None:
    aws.fail(*UPDATE, Unreachable, after=took_effect, where={"FunctionName": ENROLLMENT})
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.APPLIED] * 4
    assert aws.count(*UPDATE) == writes


def test_when_nothing_answers_a_person_is_notified_that_the_outcome_is_unknown(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.fail(*UPDATE, Unreachable, times=9)
    aws.fail("lambda", "get_function_configuration", Unreachable, times=9)
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.outcome_unknown"] * 4


def test_an_answer_without_the_other_variables_is_raised_as_an_alarm(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    wiped = {"Environment": {"Variables": {ROLLOUT: "0"}}, "LastUpdateStatus": "Successful"}
    aws.answer(*UPDATE, wiped)
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.variables_lost"] * 4
    assert changes[0].note is not None
    assert "AD_TIMEOUT" in str(changes[0].note.values["names"])
    again = REMEDY.apply(context(aws), lease(REMEDY, plan, changes).plan)
    assert again == changes, "a second run must not call it done"


def test_an_update_that_aws_gives_up_is_a_failure_and_the_old_value_stays(aws: FakeAws) -> None:
    aws.lambdas.fail_next_update(ENROLLMENT, "EniLimitExceeded")
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.FAILED, *[Status.APPLIED] * 3]
    assert notes(held.changes) == ["change.update_failed"]


@pytest.mark.parametrize("error", [Busy, Changed, Throttled, Unreachable])
def test_a_release_that_meets_a_passing_error_is_tried_again_at_the_next_continue(
    aws: FakeAws,
    error: type[AwsError],
) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.fail("lambda", "update_alias", error)
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    assert statuses(confirmed(aws, REMEDY, held).changes) == [Status.APPLIED] * 4


def test_a_right_that_is_missing_for_the_release_is_reported(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.fail("lambda", "publish_version", Denied, code="AccessDeniedException")
    held = applied(aws, REMEDY)
    (reason,) = not_released(held.changes)
    assert reason.values["action"] == "lambda:PublishVersion"


@pytest.mark.parametrize("call", [1, 2, 3, 4])
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_in_the_middle_is_finished_by_a_second_run(aws: FakeAws, call: int, after: bool) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.fail(*UPDATE, Died(), call=call, after=after)
    with pytest.raises(Died):
        REMEDY.apply(context(aws), plan)
    aws.settle()
    begun = lease(REMEDY, plan, plan.changes, LeaseState.APPLYING)
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, REMEDY.apply(context(aws), begun.plan)))
    assert percentages(aws) == ["0"] * 4
    assert statuses(held.changes) == [Status.APPLIED] * 4
    assert held.snapshot["functions"][ENROLLMENT]["old"] == "50"


def test_our_own_change_is_recognised_while_aws_works_on_it_and_after(aws: FakeAws) -> None:
    """AWS gives a function another RevisionId when the update has taken effect."""
    aws.lambdas.release(ENROLLMENT, "live")
    plan = REMEDY.prepare(context(aws))
    changes = REMEDY.apply(context(aws), plan)
    written = {change.target: change.written[-1] for change in changes}
    assert written == REMEDY.prepare(context(aws)).modified
    aws.tick(minutes=1)
    aws.settle()
    assert written == REMEDY.prepare(context(aws)).modified
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, changes))
    versions = aws.lambdas.functions[ENROLLMENT].versions.values()
    assert {datetime.fromisoformat(each["LastModified"]) for each in versions} & set(held.changes[0].written)


def test_what_is_released_has_not_failed_because_the_look_after_it_is_denied(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.publishes_at_once = True
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    where = {"FunctionName": ENROLLMENT}
    aws.between("lambda", "update_alias", lambda: aws.fail("lambda", "list_aliases", Denied, where=where))
    (change, *_) = REMEDY.confirm(context(aws), held)
    assert aws.lambdas.variables(ENROLLMENT, "live")[ROLLOUT] == "0"
    assert (change.status, change.written) == (Status.APPLIED, held.changes[0].written)


def test_an_alias_that_a_person_moves_at_the_same_moment_is_not_moved_over(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")

    def person_releases() -> None:
        aws.lambdas.person_deploys(ENROLLMENT, "code-2")
        aws.lambdas.release(ENROLLMENT, "live")

    aws.between("lambda", "update_alias", person_releases)
    plan = REMEDY.prepare(context(aws))
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, REMEDY.apply(context(aws), plan)))
    assert aws.lambdas.functions[ENROLLMENT].aliases["live"]["FunctionVersion"] == "3"
    assert aws.lambdas.variables(ENROLLMENT, "live")[ROLLOUT] == "0", "what they released has our value"
    assert statuses(held.changes) == [Status.APPLIED] * 4


@pytest.mark.parametrize(("days", "refused"), [(-1, 0), (0, 4)])
def test_updates_are_refused_from_the_announced_day_on(aws: FakeAws, days: int, refused: int) -> None:
    announced = updates_refused_from("python3.9")
    assert announced is not None
    aws.now = datetime(announced.year, announced.month, announced.day, tzinfo=UTC) + timedelta(days=days)
    assert len(REMEDY.prepare(context(aws)).obstacles) == refused
