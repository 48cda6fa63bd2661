"""The policy against an oracle that was written from product.md and not from the policy: role x object x action.

Every case is a person, a thing in a state and an action. hypothesis draws them; a disagreement shows the smallest case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tori.core import clock
from tori.models.campaigns import Campaign, TopList
from tori.models.conversation import PrivateQuestion, Turn
from tori.models.deeds import Adoption, Comment, Deed, DeedStatus
from tori.models.moderation import Report
from tori.models.people import Membership, Organisation, Role, User
from tori.models.reading import OwnPlan
from tori.models.wishes import PartnerCall, Wish, WishAnswer
from tori.policy import RULES, Actor, Permission, decide

OWN, OTHER = 1, 2
"""Numbers of organisations: the owner's of the thing, and another."""
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """What there is to know of who acts. ``role`` is None for a visitor."""

    role: Role | None
    is_open: bool
    """Confirmed and not disabled."""
    is_trusted: bool
    organisation: int | None
    is_steward: bool
    stewardship_is_over: bool
    membership_waits: bool
    """Only the person says so far that they belong to the organisation."""
    is_author: bool
    is_co_author: bool

    @property
    def acts(self) -> bool:
        return self.role is not None and self.is_open

    @property
    def edits(self) -> bool:
        return self.acts and self.role in (Role.EDITOR, Role.ADMIN)

    @property
    def speaks_for(self) -> int | None:
        return None if self.membership_waits else self.organisation

    @property
    def stewards_owner(self) -> bool:
        return self.acts and self.is_steward and not self.stewardship_is_over and self.speaks_for == OWN

    @property
    def made_it(self) -> bool:
        return self.acts and (self.is_author or self.is_co_author or self.stewards_owner)


@dataclass(frozen=True)
class State:
    """What there is to know of the thing."""

    status: DeedStatus
    was_published: bool
    is_hidden: bool
    """A wish that was taken off."""

    @property
    def is_public(self) -> bool:
        return self.status in (DeedStatus.PUBLISHED, DeedStatus.ARCHIVED)


people = st.builds(
    Person, role=st.one_of(st.none(), st.sampled_from(list(Role))), is_open=st.booleans(), is_trusted=st.booleans(),
    organisation=st.sampled_from([None, OWN, OTHER]), is_steward=st.booleans(), stewardship_is_over=st.booleans(),
    membership_waits=st.booleans(), is_author=st.booleans(), is_co_author=st.booleans(),
)  # fmt: skip
states = st.builds(
    State, status=st.sampled_from(list(DeedStatus)), was_published=st.booleans(), is_hidden=st.booleans()
)

Oracle = Callable[[Person, State], bool]


def reads(who: Person, deed: State) -> bool:
    return deed.is_public or who.edits or who.made_it


def edits_deed(who: Person, deed: State) -> bool:
    return who.edits or who.made_it


def publishes(who: Person, deed: State) -> bool:
    if not edits_deed(who, deed):
        return False
    if deed.status == DeedStatus.IN_REVIEW:
        return who.edits
    if not who.edits and who.organisation == OWN and who.membership_waits:
        return False
    return deed.status in (DeedStatus.DRAFT, DeedStatus.ARCHIVED) and (
        who.edits or who.is_trusted or deed.was_published
    )


def acts(who: Person, thing: State) -> bool:
    return who.acts


def acts_on_public(who: Person, deed: State) -> bool:
    return who.acts and deed.is_public


def joins_wish(who: Person, wish: State) -> bool:
    return who.acts and not wish.is_hidden


def role(*roles: Role) -> Oracle:
    return lambda who, thing: who.acts and who.role in roles


ORACLE: dict[Permission, Oracle] = {
    Permission.DEED_READ: reads,
    Permission.DEED_WRITE: lambda who, deed: who.edits or (who.acts and who.organisation == OWN),
    Permission.DEED_EDIT: edits_deed,
    Permission.DEED_PUBLISH: publishes,
    Permission.DEED_SUBMIT: lambda who, deed: edits_deed(who, deed) and deed.status == DeedStatus.DRAFT,
    Permission.DEED_REVIEW: role(Role.EDITOR, Role.ADMIN),
    Permission.DEED_ARCHIVE: lambda who, deed: edits_deed(who, deed) and deed.is_public,
    Permission.DEED_WITHDRAW: lambda who, deed: edits_deed(who, deed) and deed.is_public,
    Permission.DEED_DELETE: lambda who, deed: edits_deed(who, deed) and deed.status == DeedStatus.DRAFT,
    Permission.DEED_IMPORT: role(Role.EDITOR, Role.ADMIN),
    Permission.DEED_ADOPT: lambda who, deed: acts_on_public(who, deed) and who.speaks_for == OTHER,
    Permission.DEED_VARY: lambda who, deed: acts_on_public(who, deed) and who.organisation is not None,
    Permission.DEED_KEEP: acts_on_public,
    Permission.DEED_ASK: acts_on_public,
    Permission.FOLLOW: acts,
    Permission.WISH_READ: lambda who, wish: not wish.is_hidden or who.edits or (who.acts and who.is_author),
    Permission.WISH_WRITE: acts,
    Permission.WISH_JOIN: joins_wish,
    Permission.WISH_EDIT: lambda who, wish: joins_wish(who, wish) and who.is_author,
    Permission.WISH_HIDE: lambda who, wish: joins_wish(who, wish) and (who.is_author or who.edits),
    Permission.WISH_ANSWER_REMOVE: lambda who, wish: joins_wish(who, wish) and (who.is_author or who.edits),
    Permission.PARTNER_CALL_EDIT: lambda who, call: who.acts and (who.is_author or who.edits),
    Permission.PARTNER_OFFER: lambda who, call: (
        who.acts and not who.is_author and call.is_public and not call.is_hidden
    ),
    Permission.ADOPTION_EDIT: lambda who, adoption: who.acts and (who.speaks_for == OWN or who.edits),
    Permission.COMMENT_WRITE: acts_on_public,
    Permission.COMMENT_REMOVE: lambda who, comment: who.acts and (who.is_author or who.edits),
    Permission.COMMENT_EDIT: lambda who, comment: acts_on_public(who, comment) and who.is_author,
    Permission.COMMENT_REPORT: lambda who, comment: comment.is_public,
    Permission.QUESTION_MARK: lambda who, question: (
        acts_on_public(who, question) and (who.is_author or who.edits or who.made_it)
    ),
    Permission.DEED_MANAGE: lambda who, deed: who.edits or (who.acts and who.is_author) or who.stewards_owner,
    Permission.DEED_THANK: lambda who, deed: acts_on_public(who, deed) and not who.is_author,
    Permission.PRIVATE_ASK: lambda who, deed: acts_on_public(who, deed) and not who.is_author,
    Permission.PRIVATE_READ: lambda who, question: who.acts and who.is_author,
    Permission.REPORT: lambda who, thing: True,
    Permission.REPORT_DECIDE: lambda who, report: (
        who.acts and (who.role == Role.ADMIN or (who.role == Role.EDITOR and not report.is_hidden))
    ),
    Permission.CAMPAIGN_READ: lambda who, campaign: (
        not campaign.is_hidden or (who.acts and who.role in (Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN))
    ),
    Permission.LIST_EDIT: lambda who, top_list: who.edits or (who.acts and who.is_co_author),
    Permission.ACCOUNT_OWN: acts,
    Permission.OWN_PLAN: lambda who, plan: who.acts and who.is_author,
    Permission.ORGANISATION_EDIT: lambda who, organisation: who.edits or who.stewards_owner,
    Permission.ORGANISATION_PEOPLE: lambda who, organisation: (
        who.stewards_owner or (who.acts and who.role == Role.ADMIN)
    ),
    Permission.ORGANISATION_AMBASSADOR: lambda who, organisation: who.edits or who.stewards_owner,
    Permission.ORGANISATION_IMPORT: lambda who, organisation: who.edits or who.stewards_owner,
    Permission.ORGANISATION_WEBHOOKS: lambda who, organisation: (
        who.stewards_owner or (who.acts and who.role == Role.ADMIN)
    ),
    Permission.ORGANISATION_MERGE: role(Role.ADMIN),
    Permission.ORGANISATION_REGISTER: role(Role.EDITOR, Role.ADMIN),
    Permission.DESK_OPEN: role(Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN),
    Permission.CAMPAIGN_MANAGE: role(Role.CAMPAIGN_MANAGER, Role.ADMIN),
    Permission.CURATE: role(Role.EDITOR, Role.ADMIN),
    Permission.MODERATE: role(Role.EDITOR, Role.ADMIN),
    Permission.USER_MANAGE: role(Role.ADMIN),
    Permission.MAIL_READ: role(Role.ADMIN),
    Permission.MAIL_RESEND: role(Role.ADMIN),
    Permission.LEAD_MANAGE: role(Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN),
    Permission.PLAN_MANAGE: role(Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN),
    Permission.AUDIT_READ: role(Role.ADMIN),
}


def make_actor(who: Person) -> Actor:
    if who.role is None:
        return Actor()
    user = User(id=7, role=who.role, email="x@example.org", display_name="x")
    user.confirmed_at = NOW if who.is_open else None
    user.trusted_at = NOW if who.is_trusted else None
    if who.organisation is not None:
        user.memberships.append(
            Membership(
                organisation_id=who.organisation,
                is_steward=who.is_steward,
                steward_until=clock.today() - timedelta(days=1) if who.stewardship_is_over else clock.today(),
                waits_since=NOW if who.membership_waits else None,
            )
        )
    return Actor(user)


def make_things(who: Person, state: State) -> dict[str, Any]:
    author = 7 if who.role is not None and who.is_author else 8
    deed = Deed(id=1, organisation_id=OWN, author_id=author, status=state.status)
    deed.published_at = NOW if state.was_published else None
    if who.role is not None and who.is_co_author:
        deed.co_authors = [User(id=7)]
    wish = Wish(id=1, author_id=author, hidden_at=NOW if state.is_hidden else None)
    return {
        "deed": deed,
        "comment": Comment(id=1, author_id=author, deed=deed),
        "private": PrivateQuestion(id=1, asker_id=9, deed=deed, turn=Turn.AUTHOR),
        "report": Report(id=1, escalated_at=NOW if state.is_hidden else None),
        "campaign": Campaign(id=1, is_public=not state.is_hidden),
        "toplist": TopList(id=1, keepers=[User(id=7)] if who.role is not None and who.is_co_author else []),
        "adoption": Adoption(id=1, organisation_id=OWN, user_id=author),
        "organisation": Organisation(id=OWN),
        "wish": wish,
        "answer": WishAnswer(id=1, wish=wish, author_id=author),
        "own-plan": OwnPlan(id=1, user_id=author),
        "call": PartnerCall(id=1, author_id=author, deed=deed, wish=wish),
    }


THINGS = {
    Permission.DEED_WRITE: "organisation", Permission.ORGANISATION_EDIT: "organisation",
    Permission.ORGANISATION_PEOPLE: "organisation", Permission.ORGANISATION_IMPORT: "organisation",
    Permission.ORGANISATION_WEBHOOKS: "organisation", Permission.ORGANISATION_AMBASSADOR: "organisation",
    Permission.ADOPTION_EDIT: "adoption", Permission.COMMENT_WRITE: "deed", Permission.COMMENT_REMOVE: "comment",
    Permission.WISH_ANSWER_REMOVE: "answer",
    Permission.QUESTION_MARK: "comment", Permission.PRIVATE_ASK: "deed",
    Permission.PARTNER_CALL_EDIT: "call", Permission.PARTNER_OFFER: "call",
}  # fmt: skip
"""What a permission is asked about, where its name does not tell it."""


def thing_of(permission: Permission, things: dict[str, Any]) -> Any:
    name = THINGS.get(permission, permission.value.split(":")[0])
    return things.get(name)


def test_every_permission_has_a_rule_and_an_oracle() -> None:
    assert set(RULES) == set(Permission)
    assert set(Permission) - set(ORACLE) == set(), "write down here who may, from the issue and not from the policy"


@settings(max_examples=4_000, deadline=None)
@given(who=people, state=states, permission=st.sampled_from([*ORACLE]))
def test_the_policy_says_what_the_oracle_says(who: Person, state: State, permission: Permission) -> None:
    thing = thing_of(permission, make_things(who, state))
    assert decide(make_actor(who), permission, thing).allowed == ORACLE[permission](who, state)


@settings(max_examples=1_000, deadline=None)
@given(who=people, state=states)
def test_who_may_not_read_may_do_nothing_to_a_deed(who: Person, state: State) -> None:
    """A refusal hides a deed that the actor may not know of, whatever is asked."""
    actor, deed = make_actor(who), make_things(who, state)["deed"]
    if decide(actor, Permission.DEED_READ, deed).allowed:
        return
    for permission in Permission:
        if permission.value.startswith("deed:") and THINGS.get(permission) is None:
            decision = decide(actor, permission, deed)
            assert not decision.allowed or permission in (Permission.DEED_REVIEW, Permission.DEED_IMPORT), permission
