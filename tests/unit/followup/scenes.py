"""FaceAuth systems in trouble, each with the responder of one alarm in front of it."""

import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from alarms import get_result_errors, high_error_rate, slow_verification
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.respond.playbook import Playbook
from tests.fakes.registered import document
from tests.unit.remedies.world import rolled_out
from tests.unit.respond.scene import CREATE, ENVIRONMENT, REQUEST, RESULT, Scene

FOLLOW_UP = "responder-follow-up:live"
AIKO, KEN, MIO = (f"arn:aws:iam::123456789012:user/{name}" for name in ("aiko", "ken", "mio"))
PEOPLE = document(aiko=["lowers_security", AIKO], mio=["lowers_security", MIO], ken=["costs_money", KEN])
TABLE = Settings().sessions_table
REPORT = (
    "REPORT RequestId: {id}\tDuration: {took:.2f} ms\tBilled Duration: {took:.0f} ms\t"
    "Memory Size: 256 MB\tMax Memory Used: 90 MB\t{init}\n"
)
MORE = {"FOLLOW_UP": FOLLOW_UP, "REPORTS_BUCKET": "reports", "STACK": "responder"}


class FollowUpScene(Scene):
    """A scene whose events and pointer are those of its own playbook's alarm."""

    @property
    def alarm_name(self) -> str:
        return self.playbook.alarm

    @property
    def pointer(self) -> Json:
        return next(row for row in self.rows() if row["pk"] == "ALARMS" and row["alarm"] == self.alarm_name)

    def event(self, state: str = "ALARM", at: datetime | None = None, **more: Any) -> Json:
        event = super().event(state, at or self.aws.now, **more)
        event["detail"]["alarmName"] = self.alarm_name
        event["resources"] = [f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{self.alarm_name}"]
        return event

    def beside(self, playbook: Playbook) -> "FollowUpScene":
        """The function of another alarm, in the same world."""
        other = copy.copy(self)
        other.playbook = playbook
        other.environment = self.environment | {"ALARM_NAME": playbook.alarm}
        return other

    # --- what happens to the service -------------------------------------------------------------

    def throttles(self, minutes: int = 12) -> "FollowUpScene":
        """Writes to the sessions table are throttled, in each of the last minutes."""
        for minute in range(2, minutes):
            at = self.aws.now - timedelta(minutes=minute)
            stamp = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
            what = "(ProvisionedThroughputExceededException) when calling the PutItem operation: slow down"
            said = f"Failed to create liveness session: An error occurred {what}"
            line = f"[ERROR]\t{stamp}Z\t{REQUEST.format(minute)}\t{said}"
            self.logs.put(CREATE, at, line)
            self.figures.put("AWS/DynamoDB", "WriteThrottleEvents", [(at, 9.0)], TableName=TABLE)
            self.figures.put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", [(at, 1200.0)], TableName=TABLE)
        return self

    def starts_cold(self, number: int = 30) -> "FollowUpScene":
        """Every second request of the last minutes waited for a new environment, behind an alias."""
        for each in range(number):
            at = self.aws.now - timedelta(seconds=20 * each + 5)
            init = "Init Duration: 8100.00 ms\t" if each % 2 else ""
            took = 2_900.0 if each % 2 else 300.0
            line = REPORT.format(id=REQUEST.format(0x900 + each), took=took, init=init)
            self.logs.put(RESULT, at, line)
        return self

    def hangs(self, number: int = 12) -> "FollowUpScene":
        """Of the result requests of the last ten minutes so many were killed at their time-out, of 30."""
        times = [self.aws.now - timedelta(seconds=20 * each + 5) for each in range(30)]
        for each, at in enumerate(times[:number]):
            stamp = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
            line = f"{stamp}Z {REQUEST.format(0xA00 + each)} Task timed out after 15.01 seconds\n\n"
            self.logs.put(RESULT, at, line)
        points = [(at, 1.0) for at in times]
        self.figures.put("AWS/Lambda", "Invocations", points, FunctionName=RESULT)
        self.figures.put("AWS/Lambda", "Errors", points[:number], FunctionName=RESULT)
        self.figures.put(Settings().namespace, "SuccessCount", points[number:])
        return self

    def traffic(self, since: float, until: float, per_minute: int = 4) -> "FollowUpScene":
        """Requests to come, in minutes from now."""
        minutes = range(int(since), int(until))
        times = [self.aws.now + timedelta(minutes=each) for each in minutes]
        for name, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
            points = [(at, float(per_minute)) for at in times]
            self.figures.put("AWS/Lambda", "Invocations", points, FunctionName=name)
            self.figures.put(Settings().namespace, own, points)
        return self

    def failing(self, since: float, until: float, per_minute: int = 1) -> "FollowUpScene":
        """Faults to come, in minutes from now."""
        times = [self.aws.now + timedelta(minutes=each) for each in range(int(since), int(until))]
        points = [(at, float(per_minute)) for at in times]
        self.figures.put(Settings().namespace, "VerificationError", points)
        return self


def alarm_row(name: str, state: str, since: datetime, period: int = 300, **more: Any) -> Json:
    """An alarm as CloudWatch describes it."""
    return {
        "AlarmName": name,
        "Namespace": "FaceAuth/Liveness",
        "MetricName": "VerificationError",
        "Statistic": "Sum",
        "Period": period,
        "EvaluationPeriods": 1,
        "Threshold": 10.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "StateValue": state,
        "ActionsEnabled": True,
        **more,
        "StateTransitionedTimestamp": since,
    }


def new_scene(playbook: Playbook | None = None, now: datetime | None = None) -> FollowUpScene:
    """HighErrorRate, or another alarm, and nothing wrong yet. `now`: when it begins (UTC)."""
    aws = rolled_out()
    aws.now = now or aws.now
    book = high_error_rate.playbook if playbook is None else playbook
    made = FollowUpScene(playbook=book, document=PEOPLE, aws=aws)
    made.environment = ENVIRONMENT | MORE | {"ALARM_NAME": made.alarm_name}
    return made


def broken(faults: int = 15, now: datetime | None = None) -> FollowUpScene:
    """Rekognition answers with internal errors: the liveness check is turned off immediately."""
    made = new_scene(now=now)
    made.faults(faults)
    return made


def throttled(faults: int = 15) -> FollowUpScene:
    """Rekognition throttles: switching liveness off is asked of a person."""
    made = new_scene()
    made.faults(faults, code="ThrottlingException")
    return made


def too_few_faults(now: datetime | None = None) -> FollowUpScene:
    """Too few faults to act on."""
    return broken(2, now)


def cold() -> FollowUpScene:
    """A medium alarm: the result function starts cold, behind an alias with traffic."""
    made = new_scene(slow_verification.playbook)
    made.aws.lambdas.release(RESULT, "live")
    times = [made.aws.now - timedelta(minutes=each) for each in range(1, 50)]
    made.figures.put(
        "AWS/Lambda",
        "Invocations",
        [(at, 3.0) for at in times],
        FunctionName=RESULT,
        Resource=f"{RESULT}:live",
    )
    made.aws.answer(
        "lambda", "get_account_settings", {"AccountLimit": {"UnreservedConcurrentExecutions": 900}}
    )
    return made.starts_cold()


def slow() -> FollowUpScene:
    """A medium alarm for which no reason is found."""
    return new_scene(slow_verification.playbook)


def table() -> FollowUpScene:
    """The sessions table has too little capacity."""
    made = new_scene()
    made.aws.dynamo.add(TABLE, (10, 20), {"EmployeeIdIndex": (3, 4)})
    return made.throttles()


def beside(first: FollowUpScene) -> FollowUpScene:
    """The alarm of the result function's errors, in the same world."""
    book = replace(get_result_errors.playbook)
    return first.beside(book)
