"""Every fault that is injected for the scheduled checks, class by class, and the worlds without one."""
# ruff: noqa: E501 - a fault to the line

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks import daily, monthly, weekly
from liveness_ops.plain_data import Json
from rehearsal.world.names import TABLE, bucket
from responder.checks import days
from responder.checks.finding import AMBER, RED, UNKNOWN, CheckStatus
from responder.checks.model import Cadence
from responder.core.context import Context
from responder.core.errors import Denied, Missing
from responder.core.modes import Mode
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES
from tests.proof import check_cases_rights as rights
from tests.proof.check_case import CheckCase, CheckedWorld
from tests.unit.checks import (
    alarms_world,
    backups_world,
    figures_world,
    ready_world,
    safe_world,
    test_configuration,
    test_detection,
    test_observed,
    test_performance,
    test_restore_test,
    test_schedules,
    test_security_faults,
)
from tests.unit.checks.figures_world import NINE, OWN, YESTERDAY, noon
from tests.unit.checks.test_configuration import CREATE, LOGINS, NETWORK, RESULT, Deployed
from tests.unit.checks.test_cost import spent
from tests.unit.checks.test_records import HARMFUL, HELPED, MEMORY, ROLLOUT, assessed
from tests.unit.respond.scene import Scene

A, R, U = AMBER, RED, UNKNOWN

type Figures = figures_world.World


def _at(now: datetime, settings: Settings) -> Callable[[Any], Context]:
    return lambda world: Context(world.aws, settings, now, now)


def _safe(check: str, rhythm: Any) -> CheckedWorld[safe_world.Safe]:
    return CheckedWorld(rhythm, check, safe_world.corrected, _at(safe_world.NOW, safe_world.SETTINGS))


def _of_scene(made: Scene) -> Context:
    return Context(made.aws, test_observed.SETTINGS, made.aws.now, made.aws.now)


# --- worlds ------------------------------------------------------------------------------------------


def _busy() -> Figures:
    """Ten weeks of 300 sessions a day, and what they cost."""
    made = figures_world.World()
    for number in range(70):
        made.day(days.before(YESTERDAY, number), created=300, success=294, failure=6)
    return made.cost(spent(NINE, 14.5), forecast=362.5)


def _called() -> Figures:
    made = figures_world.World()
    for name in (CREATE, RESULT, *LOGINS):
        made.figures.put("AWS/Lambda", "Invocations", [(noon(YESTERDAY), 300.0)], FunctionName=name)
        made.figures.put("AWS/Lambda", "Duration", [(noon(YESTERDAY), 900.0)], FunctionName=name)
    return made


def _deployed() -> Deployed:
    return Deployed().file()


def _alarms() -> alarms_world.World:
    every = (alarms_world.DEPLOYED, alarms_world.OWN, alarms_world.OURS, alarms_world.CORRECTED)
    return alarms_world.World(*every)


def _backups() -> backups_world.Backups:
    made = backups_world.Backups(safe_world.NOW)
    for each in (2.0, 9.0, 16.0):
        made.ours(each)
    return made


def _scheduled() -> test_schedules.World:
    return test_schedules.old().filed(Cadence.WEEKLY, 2, 9, 16).filed(Cadence.MONTHLY, 3, 34)


def _watched() -> safe_world.Safe:
    made = safe_world.corrected()
    made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": '{"widgets": [{"type": "metric"}]}'})
    return made


FIGURES = CheckedWorld(daily.round_, "figures", _busy, _at(NINE, Settings()))
COST = CheckedWorld(daily.round_, "cost", _busy, _at(NINE, Settings()))
COST_WEEK = CheckedWorld(weekly.round_, "cost", _busy, _at(NINE, Settings()))
FUNCTIONS = CheckedWorld(daily.round_, "functions", _called, _at(NINE, Settings()))
CONFIGURATION = CheckedWorld(
    daily.round_,
    "configuration",
    _deployed,
    lambda made: Context(made.aws, test_configuration.SETTINGS, made.aws.now, made.aws.now),
)
STATES = CheckedWorld(daily.round_, "alarms", _alarms, lambda made: made.context)
AUDIT = CheckedWorld(daily.round_, "alarm_audit", _alarms, lambda made: made.context)
DETECTION = CheckedWorld(daily.round_, "detection", test_detection.quick, lambda made: made.context)
READY = CheckedWorld(
    daily.round_,
    "readiness",
    ready_world.corrected,
    lambda made: Context(made.aws, made.settings, made.aws.now, made.aws.now),
)
DASHBOARD = CheckedWorld(daily.round_, "dashboard", _watched, _at(safe_world.NOW, safe_world.SETTINGS))
EXPOSURE = _safe("exposure", daily.round_)
SCHEDULES = CheckedWorld(
    daily.round_, "schedules", _scheduled, _at(test_schedules.NOW, test_schedules.SETTINGS)
)
STORAGE, ROWS = _safe("storage", weekly.round_), _safe("table", weekly.round_)
BACKUPS = CheckedWorld(weekly.round_, "backups", _backups, _at(safe_world.NOW, safe_world.SETTINGS))
MONTH = CheckedWorld(
    monthly.round_, "performance", test_performance.usual, _at(test_performance.THIRD, Settings())
)
SECURITY = _safe("security", monthly.round_)
OBSERVED = CheckedWorld(weekly.round_, "observed", test_observed.one_week, _of_scene)
RECORDS = CheckedWorld(
    monthly.round_, "records", lambda: assessed(Scene(), ROLLOUT, *[HELPED] * 4), _of_scene
)


# --- how faults are injected --------------------------------------------------------------------------


def _clear(made: Figures, names: Iterable[str], since: date) -> Figures:
    """Nothing more of these metrics since the morning of a day."""
    start = days.start_of(since, figures_world.TOKYO)
    for key, points in made.figures.data.items():
        if key[1] in names:
            points[:] = [each for each in points if each[0] < start]
    return made


_SERVICE = (
    "SessionCreated",
    "SuccessCount",
    "FailureCount",
    "VerificationError",
    "ConfidenceScore",
    "VerificationTime",
)


def outage(whole_days: int) -> Callable[[Figures], object]:
    """No session for so many days."""
    return lambda made: _clear(made, _SERVICE, days.before(YESTERDAY, whole_days - 1))


def yesterday(**counted: Any) -> Callable[[Figures], object]:
    """This is how the day went."""
    return lambda made: _clear(made, _SERVICE, YESTERDAY).day(YESTERDAY, **counted)


def put(name: str, value: float, times: int = 1) -> Callable[[Figures], object]:
    return lambda made: made.figures.put(OWN, name, [(noon(YESTERDAY), value)] * times)


def costs(known: Mapping[date, float], forecast: float = 362.5) -> Callable[[Figures], object]:
    return lambda made: made.cost({**spent(NINE, 14.5), **known}, forecast)


def lambda_(name: str, values: Iterable[float], function: str = CREATE) -> Callable[[Figures], object]:
    return lambda made: made.figures.put(
        "AWS/Lambda", name, [(noon(YESTERDAY), each) for each in values], FunctionName=function
    )


def set_(name: str, **configuration: Any) -> Callable[[Deployed], object]:
    return lambda made: made.set(name, **configuration)


def reserve(name: str, number: int) -> Callable[[Deployed], object]:
    return lambda made: made.reserved.__setitem__(name, number)


def alarm(name: str, **change: Any) -> Callable[[alarms_world.World], object]:
    return lambda made: made.change(name, **change)


def no_alarm(*names: str) -> Callable[[alarms_world.World], object]:
    return lambda made: [made.alarms.pop(name) for name in names]


def muted(name: str, end: datetime | None, recurring: bool = False) -> Callable[[alarms_world.World], object]:
    def inject(made: alarms_world.World) -> None:
        made.mutes = {"quiet": [name]}
        made.recurring = {"quiet"} if recurring else set()
        made.ends = {} if end is None else {"quiet": end}

    return inject


def rule(index: int, **change: Any) -> Callable[[safe_world.Safe], object]:
    return lambda made: made.rules[index].update(change)


def set_rules(*rules: Json) -> Callable[[safe_world.Safe], object]:
    return lambda made: setattr(made, "rules", list(rules))


def refused(
    service: str, operation: str, error: Any = Denied, code: str = "AccessDenied"
) -> Callable[[Any], object]:
    return lambda made: made.aws.fail(service, operation, error, code=code, times=999)


def in_table(**change: Any) -> Callable[[safe_world.Safe], object]:
    return lambda made: made.tables[TABLE].update(change)


def parameter(name: str, value: str | None) -> Callable[[ready_world.Ready], object]:
    def inject(made: ready_world.Ready) -> None:
        made.aws.ssm.parameters.pop(f"/responder/{name}", None)
        if value is not None:
            made.aws.ssm.parameters[f"/responder/{name}"] = value

    return inject


def mode(remedy: str, value: str | None) -> Callable[[ready_world.Ready], object]:
    def inject(made: ready_world.Ready) -> None:
        made.aws.ssm.modes.pop(remedy, None)
        if value is not None:
            made.aws.ssm.modes[remedy] = value

    return inject


def variables(name: str, **change: str | None) -> Callable[[ready_world.Ready], object]:
    def inject(made: ready_world.Ready) -> None:
        found = made.aws.lambdas.functions[name].latest["Environment"]["Variables"]
        for key, value in change.items():
            found.pop(key, None)
            if value is not None:
                found[key] = value

    return inject


def latest(name: str, **change: Any) -> Callable[[ready_world.Ready], object]:
    return lambda made: made.aws.lambdas.functions[name].latest.update(change)


def aged(
    *stuck: tuple[float, str], instead: Iterable[float] = ()
) -> Callable[[backups_world.Backups], object]:
    def inject(made: backups_world.Backups) -> None:
        made.kept.clear()
        for old in instead:
            made.ours(old)
        for old, state in stuck:
            made.ours(old, state)

    return inject


def tested(*jobs: Json) -> Callable[[test_schedules.World], object]:
    return lambda made: made.aws.answer(*test_restore_test.LIST, {"RestoreJobs": list(jobs)})


def copied(name: str = test_restore_test.COPY) -> Callable[[test_schedules.World], object]:
    summary = {"SourceBackupArn": test_restore_test.BACKUP}
    return lambda made: made.aws.dynamo.add(name, RestoreSummary=summary)


def month(**bad: tuple[int, int]) -> Callable[[], Figures]:
    return lambda: test_performance.with_bad_days(**bad)


def costs_of_month(a_day: float) -> Callable[[Figures], object]:
    every = dict.fromkeys(days.between(date(2026, 1, 1), date(2026, 3, 2)), a_day)
    return lambda made: made.cost(every, forecast=29 * a_day)


def _also(site: CheckedWorld[Any], make: Callable[[], Any]) -> CheckedWorld[Any]:
    return CheckedWorld(site.rhythm, site.check, make, site.context)


# --- the faults ----------------------------------------------------------------------------------------

type Rows = list[tuple[str, CheckedWorld[Any], Callable[[Any], object], CheckStatus, str]]

L, C, G = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-", "FaceAuth-GetLivenessResult-"
_AUDIT_RULE = 2
_LATE = safe_world.NOW + timedelta(days=365)
_LAYER = [{"Arn": "arn:aws:lambda:us-east-1:999999999999:layer:probe:7"}]

_ROWS: dict[str, Rows] = {
    "the service's figures": [
        ("no session yesterday", FIGURES, outage(1), R, "No sessions for 1 day"),
        ("no session for a week", FIGURES, outage(7), R, "No sessions for 7 days"),
        ("no session for eight days", FIGURES, outage(8), R, "No sessions for 8 days"),
        ("no session for five weeks", FIGURES, outage(35), R, "No sessions for 35 days"),
        ("three test sessions a day instead of users", FIGURES, lambda made: [outage(9)(made), *(made.day(days.before(YESTERDAY, n), created=3, success=3) for n in range(9))], R, "3"),
        ("a third of the usual sessions", FIGURES, yesterday(created=90, success=89, failure=1), A, "90"),
        ("ten times the usual sessions", FIGURES, yesterday(created=3000, success=2950, failure=50), A, "3,000"),
        ("success of 93 %", FIGURES, yesterday(created=300, success=279, failure=21), A, "93%"),
        ("success of 80 %", FIGURES, yesterday(created=300, success=240, failure=60), R, "80%"),
        ("every check is refused", FIGURES, yesterday(created=300, failure=300), R, "0%"),
        ("every check is abandoned", FIGURES, yesterday(created=300, zeros=300), R, "0"),
        ("seven of ten checks are abandoned", FIGURES, yesterday(created=300, success=90, zeros=210), R, "of 300"),
        ("confidence between warning and limit", FIGURES, yesterday(created=300, success=300, score=91.0), A, "91"),
        ("confidence below the limit", FIGURES, yesterday(created=300, success=300, score=89.0), R, "89"),
        ("errors of 5 %", FIGURES, yesterday(created=300, success=285, errors=15), R, "5"),
        ("sessions cannot be made", FIGURES, put("SessionCreationError", 1.0, 40), R, "Session creation error rate"),
        ("a check of a minute", FIGURES, lambda made: [_clear(made, ["VerificationTime"], YESTERDAY), put("VerificationTime", 60.0, 300)(made)], R, "60"),
        ("created, but no result ever comes", FIGURES, yesterday(created=300), R, "300"),
        ("the figures cannot be read", FIGURES, refused("cloudwatch", "get_metric_data"), U, "cloudwatch:GetMetricData"),
    ],
    "errors of functions": [
        ("errors of a function at 3 %", FUNCTIONS, lambda_("Errors", [1.0] * 5), A, CREATE),
        ("errors of a function at 20 %", FUNCTIONS, lambda_("Errors", [1.0] * 60), R, CREATE),
        ("errors of a login function", FUNCTIONS, lambda_("Errors", [1.0] * 60, LOGINS[2]), R, LOGINS[2]),
        ("errors since midnight alone", FUNCTIONS, lambda made: [made.figures.put("AWS/Lambda", each, [(NINE - timedelta(hours=2), 1.0)] * n, FunctionName=RESULT) for each, n in (("Invocations", 40), ("Errors", 20))], R, RESULT),
        ("a few calls turned away", FUNCTIONS, lambda_("Throttles", [1.0] * 3), A, CREATE),
        ("a third of the calls turned away", FUNCTIONS, lambda_("Throttles", [1.0] * 150), R, CREATE),
        ("a function that is only throttled", FUNCTIONS, lambda made: [_clear(made, ["Invocations", "Duration"], YESTERDAY), lambda_("Throttles", [1.0] * 40)(made)], R, CREATE),
        ("a run near its time-out", FUNCTIONS, lambda_("Duration", [14_800.0], RESULT), A, "14.8"),
        ("the function for results is never called", FUNCTIONS, lambda made: [points.clear() for key, points in made.figures.data.items() if ("FunctionName", RESULT) in key[2]], A, f"{RESULT} 0"),
        ("four times the manual's calls", FUNCTIONS, lambda_("Invocations", [4000.0]), A, "4,300"),
    ],
    "drift of functions": [
        ("a longer time-out", CONFIGURATION, set_(CREATE, Timeout=60), A, "timeout (s) 60"),
        ("a shorter time-out", CONFIGURATION, set_(RESULT, Timeout=3), A, "timeout (s) 3"),
        ("a shorter time-out of a login function", CONFIGURATION, set_(LOGINS[3], Timeout=3), A, LOGINS[3]),
        ("half the memory", CONFIGURATION, set_(CREATE, MemorySize=128), A, "128"),
        ("much more memory", CONFIGURATION, set_(LOGINS[0], MemorySize=10240), A, "10240"),
        ("a reservation of 0", CONFIGURATION, reserve(RESULT, 0), R, f"{RESULT} is stopped"),
        ("a reservation of 0 of a login function", CONFIGURATION, reserve(LOGINS[1], 0), R, f"{LOGINS[1]} is stopped"),
        ("a reservation of 1", CONFIGURATION, reserve(CREATE, 1), A, CREATE),
        ("out of the VPC", CONFIGURATION, set_(RESULT, VpcConfig={"SubnetIds": []}), A, "not connected to a VPC"),
        ("another security group", CONFIGURATION, set_(RESULT, VpcConfig={**NETWORK, "SecurityGroupIds": ["sg-9"]}), A, "sg-9"),
        ("one subnet fewer", CONFIGURATION, set_(RESULT, VpcConfig={**NETWORK, "SubnetIds": ["subnet-a"]}), A, "subnet-a"),
        ("another log format", CONFIGURATION, set_(RESULT, LoggingConfig={"LogFormat": "JSON"}), A, "log format JSON"),
        ("errors are not logged any more", CONFIGURATION, set_(RESULT, LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "FATAL"}), A, "log level FATAL"),
        ("logs go elsewhere", CONFIGURATION, set_(RESULT, LoggingConfig={"LogGroup": "/other"}), A, "/other"),
        ("another handler", CONFIGURATION, set_(CREATE, Handler="probe.handler"), A, "probe.handler"),
        ("a strange layer", CONFIGURATION, set_(CREATE, Layers=_LAYER), A, "probe:7"),
        ("another role", CONFIGURATION, set_(CREATE, Role="arn:aws:iam::123456789012:role/Admin"), A, "Admin"),
        ("another runtime", CONFIGURATION, set_(CREATE, Runtime="python3.8"), A, "python3.8"),
        ("a wrapper around the code", CONFIGURATION, lambda made: made.aws.lambdas.person_sets(CREATE, AWS_LAMBDA_EXEC_WRAPPER="/opt/x"), A, "AWS_LAMBDA_EXEC_WRAPPER"),
        ("a variable gone", CONFIGURATION, lambda made: made.aws.lambdas.functions[CREATE].latest["Environment"]["Variables"].clear(), A, "LIVENESS_SESSIONS_TABLE"),
        ("other code", CONFIGURATION, set_(CREATE, CodeSha256="changed"), A, CREATE),
        ("a file system is mounted", CONFIGURATION, set_(CREATE, FileSystemConfigs=[{"Arn": "arn:x", "LocalMountPath": "/mnt/x"}]), A, CREATE),
        ("two settings at once", CONFIGURATION, set_(LOGINS[1], Timeout=5, MemorySize=128), A, LOGINS[1]),
        ("reservations cannot be read", CONFIGURATION, refused("lambda", "get_function_concurrency"), U, "lambda:GetFunctionConcurrency"),
    ],
    "cost": [
        ("a day of three times the usual", COST, costs({date(2026, 2, 2): 42.0}), A, "42.00"),
        ("a day of five times the usual, below the target", COST, costs({**spent(NINE, 4.0), date(2026, 2, 2): 20.0}, 150.0), A, "20.00"),
        ("a spike two days ago", COST, costs({date(2026, 2, 1): 80.0}), A, "80.00"),
        ("a week at a pace far above the target", COST, costs(dict.fromkeys(days.between(date(2026, 1, 27), date(2026, 2, 2)), 21.5)), R, "above the target"),
        ("a week at a pace just above the target", COST, costs(dict.fromkeys(days.between(date(2026, 1, 27), date(2026, 2, 2)), 16.9)), A, "At the pace"),
        ("the target passed already", COST, costs({date(2026, 2, 1): 300.0, date(2026, 2, 2): 250.0}, 100.0), R, "above the target"),
        ("cost may not be read", COST, refused("ce", "get_cost_and_usage"), U, "ce:GetCostAndUsage"),
        ("a week that cost twice the last", COST_WEEK, costs({date(2026, 1, 27) + timedelta(days=n): 29.0 for n in range(7)}), R, "812.00"),
        ("a spike within the week", COST_WEEK, costs({date(2026, 1, 29): 60.0}), A, "60.00"),
    ],
    "the month": [
        ("a single terrible day", _also(MONTH, month(d14=(120, 180))), lambda _: None, A, "2026-02-14"),
        ("a day without a session", _also(MONTH, month(d10=(0, 0))), lambda _: None, A, "2026-02-10"),
        ("two bad days and an outage", _also(MONTH, month(d3=(0, 0), d14=(180, 120), d15=(180, 120))), lambda _: None, A, "2026-02-15"),
        ("success of 90 %", MONTH, lambda made: made.figures.put(OWN, "FailureCount", [(noon(date(2026, 2, 11)), 1.0)] * 400), R, "Success rate"),
        ("errors of 10 % in making sessions", MONTH, lambda made: made.figures.put(OWN, "SessionCreationError", [(noon(date(2026, 2, 1)), 1.0)] * 400), R, "10.64%"),
        ("a session of 17 times the usual price", MONTH, lambda made: made.cost(dict.fromkeys(days.between(date(2026, 1, 1), date(2026, 3, 2)), 82.0), forecast=435.0), R, "0.04 USD"),
        ("no forecast can be had", MONTH, refused("ce", "get_cost_forecast"), A, "At the pace"),
        ("a month over the target", MONTH, lambda made: made.cost(dict.fromkeys(days.between(date(2026, 1, 1), date(2026, 3, 2)), 20.0), forecast=580.0), R, "above the target"),
        ("half of the sessions never have a result", MONTH, lambda made: made.figures.put(OWN, "SessionCreated", [(noon(date(2026, 2, 9)), 1.0)] * 3000), A, "of 6,360"),
        ("a month without a session", _also(MONTH, lambda: figures_world.World().cost({})), lambda _: None, A, "2026-02"),
    ],
    "alarms": [
        ("an alarm is ringing", STATES, alarm(f"{L}LowConfidence", StateValue="ALARM"), R, f"{L}LowConfidence"),
        ("an alarm of ours is ringing", STATES, alarm(next(iter(alarms_world.OURS)), StateValue="ALARM"), R, next(iter(alarms_world.OURS))),
        ("an alarm has no data", STATES, alarm(f"{C}Errors", StateValue="INSUFFICIENT_DATA"), A, f"{C}Errors"),
        ("no alarm at all", STATES, lambda made: made.alarms.clear(), R, "alarm"),
        ("an alarm deleted", AUDIT, no_alarm(f"{C}Errors"), R, f"{C}Errors"),
        ("an alarm and its corrected one deleted", AUDIT, no_alarm(f"{L}HighErrorRate", f"{L}HighErrorRate-Corrected"), R, f"{L}HighErrorRate"),
        ("an alarm of ours on ourselves deleted", AUDIT, no_alarm(next(each for each in alarms_world.OWN if "Daily" in each)), R, "Daily"),
        ("its actions are switched off", AUDIT, alarm(f"{C}Errors", ActionsEnabled=False), R, f"{C}Errors"),
        ("a threshold that is never reached", AUDIT, alarm(f"{C}Errors", Threshold=500.0), R, f"{C}Errors"),
        ("a metric that no one puts", AUDIT, alarm(f"{L}LowConfidence", MetricName="Confidence"), A, f"{L}LowConfidence"),
        ("a dimension of another function", AUDIT, alarm(f"{C}Errors", Dimensions=[{"Name": "FunctionName", "Value": "faceauth-createlivenesssession"}]), R, f"{C}Errors"),
        ("a period of a day", AUDIT, alarm(f"{C}Errors", Period=86400), A, f"{C}Errors"),
        ("ten of ten periods", AUDIT, alarm(f"{L}LowConfidence", EvaluationPeriods=10, DatapointsToAlarm=10), A, f"{L}LowConfidence"),
        ("the other way round", AUDIT, alarm(f"{C}Errors", ComparisonOperator="LessThanThreshold"), A, f"{C}Errors"),
        ("another statistic", AUDIT, alarm(f"{C}Errors", Statistic="SampleCount"), A, f"{C}Errors"),
        ("a unit that no one puts", AUDIT, alarm(f"{C}Errors", Unit="Bytes"), R, f"{C}Errors"),
        ("a namespace in other letters", AUDIT, alarm(f"{C}Errors", Namespace="AWS/lambda"), R, f"{C}Errors"),
        ("a rate that is always 0", AUDIT, lambda made: made.change(f"{L}HighErrorRate-Corrected", Metrics=[{**each, "Expression": "0"} if each.get("Expression") else each for each in made.alarms[f"{L}HighErrorRate-Corrected"]["Metrics"]]), R, f"{L}HighErrorRate-Corrected"),
        ("its rule listens for OK alone", AUDIT, lambda made: made.rules[0].update(EventPattern=made.rules[0]["EventPattern"].replace("ALARM", "OK")), R, "notifies no one"),
        ("no one is subscribed to the last resort", AUDIT, lambda made: made.subscriptions.update({alarms_world.LAST_RESORT: []}), R, ""),
        ("missing data is ignored", AUDIT, alarm(f"{C}Errors", TreatMissingData="ignore"), A, f"{C}Errors"),
        ("muted for an hour", AUDIT, muted(f"{C}Errors", safe_world.NOW + timedelta(hours=1)), A, "ends Feb 04 01:00 UTC"),
        ("muted for a year", AUDIT, muted(f"{C}Errors", _LATE), R, "2027"),
        ("muted without an end", AUDIT, muted(f"{C}Errors", None, recurring=True), R, "no end set"),
        ("muted every night", AUDIT, lambda made: made.planned.update(night=("RECURRING", [f"{C}Errors"])), A, f"{C}Errors"),
        ("its rule is disabled", AUDIT, lambda made: made.rules[0].update(State="DISABLED"), R, "LowSuccessRate"),
        ("its rule has no target", AUDIT, lambda made: made.targets.update({"liveness-responder-LowConfidenceAlarm": []}), R, f"{L}LowConfidence"),
        ("its rule may not call the function", AUDIT, lambda made: made.shut.add("liveness-responder-low-confidence"), R, f"{L}LowConfidence"),
        ("no one has confirmed the topic", AUDIT, lambda made: made.subscriptions.update({alarms_world.TOPIC: [alarms_world.subscription("x", confirmed=False)]}), R, ""),
        ("the last resort goes to a queue", AUDIT, lambda made: made.subscriptions.update({alarms_world.LAST_RESORT: [{**alarms_world.subscription("last"), "Protocol": "sqs"}]}), R, ""),
        ("alarms may not be read", AUDIT, refused("cloudwatch", "describe_alarms"), U, "cloudwatch:DescribeAlarms"),
    ],
    "readiness": [
        ("an update of a function failed", READY, latest("FaceAuth-Enrollment", LastUpdateStatus="Failed"), R, "FaceAuth-Enrollment"),
        ("a function failed", READY, latest("FaceAuth-FaceLogin", State="Failed"), R, "FaceAuth-FaceLogin"),
        ("a variable is gone", READY, variables(CREATE, FACE_AUTH_BUCKET=None), R, CREATE),
        ("a variable names another bucket", READY, variables(RESULT, FACE_AUTH_BUCKET="other"), R, RESULT),
        ("a variable names another table", READY, variables(RESULT, LIVENESS_SESSIONS_TABLE="Other"), R, RESULT),
        ("a variable in other capitals", READY, variables(CREATE, LIVENESS_SESSIONS_TABLE="faceauth-livenesssessions"), R, CREATE),
        ("security is lowered already", READY, lambda made: [variables(each, LIVENESS_ROLLOUT_PERCENTAGE="0")(made) for each in made.settings.rollout_functions], A, ""),
        ("everything only observes", READY, mode("everywhere", "observe"), A, "observe"),
        ("a mode is gone", READY, mode("alias_rollback", None), A, ""),
        ("a pause until 2099", READY, parameter("stops/night", '{"who": "aiko", "why": "release", "until": "2099-01-01T00:00:00Z"}'), A, "2099"),
        ("the settings cannot be read", READY, parameter("settings", "{"), R, ""),
        ("one person where two are needed", READY, lambda made: made.people(ken=[*CLASSES, *ready_world.KEN]), A, ""),
        ("nobody on call hears", READY, lambda made: made.subscribed(("email", "2 3 4"), ("email", "3 4")), R, "1"),
        ("no one at level 3", READY, lambda made: made.subscribed(("email", ""), ("email", "2")), A, "3"),
        ("a table made PROVISIONED", READY, lambda made: made.aws.dynamo.add(ready_world.TABLE, (5, 5), {"EmployeeIdIndex": (5, 5)}), A, "read 5, write 5"),
        ("an alias without traffic", READY, lambda made: made.aws.tick(hours=3), A, ""),
        ("a runtime without patches", READY, latest("FaceAuth-Enrollment", Runtime="python3.9"), A, "python3.9"),
        ("a write that a role may not make", READY, lambda made: made.denied.update({("dynamodb:UpdateTable", f"arn:aws:dynamodb:us-east-1:123456789012:table/{ready_world.TABLE}")}), R, "dynamodb:UpdateTable"),
        ("a function that answers alarms is gone", READY, lambda made: made.aws.fail("lambda", "get_function_configuration", Missing, times=9, where={"FunctionName": "responder-low-confidence"}), R, "responder-low-confidence"),
    ],
    "the bucket's life cycle": [
        ("no rule at all", STORAGE, set_rules(), R, "liveness-audit/"),
        ("the rule is switched off", STORAGE, rule(_AUDIT_RULE, Status="Disabled"), R, "liveness-audit/"),
        ("365 days", STORAGE, rule(_AUDIT_RULE, Expiration={"Days": 365}), R, "365"),
        ("91 days", STORAGE, rule(_AUDIT_RULE, Expiration={"Days": 91}), R, "91"),
        ("30 days", STORAGE, rule(_AUDIT_RULE, Expiration={"Days": 30}), A, "30"),
        ("current ones after a day, old ones after 89", STORAGE, rule(_AUDIT_RULE, Expiration={"Days": 1}, NoncurrentVersionExpiration={"NoncurrentDays": 89}), A, "after 1 day"),
        ("60 and 30 days", STORAGE, rule(_AUDIT_RULE, Expiration={"Days": 60}, NoncurrentVersionExpiration={"NoncurrentDays": 30}), A, "60"),
        ("old ones are kept for ever", STORAGE, lambda made: made.rules[_AUDIT_RULE].pop("NoncurrentVersionExpiration"), R, "old versions are never deleted"),
        ("old ones are kept for a year", STORAGE, rule(_AUDIT_RULE, NoncurrentVersionExpiration={"NoncurrentDays": 365}), A, "365"),
        ("three old ones are kept for ever", STORAGE, rule(_AUDIT_RULE, NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 3}), R, "liveness-audit/"),
        ("a prefix that is not the one", STORAGE, rule(_AUDIT_RULE, Filter={"Prefix": "liveness-audits/"}), R, "liveness-audit/"),
        ("a prefix in capitals", STORAGE, rule(_AUDIT_RULE, Filter={"Prefix": "Liveness-Audit/"}), R, "liveness-audit/"),
        ("a prefix with a stroke before it", STORAGE, rule(_AUDIT_RULE, Filter={"Prefix": "/liveness-audit/"}), R, "liveness-audit/"),
        ("only what has a tag", STORAGE, rule(_AUDIT_RULE, Filter={"And": {"Prefix": "liveness-audit/", "Tags": [{"Key": "k", "Value": "v"}]}}), R, "liveness-audit/"),
        ("only large objects", STORAGE, rule(_AUDIT_RULE, Filter={"And": {"Prefix": "liveness-audit/", "ObjectSizeGreaterThan": 500000}}), R, "liveness-audit/"),
        ("only small objects", STORAGE, rule(_AUDIT_RULE, Filter={"And": {"Prefix": "liveness-audit/", "ObjectSizeLessThan": 100}}), R, "liveness-audit/"),
        ("moved to a deep archive after a day", STORAGE, rule(_AUDIT_RULE, Transitions=[{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}]), A, "liveness-audit/"),
        ("a rule that moves and does not delete", STORAGE, lambda made: [made.rules[_AUDIT_RULE].pop("Expiration"), made.rules[_AUDIT_RULE].update(Transitions=[{"Days": 90, "StorageClass": "GLACIER"}])], R, "liveness-audit/"),
        ("a rule for delete markers alone", STORAGE, rule(_AUDIT_RULE, Expiration={"ExpiredObjectDeleteMarker": True}), R, "liveness-audit/"),
        ("a rule of 7 days for the whole bucket", STORAGE, lambda made: made.rules.append({"ID": "all", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 7}}), A, "7"),
        ("a day that is past", STORAGE, rule(_AUDIT_RULE, Expiration={"Date": datetime(2026, 1, 1, tzinfo=UTC)}), R, "liveness-audit/"),
        ("an image of 120 days", STORAGE, lambda made: made.objects.append(made.object(120)), R, "120"),
        ("half as large again within a week", STORAGE, lambda made: made.sizes([5.0] * 7 + [15.0] * 7, "GlacierStorage"), A, "GiB"),
        ("a size that is days old", STORAGE, lambda made: made.figures.data.clear() or made.sizes([10.0] * 10 + [None] * 4), U, "2026-01-30"),
        ("more images than can be counted", STORAGE, lambda made: made.aws.answer("s3", "list_objects_v2", lambda **_: {"Contents": [made.object(1)] * 1000, "IsTruncated": True, "NextContinuationToken": "t"}), U, "at least"),
        ("rules may not be read", STORAGE, refused("s3", "get_bucket_lifecycle_configuration"), U, "s3:GetLifecycleConfiguration"),
        ("versions suspended", SECURITY, lambda made: setattr(made, "versioning", "Suspended"), A, "is suspended"),
        ("versions never switched on", SECURITY, lambda made: setattr(made, "versioning", ""), A, bucket()),
    ],
    "the sessions table": [
        ("expiry switched off", ROWS, lambda made: setattr(made, "ttl", {"TimeToLiveStatus": "DISABLED"}), R, "expires_at"),
        ("expiry by another attribute", ROWS, lambda made: made.ttl.update(AttributeName="ttl"), R, "ttl"),
        ("expiry by its name in capitals", ROWS, lambda made: made.ttl.update(AttributeName="Expires_At"), R, "Expires_At"),
        ("recovery switched off", ROWS, lambda made: made.pitr.update({TABLE: "DISABLED"}), A, "recovery"),
        ("recovery that goes back one day", ROWS, lambda made: setattr(made, "window", 1), A, "covers only 1 day"),
        ("50,000 rows", ROWS, in_table(ItemCount=50_000), A, "50,000"),
        ("provisioned capacity", ROWS, in_table(BillingModeSummary={"BillingMode": "PROVISIONED"}, ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}), A, "read 5"),
        ("the table is gone", ROWS, refused("dynamodb", "describe_table", Missing, "ResourceNotFoundException"), R, TABLE),
        ("its key is out of reach", SECURITY, in_table(SSEDescription={"Status": "ENABLED", "SSEType": "KMS", "InaccessibleEncryptionDateTime": safe_world.NOW}), R, TABLE),
        ("archived", READY, lambda made: made.aws.dynamo.tables[TABLE].update(TableStatus="ARCHIVED"), R, TABLE),
        ("a table of ours without recovery", SECURITY, lambda made: made.pitr.update({safe_world.OURS[0]: "DISABLED"}), A, safe_world.OURS[0]),
    ],
    "backups": [
        ("none", BACKUPS, aged(), A, "no restorable backup"),
        ("one that has been made for three days", BACKUPS, aged((3, "CREATING"), instead=[6]), A, "never completed"),
        ("one that has been made for three days, and no other", BACKUPS, aged((3, "CREATING")), A, "never completed"),
        ("the newest is 60 days old", BACKUPS, aged(instead=[60]), A, "60"),
        ("the newest is nine days old", BACKUPS, aged(instead=[9]), A, "9"),
        ("old ones are never deleted", BACKUPS, aged(instead=[1, 400]), A, "400"),
        ("the newest was deleted", BACKUPS, aged((1, "DELETED"), instead=[20]), A, "20"),
        ("only one by hand under the manual's name", BACKUPS, lambda made: [made.kept.clear(), made.add(f"{TABLE}-20260203", 1)], A, "no restorable backup"),
        ("backups may not be listed", BACKUPS, refused("dynamodb", "list_backups"), U, "dynamodb:ListBackups"),
    ],
    "a tested restore": [
        ("the last test failed", SCHEDULES, tested(test_restore_test.job(3, "FAILED")), R, "FAILED"),
        ("its validation failed", SCHEDULES, tested(test_restore_test.job(3, ValidationStatus="FAILED")), R, "FAILED"),
        ("never tested", SCHEDULES, tested(), A, "never tested"),
        ("the last one is 60 days old", SCHEDULES, tested(test_restore_test.job(60)), A, "more than 35 days ago"),
        ("tests may not be listed", SCHEDULES, refused(*test_restore_test.LIST), U, "backup:ListRestoreJobsByProtectedResource"),
        ("tables may not be listed", SCHEDULES, refused("dynamodb", "list_tables"), U, "dynamodb:ListTables"),
        ("a copy is left", SCHEDULES, copied(), R, test_restore_test.COPY),
    ],
    "schedules": [
        ("the weekly check has not run for 20 days", SCHEDULES, lambda made: [made.keys.clear(), made.filed(Cadence.DAILY, *range(1, 100)).filed(Cadence.WEEKLY, 20).filed(Cadence.MONTHLY, 3)], A, "weekly"),
        ("the monthly check has not run for 50 days", SCHEDULES, lambda made: [made.keys.clear(), made.filed(Cadence.DAILY, *range(1, 100)).filed(Cadence.WEEKLY, 2).filed(Cadence.MONTHLY, 50)], A, "monthly"),
        ("neither ever ran", SCHEDULES, lambda made: [made.keys.clear(), made.filed(Cadence.DAILY, *range(1, 100))], A, "weekly"),
        ("the weekly report was filed by half", SCHEDULES, lambda made: [made.keys.clear(), made.filed(Cadence.DAILY, *range(1, 100)).filed(Cadence.MONTHLY, 3), made.keys.append("checks/weekly/2026-02-02/report.en.html")], A, "weekly"),
        ("the backup did not run", SCHEDULES, lambda made: [made.backups.kept.clear(), made.backups.ours(20)], A, "20"),
        ("a backup hangs", SCHEDULES, lambda made: made.backups.ours(3, "CREATING"), A, "never completed"),
        ("reports may not be listed", SCHEDULES, refused("s3", "list_objects_v2"), U, "s3:ListBucket"),
    ],
    "detection": [
        ("no alarm on errors left", DETECTION, no_alarm(f"{L}SureFaults", f"{L}HighErrorRate-Corrected"), R, "6 h"),
        ("the filters deleted", DETECTION, lambda made: made.filters.update(dict.fromkeys(made.filters, ())), R, "SureFaults"),
        ("a log group deleted", DETECTION, refused("logs", "describe_metric_filters", Missing, "ResourceNotFoundException"), R, CREATE),
        ("metrics that stopped", DETECTION, test_detection.stopped, R, RESULT),
        ("traffic not to be read", DETECTION, refused("cloudwatch", "get_metric_data"), U, "cloudwatch:GetMetricData"),
        ("filters not to be read", DETECTION, refused("logs", "describe_metric_filters"), U, "logs:DescribeMetricFilters"),
    ],
    "what auto would have done": [
        ("incidents not to be read", OBSERVED, refused("dynamodb", "query"), U, "dynamodb:Query"),
        ("closing reports not to be read", OBSERVED, refused("s3", "list_objects_v2"), U, "s3:ListBucket"),
        ("the mode not to be read", OBSERVED, refused("ssm", "get_parameters_by_path"), U, "ssm:GetParametersByPath"),
    ],
    "records of remedies": [
        ("a good record in mode approve", RECORDS, lambda made: assessed(made, ROLLOUT, *[HELPED] * 5), A, "mode auto"),
        ("a good record in mode observe", RECORDS, lambda made: assessed(made, MEMORY, *[HELPED] * 9, mode=Mode.OBSERVE), A, "mode approve"),
        ("records not to be read", RECORDS, refused("dynamodb", "query"), U, "dynamodb:Query"),
        ("modes not to be read", RECORDS, refused("ssm", "get_parameters_by_path"), U, "ssm:GetParametersByPath"),
    ],
    "the dashboard": [
        ("gone", DASHBOARD, refused("cloudwatch", "get_dashboard", Missing, "ResourceNotFound"), A, "FaceAuth-Liveness"),
        ("empty", DASHBOARD, lambda made: made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": '{"widgets": []}'}), A, "FaceAuth-Liveness"),
        ("widgets without a metric", DASHBOARD, lambda made: made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": '{"widgets": [{"type": "metric", "properties": {"metrics": []}}]}'}), A, "FaceAuth-Liveness"),
        ("text alone", DASHBOARD, lambda made: made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": '{"widgets": [{"type": "text"}]}'}), A, "FaceAuth-Liveness"),
        ("not to be read", DASHBOARD, refused("cloudwatch", "get_dashboard"), U, "cloudwatch:GetDashboard"),
    ],
}  # fmt: skip


def _rights() -> dict[str, list[CheckCase]]:
    """Faults of rights: the monthly audit, and what the daily check sees of the bucket."""
    hard: dict[str, Mapping[str, rights.Fault]] = {
        "rights that are too wide": rights.TOO_WIDE,
        "rights that are lacking": rights.LACKING,
        "trust in the role": rights.TRUSTING,
        "the bucket's exposure": rights.EXPOSED,
        "functions and topic open to others": rights.SHARED,
        "our own roles": rights.OURS_CHANGED,
    }
    found = {
        kind: [CheckCase(name, SECURITY, *fault) for name, fault in faults.items()]
        for kind, faults in hard.items()
    }
    found["the bucket's exposure"] += [
        CheckCase(f"{name} (daily)", EXPOSURE, *fault)
        for name, fault in rights.EXPOSED.items()
        if safe_world.REPORTS not in fault[2]
    ]
    found["functions and topic open to others"] += [
        CheckCase(f"{name} (daily)", EXPOSURE, *fault) for name, fault in rights.SHARED.items()
    ]
    found["rights, as the audit's own tests inject them"] = [
        CheckCase(name, SECURITY, *fault) for name, fault in test_security_faults.FAULTS.items()
    ]
    return found


FAULTS: dict[str, list[CheckCase]] = {
    **{kind: [CheckCase(*each) for each in rows] for kind, rows in _ROWS.items()},
    **_rights(),
}


# --- worlds without a fault ----------------------------------------------------------------------------


def _weekends(made: Figures) -> object:
    """No one works on Saturday and Sunday; yesterday was a Tuesday."""
    for key, points in made.figures.data.items():
        if key[1] in _SERVICE:
            points[:] = [each for each in points if each[0].astimezone(figures_world.TOKYO).weekday() < 5]
    return made


_WELL: dict[str, list[tuple[str, CheckedWorld[Any], Callable[[Any], object]]]] = {
    "the service's figures": [
        ("a usual day", FIGURES, lambda _: None),
        ("a quieter day", FIGURES, yesterday(created=160, success=158, failure=2)),
        ("weekends without a session", FIGURES, _weekends),
        ("one check in ten is abandoned", FIGURES, yesterday(created=300, success=268, failure=2, zeros=30)),
        ("a growing service", FIGURES, yesterday(created=600, success=590, failure=10)),
    ],
    "errors of functions": [
        ("called and well", FUNCTIONS, lambda _: None),
        ("two errors of 300", FUNCTIONS, lambda_("Errors", [1.0] * 2)),
    ],
    "drift of functions": [
        ("as deployed", CONFIGURATION, lambda _: None),
        ("a large reservation since long", CONFIGURATION, lambda made: [reserve(CREATE, 200)(made), made.file()]),
        ("subnets in another order", CONFIGURATION, set_(RESULT, VpcConfig={"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-1"], "VpcId": ""})),
    ],
    "cost": [
        ("a usual day", COST, lambda _: None),
        ("a cheap month", COST, costs(spent(NINE, 5.0), 125.0)),
        ("no work on weekends", COST, costs({each: 14.0 if each.weekday() < 5 else 0.5 for each in spent(NINE, 0.0)}, 280.0)),
        ("a usual week", COST_WEEK, lambda _: None),
    ],
    "the month": [("a usual month", _also(MONTH, month()), costs_of_month(13.5))],
    "alarms": [
        ("all OK", STATES, lambda _: None),
        ("as they should be", AUDIT, lambda _: None),
        ("a count written another way", AUDIT, alarm(f"{C}Errors", ComparisonOperator="GreaterThanOrEqualToThreshold", Threshold=6.0)),
        ("a description and an action of its owner", AUDIT, alarm(f"{C}Errors", AlarmDescription="ours", AlarmActions=[alarms_world.TOPIC])),
        ("a mute planned once", AUDIT, lambda made: made.planned.update(release=("ONE_TIME", [f"{C}Errors"]))),
    ],
    "readiness": [
        ("ready for everything", READY, lambda _: None),
        ("a pause that is yet to come", READY, parameter("stops/later", '{"who": "aiko", "why": "release", "from": "2098-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}')),
    ],
    "the bucket's life cycle": [
        ("as promised", STORAGE, lambda _: None),
        ("rules in the old form", STORAGE, set_rules(*({"Status": "Enabled", "Prefix": prefix, "Expiration": {"Days": n}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}} for prefix, n in (("logins/", 30), ("temp/", 1), ("liveness-audit/", 90))))),
        ("a rule for unfinished uploads beside them", STORAGE, lambda made: made.rules.append({"Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}})),
        ("a rule that is switched off beside them", STORAGE, lambda made: made.rules.append({"Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}})),
        ("no image at all", STORAGE, lambda made: made.objects.clear()),
    ],
    "the sessions table": [
        ("as deployed", ROWS, lambda _: None),
        ("expiry that is being switched on", ROWS, lambda made: made.ttl.update(TimeToLiveStatus="ENABLING")),
        ("an empty table", ROWS, in_table(ItemCount=0, TableSizeBytes=0)),
    ],
    "backups": [
        ("weekly", BACKUPS, lambda _: None),
        ("one that is just being made", BACKUPS, lambda made: made.ours(0.02, "CREATING")),
        ("one by hand beside them", BACKUPS, lambda made: made.add("before-migration", 100)),
    ],
    "a tested restore": [
        ("tested three days ago", SCHEDULES, lambda _: None),
        ("a person restored it too", SCHEDULES, tested(test_restore_test.job(3), test_restore_test.job(1, "FAILED", plan=""))),
        ("a table of another service", SCHEDULES, copied("Payroll-rehearsal-20260101")),
    ],
    "schedules": [("all ran", SCHEDULES, lambda _: None)],
    "detection": [
        ("quick, all data there", DETECTION, lambda _: None),
        ("more traffic", DETECTION, lambda made: made.days(3, 1500)),
    ],
    "what auto would have done": [
        ("an alarm that is OK again", OBSERVED, lambda _: None),
        ("an alarm that is still raised", OBSERVED, lambda made: [made.aws.tick(days=1), made.alarm(at=made.aws.now)]),
        ("an alarm of another week", OBSERVED, lambda made: made.aws.tick(days=8)),
        ("another mode", OBSERVED, lambda made: made.aws.ssm.modes.update(everywhere="auto")),
    ],
    "records of remedies": [
        ("too few acts to trust it more", RECORDS, lambda _: None),
        ("no act at all", RECORDS, lambda made: made.aws.dynamo.create("Incidents", "pk", "sk")),
        ("one of many was harmful", RECORDS, lambda made: assessed(made, ROLLOUT, *[HELPED] * 50, HARMFUL)),
        ("a good record in the highest mode", RECORDS, lambda made: assessed(made, ROLLOUT, *[HELPED] * 9, mode=Mode.AUTO)),
        ("acts of more than 90 days ago", RECORDS, lambda made: [assessed(made, ROLLOUT, *[HELPED] * 5), made.aws.tick(days=91)]),
    ],
    "the dashboard": [("there, with widgets", DASHBOARD, lambda _: None)],
    "rights that are well": [(name, SECURITY, change) for name, change in rights.WELL.items()],
    "rights, as the audit's own tests inject them": [
        (name, SECURITY, change) for name, change in test_security_faults.FAULTLESS.items()
    ],
    "the bucket's exposure": [
        (f"{name} (daily)", EXPOSURE, change)
        for name, change in rights.WELL.items()
        if any(word in name for word in ("bucket", "service", "key", "function"))
    ],
}  # fmt: skip

FAULTLESS: dict[str, list[CheckCase]] = {
    kind: [CheckCase(*each) for each in rows] for kind, rows in _WELL.items()
}
