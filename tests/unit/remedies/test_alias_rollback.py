from datetime import timedelta

import pytest

from responder.core.change import Plan, Status
from responder.core.errors import AwsError, Denied, Refused, Throttled, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.core.text import Strings, Text
from responder.remedies.alias_rollback import AliasRollback
from tests.fakes import FakeAws
from tests.unit.remedies.world import OTHERS, RESULT, applied, context, keys, notes, statuses

REMEDY = AliasRollback(LivenessFunction.RESULT)
MOVE = ("lambda", "update_alias")


def released(*codes: str, alias: str = "live", requests: float = 40) -> FakeAws:
    """One version per code; the alias serves the last of them."""
    aws = FakeAws()
    aws.lambdas.add(RESULT, OTHERS, CodeSha256=codes[0])
    for code in codes:
        aws.lambdas.person_deploys(RESULT, code)
        aws.lambdas.release(RESULT, alias)
    traffic(aws, alias, requests)
    return aws


def traffic(aws: FakeAws, alias: str, requests: float) -> None:
    at = aws.now - timedelta(minutes=10)
    dimensions = {"FunctionName": RESULT, "Resource": f"{RESULT}:{alias}"}
    aws.metrics.put("AWS/Lambda", "Invocations", [(at, requests)], **dimensions)


def served(aws: FakeAws, alias: str = "live") -> str:
    return str(aws.lambdas.functions[RESULT].aliases[alias]["FunctionVersion"])


def refused(aws: FakeAws) -> list[str]:
    """Why not, and that nothing was written."""
    plan = REMEDY.prepare(context(aws))
    with pytest.raises(Refused):
        REMEDY.apply(context(aws), plan)
    assert aws.writes == []
    return keys(plan)


def facts(plan: Plan) -> dict[str, Text]:
    """What the one caution holds, by key."""
    (caution,) = plan.cautions
    parts = caution.values["facts"]
    assert isinstance(parts, tuple)
    return {part.key: part for part in parts}


@pytest.fixture
def aws() -> FakeAws:
    return released("code-1", "code-2")


def test_the_alias_serves_the_previous_version_again(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert served(aws) == "1"
    (change,) = held.changes
    assert (change.target, change.setting, change.before, change.after, change.status) == (
        f"{RESULT}:live",
        "version",
        "2",
        "1",
        Status.APPLIED,
    )


def test_nothing_is_published_and_no_configuration_is_touched(aws: FakeAws) -> None:
    before = aws.lambdas.functions[RESULT].latest
    applied(aws, REMEDY)
    assert aws.writes == [MOVE]
    assert aws.lambdas.functions[RESULT].latest == before
    assert len(aws.lambdas.functions[RESULT].versions) == 2


def test_the_move_names_the_revision_that_was_read(aws: FakeAws) -> None:
    revision = aws.lambdas.functions[RESULT].aliases["live"]["RevisionId"]
    applied(aws, REMEDY)
    assert aws.sent(*MOVE)[0]["RevisionId"] == revision


def test_an_alias_without_a_revision_is_not_moved(aws: FakeAws) -> None:
    del aws.lambdas.functions[RESULT].aliases["live"]["RevisionId"]
    plan = REMEDY.prepare(context(aws))
    (change,) = REMEDY.apply(context(aws), plan)
    assert (change.status, served(aws)) == (Status.FAILED, "2")


def test_what_is_asked_is_the_same_when_it_is_asked_again(aws: FakeAws) -> None:
    first = REMEDY.prepare(context(aws))
    aws.tick(minutes=10)
    assert REMEDY.prepare(context(aws)).changes == first.changes


def test_versions_with_the_code_that_fails_are_passed_over(aws: FakeAws) -> None:
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    aws.lambdas.release(RESULT, "live")
    applied(aws, REMEDY)
    assert served(aws) == "1"


def test_a_version_that_is_not_active_is_passed_over() -> None:
    aws = released("code-1", "code-2", "code-3")
    aws.lambdas.functions[RESULT].versions["2"]["State"] = "Inactive"
    applied(aws, REMEDY)
    assert served(aws) == "1"


def test_versions_are_ordered_by_number_not_by_letter() -> None:
    aws = released(*(f"code-{number}" for number in range(1, 11)))
    applied(aws, REMEDY)
    assert served(aws) == "9"


def test_of_two_aliases_the_one_that_takes_the_traffic_is_moved_and_the_other_is_named() -> None:
    aws = released("code-1", "code-2", alias="old", requests=3)
    aws.lambdas.release(RESULT, "live")
    traffic(aws, "live", 30)
    plan = REMEDY.prepare(context(aws))
    assert plan.changes[0].target == f"{RESULT}:live"
    assert facts(plan)["caution.other_aliases"].values["names"] == "old"


def test_the_deployed_system_has_no_alias_so_it_is_refused() -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT)
    assert refused(aws) == ["obstacle.no_alias_to_move"]


def test_an_alias_that_no_one_uses_is_not_moved() -> None:
    assert refused(released("code-1", "code-2", requests=0)) == ["obstacle.alias_takes_no_traffic"]


def test_a_running_canary_is_never_overridden(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live", **{"1": 0.1})
    assert refused(aws) == ["obstacle.alias_weighted"]


def test_an_alias_on_latest_has_no_previous_version(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"] = "$LATEST"
    assert refused(aws) == ["obstacle.alias_serves_latest"]


@pytest.mark.parametrize("codes", [("code-1",), ("code-1", "code-1")])
def test_without_other_code_before_it_there_is_nothing_to_go_back_to(codes: Strings) -> None:
    assert refused(released(*codes)) == ["obstacle.no_previous_version"]


def test_a_release_that_a_person_is_just_making_is_not_disturbed(aws: FakeAws) -> None:
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="30")
    aws.call("lambda", "publish_version", FunctionName=RESULT)
    aws.calls.clear()
    assert refused(aws) == ["obstacle.newer_not_released"]


def test_many_alarms_that_ask_for_it_never_walk_further_back() -> None:
    aws = released("code-1", "code-2", "code-3")
    applied(aws, REMEDY)
    again = REMEDY.prepare(context(aws))
    assert again.already
    assert notes(again.changes) == ["change.rolled_back_already"]
    assert statuses(REMEDY.apply(context(aws), again)) == [Status.ALREADY]
    assert served(aws) == "2"
    assert aws.count(*MOVE) == 1


def test_what_a_person_rolled_back_is_not_rolled_back_again() -> None:
    aws = released("code-1", "code-2", "code-3")
    aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"] = "2"
    assert REMEDY.prepare(context(aws)).already


@pytest.mark.parametrize("operation", ["list_aliases", "list_versions_by_function"])
def test_what_cannot_be_read_refuses_and_names_the_right(aws: FakeAws, operation: str) -> None:
    aws.fail("lambda", operation, Denied, code="AccessDeniedException")
    assert refused(aws) == ["obstacle.unreadable"]


def test_an_alias_whose_traffic_is_unknown_is_not_moved(aws: FakeAws) -> None:
    aws.fail("cloudwatch", "get_metric_data", Throttled)
    assert refused(aws) == ["obstacle.unreadable"]


def test_a_person_reads_when_the_version_was_published_and_which_settings_go_back() -> None:
    aws = released("code-1")
    aws.lambdas.person_sets(RESULT, AD_TIMEOUT="s3cret-30", NEW_ONE="s3cret")
    aws.lambdas.functions[RESULT].latest.update(MemorySize=1024, Role="s3cret-role")
    aws.lambdas.person_deploys(RESULT, "code-2")
    aws.lambdas.release(RESULT, "live")
    plan = REMEDY.prepare(context(aws))
    found = facts(plan)
    assert found["caution.version_published"].values == {"version": "2", "at": "2026-02-04T10:25:00Z"}
    assert found["caution.settings_go_back"].values["names"] == "MemorySize, Role, AD_TIMEOUT, NEW_ONE"
    assert "s3cret" not in repr(plan)


def test_equal_settings_are_reported_to_be_equal() -> None:
    assert "caution.settings_same" in facts(REMEDY.prepare(context(released("code-1", "code-2"))))


def test_settings_that_cannot_be_compared_are_not_called_equal(aws: FakeAws) -> None:
    aws.lambdas.lock_key(RESULT)
    found = facts(REMEDY.prepare(context(aws)))
    assert "caution.settings_unreadable" in found
    assert "caution.settings_same" not in found
    aws.lambdas.functions[RESULT].versions["1"].update(MemorySize=1024)
    aws.lambdas.functions[RESULT].locked = False
    hidden = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "s3cret"}}
    aws.lambdas.functions[RESULT].versions["1"]["Environment"] = hidden
    found = facts(REMEDY.prepare(context(aws)))
    assert found["caution.settings_go_back"].values["names"] == "MemorySize", "of variables nothing is known"


def test_provisioned_concurrency_on_the_alias_is_a_caution(aws: FakeAws) -> None:
    aws.lambdas.provision(RESULT, "live", 5)
    plan = REMEDY.prepare(context(aws))
    assert facts(plan)["caution.alias_provisioned"].values["amount"] == 5
    assert not plan.obstacles


def test_an_allocation_that_aws_works_on_is_waited_for(aws: FakeAws) -> None:
    aws.lambdas.provision(RESULT, "live", 5)
    aws.lambdas.provisioned[RESULT, "live"]["Status"] = "IN_PROGRESS"
    assert REMEDY.prepare(context(aws)).in_flight is not None


def test_a_runtime_that_aws_no_longer_updates_can_still_be_rolled_back(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].latest["Runtime"] = "python3.9"
    aws.lambdas.blocked_runtimes.add("python3.9")
    aws.tick(days=1000)
    traffic(aws, "live", 5)
    assert statuses(applied(aws, REMEDY).changes) == [Status.APPLIED]


@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
def test_a_move_that_fails_is_reported_and_the_alias_stays(aws: FakeAws, error: type[AwsError]) -> None:
    aws.fail(*MOVE, error)
    assert statuses(applied(aws, REMEDY).changes) == [Status.FAILED]
    assert served(aws) == "2"
