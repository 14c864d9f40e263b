"""An accepted finding does not colour the mail, is still counted, and is reported again when it changes."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from liveness_ops.policy import all_needs
from responder.aws.items import to_item
from responder.checks.accepted import ACCEPTED
from responder.checks.alarms.audit import AlarmAudit
from responder.checks.finding import RED, UNKNOWN, Checked, CheckItem, CheckStatus, RootCause
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.report.json_report import machine
from responder.checks.report.page import page
from responder.checks.report.summary import Summary, amazon_q, data, plain, subject
from responder.checks.run.alarm_names import audited
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.text import text
from responder.respond.playbook import PLAYBOOKS
from responder.slack.outbound.notices import check_post
from tests.texts import piece
from tests.times import day, utc
from tests.unit.checks import alarms_world, ready_world, safe_world
from tests.unit.checks.reports import GREEN, NOW, SETTINGS
from tests.unit.checks.test_new import Bucket, yesterday

pytestmark = pytest.mark.unit

TODAY = day("2026-02-04")
AMBER = CheckItem(Checked.ALARM_STATE.of("A"), CheckStatus.AMBER, text("evidence.failed.denied", action="A"))
ID = "alarms/alarm_state/A"


class Table(Bucket):
    """With the table of acceptances."""

    def __init__(self) -> None:
        super().__init__()
        self.aws.dynamo.create("Approvals", "pk", "sk")
        settings = replace(SETTINGS, approvals_table="Approvals")
        self.context = Context(self.aws, settings, NOW, NOW)

    def accept(self, item: CheckItem = AMBER, id_: str = ID, days: int = 30, **more: Any) -> None:
        row = {
            "pk": ACCEPTED,
            "sk": id_,
            "decision": "accept",
            "person": "aiko",
            "principal": "arn:aws:iam::123456789012:user/aiko",
            "at": (NOW - timedelta(days=10)).isoformat(),
            "until": (TODAY + timedelta(days=days)).isoformat(),
            "reason": "次のデプロイまで",
            "facts": item.digest,
            **more,
        }
        self.aws.call("dynamodb", "put_item", TableName="Approvals", Item=to_item(row))

    def reported(self, *items: CheckItem) -> CheckReport:
        return self.ran(CheckSection("alarms", items))


@pytest.fixture
def table() -> Table:
    made = Table()
    made.accept()
    return made


def test_it_colours_neither_mail_nor_report_and_is_counted_in_one_line(table: Table) -> None:
    answer = table.reported(AMBER, GREEN)
    short = Summary(answer)
    assert (answer.light, answer.sections[0].light) == (CheckStatus.GREEN, CheckStatus.GREEN)
    assert subject(short) == "[OK] all green - Daily check 2026-02-04"
    mail = plain(short, "en", 30)
    assert mail.startswith("🟢")
    assert [line for line in mail.splitlines() if line.startswith("- ")] == []
    assert "Accepted: 1 (first expires 2026-03-06)" in mail.splitlines()
    assert "受容中: 1 件（最も早い期限 2026-03-06）" in plain(short, "ja", 30)
    assert "Accepted: 1 " in json.dumps(check_post(data(short, "en", 30), "en").blocks)
    assert "Accepted: 1 " in amazon_q(short, "en", 30)["content"]["description"]
    assert data(short, "en", 30)["to_do"] == []


def test_page_and_json_say_who_accepted_it_until_when_and_why(table: Table) -> None:
    answer = table.reported(AMBER, GREEN)
    shown = page(answer, "en")
    for each in (ID, "aiko", "2026-03-06", "次のデプロイまで", f"TEXT {table.context.settings.console}"):
        assert each in shown
    (item, _) = machine(answer)["sections"][0]["items"]
    assert item["light"] == "amber"
    assert item["accepted"] == {
        "person": "aiko",
        "until": "2026-03-06",
        "reason": "次のデプロイまで",
        "at": "2026-01-25T00:00:00Z",
    }
    assert machine(answer)["light"] == "green"


def test_a_report_of_accepted_findings_alone_is_green(table: Table) -> None:
    assert table.reported(AMBER).light is CheckStatus.GREEN


@pytest.mark.parametrize("light", [RED, UNKNOWN])
def test_a_worse_one_is_reported_again(table: Table, light: CheckStatus) -> None:
    answer = table.reported(replace(AMBER, light=light))
    assert answer.light is light
    assert "Accepted by aiko until 2026-03-06, but it has become worse" in plain(Summary(answer), "en", 30)


@pytest.mark.parametrize(
    "other",
    [
        replace(AMBER, said=text("evidence.failed.denied", action="B")),
        replace(AMBER, said=text("evidence.failed.throttled", action="A")),
        replace(AMBER, details=(text("evidence.failed.late"),)),
        replace(AMBER, facts=("timeout=900",)),
    ],
)
def test_one_with_other_facts_is_reported_again(table: Table, other: CheckItem) -> None:
    answer = table.reported(other)
    assert answer.light is CheckStatus.AMBER
    assert piece("checks.again.changed") in plain(Summary(answer), "en", 30)
    assert (machine(answer)["sections"][0]["items"][0]["accepted"]) is None


def test_facts_that_a_check_names_count_instead_of_its_sentences() -> None:
    one = replace(AMBER, facts=("timeout=30",))
    assert one.digest == replace(one, said=text("evidence.failed.late")).digest
    assert one.digest != replace(one, facts=("timeout=31",)).digest


def test_another_figure_does_not_end_an_acceptance_and_another_sentence_does() -> None:
    def cost(total: str, key: str = "checks.cost.forecast") -> CheckItem:
        return CheckItem(Checked.COST_FORECAST.of(), CheckStatus.AMBER, text(key, total=total))

    assert cost("455.00 USD").digest == cost("470.00 USD").digest
    assert cost("455.00 USD").digest != cost("455.00 USD", "checks.cost.pace").digest


def test_one_whose_end_is_past_is_reported_again() -> None:
    table = Table()
    table.accept(days=-1)
    answer = table.reported(AMBER)
    assert answer.light is CheckStatus.AMBER
    assert "Acceptance by aiko expired on 2026-02-03" in plain(Summary(answer), "en", 30)


def test_the_last_day_still_counts() -> None:
    table = Table()
    table.accept(days=0)
    assert table.reported(AMBER).light is CheckStatus.GREEN


def test_the_end_is_announced_three_days_before() -> None:
    for days, said in ((4, False), (3, True), (0, True)):
        table = Table()
        table.accept(days=days)
        short = Summary(table.reported(AMBER))
        until = f"{TODAY + timedelta(days=days):%Y-%m-%d}"
        assert (f"acceptance by aiko ends on {until}" in plain(short, "en", 30)) is said
        assert (f"の受容は {until} に終わります" in plain(short, "ja", 30)) is said
        assert (
            piece("checks.accepted.ends") in json.dumps(check_post(data(short, "en", 30), "en").blocks)
        ) is said


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "unaccept"},
        {"until": "soon"},
        {"until": (TODAY + timedelta(days=85)).isoformat()},  # 95 days after it was accepted
        {"at": "yesterday"},
    ],
)
def test_a_row_that_the_entry_does_not_write_counts_for_nothing(wrong: Json) -> None:
    table = Table()
    table.accept(**wrong)
    assert table.reported(AMBER).light is CheckStatus.AMBER


def test_where_the_table_cannot_be_read_all_is_reported_and_that_is_reported_once(table: Table) -> None:
    table.aws.fail("dynamodb", "query", Denied("dynamodb", "Query", "AccessDenied"))
    answer = table.reported(AMBER, replace(AMBER, identity=Checked.ALARM_STATE.of("B")))
    assert answer.light is CheckStatus.AMBER
    assert plain(Summary(answer), "en", 30).count("dynamodb:Query") == 1


def test_accepting_one_of_several_signs_leaves_the_others(table: Table) -> None:
    """The entry accepts all signs of one cause together; one that came later is reported."""
    signs = [
        replace(AMBER, root=RootCause.ALIAS, identity=Checked.ALARM_STATE.of(name)) for name in ("A", "B")
    ]
    answer = table.reported(*signs)
    assert [each.identity.subject for _, each in Summary(answer).to_do] == ["B"]


def test_what_was_accepted_yesterday_and_is_reported_today_is_new(table: Table) -> None:
    table.hold(replace(table.reported(AMBER), day=day("2026-02-03")))
    answer = table.reported(replace(AMBER, facts=("other",)))
    assert answer.sections[0].items[0].new
    table.hold(yesterday(AMBER))
    assert not table.reported(replace(AMBER, facts=("other",))).sections[0].items[0].new


@pytest.mark.parametrize("rhythm", Cadence)
def test_every_check_may_read_what_was_accepted(rhythm: Cadence) -> None:
    needs = {(each.action, each.resource) for each in all_needs()[f"{rhythm.capitalize()}Check"]}
    assert ("dynamodb:Query", "${Approvals.Arn}") in needs


def test_a_day_is_the_owners() -> None:
    """At 15:30 UTC it is tomorrow in Tokyo."""
    late = utc("2026-02-04 15:30")
    table = Table()
    table.accept(days=0)
    table.context = replace(table.context, now=late)
    assert table.reported(AMBER).light is CheckStatus.AMBER


def test_facts_are_the_same_on_the_next_day() -> None:
    """Of all that is amber in FaceAuth as deployed: what is accepted stays accepted while nothing changes."""
    found = []
    for days in (0, 1):
        ready, alarms = ready_world.deployed(), alarms_world.World()
        ready.aws.tick(days=days)
        later = replace(alarms.context, now=alarms.context.now + timedelta(days=days))
        sections = (
            ready.run(),
            AlarmAudit(audited(PLAYBOOKS), tuple(PLAYBOOKS)).run(later),
            safe_world.deployed().audit(),
        )
        items = [(one.id(item), item) for one in sections for item in one.items]
        found.append({id_: item.digest for id_, item in items if item.light is CheckStatus.AMBER})
    assert found[0] == found[1]
    assert len(found[0]) > 10
