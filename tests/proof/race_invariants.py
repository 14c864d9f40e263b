"""What must hold whatever happens at the same time. Each yields what is wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Set

from responder.guards import CHANGES_LIMIT
from tests.proof.end_state import EndState

# What a remedy sets; everything else of the service belongs to people.
SET_BY_REMEDIES = ("LIVENESS_ROLLOUT_PERCENTAGE", "billing", "units", "provisioned")


def violations(after: EndState, alarms: Set[str], earlier: int = 0) -> list[str]:
    """Every invariant. `alarms`: those that went off. `earlier`: acts on record from before."""
    return [
        *applied_twice(after),
        *over_hourly_limit(after),
        *uncovered(after, earlier),
        *other_settings_changed(after),
        *not_one_incident(after, alarms),
        *unreported(after, alarms),
        *unanswered(after),
    ]


def applied_twice(after: EndState) -> Iterator[str]:
    """One write changes one target."""
    for (operation, resource), times in after.writes.items():
        if times > 1:
            yield f"{operation} of {resource} {times} times"


def over_hourly_limit(after: EndState) -> Iterator[str]:
    """All of a round happens within the hour."""
    done = [act for act in after.acts if act["ok"]]
    if len(done) > CHANGES_LIMIT:
        yield f"{len(done)} changes within an hour"


def uncovered(after: EndState, earlier: int = 0) -> Iterator[str]:
    """What was changed is in a lease that an incident owns, and was counted once."""
    open_ = [each for each in after.leases if each["state"] not in ("ended", "failed")]
    held = {change["target"].split(":")[0] for each in open_ for change in each["changes"]}
    for setting in after.changes:
        if setting.split(" ")[0].split(":")[0] not in held:
            yield f"{setting} was changed, and no lease covers it"
    if len([act for act in after.acts if act["ok"]]) - earlier != len(open_):
        yield f"{len(after.acts)} acts counted, {len(open_)} leases open"
    yield from (f"nobody has {one['remedy']}" for one in open_ if one["incident"] not in after.heads)


def other_settings_changed(after: EndState) -> Iterator[str]:
    """No variable and no setting but those that remedies set."""
    for setting, (before, now) in after.changes.items():
        if not setting.endswith(SET_BY_REMEDIES):
            yield f"{setting}: {before!r} became {now!r}"


def not_one_incident(after: EndState, alarms: Set[str]) -> Iterator[str]:
    """Of each alarm, on record as well as in every message."""
    by_alarm: dict[str, set[str]] = defaultdict(set)
    for each in after.messages:
        by_alarm[each["alarm"]].add(each["incident"])
    for row in after.heads.values():
        by_alarm[row["alarm"]].add(row["incident"])
    for alarm in alarms:
        if len(by_alarm[alarm]) != 1:
            yield f"{alarm} has the incidents {sorted(by_alarm[alarm])}"
    for incident, times in after.threads.items():
        if times > 1:
            yield f"{incident} has {times} threads"
    if set(after.threads) != {each["incident"] for each in after.messages}:
        yield f"threads of {sorted(after.threads)}"


def unreported(after: EndState, alarms: Set[str]) -> Iterator[str]:
    """Each response is reported once: a repeat has the same id."""
    reported: dict[str, set[str]] = defaultdict(set)
    for each in after.messages:
        if each["kind"] == "response":
            reported[each["alarm"]].add(each["id"])
    yield from (f"{alarm} told as {sorted(reported[alarm])}" for alarm in alarms if len(reported[alarm]) != 1)


def failed(after: EndState) -> Iterator[str]:
    """Nothing at all has failed."""
    yield from (f"{number} messages in {name}" for name, number in after.queues.items() if number)
    yield from (f"failure of {each['alarm']}" for each in after.messages if each["kind"] == "failure")


def unanswered(after: EndState) -> Iterator[str]:
    """An event has its answer, or is in the queue of failures and a person is notified."""
    failures = sum(each["kind"] == "failure" for each in after.messages)
    kept = Counter(after.queues)
    if kept["Failures"] != failures:
        yield f"{kept['Failures']} failures kept, {failures} told"
    for name, number in kept.items():
        if number and name != "Failures":
            yield f"{number} messages in {name}"
