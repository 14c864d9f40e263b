"""A remedy is in force: whether it helps, how it goes back, and what others change meanwhile."""

from tests.timelines.expect import Closes, Every, Executions, Most, Rollout, Said, StaysOpen, never, once
from tests.timelines.timeline import (
    DAY,
    DELETED,
    HEALED,
    HIGH,
    RESUME,
    SNS_AWAY,
    STOP,
    At,
    Timeline,
    alarm,
    approve,
    close,
    deploys,
    faults,
    keeps_warm,
    ladder,
    mode,
    ok,
    reject,
    revert,
    sets,
)
from tests.timelines.world import Service
from tests.unit.followup.scenes import FollowUpScene, broken, cold, table, throttled, too_few_faults
from tests.unit.remedies.world import FOUR, ROLLOUT

_BROKEN = Service(faults=1.5)
_THROTTLES = Service(faults=1.5, code="ThrottlingException")
# The revert begins with a question; a mail of it is about the command or the step, and the end.
_RESTORING = r"^(command|progress restore|progress recovered|closed)"
_LOWERED = r"SECURITY LOWERED|[Tt]he liveness check is off"
_CHANGED = r"(?i:changed by|changed it|left as (it is|changed)|was changed|has changed|set by)"
_GONE = r"alarm (no longer exists|does not exist|was deleted|is gone|has been deleted)|deleted or renamed"
_WAY_BACK = r"restore liveness check|on again|[Ww]ay back|revert|take (it )?back"


# Asked for by a person and approved a minute later.
_LATER = (
    At(12, ok()),
    At(12, faults(0)),
    At(80, revert(percent=10)),
    At(81, approve()),
    At(140, revert(percent=50)),
    At(141, approve()),
    At(200, revert()),
    At(201, approve()),
)


def whole() -> FollowUpScene:
    """All users were on the check before."""
    scene = broken()
    for name in FOUR:
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = "100"
    return scene


TIMELINES = (
    Timeline(
        "off-unanswered-day",
        broken,
        DAY,
        (At(12, ok()), At(12, faults(0))),
        (
            Rollout("0", 2),
            once(r"^progress mitigated"),
            Most(1, 12, after=30),
            Said(_WAY_BACK, least=4, after=30, level=1, about="restoring_offered"),
            Most(2, 0),
            Rollout("0", DAY),
            StaysOpen(),
        ),
        _BROKEN,
    ),
    Timeline(
        "off-unanswered-four-days",
        broken,
        4 * DAY,
        (At(12, ok()), At(12, faults(0))),
        (Most(1, 12 * 4, after=30), Most(2, 0), Rollout("0", 4 * DAY), StaysOpen()),
        _BROKEN,
    ),
    Timeline(
        "off-unanswered-four-weeks",
        broken,
        28 * DAY,
        (At(12, ok()), At(12, faults(0))),
        (
            Executions(3, 2_050),
            Every(180, after=DAY),
            Most(2, 0),
            Rollout("0", 28 * DAY),
            StaysOpen(),
        ),
        _BROKEN,
    ),
    Timeline(
        "off-in-vain-day",
        broken,
        DAY,
        (),
        (
            *ladder(HIGH),
            once(r"^progress ineffective"),
            Said(
                r"^command asked rollout_to_zero",
                after=15,
                before=21,
                about="restoring_asked",
            ),
            Said(
                rf"^escalation[\s\S]*({_WAY_BACK})",
                least=3,
                before=125,
                about="restoring_escalated",
            ),
            Most(1, 31),
            Most(2, 3),
            Most(3, 2),
            Most(4, 23),
        ),
        _BROKEN,
    ),
    Timeline(
        "off-in-vain-restored",
        broken,
        125,
        (At(22, approve()), At(25, approve())),
        (*ladder(HIGH), Rollout("0", 16), Rollout("10|50", 30), never(r"^progress stuck")),
        _BROKEN,
    ),
    Timeline(
        "off-in-vain-rejected",
        broken,
        200,
        (At(22, reject()),),
        (*ladder(HIGH), Most(1, 1, what=r"^command asked", after=15), Rollout("0", 200)),
        _BROKEN,
    ),
    Timeline(
        "three-steps",
        whole,
        90,
        (At(12, ok()), At(12, faults(0)), At(24, approve()), At(34, approve()), At(44, approve())),
        (
            Rollout("0", 20),
            Rollout("10", 26),
            Rollout("50", 36),
            Rollout("100", 46),
            Most(1, 7, what=_RESTORING, after=12),
            Closes(58, since=54),
            never(_LOWERED, after=47),
            Most(2, 0),
        ),
        Service(faults=1.5, requests=30),
    ),
    Timeline(
        "three-steps-slow",
        whole,
        300,
        _LATER,
        (Rollout("10", 83), Rollout("50", 143), Rollout("100", 203), Most(1, 14, after=30), Closes(220)),
        Service(faults=1.5, requests=30),
    ),
    Timeline(
        "step-fails",
        whole,
        60,
        (At(12, ok()), At(12, faults(0)), At(24, approve()), At(24.2, faults(15)), At(34, approve())),
        (
            Rollout("10", 26),
            once(r"^(progress restore_failing|command asked)", after=25, before=33, about="zero_asked"),
            Rollout("0", 37),
        ),
        Service(faults=1.5, requests=60),
    ),
    Timeline(
        "step-fails-untold",
        whole,
        70,
        (
            At(12, ok()),
            At(12, faults(0)),
            At(24, approve()),
            At(24.2, faults(15)),
            At(24.5, SNS_AWAY),
            At(39.5, HEALED),
            At(47, approve()),
        ),
        (
            once(r"^command asked[\s\S]*FAILING", after=39, before=46, about="zero_asked"),
            Rollout("0", 50),
        ),
        Service(faults=1.5, requests=60),
        lost=4,
    ),
    Timeline(
        "step-without-traffic",
        whole,
        110,
        (At(12, ok()), At(12, faults(0)), At(24, approve()), At(88, approve())),
        (
            Rollout("10", 80),
            once(r"^progress restore_unproven|^command asked", after=80, before=88),
            Rollout("50", 92),
        ),
        Service(faults=1.5, requests=0),
    ),
    Timeline(
        "person-restores",
        broken,
        240,
        (At(12, ok()), At(12, faults(0)), At(30, sets("50"))),
        (
            never(_LOWERED, after=84, about="check_off"),
            never(r"→ ?10\b|to 10%", after=84, about="ten"),
            Said(rf"({_CHANGED})[\s\S]*aiko|aiko[\s\S]*({_CHANGED})", 1, 2, after=30, about="person_changed"),
            Rollout("50", 240),
            Closes(100, since=31),
            Most(1, 4, after=30),
        ),
        _BROKEN,
    ),
    Timeline(
        "deployment-restores",
        broken,
        240,
        (At(12, ok()), At(12, faults(0)), At(40, deploys("50"))),
        (
            never(_LOWERED, after=84, about="check_off"),
            Said(rf"CloudFormation[\s\S]*({_CHANGED})", 1, 2, after=40, about="deployment_changed"),
            Rollout("50", 240),
            Closes(100, since=41),
            Most(1, 4, after=40),
        ),
        _BROKEN,
    ),
    Timeline(
        "person-restores-half",
        broken,
        140,
        (At(12, ok()), At(12, faults(0)), At(30, sets("50", FOUR[:2])), At(100, approve())),
        (
            Said(
                rf"({_CHANGED})[\s\S]*{FOUR[0]}|{FOUR[0]}[\s\S]*({_CHANGED})",
                after=30,
                before=95,
                about="target_named",
            ),
            never(rf"{FOUR[0]} {ROLLOUT}: 0 →", after=84, about="wrong_step"),
            Rollout("10,50", 110),
        ),
        _BROKEN,
    ),
    Timeline(
        "deployment-during-step",
        whole,
        140,
        (At(12, ok()), At(12, faults(0)), At(24, approve()), At(28, deploys("100"))),
        (Rollout("100", 140), never(_LOWERED, after=95), never(r"^command asked", after=95), Closes(100)),
        Service(faults=1.5, requests=30),
    ),
    Timeline(
        "person-sets-another-value",
        broken,
        240,
        (At(12, ok()), At(12, faults(0)), At(30, sets("30"))),
        (
            Said(rf"({_CHANGED})[\s\S]*aiko|aiko[\s\S]*({_CHANGED})", 1, 2, after=30, about="person_changed"),
            Rollout("30", 240),
            Closes(100, since=31),
            Most(1, 4, after=30),
        ),
        _BROKEN,
    ),
    Timeline(
        "needed-by-another",
        broken,
        100,
        (
            At(3, alarm("get-result-errors")),
            At(12, ok()),
            At(12, faults(0)),
            At(40, ok("get-result-errors")),
        ),
        (never(r"^command asked", before=40), Said(r"^command asked", after=40, before=60), Most(2, 2)),
        _BROKEN,
    ),
    Timeline(
        "next-incident-acts",
        broken,
        330,
        (At(12, ok()), At(12, faults(0)), At(40, deploys("50")), At(295, faults(1.5)), At(310, alarm())),
        (Rollout("50", 300), Rollout("0", 313), never(r"already in force", after=300)),
        _BROKEN,
    ),
    Timeline(
        "other-alarm-acts",
        broken,
        330,
        (
            At(12, ok()),
            At(12, faults(0)),
            At(40, deploys("50")),
            At(295, faults(1.5)),
            At(310, alarm("get-result-errors")),
        ),
        (Rollout("50", 300), Rollout("0", 313), never(r"already in force", after=300)),
        _BROKEN,
    ),
    Timeline(
        "person-takes-back",
        broken,
        125,
        (At(20, revert()), At(21, approve())),
        (Rollout("0", 16), Rollout("50", 26), Rollout("50", 120), *ladder(HIGH)),
        _BROKEN,
    ),
    Timeline(
        "approved-under-observe",
        throttled,
        60,
        (At(10, mode("observe")), At(12, approve()), At(22, mode("auto"))),
        (
            Most(1, 1, what=r"^command (refused|observed)", after=11),
            never(r"^progress stuck"),
            never(r"^command (refused|observed)[\s\S]*Watch it recover", about="watch"),
            Rollout("50", 21),
            Rollout("0", 28),
        ),
        _THROTTLES,
    ),
    Timeline(
        "approved-under-stop",
        throttled,
        60,
        (At(10, STOP), At(12, approve()), At(22, RESUME)),
        (
            Most(1, 1, what=r"^command (refused|observed)|^progress postponed", after=11),
            never(r"^progress stuck"),
            Rollout("50", 21),
            Rollout("0", 28),
        ),
        _THROTTLES,
    ),
    Timeline(
        "stopped-all-along",
        broken,
        130,
        (At(0, STOP),),
        (*ladder(HIGH), Rollout("50", 130), Most(1, 8)),
        _BROKEN,
    ),
    Timeline(
        "observed-all-along",
        broken,
        130,
        (At(0, mode("observe")),),
        (*ladder(HIGH), Rollout("50", 130), Most(1, 8)),
        _BROKEN,
    ),
    Timeline(
        "alarm-deleted",
        too_few_faults,
        200,
        (At(40, DELETED), At(100, close())),
        (
            Said(
                _GONE,
                after=40,
                before=62,
                about="alarm_gone",
            ),
            Closes(105, since=99),
        ),
        Service(faults=0.1),
    ),
    Timeline(
        "alarm-deleted-off",
        broken,
        240,
        (At(18, DELETED), At(18, faults(0))),
        (
            Said(
                _GONE,
                after=18,
                before=60,
                about="alarm_gone",
            ),
            Said(_WAY_BACK, after=60, level=1, about="restoring_offered"),
            StaysOpen(),
        ),
        _BROKEN,
    ),
    Timeline(
        "warm-reverted",
        cold,
        150,
        (At(12, ok()),),
        (Most(1, 5), Most(2, 0), Closes(80, since=71)),
    ),
    Timeline(
        "warm-changed",
        cold,
        150,
        (At(12, ok()), At(30, keeps_warm(9))),
        (
            Said(rf"{_CHANGED}|^command kept", 1, 2, after=30, about="changed_by_others"),
            Most(1, 6),
            Closes(85),
        ),
    ),
    Timeline(
        "warm-in-vain",
        cold,
        DAY + 60,
        (),
        (
            *ladder((60, 90, 150)),
            once(r"^progress ineffective"),
            Most(1, 32),
            Most(2, 3),
            Most(3, 2),
            Most(4, 1),
        ),
    ),
    Timeline(
        "warm-paused",
        cold,
        150,
        (At(12, ok()), At(40, STOP), At(100, RESUME)),
        (once(r"^progress postponed"), Most(1, 6), Closes(110, since=100)),
    ),
    Timeline(
        "on-demand-unanswered",
        table,
        4 * DAY,
        (At(12, ok()), At(12, faults(0))),
        (Most(1, 7), Most(2, 0), StaysOpen()),
        Service(faults=3, code="table"),
    ),
    Timeline(
        "on-demand-approved",
        table,
        150,
        (At(12, ok()), At(12, faults(0)), At(80, approve("ken"))),
        (Most(1, 6), Most(2, 0), Closes(95, since=80)),
        Service(faults=3, code="table"),
    ),
)
