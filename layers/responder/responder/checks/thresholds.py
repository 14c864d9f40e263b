"""The manual's normal ranges as lights. Pure.

A rate outside of its range is red only where so many samples cannot show it by chance.
"""

from responder.checks.figures.counts import Mean, Share
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus

SUCCESS = 95.0
CONFIDENCE = 90.0
CONFIDENCE_ALARM = 92.0
SECONDS = 30.0
ERRORS = 1.0
EMERGENCY = 5.0
SESSIONS = (100, 1000)
# If a weekday usually has this many sessions, none at all is an outage.
BUSY = SESSIONS[0] / 5
# Below this share of the usual sessions nearly all users are cut off; below the next one a reason is wanted.
CUT_OFF, FEW = 0.05, 0.4
# The manual names no limit. Every fifth check that is not finished needs a look, every second is an outage.
UNFINISHED, UNFINISHED_RED = 20.0, 50.0
# Minutes of a total outage until the first alarm: half, and all, of the time in which the manual requires a
# high alarm answered.
DETECTED, DETECTED_LATE = 15.0, 30.0


def detection(minutes: float | None) -> CheckStatus:
    """The light of the minutes to ALARM; None: no alarm fires."""
    if minutes is None or minutes > DETECTED_LATE:
        return RED
    return GREEN if minutes <= DETECTED else AMBER


def success(rate: Share) -> CheckStatus:
    """More than 95%."""
    if rate.value is None or not rate.enough:
        return UNKNOWN
    if rate.value >= SUCCESS:
        return GREEN
    return RED if rate.bounds()[1] < SUCCESS else AMBER


def errors(rate: Share) -> CheckStatus:
    """Less than 1%; above 5% is the manual's emergency. Any fault among few requests is a hint."""
    if rate.value is None:
        return UNKNOWN
    if not rate.enough:
        return AMBER if rate.count else GREEN
    if rate.value <= ERRORS:
        return GREEN
    return RED if rate.value > EMERGENCY or rate.bounds()[0] > ERRORS else AMBER


def confidence(score: Mean) -> CheckStatus:
    """More than 90; up to 92 the manual calls it both normal and alarming."""
    if score.value is None or not score.enough:
        return UNKNOWN
    if score.value <= CONFIDENCE:
        return RED
    return AMBER if score.value < CONFIDENCE_ALARM else GREEN


def seconds(time: Mean) -> CheckStatus:
    """Less than 30 s."""
    if time.value is None or not time.enough:
        return UNKNOWN
    return GREEN if time.value < SECONDS else RED


def unfinished(rate: Share) -> CheckStatus:
    """Results with the score 0: users who did not finish the check, or were asked for too early."""
    if rate.value is None or not rate.enough or rate.value <= UNFINISHED:
        return GREEN
    return RED if rate.bounds()[0] > UNFINISHED_RED else AMBER


def answered(rate: Share) -> CheckStatus:
    """Sessions that had any result, good or bad, or an error. Of hardly any: users do not get through."""
    if rate.value is None or not rate.enough or rate.value >= 100 * FEW:
        return GREEN
    return RED if rate.bounds()[1] < 100 * CUT_OFF else AMBER


def sessions(a_day: float, best: float, least: float = 0.0) -> CheckStatus:
    """100 to 1000 a day. None at all, where there usually are some, is an outage, and so are nearly none.

    `best`, `least`: the highest and the lowest number of comparable days.
    """
    if (not a_day and best >= BUSY) or a_day < CUT_OFF * best:
        return RED
    if a_day < FEW * least:
        return AMBER
    return GREEN if SESSIONS[0] <= a_day <= SESSIONS[1] else AMBER
