"""What follows a click: the timeline, the command, and a line to whoever pressed."""

from collections.abc import Mapping
from typing import Any

from responder.approvals import rows
from responder.context import Context
from responder.errors import AwsError, Refused, SlackError
from responder.incidents import Incidents
from responder.shell.log import log
from responder.shell.slack.action import Voices
from responder.shell.slack.action_case import load, who
from responder.shell.slack.action_command import approved, take_back
from responder.shell.slack.action_job import Job
from responder.shell.slack.action_show import show_taken
from responder.shell.slack.answer import whisper
from responder.shell.slack.request_click import Kind
from responder.text import Text, text


def work(job: Job, context: Context, voice: Voices, retried: bool = True) -> dict[str, Any]:
    """Do it, then say what came of it. `retried`: somebody tries again what fails.

    Raises:
        AwsError: it could not be read or sent; done again, it finds done what is done.
    """
    try:
        said = _done(job, context)
    except AwsError as error:
        again = "click.tried_again" if retried else "click.not_recorded"
        _tell(job, context, voice, Text(again, {"call": str(error)}))
        raise
    log().info("a click", extra={"act": job.click.kind, "incident": job.click.incident, "said": said.key})
    _tell(job, context, voice, said)
    if said.key == "click.acknowledged":
        _show(job, context, voice, said)
    return {"said": said.key}


def _tell(job: Job, context: Context, voice: Voices, said: Text) -> None:
    """What was done stands also where nobody hears of it."""
    try:
        whisper(voice(), job.click, said, context.settings.language)
    except (AwsError, SlackError) as error:
        log().warning("not told", extra={"incident": job.click.incident, "error": str(error)})


def _show(job: Job, context: Context, voice: Voices, said: Text) -> None:
    try:
        talk = voice()
    except AwsError:
        return
    show_taken(job, said, context, talk)


def _done(job: Job, context: Context) -> Text:
    if job.noted is None:
        return job.said or text("click.nothing")
    try:
        if job.click.kind is Kind.TAKE_BACK:
            return take_back(load(job.click, context), lambda: note(job, context))
        note(job, context)
        return approved(load(job.click, context)) if job.click.kind is Kind.APPROVE else _plain(job)
    except Refused as error:
        return error.reason


def _plain(job: Job) -> Text:
    return job.said or text("click.nothing")


def note(job: Job, context: Context) -> None:
    """A step of the incident's timeline, tried twice; what was done stands also without it."""
    for _ in range(2):
        try:
            _note(job, context)
        except AwsError as error:
            log().warning("not noted", extra={"incident": job.click.incident, "error": str(error)})
        else:
            return


def _note(job: Job, context: Context) -> None:
    click, settings = job.click, context.settings
    data = {"person": who(click, context), "principal": click.user, **(job.noted or {})}
    if click.kind is Kind.REJECTED:
        data["reason"] = _reason(rows(context.aws, settings.approvals_table, click.proposal), data)
    # At the time of the row: the same decision told again lands on the same step.
    Incidents(context.aws, settings.incidents_table).note(click.incident, "person", data, job.at)


def _reason(found: tuple[Mapping[str, Any], ...], data: Mapping[str, str]) -> str:
    return next((str(row.get("reason", "")) for row in found if row.get("sk") == data["person"]), "")
