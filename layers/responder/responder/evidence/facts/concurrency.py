"""How many invocations run at once, and how many may."""

from dataclasses import dataclass, field

from responder.core.series import Series


@dataclass(frozen=True, slots=True)
class Reserved:
    """Limits on one function. `reserved` is None where nothing is reserved, 0 where it is switched off.

    `earlier`: of a function that is switched off, what was reserved before; None for nothing, or not known.
    `account`: concurrent executions of the whole account and Region; `unreserved`: what of it is shared.
    """

    function: str
    reserved: int | None
    account: int
    unreserved: int
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """One-minute figures over 1 h: sums of throttles and invocations, maxima of what ran at once.

    `shared`: concurrency of all functions without a reservation; `account`: of all functions.
    """

    function: str
    throttles: Series = field(default_factory=Series)
    invocations: Series = field(default_factory=Series)
    own: Series = field(default_factory=Series)
    shared: Series = field(default_factory=Series)
    account: Series = field(default_factory=Series)
