"""Failed events that a person has re-evaluated or discarded. Messages leave their queues only here.

A request only names messages; each is read here, from its queue. So an event that is passed on is one that
AWS or a function of this stack left there, never one that a person wrote. It is passed on as a replay: the
alarm's function looks, reports and changes nothing. It opens an incident only while the alarm itself is
raised.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from responder.core.alarm_event import REDRIVEN, AlarmEvent, parse
from responder.core.command import Command, CommandKind
from responder.core.context import Context
from responder.core.declined import DeclineReason, RequestResult
from responder.core.errors import AwsError, BadEvent, Declined, Unreachable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.people import commands
from responder.people.case import PersonAnswer, PersonCase, RequestingPerson, done, note
from responder.people.request import FailedMessage, PersonRequest
from responder.respond.playbook import PLAYBOOKS
from responder.store.dead_letters import as_record
from responder.store.incidents import slug_of

# Longer than `people` runs (90 s): after this time the messages of a run that died are visible again.
_HELD_SECONDS = 120
# Long polling asks every server of the queue, and an empty answer then is the end of it.
_POLL_SECONDS, _MOST_POLLS = 1, 100
_DEEPEST = 5
_REFUSED = "-"


@frozen
class TakenMessage:
    """A message as SQS gave it; `receipt` is good until it is visible again."""

    queue: str
    url: str
    id: str
    body: str
    receipt: str

    @property
    def event(self) -> Data:
        """What was not answered, as it arrived; empty where the message cannot be read."""
        found = unpacked(self.body)
        return found[-1] if found else {}


def redrive(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Re-evaluate once for all messages of an incident or an alarm.

    Raises:
        Declined: the messages are not there, the incident is not open, one of them is about another alarm, or
            they hold no event of one alarm of this account.
        AwsError: it is not known to be accepted; the messages stay where they are.
    """
    context = asker.context
    with _taken(asked.letters, context) as taken:
        if asked.incident:
            answer = _re_evaluate(asked, taken, asker.case(asked))
        else:
            function, change = _known(asked.function), _newest(taken, context)
            answer = commands.answer(context, function, _replay(change, asker.caller.person))
        results = _accepted(answer)
        if _REFUSED in results:
            said, data = text("person.redrive_refused"), {"results": results}
            return PersonAnswer(RequestResult.NOT_DONE, (said,), data, "person.redrive_refused")
        step = {"what": "redrive", "messages": len(taken), "queue": asked.letters[-1].queue}
        removed = _removed(asked.letters, taken, asker, results=results)
    return _noted(removed, asked.incident, [step] if removed.data["removed"] else [], asker)


def discard(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Nothing is sent. Raises Declined where the messages are not there."""
    with _taken(asked.letters, asker.context) as taken:
        queues = {each.id: each.queue for each in taken.values()}
        removed = _removed(asked.letters, taken, asker)
    steps = [
        {"what": "discard", "queue": queues[each], "message": each, "error": asked.error}
        for each in removed.data["removed"]
    ]
    return _noted(removed, asked.incident, steps, asker)


@contextmanager
def _taken(letters: tuple[FailedMessage, ...], context: Context) -> Iterator[dict[str, TakenMessage]]:
    """Those of these messages that are in their queues and that no other reader has now, by id; what is left
    of them at the end is visible again.

    Raises:
        Declined: a queue is not one of this stack, or none of the messages is there.
        AwsError: a queue could not be read.
    """
    wanted: dict[str, set[str]] = {}
    for each in letters:
        wanted.setdefault(each.queue, set()).add(each.id)
    urls = _urls(context.settings)
    if not wanted.keys() <= urls.keys():
        raise Declined(DeclineReason.UNREADABLE(field="letters.queue"))
    taken: dict[str, TakenMessage] = {}
    others: dict[str, TakenMessage] = {}
    try:
        try:
            for queue, ids in wanted.items():
                for found in _received(queue, urls[queue], frozenset(ids), context):
                    (taken if found.id in ids else others)[found.id] = found
        finally:
            _give_back(others.values(), context)
        if not taken:
            raise Declined(DeclineReason.LETTERS_GONE())
        yield taken
    finally:
        _give_back(taken.values(), context)


def _urls(settings: Settings) -> dict[str, str]:
    """The URLs of all queues of the stack. They are in one account and Region, so each follows from its name
    and the first URL."""
    answer = dict(each.split("=", 1) for each in settings.queues)
    beside = next(iter(answer.values()), "").rpartition("/")[0]
    return {name: each if "/" in each else f"{beside}/{each}" for name, each in answer.items()}


def _received(queue: str, url: str, wanted: frozenset[str], context: Context) -> Iterator[TakenMessage]:
    missing = set(wanted)
    for _ in range(_MOST_POLLS):
        answer = context.aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_POLL_SECONDS,
        )
        found = answer.get("Messages", [])
        for each in found:
            missing.discard(each["MessageId"])
            yield TakenMessage(queue, url, each["MessageId"], str(each["Body"]), each["ReceiptHandle"])
        if not found or not missing:
            return


def _give_back(taken: Iterable[TakenMessage], context: Context) -> None:
    """Visible again immediately; where that fails, after two minutes."""
    for each in taken:
        about: Json = {"QueueUrl": each.url, "ReceiptHandle": each.receipt, "VisibilityTimeout": 0}
        try:
            context.aws.call("sqs", "change_message_visibility", **about)
        except AwsError as error:
            log().warning("not given back", extra={"error": str(error)})


def unpacked(body: str) -> list[Data]:
    """What AWS packs around an event, the outermost first; the last one is the event itself. Nothing where it
    cannot be read.

    Lambda: a record for a destination, or the plain event. EventBridge: the event. Scheduler: its request to
    Lambda ("Configuring a schedule's dead-letter queue"). Of a follow-up that ended: what it was given.
    """
    found, records = _read(body), list[Data]()
    for _ in range(_DEEPEST):
        if not isinstance(found, Mapping):
            break
        found = as_record(found)
        records.append(found)
        if "requestPayload" in found:
            found = found["requestPayload"]
        elif "ended" in found:
            found = found["ended"]
        elif is_request(found):
            found = _read(found["Payload"])
        else:
            break
    return records


def is_request(record: Data) -> bool:
    """A request of Scheduler to Lambda."""
    return "FunctionName" in record and "Payload" in record


def _read(body: object) -> object:
    try:
        return json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        return None


def _re_evaluate(asked: PersonRequest, taken: Mapping[str, TakenMessage], case: PersonCase) -> object:
    if any(_of_another(each.event, asked.incident) for each in taken.values()):
        # Otherwise the message would leave its queue, and its content would be lost.
        raise Declined(DeclineReason.UNREADABLE(field="letters"))
    if case.head is not None or case.incident is None or case.incident.closed:
        case.open()
    # The first response may have died before it recorded which function it was.
    slug = case.head.slug if case.head is not None else _known(asked.function)
    return commands.answer(case.context, slug, Command(CommandKind.RE_EVALUATE, asked.incident))


def _of_another(event: Data, incident: str) -> bool:
    """Whether the message concerns another alarm or incident, as far as it shows."""
    try:
        return parse(event).slug != slug_of(incident)
    except BadEvent:
        named = event.get("incident")
        return isinstance(named, str) and named != incident


def _known(function: str) -> str:
    if function not in PLAYBOOKS:
        raise Declined(DeclineReason.UNREADABLE(field="function"))
    return function


def _newest(taken: Mapping[str, TakenMessage], context: Context) -> AlarmEvent:
    """The newest of several changes of one alarm to one state."""
    try:
        changes = [parse(each.event) for each in taken.values()]
    except BadEvent as error:
        raise Declined(DeclineReason.UNREADABLE(field=f"event.{error.field}")) from None
    here = (context.settings.account, context.settings.region)
    if any((each.account, each.region) != here for each in changes):
        raise Declined(DeclineReason.UNREADABLE(field="event.account"))
    if len({(each.arn, each.state) for each in changes}) > 1:
        raise Declined(DeclineReason.UNREADABLE(field="letters"))
    return max(changes, key=lambda each: each.at)


def _replay(change: AlarmEvent, person: str) -> Data:
    """The change as EventBridge sends it from an archive, and the person who has it delivered again."""
    stamp = change.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "account": change.account,
        "region": change.region,
        "resources": [change.arn],
        "detail": {"alarmName": change.name, "state": {"value": change.state.value, "timestamp": stamp}},
        "replay-name": "redrive",
        REDRIVEN: person,
    }


def _accepted(found: object) -> Mapping[str, str]:
    answer: Data = found if isinstance(found, Mapping) else {}
    # An OK is only recorded: there is nothing to decide.
    given = answer.get("results", {} if "state" in answer else None)
    if not isinstance(given, Mapping):
        raise Unreachable("lambda", "Invoke", "NoResults")
    return {str(name): str(result) for name, result in given.items()}


def _removed(
    letters: tuple[FailedMessage, ...],
    taken: dict[str, TakenMessage],
    asker: RequestingPerson,
    **data: Any,
) -> PersonAnswer:
    """What was removed from its queue leaves `taken`, too: it is not given back."""
    missing = [each.id for each in letters if each.id not in taken]
    removed, problems = [], {}
    for each in list(taken.values()):
        try:
            asker.context.aws.call("sqs", "delete_message", QueueUrl=each.url, ReceiptHandle=each.receipt)
        except AwsError as error:
            problems[each.id] = str(error)
        else:
            removed.append(taken.pop(each.id).id)
    data |= {"person": asker.caller.person, "removed": removed, "problems": problems, "missing": missing}
    if not problems:
        return done(**data)
    said = text("person.not_removed", problems=", ".join(sorted(set(problems.values()))))
    return PersonAnswer(RequestResult.AWS, (said,), data, "person.not_removed")


def _noted(
    answer: PersonAnswer, incident: str, steps: Iterable[Data], asker: RequestingPerson
) -> PersonAnswer:
    if not incident:
        return answer
    return answer.without(note(asker.context, asker.caller, incident, asker.context.now, *steps))
