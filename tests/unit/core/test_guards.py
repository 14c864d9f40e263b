"""Which guard holds for which purpose, in which order, and what each turns the act into."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.change import LeaseState, Ledger
from responder.core.errors import SettingsUnusable
from responder.core.modes import Mode
from responder.core.reasons import Caution, FailureKind
from responder.core.refusals import Refusal, SettingsProblem
from responder.core.switches import UNREADABLE, ask_for
from responder.core.text import Strings
from responder.guards import Ends, Purpose, judge, stopping
from tests.fakes.gateway import NOW
from tests.rows import all_rows
from tests.unit.core.world import (
    FREE,
    HOLDING,
    IN_FLIGHT,
    ME,
    RULE,
    STALE,
    Variation,
    ago,
    done,
    elsewhere,
    judged,
    varied,
    with_lease,
    with_modes,
    with_more,
    with_plan,
    with_rows,
    with_silences,
    with_stops,
    with_switches,
)

RESPOND, APPLY, REVERT, RESUME, FINISH = Purpose
SAID_OF: dict[Purpose, Strings] = {
    RESPOND: tuple(HOLDING),
    # The approval satisfies the evidence and takes the question of who changed it before.
    APPLY: (
        "guard.paused",
        "guard.muted",
        "guard.mode_observe",
        "guard.stale",
        "guard.precondition",
        "guard.leased",
        "guard.cooldown",
        "guard.failed_twice",
        "guard.too_many_changes",
        "guard.quota_used",
        "guard.in_flight",
    ),
    REVERT: ("guard.paused", "guard.muted", "guard.mode_observe", "guard.stale", "guard.in_flight"),
    # What we did ourselves is no reason not to finish it.
    RESUME: (
        "guard.paused",
        "guard.muted",
        "guard.mode_observe",
        "guard.stale",
        "guard.too_few_samples",
        "guard.precondition",
        "guard.failed_twice",
        "guard.too_many_changes",
        "guard.quota_used",
        "guard.demoted",
        "guard.recent_change",
        "guard.capped_by_evidence",
    ),
    # The budget was paid at its start; what is in the way is judged just before each write.
    FINISH: (
        "guard.paused",
        "guard.muted",
        "guard.mode_observe",
        "guard.stale",
        "guard.demoted",
        "guard.recent_change",
        "guard.capped_by_evidence",
    ),
}
ENDS = dict.fromkeys(HOLDING, Ends.REFUSE) | {
    "guard.muted": Ends.OBSERVE,
    "guard.mode_observe": Ends.OBSERVE,
    "guard.demoted": Ends.ASK,
    "guard.stale": Ends.OBSERVE,
    "guard.recent_change": Ends.ASK,
    "guard.capped_by_evidence": Ends.ASK,
}
ASKS = [key for key, ends in ENDS.items() if ends is Ends.ASK]


def said(*variations: Variation, purpose: Purpose = RESPOND) -> tuple[Ends | None, str | None]:
    found = judge(varied(*variations, purpose=purpose))
    return (found.ends, found.reason.kind.value) if found else (None, None)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_where_nothing_prevents_it_the_responder_acts(purpose: Purpose) -> None:
    assert said(purpose=purpose) == (None, None)


@all_rows("purpose", list(Purpose))
@all_rows("guard", list(HOLDING))
def test_each_guard_holds_for_its_purposes_alone(guard: str, purpose: Purpose) -> None:
    holds = guard in SAID_OF[purpose]
    assert said(HOLDING[guard], purpose=purpose) == ((ENDS[guard], guard) if holds else (None, None))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_first_guard_gives_the_reason_and_the_others_are_reported_too(purpose: Purpose) -> None:
    """In the design's order, whichever of them hold; reasons to ask only where a person is asked."""
    names = SAID_OF[purpose]
    for position, first in enumerate(names):
        held = judged(*(HOLDING[name] for name in names[position:]), purpose=purpose)
        assert held.reason.kind.value == first
        others = [name for name in names[position + 1 :] if first in ASKS or name not in ASKS]
        assert [reason.kind.value for reason in held.also] == others


@given(st.sets(st.sampled_from(sorted(HOLDING)), min_size=1))
def test_a_reason_to_ask_never_overrules_a_reason_not_to(held: set[str]) -> None:
    ends, reason = said(*(HOLDING[name] for name in HOLDING if name in held))
    assert ends is not None
    assert (ends is Ends.ASK) == held.issubset(ASKS)
    assert reason in held


@given(st.sets(st.sampled_from(sorted(HOLDING))), st.sampled_from(list(Purpose)))
def test_a_further_reason_never_allows_more(held: set[str], purpose: Purpose) -> None:
    rank: dict[Ends | None, int] = {None: 0, Ends.ASK: 1, Ends.OBSERVE: 2, Ends.REFUSE: 2}
    before, _ = said(*(HOLDING[name] for name in held), purpose=purpose)
    for more in HOLDING:
        after, _ = said(*(HOLDING[name] for name in {*held, more}), purpose=purpose)
        assert rank[after] >= rank[before]


UNREAD: dict[str, tuple[Variation, str, frozenset[Purpose]]] = {
    "switches": (with_more(switches=None), "guard.pauses_unreadable", frozenset(Purpose)),
    "pauses": (with_more(switches=UNREADABLE), "guard.pauses_unreadable", frozenset(Purpose)),
    "global mode": (with_modes(None, Mode.AUTO), "guard.mode_unreadable", frozenset(Purpose)),
    "own mode": (with_modes(Mode.AUTO, None), "guard.mode_unreadable", frozenset(Purpose)),
    "ledger": (with_more(ledger=None), "guard.store_unreadable", frozenset({RESPOND, APPLY})),
    "plan": (with_more(plan=None), "guard.not_readable", frozenset({RESPOND, APPLY, RESUME})),
}


@all_rows("purpose", list(Purpose))
@all_rows("what", list(UNREAD))
def test_what_cannot_be_read_counts_as_do_not_act(what: str, purpose: Purpose) -> None:
    variation, reason, holds = UNREAD[what]
    ends, found = said(variation, purpose=purpose)
    if purpose in holds:
        assert (ends, found) == (Ends.REFUSE if what == "plan" else Ends.OBSERVE, reason)
    else:
        assert ends is None


def test_why_the_target_could_not_be_read_is_reported() -> None:
    problem = FailureKind.DENIED(action="lambda:GetFunctionConfiguration")
    held = judged(with_more(plan=None, plan_problem=problem))
    assert held.reason == Refusal.NOT_READABLE(detail=problem.text)


MODES = [
    # global, own, respond, everything that a person already agreed to
    (Mode.AUTO, Mode.AUTO, None, None),
    (Mode.AUTO, Mode.APPROVE, Ends.ASK, None),
    (Mode.APPROVE, Mode.AUTO, Ends.ASK, None),
    (Mode.AUTO, Mode.OBSERVE, Ends.OBSERVE, Ends.OBSERVE),
    (Mode.OBSERVE, Mode.AUTO, Ends.OBSERVE, Ends.OBSERVE),
    (Mode.APPROVE, Mode.OBSERVE, Ends.OBSERVE, Ends.OBSERVE),
]


@pytest.mark.parametrize(("everywhere", "own", "respond", "agreed"), MODES)
def test_the_stricter_mode_decides_and_an_approval_satisfies_only_approve(
    everywhere: Mode, own: Mode, respond: Ends | None, agreed: Ends | None
) -> None:
    variation = with_modes(everywhere, own)
    assert said(variation)[0] is respond
    assert {said(variation, purpose=each)[0] for each in (APPLY, REVERT)} == {agreed}
    assert {said(variation, purpose=each)[0] for each in (RESUME, FINISH)} == {respond}
    assert said(variation, with_more(approved=True), purpose=RESUME)[0] is agreed


@all_rows("guard", [name for name in HOLDING if name != "guard.mode_observe"])
def test_no_one_is_asked_to_approve_what_must_not_be_done_now(guard: str) -> None:
    """The mode approve is asked early, but any refusal after it counts for more."""
    held = judged(with_modes(Mode.AUTO, Mode.APPROVE), HOLDING[guard])
    assert held.ends is ENDS[guard]
    answer = {held.reason.kind.value, *(reason.kind.value for reason in held.also)}
    assert answer == ({"guard.mode_approve", guard} if guard in ASKS else {guard})


CASES: list[tuple[str, tuple[Variation, ...], Ends | None]] = [
    ("silenced", (with_silences(RULE),), Ends.OBSERVE),
    ("silenced until a moment ago", (with_silences(replace(RULE, until=NOW)),), None),
    ("a lease that ended", (with_lease(state=LeaseState.ENDED),), None),
    ("a lease that failed", (with_lease(state=LeaseState.FAILED),), None),
    ("a lease that is half done", (with_lease(state=LeaseState.PARTIAL),), Ends.REFUSE),
    ("a lease being taken back", (with_lease(state=LeaseState.REVERTING),), Ends.REFUSE),
    ("another remedy's lease of another setting", (with_lease(remedy="other", setting="Y"),), None),
    ("another remedy's lease of this very setting", (with_lease(remedy="other"),), Ends.REFUSE),
    (
        "that lease, ended",
        (with_lease(remedy="other", state=LeaseState.ENDED),),
        None,
    ),
    ("what another remedy set for good", (with_lease(remedy="repair_environment"),), None),
    (
        "what another remedy is setting for good right now",
        (with_lease(remedy="repair_environment", state=LeaseState.APPLYING),),
        Ends.REFUSE,
    ),
    ("our own lease, done", (with_lease(ME),), Ends.REFUSE),
    ("applied 15 min ago", (with_rows(done(15)),), None),
    ("applied elsewhere", (with_rows(done(1, scope="elsewhere")),), None),
    ("another remedy here", (with_rows(done(1, remedy="other")),), None),
    ("a failed call starts no cooldown", (with_rows(done(1, ok=False)),), None),
    ("failed once", (with_rows(done(1, ok=False)),), None),
    ("failed twice", (with_rows(done(1, ok=False), done(2, ok=False)),), Ends.REFUSE),
    ("no effect twice", (with_rows(done(60, effective=False), done(90, effective=False)),), Ends.REFUSE),
    (
        "failed once, no effect once",
        (with_rows(done(60, effective=False), done(90, ok=False)),),
        Ends.REFUSE,
    ),
    ("failed once, which did not help either", (with_rows(done(1, ok=False, effective=False)),), None),
    ("failed twice, 4 h ago", (with_rows(done(1, ok=False), done(240, ok=False)),), None),
    ("failed twice elsewhere", (elsewhere(1, 2, ok=False),), None),
    ("four changes in an hour", (elsewhere(1, 2, 3, 4),), None),
    ("a fifth an hour ago", (elsewhere(1, 2, 3, 4, 60),), None),
    ("five changes in an hour", (elsewhere(1, 2, 3, 4, 59),), Ends.REFUSE),
    ("failed calls burn no budget", (elsewhere(1, 2, 3, 4, 5, 6, 7, ok=False),), None),
    ("changed 10 min ago", (with_plan(modified={"F": ago(minutes=10)}),), None),
    ("never changed", (with_plan(modified={}),), None),
    ("a caution", (with_plan(cautions=(Caution.HOT_KEY(units=1),)),), Ends.ASK),
    ("never above observe", (with_more(at_most=Mode.OBSERVE),), Ends.OBSERVE),
    ("capped without a reason", (with_more(at_most=Mode.APPROVE),), Ends.ASK),
    ("two doubts", (with_more(doubts=(STALE, IN_FLIGHT)),), Ends.OBSERVE),
]


@all_rows(("variations", "ends"), [case[1:] for case in CASES])
def test_every_limit_holds_exactly_as_far_as_it_says(
    variations: tuple[Variation, ...], ends: Ends | None
) -> None:
    assert said(*variations)[0] is ends


def test_what_was_demoted_is_done_once_a_person_has_approved_it() -> None:
    for purpose in (RESUME, FINISH):
        assert said(HOLDING["guard.demoted"], with_more(approved=True), purpose=purpose)[0] is None


def test_the_stop_of_one_remedy_holds_no_other() -> None:
    other = with_stops(ask_for("on_demand_billing", "automation", "made things worse"))
    assert said(other)[0] is None
    assert stopping(varied(other)) is None


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_demotion_that_comes_between_the_decision_and_the_write_is_seen_before_the_write(
    purpose: Purpose,
) -> None:
    reason = stopping(varied(HOLDING["guard.demoted"], purpose=purpose))
    assert (reason is not None) is (purpose in (RESPOND, RESUME, FINISH))


def test_neither_the_record_nor_who_changed_the_target_is_known_we_only_observe() -> None:
    unknown = with_plan(modified={"F": ago(minutes=3)}), with_more(ledger=None)
    held = judged(*unknown)
    assert (held.ends, held.reason) == (Ends.OBSERVE, Refusal.STORE_UNREADABLE())
    assert held.also == ()


def test_an_empty_ledger_and_a_new_plan_are_no_reason_to_hesitate() -> None:
    assert judge(replace(FREE, ledger=Ledger(version=7))) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_without_usable_settings_a_command_learns_what_is_wrong_with_them(purpose: Purpose) -> None:
    broken = SettingsUnusable(SettingsProblem.MISSING)
    reason = stopping(varied(with_switches(document=broken), purpose=purpose))
    by_itself = purpose in (RESPOND, RESUME, FINISH)
    assert reason is not None
    assert (reason.kind is Refusal.SETTINGS_UNUSABLE) is by_itself
    assert (reason.kind is Refusal.SETTINGS_UNUSABLE_BECAUSE) is not by_itself
