"""What the reader can do: acknowledge, approve, and the manual's steps that are left."""

from collections.abc import Callable, Mapping

from responder.core.alarm_event import AlarmState
from responder.core.command import CommandKind
from responder.core.text import Text, text
from responder.core.verdict import Outcome
from responder.followup.messages.case import MessageContext
from responder.followup.messages.support_case import support
from responder.followup_rules import DutyKind
from responder.messages.manual_steps import besides, by_hand, with_commands
from responder.messages.next_steps import next_steps
from responder.respond.playbook import PLAYBOOKS

type Steps = tuple[Text, ...]

_LAST = 4


def steps(case: MessageContext) -> Steps:
    """In the order in which they are done."""
    missing = (_missing,) if case.seen.gone and case.duty.task is not DutyKind.CLOSE else ()
    return tuple(step for teller in (*missing, *_STEPS.get(case.topic, ())) for step in teller(case))


def _missing(case: MessageContext) -> Steps:
    """The alarm does not exist."""
    command = text("command.close_incident", incident=case.head.incident, where=case.settings.console)
    close = text("step.with_command", step=text("step.close_incident"), command=command)
    return text("step.restore_alarm", alarm=case.head.alarm), close


def _acknowledge(case: MessageContext) -> Steps:
    """Not while somebody has it."""
    if case.held:
        return ()
    command = text("command.acknowledge", incident=case.head.incident, where=case.settings.console)
    return (text("step.with_command", step=text("step.acknowledge"), command=command),)


def _approve(case: MessageContext) -> Steps:
    return tuple(
        text(
            "step.with_command",
            step=text("step.answer_for_two" if each.asked.people > 1 else "step.answer_proposal"),
            command=text(
                "command.answer_proposal",
                incident=case.head.incident,
                proposal=each.asked.id,
                where=case.settings.console,
            ),
        )
        for each in case.open
    )


def _ask_back(case: MessageContext) -> Steps:
    """Security is lowered, and no question about the way back waits: the command that asks for it."""
    asked = {each.asked.remedy for each in case.open if each.asked.order == CommandKind.TAKE_BACK}
    return tuple(
        text(
            "step.with_command",
            step=text("step.ask_back", remedy=case.named(lease)),
            command=text(
                "command.take_back_change",
                incident=case.head.incident,
                remedy=lease.remedy,
                where=case.settings.console,
            ),
        )
        for lease in case.seen.lowering
        if lease.remedy not in asked and not lease.state.going_back
    )


def _case_for_aws(case: MessageContext) -> Steps:
    said = support(case) if case.level >= _LAST else None
    return () if said is None else (text("step.with_command", step=text("step.support_case"), command=said),)


def _manual(case: MessageContext, *, followed: bool = True) -> Steps:
    made, manual = case.head.decision, PLAYBOOKS.manual(case.head.slug)
    if made is None:
        left = by_hand(manual, case.settings)
    else:
        told = tuple(
            Outcome(each.remedy, each.scope, each.result, made.why, each.because) for each in made.done
        )
        steps = next_steps(told, made.steps, case.settings, followed=followed)
        left = with_commands(steps, manual, case.settings)
    return besides(left)


def _manual_in_alarm(case: MessageContext) -> Steps:
    return _manual(case) if case.seen.state is AlarmState.ALARM else ()


def _by_hand(case: MessageContext) -> Steps:
    """Nobody escalates while the follow-up is down."""
    return *_manual(case, followed=False), text("step.escalate")


def _settings(case: MessageContext) -> Steps:
    command = text("command.watchdog_settings", where=case.settings.console)
    return (text("step.with_command", step=text("step.watchdog_settings"), command=command),)


def _look_into(case: MessageContext) -> Steps:
    function = f"{case.settings.stack}-{case.head.slug}"
    command = text("command.check_responder", function=function, region=case.settings.region)
    return (text("step.with_command", step=text("step.check_responder"), command=command),)


_STEPS: Mapping[str, tuple[Callable[[MessageContext], Steps], ...]] = {
    "escalate": (_acknowledge, _approve, _case_for_aws, _manual, _ask_back),
    "ineffective": (_acknowledge, _approve, _manual, _ask_back),
    "rejected": (_approve, _manual_in_alarm),
    "stuck": (_look_into, _approve),
    "broken": (_approve, _by_hand),
    "remind": (_approve, _manual_in_alarm, _ask_back),
    "changed": (_approve, _manual_in_alarm),
    "gone": (_acknowledge, _approve, _ask_back),
    "settings": (_settings, _manual_in_alarm),
    "mitigated": (_approve, _manual, _ask_back),
    "recovered": (_approve,),
}
