"""Changes to organisations."""

from sqlalchemy.orm import Session

from tori.core.errors import RuleBroken
from tori.core.events import OrganisationChanged, record
from tori.core.text import clean_text
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

MAX_INTRODUCTION = 3_000


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
