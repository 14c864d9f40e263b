"""Slack fails: people get an e-mail, once, and that e-mail is never posted to Slack again."""

import json
from typing import Any

import pytest

from responder.checks.model import CheckSection
from responder.checks.report.summary import SCHEMA, Summary, envelope
from responder.core.context import Context
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.failures.handler import keep_and_report
from tests.fakes import FakeAws
from tests.laid_out import machine
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.checks.reports import GREEN, report
from tests.unit.messages.samples import ASKS
from tests.unit.respond.scene import ENVIRONMENT
from tests.unit.respond.test_fallback import empty, record


def sns(message: Any) -> Json:
    answer = message if isinstance(message, str) else json.dumps(message)
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": answer}}]}


def fail(aws: FakeAws, slug: str, payload: Any) -> Json:
    context = Context(aws, Settings.read(ENVIRONMENT), aws.now, aws.now)
    return keep_and_report(record(payload, slug), context)


def reported(aws: FakeAws) -> Json:
    (sent,) = aws.sns.published
    bodies: Json = json.loads(sent["Message"])
    return {**json.loads(bodies["lambda"]), "mail": bodies["email"], "subject": sent["Subject"]}


def test_the_mail_names_the_incident_and_what_to_do_without_slack() -> None:
    aws = empty()
    fail(aws, "slack-post", sns(machine(ASKS, "en")))
    sent = reported(aws)
    assert (sent["topic"], sent["kind"], sent["incident"]) == ("undelivered", "failure", ASKS.incident)
    assert sent["headline"].startswith(piece("cause.slack_post_failed"))
    assert f"liveness-ops show {ASKS.incident} --region us-east-1 --stack responder" in sent["mail"]
    assert "aws logs tail /aws/lambda/responder-slack-post" in sent["mail"]
    assert sent["subject"].endswith("Not posted to Slack: read it here - HighErrorRate")
    assert len(aws.sqs.sent) == 1


@pytest.mark.parametrize("page", ["https://example.com/page", ""])
def test_a_check_that_slack_misses_is_no_incident_and_leads_to_its_page(page: str) -> None:
    aws = empty()
    summary = Summary(report(CheckSection("cost", (GREEN,))), page)
    fail(aws, "slack-post", sns(envelope(summary, "en").bodies["lambda"]))
    sent = reported(aws)
    assert (sent["topic"], sent["severity"], sent["incident"]) == (
        "undelivered",
        "medium",
        "check-daily-2026-02-04",
    )
    assert sent["headline"].startswith("The Daily check of 2026-02-04 could not be posted to Slack.")
    assert "liveness-ops show" not in sent["mail"]
    assert page in sent["mail"]
    assert "aws logs tail /aws/lambda/responder-slack-post" in sent["mail"]


def test_the_mail_that_slack_misses_is_not_missed_again() -> None:
    """The message of the failure comes to slack_post, too; should that fail as well, it ends there."""
    aws = empty()
    fail(aws, "slack-post", sns(machine(ASKS, "en")))
    fail(aws, "slack-post", sns({key: value for key, value in reported(aws).items() if key != "mail"}))
    assert len(aws.sns.published) == 1
    assert len(aws.sqs.sent) == 2


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "soon", 7])
@in_both_languages
def test_a_report_of_an_impossible_time_is_missed_by_mail_too(since: Any, language: str) -> None:
    aws = empty()
    context = Context(aws, Settings.read({**ENVIRONMENT, "LANGUAGE": language}), aws.now, aws.now)
    keep_and_report(record(sns({**machine(ASKS, "en"), "since": since}), "slack-post"), context)
    assert reported(aws)["incident"] == ASKS.incident


NAMELESS = {"schema": SCHEMA, "id": "x\ny" * 300}


@pytest.mark.parametrize(
    "payload", [None, {}, sns("no JSON"), sns("[]"), {"Records": [{}, {}]}, sns(NAMELESS)]
)
def test_what_cannot_be_read_is_reported_too(payload: Any) -> None:
    aws = empty()
    fail(aws, "slack-post", payload)
    assert reported(aws)["incident"].startswith("failure-")


def test_a_button_whose_work_was_not_done_is_reported() -> None:
    aws = empty()
    fail(aws, "slack-action", {"job": {"click": {"incident": ASKS.incident}}})
    sent = reported(aws)
    assert sent["incident"] == ASKS.incident
    assert sent["headline"].startswith(piece("cause.slack_action_failed"))


def test_where_the_mail_fails_too_lambda_tries_again() -> None:
    aws = empty()
    aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        fail(aws, "slack-post", sns(machine(ASKS, "en")))
