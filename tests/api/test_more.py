"""Stories and wishes in the interface."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from tests.api.conftest import Site
from tests.factories import Factory
from tori.api.openapi import document
from tori.models.campaigns import Story, StorySeries
from tori.models.wishes import Wish, WishAnswer

Fetch = Callable[..., Any]
PAST, FUTURE = datetime(2026, 1, 5, tzinfo=UTC), datetime(2090, 1, 5, tzinfo=UTC)


def check(name: str, item: Any) -> None:
    whole = document("https://tori.example.org")
    Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": whole["components"]}).validate(item)


def test_published_stories_name_their_public_deeds(session: Session, site: Site, fetch: Fetch) -> None:
    series = StorySeries(slug="sankarit", name="Sankarit", texts={})
    shown = Story(slug="yksi", kind="article", title="Yksi", published_at=PAST, deeds=[site["whole"], site["draft"]])
    later = Story(slug="kaksi", kind="article", title="Myöhemmin", published_at=FUTURE)
    series.stories = [shown, later]
    session.add(series)
    session.commit()
    (item,) = fetch("/api/v1/stories")["items"]
    check("Story", item)
    assert (item["slug"], item["deeds"], item["published_on"]) == ("yksi", [site["whole"].id], "2026-01-05")


def test_wishes_tell_no_person_and_nothing_hidden(session: Session, site: Site, make: Factory, fetch: Fetch) -> None:
    asker = make.user(display_name="Salainen Kysyjä")
    values = {"slug": "s", "author_id": asker.id, "organisation_id": site["part"].organisation_id}
    wish = Wish(title="Etsitään lomaketta", **values)
    hidden = Wish(title="Piilotettu", hidden_at=PAST, **values)
    session.add_all([wish, hidden])
    session.flush()
    session.add_all(WishAnswer(wish_id=wish.id, deed_id=site[name].id) for name in ("whole", "draft"))
    session.commit()
    answer = fetch("/api/v1/wishes")
    (item,) = answer["items"]
    check("Wish", item)
    assert item["title"] == "Etsitään lomaketta"
    assert item["answers"] == [site["whole"].id]
    assert "Salainen" not in str(answer)
