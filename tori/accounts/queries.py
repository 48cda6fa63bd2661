"""What the own pages read. Every function is a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.text import alphabetical
from tori.i18n import prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Comment, Deed
from tori.models.people import BrowserSession, Organisation, User

ADOPTIONS_SHOWN = 20


def listed_organisations(session: Session, locale: str) -> list[tuple[str, str]]:
    """Slug and name of the organisations that exist today, by name."""
    today = clock.today()
    rows = session.scalars(
        select(Organisation).where(Organisation.ended_on.is_(None) | (Organisation.ended_on >= today))
    )
    return sorted(((row.slug, row.name_in(locale)) for row in rows), key=lambda row: alphabetical(row[1]))


@dataclass(frozen=True)
class OwnAdoption:
    title: str
    url: str
    language: str
    organisation_name: str
    since: datetime


def adoptions_of_own(session: Session, user: User, locale: str) -> list[OwnAdoption]:
    """The models that the person's organisations have taken, newest first."""
    own = [member.organisation_id for member in user.memberships if member.waits_since is None]
    if not own:
        return []
    rows = session.execute(
        select(Adoption.created_at, Deed.id, Deed.slug, Deed.title, Deed.language, Organisation)
        .join(Deed, Deed.id == Adoption.deed_id)
        .join(Organisation, Organisation.id == Deed.organisation_id)
        .where(Adoption.organisation_id.in_(own), Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Adoption.id.desc())
        .limit(ADOPTIONS_SHOWN)
    )
    return [
        OwnAdoption(
            row.title,
            f"{prefix_of(locale)}/teot/{row.id}-{row.slug}",
            row.language,
            row.Organisation.name_in(locale),
            row.created_at,
        )
        for row in rows
    ]


def has_commented(session: Session, user: User) -> bool:
    return bool(session.scalar(select(func.count()).where(Comment.author_id == user.id)))


def sessions_of(session: Session, user: User) -> list[BrowserSession]:
    """Where the person is signed in, the latest first."""
    return list(
        session.scalars(
            select(BrowserSession).where(BrowserSession.user_id == user.id).order_by(BrowserSession.seen_at.desc())
        )
    )
