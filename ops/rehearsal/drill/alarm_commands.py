"""Commands to an alarm's function, as an operator or the follow-up sends them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill import changes_done
from rehearsal.drill.scenario import Scenario, Step
from rehearsal.drill.stack import PRINCIPALS, STACK
from rehearsal.drill.step_result import StepResult
from responder.core.plain_data import Data


def order(aws: LocalAws, scenario: Scenario, step: Step, earlier: Sequence[StepResult]) -> Any:
    """Put the approval on record where one is needed, then send the command and read the answer."""
    if step.command == "finish":
        changes_done.wait(aws)
    report = earlier[0].report
    proposal = _proposal(step, earlier)
    for person in filter(None, step.approved_by.split(",")):
        approve(aws, proposal, person, datetime.now(UTC) + aws.ahead)
    payload = {
        "command": step.command,
        "incident": report.get("incident", ""),
        "remedy": step.remedy,
        "scope": step.scope,
        "proposal": proposal if step.approved_by else "",
        "wanted": dict(step.wanted),
    }
    return _invoke(aws, scenario, payload)


def decide_again(aws: LocalAws, scenario: Scenario, decided: StepResult) -> Any:
    """What the follow-up sends where a decision lacked a figure."""
    payload = {"command": "re-evaluate", "incident": decided.report["incident"]}
    return _invoke(aws, scenario, payload)


def _invoke(aws: LocalAws, scenario: Scenario, payload: Data) -> Any:
    answer = aws.client("lambda").invoke(
        FunctionName=f"{STACK}-{scenario.alarm}", Payload=json.dumps(payload).encode()
    )
    return json.loads(answer["Payload"].read() or b"null")


def approve(aws: LocalAws, proposal: str, person: str, at: datetime) -> None:
    """What `slack_action` or an operator writes."""
    row = {
        "pk": proposal,
        "sk": person,
        "decision": "approve",
        "person": person,
        "principal": PRINCIPALS[person],
        "at": at.isoformat(),
    }
    item = {key: {"S": value} for key, value in row.items()}
    aws.client("dynamodb").put_item(TableName=table(aws, "Approvals"), Item=item)


def _proposal(step: Step, earlier: Sequence[StepResult]) -> str:
    """The latest one that a message was sent about."""
    for step_result in reversed(earlier):
        for outcome in step_result.outcomes:
            same = (outcome["remedy"], outcome["scope"]) == (step.remedy, step.scope)
            if same and outcome.get("approval"):
                return str(outcome["approval"])
    return ""


@cache
def table(aws: LocalAws, resource: str) -> str:
    """The name that CloudFormation gave to a table of the stack."""
    pages = aws.client("dynamodb").get_paginator("list_tables").paginate()
    names: list[str] = pages.build_full_result()["TableNames"]
    (name,) = (each for each in names if each.startswith(f"{STACK}-{resource}-"))
    return name
