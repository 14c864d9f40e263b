"""The client side of the local AWS."""

from .client import ACCOUNT, ControlError, LocalAws
from .process import StartError
from .records import Call, Canned, Fault, Mail

__all__ = ["ACCOUNT", "Call", "Canned", "ControlError", "Fault", "LocalAws", "Mail", "StartError"]
