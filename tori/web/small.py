"""The entrance of small municipalities: what can be taken as it is, and what others of their size do."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori import statistics
from tori.database import db
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.models.deeds import Adoption, Cost, Deed, Effort
from tori.models.people import Municipality, Organisation, OrganisationKind
from tori.policy import ANONYMOUS
from tori.statistics.counting import COUNTED
from tori.statistics.ranking import SMALL_POPULATION

PACKAGES_SHOWN = 12
CARDS_SHOWN = 6
RANKED = 5

IS_SMALL_PLACE = (Organisation.kind == OrganisationKind.MUNICIPALITY) & Organisation.municipality.has(
    Municipality.population < SMALL_POPULATION
)
IS_LIGHT = (
    Deed.is_small.is_(True) | (Deed.effort == Effort.SMALL) | Deed.cost.in_((Cost.NOTHING, Cost.HUNDREDS))
) & Deed.is_short.is_(False)
"""It takes neither a project nor money, and enough is told to do the same."""

blueprint = Blueprint("small", __name__)


@dataclass(frozen=True)
class Entrance:
    """``told`` of ``every`` small municipality have told a deed."""

    told: int
    every: int
    packages: list[Deed]
    own: list[int]
    taken: list[int]


def entrance(session: Session) -> Entrance:
    """Seven statements."""
    places = select(Organisation.id).where(IS_SMALL_PLACE)
    every = session.scalar(
        select(func.count()).select_from(Municipality).where(Municipality.population < SMALL_POPULATION)
    )
    own = COUNTED & Deed.organisation_id.in_(places)
    told = session.scalar(
        select(func.count(Organisation.municipality_id.distinct())).where(
            IS_SMALL_PLACE, Organisation.id.in_(select(Deed.organisation_id).where(COUNTED))
        )
    )
    return Entrance(
        told or 0,
        every or 0,
        _packages(session),
        _newest(session, own),
        _taken(session, Adoption.organisation_id.in_(places)),
    )


def _packages(session: Session) -> list[Deed]:
    """Light deeds with something ready in the hand: files and links, or the first steps. The most taken first."""
    light = (
        select(Deed)
        .where(COUNTED, IS_LIGHT, Deed.materials.any() | cast(Deed.first_steps, Text).like('["%'))
        .options(selectinload(Deed.materials), joinedload(Deed.organisation))
        .order_by(Deed.adoption_count.desc(), Deed.reuse_score.desc(), Deed.published_at.desc(), Deed.id)
    )
    return list(session.scalars(light.limit(PACKAGES_SHOWN)))


def _newest(session: Session, which: ColumnElement[bool]) -> list[int]:
    newest = select(Deed.id).where(which).order_by(Deed.published_at.desc(), Deed.id.desc())
    return list(session.scalars(newest.limit(CARDS_SHOWN)))


def _taken(session: Session, by: ColumnElement[bool]) -> list[int]:
    """Deeds whose model most small municipalities have taken."""
    times = func.count(Adoption.id)
    rows = session.execute(
        select(Adoption.deed_id, times)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(COUNTED, by)
        .group_by(Adoption.deed_id)
        .order_by(times.desc(), Adoption.deed_id.desc())
        .limit(CARDS_SHOWN)
    )
    return [deed_id for deed_id, _times in rows]


@blueprint.route("/pienille-kunnille")
@access(PUBLIC)
def index() -> str:
    session, locale = db.session(), request_locale()
    found = entrance(session)
    figures = statistics.kept_figures(current_app.extensions, session, locale)
    return render_template(
        "small/index.html",
        entrance=found,
        own=cards_by_ids(session, found.own, locale, ANONYMOUS),
        taken=cards_by_ids(session, found.taken, locale, ANONYMOUS),
        ranked=figures.rankings.small[:RANKED],
        limit=SMALL_POPULATION,
    )
