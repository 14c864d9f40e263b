"""The looks: one module per kind. Each asks AWS and turns the answer into a fact and findings."""

from responder.evidence.base import Evidence, Facts

__all__ = ["Evidence", "Facts"]
