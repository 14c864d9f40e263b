"""The whole story is in the report, each part of it once, and nothing is reported that is not on record."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from responder.core.cause import Cause
from responder.core.change import Change, LeaseState, Status
from responder.core.codec import dump
from responder.core.command import ApprovalRequest
from responder.core.finding import Finding, Subject, Tone, packed
from responder.core.modes import Effect, Severity
from responder.core.reasons import FailureKind
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, text
from responder.followup_rules import FollowUpMemory
from responder.incident_report.actions import follow_up_actions
from responder.incident_report.build import build
from responder.incident_report.model import AlarmMetric, BelievedCause, IncidentReport, OpenItemReason
from tests.unit.incident_report.sample_incident import (
    ASKINGS,
    BACK,
    CLOSED,
    FUNCTIONS,
    HEAD,
    INCIDENT,
    MEASURE,
    MEMORY,
    OPENED,
    ROLLOUT,
    STEP_BACK,
    STEPS,
    WATCH,
    at,
    changes,
    reported,
    step,
    verdict,
)

NO_CHART = AlarmMetric(problem=text("chronicle.no_metric_alarm"))


def story(*steps: object, **more: object) -> IncidentReport:
    given = {
        "head": HEAD,
        "memory": FollowUpMemory(),
        "leases": (),
        "metric": NO_CHART,
        "closed": CLOSED,
        **more,
    }
    return build(steps, **given)  # type: ignore[arg-type]


WHOLE = build(STEPS, HEAD, WATCH, (MEMORY, BACK), MEASURE, CLOSED, ASKINGS)


def test_every_time_is_reported() -> None:
    times = WHOLE.times
    assert (times.first, times.alarm, times.message, times.act) == (at(-4), OPENED, OPENED, at(5.2))
    assert (times.mitigated, times.recovered, times.closed) == (at(41), at(115), CLOSED)
    assert times.detection == timedelta(minutes=4)


@pytest.mark.parametrize(
    ("severity", "minutes", "met"),
    [
        (Severity.HIGH, 30, True),
        (Severity.HIGH, 30.1, False),
        (Severity.MEDIUM, 60, True),
        (Severity.MEDIUM, 60.1, False),
    ],
)
def test_the_first_message_decides_whether_the_response_was_in_time(
    severity: Severity, minutes: float, met: bool
) -> None:
    said = (reported(minutes), reported(minutes + 5))
    assert story(*said, head=replace(HEAD, severity=severity)).met is met


def test_without_a_message_the_response_was_not_in_time() -> None:
    assert not story().met


def test_a_first_datapoint_that_no_one_reported_is_read_from_the_metric_and_not_made_up() -> None:
    head = replace(HEAD, first=OPENED)
    assert story(head=head).times.first is None
    assert story(head=head, metric=MEASURE).times.first == at(-4)


def test_each_remedy_names_who_applied_it_and_its_assessment() -> None:
    assert [(each.remedy, each.by, each.judged) for each in WHOLE.remedies] == [
        ("rollout_to_zero", AUTOMATION, "helped"),
        ("memory_increase", "sato", ""),
    ]


def test_a_remedy_keeps_what_was_found_before_it_through_all_steps_of_the_revert() -> None:
    rollout = WHOLE.remedies[0]
    assert [(each.before, each.after) for each in rollout.changes] == [("50", "0"), ("50", "0")]
    assert [each.status for each in rollout.left] == [Status.REVERTED, Status.KEPT]
    assert (rollout.applied, rollout.back, rollout.ended) == (at(5.2), at(64), at(100))


def test_a_revert_that_was_refused_has_not_begun() -> None:
    going = replace(ROLLOUT, state=LeaseState.REVERTING)
    (remedy,) = story(
        step(5.2, "in_force", ROLLOUT), step(9, "reverting", going), step(9, "in_force", ROLLOUT)
    ).remedies
    assert remedy.back is None
    assert remedy.open


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_of_one_instant_are_read_in_the_order_of_the_shell(order: tuple[int, ...]) -> None:
    going = replace(ROLLOUT, state=LeaseState.REVERTING)
    done = replace(going, changes=(replace(BACK.changes[0], status=Status.IN_PROGRESS), BACK.changes[1]))
    rows = [step(9, "reverting", going), step(9, "reverting", done), step(5.2, "in_force", ROLLOUT)]
    (remedy,) = story(*(rows[place] for place in order)).remedies
    assert [each.status for each in remedy.left] == [Status.IN_PROGRESS, Status.KEPT]


def test_the_ledger_outweighs_the_timeline() -> None:
    (remedy,) = story(step(5.2, "in_force", ROLLOUT), leases=(BACK,)).remedies
    assert not remedy.open


def test_a_lease_of_another_incident_is_not_ours() -> None:
    assert story(leases=(replace(ROLLOUT, incident="another"),)).remedies == ()


def test_a_lease_that_only_the_ledger_knows_is_reported() -> None:
    (remedy,) = story(leases=(MEMORY,)).remedies
    assert (remedy.remedy, remedy.by, remedy.open) == ("memory_increase", "sato", True)


def test_the_same_remedy_applied_again_is_another_act() -> None:
    later = replace(ROLLOUT, at=at(130))
    rows = (step(5.2, "in_force", ROLLOUT), step(100, "ended", BACK), step(130, "in_force", later))
    assert [each.open for each in story(*rows).remedies] == [False, True]


def test_what_did_not_help_is_judged_so_without_the_follow_ups_memory() -> None:
    noted = step(21, "ineffective", {"remedy": ROLLOUT.remedy, "scope": ROLLOUT.scope})
    (remedy,) = story(step(5.2, "in_force", ROLLOUT), noted).remedies
    assert remedy.judged == "ineffective"


def test_an_act_that_failed_was_never_in_force() -> None:
    failed = replace(ROLLOUT, state=LeaseState.FAILED, changes=changes("50", "0", Status.FAILED))
    found = story(step(5.2, "failed", failed))
    assert found.remedies[0].applied is None
    assert found.times.act is None
    assert found.open_items == ()


def test_a_cause_is_reported_once_as_long_as_it_is_believed() -> None:
    why = text("say.few_reports", count=3)
    minds = ("cause.unknown", "cause.unknown", "cause.internal", "cause.unknown")
    rows = [step(minute * 5, "verdict", verdict(cause, why)) for minute, cause in enumerate(minds)]
    assert [(each.cause.key, each.rounds) for each in story(*rows).causes] == [
        ("cause.unknown", 2),
        ("cause.internal", 1),
        ("cause.unknown", 1),
    ]


def test_findings_are_reported_as_they_were_first() -> None:
    found = WHOLE.findings
    assert [(each.look, each.tone) for each in found] == [
        ("failures", Tone.RED),
        ("health", Tone.UNKNOWN),
        ("table", Tone.NORMAL),
    ]
    assert (found[0].at, found[0].last, found[0].samples) == (at(0), at(5.2), 114)


def test_without_findings_on_record_there_is_a_report_without_findings() -> None:
    assert story(*(each for each in STEPS if each.kind != "findings")).findings == ()


# --- changes to review ------------------------------------------------------------------------------


def test_lasting_changes_and_values_of_others_are_open_items() -> None:
    assert [each.kind for each in WHOLE.open_items] == [
        OpenItemReason.STAYS,
        OpenItemReason.DRIFT,
        OpenItemReason.KEPT,
    ]


def test_lowered_security_is_the_first_open_item() -> None:
    rows = (step(5.2, "in_force", MEMORY), step(5.2, "in_force", ROLLOUT))
    assert [each.kind for each in story(*rows).open_items][:2] == [
        OpenItemReason.LOWERED,
        OpenItemReason.STAYS,
    ]


def test_a_write_with_an_unknown_outcome_is_an_open_item() -> None:
    unknown = Change("F", "V", "1", "2", Status.FAILED, note=FailureKind.OUTCOME_UNKNOWN())
    partial = replace(ROLLOUT, state=LeaseState.PARTIAL, changes=(unknown,))
    assert OpenItemReason.DOUBT in [each.kind for each in story(step(6, "partial", partial)).open_items]


def test_without_a_change_in_force_there_are_no_open_items() -> None:
    ended = replace(BACK, changes=(BACK.changes[0],))
    assert story(step(5.2, "in_force", ROLLOUT), step(100, "ended", ended)).open_items == ()


# --- people -----------------------------------------------------------------------------------------


def test_people_are_named() -> None:
    assert [(each.person, each.what) for each in WHOLE.actions] == [
        ("tanaka", "ack"),
        ("sato", "approve"),
        ("tanaka", "approve"),
        ("kato", "withdraw"),
        ("tanaka", "taken"),
    ]
    assert WHOLE.actions[-1].more == (("step", "AWS Support へ連絡"),)
    assert [person for person, _ in WHOLE.acknowledgements] == ["tanaka", "suzuki"]
    assert WHOLE.escalations == ((2, at(30)),)


def test_a_decision_without_a_step_is_read_from_its_row() -> None:
    (row,) = [each for each in WHOLE.timeline if each.by == "kato"]
    assert (row.at, row.said) == (at(73), text("chronicle.did_withdraw"))


def test_what_was_approved_and_carried_out_is_a_row_with_its_people() -> None:
    rows = [each for each in WHOLE.timeline if each.kind == "carried_out"]
    assert [each.at for each in rows] == [at(40), at(64)]
    assert rows[1].said == text("chronicle.carried_out", remedy=text("remedy.back.rollout_to_zero", to="10"))
    assert rows[1].details == (text("chronicle.approved_by", person="tanaka"),)


def test_an_act_names_who_approved_its_revert() -> None:
    assert {each.remedy: each.back_by for each in WHOLE.remedies} == {
        "rollout_to_zero": ("tanaka",),
        "memory_increase": (),
    }


def test_the_same_change_of_several_targets_is_reported_once() -> None:
    row = next(each for each in WHOLE.timeline if each.kind == "in_force")
    (change,) = row.details
    assert change.values["target"] == text("chronicle.functions", count=len(FUNCTIONS))


def test_a_change_and_that_it_took_effect_are_one_row() -> None:
    begun = replace(ROLLOUT, changes=changes("50", "0", Status.IN_PROGRESS))
    told_ = story(
        step(5.2, "in_force", begun), reported(5.2, rollout_to_zero="applied"), step(6, "in_force", ROLLOUT)
    )
    (row,) = [each for each in told_.timeline if each.kind == "in_force"]
    (change,) = row.details
    assert (row.at, change.values["status"]) == (at(5.2), text("status.applied"))


def test_the_same_message_twice_within_minutes_is_one_row() -> None:
    other = step(5.4, "duty", {"task": "finish", "key": MEMORY.id, "why": text("duty.close")})
    sent = [reported(minute, rollout_to_zero="applied") for minute in (5.2, 6, 60)]
    again = story(sent[0], other, *sent[1:])
    rows = [each for each in again.timeline if each.kind == "reported"]
    assert [each.at for each in rows] == [at(5.2), at(60)]
    assert rows[0].details[-1] == text("chronicle.repeated", times=2, last="2026-11-23T18:13:00Z")


def test_a_request_to_restore_is_not_worded_as_the_change_that_it_reverses() -> None:
    changes = (Change(FUNCTIONS[0], "x", "0", "10"),)
    data = dump(
        ApprovalRequest(
            "0" * 16, "i", "rollout_to_zero", "", Effect.LOWERS_SECURITY, at(60), changes, order="revert"
        )
    )
    (row,) = [each for each in story(step(60, "asked", data)).timeline if each.kind == "asked"]
    assert row.said == text("chronicle.asked", remedy=text("remedy.back.rollout_to_zero", to="10"))
    (row,) = [
        each
        for each in story(step(60, "asked", {**data, "changes": "lost"})).timeline
        if each.kind == "asked"
    ]
    assert row.said == text("chronicle.asked", remedy=text("remedy.reverse.rollout_to_zero"))


def test_different_messages_are_different_rows() -> None:
    other = step(5.4, "duty", {"task": "finish", "key": MEMORY.id, "why": text("duty.close")})
    rows = story(reported(5.2), other, reported(6)).timeline
    assert [each.at for each in rows if each.kind == "reported"] == [at(5.2), at(6)]


def test_steps_asked_for_are_reported_once() -> None:
    keys = [each.key for each in WHOLE.manual]
    assert keys == ["step.check_health", "step.escalate", "step.open_support_case"]


# --- the timeline -----------------------------------------------------------------------------------


def test_the_timeline_begins_with_the_first_datapoint_and_ends_with_the_close() -> None:
    kinds = [row.kind for row in WHOLE.timeline]
    assert kinds[:2] == ["first", "alarm"]
    assert kinds[-1] == "closed"
    assert [row.at for row in WHOLE.timeline] == sorted(row.at for row in WHOLE.timeline)


def test_what_step_and_follow_up_both_report_is_one_row() -> None:
    kinds = [row.kind for row in WHOLE.timeline]
    assert kinds.count("escalated") == 1
    assert [row.by for row in WHOLE.timeline if row.said.key == "chronicle.did_acknowledge"] == [
        "tanaka",
        "suzuki",
    ]
    assert not any(row.kind == "reported" and row.at == at(30) for row in WHOLE.timeline)


def test_a_lock_is_no_row_beside_its_result() -> None:
    kinds = [row.kind for row in WHOLE.timeline]
    assert "applying" not in kinds
    assert "reverting" not in kinds


def test_a_lock_without_a_result_is_a_row() -> None:
    begun = replace(ROLLOUT, state=LeaseState.APPLYING)
    assert "applying" in [row.kind for row in story(step(5.2, "applying", begun)).timeline]


def test_every_row_names_who_acted() -> None:
    by = {row.kind: row.by for row in WHOLE.timeline}
    assert (by["alarm"], by["state"], by["verdict"]) == (CLOUDWATCH, CLOUDWATCH, AUTOMATION)
    assert [row.by for row in WHOLE.timeline if row.kind == "in_force"] == [AUTOMATION, "sato", AUTOMATION]


def test_an_unknown_step_is_shown_as_it_is() -> None:
    (row,) = [row for row in WHOLE.timeline if row.kind == "moon_phase"]
    assert row.details == (Text("chronicle.as_it_is", {"data": '{"<b>": ["&"], "phase": "full"}'}),)


def test_a_known_step_in_an_unknown_shape_is_shown_as_it_is() -> None:
    rows = [step(1, kind, ["?"]) for kind in ("verdict", "reported", "state", "in_force", "person", "asked")]
    shown = [row for row in story(*rows).timeline if row.said.key == "chronicle.unknown"]
    assert {row.kind for row in shown} >= {"verdict", "state", "in_force", "person", "asked"}


def test_one_step_of_the_revert_leaves_the_remedy_in_force() -> None:
    going = replace(ROLLOUT, state=LeaseState.REVERTING)
    rows = (step(5.2, "in_force", ROLLOUT), step(64, "reverting", going), step(64, "in_force", STEP_BACK))
    (remedy,) = story(*rows).remedies
    assert remedy.open
    assert remedy.back == at(64)
    assert [each.after for each in remedy.left] == ["10", "10"]


def test_what_the_follow_up_did_is_a_row_in_its_own_words() -> None:
    duty = {"task": "revert", "key": MEMORY.id, "why": text("duty.close")}
    (row,) = [row for row in story(step(50, "duty", duty)).timeline if row.kind == "duty"]
    assert (row.said.key, row.by) == ("duty.close", AUTOMATION)


def test_a_duty_that_has_a_row_already_has_no_second_one() -> None:
    rows = [
        step(30, "duty", {"task": task, "key": "2", "why": text("duty.close")})
        for task in ("escalate", "close")
    ]
    rows.append(step(31, "duty", {"task": "judge", "key": "x", "why": text("duty.ineffective")}))
    assert "duty" not in [row.kind for row in story(*rows).timeline]


def test_the_same_again_and_again_is_one_row() -> None:
    duty = {"task": "finish", "key": MEMORY.id, "why": text("duty.close")}
    rows = [step(minute, "duty", duty) for minute in (1, 2, 3)]
    (row,) = [row for row in story(*rows).timeline if row.kind == "duty"]
    assert row.at == at(1)
    assert row.details[-1] == text("chronicle.repeated", times=3, last="2026-11-23T18:10:00Z")


def test_a_remedy_applied_again_after_its_reversal_has_a_row_of_its_own() -> None:
    rows = [
        step(1, "in_force", ROLLOUT),
        step(3, "ended", replace(ROLLOUT, state=LeaseState.ENDED, changes=changes("0", "50"))),
        step(5, "in_force", ROLLOUT),
    ]
    found = [(row.kind, row.at) for row in story(*rows).timeline if row.kind in ("in_force", "ended")]
    assert found == [("in_force", at(1)), ("ended", at(3)), ("in_force", at(5))]


def test_the_identity_behind_a_name_stays_in_the_table() -> None:
    done = {"person": "sato", "principal": "arn:aws:iam::1:user/sato", "what": "reject", "reason": "早い"}
    (found,) = story(step(3, "person", done)).actions
    assert found.more == (("reason", "早い"),)


def test_a_message_that_only_the_head_knows_counts() -> None:
    assert story(head=replace(HEAD, notified=at(2))).times.message == at(2)


def test_a_finding_of_each_function_is_listed_as_often_as_it_was_counted() -> None:
    """Both functions' calls were counted; the same again an hour later adds no row."""

    def calls(function: str, count: int) -> Finding:
        said = text("evidence.calls", function=function, count=count)
        return Finding("calls", Tone.INFO, said, subject=Subject.DURATION)

    first = step(1, "findings", packed([calls("create", 120), calls("result", 84)]))
    again = step(61, "findings", packed([calls("create", 130), calls("result", 90)]))
    found = story(first, again).findings
    assert [(each.said.values["function"], each.at, each.last) for each in found] == [
        ("create", at(1), at(61)),
        ("result", at(1), at(61)),
    ]


# --- what people do afterwards ----------------------------------------------------------------------


def commands(report: IncidentReport) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in follow_up_actions(report):
        if "command" in each.said.values:
            found.setdefault(each.kind, []).append(str(each.said.values["command"]))
    return found


def test_a_command_of_an_action_names_the_stack() -> None:
    report = replace(story(step(40, "in_force", MEMORY)), console="--region eu-west-1 --stack other")
    assert commands(report) == {
        "change_stays": [f"liveness-ops revert {INCIDENT} memory_increase --region eu-west-1 --stack other"]
    }


def test_of_the_same_remedy_on_two_functions_each_command_names_its_own() -> None:
    other = replace(MEMORY, scope="FaceAuth-CreateLivenessSession")
    report = story(step(40, "in_force", MEMORY), step(41, "in_force", other))
    assert sorted(commands(report)["change_stays"]) == [
        f"liveness-ops revert {INCIDENT} memory_increase --scope {each.scope}" for each in (other, MEMORY)
    ]


def test_what_can_never_be_reverted_is_not_offered_to_be() -> None:
    repair = replace(MEMORY, remedy="repair_environment")
    report = story(step(40, "in_force", repair))
    assert next(each.kind for each in follow_up_actions(report)) == "change_lasting"
    assert "change_stays" not in commands(report)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (Cause.TABLE_ON_DEMAND_THROTTLED, "fix_throughput"),
        (Cause.TABLE_HOT_KEY, "fix_keys"),
        (Cause.CONCURRENCY_OFF, "fix_resource"),
        (Cause.CONCURRENCY_RESERVED, "fix_capacity"),
    ],
)
def test_what_is_done_about_a_cause_fits_it(cause: Cause, kind: str) -> None:
    believed = BelievedCause(at(0), Text(cause.value), Text("why"), kind=cause)
    report = replace(WHOLE, causes=(believed,))
    assert [each.kind for each in follow_up_actions(report) if each.kind.startswith("fix_")] == [kind]
