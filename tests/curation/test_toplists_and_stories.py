"""TOP lists and stories as readers see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.models.campaigns import Story, StorySeries, TopList, TopListItem
from tori.models.deeds import Deed, DeedStatus, Material

PUBLISHED = datetime(2026, 1, 1, tzinfo=UTC)


def add_list(session: Session, slug: str, deeds: list[Deed], **values: Any) -> TopList:
    row = TopList(
        **{"slug": slug, "title": slug.capitalize(), "introduction": "Toimituksen valinta.", "published_at": PUBLISHED,
           "citation": "Raportti 2020", **values}
    )  # fmt: skip
    row.items = [
        TopListItem(deed_id=deed.id, position=place, reason=f"Peruste {place}") for place, deed in enumerate(deeds, 1)
    ]
    session.add(row)
    session.commit()
    return row


def add_series(session: Session, slug: str, titles: list[str], deeds: list[Deed] | None = None) -> StorySeries:
    series = StorySeries(slug=slug, name=slug.capitalize(), description="Sarja töistä.", citation="Raportti 2020")
    session.add(series)
    session.flush()
    for place, title in enumerate(titles, 1):
        session.add(
            Story(
                series_id=series.id, slug=f"juttu-{place}", kind="podcast", title=title, summary="Lyhyesti.",
                position=place, published_at=PUBLISHED, deeds=deeds or [],
            )
        )  # fmt: skip
    session.commit()
    return series


def test_a_list_gives_its_deeds_in_order_with_reasons(session: Session, make: Factory, client: FlaskClient) -> None:
    add_list(session, "paivakodit", [make.deed("Toinen teko"), make.deed("Eka teko")])
    page = client.get("/toplistat/paivakodit").text
    assert page.index("Peruste 1") < page.index("Toinen teko") < page.index("Peruste 2") < page.index("Eka teko")
    assert "Raportti 2020" in page


def test_titles_in_the_boxes_of_lists_tell_their_language(session: Session, make: Factory, client: FlaskClient) -> None:
    add_list(session, "paivakodit", [make.deed("Eka teko"), make.deed("Andra framsteget", language="sv")])
    for page in (client.get("/sv/toplistat").text, client.get("/sv/").text):
        assert 'lang="fi">Eka teko</a>' in page
        assert 'lang="sv">Andra framsteget</a>' in page


def test_a_list_gathers_the_materials_and_partners_of_its_deeds(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    first = make.deed("Toinen teko", partners=["Martat", "Kylätoimikunta"])
    hidden = make.deed("Luonnos", partners=["Salainen kumppani"], status=DeedStatus.DRAFT)
    second = make.deed("Eka teko", partners=["Martat"])
    outside = make.deed("Listan ulkopuolella", partners=["Vieras"])
    for deed in (first, hidden, second, outside):
        deed.materials = [
            Material(position=1, title=f"Opas {deed.id}", url=f"https://example.org/{deed.id}"),
            Material(position=2, title="Kysyttävä", url=""),
        ]
    session.commit()
    add_list(session, "paivakodit", [first, hidden, second])
    page = client.get("/toplistat/paivakodit").text
    kit = page.split('id="kit"')[1]
    assert kit.index(f"Opas {first.id}") < kit.index(f"Opas {second.id}")
    assert page.count("Martat") == 1
    assert "Kylätoimikunta" in page
    for word in (f"Opas {hidden.id}", f"Opas {outside.id}", "Kysyttävä", "Salainen kumppani", "Vieras"):
        assert word not in page, word


def test_a_proposal_says_so_and_tells_the_old_size(session: Session, make: Factory, client: FlaskClient) -> None:
    add_list(session, "ehdotus", [make.deed()], is_proposal=True, stated_size=12)
    add_list(session, "julkaistu", [make.deed("Toinen")])
    proposal = client.get("/en/toplistat/ehdotus").text
    assert "editors’ proposal" in proposal
    assert "had 12 deeds" in proposal
    assert "proposal" not in client.get("/en/toplistat/julkaistu").text.lower()


def test_withdrawn_deeds_leave_no_hole(session: Session, make: Factory, client: FlaskClient) -> None:
    gone = make.deed("Poistettu", status=DeedStatus.WITHDRAWN)
    draft = make.deed("Luonnos", status=DeedStatus.DRAFT)
    add_list(session, "lista", [gone, draft, make.deed("Jäljellä")])
    for path in ("/toplistat", "/toplistat/lista"):
        page = client.get(path).text
        assert "Jäljellä" in page
        assert "Poistettu" not in page
        assert "Luonnos" not in page
    assert '<span class="position" aria-hidden="true">1</span>' in client.get("/toplistat").text


def test_a_list_without_deeds_invites_and_stands_apart(session: Session, client: FlaskClient) -> None:
    add_list(session, "suunterveys", [])
    assert "Lists that wait for their deeds" in client.get("/en/toplistat").text
    assert "The list waits for its first deed" in client.get("/en/toplistat/suunterveys").text


def test_an_unpublished_list_is_not_found(session: Session, make: Factory, client: FlaskClient) -> None:
    add_list(session, "kesken", [make.deed()], published_at=None)
    add_list(session, "huomenna", [make.deed("Toinen")], published_at=clock.now() + timedelta(days=1))
    for slug in ("kesken", "huomenna", "ei-ole"):
        assert client.get(f"/toplistat/{slug}").status_code == 404
        assert slug not in client.get("/toplistat").text


def test_a_story_leads_to_its_deed_and_to_its_neighbours(session: Session, make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Teko jutun takana")
    draft = make.deed("Salainen", status=DeedStatus.DRAFT)
    add_series(session, "podcast", ["Alku", "Keski", "Loppu"], [deed, draft])
    page = client.get("/jutut/podcast/juttu-2").text
    assert "Teko jutun takana" in page
    assert "Salainen" not in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in page
    assert "Raportti 2020" in page


def test_a_story_without_a_public_deed_invites_to_tell(session: Session, client: FlaskClient) -> None:
    add_series(session, "jutut", ["Yksin"])
    assert "nobody has told the deed behind it" in client.get("/en/jutut/jutut/juttu-1").text


def test_a_story_is_found_only_in_its_own_series(session: Session, client: FlaskClient) -> None:
    add_series(session, "yksi", ["A"])
    add_series(session, "kaksi", ["B", "C"])
    assert client.get("/jutut/kaksi/juttu-2").status_code == 200
    assert client.get("/jutut/yksi/juttu-2").status_code == 404
    assert client.get("/jutut/kolme").status_code == 404


def test_empty_pages_are_written(client: FlaskClient) -> None:
    assert "The first list is being made" in client.get("/en/toplistat").text
    assert "No stories yet" in client.get("/en/jutut").text


@pytest.mark.parametrize(
    "path", ["/toplistat", "/toplistat/lista-1", "/jutut", "/jutut/sarja-1", "/jutut/sarja-1/juttu-5"]
)
def test_the_pages_take_few_queries(
    app: Flask, session: Session, make: Factory, client: FlaskClient, path: str
) -> None:
    deeds = [make.deed(f"Teko {number}") for number in range(12)]
    for number in range(6):
        add_list(session, f"lista-{number}", deeds)
        add_series(session, f"sarja-{number}", [f"Juttu {place}" for place in range(20)], deeds)
    with counted_queries(app) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= PAGE_BUDGET
