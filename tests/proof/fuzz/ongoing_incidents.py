"""Incidents in the middle of their story: everything that can be on record is in the tables."""

from collections.abc import Callable
from datetime import timedelta

from alarms import slow_verification
from responder.aws.items import to_item
from responder.core.codec import load
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.followup.follower import Follower
from responder.messages.report_message import ReportMessage
from responder.slack.rows import SlackRows
from responder.slack.status import add
from responder.watchdog.round import watch_over
from tests.fakes.registered import document
from tests.proof.fuzz.worlds import PlaybookWorld, broken, logged
from tests.unit.followup.scenes import throttled
from tests.unit.slack_inbound.workspace import AIKO, AIKO_ARN, CHANNEL, KEN, KEN_ARN, ROOT, SLACK

ROLLOUT = "rollout_to_zero"
_MAY = ("lowers_security", "costs_money")
PEOPLE = document(aiko=[*_MAY, AIKO, AIKO_ARN], ken=[*_MAY, KEN, KEN_ARN])


def acted() -> PlaybookWorld:
    """The rollout is at 0 %, and AWS has finished. As a table throttles too, a person had to approve it."""
    world = _staffed(broken())
    world.deliver(world.scene.event("ALARM"))
    (proposal,) = proposals(world)
    world.scene.approve(proposal)
    order = {"command": "apply", "incident": incident(world), "remedy": ROLLOUT, "proposal": proposal}
    world.deliver(order)
    _finished(world)
    return _settled(world)


def waiting() -> PlaybookWorld:
    """The same waits for a person."""
    world = _staffed(PlaybookWorld(throttled()))
    world.aws.answer("s3", "put_object", {})
    world.deliver(world.scene.event("ALARM"))
    world.aws.tick(minutes=1)
    return _settled(world)


def asked() -> PlaybookWorld:
    """One has approved it."""
    world = waiting()
    world.scene.approve(proposals(world)[0])
    world.aws.tick(seconds=20)
    world.keep()
    return world


def back() -> PlaybookWorld:
    """The revert waits for a person, and one has approved it."""
    world = acted()
    world.deliver({"command": "revert", "incident": incident(world), "remedy": ROLLOUT})
    _approved(world)
    world.keep()
    return world


def warm() -> PlaybookWorld:
    """Two remedies in force at the same time, of a medium alarm."""
    world = _staffed(broken(slow_verification.playbook))
    world.deliver(world.scene.event("ALARM"))
    world.aws.settle()
    return _settled(world)


STORIES: dict[str, Callable[[], PlaybookWorld]] = {each.__name__: each for each in (acted, asked, back, warm)}
_ALL = {**STORIES, "waiting": waiting}


def story(name: str) -> PlaybookWorld:
    """Played without a log."""
    with logged():
        return _ALL[name]()


def incident(world: PlaybookWorld) -> str:
    """The id of the one there is; of a world that was not touched yet."""
    return str(world.scene.pointer["incident"])


def proposals(world: PlaybookWorld) -> list[str]:
    """Ids of what waits for a person, or did."""
    return [row["sk"].partition("#")[2] for row in world.scene.rows("PROPOSAL#")]


def _staffed(world: PlaybookWorld) -> PlaybookWorld:
    world.environment.update({**SLACK, "REPORTS_BUCKET": "reports"})
    world.aws.ssm.parameters["/responder/settings"] = PEOPLE
    return world


def _finished(world: PlaybookWorld) -> None:
    for _ in range(2):
        world.aws.settle()
        world.deliver({"command": "finish", "incident": incident(world), "remedy": ROLLOUT})
    world.aws.settle()


def _approved(world: PlaybookWorld) -> None:
    world.aws.tick(minutes=1)
    world.scene.approve(world.scene.result["approval"])
    world.aws.tick(seconds=20)


def _settled(world: PlaybookWorld) -> PlaybookWorld:
    """Acknowledged, shown in Slack, checked by its follow-up and by the watchdog."""
    aws, name = world.aws, incident(world)
    said = {"pk": f"ACK#{name}", "sk": "aiko", "decision": "acknowledge", "principal": AIKO_ARN}
    _put(world, "Approvals", {**said, "at": aws.now.isoformat()})
    rows = SlackRows(aws, "Incidents", name)
    rows.keep(None, add(None, load(ReportMessage, world.scene.reported[-1])), aws.now)
    rows.claim(aws.now)
    rows.posted(CHANNEL, ROOT)
    follower = Follower(name, aws, world.settings, lambda: aws.now)
    follower.look(follower.begin())
    aws.now += timedelta(minutes=1)
    _put(
        world, "Incidents", {"pk": "WATCHDOG", "sk": "orphan#x", "at": aws.now.isoformat(), "reported": True}
    )
    watch_over(Context(aws, world.settings, aws.now, aws.now))
    world.keep()
    return world


def _put(world: PlaybookWorld, table: str, row: Json) -> None:
    world.aws.dynamo.put_item(TableName=table, Item=to_item(row))
