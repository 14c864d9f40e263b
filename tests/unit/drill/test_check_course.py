from types import SimpleNamespace
from typing import Any, cast

import pytest

from local_aws.client import Call, Mail
from rehearsal.drill.check import differences
from rehearsal.drill.execution_process import Run
from rehearsal.drill.follow import ExpectedMessage, Follow, Message
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.step_result import StepResult
from responder.core.plain_data import Json

INCIDENT = "Alarm-20260204T012512Z"
FILES = dict.fromkeys(("report.ja.html", "report.en.html", "report.ja.md", "report.en.md", "report.json"), "")
EXPECTED = Follow(
    script=(),
    messages=(
        ExpectedMessage(0, "response"),
        ExpectedMessage(30, "escalation 2", "step.acknowledge"),
        ExpectedMessage(90, "closed close"),
    ),
)


def message(minute: float, kind: str, topic: str = "", level: int = 1, **more: Any) -> Message:
    body = {"kind": kind, "topic": topic, "level": level, **more}
    return Message(minute, Mail("t", "1", "s", {"email": "first\n\nmore", "sqs": "{}"}, {}, (), 0.0), body)


MESSAGES = (
    message(0, "response"),
    message(30.9, "escalation", "escalate", 2, steps=[{"key": "step.acknowledge"}]),
    message(90.9, "closed", "close"),
)


def followed(
    *messages: Message, runs: tuple[Run, ...] = (Run("x-g1", "SUCCEEDED", 9, "", ""),), **more: Any
) -> StepResult:
    course = SimpleNamespace(messages=list(messages or MESSAGES), runs=list(runs), incident=INCIDENT)
    row = {"incident": {"S": INCIDENT}, "closed": {"BOOL": True}}
    plain: Json = {"before": {}, "after": {"x": "1"}, "mail": (), "calls": (), "rows": (row,)}
    given = {"seconds": 1.0, "files": FILES, "followed": cast(FollowedIncident, course)}
    return StepResult(**{**plain, **given, **more})


def found(step_result: StepResult, follow: Follow = EXPECTED) -> list[str]:
    return [str(each) for each in differences(follow, step_result, {"x": "1"}, denied=False)]


def test_as_expected() -> None:
    assert found(followed()) == []


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (MESSAGES[:2], "notification: –, not closed close, 90 min"),
        (
            (MESSAGES[0], MESSAGES[2], MESSAGES[1]),
            "notification: closed close, 90.9 min, not escalation 2, 30 min",
        ),
        ((MESSAGES[0], message(32, "escalation", "", 2), MESSAGES[2]), "notification: escalation 2, 32 min"),
        ((MESSAGES[0], message(29, "escalation", "", 2), MESSAGES[2]), "notification: escalation 2, 29 min"),
        (
            (MESSAGES[0], message(30, "escalation", "", 2), MESSAGES[2]),
            "content escalation 2, 30 min: –, not step.acknowledge",
        ),
    ],
    ids=["missing", "in another order", "late", "early", "without its words"],
)
def test_each_message_comes_in_its_order_and_its_minute(messages: tuple[Message, ...], said: str) -> None:
    assert said in "\n".join(found(followed(*messages)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"after": {"x": "0"}}, "setting_at_end x: 0, not 1"),
        (
            {"files": {}},
            "reports: –, not report.en.html, report.en.md, report.ja.html, report.ja.md, report.json",
        ),
        ({"rows": ()}, "incident: open, not closed"),
        (
            {"calls": (Call("r", "s3:PutObject", "arn", False, "", 0.0),)},
            "refused_call s3:PutObject arn: deny, not allow",
        ),
        ({"runs": (Run("x-g1", "FAILED", 0, "DIED: why", ""),)}, "execution x-g1: DIED: why, not –"),
        (
            {"runs": (Run("x-g1", "SUCCEEDED", 9, "", ""), Run("x-g2", "SUCCEEDED", 9, "", ""))},
            "executions: g1, g2, not g1",
        ),
        ({"followed": None}, "executions: –, not g1"),
    ],
)
def test_what_is_left_behind_is_reported(more: Json, said: str) -> None:
    assert said in "\n".join(found(followed(**more)))


def test_a_message_is_named_by_what_it_is_about() -> None:
    names = [each.name for each in (*MESSAGES, message(0, "watchdog", "watchdog"))]
    assert names == ["response", "escalation 2", "closed close", "watchdog"]
    assert MESSAGES[0].first_line == "first"
