"""The incident's message says who has taken it: everybody else reads that, and not the line to one person."""

from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.log import log
from responder.core.text import Text
from responder.slack.inbound.job import Job
from responder.slack.outbound import root
from responder.slack.outbound.posting import SlackApi, SlackPosting
from responder.store.rows import stamp


def show_taken(job: Job, said: Text, context: Context, talk: SlackApi) -> ResponderError | None:
    """The acknowledgement stands also where this fails: then the next message of the incident shows it.
    The error for which it does not yet."""
    incident = job.click.incident
    try:
        person, until = str(said.values["person"]), str(said.values["until"])
        root.take(SlackPosting(context, talk, incident), person, stamp(job.at), until)
    except ResponderError as error:
        log().warning("not shown", extra={"incident": incident, "error": str(error)})
        return error
    return None
