"""Every function: what surrounds it, and what it is reported."""

import importlib
from dataclasses import fields

import pytest

from liveness_ops.template_tools.alarms import (
    CLOCKED,
    OTHER_MODULES,
    alarm_modules,
    check_modules,
    logical_id,
    playbook_of,
    slug,
)
from liveness_ops.template_tools.load import defaults, resolve
from liveness_ops.template_tools.load import functions as all_functions
from liveness_ops.template_tools.load import template as load_template
from responder.checks.run import handler, running
from responder.checks.run.alarm_names import alarms_by_slug
from responder.core.plain_data import Json
from responder.core.settings import CORRECTED, Settings
from responder.core.settings_fields import FIELDS
from responder.incident_report import filing
from responder.respond.playbook import PLAYBOOKS
from tests.rows import all_rows
from tests.template.house_rules import broken_rules

OF_ONE_FUNCTION = {"ALARM_NAME"}
OF_DAILY = {"ALARM_NAMES", "SESSIONS_INDEX", "SLACK_SECRET"}
OF_SLACK = {"SLACK_SECRET", "SLACK_CHANNEL"}
OF_SLOW_CREATION = {"SLOW_SESSION_CREATION_SECONDS"}
# Those of the settings document; what is read from another variable; and what no parameter changes.
NOT_NOTIFIED = {name.upper() for name in FIELDS} | {
    "SLACK_TEAM",
    "SUBJECTS",
    "WEEKLY_CHECK_SCHEDULE",
    "MONTHLY_CHECK_SCHEDULE",
}
# Never set where Slack itself is meant.
OF_TESTS = {"SLACK_URL"}
SLACK = {"SlackAction", "SlackPost"}
OF_PEOPLE = {"QUEUES"}
OF_FAILURES = {"FAILURES_QUEUE"}
CHECKS = {logical_id(module) for module in check_modules()}
OTHERS = {logical_id(module) for module in (*OTHER_MODULES, *CLOCKED)} | CHECKS
ANSWER_NO_ALARM_OF_THEIR_OWN = {"UnknownAlarm"} | OTHERS
FUNCTIONS = sorted(all_functions(load_template()))


@all_rows("function", FUNCTIONS)
def test_every_function_keeps_the_rules_of_the_template(template: Json, function: str) -> None:
    assert broken_rules(template, function) == []


@all_rows("function", FUNCTIONS)
def test_handler_exists(functions: dict[str, Json], function: str) -> None:
    module, _, name = functions[function]["Handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("module", alarm_modules())
def test_is_named_after_its_module(functions: dict[str, Json], module: str) -> None:
    function = functions[logical_id(module)]
    assert function["Handler"] == f"alarms.{module}.handler"
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{slug(module)}"}


def test_every_function_of_the_template_has_a_module(functions: dict[str, Json]) -> None:
    assert set(functions) == {logical_id(module) for module in alarm_modules()} | OTHERS


@pytest.mark.parametrize("module", OTHER_MODULES)
def test_what_answers_no_alarm_is_named_after_its_module_too(functions: dict[str, Json], module: str) -> None:
    function = functions[logical_id(module)]
    assert function["Handler"] == f"{module}.handler"
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{slug(module)}"}


def queue(name: str) -> Json:
    return {"Type": "SQS", "Destination": {"Fn::GetAtt": [name, "Arn"]}}


def test_failed_responses_are_reported_and_failed_reports_are_kept(
    functions: dict[str, Json],
) -> None:
    configs = {name: each["EventInvokeConfig"]["DestinationConfig"] for name, each in functions.items()}
    # Lambda has none for durable functions; EventBridge reports how their executions end.
    assert configs.pop("FollowUp") == {"Ref": "AWS::NoValue"}
    places = {name: each["OnFailure"] for name, each in configs.items()}
    assert places.pop("ResponseFailed") == queue("FailedTwice")
    assert places.pop("Watchdog") == queue("Unfollowed")
    assert set(map(str, places.values())) == {
        str({"Type": "Lambda", "Destination": {"Fn::GetAtt": ["ResponseFailed", "Arn"]}})
    }


def test_the_follow_up_is_durable_and_called_by_its_alias(template: Json, functions: dict[str, Json]) -> None:
    function = functions["FollowUp"]
    assert function["DurableConfig"] == {"ExecutionTimeout": 365 * 24 * 3600, "RetentionPeriodInDays": 30}
    reported = template["Globals"]["Function"]["Environment"]["Variables"]["FOLLOW_UP"]["Fn::Sub"]
    assert reported == f"{function['FunctionName']['Fn::Sub']}:{function['AutoPublishAlias']}"
    # The library is a layer: without both of these the alias would serve the old one for ever
    # (AWS SAM, AWS::Serverless::LayerVersion, "PublishLambdaVersion").
    assert function["AutoPublishAliasAllProperties"] is True
    layers = [template["Resources"][each["Ref"]]["Properties"] for each in function["Layers"]]
    assert [each.get("PublishLambdaVersion") for each in layers] == [True, True]
    assert [name for name, each in functions.items() if "DurableConfig" in each] == ["FollowUp"]


def test_a_follow_up_that_ends_too_early_is_kept(functions: dict[str, Json]) -> None:
    place = functions["FollowUp"]["DeadLetterQueue"]
    assert place == {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["Unfollowed", "Arn"]}}


def test_each_sdk_is_in_the_functions_that_use_it(functions: dict[str, Json]) -> None:
    layers = {name: [each["Ref"] for each in function["Layers"]] for name, function in functions.items()}
    assert layers.pop("FollowUp") == ["ResponderLayer", "DurableLayer"]
    assert [layers.pop(name) for name in sorted(SLACK)] == [["ResponderLayer", "SlackLayer"]] * 2
    assert all(each == ["ResponderLayer"] for each in layers.values())


def test_the_watchdog_makes_its_round_every_five_minutes(functions: dict[str, Json]) -> None:
    (event,) = functions["Watchdog"]["Events"].values()
    assert (event["Type"], event["Properties"]["Schedule"]) == ("Schedule", "rate(5 minutes)")


CLOCK = {
    "daily_check": "cron(0 ${CheckHour} * * ? *)",
    "weekly_check": "cron(15 ${CheckHour} ? * MON *)",
    "monthly_check": "cron(30 ${CheckHour} 1 * ? *)",
}


@pytest.mark.parametrize("module", check_modules())
def test_a_check_is_called_by_the_clock_of_the_owners_zone(
    template: Json, functions: dict[str, Json], module: str
) -> None:
    function, rhythm = functions[logical_id(module)], module.removesuffix("_check")
    assert function["Handler"] == f"checks.{rhythm}.handler"
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{slug(module)}"}
    (event,) = function["Events"].values()
    properties = event["Properties"]
    assert event["Type"] == "ScheduleV2"
    # SAM's own name is the same in every stack of a Region: the second one could not be deployed.
    assert properties["Name"] == function["FunctionName"]
    assert properties["ScheduleExpression"] == {"Fn::Sub": CLOCK[module]}
    assert properties["ScheduleExpressionTimezone"] == {"Ref": "CheckZone"}


@pytest.mark.parametrize("module", check_modules())
def test_a_check_files_and_reports_within_its_timeout_although_a_call_hangs(
    functions: dict[str, Json], module: str
) -> None:
    # A call that could not connect is made once more, then waited for until the timeout.
    call = 1 + 0.2 + 1 + handler.PATIENCE_SECONDS
    files, message, cold = len(filing.LANGUAGES) + 1, 1, 10
    longest = running.ALL_SECONDS + (files + message) * call + cold
    assert longest < functions[logical_id(module)]["Timeout"]


def test_backups_are_on_the_same_clock_and_can_be_switched_off(functions: dict[str, Json]) -> None:
    function = functions["SessionsBackup"]
    assert function["Handler"] == f"{CLOCKED['sessions_backup']}.handler"
    (event,) = function["Events"].values()
    properties = event["Properties"]
    assert properties["Name"] == function["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-sessions-backup"}
    assert properties["ScheduleExpressionTimezone"] == {"Ref": "CheckZone"}
    assert properties["ScheduleExpression"]["Fn::If"][:2] == ["WithBackups", {"Ref": "BackupSchedule"}]
    assert properties["State"] == {"Fn::If": ["WithBackups", "ENABLED", "DISABLED"]}


def test_the_daily_check_knows_the_name_of_every_alarm(template: Json, functions: dict[str, Json]) -> None:
    given = resolve(functions["DailyCheck"]["Environment"]["Variables"]["ALARM_NAMES"], defaults(template))
    answer = alarms_by_slug(PLAYBOOKS, Settings.read({"ALARM_NAMES": given, "ALARM_PREFIX": "FaceAuth-"}))
    books = [playbook_of(module) for module in alarm_modules() if module != "unknown_alarm"]
    assert answer == {book.slug: book.alarm for book in books}


def test_the_manuals_hours_are_the_defaults(template: Json) -> None:
    given = {name: each.get("Default") for name, each in template["Parameters"].items()}
    assert (given["CheckZone"], given["CheckHour"]) == ("Asia/Tokyo", 9)
    hour = {"CheckHour": "9"}
    assert resolve({"Fn::Sub": CLOCK["weekly_check"]}, hour) == Settings().weekly_check_schedule
    assert resolve({"Fn::Sub": CLOCK["monthly_check"]}, hour) == Settings().monthly_check_schedule


def test_each_function_has_the_environment_variables_of_its_settings(
    template: Json, functions: dict[str, Json]
) -> None:
    fields_of_all = {field.name.upper() for field in fields(Settings)} - OF_ONE_FUNCTION
    fields_of_all -= (
        OF_DAILY | OF_SLACK | OF_PEOPLE | OF_FAILURES | OF_SLOW_CREATION | OF_TESTS | NOT_NOTIFIED
    )
    assert set(template["Globals"]["Function"]["Environment"]["Variables"]) == fields_of_all
    for name, function in functions.items():
        own = set(function["Environment"]["Variables"]) - fields_of_all
        others = {"DailyCheck": OF_DAILY, "People": OF_PEOPLE, "ResponseFailed": OF_FAILURES}
        others |= dict.fromkeys(SLACK, OF_SLACK)
        wanted = others.get(name, set()) if name in ANSWER_NO_ALARM_OF_THEIR_OWN else OF_ONE_FUNCTION
        wanted = wanted | (OF_SLOW_CREATION if name == "SlowSessionCreation" else set())
        assert own == wanted, name


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - ANSWER_NO_ALARM_OF_THEIR_OWN))
def test_knows_the_alarm_of_its_rule(functions: dict[str, Json], function: str) -> None:
    (event,) = functions[function]["Events"].values()
    name = functions[function]["Environment"]["Variables"]["ALARM_NAME"]
    first, *corrected = event["Properties"]["Pattern"]["detail"]["alarmName"]
    assert first == name
    has_one = {logical_id(module): playbook_of(module).corrected for module in alarm_modules()}[function]
    assert corrected == ([{"Fn::Sub": f"${{{name['Ref']}}}{CORRECTED}"}] if has_one else [])


def test_defaults_are_those_of_the_settings(template: Json) -> None:
    given = {
        name.lower(): template["Parameters"][value["Ref"]].get("Default")
        for name, value in template["Globals"]["Function"]["Environment"]["Variables"].items()
        if value.get("Ref") in template["Parameters"]
    }
    plain = Settings.read({name.upper(): str(value) for name, value in given.items()})
    assert plain == Settings()


def test_every_function_is_small(functions: dict[str, Json], text: str) -> None:
    for name in set(functions) - {"UnknownAlarm"}:  # it lists every other alarm
        body = text.split(f"\n  {name}:\n", 1)[1].split("\n\n", 1)[0]
        assert len(body.split("      Policies:")[0].splitlines()) <= 23, name


def test_what_sam_makes_of_a_function_takes_no_name_of_the_template(
    template: Json, functions: dict[str, Json]
) -> None:
    """SAM names a rule after its function and event; the deployment would be refused."""
    made = {f"{name}{event}" for name, each in functions.items() for event in each.get("Events", {})}
    assert made & set(template["Resources"]) == set()
