"""Stops that have ended are removed, those that stop something never."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.aws.gateway import LOOK_SECONDS
from responder.checks.finding import AMBER
from responder.checks.readiness.settings import pauses
from responder.core.context import Context, Gateway
from responder.core.errors import Denied, Throttled
from responder.core.plain_data import Json
from responder.core.switches import KEPT, Stop, read_stop, switches
from responder.store.switches import create_stop, read_switches
from tests.unit.watchdog.world import World

pytestmark = pytest.mark.unit
NAMED = "/responder/stops/"
PAST = '{"until": "2020-01-01T00:00:00Z"}'
# What a page of GetParametersByPath is taken to need within one Region, in seconds: measured nowhere, and
# several times what a call to SSM usually takes.
ROUND_TRIP = 0.06


@pytest.fixture
def world() -> World:
    return World()


def test_what_ended_over_an_hour_ago_is_removed_and_nothing_else(world: World) -> None:
    hour = KEPT.total_seconds() / 60
    world.stops("over", world.ago(hour))
    world.stops("just-over", world.ago(hour - 1))
    world.stops("in-force", world.ago(-60))
    world.stops("ahead", world.ago(-120), since=world.ago(-60))
    world.stops("endless", None)
    world.aws.ssm.parameters |= {f"{NAMED}text": "stop", f"{NAMED}everything": PAST}
    world.aws.ssm.parameters |= {f"{NAMED}ask-rollout_to_zero": PAST}
    world.aws.ssm.parameters |= {"/responder/modes": "{}", "/other/stops/over": PAST}
    before = set(world.aws.ssm.parameters)
    world.round()
    assert before - set(world.aws.ssm.parameters) == {f"{NAMED}over"}


def test_a_stop_that_ssm_turns_away_for_its_rate_is_written_again(world: World) -> None:
    world.aws.fail("ssm", "put_parameter", Throttled, times=4)
    waited: list[float] = []
    stop = Stop("now", "U0A1", "deployment", None)
    assert create_stop(world.aws, world.settings, stop, pause=waited.append)
    assert world.aws.ssm.parameters[f"{NAMED}now"] == stop.to_json()
    assert len(waited) == 4


VALUES = st.recursive(st.none() | st.text(), lambda part: st.dictionaries(st.text(), part))


@given(st.text() | VALUES.map(json.dumps))
def test_a_stop_that_is_in_force_or_cannot_be_read_is_never_removed(value: str) -> None:
    world = World()
    world.aws.ssm.parameters[f"{NAMED}x"] = value
    world.round()
    assert world.stopped == [] if read_stop("x", value).over(world.aws.now - KEPT) else world.stopped == ["x"]


def test_four_hundred_are_gone_after_four_rounds_and_until_then_they_are_read_in_time(world: World) -> None:
    for number in range(400):
        world.stops(f"slack-U0A1-{number:03}", world.ago(180))
    world.aws.answer("cloudwatch", "list_alarm_mute_rules", {"AlarmMuteRuleSummaries": []})
    slow = Paged(world)
    found = read_switches(Context(slow, world.settings, world.aws.now, world.aws.now), "FaceAuth-One")
    assert (len(found.stops), found.active(world.aws.now)) == (400, ())
    # As AWS answers: ten a page, one page after the other.
    assert slow.pages_read == 41
    assert slow.pages_read * ROUND_TRIP < LOOK_SECONDS
    for left in (300, 200, 100, 0):
        world.round()
        assert len(world.stopped) == left


class Paged(Gateway):
    """The same parameters in pages of ten, which is the most that AWS gives (MaxResults of the API)."""

    def __init__(self, world: World) -> None:
        self.aws, self.pages_read = world.aws, 0

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if service != "ssm":
            return self.aws.call(service, operation, **arguments)
        first = int(arguments.pop("NextToken", 0))
        found = self.aws.call(service, operation, **arguments)["Parameters"]
        self.pages_read += 1
        more = {"NextToken": str(first + 10)} if first + 10 < len(found) else {}
        return {"Parameters": found[first : first + 10], **more}


def test_one_that_a_person_has_created_anew_meanwhile_stays(world: World) -> None:
    world.stops("release", world.ago(120))
    world.aws.between("ssm", "get_parameters", lambda: world.stops("release", None))
    world.round()
    assert world.stopped == ["release"]


@pytest.mark.parametrize("operation", ["get_parameters_by_path", "get_parameters", "delete_parameters"])
def test_where_they_cannot_be_removed_the_round_continues_and_the_daily_check_reports_it(
    world: World, operation: str
) -> None:
    world.stops("over", world.ago(300))
    world.reported(looks=30)
    world.aws.fail("ssm", operation, Denied, times=9)
    world.round()
    assert world.stopped == ["over"]
    assert len(world.started) == 1
    found = switches("/responder", dict(world.aws.ssm.parameters), ())
    items = pauses(found, world.aws.now, world.settings)
    assert next((each.light, each.said.key) for each in items) == (
        AMBER,
        "check.ready.stops_left",
    )
