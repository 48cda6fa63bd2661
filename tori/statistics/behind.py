"""The deeds behind a number: what a figure counts, as a list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.campaigns import Campaign
from tori.models.deeds import Adoption, AdoptionStatus, Closeness, Deed, Maturity, Sector, Theme
from tori.models.people import Municipality, Organisation, OrganisationKind, Region
from tori.statistics.counting import CONFIRMED, COUNTED, month_after
from tori.statistics.shares import BIG, SHORT, SMALL

NOT_TOLD = "ei-kerrottu"
TAKEN, CONFIRMED_USE, BREAKTHROUGH = "otettu", "kaytossa", "lapimurto"
PARAMETERS = (
    "vuosi", "kuukausi", "toimiala", "teema", "maakunta", "organisaatio", "tyyppi", "koko", "vaihe", "kieli",
    "kampanja", "malli", "kunta", "laheisyys", "mallin-tila",
)  # fmt: skip
"""Names in the address."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Behind:
    """Which deeds; values that mean nothing are left out."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> "Behind":
        chosen = {name: args.get(name, "")[:100] for name in PARAMETERS}
        return cls({name: value for name, value in chosen.items() if value and _condition(name, value) is not None})

    def condition(self) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = COUNTED
        for name, value in self.values.items():
            extra = _condition(name, value)
            if extra is not None:
                condition &= extra
        return condition


def _published_within(start: date, end: date) -> ColumnElement[bool]:
    return (Deed.published_at >= clock.start_of_day(start)) & (Deed.published_at < clock.start_of_day(end))


def _time(name: str, value: str) -> ColumnElement[bool] | None:
    if name == "vuosi":
        if not re.fullmatch(r"[12]\d{3}", value):
            return None
        return _published_within(date(int(value), 1, 1), date(int(value) + 1, 1, 1))
    found = _MONTH.fullmatch(value)
    if found is None or not 1000 <= int(found[1]) < 9999:
        return None
    first = date(int(found[1]), int(found[2]), 1)
    return _published_within(first, month_after(first))


def _own_column(name: str, value: str) -> ColumnElement[bool] | None:
    if name == "vaihe":
        known = [*Maturity, NOT_TOLD]
        condition = Deed.maturity.is_(None) if value == NOT_TOLD else Deed.maturity == value
        return condition if value in known else None
    if name == "koko":
        sizes: dict[str, ColumnElement[bool]] = {
            SHORT: Deed.is_short.is_(True),
            SMALL: Deed.is_short.is_(False) & Deed.is_small.is_(True),
            BIG: Deed.is_short.is_(False) & Deed.is_small.is_(False),
        }
        return sizes.get(value)
    return Deed.language == value if value in ("fi", "sv", "en") else None


def _adopted(value: str) -> ColumnElement[bool] | None:
    adopted = select(Adoption.deed_id)
    models: dict[str, ColumnElement[bool]] = {
        TAKEN: Deed.id.in_(adopted),
        CONFIRMED_USE: Deed.id.in_(adopted.where(CONFIRMED)),
        BREAKTHROUGH: Deed.breakthrough_at.is_not(None),
    }
    return models.get(value)


def _adoption_told(name: str, value: str) -> ColumnElement[bool] | None:
    """Deeds of which some taker says so, or has not told."""
    column = Adoption.closeness if name == "laheisyys" else Adoption.status
    known: set[str] = {*Closeness} if name == "laheisyys" else {*AdoptionStatus}
    if value not in (*known, NOT_TOLD):
        return None
    which = column.is_(None) if value == NOT_TOLD else column == value
    return Deed.id.in_(select(Adoption.deed_id).where(which))


def _condition(name: str, value: str) -> ColumnElement[bool] | None:
    match name:
        case "vuosi" | "kuukausi":
            return _time(name, value)
        case "vaihe" | "koko" | "kieli":
            return _own_column(name, value)
        case "malli" | "laheisyys" | "mallin-tila":
            return _adopted(value) if name == "malli" else _adoption_told(name, value)
        case "tyyppi":
            return Deed.organisation.has(Organisation.kind == value) if value in set(OrganisationKind) else None
        case "kunta":
            return Deed.organisation.has(Organisation.municipality.has(Municipality.code == value))
        case "toimiala":
            return Deed.sector.has(Sector.slug == value)
        case "teema":
            return Deed.themes.any(Theme.slug == value)
        case "maakunta":
            return Deed.organisation.has(Organisation.region.has(Region.slug == value))
        case "organisaatio":
            return Deed.organisation.has(Organisation.slug == value)
        case _:
            return Deed.campaign.has(Campaign.slug == value)


def count_behind(session: Session, chosen: Behind) -> int:
    return session.scalar(select(func.count()).select_from(Deed).where(chosen.condition())) or 0


def ids_behind(session: Session, chosen: Behind, page: int, per_page: int) -> list[int]:
    """One page of the deeds, the newest first."""
    return list(
        session.scalars(
            select(Deed.id)
            .where(chosen.condition())
            .order_by(Deed.published_at.desc(), Deed.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )
