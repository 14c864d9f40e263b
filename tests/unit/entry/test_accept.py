"""Amber findings of checks are accepted through the entry, by people who may approve something."""

import io
import json
from datetime import date
from typing import Any

import pytest

from responder.checks.accepted import acceptances
from responder.checks.finding import GREEN, RED, UNKNOWN, Checked, CheckItem, CheckStatus, RootCause
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.report.json_report import machine
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.core.text import text
from tests.unit.entry.people_entry import AIKO, EVE, KEN, MARI, Entry

AMBER = CheckItem(Checked.ALARM_STATE.of("A"), CheckStatus.AMBER, text("evidence.failed.denied", action="A"))
ID = "alarms/alarm_state/A"
UNTIL = "2026-03-06"


def found(light: CheckStatus, name: str, root: RootCause | None = None) -> CheckItem:
    return CheckItem(Checked.ALARM_STATE.of(name), light, text("evidence.failed.late"), root=root)


class Filed(Entry):
    """An entry with reports of checks in the bucket. It is 2026-02-04 in Tokyo."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.files: dict[str, str] = {}
        self.scene.environment["REPORTS_BUCKET"] = "reports"
        self.scene.aws.answer("s3", "list_objects_v2", self._listed)
        self.scene.aws.answer("s3", "get_object", self._read)

    def file(self, *items: CheckItem, day: date = date(2026, 2, 4), rhythm: Cadence = Cadence.DAILY) -> None:
        answer = CheckReport(rhythm, self.now, day, "r", "a", (CheckSection("alarms", items),))
        self.files[f"{answer.folder}report.json"] = json.dumps(machine(answer))

    def _listed(self, **asked: Any) -> Json:
        there = sorted(key for key in self.files if key.startswith(asked["Prefix"]))
        return {"Contents": [{"Key": key} for key in there if key > asked["StartAfter"]]}

    def _read(self, **asked: Any) -> Json:
        return {"Body": io.BytesIO(self.files[asked["Key"]].encode())}

    def accept(self, finding: str = ID, caller: str = AIKO, **more: Any) -> tuple[int, Json]:
        fields = {"until": UNTIL, "reason": "次のデプロイまで", **more}
        return self.ask("accept", caller, finding=finding, **fields)

    @property
    def accepted(self) -> list[str]:
        return sorted(acceptances(self.scene.aws, "Approvals"))


@pytest.fixture
def entry() -> Filed:
    made = Filed()
    made.file(AMBER, found(RED, "B"), found(UNKNOWN, "C"), found(GREEN, "D"))
    return made


def test_it_is_on_record_with_who_why_and_the_facts_of_that_time(entry: Filed) -> None:
    status, answer = entry.accept()
    assert (status, answer["person"], answer["until"], answer["findings"]) == (200, "aiko", UNTIL, [ID])
    (row,) = entry.rows
    assert (row["pk"], row["sk"], row["decision"]) == ("ACCEPTED", ID, "accept")
    assert (row["person"], row["principal"], row["reason"]) == ("aiko", AIKO, "次のデプロイまで")
    assert row["facts"] == AMBER.digest
    assert acceptances(entry.fake, "Approvals")[ID].until == date(2026, 3, 6)


@pytest.mark.parametrize(("name", "light"), [("B", "red"), ("C", "unknown"), ("D", "green")])
def test_only_amber_is_accepted(entry: Filed, name: str, light: str) -> None:
    status, answer = entry.accept(f"alarms/alarm_state/{name}")
    assert (status, answer["error"]) == (409, "denial.not_amber")
    assert entry.rows == [], light


@pytest.mark.parametrize("until", ["2026-02-04", "2026-01-01", "2026-05-06"])
def test_a_day_is_tomorrow_at_the_earliest_and_in_90_days_at_the_latest(entry: Filed, until: str) -> None:
    status, answer = entry.accept(until=until)
    assert (status, answer["error"]) == (400, "denial.accept_until")
    assert "2026-05-05" in answer["said"][0]["en"]
    assert entry.rows == []


def test_90_days_are_allowed(entry: Filed) -> None:
    assert entry.accept(until="2026-05-05")[0] == 200
    assert entry.accepted == [ID]


@pytest.mark.parametrize("until", ["2026-02-30", "soon", "2026-2-4", ""])
def test_what_is_no_day_is_refused(entry: Filed, until: str) -> None:
    assert entry.accept(until=until)[1]["error"] == "denial.unreadable"


def test_a_reason_is_needed(entry: Filed) -> None:
    assert entry.accept(reason="  ")[1]["error"] == "denial.no_reason"


def test_a_finding_that_no_report_has_is_refused_with_the_way_to_its_id(entry: Filed) -> None:
    status, answer = entry.accept("alarms/alarm_state/X")
    assert (status, answer["error"]) == (409, "denial.no_finding")
    assert "report" in answer["said"][0]["en"]
    assert entry.rows == []


def test_the_newest_report_that_has_it_counts_whatever_its_rhythm(entry: Filed) -> None:
    entry.file(found(CheckStatus.AMBER, "B"), day=date(2026, 2, 3), rhythm=Cadence.WEEKLY)
    entry.file(found(CheckStatus.AMBER, "E"), day=date(2026, 2, 1), rhythm=Cadence.MONTHLY)
    assert entry.accept("alarms/alarm_state/B")[1]["error"] == "denial.not_amber"
    assert entry.accept("alarms/alarm_state/E")[0] == 200


def test_signs_of_the_same_cause_are_accepted_with_it_and_reported_again_with_it(entry: Filed) -> None:
    entry.file(
        *(found(CheckStatus.AMBER, name, RootCause.ALIAS) for name in "ABC"), found(CheckStatus.AMBER, "D")
    )
    status, answer = entry.accept()
    assert (status, len(answer["findings"])) == (200, 3)
    assert entry.accepted == [f"alarms/alarm_state/{name}" for name in "ABC"]
    assert entry.ask("unaccept", finding=ID)[0] == 200
    assert entry.accepted == []


def test_strangers_and_people_who_may_approve_nothing_cannot_accept(entry: Filed) -> None:
    from tests.fakes.registered import document

    assert entry.accept(caller=EVE)[1]["error"] == "denial.stranger"
    entry.parameters["/responder/settings"] = document(aiko=["lowers_security", AIKO], mari=[MARI])
    status, answer = entry.accept(caller=MARI)
    assert (status, answer["error"]) == (403, "denial.may_not_accept")
    assert entry.rows == []


def test_a_later_acceptance_takes_the_place_of_an_earlier_one(entry: Filed) -> None:
    entry.accept()
    entry.accept(caller=KEN, until="2026-02-10")
    (found_,) = acceptances(entry.fake, "Approvals").values()
    assert (found_.person, found_.until) == ("ken", date(2026, 2, 10))


def test_what_is_not_accepted_cannot_be_reported_again(entry: Filed) -> None:
    assert entry.refused("unaccept", finding=ID) == (409, "denial.not_accepted")


def test_who_takes_it_back_is_on_record(entry: Filed) -> None:
    entry.accept()
    assert entry.ask("unaccept", MARI, finding=ID)[0] == 200
    (row,) = entry.rows
    assert (row["decision"], row["person"]) == ("unaccept", "mari")


def test_reports_that_cannot_be_read_accept_nothing(entry: Filed) -> None:
    entry.fake.fail("s3", "list_objects_v2", Unreachable)
    status, answer = entry.accept()
    assert (status, answer["ending"]) == (503, "aws")
    assert entry.rows == []
