"""What a person has to send is there to be pasted, and nothing that is not needed."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from responder.change import Status
from responder.render.by_command import with_orders
from responder.render.language import say
from responder.report import Report
from responder.settings import Settings
from responder.text import text
from responder.verdict import Outcome, Result
from tests.unit.render.samples import ACTS, FAULTS, SAMPLES

SETTINGS = Settings(approvals_table="liveness-responder-Approvals-1", region="eu-west-1")


def steps(report: Report) -> list[str]:
    return [say(step, "en") for step in with_orders(report, SETTINGS).verdict.steps]


def payloads(report: Report) -> list[dict[str, Any]]:
    return [json.loads(each) for step in steps(report) for each in re.findall(r"--payload '(.*)'", step)]


def with_act(**changed: Any) -> Report:
    return replace(ACTS, outcomes=(replace(ACTS.outcomes[0], **changed),))


def told(status: Status) -> Report:
    return with_act(changes=tuple(replace(each, status=status) for each in ACTS.outcomes[0].changes))


def test_what_still_takes_effect_is_finished_first_and_taken_back_last() -> None:
    orders = payloads(told(Status.IN_PROGRESS))
    assert [each["command"] for each in orders] == ["continue", "take-back"]
    assert all(each["incident"] == ACTS.incident for each in orders)
    assert "continue" in steps(told(Status.IN_PROGRESS))[0]


def test_what_is_in_effect_is_only_taken_back() -> None:
    assert [each["command"] for each in payloads(told(Status.APPLIED))] == ["take-back"]


@pytest.mark.parametrize("result", [Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.TAKEN_BACK])
def test_what_is_not_in_force_needs_no_command(result: Result) -> None:
    assert payloads(with_act(result=result)) == []


def test_a_proposal_is_answered_by_its_id() -> None:
    (order,) = payloads(with_act(result=Result.ASKED, approval="a017f632"))
    assert order["command"] == "apply"
    assert order["proposal"] == "a017f632"
    first = steps(with_act(result=Result.ASKED, approval="a017f632"))[0]
    assert "liveness-responder-Approvals-1" in first
    assert '{pk: {S: "a017f632"}' in first


@pytest.mark.parametrize(("percent", "wanted"), [("10", {"percent": 10}), ("50", None)])
def test_a_step_back_keeps_its_percentage_and_a_whole_one_needs_none(
    percent: str, wanted: dict[str, int] | None
) -> None:
    back = tuple(replace(each, before="0", after=percent) for each in ACTS.outcomes[0].changes)
    asked = Outcome(
        "rollout_to_zero", "", Result.ASKED, FAULTS, text("guard.needs_approval"), changes=back, approval="1"
    )
    (order,) = payloads(replace(ACTS, outcomes=(asked,)))
    assert order["command"] == "take-back"
    assert order.get("wanted") == wanted


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_gap_is_left(name: str, language: str) -> None:
    for step in with_orders(SAMPLES[name], SETTINGS).verdict.steps:
        assert not re.search(r"<[a-z_]+>", say(step, language))
