"""What one response, one command after it, or the incident as a whole left behind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local_aws.client import Call, Mail
from rehearsal.drill.difference import Difference
from rehearsal.drill.scenario import Step
from rehearsal.drill.state import State, differences

if TYPE_CHECKING:
    from rehearsal.drill.followed_incident import FollowedIncident


@dataclass(frozen=True)
class StepResult:
    """Settings before and after, the mail on-call got, the calls made, the incident's rows.

    `followed`: how the incident continued, where this is it; `files`: the reports in the bucket, by name.
    """

    before: State
    after: State
    mail: tuple[Mail, ...]
    calls: tuple[Call, ...]
    rows: tuple[Mapping[str, Any], ...]
    seconds: float
    logs: str = ""
    answer: Any = None
    step: Step | None = None
    last_resort: tuple[Mail, ...] = ()
    followed: "FollowedIncident | None" = None
    files: Mapping[str, str] = field(default_factory=dict)
    problems: list[Difference] = field(default_factory=list)

    @cached_property
    def changes(self) -> dict[str, tuple[str, str]]:
        """Setting -> (before, after)."""
        return differences(self.before, self.after)

    @cached_property
    def reports(self) -> tuple[dict[str, Any], ...]:
        """The machine body of each message."""
        return tuple(json.loads(mail.bodies["sqs"]) for mail in self.mail)

    @property
    def report(self) -> dict[str, Any]:
        """The last one; {} without any."""
        return self.reports[-1] if self.reports else {}

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """The result of each proposal."""
        found: list[dict[str, Any]] = self.report.get("outcomes", [])
        return found
