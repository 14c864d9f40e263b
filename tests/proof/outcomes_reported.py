"""What a run began, or has set in part, is never reported as only proposed, or as not done."""

from collections.abc import Iterator

from rehearsal.drill import state
from responder.aws.items import from_item
from responder.core.change import Lease, LeaseState
from responder.core.liveness_function import scope_of
from responder.core.settings import Settings
from responder.store.rows import lease
from tests.proof import in_memory_drill
from tests.proof.lease_values import wanted
from tests.proof.matrix import StoryRun
from tests.proof.reporting import reports

_NOT_SET = frozenset({"observed", "refused", "failed"})
# A person has undone it, or it is reported that it could not be read.
_EXCUSED = frozenset({"guard.undone_since", "guard.not_readable", "guard.leases_unread"})
_HALF = (LeaseState.APPLYING, LeaseState.PARTIAL)


def reported_as_it_is(played: StoryRun) -> Iterator[str]:
    """What the last report calls not done was not begun, and is set nowhere."""
    messages = [each for each in reports(played.reported) if each["kind"] != "failure"]
    for outcome in messages[-1]["outcomes"] if messages else ():
        said_too = (outcome["because"], *outcome["also"], *messages[-1]["warnings"])
        if outcome["result"] in _NOT_SET and not _EXCUSED & {each["key"] for each in said_too if each}:
            name = outcome["remedy"], outcome["scope"]
            said = f"{name[0]} is told as {outcome['result']}:"
            yield from (
                f"{said} {set_}"
                for one in _half(played)
                if (one.remedy, scope_of(one.scope, Settings())) == name
                for set_ in _standing(played, one, failed=outcome["result"] == "failed")
            )


def _half(played: StoryRun) -> Iterator[Lease]:
    rows = map(from_item, played.aws.dynamo.rows(in_memory_drill.TABLES["Incidents"]))
    leases = [lease(row) for row in rows if row["sk"].startswith("LEASE#")]
    return (one for one in leases if one.state in _HALF)


def _standing(played: StoryRun, one: Lease, *, failed: bool) -> Iterator[str]:
    """Targets at which all of it is in effect; or that it was begun, where no failure was reported."""
    if one.state is LeaseState.APPLYING and not failed:
        yield "begun, and not finished"
    found = state.read(in_memory_drill.as_local_aws(played.aws).client)
    for change in one.changes:
        places = wanted(played.aws, change)
        if all(found.get(place, "") == value for place, value in places.items()):
            yield change.target
