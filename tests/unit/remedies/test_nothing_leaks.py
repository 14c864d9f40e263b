"""Values that the responder does not manage must not get out, whatever goes wrong."""

import json
import pickle
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.change import Status
from responder.core.errors import AwsError, Busy, Changed, Denied, Missing, Rejected, Throttled, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.plain_data import Json
from responder.remedies import Remedy
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.engine.functions import NumericSetting, Variable, different, variables_of
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.unit.remedies.world import (
    ENROLLMENT,
    FOUR,
    OTHERS,
    ROLLOUT,
    applied,
    confirmed,
    context,
    lease,
    reverted,
    rolled_out,
)

REMEDY = RolloutToZero()
ERRORS = [Busy, Changed, Denied, Missing, Rejected, Throttled, Unreachable]
CALLS = [
    "get_function_configuration",
    "list_aliases",
    "list_versions_by_function",
    "update_function_configuration",
    "publish_version",
    "update_alias",
]
KINDS = (ProvisionedConcurrency, MemoryIncrease, AliasRollback, RepairEnvironment)
ALL: list[Remedy] = [
    RolloutToZero(),
    OnDemandBilling(),
    *(kind(function) for kind in KINDS for function in LivenessFunction),
]


def clean(*found: object) -> None:
    for each in found:
        assert "s3cret" not in repr(each)


@all_rows("operation", CALLS)
@all_rows("error", ERRORS)
@all_rows("after", [False, True])
def test_no_value_of_another_variable_ever_appears(
    operation: str, error: type[AwsError], after: bool
) -> None:
    aws = rolled_out()
    aws.lambdas.release(ENROLLMENT, "live")
    aws.fail("lambda", operation, error, after=after, where={"FunctionName": ENROLLMENT}, times=9, call=2)
    plan = REMEDY.prepare(context(aws))
    clean(plan, plan.current)
    if plan.obstacles:
        return
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, REMEDY.apply(context(aws), plan)))
    clean(held)
    clean(reverted(aws, REMEDY, held))


def test_a_snapshot_is_small_and_can_be_stored() -> None:
    plan = REMEDY.prepare(context(rolled_out()))
    stored = json.dumps(plan.snapshot)
    assert "s3cret" not in stored
    assert plan.snapshot["functions"][ENROLLMENT]["others"] == sorted(OTHERS)


def test_what_apply_needs_from_prepare_cannot_be_stored_by_mistake() -> None:
    plan = REMEDY.prepare(context(rolled_out()))
    with pytest.raises(TypeError):
        pickle.dumps(plan.current)
    with pytest.raises(TypeError):
        asdict(plan)


names = st.from_regex(r"[A-Z][A-Z0-9_]{1,12}", fullmatch=True).filter(
    lambda name: not name.startswith("AWS_")
)
variables = st.dictionaries(names, st.text(max_size=20), max_size=15)


@given(others=variables, later=variables, old=st.integers(1, 100))
def test_whatever_the_variables_are_only_ours_changes(
    others: dict[str, str], later: dict[str, str], old: int
) -> None:
    others.pop(ROLLOUT, None)
    later.pop(ROLLOUT, None)
    aws = FakeAws()
    for name in FOUR:
        aws.lambdas.add(name, {**others, ROLLOUT: str(old)})
    aws.between(
        "lambda", "update_function_configuration", lambda: aws.lambdas.person_sets(ENROLLMENT, **later)
    )
    held = applied(aws, REMEDY)
    assert all(change.status is Status.APPLIED for change in held.changes)
    assert aws.lambdas.variables(ENROLLMENT) == {**others, **later, ROLLOUT: "0"}
    reverted(aws, REMEDY, held)
    assert aws.lambdas.variables(ENROLLMENT) == {**others, **later, ROLLOUT: str(old)}


@given(before=variables, wanted=st.text(max_size=5))
def test_a_merge_differs_in_one_name_only(before: dict[str, str], wanted: str) -> None:
    configuration: Json = {"Environment": {"Variables": before}, "MemorySize": 256}
    managed = Variable(ROLLOUT)
    merged = {**configuration, **managed.request(configuration, wanted)}
    assert managed.value(merged) == wanted
    assert different(managed.rest(configuration), managed.rest(merged)) == ()
    memory = NumericSetting("MemorySize")
    more = {**configuration, **memory.request(configuration, "512")}
    assert different(memory.rest(configuration), memory.rest(more)) == ()


@all_rows("remedy", ALL)
def test_who_may_change_a_configuration_is_denied_layers_and_passes_no_role(remedy: Remedy) -> None:
    needs = remedy.needs()
    update = "lambda:UpdateFunctionConfiguration"
    changed = {right.resource for right in needs if right.action == update and not right.forbidden}
    assert changed == {right.resource for right in needs if right.forbidden}
    assert "iam:PassRole" not in {right.action for right in needs}
    assert all(right.why for right in needs if not reading(right))


def reading(right: Permission) -> bool:
    return right.action.split(":")[1].startswith(("Get", "List", "Describe"))


@all_rows("remedy", ALL)
def test_a_remedy_is_data(remedy: Remedy) -> None:
    assert isinstance(remedy, Remedy)
    assert hash(remedy) == hash(remedy)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({}, {}),
        ({"Environment": {}}, {}),
        ({"Environment": {"Variables": {"A1": "x"}}}, {"A1": "x"}),
        ({"Environment": {"Error": {"ErrorCode": "AccessDenied"}}}, None),
        ({"Environment": {"Error": {"ErrorCode": "AccessDenied"}, "Variables": {}}}, None),
        ({"Environment": {"Something": 1}}, None),
    ],
)
def test_unreadable_is_not_the_same_as_empty(configuration: Json, expected: dict[str, str] | None) -> None:
    assert variables_of(configuration) == expected
