"""The responder shares the account's executions with what it watches: what it may reserve, and what shows
that nothing is left for it."""

import re

import pytest

from liveness_ops import generate
from liveness_ops.template_tools.alarms import alarm_modules, logical_id
from liveness_ops.template_tools.load import ROOT, TEMPLATE, functions, parse, resources, template
from tests.rows import all_rows
from tests.template.metric_math import value

RESERVED = {*map(logical_id, alarm_modules()), "ResponseFailed", "People"}
# They share what the account has left, so they are turned away when it is used up.
SHARING = {"FollowUp", "Watchdog"}
# An alarm takes the result and ten queries in all (CloudWatch, PutMetricAlarm).
METRICS = 10


def watched(alarm: str) -> dict[str, str]:
    """Function -> id of the query about its throttles."""
    found = [each for each in ALARMS[alarm]["Metrics"] if "MetricStat" in each]
    assert {each["MetricStat"]["Metric"]["MetricName"] for each in found} == {"Throttles"}
    return {each["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"]: each["Id"] for each in found}


ALARMS = {
    name: properties
    for name, properties in resources(template(), "AWS::CloudWatch::Alarm").items()
    if name.startswith("Throttled")
}
CONDITIONS = {name: template()["Resources"][name].get("Condition") for name in ALARMS}

IF_ASKED_FOR = {"Fn::If": ["ReservesConcurrency", 5, {"Ref": "AWS::NoValue"}]}
RESERVATIONS = {
    name: properties["ReservedConcurrentExecutions"]
    for name, properties in functions(template()).items()
    if properties["ReservedConcurrentExecutions"] != {"Ref": "AWS::NoValue"}
}


def test_nothing_is_reserved_unless_it_is_asked_for() -> None:
    """It would be taken from the service's own, and AWS refuses it where fewer than 100 would be left. What
    anyone on the internet may call has a limit, unless a small account has to do without."""
    always = {name: amount for name, amount in RESERVATIONS.items() if amount != IF_ASKED_FOR}
    assert always == {"SlackAction": {"Fn::If": ["ReservesForSlack", 5, {"Ref": "AWS::NoValue"}]}}
    found = template()
    chosen = found["Parameters"]["ReservedConcurrency"]
    assert (chosen["Default"], chosen["AllowedValues"]) == ("slack", ["none", "slack", "all"])
    assert found["Conditions"]["ReservesForSlack"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "ReservedConcurrency"}, "none"]}]
    }
    assert found["Conditions"]["ReservesConcurrency"] == {
        "Fn::Equals": [{"Ref": "ReservedConcurrency"}, "all"]
    }


def test_what_answers_alarms_and_people_may_have_executions_of_its_own() -> None:
    """The others share what the account has left; what warns of a full account must be turned away by it."""
    assert {name for name, amount in RESERVATIONS.items() if amount == IF_ASKED_FOR} == RESERVED


def test_the_pages_say_what_a_reservation_takes() -> None:
    count, taken = len(RESERVED), 5 * len(RESERVED)
    said = {
        "parameters.md": (f"each of {count} functions", f"{taken} executions", f"of {105 + taken} for `all`"),
        "parameters.ja.md": (f"{count} 個の関数", f"予約した分（{taken}", f"`all` なら {105 + taken}"),
    }
    for page, parts in said.items():
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert [part for part in parts if part not in text] == []


@all_rows(("alarm", "function"), sorted((alarm, each) for alarm in ALARMS for each in watched(alarm)))
def test_one_call_turned_away_notifies_the_last_resort(alarm: str, function: str) -> None:
    queries, ids = ALARMS[alarm]["Metrics"], watched(alarm)
    nothing = {each: {60: 0.0} for each in ids.values()}
    assert value(queries, nothing | {ids[function]: {60: 1.0}})[60] > ALARMS[alarm]["Threshold"]
    assert value(queries, nothing)[60] <= ALARMS[alarm]["Threshold"]
    assert ALARMS[alarm]["AlarmActions"] == [{"Ref": "LastResort"}]


@pytest.mark.parametrize("count", range(1, 22))
def test_as_many_alarms_are_generated_as_the_functions_need(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """The one function that is left has its own alarm."""
    monkeypatch.setattr(generate, "_RESERVED", tuple(f"Function{n:02}" for n in range(count)))
    written = parse(generate._reserved(TEMPLATE.read_text(encoding="utf-8")))["Resources"]
    seen = 0
    for name, each in written.items():
        if re.fullmatch(r"Throttled\w*Reserved\d?Alarm", name):
            queries = each["Properties"]["Metrics"]
            ids = [one["Id"] for one in queries if "MetricStat" in one]
            assert value(queries, {id_: {60: 1.0} for id_ in ids})[60] == len(ids) < METRICS
            seen += len(ids)
    assert seen == count


def test_a_full_account_is_always_watched_and_a_reservation_where_there_is_one() -> None:
    always = {each for alarm in ALARMS if CONDITIONS[alarm] is None for each in watched(alarm)}
    reserved = {
        each for alarm in ALARMS if CONDITIONS[alarm] == "ReservesConcurrency" for each in watched(alarm)
    }
    assert max(len(alarm["Metrics"]) for alarm in ALARMS.values()) <= METRICS
    assert always == SHARING
    assert reserved == RESERVED
