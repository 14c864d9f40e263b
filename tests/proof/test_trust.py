"""Trust is lost automatically and given by people alone: over 100,000 histories of assessments that arrive in
any order, more than once, from processes that die, between people who set modes and create and remove stops.

1. Nothing but a person's act lets a remedy do more than before.
2. No remedy ever does more than its ceiling allows.
3. No stop is written over, and no mode is written at all.
4. Without people, the order of deliveries and their repeats do not matter.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from responder.core.assessment import Assessment, AssessmentResult
from tests.proof.conftest import Note
from tests.proof.seeded_random import rounds
from tests.proof.trust_model import KNOWN, Stack, acts, by_people, ceiling

PART = "trust"
# A shard takes some ten seconds of CPU: minutes on a machine that does other work, too.
pytestmark = pytest.mark.timeout(900)
# Together 100,000 histories.
SHARDS, FEW, WHOLE = 10, 40, 10_000
_HARMFUL, _INEFFECTIVE = AssessmentResult.HARMFUL, AssessmentResult.INEFFECTIVE


def deliveries(rng: Random, found: Sequence[Assessment]) -> list[Assessment]:
    """Each at least once, some more often, in any order."""
    every = [*found, *rng.choices(found, k=rng.randint(0, len(found)))]
    return rng.sample(every, len(every))


def expected(found: Sequence[Assessment]) -> set[str]:
    """The stops that these acts lead to, by the words of the rule alone."""
    worst: dict[tuple[str, str], Assessment] = {}
    for each in found:
        known = worst.get((each.remedy, each.incident))
        if known is None or each.result.rank > known.result.rank:
            worst[each.remedy, each.incident] = each
    stops = set()
    for remedy in (name for name in KNOWN if ceiling(name) == 2):
        mine = [each for each in worst.values() if each.remedy == remedy]
        vain = [each for each in mine if each.result is _INEFFECTIVE]
        pairs = any(abs(one.at - other.at) <= timedelta(days=30) for one, other in combinations(vain, 2))
        if pairs or any(each.result is _HARMFUL for each in mine):
            stops.add(f"ask-{remedy}")
    return stops


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_but_a_person_lets_a_remedy_do_more(shard: int, note: Note) -> None:
    histories = events = lost = 0
    for rng in rounds(f"trust {shard}", FEW, WHOLE):
        stack, histories = Stack(), histories + 1
        for each in deliveries(rng, acts(rng)):
            while rng.random() < 0.4:
                by_people(rng, stack)
                events += 1
                assert all(power <= ceiling(name) for name, power in stack.powers.items())
            before, known = stack.powers, dict(stack.aws.parameters)
            stack.deliver(each, rng.choice((None, None, 0, 1, 2)))
            after, events = stack.powers, events + 1
            assert all(after[name] <= before[name] <= ceiling(name) for name in KNOWN)
            # What was there is there, as it was.
            assert known.items() <= stack.aws.parameters.items()
            lost += after != before
    assert lost
    note(PART, histories=histories, events=events, trust_lost=lost)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_order_of_deliveries_does_not_matter(shard: int, note: Note) -> None:
    orders = stopped = 0
    for rng in rounds(f"trust order {shard}", FEW, WHOLE // 2):
        found, ended = acts(rng), []
        for _ in range(2):
            stack = Stack()
            for each in deliveries(rng, found):
                # One that died half-way is delivered again.
                for dies in (rng.choice((None, 0, 1, 2)), None):
                    stack.deliver(each, dies)
            ended.append((stack.record, stack.asking, stack.powers))
            orders += 1
        assert ended[0] == ended[1]
        assert ended[0][1] == expected(found)
        stopped += bool(ended[0][1])
    assert stopped
    note(PART, orders=orders)


def test_what_led_to_a_stop_leads_to_no_other_one_after_a_person_has_removed_it(note: Note) -> None:
    removed = 0
    for rng in rounds("trust again", FEW, WHOLE):
        stack, found = Stack(), acts(rng)
        for each in deliveries(rng, found):
            stack.deliver(each)
        for name in sorted(stack.asking):
            stack.remove(name)
            removed += 1
        for each in deliveries(rng, found):
            stack.deliver(each)
        assert stack.asking == set()
    assert removed
    note(PART, stops_removed=removed)
