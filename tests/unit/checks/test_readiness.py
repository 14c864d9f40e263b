"""Would every remedy work right now: FaceAuth as deployed, and as it should be."""

from collections.abc import Callable

import pytest

from responder.checks.base import Check
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus
from responder.checks.model import Cadence, CheckReport
from responder.checks.readiness.check import Readiness
from responder.checks.report.summary import Summary
from responder.core.errors import AwsError, Denied, Missing, Throttled, Unreachable
from responder.core.permissions import Permission, responder
from responder.core.remedy import REMEDIES
from responder.messages.language import say
from tests.unit.checks.ready_world import (
    TABLE,
    USERS,
    Ready,
    corrected,
    deployed,
    found,
    item,
    provisioned,
    reasons,
)
from tests.unit.remedies.world import ENROLLMENT
from tests.unit.respond.scene import CREATE, RESULT


def test_faceauth_as_deployed_lacks_exactly_what_no_one_has_done_yet() -> None:
    section = deployed().run()
    assert found(section, RED, AMBER, UNKNOWN) == {
        ("cannot", "rollout_to_zero"),
        ("cannot", "lower_threshold"),
        ("cannot", "provisioned_concurrency"),
        ("cannot", "alias_rollback"),
        ("no_approver", "lowers_security"),
        ("no_approver", "costs_money"),
        ("no_approver", "changes_code"),
        ("no_approver", "restores_configuration"),
        ("updates_unsupported", ""),
    }
    assert section.light is AMBER
    rollout = item(section, "cannot", "rollout_to_zero")
    assert sorted(set(reasons(rollout))) == ["obstacle.not_a_reader", "obstacle.setting_missing"]
    assert reasons(item(section, "cannot", "lower_threshold")) == ["obstacle.threshold_not_read"]
    assert item(section, "already", "on_demand_billing").light is GREEN


def test_an_alias_is_made_by_the_service_and_never_by_a_suggested_command() -> None:
    lacking = [each for each in deployed().run().items if "obstacle.no_alias" in reasons(each)]
    assert len(lacking) == 2
    assert all("check.ready.alias_by_cdk" in reasons(each) for each in lacking)
    assert [each.command for each in lacking] == ["", ""]


def test_an_alias_made_by_hand_would_stand_in_the_way_after_the_next_deployment() -> None:
    ready = deployed()
    assert ("can", "memory_increase") in found(ready.run(), GREEN)
    for name in (CREATE, RESULT):
        ready.aws.lambdas.release(name, "live")
        ready.aws.lambdas.person_deploys(name, "code-2")
    ready.aws.tick(minutes=30)
    assert ("cannot", "memory_increase") in found(ready.run(), AMBER)


def test_a_corrected_system_is_ready_for_every_remedy() -> None:
    section = corrected().run()
    assert found(section, RED, AMBER, UNKNOWN) == set()
    ready = {name for key, name in found(section, GREEN) if key in ("can", "already", "written_only")}
    assert ready == set(REMEDIES)


def test_what_changes_several_functions_is_about_its_readers_and_not_the_name_of_its_lease() -> None:
    for name in ("rollout_to_zero", "lower_threshold"):
        said = say(item(corrected().run(), "can", name).said, "en")
        assert "the functions that read the" in said
        assert "liveness-" not in said


def test_a_table_that_was_made_provisioned_is_amber_in_the_daily_check_too() -> None:
    section = provisioned().run()
    (bad,) = [each for each in section.items if each.light is not GREEN]
    assert (bad.light, bad.said.key) == (AMBER, "check.table.provisioned")
    assert ("can", "on_demand_billing") in found(section, GREEN)


def test_trying_changes_nothing() -> None:
    ready = corrected()
    ready.run()
    assert [each for each in ready.aws.writes if each[1] != "simulate_principal_policy"] == []


def test_nothing_of_other_variables_or_addresses_is_reported() -> None:
    for ready in (deployed(), corrected()):
        said = [text for each in ready.run().items for text in (each.said, *each.details)]
        words = " ".join(say(text, language) for text in said for language in ("ja", "en"))
        assert "s3cret" not in words


def test_only_what_it_declares_is_asked_of_aws() -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {"Name": "slack"})
    ready.run(slack_secret="arn:aws:secretsmanager:us-east-1:123456789012:secret:slack")
    # The right to call a function is not called like the call.
    declared = {need.action.lower().replace("invokefunction", "invoke") for need in Readiness(USERS).needs()}
    made = {f"{service}:{operation.replace('_', '')}" for service, operation, _ in ready.aws.calls}
    assert made <= declared


def test_it_needs_no_right_to_write() -> None:
    assert isinstance(Readiness(USERS), Check)
    reads = ("Get", "List", "Describe", "Query", "Simulate")
    more = [each for each in Readiness(USERS).needs() if not each.action.partition(":")[2].startswith(reads)]
    assert [(each.action, each.resource) for each in more] == [
        ("lambda:InvokeFunction", responder("slack-post"))
    ]
    assert Permission("iam:SimulatePrincipalPolicy", "${HighErrorRateRole.Arn}") in Readiness(USERS).needs()


def test_every_remedy_is_tried_and_no_function_that_may_change_nothing() -> None:
    assert {each.name for remedies in USERS.values() for each in remedies} == set(REMEDIES)
    assert all(any(each.needs() for each in remedies) for remedies in USERS.values())
    assert "unknown-alarm" not in USERS


def test_a_failed_update_is_red_and_names_the_function() -> None:
    ready = corrected()
    ready.aws.lambdas.functions[ENROLLMENT].latest["LastUpdateStatus"] = "Failed"
    section = ready.run()
    refused = item(section, "cannot", "rollout_to_zero")
    assert (refused.light, reasons(refused)[0]) == (RED, "obstacle.last_update_failed")
    assert f"--function-name {ENROLLMENT}" in refused.command
    assert item(section, "functions_odd").light is RED


@pytest.mark.parametrize("value", [None, "s3cret"])
def test_a_variable_that_is_missing_or_wrong_now_is_red_and_not_ready(value: str | None) -> None:
    ready = corrected()
    variables = ready.aws.lambdas.functions[CREATE].latest["Environment"]["Variables"]
    if value is None:
        del variables["FACE_AUTH_BUCKET"]
    else:
        variables["FACE_AUTH_BUCKET"] = value
    amiss = item(ready.run(), "amiss", "repair_environment")
    assert (amiss.light, amiss.said.values["target"]) == (RED, CREATE)
    assert "s3cret" not in " ".join(say(each, "ja") for each in amiss.details)


@pytest.mark.parametrize(("state", "light"), [("Inactive", AMBER), ("Pending", AMBER)])
def test_an_inactive_or_pending_function_is_amber(state: str, light: CheckStatus) -> None:
    ready = corrected()
    ready.aws.lambdas.functions[ENROLLMENT].latest["State"] = state
    section = ready.run()
    assert item(section, "cannot", "rollout_to_zero").light is light
    odd = item(section, "functions_odd")
    assert odd.light is light
    assert ("check.ready.function_idle" in reasons(odd)) is (state == "Inactive")


def test_a_function_that_failed_is_red() -> None:
    ready = corrected()
    ready.aws.lambdas.functions[ENROLLMENT].latest["State"] = "Failed"
    assert item(ready.run(), "cannot", "rollout_to_zero").light is RED


@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
@pytest.mark.parametrize("world", [deployed, corrected])
def test_each_call_that_fails_leaves_something_unknown_and_stops_no_other_part(
    world: Callable[[], Ready], error: type[AwsError]
) -> None:
    whole = world()
    before = {each.said.key for each in whole.run().items}
    for service, operation in {(service, operation) for service, operation, _ in whole.aws.calls}:
        ready = world()
        ready.aws.fail(service, operation, error, times=999)
        section = ready.run()
        assert UNKNOWN in {each.light for each in section.items}, (service, operation)
        known = {each.said.key for each in section.items if each.light is not UNKNOWN}
        assert known & before, (service, operation)


def test_what_a_remedy_cannot_read_is_unknown_and_never_green() -> None:
    ready = corrected()
    ready.aws.fail("dynamodb", "describe_table", Denied, code="AccessDenied", times=2)
    section = ready.run()
    unread = item(section, "remedy_unread", "on_demand_billing")
    assert (unread.light, reasons(unread)[0]) == (UNKNOWN, "obstacle.unreadable")
    assert item(section, "table_unread").light is UNKNOWN


def test_without_the_record_no_remedy_is_called_ready() -> None:
    ready = corrected()
    ready.aws.fail("dynamodb", "query", Denied, code="AccessDenied", times=9)
    section = ready.run()
    assert item(section, "ledger_unread").light is UNKNOWN
    assert {key for key, _ in found(section, GREEN)} & {"can"} == set()


def test_a_function_that_is_gone_is_red() -> None:
    ready = corrected()
    ready.aws.fail(
        "lambda", "get_function_configuration", Missing, times=9, where={"FunctionName": ENROLLMENT}
    )
    assert item(ready.run(), "function_unread", ENROLLMENT).light is RED


def test_security_that_is_lowered_already_is_amber() -> None:
    ready = corrected()
    for name in ready.settings.rollout_functions:
        ready.aws.lambdas.functions[name].latest["Environment"]["Variables"][
            "LIVENESS_ROLLOUT_PERCENTAGE"
        ] = "0"
    assert item(ready.run(), "in_force", "rollout_to_zero").light is AMBER


def test_a_hot_key_would_make_on_demand_ask_first() -> None:
    ready = provisioned()
    at = [(ready.aws.now.replace(minute=50), 3.0)]
    ready.scene.figures.put("AWS/DynamoDB", "WriteThrottleEvents", at, TableName=TABLE)
    asked = item(ready.run(), "asks", "on_demand_billing")
    assert (asked.light, reasons(asked)[0]) == (AMBER, "caution.hot_key")


def test_an_alias_without_traffic_is_of_no_use() -> None:
    ready = corrected()
    ready.aws.tick(hours=3)
    refused = [each for each in ready.run().items if "obstacle.alias_unused" in reasons(each)]
    assert [each.light for each in refused] == [AMBER, AMBER]


def test_aliases_without_traffic_are_one_line_for_one_cause() -> None:
    ready = corrected()
    ready.aws.tick(hours=3)
    section = ready.run()
    report = CheckReport(Cadence.DAILY, ready.aws.now, ready.aws.now.date(), "r", "a", (section,))
    lines = [one for _, one in Summary(report).to_do if "obstacle.alias_unused" in reasons(one)]
    assert len(lines) == 1
    assert len(report.same(lines[0])) == 1
