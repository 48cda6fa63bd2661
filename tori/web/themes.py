"""Themes and sectors: what each of them means and what has been done in it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.core.errors import NotFound
from tori.core.text import alphabetical
from tori.curation import meetings, vocabulary
from tori.database import db
from tori.deeds.queries import all_sectors, cards_of_sector, cards_of_theme, has_theme
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed, Material, MaterialKind, Sector, Theme, deed_theme
from tori.models.people import Membership, Organisation, User

CARDS_SHOWN = 9
RELATED_SHOWN = 8
WORKERS_SHOWN = 10
MEETINGS_SHOWN = 3

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)

themes = Blueprint("themes", __name__)
sectors = Blueprint("sectors", __name__)


@dataclass(frozen=True)
class Counted:
    """A theme or a sector with the number of its public deeds."""

    slug: str
    name: str
    meaning: str
    deeds: int


def _counted(rows: Any, locale: str) -> list[Counted]:
    return [Counted(row.slug, row.name_in(locale), row.meaning_in(locale), count) for row, count in rows]


def themes_with_counts(session: Session, locale: str) -> list[Counted]:
    """All themes in the order of their names, those without deeds too."""
    deeds = (
        select(deed_theme.c.theme_id, func.count().label("deeds"))
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(IS_PUBLIC)
        .group_by(deed_theme.c.theme_id)
        .subquery()
    )
    statement = select(Theme, func.coalesce(deeds.c.deeds, 0)).outerjoin(deeds, deeds.c.theme_id == Theme.id)
    return sorted(_counted(session.execute(statement), locale), key=lambda theme: alphabetical(theme.name))


def themes_beside(session: Session, locale: str, condition: ColumnElement[bool]) -> list[Counted]:
    """The themes most used in the public deeds of the condition, most used first."""
    count = func.count()
    statement = (
        select(Theme, count)
        .join(deed_theme, deed_theme.c.theme_id == Theme.id)
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(IS_PUBLIC, condition)
        .group_by(Theme.id)
        .order_by(count.desc(), Theme.name)
        .limit(RELATED_SHOWN)
    )
    return _counted(session.execute(statement), locale)


def sectors_beside(session: Session, locale: str, condition: ColumnElement[bool]) -> list[Counted]:
    """The sectors of the public deeds of the condition, in their fixed order."""
    statement = (
        select(Sector, func.count())
        .join(Deed, Deed.sector_id == Sector.id)
        .where(IS_PUBLIC, condition)
        .group_by(Sector.id)
        .order_by(Sector.position)
    )
    return _counted(session.execute(statement), locale)


def _public_count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Deed).where(IS_PUBLIC, condition)) or 0


@dataclass(frozen=True)
class Worker:
    """Somebody who works on a theme: an organisation with what it has told and taken, or a person with the deeds told.
    ``address`` leads to the organisation, or to the newest deed of the person."""

    name: str
    address: str
    told: int
    taken: int = 0
    is_ambassador: bool = False


def organisations_at_work(session: Session, locale: str, condition: ColumnElement[bool]) -> list[Worker]:
    """Those that have told or taken most of the public deeds of the condition. One statement."""
    told = select(Deed.organisation_id.label("number"), literal(1).label("told"), literal(0).label("taken"))
    taken = select(Adoption.organisation_id, literal(0), literal(1)).join(Deed, Deed.id == Adoption.deed_id)
    done = union_all(told.where(IS_PUBLIC, condition), taken.where(IS_PUBLIC, condition)).subquery()
    sums = func.sum(done.c.told), func.sum(done.c.taken)
    rows = session.execute(
        select(Organisation, *sums)
        .join(done, done.c.number == Organisation.id)
        .group_by(Organisation.id)
        .order_by((sums[0] + sums[1]).desc(), Organisation.name)
        .limit(WORKERS_SHOWN)
    )
    return [
        Worker(row.name_in(locale), url_for("organisations.show", slug=row.slug), given, got)
        for row, given, got in rows
    ]


def people_at_work(session: Session, condition: ColumnElement[bool]) -> list[Worker]:
    """The makers with an account who have told most of the public deeds of the condition. One statement."""
    told, newest = func.count(Deed.id), func.max(Deed.id)
    rows = session.execute(
        select(User.display_name, told, newest, _is_ambassador())
        .join(Deed, Deed.author_id == User.id)
        .where(IS_PUBLIC, condition, User.disabled_at.is_(None), User.confirmed_at.is_not(None))
        .group_by(User.id, User.display_name)
        .order_by(told.desc(), newest.desc())
        .limit(WORKERS_SHOWN)
    )
    return [
        Worker(name, url_for("deeds.show", deed_id=deed_id), count, is_ambassador=is_one)
        for name, count, deed_id, is_one in rows
    ]


def _is_ambassador() -> ColumnElement[bool]:
    agreed = Membership.ambassador_since.is_not(None) & Membership.waits_since.is_(None)
    return select(Membership.id).where(Membership.user_id == User.id, agreed).exists()


def networks(session: Session, condition: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Name and address of the networks and communities that public deeds of the condition tell of, the newest first."""
    newest = func.max(Deed.published_at)
    rows = session.execute(
        select(func.min(Material.title), Material.url)
        .join(Deed, Deed.id == Material.deed_id)
        .where(IS_PUBLIC, condition, Material.kind == MaterialKind.COMMUNITY, Material.url != "")
        .group_by(Material.url)
        .order_by(newest.desc(), Material.url)
        .limit(WORKERS_SHOWN)
    )
    return [(title, url) for title, url in rows]


def _theme(session: Session, slug: str) -> Theme:
    found = session.scalar(select(Theme).where(Theme.slug == slug))
    if found is None:
        raise NotFound(slug)
    return found


@themes.route("/teemat")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    found = themes_with_counts(session, request_locale())
    return render_template(
        "themes/index.html",
        themes=found,
        used=sorted(
            (theme for theme in found if theme.deeds), key=lambda theme: (-theme.deeds, alphabetical(theme.name))
        )[:3],
        sectors=all_sectors(session),
    )


@themes.route("/teemat/<slug>")
@access(PUBLIC)
def show(slug: str) -> str | Response:
    session = db.session()
    locale = request_locale()
    try:
        theme = _theme(session, slug)
    except NotFound:
        moved = vocabulary.moved_theme(session, slug)
        if moved is None:
            raise
        return redirect(url_for("themes.show", slug=moved.slug), 301)
    in_theme = has_theme(theme.id)
    beside = [other for other in themes_beside(session, locale, in_theme) if other.slug != slug]
    return render_template(
        "themes/show.html",
        theme=theme,
        count=_public_count(session, in_theme),
        cards=cards_of_theme(session, theme.id, locale, CARDS_SHOWN),
        beside=beside,
        sectors=sectors_beside(session, locale, in_theme),
        organisations=organisations_at_work(session, locale, in_theme),
        people=people_at_work(session, in_theme),
        networks=networks(session, in_theme),
        meetings=meetings.coming(session, theme.slug, MEETINGS_SHOWN),
    )


@sectors.route("/toimialat/<slug>", endpoint="show")
@access(PUBLIC)
def show_sector(slug: str) -> str:
    session = db.session()
    locale = request_locale()
    everything = all_sectors(session)
    sector = next((item for item in everything if item.slug == slug), None)
    if sector is None:
        raise NotFound(slug)
    in_sector = Deed.sector_id == sector.id
    return render_template(
        "sectors/show.html",
        sector=sector,
        count=_public_count(session, in_sector),
        cards=cards_of_sector(session, sector.id, locale, CARDS_SHOWN),
        themes=themes_beside(session, locale, in_sector),
        others=[item for item in everything if item.slug != slug],
    )
