"""A request says what a yes does: a change and its reversal never share their words."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from liveness_ops.people.proposals import meaning
from responder.core.change import Change, Changes, Status
from responder.core.command import ApprovalRequest, Command, CommandKind
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.core.remedy import REMEDIES, spec_of
from responder.core.report import Report, ReportKind
from responder.core.text import Strings
from responder.core.verdict import Outcome, Result
from responder.messages.language import say
from responder.messages.requests import Direction, RequestedChange, asked_for, called, consequence, name
from responder.messages.steps import first_steps
from tests.laid_out import headline, message_of, plain, subject
from tests.texts import piece
from tests.unit.messages.samples import ASKS, FAULTS

_VALUES = {
    "rollout_to_zero": ("50", "0"),
    "provisioned_concurrency": ("0", "5"),
    "on_demand_billing": ("PROVISIONED", "PAY_PER_REQUEST"),
    "memory_increase": ("256", "512"),
    "alias_rollback": ("2", "1"),
    "repair_environment": ("(missing)", "FaceAuth-LivenessSessions"),
    "lower_threshold": ("90.0", "85.0"),
}
# Old and new value of each remedy that a person can be asked for.
VALUES = {name.value: _VALUES.get(name, ("1", "2")) for name, spec in REMEDIES.items() if spec.applied}
EACH = pytest.mark.parametrize("remedy", VALUES)
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


ROLLOUT = "rollout_to_zero"


def changes(*pairs: tuple[str, str], status: Status = Status.PLANNED) -> Changes:
    return tuple(
        Change(f"function-{number}", "setting", before, after, status)
        for number, (before, after) in enumerate(pairs)
    )


def outcome(remedy: str, *, back: bool, pairs: tuple[tuple[str, str], ...] = ()) -> Outcome:
    old, new = VALUES[remedy]
    planned = changes(*(pairs or (((new, old),) if back else ((old, new),))))
    why = Refusal.NEEDS_APPROVAL()
    return Outcome(remedy, "", Result.ASKED, FAULTS, why, changes=planned, approval="0" * 16, back=back)


def report(one: Outcome) -> Report:
    kind = ReportKind.COMMAND if one.back else ReportKind.RESPONSE
    return replace(ASKS, kind=kind, leases=(), outcomes=(one,))


def asks(remedy: str, *, back: bool) -> Report:
    return report(outcome(remedy, back=back))


def asked(one: Outcome) -> ApprovalRequest:
    order = CommandKind.REVERT if one.back else CommandKind.APPLY
    return ApprovalRequest(
        "0" * 16, "i", one.remedy, "", spec_of(one.remedy).effect, ASKS.at, one.changes, order=order
    )


def words(one: Outcome, language: str) -> tuple[str, str]:
    """What is asked for, and what a yes does."""
    request = RequestedChange.outcome(one)
    return say(called(request), language), say(consequence(request), language)


def test_every_remedy_is_tried() -> None:
    assert VALUES.keys() == {name for name, spec in REMEDIES.items() if spec.applied}


@EACH
@LANGUAGES
def test_the_first_line_and_the_subject_distinguish_a_change_from_its_reversal(
    remedy: str, language: str
) -> None:
    forth, back = asks(remedy, back=False), asks(remedy, back=True)
    change, _ = words(forth.outcomes[0], language)
    reversal, _ = words(back.outcomes[0], language)
    assert change not in reversal
    assert reversal not in change
    assert change in headline(forth, language)
    assert reversal in headline(back, language)
    assert change not in headline(back, language)
    assert subject(forth) != subject(back)
    assert words(forth.outcomes[0], "en")[0] not in subject(back)


@EACH
@LANGUAGES
def test_a_reversal_whose_values_are_not_known_shares_no_words_with_the_change(
    remedy: str, language: str
) -> None:
    change = say(called(RequestedChange.ordered(Command(CommandKind.APPLY, "i", remedy))), language)
    reversal = say(called(RequestedChange.ordered(Command(CommandKind.REVERT, "i", remedy))), language)
    assert change == say(name(remedy), language)
    assert change not in reversal
    assert reversal not in change
    assert "{" not in reversal


@EACH
@LANGUAGES
@pytest.mark.parametrize("back", [False, True])
def test_what_a_yes_does_is_right_below_the_first_line(remedy: str, language: str, back: bool) -> None:
    one = outcome(remedy, back=back)
    _, yes = words(one, language)
    assert plain(report(one), language).splitlines()[1] == yes
    assert yes != words(outcome(remedy, back=not back), language)[1]
    assert "yes." not in yes


SEVERAL = ("on_demand_billing", "repair_environment", ROLLOUT)


@LANGUAGES
def test_several_requests_each_name_what_a_yes_does_to_what(language: str) -> None:
    ones = [outcome(each, back=False) for each in SEVERAL]
    mail = plain(replace(ASKS, leases=(), outcomes=tuple(ones)), language).splitlines()
    for line, one in zip(mail[1:4], ones, strict=True):
        remedy, yes = words(one, language)
        assert line.startswith(remedy)
        assert line.endswith(yes.partition(": ")[2])


@LANGUAGES
def test_what_two_functions_are_asked_for_alike_is_one_sentence(language: str) -> None:
    one = outcome("repair_environment", back=False)
    both = tuple(replace(one, scope=scope) for scope in ("create", "result"))
    mail = plain(replace(ASKS, leases=(), outcomes=both), language).splitlines()
    assert "CreateLivenessSession" in mail[1]
    assert "GetLivenessResult" in mail[1]
    assert mail[2] == ""


@LANGUAGES
def test_the_commands_of_several_requests_are_together(language: str) -> None:
    ones = tuple(outcome(each, back=False) for each in SEVERAL)
    mail = plain(replace(ASKS, leases=(), outcomes=ones), language).splitlines()
    found = [place for place, line in enumerate(mail) if "liveness-ops approve" in line]
    assert found == [found[0], found[0] + 3, found[0] + 6]


@pytest.mark.parametrize(
    ("remedies", "en", "ja"),
    [
        (SEVERAL, "liveness check off (rollout 0%) +2", "Liveness 検証の無効化（ロールアウト 0%） ほか 2 件"),
        (SEVERAL[:2], "on-demand billing +1", "オンデマンドモードへの変更 ほか 1 件"),
        (("propose_change", "memory_increase"), "memory increase", "メモリの増加"),
    ],
)
@pytest.mark.parametrize("result", [Result.ASKED, Result.APPLIED, Result.OBSERVED])
def test_the_subject_names_what_lowers_security_and_how_many_more_there_are(
    remedies: Strings, en: str, ja: str, result: Result
) -> None:
    ones = tuple(
        replace(ASKS.outcomes[0], remedy=each, result=result, changes=(), lowers_security=False)
        for each in remedies
    )
    said = replace(ASKS, leases=(), outcomes=ones)
    assert f": {en} - " in subject(said) or f"? {en} - " in subject(said)
    assert f": {ja} - " in subject(said, "ja")


@EACH
@LANGUAGES
@pytest.mark.parametrize("back", [False, True])
def test_slack_and_the_console_say_the_same_as_the_mail(remedy: str, language: str, back: bool) -> None:
    one = outcome(remedy, back=back)
    (shown,) = message_of(report(one), language).outcomes
    request = RequestedChange.outcome(shown.outcome)
    assert called(request) == called(RequestedChange.outcome(one)) == asked_for(asked(one))
    assert consequence(request) == consequence(RequestedChange.outcome(one)) == meaning(asked(one))


@pytest.mark.parametrize(
    ("pairs", "en", "ja", "users"),
    [
        ((("0", "50"), ("0", "50")), "restore liveness check to 50%", "50% に戻す", "for 50% of users"),
        ((("0", "0"), ("0", "50"), ("0", "50")), "restore liveness check to 50%", "50% に戻す", "for 50%"),
        (
            (("0", "100"), ("0", "10"), ("0", "100")),
            "restore liveness check to 10-100%",
            "10〜100% に戻す",
            "for 10-100% of users (depending on the function)",
        ),
        ((("10", "10"), ("10", "100")), "restore liveness check to 100%", "100% に戻す", "for 100% of users"),
        (
            (("0", "abc"), ("0", "50")),
            "restore original rollout values (abc, 50)",
            "元の値（abc, 50）に戻す",
            "its original values (abc, 50)",
        ),
        ((("50", "10"), ("50", "10")), "reduce liveness check to 10%", "10% に下げる", "only 10% of users"),
        ((("50", "10"), ("0", "10")), "reduce liveness check to 10%", "10% に下げる", "only 10% of users"),
        (
            (("50", "0"), ("10", "0")),
            "liveness check off (rollout 0%)",
            piece("remedy.name.rollout_to_zero", "ja"),
            "OFF",
        ),
        (
            (("50", "0"), ("0", "0")),
            "liveness check off (rollout 0%)",
            piece("remedy.name.rollout_to_zero", "ja"),
            "OFF",
        ),
    ],
)
def test_a_revert_names_what_every_function_gets(
    pairs: tuple[tuple[str, str], ...], en: str, ja: str, users: str
) -> None:
    one = outcome(ROLLOUT, back=True, pairs=pairs)
    assert words(one, "en")[0] == en
    assert ja in words(one, "ja")[0]
    assert users in words(one, "en")[1]
    assert f"Approve? {en} - " in subject(report(one))


def test_what_changes_no_value_is_never_called_switching_off() -> None:
    one = outcome(ROLLOUT, back=True, pairs=(("0", "0"), ("0", "0")))
    said, yes = words(one, "en")
    assert said == "restore liveness check"
    assert "OFF" not in yes


@pytest.mark.parametrize(
    ("back", "pairs", "direction", "weaker"),
    [
        (False, (("50", "0"), ("0", "0")), Direction.CHANGE, True),
        (True, (("0", "0"), ("0", "50")), Direction.REVERSAL, False),
        (True, (("50", "10"), ("50", "50")), Direction.LESS, True),
        (True, (("10", "0"), ("0", "0")), Direction.OFF, True),
    ],
)
def test_the_direction_follows_from_the_order_and_every_target(
    back: bool, pairs: tuple[tuple[str, str], ...], direction: Direction, weaker: bool
) -> None:
    request = RequestedChange.outcome(outcome(ROLLOUT, back=back, pairs=pairs))
    assert request.direction is direction
    assert request.lowers_security is weaker


@LANGUAGES
def test_a_failed_or_refused_revert_is_not_called_the_change(language: str) -> None:
    change = say(name(ROLLOUT), language)
    for result in (Result.FAILED, Result.PARTIAL, Result.REFUSED, Result.STEPPED):
        one = replace(outcome(ROLLOUT, back=True, pairs=(("0", "10"), ("0", "50"))), result=result)
        assert change not in headline(report(one), language)
        assert change not in headline(report(replace(one, changes=())), language)


def test_once_it_is_reverted_the_change_is_named_that_is_over() -> None:
    one = replace(outcome(ROLLOUT, back=True), result=Result.REVERTED)
    assert "Reverted: liveness check off (rollout 0%)." in headline(report(one), "en")
    (shown,) = message_of(report(one), "en").outcomes
    assert called(RequestedChange.outcome(shown.outcome)) == name(ROLLOUT)


def test_a_step_that_switches_off_again_is_not_reported_as_coming_back() -> None:
    off = replace(outcome(ROLLOUT, back=True, pairs=(("10", "0"),)), result=Result.STEPPED)
    said = headline(replace(report(off), leases=ASKS.leases), "en")
    assert "Applied one step (original value not reached yet): liveness check off (rollout 0%)" in said
    assert piece("lease.at_step") not in said


def test_what_people_set_meanwhile_is_named_with_its_value() -> None:
    kept = tuple(
        replace(each, status=Status.KEPT, note=FailureKind.KEPT(target="t", setting="s", now=now))
        for each, now in zip(changes(("0", "50"), ("0", "50")), ("20", "30"), strict=True)
    )
    one = replace(outcome(ROLLOUT, back=True), result=Result.KEPT, changes=kept)
    assert "Kept as changed manually: rollout value 20, 30." in headline(report(one), "en")
    assert "手動で変更された値を維持しました: ロールアウトの値 20, 30。" in headline(report(one), "ja")
    (shown,) = message_of(report(one), "en").outcomes
    assert called(RequestedChange.outcome(shown.outcome)) == called(RequestedChange.outcome(one))


ROOT = Path(__file__).parents[3]
# What is in force, was done, or is only mentioned: no order is known there.
NAMES_NO_REQUEST = {
    "layers/responder/responder/checks/observed.py",
    "ops/liveness_ops/backtest/page.py",
    "ops/liveness_ops/console/pauses.py",
    "layers/responder/responder/messages/requests.py",
    "layers/responder/responder/messages/story.py",
    "layers/responder/responder/slack/blocks/root.py",
    "layers/responder/responder/messages/subject.py",
    "layers/responder/responder/messages/headline.py",
    "layers/responder/responder/incident_report/words.py",
    "layers/responder/responder/incident_report/actions.py",
    "layers/responder/responder/incident_report/build.py",
    "layers/responder/responder/incident_report/entries.py",
    "layers/responder/responder/followup/messages/case.py",
    "layers/responder/responder/followup/messages/summary.py",
    "layers/responder/responder/followup/messages/headline.py",
    "layers/responder/responder/watchdog/rules.py",
    "layers/responder/responder/people/decide.py",
    "layers/responder/responder/people/switches.py",
    "ops/liveness_ops/console/leases.py",
    "ops/liveness_ops/console/modes.py",
    "ops/liveness_ops/console/incidents.py",
    "ops/liveness_ops/console/show.py",
    "ops/liveness_ops/people/proposals.py",
    "ops/liveness_ops/people/confirm.py",
}


def uses(source: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "responder.messages.headline"
        and "name" in {each.name for each in node.names}
        for node in ast.walk(source)
    )


def ordered_names(source: ast.Module) -> Iterator[int]:
    """Lines with a call of `name` with a part of a command, a proposal or an outcome."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "name":
            owners = {ast.unparse(each).split(".")[0] for each in node.args}
            if owners & {"command", "asked", "outcome", "asking"}:
                yield node.lineno


def test_where_the_order_is_known_nothing_is_named_without_it() -> None:
    files = (path for folder in ("layers", "functions", "ops") for path in (ROOT / folder).rglob("*.py"))
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    # Only these can import or call it: to parse all takes seconds.
    parsed = {path: ast.parse(code) for path, code in texts.items() if re.search(r"headline|\bname\(", code)}
    assert {path for path, source in parsed.items() if uses(source)} <= NAMES_NO_REQUEST
    assert not [f"{path}:{line}" for path, source in parsed.items() for line in ordered_names(source)]


def test_a_second_approval_is_asked_for_with_what_the_first_line_does_not_say() -> None:
    """Only one more person is needed, and until when is in the first line."""
    one = outcome("lower_threshold", back=False)
    approved = replace(
        one, result=Result.REFUSED, because=Refusal.ONE_MORE(person="sato", people=2), approval=None
    )
    for second in (True, False):
        found = replace(ASKS, outcomes=(approved,) if second else (), waiting=(asked(one),))
        step = say(first_steps(found)[0], "en").splitlines()[0]
        assert step.startswith("Approve or reject")
        assert ("two different people" in step, " by " in step) == (not second, not second)
