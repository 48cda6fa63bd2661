"""Help while writing: suggestions, what should not be published, what is hard to read, models."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.deeds import helping
from tori.deeds.helping import FindingKind
from tori.models.deeds import Adoption, Deed, DeedStatus
from tori.models.people import User
from tori.search import indexing
from tori.wiring import engine_of


@pytest.fixture
def member(make: Factory, browser: Browser) -> Browser:
    make.sector()
    return browser.sign_in(make.user(organisation=make.organisation("Nokian kaupunki")))


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


def quick(session: Session, **more: Any) -> dict[str, Any]:
    organisation_id = session.scalars(select(User)).all()[-1].memberships[0].organisation_id
    renew(session)
    return {
        "title": "Lukuhetki palvelutalossa", "summary": "Luemme ääneen kerran viikossa.", "sector": "koko-kunta",
        "language": "fi", "organisation": organisation_id, "action": "publish", **more,
    }  # fmt: skip


@pytest.mark.parametrize("code", ["131052-308T", "010594Y9032", "131052-308t", "290200A248A"])
def test_a_personal_identity_code_is_found_by_its_check_sign(code: str) -> None:
    good = helping.is_identity_code(code[:6], code[7:10], code[10])
    found = helping.findings({"need": f"Asiakas ({code}) kävi."})
    assert [finding.kind for finding in found] == ([FindingKind.IDENTITY_CODE] if good else [])


def test_the_check_sign_decides() -> None:
    assert helping.is_identity_code("131052", "308", "T")
    assert not helping.is_identity_code("131052", "308", "U")
    assert helping.findings({"need": "Tilaus 131052-308U on tehty."}) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Soita 040 123 4567 jos kiinnostuit.", FindingKind.PHONE),
        ("Numero on +358401234567.", FindingKind.PHONE),
        ("Kirjoita etunimi.sukunimi@example.org", FindingKind.EMAIL),
        ("Asiakas Matti sai apua.", FindingKind.NAME),
        ("Kuulimme potilaamme Maija Meikäläisen tarinan.", FindingKind.NAME),
        ("Liisa, 7-vuotias, oppi uimaan.", FindingKind.NAME),
        ("Liisa Virtanen, oppilas, kertoi.", FindingKind.NAME),
        ("Klienten Anna fick hjälp.", FindingKind.NAME),
    ],
)
def test_what_may_tell_who_somebody_is(text: str, kind: FindingKind) -> None:
    assert kind in [finding.kind for finding in helping.findings({"summary": text})]


@pytest.mark.parametrize(
    "text",
    [
        "Vuosina 2020–2021 säästimme 10 000 euroa ja 0,5 henkilötyövuotta.",
        "Palaveri on 22.11.2026 kello 09.00–10.00.",
        "Asiakkaat Nokialla ja Tampereella ovat tyytyväisiä.",
        "Oppilas saa Wilma-viestin. Asiakas Kelan palvelussa.",
        "Hanke 012-2020, 1 000 000 euroa, ISBN 978-951-1-23456-7.",
        "Lapset ja Nuoret -keskus avattiin 1.1.2024.",
    ],
)
def test_ordinary_text_is_left_in_peace(text: str) -> None:
    assert helping.findings({"summary": text}) == []


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Päiväkoti kokeili WhatsAppia viestinnässään.", True),
        ("Asiakastiedot kirjataan kerran.", True),
        ("Vi började skicka snabbmeddelanden till föräldrarna.", True),
        ("Palaveri pidetään kävellen.", False),
    ],
)
def test_i13_who_handles_data_of_customers_is_asked_to_tell_how_they_are_protected(
    member: Browser, text: str, is_asked: bool
) -> None:
    assert helping.concerns_customer_data({"summary": text}) is is_asked
    page = member.post("/en/teot/ehdotukset", {"title": "Teko", "summary": text}).text
    assert ("Does it handle data of customers?" in page) is is_asked


def test_publishing_asks_to_change_or_confirm(member: Browser, session: Session) -> None:
    data = quick(session, summary="Asiakas Matti soitti numeroon 040 123 4567.")
    answer = member.post("/en/teot/uusi", data)
    assert answer.status_code == 422
    assert "A telephone number" in answer.text
    assert "Asiakas Matti" in answer.text
    renew(session)
    assert session.scalars(select(Deed)).all() == []
    digest = answer.text.partition('name="privacy_ok" value="')[2].partition('"')[0]
    changed = member.post("/en/teot/uusi", {**data, "summary": "Soita 050 765 4321.", "privacy_ok": digest})
    assert changed.status_code == 422
    assert member.post("/en/teot/uusi", {**data, "privacy_ok": digest}).status_code == 303


def test_a_draft_may_hold_what_is_not_published_yet(member: Browser, session: Session) -> None:
    data = quick(session, summary="Soita 040 123 4567.", action="draft")
    assert member.post("/teot/uusi", data).status_code == 303


def test_hard_sentences_are_shown_kindly() -> None:
    long = "Tämä virke " + "jatkuu ja " * 15 + "loppuu viimein."
    told = helping.readability({"need": long})
    assert told.long_sentences == ["Tämä virke jatkuu ja jatkuu ja jatkuu ja …"]
    passive = "Työ aloitettiin. Tilat siivottiin. Ryhmät perustettiin. Tulokset mitattiin. Me iloitsimme."
    assert helping.readability({"need": passive}).passives == 4
    assert helping.readability({"need": "Me teimme sen itse yhdessä."}).is_short
    assert not helping.readability({"need": "Me aloitimme työn. Henkilöstö siivosi tilat. " * 3})


@pytest.fixture
def like(app: Flask, session: Session, make: Factory) -> list[Deed]:
    care = make.sector("sosiaali-ja-terveysala", "Sosiaali- ja terveysala")
    other = make.sector("tekniset-alat-ja-ymparisto", "Tekniset alat")
    theme = make.theme("vapaaehtoiset")
    deeds = [
        make.deed(f"Lukuhetki vanhusten palvelutalossa {number}", sector_id=care.id, themes=[theme],
                  summary="Vapaaehtoiset lukevat vanhuksille ääneen palvelutalossa joka viikko.")
        for number in range(3)
    ]  # fmt: skip
    deeds.append(make.deed("Katuvalot uusittiin", sector_id=other.id, summary="Ledit säästävät sähköä kaduilla."))
    while indexing.drain(session, engine_of(app.extensions["tori"])):
        pass
    indexing.rebuild(session, engine_of(app.extensions["tori"]))
    session.rollback()
    return deeds


def test_like_deeds_suggest_sector_and_themes(app: Flask, session: Session, like: list[Deed]) -> None:
    text = "Palvelutalon vanhuksille luetaan ääneen: vapaaehtoiset käyvät joka viikko."
    found = helping.suggest(session, engine_of(app.extensions["tori"]), text)
    assert found.sector_id == like[0].sector_id
    assert found.theme_ids == (like[0].themes[0].id,)
    assert set(found.deed_ids) <= {deed.id for deed in like[:3]}
    assert found.deed_ids
    assert helping.suggest(session, engine_of(app.extensions["tori"]), "Lyhyt") == helping.Suggestions()


def test_suggestions_come_as_a_fragment_and_without_scripts(
    app: Flask, member: Browser, session: Session, like: list[Deed]
) -> None:
    text = {"summary": "Palvelutalon vanhuksille luetaan ääneen: vapaaehtoiset käyvät joka viikko."}
    fragment = member.post("/en/teot/ehdotukset", {**text, "may_model": "1"}, headers={"X-Requested-With": "fetch"})
    assert 'value="sector:sosiaali-ja-terveysala"' in fragment.text
    assert 'name="model"' in fragment.text
    assert "<html" not in fragment.text
    page = member.post("/en/teot/uusi", quick(session, **text, action="help", sector=""))
    assert page.status_code == 200
    assert 'value="theme:vapaaehtoiset"' in page.text
    chosen = member.post("/en/teot/uusi", quick(session, **text, action="", choose="sector:sosiaali-ja-terveysala"))
    assert 'value="sosiaali-ja-terveysala" checked' in chosen.text
    renew(session)
    assert len(session.scalars(select(Deed)).all()) == 4


def test_a_chosen_model_is_linked_and_counts_as_taken(member: Browser, session: Session, like: list[Deed]) -> None:
    model_id = like[0].id
    assert member.post("/teot/uusi", quick(session, model=model_id)).status_code == 303
    renew(session)
    deed = session.scalars(select(Deed).where(Deed.title == "Lukuhetki palvelutalossa")).one()
    assert deed.parent_id == model_id
    adoption = session.scalars(select(Adoption)).one()
    assert (adoption.deed_id, adoption.organisation_id) == (model_id, deed.organisation_id)


def test_a_hidden_deed_is_no_model(member: Browser, session: Session, make: Factory) -> None:
    draft_id = make.deed("Salainen", status=DeedStatus.DRAFT).id
    member.post("/teot/uusi", quick(session, model=draft_id))
    renew(session)
    assert session.scalars(select(Deed).where(Deed.title == "Lukuhetki palvelutalossa")).one().parent_id is None
