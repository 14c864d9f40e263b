"""What happens between a question and its approval: a person's change, another alarm's act."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from responder.core.change import Plan
from responder.core.context import Context
from responder.remedies import Remedy
from tests.unit.remedies.test_code_through_the_shell import (
    CASES,
    OTHER_ALARM,
    REPAIR,
    TABLE,
    Case,
    apply,
    broken,
    raised,
)
from tests.unit.respond.scene import ALARM, RESULT, Scene


class Late:
    """The other one is faster: just before, or just after this one reads the target."""

    def __init__(self, remedy: Remedy, other: Callable[[], Any], before: bool) -> None:
        self._remedy, self._other, self._before = remedy, [other], before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._remedy, name)

    def prepare(self, context: Context) -> Plan:
        found = None if self._before else self._remedy.prepare(context)
        if self._other:
            self._other.pop()()
        return found or self._remedy.prepare(context)


def asked_with_alias() -> tuple[Scene, tuple[str, str]]:
    scene = broken(REPAIR)
    scene.aws.lambdas.release(RESULT, "live")
    return scene, raised(scene, ALARM)


def two(case: Case) -> tuple[Scene, Scene, tuple[str, str], tuple[str, str]]:
    """Two alarms ask for the same."""
    first = broken(case)
    second = copy.copy(first)
    second.playbook = replace(first.playbook, slug="get-result-errors")
    second.environment = dict(first.environment)
    return first, second, raised(first, ALARM), raised(second, OTHER_ALARM)


def test_what_a_person_changed_since_is_not_released_with_a_repair_that_was_approved_before() -> None:
    scene, question = asked_with_alias()
    scene.aws.tick(minutes=2)
    scene.aws.lambdas.person_sets(RESULT, LOG_LEVEL="debug")
    result = apply(scene, REPAIR, question)
    assert (result["result"], result["because"]["key"]) == ("refused", "guard.proposal_changed")
    assert scene.aws.lambdas.variables(RESULT, "live") == {"LOG_LEVEL": "info"}


def test_asked_again_with_that_change_reported_it_is_carried_out() -> None:
    scene, question = asked_with_alias()
    scene.aws.tick(minutes=2)
    scene.aws.lambdas.person_sets(RESULT, LOG_LEVEL="debug")
    scene.aws.tick(minutes=1)
    scene.command("re-evaluate", incident=question[0])
    scene.aws.tick(minutes=1)
    assert apply(scene, REPAIR, question)["result"] == "applied"
    assert TABLE in scene.aws.lambdas.variables(RESULT)


@CASES
@pytest.mark.parametrize(
    ("before", "result", "reason"), [(True, "already", "guard.linked"), (False, "refused", "guard.cooldown")]
)
def test_the_second_of_two_simultaneous_acts_names_the_first_incident(
    case: Case, before: bool, result: str, reason: str
) -> None:
    first, second, one, other = two(case)
    late: Any = Late(case.remedy, lambda: apply(first, case, one), before)
    second.playbook = replace(second.playbook, remedies=(late,))
    found = apply(second, case, other)
    assert (found["result"], found["because"]["key"]) == (result, reason)
    assert found["because"]["values"]["incident"] == one[0]
    assert first.aws.count("lambda", case.write) == 1
