"""A lease as one line."""

from datetime import timedelta

from responder.core.change import Lease
from responder.core.possible_effect import half_released
from responder.core.report import Report
from responder.core.settings_document import AUTOMATION
from responder.core.text import Text, text
from responder.messages.headline import name, stamp, step_of

# What was read within this time before a message is told as it is.
_RECENT = timedelta(minutes=10)


def lease_line(lease: Lease, report: Report) -> Text:
    """What is in force where, since when, until when, by whom."""
    step = step_of(lease)
    line = text(
        "lease.line",
        remedy=name(lease.remedy),
        scope=lease.scope,
        state=text("lease.at_step", value=step) if step and not half_released(lease) else state_of(lease),
        at=stamp(lease.at),
        end=_end(lease, report),
        incident=text("lease.own") if lease.incident == report.incident else lease.incident,
        by=text("lease.automation") if lease.by == AUTOMATION else lease.by,
    )
    if lease.unread is not None:
        return text("lease.unread", line=line, reason=lease.unread.text, at=stamp(lease.known))
    if report.at - lease.known > _RECENT:
        return text("lease.last_seen", line=line, at=stamp(lease.known))
    return line


def state_of(lease: Lease) -> Text:
    """Its state; a value that aliases do not serve, or others have changed, is not in force there."""
    if half_released(lease):
        return text("lease.unreleased")
    return text("lease.partial") if lease.overtaken else Text(f"lease.{lease.state}")


def _end(lease: Lease, report: Report) -> Text:
    if lease.incident == report.incident and report.topic == "superseded":
        return text("lease.not_followed")
    if lease.until is not None:
        key = "lease.until" if lease.until > report.at else "lease.overdue"
        return Text(key, {"until": stamp(lease.until)})
    return text("lease.stays" if lease.stays else "lease.by_approval")
