"""From the topic into Slack: the incident's message first, then the report in its thread, then the channel of
the level that is called, then a picture. It changes nothing of the service."""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responder.core.codec import Misfit, load
from responder.core.context import Context
from responder.core.errors import BadEvent, BeingAnswered, ResponderError, SlackError, SlackRefused
from responder.core.log import log
from responder.core.permissions import ANY, INCIDENTS_TABLE, SETTINGS, Permission
from responder.core.plain_data import Json
from responder.core.retry import Sleep
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.messages.json_report import text_of
from responder.messages.language import in_zone
from responder.messages.notice import SELF_TEST
from responder.messages.publish import of_schema, published
from responder.messages.report_message import SCHEMA, ReportMessage
from responder.slack.blocks.report import answer
from responder.slack.outbound import graph, level, notices, probe, root
from responder.slack.outbound.graph import SlackApiWithPictures
from responder.slack.outbound.posting import SlackApi, SlackPlace, SlackPosting
from responder.slack.outbound.undelivered import TOPIC
from responder.slack.rows import RootMessage
from responder.slack.secret import Keeper, keeper
from responder.store.switches import known

NEEDS = frozenset(
    {
        *SETTINGS,
        Permission("secretsmanager:GetSecretValue", "${SlackSecretArn}"),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "what was posted is not posted again"),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("cloudwatch:GetMetricWidgetImage", ANY),
    }
)
_TOKEN = ("invalid_auth", "token_revoked", "token_expired", "not_authed", "account_inactive")


def handle(event: Any, _: Any) -> Json:
    """The entry on Lambda: an event of SNS, or the daily check's question."""
    from responder.aws.boto import gateway
    from responder.slack.client import Slack

    settings = Settings.read(os.environ)
    aws = gateway(settings.region)
    context = known(aws, settings).context(aws, datetime.now(UTC))

    def connect() -> SlackApi:
        """A client with the current token, and no more time than the caller has."""
        token = Keeper().secret(context).bot_token
        return Slack(token, settings.slack_url, probe.PATIENCE_SECONDS, wait=0)

    if probe.asked(event):
        return probe.answer(context, connect)
    if (test := of_schema(event, SELF_TEST)) is not None:
        return notices.post_self_test(context, test, connect)
    token = keeper().secret(context).bot_token
    try:
        with in_zone(context.settings.time_zone):
            return receive(event, context, Slack(token, settings.slack_url))
    except SlackRefused as error:
        if error.code in _TOKEN:
            # It may have been changed: the next try reads it anew.
            keeper.cache_clear()
        raise


def receive(event: Any, context: Context, slack: SlackApiWithPictures, pause: Sleep = time.sleep) -> Json:
    """Post one report. `pause`: how to wait for another run.

    Raises:
        BadEvent: there is no report of the responder in it.
        ResponderError: it is not posted for certain; Lambda tries again, and what is posted is not repeated.
    """
    if (message := notices.announced(event)) is not None:
        return notices.announce(SlackPosting(context, slack, str(message["id"]), pause), message)
    report = _warned(_report(event), context.parameters)
    about = {"incident": report.incident, "report": report.id}
    if report.topic == TOPIC:
        # That a message is missing in Slack is reported by mail alone.
        return about | {"posted": False}
    posting = SlackPosting(context, slack, report.incident, pause)
    try:
        shown, failed = _shown(posting, report)
        place = _post_report(posting, report, shown)
    except (BeingAnswered, SlackError):
        # Whatever is wrong with the channel of on-call, the level is called in its own.
        level.call(posting, report)
        raise
    missed = level.call(posting, report)
    if failed:
        raise failed
    graph.draw(posting, slack, report, shown, place)
    if missed:
        raise missed
    log().info("posted to Slack", extra=about)
    return about | {"posted": True, "ts": place.ts}


def _shown(posting: SlackPosting, report: ReportMessage) -> tuple[RootMessage, ResponderError | None]:
    """A message that cannot be edited now must not keep back the escalation below it."""
    try:
        return root.show(posting, report), None
    except (BeingAnswered, SlackError) as error:
        found = posting.rows.root()
        if found is None or not found.ts:
            raise
        return found, error


def _post_report(posting: SlackPosting, report: ReportMessage, shown: RootMessage) -> SlackPlace:
    """Once. Where it is.

    Raises:
        BeingAnswered: another run is posting it right now.
        SlackError, AwsError: whether it is posted may be unknown; a repeat finds out.
    """
    status = shown.status_with(report)
    # Posted too late: people are not called to what has ended.
    late = status.calm_after(report)
    called = "" if late else root.mention(report, posting.context.settings.slack_level_mentions)
    post = answer(report, status, called)
    # The incident's first message has just been seen in the channel itself.
    loud = post.loud and not late and (shown.first != report.id or bool(called))
    return root.reply(posting, replace(post, loud=loud), SlackPlace(shown.channel, shown.ts), report.id)


def _warned(report: ReportMessage, parameters: Mapping[str, str] | ResponderError | None) -> ReportMessage:
    """The report, first among its warnings that the settings could not be read, where that is so."""
    if not isinstance(parameters, ResponderError):
        return report
    unread = text_of(text("slack.settings_unread", reason=reason(parameters)), report.language)
    return replace(report, warnings=(unread, *report.warnings))


def _report(event: Any) -> ReportMessage:
    found = published(event)
    if found.get("schema") != SCHEMA:
        raise BadEvent("schema")
    try:
        return load(ReportMessage, found)
    except Misfit as error:
        raise BadEvent(error.field) from None
