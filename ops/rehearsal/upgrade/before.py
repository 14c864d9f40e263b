"""What a version is given before another one is deployed over it: made by its deployed functions and its own
console."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from local_aws.client import Fault
from rehearsal.drill.stack import APPROVER, PRINCIPALS, SECOND, STACK
from rehearsal.drill.stored_records import filed
from rehearsal.drill.watched_alarms import event_of, watched_alarm
from rehearsal.standing.keeper import user
from rehearsal.upgrade.checkout import Checkout, need
from rehearsal.upgrade.stand import Stand, at
from rehearsal.world.names import ACCOUNT, CREATE, LOGINS, RESULT

# Another value than the default, where that is no number or switch: a value that is lost shows.
_GIVEN: Mapping[str, Any] = {
    "rollout_readers": list(LOGINS),
    "threshold_readers": [CREATE, RESULT],
    # Shorter, not longer, than the default: the incident ends after it.
    "threshold_hours": 1,
    "service_policy": "LivenessLambdaPolicy",
    "time_zone": "Europe/Berlin",
    "level_2_contact": "the desk",
    "slack_level_mentions": {"2": ["<@U0LEAD>"]},
    "deployed_functions": {CREATE: {"timeout": 10}},
    "runbook_url": "https://runbook.company.example/liveness",
}
# Keep their default.
_KEPT: Mapping[str, str] = {
    "rollout_variable": "the functions of the world read the variable of this name",
    "threshold_variable": "the functions of the world read the variable of this name",
}
_CLASSES = "may"
# An approval counts for 15 minutes, and has to outlive the stop.
STOP, STOPPED_MINUTES = "release", 8
_AT_ONCE, _WAITS = [0.05, 0.05], [0.2, 0.4]
# One that fails, one that fails twice, one that is not delivered.
FAILS, TWICE, LOST = "low-confidence", "create-session-errors", "get-result-errors"


def people(stand: Stand) -> None:
    """Two people on call, and the administrator, confirm and register."""
    stand.aws.confirm()
    stand.people = {name: user(stand.aws, name) for name in (APPROVER, SECOND)}


def settings(stand: Stand) -> str:
    """A document of every key that the version knows, set by its own console; the number of keys."""
    known = known_settings(stand.version)
    person = known["people"]["additionalProperties"]["properties"]
    may = {_CLASSES: person[_CLASSES]["items"]["enum"]}
    document = others(known)
    document["level_2_contact"] = f"the desk of {stand.version.name}"
    document["roles"] = {"desk": f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall"}
    document["people"] = {
        APPROVER: {"aws": [PRINCIPALS[APPROVER], "desk/oncall@corp"], **may},
        SECOND: {"aws": [PRINCIPALS[SECOND]], "slack": "U0LEAD", **may},
    }
    need(known.keys() <= document.keys(), f"no value for {known.keys() - document.keys()}")
    stored(stand, document)
    return f"{len(document)} keys, {len(_KEPT)} of them with their default"


def known_settings(version: Checkout) -> Mapping[str, Any]:
    """The parts of its schema, by key."""
    schema = json.loads((version.root / "docs" / "settings.schema.json").read_text(encoding="utf-8"))
    known: Mapping[str, Any] = schema["properties"]
    return known


def others(known: Mapping[str, Any]) -> dict[str, Any]:
    """Of these parts of a schema each setting with another value than its default, as far as it is not in
    `_KEPT`."""
    return {name: _other(name, part["default"]) for name, part in known.items() if "default" in part}


def _other(name: str, default: Any) -> Any:
    if name in _KEPT:
        return default
    found = _GIVEN.get(name)
    match default:
        case _ if name in _GIVEN:
            pass
        case bool():
            found = not default
        case int() | float():
            found = default + 1
        case [int(), *_]:
            found = [each + 1 for each in default]
    need(found not in (None, default), f"{name} needs another value than its default")
    return found


def stored(stand: Stand, document: Mapping[str, Any], by: Checkout | None = None) -> None:
    """The settings document is set by the console of the version that is deployed, or of this one."""
    with written(document) as file:
        stand.console("settings", "set", file, "--yes", who=APPROVER, by=by)
    stand.settings = document


@contextmanager
def written(document: Mapping[str, Any]) -> Iterator[str]:
    """The name of a file with it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        yield file.name


def modes(stand: Stand) -> str:
    """One remedy more is only asked for: the rollout by the old version, whose incident shows that it is."""
    remedy = "rollout_to_zero" if stand.version is stand.old else "on_demand_billing"
    was = _effective(stand, remedy)
    stand.console("mode", remedy, "approve", "--yes", who=APPROVER)
    now = _effective(stand, remedy)
    need((was, now) == ("auto", "approve"), f"the mode of {remedy} was {was}, and is {now}")
    return remedy


def _effective(stand: Stand, remedy: str) -> str:
    (found,) = [each for each in stand.console("mode")["remedies"] if each["remedy"] == remedy]
    return str(found["effective"])


def acknowledged(stand: Stand) -> None:
    """The one that nothing solves, by a person; its follow-up has seen it."""
    stand.console("ack", stand.incidents["unsolved"], "--yes", who=APPROVER)
    stand.minutes(5)


def approved(stand: Stand) -> str:
    """The first of two people approves; the proposal."""
    incident, asked = stand.asked("two people")
    refusal = stand.refusal(APPROVER, incident, asked)
    need(not refusal, f"{asked} cannot be approved: {refusal}")
    return asked


def stopped(stand: Stand) -> None:
    """A stop with an end."""
    until = at(stand.course.now + timedelta(minutes=STOPPED_MINUTES))
    words = ("pause", STOP, "--reason", "release night", "--until", until, "--yes")
    stand.console(*words, who=SECOND)


def accepted(stand: Stand) -> str:
    """One amber finding of each section of the daily check that has one."""
    chosen = []
    for section in daily(stand)["sections"]:
        amber = (item for item in section["items"] if item["light"] == "amber" and not item["accepted"])
        chosen += [item["id"] for item in islice(amber, 1)]
    need(chosen, "there is no finding to accept")
    until = f"{stand.course.now + timedelta(days=30):%Y-%m-%d}"
    for finding in chosen:
        words = ("check", "accept", finding, "--until", until, "--reason", "known", "--yes")
        stand.console(*words, who=APPROVER)
    return f"{len(chosen)} findings"


def still_accepted(stand: Stand) -> list[str]:
    """The findings that the deployed daily check now reports as accepted: what else has happened since may
    have changed the facts of one."""
    items = (item for section in daily(stand)["sections"] for item in section["items"])
    found = [item["id"] for item in items if item["accepted"]]
    need(found, "no finding is accepted")
    return found


def daily(stand: Stand) -> dict[str, Any]:
    """What the daily check reports now."""
    stand.invoke("daily-check", {"source": "aws.scheduler", "time": at(stand.course.now)})
    keys = filed(stand.aws, "checks/")
    newest = max(key for key in keys if key.endswith(".json"))
    found: dict[str, Any] = json.loads(keys[newest])
    return found


def failures(stand: Stand) -> str:
    """A message in each queue: by its own path where that leads there, else as AWS leaves it."""
    stand.aws.settings(retry_waits=_AT_ONCE, retries_on_clock=0)
    try:
        with _denied(stand, FAILS), _not_admitted(stand, "slack-post", "sns.amazonaws.com"):
            stand.invoke(FAILS, _event(stand, FAILS), answered=False)
        with _denied(stand, TWICE, "response-failed"):
            stand.invoke(TWICE, _event(stand, TWICE), answered=False)
        with _not_admitted(stand, LOST, "events.amazonaws.com"):
            name = watched_alarm(LOST).name
            for state in ("ALARM", "OK"):
                stand.aws.client("cloudwatch").set_alarm_state(
                    AlarmName=name, StateValue=state, StateReason="upgrade"
                )
                stand.aws.wait_idle()
    finally:
        stand.aws.settings(retry_waits=_WAITS, retries_on_clock=1)
    incident = stand.incidents["unsolved"]
    _put(stand, "UnfollowedQueue", {"incident": incident, "generation": 1})
    attributes = {"incident": {"Type": "String", "Value": incident}}
    _put(stand, "UnmailedQueue", {"Type": "Notification", "Message": "-", "MessageAttributes": attributes})
    counts = waiting(stand)
    need(all(counts.values()), f"a queue is empty: {counts}")
    return ", ".join(f"{name.removesuffix('Queue')} {number}" for name, number in counts.items())


def queues(stand: Stand) -> dict[str, str]:
    """The addresses of the stack's queues by the names of its outputs."""
    (stack,) = stand.aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    found = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    return {name: value for name, value in sorted(found.items()) if name.endswith("Queue")}


def waiting(stand: Stand) -> dict[str, int]:
    """How many messages each queue holds."""
    sqs, name = stand.aws.client("sqs"), "ApproximateNumberOfMessages"
    return {
        queue: int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])
        for queue, url in queues(stand).items()
    }


def _event(stand: Stand, alarm: str) -> dict[str, Any]:
    return event_of(watched_alarm(alarm).name, {}, stand.course.now, "upgrade", "{}")


def _put(stand: Stand, queue: str, body: object) -> None:
    stand.aws.client("sqs").send_message(QueueUrl=queues(stand)[queue], MessageBody=json.dumps(body))


@contextmanager
def _denied(stand: Stand, *functions: str) -> Iterator[None]:
    """Nothing that they call answers."""
    client = stand.aws.client("lambda")
    found = (client.get_function_configuration(FunctionName=f"{STACK}-{each}") for each in functions)
    roles = [each["Role"].rsplit("/", 1)[-1] for each in found]
    stand.aws.inject(Fault("*", "*", "AccessDeniedException", role=role, times=100_000) for role in roles)
    yield
    stand.aws.wait_idle(240)
    stand.aws.release()


@contextmanager
def _not_admitted(stand: Stand, function: str, service: str) -> Iterator[None]:
    """The function's policy does not admit this service."""
    client, name = stand.aws.client("lambda"), f"{STACK}-{function}"
    policy = json.loads(client.get_policy(FunctionName=name)["Policy"])
    mine = [each for each in policy["Statement"] if each["Principal"].get("Service") == service]
    for each in mine:
        client.remove_permission(FunctionName=name, StatementId=each["Sid"])
    yield
    stand.aws.wait_idle(240)
    for each in mine:
        (source,) = each["Condition"]["ArnLike"].values()
        client.add_permission(
            FunctionName=name,
            StatementId=each["Sid"],
            Action="lambda:InvokeFunction",
            Principal=service,
            SourceArn=source,
        )
