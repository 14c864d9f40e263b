"""A lease as one line."""

from responder.change import STAYS, Lease
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
        state=text("lease.at_step", value=step) if step else Text(f"lease.{lease.state}"),
        at=stamp(lease.at),
        end=_end(lease, report),
        incident=text("lease.own") if lease.incident == report.incident else lease.incident,
        by=text("lease.automation") if lease.by == AUTOMATION else lease.by,
    )


def _end(lease: Lease, report: Report) -> Text:
    if lease.incident == report.incident and report.topic == "superseded":
        return text("lease.not_followed")
    if lease.until is not None:
        key = "lease.until" if lease.until > report.at else "lease.overdue"
        return Text(key, {"until": stamp(lease.until)})
    return text("lease.stays" if lease.remedy in STAYS else "lease.by_approval")
