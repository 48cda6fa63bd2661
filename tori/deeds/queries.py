"""Reading deeds. Lists are read as columns in one statement; a page of one deed in a few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    exists,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from tori.core import clock
from tori.core.errors import NotFound
from tori.core.shown import note_shown
from tori.i18n import prefix_of
from tori.models.adoptions import AdoptionMember
from tori.models.base import Named
from tori.models.campaigning import Award
from tori.models.campaigns import Story, story_deed
from tori.models.conversation import DeedThanks
from tori.models.deeds import (
    PUBLIC_STATUSES,
    UNPUBLISHED_STATUSES,
    Adoption,
    Comment,
    Deed,
    DeedStatus,
    Indicator,
    Material,
    Sector,
    Theme,
    deed_co_author,
    deed_co_organisation,
    deed_theme,
    organisation_theme,
)
from tori.models.media import Attachment, Picture, picture_address, shown_pictures
from tori.models.meetings import Meeting, meeting_deed
from tori.models.people import Municipality, Organisation, Region, User
from tori.models.tags import Tag, deed_tag
from tori.models.wishes import PartnerCall
from tori.models.writing import DeedUpdate
from tori.policy import ANONYMOUS, Actor, Permission, require, visible_deeds

NEW_FOR = timedelta(days=14)
MAX_COMMENTS = 500
MAX_ADOPTIONS = 500
MAX_STORIES = 6


@dataclass(frozen=True)
class DeedCard:
    """A deed in a list. ``url`` is in the language of the list; ``highlights`` the best passage of a search, marked."""

    id: int
    title: str
    url: str
    summary: str
    language: str
    sector_slug: str
    sector_name: str
    sector_colour: str
    icon: str
    organisation_name: str
    organisation_slug: str
    place: str
    region: str
    published_on: date | None
    status: str
    adoptions: int
    comments: int
    is_short: bool
    is_new: bool
    reuse_score: int = 0
    title_marked: Markup | None = None
    highlights: Markup | None = None
    image_url: str | None = None
    image_alt: str | None = None
    is_breakthrough: bool = False
    other_language: str = ""


def _localised(model: type[Named], locale: str) -> ColumnElement[str]:
    """The name in the locale, in Finnish where there is no other."""
    if locale == "fi":
        return type_coerce(model.name, String)
    return func.coalesce(getattr(model, f"name_{locale}"), model.name)


def _first_picture() -> ScalarSelect[int]:
    """Of those that readers see; one at most, whatever their positions are, so that no deed is listed twice."""
    candidate = aliased(Picture)
    return (
        select(candidate.id)
        .where(candidate.deed_id == Deed.id, shown_pictures(candidate))
        .order_by(candidate.position, candidate.id)
        .limit(1)
        .correlate(Deed)
        .scalar_subquery()
    )


@cache
def _card_statement(locale: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Deed.id, Deed.title, Deed.slug, Deed.summary, Deed.language, Deed.icon, Deed.published_at, Deed.status,
            Deed.adoption_count, Deed.comment_count, Deed.is_short, Deed.breakthrough_at, Deed.reuse_score,
            Sector.slug.label("sector_slug"), _localised(Sector, locale).label("sector_name"),
            Sector.colour.label("sector_colour"), Sector.icon.label("sector_icon"),
            Organisation.slug.label("organisation_slug"), _localised(Organisation, locale).label("organisation_name"),
            _localised(Municipality, locale).label("municipality_name"),
            _localised(Region, locale).label("region_name"),
            Picture.key.label("picture_key"), Picture.alt.label("picture_alt"), Picture.is_decorative,
        )
        .join(Deed.sector)
        .join(Deed.organisation)
        .outerjoin(Organisation.municipality)
        .outerjoin(Region, Region.id == Organisation.region_id)
        .outerjoin(Picture, Picture.id == _first_picture())
    )  # fmt: skip


@cache
def _public_cards(locale: str) -> Select[*tuple[Any, ...]]:
    """Those of ``ids`` that everybody may see. Putting a statement together costs as much as asking it."""
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    return _card_statement(locale).where(Deed.id.in_(ids), visible_deeds(ANONYMOUS))


def _cards(
    session: Session, locale: str, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> list[DeedCard]:
    new_from = clock.now() - NEW_FOR
    cards = [
        DeedCard(
            id=row.id,
            title=row.title,
            url=f"{prefix_of(locale)}/teot/{row.id}-{row.slug}",
            summary=row.summary,
            language=row.language,
            sector_slug=row.sector_slug,
            sector_name=row.sector_name,
            sector_colour=row.sector_colour,
            icon=row.icon or row.sector_icon,
            organisation_name=row.organisation_name,
            organisation_slug=row.organisation_slug,
            place=row.municipality_name or row.organisation_name,
            region=row.region_name or "",
            published_on=clock.in_finland(row.published_at).date() if row.published_at else None,
            status=row.status,
            adoptions=row.adoption_count,
            comments=row.comment_count,
            is_short=row.is_short,
            reuse_score=row.reuse_score,
            is_new=row.published_at is not None and row.published_at > new_from,
            is_breakthrough=row.breakthrough_at is not None,
            image_url=picture_address(row.picture_key) if row.picture_key else None,
            image_alt=row.picture_alt if row.picture_key and not row.is_decorative else None,
        )
        for row in session.execute(statement, values)
    ]
    note_shown(card.id for card in cards)
    return cards


def cards_by_ids(session: Session, ids: Sequence[int], locale: str, actor: Actor) -> list[DeedCard]:
    """The cards in the order of the ids; what the actor may not see is left out. One statement."""
    if not ids:
        return []
    if actor.user is None:
        cards = _cards(session, locale, _public_cards(locale), {"ids": ids})
    else:
        cards = _cards(session, locale, _card_statement(locale).where(Deed.id.in_(ids), visible_deeds(actor)))
    found = {card.id: card for card in cards}
    return [found[deed_id] for deed_id in ids if deed_id in found]


def _newest_cards(session: Session, locale: str, limit: int, *conditions: ColumnElement[bool]) -> list[DeedCard]:
    order = (Deed.published_at.desc(), Deed.is_short, Deed.id.desc())
    return _cards(session, locale, _card_statement(locale).where(*conditions).order_by(*order).limit(limit))


def latest_cards(session: Session, locale: str, limit: int) -> list[DeedCard]:
    """The newest public deeds; of those published at one moment, fuller ones first."""
    return _newest_cards(session, locale, limit, Deed.status == DeedStatus.PUBLISHED)


def cards_made_with(session: Session, organisation_id: int, locale: str, limit: int = 50) -> list[DeedCard]:
    """Deeds that the organisation made together with the one that owns them."""
    together = select(deed_co_organisation.c.deed_id).where(deed_co_organisation.c.organisation_id == organisation_id)
    return _newest_cards(session, locale, limit, Deed.id.in_(together), Deed.status.in_(PUBLIC_STATUSES))


def has_theme(theme_id: int | ScalarSelect[int]) -> ColumnElement[bool]:
    """By the index of the pairs; as EXISTS every deed would be asked."""
    return Deed.id.in_(select(deed_theme.c.deed_id).where(deed_theme.c.theme_id == theme_id))


def cards_of_theme(session: Session, theme_id: int, locale: str, limit: int = 12) -> list[DeedCard]:
    return _newest_cards(session, locale, limit, has_theme(theme_id), Deed.status == DeedStatus.PUBLISHED)


def interests_of(session: Session, organisation_id: int) -> list[Theme]:
    """The themes that its contact person has chosen, by name."""
    return list(
        session.scalars(
            select(Theme)
            .join(organisation_theme, organisation_theme.c.theme_id == Theme.id)
            .where(organisation_theme.c.organisation_id == organisation_id)
            .order_by(Theme.name)
        )
    )


def cards_in_themes(session: Session, theme_ids: Sequence[int], not_of: int, locale: str, limit: int) -> list[DeedCard]:
    """The newest deeds on any of the themes that other organisations have told."""
    if not theme_ids:
        return []
    on_them = Deed.id.in_(select(deed_theme.c.deed_id).where(deed_theme.c.theme_id.in_(theme_ids)))
    told = Deed.status == DeedStatus.PUBLISHED
    return _newest_cards(session, locale, limit, on_them, told, Deed.organisation_id != not_of)


def cards_of_sector(session: Session, sector_id: int, locale: str, limit: int = 12) -> list[DeedCard]:
    return _newest_cards(session, locale, limit, Deed.sector_id == sector_id, Deed.status == DeedStatus.PUBLISHED)


def cards_of_author(session: Session, user: User, locale: str, limit: int = 100) -> list[DeedCard]:
    """A person's own deeds, drafts first, then by the last change."""
    return _cards(
        session,
        locale,
        _card_statement(locale)
        .where(
            (Deed.author_id == user.id)
            | Deed.id.in_(select(deed_co_author.c.deed_id).where(deed_co_author.c.user_id == user.id))
        )
        .order_by(Deed.status.not_in(UNPUBLISHED_STATUSES), Deed.updated_at.desc())
        .limit(limit),
    )


def cards_with_title_like(session: Session, text: str, locale: str, limit: int) -> list[DeedCard]:
    """The search of last resort when there is no index: the words in the title or the summary, newest first."""
    statement = _card_statement(locale).where(Deed.status.in_(PUBLIC_STATUSES))
    for word in text.split()[:8]:
        statement = statement.where(
            Deed.title.icontains(word, autoescape=True) | Deed.summary.icontains(word, autoescape=True)
        )
    return _cards(session, locale, statement.order_by(Deed.published_at.desc(), Deed.id.desc()).limit(limit))


@cache
def _around_statement() -> Select[*tuple[Any, ...]]:
    deed_id: BindParameter[int] = bindparam("deed_id")

    def some(column: Any) -> ColumnElement[bool]:
        # Not correlated: the outer statement has no table.
        return exists().where(column == deed_id).correlate(None)

    return select(
        some(Picture.deed_id).label("pictures"), some(Attachment.deed_id).label("attachments"),
        some(story_deed.c.deed_id).label("stories"), some(meeting_deed.c.deed_id).label("meetings"),
        some(Deed.part_of_id).label("parts"),
        some(Deed.parent_id).label("variants"), some(DeedUpdate.deed_id).label("updates"),
        some(Adoption.deed_id).label("adoptions"), some(Award.deed_id).label("awards"),
        some(PartnerCall.deed_id).label("calls"), some(Comment.deed_id).label("comments"),
        some(DeedThanks.deed_id).label("thanks"), some(Indicator.deed_id).label("indicators"),
        some(Material.deed_id).label("materials"),
    )  # fmt: skip


AROUND = ("indicators", "materials")


def what_stands_around(session: Session, deed_id: int) -> frozenset[str]:
    """Which kinds of things a deed has at all, in one statement: most deeds have few of them, and each kind that a page
    needs not ask for spares it a statement."""
    row = session.execute(_around_statement(), {"deed_id": deed_id}).one()
    return frozenset(kind for kind, is_there in row._mapping.items() if is_there)


def get_deed(
    session: Session, actor: Actor, deed_id: int, also_gone: bool = False, around: frozenset[str] = frozenset(AROUND)
) -> Deed:
    """A deed with all that its page shows. Raises NotFound for a missing and for a hidden one alike.

    ``also_gone`` gives one that was taken off the square too, for addresses that then say that it is gone;
    ``around`` is what ``what_stands_around`` has told.
    """
    rows = session.scalars(
        select(Deed)
        .where(Deed.id == deed_id)
        .options(
            joinedload(Deed.organisation).joinedload(Organisation.municipality),
            joinedload(Deed.organisation).joinedload(Organisation.region),
            joinedload(Deed.organisation).joinedload(Organisation.successor),
            # Few of each: one longer statement costs less than three more.
            joinedload(Deed.organisation).joinedload(Organisation.former_names),
            joinedload(Deed.sector),
            joinedload(Deed.author).lazyload(User.memberships),
            joinedload(Deed.campaign),
            joinedload(Deed.part_of),
            joinedload(Deed.themes.and_(deed_theme.c.deed_id == deed_id)),
            joinedload(Deed.tags.and_(deed_tag.c.deed_id == deed_id)),
            joinedload(Deed.peer_help),
            joinedload(Deed.co_authors.and_(deed_co_author.c.deed_id == deed_id)).lazyload(User.memberships),
            joinedload(Deed.co_organisations.and_(deed_co_organisation.c.deed_id == deed_id)),
            *(selectinload(getattr(Deed, kind)) for kind in AROUND if kind in around),
        )
    ).unique()
    deed = next(iter(rows), None)
    if deed is None:
        raise NotFound("deed")
    for kind in AROUND:
        if kind not in around:
            set_committed_value(deed, kind, [])
    note_shown([deed.id])
    if not (also_gone and deed.status == DeedStatus.WITHDRAWN):
        require(actor, Permission.DEED_READ, deed)
    return deed


def bare_deed(session: Session, actor: Actor, deed_id: int) -> Deed:
    """As ``get_deed``, without anything around it."""
    deed = session.get(Deed, deed_id)
    if deed is None:
        raise NotFound("deed")
    require(actor, Permission.DEED_READ, deed)
    return deed


def public_parts(session: Session, deed: Deed, locale: str) -> list[DeedCard]:
    return _cards(
        session,
        locale,
        _card_statement(locale).where(Deed.part_of_id == deed.id, Deed.status.in_(PUBLIC_STATUSES)).order_by(Deed.id),
    )


def public_variants(session: Session, deed: Deed, locale: str) -> list[DeedCard]:
    """The deeds that others have made from this one, oldest first."""
    return _cards(
        session,
        locale,
        _card_statement(locale)
        .where(Deed.parent_id == deed.id, Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.published_at, Deed.id),
    )


def stories_about(session: Session, deed: Deed) -> list[Story]:
    """The published stories that the deed is told in, the newest first."""
    return list(
        session.scalars(
            select(Story)
            .join(story_deed, story_deed.c.story_id == Story.id)
            .options(joinedload(Story.series))
            .where(story_deed.c.deed_id == deed.id, Story.published_at <= clock.now())
            .order_by(Story.published_at.desc(), Story.id.desc())
            .limit(MAX_STORIES)
        )
    )


def meetings_about(session: Session, deed: Deed) -> list[Meeting]:
    """The published meetings where the deed was told or born, the newest first."""
    return list(
        session.scalars(
            select(Meeting)
            .join(meeting_deed, meeting_deed.c.meeting_id == Meeting.id)
            .where(meeting_deed.c.deed_id == deed.id, Meeting.published_at.is_not(None))
            .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
            .limit(MAX_STORIES)
        )
    )


def adoptions_of(session: Session, deed_id: int) -> list[Adoption]:
    return list(
        session.scalars(
            select(Adoption)
            .where(Adoption.deed_id == deed_id)
            .options(joinedload(Adoption.organisation), joinedload(Adoption.user).lazyload(User.memberships))
            .order_by(Adoption.id.desc())
            .limit(MAX_ADOPTIONS)
        )
    )


def adopters_of(session: Session, adoption_ids: Sequence[int]) -> dict[int, list[int]]:
    """Adoption -> the people who pressed. One statement."""
    found: dict[int, list[int]] = {adoption_id: [] for adoption_id in adoption_ids}
    if found:
        statement = select(AdoptionMember.adoption_id, AdoptionMember.user_id).order_by(AdoptionMember.id)
        for adoption_id, user_id in session.execute(statement.where(AdoptionMember.adoption_id.in_(adoption_ids))):
            found[adoption_id].append(user_id)
    return found


def own_adoption(session: Session, actor: Actor, deed_id: int) -> Adoption | None:
    if not actor.organisation_ids:
        return None
    return session.scalar(
        select(Adoption)
        .where(Adoption.deed_id == deed_id, Adoption.organisation_id.in_(actor.organisation_ids))
        .order_by(Adoption.id)
    )


def all_sectors(session: Session) -> list[Sector]:
    return list(session.scalars(select(Sector).order_by(Sector.position)))


def all_themes(session: Session) -> list[Theme]:
    return list(session.scalars(select(Theme).order_by(Theme.name)))


def all_tags(session: Session) -> list[Tag]:
    return list(session.scalars(select(Tag).order_by(Tag.kind, Tag.name)))


def organisation_names(session: Session, locale: str) -> dict[str, str]:
    """Slug -> name, of all."""
    statement = select(Organisation.slug, _localised(Organisation, locale).label("name"))
    return {row.slug: row.name for row in session.execute(statement)}
