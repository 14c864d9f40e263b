"""The changes we know how to make, confirm and take back: one module per remedy."""

from responder.remedies.base import Remedy

__all__ = ["Remedy"]
