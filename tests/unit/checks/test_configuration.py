"""The functions' configuration against the deployed values and the day before."""

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from responder.aws.gateway import SharedAnswers, through
from responder.aws.items import to_item
from responder.checks import days
from responder.checks.base import Check
from responder.checks.configuration.check import ConfigurationCheck
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckItem, CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.report.json_report import machine
from responder.checks.report.summary import Summary, plain
from responder.core.change import Change, Changes, Lease, LeaseState, Status
from responder.core.context import Context
from responder.core.errors import Denied, Missing, Rejected
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.store import rows
from tests.fakes import FakeAws
from tests.fakes.lines import asked as asking
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.checks import figures_world as world
from tests.unit.checks.figures_world import reported

pytestmark = pytest.mark.unit
CREATE, RESULT = "FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult"
LOGINS = tuple(f"FaceAuth-{each}" for each in ("Enrollment", "FaceLogin", "EmergencyAuth", "ReEnrollment"))
NETWORK = {"SubnetIds": ["subnet-b", "subnet-a"], "SecurityGroupIds": ["sg-1"]}
SETTINGS = Settings(reports_bucket="reports", incidents_table="incidents", account="123456789012")
YESTERDAY = date(2026, 2, 3)


class Deployed:
    """FaceAuth as its own stack deploys it, with the reports of earlier days in the bucket."""

    def __init__(self) -> None:
        self.aws = FakeAws()
        for name in LOGINS:
            self.aws.lambdas.add(name, {"USE_MOCK_AD": "false"}, Timeout=30, VpcConfig=NETWORK)
        for name, seconds in ((CREATE, 10), (RESULT, 15)):
            variables = {"LIVENESS_SESSIONS_TABLE": "s3cret-value"}
            self.aws.lambdas.add(name, variables, MemorySize=256, Timeout=seconds, VpcConfig=NETWORK)
        self.reserved: dict[str, int] = {}
        self.leases: list[Json] = []
        self.filed: dict[date, Data] = {}
        self.deployed: dict[str, datetime] = {}
        self.aws.answer("cloudformation", "list_stack_resources", self._resources)
        self.aws.answer("lambda", "get_function_concurrency", self._concurrency)
        self.aws.answer("dynamodb", "query", lambda **_: {"Items": self.leases})
        self.aws.answer("s3", "list_objects_v2", self._listed)
        self.aws.answer("s3", "get_object", self._object)

    def _resources(self, StackName: str) -> Json:  # noqa: N803 - AWS's own name
        assert StackName == SETTINGS.service_stack
        rows = [
            {
                "PhysicalResourceId": name,
                "ResourceType": "AWS::Lambda::Function",
                "ResourceStatus": "UPDATE_COMPLETE",
                "LastUpdatedTimestamp": at,
            }
            for name, at in self.deployed.items()
        ]
        return {"StackResourceSummaries": rows}

    def by_stack(self, name: str, **configuration: Any) -> "Deployed":
        """An update of the service's stack changes it."""
        self.changed(name, **configuration).deployed[name] = self.aws.now
        return self

    def changed(self, name: str, **configuration: Any) -> "Deployed":
        """It is changed now."""
        at = self.aws.now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        return self.set(name, LastModified=at, **configuration)

    def set(self, name: str, **configuration: Any) -> "Deployed":
        self.aws.lambdas.functions[name].latest.update(configuration)
        return self

    def run(self, settings: Settings = SETTINGS) -> CheckSection:
        section = ConfigurationCheck().run(Context(self.aws, settings, self.aws.now, self.aws.now))
        world.check_words(section)
        return section

    def file(self, day: date = YESTERDAY) -> "Deployed":
        """What the functions are now is what they were on that day."""
        self.filed[day] = machine(CheckReport(Cadence.DAILY, self.aws.now, day, "r", "a", (self.run(),)))
        return self

    def _concurrency(self, FunctionName: str) -> Json:  # noqa: N803 - AWS's own name
        found = self.reserved.get(FunctionName)
        return {} if found is None else {"ReservedConcurrentExecutions": found}

    def _listed(self, **asked: Any) -> Json:
        keys = (f"checks/daily/{day}/report.json" for day in sorted(self.filed))
        return {"IsTruncated": False, "Contents": [{"Key": key} for key in keys if key > asked["StartAfter"]]}

    def _object(self, **asked: Any) -> Json:
        day = date.fromisoformat(asked["Key"].split("/")[2])
        return {"Body": io.BytesIO(json.dumps(self.filed[day]).encode())}


def one(section: CheckSection, *lights: CheckStatus) -> CheckItem:
    (found,) = [item for item in section.items if item.light in lights]
    return found


def test_as_deployed_it_is_one_green_line_and_two_questions_a_function() -> None:
    made = Deployed()
    section = made.run()
    assert world.lights(section) == [GREEN]
    assert "no earlier day" in reported(section.items[0])
    assert made.aws.count("lambda", "get_function_configuration") == 6
    assert made.aws.count("lambda", "get_function_concurrency") == 6
    assert isinstance(ConfigurationCheck(), Check)


def test_the_same_as_yesterday_is_green_and_reports_it() -> None:
    section = Deployed().file().run()
    assert world.lights(section) == [GREEN]
    said = reported(section.items[0])
    assert "6 functions have the configuration that was deployed and last accepted" in said
    assert "(compared with the report of 2026-02-03)" in said


@pytest.mark.parametrize("name", [RESULT, *LOGINS])
def test_a_reservation_of_zero_is_red_by_name_with_the_command_that_lifts_it(name: str) -> None:
    made = Deployed().file()
    made.reserved[name] = 0
    item = one(made.run(), RED)
    assert f"{name} is stopped: its reserved concurrency is 0" in reported(item)
    lift = f"aws lambda delete-function-concurrency --region us-east-1 --function-name {name}"
    assert f"then {lift}; else" in item.command
    (asked,) = asking(item.command)
    assert asked.holds({"ReservedConcurrentExecutions": 0})
    assert not asked.holds({"ReservedConcurrentExecutions": 5})
    assert item.caution is not None


def test_the_value_before_is_put_back_where_an_earlier_day_shows_it() -> None:
    made = Deployed()
    made.reserved[RESULT] = 40
    made.file(days.before(YESTERDAY, 3))
    made.reserved[RESULT] = 0
    made.file(days.before(YESTERDAY)).file()
    item = one(made.run(), RED)
    assert "previous value: 40" in reported(item)
    assert "then aws lambda put-function-concurrency" in item.command
    assert "--reserved-concurrent-executions 40; else" in item.command


@pytest.mark.parametrize(("reserved", "light"), [(1, AMBER), (9, AMBER), (100, GREEN)])
def test_a_very_small_reservation_is_amber_and_a_large_one_is_not(reserved: int, light: CheckStatus) -> None:
    made = Deployed()
    made.reserved[CREATE] = reserved
    section = made.run()
    assert section.light is light
    assert (piece("check.configuration.few") in reported(section.items[0])) is (light is AMBER)


@all_rows(
    ("name", "configuration", "said", "command"),
    [
        (CREATE, {"Timeout": 60}, "timeout (s) 60 (as deployed: 10; on 2026-02-03: 10)", "--timeout 10"),
        (RESULT, {"Timeout": 3}, "timeout (s) 3 (as deployed: 15; on 2026-02-03: 15)", "--timeout 15"),
        (CREATE, {"MemorySize": 128}, "memory (MB) 128 (as deployed: 256", "--memory-size 256"),
        (LOGINS[1], {"Timeout": 5, "MemorySize": 128}, "timeout (s) 5", "--timeout 30 --memory-size 512"),
        (CREATE, {"MemorySize": 3008}, "memory (MB) 3,008 (as deployed: 256", ""),
        (RESULT, {"VpcConfig": {"SubnetIds": []}}, piece("check.configuration.vpc_gone"), ""),
        (RESULT, {"VpcConfig": {**NETWORK, "SecurityGroupIds": ["sg-9"]}}, "/ sg-9 (on 2026-02-03:", ""),
        (RESULT, {"LoggingConfig": {"LogFormat": "JSON"}}, "log format JSON (on 2026-02-03: Text)", ""),
        (
            RESULT,
            {"LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "FATAL"}},
            "log level FATAL (warnings are not logged",
            "",
        ),
        (RESULT, {"LoggingConfig": {"LogGroup": "/other"}}, "log group /other", ""),
        (CREATE, {"Runtime": "python3.14"}, "runtime python3.14 (on 2026-02-03: python3.13)", ""),
        (CREATE, {"Handler": "evil.handler"}, "handler evil.handler (on 2026-02-03: handler.handler)", ""),
        (
            CREATE,
            {"Layers": [{"Arn": "arn:aws:lambda:us-east-1:999999999999:layer:probe:7"}]},
            "layers probe:7 (on 2026-02-03: –)",
            "",
        ),
        (CREATE, {"Role": "arn:aws:iam::123456789012:role/Other"}, "execution role Other (on", ""),
        (CREATE, {"Architectures": ["arm64"]}, "architecture arm64 (on 2026-02-03: x86_64)", ""),
        (CREATE, {"EphemeralStorage": {"Size": 1024}}, "ephemeral storage (MB) 1024", ""),
        (
            CREATE,
            {"KMSKeyArn": "arn:aws:kms:us-east-1:1:key/k1"},
            "KMS key of the environment variables k1",
            "",
        ),
    ],
)
def test_each_setting_that_drifts_is_named_with_its_values(
    name: str, configuration: Json, said: str, command: str
) -> None:
    item = one(Deployed().file().set(name, **configuration).run(), AMBER)
    # A message to people shows this sentence alone.
    assert said.replace("3,008", "3008") in reported(item)
    assert f"The configuration of {name} has changed" in reported(item)
    assert command in item.command
    assert bool(command) is bool(item.command)


def test_drift_from_the_deployed_values_is_reported_on_every_day_and_not_only_on_the_first() -> None:
    item = one(Deployed().set(CREATE, Timeout=60).file().run(), AMBER)
    assert "timeout (s) 60 (as deployed: 10)" in reported(item)


BY_HAND = [
    {"Runtime": "python3.14"},
    {"Handler": "other.handler"},
    {"Role": "arn:aws:iam::123456789012:role/Admin"},
    {"Layers": [{"Arn": "arn:aws:lambda:us-east-1:123456789012:layer:other:1"}]},
    {"CodeSha256": "code-of-a-person"},
    {"TracingConfig": {"Mode": "Active"}},
    {"FileSystemConfigs": [{"Arn": "arn:aws:elasticfilesystem:x", "LocalMountPath": "/mnt/x"}]},
    {"VpcConfig": {**NETWORK, "SecurityGroupIds": ["sg-9"]}},
]


@all_rows("change", BY_HAND)
def test_a_change_by_hand_is_reported_until_it_is_undone_however_long_it_waits(change: Json) -> None:
    made = Deployed().file(days.before(YESTERDAY, 2))
    first = dict(made.aws.lambdas.functions[CREATE].latest)
    made.changed(CREATE, **change)
    for day in (days.before(YESTERDAY), YESTERDAY):
        item = one(made.run(), AMBER)
        assert f"on {days.before(YESTERDAY, 2)}: " in reported(item)
        made.file(day)
    made.aws.lambdas.functions[CREATE].latest = first
    assert made.run().light is GREEN


@all_rows("change", BY_HAND)
def test_a_change_by_the_services_stack_is_accepted_and_named(change: Json) -> None:
    made = Deployed().file().by_stack(CREATE, **change)
    section = made.run()
    assert section.light is GREEN
    assert f"by an update of the service's stack, and accepted for that: {CREATE}" in reported(
        section.items[0]
    )
    made.aws.now += timedelta(hours=2)
    made.changed(CREATE, Runtime="python3.13", Handler="someone.elses")
    assert made.run().light is AMBER


def test_a_change_by_hand_shortly_before_a_deployment_is_not_accepted_with_it() -> None:
    made = Deployed().file().changed(CREATE, Runtime="python3.14")
    made.deployed[CREATE] = made.aws.now + timedelta(minutes=20)
    assert made.run().light is AMBER


def test_a_reservation_is_not_accepted_with_a_deployment_of_the_function() -> None:
    """Setting it leaves the time of the function's last modification as it was."""
    made = Deployed().file().by_stack(CREATE, Runtime="python3.14")
    made.reserved[CREATE] = 200
    for day in (YESTERDAY, YESTERDAY):
        assert "reserved concurrency 200" in reported(one(made.run(), AMBER))
        made.file(day)


def test_a_change_that_was_undone_leaves_no_claim_about_the_days_between() -> None:
    made = Deployed().file(days.before(YESTERDAY))
    made.changed(CREATE, Handler="other.handler").file()
    made.changed(CREATE, Handler="handler.handler")
    assert "last accepted (compared with the report of 2026-02-03)" in reported(one(made.run(), GREEN))


def test_without_the_times_of_deployments_a_change_waits_and_it_is_reported() -> None:
    made = Deployed().file().by_stack(CREATE, Runtime="python3.14")
    made.aws.fail("cloudformation", "list_stack_resources", Denied)
    section = made.run()
    assert one(section, AMBER).said.key == "check.configuration.drifted"
    assert one(section, UNKNOWN).identity.kind is Checked.CONFIGURATION_DEPLOYED


def test_a_service_without_a_stack_is_compared_and_nothing_is_accepted_for_it() -> None:
    made = Deployed().file().changed(CREATE, Runtime="python3.14")
    made.aws.fail("cloudformation", "list_stack_resources", Rejected, code="ValidationError")
    assert world.lights(made.run()) == [AMBER, GREEN]


def test_a_day_on_which_a_function_or_the_reports_could_not_be_read_accepts_nothing() -> None:
    made = Deployed().file(days.before(YESTERDAY)).changed(CREATE, Runtime="python3.14")
    made.aws.fail("lambda", "get_function_configuration", Denied, where={"FunctionName": CREATE})
    made.file()
    item = one(made.run(), AMBER)
    assert item.said.values["functions"] == CREATE
    assert f"on {days.before(YESTERDAY)}: " in reported(item)
    again = Deployed().file(days.before(YESTERDAY)).changed(CREATE, Runtime="python3.14")
    again.aws.fail("s3", "list_objects_v2", Denied)
    again.file()
    assert one(again.run(), AMBER).said.values["functions"] == CREATE


@all_rows(
    ("value", "light"),
    [
        ("90", GREEN),
        ("90.0", GREEN),
        ("95", AMBER),
        ("50", RED),
        ("89.9", RED),
        ("no number", RED),
        ("", RED),
    ],
)
@all_rows("name", [CREATE, RESULT])
def test_a_lower_threshold_of_the_check_is_red(name: str, value: str, light: CheckStatus) -> None:
    made = Deployed().file()
    made.aws.lambdas.person_sets(name, LIVENESS_CONFIDENCE_THRESHOLD=value)
    section = made.run()
    changed = [each for each in section.items if "threshold of the liveness check" in reported(each)]
    assert [each.light for each in changed] == [light] * (light is not GREEN)
    assert all(("First ask the person" in reported(each)) is (light is RED) for each in changed)


def test_the_threshold_that_our_remedy_lowered_is_no_change_by_others() -> None:
    made = Deployed()
    made.aws.lambdas.person_sets(RESULT, LIVENESS_CONFIDENCE_THRESHOLD="90")
    made.file().aws.lambdas.person_sets(RESULT, LIVENESS_CONFIDENCE_THRESHOLD="85")
    assert made.run().light is RED
    change = Change(RESULT, "LIVENESS_CONFIDENCE_THRESHOLD", "90", "85", Status.APPLIED)
    row = {"pk": rows.STACK, "sk": "LEASE#x", "data": rows.pack(lease((change,)))}
    made.leases = [to_item(row)]
    assert made.run().light is GREEN
    made.aws.lambdas.person_sets(RESULT, LIVENESS_CONFIDENCE_THRESHOLD="80")
    assert made.run().light is RED


def test_a_changed_rollout_is_reported() -> None:
    made = Deployed()
    made.aws.lambdas.person_sets(LOGINS[0], LIVENESS_ROLLOUT_PERCENTAGE="50")
    made.file().aws.lambdas.person_sets(LOGINS[0], LIVENESS_ROLLOUT_PERCENTAGE="0")
    assert "rollout (%) 0 (on 2026-02-03: 50)" in reported(one(made.run(), AMBER))


def test_names_of_variables_are_compared_and_values_go_nowhere() -> None:
    made = Deployed().file()
    assert "s3cret-value" not in json.dumps(made.filed[YESTERDAY])
    made.aws.lambdas.person_sets(CREATE, AWS_LAMBDA_EXEC_WRAPPER="/opt/s3cret-value")
    del made.aws.lambdas.functions[CREATE].latest["Environment"]["Variables"]["LIVENESS_SESSIONS_TABLE"]
    section = made.run()
    item = one(section, AMBER)
    assert "variables +AWS_LAMBDA_EXEC_WRAPPER, -LIVENESS_SESSIONS_TABLE" in reported(item)
    assert "s3cret-value" not in str(section)


def test_one_release_of_all_functions_is_one_line() -> None:
    made = Deployed().file()
    for name in (CREATE, RESULT, *LOGINS):
        made.set(name, Runtime="python3.14")
    item = one(made.run(), AMBER)
    assert item.numbers["functions"] == 6


def test_the_deployed_values_can_be_set() -> None:
    made = Deployed().set(LOGINS[0], Timeout=60, MemorySize=1024).set(CREATE, VpcConfig={})
    made.reserved[RESULT] = 5
    known = (f"{LOGINS[0]} memory=1024 timeout=60", f"{CREATE} vpc=no", f"{RESULT} reserved=5")
    assert made.run(replace(SETTINGS, deployed_functions=known)).light is GREEN
    assert made.run().light is AMBER


def test_a_function_that_the_owner_keeps_switched_off_is_not_red() -> None:
    made = Deployed()
    made.reserved[LOGINS[2]] = 0
    known = replace(SETTINGS, deployed_functions=(f"{LOGINS[2]} reserved=0",))
    assert made.run(known).light is GREEN


@pytest.mark.parametrize("entry", ["nonsense", f"{CREATE} memory=big", "Payroll memory=1", f"{CREATE} x=1"])
def test_a_setting_that_cannot_be_read_is_never_green(entry: str) -> None:
    section = Deployed().run(replace(SETTINGS, deployed_functions=(entry,)))
    assert world.lights(section) == [UNKNOWN]
    assert "deployed_functions" in reported(section.items[0])


def lease(changes: Changes) -> Lease:
    at = FakeAws().now - timedelta(hours=3)
    return Lease("memory_increase", RESULT, "incident", LeaseState.IN_FORCE, at, None, {}, changes)


def test_what_our_own_remedy_has_set_is_no_drift() -> None:
    made = Deployed().file().set(RESULT, MemorySize=512)
    change = Change(RESULT, "MemorySize", "256", "512", Status.APPLIED)
    assert made.run().light is AMBER
    row = {"pk": rows.STACK, "sk": "LEASE#x", "data": rows.pack(lease((change,)))}
    made.leases = [to_item(row)]
    assert made.run().light is GREEN
    made.set(RESULT, MemorySize=1024)
    assert made.run().light is AMBER


def test_a_function_that_is_gone_is_left_to_readiness_and_hides_no_other() -> None:
    made = Deployed().set(CREATE, Timeout=60)
    del made.aws.lambdas.functions[RESULT]
    section = made.run()
    assert world.lights(section) == [AMBER, GREEN]
    assert RESULT not in str(section)


def test_without_the_right_to_read_reservations_the_rest_is_compared_and_it_is_reported() -> None:
    made = Deployed().set(CREATE, Timeout=60)
    made.aws.fail("lambda", "get_function_concurrency", Denied, times=99)
    section = made.run()
    assert sorted(world.lights(section)) == sorted([AMBER, GREEN, UNKNOWN])
    assert "lambda:GetFunctionConcurrency" in reported(one(section, UNKNOWN))


def test_where_no_function_can_be_read_it_is_one_unknown_line() -> None:
    made = Deployed()
    made.aws.fail("lambda", "get_function_configuration", Denied, times=99)
    assert world.lights(made.run()) == [UNKNOWN]


@pytest.mark.parametrize("operation", ["list_objects_v2", "get_object"])
@pytest.mark.parametrize("error", [Denied, Missing])
def test_a_report_of_yesterday_that_cannot_be_read_is_reported(operation: str, error: type[Denied]) -> None:
    made = Deployed().file()
    made.aws.fail("s3", operation, error, times=9)
    section = made.run()
    assert sorted(world.lights(section)) == sorted([GREEN, UNKNOWN])
    fine = next(each for each in section.items if each.light is GREEN)
    assert fine.said.key == "check.configuration.fine.alone", "it must not say that there is no earlier day"


@pytest.mark.parametrize(
    "report", [[], {"sections": None}, {"sections": [3, {"name": "configuration", "facts": [1]}]}]
)
def test_a_report_of_another_shape_breaks_nothing(report: Any) -> None:
    made = Deployed()
    made.filed[YESTERDAY] = report
    assert RED not in world.lights(made.run())


def test_without_a_bucket_the_deployed_values_are_still_compared() -> None:
    section = Deployed().set(CREATE, Timeout=60).run(replace(SETTINGS, reports_bucket=""))
    assert section.light is AMBER


def test_the_mail_names_the_function_the_cause_and_the_revert() -> None:
    made = Deployed().file()
    made.reserved[RESULT] = 0
    check_report = CheckReport(Cadence.DAILY, made.aws.now, date(2026, 2, 4), "r", "a", (made.run(),))
    mail = plain(Summary(check_report), "en", 30)
    assert "reserved concurrency is 0" in mail
    assert "delete-function-concurrency" in mail
    assert "ask the person who set it" in mail


def test_in_one_run_each_function_is_asked_once_who_asks() -> None:
    aws = Deployed().aws
    shared = through(aws, SharedAnswers())
    first = shared.call("lambda", "get_function_configuration", FunctionName=CREATE)
    first["Timeout"] = 1
    second = shared.call("lambda", "get_function_configuration", FunctionName=CREATE)
    assert second["Timeout"] == 10
    shared.call("lambda", "get_function_configuration", FunctionName=CREATE, Qualifier="$LATEST")
    assert aws.count("lambda", "get_function_configuration") == 2


def test_a_refusal_is_shared_like_an_answer() -> None:
    aws = Deployed().aws
    aws.fail("lambda", "get_function_configuration", Denied, times=99)
    shared = through(aws, SharedAnswers())
    for _ in range(2):
        with pytest.raises(Denied):
            shared.call("lambda", "get_function_configuration", FunctionName=CREATE)
    assert aws.count("lambda", "get_function_configuration") == 1
