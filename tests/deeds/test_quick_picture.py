"""The picture of a quick deed: checked before anything is saved, unseen until it is described."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.media import samples
from tori.models.deeds import Deed
from tori.models.media import Picture
from tori.models.people import User


@pytest.fixture
def author(make: Factory) -> User:
    make.sector()
    return make.user(organisation=make.organisation("Nokian kaupunki"))


def send(browser: Browser, path: str, author: User, data: bytes, name: str = "ranta.jpg", **more: Any) -> Any:
    """The test client itself would leave the temporary file of a large form open."""
    form = {
        "csrf_token": browser.token(),
        "title": "Kuvattu teko", "summary": "Teksti joka ei katoa.", "sector": "koko-kunta", "language": "fi",
        "organisation": author.memberships[0].organisation_id, "action": "publish", "form_number": "kuva1", **more,
    }  # fmt: skip
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()
    ]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'.encode() + data)
    body = b"\r\n".join([*parts, b"--x--\r\n"])
    return browser.client.post(path, data=body, content_type="multipart/form-data; boundary=x")


def test_a_picture_comes_along_and_is_seen_when_described(
    session: Session, author: User, browser: Browser, client: FlaskClient
) -> None:
    browser.sign_in(author)
    answer = send(browser, "/teot/uusi", author, samples.jpeg_from_a_phone())
    assert answer.location.endswith("/kiitos")
    again = send(browser, "/teot/uusi", author, samples.jpeg_from_a_phone())
    assert again.status_code == 303
    picture = session.scalars(select(Picture)).one()
    deed = session.scalars(select(Deed)).one()
    address = f"/teot/{deed.id}-{deed.slug}"
    assert picture.key not in client.get(address).text
    receipt = browser.get(answer.location).text
    path = f"/teot/{deed.id}/kuvat/{picture.id}"
    assert f'action="{path}"' in receipt
    sent = {f"kuva-{picture.id}-alt": "Laituri", f"kuva-{picture.id}-has_consent": "y", "back": "receipt"}
    session.rollback()
    assert browser.post(path, sent).location.endswith("/kiitos")
    assert picture.key in client.get(address).text
    assert f'action="{path}"' not in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "tyhja.jpg", "is empty"),
        (b"<svg onload=alert(1)>", "kuva.svg", "is not a picture that we take"),
        (samples.jpeg_from_a_phone()[:400], "katkennut.jpg", "is broken"),
        (b"\xff\xd8\xff" + bytes(10_000_000), "iso.jpg", "is too large"),
    ],
)
def test_a_bad_picture_is_told_at_its_field_and_the_text_stays(
    session: Session, author: User, browser: Browser, data: bytes, name: str, words: str
) -> None:
    answer = send(browser.sign_in(author), "/en/teot/uusi", author, data, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="picture-error"' in answer.text
    assert "Teksti joka ei katoa." in answer.text
    assert session.scalars(select(Deed)).all() == []


def test_another_mistake_asks_for_the_picture_again(session: Session, author: User, browser: Browser) -> None:
    answer = send(browser.sign_in(author), "/en/teot/uusi", author, samples.picture_bytes(), title="")
    assert answer.status_code == 422
    assert "Choose the picture again" in answer.text
    assert session.scalars(select(Picture)).all() == []


def test_a_visitor_may_not_send_so_much(session: Session, author: User, browser: Browser) -> None:
    assert send(browser, "/teot/uusi", author, bytes(2_000_000)).status_code == 413
    assert session.scalars(select(Deed)).all() == []
