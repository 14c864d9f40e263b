"""Changes of settings, one line each; the same change of several targets is one."""

from collections.abc import Sequence

from responder.core.text import Text
from responder.messages.block_kit import listed, words
from responder.messages.language import say
from responder.messages.report_message import ReportedChange

_MOST = 5


def changes(told: Sequence[ReportedChange], language: str, states: bool = False) -> list[str]:
    """`states`: with what became of each."""
    groups: dict[tuple[str, ...], list[ReportedChange]] = {}
    for each in told:
        state = (each.status.value, _note(each)) if states else ("", "")
        key = each.setting, each.before, each.after, *state
        groups.setdefault(key, []).append(each)
    lines = [_line(key, same, language) for key, same in groups.items()]
    return [f"　{line}" for line in listed(lines, _MOST, language)]


def _line(key: tuple[str, ...], same: list[ReportedChange], language: str) -> str:
    setting, before, after, status, note = key
    targets = ", ".join(each.target for each in same)
    values = {"setting": setting, "before": before, "after": after, "targets": targets}
    state = f" [{say(Text(f'status.{status}'), language)}]" if status else ""
    more = f": {note}" if note else ""
    return words(say(Text("course.change", values), language) + state + more, 600)


def _note(change: ReportedChange) -> str:
    return change.note.text if change.note else ""
