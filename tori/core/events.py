"""Things that happened. A service records an event; the handlers named in ``wiring.py`` write what follows from it
(index task, notification, mail, audit row) in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. ``actor_id`` is None when the system itself acted."""

    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class DeedSaved(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedPublished(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedEdited(Event):
    deed_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class DeedSubmitted(Event):
    """Waits for the editors."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedReviewWithdrawn(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedApproved(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedReturned(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedScheduled(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedUnscheduled(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class FreshnessAsked(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedChecked(Event):
    """A person says that it is still true."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedsMerged(Event):
    deed_id: int
    into_id: int


@dataclass(frozen=True, kw_only=True)
class DeedLinkMade(Event):
    deed_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class DeedLinkRevoked(Event):
    deed_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CoAuthorJoined(Event):
    deed_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CoAuthorLeft(Event):
    deed_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class DeedHandedOver(Event):
    deed_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class DeedOrganisationsChanged(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedPlaced(Event):
    """Made a part of another deed, or of none."""

    deed_id: int
    part_of_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReviewNoteWritten(Event):
    deed_id: int
    note_id: int


@dataclass(frozen=True, kw_only=True)
class DeedUpdateAdded(Event):
    deed_id: int
    update_id: int


@dataclass(frozen=True, kw_only=True)
class DeedUpdateRemoved(Event):
    deed_id: int
    update_id: int


@dataclass(frozen=True, kw_only=True)
class DeedWithdrawn(Event):
    deed_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeedArchived(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedRestored(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedDeleted(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedImported(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedAdopted(Event):
    deed_id: int
    adoption_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class DeedVersionRestored(Event):
    """An older version of a deed became its newest one."""

    deed_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class DeedKept(Event):
    """A reader saved the deed to an own list."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class DeedLetGo(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class GoalsChanged(Event):
    """The vision or the goals of the square."""


@dataclass(frozen=True, kw_only=True)
class MarkTaken(Event):
    """A person takes a mark along, so that others may see it."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class MarkLetGo(Event):
    kind: str


@dataclass(frozen=True, kw_only=True)
class CandidateMarked(Event):
    """Editors follow a practice that they expect to break through."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class CandidateNoted(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class CandidateLetGo(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class PathStepDone(Event):
    """A reader has read a deed of a path of learning; which one, nobody else sees, not even in the log."""


@dataclass(frozen=True, kw_only=True)
class PathStepUndone(Event):
    """As if it had not been read."""


@dataclass(frozen=True, kw_only=True)
class OwnPlanMade(Event):
    """A reader made a plan for the own work from a deed."""

    plan_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class OwnPlanChanged(Event):
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class OwnPlanRemoved(Event):
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class OwnPlanReminded(Event):
    """The day that its maker had chosen came."""

    plan_id: int


@dataclass(frozen=True, kw_only=True)
class TeamLookOpened(Event):
    """A member hands a link on by which a team looks at a deed together."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class TeamLookClosed(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class AdoptionGainTold(Event):
    """The adopter told what taking the model has given."""

    deed_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class PartAskedFor(Event):
    """A reader would like to know an empty part of a deed."""

    deed_id: int
    part: str


@dataclass(frozen=True, kw_only=True)
class AskingTakenBack(Event):
    deed_id: int
    part: str


@dataclass(frozen=True, kw_only=True)
class AdoptionDescribed(Event):
    deed_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class AdoptionJoined(Event):
    """A colleague pressed too."""

    deed_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class AdoptionLeft(Event):
    """Somebody took the own press back; the colleagues' stay."""

    deed_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class AdoptionsMerged(Event):
    """Two organisations became one, and so did their adoptions of the deed."""

    deed_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationDissolved(Event):
    """A duplicate of the register is gone: ``name`` is what it was called, ``deeds`` how many went to ``into_id``."""

    into_id: int
    name: str
    deeds: int


@dataclass(frozen=True, kw_only=True)
class OrganisationsMerged(Event):
    organisation_id: int
    into_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpAnswered(Event):
    deed_id: int
    adoption_id: int
    month: int


@dataclass(frozen=True, kw_only=True)
class FollowUpsStopped(Event):
    deed_id: int
    adoption_id: int


@dataclass(frozen=True, kw_only=True)
class LetterRhythmChanged(Event):
    rhythm: str


@dataclass(frozen=True, kw_only=True)
class AdoptionUndone(Event):
    deed_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class CommentPosted(Event):
    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CommentRemoved(Event):
    deed_id: int
    comment_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CommentEdited(Event):
    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CommentHeld(Event):
    """Waits for the editors before it is shown."""

    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CommentApproved(Event):
    """An editor lets a comment that waited be shown."""

    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CommentPutBack(Event):
    """A comment that was removed is shown again."""

    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionReopened(Event):
    """The answer did not help after all."""

    deed_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class DeedThanked(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class ThanksTakenBack(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class PrivateMessageSent(Event):
    question_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class PrivateQuestionPassed(Event):
    """Falls to somebody else, as its author has not answered."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class PictureAdded(Event):
    deed_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class PictureDescribed(Event):
    deed_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class PictureMoved(Event):
    deed_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class PictureRemoved(Event):
    deed_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class FileAdded(Event):
    deed_id: int
    attachment_id: int


@dataclass(frozen=True, kw_only=True)
class FileRemoved(Event):
    deed_id: int
    attachment_id: int


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserConfirmed(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserSignedIn(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserSignedOut(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    user_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipStarted(Event):
    """A person now speaks for an organisation. ``by_domain`` tells that the e-mail address proved it."""

    user_id: int
    organisation_id: int
    by_domain: bool


@dataclass(frozen=True, kw_only=True)
class MembershipApproved(Event):
    """Somebody of the organisation, or of the staff, vouches for a person."""

    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    """Left, was taken out, or was not taken in."""

    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class StewardNamed(Event):
    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class StewardshipEnded(Event):
    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class AmbassadorAsked(Event):
    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class AmbassadorAgreed(Event):
    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class AmbassadorEnded(Event):
    """The task ended, or the question was declined or taken back."""

    user_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Event):
    organisation_id: int
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationTakenBack(Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityConnected(Event):
    """The account of an organisation opens this account too."""

    user_id: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class IdentityDisconnected(Event):
    user_id: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ErasureCancelled(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserErased(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class DataTaken(Event):
    """Somebody downloaded everything that is kept about them."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class StatementChanged(Event):
    """The accessibility statement."""


@dataclass(frozen=True, kw_only=True)
class EmailChangeRequested(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class SecondFactorStarted(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class SecondFactorEnded(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyAdded(Event):
    user_id: int
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyRemoved(Event):
    user_id: int
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class SignInLinkRequested(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """``until`` is the last day of the role as ``2026-11-27``, when it has one. Nobody acts when that day is over."""

    user_id: int
    role: str
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    organisation_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FeedbackSent(Event):
    feedback_id: int


@dataclass(frozen=True, kw_only=True)
class FeedbackHandled(Event):
    feedback_id: int


@dataclass(frozen=True, kw_only=True)
class UserDisabled(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserViewed(Event):
    """An administrator looked at the account of a person."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserEnabled(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class FollowStarted(Event):
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class FollowEnded(Event):
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class ListShared(Event):
    """An own list of kept deeds got a link, or lost it."""

    is_shared: bool


@dataclass(frozen=True, kw_only=True)
class DigestSubscribed(Event):
    subscriber_id: int


@dataclass(frozen=True, kw_only=True)
class DigestConfirmed(Event):
    subscriber_id: int


@dataclass(frozen=True, kw_only=True)
class DigestChanged(Event):
    subscriber_id: int


@dataclass(frozen=True, kw_only=True)
class DigestLeft(Event):
    subscriber_id: int


@dataclass(frozen=True, kw_only=True)
class DeedPicked(Event):
    """The editors chose the deed for everybody's digest."""

    deed_id: int
    pick_id: int


@dataclass(frozen=True, kw_only=True)
class PickRemoved(Event):
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class MailResent(Event):
    mail_id: int


@dataclass(frozen=True, kw_only=True)
class MailBounced(Event):
    is_permanent: bool


@dataclass(frozen=True, kw_only=True)
class WishPosted(Event):
    wish_id: int


@dataclass(frozen=True, kw_only=True)
class WishJoined(Event):
    """Somebody needs the same."""

    wish_id: int


@dataclass(frozen=True, kw_only=True)
class WishLeft(Event):
    wish_id: int


@dataclass(frozen=True, kw_only=True)
class WishAnswered(Event):
    wish_id: int
    deed_id: int
    answer_id: int


@dataclass(frozen=True, kw_only=True)
class WishAnswerRemoved(Event):
    wish_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class WishHidden(Event):
    wish_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class WishPromised(Event):
    """Somebody begins to tell a deed as the answer."""

    wish_id: int


@dataclass(frozen=True, kw_only=True)
class PeerHelpChanged(Event):
    """The makers ask for advice, promise help, or tell who else can use the deed."""

    deed_id: int


@dataclass(frozen=True, kw_only=True)
class PartnersSought(Event):
    call_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerCallClosed(Event):
    call_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerFound(Event):
    """Somebody would like to take part."""

    call_id: int
    interest_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignCreated(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignMoved(Event):
    """A campaign has a new state, by the clock or by a person."""

    campaign_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class CampaignEndedEarly(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class NominationMade(Event):
    nomination_id: int


@dataclass(frozen=True, kw_only=True)
class NominationConfirmed(Event):
    nomination_id: int


@dataclass(frozen=True, kw_only=True)
class NominationStarted(Event):
    nomination_id: int


@dataclass(frozen=True, kw_only=True)
class NominationDeclined(Event):
    nomination_id: int
    for_good: bool


@dataclass(frozen=True, kw_only=True)
class NominationMet(Event):
    """The challenged published a deed of the campaign."""

    nomination_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class AwardGiven(Event):
    award_id: int
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class AwardRemoved(Event):
    award_id: int
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class AwardsMailed(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class DiplomasOrdered(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class VoteCast(Event):
    """A vote waits for its link. Neither who voted nor for what is told to anybody."""

    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class VoteConfirmed(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignPictureChanged(Event):
    """Of a campaign, or of the makers of a week."""

    campaign_id: int | None = None
    feature_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CampaignVideoSaved(Event):
    """A new file, new captions, or another text or language."""

    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CampaignVideoRemoved(Event):
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class PlanSaved(Event):
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class PlanRemoved(Event):
    plan_id: int


@dataclass(frozen=True, kw_only=True)
class TopListChanged(Event):
    """``added`` is how many deeds came to the list."""

    list_id: int
    version: int
    added: int = 0


@dataclass(frozen=True, kw_only=True)
class TopListPublished(Event):
    list_id: int


@dataclass(frozen=True, kw_only=True)
class TopListHidden(Event):
    list_id: int


@dataclass(frozen=True, kw_only=True)
class ListKeeperAdded(Event):
    """Somebody of a network may now keep a list."""

    list_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ListKeeperRemoved(Event):
    list_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class WorkTaken(Event):
    """A thing of the work queue is now somebody's. ``user_id`` is whose."""

    queue: str
    item_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class WorkReleased(Event):
    queue: str
    item_id: int


@dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportDecided(Event):
    report_id: int
    verdict: str


@dataclass(frozen=True, kw_only=True)
class ReportEscalated(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ContentRemoved(Event):
    """A moderator took something off the square without a report."""

    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class ContentRestored(Event):
    """What moderation had taken off the square is back."""

    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class WishShown(Event):
    """A hidden wish is back."""

    wish_id: int


@dataclass(frozen=True, kw_only=True)
class UserBlocked(Event):
    """The person may only read for a time."""

    user_id: int
    days: int


@dataclass(frozen=True, kw_only=True)
class UserUnblocked(Event):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class AccountCleaned(Event):
    """Everything that an account had on the square was taken off."""

    user_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CampaignLetterSent(Event):
    campaign_id: int
    readers: int


@dataclass(frozen=True, kw_only=True)
class CampaignLettersStopped(Event):
    """Somebody wants no letters of campaigns any more."""


@dataclass(frozen=True, kw_only=True)
class FeatureScheduled(Event):
    """A deed and its makers have a week of their own."""

    feature_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class FeatureRemoved(Event):
    feature_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class FeatureWithdrawn(Event):
    """The makers took their consent back."""

    feature_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class JuryChanged(Event):
    """Somebody is now in the jury, or not any more."""

    campaign_id: int
    user_id: int
    is_in: bool


@dataclass(frozen=True, kw_only=True)
class DeedScored(Event):
    campaign_id: int
    deed_id: int


@dataclass(frozen=True, kw_only=True)
class ThemeChanged(Event):
    """Added, renamed or explained anew."""

    theme_id: int


@dataclass(frozen=True, kw_only=True)
class TagChanged(Event):
    """A tag (customer group, benefit, profession, situation or method) was added or renamed."""

    tag_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TagsMerged(Event):
    """``name`` is what the one that is no more was called."""

    into_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TagRemoved(Event):
    name: str


@dataclass(frozen=True, kw_only=True)
class ThemesMerged(Event):
    """``name`` is what the theme that is no more was called."""

    into_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class SynonymsChanged(Event):
    concept: str


@dataclass(frozen=True, kw_only=True)
class OrganisationRenamed(Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class DomainAdded(Event):
    organisation_id: int
    domain: str


@dataclass(frozen=True, kw_only=True)
class DomainRemoved(Event):
    organisation_id: int
    domain: str


@dataclass(frozen=True, kw_only=True)
class StewardChanged(Event):
    """A contact person was named or freed."""

    organisation_id: int
    user_id: int
    is_steward: bool


@dataclass(frozen=True, kw_only=True)
class FrontPageDrafted(Event):
    """The editors changed their draft of the front page."""

    blocks: int


@dataclass(frozen=True, kw_only=True)
class FrontPagePublished(Event):
    blocks: int


@dataclass(frozen=True, kw_only=True)
class PageChanged(Event):
    """A page that editors keep."""

    page_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class PageHidden(Event):
    page_id: int


@dataclass(frozen=True, kw_only=True)
class PageShown(Event):
    page_id: int


@dataclass(frozen=True, kw_only=True)
class SeriesChanged(Event):
    """A series of stories was begun or explained anew."""

    series_id: int


@dataclass(frozen=True, kw_only=True)
class StoryChanged(Event):
    story_id: int


@dataclass(frozen=True, kw_only=True)
class StoryPictureAdded(Event):
    story_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class StoryPictureChanged(Event):
    """Described anew, or put on top."""

    story_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class StoryPictureRemoved(Event):
    story_id: int
    picture_id: int


@dataclass(frozen=True, kw_only=True)
class StoryPublished(Event):
    story_id: int


@dataclass(frozen=True, kw_only=True)
class StoryHidden(Event):
    story_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingChanged(Event):
    """A meeting was told of, as a draft first, or told anew."""

    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingPublished(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingHidden(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingRemoved(Event):
    meeting_id: int


@dataclass(frozen=True, kw_only=True)
class NewsletterChanged(Event):
    newsletter_id: int


@dataclass(frozen=True, kw_only=True)
class NewsletterTested(Event):
    """A trial was sent to its editor."""

    newsletter_id: int


@dataclass(frozen=True, kw_only=True)
class NewsletterScheduled(Event):
    newsletter_id: int


@dataclass(frozen=True, kw_only=True)
class NewsletterStopped(Event):
    """It goes out no more by itself."""

    newsletter_id: int


@dataclass(frozen=True, kw_only=True)
class NewsletterSent(Event):
    newsletter_id: int
    mails: int


@dataclass(frozen=True, kw_only=True)
class ReadyAnswerChanged(Event):
    """Added or written anew."""

    answer_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ReadyAnswerRemoved(Event):
    title: str


@dataclass(frozen=True, kw_only=True)
class SurveyReminded(Event):
    """Those asked were reminded once of the survey of the year."""

    year: int
    count: int


@dataclass(frozen=True, kw_only=True)
class SurveyAsked(Event):
    """Members were asked by mail to answer the survey of the year."""

    year: int
    count: int


@dataclass(frozen=True, kw_only=True)
class LogExported(Event):
    """Somebody took a copy of the audit log."""

    rows: int


@dataclass(frozen=True, kw_only=True)
class LeadAdded(Event):
    lead_id: int


@dataclass(frozen=True, kw_only=True)
class LeadInvited(Event):
    lead_id: int


@dataclass(frozen=True, kw_only=True)
class LeadChanged(Event):
    lead_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """A person made a key by which a program writes for them."""

    token_id: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    token_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookMade(Event):
    organisation_id: int
    webhook_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Event):
    organisation_id: int
    webhook_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookTriedAgain(Event):
    """What was given up is sent again, and an address that rested is told of changes again."""

    organisation_id: int
    webhook_id: int


@dataclass(frozen=True, kw_only=True)
class ContentSeeded(Event):
    kind: str
    count: int


Handler = Callable[[Session, Any], None]

_handlers: dict[type[Event], list[Handler]] = {}


def connect(handlers: Mapping[type[Event], Sequence[Handler]]) -> None:
    """Replaces the whole table of handlers; called once by the composition root."""
    _handlers.clear()
    _handlers.update({event: list(functions) for event, functions in handlers.items()})


def record(session: Session, event: Event) -> None:
    """Runs the handlers of the event now, inside the caller's transaction. An error in one undoes the whole change."""
    session.flush()
    for event_type in (type(event), Event):
        for handler in _handlers.get(event_type, ()):
            handler(session, event)
