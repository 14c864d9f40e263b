"""One call that is refused, or answered without what was asked for, costs its own line and no other."""

from typing import Any

import pytest

from rehearsal.world.names import ROLE
from responder.checks.base import Check
from responder.checks.finding import GREEN, RED, UNKNOWN
from responder.checks.model import CheckSection
from responder.checks.security.audit import Security
from responder.checks.storage.bucket import Storage
from responder.checks.storage.table import SessionsTable
from responder.core.errors import AwsError, Denied, Missing, Rejected, Throttled, Unreachable
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import Safe, corrected, faults

CHECKS: tuple[Check, ...] = (Storage(), SessionsTable(), Security())
OTHER = "arn:aws:iam::aws:policy/Other"


def world() -> Safe:
    made = corrected()
    made.attached[ROLE].append(OTHER)
    made.managed[OTHER] = {"Statement": []}
    made.ownership = "ObjectWriter"
    return made


def calls() -> list[tuple[Check, str, str]]:
    """Every call that a check makes."""
    found = []
    for check in CHECKS:
        made = world()
        made.run(check)
        found += sorted({(check.name, service, operation) for service, operation, _ in made.aws.calls})
    by_name = {check.name: check for check in CHECKS}
    return [(by_name[name], service, operation) for name, service, operation in found]


CALLS = calls()
EACH = pytest.mark.parametrize(
    ("check", "service", "operation"),
    CALLS,
    ids=[f"{check.name}-{operation}" for check, _, operation in CALLS],
)
RIGHTS = {
    "get_bucket_encryption": "GetEncryptionConfiguration",
    "get_bucket_replication": "GetReplicationConfiguration",
    "get_bucket_lifecycle_configuration": "GetLifecycleConfiguration",
    "get_public_access_block": "GetBucketPublicAccessBlock",
    "list_objects_v2": "ListBucket",
}


def well(section: CheckSection) -> set[str]:
    """What is reported with a green light."""
    return {reported(each) for each in section.items if each.light is GREEN}


@EACH
def test_without_one_right_the_page_says_which_and_keeps_all_the_rest(
    check: Check, service: str, operation: str
) -> None:
    made, whole = world(), world().run(check)
    made.refuse(Denied, "AccessDenied", (service, operation))
    section = made.run(check)
    right = f"{service}:{RIGHTS.get(operation, ''.join(part.title() for part in operation.split('_')))}"
    assert any(right in reported(each) for each in section.items)
    assert well(section) <= well(whole)
    check_words(section)


@EACH
@pytest.mark.parametrize("error", [Throttled, Unreachable, Rejected, Missing])
def test_whatever_else_goes_wrong_with_one_call_is_a_line(
    check: Check, service: str, operation: str, error: type[AwsError]
) -> None:
    made = world()
    made.refuse(error, "Code", (service, operation))
    section = made.run(check)
    assert {UNKNOWN, RED} & {each.light for each in section.items} or OTHER in str(section)
    check_words(section)


@EACH
def test_an_answer_without_what_was_asked_for_is_never_called_well(
    check: Check, service: str, operation: str
) -> None:
    # Of versions S3 says nothing until they are set; where there may be none, an empty list is an answer.
    empty_is_an_answer = operation.startswith("list_") or operation in (
        "get_bucket_versioning",
        "get_metric_data",
    )
    made, whole = world(), world().run(check)
    nothing: Any = [{}] if operation == "get_metric_data" else {}
    made.aws.answer(service, operation, nothing)
    section = made.run(check)
    if not empty_is_an_answer:
        assert well(section) < well(whole)
        assert faults(section)


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.name)
def test_in_an_account_with_nothing_in_it_nothing_is_called_well(check: Check) -> None:
    made = Safe()
    codes = {"s3": "NoSuchBucket", "iam": "NoSuchEntity", "dynamodb": "ResourceNotFoundException"}
    codes |= {"lambda": "ResourceNotFoundException", "sns": "NotFound"}
    for _, service, operation in CALLS:
        if service == "cloudformation":
            made.refuse(Rejected, "ValidationError", (service, operation))
        elif service in codes:
            made.refuse(Missing, codes[service], (service, operation))
    made.aws.answer("lambda", "list_functions", {"Functions": []})
    section = made.run(check)
    assert section.light is RED
    assert GREEN not in {each.light for each in section.items}
    check_words(section)
