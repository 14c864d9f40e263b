"""An approval is trusted only when every rule holds: the person, the moment, the very proposal."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.change import Change, Changes
from responder.core.command import ApprovalRequest, fingerprint
from responder.core.errors import Missing
from responder.core.modes import Effect
from responder.core.plain_data import Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.settings_document import NO_PEOPLE
from responder.followup_rules import Acknowledgement
from responder.followup_rules.seen import ApprovalAnswer, Vote
from responder.store.approvals import Approval, acknowledgements, answer, check, closing, rows
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.fakes.registered import registered
from tests.rows import all_rows

AIKO = "arn:aws:iam::123456789012:user/aiko"
PEOPLE = registered(
    aiko=["lowers_security", "U0AIKO", AIKO],
    ken=["lowers_security", "costs_money", "U0KEN"],
    mari=["costs_money", "U0MARI"],
).people
CHANGES = (Change("FaceAuth-Enrollment", "LIVENESS_ROLLOUT_PERCENTAGE", "50", "0"),)
ASKED = ApprovalRequest(
    id=fingerprint("incident", "rollout_to_zero", CHANGES),
    incident="incident",
    remedy="rollout_to_zero",
    scope="",
    effect=Effect.LOWERS_SECURITY,
    at=NOW - timedelta(minutes=5),
    changes=CHANGES,
)


def row(person: str = "aiko", **more: Any) -> Json:
    at = more.pop("minutes", 1)
    return {
        "pk": ASKED.id,
        "sk": person,
        "decision": "approve",
        "principal": "U0AIKO",
        "at": (NOW - timedelta(minutes=at)).isoformat(),
        **more,
    }


def judged(*found: Json, asked: ApprovalRequest = ASKED, now: datetime = NOW) -> str:
    """The name of who approved, or the reason why it is not approved."""
    answer = check(found, asked, PEOPLE, now)
    return answer.kind.value if isinstance(answer, ExplainedReason) else answer.person


def test_an_approval_says_who_and_when() -> None:
    assert check((row(),), ASKED, PEOPLE, NOW) == Approval("aiko", NOW - timedelta(minutes=1))


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
        [row(decision="reject"), row("ken", principal="U0KEN")],
        "guard.rejected",
    ),
    "a rejection by a clock that is a little ahead": (
        [row(), row("ken", decision="reject", principal="U0KEN", minutes=-2)],
        "guard.rejected",
    ),
}


@all_rows(("found", "reason"), CASES.values())
def test_without_every_rule_there_is_no_approval(found: list[Json], reason: str) -> None:
    assert judged(*found) == reason


@pytest.mark.parametrize("first", [row("ada", principal="U0ADA"), row("aiko", minutes=-1)])
def test_what_one_person_may_not_do_does_not_hide_what_another_one_did(first: Json) -> None:
    assert judged(first, row("ken", principal="U0KEN")) == "ken"


@pytest.mark.parametrize(("minutes", "found"), [(15, "aiko"), (15.1, "guard.expired")])
def test_an_approval_is_good_for_15_minutes(minutes: float, found: str) -> None:
    assert judged(row(minutes=minutes), asked=replace(ASKED, at=NOW - timedelta(minutes=20))) == found


@pytest.mark.parametrize(("minutes", "found"), [(30, "aiko"), (30.1, "guard.expired")])
def test_a_proposal_is_good_for_30_minutes(minutes: float, found: str) -> None:
    old = replace(ASKED, at=NOW - timedelta(minutes=minutes))
    assert judged(row(minutes=0), asked=old) == found


def test_an_approval_of_a_revert_is_good_until_its_proposal_ends() -> None:
    asked = replace(BACK, at=NOW - timedelta(minutes=30))
    assert judged(row(minutes=29), asked=asked) == "aiko"
    assert judged(row(minutes=29), asked=asked, now=NOW + timedelta(seconds=1)) == "guard.expired"
    assert judged(row(minutes=1), asked=asked, now=NOW + timedelta(minutes=14)) == "aiko"
    weaker = replace(asked, changes=(replace(CHANGES[0], before="10", after="0"),))
    assert judged(row(minutes=15.1), asked=weaker) == "guard.expired"


@pytest.mark.parametrize("first", [90, 31])
def test_asking_for_a_revert_again_revives_no_approval(first: int) -> None:
    again = replace(BACK, since=NOW - timedelta(minutes=first), at=NOW - timedelta(minutes=1))
    assert judged(row(minutes=20), asked=again) == "guard.expired"
    assert judged(row(minutes=14), asked=again) == "aiko"
    assert judged(row(minutes=1), asked=again, now=again.expires) == "aiko"


def test_the_age_that_counts_is_the_approval_s() -> None:
    """Approved in the last minute of the proposal, carried out a little later."""
    old = replace(ASKED, at=NOW - timedelta(minutes=35))
    assert judged(row(minutes=6), asked=old) == "aiko"


def test_where_no_one_is_registered_no_one_can_approve() -> None:
    answer = check((row(),), ASKED, NO_PEOPLE, NOW)
    assert isinstance(answer, ExplainedReason)
    assert answer.kind is Refusal.NO_RIGHT


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
        ("incident", "rollout_to_zero revert", CHANGES),
        ("incident", "rollout_to_zero", (replace(ONE, target="FaceAuth-FaceLogin"),)),
        ("incident", "rollout_to_zero", (replace(ONE, setting="OTHER"),)),
        ("incident", "rollout_to_zero", (replace(ONE, before="100"),)),
        ("incident", "rollout_to_zero", (replace(ONE, after="10"),)),
        ("incident", "rollout_to_zero", (ONE, TWO)),
        ("incident", "rollout_to_zero", ()),
    ],
)
def test_a_proposal_is_bound_to_exactly_what_was_shown(other: tuple[str, str, Changes]) -> None:
    assert fingerprint(*other) != ASKED.id


def test_the_order_of_the_targets_does_not_make_another_proposal() -> None:
    assert fingerprint("i", "r", (ONE, TWO)) == fingerprint("i", "r", (TWO, ONE))


# --- where one person is not enough ----------------------------------------------------------------

WEAKER = replace(ASKED, remedy="lower_threshold")
KEN = row("ken", principal="U0KEN", minutes=2)
LAPTOP, PHONE = (f"arn:aws:sts::123456789012:assumed-role/OnCall/aiko{each}" for each in ("", ",phone"))
TWICE = registered(
    aiko=["lowers_security", "U0AIKO", AIKO, LAPTOP, PHONE],
    ken=["lowers_security", "U0KEN"],
    boss=["lowers_security", "U0BOSS"],
).people


def needed(*found: Json) -> str:
    answered = check(found, WEAKER, TWICE, NOW)
    return answered.kind.value if isinstance(answered, ExplainedReason) else answered.person


def test_two_people_are_named_and_the_later_one_gives_the_time() -> None:
    assert check((row(), KEN), WEAKER, TWICE, NOW) == Approval("ken, aiko", NOW - timedelta(minutes=1))


def test_with_one_of_two_the_answer_says_who_and_how_many() -> None:
    assert check((KEN,), WEAKER, TWICE, NOW) == Refusal.ONE_MORE(person="ken", people=2)


TOGETHER = {
    "one person twice": [row(), row()],
    "one identity under two names": [row(), row("mask", principal="U0AIKO")],
    "one person by Slack and by AWS": [row(), row(principal=AIKO)],
    "two sessions of one person": [row(principal=LAPTOP), row(principal=PHONE)],
    "a name in other capitals": [row(), row("AIko", principal=LAPTOP, minutes=0.5)],
    "a name in full-width letters": [row(), row("ａｉｋｏ", principal=LAPTOP, minutes=0.5)],
    "a name with a character of no width": [row(), row("aiko\u200b", principal=LAPTOP, minutes=0.5)],
    "one of the two too old": [row(), row("ken", principal="U0KEN", minutes=16)],
    "one of the two before it was asked": [row(), row("ken", principal="U0KEN", minutes=40)],
    "one of the two with another person's identity": [row(), row("ken", principal="U0BOSS")],
    "one of the two a stranger": [row(), row("eve", principal="U0EVE")],
}


@all_rows("found", TOGETHER.values())
def test_one_person_with_two_identities_counts_once(found: list[Json]) -> None:
    assert needed(*found) == "guard.one_more"
    assert needed(*reversed(found)) == "guard.one_more"
    assert needed(*found, row("boss", principal="U0BOSS", minutes=0)) == "aiko, boss"


# --- rejections ------------------------------------------------------------------------------------

BACK = replace(ASKED, order="revert", changes=(replace(CHANGES[0], before="0", after="50"),))
NO = {
    "a stranger's": row("eve", decision="reject", principal="U0EVE"),
    "a stranger's under the name of an approver": row("ken", decision="reject", principal="U0EVE"),
    "that of a person of another class": row("mari", decision="reject", principal="U0MARI"),
    "dated 2099": row("ken", decision="reject", principal="U0KEN", at="2099-01-01T00:00:00+00:00"),
    "of the near future": row("ken", decision="reject", principal="U0KEN", minutes=-2.1),
    "without a time": row("ken", decision="reject", principal="U0KEN", at=None),
    "with a time that cannot be read": row("ken", decision="reject", principal="U0KEN", at="today"),
    "with a time without a zone": row("ken", decision="reject", principal="U0KEN", at="2026-02-04T10:24:00"),
    "withdrawn": row("ken", decision="withdraw", principal="U0KEN"),
}


@all_rows("asked", [ASKED, BACK])
@all_rows("no", NO.values())
def test_a_rejection_that_breaks_a_rule_stops_nothing(no: Json, asked: ApprovalRequest) -> None:
    assert judged(no, row(), asked=asked) == "aiko"
    assert answer((no,), asked, PEOPLE, NOW).answer is ApprovalAnswer.OPEN


@all_rows("days", [0, 30, 365])
@all_rows("no", NO.values())
def test_a_revert_that_is_asked_for_again_can_always_be_approved(no: Json, days: int) -> None:
    later = NOW + timedelta(days=days, minutes=3)
    again = replace(BACK, at=later)
    yes = row(at=(later + timedelta(minutes=1)).isoformat())
    assert judged(no, yes, asked=again, now=later + timedelta(minutes=2)) == "aiko"


def test_a_rejected_revert_can_be_approved_once_it_is_asked_for_again() -> None:
    no = row("ken", decision="reject", principal="U0KEN")
    assert judged(no, row(), asked=BACK) == "guard.rejected"
    again = replace(BACK, at=NOW)
    assert judged(no, row(minutes=0), asked=again) == "aiko"


@pytest.mark.parametrize(("before", "after"), [("10", "0"), ("50", "10")], ids=["off", "fewer"])
def test_a_rejection_of_a_weaker_check_during_a_revert_holds_until_it_is_withdrawn(
    before: str, after: str
) -> None:
    other = Change("FaceAuth-FaceLogin", CHANGES[0].setting, "0", "50")
    weaker = replace(BACK, changes=(replace(CHANGES[0], before=before, after=after), other))
    again = replace(weaker, at=NOW)
    no = row("ken", decision="reject", principal="U0KEN")
    assert judged(no, row(minutes=0), asked=again) == "guard.rejected"
    assert answer((no,), again, PEOPLE, NOW).answer is ApprovalAnswer.REJECTED
    assert judged({**no, "decision": "withdraw"}, row(minutes=0), asked=again) == "aiko"


def test_one_rejection_outweighs_two_approvals() -> None:
    assert needed(row(), KEN, row("boss", principal="U0BOSS", decision="reject")) == "guard.rejected"


# --- the result ------------------------------------------------------------------------------------


def became(*found: Json, asked: ApprovalRequest = ASKED, now: datetime = NOW) -> tuple[ApprovalAnswer, str]:
    asking = answer(found, asked, TWICE, now)
    return asking.answer, asking.by


def test_what_no_one_answered_is_open_and_later_expired() -> None:
    assert became() == (ApprovalAnswer.OPEN, "")
    assert became(now=ASKED.expires) == (ApprovalAnswer.OPEN, "")
    assert became(now=ASKED.expires + timedelta(seconds=1)) == (ApprovalAnswer.EXPIRED, "")


def test_an_approval_in_time_outlives_the_proposal_for_a_while() -> None:
    late = ASKED.expires - timedelta(minutes=1)
    given = row(at=late.isoformat())
    assert became(given, now=late + timedelta(minutes=14)) == (ApprovalAnswer.APPROVED, "aiko")
    assert became(given, now=late + timedelta(minutes=16)) == (ApprovalAnswer.NOT_CARRIED_OUT, "aiko")


def test_an_approval_says_who_gave_it_and_when() -> None:
    asking = answer((row(), KEN), WEAKER, TWICE, NOW)
    assert (asking.answer, asking.by) == (ApprovalAnswer.APPROVED, "ken, aiko")
    assert asking.at == NOW - timedelta(minutes=1)


def test_one_of_two_leaves_it_open_and_is_named() -> None:
    assert became(row(), asked=WEAKER) == (ApprovalAnswer.OPEN, "aiko")


def test_a_rejection_says_who_and_when() -> None:
    asking = answer((row(), row("ken", decision="reject", principal="U0KEN")), ASKED, TWICE, NOW)
    assert (asking.answer, asking.by, asking.at) == (
        ApprovalAnswer.REJECTED,
        "ken",
        NOW - timedelta(minutes=1),
    )


def test_a_rejection_holds_after_the_proposal_has_ended() -> None:
    assert became(row(decision="reject"), now=NOW + timedelta(days=1))[0] is ApprovalAnswer.REJECTED


SPENT = replace(ASKED, since=NOW)


def test_what_was_carried_out_waits_for_no_one() -> None:
    assert became(row(), asked=replace(SPENT, carried_by="aiko")) == (ApprovalAnswer.CARRIED_OUT, "aiko")


def test_asked_again_after_its_use_it_needs_a_new_approval() -> None:
    again = replace(SPENT, at=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=3)
    assert became(row(), asked=again, now=later) == (ApprovalAnswer.OPEN, "")
    assert became(row(minutes=-2), asked=again, now=later) == (ApprovalAnswer.APPROVED, "aiko")


@pytest.mark.parametrize("found", [[row(principal="U0EVE")], [row("eve")]])
def test_what_a_stranger_writes_does_not_answer(found: list[Json]) -> None:
    assert became(*found) == (ApprovalAnswer.OPEN, "")


# --- acknowledgements ------------------------------------------------------------------------------

OPENED = NOW - timedelta(minutes=30)


def ack(person: str = "mari", **more: Any) -> Json:
    return row(person, **{"decision": "acknowledge", "principal": "U0MARI", **more})


def seen(*found: Json) -> list[str]:
    return [each.person for each in acknowledgements(found, OPENED, PEOPLE, NOW)]


def test_an_acknowledgement_keeps_the_time_that_its_row_says() -> None:
    assert acknowledgements((ack(),), OPENED, PEOPLE, NOW) == (Acknowledgement("mari", ack()["at"]),)


def test_anyone_who_may_approve_something_may_acknowledge_the_oldest_first() -> None:
    assert seen(ack(), ack("aiko", principal=AIKO, minutes=9)) == ["aiko", "mari"]


def test_a_clock_that_is_a_little_ahead_acknowledges_all_the_same() -> None:
    assert seen(ack(minutes=-2)) == ["mari"]


@pytest.mark.parametrize(
    "found",
    [
        ack(minutes=-2.1),
        ack(minutes=30.1),
        ack(at="now"),
        ack(decision="approve"),
        ack(principal="U0EVE"),
        ack("eve", principal="U0EVE"),
        ack("ken"),
    ],
    ids=["future", "before it began", "no time", "a decision", "wrong identity", "a stranger", "another's"],
)
def test_what_is_no_acknowledgement_holds_nothing(found: Json) -> None:
    assert seen(found) == []


# --- rows that anyone might have written ----------------------------------------------------------

VALUES = st.none() | st.text(max_size=30) | st.integers() | st.lists(st.integers(), max_size=2) | st.binary()
TIMES = st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
STRANGERS = st.fixed_dictionaries(
    {},
    optional={
        "pk": VALUES,
        "sk": VALUES | st.sampled_from(["aiko", "ken", "mari"]),
        "decision": VALUES | st.sampled_from(["approve", "reject", "acknowledge", "later"]),
        "principal": VALUES,
        "at": VALUES | TIMES,
    },
)


@given(st.lists(STRANGERS, max_size=5))
def test_no_row_of_a_stranger_approves_hides_an_approval_or_breaks_the_reading(
    found: list[Json],
) -> None:
    assert isinstance(check(tuple(found), ASKED, PEOPLE, NOW), ExplainedReason)
    assert answer(tuple(found), ASKED, PEOPLE, NOW).answer is ApprovalAnswer.OPEN
    assert judged(*found, row()) == "aiko"
    assert seen(*found) == []
    assert seen(*found, ack()) == ["mari"]


# --- the result ------------------------------------------------------------------------------------

MINUTE_AGO = NOW - timedelta(minutes=1)
DONE = replace(ASKED, since=NOW, carried_by="aiko")


def test_what_was_carried_out_says_who_had_approved_it_and_when_it_was() -> None:
    found = answer((row(),), DONE, PEOPLE, NOW + timedelta(hours=2))
    assert (found.answer, found.by, found.at) == (ApprovalAnswer.CARRIED_OUT, "aiko", NOW)
    assert found.said == (Vote("aiko", "approve", MINUTE_AGO),)


def test_an_approval_stays_carried_out_when_its_row_or_the_person_is_gone() -> None:
    for found in (answer((), DONE, PEOPLE, NOW), answer((row(),), DONE, NO_PEOPLE, NOW)):
        assert (found.answer, found.by, found.said) == (ApprovalAnswer.CARRIED_OUT, "aiko", ())


def test_a_rejection_that_came_too_late_does_not_deny_that_it_was_carried_out() -> None:
    late = row("ken", decision="reject", principal="U0KEN", minutes=-1)
    found = answer((row(), late), DONE, PEOPLE, NOW + timedelta(minutes=5))
    assert found.answer is ApprovalAnswer.CARRIED_OUT
    assert [(each.person, each.decision) for each in found.said] == [("aiko", "approve"), ("ken", "reject")]


def test_what_is_asked_again_is_open_again() -> None:
    assert (
        answer((row(),), replace(DONE, at=NOW + timedelta(minutes=1)), PEOPLE, NOW).answer
        is ApprovalAnswer.OPEN
    )


@pytest.mark.parametrize(
    ("asked", "now"),
    [
        # It could not be carried out as it was approved.
        (replace(ASKED, since=NOW), NOW + timedelta(minutes=1)),
        # It was not applied while the approval was good.
        (ASKED, NOW + timedelta(hours=1)),
    ],
)
def test_an_approval_that_led_to_nothing_is_not_reported_as_none(
    asked: ApprovalRequest, now: datetime
) -> None:
    found = answer((row(),), asked, PEOPLE, now)
    assert (found.answer, found.by, found.at) == (ApprovalAnswer.NOT_CARRIED_OUT, "aiko", MINUTE_AGO)


def test_where_one_of_two_approved_it_was_not_approved_in_time() -> None:
    both = replace(ASKED, remedy="lower_threshold")
    found = answer((row(),), both, PEOPLE, NOW + timedelta(hours=1))
    assert (found.answer, found.by) == (ApprovalAnswer.EXPIRED, "aiko")


def test_everyone_who_said_something_is_named_with_the_time_and_nothing_else_of_the_row() -> None:
    found = answer(
        (
            row("ken", decision="withdraw", principal="U0KEN", minutes=2),
            row("aiko", minutes=3),
            row("eve", principal="U0EVE"),
            row("mari", principal="U0MARI"),
            row("ken", principal="U0AIKO"),
            row(decision="acknowledge"),
            row(at="today"),
        ),
        ASKED,
        PEOPLE,
        NOW,
    )
    assert found.said == (
        Vote("aiko", "approve", NOW - timedelta(minutes=3)),
        Vote("ken", "withdraw", NOW - timedelta(minutes=2)),
    )


# --- requests to close an incident -----------------------------------------------------------------


def test_the_newest_request_to_close_counts_so_that_an_older_one_without_effect_hides_none() -> None:
    asked = [
        ack("aiko", decision="close", principal=AIKO, minutes=9),
        ack(decision="close", minutes=2),
    ]
    found = closing(tuple(asked), OPENED, PEOPLE, NOW)
    assert found is not None
    assert found.person == "mari"
