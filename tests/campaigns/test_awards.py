"""Awards: given once, shown the same everywhere, printed as diplomas."""

import csv
import shutil
import subprocess
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import awards, diplomas, service
from tori.campaigns.awards import Given
from tori.campaigns.service import Prize
from tori.core import clock
from tori.core.errors import NotAllowed, PrinterMissing, RuleBroken
from tori.database import transaction
from tori.deeds import printing
from tori.models.campaigning import Award, DiplomaBatch
from tori.models.campaigns import AwardFor, Campaign, CampaignKind, CampaignState
from tori.models.deeds import Deed, DeedStatus
from tori.models.people import Role
from tori.notifications.changes import bump_content_version
from tori.policy import Actor

PRIZES = (Prize("Innostavat teot", "", AwardFor.DEED), Prize("Ahkerin kunta", "", AwardFor.ORGANISATION))


NOTHING = Given()


@pytest.fixture
def actor(make: Factory) -> Actor:
    return manager(make)


@pytest.fixture
def campaign(actor: Actor) -> Campaign:
    """Over, not yet judged."""
    with clock.frozen(moment(END + timedelta(days=5))):
        return campaign_of(actor, prizes=PRIZES)


def deed_of(make: Factory, campaign: Campaign, title: str = "Hävikki puoliksi", **values: object) -> Deed:
    return make.deed(title, campaign_id=campaign.id, **values)  # type: ignore[arg-type]


def give(actor: Actor, campaign: Campaign, winner: object, given_: Given = NOTHING) -> Award:
    series = campaign.series[0 if isinstance(winner, Deed) else 1]
    with clock.frozen(moment(END + timedelta(days=6))), transaction() as session:
        return awards.give(session, actor, session.merge(series), winner, given_)  # type: ignore[arg-type]


def publish(actor: Actor, campaign: Campaign) -> None:
    for _ in range(2):
        with transaction() as session:
            service.move_on(session, actor, campaign)
    assert campaign.state == CampaignState.PUBLISHED


def test_rules_of_giving(session: Session, make: Factory, actor: Actor, campaign: Campaign) -> None:
    deed = deed_of(make, campaign)
    series = {row.name: row for row in campaign.series}
    with pytest.raises(NotAllowed):
        give(Actor(make.user(role=Role.EDITOR)), campaign, deed)
    for winner, code in (
        (make.deed("Muu teko"), "not_in_campaign"),
        (deed_of(make, campaign, "Luonnos", status=DeedStatus.DRAFT), "unknown_deed"),
        (deed_of(make, campaign, "Vedetty", status=DeedStatus.WITHDRAWN), "unknown_deed"),
    ):
        with pytest.raises(RuleBroken, match=code):
            give(actor, campaign, winner)
    with (
        clock.frozen(moment(END + timedelta(days=6))),
        pytest.raises(RuleBroken, match="wrong_series"),
        transaction() as writing,
    ):
        awards.give(writing, actor, series["Ahkerin kunta"], deed, NOTHING)
    with pytest.raises(RuleBroken, match="thanks_consent"):
        give(actor, campaign, deed, Given(thanks="keittiön väki"))
    with pytest.raises(RuleBroken, match="text_too_long"):
        give(actor, campaign, deed, Given(citation="x" * 601))
    give(actor, campaign, deed, Given(thanks="keittiön väki", may_thank=True))
    with pytest.raises(RuleBroken, match="already_awarded"):
        give(actor, campaign, deed, Given(is_mention=True))
    organisation = make.organisation()
    give(actor, campaign, organisation)
    with pytest.raises(RuleBroken, match="already_awarded"):
        give(actor, campaign, organisation)


def test_no_prizes_before_the_end_and_a_gala_awards_any_deed(session: Session, make: Factory, actor: Actor) -> None:
    with clock.frozen(moment(END)):
        gala = campaign_of(actor, name="Gaala 2026", kind=CampaignKind.GALA, prizes=PRIZES)
        deed = make.deed("Mistä vain")
        with pytest.raises(RuleBroken, match="campaign_not_over"), transaction() as writing:
            awards.give(writing, actor, gala.series[0], deed, Given())
    assert give(actor, gala, deed).deed_id == deed.id


def test_nothing_is_seen_before_the_results_are_published(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient, browser: Browser
) -> None:
    deed = deed_of(make, campaign)
    award = give(actor, campaign, deed)
    paths = [
        f"/kampanjat/{campaign.slug}/tulokset", f"/palkinnot/{award.key}", f"/palkinnot/{award.key}/kunniakirja-fi.pdf",
        *(f"/kampanjat/{campaign.slug}/tulokset.{ending}" for ending in ("csv", "xlsx", "txt")),
    ]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code == 404, path
    assert "Innostavat teot" not in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "Hävikki" not in client.get("/palkinnot").text
    with pytest.raises(RuleBroken, match="results_not_public"), transaction() as writing:
        awards.mail_diplomas(writing, actor, campaign)
    assert "Hävikki" in browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER)).get(paths[0]).text
    publish(actor, campaign)
    for path in paths:
        assert client.get(path).status_code == 200, path
    for path in (f"/teot/{deed.id}-{deed.slug}", f"/organisaatiot/{deed.organisation.slug}"):
        assert f"/palkinnot/{award.key}" in client.get(path).text
    assert "Hävikki" in client.get("/palkinnot").text
    for key in ("x" * 10, award.key + "a", "olematon"):
        assert client.get(f"/palkinnot/{key}").status_code == 404


def test_a_published_list_changes_only_with_a_note_that_everybody_reads(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient
) -> None:
    award = give(actor, campaign, deed_of(make, campaign))
    publish(actor, campaign)
    other = deed_of(make, campaign, "Toinen teko")
    with pytest.raises(RuleBroken, match="correction_note"):
        give(actor, campaign, other)
    give(actor, campaign, other, Given(note="Yksi palkittu puuttui luettelosta."))
    with pytest.raises(RuleBroken, match="correction_note"), transaction() as writing:
        awards.remove(writing, actor, award)
    with transaction() as writing:
        awards.remove(writing, actor, award, "Teko oli jo palkittu.")
    page = client.get(f"/kampanjat/{campaign.slug}/tulokset").text
    assert "Yksi palkittu puuttui luettelosta." in page
    assert "Teko oli jo palkittu." in page
    assert "Hävikki" not in page


def test_a_withdrawn_winner_stays_in_the_list_without_a_link_and_without_a_diploma(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient
) -> None:
    deed = deed_of(make, campaign, author_id=make.user().id)
    award = give(actor, campaign, deed)
    publish(actor, campaign)
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    page = client.get(f"/en/kampanjat/{campaign.slug}/tulokset").text
    assert "The deed has been withdrawn" in page
    assert f"/teot/{deed.id}" not in page
    assert client.get(f"/palkinnot/{award.key}").status_code == 200
    assert client.get(f"/palkinnot/{award.key}/kunniakirja-fi.pdf").status_code == 404
    with transaction() as writing:
        assert awards.mail_diplomas(writing, actor, campaign) == 0
    with pytest.raises(RuleBroken, match="no_awards"), transaction() as writing:
        diplomas.order(writing, actor, campaign, "fi")


def cells_of(data: bytes) -> list[list[str]]:
    """The rows of the first sheet, and a check that no cell is a formula."""
    names = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(BytesIO(data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    tag = f"{{{names['m']}}}t"
    texts = ["".join(part.text or "" for part in item.iter(tag)) for item in strings.findall("m:si", names)]
    assert sheet.findall(".//m:f", names) == []
    rows = []
    for row in sheet.findall(".//m:row", names):
        found = row.findall("m:c", names)
        cells = {cell.get("r", "")[0]: texts[int(cell.findtext("m:v", "0", names))] for cell in found}
        rows.append([cells.get(letter, "") for letter in "ABCDEFGHI"])
    return rows


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20).map(
    lambda text: "=+-@"[len(text) % 4] + text
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(titles=st.lists(TITLES, min_size=1, max_size=4, unique=True))
def test_page_press_tables_and_api_agree_row_by_row_and_formulas_stay_text(
    app: Flask, session: Session, make: Factory, actor: Actor, campaign: Campaign, titles: list[str]
) -> None:
    client = app.test_client()
    with transaction() as writing:
        for award in writing.scalars(select(Award)).all():
            writing.delete(award)
        writing.get_one(Campaign, campaign.id).state = CampaignState.CLOSED
    session.refresh(campaign)
    for number, title in enumerate(titles):
        give(actor, campaign, deed_of(make, campaign, title), Given(is_mention=number % 2 == 1, citation=title))
    publish(actor, campaign)
    rows = awards.award_rows(session, campaign, "en")
    wanted = [(row.title, row.organisation, row.series) for row in rows]
    assert sorted(row[0] for row in wanted) == sorted(titles)
    path = f"/en/kampanjat/{campaign.slug}/tulokset"
    table = list(csv.reader(StringIO(client.get(f"{path}.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [(row[4].removeprefix("'"), row[5], row[2]) for row in table[1:]] == wanted
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    assert [(row[4], row[5], row[2]) for row in cells_of(client.get(f"{path}.xlsx").data)[1:]] == wanted
    told = next(row for row in client.get("/api/v1/campaigns").json["items"] if row["slug"] == campaign.slug)
    assert [(row["title"], row["organisation"], row["series"]) for row in told["awards"]] == wanted
    text = client.get(f"{path}.txt").text
    page = client.get(path).text
    places = [text.index(f"– {title}, {organisation}") for title, organisation, _ in wanted]
    assert places == sorted(places)
    assert page.count("/en/teot/") >= len(wanted)
    for row in awards.award_rows(session, campaign, "fi"):
        sheet = diplomas.page(row, "fi")
        assert all(str(escape(part)) in sheet for part in (row.title, row.organisation, row.series, row.key))


def test_the_diploma_is_one_tagged_page_with_embedded_fonts_and_its_address(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient
) -> None:
    deed = deed_of(make, campaign, "Åbo-malli: " + "monialainen perhekeskus " * 5)
    award = give(actor, campaign, deed, Given(citation="Perustelu " * 55, thanks="tiimi", may_thank=True))
    publish(actor, campaign)
    for language, word in (("fi", "Kunniakirja"), ("sv", "Diplom")):
        reader = PdfReader(BytesIO(client.get(f"/palkinnot/{award.key}/kunniakirja-{language}.pdf").data))
        assert len(reader.pages) == 1
        box = reader.pages[0].mediabox
        assert (round(float(box.width)), round(float(box.height))) == (842, 595)
        catalogue = reader.trailer["/Root"]
        assert catalogue["/MarkInfo"]["/Marked"]
        assert catalogue["/Lang"] == language
        text = reader.pages[0].extract_text()
        assert "Åbo-malli" in text
        assert word in text
        assert f"/palkinnot/{award.key}" in text.replace("\n", "")
        for font in reader.pages[0]["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert any(name.startswith("/FontFile") for name in descriptor)
    assert client.get(f"/palkinnot/{award.key}/kunniakirja-en.pdf").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("fi", "Kunniakirja"), ("sv", "Diplom")])
def test_other_programs_read_the_diploma_tagged_titled_and_in_any_european_letters(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient, language: str, word: str
) -> None:
    title = "Žižkovin työ – дружба, Ελλάδα & Việt"
    award = give(actor, campaign, deed_of(make, campaign, title), Given(citation="Łódź näytti tietä."))
    publish(actor, campaign)
    content = client.get(f"/palkinnot/{award.key}/kunniakirja-{language}.pdf").data
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 1
        assert str(document.Root.Lang) == language
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.Title) == f"{word}: {title}"
        with document.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == f"{word}: {title}"
        tags = tags_of(document.Root.StructTreeRoot)
        assert {"/H1", "/P", "/Document"} <= set(tags)
        fonts = [row for row in document.objects if isinstance(row, pikepdf.Dictionary) and row.get("/Type") == "/Font"]
        described = [row.FontDescriptor for row in fonts if "/FontDescriptor" in row]
        assert described
        assert all("/FontFile2" in row or "/FontFile3" in row for row in described)
        assert {str(row.FontName).partition("+")[2][:6] for row in described} <= {"Bricol", "Source"}
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    read = subprocess.run([program, "-layout", "-", "-"], input=content, capture_output=True, check=True)
    text = " ".join(read.stdout.decode().split())
    for part in (word, "Žižkovin työ", "дружба", "Ελλάδα", "Việt", "Łódź näytti tietä.", deed_name(award)):
        assert part in text
    assert f"/palkinnot/{award.key}" in text.replace(" ", "")


def tags_of(node: Any) -> list[str]:
    """The kinds of all elements of the structure tree."""
    kids = node.get("/K", [])
    rows = kids if isinstance(kids, pikepdf.Array) else [kids]
    found = [str(node.S)] if "/S" in node else []
    for row in rows:
        if isinstance(row, pikepdf.Dictionary):
            found += tags_of(row)
    return found


def deed_name(award: Award) -> str:
    return award.organisation.name


def test_all_diplomas_of_a_campaign_are_made_by_the_worker_with_progress(
    app: Flask, session: Session, make: Factory, actor: Actor, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = app.extensions["tori"]
    for number in range(7):
        give(actor, campaign, deed_of(make, campaign, f"Teko {number}"))
    with transaction() as writing:
        batch = diplomas.order(writing, actor, campaign, "fi")
        assert diplomas.order(writing, actor, campaign, "fi").id == batch.id
    seen: list[int] = []
    tell = diplomas._tell

    def watch(batch_id: int, number: int, total: int) -> None:
        # Another worker finds nothing to do meanwhile.
        assert diplomas.print_due(config) == 0
        tell(batch_id, number, total)
        session.rollback()
        seen.append(session.get_one(DiplomaBatch, batch_id, populate_existing=True).done)

    monkeypatch.setattr(diplomas, "_tell", watch)
    assert diplomas.print_due(config) == 1
    assert diplomas.print_due(config) == 0
    assert seen == [0, 0, 0, 0, 5, 5, 7]
    session.rollback()
    session.refresh(batch)
    assert (batch.done, batch.error) == (7, "")
    reader = PdfReader(diplomas.file_of(config, batch))
    assert len(reader.pages) == 7
    assert [f"Teko {number}" in page.extract_text() for number, page in enumerate(reader.pages)] == [True] * 7
    desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert f"/hallinta/kunniakirjat/{batch.id}.pdf" in desk.get(f"/hallinta/kampanjat/{campaign.id}/palkinnot").text
    with desk.get(f"/hallinta/kunniakirjat/{batch.id}.pdf") as answer:
        assert answer.mimetype == "application/pdf"
    assert Browser(app).get(f"/hallinta/kunniakirjat/{batch.id}.pdf").status_code in (302, 303)
    with clock.frozen(clock.now() + timedelta(days=31)):
        diplomas.sweep(config)
    assert not diplomas.file_of(config, batch).exists()


def test_all_diplomas_of_a_campaign_as_a_zip_have_a_file_for_each_winner(
    app: Flask, session: Session, make: Factory, actor: Actor, campaign: Campaign
) -> None:
    config = app.extensions["tori"]
    keys = [give(actor, campaign, deed_of(make, campaign, f"Teko № {number}")).key for number in range(3)]
    desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = f"/hallinta/kampanjat/{campaign.id}/kunniakirjat/sv"
    for form in ("zip", "pdf", "zip"):
        assert desk.post(path, {"form": form}).status_code == 303
    assert desk.post(path, {"form": "exe"}).status_code == 422
    session.rollback()
    batches = session.scalars(select(DiplomaBatch).order_by(DiplomaBatch.id)).all()
    assert [row.form for row in batches] == ["zip", "pdf"]
    assert diplomas.print_due(config) == 1
    session.rollback()
    session.expire_all()
    assert (batches[0].done, batches[0].error) == (3, "")
    with desk.get(f"/hallinta/kunniakirjat/{batches[0].id}.zip") as answer, ZipFile(BytesIO(answer.data)) as archive:
        assert answer.mimetype == "application/zip"
        names = archive.namelist()
        assert [name[:4] for name in names] == ["001-", "002-", "003-"]
        assert [name.rpartition("-")[2] for name in names] == [f"{key}.pdf" for key in keys]
        for number, name in enumerate(names):
            [sheet] = PdfReader(BytesIO(archive.read(name))).pages
            assert f"Teko № {number}" in sheet.extract_text()
    assert desk.get(f"/hallinta/kunniakirjat/{batches[0].id}.pdf").status_code == 404
    assert desk.get(f"/hallinta/kunniakirjat/{batches[1].id}.pdf").status_code == 404


def test_a_batch_whose_worker_died_is_done_again_and_a_site_without_a_printer_says_so(
    app: Flask, session: Session, make: Factory, actor: Actor, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = app.extensions["tori"]
    give(actor, campaign, deed_of(make, campaign))
    with transaction() as writing:
        batch = diplomas.order(writing, actor, campaign, "sv")
        batch.claimed_at = clock.now()
    assert diplomas.print_due(config) == 0

    def missing(*args: object) -> bytes:
        raise PrinterMissing

    monkeypatch.setattr(printing, "many_sheets", missing)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert diplomas.print_due(config) == 1
    session.rollback()
    session.refresh(batch)
    assert batch.error == "PrinterMissing"


def test_winners_get_one_mail_each(session: Session, make: Factory, actor: Actor, campaign: Campaign) -> None:
    author = make.user("tekija@example.org")
    organisation = make.organisation("Nokian kaupunki")
    make.user("yhteys@example.org", organisation=organisation, steward=True)
    make.user("muu@example.org", organisation=organisation)
    give(actor, campaign, deed_of(make, campaign, author_id=author.id))
    award = give(actor, campaign, organisation)
    publish(actor, campaign)
    for _ in range(2):
        with transaction() as writing:
            awards.mail_diplomas(writing, actor, campaign)
    assert sorted(row.recipient for row in mails(session, "award")) == ["tekija@example.org", "yhteys@example.org"]
    assert any(f"/palkinnot/{award.key}" in row.body_text for row in mails(session, "award"))


def test_one_person_gives_awards_on_the_pages(
    session: Session, make: Factory, campaign: Campaign, browser: Browser
) -> None:
    deed, organisation = deed_of(make, campaign), make.organisation("Nokian kaupunki")
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = f"/hallinta/kampanjat/{campaign.id}/palkinnot"
    first, second = (str(row.id) for row in campaign.series)
    with clock.frozen(moment(END + timedelta(days=6))):
        for data in (
            {"series": first, "winner": ""}, {"series": first, "winner": "99999"}, {"series": "0", "winner": "1"},
            {"series": second, "winner": "Olematon kunta"}, {"series": second, "winner": str(deed.id)},
        ):  # fmt: skip
            assert browser.post(path, dict(data, citation="Säilyvä perustelu")).status_code == 422, data
        assert "Säilyvä perustelu" in browser.post(path, {"series": first, "citation": "Säilyvä perustelu"}).text
        assert browser.post(path, {"series": first, "winner": str(deed.id), "citation": "Hyvä"}).status_code == 303
        assert browser.post(path, {"series": second, "winner": organisation.name}).status_code == 303
        page = browser.get(path).text
        assert "Hävikki puoliksi" in page
        session.rollback()
        award = session.scalars(select(Award).order_by(Award.id)).all()[-1]
        assert browser.post(f"/hallinta/palkinnot/{award.id}/poista").status_code == 303
        assert browser.post(f"{path}/posti").status_code == 422
        assert browser.post(f"/hallinta/kampanjat/{campaign.id}/kunniakirjat/fi").status_code == 303
        assert browser.post(f"/hallinta/kampanjat/{campaign.id}/kunniakirjat/de").status_code == 422
        edited = {
            "name": campaign.name, "kind": "open", "starts_on": "2026-09-07", "ends_on": "2026-09-30",
            "prizes_deeds": "Uusi sarja",
        }  # fmt: skip
        assert browser.edit(f"/hallinta/kampanjat/{campaign.id}/muokkaa", edited).status_code == 422


def test_the_final_report_is_a_page_and_a_pdf_once_the_results_are_out(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient, browser: Browser
) -> None:
    deed = deed_of(make, campaign, published_at=moment(END))
    give(actor, campaign, deed)
    paths = [f"/en/kampanjat/{campaign.slug}/raportti", f"/en/kampanjat/{campaign.slug}/raportti.pdf"]
    for path in paths:
        assert client.get(path).status_code == 404
    assert browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER)).get(paths[0]).status_code == 200
    publish(actor, campaign)
    page = client.get(paths[0]).text
    text = "".join(part.extract_text() for part in PdfReader(BytesIO(client.get(paths[1]).data)).pages)
    for words in ("Hävikki puoliksi", deed.organisation.name, "Innostavat teot", "Final report"):
        assert words in page
        assert words in text


def test_the_front_page_shows_the_deeds_awarded_last(
    session: Session, make: Factory, actor: Actor, campaign: Campaign, client: FlaskClient
) -> None:
    withdrawn = deed_of(make, campaign, "Vedetty pois")
    for winner in (deed_of(make, campaign, "Palkittu teko"), make.organisation("Nokian kaupunki"), withdrawn):
        give(actor, campaign, winner)
    deed_of(make, campaign, "Ilman palkintoa", published_at=moment(date(2015, 1, 1)))
    assert "Awarded" not in client.get("/en/").text
    publish(actor, campaign)
    session.rollback()
    withdrawn.status = DeedStatus.WITHDRAWN
    session.commit()
    with transaction() as writing:
        bump_content_version(writing)
    page = client.get("/en/").text
    block = page.partition(f"Awarded: {campaign.name}")[2].partition("</section>")[0]
    assert "Palkittu teko" in block
    assert "Vedetty pois" not in block
    assert "Ilman palkintoa" not in block
    assert "/en/palkinnot" in page
