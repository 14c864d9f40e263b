"""How long users wait for a session."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waits:
    """SessionCreationTime over one window, in seconds; None where there was no datapoint."""

    samples: int
    average: float | None
    p90: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class CreationTimes:
    """Over the last `hours` and over the last 15 min; `hours` is 3 where one hour holds too few sessions.

    Measured inside the function: it holds no session whose request was killed, and no cold start's init.
    """

    whole: Waits
    recent: Waits
    hours: int = 1
