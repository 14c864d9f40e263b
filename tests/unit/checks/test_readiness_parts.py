"""Parts of readiness that are no remedy: rights, runtimes, SDK, switches, people, listeners, Slack."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from responder.aws.boto import version
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.readiness.subscriptions import ALL, passing
from responder.checks.readiness.targets import dated, left, sdk, table_state, updates
from responder.core import settings_document
from responder.core.change import Applied, Ledger
from responder.core.codec import dump
from responder.core.errors import AwsError, Denied, Missing, Rejected
from responder.core.lambda_runtimes import CHECKED
from responder.core.modes import Effect
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.settings_document import CLASSES
from responder.core.slack_health import SlackCallResult, SlackCallStatus, SlackHealth
from responder.core.switches import ask_for
from responder.core.text import Text, text
from responder.messages.language import say
from tests.rows import all_rows
from tests.times import day, utc
from tests.unit.checks.ready_world import (
    AIKO,
    KEN,
    TABLE,
    USERS,
    Ready,
    corrected,
    deployed,
    found,
    item,
    reasons,
)
from tests.unit.evidence.trust_policies import OWN, allow, trust

pytestmark = pytest.mark.unit
NOW = utc("2026-02-04 10:25")
ARN = "arn:aws:lambda:us-east-1:123456789012:function"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack"
BAD = (RED, AMBER, UNKNOWN)


# --- rights


def test_a_write_that_a_role_may_not_make_is_red_with_the_function_and_the_resource() -> None:
    ready = corrected()
    ready.denied = {("lambda:UpdateAlias", f"{ARN}:FaceAuth-GetLivenessResult")}
    denied = item(ready.run(), "permission_denied")
    assert denied.light is RED
    assert {each.values["function"] for each in denied.details} >= {
        "responder-low-success-rate",
        "responder-get-result-errors",
    }
    assert {each.values["resource"] for each in denied.details} == {f"{ARN}:FaceAuth-GetLivenessResult"}


def test_the_right_on_an_alias_is_asked_for_an_alias() -> None:
    ready = corrected()
    ready.denied = {("lambda:PutProvisionedConcurrencyConfig", f"{ARN}:FaceAuth-CreateLivenessSession:live")}
    assert item(ready.run(), "permission_denied").numbers == {"denied": 2.0}


def test_every_call_of_a_remedy_is_simulated_for_the_role_of_each_function() -> None:
    ready = corrected()
    ready.run()
    sent = ready.aws.sent("iam", "simulate_principal_policy")
    for slug, remedies in USERS.items():
        mine = [each for each in sent if each["PolicySourceArn"].endswith(f"/responder-{slug}-role")]
        asked = {action for each in mine for action in each["ActionNames"]}
        assert asked == {need.action for one in remedies for need in one.needs()}
    assert not [each for one in sent for each in one["ResourceArns"] if "$" in each]


def test_a_read_that_a_role_may_not_make_stops_a_remedy_too() -> None:
    ready = corrected()
    ready.denied = {("lambda:ListAliases", f"{ARN}:FaceAuth-GetLivenessResult")}
    denied = item(ready.run(), "permission_denied")
    assert denied.light is RED
    assert {each.values["action"] for each in denied.details} == {"lambda:ListAliases"}


def test_the_simulator_gets_the_region_or_a_policy_for_regions_would_seem_to_deny() -> None:
    ready = corrected()
    ready.run()
    given = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyType": "string"}
    for each in ready.aws.sent("iam", "simulate_principal_policy"):
        assert each["ContextEntries"] == [{**given, "ContextKeyValues": ["us-east-1"]}]


@pytest.mark.parametrize(
    ("decision", "why", "key", "command"),
    [
        ("implicitDeny", {}, "denied", "aws cloudformation detect-stack-drift"),
        ("explicitDeny", {}, "denied.explicit", ""),
        (
            "implicitDeny",
            {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "denied.organization",
            "",
        ),
        (
            "implicitDeny",
            {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
            "denied.boundary",
            "",
        ),
    ],
)
def test_a_denial_says_where_it_would_have_to_be_mended(
    decision: str, why: dict[str, dict[str, bool]], key: str, command: str
) -> None:
    ready = corrected()
    ready.denied = {("lambda:UpdateAlias", f"{ARN}:FaceAuth-GetLivenessResult")}
    ready.decision, ready.why = decision, why
    denied = item(ready.run(), "permission_denied")
    assert set(reasons(denied)) == {f"check.ready.{key}"}
    assert denied.command.startswith(command)
    assert bool(denied.command) is bool(command)


def test_a_denial_of_one_resource_counts_whatever_is_reported_of_all() -> None:
    ready = corrected()
    ready.denied = {("lambda:UpdateAlias", f"{ARN}:FaceAuth-Enrollment")}

    def lenient(**asked: Any) -> Json:
        found = ready.simulated(**asked)
        return {
            "EvaluationResults": [{**each, "EvalDecision": "allowed"} for each in found["EvaluationResults"]]
        }

    ready.aws.answer("iam", "simulate_principal_policy", lenient)
    assert item(ready.run(), "permission_denied").light is RED


def test_a_resource_of_which_nothing_was_said_is_not_allowed() -> None:
    ready = corrected()

    def short(**asked: Any) -> Json:
        found = ready.simulated(**asked)["EvaluationResults"]
        return {
            "EvaluationResults": [
                {**each, "ResourceSpecificResults": each["ResourceSpecificResults"][:1]} for each in found
            ]
        }

    ready.aws.answer("iam", "simulate_principal_policy", short)
    unclear = item(ready.run(), "permission_unclear")
    assert unclear.light is UNKNOWN
    assert "lambda:UpdateAlias" in str(unclear.said.values["actions"])


def test_a_result_for_each_resource_is_read_as_well() -> None:
    ready = corrected()
    lost = ("lambda:UpdateAlias", f"{ARN}:FaceAuth-GetLivenessResult")

    def flat(**asked: Any) -> Json:
        pairs = [(action, one) for action in asked["ActionNames"] for one in asked["ResourceArns"]]
        return {
            "EvaluationResults": [
                {
                    "EvalActionName": action,
                    "EvalResourceName": one,
                    "EvalDecision": "implicitDeny" if (action, one) == lost else "allowed",
                }
                for action, one in pairs
            ]
        }

    ready.aws.answer("iam", "simulate_principal_policy", flat)
    denied = item(ready.run(), "permission_denied")
    assert {(each.values["action"], each.values["resource"]) for each in denied.details} == {lost}


def test_a_role_that_is_gone_is_no_function_that_is_gone() -> None:
    ready = corrected()
    role = "arn:aws:iam::123456789012:role/responder-low-confidence-role"
    ready.aws.fail("iam", "simulate_principal_policy", Missing, times=9, where={"PolicySourceArn": role})
    gone = item(ready.run(), "no_role", "responder-low-confidence")
    assert (gone.light, gone.command) == (
        RED,
        "aws cloudformation detect-stack-drift --region us-east-1 --stack-name responder",
    )


def test_a_refused_simulation_is_unknown_and_names_the_action() -> None:
    ready = corrected()
    ready.aws.fail("iam", "simulate_principal_policy", Denied, code="AccessDenied", times=99)
    section = ready.run()
    unread = item(section, "permission_unread")
    assert unread.light is UNKNOWN
    assert dump(unread.said)["values"]["reason"]["values"] == {"action": "iam:SimulatePrincipalPolicy"}
    assert ("permission", "") not in found(section, GREEN)


def test_a_stack_function_that_is_not_deployed_is_red_an_answer_without_the_actions_unknown() -> None:
    ready, name = corrected(), "responder-low-confidence"
    ready.aws.answer("iam", "simulate_principal_policy", {"EvaluationResults": []})
    ready.aws.fail("lambda", "get_function_configuration", Missing, where={"FunctionName": name})
    section = ready.run()
    assert item(section, "permission_unclear").light is UNKNOWN
    assert item(section, "not_deployed", name).light is RED


# --- runtimes, SDK


@pytest.mark.parametrize(
    ("today", "light"),
    [
        (day("2027-01-03"), AMBER),  # still updated, but without patches since 2025-12-15
        (day("2027-03-02"), AMBER),
        (day("2027-03-03"), RED),
    ],
)
def test_the_days_are_counted_until_aws_refuses_updates(today: date, light: CheckStatus) -> None:
    (one,) = updates({"F": "python3.9", "G": "python3.13"}, today)
    assert (one.light, one.numbers["days"]) == (light, float((day("2027-03-03") - today).days))


def test_a_date_that_is_past_is_not_counted_down_to() -> None:
    (one,) = updates({"F": "python3.9"}, day("2027-09-05"))
    assert reasons(one) == ["check.ready.runtime_over"]


@pytest.mark.parametrize(
    ("today", "light"), [(day("2025-12-15"), GREEN), (day("2025-12-16"), AMBER), (day("2027-03-02"), AMBER)]
)
def test_a_runtime_without_security_patches_is_named_in_the_sentence_itself(
    today: date, light: CheckStatus
) -> None:
    (one,) = updates({"F": "python3.9"}, today)
    assert one.light is light
    ended = "AWS support for python3.9 ended on 2025-12-15: no more security patches (F)"
    assert (ended in say(one.said, "en")) is (today > day("2025-12-15"))


def test_a_supported_runtime_is_green_one_without_a_known_date_unknown() -> None:
    (fine,) = updates({"F": "python3.13"}, day("2026-02-04"))
    assert fine.light is GREEN
    (one,) = updates({"F": "python3.99", "G": "python3.13"}, NOW.date())
    assert (one.light, reasons(one)) == (UNKNOWN, ["check.ready.runtime", "check.ready.runtime_unknown"])


def test_a_function_from_an_image_has_no_runtime_to_judge() -> None:
    assert not list(updates({}, NOW.date()))


def test_the_table_of_dates_warns_once_it_is_older_than_90_days() -> None:
    assert not list(dated(CHECKED + timedelta(days=90)))
    (one,) = dated(CHECKED + timedelta(days=91))
    assert (one.light, one.numbers["days"]) == (AMBER, 91.0)


@pytest.mark.parametrize(
    ("found_version", "light"),
    [
        ("1.43.36", RED),
        ("1.43.37", GREEN),
        ("1.100.0", GREEN),
        ("1.9.99", RED),
        ("2.0.0.dev1", GREEN),
        ("new", UNKNOWN),
    ],
)
def test_the_sdk_has_to_know_the_calls_we_make(found_version: str, light: CheckStatus) -> None:
    settings = Settings(region="ap-northeast-1", stack="responder")
    found_ = sdk(found_version, settings)
    assert found_.light is light
    deploy = "sam build && sam deploy --region ap-northeast-1 --stack-name responder"
    assert found_.command == (deploy if light is RED else "")
    assert sdk(version(), settings).light is GREEN


# --- the table's switches


def _acts(count: int) -> Ledger:
    rows = (
        Applied(NOW - timedelta(hours=each), "on_demand_billing", TABLE, "i", ok=True)
        for each in range(1, count + 1)
    )
    return Ledger(applied=tuple(rows))


def test_switches_are_counted_from_the_record_and_one_of_a_person() -> None:
    mine = {"BillingModeSummary": {"LastUpdateToPayPerRequestDateTime": NOW - timedelta(hours=2)}}
    assert [left(TABLE, {}, _acts(each), NOW) for each in (0, 1, 4)] == [4, 3, 0]
    assert [left(TABLE, mine, _acts(each), NOW) for each in (0, 1)] == [3, 3]


def test_a_provisioned_table_without_a_switch_left_is_amber() -> None:
    provisioned = {"TableStatus": "ACTIVE"}
    assert table_state(TABLE, provisioned, 0).light is AMBER
    assert table_state(TABLE, provisioned, 1).light is GREEN
    assert table_state(TABLE, provisioned, None).light is UNKNOWN
    on_demand = {**provisioned, "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    assert table_state(TABLE, on_demand, 0).light is GREEN


@pytest.mark.parametrize(("state", "light"), [("UPDATING", AMBER), ("ARCHIVED", RED)])
def test_a_table_that_is_not_active_is_reported(state: str, light: CheckStatus) -> None:
    one = table_state(TABLE, {"TableStatus": state}, 4)
    assert (one.light, one.said.key) == (light, "check.ready.table_odd")


def of_kind(section: CheckSection, kind: Checked) -> list[tuple[CheckStatus, str]]:
    return [(each.light, each.identity.subject) for each in section.items if each.identity.kind is kind]


def test_an_index_that_the_table_lacks_is_named() -> None:
    ready = corrected()
    assert of_kind(ready.run(), Checked.TABLE_INDEX) == []
    missing = of_kind(ready.run(sessions_index="Other"), Checked.TABLE_INDEX)
    assert missing == [(RED, f"{TABLE}/Other")]


# --- the service's own stack


@pytest.mark.parametrize(
    ("error", "lights"),
    [
        (None, []),
        (Rejected("cloudformation", "DescribeStacks", "ValidationError"), [AMBER]),
        (Denied("cloudformation", "DescribeStacks", "AccessDenied"), [UNKNOWN]),
    ],
)
def test_a_service_stack_that_is_not_there_is_named(
    error: AwsError | None, lights: list[CheckStatus]
) -> None:
    ready = corrected()

    def answer(**asked: str) -> Json:
        if error is not None:
            raise error
        return {"Stacks": [{"StackName": asked["StackName"]}]}

    ready.aws.answer("cloudformation", "describe_stacks", answer)
    assert of_kind(ready.run(), Checked.SERVICE_STACK) == [(each, "FaceAuthStack") for each in lights]


# --- modes and pauses


def test_observe_everywhere_is_one_amber_item_with_the_way_out() -> None:
    ready = corrected()
    ready.aws.ssm.modes["everywhere"] = "observe"
    one = item(ready.run(), "mode_observe")
    assert (one.light, one.command) == (AMBER, "liveness-ops mode auto --region us-east-1 --stack responder")


def test_a_remedy_under_observe_or_without_a_mode_is_amber() -> None:
    ready = corrected()
    ready.aws.ssm.modes["rollout_to_zero"] = "observe"
    del ready.aws.ssm.modes["alias_rollback"]
    assert found(ready.run(), *BAD) == {("modes_observe", ""), ("modes_missing", "")}


def test_a_missing_global_mode_counts_as_observe_and_unread_modes_are_unknown() -> None:
    ready = corrected()
    del ready.aws.ssm.modes["everywhere"]
    assert item(ready.run(), "mode_missing").light is AMBER
    ready.aws.fail("ssm", "get_parameters_by_path", Denied, code="AccessDenied")
    assert item(ready.run(), "modes_unread").light is UNKNOWN


def test_a_remedys_mode_is_shown_as_it_holds_under_the_global_one() -> None:
    ready = corrected()
    ready.aws.ssm.modes["everywhere"] = "approve"
    assert {each.values["mode"] for each in item(ready.run(), "modes").details} == {"approve"}


def test_a_remedy_that_is_only_asked_for_is_amber_with_the_reason_and_no_pause() -> None:
    ready = corrected()
    stop = ask_for("rollout_to_zero", "automation", "made things worse (high-error-rate-1)")
    ready.aws.ssm.parameters[f"/responder/stops/{stop.name}"] = stop.to_json()
    section = ready.run()
    asked = next(each for each in section.items if each.identity.subject == stop.name)
    assert (asked.light, asked.said.key) == (AMBER, "guard.demoted")
    assert asked.said.values["why"] == stop.why
    assert asked.command.startswith(f"liveness-ops resume {stop.name}")
    assert item(section, "no_pause").details == ()


def test_a_pause_is_amber_with_who_why_and_until() -> None:
    ready = corrected()
    pause = {"who": "aiko", "why": "release", "until": "2099-01-01T00:00:00Z"}
    ready.aws.ssm.parameters["/responder/stops/night"] = json.dumps(pause)
    later = {**pause, "from": "2098-01-01T00:00:00Z"}
    ready.aws.ssm.parameters["/responder/stops/later"] = json.dumps(later)
    section = ready.run()
    (one,) = [each for each in section.items if each.light is AMBER]
    assert one.said.values == {
        "name": "night",
        "who": "aiko",
        "why": "release",
        "until": "2099-01-01T00:00:00+00:00",
    }
    assert "until Jan 01 2099 00:00 UTC" in say(one.said, "en")
    assert "2099/01/01 09:00 JST" in say(one.said, "ja")
    assert one.command == "liveness-ops resume night --region us-east-1 --stack responder"


def test_a_pause_that_is_over_or_yet_to_come_stops_nothing_now() -> None:
    ready = corrected()
    over = {"who": "aiko", "why": "release", "until": "2020-01-01T00:00:00Z"}
    ahead = {**over, "until": "2099-01-01T00:00:00Z", "from": "2098-01-01T00:00:00Z"}
    ready.aws.ssm.parameters["/responder/stops/over"] = json.dumps(over)
    ready.aws.ssm.parameters["/responder/stops/ahead"] = json.dumps(ahead)
    quiet = item(ready.run(), "no_pause")
    (planned,) = quiet.details
    assert say(planned, "en").startswith(
        'Pause "ahead" scheduled from Jan 01 2098 00:00 UTC until Jan 01 2099'
    )


# --- people


def test_lower_threshold_takes_two_different_people() -> None:
    ready = corrected()
    ready.people(ken=[*CLASSES, *KEN])
    assert found(ready.run(), *BAD) == {("one_approver", "lower_threshold")}


def test_a_class_that_no_person_may_approve_is_named() -> None:
    ready = corrected()
    ready.people(aiko=[*CLASSES, *AIKO], ken=["lowers_security", *KEN])
    assert found(ready.run(), *BAD) == set()
    ready.people(aiko=["lowers_security", "costs_money", *AIKO], ken=[*CLASSES[:2], *KEN])
    assert found(ready.run(), *BAD) == {
        ("no_approver", "changes_code"),
        ("no_approver", "restores_configuration"),
    }


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [(None, "missing"), ("", "not_json"), ('{"peple": {}}', "unknown_key"), ('{"people": []}', "wrong_type")],
)
def test_a_settings_document_that_cannot_be_used_is_red_and_says_why(stored: str | None, wrong: str) -> None:
    ready = corrected()
    name = "/responder/settings"
    ready.aws.ssm.parameters.pop(name)
    if stored is not None:
        ready.aws.ssm.parameters[name] = stored
    (red,) = [each for each in ready.run().items if each.light is RED]
    assert red.said.key == "settings.refused"
    reason = red.said.values["reason"]
    assert isinstance(reason, Text)
    assert reason.key == f"settings.{wrong}"


def test_a_retired_setting_is_named_once_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_document, "RETIRED", frozenset({"an_older_setting"}))
    ready = corrected()
    ready.people(aiko=[*CLASSES, *AIKO], ken=[*CLASSES, *KEN])
    was = {each.said.key for each in ready.run().items}
    written = json.loads(ready.aws.ssm.parameters["/responder/settings"])
    ready.aws.ssm.parameters["/responder/settings"] = json.dumps({**written, "an_older_setting": 1})
    report = ready.run()
    (more,) = [each for each in report.items if each.said.key not in was]
    assert (more.light, more.said.key, more.said.values) == (
        GREEN,
        "check.ready.settings_retired",
        {"names": "an_older_setting"},
    )


def test_without_slack_a_slack_id_alone_approves_nothing() -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {"Name": "slack"})
    most = [each for each in CLASSES if each is not Effect.CHANGES_CODE]
    ready.people(aiko=["lowers_security", *AIKO], ken=[*most, *KEN], mari=["changes_code", "U0MARI"])
    section = ready.run()
    assert found(section, *BAD) == {("no_approver", "changes_code")}
    assert reasons(item(section, "no_approver", "changes_code"))[0] == "check.ready.approver_arn"
    with_slack = ready.run(slack_secret=SECRET)
    assert ("no_approver", "changes_code") not in found(with_slack, *BAD)


ASSUMED = "arn:aws:sts::123456789012:assumed-role"


def _roles(ready: Ready, **trusting: Any) -> None:
    """These roles exist, each with this trust policy; one that is an error cannot be read."""

    def get_role(**asked: str) -> Json:
        name = asked["RoleName"]
        if isinstance(trusting[name], Exception):
            raise trusting[name]
        arn = f"arn:aws:iam::123456789012:role/people/{name}"
        return {"Role": {"Arn": arn, "AssumeRolePolicyDocument": trusting[name]}}

    ready.aws.answer("iam", "get_role", get_role)


def test_roles_whose_sessions_anyone_can_name_are_named_with_their_users() -> None:
    ready = corrected()
    _roles(ready, OnCall=trust([allow()]), Bound=trust([allow(OWN)]))
    ready.people(
        aiko=[*CLASSES, *AIKO, f"{ASSUMED}/OnCall/aiko", f"{ASSUMED}/Bound/aiko"],
        ken=[*CLASSES, *KEN, f"{ASSUMED}/OnCall/ken"],
        mari=["costs_money", f"{ASSUMED}/Bound/mari"],
    )
    section = ready.run()
    assert found(section, *BAD) == {("role_unbound", "")}
    amber = item(section, "role_unbound")
    assert (amber.light, amber.said.values["role"], amber.said.values["people"]) == (
        AMBER, "OnCall", "aiko, ken",
    )  # fmt: skip
    assert amber.said.values["why"] == text("session.name", role="OnCall")
    assert amber.to_paste.startswith("aws iam get-role --role-name OnCall ")
    assert [each["RoleName"] for each in ready.aws.sent("iam", "get_role")] == ["OnCall", "Bound"]


def test_a_session_that_does_not_count_approves_nothing() -> None:
    ready = corrected()
    _roles(ready, OnCall=trust([allow()]))
    most = [each for each in CLASSES if each is not Effect.CHANGES_CODE]
    ready.people(aiko=[*most, *AIKO], ken=[*most, *KEN], mari=["changes_code", f"{ASSUMED}/OnCall/mari"])
    section = ready.run()
    assert found(section, *BAD) == {("no_approver", "changes_code"), ("role_unbound", "")}
    assert reasons(item(section, "no_approver", "changes_code")) == ["check.ready.declare_approvers"]


def test_a_role_that_cannot_be_read_is_unknown() -> None:
    ready = corrected()
    _roles(ready, OnCall=Denied("iam", "get_role", "AccessDenied"))
    ready.people(aiko=[*CLASSES, *AIKO], ken=[*CLASSES, f"{ASSUMED}/OnCall/ken"])
    unknown = item(ready.run(), "role_unread")
    assert (unknown.light, unknown.said.values["people"]) == (UNKNOWN, "ken")


def test_roles_that_bind_their_sessions_are_green_and_without_any_nothing_is_asked() -> None:
    ready = corrected()
    ready.run()
    assert ready.aws.sent("iam", "get_role") == []
    _roles(ready, Bound=trust([allow(OWN)]))
    ready.people(aiko=[*CLASSES, f"{ASSUMED}/Bound/aiko"], ken=[*CLASSES, f"{ASSUMED}/Bound/ken"])
    green = item(ready.run(), "roles_bound")
    assert (green.light, green.said.values["count"]) == (GREEN, 1)


# --- who is notified


def _unheard(ready: Ready, **settings: str) -> set[tuple[str, str]]:
    return {
        each for each in found(ready.run(**settings), *BAD) if each[0].startswith(("level", "unconfirmed"))
    }


def test_a_level_that_no_one_joins_at_is_amber_and_a_topic_without_anyone_red() -> None:
    ready = corrected()
    ready.subscribed(("email", ""), ("email", "2 3 4"))
    assert _unheard(ready) == {("level_unheard", "3"), ("level_unheard", "4")}
    ready.subscribed(("lambda", ""), ("sqs", ""))
    assert item(ready.run(), "level_unheard", "1").light is RED


def test_an_address_that_has_not_confirmed_gets_nothing() -> None:
    ready = corrected()
    ready.subscribed(("email", "2 3 4"), ("email", "3 4"), ("email", "4 only-4"), waiting=1)
    assert _unheard(ready) == {("level_unheard", "1"), ("unconfirmed", "")}


def test_a_person_who_left_is_not_waited_for() -> None:
    ready = corrected()
    gone = {"SubscriptionArn": "Deleted", "Protocol": "email", "Endpoint": "x"}
    here = {**gone, "SubscriptionArn": "arn:1"}
    ready.aws.answer("sns", "list_subscriptions_by_topic", {"Subscriptions": [gone, here]})
    ready.aws.answer("sns", "get_subscription_attributes", {"Attributes": {}})
    assert _unheard(ready) == {("level_unheard", level) for level in "234"}


def test_a_level_may_have_a_person_for_one_severity_only() -> None:
    ready = corrected()
    policies = {"arn:1": "", "arn:2": '{"level": ["2", "3", "4", "only-4"], "severity": ["high"]}'}
    found_ = [{"SubscriptionArn": arn, "Protocol": "email", "Endpoint": "x"} for arn in policies]
    ready.aws.answer("sns", "list_subscriptions_by_topic", {"Subscriptions": found_})
    ready.aws.answer(
        "sns",
        "get_subscription_attributes",
        lambda **asked: {"Attributes": {"FilterPolicy": policies[asked["SubscriptionArn"]]}},
    )
    partly = item(ready.run(), "level_partly", "2")
    assert (partly.light, partly.said.values["severity"]) == (AMBER, text("severity.medium"))


@pytest.mark.parametrize("policy", ['{"team": ["ops"]}', '{"level": 5}'])
def test_a_filter_that_our_messages_do_not_meet_leaves_no_one_on_call(policy: str) -> None:
    ready = corrected()
    ready.aws.answer("sns", "get_subscription_attributes", {"Attributes": {"FilterPolicy": policy}})
    assert item(ready.run(), "level_unheard", "1").light is RED


def test_a_filter_that_cannot_be_read_is_unknown() -> None:
    ready = corrected()
    ready.aws.fail("sns", "get_subscription_attributes", Denied, code="AuthorizationError", times=9)
    section = ready.run()
    assert item(section, "level_unknown", "1").light is UNKNOWN
    assert item(section, "listeners_unread").light is UNKNOWN


def test_slack_calls_the_levels_that_are_named_for_it() -> None:
    ready = corrected()
    ours = {"SubscriptionArn": "arn:1", "Protocol": "lambda", "Endpoint": f"{ARN}:responder-slack-post"}
    ready.aws.answer("sns", "list_subscriptions_by_topic", {"Subscriptions": [ours]})
    ready.aws.answer("sns", "get_subscription_attributes", {"Attributes": {}})
    ready.aws.answer("secretsmanager", "describe_secret", {"Name": "slack"})
    mentions = "2=<!subteam^S1>,2=C0DEV,3=<@U2>"
    assert _unheard(ready, slack_secret=SECRET, slack_level_mentions=mentions) == {("level_unheard", "4")}
    assert ("level_unheard", "1") in _unheard(ready, slack_level_mentions=mentions)


@all_rows(
    ("policy", "levels"),
    [
        ("", "1234"),
        ('{"level": ["3", "4", "only-4"]}', "34"),
        ('{"level": [{"anything-but": ["1"]}]}', "234"),
        ('{"level": [{"anything-but": "1"}]}', "234"),
        ('{"level": [{"prefix": "2"}]}', "2"),
        ('{"level": [{"exists": true}]}', "1234"),
        ('{"level": [{"exists": false}]}', ""),
        ('{"level": [{"anything-but": {"prefix": "1"}}]}', "234"),
        ('{"$or": [{"level": ["4", "only-4"]}, {"severity": ["high", "medium"]}]}', "1234"),
        ('{"alarm": [{"prefix": "FaceAuth-"}]}', "1234"),
        ('{"kind": [{"anything-but": "check"}]}', "1234"),
        ("no json", ""),
        # A filter for an attribute that no message has, or for one alarm, cannot be relied on.
        ('{"team": ["ops"]}', ""),
        ('{"alarm": ["FaceAuth-Liveness-LowSuccessRate"]}', ""),
        ('{"kind": ["escalation"], "level": ["2", "3", "4", "only-4"]}', "234"),
        ('{"level": 5}', ""),
        ('{"level": "1"}', ""),
        ("[]", ""),
    ],
)
def test_filter_policies_are_read_as_sns_reads_them(policy: str, levels: str) -> None:
    assert passing(policy) == {pair for pair in ALL if pair[0] in levels}


def test_a_filter_may_let_one_severity_through_only() -> None:
    policy = '{"level": ["2", "3"], "severity": ["high"]}'
    assert passing(policy) == {("2", "high"), ("3", "high")}


def test_a_filter_on_the_body_lets_nothing_through_for_our_body_is_no_plain_json() -> None:
    assert passing('{"level": ["1"]}', "MessageBody") == frozenset()


# --- Slack


def test_without_slack_nothing_is_reported_of_it() -> None:
    assert not [each for each in deployed().run().items if "slack" in each.said.key]


def test_with_slack_its_secret_its_runs_and_slack_itself_are_looked_at() -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {"Name": "slack"})
    health = SlackHealth(
        token=SlackCallResult(SlackCallStatus.FINE),
        channels={"C0ONCALL": SlackCallResult(SlackCallStatus.FINE)},
    )
    ready.aws.answer("lambda", "invoke", {"Payload": io.BytesIO(json.dumps(dump(health)).encode())})
    section = ready.run(slack_secret=SECRET)
    for key in ("slack_secret", "slack_posts", "slack_reached"):
        assert item(section, key).light is GREEN


def test_failed_posts_are_amber_and_a_secret_on_its_way_out_is_red() -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {"DeletedDate": NOW})
    at = [(ready.aws.now - timedelta(hours=2), 3.0)]
    ready.scene.figures.put("AWS/Lambda", "Errors", at, FunctionName="responder-slack-post")
    section = ready.run(slack_secret=SECRET)
    assert item(section, "slack_secret_deleted").light is RED
    assert item(section, "slack_errors").numbers == {"calls": 0.0, "errors": 3.0}


def test_runs_that_cloudwatch_counts_only_in_part_are_unknown() -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {"Name": "slack"})
    part = {"Id": "m0", "StatusCode": "InternalError", "Timestamps": [], "Values": []}
    ready.aws.answer("cloudwatch", "get_metric_data", {"MetricDataResults": [part]})
    assert item(ready.run(slack_secret=SECRET), "slack_posts_unread").light is UNKNOWN


@pytest.mark.parametrize(("error", "light"), [(Missing, RED), (Denied, UNKNOWN)])
def test_a_secret_that_is_gone_is_red_one_that_is_hidden_unknown(
    error: type[Denied | Missing], light: CheckStatus
) -> None:
    ready = corrected()
    ready.aws.answer("secretsmanager", "describe_secret", {})
    ready.aws.fail("secretsmanager", "describe_secret", error, code="X")
    assert item(ready.run(slack_secret=SECRET), "slack_secret_unread").light is light
