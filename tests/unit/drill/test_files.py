"""The drill as CI reads it."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill import files
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.words import say
from tests.unit.drill.samples import drill

LANGUAGES = pytest.mark.parametrize("language", list(Language))


@LANGUAGES
def test_junit_counts_what_it_holds(language: Language, tmp_path: Path) -> None:
    result = drill(language)
    files.write(result, tmp_path)
    whole = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert whole.tag == "testsuites"
    assert (whole.get("tests"), whole.get("failures"), whole.get("errors")) == ("4", "1", "0")
    assert float(whole.get("time", "")) == pytest.approx(61.04)
    for suite in whole:
        cases = suite.findall("testcase")
        assert (suite.tag, suite.get("tests")) == ("testsuite", str(len(cases)))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert float(suite.get("time", "")) == pytest.approx(
            sum(float(each.get("time", "")) for each in cases)
        )
        for case in cases:
            assert case.get("classname") == f"drill.{suite.get('name')}"
            assert case.get("name")
            assert [each.tag for each in case] in (["system-out"], ["failure", "system-out"])


@LANGUAGES
def test_each_suite_says_how_many_scenarios_of_its_alarm_were_left_out(language: Language) -> None:
    others = [each for each in scenarios() if each.on_request]
    whole = ElementTree.fromstring(files.junit(drill(language, others=others)).encode())
    for suite in whole:
        count = sum(each.alarm == suite.get("name") for each in others)
        said = say("run.left_out", language, count=count, command="make drill ALARM=all")
        assert suite.findtext("system-out") == said


@LANGUAGES
def test_a_failure_says_both_values_and_the_command(language: Language) -> None:
    whole = ElementTree.fromstring(files.junit(drill(language)).encode())
    (failure,) = whole.iter("failure")
    assert failure.get("message") and failure.get("type")
    lines = (failure.text or "").strip().splitlines()
    assert "cause.throttling" in lines[0] and "cause.internal" in lines[0]
    assert lines[-1].startswith("make drill ALARM=high-error-rate SCENARIO=asks-throttling")


def test_json_has_the_same_sums_and_every_scenario() -> None:
    found = json.loads(json.dumps(files.data(drill(Language.EN))))
    assert (found["scenarios"], found["as_expected"], found["seconds"]) == (4, 3, 61.04)
    assert sum(found["outcomes"].values()) == 4
    first, second, none, again = found["results"]
    assert first["differences"] == [] and first["as_expected"]
    assert second["differences"][0] == {
        "what": "cause",
        "expected": "cause.throttling",
        "actual": "cause.internal",
    }
    assert none["outcomes"] == ["none"] and not none["cause"]
    assert again["second_run"] and again["alarm"] == "low-success-rate"
