"""What preflight reports of an account, and the deployment that it proposes."""

import json
import re
import shlex
import subprocess
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.screen import Screen
from liveness_ops.preflight import work
from liveness_ops.preflight.facts import Limits, Secret, Served, Stack
from liveness_ops.preflight.form import ALARM_METRIC, Form, parameters, partition, stack_name
from liveness_ops.preflight.judging import Report
from liveness_ops.preflight.lines import Blocker, Kind, Note, Shortfall, Unread, Weight
from liveness_ops.preflight.work import status
from rehearsal.world import names
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings_document import parse
from responder.core.text import Strings
from responder.detection.choice import rules_for
from responder.messages.language import say
from tests.rows import all_rows, in_both_languages
from tests.texts import catalogue
from tests.unit.preflight.account import (
    ADDRESS,
    FOUND,
    ME,
    SECRET,
    SLACK,
    TEMPLATE,
    function,
    kinds,
    problems,
    report,
)

KINDS = (*Blocker, *Shortfall, *Unread, *Note)
CREATE_LOGS, RESULT_LOGS = (f"/aws/lambda/{name}" for name in names.LIVENESS)
ALARM = "FaceAuth-Liveness-LowConfidence"
ALL = FOUND.functions or {}


def functions(**changed: Any) -> Json:
    """All of them, each with this changed."""
    return {name: function(name, **changed) for name in ALL}


def test_where_everything_is_there_it_is_ready_and_all_alarms_are_on() -> None:
    answer = report()
    assert (kinds(answer), status(answer)) == (set(), 0)
    assert answer.form.value("InitialMode") == "observe"
    assert alarms(answer) == {"on"}
    assert answer.form.overrides.keys() <= {"InitialMode", *ADDRESS, "OurAlarms", "CorrectedAlarms"}


def test_what_the_region_lacks_blocks_before_anything_is_made() -> None:
    answer = report(lacking=("AWS::Lambda::Url",))
    assert problems(answer) == [(Blocker.REGION_LACKS, "AWS::Lambda::Url")]
    assert status(answer) == 1


def test_the_alarms_are_deployed_for_the_traffic_that_there_is() -> None:
    few = report(sessions=100.0)
    assert few.form.overrides.items() >= rules_for(100).overrides.items() - rules_for(1000).overrides.items()
    assert [each.kind for each in few.lines if each.kind is Note.TRAFFIC] == [Note.TRAFFIC]
    assert "MinimumSureFaults=3" in few.command()


def test_what_a_person_gives_is_not_changed_for_the_traffic() -> None:
    given = report({**ADDRESS, **rules_for(1000).overrides}, sessions=100.0)
    assert given.form.value("MinimumSureFaults") == rules_for(1000).overrides["MinimumSureFaults"]
    assert Note.TRAFFIC not in kinds(given)


def test_a_deployed_stack_keeps_parameters_that_fit_a_little_more_traffic() -> None:
    kept = report(stack=deployed(**rules_for(300).overrides), sessions=260.0)
    assert Note.TRAFFIC not in kinds(kept)
    assert kept.form.value("MinimumFaults") == rules_for(300).overrides["MinimumFaults"]


def test_where_the_traffic_is_not_known_the_defaults_stay() -> None:
    unknown = report(sessions=None)
    assert Note.NO_TRAFFIC in kinds(unknown)
    assert unknown.form.value("MinimumFaults") == str(TEMPLATE["Parameters"]["MinimumFaults"]["Default"])
    (one,) = (each for each in unknown.lines if each.kind is Note.NO_TRAFFIC)
    assert "could not be measured" in say(one.said, "en")
    assert "run preflight again" in say(one.todo, "en")
    assert "測定できません" in say(one.said, "ja")
    assert "preflight をもう一度実行" in say(one.todo, "ja")


def test_the_cost_of_alarms_is_that_of_the_metrics_they_watch() -> None:
    form = report().form
    # Two of success, two of duration, five of errors and twice two of time-outs.
    assert form.alarms_cost("CorrectedAlarms") == pytest.approx(13 * ALARM_METRIC)
    assert form.alarms_cost("OurAlarms") > 0


def test_below_the_command_is_what_the_alarms_cost_by_the_parameter_that_leaves_them_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for given, cost in (
        ({}, "OurAlarms: 1.00 USD, CorrectedAlarms: 1.30 USD"),
        ({"CorrectedAlarms": "off"}, "OurAlarms: 1.00 USD."),
    ):
        answer = report({**ADDRESS, **given})
        work._show(answer, Screen("en", machine=False))
        _, _, below = capsys.readouterr().out.partition(answer.command())
        assert cost in below


def test_the_command_asks_nothing_and_names_only_what_differs() -> None:
    command, _, overrides = report(profile="work").command().partition(" --parameter-overrides ")
    assert command == (
        "sam build && sam deploy --stack-name liveness-responder --region us-east-1 --profile work"
        " --resolve-s3 --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM"
        " --no-confirm-changeset --no-fail-on-empty-changeset"
    )
    said = dict(each.split("=", 1) for each in shlex.split(overrides))
    assert said == report().form.overrides
    parameters = TEMPLATE["Parameters"]
    assert all(str(parameters[name].get("Default")) != value for name, value in said.items())


def but(name: str, **changed: Any) -> Json:
    """All functions, one of them without this function or with this changed."""
    others = {each: about for each, about in ALL.items() if each != name}
    return {**others, name: function(name, **changed)} if changed else others


def gone(what: str, name: str) -> Json:
    """The account without one of these."""
    return {what: getattr(FOUND, what) - {name}}


def more(what: str, *names_: str) -> Json:
    """The account with these besides."""
    return {what: getattr(FOUND, what) | set(names_)}


def todo(answer: Report, kind: Kind) -> str:
    """What the line of this kind says to do."""
    return next(say(each.todo, "en") for each in answer.lines if each.kind is kind)


def alarms(answer: Report) -> set[str]:
    """Whether the alarms of this stack are on."""
    return {answer.form.value(each) for each in ("OurAlarms", "CorrectedAlarms")}


MISSING: dict[str, tuple[Kind, str, Json]] = {
    "function": (Shortfall.FUNCTION, names.LOGINS[0], {"functions": but(names.LOGINS[0])}),
    "alarm": (Shortfall.ALARM, ALARM, gone("alarms", ALARM)),
    "log group": (Shortfall.LOG_GROUP, CREATE_LOGS, gone("log_groups", CREATE_LOGS)),
    "table": (Shortfall.TABLE, names.TABLE, {"tables": frozenset(), "indexes": None}),
    "index": (Shortfall.INDEX, names.INDEX, {"indexes": frozenset()}),
    "bucket": (Shortfall.BUCKET, names.bucket(), {"buckets": frozenset(("other",))}),
    "role": (Shortfall.ROLE, names.ROLE, {"policies": None}),
    "policy": (Shortfall.POLICY, names.POLICY, {"policies": ()}),
    "stack": (Shortfall.STACK, names.STACK, {"stacks": {"other": "CREATE_COMPLETE"}}),
    "deleted stack": (Shortfall.STACK, names.STACK, {"stacks": {names.STACK: "DELETE_COMPLETE"}}),
    "metrics": (Shortfall.NO_METRICS, "FaceAuth/Liveness", {"metrics": frozenset()}),
    "variable": (Shortfall.NO_VARIABLE, names.ROLLOUT, {"functions": functions(variables=frozenset())}),
    "alias": (Shortfall.NO_ALIAS, names.CREATE, {"served": {**(FOUND.served or {}), names.CREATE: Served()}}),
    "runtime": (Shortfall.UPDATES_UNKNOWN, "ruby4", {"functions": but(names.CREATE, runtime="ruby4")}),
    "own log group": (
        Shortfall.OTHER_LOG_GROUP,
        names.CREATE,
        {"functions": but(names.CREATE, log_group="/all")},
    ),
    "account": (Shortfall.SMALL_ACCOUNT, "10", {"limits": Limits(10, 10)}),
}


@all_rows("piece", MISSING)
def test_each_missing_piece_has_exactly_one_line_of_its_own(piece: str) -> None:
    kind, subject, changed = MISSING[piece]
    answer = report(**changed)
    assert problems(answer) == [(kind, subject)]
    assert status(answer) == 1
    assert answer.command()


@pytest.mark.parametrize("group", [CREATE_LOGS, RESULT_LOGS])
def test_without_a_log_group_the_alarms_that_filter_it_stay_off(group: str) -> None:
    answer = report(**gone("log_groups", group))
    assert alarms(answer) == {"off"}


def test_a_missing_liveness_function_is_named_once_and_not_its_log_group_too() -> None:
    answer = report(functions=but(names.CREATE), **gone("log_groups", CREATE_LOGS))
    assert problems(answer) == [(Shortfall.FUNCTION, names.CREATE)]
    assert answer.form.value("OurAlarms") == "off"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("FaceAuth Liveness HighErrorRate", '"FaceAuth Liveness HighErrorRate"'),
        ("FaceAuth Liveness HighErrorRate 本番", '"FaceAuth Liveness HighErrorRate 本番"'),
        ("FaceAuth-LivenessHighErrorRate-本番", "FaceAuth-LivenessHighErrorRate-本番"),
        ('FaceAuth-"LivenessHighErrorRate"', '"FaceAuth-\\"LivenessHighErrorRate\\""'),
        ("'FaceAuth-LivenessHighErrorRate'", "\"'FaceAuth-LivenessHighErrorRate'\""),
        ("FaceAuth-LivenessHighErrorRate,$(id)`id`;id", "FaceAuth-LivenessHighErrorRate,$(id)`id`;id"),
        (
            "FaceAuth-LivenessHighErrorRate'OnCallEmail=<address>'",
            "\"FaceAuth-LivenessHighErrorRate'OnCallEmail=<address>'\"",
        ),
    ],
)
def test_a_name_reaches_sam_as_it_is(name: str, written: str) -> None:
    """`written`: as SAM CLI reads values, which knows quotes and no other escape than that of a quote."""
    usual = "FaceAuth-Liveness-HighErrorRate"
    answer = report(alarms=frozenset({*(FOUND.alarms or ()), name} - {usual}))
    assert f"HighErrorRateAlarmName={written}" in shlex.split(answer.command())


def test_what_is_called_otherwise_goes_into_the_command() -> None:
    other = "prod-FaceAuth-Enrollment"
    same = replace(ALL["FaceAuth-Enrollment"], name=other)
    renamed = {**but("FaceAuth-Enrollment"), other: same}
    answer = report(functions=renamed, served=dict.fromkeys(renamed, Served(("live",), 1)))
    assert answer.form.overrides["EnrollmentFunctionName"] == other
    assert kinds(answer) == {Note.ADOPTED}
    assert "ReEnrollmentFunctionName" not in answer.form.overrides


@pytest.mark.parametrize(
    "alike", [("a-FaceAuth-Enrollment", "b-FaceAuth-Enrollment"), ("StudentEnrollment",)]
)
def test_a_name_that_is_not_sure_is_shown_and_not_taken(alike: Strings) -> None:
    answer = report(functions={**but("FaceAuth-Enrollment"), **{each: function(each) for each in alike}})
    assert problems(answer) == [(Shortfall.ALIKE, "FaceAuth-Enrollment")]
    assert "EnrollmentFunctionName" not in answer.form.overrides


def test_what_a_person_gives_is_never_overruled() -> None:
    given = {**ADDRESS, "EnrollmentFunctionName": "mine", "InitialMode": "auto"}
    there = {**but("FaceAuth-Enrollment"), "prod-FaceAuth-Enrollment": function("x")}
    answer = report(given, functions=there)
    assert answer.form.overrides["EnrollmentFunctionName"] == "mine"
    assert answer.form.overrides["InitialMode"] == "auto"


def test_the_role_and_its_policy_are_those_that_the_functions_have() -> None:
    answer = report(functions=functions(role="OtherRole"), policies=("OtherPolicy",))
    assert answer.form.overrides["ServiceRoleName"] == "OtherRole"
    assert answer.settings["service_policy"] == "OtherPolicy"
    assert status(answer) == 0


def test_nothing_of_the_service_gives_one_line_and_no_command() -> None:
    nothing: Json = {"functions": {}, "alarms": frozenset(), "tables": frozenset()}
    answer = report(**nothing, buckets=frozenset(), stacks={}, log_groups=frozenset(), metrics=frozenset())
    assert (problems(answer), answer.command()) == ([(Blocker.NOWHERE, names.REGION)], "")
    there = report(**nothing, elsewhere="ap-northeast-1")
    assert (problems(there), there.command()) == ([(Blocker.ELSEWHERE, "ap-northeast-1")], "")


@pytest.mark.parametrize("given", [{}, {"LastResortEmail": "boss@company.example"}])
def test_without_an_address_the_command_cannot_be_run_as_it_is(given: dict[str, str]) -> None:
    answer = report(given)
    assert problems(answer) == [(Blocker.NO_ADDRESS, "OnCallEmail")]
    assert "OnCallEmail=<address>" in answer.command()


def test_slack_and_a_last_resort_are_enough() -> None:
    given = {**SLACK, "OnCallEmail": "", "LastResortEmail": "boss@company.example"}
    assert problems(report(given, secret=Secret(there=True, arn=SECRET))) == []


@pytest.mark.parametrize(("principal", "who"), [(ME, ME), (f"arn:aws:iam::{names.ACCOUNT}:root", "ARN")])
def test_without_a_first_approver_the_caller_is_proposed_and_never_taken(principal: str, who: str) -> None:
    answer = report({"OnCallEmail": "ops@company.example"}, principal=principal)
    assert (kinds(answer), status(answer)) == ({Note.NO_APPROVER}, 0)
    assert todo(answer, Note.NO_APPROVER).endswith(f"FirstApprover={who}")
    assert "FirstApprover" not in answer.form.overrides


# It ends like a whole ARN.
PART = "arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret"
SLACK_PROBLEMS = {
    Blocker.NO_SECRET: (SLACK, Secret(there=False)),
    Blocker.SECRET_KEYS: (SLACK, Secret(True, ("bot_token",), SECRET)),
    Blocker.NO_CHANNEL: ({**ADDRESS, "SlackSecretArn": SECRET}, Secret(there=True, arn=SECRET)),
    Blocker.PART_OF_ARN: ({**SLACK, "SlackSecretArn": PART}, Secret(there=True, arn=f"{PART}-AbCdEf")),
}


@pytest.mark.parametrize("kind", SLACK_PROBLEMS)
def test_each_missing_part_of_the_slack_setup_is_named(kind: Blocker) -> None:
    given, secret = SLACK_PROBLEMS[kind]
    assert [found for found, _ in problems(report(given, secret=secret))] == [kind]


def test_the_rules_of_the_template_are_the_two_that_are_looked_at() -> None:
    assert TEMPLATE["Rules"].keys() == {"SlackIsToldWhole", "MessagesReachSomeone"}


def stack(state: str, *logical: str, **given: str) -> Stack:
    return Stack(state, {f"physical-{each}": each for each in logical}, given)


STACKS = {
    Blocker.BROKEN_STACK: stack("ROLLBACK_COMPLETE", "Incidents"),
    Blocker.BUSY_STACK: stack("UPDATE_IN_PROGRESS", "Incidents"),
    Blocker.FOREIGN_STACK: stack("CREATE_COMPLETE", "Website"),
}


@pytest.mark.parametrize("kind", STACKS)
def test_a_stack_that_cannot_be_updated_blocks(kind: Blocker) -> None:
    assert problems(report(stack=STACKS[kind])) == [(kind, "liveness-responder")]


def test_a_deployed_stack_is_updated_and_keeps_what_it_has() -> None:
    mine = deployed(InitialMode="auto", MetricNamespace="Mine")
    older = {name: value for name, value in mine.parameters.items() if name != "CorrectedAlarms"}
    answer = report({}, stack=replace(mine, parameters=older))
    assert kinds(answer) == {Note.STACK_EXISTS, Note.NEW_PARAMETERS}
    kept = {"InitialMode": "auto", "MetricNamespace": "Mine", **ADDRESS}
    assert (answer.form.overrides, answer.form.value("CorrectedAlarms")) == (kept, "on")
    (new,) = (each.said.values["names"] for each in answer.lines if each.kind is Note.NEW_PARAMETERS)
    assert new == "CorrectedAlarms=on"


def deployed(**chosen: str) -> Stack:
    """With every parameter of the template, but for these as it is by default."""
    usual = {name: str(each.get("Default", "")) for name, each in TEMPLATE["Parameters"].items()}
    return stack("UPDATE_COMPLETE", "Incidents", **{**usual, **ADDRESS, **chosen})


def test_what_the_owner_switched_off_stays_off_and_is_named() -> None:
    answer = report({}, stack=deployed(OurAlarms="off", CorrectedAlarms="off"))
    assert answer.form.value("OurAlarms") == answer.form.value("CorrectedAlarms") == "off"
    off = {each.subject for each in answer.lines if each.kind is Note.SWITCHED_OFF}
    assert (off, status(answer)) == ({"OurAlarms", "CorrectedAlarms"}, 0)
    asked = report({"OurAlarms": "on"}, stack=deployed(OurAlarms="off", CorrectedAlarms="on"))
    assert asked.form.overrides == {**ADDRESS, "OurAlarms": "on"}
    assert asked.form.value("CorrectedAlarms") == "on"


def test_a_value_that_is_given_wins_over_the_deployed_one_also_where_it_is_the_default() -> None:
    answer = report({"CheckZone": "Asia/Tokyo", "Language": "en"}, stack=deployed(CheckZone="UTC"))
    assert answer.form.overrides["CheckZone"] == "Asia/Tokyo"
    assert answer.form.overrides["Language"] == "en"


def test_a_name_that_the_owner_chose_is_not_replaced_by_one_that_is_alike() -> None:
    there = {**but("FaceAuth-Enrollment"), "prod-FaceAuth-Enrollment": function("x")}
    answer = report({}, functions=there, stack=deployed(EnrollmentFunctionName="mine"))
    assert answer.form.overrides["EnrollmentFunctionName"] == "mine"
    assert (Shortfall.ALIKE, "mine") in problems(answer)


@pytest.mark.parametrize(("length", "fits"), [(90, True), (120, False), (255, False)])
def test_names_of_alarms_that_no_rule_can_hold_are_refused_before_the_deployment(
    length: int, fits: bool
) -> None:
    """The pattern is worked out from the template; EventBridge takes 2,048 characters of it."""
    named = [name for name in TEMPLATE["Parameters"] if name.endswith("AlarmName")]
    long = {name: f"FaceAuth-{number}".ljust(length, "x") for number, name in enumerate(named)}
    answer = report({**ADDRESS, **long}, alarms=frozenset(long.values()))
    assert (Blocker.LONG_PATTERN in kinds(answer)) is not fits
    assert status(answer) == (0 if fits else 1)
    if not fits:
        (line_,) = (each for each in answer.lines if each.kind is Blocker.LONG_PATTERN)
        length_ = max(answer.form.patterns().values())
        assert line_.kind.weight is Weight.BLOCKS
        assert f"{line_.subject}={long[line_.subject]}" in say(line_.said, "en")
        assert f"by at least {length_ - 2048:,} characters" in say(line_.todo, "en")


def test_alarms_of_another_stack_are_left_to_it() -> None:
    taken = {each.name for each in report().form.made() if each.switch == "CorrectedAlarms"}
    answer = report(**more("alarms", *taken))
    assert [kind for kind, _ in problems(answer)] == [Shortfall.ALARMS_TAKEN]
    assert (answer.form.value("CorrectedAlarms"), answer.form.value("OurAlarms")) == ("off", "on")


def second_stack() -> Json:
    """The service's functions, and those of a responder that is called `old`."""
    own = [each.name for each in report().form.made() if each.kind == "AWS::Serverless::Function"]
    others = (each.replace("liveness-responder", "old") for each in own)
    return {**ALL, **{each: function(each) for each in others}}


def test_a_second_stack_that_would_answer_the_same_alarms_is_named() -> None:
    assert problems(report(functions=second_stack())) == [(Shortfall.SECOND_STACK, "old")]
    assert problems(report(functions={**ALL, "old-people": function("old-people")})) == []


def test_a_container_image_has_no_runtime_that_ends() -> None:
    assert problems(report(functions=but(names.CREATE, runtime=""))) == []


def test_without_a_look_at_the_functions_log_groups_are_still_named() -> None:
    answer = report(functions=None, **gone("log_groups", CREATE_LOGS))
    assert problems(answer) == [(Shortfall.LOG_GROUP, CREATE_LOGS)]


@pytest.mark.parametrize(
    "changed",
    [
        {"parameters": frozenset(("/liveness-responder/first-modes",))},
        {"functions": {**ALL, "liveness-responder-people": function("liveness-responder-people")}},
    ],
)
def test_names_that_are_taken_already_block(changed: Json) -> None:
    assert [kind for kind, _ in problems(report(**changed))] == [Blocker.TAKEN]


def test_what_a_deleted_stack_left_is_reported() -> None:
    left = "liveness-responder-Incidents-1ABC"
    answer = report(tables=frozenset((names.TABLE, left)))
    assert (kinds(answer), status(answer)) == ({Note.OLD_RESOURCES}, 0)
    assert left in {str(each.said.values.get("names")) for each in answer.lines}


def test_tables_of_a_deleted_stack_can_be_taken_up_unless_there_are_two_of_a_kind() -> None:
    old = ("liveness-responder-Incidents-1ABC", "liveness-responder-Claims-2DEF")
    answer = report(tables=frozenset((names.TABLE, *old)))
    assert all(each in answer.adoption for each in old)
    assert "--region us-east-1 --stack-name liveness-responder" in answer.adoption
    twice = report(tables=frozenset((names.TABLE, *old, "liveness-responder-Claims-3GHI")))
    assert (twice.adoption, kinds(twice)) == ("", {Note.OLD_TWICE})
    assert report().adoption == ""


QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/liveness-responder-Failures-5mno"


def test_everything_that_is_kept_can_be_taken_over() -> None:
    left: Json = {
        "buckets": frozenset((names.bucket(), "liveness-responder-reportsbucket-4jkl")),
        "queues": frozenset((QUEUE,)),
    }
    answer = report(**left)
    document = json.loads(shlex.split(answer.adoption)[6])
    taken = {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in document["ResourcesToImport"]}
    assert taken == {
        "ReportsBucket": {"BucketName": "liveness-responder-reportsbucket-4jkl"},
        "Failures": {"QueueUrl": QUEUE},
    }
    kept = {
        name for name, each in TEMPLATE["Resources"].items() if "Retain" in str(each.get("DeletionPolicy"))
    }
    assert kept == set(report().form.kept().values())
    own = stack("CREATE_COMPLETE", "Incidents", **ADDRESS)
    mine = replace(own, resources={**own.resources, QUEUE: "Failures"})
    assert Note.OLD_RESOURCES not in kinds(report({}, queues=frozenset((QUEUE,)), stack=mine))


def test_stops_and_settings_of_an_earlier_stack_are_named_as_they_apply_again_immediately() -> None:
    names_ = frozenset(("/liveness-responder/settings", "/liveness-responder/stops/everything"))
    answer = report(parameters=names_)
    assert (kinds(answer), status(answer)) == ({Note.OLD_PARAMETERS}, 0)
    said = next(say(each.said, "en") for each in answer.lines if each.kind is Note.OLD_PARAMETERS)
    assert all(each in said for each in names_)
    assert Note.OLD_PARAMETERS not in kinds(report({}, parameters=names_, stack=deployed()))


def test_log_groups_that_a_deleted_stack_left_are_named_with_the_command_that_removes_them() -> None:
    group = "/aws/lambda/liveness-responder-people"
    answer = report(**more("log_groups", group))
    assert problems(answer) == [(Blocker.OLD_LOGS, "liveness-responder")]
    said = todo(answer, Blocker.OLD_LOGS)
    assert said.endswith(
        f"for GROUP in {group}; do aws logs delete-log-group --region us-east-1 "
        '--log-group-name "$GROUP"; done'
    )
    every_ = [each.name for each in report().form.made() if each.kind == "AWS::Logs::LogGroup"]
    answer = report(**more("log_groups", *every_))
    said = todo(answer, Blocker.OLD_LOGS)
    groups = said[said.index("/aws") : said.index(";")]
    listed = subprocess.run(["bash", "-c", f"echo {groups}"], capture_output=True, text=True, check=True)
    assert sorted(listed.stdout.split()) == sorted(every_)


def test_every_command_that_is_shown_is_on_the_account_of_the_profile() -> None:
    """The default profile may be another account's, where a stack of the same name runs."""
    broken = report(profile="at work", stack=Stack("ROLLBACK_COMPLETE", {}, {}))
    left = report(
        profile="at work",
        tables=frozenset((names.TABLE, "liveness-responder-Incidents-1ABC")),
        **more("log_groups", "/aws/lambda/liveness-responder-people"),
        parameters=frozenset(("/liveness-responder/modes",)),
        limits=Limits(10, 10),
    )
    todo = [say(each.todo, "en") for reported in (broken, left) for each in reported.lines]
    shown = [each[each.index("aws ") :] for each in todo if re.search(r"\baws [a-z]", each)]
    assert len(shown) == 4
    for command in (*shown, *left.adoption.split(" && "), left.command().split(" && ")[1]):
        assert "--region us-east-1 --profile 'at work'" in command


def test_a_stack_s_name_is_too_long_where_a_function_s_would_be() -> None:
    fine = len("sessions-table-throttles") + 1
    most = 64 - fine
    assert problems(report(stack_name_="x" * most)) == []
    (kind, _), *rest = problems(report(stack_name_="x" * (most + 1)))
    assert (kind, rest) == (Blocker.LONG_NAME, [])
    answer = report(stack_name_="x" * (most + 1))
    assert f"{most} characters" in say(answer.lines[0].todo, "en")


def test_where_lambda_lets_nothing_be_reserved_nothing_is() -> None:
    secret = Secret(there=True, arn=SECRET)
    answer = report(SLACK, secret=secret, limits=Limits(104, 104))
    assert kinds(answer) == {Note.NO_RESERVE, Shortfall.SMALL_ACCOUNT}
    assert answer.form.overrides["ReservedConcurrency"] == "none"
    assert kinds(report(SLACK, secret=secret, limits=Limits(200, 105))) == set()
    assert kinds(report(ADDRESS, limits=Limits(200, 105))) == set()
    everyone = {**ADDRESS, "ReservedConcurrency": "all"}
    assert kinds(report(everyone, limits=Limits(1000, 1000))) == set()


def test_a_reservation_that_was_asked_for_is_named_where_lambda_would_refuse_it() -> None:
    everyone = {**ADDRESS, "ReservedConcurrency": "all"}
    assert problems(report(everyone, limits=Limits(200, 150))) == [
        (Blocker.TOO_MANY_RESERVED, "ReservedConcurrency")
    ]


QUOTAS: dict[str, tuple[Json, Any]] = {
    "as set": ({"quotas": (25.0, 25.0)}, None),
    "the smaller one": ({"quotas": (50.0, 30.0)}, 30),
    "not told, us-east-1": ({"quotas": ()}, None),
    "not told, Tokyo": ({"quotas": (), "region": "ap-northeast-1"}, 5),
    "not readable, Tokyo": ({"quotas": None, "region": "ap-northeast-1"}, 5),
}


@pytest.mark.parametrize("case", QUOTAS)
def test_the_quota_of_the_region_goes_into_the_settings(case: str) -> None:
    changed, wanted = QUOTAS[case]
    assert report(**changed).settings.get("quota_per_second") == wanted


def test_what_a_deployed_stack_has_reserved_is_not_counted_twice() -> None:
    mine = stack("CREATE_COMPLETE", "Incidents", InitialMode="auto", ReservedConcurrency="all", **ADDRESS)
    answer = report({}, stack=mine, limits=Limits(1000, 110))
    assert kinds(answer) == {Note.STACK_EXISTS, Note.NEW_PARAMETERS}


def test_what_differs_from_faceauth_s_own_functions_goes_into_the_settings() -> None:
    answer = report(functions=but(names.CREATE, memory=1024, vpc=False))
    assert answer.settings["deployed_functions"] == {names.CREATE: {"memory": 1024, "vpc": False}}


@pytest.mark.parametrize(
    "changed", [{"functions": functions(memory=1024, vpc=False)}, {"quotas": (30.5,)}, {}]
)
def test_the_settings_are_such_that_the_document_takes_them(changed: Json) -> None:
    answer = report(policies=("Other",), **changed)
    assert parse(json.dumps(answer.settings)).given.keys() == answer.settings.keys()
    assert len(answer.settings) >= 2


def test_the_functions_with_the_variable_are_proposed_as_its_readers() -> None:
    assert report().settings == {"rollout_readers": list(names.LOGINS)}


def test_what_is_so_of_all_functions_is_reported_in_two_words() -> None:
    said = [say(each.said, "en") for each in report().lines if each.kind in (Note.VPC, Note.UPDATES_UNTIL)]
    assert len(said) == 2
    assert all("all 6 functions" in each and names.CREATE not in each for each in said)


@pytest.mark.parametrize(
    ("today", "kind"),
    [(date(2026, 11, 27), Note.UPDATES_UNTIL), (date(2030, 1, 1), Shortfall.UPDATES_REFUSED)],
)
def test_the_day_from_which_aws_refuses_updates_is_reported(today: date, kind: Kind) -> None:
    assert kind in {each.kind for each in report(today=today).lines}


def test_what_cannot_be_looked_at_is_named_and_stays_off() -> None:
    denied = Denied("logs", "DescribeLogGroups", "AccessDeniedException")
    answer = report(log_groups=None, unread={"logs:DescribeLogGroups": denied})
    assert problems(answer) == [(Unread.UNREAD, "logs:DescribeLogGroups")]
    assert status(answer) == 2
    assert alarms(answer) == {"off"}


def test_variables_that_cannot_be_decrypted_are_named() -> None:
    answer = report(functions=but(names.CREATE, variables=None))
    assert problems(answer) == [(Unread.UNREAD_VARIABLES, names.CREATE)]


def test_the_weightiest_comes_first() -> None:
    ranks = [list(Weight).index(each.kind.weight) for each in report({}, limits=Limits(10, 10)).lines]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


@all_rows("kind", KINDS)
def test_every_kind_says_what_is_so_and_what_to_do(kind: Kind) -> None:
    assert {kind.value, f"{kind.value}_do"} <= catalogue().keys()


LONG = ("HighErrorRateAlarmName", "LowSuccessRateAlarmName", "SlowVerificationAlarmName")


def every() -> list[Report]:
    """Reports in which each kind of line is."""
    known = [report(**changed) for _, _, changed in MISSING.values()]
    denied = {"s3:ListAllMyBuckets": Denied("s3", "ListBuckets", "AccessDenied")}
    nothing: Json = {"functions": {}, "alarms": frozenset(), "tables": frozenset()}
    small: Json = {"limits": Limits(104, 104), "quotas": (30.0,), "unread": denied}
    sealed = but(names.CREATE, variables=None, memory=1)
    renamed = {
        **{k: v for k, v in ALL.items() if k != names.CREATE},
        "x-CreateLivenessSession": function("x"),
    }
    return [
        *known,
        *(report(stack=each) for each in STACKS.values()),
        *(report(given, secret=secret) for given, secret in SLACK_PROBLEMS.values()),
        report({}, **nothing),
        report(**nothing, elsewhere="eu-west-1"),
        report(SLACK, secret=Secret(there=True, arn=SECRET), **small),
        report(quotas=(), functions=sealed, today=date(2030, 1, 1)),
        report(functions=renamed, tables=frozenset((names.TABLE, "liveness-responder-Claims-X"))),
        report(stack=stack("CREATE_COMPLETE", "Incidents")),
        report(stack_name_="x" * 60),
        report(parameters=frozenset(("/liveness-responder/first-modes",))),
        report(parameters=frozenset(("/liveness-responder/settings",))),
        report(**more("log_groups", "/aws/lambda/liveness-responder-people")),
        report({}, stack=deployed(OurAlarms="off")),
        report({}, stack=stack("CREATE_COMPLETE", "Incidents", **ADDRESS)),
        report({**ADDRESS, **{each: f"{each}{'x' * 200}" for each in LONG}}),
        report(tables=frozenset((names.TABLE, *(f"liveness-responder-Claims-{each}" for each in "XY")))),
        report(alarms=(FOUND.alarms or frozenset()) | {f"{ALARM}x", "FaceAuth-Images-AccessDenied"}),
        report(buckets=frozenset(("my-faceauth-images",))),
        report(functions=second_stack()),
        report({"ReservedConcurrency": "all"}, limits=Limits(200, 150)),
        report(sessions=100.0),
        report(sessions=None),
        report({**ADDRESS, "FirstApprover": "arn:aws:iam::210987654321:user/me"}),
        report(lacking=("AWS::Lambda::Url",)),
    ]


@in_both_languages
def test_no_sentence_has_a_gap(language: str) -> None:
    lines = [each for reported in every() for each in reported.lines]
    assert {each.kind for each in lines} == set(KINDS)
    said = [say(part, language) for each in lines for part in (each.said, each.todo)]
    assert [each for each in said if re.search(r"<\w+>", each)] == []


BAD = {
    "OnCallEmail": "'OnCallEmail' does not have the form",
    "OnCallMail=a@b": "no parameter 'OnCallMail'; did you mean OnCallEmail",
    "OnCallEmail=nobody": "OnCallEmail does not accept 'nobody'",
    "InitialMode=careful": "InitialMode does not accept 'careful'; allowed: observe|approve|auto",
    "SuccessRatePercent=101": "SuccessRatePercent does not accept '101'; allowed: 0 to 100",
    "SuccessRatePercent=most": "SuccessRatePercent does not accept 'most'",
    "AlarmPrefix=": "AlarmPrefix does not accept",
}


@pytest.mark.parametrize("typed", BAD)
def test_a_parameter_that_the_template_does_not_take_is_one_clear_line(typed: str) -> None:
    with pytest.raises(EarlyExit) as ended:
        parameters([typed], TEMPLATE)
    assert ended.value.status is Exit.USAGE
    assert BAD[typed] in say(ended.value.said, "en")  # type: ignore[arg-type]  # a Text


def test_parameters_may_hold_an_equals_sign() -> None:
    assert parameters(["MetricNamespace=a=b"], TEMPLATE) == {"MetricNamespace": "a=b"}


@pytest.mark.parametrize("name", ["", "1st", "under_score", "x" * 129])
def test_a_name_that_cloudformation_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(EarlyExit):
        stack_name(name)


@pytest.mark.parametrize(
    ("region", "wanted"),
    [("ap-northeast-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_partition_is_that_of_the_region(region: str, wanted: str) -> None:
    assert partition(region) == wanted
    assert Form(TEMPLATE, "s", region).names["AWS::Partition"] == wanted
