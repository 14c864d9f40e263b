"""What may happen while an incident is followed."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from liveness_ops.template_tools.load import EVENTS
from rehearsal.drill import alarm_commands, alarm_trigger, scenario_setup
from rehearsal.drill.conditions import release, set_maintenance, set_variables
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.stack import APPROVER, PRINCIPAL, STACK
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.world import seed
from rehearsal.world.names import LOGINS, ROLLOUT
from rehearsal.world.points import Point, of_requests
from rehearsal.world.traffic import Requests, unfold
from responder.aws.items import from_item, to_item
from responder.core.command import ApprovalRequest
from responder.core.liveness_function import scope_of
from responder.core.settings import Settings
from responder.store import rows


class _Moment:
    lasts: ClassVar[float] = 0


@dataclass(frozen=True, slots=True)
class Recovers(_Moment):
    """The alarm goes back to OK; its event comes through the rule."""

    def apply(self, scene: FollowedIncident) -> None:
        """Do it as CloudWatch does."""
        if scene.scenario.kind is not None:
            scene.scenario.kind.becomes(scene.aws.client("cloudwatch"), "OK", scene.now)
            return
        scene.aws.client("cloudwatch").set_alarm_state(
            AlarmName=watched_alarm(scene.scenario.alarm, corrected=scene.scenario.corrected).name,
            StateValue="OK",
            StateReason="Threshold Crossed: no datapoints were received for 1 period.",
            StateReasonData=json.dumps({"version": "1.0", "period": 300}),
        )


@dataclass(frozen=True, slots=True)
class Deploys(_Moment):
    """A deployment sets the rollout of the login functions to 100%, and releases it."""

    def apply(self, scene: FollowedIncident) -> None:
        """Do it as CloudFormation does."""
        for function in LOGINS:
            set_variables(scene.aws, function, {ROLLOUT: "100"})
            release(scene.aws, function)


@dataclass(frozen=True, slots=True)
class AnotherAlarmFires(_Moment):
    """Another alarm fires because of the same fault."""

    alarm: str
    corrected: bool = False

    def apply(self, scene: FollowedIncident) -> None:
        """Through its rule."""
        other = replace(scene.scenario, alarm=self.alarm, corrected=self.corrected)
        alarm_trigger.send(scene.aws, other, scene.points, scene.now)


@dataclass(frozen=True, slots=True)
class RequestsArrive:
    """Requests in the minutes to come; only their metrics, because their logs are not read."""

    requests: tuple[Requests, ...]
    lasts: float

    def apply(self, scene: FollowedIncident) -> None:
        """Put their datapoints."""
        end = scene.now + timedelta(minutes=self.lasts)
        found = unfold(self.requests, end)
        seed.put_points(scene.aws, list(of_requests(found, scene.scenario.qualifier)))


@dataclass(frozen=True, slots=True)
class FaultLasts:
    """The fault lasts: the scenario's traffic comes again and again."""

    lasts: float

    def apply(self, scene: FollowedIncident) -> None:
        """Put its log lines and datapoints, as long as they reach."""
        span = max(each.since for each in scene.scenario.traffic)
        first = round((scene.now - scene.opened).total_seconds() / 60)
        for minute in range(0, int(self.lasts), int(span)):
            end = scene.now + timedelta(minutes=minute + span)
            scenario_setup.traffic(scene.aws, scene.scenario, end, part=first + minute + 1)


@dataclass(frozen=True, slots=True)
class Approves(_Moment):
    """On-call agrees to what was asked last. `lost`: the command that follows the approval never arrives."""

    lost: bool = False

    def apply(self, scene: FollowedIncident) -> None:
        """The row, and the command that is sent with the approval; nothing where nothing was asked."""
        if (asked := _asked(scene)) is None:
            return
        alarm_commands.approve(scene.aws, asked.id, APPROVER, scene.now)
        if not self.lost:
            order = {"command": asked.order, "remedy": asked.remedy, "scope": asked.scope}
            more = {"incident": scene.incident, "proposal": asked.id, "wanted": dict(asked.wanted)}
            _invoke(scene, scene.scenario.alarm, {**order, **more})


@dataclass(frozen=True, slots=True)
class Acknowledges(_Moment):
    """On-call acknowledges the incident."""

    def apply(self, scene: FollowedIncident) -> None:
        """The row that the console writes."""
        _decide(scene, "ACK", "acknowledge")


@dataclass(frozen=True, slots=True)
class RevertsAsWorse(_Moment):
    """On-call reverts a remedy because it made things worse."""

    remedy: str

    def apply(self, scene: FollowedIncident) -> None:
        """The row and the command of the entry."""
        table = alarm_commands.table(scene.aws, "Incidents")
        found = scene.aws.client("dynamodb").query(
            TableName=table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=to_item({":pk": rows.STACK, ":sk": f"LEASE#{self.remedy}#"}),
        )
        (lease,) = (rows.lease(from_item(item)) for item in found["Items"])
        _decide(scene, "WORSE", "worse", act=lease.act)
        order = {"command": "revert", "remedy": lease.remedy, "scope": scope_of(lease.scope, Settings())}
        _invoke(scene, scene.scenario.alarm, {**order, "incident": scene.incident})


@dataclass(frozen=True, slots=True)
class AlarmDeleted(_Moment):
    """A person deletes the alarm: that is no change of its state, so no event of one is sent."""

    def apply(self, scene: FollowedIncident) -> None:
        """Delete it in CloudWatch."""
        name = watched_alarm(scene.scenario.alarm, corrected=scene.scenario.corrected).name
        scene.aws.client("cloudwatch").delete_alarms(AlarmNames=[name])


@dataclass(frozen=True, slots=True)
class Closes(_Moment):
    """On-call closes the incident manually."""

    def apply(self, scene: FollowedIncident) -> None:
        """The row that the entry writes."""
        _decide(scene, "CLOSE", "close", reason="the alarm was renamed")


@dataclass(frozen=True, slots=True)
class ExecutionStops(_Moment):
    """The first execution is gone: it should have looked some time ago."""

    minutes: float = 20

    def apply(self, scene: FollowedIncident) -> None:
        """Make the state that it would have left."""
        at = scene.now - timedelta(minutes=self.minutes)
        scene.aws.client("dynamodb").update_item(
            TableName=alarm_commands.table(scene.aws, "Incidents"),
            Key=to_item({"pk": f"INCIDENT#{scene.incident}", "sk": "HEAD"}),
            UpdateExpression="SET next_look = :at",
            ExpressionAttributeValues=to_item({":at": rows.stamp(at)}),
        )


@dataclass(frozen=True, slots=True)
class LosesEvent(_Moment):
    """Lambda could not send a failed event of a function on, as its metric says."""

    function: str

    def apply(self, scene: FollowedIncident) -> None:
        """Put its datapoint."""
        dimensions = (("FunctionName", f"{STACK}-{self.function}"),)
        point = Point("AWS/Lambda", "DestinationDeliveryFailures", dimensions, scene.now, 1)
        seed.put_points(scene.aws, [point])


@dataclass(frozen=True, slots=True)
class WatchdogRound(_Moment):
    """The watchdog makes its round."""

    def apply(self, scene: FollowedIncident) -> None:
        """Run it with the event of its schedule."""
        event = json.loads((EVENTS / "watchdog" / "schedule.json").read_text(encoding="utf-8"))
        _invoke(scene, "watchdog", event)


@dataclass(frozen=True, slots=True)
class MaintenanceEnds(_Moment):
    """The suppression of the composite alarm has ended: it sends its state once more."""

    def apply(self, scene: FollowedIncident) -> None:
        """Do it as CloudWatch does."""
        set_maintenance(scene.aws, "OK")


def _decide(scene: FollowedIncident, about: str, decision: str, act: str = "", **more: str) -> None:
    row = {
        "pk": f"{about}#{scene.incident}{f'#{act}' if act else ''}",
        "sk": APPROVER,
        "decision": decision,
        "principal": PRINCIPAL,
        "at": scene.now.isoformat(),
        **more,
    }
    table = alarm_commands.table(scene.aws, "Approvals")
    scene.aws.client("dynamodb").put_item(TableName=table, Item=to_item(row))


def _invoke(scene: FollowedIncident, function: str, payload: dict[str, Any]) -> None:
    scene.aws.client("lambda").invoke(
        FunctionName=f"{STACK}-{function}", InvocationType="Event", Payload=json.dumps(payload)
    )


def _asked(scene: FollowedIncident) -> ApprovalRequest | None:
    ids = [one["approval"] for each in scene.messages for one in each.body["outcomes"] if one["approval"]]
    found = scene.aws.client("dynamodb").get_item(
        TableName=alarm_commands.table(scene.aws, "Incidents"),
        Key=to_item({"pk": f"INCIDENT#{scene.incident}", "sk": f"PROPOSAL#{ids[-1] if ids else ''}"}),
    )
    return rows.asked(from_item(found["Item"])) if "Item" in found else None
