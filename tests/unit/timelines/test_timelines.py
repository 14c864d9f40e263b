"""The follow-up over all timelines: each goes as expected unless it is listed as a known miss."""

from collections.abc import Iterator
from typing import Any

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill.words import catalogue
from tests.timelines.catalogue import KNOWN_MISSES, timelines
from tests.timelines.expect import Said
from tests.timelines.play import judge
from tests.timelines.timeline import DAY, Timeline

pytestmark = pytest.mark.timeout(600)


# What they show, others or the tests of tests/unit/followup show as well, one by one: another rhythm, hour,
# answer or hand.
VARIANTS = {
    "ack-at-29",
    "ack-at-119",
    "ack-twice",
    "alarm-deleted",
    "approvals-away",
    "approved-under-stop",
    "automatic-at-150",
    "daylight-saving-america",
    "daylight-saving-europe",
    "deployment-restores",
    "flap-12-12",
    "flap-3-3",
    "flap-3-3-off",
    "flap-5-20",
    "flap-30-30",
    "flap-medium-12-12",
    "killed-at-119",
    "needed-by-another",
    "next-incident-acts",
    "observed-all-along",
    "off-in-vain-rejected",
    "on-demand-approved",
    "other-alarm-acts",
    "person-restores-half",
    "person-sets-another-value",
    "question-approved-at-100",
    "question-approved-at-200",
    "question-unanswered",
    "raised-to-high",
    "return-to-all-who-know",
    "second-return",
    "sns-throttles-40",
    "step-fails-untold",
    "three-steps-slow",
    "warm-paused",
    "warm-reverted",
    "years-end",
}


def cases() -> Iterator[Any]:
    for each in timelines():
        long = each.until >= DAY / 2 or each.id in VARIANTS
        yield pytest.param(each, id=each.id, marks=[pytest.mark.long] * long)


@pytest.mark.parametrize("timeline", list(cases()))
def test_a_timeline_goes_as_expected_unless_it_is_a_known_miss(timeline: Timeline) -> None:
    misses = [f"{miss.expected}: {miss.actual}" for miss in judge(timeline).misses]
    if timeline.id in KNOWN_MISSES:
        assert misses, f"{timeline.id} goes as expected now: take it out of KNOWN_MISSES"
    else:
        assert misses == []


def test_there_are_forty_at_least_and_each_has_its_own_name() -> None:
    names = [each.id for each in timelines()]
    assert len(names) == len(set(names)) >= 40
    assert set(names) >= VARIANTS


@pytest.mark.parametrize("language", list(Language))
def test_a_timeline_and_what_happens_in_it_have_words(language: Language) -> None:
    for each in timelines():
        sentences = (each.says, *(at.act.words for at in each.script))
        assert all(sentence.said(language) for sentence in sentences)
        abouts = {one.about for one in each.expects if isinstance(one, Said)} - {""}
        assert {f"timeline.about.{about}" for about in abouts} <= catalogue().keys()


def test_no_timeline_is_only_in_the_catalogue() -> None:
    described = {key.removeprefix("timeline.of.") for key in catalogue() if key.startswith("timeline.of.")}
    assert described == {each.id for each in timelines()}


def test_each_known_miss_is_a_timeline_and_says_what_is_wrong() -> None:
    assert set(KNOWN_MISSES) <= {each.id for each in timelines()}
    assert all(len(each.split()) > 3 for each in KNOWN_MISSES.values())
