"""One guard against spam: in every form without an account, and in what new accounts write."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.repository.test_architecture import ROOT
from tori.conversation import private
from tori.conversation import service as comments
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.deeds import growing
from tori.edge.forms import OpenForm
from tori.models.deeds import Comment, CommentKind
from tori.models.operations import Feedback
from tori.models.people import User
from tori.policy import Actor
from tori.wishes import partners
from tori.wishes import service as wishes
from tori.wishes.partners import CallContent

ADVERT = "Halpoja lääkkeitä https://a.example ja https://b.example"
FOREIGN = "Comprar medicamentos baratos sin receta rapido seguro desde nuestra tienda oficial hoy mismo llame"


def test_every_form_with_a_trap_is_an_open_form_and_its_page_has_it() -> None:
    names = {kind.__name__ for kind in OpenForm.__subclasses__()}
    assert {"FeedbackForm", "ReportForm", "ChallengeForm"} <= names
    assert len(names) >= 5
    views = [path for path in (ROOT / "tori").rglob("*.py") if "is_from_program" in path.read_text(encoding="utf-8")]
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "{{ trap(" in path.read_text(encoding="utf-8")]
    assert len(views) - 1 == len(pages) == len(names)
    for path in views:
        # The page of feedback leaves the counting to the service.
        counted = ROOT / "tori/web/feedback.py" if path.name == "pages.py" else path
        assert path.name == "forms.py" or "limits" in counted.read_text(encoding="utf-8"), path


def test_what_a_program_fills_in_is_thanked_for_and_forgotten(client: FlaskClient, session: Session) -> None:
    token = client.get("/palaute").text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "body": "Osta", "topic": "other", "website": "https://a.example"}
    assert client.post("/palaute", data=sent).status_code == 303
    assert session.scalar(select(func.count()).select_from(Feedback)) == 0


def test_comments_of_a_new_account_wait_for_links_language_and_haste(session: Session, make: Factory) -> None:
    deed, new, known = make.deed(), make.user(trusted_at=None), make.user()

    def post(user: User, body: str) -> Comment:
        return comments.post(session, Actor(user), deed, body, CommentKind.COMMENT)

    with transaction():
        shown = post(new, "Hieno malli, kiitos jakamisesta!")
        foreign = post(new, FOREIGN)
        trusted = post(known, FOREIGN)
    assert [row.held_at is None for row in (shown, foreign, trusted)] == [True, False, True]
    with transaction():
        for number in range(5):
            post(new, f"Hyvä huomio numero {number}")
    last = session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert last is not None
    assert last.held_at is not None, "more than five in an hour"


def test_where_nobody_looks_first_a_new_account_posts_no_adverts(session: Session, make: Factory) -> None:
    place = make.organisation("Kangasala")
    new = make.user(trusted_at=None, organisation=place)
    deed = make.deed(author_id=new.id, organisation_id=place.id)
    other = make.deed("Toisen teko")
    wish = wishes.post(session, Actor(make.user()), wishes.WishContent("Etsimme mallia"))
    session.commit()
    until = clock.today() + timedelta(days=20)
    attempts = {
        "purpose": lambda: partners.seek(session, Actor(new), deed, CallContent(ADVERT, "", until)),
        "note": lambda: wishes.answer(session, Actor(new), wish, other, ADVERT),
        "body": lambda: growing.add_update(session, Actor(new), deed, clock.today(), ADVERT),
    }
    for field, attempt in attempts.items():
        with pytest.raises(RuleBroken, match="looks_like_advert") as caught, transaction():
            attempt()
        assert caught.value.field == field
    with pytest.raises(RuleBroken, match="looks_like_advert"), transaction():
        private.ask(session, Actor(new), other, ADVERT)
    known = make.user(organisation=place)
    with transaction():
        assert wishes.answer(session, Actor(known), wish, other, ADVERT).id
