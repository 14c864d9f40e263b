"""Everything that can be called, over one played world. Each reports what it did to the people concerned."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from alarms import get_result_errors
from responder.core.context import Context
from responder.failures.handler import keep_and_report
from responder.followup.follower import Follower, Moment
from responder.watchdog.round import watch_over
from tests.proof.door import Door
from tests.proof.fuzz.played import ROLLOUT, incident, proposals
from tests.proof.fuzz.worlds import Place, record
from tests.proof.invoked import invoke
from tests.unit.slack_inbound.office import FUNCTION, Office

# A look that cannot be made is tried so often before others are notified.
_LOOKS, _BLIND = 5, 19
# Late looks are looks: so it comes to the end of things sooner.
_LONG, _LATE = 8, 20 * 60
_HOUR = 70

type Entry = Callable[[], None]


class Silence(AssertionError):
    """It could not be done, and no message was sent."""


def entries(place: Place) -> dict[str, Entry]:
    """By name; every one of them from the same moment."""
    stage = place.stage
    return {
        "alarm again": lambda: _delivered(place, stage.event("ALARM", stage.aws.now)),
        "another alarm": lambda: another(place),
        "ok": lambda: _calmed(place),
        **{" ".join(map(str, order.values())): _order(place, order) for order in orders(place)},
        "follow-up": lambda: followed(place),
        "follow-up, the alarm over": lambda: followed_to_its_end(place),
        "watchdog": lambda: watched(place),
        "response failed": lambda: failed(place),
        **{f"button {kind}": _button(place, kind) for kind in _BUTTONS},
    }


_BUTTONS = ("approve", "acknowledge", "pause", "revert", "reject")


def orders(place: Place) -> list[dict[str, Any]]:
    """Every command that names something which is, or could be, on record."""
    leases = [json.loads(row["data"])["remedy"] for row in place.stage.rows("LEASE#")]
    scopes = {"provisioned_concurrency": "result"}
    found: list[dict[str, Any]] = [{"command": "re-evaluate"}]
    for remedy in dict.fromkeys((ROLLOUT, *leases)):
        about = {"remedy": remedy, "scope": scopes.get(remedy, "")}
        found += [{"command": "finish", **about}, {"command": "revert", **about}]
        found += [
            {"command": command, **about, "proposal": each}
            for each in proposals(place)
            for command in ("apply", "revert")
        ]
    return found


def _order(place: Place, order: dict[str, Any]) -> Entry:
    event = {**order, "incident": incident(place)}
    return lambda: _delivered(place, event)


def _delivered(place: Place, event: Any) -> None:
    place.deliver(event)


def _calmed(place: Place) -> None:
    place.stage.state = "OK"
    try:
        place.deliver(place.stage.event("OK", place.aws.now))
    finally:
        place.stage.state = "ALARM"


def another(place: Place) -> None:
    """The function of another alarm, to which this incident does not belong: it is reported whatever there
    is."""
    other = Place.beside(place, place.stage.beside(get_result_errors.playbook))
    before = len(place.aws.sns.published)
    other.deliver(other.stage.event("ALARM", place.aws.now))
    if len(place.aws.sns.published) == before:
        raise Silence("another alarm")


def followed_to_its_end(place: Place) -> None:
    """The alarm is OK: the revert is requested, what may end ends, the report is filed."""
    place.stage.state = "OK"
    try:
        place.deliver(place.stage.event("OK", place.aws.now))
        followed(place, _LONG, _LATE)
    finally:
        place.stage.state = "ALARM"


def followed(place: Place, looks: int = _LOOKS, least: int = 1) -> None:
    """Some looks and what they lead to. Where it breaks, on-call is notified, if only by the watchdog."""
    aws = place.aws
    name = str(place.began.incident)
    follower = Follower(name, Door(aws), place.settings, lambda: aws.now)
    try:
        moment = follower.begin()
    except Exception:
        return watched(place, must=True)
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


def watched(place: Place, *, must: bool = False) -> None:
    """A round, an hour after the last one."""
    aws = place.aws
    aws.tick(minutes=_HOUR)
    before = len(aws.sns.published)
    watch_over(Context(Door(aws), place.settings, aws.now, aws.now))
    if must and len(aws.sns.published) == before:
        raise Silence("watchdog")


def failed(place: Place) -> None:
    """Some other event could not be answered."""
    aws = place.aws
    event = record(place.stage.playbook.slug, place.stage.event("ALARM", aws.now))
    keep_and_report(event, Context(Door(aws), place.settings, aws.now, aws.now))
    if not aws.sqs.sent:
        raise Silence("response failed")


def _button(place: Place, kind: str) -> Entry:
    asked = next(iter(proposals(place)), "")
    name = incident(place)

    def press() -> None:
        office = Office(place.stage)
        try:
            office.aws = Door(place.aws)
            value = office.value(incident=name, proposal=asked)
            office.send(office.request(office.pressed(kind, value=value)))
            for function, event in later(office.queue):
                _left(place, office, function, event)
        finally:
            place.aws.lambdas.receive = None

    return press


def _left(place: Place, office: Office, function: str, event: Any) -> None:
    """What was left for later: a job of the same function, or a command to the alarm's own."""
    if function != FUNCTION:
        place.deliver(event)
        return

    def code(door: Door) -> Any:
        office.aws = door
        return office.send(event)

    invoke(code, place.aws, record("slack-action", event), place.environment)


def later(queue: deque[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Asynchronous invocations in their order, those that they lead to included."""
    while queue:
        yield queue.popleft()
