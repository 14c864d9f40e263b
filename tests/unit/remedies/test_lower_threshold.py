from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from responder.core.change import Lease, Plan, Status
from responder.core.errors import Refused, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.remedies import Remedy
from responder.remedies.lower_threshold import LowerThreshold
from tests.fakes import FakeAws
from tests.unit.remedies.world import confirmed, context, keys, lease, notes, reverted, statuses

UPDATE = ("lambda", "update_function_configuration")
REMEDY = LowerThreshold()
CREATE, RESULT = Settings().functions
NAME = Settings().threshold_variable
OTHERS = {"LIVENESS_SESSIONS_TABLE": "s3cret-table", "FACE_AUTH_BUCKET": "s3cret-bucket"}
BOTH: Json = {"threshold_readers": (CREATE, RESULT)}


def deployed(create: str | None = "90.0", result: str | None = "90.0") -> FakeAws:
    aws = FakeAws()
    for name, value in ((CREATE, create), (RESULT, result)):
        aws.lambdas.add(name, OTHERS if value is None else {**OTHERS, NAME: value}, Runtime="python3.13")
    return aws


def planned(aws: FakeAws, **settings: Any) -> Plan:
    return REMEDY.prepare(context(aws, **(BOTH | settings)))


def lowered(aws: FakeAws, **settings: Any) -> Lease:
    plan = planned(aws, **settings)
    assert not plan.obstacles, plan.obstacles
    return confirmed(aws, REMEDY, lease(REMEDY, plan, REMEDY.apply(context(aws, **BOTH), plan)))


def values(aws: FakeAws, qualifier: str = "$LATEST") -> list[str]:
    return [aws.lambdas.variables(name, qualifier)[NAME] for name in (CREATE, RESULT)]


def test_it_is_a_remedy() -> None:
    assert isinstance(REMEDY, Remedy)


@pytest.fixture
def aws() -> FakeAws:
    return deployed()


def test_both_functions_get_the_lower_threshold_and_keep_every_other_variable(aws: FakeAws) -> None:
    held = lowered(aws)
    assert values(aws) == ["85.0", "85.0"]
    assert aws.lambdas.variables(RESULT) == {**OTHERS, NAME: "85.0"}
    assert statuses(held.changes) == [Status.APPLIED] * 2


def test_only_the_functions_that_are_declared_are_touched(aws: FakeAws) -> None:
    lowered(aws, threshold_readers=(RESULT, "FaceAuth-FaceLogin"))
    assert values(aws) == ["90.0", "85.0"]


@pytest.mark.parametrize(
    ("now", "wanted", "after"),
    [
        ("90", 85.0, "85"),
        ("90.0", 85.0, "85.0"),
        ("90.00", 85.0, "85.00"),
        ("90", 87.5, "87.5"),
        ("9e1", 85.0, "85.0"),
    ],
)
def test_each_function_keeps_its_own_spelling(now: str, wanted: float, after: str) -> None:
    aws = deployed("90.0", now)
    held = lowered(aws, lowered_threshold=wanted)
    assert values(aws)[1] == after
    reverted(aws, REMEDY, held)
    assert values(aws) == ["90.0", now]


def test_it_reaches_the_alias_too_and_comes_back_there(aws: FakeAws) -> None:
    for name in (CREATE, RESULT):
        aws.lambdas.release(name, "live")
    held = lowered(aws)
    assert values(aws, "live") == ["85.0", "85.0"]
    reverted(aws, REMEDY, held)
    assert values(aws, "live") == ["90.0", "90.0"]


# --- when it is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("readers", [(), (CREATE,), ("FaceAuth-FaceLogin",)])
def test_while_the_function_that_judges_does_not_read_it_lowering_it_is_refused(
    aws: FakeAws,
    readers: Strings,
) -> None:
    plan = planned(aws, threshold_readers=readers)
    assert keys(plan) == ["obstacle.threshold_not_read"]
    assert plan.obstacles[0].values == {"target": RESULT, "setting": NAME}
    assert not plan.possible
    with pytest.raises(Refused):
        REMEDY.apply(context(aws), plan)
    assert aws.writes == []


@pytest.mark.parametrize("now", ["80.0", "84.99", "0"])
def test_a_threshold_that_would_not_go_down_is_refused(now: str) -> None:
    aws = deployed("90.0", now)
    assert keys(planned(aws)) == ["obstacle.threshold_not_lower"]


@pytest.mark.parametrize("wanted", [90.0, 95.0, 0.0, -1.0, float("nan"), float("inf"), float("-inf")])
def test_a_setting_that_is_not_lower_or_no_score_is_refused_or_nothing_to_do(wanted: float) -> None:
    plan = planned(deployed(), lowered_threshold=wanted)
    assert set(keys(plan)) == (set() if wanted == 90 else {"obstacle.threshold_not_lower"})
    assert plan.already == (wanted == 90)


def test_what_is_no_number_is_neither_changed_nor_shown() -> None:
    for wanted in (85.0, float("nan")):
        plan = planned(deployed("90.0", "s3cret-key"), lowered_threshold=wanted)
        assert "obstacle.threshold_unreadable" in keys(plan)
        assert "s3cret" not in repr((plan.changes, plan.obstacles))


def test_a_variable_that_is_not_there_is_not_created() -> None:
    aws = deployed("90.0", None)
    assert keys(planned(aws)) == ["obstacle.setting_missing"]
    assert aws.writes == []


def test_what_cannot_be_decrypted_read_or_updated_is_refused_for_both() -> None:
    locked, silent, old = deployed(), deployed(), deployed()
    locked.lambdas.lock_key(CREATE)
    silent.fail("lambda", "get_function_configuration", Unreachable, where={"FunctionName": RESULT})
    old.now = datetime(2029, 10, 1, tzinfo=UTC)
    refusals = {
        "obstacle.variables_unreadable": locked,
        "obstacle.unreadable": silent,
        "obstacle.runtime_refused": old,
    }
    for key, aws in refusals.items():
        plan = planned(aws)
        assert key in keys(plan)
        assert plan.possible == ()


def test_one_function_alone_is_never_lowered(aws: FakeAws) -> None:
    aws.lambdas.lock_key(CREATE)
    plan = planned(aws)
    assert plan.only((RESULT,)) == plan


# --- while it lasts, and back ----------------------------------------------------------------------


def test_what_is_lowered_already_has_nothing_left_to_do_whatever_its_spelling() -> None:
    aws = deployed("85", "85.00")
    plan = planned(aws)
    assert plan.already
    assert statuses(plan.changes) == [Status.ALREADY] * 2


def test_reverting_restores_the_old_threshold_and_nothing_else(aws: FakeAws) -> None:
    held = lowered(aws)
    aws.lambdas.person_sets(RESULT, FACE_AUTH_BUCKET="another")
    back = reverted(aws, REMEDY, held)
    assert values(aws) == ["90.0", "90.0"]
    assert aws.lambdas.variables(RESULT)["FACE_AUTH_BUCKET"] == "another"
    assert statuses(back.changes) == [Status.REVERTED] * 2


def test_a_value_that_a_person_set_meanwhile_is_kept_and_said(aws: FakeAws) -> None:
    held = lowered(aws)
    aws.lambdas.person_sets(RESULT, **{NAME: "88.0"})
    back = reverted(aws, REMEDY, held)
    assert values(aws) == ["90.0", "88.0"]
    assert statuses(back.changes) == [Status.REVERTED, Status.KEPT]
    assert notes(back.changes) == ["change.kept"]


def test_it_goes_back_although_the_readers_are_no_longer_declared(aws: FakeAws) -> None:
    held = lowered(aws)
    changes = REMEDY.revert(context(aws), held, {})
    assert statuses(confirmed(aws, REMEDY, replace(held, changes=changes)).changes) == [Status.REVERTED] * 2
    assert values(aws) == ["90.0", "90.0"]


def test_it_goes_back_although_the_parameter_names_another_variable_since(aws: FakeAws) -> None:
    held = lowered(aws)
    changes = REMEDY.revert(context(aws, threshold_variable="ANOTHER_NAME"), held, {})
    aws.settle()
    now = context(aws, threshold_variable="ANOTHER_NAME")
    assert statuses(REMEDY.confirm(now, replace(held, changes=changes))) == [Status.REVERTED] * 2
    assert values(aws) == ["90.0", "90.0"]


def test_when_one_of_the_two_fails_it_is_reported_and_a_retry_finishes_it(aws: FakeAws) -> None:
    aws.fail(*UPDATE, Throttled, where={"FunctionName": CREATE})
    plan = planned(aws)
    changes = REMEDY.apply(context(aws), plan)
    assert statuses(changes)[0] is Status.FAILED
    assert values(aws) == ["90.0", "85.0"]
    again = REMEDY.apply(context(aws), lease(REMEDY, plan, changes).plan)
    confirmed(aws, REMEDY, lease(REMEDY, plan, again))
    assert values(aws) == ["85.0", "85.0"]


def test_settings_that_a_person_has_not_released_are_asked_about_and_go_along_once_approved(
    aws: FakeAws,
) -> None:
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    (caution,) = planned(aws).cautions
    assert (caution.kind.value, caution.values["names"]) == ("caution.unreleased_settings", "AD_TIMEOUT")
    assert statuses(lowered(aws).changes) == [Status.APPLIED] * 2
    assert aws.lambdas.variables(RESULT, "live") == {**OTHERS, NAME: "85.0", "AD_TIMEOUT": "30"}


def test_settings_changed_after_it_was_asked_are_not_released(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    plan = planned(aws)
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    changes = REMEDY.apply(context(aws, **BOTH), plan)
    assert notes(changes) == ["obstacle.unannounced"]
    assert aws.lambdas.variables(RESULT, "live")[NAME] == "90.0"
