"""\"Otettu mallia\": an organisation took a model from a deed, once for each deed and organisation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import (
    AdoptionDescribed,
    AdoptionGainTold,
    AdoptionJoined,
    AdoptionLeft,
    AdoptionUndone,
    DeedAdopted,
    record,
)
from tori.core.text import clean_line, clean_text
from tori.models.adoptions import AdoptionMember
from tori.models.deeds import TRIED_STATUSES, AbandonReason, Adoption, AdoptionStatus, Closeness, Deed, Gain
from tori.models.people import Organisation
from tori.policy import Actor, Permission, is_editor, require

MAX_NOTE = 2000
MAX_UNIT = 120


FEWEST_GAINS = 3
"""Fewer answers are not shown."""


@dataclass(frozen=True)
class GainCounts:
    """``rows`` are (gain, how many told it), the most first."""

    answers: int
    rows: list[tuple[Gain, int]]


@dataclass(frozen=True)
class AdoptionDetails:
    """What an adopter may tell afterwards; nothing of it is demanded."""

    closeness: str | None = None
    status: str | None = None
    note: str = ""
    outcome: str = ""
    unit: str = ""
    may_contact: bool = False
    abandoned_reason: str | None = None


def maker_ids(deed: Deed) -> set[int]:
    """The organisations that can't take the model: those that made it, and whoever carries on their work."""
    makers: set[int] = set()
    for maker in (deed.organisation, *deed.co_organisations):
        organisation: Organisation | None = maker
        while organisation is not None and organisation.id not in makers:
            makers.add(organisation.id)
            organisation = organisation.successor
    return makers


def adopting_organisation_id(actor: Actor, deed: Deed) -> int:
    """The organisation for which a press of this actor counts: the first one that did not make the deed."""
    assert actor.user is not None
    makers = maker_ids(deed)
    for membership in actor.user.memberships:
        if membership.organisation_id not in makers and membership.waits_since is None:
            return membership.organisation_id
    raise RuleBroken("own_deed")


def adopt(session: Session, actor: Actor, deed: Deed) -> Adoption:
    """Records the adoption for the actor's organisation. A colleague joins it; a second press changes nothing."""
    require(actor, Permission.DEED_ADOPT, deed)
    assert actor.id is not None
    organisation_id = adopting_organisation_id(actor, deed)
    adoption = _find(session, deed, organisation_id) or _add(session, deed, organisation_id, actor.id)
    if _join(session, adoption, actor.id) and adoption.user_id != actor.id:
        record(session, AdoptionJoined(actor_id=actor.id, deed_id=deed.id, adoption_id=adoption.id))
    return adoption


def _join(session: Session, adoption: Adoption, user_id: int) -> bool:
    """True when the person had not pressed before."""
    if user_id in _people(session, adoption):
        return False
    session.add(AdoptionMember(adoption_id=adoption.id, user_id=user_id))
    session.flush()
    return True


def _people(session: Session, adoption: Adoption) -> list[int]:
    """Who has pressed, the first one first."""
    statement = select(AdoptionMember.user_id).where(AdoptionMember.adoption_id == adoption.id)
    return list(session.scalars(statement.order_by(AdoptionMember.id)))


def adopt_by_variant(session: Session, variant: Deed) -> None:
    """A published variant shows by itself that its organisation took the model, unless the model is its own."""
    parent = variant.parent
    if parent is None or not parent.is_public or parent.organisation_id == variant.organisation_id:
        return
    if _find(session, parent, variant.organisation_id) is None:
        adoption = _add(session, parent, variant.organisation_id, variant.author_id, Closeness.ADAPTED)
        if variant.author_id is not None:
            _join(session, adoption, variant.author_id)


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
    change_count(session, deed, +1)
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
    note, outcome, unit = clean_text(details.note), clean_text(details.outcome), clean_line(details.unit)
    for name, text, limit in (("note", note, MAX_NOTE), ("outcome", outcome, MAX_NOTE), ("unit", unit, MAX_UNIT)):
        if len(text) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
    set_status(adoption, details.status, details.abandoned_reason)
    adoption.closeness, adoption.note, adoption.outcome = details.closeness, note, outcome
    adoption.unit, adoption.may_contact = unit, details.may_contact
    adoption.updated_at = clock.now()
    record(session, AdoptionDescribed(actor_id=actor.id, deed_id=adoption.deed_id, adoption_id=adoption.id))


def set_status(adoption: Adoption, status: str | None, abandoned_reason: str | None) -> None:
    """Only a model that was given up has a reason for it. Raises RuleBroken for a choice that there is not."""
    if status is not None and status not in set(AdoptionStatus):
        raise RuleBroken("unknown_choice", "status")
    if abandoned_reason is not None and abandoned_reason not in set(AbandonReason):
        raise RuleBroken("unknown_choice", "abandoned_reason")
    adoption.status = status
    adoption.abandoned_reason = abandoned_reason if status == AdoptionStatus.ABANDONED else None


def tell_gains(session: Session, actor: Actor, adoption: Adoption, gains: Collection[str]) -> None:
    """What taking the model gave. "Nothing yet" counts only alone; a later answer takes the place of an earlier one."""
    require(actor, Permission.ADOPTION_EDIT, adoption)
    keep_gains(session, adoption, gains, actor.id)


def keep_gains(session: Session, adoption: Adoption, gains: Collection[str], actor_id: int | None) -> None:
    """For those who have the right by a link."""
    if not gains:
        raise RuleBroken("nothing_answered", "gains")
    if not set(gains) <= set(Gain):
        raise RuleBroken("unknown_choice", "gains")
    kept = [gain.value for gain in Gain if gain in gains and gain != Gain.NOTHING]
    adoption.gains = kept or [Gain.NOTHING.value]
    record(session, AdoptionGainTold(actor_id=actor_id, deed_id=adoption.deed_id, adoption_id=adoption.id))


def may_be_asked(adoption: Adoption) -> bool:
    """Once, when the model has been tried out."""
    return adoption.gains is None and adoption.status in TRIED_STATUSES


def gains_of(answers: Iterable[Collection[str] | None]) -> GainCounts | None:
    """How many told each gain, of those who answered; None when so few did that one could guess who."""
    told = [answer for answer in answers if answer]
    if len(told) < FEWEST_GAINS:
        return None
    counts = [(gain, sum(gain in answer for answer in told)) for gain in Gain]
    return GainCounts(len(told), sorted(((gain, n) for gain, n in counts if n), key=lambda row: -row[1]))


def undo(session: Session, actor: Actor, deed: Deed) -> bool:
    """Takes the own press back; the adoption goes with the last of those who pressed. False when there was none.

    A contact person and an editor may take back an adoption that others have pressed.
    """
    require(actor, Permission.DEED_ADOPT, deed)
    organisation_id = adopting_organisation_id(actor, deed)
    adoption = _find(session, deed, organisation_id)
    if adoption is None:
        return False
    people = _people(session, adoption)
    others = [number for number in people if number != actor.id]
    may_clear = organisation_id in actor.stewarded_ids or is_editor(actor)
    if actor.id in people and others:
        _leave(session, actor, adoption, others[0])
    elif others and not may_clear:
        raise RuleBroken("not_your_press")
    else:
        remove(session, actor, adoption)
    return True


def _leave(session: Session, actor: Actor, adoption: Adoption, next_id: int) -> None:
    session.execute(
        delete(AdoptionMember).where(AdoptionMember.adoption_id == adoption.id, AdoptionMember.user_id == actor.id)
    )
    if adoption.user_id == actor.id:
        adoption.user_id = next_id
    record(session, AdoptionLeft(actor_id=actor.id, deed_id=adoption.deed_id, adoption_id=adoption.id))


def remove(session: Session, actor: Actor, adoption: Adoption) -> None:
    """Takes the whole adoption away, whoever pressed."""
    deed, organisation_id = adoption.deed, adoption.organisation_id
    session.delete(adoption)
    change_count(session, deed, -1)
    record(session, AdoptionUndone(actor_id=actor.id, deed_id=deed.id, organisation_id=organisation_id))


def _same(deed: Deed, organisation_id: int) -> Select[Adoption]:
    return select(Adoption).where(Adoption.deed_id == deed.id, Adoption.organisation_id == organisation_id)


def _find(session: Session, deed: Deed, organisation_id: int) -> Adoption | None:
    return session.scalars(_same(deed, organisation_id)).one_or_none()


def change_count(session: Session, deed: Deed, change: int) -> None:
    session.execute(
        update(Deed).where(Deed.id == deed.id).values(adoption_count=Deed.adoption_count + change),
        execution_options={"synchronize_session": False},
    )
    session.refresh(deed, ["adoption_count"])
