"""The alarms' parameters for a traffic: as quick as they can be with at most one false alarm a year each.

The limits come from `false_alarms` at the background of `BackgroundFaults`, with the sessions of a day within
eight hours: a longer day has fewer false alarms. `make proof PART=detection` plays each of them again.
"""

import math
from collections.abc import Callable, Iterable, Mapping

from responder.core.frozen import frozen

# Sessions a day up to which so many sure faults within an hour raise a false alarm at most once a year.
SURE_FAULTS = ((40, 2), (140, 3), (420, 4), (1200, 5), (2800, 6), (5300, 7), (9000, 8))
# The same for every error, time-out or slow answer of one kind of calls, by the window in seconds.
FAULTS = {
    10800: ((24, 4), (60, 5), (120, 6), (215, 7), (320, 8)),
    3600: ((325, 7), (560, 8), (880, 9), (1200, 10), (1600, 11), (2000, 12), (2500, 13), (3000, 14)),
}
# The same for checks that users do not pass, where more than 5 % of them do not.
CHECKS = {
    10800: ((48, 8), (87, 10), (138, 12), (196, 14), (250, 16), (330, 18)),
    3600: (
        (175, 10),
        (285, 12),
        (420, 14),
        (590, 16),
        (780, 18),
        (970, 20),
        (1180, 22),
        (1390, 24),
        (1880, 28),
        (2360, 32),
        (2950, 36),
    ),
}
_HOUR, _THREE_HOURS = 3600, 10800
# With fewer sessions a day an hour has too few of them to show that three calls in ten fail.
_QUIET = 250
# Traffic that falls by less is no reason to deploy again: false alarms only become fewer.
_TOLERANCE, _POINTS = 1.25, 250
# What is deployed is for so many times the traffic of that day: about in the middle of what is tolerated.
_ROOM = 1.1
# With more traffic than the last of a table, the number grows with it, in steps of this factor: the more
# sessions, the less a share of them varies, so false alarms only become fewer.
_BEYOND = 1.25


@frozen
class AlarmParameters:
    """Of `template.yaml`, by their names there in lower case.

    Attributes:
        minimum_sure_faults: sure faults or throttled calls within `sure_faults_seconds`.
        rate_seconds: window of the corrected alarms and of the one on slow calls.
        minimum_faults: errors, time-outs or slow calls below which no alarm on them fires.
        minimum_failed_checks: the same of checks that do not succeed.
    """

    minimum_sure_faults: int
    sure_faults_seconds: int
    rate_seconds: int
    minimum_faults: int
    minimum_failed_checks: int

    @property
    def overrides(self) -> Mapping[str, str]:
        """The parameters by the names that a deployment uses."""
        return {name: str(getattr(self, field)) for name, field in PARAMETERS.items()}

    @classmethod
    def of(cls, value: Callable[[str], str]) -> "AlarmParameters":
        """The parameters as `value` returns them, by their names in a deployment."""
        return cls(**{field: int(float(value(name))) for name, field in PARAMETERS.items()})


# A deployment's name for each.
PARAMETERS = {
    "MinimumSureFaults": "minimum_sure_faults",
    "SureFaultsSeconds": "sure_faults_seconds",
    "MinimumFaults": "minimum_faults",
    "MinimumFailedChecks": "minimum_failed_checks",
    "RateSeconds": "rate_seconds",
}


def rules_for(sessions_a_day: float) -> AlarmParameters:
    """The parameters for so many sessions a day."""
    window = _THREE_HOURS if sessions_a_day <= _QUIET else _HOUR
    return AlarmParameters(
        minimum_sure_faults=_least(SURE_FAULTS, sessions_a_day),
        sure_faults_seconds=_HOUR,
        rate_seconds=window,
        minimum_faults=_least(FAULTS[window], sessions_a_day),
        minimum_failed_checks=_least(CHECKS[window], sessions_a_day),
    )


def suited(sessions_a_day: float) -> AlarmParameters:
    """The parameters to deploy at this traffic: those for a little more, so that they still fit on the next
    days, whose traffic is never the same."""
    return rules_for(sessions_a_day * _ROOM)


def fits(deployed: AlarmParameters, sessions_a_day: float) -> bool:
    """Whether no deployment is needed: the parameters suit this traffic, or a little more."""
    # The tables' steps lie close together: a few points could miss the step that was deployed.
    shares = (1 + (_TOLERANCE - 1) * part / _POINTS for part in range(_POINTS + 1))
    return any(deployed == rules_for(sessions_a_day * share) for share in shares)


def _least(limits: Iterable[tuple[int, int]], sessions_a_day: float) -> int:
    most, least = 0.0, 0.0
    for most, least in limits:
        if sessions_a_day <= most:
            return least
    steps = math.ceil(math.log(sessions_a_day / most, _BEYOND))
    return math.ceil(least * _BEYOND**steps)
