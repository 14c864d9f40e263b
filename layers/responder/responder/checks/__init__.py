"""The scheduled checks: one module per question of the manual's daily, weekly and monthly lists."""

from responder.checks.base import Check

__all__ = ["Check"]
