"""The first line never says more, or other, than what is true."""

from dataclasses import replace

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import LeaseState, Status
from responder.core.reasons import Obstacle
from responder.core.refusals import Because, Refusal
from responder.core.text import text
from responder.core.verdict import Result, Verdict
from responder.messages.language import say
from responder.messages.requests import name
from tests.laid_out import headline, plain, subject
from tests.rows import all_rows, in_both_languages
from tests.texts import explained, piece
from tests.unit.messages.samples import ACTS, LEASE, SAMPLES

ACT = ACTS.outcomes[0]


def test_what_still_takes_effect_is_not_called_done() -> None:
    changes = tuple(replace(each, status=Status.IN_PROGRESS) for each in ACT.changes)
    said = headline(replace(ACTS, outcomes=(replace(ACT, changes=changes),)), "ja")
    assert "反映中" in said
    assert "反映を自動で確認しています" in said


def test_what_is_normal_is_not_called_broken() -> None:
    verdict = Verdict(Cause.SESSIONS_ENDED(), text("why.sessions_ended", count=60))
    said = headline(replace(ACTS, verdict=verdict, outcomes=(), leases=()), "en")
    assert piece("report.normal") in said
    assert piece("broken.high_error_rate") not in said


def test_a_check_that_was_off_already_is_reported_as_security_lowered() -> None:
    said = headline(replace(ACTS, outcomes=(replace(ACT, result=Result.ALREADY),), leases=()), "en")
    assert said.startswith("[SECURITY LOWERED]")


def test_where_two_people_have_to_approve_the_first_line_says_it() -> None:
    two = replace(ACT, remedy="lower_threshold", result=Result.ASKED)
    one = replace(ACT, remedy="memory_increase", result=Result.ASKED)
    report = replace(ACTS, outcomes=(two,), leases=())
    assert "Two approvals, or one rejection, are needed by Nov 23" in headline(report, "en")
    assert "Two approvals" not in headline(replace(report, outcomes=(two, one)), "en")


@pytest.mark.parametrize("remedy", ["lower_threshold", "rollout_to_zero"])
def test_of_what_the_automation_did_not_do_no_reversal_is_promised(remedy: str) -> None:
    found = replace(ACT, remedy=remedy, result=Result.ALREADY)
    report = replace(ACTS, outcomes=(found,), leases=())
    assert headline(report, "en").endswith(piece("must.restore_manually"))
    other = replace(LEASE, remedy=remedy, incident=OTHER)
    assert piece("must.restore_manually") not in headline(replace(report, leases=(other,)), "en")
    unread = replace(report, leases_read=False)
    assert piece("must.restore_manually") not in headline(unread, "en")


def test_a_check_that_is_coming_back_is_not_called_off() -> None:
    step = tuple(replace(each, before="0", after="10") for each in ACT.changes)
    stepped = replace(ACT, result=Result.STEPPED, back=True, changes=step)
    said = headline(replace(ACTS, outcomes=(stepped,)), "en")
    assert piece("remedy.security.rollout_restoring") in said
    assert piece("must.go_on") in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "a、b に X がありません。新しくは作りません。c は別の変更が進行中です。"),
        ("en", "There is no X on a, b; it is not created. Another change of c is in progress."),
    ],
)
def test_the_same_obstacle_of_several_targets_is_one_sentence(language: str, said: str) -> None:
    parts = (
        Obstacle.SETTING_MISSING(target="a", setting="X"),
        Obstacle.IN_FLIGHT(target="c"),
        Obstacle.SETTING_MISSING(target="b", setting="X"),
    )
    assert say(text("report.all", parts=tuple(each.text for each in parts)), language) == said


@pytest.mark.parametrize(
    ("remedy", "said"),
    [("lower_threshold", piece("must.goes_back")), ("rollout_to_zero", piece("must.restore"))],
)
def test_what_lowers_security_says_how_it_ends(remedy: str, said: str) -> None:
    held = replace(ACTS.outcomes[0], remedy=remedy)
    report = replace(ACTS, outcomes=(held,), leases=())
    assert said in headline(report, "en")


@pytest.mark.parametrize(
    ("state", "said"),
    [(AlarmState.OK, "report.ok_now_alone"), (AlarmState.INSUFFICIENT_DATA, "report.no_data_now_alone")],
)
def test_the_result_of_a_command_says_where_its_alarm_is_over(state: AlarmState, said: str) -> None:
    done = SAMPLES["reverted"]
    assert piece(said) in headline(replace(done, state=state), "en")
    assert piece(said) not in headline(replace(done, state=AlarmState.ALARM), "en")


@in_both_languages
def test_the_result_of_a_command_says_what_users_feel_while_its_alarm_lasts(language: str) -> None:
    done = replace(SAMPLES["reverted"], state=AlarmState.ALARM)
    felt = say(text("broken.high_error_rate"), language)
    assert felt in headline(done, language)
    assert felt not in headline(replace(done, state=AlarmState.OK), language)
    failed = replace(done, outcomes=(replace(done.outcomes[0], result=Result.FAILED),))
    assert headline(failed, language).startswith(felt)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "a ほか 3 件に X がありません。新しくは作りません。"),
        ("en", "There is no X on a and 3 more; it is not created."),
    ],
)
def test_of_many_targets_one_is_named_and_the_others_are_counted(language: str, said: str) -> None:
    parts = tuple(Obstacle.SETTING_MISSING(target=each, setting="X").text for each in "abcd")
    assert say(text("report.all", parts=parts), language) == said


OTHER = "get-result-errors-20261123T150200Z"


@pytest.mark.parametrize("because", [Refusal.LEASED(incident=OTHER), Refusal.LINKED(incident=OTHER)])
@pytest.mark.parametrize(("language", "said"), [("ja", "すでに実施済み"), ("en", "Already in place")])
def test_what_another_incident_has_done_is_not_said_to_be_left_undone(
    because: Because, language: str, said: str
) -> None:
    again = Refusal.COOLDOWN(incident=OTHER, minutes=15).text
    refused = replace(ACT, result=Result.REFUSED, because=because, also=(again,))
    limited = Refusal.TOO_MANY_CHANGES(count=5)
    paused = replace(refused, remedy="on_demand_billing", because=limited, also=())
    report = replace(ACTS, outcomes=(refused, paused), leases=(replace(LEASE, incident=OTHER),))
    first = headline(report, language)
    assert say(text("did.in_place", incident=OTHER, remedy=name("rollout_to_zero")), language) in first
    assert say(text("did.refused", remedy=name("on_demand_billing")), language) in first
    assert f"{said}: " in subject(report, language)
    assert f"{say(name('rollout_to_zero'), language)} - " in subject(report, language)
    mail = plain(report, language)
    assert say(because.text, language) not in mail or because.kind is Refusal.LINKED
    assert say(again, language) not in mail
    assert mail.count(OTHER) <= 4


@pytest.mark.parametrize(
    ("language", "first", "tag"),
    [("ja", "対象 4 件のうち 3 件に", "検証一部オフ"), ("en", "only 3 of 4 targets", "LIVENESS PART OFF")],
)
def test_what_was_done_in_part_says_on_how_many_targets(language: str, first: str, tag: str) -> None:
    said = headline(SAMPLES["partly"], language)
    assert first in said
    assert say(text("remedy.security.rollout_to_zero_in_part"), language) in said
    assert say(text("remedy.security.rollout_to_zero"), language) not in said
    assert tag in subject(SAMPLES["partly"], language)


def test_what_a_person_finishes_is_named_by_a_step_and_not_as_something_to_find_out() -> None:
    assert headline(SAMPLES["partly"], "en").endswith(say(text("must.act"), "en"))


@pytest.mark.parametrize(("language", "said"), [("ja", "実施中: "), ("en", "Being applied: ")])
def test_what_another_incident_is_doing_right_now_is_not_said_to_be_left_undone(
    language: str, said: str
) -> None:
    refused = replace(ACT, result=Result.REFUSED, because=Refusal.LEASED(incident=OTHER))
    theirs = replace(LEASE, incident=OTHER, state=LeaseState.APPLYING)
    report = replace(ACTS, outcomes=(refused,), leases=(theirs,))
    did = say(text("did.being_applied", incident=OTHER, remedy=name("rollout_to_zero")), language)
    assert did in headline(report, language)
    assert said in subject(report, language)


@pytest.mark.parametrize("state", [LeaseState.APPLYING, LeaseState.IN_FORCE])
def test_no_reason_is_announced_where_none_is_given(state: LeaseState) -> None:
    warm = replace(ACT, remedy="provisioned_concurrency", lowers_security=False, result=Result.REFUSED)
    theirs = replace(LEASE, remedy=warm.remedy, incident=OTHER, state=state)
    elsewhere = replace(warm, because=Refusal.LEASED(incident=OTHER))
    refused = replace(warm, remedy="memory_increase", because=Refusal.TOO_MANY_CHANGES(count=5))
    verdict = replace(ACTS.verdict, steps=())
    report = replace(ACTS, outcomes=(elsewhere,), leases=(theirs,), verdict=verdict)
    assert headline(report, "en").endswith(piece("must.watch"))
    both = replace(report, outcomes=(elsewhere, refused))
    assert headline(both, "en").endswith(piece("must.read_reason"))


@in_both_languages
@pytest.mark.parametrize("state", [LeaseState.PARTIAL, LeaseState.REVERTING])
def test_what_another_incident_has_done_in_part_or_reverts_is_not_said_to_be_in_place(
    state: LeaseState, language: str
) -> None:
    because = Refusal.LEASED(incident=OTHER)
    theirs = replace(LEASE, incident=OTHER, state=state)
    refused = replace(ACT, result=Result.REFUSED, because=because)
    report = replace(ACTS, outcomes=(refused,), leases=(theirs,))
    not_done = say(text("did.refused", remedy=name("rollout_to_zero")), language)
    assert not_done in headline(report, language)
    assert say(text("subject.refused", remedy=name("rollout_to_zero")), language) in subject(report, language)
    mail = plain(report, language)
    assert f"[{say(text('result.refused'), language)}]" in mail
    assert say(because.text, language) in mail


@in_both_languages
@all_rows("kind", list(Refusal))
def test_a_reason_is_announced_only_where_the_mail_gives_it(kind: Refusal, language: str) -> None:
    verdict = replace(ACTS.verdict, steps=())
    refused = replace(ACT, result=Result.REFUSED, because=explained(kind))
    report = replace(ACTS, outcomes=(refused,), leases=(), verdict=verdict)
    announced = say(text("must.read_reason"), language) in headline(report, language)
    given = f"\n  {say(text('label.because'), language)}: " in plain(report, language)
    assert given or not announced
