"""selftest: raise its own alarm, and show which parts of the chain answered.

CloudWatch, EventBridge, a function, SNS, mail and Slack; CloudWatch and the topic of the last resort; the
entry for people. The service is not touched, no incident is opened, the alarm is set back at the end.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from liveness_ops.listing import listed
from liveness_ops.people.entry import ask
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.alarm_function.self_test import ALARM, REASON
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import ASCII, UTF_8
from responder.core.slack_health import SlackCallResult, SlackCallStatus
from responder.core.text import Strings, Text, text
from responder.messages.language import say
from responder.people.request import PersonRequest, RequestKind
from responder.store import self_tests
from responder.store.self_tests import SelfTest
from responder.store.switches import SUBJECTS

_TICK_SECONDS = 0.5
# The function answers one a minute.
_SELDOM = timedelta(minutes=1)
_COLUMNS = ("ops.self_test_col_light", "ops.self_test_col_part", "ops.self_test_col_said")
_TOPICS: Mapping[str, Strings] = {
    "NotificationsTopic": ("OnCallEmail", "Level2Email", "Level3Email", "Level4Email"),
    "LastResortTopic": ("LastResortEmail",),
}


@frozen
class Found:
    """One line of the table. `part`: a stable name for machines; `name`: of several of its kind."""

    part: str
    light: CheckStatus
    said: Text
    name: str = ""
    todo: Text | None = None

    @property
    def row(self) -> tuple[Text, Text, Text]:
        """The line as a row of the table."""
        part = Text(f"ops.self_test_part_{self.part}", {"name": self.name})
        return Text(f"ops.light_{self.light}"), part, self.said

    def to_json(self, language: str) -> dict[str, str]:
        """The line as `--json` prints it."""
        return {
            "part": self.part,
            "name": self.name,
            "light": self.light,
            "said": say(self.said, language),
        }


@frozen
class Clock:
    """`now`: seconds that only grow."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def selftest(session: OperatorSession, wait: int, clock: Clock | None = None) -> Json:
    """Raise the alarm and wait at most `wait` seconds for the answer.

    Raises:
        EarlyExit: something did not answer, or an address is not confirmed; the table has been shown. Or
            another self-test runs, or was answered within the last minute; then one line names it.
        AwsError: the alarm could not be raised; nothing was tested.
    """
    clock, run = clock or Clock(), secrets.token_hex(4)
    before = self_tests.last(session.aws, session.settings.incidents_table)
    if before is not None and abs(session.clock() - before.at) < _SELDOM:
        raise _another(before)
    session.screen.say(text("ops.self_test_begins", seconds=wait))
    begun, since = clock.now(), session.clock()
    _set(session, "OK", run)
    _set(session, "ALARM", run)
    try:
        test = _heard(session, before, run, begun + wait, clock)
        found = [*_chain(session, test, clock.now() - begun), *_addresses(session), _people(session)]
        found.insert(-1, _last_resort(session, since, begun + wait, clock))
    finally:
        _set(session, "OK", run)
    return _shown(session, found, test)


def _another(test: SelfTest) -> EarlyExit:
    """Of two simultaneous self-tests one is answered; its result does not count for the other."""
    return EarlyExit(Exit.NOT_DONE, text("ops.self_test_another", id=test.id), {"another": test.id})


def _set(session: OperatorSession, state: str, run: str) -> None:
    name = ALARM.format(stack=session.settings.stack)
    reason = REASON.format(run=run)
    session.aws.call("cloudwatch", "set_alarm_state", AlarmName=name, StateValue=state, StateReason=reason)


def _heard(
    session: OperatorSession, before: SelfTest | None, run: str, end: float, clock: Clock
) -> SelfTest | None:
    """The stored test once every channel has answered, or after the timeout. Raises EarlyExit where another
    one was answered instead."""
    slack = "SlackActionUrl" in session.outputs
    while True:
        last = self_tests.last(session.aws, session.settings.incidents_table)
        new = last if last is not None and (before is None or last.id != before.id) else None
        if new is not None and not new.id.endswith(run):
            raise _another(new)
        whole = new is not None and new.notified is not None and (new.slack is not None or not slack)
        if whole or (new is not None and new.notified is False) or clock.now() >= end:
            return new
        clock.sleep(_TICK_SECONDS)


def _chain(session: OperatorSession, test: SelfTest | None, seconds: float) -> Iterator[Found]:
    settings = session.settings
    if test is None:
        log = f"/aws/lambda/{settings.stack}-unknown-alarm"
        todo = text("ops.self_test_look", group=log, region=settings.region, options=settings.console)
        yield Found("alarm", RED, text("ops.self_test_silent", seconds=round(seconds)), todo=todo)
        return
    yield Found("alarm", GREEN, text("ops.self_test_heard", seconds=round(seconds, 1)))
    yield _switches(test)
    if test.notified:
        yield Found("sns", GREEN, text("ops.self_test_told"))
        if test.letters is not None:
            yield _subjects(session, taken=test.letters)
    else:
        why = test.refused or text("ops.self_test_unknown")
        yield Found("sns", RED, text("ops.self_test_not_sent", why=why))
    if "SlackActionUrl" in session.outputs:
        yield from _slack(session, test)


def _subjects(session: OperatorSession, *, taken: bool) -> Found:
    """Store whether SNS accepts a subject that is not ASCII: later messages depend on it."""
    name = f"{session.settings.parameters_path}/{SUBJECTS}"
    kept = {"Name": name, "Value": UTF_8 if taken else ASCII, "Type": "String", "Overwrite": True}
    try:
        session.aws.call("ssm", "put_parameter", **kept)
    except AwsError as error:
        return Found("subjects", AMBER, text("ops.self_test_unkept", call=str(error)))
    return Found("subjects", GREEN, Text(f"ops.self_test_subjects_{'utf8' if taken else 'ascii'}"))


def _switches(test: SelfTest) -> Found:
    if test.problem is not None:
        return Found("settings", RED, text("ops.self_test_problem", why=test.problem))
    if test.mode is None:
        return Found("settings", RED, text("ops.self_test_no_mode"))
    said = text("ops.self_test_settings", mode=test.mode, stops=test.stops)
    return Found("settings", AMBER if test.stops else GREEN, said)


def _slack(session: OperatorSession, test: SelfTest) -> Iterator[Found]:
    settings, found = session.settings, test.slack
    log = f"/aws/lambda/{settings.stack}-slack-post"
    todo = text("ops.self_test_look", group=log, region=settings.region, options=settings.console)
    if found is None:
        yield Found("slack", RED, text("ops.self_test_slack_silent"), todo=todo)
    elif found.secret:
        yield Found("slack", RED, text("ops.self_test_slack_secret", code=found.secret))
    else:
        yield from (_channel(name, said) for name, said in found.channels.items())


def _channel(name: str, said: SlackCallResult) -> Found:
    if said.how is SlackCallStatus.FINE:
        return Found("slack", GREEN, text("ops.self_test_posted"), name)
    return Found("slack", RED, text("ops.self_test_unposted", code=said.code), name)


def _addresses(session: OperatorSession) -> Iterator[Found]:
    """Who is subscribed, and who should be by the stack's parameters."""
    (stack,) = session.aws.call("cloudformation", "describe_stacks", StackName=session.settings.stack)[
        "Stacks"
    ]
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in stack.get("Parameters", [])}
    given["LastResortEmail"] = given.get("LastResortEmail") or given.get("OnCallEmail", "")
    for output, parameters in _TOPICS.items():
        wanted = {given[each] for each in parameters if given.get(each)}
        yield from _subscribed(session, session.outputs[output], wanted, output == "LastResortTopic")


def _subscribed(session: OperatorSession, topic: str, wanted: set[str], last_resort: bool) -> Iterator[Found]:
    part = "last_resort_address" if last_resort else "address"
    try:
        of = ("sns", "list_subscriptions_by_topic", "Subscriptions")
        found = list(listed(session.aws, *of, TopicArn=topic))
    except AwsError as error:
        yield Found(part, UNKNOWN, text("ops.self_test_unread", call=str(error)))
        return
    reached = False
    for each in found:
        if each["Protocol"] != "lambda":
            line = _address(session, part, each)
            reached = reached or line.light in (GREEN, AMBER)
            wanted -= {each["Endpoint"]}
            yield line
    for address in sorted(wanted):
        yield Found(
            part,
            RED,
            text("ops.self_test_gone"),
            address,
            text("ops.self_test_subscribe", region=session.settings.region, topic=topic, address=address),
        )
    if not found and not wanted and (last_resort or "SlackActionUrl" not in session.outputs):
        yield Found(part, RED, text("ops.self_test_no_recipient"))


def _address(session: OperatorSession, part: str, found: Data) -> Found:
    arn, name = found["SubscriptionArn"], _name(found)
    topic, region = found["TopicArn"], session.settings.region
    confirm = text("ops.self_test_confirm", region=region, topic=topic, address=name)
    if not arn.startswith("arn:"):
        return Found(part, RED, text("ops.self_test_pending"), name, confirm)
    try:
        given = session.aws.call("sns", "get_subscription_attributes", SubscriptionArn=arn)["Attributes"]
    except AwsError as error:
        return Found(part, UNKNOWN, text("ops.self_test_unread", call=str(error)), name)
    if given.get("PendingConfirmation") == "true":
        return Found(part, RED, text("ops.self_test_pending"), name, confirm)
    levels = _levels(given.get("FilterPolicy", ""))
    if found["Protocol"] == "email" and given.get("ConfirmationWasAuthenticated") != "true":
        said = text("ops.self_test_by_link", levels=levels)
        return Found(part, AMBER, said, name, text("ops.self_test_renew", address=name))
    return Found(part, GREEN, text("ops.self_test_confirmed", levels=levels), name)


def _name(found: Data) -> str:
    """A web address can contain a key in its path."""
    endpoint: str = found.get("Endpoint", "")
    if found["Protocol"] in ("http", "https"):
        return urlsplit(endpoint).hostname or "-"
    return endpoint


def _levels(policy: str) -> Text | str:
    try:
        listed = json.loads(policy)["level"] if policy else []
    except (KeyError, TypeError, ValueError):
        listed = []
    plain = [str(each) for each in listed if str(each).isdigit()]
    return ", ".join(plain) if plain else text("ops.self_test_every_level")


def _last_resort(session: OperatorSession, since: Any, end: float, clock: Clock) -> Found:
    """Whether CloudWatch could send to the topic; it reports that itself, with a delay."""
    try:
        while not (sent := _sent(session, since)) and clock.now() < end:
            clock.sleep(_TICK_SECONDS)
    except AwsError as error:
        return Found("last_resort", UNKNOWN, text("ops.self_test_unread", call=str(error)))
    if sent:
        return Found("last_resort", GREEN, text("ops.self_test_sent"))
    return Found("last_resort", RED, text("ops.self_test_unsent"))


def _sent(session: OperatorSession, since: Any) -> bool:
    found = session.aws.call(
        "cloudwatch",
        "describe_alarm_history",
        AlarmName=ALARM.format(stack=session.settings.stack),
        HistoryItemType="Action",
        # CloudWatch's clock and that of the console may differ.
        StartDate=since - timedelta(seconds=30),
    ).get("AlarmHistoryItems", [])
    said = (each["HistorySummary"] for each in found)
    return any(
        each.startswith("Successfully") and session.outputs["LastResortTopic"] in each for each in said
    )


def _people(session: OperatorSession) -> Found:
    """The entry for people, asked who calls."""
    if session.wire is None:
        return Found("people", RED, text("console.no_entry", stack=session.settings.stack))
    try:
        reply = ask(
            session.wire, session.screen.language, PersonRequest(RequestKind.WHOAMI), session.typed("pause")
        )
    except EarlyExit as early:
        said = early.said if isinstance(early.said, Text) else text("ops.at", at=early.said)
        light = AMBER if early.status is Exit.STRANGER else RED
        return Found("people", light, said)
    return Found("people", GREEN, text("ops.at", at=" ".join(reply.said)))


def _shown(session: OperatorSession, found: list[Found], test: SelfTest | None) -> Json:
    screen, language = session.screen, session.screen.language
    title = text("ops.self_test", stack=session.settings.stack)
    screen.name_target()
    screen.table(title, map(Text, _COLUMNS), [each.row for each in found])
    screen.say(*(each.todo for each in found if each.todo is not None))
    data = {
        "self_test": test.id if test else None,
        "found": [each.to_json(language) for each in found],
    }
    red = sum(each.light in (RED, UNKNOWN) for each in found)
    if red:
        raise EarlyExit(Exit.NOT_DONE, text("ops.self_test_red", count=red), data)
    screen.say(text("ops.self_test_green"), style="green")
    return data
