"""What follows from how applied remedies were assessed: the worst counts, in whatever order it arrives."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.assessment import (
    Assessment,
    AssessmentResult,
    RequestCount,
    TrackRecord,
    against,
    track_record,
)
from responder.store.ledger import Assessments
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.rows import all_rows

REMEDY, OTHER = "rollout_to_zero", "on_demand_billing"
NOT_JUDGED, HELPED, INEFFECTIVE, HARMFUL = AssessmentResult


def act(result: AssessmentResult, days: float = 0, **more: str) -> Assessment:
    """Of an act so many days ago, each of a separate incident."""
    about = {"scope": "all", "incident": f"high-error-rate-{days}", **more}
    remedy = about.pop("remedy", REMEDY)
    at = NOW - timedelta(days=days)
    return Assessment(remedy, about["scope"], about["incident"], at, result, judged=NOW)


def record() -> Assessments:
    aws = FakeAws()
    aws.dynamo.create("Incidents", "pk", "sk")
    return Assessments(aws, "Incidents")


def stored(*delivered: Assessment) -> tuple[Assessment, ...]:
    """What is on record after these were delivered, in this order."""
    table = record()
    for each in delivered:
        table.keep(each)
    return tuple(sorted(table.read(), key=lambda each: each.act))


@pytest.mark.parametrize("order", list(permutations([HELPED, INEFFECTIVE, HARMFUL])))
def test_of_one_act_the_worst_assessment_counts_in_any_order(order: tuple[AssessmentResult, ...]) -> None:
    (found,) = stored(*map(act, order))
    assert found.result is HARMFUL


def test_what_is_not_judged_is_not_on_record() -> None:
    assert stored(act(NOT_JUDGED)) == ()
    (found,) = stored(act(HELPED), act(NOT_JUDGED))
    assert found.result is HELPED


@given(
    st.lists(
        st.builds(act, st.sampled_from(AssessmentResult), st.sampled_from([0, 1, 20, 40])), max_size=6
    ).flatmap(lambda found: st.tuples(st.just(found), st.permutations([*found, *found])))
)
def test_neither_order_nor_repeats_change_what_is_on_record(
    given: tuple[list[Assessment], list[Assessment]],
) -> None:
    once, again = given
    assert stored(*once) == stored(*again)


def test_a_repeat_writes_nothing() -> None:
    table = record()
    assert [table.keep(act(INEFFECTIVE)) for _ in range(3)] == [True, False, False]


@all_rows(
    ("acts", "asked"),
    [
        ([], False),
        ([act(HARMFUL)], True),
        ([act(HARMFUL, remedy=OTHER)], False),
        ([act(HELPED), act(HELPED, 1), act(HARMFUL, 80)], True),
        ([act(INEFFECTIVE)], False),
        ([act(INEFFECTIVE), act(HELPED, 1), act(NOT_JUDGED, 2)], False),
        ([act(INEFFECTIVE), act(HELPED, 1), act(INEFFECTIVE, 30)], True),
        ([act(INEFFECTIVE), act(INEFFECTIVE, 30.01)], False),
        ([act(INEFFECTIVE), act(INEFFECTIVE, 1, remedy=OTHER)], False),
        # Three weeks apart each: the first and the last are no reason, each two neighbours are.
        ([act(INEFFECTIVE, days) for days in (0, 21, 42)], True),
    ],
)
def test_one_harmful_act_or_two_without_effect_within_30_days_are_a_reason_to_ask(
    acts: list[Assessment], asked: bool
) -> None:
    for order in permutations(acts):
        assert bool(against(order, REMEDY)) is asked


def test_the_acts_that_led_to_a_stop_lead_to_no_other_one() -> None:
    table = record()
    for each in (act(INEFFECTIVE), act(INEFFECTIVE, 1)):
        table.keep(each)
    for each in against(table.read(), REMEDY):
        table.count(each, "ask-rollout_to_zero")
    assert against(table.read(), REMEDY) == ()
    table.keep(act(INEFFECTIVE, 2))
    assert against(table.read(), REMEDY) == ()
    table.keep(act(INEFFECTIVE, 3))
    assert len(against(table.read(), REMEDY)) == 2


def test_harm_that_is_found_later_counts_although_the_act_has_led_to_a_stop() -> None:
    table = record()
    first = act(INEFFECTIVE)
    table.keep(first)
    table.count(first, "ask-rollout_to_zero")
    table.keep(act(HARMFUL))
    assert [each.result for each in against(table.read(), REMEDY)] == [HARMFUL]
    # A run that had counted the earlier one, and is late, takes nothing away.
    table.count(first, "ask-rollout_to_zero")
    assert against(table.read(), REMEDY)


def test_a_broken_row_hides_no_other() -> None:
    table = record()
    table.keep(act(HARMFUL))
    row = {"pk": {"S": "ASSESSMENTS"}, "sk": {"S": "x"}, "data": {"S": "{}"}}
    table.aws.call("dynamodb", "put_item", TableName="Incidents", Item=row)
    assert [each.result for each in table.read()] == [HARMFUL]


def test_the_record_counts_the_acts_of_90_days_that_were_judged() -> None:
    acts = [act(HELPED, days) for days in range(7)]
    acts += [act(INEFFECTIVE, 89), act(HARMFUL, 91), act(HARMFUL, 1, remedy=OTHER)]
    found = track_record(acts, REMEDY, NOW)
    assert (found, found.judged) == (TrackRecord(helped=7, ineffective=1), 8)
    # Wilson's interval: 7 of 8 is 52.9 % at least, 30 of 30 is 88.6 %.
    assert found.lower == pytest.approx(0.529, abs=0.001)
    assert TrackRecord(helped=30).lower == pytest.approx(0.886, abs=0.001)
    assert TrackRecord().lower == 0


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ((5, 100), (50, 100), True),
        ((5, 100), (12, 100), False),  # chance
        ((1, 20), (19, 19), False),  # 19 requests are too few
        ((0, 19), (20, 20), False),
        ((10, 20), (20, 20), True),
        ((20, 20), (20, 20), False),
        ((50, 100), (5, 100), False),
    ],
)
def test_it_got_worse_only_beyond_what_chance_explains(
    before: tuple[int, int], after: tuple[int, int], worse: bool
) -> None:
    assert RequestCount(*after).worse_than(RequestCount(*before)) is worse


def test_an_assessment_is_stored_whole() -> None:
    said = replace(act(HARMFUL), by="aiko", before=RequestCount(5, 60), after=RequestCount(50, 60))
    assert stored(said) == (said,)
