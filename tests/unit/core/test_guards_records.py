"""What is on record refuses a remedy, and the reason names whose record it is."""

import pytest

from responder.core.change import Change, LeaseState, Status
from responder.core.modes import Mode
from responder.core.refusals import Refusal
from responder.core.text import text
from responder.guards import Ends, switches_left
from tests.fakes.gateway import NOW
from tests.unit.core.world import (
    OTHER,
    Variation,
    acts,
    done,
    judged,
    varied,
    with_changes,
    with_lease,
    with_more,
    with_plan,
    with_rows,
    with_switches,
)

SCOPE = "get-result"


def back(after: str = "7", remedy: str = "alias_rollback") -> tuple[Variation, ...]:
    """The alias of one function is to go back to a version."""
    wanted = Change("get-result:live", "FunctionVersion", "8", after)
    return (
        with_more(remedy=remedy),
        with_switches(remedies={remedy: Mode.AUTO}),
        with_plan(scope=SCOPE, changes=(wanted,), modified={}),
    )


def led_away(
    before: str = "7",
    status: Status = Status.APPLIED,
    remedy: str = "alias_rollback",
    setting: str = "FunctionVersion",
    target: str = "get-result:live",
    state: LeaseState = LeaseState.IN_FORCE,
) -> Variation:
    """An earlier rollback of the same alias, away from a version."""
    return with_changes(remedy, SCOPE, Change(target, setting, before, "6", status), state=state)


LEFT = Refusal.LEFT_BEFORE(target="get-result:live", value="7", incident=OTHER)


@pytest.mark.parametrize("status", [Status.APPLIED, Status.IN_PROGRESS])
def test_a_rollback_never_brings_back_the_version_it_led_away_from(status: Status) -> None:
    found = judged(*back(), led_away(status=status))
    assert (found.ends, found.reason, found.also) == (Ends.REFUSE, LEFT, ())


def test_whatever_else_is_on_record_the_rollback_that_led_away_is_found() -> None:
    elsewhere = with_changes("provisioned_concurrency", "other", Change("F", "V", "1", "2"))
    assert judged(*back(), elsewhere, led_away()).reason == LEFT


NOT_LEFT: list[tuple[str, tuple[Variation, ...]]] = [
    ("to a version that nobody left", (*back("5"), led_away())),
    ("of another alias", (*back(), led_away(target="create-session:live"))),
    ("of another setting", (*back(), led_away(setting="RoutingConfig"))),
    ("brought back since", (*back(), led_away(status=Status.REVERTED))),
    ("never done", (*back(), led_away(status=Status.FAILED))),
    ("found so and not written", (*back(), led_away(status=Status.ALREADY))),
    ("taken back as a whole", (*back(), led_away(state=LeaseState.ENDED))),
    ("by another remedy", (*back(), led_away(remedy="memory_increase"))),
    ("by a remedy that is lent, not for good", (*back(remedy="rollout_to_zero"), led_away())),
]


@pytest.mark.parametrize("variations", [case[1] for case in NOT_LEFT], ids=[case[0] for case in NOT_LEFT])
def test_what_the_same_rollback_did_not_lead_away_from_is_free(variations: tuple[Variation, ...]) -> None:
    assert acts(*variations)


def test_what_was_set_for_good_may_be_set_again_where_it_is_no_longer_set() -> None:
    """The next deployment undid it; its record must not keep the remedy away."""
    assert acts(*back("5"), led_away(state=LeaseState.IN_FORCE))


@pytest.mark.parametrize("state", [LeaseState.APPLYING, LeaseState.PARTIAL, LeaseState.REVERTING])
def test_what_is_being_set_for_good_right_now_is_left_to_who_does_it(state: LeaseState) -> None:
    found = judged(*back("5"), led_away(state=state))
    assert (found.ends, found.reason) == (Ends.REFUSE, Refusal.LEASED(incident=OTHER))


def test_the_remedy_that_holds_the_same_value_is_named_with_its_incident_and_its_end() -> None:
    found = judged(with_lease(remedy="lower_threshold", until=NOW))
    reported = Refusal.LEASED_VALUE(remedy="lower_threshold", incident=OTHER)
    assert (found.reason, found.until) == (reported, NOW)


def test_the_pause_between_two_of_the_same_names_its_length_and_who_did_the_last() -> None:
    rows = with_rows(done(14, incident="first"), done(5, incident="last"))
    assert judged(rows).reason == Refusal.COOLDOWN(minutes=15, incident="last")


def switched(*minutes: float, ok: bool = True) -> tuple[Variation, ...]:
    rows = [done(each, ok=ok, remedy="on_demand_billing") for each in minutes]
    return with_rows(*rows), with_more(remedy="on_demand_billing")


def test_how_many_switches_of_the_day_are_used_is_reported() -> None:
    used = text("guard.switches_used", count=4)
    assert judged(*switched(60, 120, 180, 240)).reason == Refusal.QUOTA_USED(detail=used)
    assert judged(with_plan(quota=used)).reason == Refusal.QUOTA_USED(detail=used)


@pytest.mark.parametrize(
    ("minutes", "left"),
    [
        ((), 4),
        ((60,), 3),
        ((60, 120, 180), 1),
        ((60, 120, 180, 240), 0),
        ((1, 2, 3, 4, 5), 0),
        ((24 * 60,), 4),
    ],
)
def test_what_is_left_of_the_four_switches_a_day_is_never_less_than_none(
    minutes: tuple[float, ...], left: int
) -> None:
    assert switches_left(varied(*switched(*minutes))) == left
    assert switches_left(varied(*switched(*minutes), switched(30, ok=False)[0])) == left
