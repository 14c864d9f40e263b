"""Sentences that must not stand in one message, written down by their keys: what a reader would call a
contradiction, without looking at how the code classifies them."""

from collections.abc import Iterable, Iterator, Mapping

CALM_TABLE = {"evidence.pressure.calm", "evidence.capacity.calm", "out.table"}
NO_FAULTS = {"evidence.failures.nothing"}
NO_DENIALS = {"evidence.denied.none"}
THROTTLED = {"evidence.pressure.throttled", "evidence.capacity.throttled"}

OF_THE_LOG = (
    "access_denied throttling quota internal configuration import_error timeout unexpected other release"
    " connection connection_lost read_timeout tls proxy validation credentials client_setup variable response"
)
DENIED = "role elsewhere by_role bucket_policy public_block key above other_role other_target"
EXCLUDES: Mapping[str, set[str]] = {
    **{f"cause.{name}": NO_FAULTS for name in OF_THE_LOG.split()},
    **{
        f"cause.{name}": CALM_TABLE
        for name in ("table_throttled", "table_capacity", "table_hot_key", "table_on_demand_throttled")
    },
    **{
        f"cause.denied_{name}": NO_DENIALS
        for name in [
            "role",
            "elsewhere",
            "by_role",
            "bucket_policy",
            "public_block",
            "key",
            "above",
            "other_role",
            "other_target",
        ]
    },
    "cause.sessions_ended": THROTTLED,
    "cause.passed_by": THROTTLED,
    "out.table": THROTTLED,
    "out.changes": {"evidence.changes.suspect"},
}


def pairs(told: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each two of the keys that exclude each other."""
    said = set(told)
    for one in sorted(said):
        yield from ((one, other) for other in sorted(EXCLUDES.get(one, set()) & said))
