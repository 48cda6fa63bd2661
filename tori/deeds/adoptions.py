"""\"Otettu mallia\": an organisation took a model from a deed, once for each deed and organisation."""

from dataclasses import dataclass

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import AdoptionDescribed, AdoptionUndone, DeedAdopted, record
from tori.core.text import clean_text
from tori.models.deeds import Adoption, AdoptionStatus, Closeness, Deed
from tori.policy import Actor, Permission, require

MAX_NOTE = 2000


@dataclass(frozen=True)
class AdoptionDetails:
    """What an adopter may tell afterwards; nothing of it is demanded."""

    closeness: str | None = None
    status: str | None = None
    note: str = ""


def adopting_organisation_id(actor: Actor, deed: Deed) -> int:
    """The organisation for which a press of this actor counts: the first one that is not the deed's own."""
    assert actor.user is not None
    for membership in actor.user.memberships:
        if membership.organisation_id != deed.organisation_id:
            return membership.organisation_id
    raise RuleBroken("own_deed")


def adopt(session: Session, actor: Actor, deed: Deed) -> Adoption:
    """Records the adoption for the actor's organisation. A second press, or a colleague's, finds the same adoption."""
    require(actor, Permission.DEED_ADOPT, deed)
    organisation_id = adopting_organisation_id(actor, deed)
    existing = _find(session, deed, organisation_id)
    if existing is not None:
        return existing
    return _add(session, deed, organisation_id, actor.id)


def adopt_by_variant(session: Session, variant: Deed) -> None:
    """A published variant shows by itself that its organisation took the model, unless the model is its own."""
    parent = variant.parent
    if parent is None or not parent.is_public or parent.organisation_id == variant.organisation_id:
        return
    if _find(session, parent, variant.organisation_id) is None:
        _add(session, parent, variant.organisation_id, variant.author_id, Closeness.ADAPTED)


def _add(
    session: Session, deed: Deed, organisation_id: int, user_id: int | None, closeness: Closeness | None = None
) -> Adoption:
    adoption = Adoption(
        deed_id=deed.id,
        organisation_id=organisation_id,
        user_id=user_id,
        closeness=closeness,
        updated_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(adoption)
    except IntegrityError:
        # Somebody of the same organisation pressed at the same moment; theirs is the one that counts.
        return session.scalars(_same(deed, organisation_id)).one()
    _change_count(session, deed, +1)
    record(
        session,
        DeedAdopted(actor_id=user_id, deed_id=deed.id, adoption_id=adoption.id, organisation_id=organisation_id),
    )
    return adoption


def describe(session: Session, actor: Actor, adoption: Adoption, details: AdoptionDetails) -> None:
    """Adds how close, how far and what was changed."""
    require(actor, Permission.ADOPTION_EDIT, adoption)
    if details.closeness is not None and details.closeness not in set(Closeness):
        raise RuleBroken("unknown_choice", "closeness")
    if details.status is not None and details.status not in set(AdoptionStatus):
        raise RuleBroken("unknown_choice", "status")
    note = clean_text(details.note)
    if len(note) > MAX_NOTE:
        raise RuleBroken("text_too_long", "note", limit=MAX_NOTE)
    adoption.closeness, adoption.status, adoption.note = details.closeness, details.status, note
    adoption.updated_at = clock.now()
    record(session, AdoptionDescribed(actor_id=actor.id, deed_id=adoption.deed_id, adoption_id=adoption.id))


def undo(session: Session, actor: Actor, deed: Deed) -> bool:
    """Takes the press back. False when there was none."""
    require(actor, Permission.DEED_ADOPT, deed)
    organisation_id = adopting_organisation_id(actor, deed)
    adoption = _find(session, deed, organisation_id)
    if adoption is None:
        return False
    session.delete(adoption)
    _change_count(session, deed, -1)
    record(session, AdoptionUndone(actor_id=actor.id, deed_id=deed.id, organisation_id=organisation_id))
    return True


def _same(deed: Deed, organisation_id: int) -> Select[Adoption]:
    return select(Adoption).where(Adoption.deed_id == deed.id, Adoption.organisation_id == organisation_id)


def _find(session: Session, deed: Deed, organisation_id: int) -> Adoption | None:
    return session.scalars(_same(deed, organisation_id)).one_or_none()


def _change_count(session: Session, deed: Deed, change: int) -> None:
    session.execute(
        update(Deed).where(Deed.id == deed.id).values(adoption_count=Deed.adoption_count + change),
        execution_options={"synchronize_session": False},
    )
    session.refresh(deed, ["adoption_count"])
