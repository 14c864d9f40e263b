"""A follow-up with a defect is caught: the timeline it breaks has a miss that it does not have otherwise."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from responder.followup import perform
from responder.followup.messages import report as telling
from responder.followup_rules import duties, escalation
from responder.messages.publish import publish
from tests.timelines.catalogue import timelines
from tests.timelines.play import judge
from tests.timelines.timeline import Timeline

type Defect = Callable[[], AbstractContextManager[Any]]


def rules(**changed: Any) -> AbstractContextManager[Any]:
    """The rules, with one of them replaced by its name."""
    found = tuple(changed.get(rule.__name__, rule) for rule in duties.RULES)
    return patch.object(duties, "RULES", found)


def nothing(*_: Any) -> Iterator[Any]:
    return iter(())


def late(seen: Any, watch: Any) -> Iterator[Any]:
    """The ladder, as if the incident had begun seven minutes later."""
    yield from escalation.escalate(replace(seen, opened=seen.opened + timedelta(minutes=7)), watch)


def twice(publish: Any) -> Any:
    def publishes(*given: Any) -> None:
        publish(*given)
        publish(*given)

    return publishes


def deadline_of_now(reported: Any) -> Any:
    def reports(duty: Any, seen: Any, *rest: Any) -> Any:
        report = reported(duty, seen, *rest)
        return report if report is None else replace(report, since=seen.now)

    return reports


DEFECTS: dict[str, tuple[str, str, Defect]] = {
    "no level is notified": ("high-unanswered", "level 2 is notified", lambda: rules(escalate=nothing)),
    "the levels are told late": ("high-unanswered", "level 2 is notified", lambda: rules(escalate=late)),
    "it is never decided again": (
        "high-unanswered",
        "evaluated again before minute 5",
        lambda: rules(re_evaluate=nothing),
    ),
    "it never closes": ("short-alarm", "closed by", lambda: rules(over=nothing)),
    "every mail comes twice": (
        "high-unanswered",
        "at most one mail an hour to level 2",
        lambda: patch.object(perform, "publish", twice(publish)),
    ),
    "the deadline moves on with each mail": (
        "short-alarm",
        "deadline and beginning",
        lambda: patch.object(perform, "duty_report", deadline_of_now(telling.duty_report)),
    ),
}


def first_hour(name: str) -> Timeline:
    """Each defect shows by then."""
    (one,) = timelines(name)
    return replace(one, until=min(one.until, 65))


@cache
def before(name: str) -> frozenset[str]:
    """What the timeline misses without the defect."""
    return frozenset(str(miss.expected) for miss in judge(first_hour(name)).misses)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_makes_a_timeline_miss(defect: str) -> None:
    name, missed, plant = DEFECTS[defect]
    expected = before(name)
    with plant():
        found = {str(miss.expected) for miss in judge(first_hour(name)).misses} - expected
    assert any(each.startswith(missed) for each in found), found
