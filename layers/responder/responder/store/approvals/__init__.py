"""What people said: rows written by operators only, believed only after every rule was checked again.

A decision: `pk` = proposal id, `sk` = person, `decision` = approve | reject, `principal` = the identity
that wrote it (IAM ARN or Slack id), `at` = ISO time, `reason` of a rejection. An acknowledgement likewise,
with `pk` = `ACK#<incident>` and `decision` = acknowledge; a request to close an incident with
`pk` = `CLOSE#<incident>`, `decision` = close and its `reason`.
"""

from responder.store.approvals.acks import acknowledgements
from responder.store.approvals.closings import closing
from responder.store.approvals.decisions import FRESH, Approval, answer, check, rejections, spent
from responder.store.approvals.rows import ACK, CLOSE, rows

__all__ = [
    "ACK",
    "CLOSE",
    "FRESH",
    "Approval",
    "acknowledgements",
    "answer",
    "check",
    "closing",
    "rejections",
    "rows",
    "spent",
]
