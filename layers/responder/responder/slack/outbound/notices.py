"""Posts what belongs to no incident: a scheduled check, a notice, a self-test; one message without
buttons."""

from collections.abc import Callable, Iterator
from typing import Any

from responder.checks.finding import UNKNOWN, CheckStatus
from responder.checks.report.summary import SCHEMA as CHECK
from responder.checks.report.summary import SHORT
from responder.checks.report.words import marked
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import AwsError, BeingAnswered, ResponderError
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.slack_health import SlackCallResult, SlackCallStatus, SlackHealth
from responder.core.text import text
from responder.messages.block_kit import (
    Block,
    bare,
    bold,
    code,
    context,
    escaped,
    fitting,
    link,
    section,
    short,
    words,
)
from responder.messages.language import say
from responder.messages.notice import SCHEMA as NOTICE
from responder.messages.publish import of_schema
from responder.slack.blocks.parts import SlackPost
from responder.slack.outbound.level import every
from responder.slack.outbound.posting import SlackApi, SlackPlace, SlackPosting
from responder.slack.outbound.probe import result_of
from responder.store import self_tests

_NOTIFICATION = 1_000
_LIGHTS = frozenset(CheckStatus)
# The finding and its fix are a section each, and less than one holds.
_LONGEST_TITLE, _LONGEST_SAID, _LONGEST_COMMAND, _LONGEST_CAUTION = 200, 800, 2_400, 400
_EVIDENCE, _LONGEST_EVIDENCE = 5, 180


def announced(event: Any) -> Data | None:
    """The summary of a check or the notice in an event of SNS; None where it is anything else."""
    return of_schema(event, CHECK) or of_schema(event, NOTICE)


def announce(posting: SlackPosting, message: Data) -> Json:
    """In the channel of on-call, once by its id: a check that is made again on the same day is not repeated.

    Raises:
        BeingAnswered: another run is posting it right now.
        SlackError, AwsError: whether it is posted may be unknown; a repeat finds out.
    """
    settings = posting.context.settings
    kind, post = ("check", check_post) if message["schema"] == CHECK else ("notice", notice_post)
    said = post(message, str(message.get("language", settings.language)))
    place = posting.once(said, SlackPlace(settings.slack_channel), str(message["id"]))
    log().info("announced in Slack", extra={kind: message["id"]})
    return {kind: message["id"], "posted": True, "ts": place.ts}


def check_post(summary: Data, language: str) -> SlackPost:
    """What needs a person, with its fix; the page is behind a link. From the JSON of
    `checks.report.summary`."""
    said = str(summary.get("headline", ""))
    blocks = [section(bold(words(said))), *_found(summary, language), _print(summary, language)]
    return SlackPost(short(bare(said), _NOTIFICATION), fitting(blocks, language, kept=1))


def _found(summary: Data, language: str) -> Iterator[Block]:
    for each in summary.get("to_do", ())[:SHORT]:
        light = CheckStatus(each["light"]) if each.get("light") in _LIGHTS else UNKNOWN
        new = say(text("checks.new"), language) if each.get("new") else ""
        title = bold(words(str(each.get("title", "")), _LONGEST_TITLE))
        line = f"{marked(light, language)} {new}{title} {words(str(each.get('said', '')), _LONGEST_SAID)}"
        more = [words(str(said), _LONGEST_EVIDENCE) for said in each.get("evidence", ())[:_EVIDENCE]]
        yield section("\n".join((line, *more)))
        command = str(each.get("command") or "")
        caution, note = str(each.get("caution") or ""), str(each.get("command_note") or "")
        mends = (
            f"⚠ {words(caution, _LONGEST_CAUTION)}" if caution else "",
            # Half a command must not be pasted.
            code(command) if 0 < len(escaped(command)) <= _LONGEST_COMMAND else "",
            words(note, _LONGEST_EVIDENCE),
        )
        if any(mends):
            yield section("\n".join(filter(None, mends)))


def _print(summary: Data, language: str) -> Block:
    unseen = max(0, len(summary.get("to_do", ())) - SHORT)
    left_out, page = int(summary.get("left_out") or 0) + unseen, summary.get("page")
    return context(
        [
            link(say(text("checks.page"), language), str(page)) if page else "",
            words(str(summary.get("since") or "")),
            *(words(str(each)) for each in summary.get("accepted") or ()),
            words(str(summary.get("problem") or "")),
            words(say(text("checks.more", count=left_out), language)) if left_out else "",
            words(f"{summary.get('account', '')} / {summary.get('region', '')}"),
        ]
    )


def notice_post(notice: Data, language: str) -> SlackPost:
    """What a person changed for every incident. From the JSON of `messages.notice`."""
    said = str(notice["headlines"][language])
    lines = "\n".join(words(str(each[language])) for each in notice["lines"])
    where = context([words(f"{notice['account']} / {notice['region']}")])
    blocks = [section(bold(words(said))), *([section(short(lines, 3_000))] if lines else []), where]
    return SlackPost(short(bare(said), _NOTIFICATION), blocks)


def post_self_test(context: Context, test: Data, connect: Callable[[], SlackApi]) -> Json:
    """Once in the channel of on-call and those of all levels, without a mention. Whatever Slack says is put
    on record for the console, and is no failure: a failed run would be reported by mail as a message that
    Slack missed. `connect`: a client with the token that is in the secret now; raises AwsError."""
    settings, name = context.settings, str(test["id"])
    try:
        posting = SlackPosting(context, connect(), name)
    except AwsError as error:
        found = SlackHealth(secret=error.code)
    else:
        said = notice_post(test, settings.language)
        channels = dict.fromkeys((settings.slack_channel, *every(settings.slack_level_mentions)))
        results = {each: _posted(posting, said, each) for each in channels}
        found = SlackHealth("", SlackCallResult(SlackCallStatus.FINE), results)
    try:
        self_tests.in_slack(context.aws, settings.incidents_table, name, found)
    except ResponderError as error:
        log().error("self-test not on record", extra={"error": str(error)})
    log().info("a self-test posted to Slack", extra={"self_test": name, "found": dump(found)})
    return {"self_test": name, **dump(found)}


def _posted(posting: SlackPosting, said: SlackPost, channel: str) -> SlackCallResult:
    try:
        posting.once(said, SlackPlace(channel), f"{posting.incident}#{channel}")
    except BeingAnswered:
        return SlackCallResult(SlackCallStatus.BUSY, "being_answered")
    except ResponderError as error:
        return result_of(error)
    return SlackCallResult(SlackCallStatus.FINE)
