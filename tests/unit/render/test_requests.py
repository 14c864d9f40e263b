"""Whoever reads a request knows what a yes does: a change and its reversal never share their words."""

from dataclasses import replace

import pytest

from liveness_ops.people.card import meaning
from responder.asked import Asked
from responder.change import Change
from responder.command import Order
from responder.mode import EFFECTS, Effect
from responder.refusal import Refusal
from responder.render.headline import headline
from responder.render.language import say
from responder.render.plain import plain
from responder.render.requests import consequence, request
from responder.render.slack_buttons import called, result_of_yes
from responder.render.subject import subject
from responder.report import Kind, Report
from responder.verdict import Outcome, Result
from tests.unit.render.samples import ASKS, FAULTS

pytestmark = pytest.mark.unit
# Old and new value of each remedy that a person can be asked for.
VALUES = {
    "rollout_to_zero": ("50", "0"),
    "provisioned_concurrency": ("0", "5"),
    "on_demand_billing": ("PROVISIONED", "PAY_PER_REQUEST"),
    "memory_increase": ("256", "512"),
    "alias_rollback": ("2", "1"),
    "repair_environment": ("(missing)", "FaceAuth-LivenessSessions"),
    "lower_threshold": ("90.0", "85.0"),
}
EACH = pytest.mark.parametrize("remedy", VALUES)
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


def outcome(remedy: str, *, back: bool) -> Outcome:
    before, after = reversed(VALUES[remedy]) if back else VALUES[remedy]
    change = Change("target", "setting", before, after)
    why = Refusal.NEEDS_APPROVAL()
    return Outcome(remedy, "", Result.ASKED, FAULTS, why, changes=(change,), approval="0" * 16, back=back)


def asks(remedy: str, *, back: bool) -> Report:
    kind = Kind.COMMAND if back else Kind.RESPONSE
    return replace(ASKS, kind=kind, leases=(), outcomes=(outcome(remedy, back=back),))


def asked(remedy: str, *, back: bool) -> Asked:
    one = outcome(remedy, back=back)
    order = Order.TAKE_BACK if back else Order.APPLY
    return Asked("0" * 16, "i", remedy, "", EFFECTS[remedy], ASKS.at, one.changes, order=order)


def test_every_remedy_is_tried() -> None:
    assert VALUES.keys() == {name for name, effect in EFFECTS.items() if effect is not Effect.NEVER}


@EACH
@LANGUAGES
def test_the_first_line_and_the_subject_tell_a_change_from_its_reversal(remedy: str, language: str) -> None:
    forth, back = asks(remedy, back=False), asks(remedy, back=True)
    change = say(request(remedy, "", [VALUES[remedy][1]], back=False), language)
    reversal = say(request(remedy, "", [VALUES[remedy][0]], back=True), language)
    assert change not in reversal
    assert reversal not in change
    assert change in headline(forth, language)
    assert reversal in headline(back, language)
    assert change not in headline(back, language)
    assert subject(forth) != subject(back)
    assert say(request(remedy, "", [VALUES[remedy][1]], back=False), "en") not in subject(back)


@EACH
@LANGUAGES
@pytest.mark.parametrize("back", [False, True])
def test_what_a_yes_does_stands_right_below_the_first_line(remedy: str, language: str, back: bool) -> None:
    report = asks(remedy, back=back)
    after = VALUES[remedy][0 if back else 1]
    yes = say(consequence(remedy, [after], back=back), language)
    assert plain(report, language).splitlines()[1] == yes
    other = say(consequence(remedy, [VALUES[remedy][1 if back else 0]], back=not back), language)
    assert yes != other
    assert "yes." not in yes


@EACH
@LANGUAGES
@pytest.mark.parametrize("back", [False, True])
def test_slack_and_the_console_say_the_same_as_the_mail(remedy: str, language: str, back: bool) -> None:
    one = outcome(remedy, back=back)
    shown = {"remedy": remedy, "scope": "", "back": back, "changes": [{"after": one.changes[0].after}]}
    after = [one.changes[0].after]
    assert called(shown) == request(remedy, "", after, back=back)
    assert result_of_yes(shown) == meaning(asked(remedy, back=back)) == consequence(remedy, after, back=back)


def test_switching_the_check_off_once_more_on_its_way_back_is_called_that() -> None:
    for words in (
        request("rollout_to_zero", "", ["0"], back=True),
        consequence("rollout_to_zero", ["0"], back=True),
    ):
        assert words.key in ("name.rollout_to_zero", "yes.rollout_to_zero")
