"""The dashboard: what it shows is there, and every widget has its place."""

from itertools import combinations
from typing import Any

import pytest

from liveness_ops.template_tools.alarms import alarm_modules, playbook_of
from liveness_ops.template_tools.load import defaults, resolve, resources
from responder.core.plain_data import Json

OF_ALL = {"Stack": "liveness-responder"}
OWN = {
    "TimeToMessage",
    "TimeToMitigation",
    "TimeToRecovery",
    "Applied",
    "Ineffective",
    "ClosedByHand",
    "OpenIncidents",
}
COUNTED_BY = {"Refused": "Reason", "Escalations": "Level"}
SERVICE = {
    "SuccessCount", "FailureCount", "ConfidenceScore", "VerificationTime", "VerificationError",
    "SessionCreated", "SessionCreationTime", "SessionCreationError",
}  # fmt: skip
WIDTH = 24


@pytest.fixture(scope="session")
def widgets(template: Json) -> list[Json]:
    body = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]
    found: list[Json] = resolve(body["Fn::ToJsonString"], defaults(template))["widgets"]
    return found


@pytest.fixture(scope="session")
def rows(widgets: list[Json]) -> list[list[Any]]:
    return [row for each in widgets for row in each["properties"].get("metrics", [])]


def shown(rows: list[list[Any]], namespace: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for space, name, *rest in (row for row in rows if len(row) > 1):
        if space == namespace:
            names = [each for each in rest if isinstance(each, str)]
            found.setdefault(name, []).append(dict(zip(names[::2], names[1::2], strict=True)))
    return found


def test_every_figure_of_the_automation_is_shown(rows: list[list[Any]]) -> None:
    found = shown(rows, "LivenessResponder")
    assert set(found) == OWN
    assert all(dimensions == OF_ALL for each in found.values() for dimensions in each)


@pytest.mark.parametrize(("metric", "dimension"), COUNTED_BY.items())
def test_what_is_counted_by_a_second_dimension_is_searched(
    rows: list[list[Any]], metric: str, dimension: str
) -> None:
    (expression,) = [
        row[0]["expression"] for row in rows if len(row) == 1 and f'"{metric}"' in row[0]["expression"]
    ]
    assert f"{{LivenessResponder,{dimension},Stack}}" in expression
    assert 'Stack="liveness-responder"' in expression


def test_every_figure_of_the_service_is_shown(rows: list[list[Any]]) -> None:
    found = shown(rows, "FaceAuth/Liveness")
    assert set(found) == SERVICE
    assert all(dimensions == {} for each in found.values() for dimensions in each)


@pytest.mark.parametrize("metric", ["Errors", "Throttles", "Duration"])
def test_both_functions_of_the_service_are_shown(rows: list[list[Any]], metric: str) -> None:
    assert shown(rows, "AWS/Lambda")[metric] == [
        {"FunctionName": "FaceAuth-CreateLivenessSession"},
        {"FunctionName": "FaceAuth-GetLivenessResult"},
    ]


def always(template: Json, kind: str) -> list[str]:
    """A dashboard cannot name what may not be there (that of Slack has its alarm)."""
    return [name for name in resources(template, kind) if "Condition" not in template["Resources"][name]]


def test_every_queue_and_the_tables_throttles_are_shown(template: Json, rows: list[list[Any]]) -> None:
    queues = {each["QueueName"] for each in shown(rows, "AWS/SQS")["ApproximateNumberOfMessagesVisible"]}
    assert queues == {f"${{{name}.QueueName}}" for name in always(template, "AWS::SQS::Queue")}
    assert set(shown(rows, "AWS/DynamoDB")) == {"ReadThrottleEvents", "WriteThrottleEvents"}


def test_every_alarm_is_shown(template: Json, widgets: list[Json]) -> None:
    found = {arn for each in widgets for arn in each["properties"].get("alarms", [])}
    names = {playbook_of(module).alarm for module in alarm_modules() if module != "unknown_alarm"}
    service = {f"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:{name}" for name in names}
    assert found == service | {f"${{{name}.Arn}}" for name in always(template, "AWS::CloudWatch::Alarm")}


def test_every_widget_has_a_place_of_its_own(widgets: list[Json]) -> None:
    cells = [
        {(x, y) for x in range(w["x"], w["x"] + w["width"]) for y in range(w["y"], w["y"] + w["height"])}
        for w in widgets
    ]
    assert all(not one & other for one, other in combinations(cells, 2))
    assert max(x for each in cells for x, _ in each) < WIDTH


def test_every_chart_has_a_title_and_the_region(widgets: list[Json]) -> None:
    for each in widgets:
        assert each["properties"]["title"]
        assert each["type"] == "alarm" or each["properties"]["region"] == "ap-northeast-1"
