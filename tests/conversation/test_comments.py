"""Comments under deeds."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.conversation import service as comments
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.models.deeds import CommentKind, DeedStatus
from tori.models.operations import Notification
from tori.models.people import Role
from tori.policy import ANONYMOUS, Actor


@pytest.fixture
def member(make: Factory) -> Actor:
    return Actor(make.user(organisation=make.organisation("Nokian kaupunki")))


def test_a_question_counts_and_tells_the_author(session: Session, make: Factory, member: Actor) -> None:
    author = make.user()
    deed = make.deed(author_id=author.id)
    with transaction():
        comment = comments.post(session, member, deed, "Mitä tämä **maksoi**?", CommentKind.QUESTION)
    assert deed.comment_count == 1
    assert comment.html == "<p>Mitä tämä <strong>maksoi</strong>?</p>"
    assert session.scalars(select(Notification.kind)).all() == ["question"]


def test_an_author_is_not_told_of_the_own_comment(session: Session, make: Factory, member: Actor) -> None:
    deed = make.deed(author_id=member.id)
    with transaction():
        comments.post(session, member, deed, "Lisäsin tulokset.", CommentKind.COMMENT)
    assert session.scalars(select(Notification)).all() == []


def test_a_visitor_cannot_comment(session: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed), transaction():
        comments.post(session, ANONYMOUS, make.deed(), "Hei", CommentKind.COMMENT)


def test_a_draft_takes_no_comments(session: Session, make: Factory, member: Actor) -> None:
    with pytest.raises(NotFound), transaction():
        comments.post(session, member, make.deed(status=DeedStatus.DRAFT), "Hei", CommentKind.COMMENT)


@pytest.mark.parametrize(("body", "code"), [("  \u200b ", "comment_empty"), ("x" * 4001, "text_too_long")])
def test_an_empty_or_endless_comment_is_refused(
    session: Session, make: Factory, member: Actor, body: str, code: str
) -> None:
    with pytest.raises(RuleBroken, match=code), transaction():
        comments.post(session, member, make.deed(), body, CommentKind.COMMENT)


def test_z13_only_the_writer_and_editors_remove_a_comment(session: Session, make: Factory, member: Actor) -> None:
    deed = make.deed()
    with transaction():
        comment = comments.post(session, member, deed, "Kiitos!", CommentKind.COMMENT)
    stranger = Actor(make.user())
    with pytest.raises(NotAllowed), transaction():
        comments.remove(session, stranger, comment)
    assert deed.comment_count == 1
    with transaction():
        comments.remove(session, member, comment)
    assert deed.comment_count == 0


def test_an_editor_gives_a_reason_for_removing(session: Session, make: Factory, member: Actor) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed = make.deed()
    with transaction():
        comment = comments.post(session, member, deed, "Mainos", CommentKind.COMMENT)
    with pytest.raises(RuleBroken, match="reason_needed"), transaction():
        comments.remove(session, editor, comment)
    with transaction():
        comments.remove(session, editor, comment, "Mainokset eivät kuulu torille.")
    assert comment.removed_reason == "Mainokset eivät kuulu torille."
