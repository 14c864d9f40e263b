"""What to do for one alarm: evidence, decision, remedies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from responder.core.expected_alarms import Definition
from responder.core.frozen import frozen
from responder.core.manual import GENERAL, Manual
from responder.core.modes import Severity
from responder.core.permissions import (
    ANY,
    APPROVALS_TABLE,
    CLAIMS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    MUTE_RULES,
    SETTINGS,
    TOPIC,
    Permission,
)
from responder.core.text import Strings
from responder.core.verdict import Verdict
from responder.evidence import Evidence, Facts
from responder.remedies import Remedy

_CLAIM = "one state change is answered once"
_RECORD = "every step is on the incident"

SWITCHES = (
    *SETTINGS,
    Permission("cloudwatch:ListAlarmMuteRules", MUTE_RULES),
)

SHELL = (
    *SWITCHES,
    Permission("dynamodb:PutItem", CLAIMS_TABLE, _CLAIM),
    Permission("dynamodb:UpdateItem", CLAIMS_TABLE, _CLAIM),
    Permission("dynamodb:DeleteItem", CLAIMS_TABLE, "a run that failed is tried again"),
    Permission("dynamodb:GetItem", INCIDENTS_TABLE),
    Permission("dynamodb:Query", INCIDENTS_TABLE),
    Permission("dynamodb:PutItem", INCIDENTS_TABLE, _RECORD),
    Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, _RECORD),
    Permission("dynamodb:Query", APPROVALS_TABLE),
    Permission("cloudwatch:DescribeAlarms", ANY),
    Permission("sns:Publish", TOPIC, "notify on-call"),
    Permission("lambda:InvokeFunction", FOLLOW_UP, "have the incident followed until it is over"),
)


@frozen
class Playbook:
    """One per alarm, as data. `alarm` is the deployed name's default (a template parameter).

    Attributes:
        slug: short name in drills and incident ids (`high-error-rate`).
        evidence: looks, asked side by side.
        decide: pure; facts in, verdict out.
        manual: the manual's steps, also where the response itself fails.
        definition: whose alarm it is and how it is to be defined, as the audit compares it with what is
            deployed; None for the playbook of all other alarms.
        remedies: instances this playbook may use; its function's rights come from here.
    """

    alarm: str
    slug: str
    severity: Severity
    evidence: tuple[Evidence[Any], ...]
    decide: Callable[[Facts], Verdict]
    manual: Manual
    definition: Definition | None
    remedies: tuple[Remedy, ...] = field(default=())

    @property
    def corrected(self) -> bool:
        """Whether there can be an alarm `<alarm>-Corrected`, which measures what this one only seems to."""
        return self.definition is not None and self.definition.correction is not None

    def needs(self) -> frozenset[Permission]:
        """The union of what the shell, the looks and the remedies need."""
        looks = (each.needs() for each in self.evidence)
        return frozenset(SHELL).union(*looks, *(each.needs() for each in self.remedies))


class Playbooks(Mapping[str, Playbook]):
    """All playbooks by slug: the modules of the package `alarms` that are Lambda handlers.

    Each is imported when it is asked for: a response needs none but its own, and a playbook that cannot be
    imported stops no other function.
    """

    def __getitem__(self, slug: str) -> Playbook:
        if slug not in self:
            raise KeyError(slug)
        playbook: Playbook = import_module(f"alarms.{slug.replace('-', '_')}").playbook
        return playbook

    def __contains__(self, slug: object) -> bool:
        return slug in _slugs()

    def __iter__(self) -> Iterator[str]:
        return iter(_slugs())

    def __len__(self) -> int:
        return len(_slugs())

    def manual(self, slug: str) -> Manual:
        """The manual steps of this alarm; the general ones if it has no playbook, or one that cannot be
        imported, so that a message is sent in any case."""
        try:
            return self[slug].manual if slug in self else GENERAL
        except Exception:
            return GENERAL


@cache
def _slugs() -> Strings:
    modules = (each.name for each in iter_modules(import_module("alarms").__path__))
    return tuple(name.replace("_", "-") for name in modules if not name.startswith("_"))


PLAYBOOKS = Playbooks()
