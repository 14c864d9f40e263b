"""A role's session is a person only where the caller cannot choose its name."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from responder.core.errors import AwsError, Denied
from responder.evidence.role_sessions import Unbound, because, judged, unbound
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.evidence.trust_policies import (
    ACCOUNT,
    BOUND,
    CENTER,
    FREE,
    HANA,
    OTHER,
    OWN,
    ROLE,
    ROOT,
    SSO,
    Statement,
    allow,
    trust,
)

DOCS = Path(__file__).parents[3] / "docs"


@all_rows("statements", BOUND.values())
def test_a_name_that_is_the_caller_s_own_is_a_person(statements: list[Statement]) -> None:
    assert judged(ROLE, trust(statements)) is None


@all_rows(("why", "statements"), FREE.values())
def test_a_name_that_can_be_chosen_is_no_one(why: Unbound, statements: list[Statement]) -> None:
    assert judged(ROLE, trust(statements)) is why


def test_one_statement_needs_no_list() -> None:
    assert judged(ROLE, trust(allow(OWN))) is None


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_in_an_old_policy_a_variable_is_plain_text(version: str | None) -> None:
    assert judged(ROLE, trust([allow(OWN)], version)) is Unbound.NAME


@pytest.mark.parametrize("document", [None, "", "{", [], {}, trust([]), trust(["x", allow(OWN)])])
def test_a_malformed_trust_policy_is_reported_as_unreadable(document: Any) -> None:
    assert judged(ROLE, document) is Unbound.UNREADABLE


@pytest.mark.parametrize(
    ("role", "found"),
    [
        (SSO, None),
        (f"{CENTER}/AWSReservedSSO_OnCall_0123456789abcdef", None),
        (f"arn:aws:iam::{ACCOUNT}:role/AWSReservedSSO_OnCall_0123456789abcdef", Unbound.NAME),
        (f"arn:aws:iam::{ACCOUNT}:role/mine/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_0", Unbound.NAME),
        (f"{CENTER}/OnCall", Unbound.NAME),
    ],
)
def test_identity_center_writes_the_names_of_its_sessions(role: str, found: Unbound | None) -> None:
    """Only under the path that AWS keeps to itself: anyone can make a role with such a name."""
    assert judged(role, trust([allow()])) is found


@pytest.mark.parametrize("page", ["people.md", "people.ja.md"])
def test_the_trust_policies_of_the_guide_count(page: str) -> None:
    blocks = re.findall(r"```json\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    policies = [found for each in blocks if "Statement" in (found := json.loads(each))]
    assert len(policies) == 3
    assert [judged(ROLE, each) for each in policies] == [None] * 3


# --- an identity, as AWS names a caller


def aws(role: str, statements: list[Statement]) -> FakeAws:
    made = FakeAws()
    made.answer("iam", "get_role", {"Role": {"Arn": role, "AssumeRolePolicyDocument": trust(statements)}})
    return made


def test_an_iam_user_is_a_person_without_a_question() -> None:
    fake = FakeAws()
    assert unbound(fake, HANA) is None
    assert fake.calls == []


def test_a_session_is_judged_by_its_role() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana"
    fake = aws(ROLE, [allow(OWN)])
    assert unbound(fake, session) is None
    assert [arguments for _, _, arguments in fake.calls] == [{"RoleName": "OnCall"}]
    assert unbound(aws(ROLE.replace("role/", "role/people/"), [allow()]), session) is Unbound.NAME


def test_a_role_of_another_account_is_never_mistaken_for_ours_of_the_same_name() -> None:
    session = f"arn:aws:sts::{OTHER}:assumed-role/OnCall/hana"
    assert unbound(aws(ROLE, [allow(OWN)]), session) is Unbound.ANOTHER_ACCOUNT
    own = f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana"
    assert unbound(aws(f"{ROLE}2", [allow(OWN)]), own) is Unbound.ANOTHER_ACCOUNT


@pytest.mark.parametrize(
    "identity",
    [
        ROOT,
        f"arn:aws:sts::{ACCOUNT}:federated-user/hana",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana/ken",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana ken",
        ACCOUNT,
        "U0A1",
        "",
    ],
)
def test_any_other_identity_is_not_a_person(identity: str) -> None:
    """A federated user's name, too, is chosen by the caller who asks for its keys."""
    assert unbound(FakeAws(), identity) is Unbound.NO_PERSON


def test_a_role_that_cannot_be_read_is_not_waved_through() -> None:
    fake = aws(ROLE, [allow(OWN)])
    fake.fail("iam", "get_role", Denied("iam", "get_role", "AccessDenied"))
    with pytest.raises(AwsError):
        unbound(fake, f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana")


@pytest.mark.parametrize("why", Unbound)
def test_every_reason_can_be_said_and_names_the_role(why: Unbound) -> None:
    given = because(why, f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/hana")
    for form in catalogue()[given.key]:
        assert why is Unbound.NO_PERSON or "OnCall" in form.format(**given.values)
