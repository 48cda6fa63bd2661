"""The newsletter: an issue that editors compose of deeds, stories, campaigns and lists, beside the digests that write
themselves. It goes to those who get the digest, and each issue stays in the archive."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, func, select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    NewsletterChanged,
    NewsletterScheduled,
    NewsletterSent,
    NewsletterStopped,
    NewsletterTested,
    record,
)
from tori.core.text import clean_line, clean_text, excerpt, plain_text
from tori.curation.queries import is_current, newest_stories
from tori.database import NOW, Due, db, transaction
from tori.digest.letters import address_of, locale_of
from tori.digest.links import mail_link
from tori.i18n import LOCALES, prefix_of
from tori.models.campaigns import Campaign, Story, StorySeries, TopList, running_on
from tori.models.deeds import PUBLIC_STATUSES, Deed, DeedStatus
from tori.models.digest import Rhythm, Subscriber
from tori.models.editorial import Newsletter, NewsletterDelivery
from tori.models.operations import OutboxMail
from tori.models.people import User
from tori.notifications import mail
from tori.policy import SYSTEM, Actor, Permission, require

EVENT = "newsletter"
MAX_SUBJECT = 150
MAX_INTRO = 3_000
MAX_NOTE = 400
MAX_ITEMS = 20
MAX_AHEAD = timedelta(days=366)
BATCH = 50
SUMMARY = 260
SUGGESTED_DEEDS = 5
SUGGESTED_FROM = timedelta(days=31)


@dataclass(frozen=True)
class Draft:
    """``lines``: one address a line, and after a bar what the editor says of it: ``/teot/12 | Kokeile tätä``."""

    subjects: dict[str, str]
    intros: dict[str, str]
    lines: str = ""


@dataclass(frozen=True)
class Piece:
    """One item of an issue as readers see it. ``path`` is without a language."""

    kind: str
    title: str
    path: str
    summary: str
    language: str
    note: str


def get(session: Session, newsletter_id: int) -> Newsletter:
    found = session.get(Newsletter, newsletter_id)
    if found is None:
        raise NotFound("newsletter")
    return found


def all_issues(session: Session) -> list[Newsletter]:
    return list(session.scalars(select(Newsletter).order_by(Newsletter.id.desc()).limit(200)))


def sent_issues(session: Session) -> list[Newsletter]:
    """The archive, the newest first."""
    statement = select(Newsletter).where(Newsletter.sent_at.is_not(None))
    return list(session.scalars(statement.order_by(Newsletter.sent_at.desc()).limit(200)))


def sent_issue(session: Session, newsletter_id: int) -> Newsletter:
    row = get(session, newsletter_id)
    if row.sent_at is None:
        raise NotFound("newsletter")
    return row


# What an address of a line means


def _parsed(session: Session, line: str) -> dict[str, Any]:
    address, _sep, note = line.partition("|")
    path = "/" + re.sub(r"^https?://[^/]+/", "", address.strip()).lstrip("/")
    path = re.sub(r"^/(sv|en)(?=/)", "", path).partition("?")[0].partition("#")[0].rstrip("/")
    kind, thing_id = _thing(session, path)
    return {"kind": kind, "id": thing_id, "note": clean_line(note)[:MAX_NOTE]}


def _thing(session: Session, path: str) -> tuple[str, int]:
    """Raises RuleBroken for an address that leads to nothing a newsletter can tell of."""
    found: int | None = None
    kind = ""
    if deed := re.fullmatch(r"/(?:(?:teot|t)/)?(\d{1,9})(?:-[^/]*)?", path):
        kind = "deed"
        found = session.scalar(select(Deed.id).where(Deed.id == int(deed[1]), Deed.status.in_(PUBLIC_STATUSES)))
    elif story := re.fullmatch(r"/jutut/([^/]+)/([^/]+)", path):
        kind = "story"
        found = session.scalar(
            select(Story.id)
            .join(StorySeries, StorySeries.id == Story.series_id)
            .where(StorySeries.slug == story[1], Story.slug == story[2], Story.published_at.is_not(None))
        )
    elif campaign := re.fullmatch(r"/kampanjat/([^/]+)", path):
        kind = "campaign"
        found = session.scalar(select(Campaign.id).where(Campaign.slug == campaign[1], Campaign.is_public))
    elif top_list := re.fullmatch(r"/toplistat/([^/]+)", path):
        kind = "toplist"
        found = session.scalar(select(TopList.id).where(TopList.slug == top_list[1], TopList.published_at.is_not(None)))
    if found is None:
        raise RuleBroken("unknown_address", "lines", address=path[:80])
    return kind, found


def pieces(session: Session, items: Iterable[dict[str, Any]], locale: str) -> list[Piece]:
    """What of the items readers may see today."""
    return [piece for item in items if (piece := _piece(session, item, locale)) is not None]


def _piece(session: Session, item: dict[str, Any], locale: str) -> Piece | None:
    kind, note = item["kind"], item["note"]
    if kind == "deed":
        deed = session.get(Deed, item["id"])
        if deed is None or not deed.is_public:
            return None
        return Piece(
            kind, deed.title, f"/teot/{deed.id}-{deed.slug}", excerpt(deed.summary, SUMMARY), deed.language, note
        )
    if kind == "story":
        story = session.get(Story, item["id"])
        if story is None or story.published_at is None or story.published_at > clock.now():
            return None
        title, summary = story.said("title", locale), story.said("summary", locale)
        address = f"/jutut/{story.series.slug}/{story.slug}"
        return Piece(kind, title.text, address, excerpt(summary.text, SUMMARY), title.language, note)
    if kind == "campaign":
        campaign = session.get(Campaign, item["id"])
        if campaign is None or not campaign.is_public:
            return None
        text = excerpt(plain_text(campaign.description_in(locale)), SUMMARY)
        return Piece(kind, campaign.name, f"/kampanjat/{campaign.slug}", text, "fi", note)
    top_list = session.get(TopList, item["id"])
    if top_list is None or top_list.published_at is None:
        return None
    text = excerpt(plain_text(top_list.introduction_in(locale)), SUMMARY)
    return Piece("toplist", top_list.title_in(locale), f"/toplistat/{top_list.slug}", text, locale, note)


def lines_of(session: Session, row: Newsletter) -> str:
    """The items as the editor types them."""
    found = []
    for item in row.items:
        piece = _piece(session, item, "fi")
        if piece is not None:
            found.append(f"{piece.path} | {piece.note}" if piece.note else piece.path)
    return "\n".join(found)


def suggested_lines(session: Session) -> str:
    """A beginning for an issue: the most taken new deeds, the newest story, the running campaign, the newest list."""
    since = clock.now() - SUGGESTED_FROM
    deeds = session.scalars(
        select(Deed)
        .where(Deed.status == DeedStatus.PUBLISHED, Deed.published_at > since)
        .order_by(Deed.is_short, Deed.adoption_count.desc(), Deed.published_at.desc())
        .limit(SUGGESTED_DEEDS)
    )
    paths = [f"/teot/{deed.id}-{deed.slug}" for deed in deeds]
    paths += [f"/jutut/{story.series.slug}/{story.slug}" for story in newest_stories(session, 1)]
    campaign = session.scalar(select(Campaign).where(running_on(clock.today())).order_by(Campaign.ends_on).limit(1))
    paths += [f"/kampanjat/{campaign.slug}"] if campaign else []
    top_list = session.scalar(select(TopList).where(is_current()).order_by(TopList.published_at.desc()).limit(1))
    paths += [f"/toplistat/{top_list.slug}"] if top_list else []
    return "\n".join(paths)


# Composing


def _checked(session: Session, draft: Draft) -> dict[str, Any]:
    subjects = {code: clean_line(draft.subjects.get(code, "")) for code in LOCALES}
    intros = {code: clean_text(draft.intros.get(code, "")) for code in LOCALES}
    if not subjects["fi"]:
        raise RuleBroken("value_missing", "subject_fi")
    for name, values, limit in (("subject", subjects, MAX_SUBJECT), ("intro", intros, MAX_INTRO)):
        for code, text in values.items():
            if len(text) > limit:
                raise RuleBroken("text_too_long", f"{name}_{code}", limit=limit)
    items = [_parsed(session, line) for line in draft.lines.split("\n") if line.strip()]
    if len(items) > MAX_ITEMS:
        raise RuleBroken("too_many_items", "lines", limit=MAX_ITEMS)
    return {
        "subjects": {code: text for code, text in subjects.items() if text},
        "intros": {code: text for code, text in intros.items() if text},
        "items": items,
    }


def compose(session: Session, actor: Actor, draft: Draft) -> Newsletter:
    require(actor, Permission.CURATE)
    row = Newsletter(editor_id=actor.id, **_checked(session, draft))
    session.add(row)
    session.flush()
    record(session, NewsletterChanged(actor_id=actor.id, newsletter_id=row.id))
    return row


def change(session: Session, actor: Actor, row: Newsletter, draft: Draft) -> None:
    """Only before it goes out."""
    require(actor, Permission.CURATE)
    _check_waiting(row)
    for name, value in _checked(session, draft).items():
        setattr(row, name, value)
    record(session, NewsletterChanged(actor_id=actor.id, newsletter_id=row.id))


def _check_waiting(row: Newsletter) -> None:
    if row.sent_at is not None or (row.send_at is not None and row.send_at <= clock.now()):
        raise RuleBroken("newsletter_sent")


def schedule(session: Session, actor: Actor, row: Newsletter, moment: datetime | None) -> None:
    """Goes out now, or by itself at a moment to come."""
    require(actor, Permission.CURATE)
    _check_waiting(row)
    now = clock.now()
    if moment is not None and not now < moment < now + MAX_AHEAD:
        raise RuleBroken("bad_moment", "publish_at")
    if not pieces(session, row.items, "fi"):
        raise RuleBroken("newsletter_empty")
    row.send_at = moment or now
    record(session, NewsletterScheduled(actor_id=actor.id, newsletter_id=row.id))


def stop(session: Session, actor: Actor, row: Newsletter) -> None:
    """Not by itself any more, as long as it has not begun to go out."""
    require(actor, Permission.CURATE)
    _check_waiting(row)
    row.send_at = None
    record(session, NewsletterStopped(actor_id=actor.id, newsletter_id=row.id))


def send_trial(session: Session, actor: Actor, row: Newsletter, locale: str) -> OutboxMail:
    """To the editor's own address."""
    require(actor, Permission.CURATE)
    assert actor.user is not None
    if locale not in LOCALES:
        raise RuleBroken("unknown_language")
    found = mail.enqueue(session, EVENT, actor.user.email, locale, **context_of(session, row, locale))
    record(session, NewsletterTested(actor_id=actor.id, newsletter_id=row.id))
    return found


def context_of(session: Session, row: Newsletter, locale: str, key: str = "") -> dict[str, Any]:
    """What the templates of the mail and of the archive show. ``key`` is the reader's, for the links of the foot."""
    return {
        "newsletter": row,
        "issue_subject": row.subject_in(locale),
        "intro": row.intro_in(locale),
        "pieces": pieces(session, row.items, locale),
        "prefix": prefix_of(locale),
        "archive": mail_link("newsletters.show", locale, newsletter_id=row.id),
        "preferences": mail_link("digest.preferences", locale, key=key) if key else "",
        "unsubscribe": mail_link("digest.unsubscribe", locale, key=key) if key else "",
    }


# Sending


def _due(now: datetime | BindParameter[datetime]) -> Select[int]:
    return select(Newsletter.id).where(Newsletter.send_at <= now, Newsletter.sent_at.is_(None))


is_due = Due(_due(NOW))


def send_due(config: Config) -> int:
    """Writes the mails of some readers into the outbox; called by the worker again and again. Killed at any moment it
    goes on where it was, and nobody gets an issue twice."""
    row_id = db.session().scalar(_due(clock.now()).order_by(Newsletter.send_at).limit(1))
    if row_id is None:
        return 0
    with transaction() as session:
        row = session.get(Newsletter, row_id, with_for_update=True, populate_existing=True)
        if row is None or row.sent_at is not None:
            return 0
        told = select(NewsletterDelivery.subscriber_id).where(NewsletterDelivery.newsletter_id == row.id)
        readers = session.scalars(
            select(Subscriber)
            .where(Subscriber.id.not_in(told), Subscriber.created_at <= row.send_at)
            .order_by(Subscriber.id)
            .limit(BATCH)
        ).all()
        for reader in readers:
            session.add(NewsletterDelivery(newsletter_id=row.id, subscriber_id=reader.id))
            row.mails += _write_to(session, row, reader)
        if not readers:
            row.sent_at = clock.now()
            record(session, NewsletterSent(actor_id=SYSTEM.id, newsletter_id=row.id, mails=row.mails))
        return max(1, len(readers))


def reader_count(session: Session) -> int:
    """How many people an issue that goes out now would reach, as ``address_of`` says of each."""
    member = User.confirmed_at.is_not(None) & User.disabled_at.is_(None)
    visitor = Subscriber.user_id.is_(None) & Subscriber.confirmed_at.is_not(None)
    statement = select(func.count(Subscriber.id)).outerjoin(Subscriber.user).where(
        Subscriber.bounced_at.is_(None), Subscriber.rhythm != Rhythm.NONE, member | visitor
    )  # fmt: skip
    return session.scalars(statement).one()


def _write_to(session: Session, row: Newsletter, reader: Subscriber) -> int:
    address = address_of(reader)
    if address is None:
        return 0
    locale = locale_of(reader)
    context = context_of(session, row, locale, reader.key)
    headers = {
        "List-Unsubscribe": f"<{context['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    mail.enqueue(session, EVENT, address, locale, headers=headers, **context)
    return 1
