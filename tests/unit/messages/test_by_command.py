"""What a person has to send is there to be pasted, and nothing that is not needed."""

import re
from dataclasses import replace
from typing import Any

import pytest

from responder.core.change import Status
from responder.core.report import Report
from responder.core.settings import Settings
from responder.core.verdict import Result
from responder.messages.language import say
from responder.messages.manual_steps import with_orders
from tests.unit.messages.samples import ACTS, SAMPLES

SETTINGS = Settings(approvals_table="liveness-responder-Approvals-1", region="eu-west-1")


def steps(report: Report) -> list[str]:
    return [say(step, "en") for step in with_orders(report, SETTINGS).verdict.steps]


def commands(report: Report, settings: Settings = SETTINGS) -> list[str]:
    told = (say(step, "en") for step in with_orders(report, settings).verdict.steps)
    return [line for step in told for line in step.split("\n") if line.startswith("liveness-ops ")]


def with_act(**changed: Any) -> Report:
    return replace(ACTS, outcomes=(replace(ACTS.outcomes[0], **changed),))


def told(status: Status) -> Report:
    return with_act(changes=tuple(replace(each, status=status) for each in ACTS.outcomes[0].changes))


BACK = f"liveness-ops revert {ACTS.incident} rollout_to_zero --region eu-west-1"


def test_what_still_takes_effect_is_nobody_s_work() -> None:
    assert commands(told(Status.IN_PROGRESS)) == [BACK]
    assert "nothing to do" in steps(told(Status.IN_PROGRESS))[0]


def test_what_is_in_effect_can_be_reverted_at_once_after_everything_else() -> None:
    assert commands(told(Status.APPLIED)) == [BACK]
    assert BACK in steps(told(Status.APPLIED))[-1]
    assert not any("nothing to do" in step for step in steps(told(Status.APPLIED)))


def test_the_instance_of_a_remedy_is_named() -> None:
    (back,) = commands(with_act(remedy="provisioned_concurrency", scope="result"))
    assert back == BACK.replace("rollout_to_zero", "provisioned_concurrency --scope result")


@pytest.mark.parametrize("result", [Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.REVERTED])
def test_what_is_not_in_force_needs_no_command(result: Result) -> None:
    assert commands(with_act(result=result)) == []


def test_what_stays_is_not_reverted() -> None:
    assert commands(with_act(remedy="memory_increase")) == []


ASKED = with_act(result=Result.ASKED, approval="a017f632")
APPROVE = f"liveness-ops approve {ACTS.incident} a017f632 --region eu-west-1"


def test_a_proposal_is_answered_by_one_command_before_everything_else() -> None:
    assert commands(ASKED) == [APPROVE]
    assert steps(ASKED)[0].split("\n")[1] == APPROVE


def test_another_stack_is_named() -> None:
    settings = replace(SETTINGS, stack="responder-2")
    assert commands(ASKED, settings) == [f"{APPROVE} --stack responder-2"]


def test_no_way_is_offered_that_goes_past_the_entry_for_people() -> None:
    assert not any("dynamodb" in step or "lambda invoke" in step for step in steps(ASKED))


def test_where_two_people_are_needed_it_says_so() -> None:
    assert "Two people" in steps(with_act(remedy="lower_threshold", result=Result.ASKED, approval="1"))[0]
    assert "Two people" not in steps(ASKED)[0]


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_gap_is_left(name: str, language: str) -> None:
    for step in with_orders(SAMPLES[name], SETTINGS).verdict.steps:
        assert not re.search(r"<[a-z_]+>", say(step, language))
