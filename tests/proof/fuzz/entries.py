"""Everything that can be called, over one played world. Each reports what it did to the people concerned."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from alarms import get_result_errors
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.failures.handler import keep_and_report
from responder.followup.follower import Follower, Moment
from responder.watchdog.round import watch_over
from tests.proof.async_invocation import invoke
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.ongoing_incidents import ROLLOUT, incident, proposals
from tests.proof.fuzz.worlds import PlaybookWorld, record
from tests.unit.slack_inbound.workspace import FUNCTION, SlackWorkspace

# A look that cannot be made is tried so often before others are notified.
_LOOKS, _BLIND = 5, 19
# Late looks are looks: so it comes to the end of things sooner.
_LONG, _LATE = 8, 20 * 60
_HOUR = 70

type Entry = Callable[[], None]


class Silence(AssertionError):
    """It could not be done, and no message was sent."""


def entries(world: PlaybookWorld) -> dict[str, Entry]:
    """By name; every one of them from the same moment."""
    scene = world.scene
    return {
        "alarm again": lambda: _delivered(world, scene.event("ALARM", scene.aws.now)),
        "another alarm": lambda: another(world),
        "ok": lambda: _calmed(world),
        **{" ".join(map(str, order.values())): _order(world, order) for order in orders(world)},
        "follow-up": lambda: followed(world),
        "follow-up, the alarm over": lambda: followed_to_its_end(world),
        "watchdog": lambda: watched(world),
        "response failed": lambda: failed(world),
        **{f"button {kind}": _button(world, kind) for kind in _BUTTONS},
    }


_BUTTONS = ("approve", "acknowledge", "pause", "revert", "reject")


def orders(world: PlaybookWorld) -> list[Json]:
    """Every command that names something which is, or could be, on record."""
    leases = [json.loads(row["data"])["remedy"] for row in world.scene.rows("LEASE#")]
    scopes = {"provisioned_concurrency": "result"}
    found: list[Json] = [{"command": "re-evaluate"}]
    for remedy in dict.fromkeys((ROLLOUT, *leases)):
        about = {"remedy": remedy, "scope": scopes.get(remedy, "")}
        found += [{"command": "finish", **about}, {"command": "revert", **about}]
        found += [
            {"command": command, **about, "proposal": each}
            for each in proposals(world)
            for command in ("apply", "revert")
        ]
    return found


def _order(world: PlaybookWorld, order: Json) -> Entry:
    event = {**order, "incident": incident(world)}
    return lambda: _delivered(world, event)


def _delivered(world: PlaybookWorld, event: Any) -> None:
    world.deliver(event)


def _calmed(world: PlaybookWorld) -> None:
    world.scene.state = "OK"
    try:
        world.deliver(world.scene.event("OK", world.aws.now))
    finally:
        world.scene.state = "ALARM"


def another(world: PlaybookWorld) -> None:
    """The function of another alarm, to which this incident does not belong: it is reported whatever there
    is."""
    other = PlaybookWorld.beside(world, world.scene.beside(get_result_errors.playbook))
    before = len(world.aws.sns.published)
    other.deliver(other.scene.event("ALARM", world.aws.now))
    if len(world.aws.sns.published) == before:
        raise Silence("another alarm")


def followed_to_its_end(world: PlaybookWorld) -> None:
    """The alarm is OK: the revert is requested, what may end ends, the report is filed."""
    world.scene.state = "OK"
    try:
        world.deliver(world.scene.event("OK", world.aws.now))
        followed(world, _LONG, _LATE)
    finally:
        world.scene.state = "ALARM"


def followed(world: PlaybookWorld, looks: int = _LOOKS, least: int = 1) -> None:
    """Some looks and what they lead to. Where it breaks, on-call is notified, if only by the watchdog."""
    aws = world.aws
    name = str(world.began.incident)
    follower = Follower(name, FaultyGateway(aws), world.settings, lambda: aws.now)
    try:
        moment = follower.begin()
    except Exception:
        return watched(world, must=True)
    moment = {**moment, "blind": _BLIND}
    for _ in range(looks):
        if moment["over"]:
            return None
        before = len(aws.sns.published)
        try:
            moment = _turn(follower, moment)
        except Exception as error:
            follower.broken(moment, type(error).__name__)
            if len(aws.sns.published) == before:
                raise Silence("follow-up") from error
            return None
        if not moment["due"]:
            aws.tick(seconds=max(least, moment["pause"]))
    return None


def _turn(follower: Follower, moment: Moment) -> Moment:
    # Between two steps it is JSON.
    moment = follower.look(json.loads(json.dumps(moment)))
    for duty in moment["due"]:
        moment = follower.do(duty, moment)
    return moment


def watched(world: PlaybookWorld, *, must: bool = False) -> None:
    """A round, an hour after the last one."""
    aws = world.aws
    aws.tick(minutes=_HOUR)
    before = len(aws.sns.published)
    watch_over(Context(FaultyGateway(aws), world.settings, aws.now, aws.now))
    if must and len(aws.sns.published) == before:
        raise Silence("watchdog")


def failed(world: PlaybookWorld) -> None:
    """Some other event could not be answered."""
    aws = world.aws
    event = record(world.scene.playbook.slug, world.scene.event("ALARM", aws.now))
    keep_and_report(event, Context(FaultyGateway(aws), world.settings, aws.now, aws.now))
    if not aws.sqs.sent:
        raise Silence("response failed")


def _button(world: PlaybookWorld, kind: str) -> Entry:
    asked = next(iter(proposals(world)), "")
    name = incident(world)

    def press() -> None:
        workspace = SlackWorkspace(world.scene)
        try:
            workspace.aws = FaultyGateway(world.aws)
            value = workspace.value(incident=name, proposal=asked)
            workspace.send(workspace.request(workspace.pressed(kind, value=value)))
            for function, event in later(workspace.queue):
                _left(world, workspace, function, event)
        finally:
            world.aws.lambdas.receive = None

    return press


def _left(world: PlaybookWorld, workspace: SlackWorkspace, function: str, event: Any) -> None:
    """What was left for later: a job of the same function, or a command to the alarm's own."""
    if function != FUNCTION:
        world.deliver(event)
        return

    def code(gateway: FaultyGateway) -> Any:
        workspace.aws = gateway
        return workspace.send(event)

    invoke(code, world.aws, record("slack-action", event), world.environment)


def later(queue: deque[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Asynchronous invocations in their order, those that they lead to included."""
    while queue:
        yield queue.popleft()
