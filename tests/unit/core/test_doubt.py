from dataclasses import replace

import pytest

from responder.core.change import Change, Status, in_doubt, may_be_in_force, unanswered, unreleased
from responder.core.reasons import FailureKind

CHANGE = Change("F", "MemorySize", "128", "1024", Status.FAILED)


def reported(kind: FailureKind, status: Status = Status.FAILED) -> tuple[bool, ...]:
    change = replace(CHANGE, status=status, note=kind())
    return unanswered(change), in_doubt(change), unreleased(change), may_be_in_force(change)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (FailureKind.OUTCOME_UNKNOWN, (True, True, False, True)),
        (FailureKind.VARIABLES_LOST, (False, True, False, True)),
        (FailureKind.NOT_RELEASED, (False, False, True, True)),
        (FailureKind.NOT_MADE, (False, False, False, False)),
        (FailureKind.CHANGED_MEANWHILE, (False, False, False, False)),
    ],
)
def test_the_note_of_a_failed_change_says_whether_it_may_be_in_force(
    kind: FailureKind, found: tuple[bool, ...]
) -> None:
    assert reported(kind) == found
    assert reported(kind, Status.APPLIED) == (False,) * 4


def test_what_failed_without_a_note_is_not_set() -> None:
    assert not may_be_in_force(CHANGE)
