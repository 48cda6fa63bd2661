"""Themes and sectors as ways into the deeds."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.models.deeds import Adoption, DeedStatus, Material


def test_the_list_counts_public_deeds_and_shows_unused_themes_too(make: Factory, client: FlaskClient) -> None:
    used, unused = make.theme("kokeilukulttuuri"), make.theme("etätyö")
    make.deed("Julkinen", themes=[used])
    make.deed("Luonnos", themes=[used, unused], status=DeedStatus.DRAFT)
    page = client.get("/en/teemat").text
    assert "Kokeilukulttuuri" in page
    assert "1 deed<" in page
    assert "No deeds yet" in page


def test_a_theme_shows_its_deeds_sectors_and_companions(make: Factory, client: FlaskClient) -> None:
    theme, beside = make.theme("kokeilukulttuuri"), make.theme("työhyvinvointi")
    make.deed("Teemassa", themes=[theme, beside])
    make.deed("Toisaalla", themes=[beside])
    page = client.get("/teemat/kokeilukulttuuri").text
    assert "Teemassa" in page
    assert "Toisaalla" not in page
    assert "/teemat/tyohyvinvointi" in page
    assert "/teot?teema=kokeilukulttuuri" in page
    assert "teema=kokeilukulttuuri&amp;toimiala=koko-kunta" in page or "toimiala=koko-kunta" in page


def test_a_sector_has_its_stall_its_deeds_and_its_themes(make: Factory, client: FlaskClient) -> None:
    theme = make.theme("kokeilukulttuuri")
    make.sector("opetus-ja-kasvatus", "Opetus ja kasvatus")
    make.deed("Koko kunnan teko", themes=[theme])
    page = client.get("/toimialat/koko-kunta").text
    assert "Koko kunnan teko" in page
    assert 'class="stall' in page
    assert "/toimialat/opetus-ja-kasvatus" in page
    assert "teema=kokeilukulttuuri" in page


def test_empty_ones_invite(make: Factory, client: FlaskClient) -> None:
    make.theme("etätyö")
    make.sector()
    assert "No deed on this theme yet" in client.get("/en/teemat/etatyo").text
    assert "This stall is still empty" in client.get("/en/toimialat/koko-kunta").text


@pytest.mark.parametrize("path", ["/teemat/ei-ole", "/toimialat/ei-ole"])
def test_unknown_ones_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_theme_leads_to_the_networks_that_its_deeds_tell_of(make: Factory, client: FlaskClient) -> None:
    theme = make.theme("kokeilukulttuuri")
    for number, (kind, status) in enumerate(
        [("community", DeedStatus.PUBLISHED), ("community", DeedStatus.DRAFT), ("", DeedStatus.PUBLISHED)]
    ):
        deed = make.deed(themes=[theme], status=status)
        deed.materials = [Material(position=1, title="Verkosto", url=f"https://v{number}.example/", kind=kind)]
    make.session.commit()
    page = client.get("/teemat/kokeilukulttuuri").text
    assert [f"https://v{number}.example/" in page for number in range(3)] == [True, False, False]


@pytest.mark.parametrize("path", ["/teemat", "/teemat/teema-1", "/toimialat/koko-kunta"])
def test_the_pages_take_few_queries(app: Flask, make: Factory, client: FlaskClient, path: str) -> None:
    themes = [make.theme(f"teema {number}") for number in range(5)]
    for number in range(20):
        make.deed(f"Teko {number}", themes=themes)
    with counted_queries(app) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= PAGE_BUDGET


def test_a_theme_tells_who_works_on_it(session: Session, make: Factory, client: FlaskClient) -> None:
    theme = make.theme()
    teller, taker = make.organisation("Kertova kunta"), make.organisation("Ottava kunta")
    maker, gone = make.user(display_name="Maija Mallikas"), make.user(display_name="Poissa Oleva")
    gone.disabled_at = clock.now()
    deeds = [make.deed(f"Teko {n}", organisation_id=teller.id, author_id=maker.id) for n in range(2)]
    deeds.append(make.deed("Luonnos", organisation_id=taker.id, author_id=gone.id, status=DeedStatus.DRAFT))
    deeds.append(make.deed("Vanha", organisation_id=teller.id, author_id=gone.id))
    for deed in deeds:
        deed.themes = [theme]
    session.add(Adoption(deed_id=deeds[0].id, organisation_id=taker.id, updated_at=clock.now()))
    session.commit()
    page = client.get(f"/en/teemat/{theme.slug}").text
    part = page[page.index("Who works on this") :]
    assert part.index("Kertova kunta") < part.index("Ottava kunta") < part.index("Maija Mallikas")
    assert "3 deeds" in part
    assert "1 model taken" in part
    assert "Poissa Oleva" not in part
