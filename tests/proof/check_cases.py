"""Every fault that is injected for the scheduled checks, class by class, and the worlds without one."""
# ruff: noqa: E501 - a fault to the line

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks import daily, monthly, weekly
from rehearsal.world.names import TABLE, bucket
from responder.checks import days
from responder.checks.finding import AMBER, RED, UNKNOWN, CheckStatus
from responder.checks.model import Cadence
from responder.core.context import Context
from responder.core.errors import Denied, Missing
from responder.core.modes import Mode
from responder.core.plain_data import Json
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
from tests.unit.checks.test_configuration import YESTERDAY as LAST_REPORT
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


THRESHOLD = "LIVENESS_CONFIDENCE_THRESHOLD"


def variable(name: str, variable: str, value: str, *, known: bool = False) -> Callable[[Deployed], object]:
    """`known`: it was so in the first report, too."""

    def change(made: Deployed) -> None:
        made.aws.lambdas.person_sets(name, **{variable: value})
        if known:
            made.filed.clear()
            made.file()

    return change


def _since(days_ago: int, **configuration: Any) -> Callable[[Deployed], object]:
    """Changed by hand so many days ago, and reported on each day since."""

    def change(made: Deployed) -> None:
        made.filed.clear()
        made.file(days.before(LAST_REPORT, days_ago))
        made.changed(CREATE, **configuration)
        for ago in range(days_ago - 1, -1, -1):
            made.file(days.before(LAST_REPORT, ago))

    return change


def reserve(name: str, number: int) -> Callable[[Deployed], object]:
    return lambda made: made.reserved.__setitem__(name, number)


def alarm(name: str, **change: Any) -> Callable[[alarms_world.World], object]:
    return lambda made: made.change(name, **change)


def filters(
    *names: str, pattern: str | None = None, value: str = "1"
) -> Callable[[test_detection.World], object]:
    """All filters of these logs, or of both, keep their names and metrics."""

    def change(made: test_detection.World) -> None:
        for name in names or (CREATE, RESULT):
            made.filters[name] = [
                (metric, known if pattern is None else pattern, value)
                for metric, known, _ in made.filters[name]
            ]

    return change


def no_alarm(*names: str) -> Callable[[alarms_world.World], object]:
    return lambda made: [made.alarms.pop(name) for name in names]


def muted(name: str, end: datetime | None, recurring: bool = False) -> Callable[[alarms_world.World], object]:
    def inject(made: alarms_world.World) -> None:
        made.mutes = {"quiet": [name]}
        made.recurring = {"quiet"} if recurring else set()
        made.ends = {} if end is None else {"quiet": end}

    return inject


def rule(**change: Any) -> Callable[[safe_world.Safe], object]:
    return lambda made: made.rules[_AUDIT_RULE].update(change)


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


def only_filed(**ages: int) -> Callable[[test_schedules.World], object]:
    """Every daily check; of the others one, so many days ago."""

    def inject(made: test_schedules.World) -> None:
        made.keys.clear()
        made.filed(Cadence.DAILY, *range(1, 100))
        for rhythm, age in ages.items():
            made.filed(Cadence(rhythm), age)

    return inject


def dashboard(body: str) -> Callable[[Any], object]:
    return lambda made: made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": body})


def unchanged(_: Any) -> None:
    """As it is."""


def _week_of(a_day: float) -> dict[date, float]:
    return dict.fromkeys(days.between(date(2026, 1, 27), date(2026, 2, 2)), a_day)


def month(**bad: tuple[int, int]) -> Callable[[], Figures]:
    return lambda: test_performance.with_bad_days(**bad)


def costs_of_month(a_day: float, forecast: float) -> Callable[[Figures], object]:
    every = dict.fromkeys(days.between(date(2026, 1, 1), date(2026, 3, 2)), a_day)
    return lambda made: made.cost(every, forecast=forecast)


def _also(site: CheckedWorld[Any], make: Callable[[], Any]) -> CheckedWorld[Any]:
    return CheckedWorld(site.rhythm, site.check, make, site.context)


# --- the faults ----------------------------------------------------------------------------------------

type Inject = Callable[[Any], object]
# Of each world: the name of a fault, what injects it, and with which light and word it is reported.
type Sites = dict[CheckedWorld[Any], Sequence[tuple[str, Inject] | tuple[str, Inject, CheckStatus, str]]]

L, ERRORS = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-Errors"
LOW_CONFIDENCE = f"{L}LowConfidence"
_AUDIT_RULE = 2
_LATE = safe_world.NOW + timedelta(days=365)
_LAYER = [{"Arn": "arn:aws:lambda:us-east-1:999999999999:layer:probe:7"}]

_ROWS: dict[str, Sites] = {
    "the service's figures": {
        FIGURES: [
            ("no session yesterday", outage(1), R, "No sessions for 1 day"),
            ("no session for a week", outage(7), R, "No sessions for 7 days"),
            ("no session for eight days", outage(8), R, "No sessions for 8 days"),
            ("no session for five weeks", outage(35), R, "No sessions for 35 days"),
            ("three test sessions a day instead of users", lambda made: [outage(9)(made), *(made.day(days.before(YESTERDAY, n), created=3, success=3) for n in range(9))], R, "3"),
            ("a third of the usual sessions", yesterday(created=90, success=89, failure=1), A, "90"),
            ("ten times the usual sessions", yesterday(created=3000, success=2950, failure=50), A, "3,000"),
            ("success of 93 %", yesterday(created=300, success=279, failure=21), A, "93%"),
            ("success of 80 %", yesterday(created=300, success=240, failure=60), R, "80%"),
            ("every check is refused", yesterday(created=300, failure=300), R, "0%"),
            ("every check is abandoned", yesterday(created=300, zeros=300), R, "0"),
            ("seven of ten checks are abandoned", yesterday(created=300, success=90, zeros=210), R, "of 300"),
            ("confidence between warning and limit", yesterday(created=300, success=300, score=91.0), A, "91"),
            ("confidence below the limit", yesterday(created=300, success=300, score=89.0), R, "89"),
            ("errors of 5 %", yesterday(created=300, success=285, errors=15), R, "5"),
            ("sessions cannot be made", put("SessionCreationError", 1.0, 40), R, "Session creation error rate"),
            ("a check of a minute", lambda made: [_clear(made, ["VerificationTime"], YESTERDAY), put("VerificationTime", 60.0, 300)(made)], R, "60"),
            ("created, but no result ever comes", yesterday(created=300), R, "300"),
            ("the figures cannot be read", refused("cloudwatch", "get_metric_data"), U, "cloudwatch:GetMetricData"),
        ],
    },
    "errors of functions": {
        FUNCTIONS: [
            ("errors of a function at 3 %", lambda_("Errors", [1.0] * 5), A, CREATE),
            ("errors of a function at 20 %", lambda_("Errors", [1.0] * 60), R, CREATE),
            ("errors of a login function", lambda_("Errors", [1.0] * 60, LOGINS[2]), R, LOGINS[2]),
            ("errors since midnight alone", lambda made: [made.figures.put("AWS/Lambda", each, [(NINE - timedelta(hours=2), 1.0)] * n, FunctionName=RESULT) for each, n in (("Invocations", 40), ("Errors", 20))], R, RESULT),
            ("a few calls turned away", lambda_("Throttles", [1.0] * 3), A, CREATE),
            ("a third of the calls turned away", lambda_("Throttles", [1.0] * 150), R, CREATE),
            ("a function that is only throttled", lambda made: [_clear(made, ["Invocations", "Duration"], YESTERDAY), lambda_("Throttles", [1.0] * 40)(made)], R, CREATE),
            ("a run near its time-out", lambda_("Duration", [14_800.0], RESULT), A, "14.8"),
            ("the function for results is never called", lambda made: [points.clear() for key, points in made.figures.data.items() if ("FunctionName", RESULT) in key[2]], A, f"{RESULT} 0"),
            ("four times the manual's calls", lambda_("Invocations", [4000.0]), A, "4,300"),
        ],
    },
    "drift of functions": {
        CONFIGURATION: [
            ("a longer time-out", set_(CREATE, Timeout=60), A, "timeout (s) 60"),
            ("a shorter time-out", set_(RESULT, Timeout=3), A, "timeout (s) 3"),
            ("a shorter time-out of a login function", set_(LOGINS[3], Timeout=3), A, LOGINS[3]),
            ("half the memory", set_(CREATE, MemorySize=128), A, "128"),
            ("much more memory", set_(LOGINS[0], MemorySize=10240), A, "10240"),
            ("a reservation of 0", reserve(RESULT, 0), R, f"{RESULT} is stopped"),
            ("a reservation of 0 of a login function", reserve(LOGINS[1], 0), R, f"{LOGINS[1]} is stopped"),
            ("a reservation of 1", reserve(CREATE, 1), A, CREATE),
            ("out of the VPC", set_(RESULT, VpcConfig={"SubnetIds": []}), A, "not connected to a VPC"),
            ("another security group", set_(RESULT, VpcConfig={**NETWORK, "SecurityGroupIds": ["sg-9"]}), A, "sg-9"),
            ("one subnet fewer", set_(RESULT, VpcConfig={**NETWORK, "SubnetIds": ["subnet-a"]}), A, "subnet-a"),
            ("another log format", set_(RESULT, LoggingConfig={"LogFormat": "JSON"}), A, "log format JSON"),
            ("errors are not logged any more", set_(RESULT, LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "FATAL"}), A, "log level FATAL"),
            ("logs go elsewhere", set_(RESULT, LoggingConfig={"LogGroup": "/other"}), A, "/other"),
            ("another handler", set_(CREATE, Handler="probe.handler"), A, "probe.handler"),
            ("a strange layer", set_(CREATE, Layers=_LAYER), A, "probe:7"),
            ("another role", set_(CREATE, Role="arn:aws:iam::123456789012:role/Admin"), A, "Admin"),
            ("another runtime", set_(CREATE, Runtime="python3.8"), A, "python3.8"),
            ("a wrapper around the code", lambda made: made.aws.lambdas.person_sets(CREATE, AWS_LAMBDA_EXEC_WRAPPER="/opt/x"), A, "AWS_LAMBDA_EXEC_WRAPPER"),
            ("a variable gone", lambda made: made.aws.lambdas.functions[CREATE].latest["Environment"]["Variables"].clear(), A, "LIVENESS_SESSIONS_TABLE"),
            ("other code", set_(CREATE, CodeSha256="changed"), A, CREATE),
            ("a file system is mounted", set_(CREATE, FileSystemConfigs=[{"Arn": "arn:x", "LocalMountPath": "/mnt/x"}]), A, CREATE),
            ("tracing on", set_(CREATE, TracingConfig={"Mode": "Active"}), A, "tracing Active"),
            ("another role, three days ago", _since(3, Role="arn:aws:iam::123456789012:role/Admin"), A, "Admin"),
            ("other code, three days ago", _since(3, CodeSha256="changed"), A, CREATE),
            ("another handler, a week ago", _since(7, Handler="probe.handler"), A, "probe.handler"),
            ("a lower threshold where it is judged", variable(RESULT, THRESHOLD, "50"), R, "threshold of the liveness check 50"),
            ("a lower threshold where it is passed on", variable(CREATE, THRESHOLD, "50"), R, "threshold of the liveness check 50"),
            ("a threshold that is a little lower", variable(RESULT, THRESHOLD, "89.5"), R, "89.5"),
            ("a threshold that is no number", variable(RESULT, THRESHOLD, "off"), R, RESULT),
            ("a higher threshold", variable(RESULT, THRESHOLD, "99"), A, "99"),
            ("two settings at once", set_(LOGINS[1], Timeout=5, MemorySize=128), A, LOGINS[1]),
            ("reservations cannot be read", refused("lambda", "get_function_concurrency"), U, "lambda:GetFunctionConcurrency"),
        ],
    },
    "cost": {
        COST: [
            ("a day of three times the usual", costs({date(2026, 2, 2): 42.0}), A, "42.00"),
            ("a day of five times the usual, below the target", costs({**spent(NINE, 4.0), date(2026, 2, 2): 20.0}, 150.0), A, "20.00"),
            ("a spike two days ago", costs({date(2026, 2, 1): 80.0}), A, "80.00"),
            ("a week at a pace far above the target", costs(_week_of(21.5)), R, "above the target"),
            ("a week at a pace just above the target", costs(_week_of(16.9)), A, "At the pace"),
            ("the target passed already", costs({date(2026, 2, 1): 300.0, date(2026, 2, 2): 250.0}, 100.0), R, "above the target"),
            ("cost may not be read", refused("ce", "get_cost_and_usage"), U, "ce:GetCostAndUsage"),
        ],
        COST_WEEK: [
            ("a week that cost twice the last", costs({date(2026, 1, 27) + timedelta(days=n): 29.0 for n in range(7)}), R, "812.00"),
            ("a spike within the week", costs({date(2026, 1, 29): 60.0}), A, "60.00"),
        ],
    },
    "the month": {
        _also(MONTH, month(d14=(120, 180))): [
            ("a single terrible day", unchanged, A, "2026-02-14"),
        ],
        _also(MONTH, month(d10=(0, 0))): [
            ("a day without a session", unchanged, A, "2026-02-10"),
        ],
        _also(MONTH, month(d3=(0, 0), d14=(180, 120), d15=(180, 120))): [
            ("two bad days and an outage", unchanged, A, "2026-02-15"),
        ],
        MONTH: [
            ("success of 90 %", lambda made: made.figures.put(OWN, "FailureCount", [(noon(date(2026, 2, 11)), 1.0)] * 400), R, "Success rate"),
            ("errors of 10 % in making sessions", lambda made: made.figures.put(OWN, "SessionCreationError", [(noon(date(2026, 2, 1)), 1.0)] * 400), R, "10.64%"),
            ("a session of 17 times the usual price", costs_of_month(82.0, 435.0), R, "0.04 USD"),
            ("no forecast can be had", refused("ce", "get_cost_forecast"), A, "At the pace"),
            ("a month over the target", costs_of_month(20.0, 580.0), R, "above the target"),
            ("half of the sessions never have a result", lambda made: made.figures.put(OWN, "SessionCreated", [(noon(date(2026, 2, 9)), 1.0)] * 3000), A, "of 6,360"),
        ],
        _also(MONTH, lambda: figures_world.World().cost({})): [
            ("a month without a session", unchanged, A, "2026-02"),
        ],
    },
    "alarms": {
        STATES: [
            ("an alarm is ringing", alarm(LOW_CONFIDENCE, StateValue="ALARM"), R, LOW_CONFIDENCE),
            ("an alarm of ours is ringing", alarm(next(iter(alarms_world.OURS)), StateValue="ALARM"), R, next(iter(alarms_world.OURS))),
            ("an alarm has no data", alarm(ERRORS, StateValue="INSUFFICIENT_DATA"), A, ERRORS),
            ("no alarm at all", lambda made: made.alarms.clear(), R, "alarm"),
        ],
        AUDIT: [
            ("an alarm deleted", no_alarm(ERRORS), R, ERRORS),
            ("an alarm and its corrected one deleted", no_alarm(f"{L}HighErrorRate", f"{L}HighErrorRate-Corrected"), R, f"{L}HighErrorRate"),
            ("an alarm of ours on ourselves deleted", no_alarm(next(each for each in alarms_world.OWN if "Daily" in each)), R, "Daily"),
            ("its actions are switched off", alarm(ERRORS, ActionsEnabled=False), R, ERRORS),
            ("a threshold that is never reached", alarm(ERRORS, Threshold=500.0), R, ERRORS),
            ("an error rate of 99%", alarm(f"{L}HighErrorRate-Corrected", Threshold=99.0), R, "does not fire while 30%"),
            ("an error rate of 31%", alarm(f"{L}HighErrorRate-Corrected", Threshold=31.0), R, "does not fire while 30%"),
            ("a success rate of 10%", alarm(f"{L}LowSuccessRate-Corrected", Threshold=10.0), R, "does not fire while 30%"),
            ("thousands of sure faults", alarm(f"{L}SureFaults", Threshold=4000.0), R, "does not fire while 30%"),
            ("a metric that no one puts", alarm(LOW_CONFIDENCE, MetricName="Confidence"), A, LOW_CONFIDENCE),
            ("a dimension of another function", alarm(ERRORS, Dimensions=[{"Name": "FunctionName", "Value": "faceauth-createlivenesssession"}]), R, ERRORS),
            ("a period of a day", alarm(ERRORS, Period=86400), A, ERRORS),
            ("ten of ten periods", alarm(LOW_CONFIDENCE, EvaluationPeriods=10, DatapointsToAlarm=10), A, LOW_CONFIDENCE),
            ("the other way round", alarm(ERRORS, ComparisonOperator="LessThanThreshold"), A, ERRORS),
            ("another statistic", alarm(ERRORS, Statistic="SampleCount"), A, ERRORS),
            ("a unit that no one puts", alarm(ERRORS, Unit="Bytes"), R, ERRORS),
            ("a namespace in other letters", alarm(ERRORS, Namespace="AWS/lambda"), R, ERRORS),
            ("a rate that is always 0", lambda made: made.change(f"{L}HighErrorRate-Corrected", Metrics=[{**each, "Expression": "0"} if each.get("Expression") else each for each in made.alarms[f"{L}HighErrorRate-Corrected"]["Metrics"]]), R, f"{L}HighErrorRate-Corrected"),
            ("its rule listens for OK alone", lambda made: made.rules[0].update(EventPattern=made.rules[0]["EventPattern"].replace("ALARM", "OK")), R, "notifies no one"),
            ("no one is subscribed to the last resort", lambda made: made.subscriptions.update({alarms_world.LAST_RESORT: []}), R, ""),
            ("missing data is ignored", alarm(ERRORS, TreatMissingData="ignore"), A, ERRORS),
            ("muted for an hour", muted(ERRORS, safe_world.NOW + timedelta(hours=1)), A, "ends Feb 04 01:00 UTC"),
            ("muted for a year", muted(ERRORS, _LATE), R, "2027"),
            ("muted without an end", muted(ERRORS, None, recurring=True), R, "no end set"),
            ("muted every night", lambda made: made.planned.update(night=("RECURRING", [ERRORS])), A, ERRORS),
            ("its rule is disabled", lambda made: made.rules[0].update(State="DISABLED"), R, "LowSuccessRate"),
            ("its rule has no target", lambda made: made.targets.update({"liveness-responder-LowConfidenceAlarm": []}), R, LOW_CONFIDENCE),
            ("its rule may not call the function", lambda made: made.shut.add("liveness-responder-low-confidence"), R, LOW_CONFIDENCE),
            ("no one has confirmed the topic", lambda made: made.subscriptions.update({alarms_world.TOPIC: [alarms_world.subscription("x", confirmed=False)]}), R, ""),
            ("the last resort goes to a queue", lambda made: made.subscriptions.update({alarms_world.LAST_RESORT: [{**alarms_world.subscription("last"), "Protocol": "sqs"}]}), R, ""),
            ("alarms may not be read", refused("cloudwatch", "describe_alarms"), U, "cloudwatch:DescribeAlarms"),
        ],
    },
    "readiness": {
        READY: [
            ("an update of a function failed", latest("FaceAuth-Enrollment", LastUpdateStatus="Failed"), R, "FaceAuth-Enrollment"),
            ("a function failed", latest("FaceAuth-FaceLogin", State="Failed"), R, "FaceAuth-FaceLogin"),
            ("a variable is gone", variables(CREATE, FACE_AUTH_BUCKET=None), R, CREATE),
            ("a variable names another bucket", variables(RESULT, FACE_AUTH_BUCKET="other"), R, RESULT),
            ("a variable names another table", variables(RESULT, LIVENESS_SESSIONS_TABLE="Other"), R, RESULT),
            ("a variable in other capitals", variables(CREATE, LIVENESS_SESSIONS_TABLE="faceauth-livenesssessions"), R, CREATE),
            ("security is lowered already", lambda made: [variables(each, LIVENESS_ROLLOUT_PERCENTAGE="0")(made) for each in made.settings.rollout_functions], A, ""),
            ("everything only observes", mode("everywhere", "observe"), A, "observe"),
            ("a mode is gone", mode("alias_rollback", None), A, ""),
            ("a pause until 2099", parameter("stops/night", '{"who": "aiko", "why": "release", "until": "2099-01-01T00:00:00Z"}'), A, "2099"),
            ("the settings cannot be read", parameter("settings", "{"), R, ""),
            ("one person where two are needed", lambda made: made.people(ken=[*CLASSES, *ready_world.KEN]), A, ""),
            ("no one at level 1", lambda made: made.subscribed(("email", "2 3 4"), ("email", "3 4")), R, "1"),
            ("no one at level 3", lambda made: made.subscribed(("email", ""), ("email", "2")), A, "3"),
            ("a table made PROVISIONED", lambda made: made.aws.dynamo.add(ready_world.TABLE, (5, 5), {"EmployeeIdIndex": (5, 5)}), A, "read 5, write 5"),
            ("an alias without traffic", lambda made: made.aws.tick(hours=3), A, ""),
            ("a runtime without patches", latest("FaceAuth-Enrollment", Runtime="python3.9"), A, "python3.9"),
            ("a write that a role may not make", lambda made: made.denied.update({("dynamodb:UpdateTable", f"arn:aws:dynamodb:us-east-1:123456789012:table/{ready_world.TABLE}")}), R, "dynamodb:UpdateTable"),
            ("a function that answers alarms is gone", lambda made: made.aws.fail("lambda", "get_function_configuration", Missing, times=9, where={"FunctionName": "responder-low-confidence"}), R, "responder-low-confidence"),
        ],
    },
    "the bucket's life cycle": {
        STORAGE: [
            ("no rule at all", set_rules(), R, "liveness-audit/"),
            ("the rule is switched off", rule(Status="Disabled"), R, "liveness-audit/"),
            ("365 days", rule(Expiration={"Days": 365}), R, "365"),
            ("91 days", rule(Expiration={"Days": 91}), R, "91"),
            ("30 days", rule(Expiration={"Days": 30}), A, "30"),
            ("current ones after a day, old ones after 89", rule(Expiration={"Days": 1}, NoncurrentVersionExpiration={"NoncurrentDays": 89}), A, "after 1 day"),
            ("60 and 30 days", rule(Expiration={"Days": 60}, NoncurrentVersionExpiration={"NoncurrentDays": 30}), A, "60"),
            ("old ones are kept for ever", lambda made: made.rules[_AUDIT_RULE].pop("NoncurrentVersionExpiration"), R, "old versions are never deleted"),
            ("old ones are kept for a year", rule(NoncurrentVersionExpiration={"NoncurrentDays": 365}), A, "365"),
            ("three old ones are kept for ever", rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 3}), R, "liveness-audit/"),
            ("a prefix that is not the one", rule(Filter={"Prefix": "liveness-audits/"}), R, "liveness-audit/"),
            ("a prefix in capitals", rule(Filter={"Prefix": "Liveness-Audit/"}), R, "liveness-audit/"),
            ("a prefix with a stroke before it", rule(Filter={"Prefix": "/liveness-audit/"}), R, "liveness-audit/"),
            ("only what has a tag", rule(Filter={"And": {"Prefix": "liveness-audit/", "Tags": [{"Key": "k", "Value": "v"}]}}), R, "liveness-audit/"),
            ("only large objects", rule(Filter={"And": {"Prefix": "liveness-audit/", "ObjectSizeGreaterThan": 500000}}), R, "liveness-audit/"),
            ("only small objects", rule(Filter={"And": {"Prefix": "liveness-audit/", "ObjectSizeLessThan": 100}}), R, "liveness-audit/"),
            ("moved to a deep archive after a day", rule(Transitions=[{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}]), A, "liveness-audit/"),
            ("a rule that moves and does not delete", lambda made: [made.rules[_AUDIT_RULE].pop("Expiration"), made.rules[_AUDIT_RULE].update(Transitions=[{"Days": 90, "StorageClass": "GLACIER"}])], R, "liveness-audit/"),
            ("a rule for delete markers alone", rule(Expiration={"ExpiredObjectDeleteMarker": True}), R, "liveness-audit/"),
            ("a rule of 7 days for the whole bucket", lambda made: made.rules.append({"ID": "all", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 7}}), A, "7"),
            ("a day that is past", rule(Expiration={"Date": datetime(2026, 1, 1, tzinfo=UTC)}), R, "liveness-audit/"),
            ("an image of 120 days", lambda made: made.objects.append(made.object(120)), R, "120"),
            ("half as large again within a week", lambda made: made.sizes([5.0] * 7 + [15.0] * 7, "GlacierStorage"), A, "GiB"),
            ("a size that is days old", lambda made: made.figures.data.clear() or made.sizes([10.0] * 10 + [None] * 4), U, "2026-01-30"),
            ("more images than can be counted", lambda made: made.aws.answer("s3", "list_objects_v2", lambda **asked: {"Contents": [made.object(1)] * 1000, "IsTruncated": True, "NextContinuationToken": f"{asked.get('ContinuationToken', '')}t"}), U, "at least"),
            ("rules may not be read", refused("s3", "get_bucket_lifecycle_configuration"), U, "s3:GetLifecycleConfiguration"),
        ],
        SECURITY: [
            ("versions suspended", lambda made: setattr(made, "versioning", "Suspended"), A, "is suspended"),
            ("versions never switched on", lambda made: setattr(made, "versioning", ""), A, bucket()),
        ],
    },
    "the sessions table": {
        ROWS: [
            ("expiry switched off", lambda made: setattr(made, "ttl", {"TimeToLiveStatus": "DISABLED"}), R, "expires_at"),
            ("expiry by another attribute", lambda made: made.ttl.update(AttributeName="ttl"), R, "ttl"),
            ("expiry by its name in capitals", lambda made: made.ttl.update(AttributeName="Expires_At"), R, "Expires_At"),
            ("recovery switched off", lambda made: made.pitr.update({TABLE: "DISABLED"}), A, "recovery"),
            ("recovery that goes back one day", lambda made: setattr(made, "window", 1), A, "covers only 1 day"),
            ("50,000 rows", in_table(ItemCount=50_000), A, "50,000"),
            ("provisioned capacity", in_table(BillingModeSummary={"BillingMode": "PROVISIONED"}, ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}), A, "read 5"),
            ("the table is gone", refused("dynamodb", "describe_table", Missing, "ResourceNotFoundException"), R, TABLE),
        ],
        SECURITY: [
            ("its key is out of reach", in_table(SSEDescription={"Status": "ENABLED", "SSEType": "KMS", "InaccessibleEncryptionDateTime": safe_world.NOW}), R, TABLE),
            ("a table of ours without recovery", lambda made: made.pitr.update({safe_world.OURS[0]: "DISABLED"}), A, safe_world.OURS[0]),
        ],
        READY: [
            ("archived", lambda made: made.aws.dynamo.tables[TABLE].update(TableStatus="ARCHIVED"), R, TABLE),
        ],
    },
    "backups": {
        BACKUPS: [
            ("none", aged(), A, "no restorable backup"),
            ("one that has been made for three days", aged((3, "CREATING"), instead=[6]), A, "never completed"),
            ("one that has been made for three days, and no other", aged((3, "CREATING")), A, "never completed"),
            ("the newest is 60 days old", aged(instead=[60]), A, "60"),
            ("the newest is nine days old", aged(instead=[9]), A, "9"),
            ("old ones are never deleted", aged(instead=[1, 400]), A, "400"),
            ("the newest was deleted", aged((1, "DELETED"), instead=[20]), A, "20"),
            ("only one by hand under the manual's name", lambda made: [made.kept.clear(), made.add(f"{TABLE}-20260203", 1)], A, "no restorable backup"),
            ("backups may not be listed", refused("dynamodb", "list_backups"), U, "dynamodb:ListBackups"),
        ],
    },
    "a tested restore": {
        SCHEDULES: [
            ("the last test failed", tested(test_restore_test.job(3, "FAILED")), R, "FAILED"),
            ("its validation failed", tested(test_restore_test.job(3, ValidationStatus="FAILED")), R, "FAILED"),
            ("never tested", tested(), A, "never tested"),
            ("the last one is 60 days old", tested(test_restore_test.job(60)), A, "more than 35 days ago"),
            ("tests may not be listed", refused(*test_restore_test.LIST), U, "backup:ListRestoreJobsByProtectedResource"),
            ("tables may not be listed", refused("dynamodb", "list_tables"), U, "dynamodb:ListTables"),
            ("a copy is left", copied(), R, test_restore_test.COPY),
        ],
    },
    "schedules": {
        SCHEDULES: [
            ("the weekly check has not run for 20 days", only_filed(weekly=20, monthly=3), A, "weekly"),
            ("the monthly check has not run for 50 days", only_filed(weekly=2, monthly=50), A, "monthly"),
            ("neither ever ran", only_filed(), A, "weekly"),
            ("the weekly report was filed by half", lambda made: [only_filed(monthly=3)(made), made.keys.append("checks/weekly/2026-02-02/report.en.html")], A, "weekly"),
            ("the backup did not run", lambda made: [made.backups.kept.clear(), made.backups.ours(20)], A, "20"),
            ("a backup hangs", lambda made: made.backups.ours(3, "CREATING"), A, "never completed"),
            ("reports may not be listed", refused("s3", "list_objects_v2"), U, "s3:ListBucket"),
        ],
    },
    "detection": {
        DETECTION: [
            ("no alarm on errors left", no_alarm(f"{L}SureFaults", f"{L}HighErrorRate-Corrected"), R, "6 h"),
            ("the filters deleted", lambda made: made.filters.update({name: [] for name in made.filters}), R, "SureFaults"),
            ("the filters match nothing", filters(pattern="never such a line"), R, "SureFaults"),
            ("the filters write 0", filters(value="0"), R, "SureFaults"),
            ("the filters of one log are empty", filters(CREATE, pattern=""), R, "SureFaults"),
            ("a log group deleted", refused("logs", "describe_metric_filters", Missing, "ResourceNotFoundException"), R, CREATE),
            ("metrics that stopped", test_detection.stopped, R, RESULT),
            ("traffic not to be read", refused("cloudwatch", "get_metric_data"), U, "cloudwatch:GetMetricData"),
            ("filters not to be read", refused("logs", "describe_metric_filters"), U, "logs:DescribeMetricFilters"),
        ],
    },
    "what auto would have done": {
        OBSERVED: [
            ("incidents not to be read", refused("dynamodb", "query"), U, "dynamodb:Query"),
            ("closing reports not to be read", refused("s3", "list_objects_v2"), U, "s3:ListBucket"),
            ("the mode not to be read", refused("ssm", "get_parameters_by_path"), U, "ssm:GetParametersByPath"),
        ],
    },
    "records of remedies": {
        RECORDS: [
            ("a good record in mode approve", lambda made: assessed(made, ROLLOUT, *[HELPED] * 5), A, "mode auto"),
            ("a good record in mode observe", lambda made: assessed(made, MEMORY, *[HELPED] * 9, mode=Mode.OBSERVE), A, "mode approve"),
            ("records not to be read", refused("dynamodb", "query"), U, "dynamodb:Query"),
            ("modes not to be read", refused("ssm", "get_parameters_by_path"), U, "ssm:GetParametersByPath"),
        ],
    },
    "the dashboard": {
        DASHBOARD: [
            ("gone", refused("cloudwatch", "get_dashboard", Missing, "ResourceNotFound"), A, "FaceAuth-Liveness"),
            ("empty", dashboard('{"widgets": []}'), A, "FaceAuth-Liveness"),
            ("widgets without a metric", dashboard('{"widgets": [{"type": "metric", "properties": {"metrics": []}}]}'), A, "FaceAuth-Liveness"),
            ("text alone", dashboard('{"widgets": [{"type": "text"}]}'), A, "FaceAuth-Liveness"),
            ("not to be read", refused("cloudwatch", "get_dashboard"), U, "cloudwatch:GetDashboard"),
        ],
    },
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


def _cases(sites: Sites) -> list[CheckCase]:
    return [CheckCase(name, site, *fault) for site, rows in sites.items() for name, *fault in rows]


FAULTS = {**{kind: _cases(sites) for kind, sites in _ROWS.items()}, **_rights()}


# --- worlds without a fault ----------------------------------------------------------------------------


def _weekends(made: Figures) -> object:
    """No one works on Saturday and Sunday; yesterday was a Tuesday."""
    for key, points in made.figures.data.items():
        if key[1] in _SERVICE:
            points[:] = [each for each in points if each[0].astimezone(figures_world.TOKYO).weekday() < 5]
    return made


_WELL: dict[str, Sites] = {
    "the service's figures": {
        FIGURES: [
            ("a usual day", unchanged),
            ("a quieter day", yesterday(created=160, success=158, failure=2)),
            ("weekends without a session", _weekends),
            ("one check in ten is abandoned", yesterday(created=300, success=268, failure=2, zeros=30)),
            ("a growing service", yesterday(created=600, success=590, failure=10)),
        ],
    },
    "errors of functions": {
        FUNCTIONS: [
            ("called and well", unchanged),
            ("two errors of 300", lambda_("Errors", [1.0] * 2)),
        ],
    },
    "drift of functions": {
        CONFIGURATION: [
            ("as deployed", unchanged),
            ("a release by the service's stack", lambda made: made.by_stack(CREATE, CodeSha256="new", Runtime="python3.14")),
            ("the threshold as deployed", variable(RESULT, THRESHOLD, "90.0", known=True)),
            ("a change that was undone", lambda made: [_since(3, Handler="probe.handler")(made), made.set(CREATE, Handler="handler.handler")]),
            ("a large reservation since long", lambda made: [reserve(CREATE, 200)(made), made.filed.clear(), made.file()]),
            ("subnets in another order", set_(RESULT, VpcConfig={"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-1"], "VpcId": ""})),
        ],
    },
    "cost": {
        COST: [
            ("a usual day", unchanged),
            ("a cheap month", costs(spent(NINE, 5.0), 125.0)),
            ("no work on weekends", costs({each: 14.0 if each.weekday() < 5 else 0.5 for each in spent(NINE, 0.0)}, 280.0)),
        ],
        COST_WEEK: [
            ("a usual week", unchanged),
        ],
    },
    "the month": {
        _also(MONTH, month()): [
            ("a usual month", costs_of_month(13.5, 391.5)),
        ],
    },
    "alarms": {
        STATES: [
            ("all OK", unchanged),
        ],
        AUDIT: [
            ("as they should be", unchanged),
            ("a count written another way", alarm(ERRORS, ComparisonOperator="GreaterThanOrEqualToThreshold", Threshold=6.0)),
            ("a description and an action of its owner", alarm(ERRORS, AlarmDescription="ours", AlarmActions=[alarms_world.TOPIC])),
            ("a mute planned once", lambda made: made.planned.update(release=("ONE_TIME", [ERRORS]))),
        ],
    },
    "readiness": {
        READY: [
            ("ready for everything", unchanged),
            ("a pause that is yet to come", parameter("stops/later", '{"who": "aiko", "why": "release", "from": "2098-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}')),
        ],
    },
    "the bucket's life cycle": {
        STORAGE: [
            ("as promised", unchanged),
            ("rules in the old form", set_rules(*({"Status": "Enabled", "Prefix": prefix, "Expiration": {"Days": n}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}} for prefix, n in (("logins/", 30), ("temp/", 1), ("liveness-audit/", 90))))),
            ("a rule for unfinished uploads beside them", lambda made: made.rules.append({"Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}})),
            ("a rule that is switched off beside them", lambda made: made.rules.append({"Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}})),
            ("no image at all", lambda made: made.objects.clear()),
        ],
    },
    "the sessions table": {
        ROWS: [
            ("as deployed", unchanged),
            ("expiry that is being switched on", lambda made: made.ttl.update(TimeToLiveStatus="ENABLING")),
            ("an empty table", in_table(ItemCount=0, TableSizeBytes=0)),
        ],
    },
    "backups": {
        BACKUPS: [
            ("weekly", unchanged),
            ("one that is just being made", lambda made: made.ours(0.02, "CREATING")),
            ("one by hand beside them", lambda made: made.add("before-migration", 100)),
        ],
    },
    "a tested restore": {
        SCHEDULES: [
            ("tested three days ago", unchanged),
            ("a person restored it too", tested(test_restore_test.job(3), test_restore_test.job(1, "FAILED", plan=""))),
            ("a table of another service", copied("Payroll-rehearsal-20260101")),
        ],
    },
    "schedules": {
        SCHEDULES: [
            ("all ran", unchanged),
        ],
    },
    "detection": {
        DETECTION: [
            ("quick, all data there", unchanged),
            ("more traffic", lambda made: made.days(3, 1500)),
        ],
    },
    "what auto would have done": {
        OBSERVED: [
            ("an alarm that is OK again", unchanged),
            ("an alarm that is still raised", lambda made: [made.aws.tick(days=1), made.alarm(at=made.aws.now)]),
            ("an alarm of another week", lambda made: made.aws.tick(days=8)),
            ("another mode", lambda made: made.aws.ssm.modes.update(everywhere="auto")),
        ],
    },
    "records of remedies": {
        RECORDS: [
            ("too few acts to trust it more", unchanged),
            ("no act at all", lambda made: made.aws.dynamo.create("Incidents", "pk", "sk")),
            ("one of many was harmful", lambda made: assessed(made, ROLLOUT, *[HELPED] * 50, HARMFUL)),
            ("a good record in the highest mode", lambda made: assessed(made, ROLLOUT, *[HELPED] * 9, mode=Mode.AUTO)),
            ("acts of more than 90 days ago", lambda made: [assessed(made, ROLLOUT, *[HELPED] * 5), made.aws.tick(days=91)]),
        ],
    },
    "the dashboard": {
        DASHBOARD: [
            ("there, with widgets", unchanged),
        ],
    },
    "rights that are well": {
        SECURITY: [
            (name, change) for name, change in rights.WELL.items()
        ],
    },
    "rights, as the audit's own tests inject them": {
        SECURITY: [
            (name, change) for name, change in test_security_faults.FAULTLESS.items()
        ],
    },
    "the bucket's exposure": {
        EXPOSURE: [
            (f"{name} (daily)", change) for name, change in rights.WELL.items() if any(word in name for word in ("bucket", "service", "key", "function"))
        ],
    },
}  # fmt: skip

FAULTLESS = {kind: _cases(sites) for kind, sites in _WELL.items()}
