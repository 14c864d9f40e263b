"""An approval is believed only when every rule holds: the person, the moment, the very proposal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from responder.approvals import Approval, check, registered, rows
from responder.asked import Asked, fingerprint
from responder.change import Change
from responder.errors import Missing
from responder.mode import Effect
from responder.settings import Settings
from responder.text import Text
from tests.fakes import FakeAws

pytestmark = pytest.mark.unit
NOW = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)
AIKO = "arn:aws:iam::123456789012:user/aiko"
SETTINGS = Settings(
    approvers=f"lowers_security: aiko=U0AIKO|{AIKO}, ken=U0KEN; costs_money: mari=U0MARI, ken=U0KEN"
)
CHANGES = (Change("FaceAuth-Enrollment", "LIVENESS_ROLLOUT_PERCENTAGE", "50", "0"),)
ASKED = Asked(
    id=fingerprint("incident", "rollout_to_zero", CHANGES),
    incident="incident",
    remedy="rollout_to_zero",
    scope="",
    effect=Effect.LOWERS_SECURITY,
    at=NOW - timedelta(minutes=5),
    changes=CHANGES,
)


def row(person: str = "aiko", **more: Any) -> dict[str, Any]:
    at = more.pop("minutes", 1)
    return {
        "pk": ASKED.id,
        "sk": person,
        "decision": "approve",
        "principal": "U0AIKO",
        "at": (NOW - timedelta(minutes=at)).isoformat(),
        **more,
    }


def judged(*found: dict[str, Any], asked: Asked = ASKED, now: datetime = NOW) -> str:
    """The name of who approved, or the reason why nobody did."""
    answer = check(found, asked, SETTINGS, now)
    return answer.key if isinstance(answer, Text) else answer.person


def test_an_approval_says_who_and_when() -> None:
    assert check((row(),), ASKED, SETTINGS, NOW) == Approval("aiko", NOW - timedelta(minutes=1))


@pytest.mark.parametrize("identity", ["U0AIKO", AIKO])
def test_one_person_may_use_either_identity(identity: str) -> None:
    assert judged(row(principal=identity)) == "aiko"


CASES = {
    "nobody answered": ([], "guard.not_approved"),
    "approved before it was asked": ([row(minutes=5.1)], "guard.not_approved"),
    "approved in the future": ([row(minutes=-0.1)], "guard.not_approved"),
    "no time": ([row(at=None)], "guard.not_approved"),
    "a time nobody can read": ([row(at="today")], "guard.not_approved"),
    "a time without a zone": ([row(at="2026-02-04T10:24:00")], "guard.not_approved"),
    "another decision": ([row(decision="later")], "guard.not_approved"),
    "no decision": ([row(decision=None)], "guard.not_approved"),
    "a stranger": ([row("eve", principal="U0EVE")], "guard.no_right"),
    "a stranger who says it is aiko": ([row(principal="U0EVE")], "guard.no_right"),
    "another person's identity": ([row("ken", principal="U0AIKO")], "guard.no_right"),
    "no identity": ([row(principal=None)], "guard.no_right"),
    "may approve cost, not security": ([row("mari", principal="U0MARI")], "guard.no_right"),
    "a rejection": ([row(decision="reject")], "guard.rejected"),
    "a rejection beside an approval": (
        [row(), row("ken", decision="reject", principal="U0KEN")],
        "guard.rejected",
    ),
    "an approval beside a rejection": (
        [row("eve", decision="reject"), row()],
        "guard.rejected",
    ),
}


@pytest.mark.parametrize(("found", "reason"), CASES.values(), ids=CASES.keys())
def test_without_every_rule_there_is_no_approval(found: list[dict[str, Any]], reason: str) -> None:
    assert judged(*found) == reason


@pytest.mark.parametrize("first", [row("ada", principal="U0ADA"), row("aiko", minutes=-1)])
def test_what_one_person_may_not_do_does_not_hide_what_another_one_did(first: dict[str, Any]) -> None:
    assert judged(first, row("ken", principal="U0KEN")) == "ken"


@pytest.mark.parametrize(("minutes", "found"), [(15, "aiko"), (15.1, "guard.expired")])
def test_an_approval_is_good_for_15_minutes(minutes: float, found: str) -> None:
    assert judged(row(minutes=minutes), asked=replace(ASKED, at=NOW - timedelta(minutes=20))) == found


@pytest.mark.parametrize(("minutes", "found"), [(30, "aiko"), (30.1, "guard.expired")])
def test_a_proposal_is_good_for_30_minutes(minutes: float, found: str) -> None:
    old = replace(ASKED, at=NOW - timedelta(minutes=minutes))
    assert judged(row(minutes=0), asked=old) == found


def test_the_age_that_counts_is_the_approval_s() -> None:
    """Approved in the last minute of the proposal, carried out a little later."""
    old = replace(ASKED, at=NOW - timedelta(minutes=35))
    assert judged(row(minutes=6), asked=old) == "aiko"


def test_where_nobody_is_registered_nobody_can_approve() -> None:
    answer = check((row(),), ASKED, Settings(), NOW)
    assert isinstance(answer, Text)
    assert answer.key == "guard.no_right"


def test_people_are_read_as_the_parameter_is_written() -> None:
    assert registered((f" aiko = U0AIKO | {AIKO} ", "ken=")) == {"aiko": ("U0AIKO", AIKO), "ken": ()}


def test_a_person_without_identities_approves_nothing() -> None:
    settings = Settings(approvers="lowers_security: ken=")
    answer = check((row("ken", principal=""),), ASKED, settings, NOW)
    assert isinstance(answer, Text)


def test_the_rows_of_one_proposal_are_read_consistently() -> None:
    aws = FakeAws(NOW)
    aws.dynamo.create("Approvals", "pk", "sk")
    for key in (ASKED.id, "other"):
        item = {name: {"S": value} for name, value in {**row(), "pk": key}.items()}
        aws.dynamo.put_item(TableName="Approvals", Item=item)
    assert rows(aws, "Approvals", ASKED.id) == (row(),)
    assert aws.sent("dynamodb", "query")[0]["ConsistentRead"] is True


def test_a_table_that_cannot_be_read_is_no_approval() -> None:
    with pytest.raises(Missing):
        rows(FakeAws(NOW), "Approvals", ASKED.id)


ONE = CHANGES[0]
TWO = replace(ONE, target="FaceAuth-FaceLogin")


@pytest.mark.parametrize(
    "other",
    [
        ("another", "rollout_to_zero", CHANGES),
        ("incident", "rollout_to_zero take-back", CHANGES),
        ("incident", "rollout_to_zero", (replace(ONE, target="FaceAuth-FaceLogin"),)),
        ("incident", "rollout_to_zero", (replace(ONE, setting="OTHER"),)),
        ("incident", "rollout_to_zero", (replace(ONE, before="100"),)),
        ("incident", "rollout_to_zero", (replace(ONE, after="10"),)),
        ("incident", "rollout_to_zero", (ONE, TWO)),
        ("incident", "rollout_to_zero", ()),
    ],
)
def test_a_proposal_is_bound_to_exactly_what_was_shown(other: tuple[str, str, tuple[Change, ...]]) -> None:
    assert fingerprint(*other) != ASKED.id


def test_the_order_of_the_targets_does_not_make_another_proposal() -> None:
    assert fingerprint("i", "r", (ONE, TWO)) == fingerprint("i", "r", (TWO, ONE))
