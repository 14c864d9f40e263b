"""Pause: nothing is changed for two hours, by anybody's incident. Each has a name of its own, so two people
who pause at the same time lose nothing."""

import json
from datetime import datetime, timedelta

from responder.context import Context
from responder.errors import Rejected
from responder.render.headline import stamp
from responder.shell.people.claim import claim
from responder.shell.slack.action_job import Job
from responder.shell.slack.request_click import Click
from responder.text import text

LASTS = timedelta(hours=2)
_SAME = timedelta(minutes=1)


def pause(click: Click, context: Context, person: str, request: str) -> Job:
    """Once per person and minute: whoever presses twice, or again after a crash, has the same pause.

    Raises:
        AwsError: it is not known to be set.
    """
    now = context.now
    mine = {"name": f"slack-{click.user}-{now:%Y%m%dT%H%M%SZ}", "until": stamp(now + LASTS)}
    kept = claim(context, f"pause#{click.user}", _SAME, **mine) or mine
    name, until = str(kept["name"]), str(kept["until"])
    _put(context, name, {"who": person, "why": f"Slack {click.incident}", "until": until})
    said = text("click.paused", name=name, until=until, where=context.settings.console)
    noted = {"what": "pause", "person": person, "name": name, "until": until}
    return Job(request, click, datetime.fromisoformat(until) - LASTS, said, noted)


def _put(context: Context, name: str, value: dict[str, str]) -> None:
    try:
        context.aws.call(
            "ssm",
            "put_parameter",
            Name=f"{context.settings.parameters_path}/pauses/{name}",
            Value=json.dumps(value, ensure_ascii=False),
            Type="String",
        )
    except Rejected as error:
        if error.code != "ParameterAlreadyExists":
            raise
