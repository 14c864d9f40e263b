"""Until when AWS supports and updates a Python runtime: a dated table, because no API returns it.

AWS has moved these dates before. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
is the authority; a person who compares it changes CHECKED too. Where copies of that page differ, the earlier
date is here (python3.8 and python3.9: 2027-03-03 in July 2026, 2027-08-31 in October 2026).
"""

from datetime import date, timedelta

CHECKED = date(2026, 10, 1)
TRUSTED_FOR = timedelta(days=90)

# runtime: (end of support, updates refused from)
DATES: dict[str, tuple[date, date]] = {
    "python3.8": (date(2024, 10, 14), date(2027, 3, 3)),
    "python3.9": (date(2025, 12, 15), date(2027, 3, 3)),
    "python3.10": (date(2026, 10, 31), date(2027, 8, 31)),
    "python3.11": (date(2027, 6, 30), date(2027, 8, 31)),
    "python3.12": (date(2028, 10, 31), date(2029, 1, 10)),
    "python3.13": (date(2029, 6, 30), date(2029, 8, 31)),
    "python3.14": (date(2029, 6, 30), date(2029, 8, 31)),
}


def supported_until(runtime: str) -> date | None:
    """The last day of support; None for a runtime that the table does not know."""
    dates = DATES.get(runtime)
    return dates[0] if dates else None


def updates_refused_from(runtime: str) -> date | None:
    """The day from which AWS refuses UpdateFunctionConfiguration and UpdateFunctionCode."""
    dates = DATES.get(runtime)
    return dates[1] if dates else None


def table_is_old(today: date) -> bool:
    """The table was compared with AWS's page more than 90 days ago."""
    return today - CHECKED > TRUSTED_FOR
