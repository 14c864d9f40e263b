"""What several messages share: the title, buttons, changes of settings, and the manual's steps."""

import json
from collections.abc import Sequence

from responder.core.frozen import frozen
from responder.core.remedy import spec_of
from responder.core.text import Strings, Text, Values, text
from responder.messages.block_kit import BUTTON, Block, bare, code, listed, short, words
from responder.messages.language import cut, say
from responder.messages.report_message import ReportedChange, ReportMessage, SaidText
from responder.messages.requests import RequestedChange, called, consequence
from responder.slack.status import AskedMark, HeldLease, IncidentStatus, ReportedState

_BLOCK = "liveness"
_CHANGES = 5
_NOTIFICATION = 1_000
_RED = (ReportedState.UNSOLVED, ReportedState.ESCALATED)
# Messages of the watchers about themselves: there is no incident that a person could take.
_NO_INCIDENT = ("watchdog-", "failure-")


@frozen
class SlackPost:
    """What `chat.postMessage` and `chat.update` take. `text` is what a telephone shows; `loud`: also to be
    seen in the channel, not in the thread alone."""

    text: str
    blocks: list[Block]
    loud: bool = False


def notification(said: str, mention: str = "") -> str:
    """The text of a post. `mention`: whom to call, as Slack writes it."""
    return f"{mention} {short('\n'.join(map(bare, said.split('\n'))), _NOTIFICATION)}".strip()


def severity(report: ReportMessage) -> Text:
    """The severity in words."""
    return Text(f"severity.{report.severity}")


def title(status: IncidentStatus, language: str) -> str:
    """Lowered security first, then the status, then the alarm."""
    state = Text(f"slack.{status.state}")
    if status.unsolved and status.taken_by:
        state = text("slack.taken", person=status.taken_by)
    elif status.state is ReportedState.UNSOLVED and status.waiting:
        state = text("slack.asked")
    said = text("slack.title", state=state, severity=severity(status.newest), alarm=status.newest.alarm)
    return f"{_tag(status, language)} {_mark(status)} {say(said, language)}".strip()


def untagged(headline: str, status: IncidentStatus, language: str) -> str:
    """A first line below the title, which says already that security is lowered."""
    return headline.removeprefix(_tag(status, language)).strip()


def _tag(status: IncidentStatus, language: str) -> str:
    return say(text("remedy.security.lowered"), language) if status.lowered else ""


def _mark(status: IncidentStatus) -> str:
    """Red is unresolved, until a person works on it or is asked for the first time, and green is closed;
    lowered security is never green."""
    if status.state in (ReportedState.SUPERSEDED, ReportedState.BY_HAND):
        return "⚪"
    if status.state in (ReportedState.RECOVERED, ReportedState.CLOSED):
        return "🟡" if status.lowered else "🟢"
    in_hand = status.taken_by or (status.waiting and status.state is ReportedState.UNSOLVED)
    return "🔴" if status.state in _RED and not in_hand else "🟡"


def changes(reported: Sequence[ReportedChange], language: str, states: bool = False) -> list[str]:
    """One line each; the same change of several targets is one. `states`: with the status of each."""
    groups: dict[Strings, list[str]] = {}
    for each in reported:
        state = (each.status.value, each.note.text if each.note else "") if states else ("", "")
        groups.setdefault((each.setting, each.before, each.after, *state), []).append(each.target)
    lines = []
    for (setting, before, after, status, note), targets in groups.items():
        values = {"setting": setting, "before": before, "after": after, "targets": ", ".join(targets)}
        state_said = f" [{say(Text(f'status.{status}'), language)}]" if status else ""
        said = say(Text("course.change", values), language) + state_said + (f": {note}" if note else "")
        lines.append(words(said, 600))
    return [f"　{line}" for line in listed(lines, _CHANGES, language)]


def steps(reported: Sequence[SaidText], most: int, language: str, commands: bool = True) -> list[str]:
    """Numbered. `commands`: with what to paste, each below its sentence in a separate box."""
    lines = []
    for number, step in enumerate(reported, 1):
        first, _, command = step.text.partition("\n")
        said = f"{number}. {words(first, 800)}"
        lines.append(f"{said}\n{code(command.strip('\n'))}" if commands and command.strip() else said)
    return listed(lines, most, language)


def answers(incident: str, proposal: str, asked: AskedMark, language: str) -> Block:
    """Approve and reject, for one proposal."""
    about = _value(incident, proposal, asked.remedy, asked.scope)
    request = asked.request
    alone = spec_of(request.remedy).people == 1
    values: Values = {"remedy": called(request), "consequence": consequence(request)}
    sure = Text("slack.sure_approve" if alone else "slack.sure_approve_two", values)
    approve = _button("approve", about, language, "danger" if request.lowers_security else "primary", sure)
    return _row(f"{_BLOCK}-{proposal}", [approve, _button("reject", about, language)])


def reverts(incident: str, lease: HeldLease, language: str) -> tuple[Block, Block]:
    """The button for a change in force; and what belongs below it, the same for a reason that counts in the
    remedy's record."""
    remedy = called(RequestedChange(lease.remedy, back=True))
    about = _value(incident, "", lease.remedy, lease.scope)
    simply, worse = (
        _button(action, about, language, "", Text(f"slack.sure_{action}", {"remedy": remedy}))
        for action in ("revert", "revert_worse")
    )
    return simply, _row(f"{_BLOCK}-worse-{lease.remedy}-{lease.scope}", [worse])


def always(status: IncidentStatus, language: str) -> list[Block]:
    """Acknowledge while it is unresolved, on record and answers are accepted; pause until it is closed, also
    while it is paused: a pause can end without a newer message, and how it resumes is a step."""
    if status.state.over or status.incident.startswith(_NO_INCIDENT):
        return []
    about = _value(status.incident)
    takes = status.unsolved and status.newest.open and status.newest.answered
    take = [_button("acknowledge", about, language, "primary")] if takes else []
    return [_row(_BLOCK, [*take, _button("pause", about, language, "", text("slack.sure_pause"))])]


def _value(incident: str, proposal: str = "", remedy: str = "", scope: str = "") -> str:
    about = {"i": incident, "p": proposal, "r": remedy, "s": scope}
    return json.dumps(about, separators=(",", ":"), ensure_ascii=False)


def _row(block: str, buttons: list[Block]) -> Block:
    return {"type": "actions", "block_id": block[:255], "elements": buttons}


def _button(action: str, value: str, language: str, style: str = "", sure: Text | None = None) -> Block:
    label = say(Text(f"slack.{action}"), language)
    button = {"type": "button", "action_id": action, "text": _plain(label, BUTTON), "value": value[:2000]}
    if style:
        button["style"] = style
    if sure:
        button["confirm"] = {
            "title": _plain(say(text("slack.sure"), language), 100),
            "text": _plain(say(sure, language), 300),
            "confirm": _plain(label, 30),
            "deny": _plain(say(text("slack.no"), language), 30),
        }
    return button


def _plain(said: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(said, most)}
