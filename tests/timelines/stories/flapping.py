"""The alarm comes and goes: each level is notified at the manual's minute, in every rhythm."""

from tests.timelines.expect import Closes, Knows, Most, Rollout, Said
from tests.timelines.timeline import HIGH, At, Timeline, alarm, faults, flapping, ladder, ok
from tests.timelines.world import Service
from tests.unit.followup.scenes import broken, slow, too_few_faults

_FEW = Service(faults=0.1)
_BROKEN = Service(faults=1.5)


def _when_raised(cycle: float, on: float, minutes: tuple[int, int, int]) -> tuple[Knows, ...]:
    """Each level at its minute, or when the alarm is raised next after it: within the three minutes between
    two looks, and the half minute over which decisions of several incidents are spread."""

    def raised(minute: float) -> float:
        phase = minute % cycle
        return minute if phase < on else minute - phase + cycle

    return tuple(Knows(level, raised(at), slack=3.5) for level, at in zip((2, 3, 4), minutes, strict=True))


TIMELINES = (
    Timeline(
        "flap-3-3",
        too_few_faults,
        245,
        flapping(3, 3, 245),
        (*_when_raised(6, 3, HIGH), Most(1, 12), Most(2, 3), Most(3, 2), Most(4, 3)),
        _FEW,
    ),
    Timeline(
        "flap-3-3-off",
        broken,
        245,
        flapping(3, 3, 245),
        (*_when_raised(6, 3, HIGH), Most(1, 13), Most(2, 3), Most(3, 2), Most(4, 3)),
        _BROKEN,
    ),
    Timeline(
        "flap-5-20",
        too_few_faults,
        245,
        flapping(5, 20, 245),
        (*_when_raised(25, 5, HIGH), Most(1, 24), Most(2, 12)),
        _FEW,
    ),
    Timeline(
        "flap-12-12",
        too_few_faults,
        245,
        flapping(12, 12, 245),
        (*_when_raised(24, 12, HIGH), Most(1, 24), Most(2, 12)),
        _FEW,
    ),
    Timeline(
        "flap-12-12-off",
        broken,
        245,
        flapping(12, 12, 245),
        (*_when_raised(24, 12, HIGH), Most(1, 18), Most(2, 12)),
        _BROKEN,
    ),
    Timeline(
        "flap-12-12-off-day",
        broken,
        24 * 60,
        flapping(12, 12, 24 * 60),
        (*_when_raised(24, 12, HIGH), Most(1, 50), Most(2, 30), Most(3, 30), Most(4, 30)),
        _BROKEN,
    ),
    Timeline(
        "flap-30-30",
        too_few_faults,
        245,
        flapping(30, 30, 245),
        (
            Knows(2, 60, since=29, slack=3),
            Knows(3, 120, since=59, slack=3),
            Knows(4, 120, since=119, slack=3),
        ),
        _FEW,
    ),
    Timeline(
        "flap-medium-12-12",
        slow,
        245,
        flapping(12, 12, 245),
        (*_when_raised(24, 12, (60, 90, 150)), Most(1, 24), Most(2, 12)),
    ),
    Timeline(
        "return-to-all-who-know",
        broken,
        150,
        (At(80, ok()), At(104, alarm())),
        (
            *ladder(HIGH, last=3),
            Said("response", after=104, before=108, level=2, about="back"),
            Said("response", after=104, before=108, level=3, about="back"),
        ),
        _BROKEN,
    ),
    Timeline(
        "second-return",
        broken,
        130,
        (At(12, ok()), At(40, alarm()), At(50, ok()), At(65, alarm())),
        (Knows(2, 65, slack=3), Knows(3, 65, slack=3), Knows(4, 120, since=119, slack=2)),
        _BROKEN,
    ),
    Timeline(
        "third-incident",
        too_few_faults,
        100,
        (At(4, ok()), At(26, alarm()), At(30, ok()), At(52, alarm())),
        (Knows(2, 52, slack=3),),
        _FEW,
    ),
    Timeline(
        "one-return",
        too_few_faults,
        60,
        (At(12, ok()), At(18, alarm()), At(25, ok()), At(25, faults(0))),
        (Most(1, 6), Most(2, 0), Closes(38, since=34), Rollout("50", 60)),
        _FEW,
    ),
)
