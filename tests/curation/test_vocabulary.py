"""Themes merged and renamed: deeds, search, followers, digests, kept searches and old addresses follow."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import vocabulary
from tori.curation.vocabulary import ThemeTexts
from tori.database import transaction
from tori.deeds.search_log import Searched
from tori.follows import service as follows
from tori.models.deeds import Theme
from tori.models.digest import Subscriber
from tori.models.follows import Follow, Followed
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Role
from tori.models.searching import SavedSearch, SearchLogEntry
from tori.policy import Actor
from tori.search import indexing


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def test_a_merge_takes_everything_along(session: Session, make: Factory, editor: Actor) -> None:
    source, target = make.theme("etätyö"), make.theme("monipaikkainen työ")
    source.synonyms = ["kotikonttori"]
    both = make.deed("Molemmat", [source, target])
    one = make.deed("Vain toinen", [source])
    reader, fan = make.user(), make.user()
    with transaction():
        for person, theme in ((reader, source), (fan, source), (fan, target)):
            follows.follow(session, Actor(person), Followed.THEME, theme.id)
        session.add(
            Subscriber(
                email="vieras@example.org", key="k", rhythm="weekly", theme_ids=[source.id, target.id], sector_ids=[],
                told_until=clock.now(),
            )
        )  # fmt: skip
        session.add(SavedSearch(user_id=reader.id, name="Oma", query="q=malli&teema=etatyo"))
    source_id, target_id = source.id, target.id
    with transaction():
        vocabulary.merge_themes(session, editor, source, target)
    session.expire_all()
    assert session.get(Theme, source_id) is None
    assert [theme.id for theme in both.themes] == [theme.id for theme in one.themes] == [target_id]
    assert sorted(session.scalars(select(Follow.user_id).where(Follow.target_id == target_id))) == [reader.id, fan.id]
    assert session.scalars(select(Subscriber.theme_ids)).one() == [target_id]
    assert session.scalars(select(SavedSearch.query)).one() == "q=malli&teema=monipaikkainen-tyo"
    assert session.get_one(Theme, target_id).synonyms == ["etätyö", "kotikonttori"]
    assert set(session.scalars(select(IndexTask.deed_id))) == {both.id, one.id}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "ThemesMerged")).one()
    assert entry.data == {"into_id": target_id, "name": "etätyö"}


def test_old_addresses_lead_to_the_theme_of_today(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    first, second, third = make.theme("eka"), make.theme("toka"), make.theme("kolmas")
    deed = make.deed("Löytyvä", [first])
    make.deed("Muu")
    with transaction():
        vocabulary.merge_themes(session, editor, first, second)
    with transaction():
        vocabulary.merge_themes(session, editor, session.get_one(Theme, second.id), session.get_one(Theme, third.id))
    for slug in ("eka", "toka"):
        answer = client.get(f"/sv/teemat/{slug}")
        assert (answer.status_code, answer.location) == (301, "/sv/teemat/kolmas")
    for path in ("/teot", "/teot.atom", "/teot.csv", "/api/v1/deeds"):
        answer = client.get(f"{path}?teema=eka&q=l%C3%B6ytyv%C3%A4")
        assert answer.status_code == 301, path
        assert answer.location.endswith(f"{path}?teema=kolmas&q=l%C3%B6ytyv%C3%A4")
    assert client.get("/teot?teema=kolmas").status_code == 200
    assert deed.id
    assert client.get("/teemat/ei-ole").status_code == 404


def test_search_and_feed_find_the_deeds_under_the_new_theme(
    session: Session, make: Factory, editor: Actor, client: FlaskClient, app: object
) -> None:
    source, target = make.theme("etätyö"), make.theme("monipaikkaisuus")
    make.deed("Kotikonttorin pelisäännöt", [source])
    make.deed("Muu asia")
    with transaction():
        vocabulary.merge_themes(session, editor, source, target)
    indexing.drain(session, app.extensions["tori.search"]())  # type: ignore[attr-defined]
    feed = ElementTree.fromstring(client.get("/teot.atom?teema=etatyo", follow_redirects=True).data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [row.findtext(f"{atom}title") for row in feed.iter(f"{atom}entry")] == ["Kotikonttorin pelisäännöt"]
    assert "Kotikonttorin" in client.get("/teot?q=etätyö").text, "the old name still finds it"


def test_a_new_name_gives_a_new_address(session: Session, make: Factory, editor: Actor, client: FlaskClient) -> None:
    theme = make.theme("etätyö")
    make.deed("Teko", [theme])
    with transaction():
        vocabulary.change_theme(
            session, editor, theme, ThemeTexts("hybridityö", "hybridarbete", synonyms=["etätyö", ""])
        )
    assert client.get("/teemat/etatyo").location == "/teemat/hybridityo"
    assert "hybridarbete" in client.get("/sv/teemat/hybridityo").text
    with transaction():
        vocabulary.change_theme(session, editor, theme, ThemeTexts("etätyö"))
    assert client.get("/teemat/etatyo").status_code == 200, "the name came back"
    assert client.get("/teemat/hybridityo").location == "/teemat/etatyo"


def test_names_are_single_and_only_editors_change_them(session: Session, make: Factory, editor: Actor) -> None:
    theme, other = make.theme("etätyö"), make.theme("johtaminen")
    with pytest.raises(RuleBroken, match="theme_exists"), transaction():
        vocabulary.add_theme(session, editor, ThemeTexts("Etätyö"))
    with pytest.raises(RuleBroken, match="theme_exists"), transaction():
        vocabulary.change_theme(session, editor, other, ThemeTexts("etätyö"))
    with pytest.raises(RuleBroken, match="same_theme"), transaction():
        vocabulary.merge_themes(session, editor, theme, theme)
    with pytest.raises(NotAllowed), transaction():
        vocabulary.add_theme(session, Actor(make.user()), ThemeTexts("uusi"))


def test_the_report_tells_what_is_too_general_and_what_nobody_uses(session: Session, make: Factory) -> None:
    wide, narrow, unused = make.theme("kaikki"), make.theme("tarkka"), make.theme("tyhjä")
    for number in range(10):
        make.deed(f"Teko {number}", [wide] if number else [wide, narrow])
    found = {use.theme.id: use for use in vocabulary.uses(session)}
    assert found[wide.id].is_too_general
    assert not found[narrow.id].is_too_general
    assert found[unused.id].is_unused


def test_the_search_report_counts_what_was_found_and_opened(session: Session) -> None:
    day = clock.today()
    rows = [
        (day, "ruokahävikki", 9, 3, 1), (day, "ruokahävikki", 9, 3, None), (day, "tekoäly", 2, 0, None),
        (day, "kokous", 5, 4, None), (day - timedelta(days=60), "vanha", 0, 0, None),
    ]  # fmt: skip
    for moment, query, hits, strong, clicked in rows:
        searched = Searched(moment, query, {}, "fi", hits, strong)
        session.add(SearchLogEntry(**vars(searched), clicked=clicked))
    session.commit()
    report = vocabulary.search_report(session)
    assert [(row.query, row.times) for row in report["top"]] == [("ruokahävikki", 2), ("kokous", 1), ("tekoäly", 1)]
    assert [row.query for row in report["empty"]] == ["tekoäly"]
    assert [row.query for row in report["unopened"]] == ["kokous"]


def test_the_desk_of_the_vocabulary(session: Session, make: Factory, browser: Browser) -> None:
    source, target = make.theme("etätyö"), make.theme("monipaikkaisuus")
    browser.sign_in(make.user(role=Role.EDITOR))
    assert "Never used" in browser.get("/en/hallinta/teemat").text
    assert browser.post("/hallinta/teemat/uusi", {"name": ""}).status_code == 422
    assert browser.post("/hallinta/teemat/uusi", {"name": "tekoäly", "meaning_fi": "Koneoppiminen"}).status_code == 303
    page = f"/hallinta/teemat/{source.id}"
    assert "etätyö" in browser.get(page).text
    assert '<option value="0">–</option>' in browser.get(page).text.replace(" selected", ""), "none is chosen"
    for none in ("0", "9999"):
        assert browser.post(f"{page}/yhdista", {"into": none}).status_code == 422
    assert browser.post(f"{page}/yhdista", {"into": str(target.id)}).status_code == 303
    assert browser.get(page).status_code == 404
    assert 'value="tekoäly"' in browser.get("/hallinta/synonyymit?sana=tekoäly").text
    group = {"concept": "tekoäly", "members_fi": "tekoäly, koneoppiminen", "members_en": "AI", "is_enabled": "y"}
    assert browser.post("/hallinta/synonyymit", {**group, "members_fi": "tekoäly", "members_en": ""}).status_code == 422
    assert browser.post("/hallinta/synonyymit", group).status_code == 303
    assert "koneoppiminen" in browser.get("/hallinta/synonyymit").text
    assert browser.get("/hallinta/haut").status_code == 200
    names = session.scalars(
        select(AuditEntry.event).where(AuditEntry.event.in_(("ThemeChanged", "SynonymsChanged")))
    ).all()
    assert sorted(names) == ["SynonymsChanged", "ThemeChanged"]
