"""Words for campaigns: their kinds, and their time as exactly as it is known."""

from datetime import date

from babel import dates
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __

from tori.edge.templating import locale_code, long_date, short_date
from tori.models.campaigns import Campaign, CampaignKind, CampaignState

KINDS = {
    CampaignKind.OPEN: __("Open campaign"),
    CampaignKind.CHALLENGE: __("Challenge contest"),
    CampaignKind.WEEKLY: __("Deed of the week"),
    CampaignKind.THEME_MONTH: __("Theme month"),
    CampaignKind.GALA: __("Gala"),
}

STATES = {
    CampaignState.PLANNED: __("Planned"),
    CampaignState.OPEN: __("Running"),
    CampaignState.CLOSED: __("Closed"),
    CampaignState.JUDGED: __("Judged"),
    CampaignState.PUBLISHED: __("Results published"),
}

QUALIFIERS = {"noin": __("about %(number)s"), "yli": __("more than %(number)s"), "lähes": __("nearly %(number)s")}
"""The source's own words for how exact a figure is; they are shown wherever the figure is."""


def qualified(number: str, qualifier: str | None) -> str:
    """A formatted figure with the qualifier of its source."""
    words = QUALIFIERS.get(qualifier or "")
    return number if words is None else str(words) % {"number": number}


def campaign_time(campaign: Campaign) -> str:
    """``18.5.2020–30.9.2020``, ``kesäkuu–joulukuu 2018`` or ``2017``: no more exact than the source."""
    start, end = campaign.starts_on, campaign.last_day
    precision = campaign.facts.get("date_precision", "day")
    if precision == "year":
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if precision == "month":
        return _months(start, end)
    if precision == "week":
        first, last = start.isocalendar(), end.isocalendar()
        return str(_("weeks %(first)s–%(last)s of %(year)s", first=first.week, last=last.week, year=first.year))
    return long_date(start) if start == end else f"{short_date(start)}–{short_date(end)}"


def _months(start: date, end: date) -> str:
    code = locale_code()
    last = str(dates.format_date(end, "LLLL y", locale=code))
    if (start.year, start.month) == (end.year, end.month):
        return last
    first = str(dates.format_date(start, "LLLL" if start.year == end.year else "LLLL y", locale=code))
    return f"{first}–{last}"
