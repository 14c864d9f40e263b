"""How a request of a person ends, and every reason for which one is declined.

To add a reason: add the member here (its value is `denial.` and its name in small letters), how a request
ends because of it to `_ENDINGS`, and its sentence in both languages to `messages/catalogue/denials.py`.
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus

from responder.core.reasons import ReasonKind


class Ending(StrEnum):
    """How a request ends. The HTTP status and the console's exit status follow from it."""

    DONE = "done"
    UNCLEAR = "unclear"  # the request cannot be read, or does not say which of several is meant
    STRANGER = "stranger"  # AWS knows the caller; the document of people does not, or not for this class
    NO_INCIDENT = "no_incident"
    NOTHING_OPEN = "nothing_open"  # nothing to answer, to revert, to resume or to decide again
    NOT_DONE = "not_done"  # refused by the alarm's function, or another person was first
    AWS = "aws"  # a call failed
    BROKEN = "broken"  # an error of our own

    @property
    def status(self) -> HTTPStatus:
        """Of the HTTP answer."""
        return _STATUS[self]


_STATUS = {
    Ending.DONE: HTTPStatus.OK,
    Ending.UNCLEAR: HTTPStatus.BAD_REQUEST,
    Ending.STRANGER: HTTPStatus.FORBIDDEN,
    Ending.NO_INCIDENT: HTTPStatus.NOT_FOUND,
    Ending.NOTHING_OPEN: HTTPStatus.CONFLICT,
    Ending.NOT_DONE: HTTPStatus.CONFLICT,
    Ending.AWS: HTTPStatus.SERVICE_UNAVAILABLE,
    Ending.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class Denial(ReasonKind):
    """Why a request of a person is declined. Nothing was written then, unless the sentence says so."""

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
    def ending(self) -> Ending:
        """How a request ends that is declined for this reason."""
        return _ENDINGS[self]


_ENDINGS: Mapping[Denial, Ending] = {
    **dict.fromkeys(
        (
            Denial.NOT_SIGNED,
            Denial.STRANGER,
            Denial.NOT_BOUND,
            Denial.NO_RIGHT,
            Denial.MAY_NOT_RAISE,
            Denial.MAY_NOT_RESUME,
            Denial.MAY_NOT_REGISTER,
            Denial.MAY_NOT_CLOSE,
            Denial.MAY_NOT_ACCEPT,
        ),
        Ending.STRANGER,
    ),
    **dict.fromkeys(
        (
            Denial.UNREADABLE,
            Denial.NO_REASON,
            Denial.NO_REASON_TO_CLOSE,
            Denial.NO_PERCENT,
            Denial.NO_REMEDY,
            Denial.CEILING,
            Denial.SETTINGS_INVALID,
            Denial.NOT_YOURSELF,
            Denial.ACCEPT_UNTIL,
        ),
        Ending.UNCLEAR,
    ),
    **dict.fromkeys(
        (Denial.UNKNOWN_INCIDENT, Denial.INCIDENT_CLOSED, Denial.INCIDENT_UNANSWERED), Ending.NO_INCIDENT
    ),
    **dict.fromkeys(
        (
            Denial.NO_PROPOSAL,
            Denial.PROPOSAL_CHANGED,
            Denial.REJECTED_BEFORE,
            Denial.CARRIED_OUT_BEFORE,
            Denial.EXPIRED,
            Denial.NOT_REJECTED,
            Denial.NO_LEASE,
            Denial.NO_PAUSE,
            Denial.NO_FINDING,
            Denial.NOT_ACCEPTED,
        ),
        Ending.NOTHING_OPEN,
    ),
    **dict.fromkeys(
        (
            Denial.PAUSE_CHANGED,
            Denial.MODE_CHANGED,
            Denial.SETTINGS_CHANGED,
            Denial.BEING_CHANGED,
            Denial.UNDER_WAY,
            Denial.LETTERS_GONE,
            Denial.NO_FORM,
            Denial.STILL_RAISED,
            Denial.STILL_IN_FORCE,
            Denial.IN_FORCE_UNREAD,
            Denial.NOT_AMBER,
        ),
        Ending.NOT_DONE,
    ),
    Denial.CLOSING_UNREAD: Ending.AWS,
}
