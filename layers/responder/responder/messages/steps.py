"""What on-call does about a report, with the commands to paste: the manual's steps; to answer a proposal, to
acknowledge, to revert; to end a pause or what silences the alarm.

Slack has buttons to answer, to acknowledge and to revert, so these steps are in the mail and in chat alone.
It has none to end a pause or a silence: that step is in the report for machines too, which Slack shows.
"""

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from shlex import quote
from string import Formatter

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, LeaseState
from responder.core.command import ApprovalRequest, CommandKind
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.refusals import Because, Refusal
from responder.core.remedy import spec_of
from responder.core.report import Report
from responder.core.settings import Settings
from responder.core.switches import UNNAMED
from responder.core.text import Text, Texts, Value, Values, text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Result
from responder.messages.language import form
from responder.messages.requests import RequestedChange, called

# A pause that a person has set; a mute rule or a suppressing alarm ends in CloudWatch.
PAUSES = (Refusal.PAUSED, Refusal.WINDOW)
# The suppressing alarm is in ALARM; what CloudWatch calls otherwise ends within its wait or extension period.
_SUPPRESSED = "Alarm"
# Of alarms without a playbook of their own: nothing is ever changed for them.
_GENERAL = "unknown-alarm"


def first_steps(report: Report) -> Texts:
    """The first steps in their order. Several answers are together, below the step that acknowledges, which
    is near the top."""
    answers = []
    for proposal, request, end in _asked(report):
        two = spec_of(request.remedy).people > 1 and not _second(report)
        given = {"incident": report.incident, "proposal": proposal, "where": ours(report).console}
        step = _answer("step.answer", end, two=two, remedy=called(request))
        answers.append(pasted(step, Text("command.answer_proposal", given)))
    acknowledge = tuple(_acknowledge(report))
    first = (*acknowledge, *answers) if len(answers) > 1 else (*answers, *acknowledge)
    return (*first, *resume(report))


def resume(report: Report) -> Iterator[Text]:
    """How the automatic response resumes: what ends the pause, or what silences the alarm."""
    stop = report.stopped_by
    # While the settings document cannot be used, nothing resumes the automatic response.
    if stop is None or not report.answered:
        return
    if stop.kind in PAUSES:
        given = {"name": stop.values.get("name", ""), "where": ours(report).console}
        yield pasted(text("step.resume"), Text("command.resume", given))
    elif report.slug != _GENERAL:
        yield from _unsilence(stop, report)


def answer_all(report: Report) -> Text:
    """One step for all requests for approval, with the command that shows them, and the time until which all
    of them can be approved."""
    asked = tuple(_asked(report))
    ends = [end for _, _, end in asked if end is not None]
    two = any(spec_of(request.remedy).people > 1 for _, request, _ in asked)
    step = _answer("step.answer_all", min(ends, default=None), two=two, count=len(asked))
    return pasted(step, show(report))


def steps(report: Report) -> Texts:
    """The report's own steps; what to do about an alarm that does not exist comes before them."""
    if report.absence is None or report.absence.over or not report.open:
        return report.verdict.steps
    restore = text("step.restore_alarm", alarm=report.alarm)
    if not report.answered:
        return restore, *report.verdict.steps
    command = text("command.close_incident", incident=report.incident, where=ours(report).console)
    close = text("step.revert_and_close" if report.to_revert else "step.close_incident")
    return restore, pasted(close, command), *report.verdict.steps


def revert(report: Report, remedy: str, scope: str = "", incident: str = "") -> Text:
    """The command that asks for the reversal of a change in force."""
    return text(
        "command.revert_change",
        incident=incident or report.incident,
        remedy=f"{remedy} --scope {scope}" if scope else remedy,
        where=ours(report).console,
    )


def revert_of(report: Report, lease: Lease) -> Text | None:
    """The command that asks for the reversal of this lease. None where that is asked for or under way
    already, was just refused, or is always refused."""
    requests = [each for each in report.waiting if each.order == CommandKind.REVERT]
    answered = [
        act
        for act in report.outcomes
        if act.back and (act.approval or act.result.declined or act.result is Result.FAILED)
    ]
    stays = lease.state is LeaseState.IN_FORCE and not lease.spec.can_revert
    about: list[Outcome | ApprovalRequest] = [*requests, *answered]
    if stays or lease.state.going_back or any(concerns(each, lease) for each in about):
        return None
    alike = [each for each in report.leases if each.open and _name(each) == _name(lease)]
    return revert(report, lease.remedy, lease.scope if len(alike) > 1 else "", lease.incident)


def concerns(request: Outcome | ApprovalRequest, lease: Lease) -> bool:
    """Whether the proposal concerns this lease. It names a function by its role and the lease by its name in
    AWS, so their targets are compared."""
    targets = {each.target for each in request.changes} if request.scope else set()
    shared = not targets or any(each.target in targets for each in lease.changes)
    return request.remedy == lease.remedy and shared


def _name(lease: Lease) -> tuple[str, str]:
    """The remedy as the command names it without `--scope`."""
    return lease.incident, lease.remedy


def stop_everything(ours: Settings) -> Text:
    """The command that stops every action of this stack immediately; it needs only the AWS CLI."""
    return text("command.stop_everything", region=ours.region, path=ours.parameters_path)


def show(report: Report) -> Text:
    """The command that shows everything on record of the incident."""
    return text("command.see_incident", incident=report.incident, where=ours(report).console)


def _asked(report: Report) -> Iterator[tuple[str, RequestedChange, datetime | None]]:
    """What a person can answer: its id, and until when, unless that is in the first line, which it is for a
    request of this very report."""
    if not report.answered:
        return
    for act in report.outcomes:
        if act.approval:
            yield act.approval, RequestedChange.outcome(act), None
    for each in report.waiting:
        if each.expires > report.at:
            yield each.id, RequestedChange.asked(each), None if _second(report) else each.expires


def _second(report: Report) -> bool:
    """One person has approved its request, and the first line asks another one to, with the time."""
    return any(act.because is not None and act.because.kind is Refusal.ONE_MORE for act in report.outcomes)


def _answer(key: str, end: datetime | None, *, two: bool, **values: Value) -> Text:
    """`two`: different people have to approve."""
    until: Values = {"until": stamp(end)} if end is not None else {}
    return Text(f"{key}{'_for_two' if two else ''}{'_until' if until else ''}", {**values, **until})


def _acknowledge(report: Report) -> Iterator[Text]:
    if not (report.open and report.answered):
        return
    # While the alarm is OK, nothing is escalated.
    step = text("step.acknowledge_calm" if report.state is AlarmState.OK else "step.acknowledge")
    if report.taken is not None and report.taken.until > report.at:
        step = text("step.acknowledged", person=report.taken.person, until=stamp(report.taken.until))
    yield pasted(step, text("command.acknowledge", incident=report.incident, where=ours(report).console))


def _unsilence(stop: Because, report: Report) -> Iterator[Text]:
    """How what silences the alarm in CloudWatch ends. Nothing where its name is unknown."""
    name, region = str(stop.values.get("name", UNNAMED)), report.region
    if stop.kind is Refusal.ACTIONS_DISABLED:
        command = text("command.enable_actions", region=region, alarm=quote(report.alarm))
        yield pasted(text("step.enable_actions"), command)
    elif stop.kind is Refusal.MUTED and name != UNNAMED:
        yield pasted(
            text("step.see_mute_rule"), text("command.see_mute_rule", region=region, rule=quote(name))
        )
    elif stop.kind is Refusal.MUTED_BY_SEVERAL:
        command = text("command.see_mute_rules", region=region, alarm=quote(report.alarm))
        yield pasted(text("step.see_mute_rules"), command)
    elif stop.kind is Refusal.SUPPRESSED and name != UNNAMED and stop.values.get("phase") == _SUPPRESSED:
        command = text("command.end_suppression", region=region, alarm=quote(name))
        yield pasted(text("step.end_suppression"), command)


def ours(report: Report) -> Settings:
    """The stack that the commands are about."""
    return Settings(stack=report.stack or Settings().stack, region=report.region)


def pasted(step: Text, command: Text) -> Text:
    """A step, and what to paste for it."""
    return text("step.with_command", step=step, command=command)


# The levels, the answers and the case for AWS are in every message of the follow-up already.
_ESCALATES = "step.escalate"
_IN_EVERY_MESSAGE = (_ESCALATES, "step.escalate_lead", "step.open_support_case")


def by_hand(manual: Manual, settings: Settings) -> Texts:
    """All steps of the manual for one alarm, commands included."""
    return with_commands(tuple(map(Text, manual.steps)), manual, settings)


def besides(steps: Texts) -> Texts:
    """The steps that a message of the follow-up does not name anyway."""
    return tuple(step for step in steps if step.key not in _IN_EVERY_MESSAGE)


# Of steps about parts of this stack: the commands whose names are not those of their steps.
_COMMANDS = {
    "step.correct_settings": "command.watchdog_settings",
    "step.resume_remedy": "command.resume",
    "step.resume_remedy_later": "command.resume",
    "step.set_mode_later": "command.set_mode",
    "step.watchdog_approved": "command.watchdog_approve",
    "step.watchdog_dying": "command.watchdog_log",
    "step.watchdog_headless": "command.watchdog_alarm",
    "step.watchdog_not_restarted": "command.watchdog_log",
    "step.watchdog_revert": "command.revert_change",
    "step.watchdog_revert_later": "command.revert_change",
    "step.watchdog_unread": "command.watchdog_log",
}


def about_ours(key: str, settings: Settings, **values: Value) -> Text:
    """A step about a part of this stack, with its command; `values`: what they name besides the settings."""
    # In JSON its own values come first.
    given = {**values, **_values(None, settings), **values}
    command = filled(_COMMANDS.get(key, key.replace("step.", "command.", 1)), given)
    return Text(key) if command is None else pasted(Text(key), command)


def after_failure(manual: Manual, made: Container[str], settings: Settings, *, kept: bool) -> Texts:
    """The manual's steps where the function of its alarm has failed, without those that were `made`; then the
    way to the event, where it was `kept`, and whom to call: perhaps nothing escalates automatically."""
    left = [Text(key) for key in manual.steps if key not in made and key != _ESCALATES]
    last = (*(("step.see_failures",) if kept else ()), "step.escalate_lead")
    return with_commands((*left, *map(Text, last)), manual, settings)


def with_commands(steps: Texts, manual: Manual, settings: Settings) -> Texts:
    """These steps, each followed by what to paste where there is something; where that is long, by its
    section of the runbook."""
    values = _values(manual.function, settings)
    return tuple(_with_command(step, values, manual.function is not None) for step in steps)


def with_values(steps: Texts, settings: Settings) -> Texts:
    """These steps with what they name of the settings, without commands; a step's own values come first."""
    values = _values(None, settings)
    return tuple(filled(step.key, {**values, **step.values}) or step for step in steps)


def _with_command(step: Text, values: Values, of_one: bool) -> Text:
    """`of_one`: the manual is about one function. A section of the runbook is shown in the message where the
    step names its functions."""
    name = str(step.values.get("runbook", step.key.removeprefix("step.")))
    said = filled(step.key, {**values, **step.values}) or step
    own = "runbook" if "functions" in step.values else "command"
    command = filled(f"{own}.{name}", {**values, **step.values})
    if command is not None:
        # A step that names a function itself is about that one.
        return pasted(said, command)
    section = filled(f"runbook.{name}", {**values, **step.values})
    if section is None:
        return said
    if "function" in section.values and (of_one or "function" in step.values):
        # The runbook shows it for another function, perhaps.
        return text("step.in_runbook_of", step=said, section=name, function=section.values["function"])
    return text("step.in_runbook", step=said, section=name)


def filled(key: str, values: Mapping[str, Value]) -> Text | None:
    """A command with those of the values that it names; None where there is no such command."""
    command = form(key, "en")
    if command is None:
        return None
    wanted = {name for _, name, _, _ in Formatter().parse(command) if name}
    return Text(key, {name: value for name, value in values.items() if name in wanted})


def runbook(name: str, about: LivenessFunction | None, settings: Settings) -> Text | None:
    """The command of this section of the runbook; None where there is none."""
    return filled(f"runbook.{name}", _values(about, settings))


def _values(about: LivenessFunction | None, settings: Settings) -> Values:
    function = (about or LivenessFunction.RESULT).deployed_name(settings)
    logged = (function,) if about is not None else settings.functions
    return {
        "region": settings.region,
        "where": settings.console,
        "contact": settings.level_2_contact,
        "function": function,
        "groups": " ".join(f"/aws/lambda/{name}" for name in logged),
        "functions": " ".join(settings.rollout_functions),
        "table": settings.sessions_table,
        "index": settings.sessions_index,
        "bucket": settings.bucket,
        "namespace": settings.namespace,
        "variable": settings.rollout_variable,
        "role": settings.service_role,
        "policy": settings.service_policy,
        "memory": str(settings.memory_size),
        "concurrency": str(settings.provisioned_concurrency),
    }
