"""How a request of a person ends, and every reason for which one is declined.

To add a reason: add the member here (its value is `denial.` and its name in small letters), how a request
ends because of it to `_ENDINGS`, and its sentence in both languages to `messages/locale/denial.po`.
"""

from enum import StrEnum
from http import HTTPStatus

from responder.core.reasons import ReasonKind


class RequestResult(StrEnum):
    """How a request ends. The HTTP status and the console's exit status follow from it."""

    DONE = "done"
    UNCLEAR = "unclear"  # the request cannot be read, or does not say which of several is meant
    STRANGER = "stranger"  # AWS knows the caller; the document of people does not, or not for this class
    NO_INCIDENT = "no_incident"
    NOTHING_OPEN = "nothing_open"  # nothing to answer, to revert, to resume or to re-evaluate
    NOT_DONE = "not_done"  # refused by the alarm's function, or another person was first
    AWS = "aws"  # a call failed
    BROKEN = "broken"  # an error of our own

    @property
    def status(self) -> HTTPStatus:
        """The status of the HTTP answer."""
        return _STATUS[self]


_STATUS = {
    RequestResult.DONE: HTTPStatus.OK,
    RequestResult.UNCLEAR: HTTPStatus.BAD_REQUEST,
    RequestResult.STRANGER: HTTPStatus.FORBIDDEN,
    RequestResult.NO_INCIDENT: HTTPStatus.NOT_FOUND,
    RequestResult.NOTHING_OPEN: HTTPStatus.CONFLICT,
    RequestResult.NOT_DONE: HTTPStatus.CONFLICT,
    RequestResult.AWS: HTTPStatus.SERVICE_UNAVAILABLE,
    RequestResult.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class DeclineReason(ReasonKind):
    """Why a person's request is declined. Nothing was written, unless the sentence says otherwise."""

    # Who asks.
    NOT_SIGNED = "denial.not_signed"
    STRANGER = "denial.stranger"
    NOT_BOUND = "denial.not_bound"
    NO_RIGHT = "denial.no_right"
    MAY_NOT_RAISE = "denial.may_not_raise"
    MAY_NOT_RESUME = "denial.may_not_resume"
    MAY_NOT_REGISTER = "denial.may_not_register"
    MAY_NOT_CLOSE = "denial.may_not_close"
    MAY_NOT_ACCEPT = "denial.may_not_accept"
    # What is asked.
    UNREADABLE = "denial.unreadable"
    NO_REASON = "denial.no_reason"
    NO_REASON_TO_CLOSE = "denial.no_reason_to_close"
    NO_FORM = "denial.no_form"
    NO_PERCENT = "denial.no_percent"
    NO_REMEDY = "denial.no_remedy"
    CEILING = "denial.ceiling"
    SETTINGS_INVALID = "denial.settings_invalid"
    NOT_YOURSELF = "denial.not_yourself"
    ACCEPT_UNTIL = "denial.accept_until"
    # What it is about.
    UNKNOWN_INCIDENT = "denial.unknown_incident"
    INCIDENT_CLOSED = "denial.incident_closed"
    INCIDENT_UNANSWERED = "denial.incident_unanswered"
    NO_PROPOSAL = "denial.no_proposal"
    PROPOSAL_CHANGED = "denial.proposal_changed"
    REJECTED_BEFORE = "denial.rejected_before"
    CARRIED_OUT_BEFORE = "denial.carried_out_before"
    EXPIRED = "denial.expired"
    NOT_REJECTED = "denial.not_rejected"
    NO_LEASE = "denial.no_lease"
    GOING_BACK = "denial.going_back"
    NO_PAUSE = "denial.no_pause"
    STILL_RAISED = "denial.still_raised"
    STILL_IN_FORCE = "denial.still_in_force"
    IN_FORCE_UNREAD = "denial.in_force_unread"
    CLOSING_UNREAD = "denial.closing_unread"
    NO_FINDING = "denial.no_finding"
    NOT_AMBER = "denial.not_amber"
    NOT_ACCEPTED = "denial.not_accepted"
    # What another person or run did.
    PAUSE_CHANGED = "denial.pause_changed"
    MODE_CHANGED = "denial.mode_changed"
    SETTINGS_CHANGED = "denial.settings_changed"
    BEING_CHANGED = "denial.being_changed"
    UNDER_WAY = "denial.under_way"
    LETTERS_GONE = "denial.letters_gone"

    @property
    def ending(self) -> RequestResult:
        """How a request ends that is declined for this reason."""
        return _ENDINGS[self]


_ENDINGS = {
    DeclineReason[name]: result
    for result, names in {
        RequestResult.STRANGER: """NOT_SIGNED STRANGER NOT_BOUND NO_RIGHT MAY_NOT_RAISE MAY_NOT_RESUME
            MAY_NOT_REGISTER MAY_NOT_CLOSE MAY_NOT_ACCEPT""",
        RequestResult.UNCLEAR: """UNREADABLE NO_REASON NO_REASON_TO_CLOSE NO_PERCENT NO_REMEDY CEILING
            SETTINGS_INVALID NOT_YOURSELF ACCEPT_UNTIL""",
        RequestResult.NO_INCIDENT: "UNKNOWN_INCIDENT INCIDENT_CLOSED INCIDENT_UNANSWERED",
        RequestResult.NOTHING_OPEN: """NO_PROPOSAL PROPOSAL_CHANGED REJECTED_BEFORE CARRIED_OUT_BEFORE
            EXPIRED NOT_REJECTED NO_LEASE NO_PAUSE NO_FINDING NOT_ACCEPTED""",
        RequestResult.NOT_DONE: """PAUSE_CHANGED MODE_CHANGED SETTINGS_CHANGED BEING_CHANGED UNDER_WAY
            GOING_BACK LETTERS_GONE NO_FORM STILL_RAISED STILL_IN_FORCE IN_FORCE_UNREAD NOT_AMBER""",
        RequestResult.AWS: "CLOSING_UNREAD",
    }.items()
    for name in names.split()
}
