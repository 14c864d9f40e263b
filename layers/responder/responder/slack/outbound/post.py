"""From the topic into Slack: the incident's message first, then the report in its thread, then the channel of
the level that is called, then a picture."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from responder.core.codec import Misfit, load
from responder.core.context import Context
from responder.core.errors import BadEvent, BeingAnswered, ResponderError, SlackError, SlackRefused
from responder.core.log import log
from responder.core.settings import Settings
from responder.messages.published import published
from responder.messages.report_message import SCHEMA, ReportMessage
from responder.slack.outbound import check, graph, level, notice, probe, root, self_test, thread
from responder.slack.outbound.posting import SlackApi, SlackApiWithPictures, SlackPosting
from responder.slack.outbound.undelivered import TOPIC
from responder.slack.post_rows_data import RootMessage
from responder.slack.secret import Keeper
from responder.store.switches import known

_TOKEN = ("invalid_auth", "token_revoked", "token_expired", "not_authed", "account_inactive")


def handle(event: Any, _: Any) -> dict[str, Any]:
    """The entry on Lambda: an event of SNS."""
    from responder.aws.door import door
    from responder.slack.client import Slack

    settings = Settings.read(os.environ)
    aws = door(settings.region)
    context = known(aws, settings).context(aws, datetime.now(UTC))
    if probe.asked(event):
        return probe.answer(context, lambda: _anew(context))
    tested = self_test.asked(event)
    if tested is not None:
        return self_test.tell(context, tested, lambda: _anew(context))
    token = _keeper().secret(context).bot_token
    try:
        return receive(event, context, Slack(token, settings.slack_url))
    except SlackRefused as error:
        if error.code in _TOKEN:
            # It may have been changed: the next try reads it anew.
            _keeper.cache_clear()
        raise


def _anew(context: Context) -> SlackApi:
    """With the token as it is now, and no more time than the asker has."""
    from responder.slack.client import Slack

    token = Keeper().secret(context).bot_token
    return Slack(token, context.settings.slack_url, probe.PATIENCE_SECONDS, wait=0)


@cache
def _keeper() -> Keeper:
    return Keeper()


def receive(
    event: Any, context: Context, talk: SlackApiWithPictures, pause: Callable[[float], None] = time.sleep
) -> dict[str, Any]:
    """Tell one report. `pause`: how to wait for somebody else.

    Raises:
        BadEvent: there is no report of ours in it.
        ResponderError: it is not told for certain; Lambda tries again, and what is told is not told again.
    """
    summary = check.summarized(event)
    if summary is not None:
        return check.tell(SlackPosting(context, talk, str(summary["id"]), pause), summary)
    changed = notice.noticed(event)
    if changed is not None:
        return notice.tell(SlackPosting(context, talk, str(changed["id"]), pause), changed)
    report = reported(event)
    about = {"incident": report.incident, "report": report.id}
    if report.topic == TOPIC:
        # That Slack could not be told is told by mail alone.
        return about | {"told": False}
    desk = SlackPosting(context, talk, report.incident, pause)
    try:
        shown, failed = _shown(desk, report)
        place = thread.tell(desk, report, shown)
    except (BeingAnswered, SlackError):
        # Whatever is wrong with the channel of on-call, the level is called in its own.
        level.call(desk, report)
        raise
    missed = level.call(desk, report)
    if failed:
        raise failed
    graph.draw(desk, talk, report, shown, place)
    if missed:
        raise missed
    log().info("told in Slack", extra=about)
    return about | {"told": True, "ts": place.ts}


def _shown(desk: SlackPosting, report: ReportMessage) -> tuple[RootMessage, ResponderError | None]:
    """A message that cannot be edited now must not keep back the escalation below it."""
    try:
        return root.show(desk, report), None
    except (BeingAnswered, SlackError) as error:
        known = desk.rows.root()
        if known is None or not known.ts:
            raise
        return known, error


def reported(event: Any) -> ReportMessage:
    """The report in an event of SNS. Raises BadEvent."""
    told = published(event)
    if told.get("schema") != SCHEMA:
        raise BadEvent("schema")
    try:
        return load(ReportMessage, told)
    except Misfit as error:
        raise BadEvent(error.field) from None
