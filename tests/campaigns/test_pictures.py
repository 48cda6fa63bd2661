"""Uploaded pictures of campaigns and of the makers of a week."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tests.media import samples
from tori.campaigns import picture, weekly
from tori.core import clock
from tori.core.errors import NotAllowed
from tori.database import transaction
from tori.media.jobs import make_sizes, sweep_uploads
from tori.media.service import Description
from tori.media.storage import storage_of
from tori.models.campaign_life import CampaignPicture
from tori.models.campaigning import WeeklyFeature
from tori.models.people import Role
from tori.policy import Actor

TOLD = {"alt": "Väki torilla", "has_consent": "y", "credit": "Kunta"}


def send(browser: Browser, path: str, data: bytes, name: str, **fields: str) -> Any:
    content = {"picture": (io.BytesIO(data), name), **fields}
    return browser.post(path, content, content_type="multipart/form-data")


def stored(session: Session) -> list[SimpleNamespace]:
    """What the rows say when the worker has been here: a row may be gone, and another have its number."""
    session.rollback()
    while make_sizes(current_app.extensions["tori"]):
        pass
    session.expire_all()
    rows = session.scalars(select(CampaignPicture))
    return [SimpleNamespace(key=row.key, at=row.address(), files=dict(row.files)) for row in rows]


def test_a_campaign_gets_a_picture_with_its_description(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make))
        browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        path = f"/hallinta/kampanjat/{campaign.id}/kuva"
        assert browser.get(path).status_code == 200
        for data, name, told, problem in (
            (samples.picture_bytes(), "kuva.png", {"has_consent": "y"}, 'id="alt-error"'),
            (samples.picture_bytes(), "kuva.png", {"alt": "Väki torilla"}, 'id="has_consent-error"'),
            (b"ei kuva", "kuva.png", TOLD, 'id="picture-error"'),
            (samples.png_claiming(30_000, 30_000), "pommi.png", TOLD, 'id="picture-error"'),
        ):
            answer = send(browser, path, data, name, **told)
            assert answer.status_code == 422
            assert problem in answer.text
        assert 'id="picture-error"' in browser.post(path, TOLD).text
        assert stored(session) == []
        assert send(browser, path, samples.jpeg_from_a_phone(), "kuva.jpg", **TOLD).status_code == 303
        [row] = stored(session)
        page = client.get(f"/kampanjat/{campaign.slug}").text
        assert f'src="{row.at}"' in page
        assert 'alt="Väki torilla"' in page
        answer = client.get(row.at)
        assert answer.mimetype == "image/webp"
        assert answer.headers["Cache-Control"].startswith("public")
        assert samples.SECRET.encode() not in answer.data
        # Described anew without sending it again; a new file takes the place of the old one.
        assert browser.post(path, {**TOLD, "alt": "Torin väki"}).status_code == 303
        assert 'alt="Torin väki"' in client.get(f"/kampanjat/{campaign.slug}").text
        assert send(browser, path, samples.picture_bytes(colour="#333333"), "uusi.png", **TOLD).status_code == 303
        [new] = stored(session)
        assert new.key != row.key
        assert client.get(row.at).status_code == 404
        config = app.extensions["tori"]
        assert {item.name for item in storage_of(config).all()} == set(new.files.values())
        with clock.frozen(clock.now() + timedelta(days=500)):
            assert sweep_uploads(config) == 0
        assert browser.post(f"{path}/poista").status_code == 303
        assert stored(session) == []
        assert list(storage_of(config).all()) == []


def test_the_picture_of_a_hidden_campaign_is_hidden(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make), is_public=False)
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = f"/hallinta/kampanjat/{campaign.id}/kuva"
    assert send(browser, path, samples.picture_bytes(), "kuva.png", **TOLD).status_code == 303
    [row] = stored(session)
    assert client.get(row.at).status_code == 404
    answer = browser.get(row.at)
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert Browser(app).sign_in(make.user()).get(path).status_code == 403


def test_only_the_manager_puts_pictures(app: Flask, session: Session, make: Factory) -> None:
    campaign = campaign_of(manager(make))
    storage = storage_of(app.extensions["tori"])
    editor = Actor(make.user(role=Role.EDITOR))
    with pytest.raises(NotAllowed):
        picture.put(storage, editor, campaign, "kuva.png", samples.picture_bytes(), Description("x", has_consent=True))
    assert list(storage.all()) == []


def test_the_picture_of_the_makers_goes_with_their_consent(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        deed = make.deed()
        given = weekly.Feature(START, "Keittiön väki", "He puolittivat hävikin.", "tiimi, postilla", True)
        with transaction() as writing:
            row = weekly.schedule(writing, manager(make), deed, given)
        browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        path = f"/hallinta/viikon-tekijat/{row.id}/kuva"
        assert path in browser.get("/hallinta/viikon-tekijat").text
        assert send(browser, path, samples.picture_bytes(), "kuva.png", **TOLD).status_code == 303
        [kept] = stored(session)
        assert kept.at in client.get("/viikon-tekijat").text
        assert client.get(kept.at).status_code == 200
        token = weekly.token_of(session.get_one(WeeklyFeature, row.id))
        assert client.post(f"/viikon-tekijat/peru/{token}").status_code == 200
        assert stored(session) == []
        assert client.get(kept.at).status_code == 404
        with clock.frozen(clock.now() + timedelta(days=400)):
            sweep_uploads(app.extensions["tori"])
        assert list(storage_of(app.extensions["tori"]).all()) == []
        assert browser.get(path).status_code == 404


def test_a_week_to_come_keeps_its_picture_from_readers(
    session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        given = weekly.Feature(START + timedelta(days=7), "Väki", "Teksti.", "tiimi", True)
        with transaction() as writing:
            row = weekly.schedule(writing, manager(make), make.deed(), given)
        browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        path = f"/hallinta/viikon-tekijat/{row.id}/kuva"
        assert send(browser, path, samples.picture_bytes(), "kuva.png", **TOLD).status_code == 303
        [kept] = stored(session)
        assert client.get(kept.at).status_code == 404
    with clock.frozen(moment(START + timedelta(days=7))):
        assert client.get(kept.at).status_code == 200
        assert kept.at in client.get("/").text
