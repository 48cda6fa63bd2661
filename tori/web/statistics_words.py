"""Words for a list of deeds behind a number."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.deeds.forms import ADOPTION_STATUSES, CLOSENESSES, MATURITIES
from tori.edge.templating import month_name
from tori.models.campaigns import Campaign
from tori.models.deeds import Sector, Theme
from tori.models.people import Municipality, Organisation, Region
from tori.organisations.labels import KINDS_PLURAL
from tori.statistics import Behind
from tori.statistics.behind import BREAKTHROUGH, CONFIRMED_USE, NOT_TOLD, TAKEN
from tori.web.statistics_charts import language_words, share_words

_NAMED: dict[str, Any] = {
    "toimiala": Sector,
    "teema": Theme,
    "maakunta": Region,
    "organisaatio": Organisation,
}


def behind_title(session: Session, chosen: Behind, locale: str) -> list[str]:
    """What was chosen, in words, in the order of the address. One statement for each name of a row."""
    return [str(_words(session, name, value, locale)) for name, value in chosen.values.items()]


def _words(session: Session, name: str, value: str, locale: str) -> Any:
    if name in _NAMED:
        row = session.scalar(select(_NAMED[name]).where(_NAMED[name].slug == value))
        return row.name_in(locale) if row else value
    if name == "kunta":
        town = session.scalar(select(Municipality).where(Municipality.code == value))
        return town.name_in(locale) if town else value
    match name:
        case "vuosi":
            return value
        case "kuukausi":
            first = date.fromisoformat(f"{value}-01")
            return f"{month_name(first)} {first.year}"
        case "kampanja":
            return session.scalar(select(Campaign.name).where(Campaign.slug == value)) or value
        case _:
            return _values()[name].get(value, value)


def _values() -> dict[str, dict[str, Any]]:
    return {
        "tyyppi": {str(kind): words for kind, words in KINDS_PLURAL.items()},
        "koko": share_words("koot"),
        "vaihe": {**MATURITIES, NOT_TOLD: _("Stage not told")},
        "kieli": language_words(),
        "laheisyys": {**CLOSENESSES, NOT_TOLD: _("Some taker has not told how close")},
        "mallin-tila": {
            **{status: _("Somebody’s model: %(status)s", status=words) for status, words in ADOPTION_STATUSES.items()},
            NOT_TOLD: _("Some taker has not told how it stands"),
        },
        "malli": {
            TAKEN: _("Taken as a model"),
            CONFIRMED_USE: _("In use elsewhere"),
            BREAKTHROUGH: _("Breakthroughs"),
        },
    }
