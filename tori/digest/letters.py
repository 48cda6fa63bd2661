"""An issue of the digest as a mail: written with the state of its reader in one transaction, checked when sent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.digest.content import News, Subject, contents_of, news_of
from tori.digest.links import mail_link
from tori.digest.opinions import OPINIONS
from tori.models.digest import DigestIssue, Rhythm, Subscriber
from tori.models.operations import OutboxMail
from tori.notifications import mail

EVENT = "digest"


def address_of(subscriber: Subscriber) -> str | None:
    """Where the digest goes; None when nobody may get it: not confirmed, closed, or the address does not take mail."""
    if subscriber.bounced_at is not None or subscriber.rhythm == Rhythm.NONE:
        return None
    if subscriber.user is not None:
        return subscriber.user.email if subscriber.user.is_active else None
    return subscriber.email if subscriber.confirmed_at is not None else None


def locale_of(subscriber: Subscriber) -> str:
    return subscriber.user.locale if subscriber.user is not None else subscriber.locale


def write_issue(
    session: Session, subscriber: Subscriber, address: str, since: datetime, until: datetime, news: list[News]
) -> DigestIssue:
    locale = locale_of(subscriber)
    unsubscribe = mail_link("digest.unsubscribe", locale, key=subscriber.key)
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    row = mail.enqueue(session, EVENT, address, locale, headers=headers, **_context(subscriber, until, news))
    session.flush()
    issue = DigestIssue(
        subscriber_id=subscriber.id, since=since, until=until, news_ids=[item.id for item in news], mail_id=row.id
    )
    session.add(issue)
    return issue


def _context(subscriber: Subscriber, until: datetime, news: list[News]) -> dict[str, object]:
    locale = locale_of(subscriber)

    def link_to(subject: Subject) -> str:
        if subject.is_wish:
            return mail_link("wishes.show", locale, wish_id=subject.id, slug=subject.slug)
        return mail_link("deeds.show", locale, deed_id=subject.id, slug=subject.slug, lahde="uutiskirje")

    return {
        "opinions": OPINIONS,
        "opinion_link": lambda opinion: mail_link("survey.letter_opinion", locale, opinion=opinion),
        "contents": contents_of(news),
        "until": until,
        "is_monthly": subscriber.rhythm == Rhythm.MONTHLY,
        "is_member": subscriber.user_id is not None,
        "link_to": link_to,
        "deeds_link": mail_link("deeds.index", locale),
        "preferences": mail_link("digest.preferences", locale, key=subscriber.key),
        "unsubscribe": mail_link("digest.unsubscribe", locale, key=subscriber.key),
    }


def is_wanted(session: Session, row: OutboxMail) -> bool:
    """The guard of the outbox: leaves out what may no longer be told, and drops a mail that has nothing or nobody left.

    Hours may lie between composing and sending when a mail server is down.
    """
    issue = session.scalar(select(DigestIssue).where(DigestIssue.mail_id == row.id))
    if issue is None:
        return False
    address = address_of(issue.subscriber)
    news = news_of(session, issue.news_ids)
    if address is None or not news:
        return False
    row.recipient = address
    if len(news) < len(issue.news_ids):
        issue.news_ids = [item.id for item in news]
        context = _context(issue.subscriber, issue.until, news)
        row.subject, row.body_text, row.body_html = mail.render(EVENT, locale_of(issue.subscriber), **context)
    return True
