"""A change that is only written down reaches the person who reviews it, whole, in every layout."""

import json
import shlex
from dataclasses import replace

import pytest

from responder.core.codec import dump
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.report import Report
from responder.core.text import text
from responder.core.verdict import Outcome, Result, WrittenChange
from responder.messages.amazon_q import STEP
from responder.messages.mail import LIMIT, envelope
from responder.slack.blocks.report import answer, diff
from responder.slack.blocks.root import message
from responder.slack.status import add
from tests.fakes import slack_blocks
from tests.laid_out import amazon_q, machine, message_of, plain
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.messages.samples import FAULTS, HUGE, NOTHING

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:PutObject"]}]}
COMMAND = f"aws iam put-role-policy --role-name R --policy-document {shlex.quote(json.dumps(POLICY))}"
WHAT = text("written.role_policy", role="R", name="N", actions="s3:PutObject", resource="arn:aws:s3:::b/*")
RIGHT = WrittenChange(WHAT, "R", POLICY, COMMAND)
LONGER = WrittenChange(
    text("written.reserved_concurrency", function="F", now="5", wanted=20),
    "F",
    {"before": {"ReservedConcurrentExecutions": 5}, "after": {"ReservedConcurrentExecutions": 20}},
    "aws lambda put-function-concurrency --function-name F --reserved-concurrent-executions 20",
)
OUTCOME = Outcome(
    "propose_change",
    "",
    Result.OBSERVED,
    FAULTS,
    because=Refusal.NEVER_APPLIED(),
    proposed=(RIGHT, LONGER),
)
WRITES = replace(NOTHING, outcomes=(OUTCOME,))


def many(count: int, size: int = 2_000, report: Report = WRITES) -> Report:
    big = replace(RIGHT, command=f"{COMMAND} {'x' * size}")
    return replace(report, outcomes=(replace(OUTCOME, proposed=(big,) * count),))


def slack(report: Report, language: str = "en") -> list[Json]:
    made = message_of(report, language)
    standing = add(None, made)
    for post in (message(standing, language), answer(made, standing)):
        assert slack_blocks.problems(post.blocks) == []
    return list(answer(made, standing).blocks)


def boxes(blocks: list[Json]) -> list[str]:
    said = [block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block]
    shown = [one.removeprefix("```").removesuffix("```") for one in said if one.startswith("```")]
    return [one.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for one in shown]


@in_both_languages
def test_the_mail_has_what_it_changes_and_its_command_on_one_line(language: str) -> None:
    lines = plain(WRITES, language).splitlines()
    start = lines.index(f"    {COMMAND}")
    assert "arn:aws:s3:::b/*" in lines[start - 1]
    assert json.loads(shlex.split(lines[start])[-1]) == POLICY
    assert f"    {LONGER.command}" in lines


def test_a_diff_shows_what_is_new_and_what_it_replaces() -> None:
    new = diff(POLICY)
    assert all(line.startswith("+ ") for line in new)
    assert json.loads("\n".join(line[2:] for line in new)) == POLICY
    assert [line[:1] for line in diff(LONGER.document)] == ["-"] * 3 + ["+"] * 3


def test_machines_get_it_as_data() -> None:
    (outcome,) = machine(WRITES, "en")["outcomes"]
    first, second = outcome["proposed"]
    assert first["document"] == POLICY
    assert (first["target"], first["command"], first["what"]["key"]) == ("R", COMMAND, WHAT.key)
    assert second["document"] == LONGER.document
    odd = replace(RIGHT, document={"DesiredValue": float("nan"), "deep": [float("inf")]})
    sent = envelope(replace(WRITES, outcomes=(replace(OUTCOME, proposed=(odd,)),)), "en").bodies["sqs"]
    (shown,) = json.loads(sent)["outcomes"][0]["proposed"]
    assert shown["document"] == {"DesiredValue": None, "deep": [None]}


def test_slack_shows_each_in_boxes_that_can_be_pasted() -> None:
    found = boxes(slack(WRITES))
    assert found == [
        "\n".join(diff(POLICY)),
        COMMAND,
        "\n".join(diff(LONGER.document)),
        LONGER.command,
    ]


def test_slack_cuts_no_command_through() -> None:
    blocks = slack(many(2, 4_000))
    assert not any("put-role-policy" in box for box in boxes(blocks))
    assert "Too long" in json.dumps(blocks)
    assert piece("written.more") in json.dumps(slack(many(9, 10)))


def test_the_incident_s_own_message_in_slack_does_not_grow_by_it() -> None:
    assert "put-role-policy" not in json.dumps(dump(add(None, message_of(many(3), "en")).newest))


def test_amazon_q_names_it_as_a_next_step_with_a_command_that_is_whole() -> None:
    steps = amazon_q(WRITES, "en")["content"]["nextSteps"]
    assert any(LONGER.command in step for step in steps)
    long = amazon_q(many(9), "en")["content"]["nextSteps"]
    assert not any("put-role-policy" in step for step in long)
    assert len(long) <= 10
    assert all(len(step) <= STEP for step in long)


def test_findings_go_before_a_change_that_is_to_be_reviewed() -> None:
    sent = envelope(many(3, report=replace(HUGE, outcomes=())), "en")
    data = json.loads(sent.bodies["sqs"])
    assert len(data["findings"]) < len(HUGE.findings)
    assert len(data["outcomes"][0]["proposed"]) == 3


@pytest.mark.parametrize(
    ("count", "size", "left"), [(100, 2_000, 5), (6, 14_000, 5), (6, 30_000, 1), (3, 90_000, 0)]
)
def test_what_is_too_much_goes_change_by_change_and_is_reported(count: int, size: int, left: int) -> None:
    sent = envelope(many(count, size), "en")
    assert len(sent.message.encode()) < LIMIT
    data = json.loads(sent.bodies["sqs"])
    proposed = data["outcomes"][0]["proposed"]
    assert len(proposed) == left
    assert all(one["command"].endswith("x" * size) for one in proposed)
    assert data["warnings"][-1]["key"] == "written.more"
    assert data["warnings"][-1]["values"] == {"count": count - left}
