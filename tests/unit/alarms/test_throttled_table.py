"""A throttled table is reported, and on-demand billing is proposed for it, by every alarm and whatever
leads."""

from collections.abc import Iterator
from functools import cache

import pytest

from responder.causes.absent import unusable
from responder.core.cause import Cause
from responder.core.modes import Mode
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.respond.playbook import Playbook
from tests.fakes.gateway import NOW
from tests.rows import each_of
from tests.unit.alarms.limits_world import load, table
from tests.unit.alarms.reported import STORIES
from tests.unit.alarms.test_playbooks import ALL
from tests.unit.alarms.world import SETTINGS, Variation, decided, healthy, put, throttled, without

# It answers unknown alarms, and never acts.
ANSWERING = {name: playbook for name, playbook in ALL.items() if name != "unknown_alarm"}
EACH = each_of("playbook", ANSWERING)
THROTTLED = (throttled(), put(capacity=table(load(throttled={2.0: 20.0, 3.0: 20.0}, peak=5))))
OF_THE_TABLE = {Cause.TABLE_THROTTLED, Cause.TABLE_CAPACITY}


EVERY_STORY = tuple(case.variations for _, cases in STORIES.values() for case in cases.values())


def can_answer(variations: tuple[Variation, ...]) -> bool:
    known = healthy()
    for variation in variations:
        variation(known)
    return unusable(Facts(known, NOW, SETTINGS, NOW)) is None


@cache
def stories(*, answerable: bool) -> tuple[tuple[Variation, ...], ...]:
    """Those in which the table can, or cannot, answer."""
    return tuple(variations for variations in EVERY_STORY if can_answer(variations) is answerable)


def verdicts(playbook: Playbook) -> Iterator[Verdict]:
    """What it makes of each story in which the table is throttled as well."""
    yield from (decided(playbook, *variations, *THROTTLED) for variations in stories(answerable=True))


def billing(verdict: Verdict) -> list[Proposal]:
    return [each for each in verdict.proposals if each.remedy == "on_demand_billing"]


def causes(verdict: Verdict) -> list[Cause]:
    return [verdict.cause.kind, *(each.kind for each in verdict.others)]


@EACH
def test_whatever_leads_on_demand_billing_is_proposed_the_table_named_once_and_nothing_normal(
    playbook: Playbook,
) -> None:
    found = list(verdicts(playbook))
    assert found
    for verdict in found:
        assert [each.at_most for each in billing(verdict)] == [Mode.AUTO], verdict.cause.kind
        named = causes(verdict)
        assert len([each for each in named if each in OF_THE_TABLE]) == 1
        assert not [each for each in named if each.normal]
        assert verdict.steps[-1].key == "step.escalate_lead"


@EACH
def test_a_table_that_can_answer_nothing_is_not_called_throttled(playbook: Playbook) -> None:
    """Neither a deleted table nor one without its key can be switched."""
    assert stories(answerable=False)
    for variations in stories(answerable=False):
        verdict = decided(playbook, *variations, *THROTTLED)
        assert billing(verdict) == []
        assert not OF_THE_TABLE & set(causes(verdict))


@EACH
@pytest.mark.parametrize("minutes", [0, 1])
def test_one_throttled_minute_is_too_little(playbook: Playbook, minutes: int) -> None:
    few = {2.0: 40.0} if minutes else {}
    verdict = decided(playbook, throttled(minutes), put(capacity=table(load(throttled=few, peak=5))))
    assert billing(verdict) == []
    assert not OF_THE_TABLE & set(causes(verdict))


@EACH
def test_a_table_that_could_not_be_looked_at_is_not_called_throttled(playbook: Playbook) -> None:
    own = [case.variations for book, cases in STORIES.values() for case in cases.values() if book == playbook]
    for variations in (*own, ()):
        verdict = decided(playbook, *variations, *THROTTLED, without("table_pressure", "capacity"))
        assert billing(verdict) == []
