"""The incident's message says who has taken it: everybody else reads that, and not the line to one person."""

from responder.context import Context
from responder.errors import ResponderError
from responder.incidents.rows import stamp
from responder.shell.log import log
from responder.shell.slack import root
from responder.shell.slack.action_job import Job
from responder.shell.slack.post_desk import Desk, Talk
from responder.text import Text


def show_taken(job: Job, said: Text, context: Context, talk: Talk) -> ResponderError | None:
    """The acknowledgement stands also where this fails: then the next message of the incident shows it.
    The error for which it does not yet."""
    incident = job.click.incident
    try:
        person, until = str(said.values["person"]), str(said.values["until"])
        root.take(Desk(context, talk, incident), person, stamp(job.at), until)
    except ResponderError as error:
        log().warning("not shown", extra={"incident": incident, "error": str(error)})
        return error
    return None
