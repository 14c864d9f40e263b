"""What the follow-up sends, and to whom: each message is a promise to its reader."""

import re
from dataclasses import replace

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.cause import AwsService, Cause
from responder.core.change import LeaseState, Status
from responder.core.command import RestoreStep, RestoreVerdict
from responder.core.reasons import FailureKind, Obstacle
from responder.core.refusals import Because, Refusal, SettingsProblem
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Result
from responder.followup.messages.case import MessageExtra
from responder.followup.messages.report import TOPICS
from responder.followup.messages.support_case import BY_OPERATION, SERVICES
from responder.followup_rules import Duty, DutyKind, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, Rollout
from responder.messages.language import say
from responder.messages.steps import first_steps
from tests.laid_out import headline, machine, plain, story_of, subject
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.followup.report_samples import (
    ALARM,
    CALM,
    DECISION,
    HEAD,
    HELD,
    INCIDENT,
    KEPT,
    MEMORY,
    NO_ACT,
    OFF,
    OPEN,
    REPORTS,
    ROLLOUT,
    STEP,
    TERMS,
    TRIED,
    WARM,
    asking,
    at,
    duty,
    escalation,
    must_report,
    report_of,
    seen,
)


def course(report: Report, language: str = "en") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label, said in report.course:
        found.setdefault(label.key, []).append(say(said, language))
    return found


def steps(report: Report) -> str:
    return "\n".join(say(step, "en") for step in (*first_steps(report), *report.verdict.steps))


def first(name: str, language: str = "en") -> str:
    return headline(REPORTS[name], language)


def test_every_topic_has_its_first_line_and_its_course() -> None:
    assert set(TOPICS) == {each.topic for each in REPORTS.values()}


def test_an_escalation_says_how_long_what_was_tried_and_who_was_notified() -> None:
    said = course(REPORTS["escalate_3"])
    assert said["course.elapsed"] == ["95 min since the first ALARM"]
    assert said["course.tried"] == ["liveness check off (rollout 0%): not effective"]
    assert said["course.informed"] == [
        "Level 1 (operations) at the start, Level 2 (development lead) at Nov 23 18:37 UTC"
    ]
    assert said["course.taken"] == ["by sato, expired at Nov 23 19:42 UTC; the escalation has resumed"]


def test_an_escalation_says_what_is_proposed_and_how_to_answer_it() -> None:
    report = REPORTS["escalate_2"]
    (said,) = course(report)["course.proposed"]
    assert "LIVENESS_ROLLOUT_PERCENTAGE 50 → 0 (FaceAuth-Enrollment, " in said
    assert "id 9f2c1b7a00112233, valid until Nov 23 19:06 UTC" in said
    assert f"liveness-ops approve {INCIDENT} 9f2c1b7a00112233 --region us-east-1" in steps(report)
    assert "by Nov 23 19:06 UTC" in headline(report, "en")


def test_an_escalation_says_how_to_answer_and_to_acknowledge_before_anything_else() -> None:
    asked, acknowledged = story_of(REPORTS["escalate_2"], "en").advice.answers
    assert asked.said.startswith("Approve or reject by")
    assert acknowledged.said.endswith(f"\nliveness-ops ack {INCIDENT} --region us-east-1")


def test_another_stack_is_named_in_the_commands() -> None:
    settings = Settings(stack="other", region="eu-west-1")
    report = escalation(2, 30, FollowUpMemory(TERMS), head=NO_ACT, seen=OPEN, settings=settings)
    assert steps(report).count("--region eu-west-1 --stack other") == 3


def test_an_escalation_names_the_next_level_at_the_time_the_ladder_has() -> None:
    assert course(REPORTS["escalate_2"])["course.ahead"] == [
        "Level 3 (system architect) at Nov 23 19:07 UTC, unless resolved or acknowledged"
    ]
    late = escalation(2, 95, FollowUpMemory(TERMS, **HELD), head=NO_ACT)
    assert course(late)["course.ahead"][0].startswith("Level 3 (system architect) at Nov 23 20:12 UTC")
    assert course(REPORTS["escalate_4"])["course.ahead"] == [piece("course.last_level")]


def test_the_manual_is_not_asked_to_escalate_what_was_just_escalated() -> None:
    for name in ("escalate_2", "escalate_3", "escalate_4"):
        keys = {step.key for step in REPORTS[name].verdict.steps}
        assert not keys & {"step.escalate", "step.escalate_lead", "step.open_support_case"}


def refused_because(because: Because) -> str:
    made = HEAD.decision
    assert made is not None
    refused = replace(made.done[0], remedy="on_demand_billing", result=Result.REFUSED, because=because)
    report = escalation(
        2, 30, FollowUpMemory(TERMS), head=replace(HEAD, decision=replace(made, done=(refused,)))
    )
    return steps(report)


def test_what_only_the_automation_may_not_do_keeps_its_step_by_hand() -> None:
    assert "(runbook: capacity_by_hand)" in refused_because(Refusal.TOO_MANY_CHANGES(count=5))


def test_what_aws_would_refuse_again_is_no_step_of_an_escalation_either() -> None:
    said = refused_because(Refusal.IN_FLIGHT(detail=Obstacle.IN_FLIGHT(target="table").text))
    assert "capacity_by_hand" not in said
    assert piece("step.wait_for_table") in said


@in_both_languages
def test_level_4_has_a_case_for_aws_in_english(language: str) -> None:
    (case,) = (
        say(step, language)
        for step in REPORTS["escalate_4"].verdict.steps
        if isinstance(step.values.get("step"), Text) and step.values["step"] == text("step.support_case")
    )
    pasted = case.split("\n", 1)[1]
    assert pasted.isascii()
    for said in (
        "Amazon Rekognition (Face Liveness",
        "Region: us-east-1",
        "Account: 123456789012",
        "2026-11-23 18:07 UTC",
        "18.4%",
        "21 of 114",
        "Observed (as of 2026-11-23 18:08 UTC)",
        "liveness check off (rollout 0%): not effective",
    ):
        assert said in pasted
    assert "AWS Support" in first("escalate_4", language)


@pytest.mark.parametrize("name", sorted(set(REPORTS) - {"broken"}))
def test_the_figures_of_the_last_decision_are_reported_with_their_time(name: str) -> None:
    assert say(REPORTS[name].verdict.why, "en").endswith("limit 5% (as of Nov 23 18:08 UTC)")
    assert say(REPORTS[name].verdict.why, "ja").endswith("（11/24 03:08 JST 時点）")


@pytest.mark.parametrize("name", ["escalate_3", "escalate_4", "ineffective", "remind", "mitigated"])
def test_lowered_security_names_the_command_that_asks_for_the_revert_at_any_minute(name: str) -> None:
    leases = story_of(REPORTS[name], "en").advice.leases
    (lease,) = (each for each in leases if "liveness check off" in each.said)
    assert lease.undo.startswith(f"liveness-ops revert {INCIDENT} rollout_to_zero")


def test_where_the_revert_is_asked_for_already_it_is_answered_instead() -> None:
    asked = asking(ApprovalAnswer.OPEN, at(100), order="revert", after="10")
    report = must_report(
        Duty(DutyKind.REMIND, text("duty.remind", remedy="rollout_to_zero"), ROLLOUT.id, lease=ROLLOUT.id),
        seen(121, **TRIED, askings=(asked,)),
        FollowUpMemory(TERMS),
    )
    assert "liveness-ops approve" in steps(report)
    assert "liveness-ops revert" not in plain(report, "en")


def test_an_escalation_of_an_alarm_that_comes_and_goes_says_since_when_it_is_unsolved() -> None:
    watch = FollowUpMemory(TERMS, first=at(-47), since=at(-47), returns=2)
    reported = escalation(3, 13, watch)
    assert "Unresolved 60 min" in subject(reported)
    said = say(reported.course[0][1], "en")
    assert (
        "Unresolved for 60 min. The alarm has been switching between OK and ALARM since Nov 23 17:20 UTC."
        in said
    )


def at_level_4(cause: Cause, service: AwsService | None) -> Report:
    made = replace(DECISION, cause=cause(), service=service)
    return escalation(4, 90, FollowUpMemory(TERMS), head=replace(HEAD, decision=made))


@pytest.mark.parametrize(
    ("cause", "service", "said"),
    [
        (Cause.INTERNAL, AwsService.DYNAMODB, "Amazon DynamoDB (table "),
        (Cause.INTERNAL, AwsService.REKOGNITION, "Amazon Rekognition (Face Liveness"),
        (Cause.RESPONSE, AwsService.S3, "Amazon S3"),
        (Cause.READ_TIMEOUT, AwsService.KMS, "AWS KMS"),
        (Cause.TABLE_CAPACITY, None, "Amazon DynamoDB (table "),
        (Cause.DENIED_KEY, None, "AWS KMS"),
        (Cause.DENIED_BUCKET_POLICY, AwsService.REKOGNITION, "Amazon S3"),
        (Cause.CONCURRENCY_ACCOUNT, None, "AWS Lambda"),
    ],
)
def test_the_case_is_about_the_service_that_fails(
    cause: Cause, service: AwsService | None, said: str
) -> None:
    report = at_level_4(cause, service)
    assert f"Service: {said}" in steps(report)
    assert "A text for AWS Support is included." in headline(report, "en")


@pytest.mark.parametrize("cause", [Cause.INTERNAL, Cause.UNKNOWN, Cause.RELEASE, Cause.UNEXPECTED])
def test_where_no_service_is_known_to_fail_there_is_no_case(cause: Cause) -> None:
    report = at_level_4(cause, None)
    assert "Service: " not in steps(report)
    assert "AWS Support" not in headline(report, "en")


def test_of_every_cause_it_is_settled_which_service_is_asked() -> None:
    ours = {Cause.UNKNOWN, Cause.VALIDATION, Cause.UNEXPECTED, Cause.RELEASE, Cause.CHANGE, Cause.UNFINISHED}
    ours |= {Cause.DENIED_OTHER_TARGET, Cause.COMMAND, *(cause for cause in Cause if cause.normal)}
    ours |= {each for each in Cause if each.word.startswith("watchdog_") or each.word.endswith("_failed")}
    assert not (SERVICES.keys() | BY_OPERATION) & ours
    assert not SERVICES.keys() & BY_OPERATION
    assert SERVICES.keys() | BY_OPERATION | ours == set(Cause)


def test_lower_levels_have_no_case_for_aws() -> None:
    assert "Service: " not in steps(REPORTS["escalate_3"])


def test_without_a_decision_the_manual_is_reported_and_no_cause_is_claimed() -> None:
    report = escalation(2, 30, FollowUpMemory(TERMS), head=replace(HEAD, decision=None))
    assert report.verdict.cause.kind is Cause.UNKNOWN
    assert len(report.verdict.steps) > 3
    assert piece("did.nothing") in headline(report, "en")


def test_where_a_person_has_it_the_others_are_not_asked_to_take_it() -> None:
    held = FollowUpMemory(TERMS, **HELD)
    key = seen(50, **TRIED).lease_key(ROLLOUT.id)
    judged = Duty(DutyKind.JUDGE, text("duty.ineffective"), key, {"helped": False})
    report = must_report(judged, seen(50, **TRIED), held)
    assert "sato has acknowledged it until Nov 23 19:42 UTC. To take over:" in steps(report)
    assert "Acknowledge" not in headline(report, "en")
    assert course(report)["course.taken"] == ["by sato; the escalation is held until Nov 23 19:42 UTC"]


def test_a_remedy_that_did_not_help_reports_it_and_that_it_stays() -> None:
    assert "It stays in force" in first("ineffective")
    assert course(REPORTS["ineffective"])["course.tried"] == [
        "liveness check off (rollout 0%): not effective"
    ]


def test_a_rejection_names_who_said_no() -> None:
    assert "sato rejected: liveness check off (rollout 0%)" in first("rejected")
    back = asking(ApprovalAnswer.REJECTED, at(40), "sato", "revert", "10")
    report = must_report(
        Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), back.asked.id),
        seen(45, AlarmState.OK, **TRIED, askings=(back,)),
        FollowUpMemory(TERMS, **CALM),
    )
    assert "sato rejected: restore liveness check to 10%" in headline(report, "en")
    assert "You will be asked again" in headline(report, "en")


@pytest.mark.parametrize(
    ("state", "said"),
    [(AlarmState.OK, "report.ok_now_alone"), (AlarmState.INSUFFICIENT_DATA, "report.no_data_now_alone")],
)
def test_a_message_while_the_alarm_is_not_raised_says_so_and_claims_no_fault(
    state: AlarmState, said: str
) -> None:
    why = SettingsProblem.UNKNOWN_KEY(where="soak_minute").text
    for about in (REJECTED, Duty(DutyKind.SETTINGS, why)):
        report = must_report(about, seen(45, state, **TRIED), FollowUpMemory(TERMS, **CALM))
        assert piece(said) in headline(report, "en")
        assert piece("broken.high_error_rate") not in headline(report, "en")
    assert piece("report.ok_now_alone") not in first("mitigated")


def test_mitigated_claims_no_recovery() -> None:
    said = first("mitigated")
    assert piece("followup.mitigated") in said
    assert piece("followup.unproven_off") in said
    assert "course.recovery" not in course(REPORTS["mitigated"])
    assert "20 requests" in course(REPORTS["mitigated"])["course.keeps"][0]


def test_recovered_says_what_is_in_force_and_when_it_ends() -> None:
    report = REPORTS["recovered"]
    assert "provisioned concurrency increase (GetLivenessResult), on-demand billing" in first("recovered")
    assert "From Nov 23 19:19 UTC you will be asked" in first("recovered")
    warm = next(each for each in report.leases if each.remedy == "provisioned_concurrency")
    assert warm.until == at(12 + 60)
    assert "by Nov 23 19:19 UTC" in plain(report, "en")


def test_before_recovery_provisioned_concurrency_ends_with_its_lease() -> None:
    report = must_report(
        duty(DutyKind.MITIGATED, "ok-1"),
        seen(22, AlarmState.OK, leases=(WARM,)),
        FollowUpMemory(TERMS, **CALM),
        KEPT,
    )
    assert report.leases == (replace(WARM, seen=at(22)),)
    assert course(report)["course.keeps"] == [
        "provisioned concurrency increase (GetLivenessResult): reverted automatically 60 min after recovery"
    ]
    assert "There was no traffic" in headline(report, "en")


def test_how_long_it_took_is_reported_at_the_end() -> None:
    said = course(REPORTS["close"])
    assert said["course.detection"] == ["5 min from the first datapoint that the alarm counted to ALARM"]
    assert said["course.answer"] == ["9 s after ALARM (within the manual's 30 min)"]
    assert said["course.mitigation"] == ["12 min after ALARM (Nov 23 18:19 UTC)"]
    assert said["course.recovery"] == ["12 min after ALARM (Nov 23 18:19 UTC)"]
    assert said["course.traffic"] == ["41, 0 of them failed"]


def test_a_late_first_message_is_not_hidden() -> None:
    report = must_report(
        duty(DutyKind.CLOSE),
        seen(60, AlarmState.OK),
        FollowUpMemory(TERMS, **CALM),
        extra=MessageExtra(first_message=at(31)),
    )
    assert course(report)["course.answer"] == ["31 min after ALARM (over the manual's 30 min)"]
    unknown = must_report(duty(DutyKind.CLOSE), seen(60, AlarmState.OK), FollowUpMemory(TERMS, **CALM))
    assert "course.answer" not in course(unknown)


def test_a_closing_message_names_what_is_still_in_force() -> None:
    assert "Left in force: memory increase (GetLivenessResult)" in first("close")
    assert REPORTS["close"].leases == (replace(MEMORY, seen=at(185)),)
    assert REPORTS["close"].links[-1][0].key == "label.link_report"


def test_a_closing_message_without_traffic_says_that_nothing_is_proven() -> None:
    assert piece("followup.closed_quiet") in first("close_without_traffic")


def test_a_superseded_incident_leaves_nothing_behind_in_silence() -> None:
    assert "Still in force: liveness check off (rollout 0%). It will not be reverted automatically" in first(
        "superseded"
    )
    mail = plain(REPORTS["superseded"], "en")
    assert piece("lease.not_followed") in mail
    assert f"liveness-ops revert {REPORTS['superseded'].incident} rollout_to_zero " in mail


def test_a_superseded_incident_asks_for_the_revert_only_of_what_can_be_reverted() -> None:
    repair = replace(MEMORY, remedy="repair_environment")
    looked = seen(300, AlarmState.ALARM, ours=False, leases=(repair,))
    report = must_report(duty(DutyKind.CLOSE, why="duty.superseded"), looked, FollowUpMemory(TERMS, **CALM))
    assert piece("must.read_newer") in headline(report, "en")
    assert "revert" not in headline(report, "en")


def test_a_reminder_says_security_first_and_what_ends_it() -> None:
    assert first("remind").startswith("[SECURITY LOWERED]")
    assert "fix the root cause" in first("remind")
    reminder = Duty(
        DutyKind.REMIND, text("duty.remind", remedy="rollout_to_zero"), ROLLOUT.id, lease=ROLLOUT.id
    )
    back = asking(ApprovalAnswer.OPEN, at(115), order="revert", after="10")
    waits = must_report(
        reminder, seen(121, AlarmState.OK, **TRIED, askings=(back,)), FollowUpMemory(TERMS, **CALM)
    )
    assert "Approve or reject by Nov 23 20:32 UTC" in headline(waits, "en")
    assert "restore liveness check to 10%" in course(waits)["course.proposed"][0]
    held = must_report(
        reminder,
        seen(121, AlarmState.OK, **TRIED, held={"rollout_to_zero": Refusal.MODE_OBSERVE()}),
        FollowUpMemory(TERMS, **CALM),
    )
    assert "The mode is observe" in headline(held, "en")
    stepped = must_report(
        reminder, seen(121, AlarmState.OK, **STEP), FollowUpMemory(TERMS, **CALM, step="10", step_at=at(61))
    )
    assert "has been at 10% for 60 min" in headline(stepped, "en")


def test_an_order_that_is_not_carried_out_says_how_often_it_was_sent() -> None:
    assert "Requested 3 times and not done yet: restore provisioned concurrency" in first("stuck")
    assert "/aws/lambda/liveness-responder-high-error-rate" in steps(REPORTS["stuck"])
    # A person who sets it back has the values.
    (change,) = (change for lease in REPORTS["stuck"].leases for change in lease.changes)
    assert f"{change.setting} {change.after} → {change.before} ({change.target})" in steps(REPORTS["stuck"])
    approved = asking(ApprovalAnswer.APPROVED, at(10), "sato")
    key = f"{approved.asked.id}@{at(12).isoformat()}"
    report = must_report(
        Duty(DutyKind.STUCK, text("duty.stuck", order="apply"), key, {"order": "apply", "times": 3}),
        seen(40, askings=(approved,)),
        FollowUpMemory(TERMS, orders={f"repeat {key}": (at(30), 3)}),
    )
    assert "Approved by sato, requested 3 times" in headline(report, "en")


@pytest.mark.parametrize("answer", [ApprovalAnswer.REJECTED, ApprovalAnswer.APPROVED])
def test_the_subject_distinguishes_a_change_from_its_reversal(answer: ApprovalAnswer) -> None:
    def reported(order: str, after: str) -> str:
        asked = asking(answer, at(10), "sato", order, after)
        if answer is ApprovalAnswer.REJECTED:
            about = Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), asked.asked.id)
        else:
            data = {"order": order, "times": 3}
            about = Duty(DutyKind.STUCK, text("duty.stuck", order=order), f"{asked.asked.id}@x", data)
        return subject(must_report(about, seen(40, askings=(asked,)), FollowUpMemory(TERMS)))

    change, reversal = reported("apply", "0"), reported("revert", "50")
    begins = "Rejected" if answer is ApprovalAnswer.REJECTED else "Not applied"
    assert f"{begins}: liveness check off (rollout 0%) - " in change
    assert f"{begins}: restore liveness check to 50% - " in reversal


def test_a_broken_follow_up_says_what_no_one_does_now() -> None:
    assert REPORTS["broken"].kind is ReportKind.FAILURE
    assert piece("followup.broken") in first("broken")
    keys = [step.key for step in REPORTS["broken"].verdict.steps]
    assert keys[-1] == "step.escalate_lead"
    assert "step.escalate" not in keys
    assert first("broken").startswith("[SECURITY LOWERED]")


def test_a_broken_follow_up_claims_no_state_of_an_alarm_that_it_did_not_read() -> None:
    assert REPORTS["broken"].state is None
    assert machine(REPORTS["broken"], "en")["alarm_state"] is None


@pytest.mark.parametrize(
    "silent",
    [
        duty(DutyKind.FINISH, ROLLOUT.id, "duty.finish"),
        duty(DutyKind.REPEAT, "x", "duty.repeat"),
        duty(DutyKind.RE_EVALUATE, "x", "duty.re_evaluate"),
        duty(DutyKind.REVERT, WARM.id, "duty.revert"),
        duty(DutyKind.JUDGE, ROLLOUT.id, "duty.helped", helped=True),
        duty(DutyKind.RESTORE, f"{ROLLOUT.id} 10", "duty.restore_begin"),
        duty(
            DutyKind.RESTORE,
            f"{ROLLOUT.id} 50",
            "duty.restore_verified",
            step=RestoreStep(RestoreVerdict.VERIFIED, 10, 15, 34),
        ),
        duty(DutyKind.RESTORE, WARM.id, "duty.restore"),
    ],
)
def test_what_the_alarms_function_reports_is_not_reported_twice(silent: Duty) -> None:
    assert report_of(silent, seen(30, **TRIED), FollowUpMemory(TERMS)) is None


def test_who_was_reported_that_it_is_unsolved_is_notified_how_it_ends() -> None:
    watch = FollowUpMemory(TERMS, **CALM, notified={2: at(30), 3: at(60)}, recovered=at(12), quiet=3)
    closing = must_report(duty(DutyKind.CLOSE), seen(80, AlarmState.OK), watch)
    rejected = must_report(REJECTED, seen(80), watch)
    assert (closing.level, rejected.level) == (3, 1)
    assert REPORTS["escalate_3"].level == 3


REJECTED = Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), "9f2c1b7a00112233")


def test_a_repeat_has_the_same_id_and_another_message_has_another() -> None:
    ids = [each.id for each in REPORTS.values()]
    assert len(set(ids) - {REPORTS["close"].id}) == len(ids) - 5
    assert all(re.fullmatch(r"[\w#@:.+/-]+", each) for each in ids)
    assert escalation(2, 30, FollowUpMemory(TERMS)).id == escalation(2, 31, FollowUpMemory(TERMS)).id


def test_a_reminder_of_another_hour_is_another_message() -> None:
    reminder = Duty(
        DutyKind.REMIND, text("duty.remind", remedy="rollout_to_zero"), ROLLOUT.id, lease=ROLLOUT.id
    )
    one, two = (must_report(reminder, seen(n, **TRIED), FollowUpMemory(TERMS)) for n in (61, 121))
    assert one.id != two.id


def test_what_could_not_be_done_on_the_way_is_reported() -> None:
    problem = text("guard.no_answer")
    report = must_report(
        duty(DutyKind.CLOSE),
        seen(60, AlarmState.OK),
        FollowUpMemory(TERMS, **CALM),
        extra=MessageExtra(problems=(problem,)),
    )
    assert report.warnings == (problem,)


def test_a_remedy_half_done_or_still_taking_effect_is_not_called_tried() -> None:
    working = tuple(replace(each, status=Status.IN_PROGRESS) for each in ROLLOUT.changes)
    report = escalation(2, 30, FollowUpMemory(TERMS), seen={"leases": (replace(ROLLOUT, changes=working),)})
    assert "Taking effect: liveness check off (rollout 0%)" in headline(report, "en")
    assert course(report)["course.tried"] == ["liveness check off (rollout 0%): taking effect"]
    partly = escalation(
        2, 30, FollowUpMemory(TERMS), seen={"leases": (replace(ROLLOUT, state=LeaseState.PARTIAL),)}
    )
    assert course(partly)["course.tried"] == ["liveness check off (rollout 0%): partly applied"]


def test_another_incidents_switch_keeps_this_one_from_being_proven() -> None:
    others = replace(ROLLOUT, incident="another")
    report = must_report(
        duty(DutyKind.CLOSE),
        seen(60, AlarmState.OK, lowered=True),
        FollowUpMemory(TERMS, **CALM),
        leases=(others,),
    )
    assert piece("followup.closed_off") in headline(report, "en")
    assert headline(report, "en").startswith("[SECURITY LOWERED]")


@in_both_languages
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_nothing_is_reported_twice(name: str, language: str) -> None:
    lines = [line for line in plain(REPORTS[name], language).splitlines() if line.strip()]
    assert sorted(lines) == sorted(set(lines))
    pairs = [(label.key, say(said, language)) for label, said in REPORTS[name].course]
    assert len(pairs) == len(set(pairs))


@in_both_languages
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_no_gap_and_no_bare_key_is_left(name: str, language: str) -> None:
    words = plain(REPORTS[name], language)
    assert not re.search(r"<[a-z_]+>", words)
    assert not re.search(r"\b(told|must|course|duty|answer|lease|name)\.[a-z_]+", words)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_first_line_names_the_fault_or_the_alarm_or_the_remedy(name: str) -> None:
    said = first(name)
    assert any(
        word in said
        for word in (
            ALARM,
            piece("broken.high_error_rate"),
            "liveness check off (rollout 0%)",
            "liveness check is on again",
            "concurrency",
            "provisioned",
            "%:",
        )
    )


def test_the_rollout_of_no_one_else_is_asked_back_while_a_pause_holds_it() -> None:
    report = must_report(
        duty(DutyKind.MITIGATED, "ok-1"),
        seen(
            22,
            AlarmState.OK,
            **TRIED,
            rollout=Rollout(ROLLOUT.id, 0, 50),
            held={"rollout_to_zero": Refusal.MODE_OBSERVE()},
        ),
        FollowUpMemory(TERMS, **CALM),
    )
    assert piece("must.answer_back") not in headline(report, "en")


@pytest.mark.parametrize("name", REPORTS)
def test_what_waits_and_who_has_it_is_notified_to_machines_as_people_read_it(name: str) -> None:
    report = REPORTS[name]
    lines = [said for _, said in report.course]
    asks = [said.values["id"] for said in lines if said.key in ("course.asks", "course.asks_back")]
    assert asks in ([], [each.id for each in report.waiting])
    takes = [said.values["person"] for said in lines if said.key in ("course.taken_by", "course.taken_once")]
    assert takes in ([], [report.taken.person] if report.taken else [])


def test_what_others_changed_says_what_is_set_now_who_did_it_and_when() -> None:
    said = first("changed")
    assert said.startswith("The liveness check is on again (rollout 50%). [CHANGED OUTSIDE THE AUTOMATION]")
    assert "is now 50; cdk-hnb659fds-cfn-exec-role/AWSCloudFormation changed it (Nov 23 18:25 UTC" in said
    assert "SECURITY LOWERED" not in said


def test_what_others_changed_in_part_says_what_is_still_ours() -> None:
    said = first("changed_in_part")
    assert said.startswith("[SECURITY LOWERED]")
    assert f"Still as set by the automation: {OFF[2].target}, {OFF[3].target}" in said


@pytest.mark.parametrize(
    ("status", "note"),
    [(Status.APPLIED, FailureKind.CHANGED_UNTRACED()), (Status.KEPT, None), (Status.REVERTED, None)],
)
def test_values_that_others_changed_or_that_are_reverted_are_not_to_be_set_manually(
    status: Status, note: Because | None
) -> None:
    other = replace(WARM.changes[0], target="FaceAuth-Other:live", status=status, note=note)
    lease = replace(WARM, changes=(*WARM.changes, other))
    order = Duty(
        DutyKind.STUCK,
        text("duty.stuck", order="revert"),
        f"{WARM.id} revert",
        {"order": "revert", "times": 3},
        WARM.id,
    )
    report = must_report(order, seen(140, AlarmState.OK, leases=(lease,)), FollowUpMemory(TERMS, **CALM))
    (step,) = [each for each in report.verdict.steps if each.key == "step.set_back"]
    said = say(step, "en")
    assert WARM.changes[0].target in said
    assert "FaceAuth-Other" not in said
