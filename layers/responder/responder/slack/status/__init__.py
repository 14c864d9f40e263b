"""How an incident stands: put together from its reports for machines, in whatever order they arrive."""

from responder.slack.status.data import Standing, State, Told, moment
from responder.slack.status.reading import acknowledged, add

__all__ = ["Standing", "State", "Told", "acknowledged", "add", "moment"]
