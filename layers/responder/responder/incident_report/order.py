"""Steps in the order in which they happened.

All steps of one response carry the time at which it began; within it the order is that of the shell.
"""

from collections.abc import Iterable

from responder.core.change import LeaseState, Status
from responder.incident_report.reading import lease
from responder.store.reading import TimelineStep

LEASES = frozenset(state.value for state in LeaseState)
_RANKS = (
    ("state",),
    ("findings",),
    ("verdict",),
    ("asked",),
    ("person",),
    ("applying",),
    ("taking_back",),
    ("in_force", "partial", "failed", "ended"),
    ("ineffective",),
    ("told", "unchanged"),
    ("duty",),
)
_MOVED = frozenset({Status.TAKEN_BACK, Status.KEPT, Status.IN_PROGRESS})


def in_order(steps: Iterable[TimelineStep]) -> tuple[TimelineStep, ...]:
    """Oldest first; what is unknown comes last within its instant."""
    return tuple(sorted(steps, key=lambda step: (step.at, _rank(step), _moved(step))))


def _rank(step: TimelineStep) -> int:
    return next((place for place, kinds in enumerate(_RANKS) if step.kind in kinds), len(_RANKS))


def _moved(step: TimelineStep) -> int:
    """A lease is put down before it is taken back and after it, under the same name."""
    found = lease(step.data) if step.kind == LeaseState.TAKING_BACK else None
    return sum(change.status in _MOVED for change in found.changes) if found else 0
