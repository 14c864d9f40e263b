"""What every layout of a scheduled check says alike: its title, its first line, the names of its sections."""

from datetime import timedelta

from responder.checks.model import CheckItem, CheckReport, CheckSection, CheckStatus
from responder.core.text import Text, text
from responder.messages.language import either, say

MARKS = {CheckStatus.RED: "🔴", CheckStatus.AMBER: "🟡", CheckStatus.UNKNOWN: "⚪", CheckStatus.GREEN: "🟢"}
# What needs a person, the most urgent first.
TO_DO = (CheckStatus.RED, CheckStatus.AMBER, CheckStatus.UNKNOWN)


# The end of an acceptance is announced so long before.
SOON = timedelta(days=3)


def marked(light: CheckStatus, language: str) -> str:
    """`🔴 today`: not everybody tells the circles apart."""
    return f"{MARKS[light]} {say(Text(f'checks.light.{light}'), language)}"


def title(told: CheckReport) -> Text:
    """`Daily check of 2026-02-04`."""
    return text("checks.title", rhythm=rhythm(told), day=f"{told.day:%Y-%m-%d}")


def rhythm(told: CheckReport) -> Text:
    """`Daily check`."""
    return Text(f"checks.rhythm.{told.rhythm}")


def news(told: CheckReport) -> Text:
    """The first line: whether somebody has to do something, and how much. A run without any finding is no
    good news."""
    if not any(one.items for one in told.sections):
        return text("checks.news.nothing")
    given = counts(told)
    needed = {
        CheckStatus.RED: ("red", "amber", "unknown", "green"),
        CheckStatus.AMBER: ("amber", "unknown", "green"),
        CheckStatus.UNKNOWN: ("unknown", "green"),
        CheckStatus.GREEN: ("green",),
    }[told.light]
    return Text(f"checks.news.{told.light}", {name: given[name] for name in needed})


def mark(item: CheckItem, language: str) -> str:
    """`[new] ` before a finding that is; else empty."""
    return say(text("checks.new"), language) if item.new else ""


def since(told: CheckReport) -> Text | None:
    """How much of what needs a person is new, or why that is not known; None where nothing does."""
    found = [item for light in TO_DO for _, item in told.items(light)]
    if not found:
        return None
    if told.compared.day is None:
        return told.compared.problem
    return text(
        "checks.new_since", count=sum(item.new for item in found), day=f"{told.compared.day:%Y-%m-%d}"
    )


def accepted(told: CheckReport) -> tuple[Text, ...]:
    """How many findings people accepted, and which acceptances end soon; or why none counts."""
    if told.unaccepted:
        return (told.unaccepted,)
    found = [(one, item, item.accepted) for one, item in told.accepted if item.accepted]
    if not found:
        return ()
    soon = (
        text(
            "checks.accepted.ends",
            section=heading(one),
            said=item.said,
            until=each.until.isoformat(),
            person=each.person,
        )
        for one, item, each in found
        if each.until - told.day <= SOON
    )
    return text("checks.accepted", count=len(found), until=found[0][2].until.isoformat()), *soon


def counts(told: CheckReport) -> dict[str, int]:
    """How many things stand how, by light."""
    return {light.value: len(told.items(light)) for light in CheckStatus}


def heading(section: CheckSection) -> Text:
    """A section as people call it; one that has no name yet shows its key."""
    return named(section.name)


def named(name: str) -> Text:
    """The same by its key."""
    return either(Text(f"checks.section.{name}"), Text(name))


def headline(told: CheckReport, language: str) -> str:
    """`🔴 Daily check of 2026-02-04: …`."""
    return f"{MARKS[told.light]} {say(title(told), language)}: {say(news(told), language)}"
