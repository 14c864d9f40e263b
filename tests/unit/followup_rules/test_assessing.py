"""The assessment of an applied remedy: helped, ineffective, harmful, or none without evidence."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.assessment import AssessmentResult, MeasuredEffect, RequestCount
from responder.core.change import Lease, LeaseState, Status
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES, HelpMeasure, RemedyName
from responder.followup_rules import DutyKind, FollowUpMemory, HarmReport
from responder.followup_rules.assessing import assessable, assessment
from responder.followup_rules.seen import ClosingRequest, Rollout
from tests.unit.followup_rules.world import (
    BILLING,
    EACH,
    MEMORY,
    ROLLOUT,
    TERMS,
    WARM,
    after,
    at,
    calm,
    change,
    lease,
    quiet,
    seen,
    tasks,
    working,
)

NOT_JUDGED, HELPED, INEFFECTIVE, HARMFUL = AssessmentResult
WATCH = FollowUpMemory(TERMS)
OFF = replace(ROLLOUT, changes=tuple(replace(change(), target=each) for each in "FGHI"))


def measured(
    before: tuple[int, int],
    since: tuple[int, int],
    faults: tuple[tuple[int, int], tuple[int, int]] | None = None,
    sure: tuple[int, int] | None = None,
) -> MeasuredEffect:
    """By the remedy's own measure; of `faults` before and after, where that is another one, and how many
    `sure` faults, where those are not all that failed."""
    failed = (before, since) if faults is None else faults
    counts = [RequestCount(*each) for each in (before, since, *failed)]
    return MeasuredEffect(counts[0], counts[1], counts[2], counts[3], *(sure or (before[0], since[0])))


def said(
    one: Lease,
    found: MeasuredEffect | None = None,
    minutes: float = 20,
    watch: FollowUpMemory = WATCH,
    state: AlarmState = AlarmState.ALARM,
    **more: Any,
) -> AssessmentResult:
    known = {} if found is None else {one.act: found}
    looked = seen(minutes, state, measured=known, **{"leases": (one,), **more})
    looked = replace(looked, leases=() if one.state is LeaseState.ENDED else (one,))
    return assessment(one, replace(looked, ended=(one,)), watch)[0]


STOPPED, LASTS, WORSE = ((60, 100), (0, 100)), ((60, 100), (60, 100)), ((20, 100), (80, 100))


def test_what_proves_that_a_remedy_helped_is_in_the_table_of_remedies() -> None:
    found = {name: spec.proof for name, spec in REMEDIES.items() if spec.applied}
    others = {
        RemedyName.PROVISIONED_CONCURRENCY: HelpMeasure.COLD_STARTS,
        RemedyName.ON_DEMAND_BILLING: HelpMeasure.THROTTLES,
        RemedyName.LOWER_THRESHOLD: HelpMeasure.LOW_SCORES,
    }
    assert found == {**dict.fromkeys(found, HelpMeasure.FAULTS), **others}


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.remedy)
def test_it_helped_where_what_it_is_against_stopped(one: Lease) -> None:
    assert said(one, measured(*STOPPED)) is HELPED
    assert said(one, measured((60, 100), (1, 100))) is not HELPED
    # With the check off nothing may fail: callers can send any number of requests that do not.
    assert (said(one, measured((60, 100), (1, 101))) is HELPED) is not one.spec.in_steps


def test_a_rollout_helped_only_where_it_took_effect_on_all_targets() -> None:
    assert said(OFF, measured(*STOPPED)) is HELPED
    for status in (Status.FAILED, Status.IN_PROGRESS, Status.PLANNED, Status.KEPT):
        behind = replace(OFF, changes=(*OFF.changes[:3], replace(OFF.changes[3], status=status)))
        assert said(behind, measured(*STOPPED)) is NOT_JUDGED
    assert said(replace(OFF, state=LeaseState.PARTIAL), measured(*STOPPED)) is NOT_JUDGED


def test_with_the_check_off_no_requests_at_all_count_as_helped() -> None:
    assert said(OFF, measured((12, 30), (0, 0))) is HELPED
    assert said(OFF, measured((12, 30), (1, 5))) is NOT_JUDGED
    assert said(BILLING, measured((12, 30), (0, 0))) is NOT_JUDGED


def test_where_nothing_bad_was_counted_before_the_alarm_has_to_stay_calm() -> None:
    """No environment is provisioned before, so that nothing can spill over."""
    found = measured((0, 0), (0, 50))
    assert said(WARM, found, 20, WATCH) is INEFFECTIVE
    assert said(WARM, found, 21, calm(12), AlarmState.OK) is NOT_JUDGED
    assert said(WARM, found, 22, calm(12), AlarmState.OK) is HELPED


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.remedy)
def test_it_was_without_effect_where_the_alarm_lasts_and_enough_requests_show_it(one: Lease) -> None:
    assert said(one, measured(*LASTS), 16) is INEFFECTIVE
    # 15 minutes after it took effect.
    assert said(one, measured(*LASTS), 15.9) is NOT_JUDGED
    assert said(one, measured((60, 100), (19, 19)), 16) is NOT_JUDGED
    assert said(one, measured(*LASTS), 16, calm(12), AlarmState.OK) is NOT_JUDGED
    assert said(one, None, 16) is NOT_JUDGED


def test_what_callers_send_with_the_check_off_costs_no_trust() -> None:
    """The sure faults have stopped, and callers alone keep the alarm raised."""
    sure = (60, 0)
    assert said(OFF, measured(*LASTS, sure=sure), 16) is NOT_JUDGED
    assert said(OFF, measured(*WORSE, sure=sure), 300) is NOT_JUDGED
    # One of the usual background among many.
    assert said(OFF, measured((60, 100), (90, 200), sure=(60, 1)), 16) is NOT_JUDGED
    assert said(OFF, measured(*LASTS, sure=(60, 2)), 16) is NOT_JUDGED
    assert said(OFF, measured(*LASTS, sure=(60, 3)), 16) is INEFFECTIVE


@pytest.mark.parametrize("faults", [(500, 1000), (9, 1000), (9, 5000)])
def test_more_requests_do_not_hide_the_sure_faults(faults: tuple[int, int]) -> None:
    found = measured((60, 100), faults, sure=(60, 9))
    assert said(OFF, found, 16) is INEFFECTIVE
    assert said(replace(OFF, by="ken"), found, 16) is INEFFECTIVE


@pytest.mark.parametrize("seen_before", [0, 2])
def test_where_the_metric_filters_see_too_few_sure_faults_only_what_automation_did_is_judged(
    seen_before: int,
) -> None:
    """They are not deployed, or the log lines have other words. Then all failed requests count."""
    sure = (seen_before, 0)
    assert said(OFF, measured(*LASTS, sure=sure), 16) is INEFFECTIVE
    assert said(OFF, measured(*STOPPED, sure=sure), 16) is HELPED
    # A person may have approved it for faults that callers can cause: neither the one nor the other.
    for found in (LASTS, STOPPED):
        assert said(replace(OFF, by="ken"), measured(*found, sure=sure), 16) is NOT_JUDGED
    assert said(replace(OFF, by="ken"), measured(*STOPPED, sure=(3, 0)), 16) is HELPED


def test_an_alarm_that_looks_back_an_hour_gets_an_hour() -> None:
    window = timedelta(hours=1)
    assert said(BILLING, measured(*LASTS), 60, window=window) is NOT_JUDGED
    assert said(BILLING, measured(*LASTS), 61, window=window) is INEFFECTIVE


@pytest.mark.parametrize("one", [each for each in EACH if not each.spec.in_steps], ids=lambda one: one.remedy)
def test_it_did_harm_where_requests_fail_more_often_than_before(one: Lease) -> None:
    assert said(one, measured(*WORSE)) is HARMFUL
    # Also where what it is against has stopped.
    assert said(one, measured(*STOPPED, faults=WORSE)) is HARMFUL
    assert said(one, measured((5, 19), (19, 19))) is NOT_JUDGED


def test_with_the_check_off_only_a_person_says_that_it_did_harm() -> None:
    """Then callers alone could make requests fail, and have the remedy held by that."""
    assert said(OFF, measured(*WORSE), 15) is NOT_JUDGED
    assert said(OFF, measured(*WORSE), 16) is INEFFECTIVE


def reverted(minutes: float, one: Lease = BILLING, percent: int | None = None) -> Json:
    """A person reverted it, and said that it had made things worse."""
    rollout = None if percent is None else Rollout(one.id, percent, 100)
    return {"harm": (HarmReport(one.act, "ken", at(minutes)),), "rollout": rollout}


@pytest.mark.parametrize("state", [LeaseState.REVERTING, LeaseState.ENDED])
def test_it_did_harm_where_a_person_reverted_it_for_that_reason(state: LeaseState) -> None:
    back = replace(BILLING, state=state)
    assert said(back, **reverted(10)) is HARMFUL
    assert said(back, **reverted(10), state=AlarmState.OK, watch=calm(5)) is HARMFUL


def test_a_revert_that_was_asked_for_is_no_verdict() -> None:
    assert said(replace(BILLING, state=LeaseState.ENDED)) is NOT_JUDGED
    assert said(replace(BILLING, state=LeaseState.REVERTING), measured(*LASTS)) is NOT_JUDGED


def test_a_step_of_the_revert_is_no_verdict() -> None:
    """A person has asked for 10 % while the alarm lasts: what is measured then is no rollout of 0 %."""
    back = replace(OFF, changes=tuple(replace(each, after="10") for each in OFF.changes))
    for found in (LASTS, WORSE, STOPPED):
        assert said(back, measured(*found), 20) is NOT_JUDGED
    assert not assessable(back, at(20), WATCH, timedelta())


def test_a_reason_without_a_revert_is_no_verdict() -> None:
    assert said(BILLING, **reverted(10)) is NOT_JUDGED
    assert said(ROLLOUT, **reverted(10, ROLLOUT, percent=0)) is NOT_JUDGED
    assert said(ROLLOUT, **reverted(10, ROLLOUT, percent=10)) is HARMFUL


def test_what_a_person_says_of_an_earlier_act_is_not_about_this_one() -> None:
    earlier = replace(BILLING, at=at(0.5))
    assert said(replace(BILLING, state=LeaseState.ENDED), **reverted(10, earlier)) is NOT_JUDGED


def test_after_recovery_a_revert_is_no_harm_whatever_its_reason() -> None:
    back, watch = replace(BILLING, state=LeaseState.ENDED), replace(calm(12), recovered=at(12))
    assert said(back, **reverted(30), state=AlarmState.OK, watch=watch) is NOT_JUDGED
    assert said(back, **reverted(11), state=AlarmState.OK, watch=watch) is HARMFUL
    # Said before recovery could be proven, it counts also where it is read after that.
    assert said(back, **reverted(21), state=AlarmState.OK, watch=watch) is HARMFUL


def test_each_act_is_assessed_once_and_again_only_where_harm_is_found() -> None:
    def looked(before: tuple[int, int], since: tuple[int, int]) -> Any:
        return seen(20, leases=(BILLING,), measured={BILLING.act: measured(before, since)})

    assert DutyKind.ASSESS in tasks(looked(*LASTS), WATCH)
    watch = after(looked(*LASTS), WATCH, DutyKind.ASSESS)
    assert watch.assessed == {BILLING.act: INEFFECTIVE}
    for same in (LASTS, STOPPED):
        assert DutyKind.ASSESS not in tasks(looked(*same), watch)
    assert DutyKind.ASSESS in tasks(looked(*WORSE), watch)
    watch = after(looked(*WORSE), watch, DutyKind.ASSESS)
    assert watch.assessed == {BILLING.act: HARMFUL}
    for found in (LASTS, STOPPED, WORSE):
        assert DutyKind.ASSESS not in tasks(looked(*found), watch)


def test_what_ends_with_its_incident_is_assessed_before_that() -> None:
    """What stays keeps no incident open."""
    looked = quiet(22, leases=(MEMORY,), measured={MEMORY.act: measured((0, 100), (0, 100))})
    found = tasks(looked, calm(12))
    assert found.index(DutyKind.ASSESS) < found.index(DutyKind.CLOSE)


def test_what_people_said_is_read_before_the_incident_ends() -> None:
    unread = quiet(22, harm_unread=True)
    assert DutyKind.CLOSE in tasks(quiet(22), calm(12))
    assert DutyKind.CLOSE not in tasks(unread, calm(12))
    assert DutyKind.CLOSE in tasks(replace(unread, closing=ClosingRequest("aiko", "known", at(20))), calm(12))
    # What cannot be read for two hours keeps no incident open.
    assert DutyKind.CLOSE in tasks(quiet(143, harm_unread=True), calm(12))


def test_cloudwatch_is_asked_only_while_something_can_be_said() -> None:
    """For two hours from when a lasting alarm counts: 15 minutes, or as long as the alarm looks back."""
    one = lease("on_demand_billing", "FaceAuth-LivenessSessions", minutes=0)
    asked = partial(assessable, window=timedelta(minutes=5))
    assert [asked(one, at(minutes), WATCH) for minutes in (9.9, 10, 135, 135.1)] == [False, True, True, False]
    hours = [assessable(one, at(60 * each), WATCH, timedelta(hours=3)) for each in (3, 5, 5.1)]
    assert hours == [True, True, False]
    assert not asked(working(one), at(20), WATCH)
    assert not asked(one, at(20), replace(WATCH, assessed={one.act: HARMFUL}))
    assert asked(one, at(20), replace(WATCH, assessed={one.act: HELPED}))
