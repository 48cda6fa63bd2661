"""The front page: arranged by editors, never empty, never out of season."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import arrangement
from tori.curation.arrangement import USUAL, Block, BlockKind
from tori.database import transaction
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import Adoption
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.models.wishes import Wish
from tori.policy import Actor


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def publish(session: Session, editor: Actor, *blocks: Block) -> None:
    with transaction():
        for block in arrangement.draft(session):
            arrangement.remove(session, editor, block.key)
        for block in blocks:
            arrangement.add(session, editor, block)
        arrangement.publish(session, editor)


def test_the_usual_page_has_figures_and_the_newest_deeds(make: Factory, client: FlaskClient) -> None:
    make.deed("Tuore teko")
    page = client.get("/en/").text
    assert "Fresh on the square" in page
    assert "Tuore teko" in page
    assert "Where are things done?" in page


def test_an_empty_square_says_so_without_an_error(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200


def test_readers_see_an_arrangement_only_when_it_is_published(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    make.deed()
    text = Block("", BlockKind.TEXT, titles={"fi": "Tervetuloa kesään"}, texts={"fi": "Kerro **kesän** teoista."})
    with transaction():
        made = arrangement.add(session, editor, text)
        arrangement.arrange(session, editor, [made.key])
    assert "Tervetuloa kesään" not in client.get("/").text
    with transaction():
        arrangement.publish(session, editor)
    page = client.get("/").text
    assert "<strong>kesän</strong>" in page
    assert page.index("Tervetuloa kesään") < page.index('id="block-newest"')
    names = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert names == ["FrontPageDrafted", "FrontPageDrafted", "FrontPagePublished"]


def test_a_block_comes_and_goes_by_its_days(session: Session, make: Factory, editor: Actor) -> None:
    today = clock.today()
    block = Block(
        "", BlockKind.TEXT, titles={"fi": "Viikko"}, texts={"fi": "Teksti"}, starts_on=today + timedelta(days=2),
        ends_on=today + timedelta(days=3),
    )  # fmt: skip
    publish(session, editor, Block("", BlockKind.NEWEST), block)
    days = [today + timedelta(days=number) for number in (1, 2, 3, 4)]
    kinds = [[found.kind for found in arrangement.published(session, day)] for day in days]
    assert kinds == [["newest"], ["newest", "text"], ["newest", "text"], ["newest"]]


def test_an_arrangement_out_of_season_gives_way_to_the_usual_one(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    make.deed("Tuore teko")
    over = clock.today() - timedelta(days=1)
    publish(session, editor, Block("", BlockKind.TEXT, titles={"fi": "Ohi"}, texts={"fi": "Teksti"}, ends_on=over))
    page = client.get("/").text
    assert "Ohi" not in page
    assert "Tuore teko" in page
    assert arrangement.published(session, clock.today()) == list(USUAL)


def test_a_page_without_deeds_gets_the_newest_ones(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    make.deed("Tuore teko")
    publish(session, editor, Block("", BlockKind.FIGURES), Block("", BlockKind.MOST_ADOPTED))
    assert "Tuore teko" in client.get("/").text


def test_each_kind_shows_its_own(session: Session, make: Factory, editor: Actor, client: FlaskClient) -> None:
    theme = make.theme("ruokahävikki")
    themed = make.deed("Teemateko", [theme])
    make.deed("Pieni teko", is_small=True)
    taken = make.deed("Otettu teko")
    session.add(Adoption(deed_id=taken.id, organisation_id=make.organisation().id, updated_at=clock.now()))
    session.add(Wish(title="Etsitään mallia", slug="etsitaan", body="", html=""))
    session.add(
        TopList(
            slug="lista",
            title="Oma lista",
            published_at=clock.now(),
            items=[TopListItem(deed_id=themed.id, position=1)],
        )
    )
    session.commit()
    publish(
        session, editor, Block("", BlockKind.THEME, "ruokahavikki"), Block("", BlockKind.SMALL),
        Block("", BlockKind.MOST_ADOPTED), Block("", BlockKind.WISHES), Block("", BlockKind.TOP_LISTS, "lista"),
        Block("", BlockKind.WEEKLY), Block("", BlockKind.STORIES),
    )  # fmt: skip
    page = client.get("/en/").text
    order = [
        "ruokahävikki",
        "Teemateko",
        "Try something small",
        "Pieni teko",
        "Otettu teko",
        "Etsitään mallia",
        "Oma lista",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (Block("", BlockKind.THEME), "value_missing"),
        (Block("", BlockKind.TEXT, titles={"fi": "Vain otsikko"}), "value_missing"),
        (Block("", BlockKind.TEXT, titles={"fi": "O"}, texts={"fi": "T"}, link="//evil.example"), "bad_url"),
        (Block("", BlockKind.TEXT, titles={"fi": "O"}, texts={"fi": "T"}, link="javascript:x"), "bad_url"),
        (Block("", BlockKind.NEWEST, titles={"fi": "x" * 121}), "text_too_long"),
    ],
)
def test_odd_blocks_are_refused(session: Session, editor: Actor, block: Block, code: str) -> None:
    with pytest.raises(RuleBroken, match=code), transaction():
        arrangement.add(session, editor, block)


def test_only_editors_arrange(session: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed), transaction():
        arrangement.add(session, Actor(make.user(role=Role.CAMPAIGN_MANAGER)), Block("", BlockKind.NEWEST))


def test_the_desk_arranges_without_scripts(
    session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    make.deed("Teemateko", [make.theme("kokeilut")])
    browser.sign_in(make.user(role=Role.EDITOR))
    assert browser.post("/hallinta/etusivu/uusi/theme", {"choice": ""}).status_code == 422
    made = browser.post("/hallinta/etusivu/uusi/theme", {"choice": "kokeilut", "title_fi": "Marraskuun teema"})
    assert made.status_code == 303
    session.rollback()
    keys = [block.key for block in arrangement.draft(session)]
    session.rollback()
    browser.post("/hallinta/etusivu", {"osa": keys, "action": f"up:{keys[-1]}"})
    session.rollback()
    assert [block.key for block in arrangement.draft(session)].index(keys[-1]) == len(keys) - 2
    session.rollback()
    assert "Marraskuun teema" in browser.get("/hallinta/etusivu/esikatselu").text
    assert "Marraskuun teema" not in client.get("/").text
    browser.post("/hallinta/etusivu", {"osa": [keys[-1], *keys[:-1]], "action": "publish"})
    page = client.get("/").text
    assert page.index("Marraskuun teema") < page.index('id="block-newest"')
    browser.edit(f"/hallinta/etusivu/{keys[-1]}/muokkaa", {"choice": "kokeilut", "title_fi": "Joulukuun teema"})
    assert "draft" in browser.get("/en/hallinta/etusivu").text
    browser.post("/hallinta/etusivu", {"osa": keys, "action": "discard"})
    assert "Joulukuun teema" not in browser.get("/hallinta/etusivu").text
    browser.post("/hallinta/etusivu", {"osa": keys, "action": f"remove:{keys[-1]}"})
    assert "Marraskuun teema" not in browser.get("/hallinta/etusivu/esikatselu").text
    assert browser.get("/hallinta/etusivu/ei-ole/muokkaa").status_code == 404


def test_the_page_takes_few_queries(app: Flask, make: Factory, client: FlaskClient) -> None:
    for number in range(20):
        make.deed(f"Teko {number}")
    with counted_queries(app) as statements:
        assert client.get("/").status_code == 200
    assert len(statements) <= PAGE_BUDGET, statements


@pytest.mark.parametrize(
    ("address", "words"), [("/", "ty%C3%B6hyvinvointi"), ("/sv/", "avbrott"), ("/en/", "remote+services")]
)
def test_a_need_can_be_chosen_beside_the_search(client: FlaskClient, address: str, words: str) -> None:
    page = client.get(address).text
    needs = page.split('aria-labelledby="needs-title"')[1].split("</nav>")[0]
    assert needs.count("<li>") == 5
    assert f'/teot?q={words}"' in needs
