"""From a report to a decision with its reason, told to both sides. No account is needed to report."""

import secrets
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    CommentRemoved,
    ContentRemoved,
    ContentRestored,
    DeedApproved,
    DeedReturned,
    DeedSubmitted,
    ReportDecided,
    ReportEscalated,
    ReportMade,
    record,
)
from tori.core.text import clean_line, clean_text
from tori.digest.links import mail_link
from tori.digest.telling import notify
from tori.models.moderation import Fault, Report, Reportable, Verdict
from tori.models.operations import AuditEntry
from tori.models.people import User
from tori.moderation import log
from tori.moderation.targets import Target, put_back, readable, take_off, target_of
from tori.notifications import mail
from tori.policy import SYSTEM, Actor, Permission, require

MAX_BODY = 2_000
MAX_ANSWER = 2_000
ANSWER_WITHIN = timedelta(days=3)
"""What we promise to those who report, and to those whose writing was reported."""
MEASURED = timedelta(days=90)
SHOWN = 100


def report(
    session: Session, actor: Actor, kind: str, target_id: int, fault: str, body: str, email: str, locale: str
) -> Report:
    """Keeps a report and gives it a key by which it can be followed."""
    require(actor, Permission.REPORT)
    target = readable(session, actor, kind, target_id)
    if fault not in set(Fault):
        raise RuleBroken("unknown_choice", "fault")
    text = clean_text(body)
    if not text:
        raise RuleBroken("value_missing", "body")
    if len(text) > MAX_BODY:
        raise RuleBroken("text_too_long", "body", limit=MAX_BODY)
    row = Report(
        kind=target.kind, target_id=target.id, fault=fault, body=text, reporter_id=actor.id, locale=locale,
        email=clean_line(email)[:254] or (actor.user.email if actor.user else ""), key=secrets.token_urlsafe(24),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, ReportMade(actor_id=actor.id, report_id=row.id))
    return row


def get_report(session: Session, report_id: int) -> Report:
    found = session.scalar(
        select(Report).where(Report.id == report_id).options(joinedload(Report.reporter), joinedload(Report.decider))
    )
    if found is None:
        raise NotFound("report")
    return found


def by_key(session: Session, key: str) -> Report:
    """For the reporter, who has the link."""
    found = session.scalar(select(Report).where(Report.key == key))
    if found is None:
        raise NotFound("report")
    return found


def open_reports(session: Session) -> list[Report]:
    """Those escalated to the administrators first, then the longest waiting."""
    statement = select(Report).where(Report.decided_at.is_(None))
    return list(session.scalars(statement.order_by(Report.escalated_at.is_(None), Report.id).limit(SHOWN)))


def decided_reports(session: Session) -> list[Report]:
    statement = select(Report).where(Report.decided_at.is_not(None)).options(joinedload(Report.decider))
    return list(session.scalars(statement.order_by(Report.decided_at.desc()).limit(SHOWN)))


def others_of(session: Session, row: Report) -> list[Report]:
    """Other reports of the same thing."""
    statement = select(Report).where(Report.kind == row.kind, Report.target_id == row.target_id, Report.id != row.id)
    return list(session.scalars(statement.order_by(Report.id.desc()).limit(20)))


def decide(session: Session, actor: Actor, row: Report, verdict: str, answer: str) -> None:
    """Ends the report, and all open ones of the same thing. The reason goes to who reported and to who wrote.

    What was escalated is decided by an administrator.
    """
    require(actor, Permission.REPORT_DECIDE, row)
    if row.decided_at is not None:
        raise RuleBroken("already_decided")
    if verdict not in set(Verdict):
        raise RuleBroken("unknown_choice", "verdict")
    text = clean_text(answer)
    if not text:
        raise RuleBroken("reason_needed", "answer")
    if len(text) > MAX_ANSWER:
        raise RuleBroken("text_too_long", "answer", limit=MAX_ANSWER)
    target = target_of(session, row.kind, row.target_id)
    _end(session, actor, _open_of(session, target), target, Verdict(verdict), text)
    if verdict == Verdict.REMOVED and target.is_shown:
        take_off(session, actor, target, text)
    if verdict != Verdict.KEPT:
        _tell_maker(session, actor, target, verdict, text)


def _open_of(session: Session, target: Target) -> list[Report]:
    statement = select(Report).where(
        Report.kind == target.kind, Report.target_id == target.id, Report.decided_at.is_(None)
    )
    return list(session.scalars(statement.order_by(Report.id)))


def _end(session: Session, actor: Actor, rows: list[Report], target: Target, verdict: Verdict, text: str) -> None:
    for row in rows:
        row.decided_at, row.verdict, row.answer, row.decider_id = clock.now(), verdict, text, actor.id
        log.note(session, actor, f"report_{verdict}", target.kind, target.id, target.title, text, row.id)
        record(session, ReportDecided(actor_id=actor.id, report_id=row.id, verdict=verdict))
        _tell_reporter(session, actor, row, target)


def end_reports_of_removed(session: Session, event: CommentRemoved) -> None:
    """A handler: what was reported is gone, by its writer or by an editor, so there is nothing left to decide."""
    target = target_of(session, Reportable.COMMENT, event.comment_id)
    user = session.get(User, event.actor_id) if event.actor_id else None
    _end(session, Actor(user) if user else SYSTEM, _open_of(session, target), target, Verdict.REMOVED, event.reason)


def _tell_reporter(session: Session, actor: Actor, row: Report, target: Target) -> None:
    notify(session, row.reporter_id, actor.id, "report_decided", target.title, f"/ilmoitukset/{row.key}")
    if row.email:
        link = mail_link("moderation.receipt", row.locale, key=row.key)
        mail.enqueue(
            session, "report_decided", row.email, row.locale, title=target.title, verdict=row.verdict,
            answer=row.answer, link=link,
        )  # fmt: skip


def _tell_maker(session: Session, actor: Actor, target: Target, verdict: str, reason: str) -> None:
    if target.kind != Reportable.COMMENT or verdict != Verdict.REMOVED:
        # The writer of a comment has heard of its removal from the talk.
        notify(session, target.maker_id, actor.id, f"moderated_{verdict}", target.title, target.address)
    maker = session.get(User, target.maker_id) if target.maker_id else None
    if maker is None or maker.id == actor.id or not maker.is_active:
        return
    link = mail_link("pages.contact", maker.locale)
    mail.enqueue(
        session, "moderated", maker.email, maker.locale, name=maker.display_name, title=target.title, verdict=verdict,
        reason=reason, link=link,
    )  # fmt: skip


def escalate(session: Session, actor: Actor, row: Report, note: str) -> None:
    """The administrators are to decide."""
    require(actor, Permission.MODERATE)
    text = clean_line(note)[:300]
    if not text:
        raise RuleBroken("reason_needed", "note")
    if row.decided_at is not None:
        raise RuleBroken("already_decided")
    row.escalated_at, row.escalation = clock.now(), text
    target = target_of(session, row.kind, row.target_id)
    log.note(session, actor, "escalated", target.kind, target.id, target.title, text, row.id)
    record(session, ReportEscalated(actor_id=actor.id, report_id=row.id))


def remove(session: Session, actor: Actor, kind: str, target_id: int, reason: str) -> None:
    """Off the square without a report; the maker hears why, and the log keeps it."""
    require(actor, Permission.MODERATE)
    text = clean_text(reason)
    if not text:
        raise RuleBroken("reason_needed", "reason")
    target = target_of(session, kind, target_id)
    take_off(session, actor, target, text)
    log.note(session, actor, "removed", target.kind, target.id, target.title, text)
    record(session, ContentRemoved(actor_id=actor.id, kind=target.kind, target_id=target.id))
    _tell_maker(session, actor, target, Verdict.REMOVED, text)


def restore(session: Session, actor: Actor, kind: str, target_id: int, reason: str) -> None:
    """A wrong decision is put right: the thing is back, and its maker hears why."""
    require(actor, Permission.MODERATE)
    text = clean_text(reason)
    if not text:
        raise RuleBroken("reason_needed", "reason")
    target = target_of(session, kind, target_id)
    put_back(session, actor, target)
    log.note(session, actor, "restored", target.kind, target.id, target.title, text)
    record(session, ContentRestored(actor_id=actor.id, kind=target.kind, target_id=target.id))
    _tell_maker(session, actor, target, "restored", text)


def hold(session: Session, kind: Reportable, target_id: int, signs: list[str]) -> Report:
    """The guard against spam takes a thing off at once and leaves the decision to a person."""
    target = target_of(session, kind, target_id)
    row = Report(
        kind=kind,
        target_id=target_id,
        fault=Fault.ADVERT,
        body="guard: " + ", ".join(signs),
        key=secrets.token_urlsafe(24),
    )
    session.add(row)
    session.flush()
    take_off(session, SYSTEM, target, "guard")
    log.note(session, SYSTEM, "held", target.kind, target.id, target.title, ", ".join(signs), row.id)
    record(session, ReportMade(actor_id=None, report_id=row.id))
    return row


# How the promises are kept


def report_hours(session: Session) -> list[float]:
    """Hours from report to decision in the last 90 days."""
    rows = session.execute(
        select(Report.created_at, Report.decided_at).where(Report.decided_at > clock.now() - MEASURED)
    )
    return [_hours(made, decided) for made, decided in rows if decided is not None]


def review_hours(session: Session) -> list[float]:
    """Hours that first deeds waited for the editors in the last 90 days, from the audit log."""
    names = [event.__name__ for event in (DeedSubmitted, DeedApproved, DeedReturned)]
    rows = session.execute(
        select(AuditEntry.event, AuditEntry.created_at, AuditEntry.data)
        .where(AuditEntry.event.in_(names), AuditEntry.created_at > clock.now() - MEASURED)
        .order_by(AuditEntry.id)
    )
    sent: dict[int, datetime] = {}
    waited = []
    for event, moment, data in rows:
        deed_id = data["deed_id"]
        if event == DeedSubmitted.__name__:
            sent[deed_id] = moment
        elif deed_id in sent:
            waited.append(_hours(sent.pop(deed_id), moment))
    return waited


def _hours(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds() / 3600


def summary(hours: list[float], promise_hours: float) -> tuple[float, int] | None:
    """The median in hours, and how many per cent were within the promise; None when nothing is measured."""
    if not hours:
        return None
    return median(hours), round(100 * sum(value <= promise_hours for value in hours) / len(hours))


def open_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(Report.decided_at.is_(None))) or 0
