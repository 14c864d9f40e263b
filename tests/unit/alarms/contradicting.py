"""Sentences that must not be in one message, listed by their keys: what a reader would call a
contradiction, without looking at how the code classifies them.

A key alone means the sentence whatever its mark, `normal KEY` and `red KEY` for the marked one.
"""

from collections.abc import Iterable, Iterator, Mapping

from responder.core.finding import Finding, Polarity
from responder.core.verdict import Verdict

CALM_TABLE = {"evidence.pressure.calm", "evidence.capacity.calm", "out.table"}
NO_FAULTS = {"evidence.failures.nothing", "out.downstream"}
NO_DENIALS = {"evidence.denied.none"}
NO_CHANGES = {f"evidence.changes{each}" for each in ("", ".none", ".known_only")} | {"out.changes"}
TABLE_THERE = {"normal evidence.table"}
RIGHTS_THERE = {"normal evidence.access"}
BUCKET_WELL = {"normal evidence.bucket"}
_RED = (
    "access.missing access.policy_absent access.role_absent bucket.absent bucket.denies capacity.throttled"
    " concurrency configuration creation_time denied failures.total failures.total_recent health"
    " pressure.throttled reservation.off scores service.rate table.absent timing"
)
RED = {f"red evidence.{each}" for each in _RED.split()}
THROTTLED = {"red evidence.pressure.throttled", "red evidence.capacity.throttled"}

# Each row: causes, and what must not be in a message with them.
_ROWS: tuple[tuple[str, set[str]], ...] = (
    (
        "throttling quota internal configuration refused import_error unexpected other connection"
        " connection_lost read_timeout tls proxy validation credentials client_setup variable response"
        " slow_rekognition slow_images slow_network slow_dependency object_absent key_unusable",
        NO_FAULTS,
    ),
    ("access_denied", NO_FAULTS | NO_DENIALS),
    ("slow_table", NO_FAULTS | {"out.table_fast"}),
    ("release change", NO_FAULTS | NO_CHANGES),
    ("memory", {"out.memory"}),
    ("environment", {"normal evidence.configuration"}),
    ("table_absent table_unusable index_absent index_unusable", NO_FAULTS | TABLE_THERE),
    ("bucket_absent", NO_FAULTS | BUCKET_WELL),
    ("permission_absent policy_absent role_absent", NO_FAULTS | RIGHTS_THERE),
    ("cold_starts", {"normal evidence.cold_starts", "out.cold_starts"}),
    ("near_threshold low_scores amber", {"normal evidence.scores"}),
    ("table_throttled table_capacity table_hot_key table_on_demand_throttled", CALM_TABLE),
    ("concurrency_off", {"normal evidence.reservation.none"}),
    ("concurrency_reserved concurrency_account", {"normal evidence.concurrency"}),
    (
        "denied_role denied_elsewhere denied_by_role denied_public_block denied_key denied_above"
        " denied_other_role denied_other_target",
        NO_DENIALS,
    ),
    ("denied_bucket_policy", NO_DENIALS | BUCKET_WELL),
    ("sessions_ended rate_normal passed_by creation_fast throttles_passed denied_mended", RED),
)
# No sentence contradicts these: not known, a suspicion that rests on all else being well, users who left.
UNCONTRADICTED = {"cause.unknown", "cause.network", "cause.unfinished"}
OF_CAUSES: Mapping[str, set[str]] = {
    f"cause.{name}": excluded for names, excluded in _ROWS for name in names.split()
}
EXCLUDES: Mapping[str, set[str]] = {
    **OF_CAUSES,
    "out.table": THROTTLED,
    "out.changes": {"evidence.changes.suspect"},
    "out.health": {"evidence.health"},
}


def keys(verdict: Verdict, findings: Iterable[Finding]) -> Iterator[str]:
    """What the message says."""
    yield verdict.cause.kind.value
    yield from (each.kind.value for each in (*verdict.others, *verdict.ruled_out))
    for each in findings:
        yield each.said.key
        if each.polarity in (Polarity.FINE, Polarity.WRONG):
            yield f"{'normal' if each.polarity is Polarity.FINE else 'red'} {each.said.key}"


def pairs(reported: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each two of the keys that exclude each other."""
    said = set(reported)
    for one in sorted(said):
        yield from ((one, other) for other in sorted(EXCLUDES.get(one, set()) & said))
