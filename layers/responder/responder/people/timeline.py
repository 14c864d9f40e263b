"""What a person did stands in the incident's timeline, with the name and identity that AWS or Slack gave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.log import log
from responder.people.case import Caller
from responder.store import Incidents


def note(
    context: Context, caller: Caller, incident: str, step: Mapping[str, Any], at: datetime
) -> AwsError | None:
    """Tried twice; why it is missing, for what was done stands also without it.

    `at` is the time of the row: the same decision noted again lands on the same step.
    """
    data = {"person": caller.person, "principal": caller.principal, **step}
    incidents, problem = Incidents(context.aws, context.settings.incidents_table), None
    for _ in range(2):
        try:
            incidents.note(incident, "person", data, at)
        except AwsError as error:
            log().warning("not noted", extra={"incident": incident, "error": str(error)})
            problem = error
        else:
            return None
    return problem
