"""A lease as one line."""

from responder.change import STAYS, Lease
from responder.doubt import half_released
from responder.render.headline import name, stamp, step_of
from responder.report import Report
from responder.settings_document import AUTOMATION
from responder.text import Text, text


def lease_line(lease: Lease, report: Report) -> Text:
    """What is in force where, since when, until when, by whom."""
    step = step_of(lease)
    return text(
        "lease.line",
        remedy=name(lease.remedy),
        scope=lease.scope,
        state=text("lease.at_step", value=step) if step and not half_released(lease) else state_of(lease),
        at=stamp(lease.at),
        end=_end(lease, report),
        incident=text("lease.own") if lease.incident == report.incident else lease.incident,
        by=text("lease.automation") if lease.by == AUTOMATION else lease.by,
    )


def state_of(lease: Lease) -> Text:
    """Its state; a value that aliases do not serve yet is not in force there."""
    return text("lease.unreleased") if half_released(lease) else Text(f"lease.{lease.state}")


def _end(lease: Lease, report: Report) -> Text:
    if lease.incident == report.incident and report.topic == "superseded":
        return text("lease.not_followed")
    if lease.until is not None:
        key = "lease.until" if lease.until > report.at else "lease.overdue"
        return Text(key, {"until": stamp(lease.until)})
    return text("lease.stays" if lease.remedy in STAYS else "lease.by_approval")
