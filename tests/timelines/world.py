"""One world in virtual time: a FaceAuth system, alarms, their functions, follow-ups, the watchdog, people.

Everything that happens has its moment, and the earliest is next; nothing waits in real time. The code that
runs is the project's own: each alarm's function, `follow_up.follow`, the watchdog, the entry for people.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import follow_up

from rehearsal.drill.driver import Driver
from responder.core.context import Context, Gateway
from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.failures.handler import keep_and_report
from responder.followup.follower import Follower
from responder.store import Incidents
from responder.watchdog.round import watch_over
from tests.fakes.gateway import Died, FakeAws
from tests.timelines.durable import Durable, Exhausted, Record, Suspended
from tests.timelines.mails import Mail, mail
from tests.unit.entry.people_entry import Entry
from tests.unit.followup.scenes import AIKO, KEN, MIO, FollowUpScene, alarm_row, beside
from tests.unit.remedies.world import FOUR, ROLLOUT
from tests.unit.respond.scene import CREATE, RESULT

_READS = ("get_", "list_", "describe_", "query", "filter_", "lookup_")
_IDENTITIES = {"aiko": AIKO, "ken": KEN, "mio": MIO}
# An asynchronous invocation begins a moment after its caller has continued; Lambda repeats one that fails
# after one and two more minutes (Lambda developer guide, "Asynchronous invocation").
_SOON = timedelta(seconds=2)
_REPEATS = (timedelta(minutes=1), timedelta(minutes=2))
_ROUND, _LATER_ROUND = timedelta(minutes=5), timedelta(minutes=15)
# For so many minutes everything happens as often as it does; after the second time figures come once an hour.
_FINE, _COARSE = 6 * 60, 5 * 24 * 60
# CloudTrail shows an event about five minutes after the call (CloudTrail user guide, "How CloudTrail works").
_TRAIL = timedelta(minutes=5)
_FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:{}:$LATEST"
CLOUDFORMATION = "arn:aws:sts::123456789012:assumed-role/cdk-hnb659fds-cfn-exec-role/AWSCloudFormation"


@dataclass
class Alarm:
    """As CloudWatch has it."""

    state: str
    since: datetime
    gone: bool = False


@dataclass
class Execution:
    """One durable execution of the follow-up. `crashes`: its next runs that die at their first write."""

    name: str
    incident: str
    record: Record = field(default_factory=Record)
    crashes: int = 0
    ended: str = ""


@dataclass
class _CrashingGateway(Gateway):
    """The follow-up's own way to AWS, on which its process dies."""

    aws: FakeAws
    execution: Execution

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if self.execution.crashes and not operation.startswith(_READS):
            self.execution.crashes -= 1
            raise Died
        return self.aws.call(service, operation, **arguments)


@dataclass
class Service:
    """What the users' requests leave behind, minute by minute.

    Attributes:
        requests: so many reach the liveness functions a minute, while the check is on as it was before.
        faults: so many of them fail a minute; `code` is Rekognition's error, or `table` where it throttles.
        left, share: the part of a fault that is still to come, and of the requests that the check now gets.
    """

    requests: float = 4
    faults: float = 0
    code: str = "InternalServerError"
    left: float = 0
    share: float = 1


@frozen
class _Following(Follower):
    """The real follower; the clock of the world moves on with it."""

    world: "World"

    def _context(self, now: datetime) -> Context:
        self.world.aws.move(now)
        return super()._context(now)


class World:
    """`at(minutes, what)` puts something into the script; `run(until)` lets it all happen.

    Attributes:
        mails: everything that the topic sent, in order.
        orders: every command of the follow-ups to the alarms' functions, with its minute.
        lost: what ended otherwise than it should: an execution, an invocation that Lambda gave up.
        slow: AWS finishes nothing that it was asked for.
        after: called after everything that happened.
    """

    def __init__(self, scene: FollowUpScene) -> None:
        self.scene, self.aws = scene, scene.aws
        other = beside(scene)
        self.scenes = {each.playbook.slug: each for each in (other, scene)}
        self.opened = self._fed = self.aws.now
        self.service = Service()
        self.alarms: dict[str, Alarm] = {}
        self.executions: dict[str, Execution] = {}
        self.mails: list[Mail] = []
        self.orders: list[tuple[float, Json]] = []
        self.lost: list[tuple[float, str]] = []
        self.slow = False
        self.requests = 0
        self.after: Callable[[], Any] = lambda: None
        self.driver = Driver(self.aws)
        self._trail: list[Json] = []
        self._published = 0
        self.aws.lambdas.receive = self._receive
        self.aws.answer("s3", "put_object", {})
        self.aws.answer("cloudwatch", "describe_alarms", self._described)
        self.aws.answer("cloudwatch", "list_metrics", {"Metrics": []})
        self.aws.answer("cloudtrail", "lookup_events", self._looked_up)

    # --- the clock ---------------------------------------------------------------------------------

    @property
    def minute(self) -> float:
        """Since the world began."""
        return (self.aws.now - self.opened).total_seconds() / 60

    def at(self, minutes: float, what: Callable[[], Any]) -> None:
        """What is to happen so many minutes after the beginning."""
        self._plan(self.opened + timedelta(minutes=minutes), what)

    def run(self, until: float) -> None:
        """Everything that happens in so many minutes."""
        end = self.opened + timedelta(minutes=until)
        self._failed_before()
        self._plan(self.opened + _ROUND, self._watchdog)
        self.driver.reach(end)

    def _happens(self, what: Callable[[], Any]) -> None:
        self._feed()
        if not self.slow:
            self.aws.settle()
        what()
        self._collect()
        self.after()

    def _failed_before(self) -> None:
        """What made the alarm go off is in the metric from ten minutes before."""
        times = [self.opened - timedelta(minutes=each) for each in range(1, 11)]
        points = [(at, self.service.faults) for at in times if self.service.faults]
        self.scene.figures.put(Settings().namespace, "VerificationError", points)

    def _plan(self, at: datetime, what: Callable[[], Any]) -> None:
        self.driver.at(at, partial(self._happens, what))

    def _collect(self) -> None:
        for request in self.aws.sns.published[self._published :]:
            self.mails.append(mail(request, round(self.minute, 1), self.state(), self.requests))
        self._published = len(self.aws.sns.published)
        for name, payload in self.aws.lambdas.executions.items():
            if name not in self.executions:
                self.executions[name] = Execution(name, json.loads(payload)["incident"])
                self._plan(self.aws.now + _SOON, partial(self._follow, self.executions[name]))

    # --- what runs ---------------------------------------------------------------------------------

    def _follow(self, execution: Execution) -> None:
        """One run of a follow-up, until its next wait."""
        if execution.ended:
            return
        settings = Settings.read(self.scene.environment)
        gateway: Gateway = _CrashingGateway(self.aws, execution)
        follower = _Following(execution.incident, gateway, settings, lambda: self.aws.now, world=self)
        durable: Any = Durable(execution.record, lambda: self.aws.now)
        try:
            follow_up.follow(durable, follower)
            execution.ended = "succeeded"
        except Suspended as wait:
            self._plan(wait.until, partial(self._follow, execution))
        except Died:
            durable.died()
            self._plan(self.aws.now + timedelta(minutes=1), partial(self._follow, execution))
        except Exhausted:
            self._lose(execution, "no operations are left")
        except Exception as error:
            self._lose(execution, f"{type(error).__name__}: {error}")

    def _lose(self, execution: Execution, why: str) -> None:
        execution.ended = why
        self.lost.append((round(self.minute, 1), f"execution {execution.name}: {why}"))

    def _watchdog(self) -> None:
        self._plan(self.aws.now + (_ROUND if self.minute < _FINE else _LATER_ROUND), self._watchdog)
        settings = Settings.read(self.scene.environment)
        try:
            watch_over(Context(self.aws, settings, self.aws.now, self.aws.now))
        except ResponderError as error:
            self.lost.append((round(self.minute, 1), f"watchdog: {error}"))

    def _receive(self, function: str, payload: Any) -> None:
        self.orders.append((round(self.minute, 1), payload))
        slug = function.removeprefix(f"{self.scene.environment['STACK']}-")
        self.invoke(self.scenes[slug], payload)

    def invoke(self, scene: FollowUpScene, payload: Any, times: int = 0) -> None:
        """Asynchronously, as EventBridge and the follow-up do it."""

        def run() -> None:
            try:
                scene.deliver(payload)
            except Exception as error:
                self._failed(scene, payload, times, error)

        self._plan(self.aws.now + (_REPEATS[times - 1] if times else _SOON), run)

    def _failed(self, scene: FollowUpScene, payload: Any, times: int, error: Exception) -> None:
        if times < len(_REPEATS):
            self.invoke(scene, payload, times + 1)
            return
        function = f"{scene.environment['STACK']}-{scene.playbook.slug}"
        self.lost.append((round(self.minute, 1), f"{function}: {type(error).__name__}: {error}"))
        record = {
            "requestContext": {"functionArn": _FUNCTION.format(function), "condition": "RetriesExhausted"},
            "requestPayload": payload,
            "responsePayload": {"errorType": type(error).__name__, "errorMessage": str(error)},
        }
        try:
            keep_and_report(
                record, Context(self.aws, Settings.read(scene.environment), self.aws.now, self.aws.now)
            )
        except ResponderError as failure:
            self.lost.append((round(self.minute, 1), f"response_failed: {failure}"))

    # --- the alarm ---------------------------------------------------------------------------------

    def becomes(self, state: str, slug: str = "") -> None:
        """The alarm changes its state, and its event is on its way."""
        scene = self.scenes[slug] if slug else self.scene
        self.alarms[scene.alarm_name] = Alarm(state, self.aws.now)
        self.invoke(scene, scene.event(state, self.aws.now))

    def deletes_alarm(self) -> None:
        """A person deletes it."""
        self.alarms[self.scene.alarm_name].gone = True

    def _described(self, **asked: Any) -> Json:
        types = asked.get("AlarmTypes") or ["MetricAlarm"]
        there = [
            alarm_row(name, found.state, found.since, **self.scene.row)
            for name in asked.get("AlarmNames", self.alarms)
            if (found := self.alarms.get(name)) and not found.gone
        ]
        return {f"{kind}s": there if kind == "MetricAlarm" else [] for kind in types}

    # --- people, deployments -----------------------------------------------------------------------

    def says(self, do: str, person: str = "aiko", *, slug: str = "", **fields: Any) -> tuple[int, Any]:
        """A request at the entry for people: `says("approve")` approves what was asked for last."""
        scene = self.scenes[slug] if slug else self.scene
        entry = Entry(scene)
        self.requests += 1
        if do in ("approve", "reject", "withdraw"):
            fields.setdefault("proposal", self._last_proposal(scene))
        if do in ("reject", "close"):
            fields.setdefault("reason", "not now")
        return entry.ask(do, _IDENTITIES[person], **fields)

    def _last_proposal(self, scene: FollowUpScene) -> str:
        asked = Incidents(self.aws, "Incidents").proposals(scene.pointer["incident"])
        return max(asked, key=lambda each: each.at).id if asked else "0" * 16

    def sets_rollout(self, percent: str, who: str = AIKO, names: Strings = FOUR) -> None:
        """A person, or a deployment, sets the variable; CloudTrail knows."""
        for name in names:
            self.aws.lambdas.person_sets(name, **{ROLLOUT: percent})
            for alias in list(self.aws.lambdas.functions[name].aliases):
                self.aws.lambdas.release(name, alias)
            self._recorded("lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": name}, who)

    def _recorded(self, service: str, event: str, asked: Json, who: str) -> None:
        kind = "AssumedRole" if ":assumed-role/" in who else "IAMUser"
        detail = {
            "eventSource": f"{service}.amazonaws.com",
            "eventName": event,
            "eventTime": f"{self.aws.now:%Y-%m-%dT%H:%M:%SZ}",
            "userIdentity": {"type": kind, "arn": who},
            "requestParameters": asked,
            "readOnly": False,
        }
        self._trail.append(
            {
                "EventId": f"event-{len(self._trail)}",
                "EventName": event,
                "EventSource": detail["eventSource"],
                "EventTime": self.aws.now,
                "Username": who.rpartition("/")[2],
                "CloudTrailEvent": json.dumps(detail),
            }
        )

    def _looked_up(self, **asked: Any) -> Json:
        shown = self.aws.now - _TRAIL
        since = asked.get("StartTime", self.opened - timedelta(days=90))
        found = [each for each in self._trail if since <= each["EventTime"] <= shown]
        return {"Events": found[::-1]}

    def pauses(self) -> None:
        """Everything is stopped, by a person."""
        self.aws.ssm.parameters["/responder/stops/release"] = '{"who": "aiko", "why": "deploying"}'

    def resumes(self) -> None:
        """The stop has ended."""
        self.aws.ssm.parameters.pop("/responder/stops/release", None)

    def mode(self, mode: str, remedy: str = "") -> None:
        """The global mode, or that of a remedy."""
        self.aws.ssm.modes[remedy or "everywhere"] = mode

    # --- outages -----------------------------------------------------------------------------------

    def fails(self, service: str, operation: str, error: type[Exception], **where: Any) -> None:
        """Every such call, until `heals`."""
        self.aws.fail(service, operation, error, times=10**9, where=where)  # type: ignore[arg-type]

    def heals(self) -> None:
        """No further call fails."""
        self.aws.heal()

    def kills(self, times: int = 1) -> None:
        """The next runs of the follow-up die at their first write."""
        for each in self.executions.values():
            each.crashes = 0 if each.ended else times

    def stops_following(self) -> None:
        """The execution ends without a word; the watchdog has to notice."""
        for each in self.executions.values():
            each.ended = each.ended or "stopped"

    # --- the service -------------------------------------------------------------------------------

    def _share(self) -> float:
        """Of the requests that the check got before the incident."""
        set_now = [int(each) if each.isdecimal() else 100 for each in self.scene.percentages()]
        return min(1.0, sum(set_now) / len(set_now) / 50)

    def _feed(self) -> None:
        """Requests and faults of the minutes since the last time."""
        # Long after the beginning, figures a minute apart would only cost time.
        step = 1 if self.minute < _FINE else 5 if self.minute < _COARSE else 60
        if self._fed + timedelta(minutes=step) > self.aws.now:
            return
        self.service.share = self._share()
        while self._fed + timedelta(minutes=step) <= self.aws.now:
            self._fed += timedelta(minutes=step)
            self._span(self._fed, step)

    def _span(self, at: datetime, minutes: int) -> None:
        service, scene = self.service, self.scene
        requests = service.requests * service.share * minutes
        for name, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
            scene.figures.put("AWS/Lambda", "Invocations", [(at, requests)], FunctionName=name)
            scene.figures.put(Settings().namespace, own, [(at, requests)])
        service.left += service.faults * service.share * minutes
        failed, now = int(service.left), self.aws.now
        service.left -= failed
        if not failed:
            return
        self.aws.now = at
        if service.code == "table":
            scene.throttles(3)
        else:
            scene.faults(failed, service.code, minutes=minutes)
        self.aws.now = now
        scene.figures.put(Settings().namespace, "VerificationError", [(at, float(failed))])

    # --- looking at it -----------------------------------------------------------------------------

    def answerable(self) -> bool:
        """A proposal of the newest incident can be approved now."""
        incident = self.scene.pointer["incident"]
        asked = Incidents(self.aws, "Incidents").proposals(incident)
        return any(each.expires > self.aws.now and not each.carried_by for each in asked)

    def state(self) -> str:
        """What a reader of the mails has to know: alarms, settings in force, answers of people, switches."""
        alarms = sorted((name, each.state, each.gone) for name, each in self.alarms.items())
        table = self.aws.dynamo.describe_table(TableName=Settings().sessions_table)["Table"]
        set_now = (
            self.scene.percentages(),
            sorted(map(str, self.aws.lambdas.provisioned)),
            table.get("BillingModeSummary"),
            [(each["remedy"], each["state"], _statuses(each)) for each in self.scene.leases()],
        )
        answers = len(self.aws.dynamo.rows("Approvals"))
        switches = sorted((k, v) for k, v in self.aws.ssm.parameters.items() if "/mode" in k or "/stops" in k)
        return repr((alarms, set_now, answers, switches))


def _statuses(lease: Json) -> list[str]:
    return [str(each["status"]) for each in lease["changes"]]
