"""The clock of one incident: taken from the settings when it begins, and kept whatever is deployed later."""

from dataclasses import replace
from datetime import timedelta

from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.settings import Settings

_DEFAULTS = Settings()


@frozen
class IncidentTimers:
    """All in minutes, by default those of the settings. The manual's chapter on escalation.

    Attributes:
        levels: when levels 2, 3 and 4 are notified, counted from the first ALARM.
        hold: how long an acknowledgement holds the escalation.
        soak: how long OK must last.
        remind: how often on-call is reminded of lowered security.
        again: when the decision is made again while the alarm lasts and nothing helps.
        effect: how long a remedy in force may take to end the alarm; then it did not help.
        verify: after so long a person judges a step of the revert by what was seen.
        keep: how long provisioned concurrency stays after recovery.
        later: how much later the levels are notified than for high severity.
    """

    levels: tuple[int, ...] = tuple(map(int, _DEFAULTS.escalation_minutes))
    hold: int = _DEFAULTS.acknowledged_minutes
    soak: int = _DEFAULTS.soak_minutes
    remind: int = _DEFAULTS.remind_minutes
    again: tuple[int, ...] = tuple(map(int, _DEFAULTS.again_minutes))
    effect: int = _DEFAULTS.effect_minutes
    verify: int = _DEFAULTS.verify_minutes
    keep: int = _DEFAULTS.keep_warm_minutes
    later: int = 0

    @classmethod
    def of(cls, settings: Settings, severity: Severity) -> "IncidentTimers":
        """A medium incident escalates later; level 1 is always notified immediately."""
        later = 0 if severity is Severity.HIGH else settings.medium_later_minutes
        return cls(
            levels=tuple(sorted(int(each) + later for each in settings.escalation_minutes)),
            hold=settings.acknowledged_minutes,
            soak=settings.soak_minutes,
            remind=settings.remind_minutes,
            again=tuple(sorted(int(each) for each in settings.again_minutes)),
            effect=settings.effect_minutes,
            verify=settings.verify_minutes,
            keep=settings.keep_warm_minutes,
            later=later,
        )

    def raised(self) -> "IncidentTimers":
        """The times with the levels of high severity; everything else is unchanged."""
        return replace(self, levels=tuple(each - self.later for each in self.levels), later=0)

    def level_after(self, level: int) -> timedelta:
        """When a level is notified, counted from the first ALARM; level 1 immediately."""
        return timedelta(minutes=0 if level == 1 else self.levels[level - 2])

    @property
    def last(self) -> int:
        """The highest level there is."""
        return 1 + len(self.levels)
