"""Versions that no rollback goes to: left before, not working, or with a lower threshold."""

from dataclasses import replace

import pytest

from responder.core.change import Change, Lease, LeaseState, Ledger, Status
from responder.core.modes import Mode
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.guards import Ends, Purpose, Question, judge
from tests.fakes import FakeAws
from tests.unit.remedies.test_alias_rollback import REMEDY, refused, released, served, traffic
from tests.unit.remedies.world import OTHERS, RESULT, applied, context

TABLE, THRESHOLD = "LIVENESS_SESSIONS_TABLE", Settings().threshold_variable
GOOD = {**OTHERS, TABLE: Settings().sessions_table, THRESHOLD: "90.0"}
SWITCHES = Switches(Mode.AUTO, {REMEDY.name: Mode.AUTO})


def versions(before: dict[str, str], now: dict[str, str]) -> FakeAws:
    """Version 1 has the variables `before`, version 2, which the alias serves, those of `now`."""
    aws = FakeAws()
    aws.lambdas.add(RESULT, before)
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.functions[RESULT].latest["Environment"] = {"Variables": dict(now)}
    aws.lambdas.person_deploys(RESULT, "code-2")
    aws.lambdas.release(RESULT, "live")
    traffic(aws, "live", 40)
    return aws


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


def judged(aws: FakeAws, *leases: Lease, purpose: Purpose = Purpose.APPLY) -> tuple[Ends, str] | None:
    plan = REMEDY.prepare(context(aws))
    asked = Question(purpose, aws.now, REMEDY.name, "another", SWITCHES, Ledger(leases), plan)
    found = judge(asked)
    return None if found is None else (found.ends, found.reason.kind.value)


def test_a_fix_that_fails_too_never_brings_back_the_version_that_was_left_before() -> None:
    aws = released("code-1", "code-2")
    first = applied(aws, REMEDY)
    aws.lambdas.person_deploys(RESULT, "code-3")
    aws.lambdas.release(RESULT, "live")
    assert judged(aws) is None
    assert judged(aws, first) == (Ends.REFUSE, "guard.left_before")
    assert judged(aws, replace(first, state=LeaseState.ENDED)) is None


@pytest.mark.parametrize("broken", [without(TABLE), {**GOOD, TABLE: "s3cret"}, {**GOOD, THRESHOLD: "ninety"}])
def test_a_version_with_broken_variables_is_nothing_to_go_back_to(broken: dict[str, str]) -> None:
    aws = versions(broken, GOOD)
    assert refused(aws) == ["obstacle.previous_broken"]
    assert served(aws) == "2"


def test_a_variable_that_is_as_wrong_now_is_no_reason_to_stay() -> None:
    aws = versions({**GOOD, TABLE: "s3cret"}, {**GOOD, TABLE: "s3cret"})
    applied(aws, REMEDY)
    assert served(aws) == "1"


def test_a_rollback_never_lowers_the_threshold_on_the_way() -> None:
    aws = versions({**GOOD, THRESHOLD: "85.0"}, GOOD)
    assert refused(aws) == ["obstacle.previous_lowers_threshold"]
    aws = versions({**GOOD, THRESHOLD: "95"}, GOOD)
    applied(aws, REMEDY)
    assert served(aws) == "1"


def test_a_value_that_another_remedy_holds_does_not_go_back_with_the_code() -> None:
    aws = versions(GOOD, {**GOOD, THRESHOLD: "85.0"})
    change = Change(RESULT, THRESHOLD, "90.0", "85.0", Status.APPLIED)
    theirs = Lease(
        "lower_threshold", "liveness-threshold", "other", LeaseState.IN_FORCE, aws.now, None, {}, (change,)
    )
    assert judged(aws) is None
    assert judged(aws, theirs) == (Ends.REFUSE, "guard.leased_value")
