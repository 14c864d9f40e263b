"""How often a schedule of EventBridge comes round, in whole days at least. Pure."""

import re
from datetime import timedelta

_DAY, _WEEK, _MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=31)
_ANY = ("?", "*")
# Fields of cron(minutes hours day-of-month month day-of-week year).
_DAY_OF_MONTH, _MONTHS, _DAY_OF_WEEK = 2, 3, 4
_FIELDS = 6


def interval(expression: str) -> timedelta:
    """The longest pause it may make; a year where only some months are named."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return max(_DAY, timedelta(**{f"{rate[2]}s": int(rate[1])}))
    fields = expression.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != _FIELDS:
        return _WEEK
    if fields[_MONTHS] not in _ANY:
        return timedelta(days=366)
    if fields[_DAY_OF_MONTH] not in _ANY:
        return _MONTH
    if fields[_DAY_OF_WEEK] in _ANY:
        return _DAY
    return _MONTH if "#" in fields[_DAY_OF_WEEK] or "L" in fields[_DAY_OF_WEEK] else _WEEK
