"""The client side of the local AWS."""

from .administrator import ACCOUNT
from .attached import Attached
from .client import LocalAws
from .control import ControlError
from .process import StartError
from .records import Call, Canned, Execution, Fault, Mail

__all__ = [
    "ACCOUNT",
    "Attached",
    "Call",
    "Canned",
    "ControlError",
    "Execution",
    "Fault",
    "LocalAws",
    "Mail",
    "StartError",
]
