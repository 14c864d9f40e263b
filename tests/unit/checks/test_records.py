"""Trust is only ever suggested, with figures; and what was not used or rehearsed for long is reported."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from liveness_ops.template_tools.alarms import check_needs
from responder.checks.finding import AMBER, GREEN, CheckItem
from responder.checks.readiness.records import recorded, suggested, unused
from responder.core.assessment import Assessment, AssessmentResult, TrackRecord
from responder.core.change import Change, Lease, LeaseState, Ledger, Status
from responder.core.context import Context
from responder.core.modes import Mode
from responder.core.remedy import REMEDIES, RemedyName
from responder.core.settings import Settings
from responder.core.switches import Switches, ask_for
from responder.core.text import Text, text
from responder.messages.language import say
from responder.store.ledger import Assessments
from tests.fakes.gateway import NOW
from tests.unit.checks.ready_world import corrected
from tests.unit.respond.scene import Scene

HELPED, INEFFECTIVE, HARMFUL = list(AssessmentResult)[1:]
ROLLOUT, MEMORY = RemedyName.ROLLOUT_TO_ZERO, RemedyName.MEMORY_INCREASE


def board(**modes: Mode) -> Switches:
    return Switches(Mode.AUTO, {RemedyName(name).value: mode for name, mode in modes.items()})


def acts(remedy: str, *results: AssessmentResult) -> list[Assessment]:
    return [
        Assessment(remedy, "s", f"i-{day}", NOW - timedelta(days=day), result, NOW)
        for day, result in enumerate(results)
    ]


def assessed(
    scene: Scene, remedy: RemedyName, *results: AssessmentResult, mode: Mode = Mode.APPROVE
) -> Scene:
    """With one act a day up to today, as they are stored, and this mode of the remedy."""
    scene.aws.ssm.modes[remedy.value] = mode.value
    now = scene.aws.now
    for day, result in enumerate(results):
        found = Assessment(remedy, "s", f"i-{day}", now - timedelta(days=day), result, now)
        Assessments(scene.aws, "Incidents").keep(found)
    return scene


def items(found: list[Assessment], modes: Switches) -> Mapping[str, CheckItem]:
    return {each.identity.subject: each for each in recorded(found, modes, NOW, Settings())}


def test_a_good_record_suggests_the_next_mode_with_its_figures_and_the_command() -> None:
    found = acts(ROLLOUT, *[HELPED] * 7, INEFFECTIVE)
    item = items(found, board(rollout_to_zero=Mode.APPROVE))[ROLLOUT]
    assert (item.light, item.said.key) == (AMBER, "check.records.promote")
    given = item.said.values
    assert (given["helped"], given["lost"], given["harmful"], given["percent"]) == (7, 1, 0, 52)
    assert given["mode"] == "auto"
    assert item.command.startswith("liveness-ops mode rollout_to_zero auto")


@pytest.mark.parametrize(
    ("record", "suggests"),
    [
        (TrackRecord(helped=5), True),
        (TrackRecord(helped=4), False),  # too few
        (TrackRecord(helped=6, ineffective=1), False),  # 48.7 % at least
        (TrackRecord(helped=7, ineffective=1), True),
        (TrackRecord(helped=50, harmful=1), False),
        (TrackRecord(), False),
    ],
)
def test_a_mode_is_suggested_only_on_a_record_that_is_long_and_harmless(
    record: TrackRecord, suggests: bool
) -> None:
    wanted = suggested(ROLLOUT, record, board(rollout_to_zero=Mode.APPROVE), NOW)
    assert wanted is (Mode.AUTO if suggests else None)


def test_no_suggestion_exceeds_the_ceiling_or_skips_a_mode() -> None:
    best = TrackRecord(helped=100)
    for name, spec in REMEDIES.items():
        for own in Mode:
            wanted = suggested(name, best, Switches(Mode.AUTO, {name.value: own}), NOW)
            if wanted is not None:
                assert wanted.rank == own.rank + 1
                assert wanted.rank <= spec.ceiling.rank
            else:
                assert own.rank >= spec.ceiling.rank


def test_a_remedy_that_is_only_asked_for_after_harm_is_not_suggested() -> None:
    modes = board(rollout_to_zero=Mode.APPROVE)
    asked = Switches(modes.everywhere, modes.remedies, (ask_for(ROLLOUT, "automation", "-"),))
    assert suggested(ROLLOUT, TrackRecord(helped=100), asked, NOW) is None


def test_a_mode_that_cannot_be_read_is_not_raised() -> None:
    assert suggested(ROLLOUT, TrackRecord(helped=100), Switches(), NOW) is None


def test_records_without_a_suggestion_are_shown_with_their_figures() -> None:
    found = [*acts(ROLLOUT, HARMFUL), *acts(MEMORY, *[HELPED] * 9)]
    shown = items(found, board(rollout_to_zero=Mode.APPROVE, memory_increase=Mode.APPROVE))
    assert {name: each.light for name, each in shown.items()} == {ROLLOUT: GREEN, MEMORY: GREEN}
    assert shown[ROLLOUT].said.values["harmful"] == 1


def test_without_any_record_that_is_reported() -> None:
    (item,) = recorded([], board(), NOW, Settings())
    assert (item.light, item.said.key) == (GREEN, "check.records.none")


def test_the_check_that_suggests_can_write_nothing() -> None:
    actions = {need.action for need in check_needs("monthly") if not need.forbidden}
    assert "ssm:PutParameter" not in actions
    assert "ssm:GetParametersByPath" in actions


def after(days: float | None, refused: Text | None = None) -> list[CheckItem]:
    """The self-test was so long ago; one remedy was used a week ago, another long before."""
    ready = corrected()
    here = Context(ready.aws, ready.settings, ready.aws.now, ready.aws.now)
    ready.rehearsed(days, refused)
    change = Change("F", "V", "1", "2", Status.APPLIED)
    leases = tuple(
        Lease(name, "s", "i", LeaseState.ENDED, here.now - timedelta(days=age), None, {}, (change,))
        for name, age in ((ROLLOUT, 7), (RemedyName.ON_DEMAND_BILLING, 91))
    )
    return list(unused(here, Ledger(leases)))


@pytest.mark.parametrize("days", [None, 91])
def test_a_remedy_neither_used_nor_rehearsed_for_90_days_is_reported(days: float | None) -> None:
    (item,) = after(days)
    assert (item.light, item.said.key) == (AMBER, "check.ready.unused")
    named = item.said.values["remedies"]
    assert isinstance(named, tuple)
    keys = [each.key for each in named]
    assert f"remedy.name.{ROLLOUT}" not in keys
    assert f"remedy.name.{RemedyName.ON_DEMAND_BILLING}" in keys
    assert f"remedy.name.{RemedyName.PROPOSE_CHANGE}" not in keys
    assert item.command.startswith("liveness-ops selftest")


def test_a_self_test_rehearses_what_all_need() -> None:
    (item,) = after(89)
    assert (item.light, item.said.key) == (GREEN, "check.ready.rehearsed")


def test_a_self_test_that_was_not_answered_rehearses_nothing() -> None:
    (item,) = after(1, refused=text("guard.paused"))
    assert (item.light, item.said.key) == (AMBER, "check.ready.unanswered")
    assert item.command.startswith("liveness-ops selftest")


def test_after_a_self_test_that_was_not_answered_none_is_said_to_have_been_missing() -> None:
    """An earlier one may have been answered: only the last one is on record."""
    (item,) = after(1, refused=text("guard.paused"))
    assert "rehearsed" not in say(item.said, "en")
    (old,) = after(91, refused=text("guard.paused"))
    assert old.said.key == "check.ready.unused"
