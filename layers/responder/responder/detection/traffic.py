"""The assumptions of the computation: sessions over the day, and what fails without any fault."""

from collections.abc import Mapping, Sequence

from responder.core.frozen import frozen
from responder.detection.rules import CountedFailures

HOURS = 24


@frozen
class SessionTraffic:
    """Sessions that begin in each hour of a day (24 numbers), at random times."""

    hours: tuple[float, ...]

    @property
    def a_day(self) -> float:
        """Sessions a day."""
        return sum(self.hours)

    @property
    def usual(self) -> float:
        """The sessions an hour, on average over sessions (not over hours)."""
        return sum(each * each for each in self.hours) / self.a_day if self.a_day else 0.0

    @property
    def busy(self) -> str:
        """The hours of the day in which people log in, `08:00-18:00, 21:00-22:00`.

        They have at least half as many sessions as the hour that a session usually meets.
        """
        among = [False, *(each > 0 and each * 2 >= self.usual for each in self.hours), False]
        edges = [hour for hour in range(HOURS + 1) if among[hour] != among[hour + 1]]
        spans = zip(edges[::2], edges[1::2], strict=True)
        return ", ".join(f"{begin:02}:00-{end:02}:00" for begin, end in spans)


def over_day(sessions: float, hours: int = 12) -> SessionTraffic:
    """This many sessions, spread evenly over this many hours, none in the others."""
    first = (HOURS - hours) // 2
    rate = sessions / hours
    return SessionTraffic(tuple(rate if 0 <= hour - first < hours else 0.0 for hour in range(HOURS)))


def by_hour(counted: Sequence[float], days: float) -> SessionTraffic:
    """The traffic from what was counted in each hour of the day (24 numbers) over this many days."""
    return SessionTraffic(tuple(each / days for each in counted) if days > 0 else (0.0,) * HOURS)


@frozen
class UserPatience:
    """What users do: open a session and ask for its result, and repeat what fails.

    Attributes:
        tries: how often a user repeats a call while a fault lasts, each time within a minute.
        opens: users open a session first; else they only ask for results.
    """

    tries: int = 1
    opens: bool = True


@frozen
class BackgroundFaults:
    """Shares of calls (0-1) that fail although nothing is wrong; why these, docs/detection.md says.

    Attributes:
        sure: with a sure fault, or turned away for their number.
        other: with another one, or slow.
        checks: checks that users do not pass, of all checks, repeated ones included.
        again: of the calls that are repeated, within a minute.
    """

    sure: float = 0.0001
    other: float = 0.003
    checks: float = 0.03
    again: float = 0.3

    def share(self, failures: CountedFailures) -> float:
        """Of the calls that an alarm counts, when they are made for the first time.

        How the others are spread over the kinds is not known: each kind is taken to be all of them.
        """
        return self._shares[failures]

    @property
    def _shares(self) -> Mapping[CountedFailures, float]:
        kinds = CountedFailures
        every = self.sure + self.other
        return {
            kinds.SURE: self.sure,
            kinds.DENIED: self.sure,
            kinds.THROTTLE: self.sure,
            kinds.SERVICE: every,
            kinds.LAMBDA: every,
            kinds.TIMEOUT: self.other,
            kinds.SLOW: self.other,
            # Each that is not passed has 1 / (1 - again) on average before one that is.
            kinds.CHECK: self.checks * (1 - self.again) / (1 - self.checks),
        }


USUAL_PATIENCE = UserPatience()
USUAL_FAULTS = BackgroundFaults()
