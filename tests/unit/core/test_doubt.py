from dataclasses import replace

import pytest

from responder.change import Change, Status
from responder.doubt import in_doubt, may_stand, unanswered, unreleased
from responder.text import text

pytestmark = pytest.mark.unit
CHANGE = Change("F", "MemorySize", "128", "1024", Status.FAILED)


def told(key: str, status: Status = Status.FAILED) -> tuple[bool, ...]:
    change = replace(CHANGE, status=status, note=text(key))
    return unanswered(change), in_doubt(change), unreleased(change), may_stand(change)


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("change.outcome_unknown", (True, True, False, True)),
        ("change.variables_lost", (False, True, False, True)),
        ("change.not_released", (False, False, True, True)),
        ("change.not_made", (False, False, False, False)),
        ("change.by_somebody", (False, False, False, False)),
    ],
)
def test_what_failed_and_may_be_set_all_the_same_is_known_by_its_note(
    key: str, found: tuple[bool, ...]
) -> None:
    assert told(key) == found
    assert told(key, Status.APPLIED) == (False,) * 4


def test_what_failed_without_a_note_is_not_set() -> None:
    assert not may_stand(CHANGE)
