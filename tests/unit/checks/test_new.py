"""What is new since the check before is reported first and marked: a new fault does not look like an old
one."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from responder.checks.finding import Checked, CheckItem, CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.report.json_report import machine
from responder.checks.report.page import page
from responder.checks.report.summary import Summary, amazon_q, data, plain
from responder.checks.run.handler import ScheduledCheck
from responder.checks.run.running import run
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.text import text
from responder.slack.outbound.notices import check_post
from tests.texts import piece
from tests.unit.checks.reports import StubCheck, World, report


def item(light: CheckStatus, name: str = "A") -> CheckItem:
    said = text("evidence.failed.denied", action=name)
    return CheckItem(Checked.ALARM_STATE.of(name), light, said)


class Bucket(World):
    """A bucket that holds reports of earlier days."""

    def __init__(self, **filed: CheckReport) -> None:
        super().__init__()
        self.filed: dict[str, str] = {}
        self.aws.answer("s3", "list_objects_v2", self._listed)
        self.aws.answer(
            "s3", "get_object", lambda **asked: {"Body": io.BytesIO(self.filed[asked["Key"]].encode())}
        )

    def hold(self, answer: CheckReport) -> None:
        self.filed[f"{answer.folder}report.json"] = json.dumps(machine(answer))

    def _listed(self, **asked: Any) -> Json:
        keys = sorted(
            key for key in self.filed if key.startswith(asked["Prefix"]) and key > asked["StartAfter"]
        )
        return {"Contents": [{"Key": key} for key in keys]}

    def ran(self, *sections: CheckSection, rhythm: Cadence = Cadence.DAILY) -> CheckReport:
        checks = [StubCheck(each.name, lambda each=each: each) for each in sections]  # type: ignore[misc]
        return run(rhythm, checks, self.context)


def since(before: CheckReport, *sections: CheckSection) -> CheckReport:
    bucket = Bucket()
    bucket.hold(before)
    return bucket.ran(*sections, rhythm=before.rhythm)


def yesterday(*items: CheckItem, day: int = 3) -> CheckReport:
    return replace(report(CheckSection("alarms", items)), day=date(2026, 2, day))


def marks(answer: CheckReport) -> dict[str, bool]:
    return {each.identity.subject: each.new for one in answer.sections for each in one.items}


RED, AMBER, UNKNOWN, GREEN = (item(light) for light in CheckStatus)


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (None, RED, True),
        (None, UNKNOWN, True),
        (None, GREEN, False),
        (GREEN, AMBER, True),
        (UNKNOWN, AMBER, True),
        (AMBER, RED, True),
        (RED, RED, False),
        (RED, AMBER, False),
        (AMBER, AMBER, False),
    ],
)
def test_new_is_what_was_not_there_or_better(before: CheckItem | None, now: CheckItem, new: bool) -> None:
    reported = since(
        yesterday(*(() if before is None else (before,)), item(CheckStatus.AMBER, "B")),
        CheckSection("alarms", (now,)),
    )
    assert marks(reported) == {"A": new}


def test_what_was_reported_before_keeps_the_day_since_which_it_is() -> None:
    def day(answer: CheckReport) -> date | None:
        ((found,),) = (one.items for one in answer.sections)
        return found.since

    first = since(yesterday(item(CheckStatus.AMBER, "B")), CheckSection("alarms", (RED,)))
    assert day(first) is None
    second = since(yesterday(RED), CheckSection("alarms", (RED,)))
    assert day(second) == date(2026, 2, 3)
    kept = since(yesterday(replace(RED, since=date(2026, 1, 9))), CheckSection("alarms", (RED,)))
    assert day(kept) == date(2026, 1, 9)


def test_the_same_thing_in_another_section_is_another_finding() -> None:
    assert marks(since(yesterday(RED), CheckSection("alarm_audit", (RED,)))) == {"A": True}


def test_of_one_light_what_is_new_comes_first_whatever_its_harm() -> None:
    old = [
        CheckSection("security", (item(CheckStatus.RED, "old"),)),
        CheckSection("cost", (item(CheckStatus.AMBER, "older"),)),
    ]
    before = replace(report(*old), day=date(2026, 2, 3))
    now = [
        old[0],
        CheckSection(
            "cost",
            (
                item(CheckStatus.AMBER, "older"),
                item(CheckStatus.RED, "fresh"),
                item(CheckStatus.AMBER, "newer"),
            ),
        ),
    ]
    reported = since(before, *now)
    assert [each.identity.subject for _, each in Summary(reported).to_do] == [
        "fresh",
        "old",
        "newer",
        "older",
    ]


def test_it_is_marked_in_mail_chat_page_and_json() -> None:
    reported = since(
        yesterday(item(CheckStatus.RED, "B")), CheckSection("alarms", (RED, item(CheckStatus.RED, "B")))
    )
    short = Summary(reported)
    lines = [line for line in plain(short, "en", 30).splitlines() if line.startswith("- ")]
    assert [line.startswith("- [new] Alarms") for line in lines] == [True, False]
    assert plain(short, "ja", 30).count("【新規】") == 1
    assert "1 new since 2026-02-03" in plain(short, "en", 30)
    chat = json.dumps(check_post(data(short, "en", 30), "en").blocks)
    assert chat.count("[new]") == 1
    assert amazon_q(short, "ja", 30)["content"]["description"].count("【新規】") == 1
    assert page(reported, "ja").count("【新規】") == 1  # in its section; above it is a separate list
    assert "前回のレポートから新しく見つかったもの" in page(reported, "ja")
    assert [each["new"] for each in machine(reported)["sections"][0]["items"]] == [True, False]
    assert machine(reported)["compared_with"] == "2026-02-03"


def test_without_an_earlier_report_nothing_is_new_and_that_is_reported_once() -> None:
    answer = Bucket().ran(CheckSection("alarms", (RED, item(CheckStatus.AMBER, "B"))))
    assert marks(answer) == {"A": False, "B": False}
    mail = plain(Summary(answer), "en", 30)
    assert mail.count(piece("checks.no_before")) == 1
    assert machine(answer)["compared_with"] is None
    assert piece("checks.no_before") in page(answer, "en")
    assert piece("checks.no_before") not in plain(
        Summary(Bucket().ran(CheckSection("alarms", (GREEN,)))), "en", 30
    )


def test_an_earlier_report_that_cannot_be_read_costs_the_marks_alone() -> None:
    bucket = Bucket()
    bucket.aws.fail("s3", "list_objects_v2", Denied("s3", "ListObjectsV2", "AccessDenied"))
    answer = bucket.ran(CheckSection("alarms", (RED,)))
    assert answer.light is CheckStatus.RED
    assert "s3:ListBucket" in plain(Summary(answer), "en", 30)


@pytest.mark.parametrize(
    ("rhythm", "day"), [(Cadence.WEEKLY, date(2026, 1, 28)), (Cadence.MONTHLY, date(2026, 1, 1))]
)
def test_a_check_is_compared_with_the_last_one_of_its_rhythm(rhythm: Cadence, day: date) -> None:
    bucket = Bucket()
    bucket.hold(yesterday(RED))
    bucket.hold(replace(report(CheckSection("alarms", (AMBER,)), rhythm=rhythm), day=day))
    answer = bucket.ran(CheckSection("alarms", (RED,)), rhythm=rhythm)
    assert marks(answer) == {"A": True}


@pytest.mark.parametrize("rhythm", Cadence)
def test_each_function_may_read_its_own_earlier_reports(rhythm: Cadence) -> None:
    needs = {(each.action, each.resource) for each in ScheduledCheck(rhythm, lambda _: ()).needs()}
    assert ("s3:GetObject", f"${{ReportsBucket.Arn}}/checks/{rhythm}/*") in needs
    assert ("s3:ListBucket", "${ReportsBucket.Arn}") in needs
