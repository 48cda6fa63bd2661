"""Ambassadors of an organisation: members who carry the word of good practices. A contact person asks, the person
agrees; only then is the name on the organisation's page. It gives no right over what others have written."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.accounts import mails
from tori.accounts.memberships import kept_membership
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import AmbassadorAgreed, AmbassadorAsked, AmbassadorEnded, record
from tori.models.people import Membership, Organisation
from tori.policy import Actor, Permission, require


def ask(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    """Asks a member by mail. Asking again, or asking one who is an ambassador, does nothing."""
    row = kept_membership(session, actor, organisation, membership_id)
    if row.waits_since is not None:
        raise RuleBroken("membership_waits")
    if row.ambassador_asked_at is not None:
        return
    row.ambassador_asked_at = clock.now()
    record(session, AmbassadorAsked(actor_id=actor.id, user_id=row.user_id, organisation_id=row.organisation_id))
    mails.send(
        session, row.user, "ambassador_asked", organisation=organisation.name_in(row.user.locale),
        link=mails.link(row.user, "organisations.ambassador", slug=organisation.slug),
    )  # fmt: skip


def end(session: Session, actor: Actor, organisation: Organisation, membership_id: int) -> None:
    """The contact person ends the task, or takes the question back."""
    _end(session, actor, kept_membership(session, actor, organisation, membership_id))


def agree(session: Session, actor: Actor, organisation: Organisation) -> None:
    row = _own(session, actor, organisation)
    if row.ambassador_since is None:
        row.ambassador_since = clock.now()
        record(session, AmbassadorAgreed(actor_id=actor.id, user_id=row.user_id, organisation_id=row.organisation_id))


def stop(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Declines, or ends one's own task."""
    _end(session, actor, _own(session, actor, organisation))


def _own(session: Session, actor: Actor, organisation: Organisation) -> Membership:
    """The membership of somebody who has been asked. Raises NotFound for everybody else."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(
        select(Membership).where(Membership.user_id == actor.id, Membership.organisation_id == organisation.id)
    )
    if row is None or row.waits_since is not None or row.ambassador_asked_at is None:
        raise NotFound("ambassador")
    return row


def _end(session: Session, actor: Actor, row: Membership) -> None:
    if row.ambassador_asked_at is None:
        return
    row.ambassador_asked_at = row.ambassador_since = None
    record(session, AmbassadorEnded(actor_id=actor.id, user_id=row.user_id, organisation_id=row.organisation_id))
