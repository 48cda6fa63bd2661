"""An interface with a small site behind it: two sectors, three public deeds and one of each hidden kind."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.models.deeds import Deed, DeedStatus
from tori.search import indexing

Site = dict[str, Deed]


@pytest.fixture
def site(app: Flask, session: Session, make: Factory) -> Site:
    nokia = make.organisation("Nokian kaupunki")
    raahe = make.organisation("Raahen kaupunki")
    school, kitchen = make.sector("opetus-ja-kasvatus", "Opetus"), make.sector("ruoka-ja-siivouspalvelut", "Ruoka")
    trial = make.theme("kokeilukulttuuri")
    whole = make.deed(
        "Kokeilupaja koulun pihalla", themes=[trial], organisation_id=nokia.id, sector_id=school.id,
        external_id="kokeilupaja", need="Pihalla ei ollut tekemistä.",
    )  # fmt: skip
    part = make.deed("Keittiön kokeilu", organisation_id=raahe.id, sector_id=kitchen.id, part_of_id=whole.id)
    archived = make.deed("Vanha kokeilu", organisation_id=raahe.id, sector_id=school.id, status=DeedStatus.ARCHIVED)
    draft = make.deed("Salattu kokeilu", organisation_id=nokia.id, sector_id=school.id, status=DeedStatus.DRAFT)
    withdrawn = make.deed("Vedetty kokeilu", organisation_id=nokia.id, sector_id=school.id, status=DeedStatus.WITHDRAWN)
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()
    return {"whole": whole, "part": part, "archived": archived, "draft": draft, "withdrawn": withdrawn}


@pytest.fixture
def fetch(client: FlaskClient, site: Site) -> Callable[..., Any]:
    """The JSON of an address that must answer 200."""

    def get(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return get
