"""Writing, publishing, editing and taking away deeds."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import service
from tori.deeds.content import DeedContent, content_of
from tori.models.deeds import DeedRevision, DeedStatus
from tori.models.operations import AuditEntry, IndexTask, Notification
from tori.models.people import Role
from tori.notifications import inbox
from tori.policy import ANONYMOUS, Actor


@pytest.fixture
def member(make: Factory) -> Actor:
    return Actor(make.user(organisation=make.organisation("Nokian kaupunki")))


def content(make: Factory, member: Actor, **changes: object) -> DeedContent:
    assert member.user is not None
    assert member.user.organisation is not None
    basis = DeedContent(
        title="Lukuhetki palvelutalossa",
        summary="Kirjaston väki lukee ääneen kerran viikossa.",
        organisation=member.user.organisation,
        sector=make.sector(),
        themes=(make.theme(),),
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def test_a_draft_is_public_only_after_publishing(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member)
    with transaction():
        deed = service.write_draft(session, member, written)
    assert deed.status == DeedStatus.DRAFT
    assert deed.published_at is None
    assert session.scalar(select(IndexTask)) is None
    with transaction():
        service.publish(session, member, deed)
    assert deed.is_public
    assert deed.published_at is not None
    assert session.scalars(select(IndexTask.deed_id)).all() == [deed.id]


def test_publishing_leaves_an_audit_row(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member)
    with transaction():
        deed = service.write_draft(session, member, written)
        service.publish(session, member, deed)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "DeedPublished")).one()
    assert entry.actor_id == member.id
    assert entry.data == {"deed_id": deed.id}


def test_f30_the_same_form_makes_one_deed(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member)
    with transaction():
        first = service.write_draft(session, member, written, "lomake-1")
    with transaction():
        second = service.write_draft(session, member, written, "lomake-1")
    assert first.id == second.id


def test_a_visitor_cannot_write(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member)
    with pytest.raises(NotAllowed), transaction():
        service.write_draft(session, ANONYMOUS, written)


def test_nobody_writes_for_another_organisation(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member, organisation=make.organisation("Kangasalan kaupunki"))
    with pytest.raises(NotAllowed, match="other_organisation"), transaction():
        service.write_draft(session, member, written)


def test_z04_anothers_draft_does_not_exist_for_a_member(session: Session, make: Factory, member: Actor) -> None:
    draft = make.deed(status=DeedStatus.DRAFT)
    with pytest.raises(NotFound), transaction():
        service.edit(session, member, draft, content_of(draft), draft.version)


def test_a_steward_edits_the_deeds_of_the_own_organisation_only(session: Session, make: Factory) -> None:
    own = make.organisation("Nokian kaupunki")
    steward = Actor(make.user(organisation=own, steward=True))
    deed = make.deed(organisation_id=own.id)
    other = make.deed(title="Toisen teko")
    with transaction():
        service.edit(session, steward, deed, replace(content_of(deed), title="Korjattu otsikko"), 1)
    assert deed.title == "Korjattu otsikko"
    assert deed.slug == "korjattu-otsikko"
    with pytest.raises(NotAllowed), transaction():
        service.edit(session, steward, other, content_of(other), 1)


def test_the_makers_hear_that_somebody_else_changed_their_deed(session: Session, make: Factory) -> None:
    author, co_author = make.user(), make.user()
    deed = make.deed(author_id=author.id, co_authors=[co_author])
    editor = Actor(make.user(role=Role.EDITOR))
    with transaction():
        service.edit(session, Actor(author), deed, replace(content_of(deed), title="Oma muutos"), 1)
    assert session.scalars(select(Notification.user_id)).all() == [co_author.id], "nobody hears of their own doings"
    for version in (2, 3):
        with transaction():
            service.edit(session, editor, deed, replace(content_of(deed), title=f"Muutos {version}"), version)
    told = session.execute(select(Notification.user_id, Notification.kind, Notification.address)).all()
    notice = ("edited", f"/teot/{deed.id}/historia")
    assert sorted(told) == [(author.id, *notice), (co_author.id, *notice)], "once, until it has been read"
    with transaction():
        inbox.mark_read(session, author)
    with transaction():
        service.edit(session, editor, deed, replace(content_of(deed), title="Taas"), 4)
    assert len(session.scalars(select(Notification.id).where(Notification.user_id == author.id)).all()) == 2


def test_f29_an_old_version_overwrites_nothing(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed = make.deed()
    with transaction():
        service.edit(session, editor, deed, replace(content_of(deed), title="Ensimmäinen"), 1)
    with pytest.raises(Conflict), transaction():
        service.edit(session, editor, deed, replace(content_of(deed), title="Toinen"), 1)
    assert deed.title == "Ensimmäinen"


def test_every_version_is_kept(session: Session, make: Factory, member: Actor) -> None:
    written = content(make, member)
    with transaction():
        deed = service.write_draft(session, member, written)
    with transaction():
        service.edit(session, member, deed, replace(content_of(deed), summary="Uusi tiivistelmä."), 1)
    summaries = [row.content["summary"] for row in session.scalars(select(DeedRevision).order_by(DeedRevision.version))]
    assert summaries == [written.summary, "Uusi tiivistelmä."]


def test_a_withdrawn_deed_needs_a_reason(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed = make.deed()
    with pytest.raises(RuleBroken, match="reason_needed"), transaction():
        service.withdraw(session, editor, deed, "  ")
    assert deed.is_public
    with transaction():
        service.withdraw(session, editor, deed, "Julkaistu vahingossa kahdesti.")
    assert not deed.is_public


def test_an_archived_deed_comes_back_with_its_first_date(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed = make.deed()
    first = deed.published_at
    with transaction():
        service.archive(session, editor, deed)
    assert deed.is_public
    with transaction():
        service.publish(session, editor, deed)
    assert deed.status == DeedStatus.PUBLISHED
    assert deed.published_at == first


def test_only_drafts_are_deleted(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed = make.deed()
    with pytest.raises(NotAllowed, match="only_drafts"), transaction():
        service.delete_draft(session, editor, deed)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": ""}, "value_missing", "title"),
        ({"summary": " \n "}, "value_missing", "summary"),
        ({"title": "x" * 121}, "text_too_long", "title"),
        ({"need": "x" * 20_001}, "text_too_long", "need"),
        ({"period_start": "2021", "period_end": "2020"}, "bad_period", "period_end"),
        ({"period_start": "syksyllä"}, "bad_date", "period_start"),
        ({"source_url": "javascript:alert(1)"}, "bad_url", "source_url"),
        ({"source_url": "http://[::1"}, "bad_url", "source_url"),
        ({"maturity": "valmis"}, "unknown_maturity", "maturity"),
        ({"language": "se"}, "unknown_language", "language"),
    ],
)
def test_bad_content_is_refused_at_its_field(
    session: Session, make: Factory, member: Actor, changes: dict[str, object], code: str, field: str
) -> None:
    written = content(make, member, **changes)
    with pytest.raises(RuleBroken) as error, transaction():
        service.write_draft(session, member, written)
    assert (error.value.code, error.value.field) == (code, field)


def test_at_most_five_themes(session: Session, make: Factory, member: Actor) -> None:
    themes = tuple(make.theme(f"teema {number}") for number in range(6))
    with pytest.raises(RuleBroken, match="too_many_themes"), transaction():
        service.write_draft(session, member, content(make, member, themes=themes))
