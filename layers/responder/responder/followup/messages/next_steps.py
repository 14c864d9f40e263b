"""What the reader can do besides answering and acknowledging: the manual's steps that are left."""

from dataclasses import replace

from responder.core.change import may_be_in_force
from responder.core.modes import Mode
from responder.core.switches import ask_name
from responder.core.text import Text, Texts, text
from responder.core.verdict import Outcome
from responder.followup.messages.case import MessageContext
from responder.followup.messages.summary import in_words
from responder.followup.messages.support_case import LAST_LEVEL, support
from responder.followup_rules import DutyKind
from responder.messages.next_steps import next_steps
from responder.messages.steps import about_ours, besides, by_hand, pasted, with_commands
from responder.respond.playbook import PLAYBOOKS

type Steps = Texts


def case_for_aws(case: MessageContext) -> Steps:
    """A support case, ready to paste, from level 4 on."""
    said = support(case) if case.level >= LAST_LEVEL else None
    return () if said is None else (pasted(text("step.support_case"), said),)


def manual(case: MessageContext, *, followed: bool = True) -> Steps:
    """The manual's steps that are left."""
    made, chapter = case.head.decision, PLAYBOOKS.manual(case.head.slug)
    if made is None:
        return besides(by_hand(chapter, case.settings))
    outcomes = tuple(
        Outcome(each.remedy, each.scope, each.result, made.why, each.because) for each in made.done
    )
    # While the settings document cannot be used, nothing is tried again.
    tried_again = followed and case.answered
    steps = next_steps(outcomes, made.steps, case.settings, followed=tried_again)
    return besides(with_commands(steps, chapter, case.settings))


def manual_in_alarm(case: MessageContext) -> Steps:
    """The manual steps, while the alarm is raised."""
    return manual(case) if case.seen.raised else ()


def unfollowed(case: MessageContext) -> Steps:
    """On-call escalates manually while the follow-up is down."""
    chapter = PLAYBOOKS.manual(case.head.slug)
    call = with_commands((Text("step.escalate_lead"),), chapter, case.settings)
    return *manual(case, followed=False), *call


def correct_settings(case: MessageContext) -> Steps:
    """Nothing that a person sends is accepted while the settings document cannot be used."""
    if case.answered:
        return ()
    # The first line of the message about the document says what is refused until then.
    key = "step.correct_settings" if case.duty.task is DutyKind.SETTINGS else "step.watchdog_settings"
    return (about_ours(key, case.settings),)


def trust_again(case: MessageContext) -> Steps:
    """Who lets a remedy act again, and how; or what keeps it from acting where no stop could be created."""
    remedy = case.lease.remedy if case.lease else ""
    key = "step.resume_remedy" if case.duty.data["missing"] is None else "step.set_mode"
    key = key if case.answered else f"{key}_later"
    values = {"name": ask_name(remedy), "remedy": remedy, "mode": Mode.APPROVE.value}
    return (about_ours(key, case.settings, **values),)


def look_into(case: MessageContext) -> Steps:
    """The log of the alarm's function; and the values by which a person ends what cannot be reverted."""
    function = f"{case.settings.stack}-{case.head.slug}"
    log = about_ours("step.check_responder", case.settings, function=function)
    held = case.lease.changes if case.lease and case.duty.data["order"] != DutyKind.FINISH else ()
    # What others have changed since is theirs; what is reverted already has its old value.
    ours = (
        each for each in held if not each.changed_by_others and (each.status.made or may_be_in_force(each))
    )
    back = [replace(each, before=each.after, after=each.before) for each in ours]
    return (log, text("step.set_back", changes=in_words(back))) if back else (log,)
