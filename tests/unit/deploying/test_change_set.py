"""`make deploy` on a fake CloudFormation: what is shown, what stops it, what is executed and removed."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import typer

from liveness_ops import deploying
from liveness_ops.change_set import ChangeSet, known, read
from liveness_ops.people.command_runner import target
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.screen import Screen
from responder.core.errors import AwsError
from responder.core.plain_data import Json

ARN, OTHER = "arn:changeSet/ours", "arn:changeSet/theirs"
STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/ours/1"
EXECUTED, REMOVED, DELETED = "execute_change_set", "delete_change_set", "delete_stack"
GLOBAL = "AWS::DynamoDB::GlobalTable"
TABLE, BUCKET, QUEUE, RULE = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Events::Rule"


class CloudFormation:
    """`rows`: the changes. `ends`: the stack's status at each look after the execution; `executions`: the
    change set's, the last one again and again. `refused`: an operation that is denied."""

    refused = ""

    def __init__(self, *rows: Json, status: str = "CREATE_COMPLETE", reason: str = "") -> None:
        self.rows, self.status, self.reason = rows, status, reason
        self.stack = "UPDATE_COMPLETE"
        self.ends = ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
        self.executions = ["EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"]
        self.making = 0
        self.change_sets = [ARN]
        self.failures: list[tuple[str, str, str]] = []
        self.done: list[str] = []
        self.token = ""

    def call(self, _service: str, operation: str, /, **given: Any) -> Json:
        if operation == self.refused:
            raise AwsError("cloudformation", operation, "AccessDenied")
        if operation == "describe_stacks":
            if EXECUTED in self.done:
                self.stack = self.ends.pop(0)
            return {"Stacks": [{"StackStatus": self.stack}]}
        if operation == "describe_change_set":
            self.making -= 1
            status = "CREATE_IN_PROGRESS" if self.making >= 0 else self.status
            execution = self.executions.pop(0) if len(self.executions) > 1 else self.executions[0]
            return {"Status": status, "StackId": STACK, "ExecutionStatus": execution}
        assert given in (
            {"ChangeSetName": ARN},
            {"StackName": STACK},
            {"ChangeSetName": ARN, "ClientRequestToken": given.get("ClientRequestToken")},
        )
        self.token = given.get("ClientRequestToken", "")
        self.done.append(operation)
        return {}

    def pages(self, _service: str, operation: str, /, **given: Any) -> Iterator[Json]:
        if operation == "list_change_sets":
            yield {"Summaries": [{"ChangeSetId": arn} for arn in self.change_sets]}
        elif operation == "describe_stack_events":
            yield {"StackEvents": [self._event(*failure) for failure in self.failures]}
        else:
            about = {"StackId": STACK, "Status": self.status, "StatusReason": self.reason}
            for row in self.rows or ({},):
                yield {**about, "Changes": [{"ResourceChange": row}] if row else []}

    def _event(self, name: str, reason: str, token: str) -> dict[str, str]:
        found = {"LogicalResourceId": name, "ResourceStatusReason": reason, "ResourceStatus": "UPDATE_FAILED"}
        return {**found, "ClientRequestToken": token or self.token}


def row(action: str, kind: str = RULE, name: str = "One", replacement: str = "") -> Json:
    found = {"Action": action, "LogicalResourceId": name, "ResourceType": kind}
    return {**found, "Replacement": replacement} if replacement else found


def deploy(aws: CloudFormation, *, terminal: bool = True, yes: bool = True) -> None:
    deploying.deploy(aws, Screen("en", yes=yes), read(aws, ARN), terminal, 0)


def refused(aws: CloudFormation, *, terminal: bool = True, yes: bool = True) -> EarlyExit:
    with pytest.raises(EarlyExit) as early:
        deploy(aws, terminal=terminal, yes=yes)
    return early.value


def answered(monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    def confirm(*_question: Any, default: bool, **_options: Any) -> bool:
        assert default is False
        return answer

    monkeypatch.setattr(typer, "confirm", confirm)


def test_it_shows_what_is_deleted_replaced_changed_and_added(capsys: pytest.CaptureFixture[str]) -> None:
    aws = CloudFormation(
        row("Add", name="New"), row("Add", name="Newer"), row("Modify", name="Same", replacement="False"),
        row("Modify", name="Other", replacement="True"),
        row("Modify", name="Maybe", replacement="Conditional"),
        row("Remove", name="Old"), row("Dynamic", name="Late"),
    )  # fmt: skip
    deploy(aws)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:10] == [
        "Deleted: 1", f"  Old ({RULE})",
        "Replaced: 1", f"  Other ({RULE})",
        "Perhaps replaced: 2", f"  Maybe ({RULE})", f"  Late ({RULE})",
        "Changed: 1", f"  Same ({RULE})",
        "Added: 2",
    ]  # fmt: skip
    assert lines[10:] == [
        f"  2 {RULE}",
        "CloudFormation is executing the change set; this takes some minutes.",
        "Deployed: UPDATE_COMPLETE",
    ]
    assert aws.done == [EXECUTED]


@pytest.mark.parametrize("kind", [TABLE, GLOBAL, BUCKET, QUEUE])
@pytest.mark.parametrize(
    "change",
    [("Remove", ""), ("Modify", "True"), ("Modify", "Conditional"), ("Dynamic", "")],
    ids="-".join,
)
def test_a_resource_with_data_is_never_deleted_even_with_yes(kind: str, change: tuple[str, str]) -> None:
    action, replacement = change
    aws = CloudFormation(row("Add"), row(action, kind, "Incidents", replacement))
    early = refused(aws)
    assert (early.status, aws.done) == (Exit.DECLINED, [REMOVED])
    assert early.data["error"] == "deploy.loses_data"
    assert isinstance(early.said, str) or dict(early.said.values)["names"] == "Incidents"


@pytest.mark.parametrize("kind", [TABLE, BUCKET, QUEUE])
def test_a_resource_with_data_may_be_added_and_changed(kind: str) -> None:
    aws = CloudFormation(row("Add", kind), row("Import", kind), row("Modify", kind, replacement="False"))
    deploy(aws)
    assert aws.done == [EXECUTED]


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_it_asks(answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, answer)
    aws = CloudFormation(row("Add"))
    if answer:
        deploy(aws, yes=False)
        assert aws.done == [EXECUTED]
    else:
        assert refused(aws, yes=False).status == Exit.DECLINED
        assert aws.done == [REMOVED]


@pytest.mark.parametrize(("yes", "before"), [(False, "Execute this change set?"), (True, "is executing")])
def test_it_names_account_region_and_stack_before_it_executes(
    yes: bool, before: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    monkeypatch.setattr("sys.stderr", sys.stdout)
    here = target("123456789012", "us-east-1", "responder", "arn:aws:iam::123456789012:user/aiko")
    aws = CloudFormation(row("Add"))
    deploying.deploy(aws, Screen("en", yes=yes, target=here), read(aws, ARN), True, 0)
    shown = capsys.readouterr().out
    named = "Account 123456789012, Region us-east-1, stack responder"
    assert shown.count(named) == 1
    assert shown.index(named) < shown.index(before)


def test_ctrl_c_at_the_question_removes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_question: Any, **_options: Any) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(typer, "confirm", interrupted)
    aws = CloudFormation(row("Add"))
    with pytest.raises(KeyboardInterrupt):
        deploy(aws, yes=False)
    assert aws.done == [REMOVED]


def test_without_a_terminal_only_yes_executes() -> None:
    aws = CloudFormation(row("Add"))
    assert refused(aws, terminal=False, yes=False).data["error"] == "deploy.no_terminal"
    assert aws.done == [REMOVED]
    aws = CloudFormation(row("Add"))
    deploy(aws, terminal=False)
    assert aws.done == [EXECUTED]


@pytest.mark.parametrize(
    ("others", "status", "done"),
    [
        ([], "REVIEW_IN_PROGRESS", [REMOVED, DELETED]),
        ([OTHER], "REVIEW_IN_PROGRESS", [REMOVED]),
        ([], "CREATE_COMPLETE", [REMOVED]),
    ],
)
def test_only_a_stack_that_was_made_for_it_alone_goes_with_it(
    others: list[str], status: str, done: list[str]
) -> None:
    aws = CloudFormation(row("Add"))
    aws.change_sets, aws.stack = [ARN, *others], status
    refused(aws, terminal=False, yes=False)
    assert aws.done == done


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information.",
        "No updates are to be performed.",
    ],
)
def test_no_changes_is_a_success(reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    aws = CloudFormation(status="FAILED", reason=reason)
    deploy(aws)
    assert aws.done == [REMOVED]
    assert capsys.readouterr().out.strip() == "No changes: the stack is up to date."


def test_a_change_set_that_failed_says_why_and_what_to_do() -> None:
    reason = "Template Error: Encountered unsupported function: Fn::ToJsonString"
    aws = CloudFormation(status="FAILED", reason=reason)
    early = refused(aws)
    assert (early.status, aws.done, len(early.more)) == (Exit.NOT_DONE, [REMOVED], 1)
    assert not isinstance(early.said, str)
    assert dict(early.said.values)["reason"] == reason


def test_a_deployment_that_failed_names_what_failed_first(capsys: pytest.CaptureFixture[str]) -> None:
    aws = CloudFormation(row("Add"))
    aws.ends = ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]
    aws.executions[-1] = "EXECUTE_FAILED"
    # The latest first.
    aws.failures = [
        ("Third", "Resource update cancelled", ""), ("Second", "denied", ""), ("First", "taken", ""),
        ("Earlier", "another deployment", "its own token"),
    ]  # fmt: skip
    early = refused(aws)
    assert (early.status, aws.done) == (Exit.NOT_DONE, [EXECUTED])
    assert capsys.readouterr().out.splitlines()[-2:] == ["  First: taken", "  Second: denied"]


@pytest.mark.parametrize(
    ("ends", "executions", "done"),
    [
        # The first look still shows the end of an earlier deployment.
        (["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"], ["AVAILABLE", "EXECUTE_FAILED"], False),
        (["UPDATE_COMPLETE", "UPDATE_COMPLETE"], ["EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"], True),
        # A new stack stays as it is where the execution fails at once.
        (["REVIEW_IN_PROGRESS"], ["EXECUTE_FAILED"], False),
        # Another person executed another one.
        (["UPDATE_COMPLETE"], ["OBSOLETE"], False),
    ],
)
def test_the_end_is_that_of_this_change_set(ends: list[str], executions: list[str], done: bool) -> None:
    aws = CloudFormation(row("Add"))
    aws.ends, aws.executions = ends, executions
    if done:
        deploy(aws)
    else:
        assert refused(aws).data["error"] == "deploy.failed"
    assert aws.ends == []


@pytest.mark.parametrize("refused_call", ["describe_stacks", EXECUTED])
def test_without_an_answer_it_says_that_the_deployment_may_still_run(
    refused_call: str, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = CloudFormation(row("Add"))
    aws.refused = refused_call
    with pytest.raises(AwsError):
        deploy(aws)
    assert f"--stack-name {STACK} --region us-east-1" in capsys.readouterr().err


def test_both_are_said_why_nothing_was_deployed_and_why_the_change_set_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    aws = CloudFormation(row("Remove", TABLE, "Incidents"))
    aws.refused = REMOVED
    assert refused(aws).data["error"] == "deploy.loses_data"
    said = capsys.readouterr().err
    assert ARN in said
    assert "AccessDenied" in said


def test_a_resource_with_data_is_deleted_once_a_person_names_it() -> None:
    rows = (row("Remove", QUEUE, "Unposted"), row("Remove", TABLE, "Incidents"))
    for accepted, lost in ((set(), ["Unposted", "Incidents"]), ({"Unposted", "incidents"}, ["Incidents"])):
        changes = replace(read(CloudFormation(*rows), ARN), accepted=frozenset(accepted))
        assert changes.lost == lost
    aws = CloudFormation(rows[0])
    changes = replace(read(aws, ARN), accepted=frozenset({"Unposted"}))
    deploying.deploy(aws, Screen("en", yes=True), changes, False, 0)
    assert aws.done == [EXECUTED]


def test_a_stack_that_does_not_exist_has_no_change_sets() -> None:
    class Nothing(CloudFormation):
        def pages(self, service: str, operation: str, /, **given: Any) -> Iterator[Json]:
            raise AwsError(service, operation, self.status)

    assert known(Nothing(status="ValidationError"), "none") == frozenset()
    with pytest.raises(AwsError):
        known(Nothing(status="AccessDenied"), "none")


def test_a_change_set_is_read_whole() -> None:
    found = read(CloudFormation(*(row("Add", name=str(number)) for number in range(250))), ARN)
    assert isinstance(found, ChangeSet)
    assert len(found.changes) == 250
