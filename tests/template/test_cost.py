"""What the stack costs is known, and little."""

import re

import pytest

from liveness_ops.preflight.form import ALARM_METRIC
from liveness_ops.template_tools import load
from liveness_ops.template_tools.load import ROOT, resources
from responder.core.plain_data import Json
from tests.template import cost

MOST = 5.0


def test_idle_it_costs_less_than_five_dollars_a_month(template: Json) -> None:
    found = sum(cost.idle(template).values())
    assert found < MOST, cost.idle(template)


def test_preflight_knows_the_price_of_an_alarm() -> None:
    assert cost.PRICES["alarm_metric"]["usd"] == ALARM_METRIC


def test_the_sum_is_that_of_the_documents(template: Json) -> None:
    page = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    said = f"{sum(cost.idle(template).values()):.2f}"
    reported = re.findall(r"(\d+\.\d\d) USD a month while nothing happens", page)
    assert reported == [said]
    incident, day = cost.incidents().values()
    assert f"about {incident:.2f} USD an incident of two hours" in page
    assert f"{day:.2f} USD a day" in page
    for name in ("README.md", "README.ja.md", "docs/first-deployment.md", "docs/first-deployment.ja.md"):
        assert f"{said} USD" in (ROOT / name).read_text(encoding="utf-8"), name


def test_no_metric_filter_has_a_default_value(template: Json) -> None:
    """It would be billed for each hour in which anything is logged."""
    for name, each in resources(template, "AWS::Logs::MetricFilter").items():
        assert not any("DefaultValue" in reported for reported in each["MetricTransformations"]), name


def test_an_alarm_of_five_metrics_is_paid_for_five_times(template: Json) -> None:
    metric = {"Id": "m", "MetricStat": {}}
    more = {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"Metrics": [{"Id": "e", "Expression": "m"}, *[metric] * 5]},
    }
    grown = {**template, "Resources": {**template["Resources"], "OneMore": more}}
    assert sum(cost.idle(grown).values()) - sum(cost.idle(template).values()) == pytest.approx(0.5)


def test_every_price_says_where_it_was_read_or_that_it_is_not_confirmed() -> None:
    """Of those that are not, the sum hardly depends."""
    loose = {name for name, each in cost.PRICES.items() if not each.get("confirmed", True)}
    assert all(
        re.search(r"20\d\d-\d\d-\d\d|without a day", each["seen"])
        for name, each in cost.PRICES.items()
        if name not in loose
    )
    assert loose == {"table_gigabyte", "table_read", "table_write"}
    assert sum(amount for kind, amount in cost.idle(load.template()).items() if kind in loose) < 0.1


def test_every_price_has_its_page() -> None:
    assert all(
        each["page"].startswith("https://aws.amazon.com/") and each["usd"] > 0
        for each in cost.PRICES.values()
    )
