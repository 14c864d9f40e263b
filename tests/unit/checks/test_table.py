"""Every week: what the sessions table holds, and whether its rows still expire."""

import pytest

from rehearsal.world.names import TABLE
from responder.checks.finding import AMBER, RED, UNKNOWN
from responder.core.errors import Denied, Missing
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.fakes.lines import asked as asking
from tests.texts import piece
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import corrected, deployed, faults, item


def test_as_deployed_the_table_has_no_fault() -> None:
    section = deployed().table()
    assert faults(section) == {}
    check_words(section)


def test_items_and_size_are_reported_with_their_age() -> None:
    found = item(corrected().table(), "check.table.items")
    assert found.numbers == {"items": 420.0, "bytes": 2**20}
    assert piece("check.table.six_hours") in reported(found)


def test_more_rows_than_days_could_bring_are_amber() -> None:
    made = corrected()
    made.tables[TABLE]["ItemCount"] = 3001
    assert faults(made.table()) == {"check.table.items": AMBER}


@pytest.mark.parametrize("summary", [{}, {"BillingModeSummary": {"BillingMode": "PROVISIONED"}}])
def test_provisioned_capacity_is_amber_with_the_command_that_takes_it_back(summary: Json) -> None:
    made = corrected()
    del made.tables[TABLE]["BillingModeSummary"]
    made.tables[TABLE] |= {
        **summary,
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 4},
    }
    section = made.table()
    assert faults(section) == {"check.table.provisioned": AMBER}
    found = item(section, "check.table.provisioned")
    assert "read 5, write 4" in reported(found)
    assert found.command.partition(";")[2].count("--billing-mode PAY_PER_REQUEST") == 1
    check_words(section)


def test_rows_that_never_expire_are_red_with_the_command() -> None:
    made = corrected()
    made.ttl = {"TimeToLiveStatus": "DISABLED"}
    found = item(made.table(), "check.table.ttl.off")
    assert found.light is RED
    assert "--time-to-live-specification Enabled=true,AttributeName=expires_at; else" in found.command
    assert found.caution is not None
    assert "past expires_at are permanently deleted" in say(found.caution, "en")
    (asked,) = asking(found.command)
    assert asked.holds({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}})
    other = {"TimeToLiveStatus": "ENABLED", "AttributeName": "created_at"}
    assert not asked.holds({"TimeToLiveDescription": other})


def test_expiry_that_is_being_switched_off_cannot_be_switched_on_immediately() -> None:
    made = corrected()
    made.ttl["TimeToLiveStatus"] = "DISABLING"
    section = made.table()
    assert piece("check.table.ttl.disabling") in reported(item(section, "check.table.ttl.off"))
    check_words(section)


def test_expiry_that_is_being_switched_on_is_on() -> None:
    made = corrected()
    made.ttl["TimeToLiveStatus"] = "ENABLING"
    assert faults(made.table()) == {}


def test_expiry_by_another_attribute_is_red_and_has_to_be_switched_off_first() -> None:
    made = corrected()
    made.ttl["AttributeName"] = "created_at"
    found = item(made.table(), "check.table.ttl.other")
    assert found.light is RED
    assert "--time-to-live-specification Enabled=false,AttributeName=created_at; else" in found.command
    (asked,) = asking(found.command)
    assert asked.holds({"TimeToLiveDescription": made.ttl})
    assert not asked.holds({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}})


def test_recovery_that_is_off_is_amber() -> None:
    made = corrected()
    made.pitr[TABLE] = "DISABLED"
    assert faults(made.table()) == {"check.table.pitr.off": AMBER}


def test_what_may_not_be_read_is_unknown_and_names_the_right_to_give() -> None:
    made = corrected()
    operations = ("describe_table", "describe_time_to_live", "describe_continuous_backups")
    made.refuse(Denied, "AccessDeniedException", *(("dynamodb", each) for each in operations))
    section = made.table()
    assert [each.light for each in section.items] == [UNKNOWN] * 3
    assert "dynamodb:DescribeTimeToLive" in reported(section.items[1])
    chapters = ["DynamoDBテーブル確認", "DynamoDB TTL確認", "DynamoDBセキュリティ"]
    assert [each.chapter for each in section.items] == chapters
    check_words(section)


def test_a_table_that_is_not_there_is_red_once() -> None:
    made = corrected()
    made.refuse(Missing, "ResourceNotFoundException", ("dynamodb", "describe_table"))
    section = made.table()
    assert [each.light for each in section.items] == [RED]
    check_words(section)
