"""What is on record: leases in force, and what was done recently."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.core.change import Applied, Change, Lease, LeaseState, Ledger
from tests.fakes.gateway import NOW
from tests.rows import all_rows

WRITTEN = NOW - timedelta(minutes=7)
HOUR = timedelta(hours=1)


def lease(
    state: LeaseState = LeaseState.IN_FORCE, scope: str = "s", incident: str = "i", remedy: str = "remedy"
) -> Lease:
    changes = (Change("F", "V", "1", "0", written=(WRITTEN,)), Change("G", "V", "1", "0"))
    return Lease(remedy, scope, incident, state, NOW, None, {}, changes)


def applied(minutes: float, ok: bool = True, scope: str = "s") -> Applied:
    return Applied(NOW - timedelta(minutes=minutes), "remedy", scope, "i", ok)


@pytest.mark.parametrize("state", list(LeaseState))
def test_a_lease_is_open_until_it_ended_or_failed(state: LeaseState) -> None:
    found = Ledger(leases=(lease(state),))
    closed = state in (LeaseState.ENDED, LeaseState.FAILED)
    assert (found.lease("remedy", "s") is None) is closed
    assert (found.of_incident("i") == ()) is closed


@pytest.mark.parametrize(("remedy", "scope"), [("remedy", "other"), ("other", "s"), ("other", "other")])
def test_a_lease_is_of_one_remedy_on_one_scope(remedy: str, scope: str) -> None:
    assert Ledger(leases=(lease(),)).lease(remedy, scope) is None


def test_an_incident_owns_only_its_own_leases() -> None:
    mine, other = lease(), lease(scope="t", incident="j")
    assert Ledger(leases=(other, mine)).of_incident("i") == (mine,)


@pytest.mark.parametrize("remedy", ["memory_increase", "alias_rollback", "repair_environment"])
def test_an_incident_does_not_wait_for_what_was_set_for_good(remedy: str) -> None:
    lent, stays, other = lease(), lease(scope="t", remedy=remedy), lease(scope="u", incident="j")
    found = Ledger(leases=(stays, lent, other))
    assert found.holding("i") == (lent,)
    assert found.of_incident("i") == (stays, lent)


@all_rows("remedy", ["rollout_to_zero", "lower_threshold"])
@all_rows("state", list(LeaseState))
def test_security_counts_as_lowered_until_the_lease_is_over(remedy: str, state: LeaseState) -> None:
    over = state in (LeaseState.ENDED, LeaseState.FAILED)
    assert Ledger(leases=(lease(), lease(state, "t", remedy=remedy))).lowering is not over


def test_what_lowers_no_security_is_not_said_to() -> None:
    kept = Ledger(leases=(lease(), lease(scope="t", remedy="on_demand_billing")))
    assert not kept.lowering
    assert not Ledger().lowering


@pytest.mark.parametrize(("minutes", "counts"), [(0, True), (59.9, True), (60, False), (-2, True)])
def test_rows_count_while_they_are_young(minutes: float, counts: bool) -> None:
    """A clock that is ahead is no reason to act more often."""
    assert bool(Ledger(applied=(applied(minutes),)).within(NOW, HOUR)) is counts


def test_rows_are_picked_by_what_they_say() -> None:
    found = Ledger(applied=(applied(50), applied(40, ok=False), applied(30, scope="t")))
    assert found.within(NOW, HOUR, ok=True, scope="s") == (applied(50),)
    assert len(found.within(NOW, HOUR)) == 3


@pytest.mark.parametrize("state", [LeaseState.IN_FORCE, LeaseState.ENDED])
def test_our_own_write_is_known_by_the_time_that_aws_gave_it(state: LeaseState) -> None:
    found = Ledger(leases=(lease(state),))
    assert found.wrote("F", WRITTEN)
    assert not found.wrote("F", WRITTEN + timedelta(seconds=1))
    assert not found.wrote("G", WRITTEN)


@pytest.mark.parametrize(("seconds", "ours"), [(-2, False), (-1, True), (0, True), (60, True), (61, False)])
def test_while_a_lease_is_being_applied_a_change_of_its_target_is_ours(seconds: float, ours: bool) -> None:
    found = Ledger(leases=(lease(LeaseState.APPLYING),))
    assert found.wrote("G", NOW + timedelta(seconds=seconds)) is ours
    assert not found.wrote("H", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("minutes", "counts"), [(0, True), (59, True), (60, False)])
def test_what_is_under_way_counts_as_long_as_its_row_would(minutes: float, counts: bool) -> None:
    begun = replace(lease(state=LeaseState.APPLYING), at=NOW - timedelta(minutes=minutes))
    assert bool(Ledger((begun,), ()).under_way(NOW, timedelta(hours=1))) is counts
