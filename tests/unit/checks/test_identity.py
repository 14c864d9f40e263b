"""A finding has a name that is the same on every day, so that days can be compared and findings accepted."""

import re
from pathlib import Path

import responder
from responder.checks.finding import AMBER, GREEN, Checked, CheckItem
from responder.checks.model import CheckSection
from responder.checks.report.json_report import machine
from responder.checks.storage import table
from responder.core.text import text
from tests.unit.checks.reports import SETTINGS, report


def test_every_kind_of_finding_is_made_by_a_check() -> None:
    code = Path(responder.__file__).parent
    made = {
        name
        for file in sorted((code / "checks").rglob("*.py"))
        for name in re.findall(r"Checked\.([A-Z_]+)", file.read_text())
    }
    assert made == set(Checked.__members__)


def test_it_names_section_kind_and_subject() -> None:
    items = (
        CheckItem(Checked.BUCKET_BLOCK.of("images"), GREEN, text("checks.none_to_do")),
        CheckItem(Checked.REMEDY.of("memory_increase", "create"), GREEN, text("checks.none_to_do")),
        CheckItem(Checked.COST_FORECAST.of(), GREEN, text("checks.none_to_do")),
    )
    (answer,) = machine(report(CheckSection("security", items)))["sections"]
    assert [(each["id"], each["kind"], each["subject"]) for each in answer["items"]] == [
        ("security/bucket_block/images", "bucket_block", "images"),
        ("security/remedy/memory_increase/create", "remedy", "memory_increase/create"),
        ("security/cost_forecast", "cost_forecast", None),
    ]


def test_it_stays_whatever_is_found() -> None:
    on = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
    found = [table.pitr(each, "Sessions", SETTINGS.region) for each in (on, {})]
    assert [each.light for each in found] == [GREEN, AMBER]
    assert {each.identity for each in found} == {Checked.TABLE_PITR.of("Sessions")}
