import json
from typing import Any

import pytest

from local_aws.client import Call, Mail
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.check import problems
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.scenario import Expect
from rehearsal.drill.step_result import StepResult
from responder.core.errors import AwsError, Denied, Unreachable
from responder.core.plain_data import Json
from responder.evidence.base import reason
from responder.messages.json_report import both

OUTCOME = {"remedy": "rollout_to_zero", "result": "asked", "because": {"key": "guard.mode_approve"}}
REPORT = {"cause": {"key": "cause.internal"}, "outcomes": [OUTCOME], "warnings": []}
GOOD = Expect(
    cause="cause.internal",
    results={"rollout_to_zero": "asked"},
    because={"rollout_to_zero": "guard.mode_approve"},
    after={"x": "2"},
    says=("words",),
)


def step_result(**more: Any) -> StepResult:
    bodies = {"email": "words", "sqs": json.dumps(REPORT)}
    mail = (Mail("arn:-Notifications-", "1", "subject", bodies, {}, (), 0.0),)
    plain: Json = {
        "before": {"x": "1", "y": "1"},
        "after": {"x": "2", "y": "1"},
        "mail": mail,
        "calls": (),
        "rows": (),
        "seconds": 0.1,
    }
    return StepResult(**{**plain, **more})


@pytest.mark.parametrize(
    ("error", "slow"),
    [
        (Unreachable("look", "functions", "TimedOut"), True),
        (Unreachable("lambda", "GetFunction", "RequestTimeout"), False),
        (Denied("lambda", "GetFunction", "AccessDenied"), False),
    ],
)
def test_a_machine_was_too_slow_where_a_response_did_not_finish_a_reading_in_time(
    error: AwsError, slow: bool
) -> None:
    bodies = {"email": "words", "sqs": json.dumps({**REPORT, "warnings": [both(reason(error))]})}
    mail = (Mail("arn:-Notifications-", "1", "subject", bodies, {}, (), 0.0),)
    assert ScenarioRun(scenarios()[0], (step_result(mail=mail),)).slow is slow


def test_as_expected() -> None:
    assert problems(GOOD, step_result(), denied=False) == []


@pytest.mark.parametrize(
    ("expect", "more", "said"),
    [
        (Expect(), {}, "results: rollout_to_zero: asked, not –"),
        (GOOD, {"mail": ()}, "messages: 0, not 1"),
        (GOOD, {"after": {"x": "2", "y": "9"}}, "setting y: 9, not 1"),
        (GOOD, {"after": {"x": "1", "y": "1"}}, "setting x: 1, not 2"),
        (
            GOOD,
            {"calls": (Call("r", "s3:GetObject", "arn", False, "", 0.0),)},
            "refused_call s3:GetObject arn: deny, not allow",
        ),
    ],
)
def test_differences_are_reported(expect: Expect, more: Json, said: str) -> None:
    assert said in map(str, problems(expect, step_result(**more), denied=False))


def test_words_that_must_and_must_not_be_there() -> None:
    expect = Expect(says=("missing",), never=("words",))
    found = map(str, problems(expect, step_result(), denied=False))
    assert {"words: –, not missing", "words: words, not –"} <= set(found)
