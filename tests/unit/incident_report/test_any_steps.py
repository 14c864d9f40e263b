"""Whatever is in the table, there is a report: in both languages, and as strict JSON."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.plain_data import Json
from responder.incident_report.build import build
from responder.incident_report.json_report import machine
from responder.incident_report.page import page
from responder.incident_report.timeline import LEASES
from responder.store import TimelineStep
from tests.unit.incident_report.sample_incident import CLOSED, HEAD, MEASURE, OPENED, STEPS, WATCH

KINDS = ("verdict", "reported", "unchanged", "state", "asked", "person", "findings", "ineffective", *LEASES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def render(steps: list[TimelineStep]) -> Json:
    reported = build(steps, HEAD, WATCH, (), MEASURE, CLOSED)
    assert page(reported, "ja").endswith("</html>\n")
    assert page(reported, "en").endswith("</html>\n")
    packed: Json = json.loads(json.dumps(machine(reported), allow_nan=False))
    return packed


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A real step's data with something in it replaced, dropped or renamed."""
    data = json.loads(json.dumps(draw(st.sampled_from(STEPS)).data))
    for _ in range(draw(st.integers(0, 3))):
        place = data
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = draw(st.sampled_from(list(keys)))
            if draw(st.booleans()) and isinstance(place[key], dict | list):
                place = place[key]
                continue
            place[key] = draw(JSON)
            break
    return data


@given(
    st.lists(
        st.builds(
            TimelineStep,
            st.integers(-60, 600).map(lambda minutes: OPENED + timedelta(minutes=minutes)),
            st.sampled_from(KINDS) | st.text(max_size=12),
            damaged() | JSON,
        ),
        max_size=6,
    )
)
def test_no_step_breaks_the_report(steps: list[TimelineStep]) -> None:
    packed = render(steps)
    assert packed["schema"] == "liveness-responder/incident/1"
    assert packed["timeline"][-1]["said"]


def test_every_step_is_in_the_timeline_of_a_story_that_is_only_unknown() -> None:
    steps = [
        TimelineStep(OPENED + timedelta(minutes=each), f"kind-{each}", {"n": each}) for each in range(40)
    ]
    kinds = [row["kind"] for row in render(steps)["timeline"]]
    assert [each for each in kinds if each.startswith("kind-")] == [f"kind-{each}" for each in range(40)]


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:30:00+00:00", "0001-01-01T00:00:00+14:00", "2026-11-23T18:00:00", "", "soon"]
)
def test_a_lease_of_an_impossible_time_is_shown_as_it_is(moment: str) -> None:
    lease = next(each.data for each in STEPS if each.kind == "in_force")
    packed = render([TimelineStep(OPENED, "in_force", {**lease, "at": moment})])
    assert packed["acts"] == []
    assert [row["said"]["key"] for row in packed["timeline"] if row["kind"] == "in_force"] == [
        "chronicle.unknown"
    ]
