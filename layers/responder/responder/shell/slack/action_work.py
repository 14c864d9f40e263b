"""What follows a click: the timeline, the command, and a line to whoever pressed."""

from collections.abc import Mapping
from typing import Any

from responder.approvals import rows
from responder.context import Context
from responder.errors import AwsError, Refused
from responder.incidents import Incidents
from responder.shell.log import log
from responder.shell.slack.action import Voices
from responder.shell.slack.action_case import load, who
from responder.shell.slack.action_command import approved, take_back
from responder.shell.slack.action_job import Job
from responder.shell.slack.answer import Unheard, whisper
from responder.shell.slack.request_click import Kind
from responder.text import Text, text


def work(job: Job, context: Context, voice: Voices) -> dict[str, Any]:
    """Do it, then say what came of it.

    Raises:
        AwsError: it could not be read or sent: Lambda tries again, and finds done what is done.
    """
    said = _done(job, context)
    log().info("a click", extra={"act": job.click.kind, "incident": job.click.incident, "said": said.key})
    try:
        whisper(voice(), job.click, said, context.settings.language)
    except (AwsError, Unheard) as error:
        log().warning("not told", extra={"incident": job.click.incident, "error": str(error)})
    return {"said": said.key}


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
    """A step of the incident's timeline; what was done stands also without it."""
    click = job.click
    data = {"person": who(click, context), "principal": click.user, **(job.noted or {})}
    incidents = Incidents(context.aws, context.settings.incidents_table)
    try:
        if click.kind is Kind.REJECTED:
            data["reason"] = _reason(
                rows(context.aws, context.settings.approvals_table, click.proposal), data
            )
        incidents.note(click.incident, "person", data, job.at)
    except AwsError as error:
        log().warning("not noted", extra={"incident": click.incident, "error": str(error)})


def _reason(found: tuple[Mapping[str, Any], ...], data: Mapping[str, str]) -> str:
    return next((str(row.get("reason", "")) for row in found if row.get("sk") == data["person"]), "")
