"""What must hold after any fault at any call of an alarm event or a command."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from liveness_ops.console.show import show
from liveness_ops.people.exits import EarlyExit
from liveness_ops.people.operator_session import Caller, OperatorSession
from rehearsal.drill import state
from rehearsal.world.names import LOGINS, ROLLOUT
from rehearsal.world.variables import SECRETS
from responder.aws.items import from_item
from responder.core.change import Change, Lease, LeaseState, Status, in_doubt
from responder.core.errors import ResponderError
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.store.rows import applied, lease
from tests.fakes import Died, FakeAws
from tests.proof import console_show, in_memory_drill
from tests.proof.lease_values import old_values, undone, wanted
from tests.proof.matrix import StoryRun
from tests.proof.outcomes_reported import reported_as_it_is
from tests.proof.scenario_stories import Known, deliver

# Ids of persons and sessions that the drill seeds into the logs.
_PERSONAL = ("EMP70", *SECRETS)
_CHANGES = {
    ("lambda", "update_function_configuration"),
    ("lambda", "update_alias"),
    ("lambda", "put_provisioned_concurrency_config"),
    ("lambda", "delete_provisioned_concurrency_config"),
    ("dynamodb", "update_table"),
}
_STANDS = (Status.APPLIED, Status.ALREADY)


def leased(played: StoryRun) -> Iterator[str]:
    """Every setting is as before, or leased with its old value."""
    known: Known = played.begun.known
    covered = {key: old for one in _open(played.aws) for key, old in old_values(played.aws, one).items()}
    yield from undone(known.first, _state(played.aws), covered)


def as_recorded(played: StoryRun) -> Iterator[str]:
    """What is recorded as made or not made agrees with AWS; a lease without a run that works on it is
    found."""
    found = _state(played.aws)
    for one in _open(played.aws):
        for change in one.changes:
            yield from _differs(played.aws, one, change, found)


def _differs(aws: FakeAws, one: Lease, change: Change, found: state.State) -> Iterator[str]:
    stands = [found.get(key, "") == value for key, value in wanted(aws, change).items()]
    name = f"{one.remedy}: {change.target} {change.setting}"
    if change.status in _STANDS and not stands[0]:
        yield f"{name} is on record as {change.status}, and is not so"
    failed = change.status is Status.FAILED and not in_doubt(change)
    if failed and all(stands) and one.state is not LeaseState.APPLYING:
        yield f"{name} is on record as failed, and is in force"


def once(played: StoryRun) -> Iterator[str]:
    """The same change was not made twice."""
    made = Counter(
        json.dumps(
            [service, operation, {k: v for k, v in asked.items() if k != "RevisionId"}], sort_keys=True
        )
        for service, operation, asked in played.aws.done
        if (service, operation) in _CHANGES
    )
    yield from (f"{json.loads(each)[1]} was done {times} times" for each, times in made.items() if times > 1)


def counted(played: StoryRun) -> Iterator[str]:
    """An act counts once, and only where something was changed."""
    rows = [applied(row) for row in _rows(played.aws, "APPLIED#")]
    acts = Counter((row.remedy, row.scope, row.incident) for row in rows if row.ok)
    yield from (f"{remedy} counts {times} times" for (remedy, *_), times in acts.items() if times > 1)
    known: Known = played.begun.known
    changed = any(each[:2] in _CHANGES for each in played.aws.done) or known.first != known.before
    if acts and not changed:
        yield f"{next(iter(acts))[0]} counts, and nothing was changed"


def never_uncounted(played: StoryRun) -> Iterator[str]:
    """What is in force counts towards the limits, also where it was only found."""
    rows = map(applied, _rows(played.aws, "APPLIED#"))
    acts = {(row.remedy, row.scope, row.incident) for row in rows if row.ok}
    for one in _open(played.aws):
        made = any(change.status in (Status.APPLIED, Status.IN_PROGRESS) for change in one.changes)
        known = one.state is not LeaseState.APPLYING
        if made and known and (one.remedy, one.scope, one.incident) not in acts:
            yield f"{one.remedy} is in force, and counts for nothing"


def reported(played: StoryRun) -> Iterator[str]:
    """A person was notified, by us or by the failure path; and of a lowered check with the words for it."""
    said = [json.loads(json.loads(each["Message"])["sqs"]) for each in played.reported]
    if played.invocation.kept:
        if len(played.aws.sqs.sent) != 1 or not any(each["kind"] == "failure" for each in said):
            yield "the event was not kept and told as a failure"
    elif not said and not _nothing_new(played):
        yield "no message was sent"
    known: Known = played.begun.known
    after, before = _state(played.aws), known.before
    lowered = [
        name
        for name in LOGINS
        if (after.get(f"{name} {ROLLOUT}"), before.get(f"{name} {ROLLOUT}")) == ("0", "50")
    ]
    if lowered and not any("SECURITY" in each["headline"] for each in said):
        yield "no message was sent that security is lowered"
    results = {outcome["result"] for each in said for outcome in each["outcomes"]}
    if "reverted" in results and any(one.open for one in _leases(played.aws)):
        yield "told as reverted, and on record it is not"


def _nothing_new(played: StoryRun) -> bool:
    """That AWS still works on it is no news; what was reverted or applied by an earlier try, is. A revert
    that AWS works on is reported by `finish`, once it has taken effect."""
    answer = played.invocation.answer
    back = (one for one in _leases(played.aws) if one.state is LeaseState.REVERTING)
    if any(change.status is Status.IN_PROGRESS for one in back for change in one.changes):
        return True
    return isinstance(answer, dict) and "unchanged" in answer.get("results", {}).values()


def followed(played: StoryRun) -> Iterator[str]:
    """Whatever was opened and answered has a follow-up, and only one."""
    opened = [row["incident"] for row in _rows(played.aws) if row["pk"] == "ALARMS"]
    if len(opened) > 1:
        yield "more than one incident"
    running = list(played.aws.lambdas.executions)
    if not played.invocation.kept and opened and running != [f"{opened[0]}-g1"]:
        yield f"followed by {running}"


def readable(played: StoryRun) -> Iterator[str]:
    """The console shows the incident, with all that is on record and was reported of it."""
    aws = played.aws
    settings = Settings.read(played.begun.environment)
    opened = [row["incident"] for row in _rows(aws) if row["pk"] == "ALARMS"]
    for incident in opened:
        heard = console_show.RecordingScreen("en")
        session = OperatorSession(aws, settings, heard, Caller("oncall", "arn"), lambda: aws.now)
        try:
            found = show(session, incident)
            yield from console_show.missing(incident, _leases(aws), found, heard.words)
            if not played.invocation.kept and not console_show.timeline_step_lost(played):
                yield from console_show.unreported(incident, played.reported, found)
        except EarlyExit as stop:
            if not played.invocation.kept:
                yield f"show ends with {stop.status}"
        except Exception as error:
            yield f"show dies of {type(error).__name__}"


def silent(played: StoryRun) -> Iterator[str]:
    """No secret and no person's id in rows, messages and answers."""
    kept = json.dumps(
        [
            played.aws.dynamo.rows(in_memory_drill.TABLES["Incidents"]),
            played.reported,
            str(played.invocation.answer),
        ]
    )
    yield from (f"a value leaked: {word[:5]}…" for word in _PERSONAL if word in kept)


def finished(played: StoryRun) -> Iterator[str]:
    """After the follow-up's `finish`, and a person's revert where one was interrupted, the record agrees
    and nothing waits without a reader."""
    aws, known = played.aws, played.begun.known
    for one in _open(aws):
        yield from _continued(aws, known, one)
    if any(one.state is LeaseState.REVERTING for one in _open(aws)):
        aws.tick(minutes=1)
        yield from _sent(aws, known, known.event)
        for one in _open(aws):
            yield from _continued(aws, known, one)
    yield from leased(played)
    yield from as_recorded(played)
    yield from once(played)
    found = _state(aws)
    for one in _open(aws):
        if one.state in (LeaseState.APPLYING, LeaseState.REVERTING):
            yield f"{one.remedy} stays {one.state}"
        for change in one.changes:
            off = [key for key, value in wanted(aws, change).items() if found.get(key, "") != value]
            if one.state is LeaseState.IN_FORCE and change.status in _STANDS and off:
                yield f"{off[0]} is told as {change.status} and is not so"


def again(played: StoryRun) -> Iterator[str]:
    """The event once more, as a double click or AWS itself may send it: nothing is done again."""
    known: Known = played.begun.known
    played.aws.tick(minutes=1)
    # For example a claim that was not freed: AWS would try again.
    with suppress(ResponderError):
        deliver(played.aws, known, known.event)
    played.aws.settle()
    for holds in (leased, as_recorded, once, counted):
        yield from (f"sent again: {each}" for each in holds(played))


def _continued(aws: FakeAws, known: Known, one: Lease) -> Iterator[str]:
    scope = next(
        (each.scope for each in known.playbook.remedies if each.name == one.remedy and _same(each, one)), ""
    )
    order = {"command": "finish", "incident": one.incident, "remedy": one.remedy, "scope": scope}
    for _ in range(2):
        aws.settle()
        aws.tick(minutes=1)
        yield from _sent(aws, known, order)
        if not any(_unsettled(each) for each in _open(aws)):
            break
    aws.settle()


def _unsettled(one: Lease) -> bool:
    return one.state is LeaseState.APPLYING or any(each.status is Status.IN_PROGRESS for each in one.changes)


def _same(remedy: Any, one: Lease) -> bool:
    function = getattr(remedy, "function", None)
    return function is None or function.deployed_name(Settings()) == one.scope


def _sent(aws: FakeAws, known: Known, event: Any) -> Iterator[str]:
    try:
        deliver(aws, known, event)
    except (ResponderError, Died) as error:
        yield f"{event.get('command', 'the event')} again ends with {error}"
    except Exception as error:
        yield f"{event.get('command', 'the event')} again dies of {type(error).__name__}"


def _rows(aws: FakeAws, prefix: str = "") -> list[Json]:
    rows = map(from_item, aws.dynamo.rows(in_memory_drill.TABLES["Incidents"]))
    return [row for row in rows if row["sk"].startswith(prefix)]


def _leases(aws: FakeAws) -> list[Lease]:
    return [lease(row) for row in _rows(aws, "LEASE#")]


def _open(aws: FakeAws) -> list[Lease]:
    return [one for one in _leases(aws) if one.open]


def _state(aws: FakeAws) -> state.State:
    return state.read(in_memory_drill.as_local_aws(aws).client)


INVARIANTS = (leased, as_recorded, once, counted, reported, reported_as_it_is, followed, readable, silent)
AFTERWARDS = (finished, never_uncounted, again, silent)
