"""All alarms on one local AWS, with a Slack: real code in its own processes, IAM enforced, Lambda's
retries. The test sends the events."""

import copy
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill import alarm_trigger, scenario_setup, state
from rehearsal.drill.catalogue import alarms
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK, warm_up
from rehearsal.drill.watched_alarms import event_of, reason, watched_alarm
from rehearsal.world.build import World
from responder.core.plain_data import Json
from tests.fakes.slack_server import SlackServer
from tests.integration.beside_slack import BesideSlack
from tests.integration.on_call import user
from tests.integration.repeats import forget
from tests.proof.end_state import EndState, Writes, written

ALARMS = alarms()
# Lambda waits one minute, then two. Here a whole response, on a busy machine, has to fit into them.
WAITS = [2.0, 25.0]
_ON_ITS_WAY = 10.0
USED = ("lambda", "cloudwatch", "dynamodb", "cloudtrail", "sqs", "events", "logs", "ssm")


@dataclass
class DeployedStack:
    """`begin` a scenario, `set` and `send` alarms, read the `end_state`."""

    aws: LocalAws
    slack: SlackServer
    keys: dict[str, dict[str, str]]
    warm: set[str] = field(default_factory=set)
    kept: dict[str, list[Any]] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    before: state.State = field(default_factory=dict)
    earlier: Writes = field(default_factory=Counter)

    def begin(self, scenario: Scenario, slugs: Sequence[str] = (), snapshot: str = World.ROLLED_OUT) -> None:
        """As deployed, with what the scenario breaks. The functions of `slugs` have answered before."""
        cold = [slug for slug in slugs if slug not in self.warm]
        if cold:
            self.aws.restore(snapshot)
            warm_up(self.aws, cold)
            self.warm.update(cold)
        self.restore(snapshot)
        self.now = datetime.now(UTC)
        self.points = scenario_setup.traffic(self.aws, scenario, self.now)
        scenario_setup.switches(self.aws, scenario, self.now)

    def keep(self, snapshot: str) -> None:
        """What is now, to come back to, in Slack as well."""
        self.aws.wait_idle(240)
        self.aws.snapshot(snapshot)
        self.kept[snapshot] = copy.deepcopy(self.slack.messages)

    def restore(self, snapshot: str) -> None:
        """Back to it; nothing has been reported yet."""
        self.aws.release()
        self.aws.wait_idle(240)
        self.aws.restore(snapshot)
        self.aws.clear()
        self.slack.messages[:] = copy.deepcopy(self.kept.get(snapshot, []))
        self.before, self.earlier = state.read(self.aws.client), written(self.aws)

    def reason_of(self, slug: str) -> tuple[str, str]:
        """(StateReason, StateReasonData) of an alarm that goes off."""
        story = watched_alarm(slug)
        return reason(story, story.values(self.points, self.now), self.now)

    def set(self, slug: str, value: str = "ALARM") -> None:
        """What CloudWatch says when it is asked."""
        words, data = self.reason_of(slug)
        self.aws.client("cloudwatch").set_alarm_state(
            AlarmName=watched_alarm(slug).name, StateValue=value, StateReason=words, StateReasonData=data
        )

    def event(self, slug: str, value: str = "ALARM", seconds: float = 0) -> Json:
        """A change of `seconds` after the beginning."""
        at = self.now + timedelta(seconds=seconds)
        event = event_of(watched_alarm(slug).name, {}, at, *self.reason_of(slug))
        event["detail"]["state"]["value"] = value
        return event

    def send(self, slug: str, event: Json) -> None:
        """Asynchronously, as EventBridge does."""
        self.aws.client("lambda").invoke(
            FunctionName=f"{STACK}-{slug}", InvocationType="Event", Payload=json.dumps(event)
        )

    def order(self, slug: str, **command: Any) -> Any:
        """A command, later than it would count as a repeat, and its answer."""
        forget(self.aws)
        answer = self.aws.client("lambda").invoke(
            FunctionName=f"{STACK}-{slug}", Payload=json.dumps(command).encode()
        )
        return json.loads(answer["Payload"].read() or b"null")

    def end_state(self) -> EndState:
        """Once everything is quiet; Slack gets a message a moment after the topic."""
        end = time.monotonic() + _ON_ITS_WAY
        while True:
            self.aws.wait_idle(240)
            found = EndState.read(self.aws, self.slack, self.before, self.earlier)
            if found.posted or time.monotonic() > end:
                return found


def deployed_stack(here: BesideSlack) -> DeployedStack:
    """With the users of the people in it."""
    here.restore()
    here.aws.settings(retry_waits=WAITS)
    keys = {name: user(here.aws, name, here.operator_policy) for name in ("oncall", "mari")}
    for service in USED:
        # Made here: several threads that ask for one at the same time would make several.
        here.aws.client(service)
    here.aws.snapshot("with rules")
    alarm_trigger.silence(here.aws)
    here.aws.snapshot(World.ROLLED_OUT)
    return DeployedStack(here.aws, here.slack, keys)
