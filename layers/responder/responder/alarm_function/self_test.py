"""The self-test: an alarm of this stack that a person raises to see the whole chain answer.

`LivenessResponder-SelfTest-STACK` watches nothing and can only be raised manually. Its event invokes the
function of unknown alarms, which opens no incident, reads nothing of the service and changes nothing: it
reads the switches, notifies on-call, and puts what it found where the console reads it. Every other event
passes here, so a forged self-test hides no alarm and leads to at most one message a minute.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.alarm_function.handler import World
from responder.core.alarm_event import AlarmEvent, AlarmState, parse
from responder.core.context import Context
from responder.core.errors import (
    AwsError,
    BadEvent,
    BeingAnswered,
    NotClaimed,
    ResponderError,
    SettingsUnusable,
)
from responder.core.log import log
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.switches import switches
from responder.core.text import Text, Texts, text
from responder.evidence.base import reason
from responder.respond.gather import event_doubts
from responder.store import self_tests
from responder.store.self_tests import SelfTest
from responder.store.switches import read_parameters

ALARM = "LivenessResponder-SelfTest-{stack}"
# Written by the console for each of its runs, so that two at the same time can distinguish their answers.
REASON = "liveness-ops selftest {run}: a test, nothing is wrong"
_RUN = re.compile(REASON.format(run="([0-9a-f]{8})"))
KIND = "self-test"
# All addresses get a message of the highest level.
_LEVEL = "4"
# However often it is raised.
_SELDOM = timedelta(minutes=1)


def handle(event: object, lambda_context: Any) -> Json | None:
    """The entry on Lambda: the answer to a self-test; None for any other event."""
    from responder.aws.boto import gateway
    from responder.aws.claims import Claims

    settings = Settings.read(os.environ)
    if raised(event, settings) is None:
        return None
    boto = gateway(settings.region)
    world = World(boto, Claims(boto, settings.claims_table), os.environ, datetime.now(UTC))
    return answer(event, lambda_context, world)


def raised(event: object, settings: Settings) -> AlarmEvent | None:
    """The change of this stack's own alarm; None for any other event, readable or not."""
    try:
        change = parse(event)
    except BadEvent:
        return None
    own = (settings.account, settings.region, ALARM.format(stack=settings.stack))
    return change if (change.account, change.region, change.name) == own else None


def answer(event: object, lambda_context: Any, world: World) -> Json | None:
    """None where it is no self-test. Nothing is thrown for what fails on the way: the person who raised it
    waits at the console and sees it there; a retry would only send the message again."""
    settings = Settings.read(world.environment)
    change = raised(event, settings)
    if change is None:
        return None
    stale = event_doubts(change, world.now, world.environment)
    if change.state is not AlarmState.ALARM or stale:
        return {"self_test": None, "ignored": str(stale[0].kind) if stale else change.state.value}
    context = Context(world.aws, settings, world.now, change.at)

    def work() -> Json:
        return _tested(change, context, _run(event))

    try:
        return world.claims.once(f"{KIND}|{change.arn}", work, lambda_context, lambda _: _SELDOM)
    except BeingAnswered:
        return {"self_test": None, "ignored": "another one runs"}
    except NotClaimed as error:
        log().warning("self-test without a claim", extra={"error": str(error.why)})
        return work()


def _run(event: Any) -> str:
    """The console's run that raised the alarm; empty where it was raised in another way."""
    state = event["detail"].get("state") if isinstance(event, Mapping) and "detail" in event else None
    found = _RUN.fullmatch(str(state.get("reason"))) if isinstance(state, Mapping) else None
    return f"-{found[1]}" if found else ""


def _tested(change: AlarmEvent, context: Context, run: str) -> Json:
    aws, table = context.aws, context.settings.incidents_table
    test = _found(change, context, run)
    kept = _recorded(lambda: self_tests.begin(aws, table, test))
    refused, letters = _notify(test, context)
    if kept:
        _recorded(lambda: self_tests.notified(aws, table, test.id, refused, letters))
    log().info("self-test", extra={"id": test.id, "notified": refused is None})
    return {"self_test": test.id, "notified": refused is None}


def _found(change: AlarmEvent, context: Context, run: str) -> SelfTest:
    name = f"{KIND}-{change.at:%Y%m%dT%H%M%SZ}{run}"
    settings = context.settings
    try:
        found = switches(settings.parameters_path, read_parameters(context.aws, settings))
    except AwsError as error:
        return SelfTest(name, change.at, problem=reason(error))
    document = found.document
    problem = document.reason.text if isinstance(document, SettingsUnusable) else None
    return SelfTest(name, change.at, found.everywhere, len(found.active(context.now)), problem)


def _notify(test: SelfTest, context: Context) -> tuple[Text | None, bool | None]:
    """Why the message was refused, and whether SNS took a subject that is not ASCII; None: none was tried."""
    from responder.messages.notice import Notice, envelope
    from responder.messages.publish import send

    settings = context.settings
    notice = Notice(
        id=test.id,
        at=context.now,
        about=text("subject.self_test"),
        said=text("notice.self_test", stack=settings.stack),
        lines=_lines(test, settings),
        account=settings.account,
        region=settings.region,
        kind=KIND,
        level=_LEVEL,
    )
    try:
        sent = envelope(notice, settings.language, settings.language)
        taken = send(context.aws, settings, sent)
    except AwsError as error:
        log().error("self-test not sent", extra={"error": str(error)})
        return reason(error), None
    return None, None if sent.subject.isascii() else taken


def _lines(test: SelfTest, settings: Settings) -> Texts:
    """The lines of the message: what comes next while the stack only observes, and always how to stop it."""
    mode: Text | str = test.mode.value if test.mode else text("notice.self_test_no_mode")
    lines = [text("notice.self_test_mode", mode=mode, stops=test.stops)]
    options = settings.console
    if test.mode in (None, Mode.OBSERVE):
        lines += [text(f"notice.self_test_{each}", options=options) for each in ("ready", "people", "week")]
    stop = text("notice.self_test_stop", region=settings.region, path=settings.parameters_path)
    return (*lines, stop)


def _recorded(do: Callable[[], None]) -> bool:
    try:
        do()
    except ResponderError as error:
        log().error("self-test not on record", extra={"error": str(error)})
        return False
    return True
