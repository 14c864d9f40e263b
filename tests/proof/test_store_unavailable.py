"""The store is away from one moment on until that delivery ends: not one call of it fails, but all of them.

What was done is on no record then, and the claim cannot be freed. Only the next try can put that right.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from responder.core.errors import Unreachable
from tests.fakes import FakeAws
from tests.proof.async_invocation import unexpected_errors
from tests.proof.conftest import Note
from tests.proof.faulty_gateway import Cell, FaultyGateway
from tests.proof.invariants import AFTERWARDS, INVARIANTS
from tests.proof.matrix import Story, StoryRun, StoryStart, cells, clean
from tests.proof.scenario_stories import stories
from tests.proof.summary import WHOLE

pytestmark = pytest.mark.usefixtures("quiet", "no_look_is_late")

# Just before the first of these, and just before it is reported.
ACTS = (
    "update_function_configuration",
    "update_alias",
    "update_table",
    "put_provisioned_concurrency_config",
    "put_metric_alarm",
)
REPORTED = ("publish",)
STORE = ("get_item", "query", "put_item", "update_item", "delete_item", "transact_write_items")
EVERY = 1 if WHOLE else 15


def without_store(story: Story, moment: Cell) -> StoryStart:
    """The story with a store that is away from `moment` on, and back when that delivery has ended."""
    begun = story.begin()
    aws, before = begun.aws, list(begun.aws._faults)
    aws.between(moment.service, moment.operation, lambda: goes(aws))

    def code(gateway: FaultyGateway) -> Any:
        try:
            return begun.code(gateway)
        finally:
            aws._faults[:] = before

    return replace(begun, code=code, away=True)


def goes(aws: FakeAws) -> None:
    for operation in STORE:
        aws.fail("dynamodb", operation, Unreachable, times=10**9)


def wrong(played: StoryRun) -> Iterator[str]:
    yield from (f"{type(each).__name__} is no error of ours" for each in unexpected_errors(played.invocation))
    for holds in (*INVARIANTS, *AFTERWARDS):
        yield from holds(played)


@pytest.mark.parametrize("story", list(stories())[::EVERY], ids=str)
def test_an_act_is_recorded_by_the_next_delivery_once_the_store_is_back(story: Story, note: Note) -> None:
    found, calls = {}, cells(clean(story))
    firsts = (next((each for each in calls if each.operation in kind), None) for kind in (ACTS, REPORTED))
    moments = [each for each in firsts if each is not None]
    assert moments
    for moment in moments:
        played = clean(replace(story, begin=partial(without_store, story, moment)))
        invocation = played.invocation
        note("store away", moments=1, deliveries=len(invocation.gateways), failed=len(invocation.thrown))
        found[str(moment)] = list(wrong(played))
    assert not any(found.values()), json.dumps(found, indent=1)
