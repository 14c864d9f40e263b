"""What follows a click: the timeline, the command, and a line to whoever pressed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Refused, ResponderError, SlackError
from responder.core.log import log
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.slack.inbound.action import SlackRepliers, case_of
from responder.slack.inbound.click import ButtonKind
from responder.slack.inbound.command import approved, take_back
from responder.slack.inbound.job import Job
from responder.slack.inbound.reply import called, whisper
from responder.slack.outbound import root
from responder.slack.outbound.posting import SlackApi, SlackPosting
from responder.store import Incidents
from responder.store.approvals import rows

# The incident's message says who has taken it: everybody else reads that, and not the line to one person.


def show_taken(job: Job, said: Text, context: Context, talk: SlackApi) -> ResponderError | None:
    """The acknowledgement stands also where this fails: then the next message of the incident shows it.
    The error for which it does not yet."""
    incident = job.click.incident
    try:
        person, until = str(said.values["person"]), datetime.fromisoformat(str(said.values["until"]))
        root.take(SlackPosting(context, talk, incident), person, job.at, until)
    except ResponderError as error:
        log().warning("not shown", extra={"incident": incident, "error": str(error)})
        return error
    return None


type Failed = Callable[[AwsError], object]


def work(job: Job, context: Context, voice: SlackRepliers, unleft: AwsError | None = None) -> dict[str, Any]:
    """Do it, then say what came of it. `unleft`: why it could not be left to Lambda, which tries again.

    Raises:
        AwsError: it could not be read or sent; done again, it finds done what is done.
    """
    beside = [unleft] if unleft else []
    try:
        said = _done(job, context, beside.append)
    except AwsError as error:
        again = "click.not_recorded" if unleft else "click.tried_again"
        _tell(job, context, voice, Text(again, {"call": called(error)}))
        raise
    log().info("a click", extra={"act": job.click.kind, "incident": job.click.incident, "said": said.key})
    _tell(job, context, voice, _lacking(said, beside))
    if job.click.kind is ButtonKind.ACKNOWLEDGE and job.noted is not None and said == job.said:
        _show(job, context, voice, said)
    return {"said": said.key}


def _lacking(said: Text, beside: Iterable[AwsError]) -> Text:
    """What it went without goes by itself; a right that is missing does not, so it is named."""
    missing = next((each for each in beside if isinstance(each, Denied)), None)
    return text("click.lacking", said=said, reason=reason(missing)) if missing else said


def _tell(job: Job, context: Context, voice: SlackRepliers, said: Text) -> None:
    """What was done stands also where nobody hears of it."""
    try:
        whisper(voice(), job.click, said, context.settings.language)
    except (AwsError, SlackError) as error:
        log().warning("not told", extra={"incident": job.click.incident, "error": str(error)})


def _show(job: Job, context: Context, voice: SlackRepliers, said: Text) -> None:
    try:
        talk = voice()
    except AwsError:
        return
    missing = show_taken(job, said, context, talk)
    if isinstance(missing, Denied):
        _tell(job, context, voice, text("click.not_shown", reason=reason(missing)))


def _done(job: Job, context: Context, failed: Failed) -> Text:
    if job.noted is None:
        return job.said or text("click.nothing")
    try:
        if job.click.kind is ButtonKind.TAKE_BACK:
            return take_back(case_of(job.click, context), lambda: note(job, context, failed))
        note(job, context, failed)
        return approved(case_of(job.click, context)) if job.click.kind is ButtonKind.APPROVE else _plain(job)
    except Refused as error:
        return error.reason.text


def _plain(job: Job) -> Text:
    return job.said or text("click.nothing")


def note(job: Job, context: Context, failed: Failed) -> None:
    """A step of the incident's timeline, tried twice; what was done stands also without it.
    `failed`: hears why it is missing."""
    problems = []
    for _ in range(2):
        try:
            _note(job, context)
        except AwsError as error:
            log().warning("not noted", extra={"incident": job.click.incident, "error": str(error)})
            problems.append(error)
        else:
            return
    failed(problems[-1])


def _note(job: Job, context: Context) -> None:
    click, settings = job.click, context.settings
    data = {"principal": click.user, **(job.noted or {})}
    if click.kind is ButtonKind.REJECTED:
        data["reason"] = _reason(rows(context.aws, settings.approvals_table, click.proposal), data)
    # At the time of the row: the same decision told again lands on the same step.
    Incidents(context.aws, settings.incidents_table).note(click.incident, "person", data, job.at)


def _reason(found: tuple[Mapping[str, Any], ...], data: Mapping[str, str]) -> str:
    return next((str(row.get("reason", "")) for row in found if row.get("sk") == data["person"]), "")
