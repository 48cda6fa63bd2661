"""What every change of public content sets going: the index looks at the deed again, and caches are out of date."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, or_, select, update
from sqlalchemy.orm import Session

from tori.core import events
from tori.core.events import Event
from tori.database import present_rows, quick_rows, session_rows
from tori.models.deeds import PAGE_VERSIONS_INDEX, Deed, LookForAlike
from tori.models.operations import IndexTask, Setting

CONTENT_VERSION = "content_version"
_CONTENT = f"SELECT 0, 0, value FROM setting WHERE key = '{CONTENT_VERSION}'"  # noqa: S608

UNSEEN: frozenset[type[Event]] = frozenset({
    events.AmbassadorAsked, events.AwardsMailed, events.CampaignLetterSent, events.CampaignLettersStopped,
    events.DeedScored,
    events.DiplomasOrdered, events.JuryChanged, events.LeadAdded, events.LeadChanged, events.LeadInvited,
    events.NominationConfirmed, events.NominationDeclined, events.NominationMade, events.NominationStarted,
    events.DeedLinkMade, events.DeedLinkRevoked, events.DeedReviewWithdrawn, events.DeedReturned, events.DeedSaved,
    events.DeedScheduled, events.DeedSubmitted, events.DeedUnscheduled, events.DigestChanged, events.DigestConfirmed,
    events.DigestLeft, events.DigestSubscribed, events.EmailChangeRequested, events.FeedbackHandled,
    events.FeedbackSent, events.FollowEnded, events.FollowStarted, events.FollowUpsStopped, events.FreshnessAsked,
    events.CandidateLetGo, events.CandidateMarked, events.CandidateNoted,
    events.MarkLetGo, events.MarkTaken, events.PathStepDone, events.PathStepUndone,
    events.OwnPlanChanged, events.OwnPlanMade, events.OwnPlanReminded, events.OwnPlanRemoved,
    events.TeamLookClosed, events.TeamLookOpened,
    events.LetterRhythmChanged, events.MailBounced, events.MailResent, events.PasswordChanged,
    events.PasswordResetRequested, events.ReviewNoteWritten, events.RoleChanged, events.SessionsEnded,
    events.FrontPageDrafted, events.LogExported, events.NewsletterChanged,
    events.NewsletterScheduled, events.NewsletterStopped, events.NewsletterTested, events.SurveyAsked,
    events.ReportEscalated, events.ReportMade,
    events.DataTaken, events.ErasureAsked, events.ErasureCancelled, events.IdentityConnected,
    events.IdentityDisconnected, events.InvitationSent, events.InvitationTakenBack, events.PasskeyAdded,
    events.PasskeyRemoved, events.RecoveryCodesMade, events.SecondFactorEnded, events.SecondFactorStarted,
    events.SignInLinkRequested, events.SurveyReminded, events.UserViewed,
    events.UserRegistered, events.UserSignedIn, events.UserSignedOut,
    events.WorkReleased, events.WorkTaken,
    events.TokenMade, events.TokenRevoked, events.WebhookMade, events.WebhookRemoved, events.WebhookTriedAgain,
})  # fmt: skip
"""Changes that no page of a visitor tells of. Every other one makes the kept pages old."""


ONE_DEED: frozenset[type[Event]] = frozenset({
    events.AdoptionDescribed, events.AdoptionGainTold, events.AdoptionUndone, events.AskingTakenBack,
    events.CommentEdited, events.CommentPosted,
    events.CommentRemoved, events.DeedAdopted, events.DeedKept, events.DeedLetGo, events.DeedThanked,
    events.DeedUpdateAdded, events.DeedUpdateRemoved, events.PartAskedFor, events.QuestionAnswered,
    events.ThanksTakenBack,
})  # fmt: skip
"""Changes that show on the page of one deed (and those of its author, who tells how soon questions are answered) and
on its card. They come often; the stored pages of all other deeds stay good."""

TOLD_ANEW: frozenset[type[Event]] = frozenset({
    events.DeedApproved, events.DeedArchived, events.DeedChecked, events.DeedDeleted, events.DeedEdited,
    events.DeedPublished, events.DeedRestored, events.DeedVersionRestored, events.DeedWithdrawn,
})  # fmt: skip
"""Changes of a deed itself. They show on its page and card and on the pages of its kin: parts and wholes, parents,
children and siblings. Which deeds stand beside it is looked for anew."""


def queue_indexing(session: Session, event: Event) -> None:
    session.add(IndexTask(deed_id=event.deed_id))  # type: ignore[attr-defined]


def note_change(session: Session, event: Event) -> None:
    kind = type(event)
    if kind in UNSEEN:
        return
    if kind in ONE_DEED:
        _bump_page(session, event.deed_id)  # type: ignore[attr-defined]
    elif kind in TOLD_ANEW:
        _told_anew(session, event.deed_id)  # type: ignore[attr-defined]
    _bump(session, ("number",) if kind in ONE_DEED | TOLD_ANEW else ("number", "pages"))


def bump_content_version(session: Session) -> None:
    """Every page that is kept ready is made anew. For changes of which no event tells."""
    _bump(session, ("number", "pages"))


def note_indexed(session: Session) -> None:
    """The index has taken up changes: what was searched before is old."""
    _bump(session, ("number",))


def note_pages(session: Session, deed_ids: Collection[int]) -> None:
    """The pages of these deeds show something else now, of which no event tells."""
    if deed_ids:
        _grow_pages(session, Deed.id.in_(deed_ids))
        _bump(session, ("number",))


def _bump(session: Session, counters: Sequence[str]) -> None:
    row = session.get(Setting, CONTENT_VERSION, with_for_update=True)
    if row is None:
        row = Setting(key=CONTENT_VERSION, value={})
        session.add(row)
    row.value = {**row.value, **{name: row.value.get(name, 0) + 1 for name in counters}}


def _bump_page(session: Session, deed_id: int) -> None:
    author = select(Deed.author_id).where(Deed.id == deed_id).scalar_subquery()
    _grow_pages(session, (Deed.id == deed_id) | (Deed.author_id == author))


def _told_anew(session: Session, deed_id: int) -> None:
    told = select(Deed.author_id, Deed.part_of_id, Deed.parent_id).where(Deed.id == deed_id)
    near = [Deed.id == deed_id, Deed.part_of_id == deed_id, Deed.parent_id == deed_id]
    for author_id, part_of_id, parent_id in session.execute(told):
        if author_id is not None:
            near.append(Deed.author_id == author_id)
        if part_of_id is not None:
            near.append(Deed.id == part_of_id)
        if parent_id is not None:
            near += [Deed.id == parent_id, Deed.parent_id == parent_id]
    _grow_pages(session, or_(*near))
    session.execute(
        update(Deed)
        .where(Deed.id == deed_id)
        .values(look_for_alike=LookForAlike.AND_BESIDE_IT)
        .execution_options(synchronize_session=False)
    )


def _grow_pages(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(Deed)
        .where(which)
        .values(page_version=Deed.page_version + 1)
        .execution_options(synchronize_session=False)
    )


def content_version(session: Session) -> int:
    """Grows with every change that a visitor could see."""
    return stamps(session).content


@dataclass(frozen=True)
class Stamps:
    """``content`` grows with every change that a visitor could see, ``pages`` with those that may show on any page of
    a deed; ``deeds`` are the page versions of the deeds asked for, those that are gone left out."""

    content: int
    pages: int
    deeds: tuple[tuple[int, int], ...] = ()


def stamps(session: Session, deeds: Iterable[int] = ()) -> Stamps:
    """One statement."""
    return _read_stamps(session_rows(session, *_asked_of(session.get_bind(), deeds)))


def present_stamps(session: Session, deeds: Iterable[int] = ()) -> Stamps:
    """As ``stamps``, but begins no transaction."""
    return _read_stamps(present_rows(session, *_asked_of(session.get_bind(), deeds)))


def quick_stamps(engine: Engine, deeds: Iterable[int] = ()) -> Stamps:
    """As ``stamps``, past everything that a session does: it is asked for at every reading of a stored page.

    Raises OperationalError when the database does not answer.
    """
    return _read_stamps(quick_rows(engine, *_asked_of(engine, deeds)))


def _asked_of(bind: Engine | Connection, deeds: Iterable[int]) -> tuple[str, list[int]]:
    """The statement and its values."""
    listed = list(deeds)
    if not listed:
        return _CONTENT, listed
    # SQLite would go to the rows themselves, a page of the file for each.
    index = f"INDEXED BY {PAGE_VERSIONS_INDEX}" if bind.dialect.name == "sqlite" else ""
    places = ", ".join("?" * len(listed))
    versions = f"SELECT id, page_version, NULL FROM deed {index} WHERE id IN ({places})"  # noqa: S608
    return f"{_CONTENT} UNION ALL {versions}", listed


def _read_stamps(rows: Iterable[Any]) -> Stamps:
    counters: dict[str, int] = {}
    found = []
    for deed_id, number, value in rows:
        if deed_id:
            found.append((deed_id, number))
        else:
            counters = value if isinstance(value, dict) else json.loads(value)
    found.sort()
    return Stamps(int(counters.get("number", 0)), int(counters.get("pages", 0)), tuple(found))
