"""Migrations that carry rows from one table to another lose none of them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.database import db
from tori.models.deeds import Comment
from tori.upgrades import downgrade, upgrade

COLUMNS = "comment_id, reason, handled_at, created_at"


@pytest.fixture
def before_reports_were_one(app: Flask, session: Session, make: Factory) -> Iterator[list[int]]:
    """The database as it was with reports of comments on their own: three comments, of which one was removed."""
    writer = make.user()
    deed = make.deed()
    for body in ("Sopiva", "Hyvä", "Mainos"):
        session.add(Comment(deed_id=deed.id, author_id=writer.id, body=body, html=""))
    session.flush()
    numbers = [row.id for row in session.query(Comment).order_by(Comment.id)]
    removed = session.get_one(Comment, numbers[2])
    removed.removed_at, removed.removed_reason = clock.now(), "Ei mainoksia."
    session.commit()
    db.session.remove()
    downgrade(revision="0019")
    yield numbers
    upgrade()


def test_reports_of_comments_go_where_all_reports_are_and_back(before_reports_were_one: list[int]) -> None:
    waiting, kept, removed = before_reports_were_one
    moment = "2026-11-01 10:00:00.000000"
    with db.engine.begin() as connection:
        for number, reason, handled in ((waiting, "", None), (kept, "Outo", moment), (removed, "Mainos", moment)):
            connection.execute(
                text(f"insert into comment_report ({COLUMNS}) values (:number, :reason, :handled, :moment)"),
                {"number": number, "reason": reason, "handled": handled, "moment": moment},
            )
        old = connection.execute(text(f"select {COLUMNS} from comment_report order by id")).all()
    upgrade()
    with db.engine.begin() as connection:
        found = connection.execute(
            text("select kind, target_id, fault, body, verdict, answer, decided_at is null from report order by id")
        ).all()
        keys = connection.execute(text("select count(distinct key) from report")).scalar()
    assert [tuple(row) for row in found] == [
        ("comment", waiting, "other", "–", None, "", True),
        ("comment", kept, "other", "Outo", "kept", "", False),
        ("comment", removed, "other", "Mainos", "removed", "Ei mainoksia.", False),
    ]
    assert keys == 3
    downgrade(revision="0019")
    with db.engine.begin() as connection:
        assert connection.execute(text(f"select {COLUMNS} from comment_report order by id")).all() == old
        assert connection.execute(text("select count(*) from report")).scalar() == 0
