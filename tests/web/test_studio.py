"""The studio of TOP lists and what readers get of a list, over HTTP."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tests.web.filled import on
from tori.curation import lists
from tori.curation.lists import Placed
from tori.database import transaction
from tori.models.campaigns import TopList
from tori.models.deeds import Deed, DeedStatus
from tori.models.people import Role
from tori.policy import SYSTEM

STUDIO_BUDGET = 26


@pytest.fixture
def editor(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user(role=Role.EDITOR))


def the_list(session: Session, deeds: list[Deed], *, published: bool = True) -> TopList:
    with transaction():
        row = lists.create(session, SYSTEM, "Päiväkodit")
        lists.arrange(session, SYSTEM, row, [Placed(deed.id, f"Peruste {deed.title}") for deed in deeds])
        if published:
            lists.publish(session, SYSTEM, row)
    return row


def order_of(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return [item.deed.title for item in session.scalars(select(TopList)).one().items]


def test_a_list_is_made_without_scripts(session: Session, make: Factory, editor: Browser, client: FlaskClient) -> None:
    deeds = [make.deed(title) for title in ("Eka", "Toka", "Kolmas")]
    made = editor.post("/hallinta/toplistat", {"title": "Ateriapalvelut"})
    studio = made.location.partition("#")[0]
    assert made.status_code == 303
    for deed in deeds:
        assert editor.post(f"{studio}/lisaa", {"deed": deed.id}).status_code == 303
    everything = {
        "teko": [deed.id for deed in deeds],
        **{f"peruste-{deed.id}": f"Koska {deed.title}" for deed in deeds},
    }
    assert editor.edit(f"{studio}/teot", {**everything, "action": f"up:{deeds[2].id}"}, studio).status_code == 303
    assert order_of(session) == ["Eka", "Kolmas", "Toka"]
    assert editor.edit(f"{studio}/teot", {**everything, "action": f"remove:{deeds[0].id}"}, studio).status_code == 303
    assert order_of(session) == ["Toka", "Kolmas"]
    assert client.get("/toplistat/ateriapalvelut").status_code == 404
    assert "Koska Toka" in editor.get(f"{studio}/esikatselu").text
    assert editor.post(f"{studio}/julkaise").status_code == 303
    page = client.get("/toplistat/ateriapalvelut").text
    assert page.index("Koska Toka") < page.index("Koska Kolmas")


def test_a_deed_is_added_to_a_published_list_with_its_reason(session: Session, make: Factory, editor: Browser) -> None:
    first, second = make.deed("Eka teko"), make.deed("Toka teko")
    row = the_list(session, [first])
    studio = f"/hallinta/toplistat/{row.id}"
    refused = editor.post(f"{studio}/lisaa", {"deed": second.id, "q": "Toka"})
    assert refused.status_code == 422
    assert f'href="#peruste-{second.id}"' in refused.text
    assert f'name="peruste-{second.id}"' in editor.get(f"{studio}?q=Toka").text
    assert (
        editor.post(f"{studio}/lisaa", {"deed": second.id, f"peruste-{second.id}": "Koska se toimii."}).status_code
        == 303
    )
    assert order_of(session) == ["Eka teko", "Toka teko"]


def test_a_list_without_a_name_is_refused_beside_the_other_lists(
    session: Session, make: Factory, editor: Browser
) -> None:
    the_list(session, [make.deed()])
    refused = editor.post("/hallinta/toplistat", {"title": ""})
    assert refused.status_code == 422
    assert "Päiväkodit" in refused.text


def test_a_missing_reason_is_told_at_its_field_and_what_was_typed_stays(
    session: Session, make: Factory, editor: Browser
) -> None:
    first, second = make.deed("Eka"), make.deed("Toka")
    row = the_list(session, [first, second])
    answer = editor.edit(
        f"/hallinta/toplistat/{row.id}/teot",
        {"teko": [second.id, first.id], f"peruste-{first.id}": "", f"peruste-{second.id}": "Juuri kirjoitettu"},
        f"/hallinta/toplistat/{row.id}",
    )
    assert answer.status_code == 422
    assert f'href="#peruste-{first.id}"' in answer.text
    assert f'aria-describedby="peruste-{first.id}-error"' in answer.text
    assert "Juuri kirjoitettu" in answer.text
    assert answer.text.index(f'id="teko-{second.id}"') < answer.text.index(f'id="teko-{first.id}"')
    assert order_of(session) == ["Eka", "Toka"]


def test_deeds_are_found_inside_the_studio(session: Session, make: Factory, editor: Browser) -> None:
    row = the_list(session, [make.deed("Kävelypalaveri")])
    make.deed("Kävelypalaveri kotona")
    page = editor.get(f"/en/hallinta/toplistat/{row.id}", query_string={"q": "kävelypalaveri"}).text
    found = page.partition('aria-label="Found"')[2].partition("</ul>")[0]
    assert "Kävelypalaveri kotona" in found
    assert "On the list" in found


def test_an_archived_deed_is_warned_of(session: Session, make: Factory, editor: Browser, client: FlaskClient) -> None:
    deed = make.deed("Vanhentunut")
    row = the_list(session, [deed, make.deed("Tuore")])
    deed.status = DeedStatus.ARCHIVED
    session.commit()
    assert "1 archived or gone" in editor.get("/en/hallinta/toplistat").text
    assert "has been archived or taken away" in editor.get(f"/en/hallinta/toplistat/{row.id}").text
    assert "Lists with archived deeds" in editor.get("/en/hallinta?jono=lists").text
    assert "has been archived" in client.get(f"/en/toplistat/{row.slug}").text


def test_texts_are_saved_in_three_languages(
    session: Session, make: Factory, editor: Browser, client: FlaskClient
) -> None:
    row = the_list(session, [make.deed()])
    studio = f"/hallinta/toplistat/{row.id}"
    path = f"{studio}/tiedot"
    texts = {
        "title": "Päiväkotien parhaat", "title_sv": "Daghemmens bästa", "introduction": "**Hyviä**",
        "network": "Verkosto",        "criteria": "Toimii muuallakin", "expires_on": "2030-01-01",
    }  # fmt: skip
    assert editor.post(path, {**on(editor, studio), **texts, "title": ""}).status_code == 422
    assert editor.post(path, {**on(editor, studio), **texts}).status_code == 303
    assert "Daghemmens bästa" in client.get(f"/sv/toplistat/{row.slug}").text
    page = client.get(f"/toplistat/{row.slug}").text
    for words in ("Päiväkotien parhaat", "<strong>Hyviä</strong>", "Verkosto", "Toimii muuallakin"):
        assert words in page


def test_a_keeper_sees_the_own_studio_only(session: Session, make: Factory, browser: Browser) -> None:
    own = the_list(session, [make.deed()])
    other = the_list(session, [make.deed("Toinen")])
    person = make.user("verkosto@example.org")
    with transaction():
        lists.add_keeper(session, SYSTEM, own, person.email)
    browser.sign_in(person)
    listed = browser.get("/hallinta/toplistat").text
    assert f"/hallinta/toplistat/{own.id}" in listed
    assert f"/hallinta/toplistat/{other.id}" not in listed
    assert browser.get(f"/hallinta/toplistat/{own.id}").status_code == 200
    assert browser.get(f"/hallinta/toplistat/{other.id}").status_code == 403
    assert browser.get("/hallinta").status_code == 403
    for action in ("teot", "lisaa", "julkaise", "piilota", "tiedot", "palauta/1"):
        data = {"title": "x", "deed": "1"}
        assert browser.post(f"/hallinta/toplistat/{other.id}/{action}", data).status_code == 403, action
    assert browser.post(f"/hallinta/toplistat/{own.id}/yllapitajat", {"email": person.email}).status_code == 403


def test_readers_take_the_list_along(session: Session, make: Factory, client: FlaskClient) -> None:
    row = the_list(session, [make.deed("Eka"), make.deed("Toka")])
    picture = client.get(f"/toplistat/{row.slug}/kuva.png")
    assert Image.open(BytesIO(picture.data)).size == (1200, 630)
    document = client.get(f"/toplistat/{row.slug}.pdf")
    assert document.data.startswith(b"%PDF")
    assert (
        client.get(f"/toplistat/{row.slug}.pdf", headers={"If-None-Match": document.headers["ETag"]}).status_code == 304
    )
    embedded = client.get(f"/toplistat/{row.slug}/upote")
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in embedded.headers
    feed = ElementTree.fromstring(client.get(f"/toplistat/{row.slug}.atom").data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")] == ["Eka", "Toka"]
    assert [entry.findtext(f"{atom}summary") for entry in feed.iter(f"{atom}entry")] == ["Peruste Eka", "Peruste Toka"]
    for entry in feed.iter(f"{atom}entry"):
        link = entry.find(f"{atom}link")
        assert link is not None
        assert client.get(link.attrib["href"].partition("//")[2].partition("/")[2].join(("/", ""))).status_code == 200
    assert "Päiväkodit" in client.get("/toplistat.atom").text


def test_nothing_of_an_unpublished_list_leaks(session: Session, make: Factory, client: FlaskClient) -> None:
    row = the_list(session, [make.deed()], published=False)
    for ending in ("", "/upote", "/kuva.png", ".pdf", ".atom"):
        assert client.get(f"/toplistat/{row.slug}{ending}").status_code == 404, ending
    assert "Päiväkodit" not in client.get("/toplistat.atom").text


def test_lists_that_count_themselves(session: Session, make: Factory, client: FlaskClient) -> None:
    for title, count in (("Suosituin", 4), ("Tasan A", 2), ("Tasan B", 2), ("Ei kukaan", 0)):
        make.deed(title, adoption_count=count)
    page = client.get("/en/toplistat/eniten-mallia").text
    assert page.index("Suosituin") < page.index("Tasan A")
    assert page.count("<strong>2.</strong>") == 2
    assert "Ei kukaan" not in page
    assert "shared" in client.get("/en/toplistat/organisaatiot").text


def test_the_studio_takes_few_queries(app: Flask, session: Session, make: Factory, editor: Browser) -> None:
    theme = make.theme()
    row = the_list(session, [make.deed(f"Teko {number}", [theme]) for number in range(18)])
    for number in range(30):
        make.deed(f"Ehdokas {number}", [theme])
    with counted_queries(app) as statements:
        assert editor.get(f"/hallinta/toplistat/{row.id}?q=teko").status_code == 200
    assert len(statements) <= STUDIO_BUDGET, statements
