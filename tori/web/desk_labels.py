"""Words of the desk: events of the log, roles, states of mails."""

from flask_babel import lazy_gettext as __

from tori.models.people import Role
from tori.web.desk_queries import MailState

ROLES = {
    Role.MEMBER: __("Member"),
    Role.CAMPAIGN_MANAGER: __("Campaign manager"),
    Role.EDITOR: __("Editor"),
    Role.ADMIN: __("Administrator"),
}

MAIL_STATES = {
    MailState.WAITING: __("Waiting"),
    MailState.SENT: __("Sent"),
    MailState.FAILED: __("Failed"),
}

MAIL_TONES = {MailState.WAITING: "info", MailState.SENT: "success", MailState.FAILED: "error"}

EVENTS = {
    "AdoptionDescribed": __("Adoption described"),
    "AdoptionUndone": __("Adoption undone"),
    "AdoptionJoined": __("A colleague joined an adoption"),
    "AdoptionLeft": __("A colleague left an adoption"),
    "AdoptionsMerged": __("Adoptions merged"),
    "OrganisationsMerged": __("Organisations merged"),
    "FollowUpAnswered": __("Follow-up answered"),
    "FollowUpsStopped": __("Follow-ups stopped"),
    "LetterRhythmChanged": __("Rhythm of letters changed"),
    "AskingTakenBack": __("Wish to know taken back"),
    "CommentPosted": __("Comment posted"),
    "CommentRemoved": __("Comment removed"),
    "ContentSeeded": __("Content loaded"),
    "DeedAdopted": __("Model taken"),
    "DeedArchived": __("Deed archived"),
    "DeedDeleted": __("Draft deleted"),
    "DeedEdited": __("Deed edited"),
    "DeedImported": __("Deed imported"),
    "DeedKept": __("Deed saved by a reader"),
    "DeedLetGo": __("Deed no longer saved by a reader"),
    "DeedPicked": __("Deed picked for the digest"),
    "DeedPublished": __("Deed published"),
    "DeedRestored": __("Deed restored"),
    "DeedSaved": __("Draft saved"),
    "DeedUpdateAdded": __("Update added to a deed"),
    "DeedUpdateRemoved": __("Update of a deed removed"),
    "DeedVersionRestored": __("Older version restored"),
    "DeedWithdrawn": __("Deed withdrawn"),
    "DigestChanged": __("Digest settings changed"),
    "DigestConfirmed": __("Digest confirmed"),
    "DigestLeft": __("Digest ended"),
    "DigestSubscribed": __("Digest asked for"),
    "EmailChangeRequested": __("New address asked for"),
    "FeedbackHandled": __("Feedback handled"),
    "FeedbackSent": __("Feedback sent"),
    "FollowEnded": __("Ended following"),
    "FollowStarted": __("Began to follow"),
    "ListShared": __("Link to an own list"),
    "MailBounced": __("Mail came back"),
    "MailResent": __("Mail sent again"),
    "MembershipStarted": __("Joined an organisation"),
    "OrganisationChanged": __("Organisation changed"),
    "PartAskedFor": __("Reader would like to know"),
    "PasswordChanged": __("Password changed"),
    "PasswordResetRequested": __("New password ordered"),
    "PickRemoved": __("Pick for the digest taken back"),
    "RoleChanged": __("Role changed"),
    "SessionsEnded": __("Signed out elsewhere"),
    "UserChanged": __("Account changed"),
    "UserConfirmed": __("Address confirmed"),
    "UserDisabled": __("Account closed"),
    "UserEnabled": __("Account opened"),
    "UserRegistered": __("Account registered"),
    "UserSignedIn": __("Signed in"),
    "UserSignedOut": __("Signed out"),
}
"""Class name of an event -> its words. A test checks that every event stands here."""
