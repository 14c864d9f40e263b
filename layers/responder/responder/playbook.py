"""What to do for one alarm: evidence, decision, remedies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from responder.evidence import Evidence, Facts
from responder.mode import Severity
from responder.permissions import Permission
from responder.remedies import Remedy
from responder.text import Text
from responder.verdict import Verdict


@dataclass(frozen=True)
class Playbook:
    """One per alarm, as data. `alarm` is the deployed name's default (a template parameter).

    Attributes:
        slug: short name in drills and incident ids (`high-error-rate`).
        broken: catalogue text of the message's first line: what users feel.
        evidence: looks, asked side by side.
        decide: pure; facts in, verdict out.
        corrected: an alarm `<alarm>-Corrected` can be had, which measures what this one only seems to.
        remedies: instances this playbook may use; its function's rights come from here.
    """

    alarm: str
    slug: str
    severity: Severity
    broken: Text
    evidence: tuple[Evidence[Any], ...]
    decide: Callable[[Facts], Verdict]
    remedies: tuple[Remedy, ...] = field(default=())
    corrected: bool = False

    def handler(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler: the shell around this playbook."""
        from responder.shell.handler import handle

        return handle(self, event, context)

    def needs(self) -> frozenset[Permission]:
        """The union of what the shell, the looks and the remedies need."""
        from responder.shell.needs import SHELL

        looks = (each.needs() for each in self.evidence)
        return frozenset(SHELL).union(*looks, *(each.needs() for each in self.remedies))
