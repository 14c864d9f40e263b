"""What a person does about a trouble: one step each, with what to paste."""

from shlex import quote

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Lease
from responder.core.liveness_function import scope_of
from responder.core.settings import Settings
from responder.core.text import Text, text


def check_by_hand(settings: Settings, alarm: str) -> Text:
    """Nobody decided anything for this alarm."""
    command = text("command.watchdog_alarm", alarm=quote(alarm), region=settings.region)
    return _pasted(text("step.watchdog_headless"), command)


def read_log(settings: Settings) -> Text:
    """Why a follow-up stops again and again."""
    return _pasted(text("step.watchdog_dying"), _log(settings, "follow-up"))


def see_rights(settings: Settings) -> Text:
    """Why the watchdog cannot read what it has to."""
    return _pasted(text("step.watchdog_unread"), _log(settings, "watchdog"))


def mend_settings(settings: Settings) -> Text:
    """No one can approve, or set the document, while it cannot be used."""
    return _pasted(text("step.watchdog_settings"), text("command.watchdog_settings", where=settings.console))


def see_restart(settings: Settings) -> Text:
    """Why a follow-up cannot be brought back."""
    return _pasted(text("step.watchdog_not_restarted"), _log(settings, "watchdog"))


def take_back(settings: Settings, lease: Lease) -> Text:
    """The way back of one lease."""
    scope = scope_of(lease.scope, settings)
    command = text(
        "command.take_back_change",
        incident=lease.incident,
        remedy=f"{lease.remedy} --scope {scope}" if scope else lease.remedy,
        where=settings.console,
    )
    return _pasted(text("step.watchdog_take_back"), command)


def approve_again(settings: Settings, asked: ApprovalRequest) -> Text:
    """The writer of an approval sends the command along with it."""
    command = text(
        "command.watchdog_approve", incident=asked.incident, proposal=asked.id, where=settings.console
    )
    return _pasted(text("step.watchdog_approved"), command)


def _log(settings: Settings, function: str) -> Text:
    name = f"/aws/lambda/{settings.stack}-{function}"
    return text("command.watchdog_log", group=name, region=settings.region)


def _pasted(step: Text, command: Text) -> Text:
    return text("step.with_command", step=step, command=command)
