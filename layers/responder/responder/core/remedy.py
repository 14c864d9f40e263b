"""The one table of remedies: what other modules need to know about each of them.

How a remedy reads, changes and reverts is in `responder.remedies`, one module of the remedy's name each. The
table is next to `change`, below them, because leases, guards, the follow-up and the messages need it as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY
from datetime import timedelta
from enum import StrEnum

from responder.core.frozen import frozen
from responder.core.modes import Effect, Mode
from responder.core.settings import Settings


class RemedyName(StrEnum):
    """The key of modes, leases and messages, and the name of the remedy's module."""

    ROLLOUT_TO_ZERO = "rollout_to_zero"
    PROVISIONED_CONCURRENCY = "provisioned_concurrency"
    ON_DEMAND_BILLING = "on_demand_billing"
    MEMORY_INCREASE = "memory_increase"
    ALIAS_ROLLBACK = "alias_rollback"
    REPAIR_ENVIRONMENT = "repair_environment"
    LOWER_THRESHOLD = "lower_threshold"
    PROPOSE_CHANGE = "propose_change"

    @property
    def spec(self) -> "RemedySpec":
        """Its row of the table."""
        return REMEDIES[self]


class HelpMeasure(StrEnum):
    """What is counted to see whether a remedy helped: bad requests out of all."""

    FAULTS = "faults"  # failed requests of the liveness functions
    COLD_STARTS = "cold_starts"  # runs of the alias that found no warm environment
    THROTTLES = "throttles"  # of the sessions table
    LOW_SCORES = "low_scores"  # verifications that ended without success


@frozen
class RemedySpec:
    """One remedy.

    Attributes:
        effect: its class: who may approve it and its reversal, and what its messages say first.
        ceiling: the highest mode that it can have, and the one it gets when everything is switched to `auto`.
        chapter: of the operations manual, about what it cures.
        by_hand: step with the command by which a person makes the same change; empty: there is none.
        same_step: another step by which a cause leads to the same change.
        by_hand_if_refused: the command is also given where the refusal had another reason than the mode.
        instead_of_by_hand: where it is proposed, that step of the cause is left out.
        stays: its lease keeps the old value on record but has no end time, and no incident waits for it.
        can_revert: a person can have it reverted; else a request to revert it is always refused.
        people: how many different people must approve it.
        hours: how long its lease lasts at most; None: until a person ends it.
        kept_after_recovery: it ends `keep_warm_minutes` after recovery, where that is before its own end.
        in_steps: the revert has steps of a percentage.
        table: it changes the sessions table, not functions. AWS limits how often that can be switched.
        ending: sentence about the end of its lease; empty: none.
        proof: what stops where it helped, measured around the act.
        known: this release has it.
    """

    _: KW_ONLY
    effect: Effect
    ceiling: Mode
    chapter: str = ""
    by_hand: str = ""
    same_step: str = ""
    by_hand_if_refused: bool = True
    instead_of_by_hand: bool = False
    stays: bool = False
    can_revert: bool = True
    people: int = 1
    hours: Callable[[Settings], int] | None = None
    kept_after_recovery: bool = False
    in_steps: bool = False
    table: bool = False
    ending: str = ""
    proof: HelpMeasure = HelpMeasure.FAULTS
    known: bool = True

    @property
    def lowers_security(self) -> bool:
        """While it is in force, messages begin with this, and it is repeated every hour."""
        return self.known and self.effect is Effect.LOWERS_SECURITY

    @property
    def applied(self) -> bool:
        """The remedy can be applied; otherwise it is only suggested to a person."""
        return self.effect is not Effect.NEVER

    def lease_time(self, settings: Settings) -> timedelta | None:
        """How long it may stay in force at most."""
        return None if self.hours is None else timedelta(hours=self.hours(settings))


# Chapters of the operations manual.
_SUCCESS_RATE, _ERROR_RATE = "アラート1: 成功率低下", "アラート2: エラー率上昇"
_TOO_SLOW, _LAMBDA_ERRORS = "アラート3: 検証時間超過", "アラート4: Lambda エラー"
_TABLE_ERRORS = "問題: DynamoDB書き込みエラー"

REMEDIES: Mapping[RemedyName, RemedySpec] = {
    RemedyName.ROLLOUT_TO_ZERO: RemedySpec(
        effect=Effect.LOWERS_SECURITY,
        ceiling=Mode.AUTO,
        chapter=_ERROR_RATE,
        by_hand="step.rollout_by_hand",
        # The check is turned off manually only where the evidence was enough.
        by_hand_if_refused=False,
        in_steps=True,
        ending="course.keeps_off",
    ),
    RemedyName.PROVISIONED_CONCURRENCY: RemedySpec(
        effect=Effect.COSTS_MONEY,
        ceiling=Mode.AUTO,
        chapter=_TOO_SLOW,
        by_hand="step.provisioned_by_hand",
        hours=lambda settings: settings.provisioned_concurrency_hours,
        kept_after_recovery=True,
        ending="course.keeps_warm",
        proof=HelpMeasure.COLD_STARTS,
    ),
    RemedyName.ON_DEMAND_BILLING: RemedySpec(
        effect=Effect.COSTS_MONEY,
        ceiling=Mode.AUTO,
        chapter=_TABLE_ERRORS,
        by_hand="step.capacity_by_hand",
        instead_of_by_hand=True,
        table=True,
        ending="course.keeps_billing",
        proof=HelpMeasure.THROTTLES,
    ),
    RemedyName.MEMORY_INCREASE: RemedySpec(
        effect=Effect.COSTS_MONEY,
        ceiling=Mode.APPROVE,
        chapter=_TOO_SLOW,
        by_hand="step.memory_by_hand",
        instead_of_by_hand=True,
        stays=True,
    ),
    RemedyName.ALIAS_ROLLBACK: RemedySpec(
        effect=Effect.CHANGES_CODE,
        ceiling=Mode.APPROVE,
        chapter=_LAMBDA_ERRORS,
        by_hand="step.alias_rollback_by_hand",
        same_step="step.roll_back_release",
        stays=True,
    ),
    RemedyName.REPAIR_ENVIRONMENT: RemedySpec(
        effect=Effect.RESTORES,
        ceiling=Mode.APPROVE,
        chapter=_LAMBDA_ERRORS,
        by_hand="step.repair_environment_by_hand",
        stays=True,
        can_revert=False,
    ),
    # Weakening every check takes more than one person; the manual has no step for it.
    RemedyName.LOWER_THRESHOLD: RemedySpec(
        effect=Effect.LOWERS_SECURITY,
        ceiling=Mode.APPROVE,
        chapter=_SUCCESS_RATE,
        people=2,
        hours=lambda settings: settings.threshold_hours,
        ending="course.keeps_threshold",
        proof=HelpMeasure.LOW_SCORES,
    ),
    RemedyName.PROPOSE_CHANGE: RemedySpec(
        effect=Effect.NEVER, ceiling=Mode.OBSERVE, by_hand="step.review_written", can_revert=False
    ),
}
# The spec of a remedy that another release recorded: only people of the strictest class may revert it.
UNKNOWN = RemedySpec(effect=Effect.LOWERS_SECURITY, ceiling=Mode.OBSERVE, known=False)


def spec_of(name: str) -> RemedySpec:
    """The spec by the stored name."""
    return REMEDIES[RemedyName(name)] if name in REMEDIES else UNKNOWN
