"""What the looks bring home: typed, without AWS, for pure decisions.

Every time is UTC. A fact that could not be had is absent (`Facts.of` gives None), never empty.
"""

from responder.evidence.facts.around import (
    Affects,
    Dependency,
    Gone,
    HealthEvents,
    Modification,
    Modifications,
    RoleAccess,
)
from responder.evidence.facts.failures import (
    ENDS_THE_INVOCATION,
    EXCEPTIONS,
    NETWORK,
    NORMAL,
    UNAVAILABLE,
    FailedRequest,
    FailureTally,
    Fault,
)
from responder.evidence.facts.functions import FunctionConfigurations, FunctionState, Starts
from responder.evidence.facts.table import IndexThroughput, TableLoad, TableState
from responder.evidence.facts.traffic import (
    Durations,
    FunctionTraffic,
    Headroom,
    Scores,
    ServiceFigures,
    Spread,
    Traffic,
)

__all__ = [
    "ENDS_THE_INVOCATION",
    "EXCEPTIONS",
    "NETWORK",
    "NORMAL",
    "UNAVAILABLE",
    "Affects",
    "Dependency",
    "Durations",
    "FailedRequest",
    "FailureTally",
    "Fault",
    "FunctionConfigurations",
    "FunctionState",
    "FunctionTraffic",
    "Gone",
    "Headroom",
    "HealthEvents",
    "IndexThroughput",
    "Modification",
    "Modifications",
    "RoleAccess",
    "Scores",
    "ServiceFigures",
    "Spread",
    "Starts",
    "TableLoad",
    "TableState",
    "Traffic",
]
