"""The alarms that this stack adds to the service: what each measures, and who answers it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from liveness_ops.template_tools.alarms import alarm_modules, logical_id, playbook_of, slug
from liveness_ops.template_tools.event_stub import alarms_of, watched
from liveness_ops.template_tools.load import EVENTS, ROOT, defaults, resolve, resources, template
from responder.core.plain_data import Json
from responder.core.settings import CORRECTED, Settings
from responder.evidence import creation_time, service
from tests.rows import all_rows
from tests.template.metric_math import Series, value

TEMPLATE = template()
ALARMS = alarms_of(TEMPLATE)
BOOKS = {playbook_of(module).alarm: module for module in alarm_modules()}
OURS = {
    "FaceAuth-Liveness-SlowSessionCreation",
    "FaceAuth-LivenessSessions-Throttles",
    "FaceAuth-CreateLivenessSession-Throttles",
    "FaceAuth-GetLivenessResult-Throttles",
    "FaceAuth-Images-AccessDenied",
    "FaceAuth-Liveness-SureFaults",
}
BY_ID = {logical_id(module): module for module in alarm_modules()}
CORRECTIONS = {f"{name}{CORRECTED}" for name, module in BOOKS.items() if playbook_of(module).corrected}


def breaches(name: str, **metrics: float) -> bool:
    """Whether the alarm goes off where its metrics have these values; one that is not given has no data."""
    alarm = ALARMS[name]
    found = value(alarm["Metrics"], {key: {0: float(each)} for key, each in metrics.items()}).get(0)
    limit = float(alarm["Threshold"])
    signs = {
        "GreaterThanThreshold": lambda each: each > limit,
        "GreaterThanOrEqualToThreshold": lambda each: each >= limit,
        "LessThanThreshold": lambda each: each < limit,
    }
    return found is not None and signs[alarm["ComparisonOperator"]](found)


def metrics_of(name: str) -> dict[str, Json]:
    stats = {each["Id"]: each["MetricStat"] for each in ALARMS[name]["Metrics"] if "MetricStat" in each}
    return {key: each["Metric"] | {"Stat": each["Stat"]} for key, each in stats.items()}


def test_the_stack_adds_these_alarms_and_no_other() -> None:
    assert set(ALARMS) == OURS | CORRECTIONS


def test_ours_and_the_corrected_ones_are_on_until_a_person_says_otherwise() -> None:
    for parameter, default, condition in (
        ("OurAlarms", "on", "WithOurAlarms"),
        ("CorrectedAlarms", "on", "WithCorrectedAlarms"),
    ):
        assert TEMPLATE["Parameters"][parameter]["Default"] == default
        assert TEMPLATE["Parameters"][parameter]["AllowedValues"] == ["on", "off"]
        assert TEMPLATE["Conditions"][condition] == {"Fn::Equals": [{"Ref": parameter}, "on"]}
    conditions: dict[str, set[str]] = {}
    for each in TEMPLATE["Resources"].values():
        if each["Type"] in ("AWS::CloudWatch::Alarm", "AWS::Logs::MetricFilter") and "Condition" in each:
            named = each["Properties"].get("AlarmName", {"Fn::Sub": ""})
            conditions.setdefault(each["Condition"], set()).add(resolve(named, defaults(TEMPLATE)))
    assert conditions["WithOurAlarms"] - {""} == OURS
    assert conditions["WithCorrectedAlarms"] - {""} == CORRECTIONS


def test_each_name_is_a_parameter_or_follows_one() -> None:
    for logical, each in resources(TEMPLATE, "AWS::CloudWatch::Alarm").items():
        if "AlarmActions" not in each:
            function = re.sub(r"(Watch|Corrected)$", "", logical)
            name, module = f"{function}AlarmName", BY_ID[function]
            if name in TEMPLATE["Parameters"]:
                assert each["AlarmName"] in ({"Ref": name}, {"Fn::Sub": f"${{{name}}}{CORRECTED}"})
            else:
                shown = playbook_of(module).alarm.replace("FaceAuth-", "${AlarmPrefix}")
                assert each["AlarmName"] == {"Fn::Sub": shown}
            assert each["AlarmDescription"].endswith(f" {function} answers.")
            assert function in {logical_id(module) for module in BOOKS.values()}


@all_rows("name", sorted(ALARMS))
def test_missing_data_does_not_breach_and_no_alarm_has_actions(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert not alarm.keys() & {"AlarmActions", "OKActions", "InsufficientDataActions"}
    assert alarm["EvaluationPeriods"] == 1
    if "Metrics" in alarm:
        assert [each.get("ReturnData", True) for each in alarm["Metrics"]].count(True) == 1
        assert len({each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}) == 1
        assert not breaches(name)


def test_slow_opening_is_judged_as_its_playbook_judges_it() -> None:
    name = "FaceAuth-Liveness-SlowSessionCreation"
    assert {each["MetricName"] for each in metrics_of(name).values()} == {creation_time.METRIC}
    limit, enough = Settings().slow_session_creation_seconds, creation_time.FEWEST
    assert metrics_of(name)["share"]["Stat"] == f"PR({limit:g}:900)"
    # More than one in ten are slower: the p90 is.
    assert breaches(name, share=100 * 10 / 99, opened=99)
    assert not breaches(name, share=10, opened=100)
    assert breaches(name, share=50, opened=enough)
    assert not breaches(name, share=100, opened=enough - 1)
    assert not breaches(name, share=45, opened=enough)  # nine slow ones


@pytest.mark.parametrize("throttled", ["r", "w", "ri", "wi"])
def test_a_few_calls_to_the_table_or_its_index_that_were_turned_away_are_enough(throttled: str) -> None:
    name = "FaceAuth-LivenessSessions-Throttles"
    assert breaches(name, **{throttled: 5})
    assert not breaches(name, **{throttled: 4})
    places = {
        (each["MetricName"], tuple(sorted(one["Value"] for one in each["Dimensions"])))
        for each in metrics_of(name).values()
    }
    both = ("FaceAuth-LivenessSessions",), ("EmployeeIdIndex", "FaceAuth-LivenessSessions")
    names = "ReadThrottleEvents", "WriteThrottleEvents"
    assert places == {(metric, place) for metric in names for place in both}


@pytest.mark.parametrize("function", ["FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult"])
def test_a_few_runs_that_lambda_turned_away_are_enough(function: str) -> None:
    alarm = ALARMS[f"{function}-Throttles"]
    assert (alarm["MetricName"], alarm["Statistic"]) == ("Throttles", "Sum")
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert (alarm["Threshold"], alarm["Period"]) == tuple(
        defaults(TEMPLATE)[each] for each in ("MinimumSureFaults", "SureFaultsSeconds")
    )
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": function}]


def test_a_few_sure_faults_within_a_window_that_slides_are_enough() -> None:
    """Each minute another window begins, unless the alarm asks for one that the clock bounds."""
    alarm = ALARMS["FaceAuth-Liveness-SureFaults"]
    assert (alarm["MetricName"], alarm["Statistic"]) == ("SureFaults", "Sum")
    assert (alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert "EvaluationWindow" not in alarm
    written = resources(TEMPLATE, "AWS::CloudWatch::Alarm")["SureFaultsWatch"]
    assert written["Threshold"] == {"Ref": "MinimumSureFaults"}
    assert written["Period"] == {"Ref": "SureFaultsSeconds"}
    # CloudWatch judges an alarm that looks back over more than a day once an hour.
    assert max(TEMPLATE["Parameters"]["SureFaultsSeconds"]["AllowedValues"]) < 86_400


def test_success_is_a_rate_where_enough_checks_failed() -> None:
    name = f"FaceAuth-Liveness-LowSuccessRate{CORRECTED}"
    read = {each["MetricName"] for each in metrics_of(name).values()}
    assert read == {service.METRICS["success"], service.METRICS["failure"]}
    assert float(ALARMS[name]["Threshold"]) == service.TARGET
    assert breaches(name, success=417, failure=22)
    assert not breaches(name, success=418, failure=22)
    assert not breaches(name, success=1, failure=21)
    assert breaches(name, failure=22)
    assert not breaches(name, success=20)


def test_errors_are_a_rate_where_more_fail_than_by_chance() -> None:
    name = f"FaceAuth-Liveness-HighErrorRate{CORRECTED}"
    assert breaches(name, errors=10, success=100)
    assert not breaches(name, errors=9, success=20)
    assert breaches(name, errors=10)
    # Who gave up or came too late was answered: they count as asked, never as errors.
    assert not breaches(name, errors=10, success=10, failure=280, unknown=300, expired=400)


def test_slow_results_are_judged_by_the_tail_before_lambda_ends_them() -> None:
    name = f"FaceAuth-Liveness-SlowVerification{CORRECTED}"
    assert metrics_of(name)["share"]["Stat"] == "PR(10000:900000)"  # 10 s, and its function is killed at 15
    assert breaches(name, share=100, results=10)
    assert breaches(name, share=1.01, results=1000)
    assert not breaches(name, share=100, results=9)
    assert not breaches(name, share=1, results=1000)


def test_seconds_become_the_milliseconds_of_a_statistic_only_where_they_are_whole() -> None:
    pattern = TEMPLATE["Parameters"]["SlowResultSeconds"]["AllowedPattern"]
    assert [each for each in ("9", "14", "7.5", "", "0", "05", "100") if re.search(pattern, each)] == [
        "9",
        "14",
    ]


@pytest.mark.parametrize("function", ["FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult"])
def test_a_time_out_that_is_reported_twice_counts_once(function: str) -> None:
    name = f"{function}-Timeouts{CORRECTED}"
    assert breaches(name, text=10)
    assert breaches(name, json=10)
    assert not breaches(name, text=9, json=9)


@all_rows("path", sorted(EVENTS.glob("*/*.json")))
def test_an_event_of_the_stack_describes_the_alarm_as_it_is(path: Any) -> None:
    detail = json.loads(path.read_text(encoding="utf-8")).get("detail", {})
    alarm = ALARMS.get(detail.get("alarmName", "")) if isinstance(detail, dict) else None
    if alarm is None:
        return
    report = watched(alarm, 0, 0)
    data = json.loads(detail["state"]["reasonData"])
    assert (data["threshold"], timedelta(seconds=data["period"])) == (
        report.threshold,
        timedelta(seconds=report.period),
    )
    assert ("statistic" in data) == (not report.metrics)
    if report.metrics:
        assert detail["configuration"]["metrics"] == list(report.metrics)


# With the shortest windows that the parameters allow.
EVERY = {
    resolve(each["AlarmName"], defaults(TEMPLATE)): resolve(
        each, defaults(TEMPLATE) | {"RateSeconds": "900", "SureFaultsSeconds": "900"}
    )
    for each in resources(TEMPLATE, "AWS::CloudWatch::Alarm").values()
}
EXPRESSIONS = {name: each for name, each in EVERY.items() if "Metrics" in each}


@all_rows("name", sorted(EXPRESSIONS))
def test_no_alarm_with_fill_looks_at_the_latest_minutes_alone(name: str) -> None:
    """FILL fills what has not arrived, so one short period would never see what comes three minutes later
    (User Guide, "Using metric math")."""
    alarm = EXPRESSIONS[name]
    if any("FILL" in each.get("Expression", "") for each in alarm["Metrics"]):
        (period,) = {int(each["MetricStat"]["Period"]) for each in alarm["Metrics"] if "MetricStat" in each}
        assert int(alarm["EvaluationPeriods"]) * period >= 300
        assert period >= 300 or int(alarm["DatapointsToAlarm"]) < int(alarm["EvaluationPeriods"])


@all_rows(
    ("name", "absent"),
    [
        (name, each["Id"])
        for name, alarm in sorted(EXPRESSIONS.items())
        for each in alarm["Metrics"]
        if "MetricStat" in each
    ],
)
def test_an_operand_without_any_value_counts_as_nothing(name: str, absent: str) -> None:
    """The others have what says that all is well, or that much is wrong: either a missing operand counts as
    0, or the expression has no value and the alarm does what it does without data."""
    queries = EXPRESSIONS[name]["Metrics"]
    others = [each["Id"] for each in queries if "MetricStat" in each and each["Id"] != absent]
    for amount in (0.0, 100.0):
        given = {each: {0: amount} for each in others}
        found = value(queries, given).get(0)
        assert found in (None, value(queries, given | {absent: {0: 0.0}}).get(0))


@all_rows("name", sorted(ALARMS))
def test_each_has_an_event(name: str) -> None:
    module = BOOKS[name.removesuffix(CORRECTED)]
    file = "corrected" if name.endswith(CORRECTED) else "alarm"
    event = json.loads((EVENTS / slug(module) / f"{file}.json").read_text(encoding="utf-8"))
    assert event["detail"]["alarmName"] == name


@pytest.mark.parametrize("page", ["docs/alarms.md", "docs/alarms.ja.md"])
def test_each_is_explained(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [name for name in ALARMS if f"{name}" not in text] == []


def test_math_is_worked_out_as_cloudwatch_does() -> None:
    queries = [{"Id": "rate", "Expression": "IF(n >= 2, 100 * FILL(a, 0) / n, 0)"}]
    series: dict[str, Series] = {"n": {0: 4.0, 1: 1.0}, "a": {0: 1.0}}
    assert value(queries, series) == {0: 25.0, 1: 0.0}
