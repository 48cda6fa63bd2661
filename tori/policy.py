"""Who may do what: the permissions, the actor, and one table of rules."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from tori.core import clock
from tori.core.errors import NotAllowed, NotFound
from tori.models.campaigns import Campaign, TopList
from tori.models.conversation import PrivateQuestion, Turn
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Comment, Deed, DeedStatus, deed_co_author
from tori.models.moderation import Report
from tori.models.people import Membership, Organisation, Role, User
from tori.models.reading import OwnPlan
from tori.models.wishes import PartnerCall, Wish, WishAnswer


class Permission(StrEnum):
    DEED_READ = "deed:read"
    DEED_WRITE = "deed:write"
    DEED_EDIT = "deed:edit"
    DEED_MANAGE = "deed:manage"
    DEED_PUBLISH = "deed:publish"
    DEED_SUBMIT = "deed:submit"
    DEED_REVIEW = "deed:review"
    DEED_ARCHIVE = "deed:archive"
    DEED_WITHDRAW = "deed:withdraw"
    DEED_DELETE = "deed:delete"
    DEED_IMPORT = "deed:import"
    DEED_ADOPT = "deed:adopt"
    DEED_VARY = "deed:vary"
    DEED_KEEP = "deed:keep"
    DEED_ASK = "deed:ask"
    FOLLOW = "follow"
    WISH_READ = "wish:read"
    WISH_WRITE = "wish:write"
    WISH_JOIN = "wish:join"
    WISH_EDIT = "wish:edit"
    WISH_HIDE = "wish:hide"
    WISH_ANSWER_REMOVE = "wish:remove-answer"
    PARTNER_CALL_EDIT = "partner-call:edit"
    PARTNER_OFFER = "partner-call:offer"
    ADOPTION_EDIT = "adoption:edit"
    COMMENT_WRITE = "comment:write"
    COMMENT_EDIT = "comment:edit"
    COMMENT_REMOVE = "comment:remove"
    COMMENT_REPORT = "comment:report"
    QUESTION_MARK = "question:mark"
    DEED_THANK = "deed:thank"
    PRIVATE_ASK = "private:ask"
    PRIVATE_READ = "private:read"
    ACCOUNT_OWN = "account:own"
    OWN_PLAN = "own-plan"
    ORGANISATION_EDIT = "organisation:edit"
    ORGANISATION_PEOPLE = "organisation:people"
    ORGANISATION_AMBASSADOR = "organisation:ambassador"
    ORGANISATION_IMPORT = "organisation:import"
    ORGANISATION_WEBHOOKS = "organisation:webhooks"
    ORGANISATION_MERGE = "organisation:merge"
    ORGANISATION_REGISTER = "organisation:register"
    DESK_OPEN = "desk:open"
    LEAD_MANAGE = "lead:manage"
    PLAN_MANAGE = "plan:manage"
    CAMPAIGN_READ = "campaign:read"
    CAMPAIGN_MANAGE = "campaign:manage"
    CURATE = "content:curate"
    LIST_EDIT = "toplist:edit"
    MODERATE = "content:moderate"
    REPORT = "content:report"
    REPORT_DECIDE = "report:decide"
    USER_MANAGE = "user:manage"
    MAIL_READ = "mail:read"
    MAIL_RESEND = "mail:resend"
    AUDIT_READ = "audit:read"


def is_steward_today(membership: Membership) -> bool:
    if not membership.is_steward or membership.waits_since is not None:
        return False
    return membership.steward_until is None or membership.steward_until >= clock.today()


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person, a visitor without an account, or the service itself.

    ``is_weak`` tells that a second factor is missing, without which a role beyond a member's does not count.
    """

    user: User | None = None
    is_system: bool = False
    is_weak: bool = False

    @property
    def id(self) -> int | None:
        return self.user.id if self.user else None

    @property
    def is_member(self) -> bool:
        return self.user is not None and self.user.is_active

    @property
    def is_blocked(self) -> bool:
        until = self.user.blocked_until if self.user else None
        return until is not None and until > clock.now()

    @property
    def claimed_ids(self) -> set[int]:
        """The organisations that the person tells to be theirs, whether or not anybody has vouched for it yet."""
        return {membership.organisation_id for membership in self.user.memberships} if self.user else set()

    @property
    def organisation_ids(self) -> set[int]:
        """The organisations that the person speaks for."""
        memberships = self.user.memberships if self.user else []
        return {membership.organisation_id for membership in memberships if membership.waits_since is None}

    @property
    def unbelieved_ids(self) -> set[int]:
        """Those of which only the person says so."""
        return self.claimed_ids - self.organisation_ids

    @property
    def stewarded_ids(self) -> set[int]:
        """The organisations whose contact person this is today."""
        memberships = self.user.memberships if self.user else []
        return {membership.organisation_id for membership in memberships if is_steward_today(membership)}

    @property
    def ambassador_ids(self) -> set[int]:
        """The organisations whose ambassador the person has agreed to be."""
        memberships = self.user.memberships if self.user else []
        return {row.organisation_id for row in memberships if row.ambassador_since is not None and not row.waits_since}

    def has_role(self, *roles: Role) -> bool:
        """Whether one of the roles is the actor's, and counts just now."""
        if self.is_system:
            return True
        user = self.user
        if user is None or self.is_weak or not self.is_member or user.role not in roles:
            return False
        return user.role == Role.MEMBER or user.role_until is None or user.role_until >= clock.today()


STAFF = (Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN)

ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)


@dataclass(frozen=True)
class Decision:
    """``reason`` is the rule code of a refusal, empty when allowed. ``hides`` refuses by not knowing the thing."""

    reason: str = ""
    hides: bool = False

    @property
    def allowed(self) -> bool:
        return not self.reason


ALLOWED = Decision()
SIGN_IN = Decision("sign_in_needed")
HIDDEN = Decision("not_found", hides=True)

Rule = Callable[[Actor, Any], Decision]


def _when(allowed: bool, reason: str) -> Decision:
    return ALLOWED if allowed else Decision(reason)


def is_editor(actor: Actor) -> bool:
    return actor.has_role(Role.EDITOR, Role.ADMIN)


def is_admin(actor: Actor) -> bool:
    return actor.has_role(Role.ADMIN)


def _is_maker(actor: Actor, deed: Deed) -> bool:
    if not actor.is_member:
        return False
    if deed.author_id == actor.id or deed.organisation_id in actor.stewarded_ids:
        return True
    return any(person.id == actor.id for person in deed.co_authors)


def is_trusted(actor: Actor) -> bool:
    """Whether the actor publishes without asking: an address or an editor has vouched for them."""
    return actor.is_system or is_editor(actor) or (actor.user is not None and actor.user.trusted_at is not None)


def _member(actor: Actor, thing: object) -> Decision:
    return ALLOWED if actor.is_system or actor.is_member else SIGN_IN


def _read_deed(actor: Actor, deed: Deed) -> Decision:
    if deed.is_public or is_editor(actor) or _is_maker(actor, deed):
        return ALLOWED
    return HIDDEN


def _write_deed(actor: Actor, organisation: Organisation | None) -> Decision:
    if not actor.is_system and not actor.is_member:
        return SIGN_IN
    if is_editor(actor) or organisation is None or organisation.id in actor.claimed_ids:
        return ALLOWED
    return Decision("other_organisation")


def _edit_deed(actor: Actor, deed: Deed) -> Decision:
    if not _read_deed(actor, deed).allowed:
        return HIDDEN
    if not actor.is_system and not actor.is_member:
        return SIGN_IN
    return _when(is_editor(actor) or _is_maker(actor, deed), "not_your_deed")


def _manage_deed(actor: Actor, deed: Deed) -> Decision:
    """Who decides of the makers: the author and those who look after the organisation, not every co-author."""
    decision = _edit_deed(actor, deed)
    if not decision.allowed:
        return decision
    is_owner = deed.author_id == actor.id or deed.organisation_id in actor.stewarded_ids
    return _when(actor.is_system or is_editor(actor) or is_owner, "not_the_owner")


def _publish_deed(actor: Actor, deed: Deed) -> Decision:
    decision = _edit_deed(actor, deed)
    if not decision.allowed:
        return decision
    if deed.status == DeedStatus.IN_REVIEW:
        return _when(is_editor(actor), "waits_for_review")
    if deed.status not in (DeedStatus.DRAFT, DeedStatus.ARCHIVED):
        return Decision("already_published")
    if deed.organisation_id in actor.unbelieved_ids and not is_editor(actor):
        return Decision("review_first")
    return _when(is_trusted(actor) or deed.published_at is not None, "review_first")


def _submit_deed(actor: Actor, deed: Deed) -> Decision:
    decision = _edit_deed(actor, deed)
    if decision.allowed and deed.status != DeedStatus.DRAFT:
        return Decision("already_published")
    return decision


def _take_down_deed(actor: Actor, deed: Deed) -> Decision:
    decision = _edit_deed(actor, deed)
    if decision.allowed and not deed.is_public:
        return Decision("not_published")
    return decision


def _delete_deed(actor: Actor, deed: Deed) -> Decision:
    decision = _edit_deed(actor, deed)
    if decision.allowed and deed.status != DeedStatus.DRAFT:
        return Decision("only_drafts_are_deleted")
    return decision


def _adopt_deed(actor: Actor, deed: Deed) -> Decision:
    if not deed.is_public:
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    if not actor.organisation_ids:
        return Decision("membership_waits" if actor.claimed_ids else "no_organisation")
    makers = {deed.organisation_id, *(organisation.id for organisation in deed.co_organisations)}
    return _when(bool(actor.organisation_ids - makers), "own_deed")


def _vary_deed(actor: Actor, deed: Deed) -> Decision:
    if not deed.is_public:
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    return _when(bool(actor.claimed_ids), "no_organisation")


def _edit_adoption(actor: Actor, adoption: Adoption) -> Decision:
    if not actor.is_member:
        return SIGN_IN
    return _when(adoption.organisation_id in actor.organisation_ids or is_editor(actor), "other_organisation")


def _comment(actor: Actor, deed: Deed) -> Decision:
    if not deed.is_public:
        return HIDDEN
    return _member(actor, deed)


def _remove_comment(actor: Actor, comment: Comment) -> Decision:
    if not actor.is_member:
        return SIGN_IN
    return _when(comment.author_id == actor.id or is_editor(actor), "not_your_comment")


def _edit_comment(actor: Actor, comment: Comment) -> Decision:
    if not comment.deed.is_public or (comment.removed_at is not None and comment.held_at is None):
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    return _when(comment.author_id == actor.id, "not_your_comment")


def _report_comment(actor: Actor, comment: Comment) -> Decision:
    """Open to visitors: who is hurt by a comment need not have an account."""
    return ALLOWED if comment.deed.is_public and comment.removed_at is None else HIDDEN


def _mark_question(actor: Actor, comment: Comment) -> Decision:
    if not comment.deed.is_public or comment.removed_at is not None:
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    may = comment.author_id == actor.id or is_editor(actor) or _is_maker(actor, comment.deed)
    return _when(may, "not_your_comment")


def _thank(actor: Actor, deed: Deed) -> Decision:
    decision = _comment(actor, deed)
    return _when(deed.author_id != actor.id, "own_thanks") if decision.allowed else decision


def _ask_privately(actor: Actor, deed: Deed) -> Decision:
    if not deed.is_public:
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    return _when(deed.author_id != actor.id, "own_question")


def _read_private(actor: Actor, question: PrivateQuestion) -> Decision:
    """The two sides, and whoever the question has fallen to. Editors read no others."""
    if not actor.is_member:
        return HIDDEN
    has_passed = question.turn != Turn.AUTHOR
    is_side = actor.id in (question.asker_id, question.deed.author_id)
    is_steward = has_passed and question.deed.organisation_id in actor.stewarded_ids
    return ALLOWED if is_side or is_steward or (question.turn == Turn.EDITOR and is_editor(actor)) else HIDDEN


def _own_plan(actor: Actor, plan: OwnPlan | None) -> Decision:
    """Nobody else's business, whatever their role. The page that explains rights asks without a plan."""
    return ALLOWED if plan is not None and actor.is_member and plan.user_id == actor.id else HIDDEN


def _edit_organisation(actor: Actor, organisation: Organisation) -> Decision:
    if not actor.is_member and not actor.is_system:
        return SIGN_IN
    return _when(is_editor(actor) or organisation.id in actor.stewarded_ids, "not_steward")


def _edit_list(actor: Actor, top_list: TopList) -> Decision:
    """Editors, and the people of the network who keep the list."""
    if not actor.is_system and not actor.is_member:
        return SIGN_IN
    return _when(is_editor(actor) or any(keeper.id == actor.id for keeper in top_list.keepers), "role_needed")


def _keep_people(actor: Actor, organisation: Organisation) -> Decision:
    """Who belongs to an organisation is nobody else's business, so others do not even learn of the page."""
    if not actor.is_member and not actor.is_system:
        return SIGN_IN
    return ALLOWED if is_admin(actor) or organisation.id in actor.stewarded_ids else HIDDEN


def _work_as_ambassador(actor: Actor, organisation: Organisation) -> Decision:
    if not actor.is_member and not actor.is_system:
        return SIGN_IN
    is_own = organisation.id in actor.ambassador_ids | actor.stewarded_ids
    return ALLOWED if is_own or is_editor(actor) else HIDDEN


def _read_wish(actor: Actor, wish: Wish) -> Decision:
    is_shown = wish.hidden_at is None or is_editor(actor) or (actor.is_member and wish.author_id == actor.id)
    return ALLOWED if is_shown else HIDDEN


def _join_wish(actor: Actor, wish: Wish) -> Decision:
    return _member(actor, wish) if wish.hidden_at is None else HIDDEN


def _edit_wish(actor: Actor, wish: Wish) -> Decision:
    decision = _join_wish(actor, wish)
    return _when(wish.author_id == actor.id, "not_your_wish") if decision.allowed else decision


def _hide_wish(actor: Actor, wish: Wish) -> Decision:
    decision = _join_wish(actor, wish)
    return _when(wish.author_id == actor.id or is_editor(actor), "not_your_wish") if decision.allowed else decision


def _remove_wish_answer(actor: Actor, answer: WishAnswer) -> Decision:
    decision = _join_wish(actor, answer.wish)
    if not decision.allowed:
        return decision
    return _when(actor.id in (answer.author_id, answer.wish.author_id) or is_editor(actor), "not_your_wish")


def _edit_call(actor: Actor, call: PartnerCall) -> Decision:
    if not actor.is_member:
        return SIGN_IN
    return _when(call.author_id == actor.id or is_editor(actor), "not_your_wish")


def _offer_partnership(actor: Actor, call: PartnerCall) -> Decision:
    if call.wish is not None and call.wish.hidden_at is not None:
        return HIDDEN
    if call.deed is not None and not call.deed.is_public:
        return HIDDEN
    if not actor.is_member:
        return SIGN_IN
    return _when(call.author_id != actor.id, "own_call")


def _read_campaign(actor: Actor, campaign: Campaign) -> Decision:
    return ALLOWED if campaign.is_public or actor.is_system or actor.has_role(*STAFF) else HIDDEN


def _decide_report(actor: Actor, report: Report) -> Decision:
    """What was passed on to the administrators is decided by them."""
    wanted = (Role.ADMIN,) if report.escalated_at is not None else (Role.EDITOR, Role.ADMIN)
    return _role(*wanted)(actor, report)


def _role(*roles: Role) -> Rule:
    def rule(actor: Actor, thing: object) -> Decision:
        if not actor.is_system and not actor.is_member:
            return SIGN_IN
        return _when(actor.has_role(*roles), _why_not(actor, *roles))

    return rule


def _why_not(actor: Actor, *roles: Role) -> str:
    holds_it = actor.is_weak and actor.user is not None and actor.user.role in roles
    return "second_factor_needed" if holds_it else "role_needed"


def _open_desk(actor: Actor, thing: object) -> Decision:
    return _when(actor.has_role(*STAFF), _why_not(actor, *STAFF)) if actor.is_member else SIGN_IN


RULES: dict[Permission, Rule] = {
    Permission.DEED_READ: _read_deed,
    Permission.DEED_WRITE: _write_deed,
    Permission.DEED_EDIT: _edit_deed,
    Permission.DEED_MANAGE: _manage_deed,
    Permission.DEED_PUBLISH: _publish_deed,
    Permission.DEED_SUBMIT: _submit_deed,
    Permission.DEED_REVIEW: _role(Role.EDITOR, Role.ADMIN),
    Permission.DEED_ARCHIVE: _take_down_deed,
    Permission.DEED_WITHDRAW: _take_down_deed,
    Permission.DEED_DELETE: _delete_deed,
    Permission.DEED_IMPORT: _role(Role.EDITOR, Role.ADMIN),
    Permission.DEED_ADOPT: _adopt_deed,
    Permission.DEED_VARY: _vary_deed,
    Permission.DEED_KEEP: _comment,
    Permission.DEED_ASK: _comment,
    Permission.FOLLOW: _member,
    Permission.WISH_READ: _read_wish,
    Permission.WISH_WRITE: _member,
    Permission.WISH_JOIN: _join_wish,
    Permission.WISH_EDIT: _edit_wish,
    Permission.WISH_HIDE: _hide_wish,
    Permission.WISH_ANSWER_REMOVE: _remove_wish_answer,
    Permission.PARTNER_CALL_EDIT: _edit_call,
    Permission.PARTNER_OFFER: _offer_partnership,
    Permission.ADOPTION_EDIT: _edit_adoption,
    Permission.COMMENT_WRITE: _comment,
    Permission.COMMENT_EDIT: _edit_comment,
    Permission.COMMENT_REMOVE: _remove_comment,
    Permission.COMMENT_REPORT: _report_comment,
    Permission.QUESTION_MARK: _mark_question,
    Permission.DEED_THANK: _thank,
    Permission.PRIVATE_ASK: _ask_privately,
    Permission.PRIVATE_READ: _read_private,
    Permission.ACCOUNT_OWN: _member,
    Permission.OWN_PLAN: _own_plan,
    Permission.ORGANISATION_EDIT: _edit_organisation,
    Permission.ORGANISATION_PEOPLE: _keep_people,
    Permission.ORGANISATION_AMBASSADOR: _work_as_ambassador,
    Permission.ORGANISATION_IMPORT: _edit_organisation,
    Permission.ORGANISATION_WEBHOOKS: _keep_people,
    Permission.ORGANISATION_MERGE: _role(Role.ADMIN),
    Permission.ORGANISATION_REGISTER: _role(Role.EDITOR, Role.ADMIN),
    Permission.DESK_OPEN: _open_desk,
    Permission.LEAD_MANAGE: _role(Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN),
    Permission.PLAN_MANAGE: _role(Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN),
    Permission.CAMPAIGN_READ: _read_campaign,
    Permission.CAMPAIGN_MANAGE: _role(Role.CAMPAIGN_MANAGER, Role.ADMIN),
    Permission.CURATE: _role(Role.EDITOR, Role.ADMIN),
    Permission.LIST_EDIT: _edit_list,
    Permission.MODERATE: _role(Role.EDITOR, Role.ADMIN),
    Permission.REPORT: lambda actor, thing: ALLOWED,
    Permission.REPORT_DECIDE: _decide_report,
    Permission.USER_MANAGE: _role(Role.ADMIN),
    Permission.MAIL_READ: _role(Role.ADMIN),
    Permission.MAIL_RESEND: _role(Role.ADMIN),
    Permission.AUDIT_READ: _role(Role.ADMIN),
}


WHILE_BLOCKED = {
    Permission.DEED_READ, Permission.WISH_READ, Permission.ACCOUNT_OWN, Permission.REPORT, Permission.FOLLOW,
    Permission.OWN_PLAN,
}  # fmt: skip
"""What somebody may still do whom the moderators have blocked for a time: read, and look after the own account."""


def decide(actor: Actor, permission: Permission, thing: Any = None) -> Decision:
    decision = RULES[permission](actor, thing)
    if decision.allowed and actor.is_blocked and permission not in WHILE_BLOCKED:
        return Decision("blocked")
    return decision


def can(actor: Actor, permission: Permission, thing: Any = None) -> bool:
    return decide(actor, permission, thing).allowed


def require(actor: Actor, permission: Permission, thing: Any = None) -> None:
    """Raises NotFound where even the existence is a secret, NotAllowed with the reason otherwise."""
    decision = decide(actor, permission, thing)
    if decision.hides:
        raise NotFound(permission)
    if not decision.allowed:
        raise NotAllowed(permission, decision.reason)


def visible_deeds(actor: Actor) -> ColumnElement[bool]:
    """The rule of ``deed:read`` as a condition of SQL, for lists."""
    if is_editor(actor):
        return true()
    public = Deed.status.in_(PUBLIC_STATUSES)
    if not actor.is_member:
        return public
    together = select(deed_co_author.c.deed_id).where(deed_co_author.c.user_id == actor.id)
    return or_(public, Deed.author_id == actor.id, Deed.organisation_id.in_(actor.stewarded_ids), Deed.id.in_(together))
