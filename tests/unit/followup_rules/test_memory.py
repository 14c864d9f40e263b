"""What is kept between two looks is small, and is read again as it was written."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responder.core.codec import dump, load
from responder.core.plain_data import Json
from responder.core.settings import IncidentTimers
from responder.followup_rules import FollowUpMemory
from tests.unit.followup_rules.world import OPENED, TERMS, at

# DynamoDB holds 400 KB in a row, and the SDK's checkpoint should stay small.
SMALL = 20_000

TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
KEYS = st.text(max_size=40)
MAYBE = st.none() | TIMES
WATCHES = st.builds(
    FollowUpMemory,
    terms=st.builds(
        IncidentTimers,
        levels=st.lists(st.integers(1, 999), min_size=3, max_size=3).map(tuple),
        again=st.lists(st.integers(0, 99), max_size=4).map(tuple),
        hold=st.integers(0, 999),
    ),
    notified=st.dictionaries(st.integers(2, 4), TIMES),
    late=st.integers(0, 500),
    acks=st.dictionaries(KEYS, KEYS),
    held=MAYBE,
    held_by=KEYS,
    again=MAYBE,
    round=st.integers(0, 4),
    calm=KEYS,
    calm_from=MAYBE,
    quiet=st.integers(0, 9_999),
    mitigated=MAYBE,
    recovered=MAYBE,
    orders=st.dictionaries(KEYS, st.tuples(TIMES, st.integers(0, 99))),
    judged=st.dictionaries(KEYS, st.sampled_from(("helped", "ineffective"))),
    reported=st.dictionaries(KEYS, TIMES),
    step=st.sampled_from(("", "0", "10", "50")),
    step_at=MAYBE,
    faults=st.integers(0, 99),
    raised=MAYBE,
    first=MAYBE,
    since=MAYBE,
    flaps=st.integers(0, 99),
    returns=st.integers(0, 99),
    episode=MAYBE,
    closed=st.booleans(),
)


def stored(watch: FollowUpMemory) -> Json:
    """As the row gives it back."""
    again: Json = json.loads(json.dumps(dump(watch), ensure_ascii=False, sort_keys=True))
    return again


@given(WATCHES)
def test_every_memory_survives_its_row(watch: FollowUpMemory) -> None:
    assert load(FollowUpMemory, stored(watch)) == watch


def test_what_a_newer_version_wrote_is_no_reason_to_fail() -> None:
    written = {**stored(FollowUpMemory(TERMS)), "invented": 1}
    written["terms"]["invented"] = 2
    assert load(FollowUpMemory, written) == FollowUpMemory(TERMS)


def test_the_level_is_the_highest_that_was_notified() -> None:
    assert FollowUpMemory(TERMS).level == 1
    assert FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)}).level == 3


def test_a_week_of_hourly_reminders_and_daily_questions_stays_small() -> None:
    hours = [OPENED + timedelta(hours=each) for each in range(7 * 24)]
    lease = "rollout_to_zero#liveness-rollout"
    watch = FollowUpMemory(
        TERMS,
        reported={f"remind {lease}": hours[-1], **{f"mitigated {each.isoformat()}": each for each in hours}},
        orders={f"restore {lease} {percent}": (hours[-1], 200) for percent in (0, 10, 50)},
    )
    assert len(json.dumps(stored(watch))) < SMALL
