"""selftest: what answered, what did not, and what to do about it."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.alarm_function.handler import World
from responder.alarm_function.self_test import ALARM, REASON, answer
from responder.core.errors import Denied
from responder.core.plain_data import Json
from tests.texts import piece
from tests.unit.console.conftest import with_queues
from tests.unit.people import terminal as console
from tests.unit.people.terminal import KEN, OUTPUTS, Terminal

NAME = ALARM.format(stack="responder")
TOPIC, LAST_RESORT = (
    f"arn:aws:sns:us-east-1:123456789012:{each}" for each in ("Notifications", "LastResort")
)
EVE = "arn:aws:iam::123456789012:user/eve"


@dataclass
class Stack:
    """A deployed stack as the self-test meets it.

    `silent`: the event reaches no function; `acted`: CloudWatch could send to the last resort; `first`: the
    reason of another test that was raised just before this one; `subscribed`: by topic (address,
    confirmed | link | pending).
    """

    terminal: Terminal
    silent: bool = False
    first: str = ""
    acted: bool = True
    states: list[str] = field(default_factory=list)
    subscribed: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: {
            TOPIC: [("on-call@example.com", "confirmed"), ("lead@example.com", "confirmed")],
            LAST_RESORT: [("on-call@example.com", "confirmed")],
        }
    )

    def set_state(self, AlarmName: str, StateValue: str, StateReason: str) -> Json:  # noqa: N803
        assert AlarmName == NAME
        self.states.append(StateValue)
        scene = self.terminal.scene
        if StateValue == "ALARM" and not self.silent:
            raised = scene.event(at=scene.aws.now)
            raised["detail"]["alarmName"] = NAME
            raised["detail"]["state"]["reason"] = self.first or StateReason
            raised["resources"] = [f"{raised['resources'][0].rpartition(':')[0]}:{NAME}"]
            environment = {name: each for name, each in scene.environment.items() if name != "ALARM_NAME"}
            answer(raised, None, World(scene.aws, scene.claims, environment, scene.aws.now))
        return {}

    def listed(self, TopicArn: str, **_: Any) -> Json:  # noqa: N803
        found = [
            {
                "SubscriptionArn": "PendingConfirmation"
                if state == "pending"
                else f"{TopicArn}:{address}:{state}",
                "Protocol": "email",
                "Endpoint": address,
                "TopicArn": TopicArn,
                "Owner": "123456789012",
            }
            for address, state in self.subscribed[TopicArn]
        ]
        return {"Subscriptions": found}

    def attributes(self, SubscriptionArn: str) -> Json:  # noqa: N803
        safe = str(SubscriptionArn.endswith(":confirmed")).lower()
        level = '{"level": ["2", "3", "4", "only-4"]}' if "lead" in SubscriptionArn else ""
        policy = {"FilterPolicy": level} if level else {}
        return {
            "Attributes": {"PendingConfirmation": "false", "ConfirmationWasAuthenticated": safe, **policy}
        }

    def history(self, **asked: Any) -> Json:
        assert (asked["AlarmName"], asked["HistoryItemType"]) == (NAME, "Action")
        said = f"Successfully executed action {LAST_RESORT}"
        return {"AlarmHistoryItems": [{"HistorySummary": said}] if self.acted else []}


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    found = with_queues(Terminal(console.scene()))
    monkeypatch.setattr("liveness_ops.people.command_runner.open_aws", lambda *_: (found, "us-east-1"))
    monkeypatch.setattr("liveness_ops.people.command_runner.entry_transport", lambda *_: found)
    monkeypatch.setitem(OUTPUTS, "NotificationsTopic", TOPIC)
    monkeypatch.setitem(OUTPUTS, "LastResortTopic", LAST_RESORT)
    made, before = Stack(found), Terminal.stack
    given = {"OnCallEmail": "on-call@example.com", "Level2Email": "lead@example.com"}

    def deployed(self: Terminal, name: str) -> Json:
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        return {**before(self, name), "Parameters": parameters}

    monkeypatch.setattr(Terminal, "stack", deployed)
    aws = found.fake
    aws.answer("cloudwatch", "set_alarm_state", made.set_state)
    aws.answer("cloudwatch", "describe_alarm_history", made.history)
    aws.answer("sns", "list_subscriptions_by_topic", made.listed)
    aws.answer("sns", "get_subscription_attributes", made.attributes)
    return made


def lights(found: Json) -> dict[str, str]:
    return {f"{each['part']} {each['name']}".strip(): each["light"] for each in found["found"]}


def test_where_all_answer_it_ends_well_and_names_each(stack: Stack) -> None:
    found = stack.terminal.machine("selftest")
    assert found["exit"] == 0
    assert re.fullmatch("self-test-20260204T102500Z-[0-9a-f]{8}", found["self_test"])
    assert lights(found) == dict.fromkeys(
        (
            "alarm",
            "settings",
            "sns",
            "address on-call@example.com",
            "address lead@example.com",
            "last_resort_address on-call@example.com",
            "last_resort",
            "people",
        ),
        "green",
    )
    said = {each["name"]: each["said"] for each in found["found"] if each["part"] == "address"}
    assert "levels: 2, 3, 4" in said["lead@example.com"]


@pytest.mark.parametrize(("letters", "kept"), [(True, "utf-8"), (False, "ascii")])
def test_whether_sns_takes_japanese_subjects_is_stored(stack: Stack, letters: bool, kept: str) -> None:
    stack.terminal.scene.environment["LANGUAGE"] = "ja"
    stack.terminal.fake.sns.letters = letters
    assert lights(stack.terminal.machine("selftest"))["subjects"] == "green"
    assert stack.terminal.fake.ssm.parameters["/responder/mail-subjects"] == kept


def test_the_alarm_is_set_back_whatever_happens(stack: Stack) -> None:
    stack.terminal.run("selftest")
    assert stack.states == ["OK", "ALARM", "OK"]
    stack.terminal.fake.tick(minutes=1)
    stack.terminal.fake.fail("sns", "list_subscriptions_by_topic", ValueError("broken"))
    stack.terminal.run("selftest --wait 1")
    assert stack.states[-1] == "OK"


@pytest.mark.parametrize(
    ("language", "words"), [("en", piece("ops.self_test_green")), ("ja", "問題はありません")]
)
def test_the_table_is_for_people(stack: Stack, language: str, words: str) -> None:
    done = stack.terminal.run("selftest", language=language)
    assert (done.exit_code, words in done.output) == (0, True)
    assert "on-call@example.com" in done.output


def test_an_address_that_is_not_confirmed_fails_it_with_the_command(stack: Stack) -> None:
    stack.subscribed[TOPIC][1] = ("lead@example.com", "pending")
    done = stack.terminal.run("selftest")
    assert done.exit_code == 7
    assert (
        f"aws sns confirm-subscription --region us-east-1 --topic-arn {TOPIC} "
        "--authenticate-on-unsubscribe true --token TOKEN" in done.output
    )


def test_an_address_that_has_left_is_missed_by_the_stack_s_parameters(stack: Stack) -> None:
    stack.subscribed[LAST_RESORT] = []
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["last_resort_address on-call@example.com"]) == (7, "red")


def test_one_that_a_link_can_end_is_named_and_no_failure(stack: Stack) -> None:
    stack.subscribed[TOPIC][0] = ("on-call@example.com", "link")
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["address on-call@example.com"]) == (0, "amber")


def test_a_web_address_is_named_by_its_host_alone(stack: Stack) -> None:
    def listed(**_: Any) -> Json:
        hook = {"Protocol": "https", "Endpoint": "https://hooks.example.com/secret?key=1", "TopicArn": TOPIC}
        return {"Subscriptions": [{**hook, "SubscriptionArn": f"{TOPIC}:x:confirmed", "Owner": "1"}]}

    stack.terminal.fake.answer("sns", "list_subscriptions_by_topic", listed)
    output = stack.terminal.run("selftest").output
    assert "hooks.example.com" in output
    assert "secret" not in output and "key=1" not in output


def test_no_answer_in_time_says_where_to_look(stack: Stack) -> None:
    stack.silent = True
    done = stack.terminal.run("selftest --wait 1")
    assert done.exit_code == 7
    assert "aws logs tail /aws/lambda/responder-unknown-alarm --region us-east-1 --since 15m" in done.output
    assert "liveness-ops failures" in done.output


def test_a_second_one_within_the_minute_raises_nothing_and_names_the_first(stack: Stack) -> None:
    stack.terminal.headers["date"] = "Wed, 04 Feb 2026 10:25:20 GMT"
    first = stack.terminal.machine("selftest")["self_test"]
    states = list(stack.states)
    done = stack.terminal.run("selftest --wait 1")
    assert (done.exit_code, done.output.count("\n"), stack.states) == (7, 1, states)
    assert first in done.output
    assert piece("ops.self_test_another") in done.output


def test_of_two_simultaneously_only_the_one_that_was_answered_has_a_result(stack: Stack) -> None:
    stack.first = REASON.format(run="00c0ffee")
    found = stack.terminal.machine("selftest")
    assert (found["exit"], found["error"]) == (7, "ops.self_test_another")
    assert found["another"] == "self-test-20260204T102500Z-00c0ffee"
    assert stack.states[-1] == "OK"


@pytest.mark.parametrize("reason", ["raised by hand", "liveness-ops selftest 1: nothing", ""])
def test_one_that_was_raised_by_hand_meanwhile_is_another(stack: Stack, reason: str) -> None:
    stack.first = reason or " "
    assert stack.terminal.machine("selftest")["another"] == "self-test-20260204T102500Z"


def test_a_topic_that_refuses_fails_it(stack: Stack) -> None:
    stack.terminal.fake.fail("sns", "publish", Denied, times=9)
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["sns"]) == (7, "red")


def test_a_last_resort_that_cloudwatch_did_not_reach_fails_it(stack: Stack) -> None:
    stack.acted = False
    found = stack.terminal.machine("selftest --wait 1")
    assert (found["exit"], lights(found)["last_resort"]) == (7, "red")


def test_an_alarm_history_that_cloudwatch_writes_a_moment_later_is_waited_for(stack: Stack) -> None:
    stack.acted = False

    def later(**asked: Any) -> Json:
        found = stack.history(**asked)
        stack.acted = True
        return found

    stack.terminal.fake.answer("cloudwatch", "describe_alarm_history", later)
    found = stack.terminal.machine("selftest --wait 10")
    assert (found["exit"], lights(found)["last_resort"]) == (0, "green")


def test_what_could_not_be_looked_at_is_no_success(stack: Stack) -> None:
    stack.terminal.fake.fail("sns", "list_subscriptions_by_topic", Denied, times=9)
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["address"]) == (7, "unknown")


def test_without_the_right_to_raise_it_one_line_reports_it(stack: Stack) -> None:
    stack.terminal.fake.fail("cloudwatch", "set_alarm_state", Denied, times=9)
    done = stack.terminal.run("selftest")
    assert (done.exit_code, stack.states) == (6, [])


def test_the_entry_for_people_knows_its_caller(stack: Stack) -> None:
    stack.terminal.caller = KEN
    (said,) = [
        each["said"] for each in stack.terminal.machine("selftest")["found"] if each["part"] == "people"
    ]
    assert "You are registered as ken" in said


def test_a_caller_who_is_not_registered_is_no_failure(stack: Stack) -> None:
    stack.terminal.caller = EVE
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["people"]) == (0, "amber")


def test_an_entry_that_does_not_answer_fails_it(stack: Stack) -> None:
    stack.terminal.status = 502
    found = stack.terminal.machine("selftest")
    assert (found["exit"], lights(found)["people"]) == (7, "red")
