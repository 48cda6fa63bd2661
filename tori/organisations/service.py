"""Changes to organisations."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tori.core.errors import RuleBroken
from tori.core.events import OrganisationChanged, record
from tori.core.text import clean_text
from tori.models.deeds import Theme, organisation_theme
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

MAX_INTRODUCTION = 3_000
MAX_INTERESTS = 5


def edit_introduction(session: Session, actor: Actor, organisation: Organisation, text: str) -> None:
    """Replaces the organisation's own words on its page (Markdown). The same text again changes nothing."""
    require(actor, Permission.ORGANISATION_EDIT, organisation)
    introduction = clean_text(text)
    if len(introduction) > MAX_INTRODUCTION:
        raise RuleBroken("text_too_long", field="introduction", limit=MAX_INTRODUCTION)
    if introduction == organisation.introduction:
        return
    organisation.introduction = introduction
    record(
        session,
        OrganisationChanged(actor_id=actor.id, organisation_id=organisation.id, fields=("introduction",)),
    )


def choose_marks(session: Session, actor: Actor, organisation: Organisation, *, shown: bool) -> None:
    """Whether the page shows the marks for telling and for using deeds."""
    require(actor, Permission.ORGANISATION_EDIT, organisation)
    if shown != organisation.shows_marks:
        organisation.shows_marks = shown
        event = OrganisationChanged(actor_id=actor.id, organisation_id=organisation.id, fields=("shows_marks",))
        record(session, event)


def choose_interests(session: Session, actor: Actor, organisation: Organisation, slugs: Sequence[str]) -> None:
    """The themes that the organisation wants to hear of. Unknown slugs raise RuleBroken; the same again is nothing."""
    require(actor, Permission.ORGANISATION_EDIT, organisation)
    wanted = set(slugs)
    if len(wanted) > MAX_INTERESTS:
        raise RuleBroken("too_many_items", field="interests", limit=MAX_INTERESTS)
    found = set(session.scalars(select(Theme.id).where(Theme.slug.in_(wanted))))
    if len(found) < len(wanted):
        raise RuleBroken("unknown_choice", field="interests")
    own = organisation_theme.c.organisation_id == organisation.id
    before = set(session.scalars(select(organisation_theme.c.theme_id).where(own)))
    if found == before:
        return
    session.execute(delete(organisation_theme).where(own))
    if found:
        rows = [{"organisation_id": organisation.id, "theme_id": number} for number in sorted(found)]
        session.execute(insert(organisation_theme), rows)
    record(session, OrganisationChanged(actor_id=actor.id, organisation_id=organisation.id, fields=("interests",)))
