"""Filed where people and machines find it; whatever goes wrong is reported, and nothing is raised."""

import json
from dataclasses import replace
from typing import Any

import pytest

from responder.aws.items import to_item
from responder.core.change import Lease
from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text
from responder.incident_report.filing import FiledIncident, address, file
from responder.messages.language import say
from responder.store import IncidentHead, Incidents
from tests.fakes import FakeAws
from tests.fakes.registered import registered
from tests.unit.incident_report.sample_incident import CLOSED, FORTH, HEAD, INCIDENT, MEMORY, STEPS, WATCH, at

TABLE = "Incidents"
SETTINGS = Settings(
    account="123456789012", region="us-east-1", incidents_table=TABLE, reports_bucket="reports"
)
KEYS = tuple(
    f"incidents/{INCIDENT}/report.{name}" for name in ("ja.html", "ja.md", "en.html", "en.md", "json")
)


class World:
    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.aws = FakeAws(CLOSED)
        self.aws.dynamo.create(TABLE, "pk", "sk")
        self.context = Context(self.aws, settings, CLOSED, CLOSED)
        self.incidents = Incidents(self.aws, TABLE)
        for each in STEPS:
            self.incidents.note(INCIDENT, each.kind, each.data, each.at)
        self.files: dict[str, Json] = {}
        self.aws.answer("s3", "put_object", self._put)
        self.aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": []})

    def _put(self, **request: Any) -> Json:
        self.files[request["Key"]] = request
        return {}

    def lease(self, lease: Lease) -> None:
        version = self.incidents.ledger().version
        self.incidents.settle(lease, None, lease.at, version or None)

    def file(self, head: IncidentHead = HEAD) -> FiledIncident:
        return file(self.context, self.incidents, head, WATCH, CLOSED)

    def reported(self) -> Json:
        found: Json = json.loads(self.files[KEYS[4]]["Body"])
        return found


def test_both_languages_and_the_data_are_filed() -> None:
    world = World()
    filed = world.file()
    assert filed.keys == KEYS
    assert filed.problem is None
    assert b'<html lang="ja">' in world.files[KEYS[0]]["Body"]
    assert b'<html lang="en">' in world.files[KEYS[2]]["Body"]
    assert "## 再発防止と残作業" in world.files[KEYS[1]]["Body"].decode()
    assert b"## Follow-up actions" in world.files[KEYS[3]]["Body"]
    assert world.reported()["incident"] == INCIDENT


def test_a_browser_is_reported_what_each_file_is() -> None:
    world = World()
    world.file()
    assert [world.files[each]["ContentType"] for each in KEYS] == [
        *("text/html; charset=utf-8", "text/markdown; charset=utf-8") * 2,
        "application/json; charset=utf-8",
    ]


def test_a_manual_step_names_the_contact_that_the_settings_have() -> None:
    world, decision = World(replace(SETTINGS, level_2_contact="lead@example.com")), HEAD.decision
    assert decision is not None
    world.file(replace(HEAD, decision=replace(decision, steps=(Text("step.escalate_lead"),))))
    files = [each["Body"].decode() for each in world.files.values()]
    assert all("lead@example.com" in each for each in files)
    assert not [each for each in files if "contact>" in each or "contact&gt;" in each]


def test_only_the_own_accounts_bucket_is_written_to() -> None:
    world = World()
    world.file()
    assert {each["ExpectedBucketOwner"] for each in world.files.values()} == {"123456789012"}


def test_filing_again_overwrites() -> None:
    world = World()
    assert world.file() == world.file()
    assert set(world.files) == set(KEYS)


@pytest.mark.parametrize(("language", "name"), [("ja", KEYS[0]), ("en", KEYS[2])])
def test_the_link_is_to_the_page_in_the_stacks_language(language: str, name: str) -> None:
    url = World(replace(SETTINGS, language=language)).file().url
    assert url == f"https://s3.console.aws.amazon.com/s3/object/reports?region=us-east-1&prefix={name}"


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("cn-north-1", "https://console.amazonaws.cn/s3/object/b?"),
        ("us-gov-west-1", "https://console.amazonaws-us-gov.com/s3/object/b?"),
        ("ap-northeast-1", "https://s3.console.aws.amazon.com/s3/object/b?"),
    ],
)
def test_every_partition_has_its_own_console(region: str, start: str) -> None:
    assert address(region, "b", "incidents/i/report.json").startswith(start)


def test_a_lease_that_stays_is_reported() -> None:
    world = World()
    world.lease(MEMORY)
    world.file()
    assert [each["state"] for each in world.reported()["acts"] if each["remedy"] == "memory_increase"] == [
        "in_force"
    ]


@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_without_a_place_to_file_it_the_incident_closes_all_the_same(error: type[AwsError]) -> None:
    world = World()
    world.aws.fail("s3", "put_object", error, times=len(KEYS))
    filed = world.file()
    assert filed.keys == ()
    assert filed.url == ""
    assert filed.problem is not None
    assert "s3:PutObject" in say(filed.problem, "en")


def test_what_could_be_filed_is_filed() -> None:
    world = World()
    world.aws.fail("s3", "put_object", Unreachable, call=1)
    filed = world.file()
    assert filed.keys == KEYS[1:]
    assert filed.url == ""
    assert filed.problem is not None


def test_without_its_steps_there_is_no_report_but_a_reason() -> None:
    world = World()
    world.aws.fail("dynamodb", "query", Denied, times=5)
    filed = world.file()
    assert filed.problem is not None
    assert "dynamodb:Query" in say(filed.problem, "en")
    assert world.files == {}


def test_a_ledger_that_cannot_be_read_is_a_gap_in_the_report() -> None:
    world = World()
    world.aws.fail("dynamodb", "query", Denied, call=3)
    assert world.file().problem is None
    assert [each["key"] for each in world.reported()["gaps"]] == ["chronicle.no_ledger"]


def test_without_a_metric_there_is_a_report_that_reports_it() -> None:
    world = World()
    world.aws.fail("cloudwatch", "describe_alarms", Denied)
    assert world.file().problem is None
    answer = world.reported()["metric"]
    assert answer["points"] == []
    assert "cloudwatch:DescribeAlarms" in answer["problem"]["en"]


def test_a_defect_is_a_reason_and_names_its_place() -> None:
    broken = replace(HEAD, opened=None)  # type: ignore[arg-type]
    filed = World().file(broken)
    assert filed.keys == ()
    assert filed.problem is not None
    assert "TypeError" in say(filed.problem, "en")


def test_without_a_bucket_nothing_is_asked() -> None:
    world = World(replace(SETTINGS, reports_bucket=""))
    before = len(world.aws.calls)
    filed = world.file()
    assert filed.problem is not None
    assert filed.problem.key == "chronicle.no_bucket"
    assert len(world.aws.calls) == before


def test_a_row_that_is_no_unicode_is_filed_all_the_same() -> None:
    world = World()
    row = {"pk": f"INCIDENT#{INCIDENT}", "sk": "STEP#2026-11-23T18:30:00+00:00#odd#1", "kind": "odd"}
    world.aws.call("dynamodb", "put_item", TableName=TABLE, Item=to_item({**row, "data": r'"\ud800"'}))
    assert world.file().keys == KEYS


def approved(world: World) -> None:
    """A proposal that was carried out, and what a person wrote about it."""
    world.aws.dynamo.create("Approvals", "pk", "sk")
    world.incidents.record(INCIDENT, "asked", FORTH, FORTH.at, (FORTH,))
    world.incidents.spend(INCIDENT, FORTH.id, at(40), "sato")
    for person, slack in (("sato", "U0SATO"), ("eve", "U0SATO")):
        row = {"pk": FORTH.id, "sk": person, "decision": "approve", "principal": slack}
        row["at"] = at(39).isoformat()
        world.aws.dynamo.put_item(TableName="Approvals", Item=to_item(row))


def test_people_and_what_they_decided_are_read_from_their_rows() -> None:
    world = World(replace(SETTINGS, approvals_table="Approvals"))
    approved(world)
    people = registered(sato=["costs_money", "U0SATO"]).people
    file(world.context, world.incidents, HEAD, WATCH, CLOSED, people)
    (found,) = world.reported()["proposals"]
    assert (found["answer"], found["by"]) == ("carried_out", "sato")
    assert found["carried_out"] == "2026-11-23T18:47:00Z"
    assert found["answers"] == [{"person": "sato", "decision": "approve", "at": "2026-11-23T18:46:00Z"}]
    assert "U0SATO" not in json.dumps(world.reported())


def test_approvals_that_cannot_be_read_are_a_gap_in_the_report() -> None:
    world = World(replace(SETTINGS, approvals_table="Approvals"))
    approved(world)
    world.aws.fail("dynamodb", "query", Denied, call=5)
    file(world.context, world.incidents, HEAD, WATCH, CLOSED)
    assert [each["key"] for each in world.reported()["gaps"]] == ["chronicle.no_approvals"]
