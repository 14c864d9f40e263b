"""Incidents in the middle of their story: everything that can be on record is in the tables."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from alarms import slow_verification
from responder.aws.items import to_item
from responder.core.codec import load
from responder.core.context import Context
from responder.followup.follower import Follower
from responder.messages.report_message import ReportMessage
from responder.slack.rows import SlackRows
from responder.slack.status import add
from responder.watchdog.round import watch_over
from tests.fakes.registered import document
from tests.proof.fuzz.worlds import Place, broken, logged
from tests.unit.followup.stage import throttled
from tests.unit.slack_inbound.office import AIKO, AIKO_ARN, CHANNEL, KEN, KEN_ARN, ROOT, SLACK

ROLLOUT = "rollout_to_zero"
_MAY = ("lowers_security", "costs_money")
PEOPLE = document(aiko=[*_MAY, AIKO, AIKO_ARN], ken=[*_MAY, KEN, KEN_ARN])


def acted() -> Place:
    """The rollout is at 0 %, and AWS has finished. As a table throttles too, a person had to approve it."""
    place = _staffed(broken())
    place.deliver(place.stage.event("ALARM"))
    (proposal,) = proposals(place)
    place.stage.approve(proposal)
    order = {"command": "apply", "incident": incident(place), "remedy": ROLLOUT, "proposal": proposal}
    place.deliver(order)
    _finished(place)
    return _settled(place)


def waiting() -> Place:
    """The same waits for a person."""
    place = _staffed(Place(throttled()))
    place.aws.answer("s3", "put_object", {})
    place.deliver(place.stage.event("ALARM"))
    place.aws.tick(minutes=1)
    return _settled(place)


def asked() -> Place:
    """One has approved it."""
    place = waiting()
    place.stage.approve(proposals(place)[0])
    place.aws.tick(seconds=20)
    place.keep()
    return place


def back() -> Place:
    """The revert waits for a person, and one has approved it."""
    place = acted()
    place.deliver({"command": "revert", "incident": incident(place), "remedy": ROLLOUT})
    _approved(place)
    place.keep()
    return place


def warm() -> Place:
    """Two remedies in force at the same time, of a medium alarm."""
    place = _staffed(broken(slow_verification.playbook))
    place.deliver(place.stage.event("ALARM"))
    place.aws.settle()
    return _settled(place)


STORIES: dict[str, Callable[[], Place]] = {each.__name__: each for each in (acted, asked, back, warm)}
_ALL = {**STORIES, "waiting": waiting}


def story(name: str) -> Place:
    """Played in silence."""
    with logged():
        return _ALL[name]()


def incident(place: Place) -> str:
    """The id of the one there is; of a world that was not touched yet."""
    return str(place.stage.pointer["incident"])


def proposals(place: Place) -> list[str]:
    """Ids of what waits for a person, or did."""
    return [row["sk"].partition("#")[2] for row in place.stage.rows("PROPOSAL#")]


def _staffed(place: Place) -> Place:
    place.environment.update({**SLACK, "REPORTS_BUCKET": "reports"})
    place.aws.ssm.parameters["/responder/settings"] = PEOPLE
    return place


def _finished(place: Place) -> None:
    for _ in range(2):
        place.aws.settle()
        place.deliver({"command": "finish", "incident": incident(place), "remedy": ROLLOUT})
    place.aws.settle()


def _approved(place: Place) -> None:
    place.aws.tick(minutes=1)
    place.stage.approve(place.stage.result["approval"])
    place.aws.tick(seconds=20)


def _settled(place: Place) -> Place:
    """Acknowledged, shown in Slack, checked by its follow-up and by the watchdog."""
    aws, name = place.aws, incident(place)
    said = {"pk": f"ACK#{name}", "sk": "aiko", "decision": "acknowledge", "principal": AIKO_ARN}
    _put(place, "Approvals", {**said, "at": aws.now.isoformat()})
    rows = SlackRows(aws, "Incidents", name)
    rows.keep(None, add(None, load(ReportMessage, place.stage.reported[-1])), aws.now)
    rows.claim(aws.now)
    rows.posted(CHANNEL, ROOT)
    follower = Follower(name, aws, place.settings, lambda: aws.now)
    follower.look(follower.begin())
    aws.now += timedelta(minutes=1)
    _put(
        place, "Incidents", {"pk": "WATCHDOG", "sk": "orphan#x", "at": aws.now.isoformat(), "reported": True}
    )
    watch_over(Context(aws, place.settings, aws.now, aws.now))
    place.keep()
    return place


def _put(place: Place, table: str, row: dict[str, Any]) -> None:
    place.aws.dynamo.put_item(TableName=table, Item=to_item(row))
