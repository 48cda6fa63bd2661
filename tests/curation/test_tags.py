"""Customer groups, benefits and professions: on deeds, in the search, and kept by the editors."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.exchange.lines import line
from tests.factories import Factory
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import tags
from tori.curation.tags import TagTexts
from tori.database import transaction
from tori.deeds import history, service
from tori.deeds.content import as_record, content_of
from tori.exchange.importing import import_deeds
from tori.models.deeds import Deed
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Role
from tori.models.searching import SavedSearch
from tori.models.tags import Tag, TagKind
from tori.policy import SYSTEM, Actor
from tori.search import indexing


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


@pytest.fixture
def desk(make: Factory, browser: Browser) -> Browser:
    browser.sign_in(make.user(role=Role.EDITOR))
    return browser


def index(session: Session, client: FlaskClient) -> None:
    with transaction():
        session.add_all(IndexTask(deed_id=deed_id) for deed_id in session.scalars(select(Deed.id)))
    with transaction():
        indexing.drain(session, client.application.extensions["tori.search"]())


def test_a_maker_chooses_them_when_the_deed_grows_and_readers_see_and_find_them(
    session: Session, make: Factory, browser: Browser
) -> None:
    maker = make.user(organisation=make.organisation("Kangasala"))
    teachers = make.tag(TagKind.PROFESSION, "opettajat", synonyms=["luokanopettaja"])
    make.tag(TagKind.CUSTOMERS, "lapset", name_sv="barn")
    deed = make.deed("Kuvakortit", author_id=maker.id, organisation_id=maker.organisation.id)
    make.deed("Pyöräpysäköinti")
    browser.sign_in(maker)
    assert 'name="professions"' not in browser.get("/teot/uusi").text, "the quick form asks no more than before"
    answer = browser.post(
        f"/teot/{deed.id}/taydenna/kenelle",
        {"professions": ["opettajat"], "customer_groups": ["lapset"], "version": deed.version},
    )
    assert answer.status_code == 303
    session.expire_all()
    assert {tag.slug for tag in deed.tags} == {"opettajat", "lapset"}
    page = browser.get(f"/sv/teot/{deed.id}-{deed.slug}").text
    assert "asiakasryhma=lapset" in page
    assert ">barn<" in page
    index(session, browser.client)
    for address in (f"/teot?ammatti={teachers.slug}", "/teot?asiakasryhma=lapset", "/teot?q=luokanopettaja"):
        found = browser.get(address).text
        assert "Kuvakortit" in found, address
        assert "Pyöräpysäköinti" not in found, address
    facets = browser.get("/api/v1/deeds").json["facets"]
    assert facets["profession"] == [{"value": "opettajat", "label": "Opettajat", "count": 1}]
    assert browser.get(f"/api/v1/deeds/{deed.id}").json["customer_groups"] == ["lapset"]
    assert browser.get("/api/v1/deeds?ammatti=ei-ole").status_code == 400
    assert {(row["kind"], row["slug"], row["deeds"]) for row in browser.get("/api/v1/tags").json["items"]} == {
        ("ammatti", "opettajat", 1), ("asiakasryhma", "lapset", 1),
    }  # fmt: skip


def test_reasons_methods_and_the_stage_narrow_a_list_only_where_they_divide_it(
    session: Session, make: Factory, browser: Browser
) -> None:
    merger = make.tag(TagKind.SITUATION, "kuntaliitos", name_sv="kommunsammanslagning")
    outside, survey = make.tag(TagKind.METHOD, "ulkopuolinen tuki"), make.tag(TagKind.METHOD, "kysely")
    make.deed("Kuvakortit", tags=[merger, outside, survey], maturity="kaytossa")
    make.deed("Kuvataulut", tags=[merger], maturity="kokeilu")
    make.deed("Pyöräpysäköinti", maturity="kokeilu")
    index(session, browser.client)
    page = browser.get("/sv/teot").text
    for name in ("tilanne", "menetelma", "vaihe"):
        assert f'name="{name}"' in page
    assert "Kommunsammanslagning" in page
    assert page.index("Prövas") < page.index("I bruk"), "in the order of a life, not of numbers"
    page = browser.get("/teot?q=kuvakortit&sanatarkka=1").text
    assert 'name="vaihe"' not in page, "all that was found is at the same stage"
    assert 'name="tilanne"' not in page
    assert 'name="menetelma"' in page
    assert 'name="vaihe"' in browser.get("/teot?q=kuvakortit&sanatarkka=1&vaihe=kaytossa").text, "what is ticked stays"
    for chosen, titles in (
        ("tilanne=kuntaliitos", ["Kuvakortit", "Kuvataulut"]), ("menetelma=ulkopuolinen-tuki", ["Kuvakortit"]),
        ("vaihe=kokeilu", ["Kuvataulut", "Pyöräpysäköinti"]), ("vaihe=kokeilu&tilanne=kuntaliitos", ["Kuvataulut"]),
    ):  # fmt: skip
        assert sorted(item["title"] for item in browser.get(f"/api/v1/deeds?{chosen}").json["items"]) == titles
        table, feed = browser.get(f"/teot.csv?{chosen}").text, browser.get(f"/teot.atom?{chosen}").text
        for title in ("Kuvakortit", "Kuvataulut", "Pyöräpysäköinti"):
            assert (title in table, title in feed) == (title in titles,) * 2
    assert "ulkopuolinen tuki" in browser.get("/teot.csv").text
    facets = browser.get("/api/v1/deeds").json["facets"]
    assert {row["value"]: row["count"] for row in facets["maturity"]} == {"kokeilu": 2, "kaytossa": 1}
    assert facets["situation"] == [{"value": "kuntaliitos", "label": "Kuntaliitos", "count": 2}]
    assert browser.get("/api/v1/deeds?vaihe=muu").status_code == 400


@pytest.mark.parametrize(("field", "kind"), [("situations", TagKind.SITUATION), ("methods", TagKind.METHOD)])
def test_a_deed_has_a_few_reasons_and_methods(make: Factory, browser: Browser, field: str, kind: TagKind) -> None:
    maker = make.user(organisation=make.organisation("Kangasala"))
    slugs = [make.tag(kind, f"valinta {number}").slug for number in range(5)]
    deed = make.deed("Kuvakortit", author_id=maker.id, organisation_id=maker.organisation.id)
    browser.sign_in(maker)
    assert f'name="{field}"' not in browser.get("/teot/uusi?koko=1").text, "nothing more is asked of a new deed"
    address = f"/teot/{deed.id}/taydenna/kenelle"
    refused = browser.post(address, {field: slugs, "version": deed.version})
    assert refused.status_code == 422
    assert refused.text.count(" checked") == 5
    assert browser.post(address, {field: slugs[:4], "version": deed.version}).status_code == 303
    assert f"{kind}=valinta-0" in browser.get(f"/teot/{deed.id}-{deed.slug}").text
    assert browser.get(f"/api/v1/deeds/{deed.id}").json[field] == slugs[:4]


def test_more_than_eight_are_refused_and_kept_in_the_form(make: Factory, browser: Browser) -> None:
    maker = make.user(organisation=make.organisation("Kangasala"))
    slugs = [make.tag(TagKind.BENEFIT, f"hyöty {number}").slug for number in range(9)]
    deed = make.deed("Kuvakortit", author_id=maker.id, organisation_id=maker.organisation.id)
    browser.sign_in(maker)
    answer = browser.post(f"/teot/{deed.id}/taydenna/kenelle", {"benefits": slugs, "version": deed.version})
    assert answer.status_code == 422
    assert answer.text.count(" checked") >= 9


def test_they_come_and_go_by_the_line_and_an_unknown_one_is_made(session: Session, make: Factory) -> None:
    make.sector("koko-kunta", "koko kunta")
    make.organisation("Nokian kaupunki")
    cooks = make.tag(TagKind.PROFESSION, "kokit")
    sent = line(
        external_id="x",
        professions=["Kokit", "emännät"],
        benefits=["säästö"],
        methods=["Kysely"],
        situations=["Kriisi"],
    )
    with transaction():
        import_deeds(session, SYSTEM, [sent])
    deed = session.scalars(select(Deed)).one()
    assert as_record(deed)["professions"] == ["emannat", "kokit"]
    assert as_record(deed)["benefits"] == ["saasto"]
    assert (as_record(deed)["methods"], as_record(deed)["situations"]) == (["kysely"], ["kriisi"])
    assert cooks in deed.tags
    with transaction():
        report = import_deeds(session, SYSTEM, [sent])
    assert (report.updated, report.unchanged) == (0, 1)
    with transaction():
        import_deeds(session, SYSTEM, [json.dumps({**json.loads(sent), "professions": []})])
    session.expire_all()
    assert "professions" not in as_record(deed)


def test_an_earlier_version_brings_back_those_that_there_are(session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed("Kuvakortit", tags=[make.tag(TagKind.PROFESSION, "opettajat")])
    kept = as_record(deed)
    content = history.content_from_line(session, deed, {**kept, "benefits": ["poistettu"]})
    assert [tag.slug for tag in content.professions] == ["opettajat"]
    assert content.benefits == ()
    with transaction():
        service.edit(session, editor, deed, content_of(deed), deed.version)
    assert [tag.slug for tag in deed.tags] == ["opettajat"]


def test_a_merge_takes_deeds_searches_and_addresses_along(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    source, target = make.tag(name="opet", synonyms=["maikka"]), make.tag(name="opettajat")
    both, one = make.deed("Molemmat", tags=[source, target]), make.deed("Toinen", tags=[source])
    session.add(SavedSearch(user_id=editor.id or 0, name="Oma", query="q=malli&ammatti=opet"))
    session.commit()
    target_id = target.id
    with transaction():
        tags.merge_tags(session, editor, source, target)
    session.expire_all()
    assert [tag.id for tag in both.tags] == [tag.id for tag in one.tags] == [target_id]
    assert session.get_one(Tag, target_id).synonyms == ["opet", "maikka"]
    assert session.scalars(select(SavedSearch.query)).one() == "q=malli&ammatti=opettajat"
    assert set(session.scalars(select(IndexTask.deed_id))) >= {both.id, one.id}
    for address in ("/teot", "/api/v1/deeds", "/teot.csv"):
        answer = client.get(f"{address}?ammatti=opet&q=a")
        assert answer.status_code == 301
        assert answer.location.endswith(f"{address}?ammatti=opettajat&q=a")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "TagsMerged")).one()
    assert entry.data["name"] == "opet"


def test_only_the_unused_are_removed_and_kinds_do_not_mix(session: Session, make: Factory, editor: Actor) -> None:
    used, unused = make.tag(name="opettajat"), make.tag(name="kokit")
    other = make.tag(TagKind.BENEFIT, "opettajat")
    make.deed(status="draft", tags=[used])
    with pytest.raises(RuleBroken, match="tag_in_use"), transaction():
        tags.remove_tag(session, editor, used)
    with pytest.raises(RuleBroken, match="same_tag"), transaction():
        tags.merge_tags(session, editor, used, other)
    with pytest.raises(RuleBroken, match="tag_exists"), transaction():
        tags.add_tag(session, editor, TagKind.PROFESSION, TagTexts("Opettajat"))
    with pytest.raises(NotAllowed), transaction():
        tags.remove_tag(session, Actor(make.user()), unused)
    with transaction():
        tags.remove_tag(session, editor, unused)
    assert session.scalar(select(func.count()).select_from(Tag)) == 2


def test_the_desk_adds_renames_merges_and_removes(session: Session, make: Factory, desk: Browser) -> None:
    assert desk.get("/hallinta/valinnat").status_code == 200
    assert desk.get("/hallinta/valinnat/uusi/muu").status_code == 404
    assert desk.post("/hallinta/valinnat/uusi/ammatti", {"name": ""}).status_code == 422
    for name in ("talonmiehet", "kiinteistönhoitajat", "turha"):
        assert desk.post("/hallinta/valinnat/uusi/ammatti", {"name": name, "synonyms": "huolto"}).status_code == 303
    one, two, three = session.scalars(select(Tag).order_by(Tag.id)).all()
    renamed = desk.edit(f"/hallinta/valinnat/{one.id}", {"name": "talkkarit", "name_sv": "gårdskarlar"})
    assert renamed.status_code == 303
    assert desk.post(f"/hallinta/valinnat/{one.id}/yhdista", {"into": two.id}).status_code == 303
    assert desk.post(f"/hallinta/valinnat/{three.id}/poista", {}).status_code == 303
    session.rollback()
    (left,) = session.scalars(select(Tag)).all()
    assert left.synonyms == ["huolto", "talkkarit", "gårdskarlar"]
    for old in ("talonmiehet", "talkkarit"):
        assert desk.get(f"/teot?ammatti={old}").location.endswith("/teot?ammatti=kiinteistonhoitajat")
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("Tag%"))).all()
    assert sorted(events) == ["TagChanged"] * 4 + ["TagRemoved", "TagsMerged"]


def test_the_page_tells_what_is_never_used_and_what_is_too_general(make: Factory, desk: Browser) -> None:
    everybody = make.tag(TagKind.CUSTOMERS, "kaikki")
    make.tag(TagKind.CUSTOMERS, "ei kukaan")
    make.deed("Yksi", tags=[everybody])
    page = desk.get("/en/hallinta/valinnat").text
    assert "Never used" in page
    assert "Too general" in page
