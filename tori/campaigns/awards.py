"""Awards. Results page, press tables, diplomas, badges and the API all read ``award_rows``: they cannot disagree."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import AwardGiven, AwardRemoved, AwardsMailed, record
from tori.core.text import alphabetical, clean_line, clean_text
from tori.models.campaigning import Award, AwardCorrection
from tori.models.campaigns import AwardFor, AwardSeries, Campaign, CampaignKind, CampaignState
from tori.models.deeds import Deed
from tori.models.people import Membership, Organisation, User
from tori.notifications import mail
from tori.notifications.links import mail_link
from tori.policy import Actor, Permission, require

MAX_CITATION = 600
MAX_THANKS = 150
MAX_NOTE = 500
KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other on paper."""
KEY_LENGTH = 10


@dataclass(frozen=True)
class Given:
    """``thanks`` is a team or a role, never a person's name without their word; ``may_thank`` says that they agreed."""

    is_mention: bool = False
    citation: str = ""
    thanks: str = ""
    may_thank: bool = False
    note: str = ""


@dataclass(frozen=True)
class AwardRow:
    """One award as everything shows it. ``title`` is empty when the organisation itself is awarded.

    A withdrawn deed keeps its award and its title, but no address.
    """

    id: int
    key: str
    year: int
    campaign: str
    campaign_slug: str
    series: str
    is_mention: bool
    title: str
    language: str
    organisation: str
    organisation_slug: str
    citation: str
    thanks: str
    deed_id: int | None
    deed_slug: str
    is_withdrawn: bool


def give(session: Session, actor: Actor, series: AwardSeries, winner: Deed | Organisation, given: Given) -> Award:
    """An award in a series. After the results are out, ``note`` tells everybody why the list changes."""
    campaign = series.campaign
    require(actor, Permission.CAMPAIGN_MANAGE)
    if not campaign.is_over(clock.today()):
        raise RuleBroken("campaign_not_over")
    is_deed = isinstance(winner, Deed)
    if (series.kind == AwardFor.DEED) != is_deed:
        raise RuleBroken("wrong_series", "series")
    if isinstance(winner, Deed):
        if not winner.is_public:
            raise RuleBroken("unknown_deed", "winner")
        if winner.campaign_id != campaign.id and campaign.kind != CampaignKind.GALA:
            raise RuleBroken("not_in_campaign", "winner")
    citation, thanks = clean_text(given.citation), clean_line(given.thanks)
    if len(citation) > MAX_CITATION:
        raise RuleBroken("text_too_long", "citation", limit=MAX_CITATION)
    if len(thanks) > MAX_THANKS:
        raise RuleBroken("text_too_long", "thanks", limit=MAX_THANKS)
    if thanks and not given.may_thank:
        raise RuleBroken("thanks_consent", "may_thank")
    deed_id = winner.id if isinstance(winner, Deed) else None
    organisation_id = winner.organisation_id if isinstance(winner, Deed) else winner.id
    known = select(Award.id).where(
        Award.series_id == series.id, Award.deed_id.is_not_distinct_from(deed_id),
        Award.organisation_id == organisation_id,
    )  # fmt: skip
    if session.scalar(known) is not None:
        raise RuleBroken("already_awarded", "winner")
    _note_correction(session, campaign, given.note)
    award = Award(
        campaign_id=campaign.id, series_id=series.id, deed_id=deed_id, organisation_id=organisation_id,
        is_mention=given.is_mention, citation=citation, thanks=thanks,
        key="".join(secrets.choice(KEY_LETTERS) for _ in range(KEY_LENGTH)),
    )  # fmt: skip
    session.add(award)
    session.flush()
    record(session, AwardGiven(actor_id=actor.id, award_id=award.id, campaign_id=campaign.id))
    return award


def remove(session: Session, actor: Actor, award: Award, note: str = "") -> None:
    """Takes an award back; when it was public, with a note."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    _note_correction(session, award.campaign, note)
    award_id, campaign_id = award.id, award.campaign_id
    session.delete(award)
    record(session, AwardRemoved(actor_id=actor.id, award_id=award_id, campaign_id=campaign_id))


def _note_correction(session: Session, campaign: Campaign, note: str) -> None:
    if campaign.state != CampaignState.PUBLISHED:
        return
    text = clean_text(note)[:MAX_NOTE]
    if not text:
        raise RuleBroken("correction_note", "note")
    session.add(AwardCorrection(campaign_id=campaign.id, note=text))


# Reading


def _rows(session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> Sequence[Award]:
    """Series in their order, prizes before mentions, the rest as they were given."""
    return session.scalars(
        select(Award)
        .join(Award.series)
        .join(Award.campaign)
        .where(*conditions)
        .options(
            joinedload(Award.series), joinedload(Award.campaign), joinedload(Award.deed),
            joinedload(Award.organisation),
        )
        .order_by(Campaign.ends_on.desc(), Campaign.id, AwardSeries.position, Award.is_mention, Award.id)
        .limit(limit)
    ).all()  # fmt: skip


def _row(award: Award, locale: str) -> AwardRow:
    deed, organisation, campaign = award.deed, award.organisation, award.campaign
    return AwardRow(
        id=award.id, key=award.key, year=campaign.ends_on.year, campaign=campaign.name, campaign_slug=campaign.slug,
        series=award.series.name, is_mention=award.is_mention, title=deed.title if deed else "",
        language=deed.language if deed else "fi", organisation=organisation.name_in(locale),
        organisation_slug=organisation.slug, citation=award.citation, thanks=award.thanks,
        deed_id=deed.id if deed and deed.is_public else None, deed_slug=deed.slug if deed else "",
        is_withdrawn=deed is not None and not deed.is_public,
    )  # fmt: skip


PUBLISHED = (Campaign.state == CampaignState.PUBLISHED) & Campaign.is_public.is_(True)


def award_rows(session: Session, campaign: Campaign, locale: str) -> list[AwardRow]:
    """One statement. Whoever shows them asks first whether the campaign is published."""
    return [_row(award, locale) for award in _rows(session, Award.campaign_id == campaign.id)]


def published_rows(session: Session, locale: str, limit: int | None = None) -> list[AwardRow]:
    """Public awards, the newest campaign first; all without a limit. One statement."""
    return [_row(award, locale) for award in _rows(session, PUBLISHED, limit=limit)]


def awards_of_deed(session: Session, deed_id: int, locale: str) -> list[AwardRow]:
    return [_row(award, locale) for award in _rows(session, PUBLISHED, Award.deed_id == deed_id)]


def awards_of_organisation(session: Session, organisation_id: int, locale: str) -> list[AwardRow]:
    return [_row(award, locale) for award in _rows(session, PUBLISHED, Award.organisation_id == organisation_id)]


def public_award(session: Session, key: str, locale: str) -> AwardRow:
    """The award of a diploma's address. Raises NotFound, also before the results are out."""
    rows = _rows(session, PUBLISHED, Award.key == key.lower()) if len(key) == KEY_LENGTH else []
    if not rows:
        raise NotFound("award")
    return _row(rows[0], locale)


def are_public(campaign: Campaign) -> bool:
    return campaign.state == CampaignState.PUBLISHED and campaign.is_public


def corrections_of(session: Session, campaign: Campaign) -> list[AwardCorrection]:
    return list(
        session.scalars(
            select(AwardCorrection)
            .where(AwardCorrection.campaign_id == campaign.id)
            .order_by(AwardCorrection.id.desc())
        )
    )


def deeds_to_award(session: Session, campaign: Campaign, limit: int = 500) -> list[Deed]:
    """The public deeds of a campaign by their title, for the list to choose from."""
    deeds = session.scalars(
        select(Deed).where(Deed.campaign_id == campaign.id).options(joinedload(Deed.organisation)).limit(limit)
    )
    return sorted((deed for deed in deeds if deed.is_public), key=lambda deed: alphabetical(deed.title))


# Diplomas by mail


def mail_diplomas(session: Session, actor: Actor, campaign: Campaign) -> int:
    """Writes once for each award to the maker, or to the contact person of the organisation. Returns how many."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    if not are_public(campaign):
        raise RuleBroken("results_not_public")
    written = 0
    for award in _rows(session, Award.campaign_id == campaign.id, Award.mailed_at.is_(None)):
        people = _recipients(session, award)
        if not people or (award.deed is not None and not award.deed.is_public):
            continue
        for person in people:
            mail.enqueue(
                session, "award", person.email, person.locale, user=person, row=_row(award, person.locale),
                link=mail_link("campaigns.award", person.locale, key=award.key),
            )  # fmt: skip
        award.mailed_at = clock.now()
        written += len(people)
    record(session, AwardsMailed(actor_id=actor.id, campaign_id=campaign.id))
    return written


def _recipients(session: Session, award: Award) -> list[User]:
    if award.deed is not None and award.deed.author is not None and award.deed.author.is_active:
        return [award.deed.author]
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organisation_id == award.organisation_id, Membership.is_steward.is_(True),
                User.confirmed_at.is_not(None), User.disabled_at.is_(None),
            )
            .order_by(User.id)
        )
    )  # fmt: skip
