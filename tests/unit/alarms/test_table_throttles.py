"""The sessions table turns requests away: what is short, and whether on-demand can help."""

import pytest

from alarms.sessions_table_throttles import playbook
from tests.rows import all_rows
from tests.unit.alarms.limits_world import INDEX, load, table
from tests.unit.alarms.world import ACTS, ASKS, Case, case, check, decided, put, without

ON_DEMAND = "PAY_PER_REQUEST"
THREE = {2.0: 10.0, 3.0: 10.0, 4.0: 10.0}
CASES: dict[str, Case] = {
    "writes use up what is provisioned": case(
        "table_capacity", put(capacity=table(load(throttled=THREE, peak=5))), on_demand_billing=ACTS
    ),
    "an index does": case(
        "table_capacity",
        put(capacity=table(load(), load(INDEX, throttled=THREE, peak=5))),
        on_demand_billing=ACTS,
    ),
    "two minutes suffice": case(
        "table_capacity",
        put(capacity=table(load(throttled={2.0: 1.0, 9.0: 1.0}, peak=5))),
        on_demand_billing=ACTS,
    ),
    "table and index in different minutes": case(
        "table_capacity",
        put(capacity=table(load(throttled={2.0: 1.0}, peak=5), load(INDEX, throttled={3.0: 1.0}, peak=5))),
        on_demand_billing=ACTS,
    ),
    "one minute does not": case("unknown", put(capacity=table(load(throttled={2.0: 900.0}, peak=5)))),
    "half of it lay idle": case(
        "table_hot_key",
        put(capacity=table(load(throttled=THREE, peak=2.4))),
        steps=("spread_keys",),
        on_demand_billing=ASKS,
    ),
    "dynamodb names a hot key": case(
        "table_hot_key",
        put(capacity=table(load(throttled=THREE, peak=5, key_range=20))),
        on_demand_billing=ASKS,
    ),
    "dynamodb names the provisioned units": case(
        "table_capacity",
        put(capacity=table(load(throttled=THREE, peak=1, key_range=5, provisioned_named=25))),
        on_demand_billing=ACTS,
    ),
    "on demand, capped": case(
        "table_on_demand_throttled",
        put(capacity=table(load(throttled=THREE, provisioned=0, maximum=10, peak=9), billing=ON_DEMAND)),
        steps=("on_demand_maximum",),
        on_demand_billing=ACTS,
    ),
    "on demand, just at four fifths of its cap": case(
        "table_on_demand_throttled",
        put(capacity=table(load(throttled=THREE, provisioned=0, maximum=10, peak=8), billing=ON_DEMAND)),
        steps=("on_demand_maximum",),
        on_demand_billing=ACTS,
    ),
    "over long ago": case("unknown", put(capacity=table(load(throttled={90.0: 5.0})))),
    "on demand, far below its cap": case(
        "table_on_demand_throttled",
        put(capacity=table(load(throttled=THREE, provisioned=0, maximum=5), billing=ON_DEMAND)),
        steps=("on_demand_unnamed",),
        on_demand_billing=ACTS,
    ),
    "on demand, hot key": case(
        "table_on_demand_throttled",
        put(capacity=table(load(throttled=THREE, provisioned=0, key_range=30), billing=ON_DEMAND)),
        steps=("on_demand_key_range",),
        on_demand_billing=ACTS,
    ),
    "on demand, account": case(
        "table_on_demand_throttled",
        put(capacity=table(load(throttled=THREE, provisioned=0, account=30), billing=ON_DEMAND)),
        steps=("on_demand_account",),
        on_demand_billing=ACTS,
    ),
    "over for now": case(
        "throttles_passed", put(capacity=table(load(throttled={30.0: 5.0}))), steps=("wait_and_watch",)
    ),
    "nothing seen": case("unknown", steps=("check_dashboard",)),
    "not readable": case("unknown", put(capacity=table(load(throttled=THREE))), without("capacity")),
}


@all_rows("name", CASES)
def test_case(name: str) -> None:
    check(playbook, CASES[name])


def test_a_table_on_demand_is_reported_to_gain_nothing_from_being_switched() -> None:
    verdict = decided(playbook, put(capacity=table(load(throttled=THREE, provisioned=0), billing=ON_DEMAND)))
    assert verdict.proposals[0].reason.key == "why.on_demand_already"


def test_the_most_throttled_part_is_named() -> None:
    busy = load(INDEX, "read", throttled={2.0: 90.0, 3.0: 1.0}, peak=5)
    verdict = decided(playbook, put(capacity=table(load(throttled=THREE, peak=5), busy)))
    assert verdict.cause.values == {"part": INDEX}
    assert verdict.why.values["most"] == 91


@pytest.mark.parametrize("billing", ["PROVISIONED", ON_DEMAND])
def test_events_are_counted_wherever_the_minutes_are(billing: str) -> None:
    """One event in each of two parts would otherwise be one event in two minutes."""
    parts = load(throttled={2.0: 1.0}, peak=5), load(INDEX, throttled={3.0: 4.0, 4.0: 3.0}, peak=5)
    said = decided(playbook, put(capacity=table(*parts, billing=billing))).why.values
    assert {name: said[name] for name in ("events", "minutes", "part", "most")} == {
        "events": 8,
        "minutes": 3,
        "part": INDEX,
        "most": 7,
    }


def test_it_says_why_it_does_not_know() -> None:
    few = put(capacity=table(load(throttled={2.0: 9.0})))
    assert decided(playbook, few).why.key == "why.few_throttles"
    assert decided(playbook).why.key == "why.no_throttles"
    assert decided(playbook, without("capacity")).why.key == "why.looks_failed"
