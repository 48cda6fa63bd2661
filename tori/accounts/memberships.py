"""Who belongs to an organisation. An address of its domain, an invitation, its contact person or the staff vouches.

What somebody published stays with the organisation when they leave it. Every right through a membership ends with it.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from tori.accounts import mails, names
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    InvitationSent,
    InvitationTakenBack,
    MembershipApproved,
    MembershipEnded,
    MembershipStarted,
    StewardNamed,
    StewardshipEnded,
    record,
)
from tori.database import transaction
from tori.edge import limits
from tori.edge.sessions import hash_token
from tori.edge.templating import public_link
from tori.models.accounts import Invitation
from tori.models.people import Membership, Organisation, OrganisationDomain, Role, User
from tori.notifications import mail
from tori.policy import Actor, Permission, is_steward_today, require

INVITATION_DAYS = 14
MOST_INVITED = 20
LISTED = 500
MAX_TOKEN = 100


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


# Reading


@dataclass(frozen=True)
class People:
    members: list[Membership]
    waiting: list[Membership]
    invitations: list[Invitation]


def people_of(session: Session, actor: Actor, organisation: Organisation) -> People:
    """Three fixed queries. Raises NotFound for those whose business it is not."""
    require(actor, Permission.ORGANISATION_PEOPLE, organisation)
    rows = session.scalars(
        select(Membership)
        .join(Membership.user)
        .options(joinedload(Membership.user).lazyload(User.memberships))
        .where(Membership.organisation_id == organisation.id, User.confirmed_at.is_not(None))
        .order_by(User.display_name, Membership.id)
        .limit(LISTED)
    ).all()
    invitations = session.scalars(
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.used_at.is_(None),
            Invitation.expires_on >= clock.today(),
        )
        .order_by(Invitation.id)
    ).all()
    return People(
        [row for row in rows if row.waits_since is None],
        [row for row in rows if row.waits_since is not None],
        list(invitations),
    )


def waiting_everywhere(session: Session, actor: Actor) -> list[Membership]:
    """What waits for somebody to vouch, the longest waiting first; for administrators."""
    require(actor, Permission.USER_MANAGE)
    return list(
        session.scalars(
            select(Membership)
            .options(joinedload(Membership.user).lazyload(User.memberships))
            .where(Membership.waits_since.is_not(None))
            .order_by(Membership.waits_since, Membership.id)
            .limit(LISTED)
        )
    )


# What the contact person and the staff do


def kept_membership(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> Membership:
    """The row, if it is of this organisation and the actor keeps its people."""
    require(actor, Permission.ORGANISATION_PEOPLE, organisation)
    found = session.get(Membership, membership_id)
    if found is None or found.organisation_id != organisation.id:
        raise NotFound("membership")
    return found


def approve(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    """Vouches for somebody. From now on they speak for the organisation and publish without asking."""
    row = kept_membership(session, actor, organisation, membership_id)
    if row.waits_since is None:
        return
    if row.user_id == actor.id:
        raise RuleBroken("own_account")
    row.waits_since = None
    row.user.trusted_at = row.user.trusted_at or clock.now()
    record(session, MembershipApproved(actor_id=actor.id, user_id=row.user_id, organisation_id=row.organisation_id))
    mails.send(session, row.user, "membership_approved", organisation=organisation.name_in(row.user.locale))


def end(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    """Takes somebody out, or does not take them in. They are told, and keep their account."""
    row = kept_membership(session, actor, organisation, membership_id)
    if row.user_id == actor.id:
        raise RuleBroken("leave_yourself")
    person, was_waiting = row.user, row.waits_since is not None
    _remove(session, row, actor)
    event = "membership_refused" if was_waiting else "membership_ended"
    mails.send(session, person, event, organisation=organisation.name_in(person.locale))


def name_steward(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    """Makes somebody a contact person for STEWARD_DAYS. Naming again prolongs it."""
    row = kept_membership(session, actor, organisation, membership_id)
    if row.waits_since is not None:
        raise RuleBroken("membership_waits")
    row.is_steward = True
    row.steward_until = clock.today() + timedelta(days=_config().steward_days)
    record(session, StewardNamed(actor_id=actor.id, user_id=row.user_id, organisation_id=row.organisation_id))
    mails.send(
        session, row.user, "steward_named", organisation=organisation.name_in(row.user.locale), until=row.steward_until
    )


def end_stewardship(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    row = kept_membership(session, actor, organisation, membership_id)
    if row.is_steward:
        _end_stewardship(session, row, actor.id)


def _end_stewardship(session: Session, row: Membership, actor_id: int | None) -> None:
    row.is_steward, row.steward_until = False, None
    record(session, StewardshipEnded(actor_id=actor_id, user_id=row.user_id, organisation_id=row.organisation_id))


def end_due_stewardships(config: Config) -> int:
    """Ends what has run out, and tells the person; a daily job. Returns how many."""
    with transaction() as session:
        rows = session.scalars(
            select(Membership).where(Membership.is_steward, Membership.steward_until < clock.today())
        ).all()
        for row in rows:
            _end_stewardship(session, row, None)
            name = row.organisation.name_in(row.user.locale)
            mails.send(session, row.user, "stewardship_over", organisation=name, contact=config.contact_email)
    return len(rows)


# Inviting


def invite(session: Session, actor: Actor, organisation: Organisation, email: str) -> None:
    """Sends a link to the address. Says nothing of whether the address has an account elsewhere.

    Raises RuleBroken for who belongs to the organisation already, or waits for being taken in.
    """
    require(actor, Permission.ORGANISATION_PEOPLE, organisation)
    address = names.normal_email(email)
    known = session.scalar(
        select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation.id, User.email == address, User.confirmed_at.is_not(None))
    )
    if known is not None:
        raise RuleBroken("member_already" if known.waits_since is None else "waits_already", "email", given=address)
    limits.count_act(session, "invite_colleague", actor)
    session.execute(
        delete(Invitation).where(
            Invitation.organisation_id == organisation.id, Invitation.email == address, Invitation.used_at.is_(None)
        )
    )
    token = secrets.token_urlsafe(32)
    row = Invitation(
        organisation_id=organisation.id, email=address, hash=hash_token(token), invited_by_id=actor.id,
        expires_on=clock.today() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, InvitationSent(actor_id=actor.id, organisation_id=organisation.id, invitation_id=row.id))
    locale = actor.user.locale if actor.user else "fi"
    mail.enqueue(
        session, "colleague_invited", address, locale, organisation=organisation.name_in(locale), days=INVITATION_DAYS,
        link=public_link(_config(), "accounts.invitation", locale, token=token),
    )  # fmt: skip


def addresses_in(text: str, field: str = "email") -> list[str]:
    """The addresses of a list, one on each line or with commas between; each once. Raises RuleBroken."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        try:
            found.append(names.normal_email(word, field))
        except RuleBroken as error:
            code = "bad_email_among" if word and len(text.split()) > 1 else error.code
            raise RuleBroken(code, field=field, given=word[:MAX_TOKEN]) from error
    if len(found) > MOST_INVITED:
        raise RuleBroken("too_many_items", field=field, limit=MOST_INVITED)
    return list(dict.fromkeys(found))


def take_back(session: Session, actor: Actor, organisation: Organisation, invitation_id: int) -> None:
    require(actor, Permission.ORGANISATION_PEOPLE, organisation)
    row = session.get(Invitation, invitation_id)
    if row is None or row.organisation_id != organisation.id:
        raise NotFound("invitation")
    session.delete(row)
    record(session, InvitationTakenBack(actor_id=actor.id, organisation_id=organisation.id))


def find_invitation(session: Session, token: str) -> Invitation:
    """Raises RuleBroken("bad_link") for an unknown, used or old one."""
    row = None
    if len(token) <= MAX_TOKEN:
        row = session.scalar(select(Invitation).where(Invitation.hash == hash_token(token)))
    if row is None or row.used_at is not None or row.expires_on < clock.today():
        raise RuleBroken("bad_link")
    return row


def accept(session: Session, actor: Actor, token: str) -> Organisation:
    """Joins the organisation. The invitation is for its own address alone, whoever has got hold of the link."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    row = find_invitation(session, token)
    user = session.get_one(User, actor.user.id)
    if user.email != row.email:
        raise RuleBroken("invitation_of_another")
    changed = session.execute(
        update(Invitation).where(Invitation.id == row.id, Invitation.used_at.is_(None)).values(used_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise RuleBroken("bad_link")
    join(session, user, row.organisation_id)
    return row.organisation


# Joining and leaving


def join(session: Session, user: User, organisation_id: int) -> None:
    """Makes somebody a member for whom the organisation has vouched. What they belonged to before stays."""
    user.trusted_at = user.trusted_at or clock.now()
    found = next((row for row in user.memberships if row.organisation_id == organisation_id), None)
    if found is not None and found.waits_since is None:
        return
    if found is None:
        user.memberships.append(Membership(organisation_id=organisation_id))
    else:
        found.waits_since = None
    session.flush()
    record(
        session,
        MembershipStarted(actor_id=user.id, user_id=user.id, organisation_id=organisation_id, by_domain=False),
    )


def leave(session: Session, actor: Actor, organisation_id: int) -> None:
    """Ends one's own membership. What one has published stays with the organisation."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(
        select(Membership).where(Membership.user_id == actor.id, Membership.organisation_id == organisation_id)
    )
    if row is None:
        raise NotFound("membership")
    _remove(session, row, actor)


def _remove(session: Session, row: Membership, actor: Actor) -> None:
    user, organisation_id = row.user, row.organisation_id
    user.memberships.remove(row)
    if not any(other.waits_since is None for other in user.memberships) and user.role == Role.MEMBER:
        user.trusted_at = None
    session.flush()
    record(session, MembershipEnded(actor_id=actor.id, user_id=user.id, organisation_id=organisation_id))


def follow_address(session: Session, user: User, old_address: str) -> None:
    """The address of the organisation vouched for the person; when it is gone, somebody else has to."""
    domains = {names.domain_of(old_address), names.domain_of(user.email)}
    if len(domains) == 1:
        return
    old = session.get(OrganisationDomain, names.domain_of(old_address))
    new = session.get(OrganisationDomain, names.domain_of(user.email))
    if old is None or (new is not None and new.organisation_id == old.organisation_id):
        return
    for row in user.memberships:
        if row.organisation_id == old.organisation_id:
            row.waits_since, row.is_steward, row.steward_until = clock.now(), False, None
            row.ambassador_asked_at = row.ambassador_since = None
            user.trusted_at = None


def tell_stewards(session: Session, user: User, organisation: Organisation) -> None:
    """Somebody says that they belong to the organisation: its contact persons are asked."""
    for person in stewards_of(session, organisation.id):
        mails.send(
            session, person, "membership_waits", organisation=organisation.name_in(person.locale),
            person=user.display_name, link=mails.link(person, "accounts.people", slug=organisation.slug),
        )  # fmt: skip


def stewards_of(session: Session, organisation_id: int) -> Sequence[User]:
    rows = session.scalars(
        select(Membership)
        .options(joinedload(Membership.user).lazyload(User.memberships))
        .where(Membership.organisation_id == organisation_id, Membership.is_steward)
    )
    return [row.user for row in rows if row.user.is_active and is_steward_today(row)]
