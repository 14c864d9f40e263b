"""Faults injected into worlds without one: do the scheduled checks find them, and does the e-mail report
them?"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.checks.model import CheckReport
from responder.checks.report.summary import SHORT, Summary, plain
from responder.checks.run.handler import ScheduledCheck
from responder.checks.run.running import run
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.messages.language import say

_BAD = (RED, AMBER, UNKNOWN)
# Green never means that nothing is wrong, only that what was looked for was not found.
_TOO_MUCH_SAID = re.compile(r"too wide|広すぎ|問題のある権限はありません|nothing is wrong", re.IGNORECASE)


@frozen
class CheckedWorld[World]:
    """A check of a rhythm, and a world about which it is green, into which a fault can be injected."""

    rhythm: ScheduledCheck
    check: str
    make: Callable[[], World]
    context: Callable[[World], Context]

    def report(self, inject: Callable[[World], object]) -> CheckReport:
        """The check's findings about the world after the change: run as its function runs it."""
        world = self.make()
        inject(world)
        context = self.context(world)
        (check,) = (each for each in self.rhythm.checks(context.settings) if each.name == self.check)
        return run(self.rhythm.rhythm, (check,), context)


@frozen
class CheckCase:
    """`light` and `says`: the mail names this in a finding of that light. None: nothing may be wrong."""

    name: str
    site: CheckedWorld[Any]
    inject: Callable[[Any], object]
    light: CheckStatus | None = None
    says: str = ""

    def reported(self) -> CheckReport:
        """The report of the check that looks at it."""
        return self.site.report(self.inject)

    @property
    def miss(self) -> str:
        """Why it counts as missed, or as a false alarm; "" where all is as it should be."""
        answer = self.reported()
        if said := _more_than_known(answer):
            return f"says too much: {said}"
        ids = [item.identity.within(section) for section, item in _items(answer)]
        if len(set(ids)) < len(ids):
            return "two findings share an id"
        wrong = [each for _, each in _items(answer) if each.light in _BAD]
        if self.light is None:
            return "; ".join(_line(each) for each in wrong)
        if not any(each.light is self.light and self.says in _words(each) for each in wrong):
            return "; ".join(_line(each) for each in wrong) or "all green"
        mail = plain(Summary(answer), "en", SHORT)
        return "" if self.says in mail else "not in the mail"


def missed(cases: Iterable[CheckCase]) -> dict[str, str]:
    """What was not found, or called a fault and is none, with what was reported instead."""
    return {each.name: why for each in cases if (why := each.miss)}


def _items(report: CheckReport) -> Iterator[tuple[str, CheckItem]]:
    return ((one.name, item) for one in report.sections for item in one.items)


def _words(item: CheckItem) -> str:
    return " ".join(say(each, "en") for each in (item.said, *item.details))


def _line(item: CheckItem) -> str:
    return f"{item.light}: {say(item.said, 'en')[:140]}"


def _more_than_known(report: CheckReport) -> str:
    said = (
        say(each, language)
        for _, item in _items(report)
        if item.light is GREEN
        for each in (item.said, *item.details)
        for language in ("ja", "en")
    )
    return next((each for each in said if _TOO_MUCH_SAID.search(each)), "")
