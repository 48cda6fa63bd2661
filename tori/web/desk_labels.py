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
    "DeedPublished": __("Deed published"),
    "DeedRestored": __("Deed restored"),
    "DeedSaved": __("Draft saved"),
    "DeedVersionRestored": __("Older version restored"),
    "DeedWithdrawn": __("Deed withdrawn"),
    "EmailChangeRequested": __("New address asked for"),
    "FeedbackHandled": __("Feedback handled"),
    "FeedbackSent": __("Feedback sent"),
    "MembershipStarted": __("Joined an organisation"),
    "OrganisationChanged": __("Organisation changed"),
    "PartAskedFor": __("Reader would like to know"),
    "PasswordChanged": __("Password changed"),
    "PasswordResetRequested": __("New password ordered"),
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
