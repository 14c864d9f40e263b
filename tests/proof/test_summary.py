"""What a run reports about itself: every failure, wherever it was, and what was not played."""

from typing import Literal

import pytest

from responder.core.plain_data import Json
from tests.proof import figures
from tests.proof.summary import Summary

ELSEWHERE = "tests/unit/followup/test_many_crashes.py::test_it_may_die"


def report(
    name: str, outcome: Literal["passed", "failed", "skipped"], when: Literal["setup", "call", "teardown"]
) -> pytest.TestReport:
    location: tuple[str, int | None, str] = (name, 1, name)
    more: Json = {"keywords": {}, "longrepr": None}
    return pytest.TestReport(name, location, outcome=outcome, when=when, **more)


def ran(*reports: pytest.TestReport) -> figures.Run:
    summary = Summary(("tests/proof", "tests/unit/followup/test_many_crashes.py"))
    for each in reports:
        summary.pytest_runtest_logreport(each)
    return summary.run


def test_a_failure_outside_the_folder_of_the_proof_is_on_its_page() -> None:
    run = ran(report(ELSEWHERE, "failed", "call"))
    page = figures.page({}, run, whole=True, seconds=1)
    assert ELSEWHERE in page.replace("<wbr>", "")
    assert '<span class="badge red">failed</span> 0 passed, 1 failed' in page


def test_a_test_that_fails_and_whose_end_fails_is_one() -> None:
    run = ran(
        report("a", "failed", "call"), report("a", "failed", "teardown"), report("b", "failed", "setup")
    )
    assert run.failed == ["a", "b"]


def test_what_could_not_be_read_has_failed() -> None:
    summary = Summary()
    summary.pytest_collectreport(pytest.CollectReport("tests/proof/test_a.py", "failed", None, None))
    assert summary.run.failed == ["tests/proof/test_a.py"]


def test_the_page_says_what_was_selected_and_how_much_of_it_ended_how() -> None:
    phases = [report("a", "passed", when) for when in ("setup", "call", "teardown")]
    run = ran(*phases, report("b", "skipped", "setup"), report("c", "failed", "call"))
    page = figures.page({}, run, whole=True, seconds=1)
    assert "tests/proof tests/unit/followup/test_many_crashes.py" in page
    assert "1 passed, 1 failed, 1 skipped" in page
