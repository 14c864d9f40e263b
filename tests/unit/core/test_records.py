"""Every act is on record before its first write; no two responses act on one reading."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.aws.items import from_item
from responder.core.cause import Cause
from responder.core.change import Applied, Change, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest
from responder.core.errors import Changed, Unreachable
from responder.core.modes import Effect
from responder.core.plain_data import Json
from responder.core.reasons import FailureKind
from responder.store import Incidents
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW

CHANGES = (
    Change("F", "V", "50", "0", Status.APPLIED, written=(NOW,)),
    Change("G", "V", "50", "0", Status.FAILED, FailureKind.REFUSED(target="G", action="lambda:UpdateAlias")),
)
LEASE = Lease(
    remedy="rollout_to_zero",
    scope="liveness-rollout",
    incident="mine",
    state=LeaseState.APPLYING,
    at=NOW,
    until=NOW + timedelta(hours=24),
    snapshot={"old": {"F": "50"}, "names": ["A", "B"], "number": 3, "share": 0.5},
    changes=CHANGES,
)
THEIRS = replace(LEASE, incident="another")
ROW = Applied(NOW, "rollout_to_zero", "liveness-rollout", "mine", ok=True)
ASKED = ApprovalRequest(
    "0123456789abcdef", "mine", "rollout_to_zero", "", Effect.LOWERS_SECURITY, NOW, CHANGES
)


def rows(incidents: Incidents, prefix: str = "") -> list[Json]:
    assert isinstance(incidents.aws, FakeAws)
    found = [from_item(row) for row in incidents.aws.dynamo.rows("Incidents")]
    return [row for row in found if row["sk"].startswith(prefix)]


def test_nothing_is_on_record_at_first(incidents: Incidents) -> None:
    found = incidents.ledger()
    assert (found.leases, found.applied, found.version) == ((), (), 0)


def test_what_is_put_on_record_is_read_back_whole(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    assert incidents.ledger().leases == (LEASE,)
    in_force = replace(LEASE, state=LeaseState.IN_FORCE, until=None)
    incidents.settle(in_force, ROW, NOW)
    found = incidents.ledger()
    assert (found.leases, found.applied, found.version) == ((in_force,), (ROW,), 2)
    assert found.wrote("F", NOW)


def test_nothing_begins_when_a_person_acted_since_the_ledger_was_read(incidents: Incidents) -> None:
    seen = incidents.ledger().version
    incidents.begin(replace(THEIRS, scope="elsewhere"), seen, NOW)
    before = rows(incidents)
    with pytest.raises(Changed):
        incidents.begin(LEASE, seen, NOW)
    assert rows(incidents) == before


def test_of_two_that_begin_on_one_reading_one_wins(incidents: Incidents) -> None:
    incidents.begin(replace(LEASE, scope="elsewhere"), 0, NOW)
    seen = incidents.ledger().version
    assert isinstance(incidents.aws, FakeAws)
    other = replace(THEIRS, remedy="other")
    incidents.aws.between("dynamodb", "transact_write_items", lambda: incidents.begin(other, seen, NOW))
    with pytest.raises(Changed):
        incidents.begin(LEASE, seen, NOW)
    assert [one.incident for one in incidents.ledger().leases if one.scope == LEASE.scope] == ["another"]


def test_settling_moves_the_version_so_that_no_one_acts_on_what_was_before(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    seen = incidents.ledger().version
    incidents.settle(replace(LEASE, state=LeaseState.IN_FORCE), ROW, NOW)
    with pytest.raises(Changed):
        incidents.begin(replace(LEASE, scope="elsewhere"), seen, NOW)


@pytest.mark.parametrize(
    "state", [LeaseState.APPLYING, LeaseState.IN_FORCE, LeaseState.PARTIAL, LeaseState.REVERTING]
)
def test_a_lease_of_another_incident_is_never_overwritten(incidents: Incidents, state: LeaseState) -> None:
    theirs = replace(THEIRS, state=state)
    incidents.begin(theirs, 0, NOW)
    with pytest.raises(Changed):
        incidents.begin(LEASE, incidents.ledger().version, NOW)
    with pytest.raises(Changed):
        incidents.settle(LEASE, ROW, NOW)
    assert incidents.ledger().leases == (theirs,)
    assert incidents.ledger().applied == ()


@pytest.mark.parametrize("state", [LeaseState.ENDED, LeaseState.FAILED])
def test_a_lease_that_is_over_makes_way(incidents: Incidents, state: LeaseState) -> None:
    incidents.begin(replace(THEIRS, state=state), 0, NOW)
    incidents.begin(LEASE, 1, NOW)
    assert incidents.ledger().leases == (LEASE,)


def test_we_may_begin_again_what_we_had_begun(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    incidents.begin(LEASE, 1, NOW + timedelta(minutes=1))
    assert len(incidents.ledger().leases) == 1


def test_an_act_is_a_step_of_its_incident_before_and_after(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    incidents.settle(replace(LEASE, state=LeaseState.PARTIAL), ROW, NOW + timedelta(seconds=2))
    assert [row["kind"] for row in rows(incidents, "STEP#")] == ["applying", "partial"]


def test_settling_twice_counts_once(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    for _ in range(2):
        incidents.settle(replace(LEASE, state=LeaseState.IN_FORCE), ROW, NOW)
    assert incidents.ledger().applied == (ROW,)


def test_a_revert_counts_as_no_change(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    incidents.settle(replace(LEASE, state=LeaseState.ENDED), None, NOW)
    assert incidents.ledger().applied == ()


def test_a_failed_call_is_on_record_as_failed(incidents: Incidents) -> None:
    incidents.begin(LEASE, 0, NOW)
    incidents.settle(replace(LEASE, state=LeaseState.FAILED), replace(ROW, ok=False), NOW)
    assert [row.ok for row in incidents.ledger().applied] == [False]


def test_what_was_applied_is_read_oldest_first(incidents: Incidents) -> None:
    for minutes in (30, 5, 60):
        at = NOW - timedelta(minutes=minutes)
        incidents.settle(replace(LEASE, scope=f"s{minutes}"), replace(ROW, at=at), NOW)
    assert [row.at for row in incidents.ledger().applied] == sorted(
        NOW - timedelta(minutes=m) for m in (30, 5, 60)
    )


def test_rows_of_the_ledger_and_steps_expire_and_leases_never_do(incidents: Incidents) -> None:
    incidents.settle(LEASE, ROW, NOW)
    expires = {row["sk"].split("#")[0]: row.get("expires") for row in rows(incidents)}
    assert expires["APPLIED"] == int((NOW + timedelta(days=7)).timestamp())
    assert expires["STEP"] == int((NOW + timedelta(days=400)).timestamp())
    assert expires["LEASE"] is expires["VERSION"] is None


def test_the_ledger_is_read_consistently(incidents: Incidents) -> None:
    incidents.ledger()
    assert isinstance(incidents.aws, FakeAws)
    assert incidents.aws.sent("dynamodb", "query")[0]["ConsistentRead"] is True


def test_a_proposal_is_kept_as_it_was_shown(incidents: Incidents) -> None:
    incidents.record("mine", "verdict", {"a": 1}, NOW, (ASKED,))
    assert incidents.asked("mine", ASKED.id) == replace(ASKED, since=ASKED.at)
    assert incidents.asked("mine", "another") is None
    assert incidents.asked("another", ASKED.id) is None


def test_a_proposal_that_could_not_be_kept_leaves_no_half_record(incidents: Incidents) -> None:
    assert isinstance(incidents.aws, FakeAws)
    incidents.aws.fail("dynamodb", "transact_write_items", Unreachable)
    with pytest.raises(Unreachable):
        incidents.record("mine", "verdict", {}, NOW, (ASKED,))
    assert rows(incidents) == []


def test_the_same_step_reported_again_is_one_row(incidents: Incidents) -> None:
    for data in ({"a": 1}, {"a": 1}, {"a": 2}):
        incidents.note("mine", "reported", data, NOW)
    assert [json.loads(row["data"])["a"] for row in rows(incidents)] in ([1, 2], [2, 1])


def test_a_step_keeps_sentences_times_and_names_in_any_language(incidents: Incidents) -> None:
    data = {"why": Cause.UNKNOWN(), "at": NOW, "state": LeaseState.ENDED, "who": "愛子"}
    incidents.note("mine", "reported", data, NOW)
    assert json.loads(rows(incidents)[0]["data"]) == {
        "why": {"key": "cause.unknown", "values": {}},
        "at": NOW.isoformat().replace("+00:00", "Z"),
        "state": "ended",
        "who": "愛子",
    }
