"""What people may rely on, as stories."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.core.change import LeaseState
from responder.core.modes import Mode
from responder.core.reasons import Caution, Obstacle
from responder.core.refusals import Refusal
from responder.core.switches import Silence, Stop
from responder.core.text import text
from responder.guards import Ends, Purpose, judge
from responder.messages.language import say
from tests.fakes.gateway import NOW
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.core.world import (
    FREE,
    OTHER,
    RULE,
    Variation,
    acts,
    ago,
    done,
    elsewhere,
    judged,
    pause,
    varied,
    with_lease,
    with_modes,
    with_more,
    with_plan,
    with_rows,
    with_silences,
    with_switches,
)

SOON, LATER = NOW + timedelta(minutes=20), NOW + timedelta(hours=2)


def switched(*minutes: float, ok: bool = True) -> tuple[Variation, ...]:
    rows = [done(each, ok=ok, remedy="on_demand_billing") for each in minutes]
    return with_rows(*rows), with_more(remedy="on_demand_billing")


UNTIL: list[tuple[str, tuple[Variation, ...], datetime | None]] = [
    ("a pause", (with_switches(stops=(pause(until=SOON),)),), SOON),
    ("a pause without end", (with_switches(stops=(pause(),)),), None),
    ("of two pauses the later", (with_switches(stops=(pause(until=LATER), pause(until=SOON))),), LATER),
    ("an endless one beside it", (with_switches(stops=(pause(until=LATER), pause("x"))),), None),
    (
        "one that begins before the first ends",
        (with_switches(stops=(pause(until=SOON), pause("x", LATER, SOON))),),
        LATER,
    ),
    (
        "one that begins long after it",
        (with_switches(stops=(pause(until=SOON), pause("x", None, LATER))),),
        SOON,
    ),
    ("a lease", (with_lease(until=LATER),), LATER),
    ("a lease that a person ends", (with_lease(),), None),
    ("the cooldown", (with_rows(done(5)),), NOW + timedelta(minutes=10)),
    ("the cooldown of the latest", (with_rows(done(5), done(12)),), NOW + timedelta(minutes=10)),
    (
        "two failures: when the older one is 4 h old",
        (with_rows(done(60, ok=False), done(30, ok=False)),),
        NOW + timedelta(hours=3),
    ),
    (
        "three failures: when only one is left",
        (with_rows(done(90, ok=False), done(60, ok=False), done(30, ok=False)),),
        NOW + timedelta(hours=3),
    ),
    ("the hour's budget", (elsewhere(10, 20, 30, 40, 50),), NOW + timedelta(minutes=10)),
    (
        "a budget overdrawn: when four are left",
        (elsewhere(5, 10, 20, 30, 40, 50),),
        NOW + timedelta(minutes=20),
    ),
    ("the day's switches", switched(60, 120, 180, 240), NOW + timedelta(hours=20)),
    ("what AWS counts itself", (with_plan(quota=text("guard.switches_used", count=4)),), None),
]


@all_rows(("variations", "until"), [case[1:] for case in UNTIL])
def test_a_refusal_that_ends_names_the_time(
    variations: tuple[Variation, ...], until: datetime | None
) -> None:
    found = judged(*variations)
    assert found.ends is Ends.REFUSE
    assert found.until == until


@all_rows(("variations", "until"), [case[1:] for case in UNTIL])
def test_once_a_reason_has_ended_it_is_over(
    variations: tuple[Variation, ...], until: datetime | None
) -> None:
    """No message names a time at which the same reason would hold again; a lease is ended by its owner."""
    question = varied(*variations)
    if until is None or question.ledger is None or question.ledger.leases:
        return
    assert judge(replace(question, now=until)) is None
    just_before = judge(replace(question, now=until - timedelta(seconds=1)))
    assert just_before is not None
    assert just_before.ends is Ends.REFUSE


def test_a_pause_says_who_why_and_until_when_in_utc() -> None:
    found = judged(with_switches(stops=(pause(until=SOON),)))
    assert found.reason == Refusal.PAUSED(
        name="release", who="aiko", why="deploying", until="2026-02-04T10:45:00Z"
    )


@pytest.mark.parametrize(
    "two",
    [
        (pause("short", SOON), pause("long", LATER)),
        (pause("long", LATER), pause("short", SOON)),
        (pause("short", LATER), pause("long")),
        (pause("long"), pause("short", LATER)),
    ],
)
def test_of_two_pauses_the_one_that_holds_longer_is_named(two: tuple[Stop, Stop]) -> None:
    found = judged(with_switches(stops=two))
    assert found.reason is not None
    assert found.reason.values["name"] == "long"


SILENCES = (
    RULE,
    Silence(Refusal.MUTED_EVENT(name="night", until="2026-02-04T12:00:00Z"), SOON),
    Silence(Refusal.ACTIONS_DISABLED()),
    Silence(Refusal.SUPPRESSED(name="Maintenance", phase="WaitPeriod")),
)


@all_rows("purpose", list(Purpose))
@all_rows("silence", SILENCES)
def test_a_silenced_alarm_only_observes_whatever_for(silence: Silence, purpose: Purpose) -> None:
    found = judged(with_silences(silence), purpose=purpose)
    assert (found.ends, found.reason, found.until) == (Ends.OBSERVE, silence.reason, silence.until)


@pytest.mark.parametrize(
    ("ends", "until"), [((SOON, LATER), LATER), ((SOON, None), None), ((NOW, SOON), SOON)]
)
def test_of_several_silences_the_last_ends_it(
    ends: tuple[datetime | None, ...], until: datetime | None
) -> None:
    rules = (Silence(Refusal.MUTED(name=f"r{place}"), end) for place, end in enumerate(ends))
    assert judged(with_silences(*rules)).until == until


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 2, 'rules "r0", "r1" are in force'),
        ("en", 5, 'rules "r0", "r1", "r2" and 2 more are in force'),
        ("ja", 2, "ルール「r0」、「r1」が有効です"),
        ("ja", 5, "ルール「r0」、「r1」、「r2」 ほか 2 件が有効です"),
    ],
)
def test_of_several_mute_rules_three_are_named_and_the_others_are_counted(
    language: str, count: int, said: str
) -> None:
    rules = (Silence(Refusal.MUTED(name=f"r{place}")) for place in range(count))
    found = judged(with_silences(*rules, Silence(Refusal.ACTIONS_DISABLED()))).reason
    assert found is not None
    assert say(found.text, language).endswith(said)


def test_a_pause_without_an_end_says_that_a_person_has_to_resume() -> None:
    found = judged(with_switches(stops=(pause(),)))
    assert found.reason is not None
    for language in ("ja", "en"):
        said = say(found.reason.text, language)
        assert "aiko" in said
        assert f" {piece('guard.until_resumed', language)}" in said


def test_an_announced_pause_says_its_beginning_too() -> None:
    found = judged(with_switches(stops=(pause(until=SOON, since=ago(minutes=5)),)))
    assert found.reason is not None
    assert say(found.reason.text, "en") == (
        'The scheduled pause "release" is in force '
        "(by aiko: deploying; from Feb 04 10:20 UTC until Feb 04 10:45 UTC)"
    )


def test_an_announced_pause_holds_nothing_before_it_begins() -> None:
    assert acts(with_switches(stops=(pause(until=LATER, since=SOON),)))


def test_a_pause_that_is_over_holds_nothing() -> None:
    assert acts(with_switches(stops=(pause(until=NOW),)))


def test_an_unfinished_pause_holds_even_what_a_person_approved() -> None:
    paused = with_switches(stops=(pause(),))
    assert {judged(paused, purpose=each).ends for each in Purpose} == {Ends.REFUSE}


def test_a_local_run_that_points_at_a_real_account_takes_nothing_back_there() -> None:
    doubt = with_more(doubts=(Refusal.NOT_LOOPBACK(),))
    for purpose in Purpose:
        assert judged(doubt, purpose=purpose).ends is Ends.OBSERVE


def test_a_target_that_another_person_changed_just_now_is_asked_about_never_refused() -> None:
    found = judged(with_plan(modified={"F": ago(minutes=3)}))
    assert found.ends is Ends.ASK
    assert found.reason == Refusal.RECENT_CHANGE(target="F", minutes=3)


def test_what_we_changed_ourselves_just_now_is_not_asked_about() -> None:
    both = {"F": ago(minutes=3), "G": ago(minutes=3)}
    ours = with_lease(written=both, remedy="other", setting="Y")
    assert acts(with_plan(modified=both), ours)


def test_what_another_response_is_writing_right_now_is_not_called_foreign() -> None:
    """Its lease is on record before its write; what AWS answered to that is put on record after it."""
    at = ago(minutes=1)
    writing = with_lease(remedy="other", setting="Y", state=LeaseState.APPLYING, at=at)
    seconds_later = with_plan(modified={"F": at + timedelta(seconds=2)})
    assert acts(seconds_later, writing)
    assert judged(with_plan(modified={"F": ago(minutes=3)}), writing).reason is not None


def test_one_foreign_change_among_our_own_is_asked_about() -> None:
    ours = with_lease(written={"F": ago(minutes=3), "G": ago(minutes=5)}, remedy="other", setting="Y")
    found = judged(with_plan(modified={"F": ago(minutes=3), "G": ago(minutes=3)}), ours)
    assert found.reason == Refusal.RECENT_CHANGE(target="G", minutes=3)


@pytest.mark.parametrize(("seconds", "minutes"), [(179, 2), (119, 1), (30, 1), (-30, 1), (-90, 1)])
def test_how_long_ago_it_was_changed_is_reported_in_whole_minutes_and_at_least_one(
    seconds: float, minutes: int
) -> None:
    """A person can change it after the response has begun and before the target is read."""
    found = judged(with_plan(modified={"F": ago(seconds=seconds)}))
    assert found.ends is Ends.ASK
    assert found.reason == Refusal.RECENT_CHANGE(target="F", minutes=minutes)


def test_a_table_that_was_changed_just_now_is_asked_about() -> None:
    found = judged(with_plan(modified={"Sessions": ago(minutes=3)}, scope="Sessions"))
    assert found.reason == Refusal.RECENT_CHANGE(target="Sessions", minutes=3)


def test_a_table_is_switched_at_most_four_times_a_day() -> None:
    assert acts(*switched(60, 120, 180))
    assert judged(*switched(60, 120, 180, 240)).ends is Ends.REFUSE
    assert acts(*switched(60, 120, 180, 24 * 60))


def test_a_switch_that_failed_uses_none_of_the_four() -> None:
    old = switched(300, 400, 500)
    assert acts(*old, switched(600, ok=False)[0])


def test_only_the_table_has_a_limit_of_four_a_day() -> None:
    assert acts(with_rows(done(60), done(120), done(180), done(240)))


def test_the_budget_counts_the_whole_stack() -> None:
    rows = [done(10 * n + 1, remedy=f"r{n}", scope=f"s{n}", incident=f"i{n}") for n in range(5)]
    assert judged(with_rows(*rows)).reason == Refusal.TOO_MANY_CHANGES(count=5)


def test_the_budget_counts_what_another_response_has_just_begun() -> None:
    """It is on record before its first write, and counted only after its last."""
    begun = with_lease(state=LeaseState.APPLYING, remedy="other", setting="Y")
    assert judged(elsewhere(10, 20, 30, 40), begun).reason == Refusal.TOO_MANY_CHANGES(count=5)
    assert acts(elsewhere(10, 20, 30), begun)


@pytest.mark.parametrize("state", [each for each in LeaseState if each is not LeaseState.APPLYING])
def test_what_has_an_end_on_record_is_counted_by_that(state: LeaseState) -> None:
    known = with_lease(state=state, remedy="other", setting="Y")
    assert acts(elsewhere(10, 20, 30, 40), known)


def test_a_half_done_act_of_the_incident_does_not_prevent_its_own_completion() -> None:
    own = with_lease("mine", state=LeaseState.APPLYING)
    assert acts(elsewhere(10, 20, 30, 40), own, purpose=Purpose.RESUME)


def test_an_act_that_is_finished_again_counts_once() -> None:
    counted = done(59, remedy="other")
    again = with_lease(state=LeaseState.APPLYING, remedy="other", at=counted.at, setting="Y")
    assert acts(elsewhere(10, 20, 30), with_rows(counted), again)


def test_another_incident_s_lease_is_named() -> None:
    assert judged(with_lease()).reason == Refusal.LEASED(incident=OTHER)


def test_we_finish_our_own_half_done_act_though_it_was_just_begun() -> None:
    own = (
        with_lease("mine", {"F": NOW}),
        with_rows(done(0)),
        with_plan(modified={"F": NOW}, in_flight=Obstacle.IN_FLIGHT(target="F")),
    )
    assert acts(*own, purpose=Purpose.RESUME)


def test_what_others_changed_since_our_half_done_act_began_has_a_person_asked() -> None:
    begun = with_lease("mine", at=ago(minutes=30), state=LeaseState.APPLYING)
    earlier, since = (with_plan(modified={"F": ago(minutes=minutes)}) for minutes in (31, 20))
    assert acts(begun, earlier, purpose=Purpose.RESUME)
    assert judged(begun, since, purpose=Purpose.RESUME).ends is Ends.ASK


def test_what_is_under_way_is_reported() -> None:
    under_way = Obstacle.IN_FLIGHT(target="F")
    assert judged(with_plan(in_flight=under_way)).reason == Refusal.IN_FLIGHT(detail=under_way.text)


def test_too_few_samples_are_counted_out() -> None:
    few = text("say.few_reports", count=3)
    assert judged(with_more(samples_short=few)).reason == Refusal.TOO_FEW_SAMPLES(detail=few)


def test_a_target_that_gave_no_answer_at_all_is_reported_to_have_given_none() -> None:
    found = judged(with_more(plan=None))
    assert found.reason == Refusal.NOT_READABLE(detail=text("guard.no_answer"))


def test_a_caution_is_the_reason_that_a_person_is_given() -> None:
    hot = Caution.HOT_KEY(units=1)
    assert judged(with_plan(cautions=(hot,))).reason == hot


def test_where_modes_and_evidence_only_allow_to_observe_the_evidence_is_reported() -> None:
    """Only that the mode was switched would not say why."""
    why = Refusal.CAPPED_BY_EVIDENCE()
    observe = with_modes(Mode.AUTO, Mode.OBSERVE), with_more(at_most=Mode.OBSERVE, at_most_reason=why)
    found = judged(*observe)
    assert (found.ends, found.reason) == (Ends.OBSERVE, why)
    free = judged(with_more(at_most=Mode.OBSERVE, at_most_reason=why))
    assert (found.reason, free.also) == (free.reason, ())


def test_every_obstacle_is_reported() -> None:
    two = (Obstacle.SETTING_MISSING(target="F"), Obstacle.RUNTIME_REFUSED(target="G"))
    assert judged(with_plan(obstacles=two)).reason == Refusal.PRECONDITION(
        detail=tuple(each.text for each in two)
    )


def test_the_reason_for_asking_is_the_evidence_s_or_the_remedy_s() -> None:
    given = with_more(at_most=Mode.APPROVE, at_most_reason=Refusal.CAPPED_BY_EVIDENCE())
    assert judged(given).reason == Refusal.CAPPED_BY_EVIDENCE()
    assert judged(with_more(at_most=Mode.APPROVE)).reason == Refusal.CEILING()


def test_a_mode_is_no_reason_to_ask_where_approval_is_always_needed() -> None:
    asks = with_modes(Mode.AUTO, Mode.APPROVE)
    always = judged(asks, with_more(at_most=Mode.APPROVE, at_most_reason=Refusal.CEILING()))
    assert (always.ends, always.reason, always.also) == (Ends.ASK, Refusal.CEILING(), ())
    free = judged(asks, with_more(at_most=Mode.AUTO, at_most_reason=Refusal.CEILING()))
    assert (free.ends, free.reason) == (Ends.ASK, Refusal.MODE_APPROVE())


def test_the_same_question_gets_the_same_answer() -> None:
    assert judge(FREE) == judge(FREE)
