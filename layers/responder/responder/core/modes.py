"""What a remedy may do automatically, and how severe an alarm is."""

from enum import StrEnum


class Mode(StrEnum):
    """`observe`: only say what would be done; `approve`: ask; `auto`: do it."""

    OBSERVE = "observe"
    APPROVE = "approve"
    AUTO = "auto"

    @property
    def rank(self) -> int:
        """0 is the strictest."""
        return tuple(Mode).index(self)


def stricter(*modes: Mode) -> Mode:
    """The strictest of the given modes."""
    return min(modes, key=lambda mode: mode.rank)


class Effect(StrEnum):
    """The class of a remedy: who may approve it, and what its messages must say first."""

    LOWERS_SECURITY = "lowers_security"
    COSTS_MONEY = "costs_money"
    CHANGES_CODE = "changes_code"
    RESTORES = "restores_configuration"
    NEVER = "never_applied"  # only ever written down for a person


class Severity(StrEnum):
    """The manual's 重要度. Response time: 30 min for high, 60 min for medium."""

    HIGH = "high"
    MEDIUM = "medium"

    @property
    def minutes(self) -> int:
        """The manual's response time in minutes."""
        return 30 if self is Severity.HIGH else 60


def higher(*severities: Severity) -> Severity:
    """The highest of the given ones."""
    return min(severities, key=tuple(Severity).index)
