"""Pause: a stop of all actions for two hours, under a name that no other press shares."""

from datetime import datetime, timedelta

from responder.core.context import Context
from responder.core.stops import Stop
from responder.core.text import text
from responder.messages.headline import stamp
from responder.people.claim import claim
from responder.slack.inbound.click import Click
from responder.slack.inbound.job import Job
from responder.store.stops import create

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
    end = datetime.fromisoformat(until)
    # Where the name is taken, an earlier try has created it.
    create(context.aws, context.settings, Stop(name, person, f"Slack {click.incident}", end))
    said = text("click.paused", name=name, until=until, where=context.settings.console)
    noted = {"what": "pause", "person": person, "name": name, "until": until}
    return Job(request, click, end - LASTS, said, noted)
