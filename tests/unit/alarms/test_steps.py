"""What a person does about a cause belongs to that cause, and to no other."""

import pytest
from hypothesis import given

from alarms import high_error_rate
from responder.causes.mending import BROUGHT_ABOUT_BY
from responder.causes.steps import ESCALATE, OF_A_FUNCTION, STEPS, About, Step, steps
from responder.core.cause import Cause
from responder.core.manual import GENERAL
from responder.core.text import Text
from responder.core.verdict import Verdict
from responder.evidence.faults import NETWORK, NORMAL, Fault
from responder.messages.language import say
from responder.messages.steps import with_commands
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.alarms.test_playbooks import EACH, WRONG
from tests.unit.alarms.world import CREATE, RESULT, SETTINGS, Variation, decided, failing

PERMISSIONS = {
    Step.CHECK_PERMISSIONS,
    Step.CHECK_EXECUTION_ROLE,
    Step.CHECK_KEY,
    Step.CHECK_ABOVE,
    Step.REMOVE_DENY,
    Step.REVIEW_BUCKET_DENY,
    Step.SEND_NO_PUBLIC_ACL,
}
DENIED = {cause for cause in Cause if cause.name.startswith("DENIED_")} | {Cause.ACCESS_DENIED}
DENIED |= {Cause.PERMISSION_ABSENT, Cause.POLICY_ABSENT}
QUOTAS = {Cause.THROTTLING, Cause.QUOTA, Cause.CONCURRENCY_ACCOUNT, Cause.CONCURRENCY_RESERVED}
CODE = {
    Cause.RELEASE,
    Cause.IMPORT_ERROR,
    Cause.VALIDATION,
    Cause.CLIENT_SETUP,
    Cause.VARIABLE,
    Cause.UNEXPECTED,
    Cause.OTHER,
}
SLOW = {cause for cause in Cause if cause.name.startswith("SLOW_")}
PERHAPS_THE_WAY = {Cause.SLOW_NETWORK, Cause.SLOW_DEPENDENCY}
NEVER_NETWORK = {Cause.COLD_STARTS, Cause.UNKNOWN}  # only where the function is in a VPC
BELONGS: list[tuple[set[Step], set[Cause]]] = [
    (PERMISSIONS, DENIED),
    (
        {Step.CHECK_VPC, Step.CHECK_ENDPOINT_ROUTE},
        {Cause.CONNECTION, Cause.CONNECTION_LOST, Cause.NETWORK, *PERHAPS_THE_WAY, *NEVER_NETWORK},
    ),
    ({Step.CHECK_ENDPOINT_ROUTE}, {Cause.CONNECTION}),
    ({Step.CHECK_CERTIFICATES}, {Cause.TLS}),
    ({Step.CHECK_PROXY}, {Cause.PROXY}),
    ({Step.CHECK_CREDENTIALS}, {Cause.CREDENTIALS}),
    ({Step.CHECK_PARAMETERS}, {Cause.VALIDATION}),
    ({Step.CHECK_CLIENT}, {Cause.CLIENT_SETUP}),
    ({Step.ROLL_BACK_RELEASE}, CODE),
    ({Step.UNDO_CHANGE}, {Cause.CHANGE}),
    ({Step.CHECK_QUOTA, Step.LOWER_TRAFFIC}, QUOTAS),
    ({Step.REQUEST_QUOTA}, {Cause.QUOTA}),
    ({Step.CAPACITY_BY_HAND}, {Cause.TABLE_THROTTLED}),
    ({Step.MEMORY_BY_HAND}, {Cause.MEMORY}),
    ({Step.OPEN_SUPPORT_CASE}, {Cause.INTERNAL, Cause.READ_TIMEOUT, *(SLOW - PERHAPS_THE_WAY)}),
    ({Step.CLIENT_TIMEOUTS}, SLOW),
    ({Step.CHECK_ENVIRONMENT}, {Cause.CONFIGURATION, Cause.VARIABLE, Cause.DENIED_OTHER_TARGET}),
    ({Step.RESTORE_TABLE}, {Cause.TABLE_ABSENT}),
    ({Step.RESTORE_INDEX}, {Cause.INDEX_ABSENT}),
    ({Step.WAIT_FOR_TABLE}, {Cause.TABLE_UNUSABLE, Cause.INDEX_UNUSABLE}),
    ({Step.RESTORE_BUCKET}, {Cause.BUCKET_ABSENT}),
    ({Step.RESTORE_OBJECT}, {Cause.OBJECT_ABSENT}),
    ({Step.RESTORE_KEY}, {Cause.KEY_UNUSABLE}),
    ({Step.RESTORE_ROLE}, {Cause.ROLE_ABSENT}),
    ({Step.REPAIR_ENVIRONMENT_BY_HAND}, {Cause.ENVIRONMENT}),
    ({Step.CONSULT_THRESHOLD}, {Cause.NEAR_THRESHOLD, Cause.LOW_SCORES}),
    ({Step.WAIT_AND_WATCH}, {cause for cause in Cause if cause.normal} | {Cause.AMBER}),
]


@all_rows(("of", "causes"), BELONGS)
def test_a_step_is_listed_only_where_it_belongs(of: set[Step], causes: set[Cause]) -> None:
    assert {cause for cause, listed in STEPS.items() if of & set(listed)} <= causes


def test_every_step_belongs_somewhere_and_can_be_said() -> None:
    assert {step for listed in STEPS.values() for step in listed} == set(Step)
    assert {step.value for step in Step} <= set(catalogue())


@all_rows("fault", sorted(set(Fault) - NORMAL))
def test_every_kind_of_fault_has_its_own_cause_with_steps(fault: Fault) -> None:
    assert STEPS[fault.cause().kind]


def allowed(verdict: Verdict) -> set[str]:
    """What a message about these causes may contain; what was changed brought a fault, whose steps it has
    too."""
    causes = {verdict.cause.kind, *(each.kind for each in verdict.others)}
    if causes & {Cause.RELEASE, Cause.CHANGE}:
        causes |= {fault.cause().kind for fault in BROUGHT_ABOUT_BY}
    return {step.value for cause in causes for step in STEPS[cause]} | {ESCALATE.key}


@EACH
@given(WRONG)
def test_no_message_has_a_step_of_another_cause(playbook: Playbook, wrong: list[Variation]) -> None:
    verdict = decided(playbook, *wrong)
    assert {step.key for step in verdict.steps} <= allowed(verdict)


@EACH
@all_rows("fault", sorted(NETWORK))
def test_a_fault_of_the_network_is_never_answered_with_permissions_or_a_release(
    playbook: Playbook, fault: Fault
) -> None:
    verdict = decided(playbook, failing(fault, function=RESULT))
    other = PERMISSIONS | {Step.ROLL_BACK_RELEASE, Step.CHECK_CREDENTIALS, Step.CHECK_QUOTA}
    assert not {step.key for step in verdict.steps} & {step.value for step in other}


def test_each_of_several_causes_has_its_steps_in_their_order() -> None:
    verdict = decided(high_error_rate.playbook, failing(Fault.INTERNAL), failing(Fault.ACCESS_DENIED, 5))
    assert [each.kind for each in (verdict.cause, *verdict.others)] == [Cause.INTERNAL, Cause.ACCESS_DENIED]
    expected = [Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE, Step.CHECK_PERMISSIONS]
    assert list(verdict.steps) == [*(Text(step.value) for step in expected), ESCALATE]


def test_the_command_of_a_further_cause_is_about_its_own_function() -> None:
    repair = steps(Cause.INTERNAL, About(Cause.ENVIRONMENT, (RESULT,)))[2]
    assert repair == Text(Step.REPAIR_ENVIRONMENT_BY_HAND.value, {"function": RESULT})


def test_a_step_with_a_command_for_a_function_is_given_for_each_that_is_concerned() -> None:
    forms = {
        step: catalogue()[step.value.replace("step", kind, 1)][0]
        for kind in ("command", "runbook")
        for step in Step
        if step.value.replace("step", kind, 1) in catalogue()
    }
    assert {step for step, form in forms.items() if "{function}" in form} == OF_A_FUNCTION
    both = steps(About(Cause.MEMORY, (CREATE, RESULT)), About(Cause.MEMORY, (RESULT,)))
    expected = [Text(Step.MEMORY_BY_HAND.value, {"function": name}) for name in (CREATE, RESULT)]
    assert list(both) == [*expected, ESCALATE]


@pytest.mark.parametrize("fault", [Fault.MEMORY, Fault.CREDENTIALS, Fault.CONNECTION, Fault.CONFIGURATION])
def test_the_commands_are_for_the_function_that_fails(fault: Fault) -> None:
    """The alarm is about both functions, and its commands are otherwise for the other one."""
    verdict = decided(high_error_rate.playbook, failing(fault, function=CREATE, operation=""))
    said = [say(step, "en") for step in with_commands(verdict.steps, GENERAL, SETTINGS)]
    of_one = [each for each in said if "--function-name" in each or ", FaceAuth-" in each]
    assert of_one
    assert all(CREATE in each and RESULT not in each for each in of_one)


def test_nothing_that_needs_no_fixing_calls_for_help() -> None:
    assert ESCALATE not in steps(Cause.RATE_NORMAL)
    assert steps(Cause.AMBER)[-1] == steps(Cause.TABLE_CAPACITY)[-1] == ESCALATE
