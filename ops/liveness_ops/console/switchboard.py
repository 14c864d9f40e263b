"""Modes and stops as the guards read them."""

from liveness_ops.people.desk import Desk
from responder.core import stops
from responder.core.stops import Stop
from responder.core.switches import Switches, switches
from responder.people.switches import digest
from responder.store.switches import read_parameters


def read_switches(desk: Desk) -> Switches:
    """Everything under the stack's path. Mute rules belong to an alarm; they are not read."""
    return switches(desk.settings.parameters_path, read_parameters(desk.aws, desk.settings), ())


def shown(desk: Desk, name: str) -> str:
    """A digest of the stop of this name, by which the entry knows what the person saw."""
    below = stops.path(desk.settings.parameters_path)
    return digest(read_parameters(desk.aws, desk.settings).get(f"{below}{name}", ""))


def read_stop(desk: Desk, name: str) -> Stop | None:
    """The stop of this name, over or not."""
    return next((each for each in read_switches(desk).stops if each.name == name), None)
