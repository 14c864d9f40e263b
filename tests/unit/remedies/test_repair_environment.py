import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from responder.core.change import Change, Changes, Lease, LeaseState, Ledger, Plan, Status
from responder.core.context import Context
from responder.core.errors import Changed, Denied, Refused, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.core.modes import Mode
from responder.core.refusals import Refusal
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.guards import Purpose, Question, judge
from responder.remedies.repair_environment import RepairEnvironment
from tests.fakes import FakeAws
from tests.unit.remedies import world
from tests.unit.remedies.world import RESULT, confirmed, keys, lease, notes, statuses

REMEDY = RepairEnvironment(LivenessFunction.RESULT)
UPDATE = ("lambda", "update_function_configuration")
TABLE, BUCKET, THRESHOLD = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET", "LIVENESS_CONFIDENCE_THRESHOLD"
IMAGES = "face-auth-images-123456789012-us-east-1"
GOOD = {TABLE: Settings().sessions_table, BUCKET: IMAGES, THRESHOLD: "90.0"}
OTHER = {"AD_TIMEOUT": "s3cret-10", "LOG_LEVEL": "s3cret-info"}


def deployed(variables: Mapping[str, str | None]) -> FakeAws:
    """The result function with these variables instead; None: without it."""
    aws = FakeAws()
    found = {**OTHER, **GOOD, **variables}
    aws.lambdas.add(RESULT, {name: value for name, value in found.items() if value is not None})
    return aws


def context(aws: FakeAws, bucket: str = IMAGES) -> Context:
    return world.context(aws, bucket=bucket)


def prepared(aws: FakeAws) -> Plan:
    return REMEDY.prepare(context(aws))


def applied(aws: FakeAws) -> Lease:
    plan = prepared(aws)
    assert not plan.obstacles, plan.obstacles
    return confirmed(aws, REMEDY, lease(REMEDY, plan, REMEDY.apply(context(aws), plan)))


def shown(changes: Changes) -> list[tuple[str, str, str]]:
    return [(change.setting, change.before, change.after) for change in changes]


def refused(aws: FakeAws, bucket: str = IMAGES) -> list[str]:
    """Why not, and that nothing was written."""
    plan = REMEDY.prepare(context(aws, bucket))
    with pytest.raises(Refused):
        REMEDY.apply(context(aws, bucket), plan)
    assert aws.writes == []
    return keys(plan)


def test_what_is_missing_or_wrong_is_put_back_and_every_other_variable_stays() -> None:
    aws = deployed({TABLE: None, BUCKET: "s3cret-somewhere-else"})
    held = applied(aws)
    assert aws.lambdas.variables(RESULT) == {**OTHER, **GOOD}
    assert statuses(held.changes) == [Status.APPLIED] * 2
    assert aws.count(*UPDATE) == 1


def test_a_wrong_value_is_nowhere_to_be_read() -> None:
    aws = deployed({TABLE: None, BUCKET: "s3cret-somewhere-else", THRESHOLD: "s3cret"})
    plan = prepared(aws)
    assert shown(plan.changes) == [
        (TABLE, "(missing)", Settings().sessions_table),
        (BUCKET, "(wrong)", IMAGES),
        (THRESHOLD, "(wrong)", "90.0"),
    ]
    assert "s3cret" not in repr((plan, plan.current, plan.snapshot, applied(aws)))


def test_what_is_asked_is_the_same_when_it_is_asked_again() -> None:
    aws = deployed({TABLE: "wrong"})
    first = prepared(aws)
    aws.tick(minutes=10)
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    assert prepared(aws).changes == first.changes


@pytest.mark.parametrize("chosen", ["85", "95.5", "90"])
def test_a_threshold_that_a_person_chose_is_no_fault(chosen: str) -> None:
    aws = deployed({THRESHOLD: chosen})
    plan = prepared(aws)
    assert plan.already
    assert [change.setting for change in plan.changes] == [TABLE, BUCKET]


@pytest.mark.parametrize("junk", ["", "ninety", "90,0", str(math.nan), str(math.inf)])
def test_a_threshold_that_is_no_number_is_put_back(junk: str) -> None:
    aws = deployed({THRESHOLD: junk})
    applied(aws)
    assert aws.lambdas.variables(RESULT)[THRESHOLD] == "90.0"


def test_what_is_as_expected_is_already_so() -> None:
    aws = deployed({})
    plan = prepared(aws)
    assert plan.already
    assert statuses(REMEDY.apply(context(aws), plan)) == [Status.ALREADY] * 3
    assert aws.writes == []


def test_a_function_without_any_variable_gets_only_the_expected_ones() -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT)
    applied(aws)
    assert aws.lambdas.variables(RESULT) == GOOD


@pytest.fixture
def aws() -> FakeAws:
    return deployed({TABLE: None})


def test_a_second_alarm_that_asks_for_it_finds_it_done(aws: FakeAws) -> None:
    applied(aws)
    assert prepared(aws).already


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"State": "Inactive"}, ["obstacle.not_active"]),
        ({"LastUpdateStatus": "Failed"}, ["obstacle.last_update_failed"]),
    ],
)
def test_an_obstacle_is_named(aws: FakeAws, change: dict[str, str], expected: list[str]) -> None:
    aws.lambdas.functions[RESULT].latest.update(change)
    assert refused(aws) == expected


def test_variables_that_cannot_be_decrypted_are_never_taken_for_missing() -> None:
    aws = deployed({})
    aws.lambdas.lock_key(RESULT)
    assert refused(aws) == ["obstacle.variables_unreadable"]


def test_without_the_parameter_no_one_knows_the_right_bucket() -> None:
    assert refused(deployed({TABLE: None}), bucket="") == ["obstacle.no_expected_value"]


def test_a_runtime_that_aws_no_longer_updates_is_known_before_the_write(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].latest["Runtime"] = "python3.9"
    aws.tick(days=1000)
    assert refused(aws) == ["obstacle.runtime_refused"]


def test_what_cannot_be_read_refuses_and_names_the_right(aws: FakeAws) -> None:
    aws.fail("lambda", "get_function_configuration", Denied, code="AccessDeniedException")
    assert refused(aws) == ["obstacle.unreadable"]


def test_an_update_in_flight_is_waited_for(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].latest["LastUpdateStatus"] = "InProgress"
    plan = prepared(aws)
    assert plan.in_flight is not None
    assert notes(REMEDY.apply(context(aws), plan)) == ["obstacle.in_flight"]
    assert aws.writes == []


def test_unreleased_code_is_never_published(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_deploys(RESULT, "code-2")
    assert refused(aws) == ["obstacle.alias_other_code"]


def test_an_alias_with_the_same_code_serves_the_repaired_variables() -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    aws.lambdas.release(RESULT, "live")
    held = applied(aws)
    assert aws.lambdas.variables(RESULT, "live") == {**OTHER, **GOOD}
    assert statuses(held.changes) == [Status.APPLIED] * 2


def test_what_a_person_repaired_but_did_not_release_is_released(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, **{TABLE: GOOD[TABLE]})
    held = applied(aws)
    assert shown(held.changes) == [(TABLE, "(missing)", GOOD[TABLE])]
    assert aws.lambdas.variables(RESULT, "live")[TABLE] == GOOD[TABLE]
    assert statuses(held.changes) == [Status.APPLIED]
    assert aws.count(*UPDATE) == 0


def test_settings_that_a_person_has_not_released_make_it_a_question(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    (caution,) = prepared(aws).cautions
    assert caution.values["names"] == "AD_TIMEOUT"
    assert statuses(applied(aws).changes) == [Status.APPLIED]
    assert aws.lambdas.variables(RESULT, "live")["AD_TIMEOUT"] == "30"


def test_another_remedys_value_is_never_touched() -> None:
    aws = deployed({THRESHOLD: None, TABLE: None})
    lowered = Change(RESULT, Settings().threshold_variable, "90.0", "85.0", Status.APPLIED)
    theirs = Lease("lower_threshold", "", "incident", LeaseState.IN_FORCE, aws.now, None, {}, (lowered,))
    switches = Switches(Mode.AUTO, {REMEDY.name: Mode.AUTO})
    ledger = Ledger((theirs,))
    asked = Question(Purpose.APPLY, aws.now, REMEDY.name, "mine", switches, ledger, prepared(aws))
    held = judge(asked)
    assert held is not None
    assert held.reason.kind is Refusal.LEASED_VALUE


def test_a_leased_value_is_not_released_on_the_way() -> None:
    """The alias still serves what is leased, and a person deployed another value, not released yet."""
    aws = deployed({TABLE: None, THRESHOLD: "85.0"})
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, **{THRESHOLD: "90.0"})
    lowered = Change(RESULT, THRESHOLD, "90.0", "85.0", Status.APPLIED)
    theirs = Lease("lower_threshold", "", "incident", LeaseState.IN_FORCE, aws.now, None, {}, (lowered,))
    switches = Switches(Mode.AUTO, {REMEDY.name: Mode.AUTO})
    asked = Question(Purpose.APPLY, aws.now, REMEDY.name, "mine", switches, Ledger((theirs,)), prepared(aws))
    held = judge(asked)
    assert held is not None
    assert held.reason.kind is Refusal.LEASED_VALUE
    aws.lambdas.person_sets(RESULT, **{THRESHOLD: "85.0"})
    assert judge(replace(asked, plan=prepared(aws))) is None


def test_a_write_that_loses_a_variable_is_raised_as_an_alarm(aws: FakeAws) -> None:
    plan = prepared(aws)
    aws.answer(*UPDATE, {"Environment": {"Variables": GOOD}, "LastUpdateStatus": "Successful"})
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.variables_lost"]
    assert changes[0].note is not None
    assert "AD_TIMEOUT" in str(changes[0].note.values["names"])
    assert REMEDY.apply(context(aws), lease(REMEDY, plan, changes).plan) == changes


def test_a_variable_that_a_person_adds_at_the_same_moment_stays(aws: FakeAws) -> None:
    aws.between(*UPDATE, lambda: aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30"))
    held = applied(aws)
    assert statuses(held.changes) == [Status.APPLIED]
    assert aws.lambdas.variables(RESULT) == {**OTHER, **GOOD, "AD_TIMEOUT": "30"}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [Unreachable, Changed])
def test_a_write_without_an_answer_is_looked_up(error: type[Unreachable | Changed], after: bool) -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    aws.fail(*UPDATE, error, after=after)
    held = applied(aws)
    assert statuses(held.changes) == [Status.APPLIED] * 2
    assert aws.count(*UPDATE) == (1 if after else 2)
