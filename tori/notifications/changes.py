"""What every change of public content sets going: the index looks at the deed again, and caches are out of date."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import events
from tori.core.events import Event
from tori.models.operations import IndexTask, Setting

CONTENT_VERSION = "content_version"

UNSEEN: frozenset[type[Event]] = frozenset({
    events.AwardsMailed, events.CampaignLetterSent, events.CampaignLettersStopped, events.DeedScored,
    events.DiplomasOrdered, events.JuryChanged, events.LeadAdded, events.LeadChanged, events.LeadInvited,
    events.NominationConfirmed, events.NominationDeclined, events.NominationMade, events.NominationStarted,
    events.DeedLinkMade, events.DeedLinkRevoked, events.DeedReviewWithdrawn, events.DeedReturned, events.DeedSaved,
    events.DeedScheduled, events.DeedSubmitted, events.DeedUnscheduled, events.DigestChanged, events.DigestConfirmed,
    events.DigestLeft, events.DigestSubscribed, events.EmailChangeRequested, events.FeedbackHandled,
    events.FeedbackSent, events.FollowEnded, events.FollowStarted, events.FollowUpsStopped, events.FreshnessAsked,
    events.LetterRhythmChanged, events.MailBounced, events.MailResent, events.PasswordChanged,
    events.PasswordResetRequested, events.ReviewNoteWritten, events.RoleChanged, events.SessionsEnded,
    events.FrontPageDrafted, events.LogExported, events.NewsletterChanged,
    events.NewsletterScheduled, events.NewsletterStopped, events.NewsletterTested, events.SurveyAsked,
    events.ReportEscalated, events.ReportMade,
    events.UserRegistered, events.UserSignedIn, events.UserSignedOut,
    events.WorkReleased, events.WorkTaken,
    events.TokenMade, events.TokenRevoked, events.WebhookMade, events.WebhookRemoved, events.WebhookTriedAgain,
})  # fmt: skip
"""Changes that no page of a visitor tells of. Every other one makes the kept pages old."""


def queue_indexing(session: Session, event: Event) -> None:
    session.add(IndexTask(deed_id=event.deed_id))  # type: ignore[attr-defined]


def note_change(session: Session, event: Event) -> None:
    if type(event) not in UNSEEN:
        bump_content_version(session)


def bump_content_version(session: Session) -> None:
    """Every page that is kept ready is made anew. For changes of which no event tells, such as a new index."""
    row = session.get(Setting, CONTENT_VERSION, with_for_update=True)
    if row is None:
        session.add(Setting(key=CONTENT_VERSION, value={"number": 1}))
    else:
        row.value = {"number": row.value["number"] + 1}


def content_version(session: Session) -> int:
    """Grows with every change that a visitor could see."""
    value = session.scalar(select(Setting.value).where(Setting.key == CONTENT_VERSION))
    return int(value["number"]) if value else 0
