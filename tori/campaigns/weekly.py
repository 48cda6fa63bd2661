"""Viikon muutoksentekijät: the queue of weeks, what is shown, and the makers' right to change their mind."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import FeatureRemoved, FeatureScheduled, FeatureWithdrawn, record
from tori.core.text import clean_line, clean_text
from tori.database import transaction
from tori.models.campaign_life import CampaignPicture
from tori.models.campaigning import WeeklyFeature
from tori.models.campaigns import Campaign, CampaignKind, running_on
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.operations import Notification
from tori.models.people import Role, User
from tori.notifications import mail
from tori.notifications.links import mail_link
from tori.policy import Actor, Permission, require

MAX_TEXT = 1500
MAX_LINE = 150
WEEKS_AHEAD = 52
SHOWN = 60
SALT = "weekly-feature"


@dataclass(frozen=True)
class Feature:
    """``day`` is any day of the week; ``consent`` tells who agreed, for example "the team, by mail 3.9."."""

    day: date | None
    makers: str
    text: str
    consent: str
    has_consent: bool = False


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def schedule(session: Session, actor: Actor, deed: Deed, given: Feature) -> WeeklyFeature:
    """Puts a public deed into an empty week and tells its author, with a link to take it back."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    if given.day is None:
        raise RuleBroken("value_missing", "day")
    monday, this = monday_of(given.day), monday_of(clock.today())
    if not this <= monday <= this + timedelta(weeks=WEEKS_AHEAD):
        raise RuleBroken("bad_last_day", "day")
    if not deed.is_public:
        raise RuleBroken("unknown_deed", "deed")
    texts = {"makers": clean_line(given.makers), "text": clean_text(given.text), "consent": clean_line(given.consent)}
    for name, value in texts.items():
        limit = MAX_TEXT if name == "text" else MAX_LINE
        if not value:
            raise RuleBroken("value_missing", name)
        if len(value) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
    if not given.has_consent:
        raise RuleBroken("feature_consent", "has_consent")
    if session.scalar(select(WeeklyFeature.id).where(WeeklyFeature.monday == monday)) is not None:
        raise RuleBroken("week_taken", "day")
    row = WeeklyFeature(monday=monday, deed_id=deed.id, consent_at=clock.now(), **texts)
    session.add(row)
    session.flush()
    record(session, FeatureScheduled(actor_id=actor.id, feature_id=row.id, deed_id=deed.id))
    if deed.author is not None and deed.author.is_active:
        mail.enqueue(
            session, "weekly_feature", deed.author.email, deed.author.locale, user=deed.author, deed=deed, row=row,
            link=mail_link("campaigns.weekly", deed.author.locale),
            stop=mail_link("campaigns.withdraw_feature", deed.author.locale, token=token_of(row)),
        )  # fmt: skip
    return row


def remove(session: Session, actor: Actor, row: WeeklyFeature) -> None:
    require(actor, Permission.CAMPAIGN_MANAGE)
    feature_id, deed_id = row.id, row.deed_id
    session.delete(row)
    record(session, FeatureRemoved(actor_id=actor.id, feature_id=feature_id, deed_id=deed_id))


# The makers' own link


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=SALT)


def token_of(row: WeeklyFeature) -> str:
    token = _signer().dumps(row.id)
    return token if isinstance(token, str) else token.decode()


def find(session: Session, token: str) -> WeeklyFeature:
    """Raises RuleBroken("bad_link")."""
    try:
        number = _signer().loads(token[:200])
    except BadSignature as error:
        raise RuleBroken("bad_link") from error
    row = session.get(WeeklyFeature, number)
    if row is None:
        raise RuleBroken("bad_link")
    return row


def withdraw(session: Session, token: str) -> WeeklyFeature:
    """The makers take their consent back: the presentation is gone at once, the deed itself stays."""
    row = find(session, token)
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        row.text = row.makers = ""
        # No row names its files any more, so they go with the next sweep of uploads.
        session.execute(delete(CampaignPicture).where(CampaignPicture.feature_id == row.id))
        record(session, FeatureWithdrawn(actor_id=None, feature_id=row.id, deed_id=row.deed_id))
    return row


# Reading


def shown(session: Session, limit: int = SHOWN) -> list[WeeklyFeature]:
    """Those whose week has begun, the newest first; none without consent or with a deed that is gone."""
    return list(
        session.scalars(
            select(WeeklyFeature)
            .join(WeeklyFeature.deed)
            .where(
                WeeklyFeature.monday <= clock.today(), WeeklyFeature.withdrawn_at.is_(None),
                Deed.status.in_(PUBLIC_STATUSES),
            )
            .options(joinedload(WeeklyFeature.deed).joinedload(Deed.organisation))
            .order_by(WeeklyFeature.monday.desc())
            .limit(limit)
        )
    )  # fmt: skip


def is_shown(row: WeeklyFeature) -> bool:
    """The rule of ``shown`` for one that is loaded with its deed."""
    return row.monday <= clock.today() and row.withdrawn_at is None and row.deed.is_public


def of_this_week(session: Session) -> WeeklyFeature | None:
    found = shown(session, 1)
    return found[0] if found and found[0].monday == monday_of(clock.today()) else None


def queue(session: Session) -> list[WeeklyFeature]:
    """This week and those to come."""
    return list(
        session.scalars(
            select(WeeklyFeature)
            .where(WeeklyFeature.monday >= monday_of(clock.today()))
            .options(joinedload(WeeklyFeature.deed))
            .order_by(WeeklyFeature.monday)
        )
    )


def gap(session: Session) -> date | None:
    """The Monday of the next week, when a weekly campaign runs then and nothing is in the queue for it."""
    monday = monday_of(clock.today()) + timedelta(weeks=1)
    runs = session.scalar(select(Campaign.id).where(Campaign.kind == CampaignKind.WEEKLY, running_on(monday)).limit(1))
    if runs is None:
        return None
    is_ready = session.scalar(
        select(WeeklyFeature.id).where(WeeklyFeature.monday == monday, WeeklyFeature.withdrawn_at.is_(None))
    )
    return monday if is_ready is None else None


def warn_of_gap(config: Config) -> None:
    """A notice to every campaign manager a week ahead, once for each gap."""
    with transaction() as session:
        monday = gap(session)
        if monday is None:
            return
        managers = session.scalars(
            select(User.id).where(User.role == Role.CAMPAIGN_MANAGER, User.disabled_at.is_(None))
        ).all()
        told = set(
            session.scalars(
                select(Notification.user_id).where(
                    Notification.kind == "queue_gap", Notification.text == monday.isoformat()
                )
            )
        )
        for user_id in set(managers) - told:
            session.add(
                Notification(
                    user_id=user_id, kind="queue_gap", text=monday.isoformat(), address="/hallinta/viikon-tekijat"
                )
            )
