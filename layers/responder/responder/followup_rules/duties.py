"""The rules, in the order of an incident's story."""

from responder.followup_rules.duty import Duty, DutyKind, DutyRule, PlannedDuty
from responder.followup_rules.ending import gone, mitigated, over, recovered
from responder.followup_rules.escalation import escalate
from responder.followup_rules.finishing import approved, rejected, unfinished, unseen
from responder.followup_rules.lease_checks import looked_first, overtaken
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.postponed import settings
from responder.followup_rules.re_evaluation import again, effect
from responder.followup_rules.reverting import by_person, ended, in_vain, remind, steps
from responder.followup_rules.seen import Observation

RULES: tuple[DutyRule, ...] = (
    overtaken,
    gone,
    settings,
    unseen,
    unfinished,
    approved,
    again,
    effect,
    escalate,
    rejected,
    mitigated,
    recovered,
    ended,
    by_person,
    in_vain,
    steps,
    remind,
    over,
)

# Telling goes on although the alarm cannot be read; acting and ending do not.
_UNSEEN = (
    DutyKind.LOOK,
    DutyKind.CHANGED,
    DutyKind.SETTINGS,
    DutyKind.STUCK,
    DutyKind.ESCALATE,
    DutyKind.REJECTED,
    DutyKind.POSTPONED,
    DutyKind.REMIND,
)
_ENDING = (DutyKind.LOOK, DutyKind.CHANGED, DutyKind.CLOSE)


def planned(seen: Observation, watch: FollowUpMemory) -> tuple[PlannedDuty, ...]:
    """Everything that is to be done some time, as things stand."""
    return looked_first(seen, watch, (each for rule in RULES for each in rule(seen, watch)))


def due(seen: Observation, watch: FollowUpMemory) -> tuple[Duty, ...]:
    """What is to be done now, in the order of the story; an incident that is over is only closed."""
    now = [each.duty for each in planned(seen, watch) if each.at <= seen.now]
    if seen.closed:
        return tuple(each for each in now if each.task in (DutyKind.LOOK, DutyKind.CLOSE))
    if not seen.ours:
        now = [each for each in now if each.task in _ENDING]
    if seen.blind:
        now = [each for each in now if each.task in _UNSEEN]
    return tuple(sorted(now, key=lambda duty: tuple(DutyKind).index(duty.task)))
