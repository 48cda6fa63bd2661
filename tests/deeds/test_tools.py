"""Passing a deed on: sharing, embedding, citing, printing, comparing."""

import re
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core.errors import PrinterMissing
from tori.deeds import printing, sharing
from tori.deeds.figures import charts, number
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed, DeedStatus, Indicator

ADDRESSES = ["jaa", "qr.png", "upote", "viite.bib", "viite.ris", "kokous", "sukupuu", "historia", "pohjaksi", "talleta",
             "haluan-tietaa"]  # fmt: skip


@pytest.fixture
def deed(make: Factory, session: Session) -> Deed:
    row = make.deed(
        "Kävelypalaveri & <ulkoilma> 100 %",
        organisation_id=make.organisation("Hämeenkyrön kunta").id,
        need="Istuimme liikaa.",
        implementation="Kävelimme.\n\n- maanantaisin",
        results="Väki on **pirteämpää**.",
        first_steps=["Kysy väeltä.", "Valitse reitti."],
    )
    row.indicators = [
        Indicator(position=1, name="poissaolot", unit="pv", baseline="noin 20", target="10", actual="12,5")
    ]
    session.commit()
    return row


@pytest.mark.parametrize("rest", ADDRESSES)
def test_z04_a_draft_is_nowhere(make: Factory, client: FlaskClient, browser: Browser, rest: str) -> None:
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    path = f"/teot/{draft.id}/{rest}"
    browser.sign_in(make.user(organisation=make.organisation()))
    for answer in (client.get(path), browser.get(path), browser.get(path, headers={"Range": "bytes=0-1"})):
        assert answer.status_code == 404
        assert "Salainen" not in answer.text


@pytest.mark.parametrize("rest", ["talleta", "haluan-tietaa", "pohjaksi", "historia/1/palauta"])
def test_z04_nothing_is_done_to_a_draft_of_others(make: Factory, browser: Browser, rest: str) -> None:
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    browser.sign_in(make.user(organisation=make.organisation()))
    answer = browser.post(f"/teot/{draft.id}/{rest}", {"part": "results", "version": 1})
    assert answer.status_code == 404
    assert "Salainen" not in answer.text


@pytest.mark.parametrize("path", ["/teot/{}.pdf", "/t/{}"])
def test_z04_a_draft_has_no_sheet_and_no_short_link(make: Factory, client: FlaskClient, path: str) -> None:
    draft = make.deed(status=DeedStatus.DRAFT)
    answer = client.get(path.format(draft.id), headers={"If-None-Match": "*"})
    assert answer.status_code == 404


@pytest.mark.parametrize("rest", ["/jaa", "/upote", "/viite.ris", "/kokous", ".pdf", "/sukupuu", "/historia"])
def test_a_withdrawn_deed_is_gone(make: Factory, client: FlaskClient, rest: str) -> None:
    gone = make.deed(status=DeedStatus.WITHDRAWN)
    assert client.get(f"/teot/{gone.id}{rest}").status_code == 410


def test_the_short_link_leads_to_the_deed(deed: Deed, client: FlaskClient) -> None:
    answer = client.get(f"/sv/t/{deed.id}")
    assert (answer.status_code, answer.location) == (302, f"/sv/teot/{deed.id}-{deed.slug}")


def test_the_share_page_has_texts_code_and_plain_links(deed: Deed, client: FlaskClient, session: Session) -> None:
    deed.campaign = Campaign(
        slug="tiskiin", kind="open", name="Tekoja tiskiin", hashtags=["#tekojatiskiin", "arki"],
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    session.commit()
    page = client.get(f"/teot/{deed.id}/jaa").text
    link = f"http://127.0.0.1:8000/t/{deed.id}"
    assert page.count(link) > 5
    assert "#tekojatiskiin #arki" in page
    assert "teams.microsoft.com/share?href=http%3A%2F%2F127.0.0.1" in page
    assert "&lt;iframe src=" in page
    for channel in ("bsky.app/intent", "linkedin.com/feed/?shareActive", "mailto:?subject=", "&amp;msgText="):
        assert channel in page, channel
    assert '<path fill="#07291f" d="M4 4h7v1h-7z' in page
    assert "<script" in page
    assert not re.search(r'<script[^>]+src="https?:', page)


def test_the_short_text_fits_a_post(make: Factory) -> None:
    long = make.deed("Pitkä otsikko " * 8, summary="x" * 600)
    texts = {
        item.name: item.text for item in sharing.ready_texts(long, "Kunta " * 40, "Tori", "https://example.org/t/1")
    }
    assert len(texts["short"]) <= sharing.SHORT_POST
    assert texts["long"].endswith("https://example.org/t/1?lahde=some")
    assert texts["newsletter"].endswith("https://example.org/t/1?lahde=uutiskirje")


def test_the_code_for_phones_is_a_picture(deed: Deed, client: FlaskClient) -> None:
    answer = client.get(f"/teot/{deed.id}/qr.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")


def test_the_embedded_card_may_stand_anywhere_and_sets_no_cookie(deed: Deed, client: FlaskClient) -> None:
    answer = client.get(f"/teot/{deed.id}/upote")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "Kävelypalaveri &amp; &lt;ulkoilma&gt; 100 %" in answer.text
    assert client.get("/teot").headers["X-Frame-Options"] == "DENY"


def test_the_embedded_card_is_the_same_for_its_maker(make: Factory, browser: Browser) -> None:
    author = make.user(organisation=make.organisation())
    draft = make.deed(status=DeedStatus.DRAFT, author_id=author.id)
    assert browser.sign_in(author).get(f"/teot/{draft.id}/upote").status_code == 404


def test_a_deed_is_cited(deed: Deed, client: FlaskClient) -> None:
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert (
        f"Hämeenkyrön kunta (2026). Kävelypalaveri &amp; &lt;ulkoilma&gt; 100 %. Tekojen tori. http://127.0.0.1:8000/t/{deed.id}"
        in page
    )
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in page
    bib = client.get(f"/teot/{deed.id}/viite.bib").text
    assert r"title = {{Kävelypalaveri \& <ulkoilma> 100 \%}}" in bib
    assert "year = {2026}" in bib
    ris = client.get(f"/teot/{deed.id}/viite.ris").text
    assert ris.startswith("TY  - ELEC\r\n")
    assert ris.endswith("ER  - \r\n")
    assert "LA  - fi" in ris


def test_the_meeting_page_has_questions_and_steps(deed: Deed, client: FlaskClient) -> None:
    page = client.get(f"/en/teot/{deed.id}/kokous").text
    assert "Three questions for your meeting" in page
    assert "Kysy väeltä." in page
    assert "Väki on pirteämpää." in page


needs_pango = pytest.mark.skipif(
    not printing.can_print(), reason="needs libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@needs_pango
def test_the_sheet_is_one_tagged_page_with_title_and_language(deed: Deed, client: FlaskClient) -> None:
    from pypdf import PdfReader

    answer = client.get(f"/teot/{deed.id}.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert "Kävelypalaveri & <ulkoilma> 100 %" in text
    assert "Hämeenkyrön kunta" in text
    assert "Valitse reitti." in text
    assert f"/t/{deed.id}" in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Kävelypalaveri & <ulkoilma> 100 %"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fi"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a BooleanObject)
    assert "/StructTreeRoot" in root
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("Source" in name for name in fonts)
    assert any("Bricolage" in name for name in fonts)


@needs_pango
def test_an_unchanged_sheet_is_not_made_again(deed: Deed, client: FlaskClient, session: Session) -> None:
    first = client.get(f"/teot/{deed.id}.pdf")
    tag = first.headers["ETag"]
    assert client.get(f"/teot/{deed.id}.pdf", headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"/sv/teot/{deed.id}.pdf").headers["ETag"] != tag
    deed.results = "Toinen tulos."
    session.commit()
    assert client.get(f"/teot/{deed.id}.pdf", headers={"If-None-Match": tag}).status_code == 200


@needs_pango
def test_the_longest_deed_fits_on_one_sheet(make: Factory, client: FlaskClient) -> None:
    from pypdf import PdfReader

    word = "kehittämispäivystysvuorossa "
    long = make.deed(
        word * 4, summary=word * 20, need=word * 300, implementation=word * 300, results=word * 300,
        first_steps=[word * 7] * 3,
    )  # fmt: skip
    reader = PdfReader(BytesIO(client.get(f"/en/teot/{long.id}.pdf").data))
    assert len(reader.pages) == 1


@needs_pango
def test_a_sheet_of_odd_text_asks_nothing_of_anybody(make: Factory, client: FlaskClient) -> None:
    odd = make.deed(
        'x</title><img src="http://127.0.0.1:9/x">',
        summary='<link rel=stylesheet href="file:///etc/passwd">',
        need="![x](http://127.0.0.1:9/kuva.png)",
    )
    assert client.get(f"/teot/{odd.id}.pdf").status_code == 200


def test_without_the_libraries_the_address_says_so(
    deed: Deed, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise PrinterMissing

    monkeypatch.setattr(printing, "one_sheet", missing)
    answer = client.get(f"/en/teot/{deed.id}.pdf")
    assert answer.status_code == 503
    assert "make PDF files just now" in answer.text
    assert client.get(f"/en/teot/{deed.id}/kokous").status_code == 200


def test_deeds_stand_side_by_side(make: Factory, client: FlaskClient, deed: Deed) -> None:
    other = make.deed("Toinen teko", goals="Iloa.")
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    page = client.get(f"/vertaa?teko={deed.id}&teko={other.id}&teko={draft.id}&teko=x&teko={other.id}").text
    assert "Toinen teko" in page
    assert "Istuimme liikaa." in page
    assert "Salainen" not in page
    assert f'href="/vertaa?teko={other.id}"' in page


@pytest.mark.parametrize("query", ["", "?teko=1", "?teko=abc", "?teko=99999999999999", "?teko=²&teko=-1"])
def test_fewer_than_two_deeds_are_not_compared(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/en/vertaa{query}")
    assert answer.status_code == 200
    assert "Choose two to four deeds" in answer.text


def test_at_most_four_are_compared_in_few_statements(app: Flask, make: Factory, client: FlaskClient) -> None:
    ids = [make.deed(f"Teko {number}").id for number in range(6)]
    with counted_queries(app) as statements:
        page = client.get("/en/vertaa?" + "&".join(f"teko={deed_id}" for deed_id in ids)).text
    assert "here are the first four" in page
    assert "Teko 3" in page
    assert "Teko 4" not in page
    assert len(statements) <= 6


def test_rows_of_the_list_can_be_ticked_for_comparing(app: Flask, make: Factory, client: FlaskClient) -> None:
    from tests.deeds.test_pages import index_everything
    from tori.database import db

    deed = make.deed()
    index_everything(app, db.session())
    page = client.get("/teot").text
    assert f'name="teko" value="{deed.id}" form="compare"' in page
    assert '<form id="compare" action="/vertaa"' in page


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("noin 20", 20), ("1 250,5 euroa", 1250.5), ("98 %", 98), ("100 000", 100_000), ("-5", -5), ("viisi", None),
        ("2019–2021", None), ("12.5.2020", None), ("12 kpl / 3 kk", None), ("", None),
    ],
)  # fmt: skip
def test_one_number_is_read_from_a_text(text: str, value: float | None) -> None:
    assert number(text) == value


def test_figures_are_drawn_only_when_all_of_them_are_numbers() -> None:
    rows = [
        Indicator(name="a", unit="", baseline="", target="10", actual="5"),
        Indicator(name="b", unit="", baseline="paljon", target="10", actual="5"),
        Indicator(name="c", unit="", baseline="", target="", actual="5"),
        Indicator(name="d", unit="", baseline="0", target="0", actual="0"),
        Indicator(name="e", unit="", baseline="", target="-3", actual="5"),
    ]
    drawn = charts(rows)
    assert [chart.name for chart in drawn] == ["a"]
    assert [(bar.field, bar.share) for bar in drawn[0].bars] == [("target", 100), ("actual", 50)]


def test_the_page_draws_figures_and_keeps_the_table(deed: Deed, client: FlaskClient) -> None:
    page = client.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert '<rect class="bar bar-actual" width="62.5"' in page
    assert "noin 20 pv" in page
    assert page.count("12,5 pv") == 2
    assert "Try this first" in page
