"""Whether the responder's value is still set: read for every remedy, never written."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.core.change import Lease, LeaseState, Status
from responder.core.errors import AwsError, Denied, Throttled, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.core.reasons import FailureKind
from responder.core.settings import Settings
from responder.remedies import Remedy
from responder.remedies.lower_threshold import LowerThreshold
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.lease_check import check_lease
from tests.fakes import FakeAws
from tests.unit.remedies.world import FOUR, ROLLOUT, applied, context, reverted, rolled_out, statuses

OFF = RolloutToZero()
LIVE = "live"
WRITES = ("update_function_configuration", "publish_version", "update_alias", "update_table")


def off(*, alias: bool = False) -> tuple[FakeAws, Lease]:
    """Off on all four functions; with an alias of each that serves it."""
    aws = rolled_out()
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    if alias:
        for name in FOUR:
            aws.lambdas.release(name, LIVE)
    return aws, applied(aws, OFF)


def seen(aws: FakeAws, lease: Lease, remedy: Remedy = OFF, **settings: Any) -> Lease:
    """A later look; it must not write."""
    aws.tick(minutes=30)
    before = [aws.count(service, name) for service in ("lambda", "dynamodb") for name in WRITES]
    found = check_lease(context(aws, **settings), remedy, lease)
    assert [aws.count(service, name) for service in ("lambda", "dynamodb") for name in WRITES] == before
    return found


def kinds(lease: Lease) -> list[object]:
    return [each.note.kind if each.note else None for each in lease.changes]


@pytest.mark.parametrize("alias", [False, True])
def test_a_change_in_force_everywhere_was_seen_now(alias: bool) -> None:
    aws, lease = off(alias=alias)
    found = seen(aws, lease)
    assert (found.seen, found.looked, found.unread) == (aws.now, aws.now, None)
    assert replace(found, seen=None, looked=None) == lease


def test_what_others_set_back_ends_it_at_the_time_that_lambda_dates_it() -> None:
    aws, lease = off()
    aws.tick(minutes=10)
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    changed = aws.now
    found = seen(aws, lease)
    assert (found.state, found.ended) == (LeaseState.ENDED, changed)
    assert statuses(found.changes) == [Status.KEPT] * 4
    assert kinds(found) == [FailureKind.CHANGED_UNTRACED] * 4


def test_half_of_it_keeps_the_rest_in_force() -> None:
    aws, lease = off()
    for name in FOUR[:2]:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    found = seen(aws, lease)
    assert found.state is LeaseState.IN_FORCE
    assert statuses(found.changes) == [Status.KEPT, Status.KEPT, Status.APPLIED, Status.APPLIED]


def test_a_deployment_through_the_alias_ends_it_as_well() -> None:
    aws, lease = off(alias=True)
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
        aws.lambdas.release(name, LIVE)
    found = seen(aws, lease)
    # Nothing dates the move of an alias.
    assert (found.state, found.ended) == (LeaseState.ENDED, aws.now)


def test_an_alias_that_still_serves_our_version_keeps_it_in_force() -> None:
    aws, lease = off(alias=True)
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    found = seen(aws, lease)
    assert found.state is LeaseState.IN_FORCE
    assert statuses(found.changes) == [Status.APPLIED] * 4


def test_reverting_where_an_alias_still_serves_ours_neither_overwrites_nor_forgets_it() -> None:
    aws, lease = off(alias=True)
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "30"})
    back = reverted(aws, OFF, lease)
    assert statuses(back.changes) == [Status.FAILED] * 4
    assert kinds(back) == [FailureKind.STILL_SERVED] * 4
    assert [aws.lambdas.variables(name, LIVE)[ROLLOUT] for name in FOUR] == ["0"] * 4


def test_an_alias_that_others_moved_away_leaves_ours_in_latest_alone() -> None:
    aws, lease = off(alias=True)
    for name in FOUR:
        first = next(iter(aws.lambdas.functions[name].versions))
        aws.lambdas.update_alias(FunctionName=name, Name=LIVE, FunctionVersion=first)
    found = seen(aws, lease)
    assert found.state is LeaseState.IN_FORCE
    assert kinds(found) == [FailureKind.ALIAS_MOVED] * 4
    assert found.changed_by_others == found.changes


def test_what_the_first_answer_to_an_alarm_finds_changed_was_changed_before_it() -> None:
    aws, lease = off(alias=True)
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
        aws.lambdas.release(name, LIVE)
    raised = aws.now + timedelta(minutes=29)
    aws.tick(minutes=30)
    assert check_lease(context(aws), OFF, lease, raised).ended == raised
    early = lease.at - timedelta(minutes=1)
    assert check_lease(context(aws), OFF, lease, early).ended == lease.at


@pytest.mark.parametrize("gone", ["function", "variable"])
def test_a_lease_ends_when_its_function_or_variable_is_gone(gone: str) -> None:
    aws, lease = off()
    for name in FOUR:
        if gone == "function":
            del aws.lambdas.functions[name]
        else:
            del aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT]
    assert seen(aws, lease).state is LeaseState.ENDED


@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
def test_a_read_that_fails_proves_nothing(error: type[AwsError]) -> None:
    aws, lease = off()
    aws.fail("lambda", "get_function_configuration", error, where={"FunctionName": FOUR[0]}, times=9)
    found = seen(aws, lease)
    assert (found.state, found.changes) == (lease.state, lease.changes)
    assert found.unread is not None
    assert found.seen is None
    assert found.looked == aws.now


def test_an_environment_that_cannot_be_decrypted_proves_nothing() -> None:
    aws, lease = off()
    aws.lambdas.lock_key(FOUR[0])
    found = seen(aws, lease)
    assert found.changes == lease.changes
    assert found.unread is not None


def test_what_a_run_is_still_writing_is_left_alone() -> None:
    aws, lease = off()
    applying = replace(lease, state=LeaseState.APPLYING)
    assert seen(aws, applying) == applying


def test_a_value_that_a_run_had_set_when_it_died_is_not_taken_for_others() -> None:
    aws, lease = off()
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "10"})
    tried = {**lease.snapshot, "tried": {name: ["10"] for name in FOUR}}
    going = replace(lease, state=LeaseState.REVERTING, snapshot=tried)
    found = seen(aws, going)
    assert (found.state, found.changes) == (going.state, going.changes)


def test_a_trail_that_cannot_be_read_is_reported() -> None:
    aws, lease = off()
    aws.fail("cloudtrail", "lookup_events", Denied, times=9)
    aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "50"})
    note = seen(aws, lease).changes[0].note
    assert note is not None
    assert str(note.values["why"]).count("say.trail_unread") == 1


# --- the other remedies ----------------------------------------------------------------------------

CREATE, RESULT = Settings().functions
THRESHOLD = Settings().threshold_variable
MEMORY = MemoryIncrease(LivenessFunction.RESULT)
BOTH = {"threshold_readers": (CREATE, RESULT)}


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


def test_a_threshold_in_another_spelling_is_the_same_threshold(aws: FakeAws) -> None:
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    for name in (CREATE, RESULT):
        aws.lambdas.add(name, {THRESHOLD: "90"}, Runtime="python3.13")
    remedy = LowerThreshold()
    plan = remedy.prepare(context(aws, **BOTH))
    changes = remedy.apply(context(aws, **BOTH), plan)
    aws.settle()
    held = Lease(remedy.name, plan.scope, "i", LeaseState.IN_FORCE, aws.now, None, plan.snapshot, changes)
    held = replace(held, changes=remedy.confirm(context(aws, **BOTH), held))
    aws.lambdas.person_sets(RESULT, **{THRESHOLD: "85.00"})
    assert seen(aws, held, remedy, **BOTH).changes == held.changes
    aws.lambdas.person_sets(RESULT, **{THRESHOLD: "s3cret"})
    found = seen(aws, held, remedy, **BOTH)
    assert statuses(found.changes) == [Status.APPLIED, Status.KEPT]
    assert "s3cret" not in str(found)


def test_a_lease_ends_when_others_set_a_bigger_memory(aws: FakeAws) -> None:
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    aws.lambdas.add(RESULT, {}, Runtime="python3.13", MemorySize=256)
    held = applied(aws, MEMORY)
    aws.lambdas.functions[RESULT].latest["MemorySize"] = 1024
    assert seen(aws, held, MEMORY).state is LeaseState.ENDED


def test_a_function_that_aws_still_works_on_proves_nothing(aws: FakeAws) -> None:
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    aws.lambdas.add(RESULT, {}, Runtime="python3.13", MemorySize=256)
    held = applied(aws, MEMORY)
    aws.lambdas.functions[RESULT].latest.update(MemorySize=1024, LastUpdateStatus="InProgress")
    assert seen(aws, held, MEMORY).state is LeaseState.IN_FORCE
    aws.lambdas.functions[RESULT].latest["LastUpdateStatus"] = "Successful"
    assert seen(aws, held, MEMORY).state is LeaseState.ENDED


def test_a_table_that_is_still_switching_proves_nothing(aws: FakeAws) -> None:
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    aws.answer("application-autoscaling", "describe_scalable_targets", {"ScalableTargets": []})
    table = Settings().sessions_table
    aws.dynamo.add(table, (10, 20), {})
    remedy = OnDemandBilling()
    held = applied(aws, remedy)
    units = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 20}
    aws.dynamo.update_table(TableName=table, BillingMode="PROVISIONED", ProvisionedThroughput=units)
    assert seen(aws, held, remedy).state is LeaseState.IN_FORCE
    aws.settle()
    assert seen(aws, held, remedy).state is LeaseState.ENDED
