"""What fixes a cause: the previous version, the missing permission, a quota."""

from dataclasses import replace

import pytest

from alarms import create_session_errors, high_error_rate
from responder.core.cause import Cause
from responder.core.verdict import Proposal, WrittenChange
from responder.evidence.access import RoleAccess
from responder.evidence.changes import Affects, Dependency
from responder.evidence.faults import Fault
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms import world
from tests.unit.alarms.world import (
    CREATE,
    GET,
    RESULT,
    SETTINGS,
    START,
    Variation,
    ago,
    changed,
    decided,
    failing,
    proposed,
    put,
    without,
)

EVERY = high_error_rate.playbook


def of(remedy: str, *variations: Variation, playbook: Playbook = EVERY) -> list[Proposal]:
    return [each for each in decided(playbook, *variations).proposals if each.remedy == remedy]


def to_review(*variations: Variation, playbook: Playbook = EVERY) -> WrittenChange | None:
    found = of("propose_change", *variations, playbook=playbook)
    assert len(found) <= 1
    return found[0].proposed[0] if found else None


def denied(operation: str, code: str = "AccessDeniedException", count: int = 30) -> Variation:
    return failing(Fault.ACCESS_DENIED, count, operation=operation, code=code)


def statement(change: WrittenChange | None) -> tuple[list[str], str]:
    assert change is not None
    (one,) = change.document["Statement"]
    return one["Action"], one["Resource"]


def test_a_release_of_both_functions_that_breaks_both_rolls_back_both() -> None:
    broken = [failing(Fault.IMPORT_ERROR, 30 + n, function=f) for n, f in enumerate((RESULT, CREATE))]
    found = of("alias_rollback", *broken, changed(CREATE), changed(RESULT))
    assert [each.scope for each in found] == ["create", "result"]


def test_a_function_that_was_released_and_works_is_left_alone() -> None:
    found = of("alias_rollback", failing(Fault.IMPORT_ERROR), changed(CREATE), changed(RESULT))
    assert [each.scope for each in found] == ["result"]


def test_a_request_to_roll_back_says_what_was_changed_and_when() -> None:
    (asked,) = of("alias_rollback", failing(Fault.IMPORT_ERROR), changed())
    values = asked.reason.values
    assert (values["target"], values["at"]) == (RESULT, f"{ago(20):%Y-%m-%dT%H:%M:%SZ}")
    assert (values["faulty"], values["invocations"], values["minutes"]) == (30, 50, 15)


@pytest.mark.parametrize(("minutes", "rolled_back"), [(50, True), (60, True), (61, False)])
def test_a_release_is_suspected_for_an_hour_before_the_alarm(minutes: int, rolled_back: bool) -> None:
    for began in (0, 30):
        broken = failing(Fault.IMPORT_ERROR, minutes=began)
        verdict = decided(EVERY, broken, changed(minutes=began + minutes), since=ago(began))
        assert ("alias_rollback" in proposed(verdict)) is rolled_back


@pytest.mark.parametrize(("minutes", "rolled_back"), [(30, True), (35, True), (36, False)])
def test_clocks_may_differ_by_a_quarter_of_an_hour(minutes: int, rolled_back: bool) -> None:
    found = of("alias_rollback", failing(Fault.IMPORT_ERROR, minutes=minutes), changed(minutes=20))
    assert bool(found) is rolled_back


@pytest.mark.parametrize("fault", [Fault.INTERNAL, Fault.ACCESS_DENIED, Fault.THROTTLING, Fault.TIMEOUT])
def test_what_no_release_causes_is_not_rolled_back(fault: Fault) -> None:
    assert of("alias_rollback", failing(fault), changed()) == []


def test_the_denied_action_is_asked_for_on_no_more_than_the_service_uses() -> None:
    assert statement(to_review(denied(GET))) == ([f"rekognition:{GET}"], "*")
    actions, resource = statement(to_review(denied("PutItem")))
    assert actions == ["dynamodb:PutItem"]
    assert resource.endswith(":table/FaceAuth-LivenessSessions")
    _, index = statement(to_review(denied("Query")))
    assert index.startswith(f"{resource}/index/")


@pytest.mark.parametrize("operation", ["PutItem", "GetItem", "UpdateItem", "DeleteItem", "BatchWriteItem"])
def test_every_operation_on_the_table_is_asked_for_by_its_own_action(operation: str) -> None:
    actions, _ = statement(to_review(denied(operation)))
    assert actions == [f"dynamodb:{operation}"]


def test_the_action_is_named_as_iam_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "SETTINGS", replace(SETTINGS, bucket="images"))
    assert statement(to_review(denied("Query")))[0] == ["dynamodb:Query"]
    images = "arn:aws:s3:::images/liveness-audit/*"
    assert statement(to_review(denied("PutObject"))) == (["s3:PutObject"], images)
    assert statement(to_review(denied("GetObject"))) == (["s3:GetObject"], images)
    assert to_review(denied("DeleteObject")) is None


def test_a_single_denial_suggests_a_policy_change() -> None:
    assert to_review(denied(GET, count=1)) is not None


def test_what_the_role_allows_already_is_denied_elsewhere() -> None:
    def judged(allowed: bool) -> Variation:
        return put(access=RoleAccess("role", "policy", (), (), {f"rekognition:{GET}": allowed}))

    assert to_review(denied(GET), judged(True)) is None
    assert to_review(denied(GET), judged(False)) is not None
    assert to_review(denied(GET), without("access")) is not None


def test_no_policy_of_the_role_replaces_the_policy_of_a_key() -> None:
    assert to_review(denied(GET, "KMSAccessDeniedException")) is None


@pytest.mark.parametrize("operation", ["", "AssumeRole", "PutObject"])
def test_a_resource_we_do_not_know_is_never_asked_for_as_everything(operation: str) -> None:
    assert to_review(denied(operation)) is None


@pytest.mark.parametrize("fault", [Fault.THROTTLING, Fault.QUOTA])
def test_a_higher_quota_is_written_down_for_the_operation_that_lacks_it(fault: Fault) -> None:
    change = to_review(failing(fault, function=CREATE, operation=START))
    assert change is not None
    assert START in change.target
    assert "service-quotas" in change.command


@pytest.mark.parametrize("fault", [Fault.THROTTLING, Fault.QUOTA])
def test_four_of_a_kind_are_no_reason_to_change_anything_for_good(fault: Fault) -> None:
    assert to_review(failing(fault, 4)) is None
    assert to_review(failing(fault, 5)) is not None


def test_no_rekognition_quota_is_proposed_for_a_throttled_table() -> None:
    assert "propose_change" not in proposed(decided(EVERY, failing(Fault.THROTTLING, operation="PutItem")))


def test_a_longer_time_out_is_never_written_down() -> None:
    """A request to a slow dependency would only wait longer."""
    assert to_review(failing(Fault.TIMEOUT)) is None


def test_an_alarm_about_one_function_proposes_for_that_function() -> None:
    mine = create_session_errors.playbook
    change = to_review(failing(Fault.THROTTLING, function=CREATE, operation=START), playbook=mine)
    assert change is not None
    assert START in change.target


OF_THE_TABLE = (Dependency.TABLE, SETTINGS.sessions_table)
OF_THE_BUCKET = (Dependency.BUCKET, "images")
OF_THE_ROLE = (Dependency.ROLE, SETTINGS.service_role)
OF_THE_FUNCTION = (Dependency.FUNCTION, RESULT)


@all_rows(
    ("fault", "operation", "of", "affects", "is_blamed"),
    [
        (Fault.CONFIGURATION, "PutItem", OF_THE_TABLE, Affects.RESOURCE, True),
        (Fault.CONFIGURATION, "PutObject", OF_THE_BUCKET, Affects.RESOURCE, True),
        (Fault.CONFIGURATION, "PutObject", OF_THE_TABLE, Affects.RESOURCE, False),
        (Fault.VALIDATION, "PutItem", OF_THE_TABLE, Affects.RESOURCE, True),
        (Fault.VALIDATION, "PutItem", OF_THE_TABLE, Affects.CAPACITY, False),
        (Fault.REFUSED, "PutObject", OF_THE_BUCKET, Affects.RESOURCE, True),
        (Fault.ACCESS_DENIED, "PutItem", OF_THE_ROLE, Affects.RIGHTS, True),
        (Fault.ACCESS_DENIED, "PutItem", OF_THE_TABLE, Affects.RIGHTS, True),
        (Fault.ACCESS_DENIED, "PutItem", OF_THE_TABLE, Affects.RESOURCE, False),
        (Fault.ACCESS_DENIED, "PutItem", OF_THE_FUNCTION, Affects.CODE, False),
        (Fault.IMPORT_ERROR, "", OF_THE_ROLE, Affects.RIGHTS, False),
    ],
)
def test_a_change_is_blamed_for_what_it_can_break(
    fault: Fault, operation: str, of: tuple[Dependency, str], affects: Affects, is_blamed: bool
) -> None:
    kind, target = of
    variations = (failing(fault, operation=operation), changed(target, kind=kind, affects=affects))
    cause = decided(EVERY, *variations).cause.kind
    assert (cause in (Cause.RELEASE, Cause.CHANGE)) == is_blamed
