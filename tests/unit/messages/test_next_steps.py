"""The step after a refusal or a failure follows the obstacle: it never repeats what was refused."""

import re
from dataclasses import replace
from functools import cache

import pytest

from responder.causes.steps import Step
from responder.core.change import Change, Status
from responder.core.declined import DeclineReason
from responder.core.reasons import Caution, FailureKind, Obstacle, ReasonKind
from responder.core.refusals import Because, Reasons, Refusal, SettingsProblem
from responder.core.remedy import REMEDIES
from responder.core.settings import Settings
from responder.core.text import Strings, Text, Texts, text
from responder.core.verdict import Outcome, Result
from responder.messages.language import say
from responder.messages.next_steps import WAYS, StepKind, next_steps
from responder.messages.steps import with_commands
from responder.respond.playbook import PLAYBOOKS
from tests.laid_out import plain
from tests.rows import all_rows
from tests.texts import catalogue, explained, piece
from tests.unit.messages.samples import SAMPLES

SETTINGS = Settings()
EVERY: tuple[Reasons, ...] = (
    *Refusal,
    *Obstacle,
    *FailureKind,
    *Caution,
    *SettingsProblem,
    *DeclineReason,
)
# What makes each change, by the console or manually.
_MAKES = {
    "rollout_to_zero": r"rollout_by_hand|rollout_to_zero",
    "provisioned_concurrency": r"provisioned_by_hand|provisioned_concurrency",
    "on_demand_billing": r"capacity_by_hand|on_demand_billing",
    "memory_increase": r"memory_by_hand|memory_increase",
    "alias_rollback": r"alias_rollback",
    "repair_environment": r"repair_environment",
    "lower_threshold": r"lower_threshold",
    "propose_change": r"propose_change",
}
MAKES = {name.value: _MAKES.get(name, name.value) for name in REMEDIES}
ALWAYS = r"|liveness-ops (approve|apply|revert)"
# What stops only the automation: a person who does the same manually is not refused.
ONLY_US: set[Reasons] = {
    # people's stops and modes
    Refusal.PAUSED,
    Refusal.WINDOW,
    Refusal.MUTED,
    Refusal.MUTED_BY_SEVERAL,
    Refusal.MUTED_EVENT,
    Refusal.ACTIONS_DISABLED,
    Refusal.SUPPRESSED,
    Refusal.PAUSES_UNREADABLE,
    Refusal.MODE_OBSERVE,
    Refusal.MODE_UNREADABLE,
    Refusal.SETTINGS_UNUSABLE,
    Refusal.SETTINGS_UNUSABLE_BECAUSE,
    *SettingsProblem,
    # what the evidence allows the automation
    Refusal.CAPPED_BY_EVIDENCE,
    Refusal.CEILING,
    Refusal.NEVER_APPLIED,
    Refusal.TOO_MANY_CHANGES,
    # its event, its records and its own mistakes
    Refusal.STALE,
    Refusal.REPLAYED,
    Refusal.REDRIVEN,
    Refusal.MAY_REPEAT,
    Refusal.NOT_LOOPBACK,
    Refusal.ALARM_UNREADABLE,
    Refusal.STORE_UNREADABLE,
    Refusal.LEASES_UNREAD,
    Refusal.RECORD_FAILED,
    FailureKind.UNREADABLE,
    FailureKind.OURS,
    Obstacle.NO_EXPECTED_VALUE,
    # its own rights
    FailureKind.DENIED,
    FailureKind.NOT_SUBSCRIBED,
}
NOT_DONE = (Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.PARTIAL)
LANGUAGES = ("ja", "en")
LEFT = tuple(Text(step.value) for step in Step)
TABLE = Settings().sessions_table


def outcome(remedy: str, result: Result, because: Because | None, *, back: bool = False) -> Outcome:
    scope = "result" if remedy in ("provisioned_concurrency", "memory_increase", "alias_rollback") else ""
    note = because if result in (Result.FAILED, Result.PARTIAL) else None
    status = Status.FAILED if note else Status.PLANNED
    target = TABLE if remedy == "on_demand_billing" else SETTINGS.result_function
    change = Change(target, "setting", "a", "b", status, note)
    return Outcome(remedy, scope, result, text("why.command"), because, changes=(change,), back=back)


def reported(one: Outcome, *languages: str, left: Texts = LEFT) -> list[str]:
    """In English, or in these languages."""
    steps = next_steps((one,), left, SETTINGS)
    return [line for step in steps for language in languages or ("en",) for line in said(step, language)]


def said(step: Text, language: str) -> Strings:
    """Most steps are left as they were, after each of a thousand outcomes: they are said once."""
    return _said(step, language) if step.values else _said_without_values(step.key, language)


@cache
def _said_without_values(key: str, language: str) -> Strings:
    return _said(Text(key), language)


def _said(step: Text, language: str) -> Strings:
    steps = with_commands((step,), PLAYBOOKS.manual("get-result-errors"), SETTINGS)
    return tuple(say(each, language) for each in steps)


def wrapped(because: Because) -> tuple[Because, ...]:
    """The same reason as a guard and a remedy give it."""
    inner = because.text
    return (
        because,
        *(
            (Refusal.PRECONDITION(detail=(inner,)), FailureKind.NOT_RELEASED(target="x", reason=inner))
            if isinstance(because.kind, Obstacle)
            else ()
        ),
        *((Refusal.NOT_READABLE(detail=inner),) if isinstance(because.kind, FailureKind) else ()),
    )


def test_every_reason_says_what_comes_next() -> None:
    assert set(EVERY) == WAYS.keys()
    assert {member for kind in (Refusal, Obstacle, FailureKind) for member in kind} <= WAYS.keys()


def test_what_stops_only_the_automation_is_known_by_name() -> None:
    ways = (StepKind.BY_HAND, StepKind.PERMISSION)
    assert {kind for kind, way in WAYS.items() if way in ways} == ONLY_US


@pytest.mark.parametrize("remedy", REMEDIES)
def test_no_step_repeats_what_was_refused_or_failed(remedy: str) -> None:
    made = re.compile(MAKES[remedy] + ALWAYS)
    for kind in set(EVERY) - ONLY_US:
        for because in wrapped(explained(kind)):
            for result in NOT_DONE:
                for line in reported(outcome(remedy, result, because)):
                    assert not made.search(line), (because, result, line)


@pytest.mark.parametrize("remedy", REMEDIES)
def test_a_refused_reversal_is_never_answered_with_the_change_itself(remedy: str) -> None:
    made = re.compile(MAKES[remedy] + ALWAYS)
    for kind in EVERY:
        for result in NOT_DONE:
            lines = reported(outcome(remedy, result, explained(kind), back=True), left=())
            assert not [line for line in lines if made.search(line)], (kind, result)


@all_rows("kind", [each for each in EVERY if not isinstance(each, DeclineReason)])
def test_each_step_can_be_said_and_has_no_gap(kind: ReasonKind) -> None:
    for remedy in REMEDIES:
        one = outcome(remedy, Result.REFUSED, explained(kind))  # type: ignore[arg-type]
        for line in reported(one, *LANGUAGES, left=()):
            assert not re.search(r"<[a-z_]+>|(step|command)\.\w", line)


def test_a_table_that_is_being_changed_is_waited_for() -> None:
    busy = Obstacle.IN_FLIGHT(target=TABLE)
    for because in (busy, Refusal.IN_FLIGHT(detail=busy.text)):
        first, again, *_ = reported(outcome("on_demand_billing", Result.REFUSED, because))
        assert piece("step.wait_for_table") in first
        assert "aws dynamodb describe-table" in first
        assert piece("step.tried_again") in again


def test_a_function_that_is_being_changed_is_waited_for() -> None:
    busy = Obstacle.IN_FLIGHT(target=SETTINGS.result_function)
    first, *_ = reported(outcome("memory_increase", Result.FAILED, busy))
    assert "Successful" in first
    assert f"for f in {SETTINGS.result_function}; do aws lambda get-function-configuration" in first


@pytest.mark.parametrize(
    "because",
    [
        Refusal.QUOTA_USED(detail=text("guard.switches_used", count=4)),
        FailureKind.REFUSED(target=TABLE, action="dynamodb:UpdateTable", code="LimitExceededException"),
    ],
)
def test_where_the_table_may_not_be_switched_again_its_throughput_is_raised(because: Because) -> None:
    for result in (Result.REFUSED, Result.FAILED):
        first, *_ = reported(outcome("on_demand_billing", result, because))
        assert "(runbook: raise_throughput)" in first


def test_a_right_that_only_the_automation_lacks_leaves_the_command_to_a_person() -> None:
    denied = FailureKind.REFUSED(target=TABLE, action="dynamodb:UpdateTable", code="AccessDeniedException")
    by_hand, permission = reported(outcome("on_demand_billing", Result.FAILED, denied), left=())
    assert "capacity_by_hand" in by_hand
    assert permission == piece("step.restore_permission")


@pytest.mark.parametrize(
    "denied",
    [
        Obstacle.UNREADABLE(target="x", action="lambda:ListAliases", code="AccessDeniedException"),
        FailureKind.DENIED(action="lambda:ListAliases"),
    ],
)
def test_a_permission_that_only_the_automation_lacks_is_asked_for(denied: Because) -> None:
    """Also where a person is not given the command: turning the check off."""
    for because in wrapped(denied):
        refused = outcome("rollout_to_zero", Result.REFUSED, because)
        assert reported(refused, left=()) == [piece("step.restore_permission")]


def test_a_stop_of_a_person_leaves_the_manuals_command() -> None:
    paused = explained(Refusal.PAUSED)
    one = outcome("provisioned_concurrency", Result.REFUSED, paused)
    assert "provisioned_by_hand" in reported(one, left=())[0]


def test_of_several_obstacles_each_has_its_step() -> None:
    both = (Obstacle.NO_ALIAS(target="x").text, Obstacle.ACCOUNT_FULL(left=1, keep=100, wanted=5).text)
    lines = reported(
        outcome("provisioned_concurrency", Result.REFUSED, Refusal.PRECONDITION(detail=both)), left=()
    )
    assert ["make_alias" in lines[0], "Service Quotas" in lines[1]] == [True, True]


def test_of_a_gradual_release_the_functions_whose_traffic_is_split_are_named() -> None:
    """Never the one of the alarm: the section of the runbook moves traffic."""
    split = tuple(
        Obstacle.ALIAS_WEIGHTED(target=name, alias="live").text for name in ("FaceAuth-A", "FaceAuth-B")
    )
    one = outcome("rollout_to_zero", Result.REFUSED, Refusal.PRECONDITION(detail=split))
    for slug in ("create-session-errors", "high-error-rate"):
        steps = with_commands(next_steps((one,), (), SETTINGS), PLAYBOOKS.manual(slug), SETTINGS)
        (step,) = (each for each in steps if each.values.get("section") == "end_canary")
        assert step.values["function"] == "FaceAuth-A, FaceAuth-B"


@pytest.mark.parametrize(
    ("because", "key"),
    [
        (Obstacle.ALIAS_WEIGHTED(target="x", alias="live"), "step.end_canary"),
        (Obstacle.ALIAS_OTHER_CODE(target="x", alias="live"), "step.settle_alias"),
        (Obstacle.UNANNOUNCED(target="x", alias="live", names="A"), "step.settle_alias"),
        (Obstacle.NEWER_NOT_RELEASED(target="x", alias="live", version="1", newest="2"), "step.settle_alias"),
        (Obstacle.ALIAS_UNPUBLISHED(target="x", alias="live"), "step.publish_alias"),
        (Obstacle.ALIAS_UNUSED(target="x", alias="live"), "step.route_to_alias"),
        (FailureKind.ALIAS_MOVED(target="x", setting="A", now="1"), "step.settle_alias"),
        (
            FailureKind.STILL_SERVED(target="x", setting="A", alias="live", now="1", value="0"),
            "step.settle_alias",
        ),
    ],
)
def test_what_an_alias_serves_next_is_settled_with_the_developers(because: Because, key: str) -> None:
    """The code in $LATEST, or the new version of a gradual release, may be what fails."""
    for one in wrapped(because):
        for result in NOT_DONE:
            lines = reported(outcome("alias_rollback", result, one), left=())
            assert any(line.startswith(piece(key)) for line in lines)
            assert all("sk the developers" in line for line in lines if line.startswith(piece(key)))
            # Not with a command for all at once, either.
            assert not re.search(r"aws lambda (publish-version|update-alias)", "\n".join(lines))


def test_no_step_deploys_what_no_one_has_released() -> None:
    """A deployment of what is checked out may hold unreleased code: a step names the release, or who deploys.
    The one exception is the stack of an alarm, which is not that of the service."""
    deploys = {
        key: form for key, (_, form) in catalogue().items() if key.startswith("step.") and "deploy" in form
    }
    deploys = {key: form for key, form in deploys.items() if re.search(r"\b(re)?deploy\b", form)}
    named = re.compile(r"ask the developers|\brelease\b", re.IGNORECASE)
    assert {key for key, form in deploys.items() if not named.search(form)} == {"step.restore_alarm"}


def test_while_nothing_follows_the_incident_nothing_is_reported_to_be_tried_again() -> None:
    busy = Obstacle.IN_FLIGHT(target=TABLE)
    one = outcome("on_demand_billing", Result.REFUSED, busy)
    said = [say(step, "en") for step in next_steps((one,), (), SETTINGS, followed=False)]
    assert not any("automatically" in line for line in said)


def test_a_refused_repair_of_one_function_leaves_the_other_ones_command() -> None:
    create, result = SETTINGS.functions
    left = tuple(text("step.repair_environment_by_hand", function=name) for name in (create, result))
    why = text("why.environment", variables="A")
    refused = Outcome(
        "repair_environment",
        "create",
        Result.REFUSED,
        why,
        Obstacle.RUNTIME_REFUSED(target=create, runtime="x"),
    )
    observed = Outcome(
        "repair_environment", "create", Result.OBSERVED, why, Refusal.MODE_OBSERVE(mode="observe")
    )
    assert left[1] in next_steps((refused,), left, SETTINGS)
    assert left[0] not in next_steps((refused,), left, SETTINGS)
    assert next_steps((observed,), left, SETTINGS) == left


def partly(note: Because, *, back: bool = False) -> Outcome:
    """Two of four functions have it, and two not for this reason."""
    changes = tuple(
        Change(name, SETTINGS.rollout_variable, "50", "0", Status.FAILED if place > 1 else Status.APPLIED)
        for place, name in enumerate(SETTINGS.rollout_functions)
    )
    noted = tuple(replace(each, note=note if each.status is Status.FAILED else None) for each in changes)
    return replace(outcome("rollout_to_zero", Result.PARTIAL, None), changes=noted, back=back)


LAST_TWO = " ".join(SETTINGS.rollout_functions[2:])


@pytest.mark.parametrize(
    "note",
    [
        Obstacle.LAST_UPDATE_FAILED(target="x"),
        FailureKind.REFUSED(target="x", action="UpdateFunctionConfiguration", code="AccessDeniedException"),
        FailureKind.REFUSED(target="x", action="UpdateFunctionConfiguration", code="Unheard"),
    ],
)
def test_what_is_left_of_a_change_in_part_has_the_commands_for_those_functions_alone(note: Because) -> None:
    for said in ("\n".join(reported(partly(note), language, left=())) for language in LANGUAGES):
        loops = re.findall(r"for f in ([^;]+);", said)
        assert loops
        assert set(loops) == {LAST_TWO}
        assert "aws lambda update-function-configuration" in said
        assert "runbook" not in said
        # "Once that is settled" has something before it.
        assert said.startswith(piece("step.set_rest")) or piece("step.set_rest") not in said


@pytest.mark.parametrize(
    "note",
    [
        FailureKind.CHANGED_MEANWHILE(target="x"),
        FailureKind.NOT_RELEASED(target="x", reason=Obstacle.ALIAS_WEIGHTED(target="x", alias="live").text),
    ],
)
def test_what_a_person_changed_or_an_alias_does_not_serve_is_not_set_once_more(note: Because) -> None:
    assert "update-function-configuration" not in "".join(reported(partly(note), left=()))


def test_a_reversal_in_part_is_not_finished_by_switching_off() -> None:
    said = "".join(reported(partly(Obstacle.LAST_UPDATE_FAILED(target="x"), back=True), left=()))
    assert "update-function-configuration" not in said
    assert piece("step.order_again") in said


def test_the_commands_for_what_is_left_are_in_the_mail_whatever_else_is_left_out() -> None:
    (act,) = SAMPLES["partly"].outcomes
    steps = with_commands(next_steps((act,), LEFT, SETTINGS), PLAYBOOKS.manual("high-error-rate"), SETTINGS)
    report = replace(SAMPLES["partly"], verdict=replace(SAMPLES["partly"].verdict, steps=steps))
    for language in LANGUAGES:
        assert "aws lambda update-function-configuration" in plain(report, language)


def test_beside_a_rollback_that_is_asked_for_or_done_no_step_says_to_roll_back() -> None:
    left = text("step.roll_back_release"), text("step.check_health")
    asked = replace(outcome("alias_rollback", Result.ASKED, explained(Refusal.CEILING)), approval="0" * 16)
    assert next_steps((asked,), left, SETTINGS) == left[1:]
    assert next_steps((replace(asked, result=Result.APPLIED, approval=None),), left, SETTINGS) == left[1:]
    # The follow-up's messages, once it is answered or expired.
    assert next_steps((replace(asked, approval=None),), left, SETTINGS) == left


def test_a_table_that_on_demand_mode_does_not_help_has_its_own_step() -> None:
    hot = Caution.HOT_KEY(target=TABLE)
    asked = replace(outcome("on_demand_billing", Result.ASKED, hot), approval="0" * 16)
    spread = text("step.spread_keys")
    assert next_steps((asked,), (spread,), SETTINGS) == (spread,)
    already = outcome("on_demand_billing", Result.ALREADY, None)
    assert next_steps((already,), (), SETTINGS) == (text("step.on_demand_unnamed"),)
    assert next_steps((replace(already, back=True),), (), SETTINGS) == ()
    named = text("step.on_demand_maximum")
    assert next_steps((already,), (named,), SETTINGS) == (named,)
