"""What failed, decided again or discarded by a person: the messages leave their queues here alone.

The event of a message comes with the request. Of it only the alarm, its state and the time are passed on,
and the alarm's function believes none of them: it reads the alarm itself, and acts on no old event.
"""

from collections.abc import Mapping
from typing import Any

from responder.alarm import AlarmEvent, parse
from responder.command import Command, Order
from responder.context import Context
from responder.denial import Denial, Ending
from responder.errors import AwsError, BadEvent, Declined, Unreachable
from responder.render.manual import FALLBACK_STEPS
from responder.shell.people import order, request
from responder.shell.people.answer import Answer, done
from responder.shell.people.case import Asker, Case, Subject
from responder.shell.people.timeline import note
from responder.text import text

_REFUSED = "-"


def redrive(asked: request.Redrive, asker: Asker) -> Answer:
    """Once for all messages of an incident or an alarm.

    Raises:
        Declined: the incident is not open, or the event is none of an alarm of this account.
        AwsError: it is not known to be accepted; the messages stay where they are.
    """
    queues = _queues(asked.letters, asker.context)
    if asked.incident:
        found = _decide_again(asked, asker.case(Subject(asked.incident)))
    else:
        found = _afresh(asked, asker.context)
    if _REFUSED in found:
        said = text("person.redrive_refused")
        return Answer(Ending.NOT_DONE, (said,), {"results": found}, "person.redrive_refused")
    step = {"what": "redrive", "messages": len(asked.letters), "queue": asked.letters[-1].queue}
    told = _removed(asked.letters, queues, asker, results=found)
    return _noted(told, asked.incident, step, asker)


def discard(asked: request.Discard, asker: Asker) -> Answer:
    """Nothing is sent."""
    queues = _queues(asked.letters, asker.context)
    (letter,) = asked.letters[:1]
    step = {"what": "discard", "queue": letter.queue, "message": letter.id, "error": asked.error}
    return _noted(_removed(asked.letters, queues, asker), asked.incident, step, asker)


def _decide_again(asked: request.Redrive, case: Case) -> Mapping[str, str]:
    if case.head is not None or case.incident is None or case.incident.closed:
        case.open()
    # The first response may have died before it put on record which function it was.
    slug = case.head.slug if case.head is not None else _known(asked.function)
    command = Command(Order.DECIDE_AGAIN, asked.incident)
    return _accepted(order.carry_out(case.context, slug, command))


def _known(function: str) -> str:
    if function not in FALLBACK_STEPS:
        raise Declined(Denial.UNREADABLE(field="function"))
    return function


def _afresh(asked: request.Redrive, context: Context) -> Mapping[str, str]:
    function = _known(asked.function)
    try:
        change = parse(asked.event)
    except BadEvent as error:
        raise Declined(Denial.UNREADABLE(field=f"event.{error.field}")) from None
    if (change.account, change.region) != (context.settings.account, context.settings.region):
        raise Declined(Denial.UNREADABLE(field="event.account"))
    return _accepted(order.answer(context, function, _event(change)))


def _event(change: AlarmEvent) -> Mapping[str, Any]:
    """The change as EventBridge tells it."""
    stamp = change.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "account": change.account,
        "region": change.region,
        "resources": [change.arn],
        "detail": {"alarmName": change.name, "state": {"value": change.state.value, "timestamp": stamp}},
        **({"replay-name": "redrive"} if change.replayed else {}),
    }


def _accepted(found: object) -> Mapping[str, str]:
    told: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    # An OK is only put on record: there is nothing to decide.
    given = told.get("results", {} if "state" in told else None)
    if not isinstance(given, Mapping):
        raise Unreachable("lambda", "Invoke", "NoResults")
    return {str(name): str(result) for name, result in given.items()}


def _queues(letters: tuple[request.Letter, ...], context: Context) -> Mapping[str, str]:
    """The URLs of our queues by name; raises Declined for any other queue."""
    known = dict(each.split("=", 1) for each in context.settings.queues)
    if not {each.queue for each in letters} <= known.keys():
        raise Declined(Denial.UNREADABLE(field="letters.queue"))
    return known


def _removed(
    letters: tuple[request.Letter, ...], queues: Mapping[str, str], asker: Asker, **data: Any
) -> Answer:
    removed, problems = [], {}
    for each in letters:
        try:
            asker.context.aws.call(
                "sqs", "delete_message", QueueUrl=queues[each.queue], ReceiptHandle=each.receipt
            )
        except AwsError as error:
            problems[each.id] = str(error)
        else:
            removed.append(each.id)
    told = {**data, "person": asker.caller.person, "removed": removed, "problems": problems}
    if not problems:
        return done(**told)
    said = text("person.not_removed", problems=", ".join(sorted(set(problems.values()))))
    return Answer(Ending.AWS, (said,), told, "person.not_removed")


def _noted(told: Answer, incident: str, step: Mapping[str, Any], asker: Asker) -> Answer:
    if not incident or not told.data["removed"]:
        return told
    missing = note(asker.context, asker.caller, incident, step, asker.context.now)
    return told.also(text("person.not_noted", call=str(missing))) if missing is not None else told
