"""A deed grows: one part at a time, its stage, dated updates, and how reusable it is."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import growing
from tori.deeds.parts import ADVICE, PARTS
from tori.deeds.reuse import PIECES, gauge_of, reuse_score
from tori.models.deeds import Deed, DeedRevision
from tori.models.people import User
from tori.models.tags import TagKind
from tori.policy import Actor

LONG = "Perhekeskuksen väki kokeili uutta tapaa kolmen kuukauden ajan, ja jonot lyhenivät."


@pytest.fixture
def author(make: Factory) -> User:
    return make.user(organisation=make.organisation("Nokian kaupunki"))


@pytest.fixture
def deed(make: Factory, author: User) -> Deed:
    return make.deed(organisation_id=author.memberships[0].organisation_id, author_id=author.id, need="Jonoja oli.")


@pytest.fixture
def maker(browser: Browser, author: User) -> Browser:
    return browser.sign_in(author)


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


def fill(maker: Browser, deed: Deed, part: str, version: int = 1, **data: Any) -> Any:
    return maker.post(f"/teot/{deed.id}/taydenna/{part}", {"version": version, "action": "save", **data})


def test_every_question_belongs_to_one_part() -> None:
    names = [name for part in PARTS for name in part.fields]
    assert len(names) == len(set(names))
    assert set(ADVICE) <= set(names)


def test_one_part_is_saved_and_the_others_stay(session: Session, maker: Browser, deed: Deed) -> None:
    answer = fill(maker, deed, "tulokset", results="Jonot lyhenivät **puoleen**.")
    assert answer.status_code == 303
    renew(session)
    assert (deed.results, deed.need, deed.version) == ("Jonot lyhenivät **puoleen**.", "Jonoja oli.", 2)
    assert "<strong>puoleen</strong>" in maker.get(f"/teot/{deed.id}-{deed.slug}").text


def test_each_part_opens_and_leads_to_the_next(make: Factory, maker: Browser, deed: Deed) -> None:
    make.theme()
    for kind in TagKind:
        make.tag(kind)
    for part in PARTS:
        page = maker.get(f"/teot/{deed.id}/taydenna/{part.slug}")
        assert page.status_code == 200
        for name in part.fields:
            assert f'name="{name}' in page.text, name
    assert maker.get(f"/teot/{deed.id}/taydenna/ei-ole").status_code == 404
    answer = fill(maker, deed, "tarve", need="Jonot.", action="next")
    assert answer.location.endswith("/taydenna/tavoitteet")


def test_a_part_of_anothers_deed_is_refused(make: Factory, browser: Browser, deed: Deed) -> None:
    browser.sign_in(make.user(organisation=make.organisation("Kangasalan kaupunki")))
    assert fill(browser, deed, "tulokset", results="Ei minun.").status_code == 403


def test_rows_are_added_without_scripts_and_nothing_is_lost(session: Session, maker: Browser, deed: Deed) -> None:
    row = {"indicators-1-name": "puheluja", "indicators-1-unit": "kpl", "indicators-1-actual": "12"}
    page = fill(maker, deed, "luvut", add_row="indicators", **row)
    assert page.status_code == 200
    assert 'value="puheluja"' in page.text
    assert 'name="indicators-3-name"' in page.text
    second = {"indicators-2-name": "tunteja", "indicators-2-unit": "h", "indicators-2-actual": "3"}
    assert fill(maker, deed, "luvut", **row, **second, **{"indicators-2-basis": "estimate"}).status_code == 303
    renew(session)
    assert [(row.name, row.basis) for row in deed.indicators] == [("puheluja", ""), ("tunteja", "estimate")]


@pytest.mark.parametrize(
    ("part", "data", "words"),
    [
        ("luvut", {"indicators-1-name": "puheluja", "indicators-1-actual": "12"}, "unit of “puheluja”"),
        ("luvut", {"indicators-1-actual": "12 kpl"}, "what each figure measures"),
        ("materiaalit", {"materials-1-title": "Ohje", "materials-1-url": "javascript:alert(1)"}, "https://"),
        ("materiaalit", {"materials-1-title": "Ohje", "materials-1-url": "ftp://example.org/x"}, "https://"),
        ("materiaalit", {"materials-1-title": "Ohje", "materials-1-date": "keväällä"}, "2026-11-22"),
        ("materiaalit", {"materials-1-date": "2026"}, "name or an address"),
        ("tekijat", {"period_start": "2026-05", "period_end": "2025"}, "before the start"),
        ("tekijat", {"period_start": "toukokuu"}, "2026-11-22"),
        ("tekijat", {"funding_euros": "paljon"}, "whole number"),
        ("tulokset", {"results": "x" * 50_000}, "too long"),
        ("tulokset", {"results": "Hyvä\x00 tulos"}, "can&#39;t be shown"),
        ("edellytykset", {"first_steps": "1\n2\n3\n4"}, "at most 3"),
        ("edellytykset", {"cost": "miljardi"}, "not in the list|valid choice"),
        ("perus", {"title": "", "summary": "", "sector": "koko-kunta", "language": "fi"}, "title"),
    ],
)
def test_each_limit_has_its_own_sentence(
    session: Session, maker: Browser, deed: Deed, part: str, data: dict[str, str], words: str
) -> None:
    page = maker.post(f"/en/teot/{deed.id}/taydenna/{part}", {"version": 1, **data})
    assert page.status_code == 422
    assert any(option in page.text for option in words.split("|")), page.text
    renew(session)
    assert deed.version == 1


def test_a_figure_with_its_unit_in_the_value_is_fine(session: Session, maker: Browser, deed: Deed) -> None:
    assert (
        fill(maker, deed, "luvut", **{"indicators-1-name": "osuus", "indicators-1-actual": "noin 20 %"}).status_code
        == 303
    )


def test_everything_of_the_long_form_comes_back(session: Session, maker: Browser, deed: Deed) -> None:
    data = {
        "title": deed.title, "summary": deed.summary, "organisation": deed.organisation_id, "sector": "koko-kunta",
        "language": "fi", "version": 1, "implementation": "Teimme.", "effort": "pieni", "cost": "ei",
        "limits_of_use": "Ei talvella.", "obstacles": "Kiire.", "did_not_work": "Julisteet.",
        "benefits_customer": "Aikaa.", "benefits_staff": "Rauhaa.", "benefits_organisation": "Säästöä.",
        "first_steps": "Laske\nKokeile", "period_start": "2025", "period_end": "2026-05", "participants": "Tiimi",
        "team": "Ohjaajat: kokeilivat\nEsihenkilö", "programme": "Kunteko \"2020\"",
        "strategy_goal": "Palvelut lähellä", "novelty": "Uutta on aika.",
        "plain_words": "Aamulla on rauha.",
        "partners": "Yhdistys\nYritys", "funder": "Säätiö", "funding_euros": "12 000 €", "maturity": "kaytossa",
        "materials-1-title": "Ohje", "materials-1-url": "https://example.org/ohje",
        "materials-2-title": "Pyöräilijöiden verkosto", "materials-2-kind": "community",
        "materials-2-date": "2026-03", "materials-2-licence": "CC BY-SA 4.0", "materials-3-kind": "media",
        "indicators-1-name": "puheluja", "indicators-1-unit": "kpl", "indicators-1-actual": "12",
        "indicators-1-basis": "measured", "body": "Vapaa kertomus.",
    }  # fmt: skip
    assert maker.post(f"/teot/{deed.id}/muokkaa", data).status_code == 303
    renew(session)
    assert deed.first_steps == ["Laske", "Kokeile"]
    shown = maker.get(f"/teot/{deed.id}", follow_redirects=True).text
    assert "<strong>Ohjaajat:</strong> kokeilivat" in shown
    assert "<li>Esihenkilö</li>" in shown
    assert "/teot?q=%22Kunteko+2020%22" in shown
    for told in ("Palvelut lähellä", "Uutta on aika.", "Aamulla on rauha."):
        assert told in shown
    assert (deed.partners, deed.funding_euros, deed.period_end) == (["Yhdistys", "Yritys"], 12_000, "2026-05")
    page = maker.get(f"/teot/{deed.id}/muokkaa").text
    for value in (
        "Ei talvella.",
        "Julisteet.",
        "Rauhaa.",
        'value="12000"',
        "https://example.org/ohje",
        "Vapaa kertomus.",
    ):
        assert value in page, value
    shown = maker.get(f"/en/teot/{deed.id}-{deed.slug}").text
    for value in ("Ei talvella.", "Kiire.", "Rauhaa.", "a small experiment", "nothing but our own time"):
        assert value in shown, value
    assert [(row.title, row.kind) for row in deed.materials] == [("Ohje", ""), ("Pyöräilijöiden verkosto", "community")]
    for value in ("Materials and tools", "Networks and communities", "3/2026", "CC BY-SA 4.0"):
        assert value in shown, value


def test_two_windows_of_one_part_show_both_texts(session: Session, maker: Browser, deed: Deed) -> None:
    fill(maker, deed, "tulokset", results="Ensimmäinen.")
    answer = fill(maker, deed, "tulokset", results="Toinen.")
    assert answer.status_code == 409
    assert "Ensimmäinen." in answer.text
    assert "Toinen." in answer.text
    assert 'name="version" value="2"' in answer.text


def test_the_stage_changes_with_one_press(session: Session, maker: Browser, deed: Deed) -> None:
    assert maker.post(f"/teot/{deed.id}/vaihe", {"maturity": "vakiintunut"}).status_code == 303
    assert maker.post(f"/teot/{deed.id}/vaihe", {"maturity": "vakiintunut"}).status_code == 303
    renew(session)
    assert (deed.maturity, deed.version) == ("vakiintunut", 2)
    assert maker.post(f"/teot/{deed.id}/vaihe", {"maturity": "x"}).status_code == 422


def test_f20_an_update_leaves_the_story_as_it_was(
    session: Session, maker: Browser, deed: Deed, client: FlaskClient
) -> None:
    before = session.scalars(select(DeedRevision)).all()
    data = {"happened_on": "2026-05-20", "body": "Nyt mukana on **kolme** yksikköä.", "form_number": "p1"}
    for _click in range(2):
        assert maker.post(f"/teot/{deed.id}/paivitykset", data).status_code == 303
    renew(session)
    assert (deed.need, deed.version, session.scalars(select(DeedRevision)).all()) == ("Jonoja oli.", 1, before)
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert page.count("<strong>kolme</strong>") == 1
    update = growing.updates_of(session, deed.id)[0]
    renew(session)
    assert maker.post(f"/teot/{deed.id}/paivitykset/{update.id}/poista").status_code == 303
    assert "kolme" not in client.get(f"/teot/{deed.id}-{deed.slug}").text


def test_an_update_has_its_limits(session: Session, make: Factory, author: User, deed: Deed) -> None:
    actor, tomorrow = Actor(author), clock.today() + timedelta(days=1)
    for day, body, code in (
        (clock.today(), " ", "value_missing"),
        (clock.today(), "x" * 4001, "text_too_long"),
        (tomorrow, "Hei", "future_day"),
    ):
        with pytest.raises(RuleBroken) as caught, transaction():
            growing.add_update(session, actor, deed, day, body)
        assert caught.value.code == code
    with pytest.raises(NotAllowed), transaction():
        growing.add_update(session, Actor(make.user()), deed, clock.today(), "Hei")


def test_the_score_is_a_hundred_when_all_is_told() -> None:
    assert sum(piece.points for piece in PIECES) == 100
    whole = Deed(
        need=LONG, goals=LONG, implementation=LONG, results=LONG, lessons=LONG, applicability=LONG, limits_of_use=LONG,
        first_steps=["Laske"], cost="ei", effort="pieni", participants="Tiimi",
    )  # fmt: skip
    whole.body = ""
    assert reuse_score(whole) == 100 - 7 - 4
    assert gauge_of(whole).next_piece is not None


def test_the_gauge_asks_first_for_what_readers_wait_for(deed: Deed) -> None:
    first = gauge_of(deed).next_piece
    wanted = gauge_of(deed, {"goals": 3})
    assert first is not None
    assert first.name == "implementation"
    assert wanted.next_piece is not None
    assert (wanted.next_piece.name, wanted.asked) == ("goals", 3)


def test_the_score_is_kept_when_the_deed_is_written(session: Session, maker: Browser, deed: Deed) -> None:
    fill(maker, deed, "toteutus", implementation=LONG)
    renew(session)
    assert deed.reuse_score == 25
    assert "25 / 100" in maker.get(f"/teot/{deed.id}/muokkaa").text
