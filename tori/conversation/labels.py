"""How long an answer took, in words."""

from datetime import timedelta

from flask_babel import ngettext

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def length_of(time: timedelta) -> str:
    """In whole hours under two days, else in whole days; never less than an hour."""
    if time < 2 * DAY:
        hours = max(1, round(time / HOUR))
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    days = round(time / DAY)
    return str(ngettext("%(num)d day", "%(num)d days", days))
