"""A person's decision is recorded by the rules of `check`, from the console and from Slack alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.core.command import CommandKind
from responder.core.errors import Refused
from responder.core.reasons import ExplainedReason
from responder.core.settings import Settings
from responder.followup_rules.seen import ApprovalAnswer
from responder.store.approval_writer import ApprovalWriter, tidy
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.fakes.registered import registered
from tests.unit.core.test_approvals import ASKED

SETTINGS = Settings(approvals_table="Approvals")
PEOPLE = registered(
    aiko=["lowers_security", "U0AIKO"], ken=["lowers_security", "U0KEN"], mari=["costs_money", "U0MARI"]
).people


@pytest.fixture
def aws() -> FakeAws:
    made = FakeAws(NOW)
    made.dynamo.create("Approvals", "pk", "sk")
    return made


def pen(aws: FakeAws, person: str = "aiko") -> ApprovalWriter:
    return ApprovalWriter(aws, SETTINGS, PEOPLE, person, f"U0{person.upper()}")


def test_only_a_person_of_the_class_may_reject(aws: FakeAws) -> None:
    with pytest.raises(Refused, match=r"denial\.no_right"):
        pen(aws, "mari").reject(ASKED, "not now", NOW)
    assert aws.dynamo.rows("Approvals") == []


def test_a_withdrawn_rejection_prevents_no_approval_and_its_writer_may_approve(aws: FakeAws) -> None:
    aiko = pen(aws)
    aiko.reject(ASKED, "not now", NOW)
    assert aiko.said(ASKED, NOW).answer is ApprovalAnswer.REJECTED
    aiko.withdraw(ASKED, NOW)
    assert aiko.said(ASKED, NOW).answer is ApprovalAnswer.OPEN
    aiko.approve(ASKED, NOW)
    assert not isinstance(aiko.enough(ASKED, NOW), ExplainedReason)


def test_a_withdrawal_sent_twice_is_one(aws: FakeAws) -> None:
    pen(aws).reject(ASKED, "not now", NOW)
    first = pen(aws).withdraw(ASKED, NOW)
    assert pen(aws).withdraw(ASKED, NOW + timedelta(minutes=1)) == first


def test_an_approval_of_another_person_counts_again_once_the_rejection_is_withdrawn(aws: FakeAws) -> None:
    pen(aws, "ken").approve(ASKED, NOW)
    pen(aws).reject(ASKED, "not now", NOW)
    assert isinstance(pen(aws).enough(ASKED, NOW), ExplainedReason)
    pen(aws).withdraw(ASKED, NOW)
    assert not isinstance(pen(aws).enough(ASKED, NOW), ExplainedReason)


@pytest.mark.parametrize("wrote", ["nothing", "an approval"])
def test_only_a_rejection_can_be_withdrawn(aws: FakeAws, wrote: str) -> None:
    if wrote == "an approval":
        pen(aws).approve(ASKED, NOW)
    before = aws.dynamo.rows("Approvals")
    with pytest.raises(Refused, match=r"denial\.not_rejected"):
        pen(aws).withdraw(ASKED, NOW)
    assert aws.dynamo.rows("Approvals") == before


def test_no_one_withdraws_the_rejection_of_another_person(aws: FakeAws) -> None:
    pen(aws, "ken").reject(ASKED, "not now", NOW)
    with pytest.raises(Refused, match=r"denial\.not_rejected"):
        pen(aws).withdraw(ASKED, NOW)
    assert pen(aws).said(ASKED, NOW).answer is ApprovalAnswer.REJECTED


def test_after_a_withdrawal_one_can_reject_again(aws: FakeAws) -> None:
    pen(aws).reject(ASKED, "not now", NOW)
    pen(aws).withdraw(ASKED, NOW)
    pen(aws).reject(ASKED, "not now either", NOW + timedelta(minutes=1))
    assert pen(aws).said(replace(ASKED), NOW + timedelta(minutes=1)).answer is ApprovalAnswer.REJECTED


def test_what_was_approved_before_a_rejection_is_approved_anew_once_it_is_asked_for_again(
    aws: FakeAws,
) -> None:
    later = [NOW + timedelta(minutes=each) for each in range(5)]
    back = tuple(replace(each, before=each.after, after=each.before) for each in ASKED.changes)
    asked = replace(ASKED, order=CommandKind.REVERT, changes=back, since=NOW)
    pen(aws, "ken").approve(asked, NOW)
    pen(aws).reject(asked, "not now", later[1])
    again = replace(asked, at=later[2])
    assert pen(aws).said(again, later[3]).answer is ApprovalAnswer.OPEN
    assert isinstance(pen(aws).enough(again, later[3]), ExplainedReason)
    assert pen(aws, "ken").approve(again, later[3]) == later[3]
    assert not isinstance(pen(aws).enough(again, later[4]), ExplainedReason)


def test_the_id_of_a_session_that_a_person_types_is_neither_kept_nor_reported() -> None:
    session = "0F3A2B1C-7d6e-4f50-8a9b-1c2d3e4f5a6b"
    assert tidy(f"fails only\nfor {session}, not for others") == "fails only for […], not for others"
    assert session[:20] not in tidy("x" * 480 + session)
