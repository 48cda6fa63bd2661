"""Who hears of what at once: a notice in the service, and a mail to those who were answered or asked."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.events import CampaignMoved, DeedEdited, JuryChanged, PartnerFound, TopListChanged, WishAnswered
from tori.digest.links import mail_link
from tori.digest.subscriptions import wants_answers_by_mail
from tori.models.campaigning import JuryMember
from tori.models.campaigns import Campaign, CampaignState, TopList
from tori.models.deeds import Deed
from tori.models.follows import Follow, Followed
from tori.models.operations import Notification
from tori.models.people import User
from tori.models.wishes import PartnerCall, PartnerInterest, Wish, WishSupporter
from tori.notifications import mail

MAX_TEXT = 300


def notify(session: Session, user_id: int | None, actor_id: int | None, kind: str, text: str, address: str) -> None:
    """A notice about something that is not simply a deed. Nobody is told of their own doings."""
    if user_id is None or user_id == actor_id:
        return
    session.add(Notification(user_id=user_id, kind=kind, text=text[:MAX_TEXT], address=address))


def write_to(session: Session, user_id: int | None, actor_id: int | None, event: str, **context: Any) -> None:
    """A mail to a person who wants answers at once."""
    if user_id is None or user_id == actor_id:
        return
    user = session.get(User, user_id)
    if user is None or not wants_answers_by_mail(session, user):
        return
    context["choices"] = mail_link("digest.notices", user.locale)
    mail.enqueue(session, event, user.email, user.locale, name=user.display_name, **context)


def locale_of(session: Session, user_id: int | None) -> str:
    user = session.get(User, user_id) if user_id else None
    return user.locale if user else "fi"


def tell_of_wish_answer(session: Session, event: WishAnswered) -> None:
    """All who joined hear of it here and in their digest; who wished hears by mail too."""
    wish, deed = session.get_one(Wish, event.wish_id), session.get_one(Deed, event.deed_id)
    address = f"/toiveet/{wish.id}-{wish.slug}"
    joined = session.scalars(select(WishSupporter.user_id).where(WishSupporter.wish_id == wish.id)).all()
    for user_id in sorted({*joined, wish.author_id} - {None}):  # type: ignore[type-var]
        notify(session, user_id, event.actor_id, "wish_answered", wish.title, address)
    locale = locale_of(session, wish.author_id)
    link = mail_link("wishes.show", locale, wish_id=wish.id, slug=wish.slug)
    write_to(session, wish.author_id, event.actor_id, "wish_answered", wish=wish.title, deed=deed.title, link=link)


def tell_of_list(session: Session, event: TopListChanged) -> None:
    """Those who follow a list hear of the deeds that have come to it."""
    row = session.get_one(TopList, event.list_id)
    if not event.added or row.published_at is None or row.published_at > clock.now():
        return
    followers = session.scalars(
        select(Follow.user_id).where(Follow.kind == Followed.TOP_LIST, Follow.target_id == row.id)
    ).all()
    for user_id in followers:
        notify(session, user_id, event.actor_id, "list_changed", row.title, f"/toplistat/{row.slug}")


def tell_of_partner(session: Session, event: PartnerFound) -> None:
    call = session.get_one(PartnerCall, event.call_id)
    interest = session.get_one(PartnerInterest, event.interest_id)
    title = (call.deed or call.wish).title  # type: ignore[union-attr]
    notify(session, call.author_id, event.actor_id, "partner", title, f"/kumppanit/{call.id}")
    link = mail_link("wishes.call", locale_of(session, call.author_id), call_id=call.id)
    place = interest.user.organisation
    write_to(
        session, call.author_id, event.actor_id, "partner_found", title=title, who=interest.user.display_name,
        organisation=place.name if place else "", message=interest.message, link=link,
    )  # fmt: skip


def tell_of_edit(session: Session, event: DeedEdited) -> None:
    """The makers hear that somebody else has changed what their deed says: once, until they have read it.

    The notice leads to the history, where they see what was changed.
    """
    deed = session.get_one(Deed, event.deed_id)
    told = select(Notification.user_id).where(
        Notification.deed_id == deed.id, Notification.kind == "edited", Notification.read_at.is_(None)
    )
    for user_id in {deed.author_id, *(row.id for row in deed.co_authors)} - {
        None,
        event.actor_id,
        *session.scalars(told),
    }:
        session.add(Notification(user_id=user_id, kind="edited", deed_id=deed.id, address=f"/teot/{deed.id}/historia"))


def tell_of_jury(session: Session, event: JuryChanged) -> None:
    """Whoever is asked into a jury hears of it, and whether the judging has begun."""
    if event.is_in:
        campaign = session.get_one(Campaign, event.campaign_id)
        _write_to_jury(session, campaign, event.user_id, event.actor_id)


def tell_jury(session: Session, event: CampaignMoved) -> None:
    """The judging begins when the campaign has closed."""
    if event.state == CampaignState.CLOSED:
        campaign = session.get_one(Campaign, event.campaign_id)
        for user_id in session.scalars(select(JuryMember.user_id).where(JuryMember.campaign_id == campaign.id)).all():
            _write_to_jury(session, campaign, user_id, event.actor_id)


def _write_to_jury(session: Session, campaign: Campaign, user_id: int, actor_id: int | None) -> None:
    if campaign.state in (CampaignState.JUDGED, CampaignState.PUBLISHED):
        return
    kind = "jury_open" if campaign.state == CampaignState.CLOSED else "jury_named"
    notify(session, user_id, actor_id, kind, campaign.name, f"/oma/raati/{campaign.slug}")
    link = mail_link("campaigns.jury_queue", locale_of(session, user_id), slug=campaign.slug)
    write_to(session, user_id, actor_id, kind, campaign=campaign.name, ends_on=campaign.ends_on, link=link)
