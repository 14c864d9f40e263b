"""A lease of a change that was made: is it in force, is it in doubt, what did people report of it?"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.core.change import (
    Change,
    ChangeNote,
    Changes,
    Lease,
    LeaseState,
    Ledger,
    Plan,
    Status,
    in_doubt,
    unanswered,
)
from responder.core.command import fingerprint
from responder.core.modes import Severity
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.refusals import Refusal
from responder.core.text import Strings
from responder.followup_rules import DutyKind, FollowUpMemory
from responder.respond import lease_check
from responder.respond.proposal import rejected, reverted
from responder.store import IncidentHead
from tests.fakes.gateway import NOW
from tests.rows import all_rows

OPENED = NOW
ME, OTHER = "mine", "another"
REMEDY, SCOPE = "rollout_to_zero", "liveness-rollout"
WANTED = (Change("F", "V", "50", "0"), Change("G", "V", "50", "0"))
MADE = tuple(replace(each, status=Status.APPLIED) for each in WANTED)
FOUND = tuple(replace(each, status=Status.ALREADY) for each in WANTED)
LEASE = Lease(REMEDY, SCOPE, ME, LeaseState.IN_FORCE, NOW, None, {"old": "50"}, MADE)
UNDONE = Refusal.UNDONE_SINCE()
UNREAD = Obstacle.UNREADABLE(target="F", action="lambda:GetFunctionConfiguration", code="Denied")
LOCKED = Obstacle.VARIABLES_UNREADABLE(target="G")
RUNTIME = Obstacle.RUNTIME_REFUSED(target="F", runtime="python3.9", since="2026-01-01")


# --- is it still in force? ------------------------------------------------------------------------


def test_what_is_found_as_it_was_set_is_kept() -> None:
    assert lease_check.no_longer_in_force(Plan(SCOPE, FOUND), LEASE) is None


@all_rows("status", [each for each in Status if each is not Status.ALREADY])
@all_rows("index", [0, 1])
def test_a_single_target_with_another_value_shows_that_the_change_was_undone(
    status: Status, index: int
) -> None:
    changes = list(FOUND)
    changes[index] = replace(changes[index], status=status)
    assert lease_check.no_longer_in_force(Plan(SCOPE, tuple(changes)), LEASE) == UNDONE


STEPPED = replace(LEASE, changes=tuple(replace(each, after="10") for each in MADE))
# What is found after a step to 10%, of each target: the step, an older step of ours, or what a person set.
STEPS = [("10", "10"), ("0", "10"), ("10", "0"), ("0", "0"), ("50", "10"), ("10", "25"), ("50", "50")]


@all_rows(("first", "second"), STEPS)
def test_a_step_of_our_own_revert_is_not_undone_by_others(first: str, second: str) -> None:
    found = tuple(
        replace(each, before=now, status=Status.ALREADY if now == "0" else Status.PLANNED)
        for each, now in zip(WANTED, (first, second), strict=True)
    )
    expected = Refusal.BEING_REVERTED() if (first, second) == ("10", "10") else UNDONE
    assert lease_check.no_longer_in_force(Plan(SCOPE, found), STEPPED) == expected
    if (first, second) == ("10", "10"):
        assert lease_check.no_longer_in_force(Plan(SCOPE, found), LEASE) == UNDONE
        assert lease_check.no_longer_in_force(Plan(SCOPE, found[:1]), STEPPED) == UNDONE


@pytest.mark.parametrize("found", [(), FOUND[:1], FOUND[1:]])
def test_a_target_that_is_no_longer_found_is_not_in_force(found: Changes) -> None:
    assert lease_check.no_longer_in_force(Plan(SCOPE, found), LEASE) == UNDONE
    nothing = replace(LEASE, changes=())
    assert (lease_check.no_longer_in_force(Plan(SCOPE, found), nothing) is None) is bool(found)


@pytest.mark.parametrize("unread", [(UNREAD,), (LOCKED,), (UNREAD, LOCKED)])
def test_what_cannot_be_read_is_not_said_to_stand_and_not_said_to_be_undone(
    unread: tuple[ExplainedReason[Obstacle], ...],
) -> None:
    reported = Refusal.NOT_READABLE(detail=tuple(each.text for each in unread))
    assert lease_check.no_longer_in_force(Plan(SCOPE, FOUND, obstacles=(RUNTIME, *unread)), LEASE) == reported
    assert lease_check.no_longer_in_force(Plan(SCOPE, (), obstacles=unread), LEASE) == reported


def test_what_only_prevents_doing_it_again_says_nothing_about_what_is_done() -> None:
    assert lease_check.no_longer_in_force(Plan(SCOPE, FOUND, obstacles=(RUNTIME,)), LEASE) is None


@pytest.mark.parametrize("state", [each for each in LeaseState if each is not LeaseState.IN_FORCE])
def test_of_a_lease_that_is_not_in_force_only_its_revert_is_reported(state: LeaseState) -> None:
    known = {LeaseState.REVERTING: Refusal.BEING_REVERTED()}.get(state)
    assert lease_check.no_longer_in_force(Plan(SCOPE, WANTED), replace(LEASE, state=state)) == known


def test_nothing_is_reported_without_a_plan_or_a_lease_or_while_aws_works_on_it() -> None:
    assert lease_check.no_longer_in_force(None, LEASE) is None
    assert lease_check.no_longer_in_force(Plan(SCOPE, WANTED), None) is None
    working = (MADE[0], replace(MADE[1], status=Status.IN_PROGRESS))
    assert lease_check.no_longer_in_force(Plan(SCOPE, WANTED), replace(LEASE, changes=working)) is None


# --- is it in doubt? ------------------------------------------------------------------------------

UNKNOWN = FailureKind.OUTCOME_UNKNOWN(target="F", action="lambda:UpdateAlias")
LOST = FailureKind.VARIABLES_LOST(target="F", names="AD_TIMEOUT")
REFUSED = FailureKind.REFUSED(target="F", action="lambda:UpdateAlias", code="Denied")


@pytest.mark.parametrize(
    ("note", "doubt", "silent"),
    [(UNKNOWN, True, True), (LOST, True, False), (REFUSED, False, False), (None, False, False)],
)
def test_only_a_failure_of_which_no_one_knows_what_became_is_in_doubt(
    note: ChangeNote | None, doubt: bool, silent: bool
) -> None:
    failed = replace(WANTED[0], status=Status.FAILED, note=note)
    assert (in_doubt(failed), unanswered(failed)) == (doubt, silent)


@all_rows("status", [each for each in Status if each is not Status.FAILED])
@all_rows("note", [UNKNOWN, LOST])
def test_what_did_not_fail_is_not_in_doubt(status: Status, note: ChangeNote) -> None:
    change = replace(WANTED[0], status=status, note=note)
    assert not in_doubt(change)
    assert not unanswered(change)


# --- what did people report of it? ----------------------------------------------------------------

PLAN = Plan(SCOPE, WANTED)


def test_what_was_reverted_in_this_incident_is_known() -> None:
    ended = replace(LEASE, state=LeaseState.ENDED)
    assert reverted(Ledger((ended,)), REMEDY, PLAN, ME, OPENED)
    assert reverted(Ledger((replace(ended, scope="other"), ended)), REMEDY, PLAN, ME, OPENED)


NOT_BACK = {
    "still in force": LEASE,
    "never came into force": replace(LEASE, state=LeaseState.FAILED),
    "another incident's": replace(LEASE, state=LeaseState.ENDED, incident=OTHER),
    "another remedy": replace(LEASE, state=LeaseState.ENDED, remedy="lower_threshold"),
    "another target": replace(LEASE, state=LeaseState.ENDED, scope="other"),
}


@pytest.mark.parametrize("name", list(NOT_BACK))
def test_nothing_else_counts_as_reverted_here(name: str) -> None:
    assert not reverted(Ledger((NOT_BACK[name],)), REMEDY, PLAN, ME, OPENED)


@pytest.mark.parametrize(
    ("minutes", "opened", "back"),
    [(1, OPENED, True), (0, OPENED, False), (-1, OPENED, False), (1, None, False)],
)
def test_what_was_reverted_elsewhere_counts_while_this_one_is_open(
    minutes: int, opened: datetime | None, back: bool
) -> None:
    ended = OPENED + timedelta(minutes=minutes)
    theirs = replace(LEASE, state=LeaseState.ENDED, incident=OTHER, ended=ended)
    assert reverted(Ledger((theirs,)), REMEDY, PLAN, ME, opened) is back


def test_what_cannot_be_read_is_not_said_to_be_reverted() -> None:
    ended = Ledger((replace(LEASE, state=LeaseState.ENDED),))
    assert not reverted(None, REMEDY, PLAN, ME, OPENED)
    assert not reverted(ended, REMEDY, None, ME, OPENED)


def head(*reported: str) -> IncidentHead:
    return IncidentHead(
        ME,
        "alarm",
        "high-error-rate",
        Severity.HIGH,
        NOW,
        watch=FollowUpMemory(reported=dict.fromkeys(reported, NOW)),
    )


NO = f"{DutyKind.REJECTED} {fingerprint(ME, REMEDY, WANTED)}"


def test_a_rejection_counts_for_exactly_the_change_that_was_shown() -> None:
    assert rejected(head("remind x", NO), REMEDY, PLAN, ME) == Refusal.REJECTED()
    other = Plan(SCOPE, (replace(WANTED[0], after="10"), WANTED[1]))
    assert rejected(head(NO), REMEDY, other, ME) is None
    assert rejected(head(NO), "lower_threshold", PLAN, ME) is None
    assert rejected(head(NO), REMEDY, PLAN, OTHER) is None


def test_without_a_rejection_nothing_counts_as_rejected() -> None:
    assert rejected(head("remind x"), REMEDY, PLAN, ME) is None
    assert rejected(replace(head(), watch=None), REMEDY, PLAN, ME) is None
    assert rejected(None, REMEDY, PLAN, ME) is None
    assert rejected(head(NO), REMEDY, None, ME) is None


# --- a plan ---------------------------------------------------------------------------------------


def test_a_plan_is_done_already_only_where_every_target_was_read_and_is_as_wanted() -> None:
    assert Plan(SCOPE, FOUND).already
    assert not Plan(SCOPE, ()).already
    assert not Plan(SCOPE, (FOUND[0], WANTED[1])).already
    assert not Plan(SCOPE, FOUND, obstacles=(UNREAD,)).already


def test_a_plan_narrowed_to_one_target_leaves_the_others_and_their_obstacles() -> None:
    whole = Plan(
        SCOPE,
        WANTED,
        {"old": 1},
        (LOCKED,),
        LOCKED,
        cautions=(Caution.GLOBAL_TABLE(target="F"),),
        possible=("F",),
    )
    narrow = whole.only(iter(["F"]))
    assert (narrow.changes, narrow.obstacles, narrow.in_flight) == (WANTED[:1], (), None)
    assert (narrow.snapshot, narrow.cautions) == (whole.snapshot, whole.cautions)


@pytest.mark.parametrize("targets", [(), ("G",), ("F", "G"), ("H",)])
def test_with_a_target_that_is_not_possible_everything_stays_in_the_way(targets: Strings) -> None:
    whole = Plan(SCOPE, WANTED, obstacles=(LOCKED,), possible=("F",))
    assert whole.only(targets) is whole


def test_a_lease_is_one_of_a_remedy_on_a_scope_and_knows_the_plan_it_came_from() -> None:
    assert LEASE.id == "rollout_to_zero#liveness-rollout"
    assert LEASE.plan == Plan(SCOPE, MADE, {"old": "50"})
