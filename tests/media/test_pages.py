"""Pictures and files over HTTP: sending, describing, showing, hiding."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.media import samples
from tests.web.counting import counted_queries
from tori.api.writing import MAX_IMPORT_BYTES
from tori.config import ROOT, Config
from tori.deeds import queries
from tori.media import jobs, service
from tori.media.jobs import make_sizes
from tori.media.storage import HERE_FILE
from tori.media.views import MEGABYTE, REST_OF_FORM, TIMES_TOO_LARGE, UPLOAD_BYTES, VIDEO_UPLOAD
from tori.models.deeds import Deed, DeedStatus
from tori.models.media import Attachment, Picture
from tori.models.people import Role
from tori.policy import ANONYMOUS

ALT = "Kaksi ihmistä kävelee rannalla"
DESCRIBED = {"new-0-alt": ALT, "new-0-has_consent": "y"}


@pytest.fixture
def deed(make: Factory, browser: Browser) -> Deed:
    """A published deed of the person whom the browser has signed in."""
    organisation = make.organisation("Nokian kaupunki")
    author = make.user(organisation=organisation)
    browser.sign_in(author)
    return make.deed("Kävelevä palaveri", author_id=author.id, organisation_id=organisation.id)


def send(browser: Browser, deed_id: int, *pictures: tuple[bytes, str], **fields: str) -> Any:
    files = [(io.BytesIO(data), name) for data, name in pictures]
    return browser.post(f"/teot/{deed_id}/kuvat", {"pictures": files, **fields}, content_type="multipart/form-data")


def send_file(browser: Browser, deed_id: int, *files: tuple[bytes, str], **fields: str) -> Any:
    sent = [(io.BytesIO(data), name) for data, name in files]
    return browser.post(f"/teot/{deed_id}/liitteet", {"files": sent, **fields}, content_type="multipart/form-data")


def send_much(browser: Browser, path: str, field: str, data: bytes, name: str) -> Any:
    """The test client itself would leave the temporary file of a large form open."""
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + browser.token().encode(),
        f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + data,
        b"--x--\r\n",
    ]
    return browser.client.post(path, data=b"\r\n".join(parts), content_type="multipart/form-data; boundary=x")


def pictures(session: Session, deed_id: int) -> list[Picture]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Picture).where(Picture.deed_id == deed_id).order_by(Picture.position)))


def add_described(browser: Browser, session: Session, deed_id: int, colour: str = "#17805f") -> Picture:
    data = samples.picture_bytes(size=(2000, 1200), colour=colour)
    answer = send(browser, deed_id, (data, "kuva.png"), **DESCRIBED)
    assert answer.status_code == 303, answer.text
    make_all_sizes(session)
    return pictures(session, deed_id)[-1]


def make_all_sizes(session: Session) -> None:
    """What the worker does."""
    session.rollback()
    while make_sizes(current_app.extensions["tori"]):
        pass
    session.expire_all()


def stored_files(app: Flask) -> list[Path]:
    return [
        path
        for path in (app.extensions["tori"].instance / "uploads").rglob("*")
        if path.is_file() and path.name != HERE_FILE
    ]


def test_a_picture_is_sent_and_seen_on_the_deed_and_its_card(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    deed_id, address = deed.id, f"/teot/{deed.id}-{deed.slug}"
    picture = add_described(browser, session, deed_id)
    page = client.get(address).text
    assert f'alt="{ALT}"' in page
    assert f"/kuvat/{picture.key}/1600.webp 1600w" in page
    assert 'width="1600" height="960"' in page
    assert f'<img src="/kuvat/{picture.key}/480.webp" alt="{ALT}"' in client.get("/").text
    answer = client.get(f"/kuvat/{picture.key}/960.webp")
    assert answer.status_code == 200
    assert answer.data[8:12] == b"WEBP"


def test_headers_of_a_picture_let_it_be_kept_but_not_run(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    picture = add_described(browser, session, deed.id)
    headers = client.get(f"/kuvat/{picture.key}/480.webp").headers
    assert headers["Content-Type"] == "image/webp"
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_until_the_worker_has_made_the_small_sizes_the_largest_stands_in(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient, app: Flask
) -> None:
    deed_id, page = deed.id, f"/teot/{deed.id}-{deed.slug}"
    send(browser, deed_id, (samples.picture_bytes(size=(2000, 1200)), "kuva.png"), **DESCRIBED)
    picture = pictures(session, deed_id)[0]
    assert len(stored_files(app)) == 1
    assert f"/kuvat/{picture.key}/1600.webp 1600w" in client.get(page).text
    small, large = (client.get(f"/kuvat/{picture.key}/{width}.webp") for width in (480, 1600))
    assert small.data == large.data
    assert ("immutable" in large.headers["Cache-Control"], small.headers["Cache-Control"]) == (
        True,
        "public, max-age=60",
    )
    make_all_sizes(session)
    assert f"/kuvat/{picture.key}/480.webp 480w" in client.get(page).text
    small = client.get(f"/kuvat/{picture.key}/480.webp")
    assert len(small.data) < len(large.data)
    assert "immutable" in small.headers["Cache-Control"]
    assert make_sizes(app.extensions["tori"]) == 0


def test_a_picture_removed_while_its_sizes_are_made_leaves_no_file(
    browser: Browser, deed: Deed, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed_id = deed.id
    send(browser, deed_id, (samples.picture_bytes(size=(2000, 1200)), "kuva.png"), **DESCRIBED)
    picture_id = pictures(session, deed_id)[0].id
    session.rollback()

    def meanwhile(data: bytes, name: str) -> dict[int, bytes]:
        assert browser.post(f"/teot/{deed_id}/kuvat/{picture_id}/poista").status_code == 303
        return {480: b"small"}

    monkeypatch.setattr(jobs, "smaller_sizes", meanwhile)
    assert make_sizes(app.extensions["tori"]) == 1
    assert stored_files(app) == []


def test_ranges_and_conditions_of_a_picture_work(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    address = f"/kuvat/{add_described(browser, session, deed.id).key}/480.webp"
    whole = client.get(address)
    part = client.get(address, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert client.get(address, headers={"Range": "bytes=9999999-"}).status_code == 416
    assert client.get(address, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    head = client.head(address)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole.data)))


@pytest.mark.parametrize("size", ["99999", "481", "0", "-1", "480x480", "0480"])
def test_u09_only_the_fixed_sizes_exist(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient, app: Flask, size: str
) -> None:
    picture = add_described(browser, session, deed.id)
    before = len(stored_files(app))
    assert client.get(f"/kuvat/{picture.key}/{size}.webp").status_code == 404
    assert client.get(f"/kuvat/{picture.id}/480.webp").status_code == 404
    assert client.get(f"/kuvat/{picture.key}/480.webp?w={size}").status_code == 200
    assert len(stored_files(app)) == before


@pytest.mark.parametrize("status", [DeedStatus.DRAFT, DeedStatus.WITHDRAWN])
def test_z06_pictures_and_files_of_a_hidden_deed_are_not_there_for_others(
    app: Flask, browser: Browser, deed: Deed, session: Session, make: Factory, status: DeedStatus
) -> None:
    picture = add_described(browser, session, deed.id)
    send_file(browser, deed.id, (samples.PDF, "ohje.pdf"))
    session.rollback()
    attachment = session.scalars(select(Attachment)).one()
    other = Browser(app).sign_in(make.user(organisation=make.organisation("Akaan kaupunki")))
    paths = [f"/kuvat/{picture.key}/480.webp", f"/liitteet/{attachment.key}"]
    visitor = app.test_client()
    etags = {path: visitor.get(path).headers["ETag"] for path in paths}
    session.get_one(Deed, deed.id).status = status
    session.commit()
    for path in paths:
        for reader in (visitor, other.client):
            for headers in (
                {}, {"Range": "bytes=0-9"}, {"Range": "bytes=999999999-"}, {"If-None-Match": etags[path]},
                {"If-Match": '"x"'}, {"If-None-Match": "*"},
            ):  # fmt: skip
                assert reader.get(path, headers=headers).status_code == 404, (path, headers)
                answer = reader.head(path, headers=headers)
                assert answer.status_code == 404, (path, headers)
                assert "ETag" not in answer.headers
        own = browser.get(path)
        assert own.status_code == 200
        assert own.headers["Cache-Control"] == "private, no-store"


def test_a_picture_waits_for_its_description_before_readers_see_it(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    deed_id, address = deed.id, f"/teot/{deed.id}-{deed.slug}"
    answer = send(browser, deed_id, (samples.picture_bytes(), "kuva.png"))
    make_all_sizes(session)
    picture = pictures(session, deed_id)[0]
    assert answer.location.endswith(f"/teot/{deed_id}/kuvat#kuva-{picture.id}")
    assert picture.key not in client.get(address).text
    assert picture.key not in client.get("/").text
    assert client.get(f"/kuvat/{picture.key}/480.webp").status_code == 404
    assert browser.get(f"/kuvat/{picture.key}/480.webp").status_code == 200

    form = f"kuva-{picture.id}"
    bad = browser.post(f"/teot/{deed_id}/kuvat/{picture.id}", {f"{form}-caption": "Rannalla"})
    assert bad.status_code == 422
    assert f'id="{form}-alt-error"' in bad.text
    assert 'value="Rannalla"' in bad.text
    without_consent = browser.post(f"/teot/{deed_id}/kuvat/{picture.id}", {f"{form}-alt": ALT})
    assert without_consent.status_code == 422
    assert f'id="{form}-has_consent-error"' in without_consent.text

    good = {f"{form}-is_decorative": "y", f"{form}-has_consent": "y", f"{form}-caption": "<b>Ranta</b>",
            f"{form}-credit": "Kaupungin kuvapankki"}  # fmt: skip
    assert browser.post(f"/teot/{deed_id}/kuvat/{picture.id}", good).status_code == 303
    page = client.get(address).text
    assert f"/kuvat/{picture.key}/480.webp" in page
    assert "&lt;b&gt;Ranta&lt;/b&gt;" in page
    assert "Kaupungin kuvapankki" in page


def test_several_pictures_go_at_once_and_the_good_ones_stay(browser: Browser, deed: Deed, session: Session) -> None:
    deed_id = deed.id
    answer = send(
        browser, deed_id,
        (samples.picture_bytes(colour="#111111"), "eka.png"), (b"<svg/>", "toka.svg"),
        (samples.jpeg_from_a_phone(), "kolmas.jpg"),
        **{"new-0-alt": "Eka", "new-0-has_consent": "y", "new-2-alt": "Kolmas", "new-2-has_consent": "y"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "toka.svg" in answer.text
    assert [(row.alt, row.is_shown) for row in pictures(session, deed_id)] == [("Eka", True), ("Kolmas", True)]


def test_the_same_picture_twice_is_one(browser: Browser, deed: Deed, session: Session, app: Flask) -> None:
    deed_id = deed.id
    add_described(browser, session, deed_id)
    before = len(stored_files(app))
    add_described(browser, session, deed_id)
    assert len(pictures(session, deed_id)) == 1
    assert len(stored_files(app)) == before


def test_u06_too_large_a_picture_is_told_so_and_the_site_stays_up(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    deed_id = deed.id
    data = samples.picture_bytes() + bytes(12_000_000)
    answer = send_much(browser, f"/teot/{deed_id}/kuvat", "pictures", data, "iso.png")
    assert answer.status_code == 413
    assert "iso.png" in answer.text
    assert pictures(session, deed_id) == []
    assert client.get("/healthz").status_code == 200


def test_a_request_over_all_limits_and_a_visitors_large_one_are_cut_off(
    app: Flask, browser: Browser, deed: Deed
) -> None:
    length = {"CONTENT_LENGTH": str(900_000_000)}
    path = f"/teot/{deed.id}/kuvat"
    token = browser.token()
    assert browser.client.post(path, data={"csrf_token": token}, environ_overrides=length).status_code == 413
    assert send_much(Browser(app), path, "pictures", bytes(2_000_000), "x.png").status_code == 413


def test_other_addresses_take_no_more_than_before(browser: Browser, deed: Deed) -> None:
    for path in ("/teot/esikatselu", f"/teot/{deed.id}/muokkaa", f"/teot/{deed.id}/kuvat/1"):
        assert send_much(browser, path, "pictures", bytes(2_000_000), "x.png").status_code == 413


def test_a_ninth_picture_and_file_do_not_fit(browser: Browser, deed: Deed, session: Session) -> None:
    deed_id = deed.id
    for number in range(service.MAX_PICTURES):
        session.add(
            Picture(deed_id=deed_id, position=number + 1, key=f"k{number}", digest=f"d{number}", files={"480": "x"},
                    width=480, height=300, alt="Kuva", has_consent=True)
        )  # fmt: skip
        session.add(
            Attachment(deed_id=deed_id, title="Ohje", file_name="ohje.pdf", media_type="application/pdf", size=1,
                       key=f"f{number}", digest=f"d{number}")
        )  # fmt: skip
    session.commit()
    assert send(browser, deed_id, (samples.picture_bytes(), "kuva.png")).status_code == 422
    assert send_file(browser, deed_id, (samples.PDF, "ohje.pdf")).status_code == 422
    assert len(pictures(session, deed_id)) == service.MAX_PICTURES


def test_nothing_chosen_is_said(browser: Browser, deed: Deed) -> None:
    for answer in (send(browser, deed.id, (b"", "")), send_file(browser, deed.id, (b"", ""))):
        assert answer.status_code == 422
        assert "error-summary" in answer.text


def test_pictures_are_put_in_order_and_the_first_is_the_cards(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    deed_id = deed.id
    first, second, third = [add_described(browser, session, deed_id, f"#00{n}000").id for n in (1, 2, 3)]

    def move(picture_id: int, where: str) -> list[int]:
        answer = browser.post(f"/teot/{deed_id}/kuvat/{picture_id}/siirra", {"where": where})
        assert answer.status_code == 303
        return [row.id for row in pictures(session, deed_id)]

    assert move(third, "first") == [third, first, second]
    assert move(third, "later") == [first, third, second]
    assert move(second, "earlier") == [first, second, third]
    assert move(first, "earlier") == [first, second, third]
    assert move(second, "first") == [second, first, third]
    key = session.get_one(Picture, second).key
    cards = queries.cards_by_ids(session, [deed_id], "fi", ANONYMOUS)
    assert [(card.image_url, card.image_alt) for card in cards] == [(f"/kuvat/{key}/480.webp", ALT)]
    assert browser.post(f"/teot/{deed_id}/kuvat/{first}/siirra", {"where": "away"}).status_code == 422


def test_a_removed_picture_is_gone_with_its_files(
    app: Flask, browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    deed_id, picture = deed.id, add_described(browser, session, deed.id)
    assert len(stored_files(app)) == 3
    assert browser.post(f"/teot/{deed_id}/kuvat/{picture.id}/poista").status_code == 303
    assert stored_files(app) == []
    assert client.get(f"/kuvat/{picture.key}/480.webp").status_code == 404


def test_uploads_are_for_the_owner_of_the_service_alone(
    app: Flask, browser: Browser, deed: Deed, session: Session
) -> None:
    add_described(browser, session, deed.id)
    folder = app.extensions["tori"].instance / "uploads"
    modes = {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}
    assert modes == {0o700, 0o600}
    assert "kuva" not in " ".join(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""), ("post", ""), ("post", "/{picture}"), ("post", "/{picture}/siirra"), ("post", "/{picture}/poista"),
    ],
)  # fmt: skip
def test_only_makers_and_editors_change_pictures(
    app: Flask, browser: Browser, deed: Deed, session: Session, make: Factory, method: str, path: str
) -> None:
    picture = add_described(browser, session, deed.id)
    address = f"/teot/{deed.id}/kuvat{path.format(picture=picture.id)}"
    other = Browser(app).sign_in(make.user(organisation=make.organisation("Akaan kaupunki")))
    assert getattr(other, method)(address).status_code == 403
    session.get_one(Deed, deed.id).status = DeedStatus.DRAFT
    session.commit()
    assert getattr(other, method)(address).status_code == 404
    assert app.test_client().get(f"/teot/{deed.id}/kuvat").status_code == 404
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert editor.get(f"/teot/{deed.id}/kuvat").status_code == 200


def test_a_picture_is_changed_only_through_its_own_deed(
    browser: Browser, deed: Deed, session: Session, make: Factory
) -> None:
    picture = add_described(browser, session, deed.id)
    other = make.deed("Toinen", author_id=deed.author_id, organisation_id=deed.organisation_id)
    for path in ("", "/poista", "/siirra"):
        assert browser.post(f"/teot/{other.id}/kuvat/{picture.id}{path}", {"where": "first"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../ohje.pdf", "ohje.pdf"), ("<img onerror=x>.pdf", "img onerror=x.pdf"), ("\u202efdp.exe", "fdp.pdf"),
     ("ä" * 400 + ".pdf", "ä" * 100 + ".pdf")],
)  # fmt: skip
def test_u04_a_file_is_saved_under_a_harmless_name(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient, app: Flask, name: str, shown: str
) -> None:
    from urllib.parse import quote

    page = f"/teot/{deed.id}-{deed.slug}"
    assert send_file(browser, deed.id, (samples.PDF, name)).status_code == 303
    session.rollback()
    row = session.scalars(select(Attachment)).one()
    answer = client.get(f"/liitteet/{row.key}")
    assert answer.data == samples.PDF
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"tiedosto.pdf\"; filename*=UTF-8''{quote(shown, safe='')}"
    )
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<img onerror" not in client.get(page).text
    assert [re.fullmatch(r"[0-9a-f]{32}-[0-9a-f]{16}", path.name) is not None for path in stored_files(app)] == [True]


def test_a_large_file_comes_whole_and_in_parts(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    data = samples.PDF[:9] + bytes(3_000_000) + samples.PDF[9:]
    assert send_much(browser, f"/teot/{deed.id}/liitteet", "files", data, "suuri.pdf").status_code == 303
    session.rollback()
    path = f"/liitteet/{session.scalars(select(Attachment)).one().key}"
    with client.get(path) as answer:
        assert answer.data == data
    with client.get(path, headers={"Range": "bytes=-20"}) as answer:
        assert (answer.status_code, answer.data) == (206, data[-20:])
    with client.get(path, headers={"Range": "bytes=9999999-"}) as answer:
        assert answer.status_code == 416


def test_a_file_is_listed_under_materials_and_removed(
    browser: Browser, deed: Deed, session: Session, client: FlaskClient, app: Flask
) -> None:
    deed_id, page = deed.id, f"/teot/{deed.id}-{deed.slug}"
    send_file(browser, deed_id, (samples.office_file("pptx"), "esitys.pptx"), title="Esitys valtuustolle")
    listed = client.get(page).text
    assert "Esitys valtuustolle" in listed
    assert "(PPTX, " in listed
    session.rollback()
    row = session.scalars(select(Attachment)).one()
    assert browser.post(f"/teot/{deed_id}/liitteet/{row.id}/poista").status_code == 303
    assert "Esitys valtuustolle" not in client.get(page).text
    assert stored_files(app) == []


def test_u02_a_bad_file_is_refused_with_its_own_sentence(browser: Browser, deed: Deed, app: Flask) -> None:
    answer = send_file(browser, deed.id, (b"<script>alert(1)</script>", "ohje<b>.pdf"))
    assert answer.status_code == 422
    assert "ohje&lt;b&gt;.pdf" in answer.text
    assert stored_files(app) == []


def test_the_same_number_of_statements_with_pictures(
    app: Flask, browser: Browser, deed: Deed, session: Session, client: FlaskClient
) -> None:
    path = f"/teot/{deed.id}-{deed.slug}"
    client.get(path)  # the first page of a process also asks what the search has
    add_described(browser, session, deed.id, "#000010")
    with counted_queries(app) as with_one:
        client.get(path)
    before = len(with_one)
    for number in (2, 3):
        add_described(browser, session, deed.id, f"#0000{number}0")
    with counted_queries(app) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) == before
    with counted_queries(app) as statements:
        client.get("/kuvat/" + pictures(session, deed.id)[0].key + "/480.webp")
    assert len([text for text in statements if "picture" in text]) <= 2


def test_a_deed_with_pictures_stands_once_in_a_list(browser: Browser, deed: Deed, session: Session) -> None:
    for number in (1, 2, 3):
        picture = add_described(browser, session, deed.id, f"#0000{number}0")
        picture.position = 1
        session.commit()
    assert len(queries.latest_cards(session, "fi", 10)) == 1


def test_no_two_places_of_the_page_of_pictures_share_an_id(deed: Deed, browser: Browser) -> None:
    ids = re.findall(r'\sid="([^"]+)"', browser.get(f"/teot/{deed.id}/kuvat").text)
    assert sorted(ids) == sorted(set(ids)), "the label of a field would lead to the section"


def test_what_may_be_large_passes_the_proxy_of_the_paper_whole(app: Flask) -> None:
    paper = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(r"location ~ (\S+) \{\n +client_max_body_size (\d+)m;", paper)
    assert found is not None
    passed, most = re.compile(found[1]), int(found[2]) * 2**20
    config: Config = app.extensions["tori"]
    allowed = {
        **UPLOAD_BYTES, VIDEO_UPLOAD: TIMES_TOO_LARGE * config.video_megabytes * MEGABYTE + REST_OF_FORM,
        "api.bring_in": MAX_IMPORT_BYTES,
    }  # fmt: skip
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in allowed and "POST" in (rule.methods or ())]
    assert {rule.endpoint for rule in rules} == set(allowed)
    for rule in rules:
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        assert passed.match(address), address
        assert allowed[rule.endpoint] <= most, address
