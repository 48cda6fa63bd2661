"""The pages of deeds over HTTP."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.database import db
from tori.models.deeds import Adoption, Comment, Deed, DeedStatus
from tori.models.people import Role
from tori.search import indexing
from tori.wiring import engine_of

QUICK = {
    "title": "Lukuhetki palvelutalossa",
    "summary": "Luemme ääneen kerran viikossa.",
    "sector": "koko-kunta",
    "language": "fi",
}


PLACES_OF_PUBLIC_DEEDS = [
    "/", "/teot", "/teot?q=purjelentokone", "/teot?tila=luonnos", "/teot.atom", "/teot.csv", "/sitemap.xml",
    "/api/v1/deeds", "/api/v1/suggest?q=purje",
]  # fmt: skip


@pytest.fixture
def member(make: Factory, browser: Browser) -> Browser:
    make.sector()
    return browser.sign_in(make.user(organisation=make.organisation("Nokian kaupunki")))


def own_organisation(session: Session) -> int:
    from tori.models.people import Organisation

    return session.scalars(select(Organisation.id).where(Organisation.slug == "nokian-kaupunki")).one()


def quick(session: Session, **changes: Any) -> dict[str, Any]:
    organisation = own_organisation(session)
    session.rollback()  # what the request changes is seen only by a transaction that begins after it
    return {**QUICK, "organisation": organisation, "action": "publish", **changes}


def renew(session: Session) -> None:
    """Sees what requests have changed meanwhile."""
    session.rollback()
    session.expire_all()


def index_everything(app: Flask, session: Session) -> None:
    while indexing.drain(session, engine_of(app.extensions["tori"])):
        pass


def test_a_quick_deed_is_published_and_seen(member: Browser, session: Session, client: FlaskClient) -> None:
    answer = member.post("/teot/uusi", quick(session))
    assert answer.status_code == 303
    assert answer.location.endswith("/kiitos")
    assert "Lukuhetki palvelutalossa" in client.get("/").text


def test_the_short_form_asks_the_goal_and_tells_what_the_choices_mean(
    member: Browser, session: Session, make: Factory, client: FlaskClient
) -> None:
    make.sector("ruoka", "ruoka").meanings = {"fi": "Keittiöt ja siivous."}
    make.theme("arki").meanings = {"fi": "Pienet asiat työssä."}
    session.commit()
    for form in (member.get("/teot/uusi").text, client.get("/teot/uusi").text):
        assert form.index('name="title"') < form.index('name="goals"') < form.index('name="summary"')
        assert 'name="need"' not in form
        assert "Keittiöt ja siivous." in form
        assert "Pienet asiat työssä." in form
    member.post("/teot/uusi", quick(session, goals="Puolet jonosta pois."))
    renew(session)
    assert session.scalars(select(Deed.goals).where(Deed.title == QUICK["title"])).one() == "Puolet jonosta pois."


def test_a_published_deed_is_found_when_the_index_has_caught_up(
    app: Flask, member: Browser, session: Session, client: FlaskClient
) -> None:
    member.post("/teot/uusi", quick(session))
    index_everything(app, session)
    assert "Lukuhetki palvelutalossa" in client.get("/teot?q=lukuhetkien").text
    assert "Lukuhetki palvelutalossa" not in client.get("/teot?q=vesihuolto").text


def test_a_draft_is_saved_and_continued(member: Browser, session: Session, client: FlaskClient) -> None:
    answer = member.post("/teot/uusi", quick(session, action="draft"))
    deed = session.scalars(select(Deed)).one()
    assert deed.status == DeedStatus.DRAFT
    assert answer.location.endswith(f"/teot/{deed.id}/muokkaa")
    page = member.get(answer.location).text
    assert "Luemme ääneen kerran viikossa." in page
    assert client.get(f"/teot/{deed.id}").status_code == 404


def test_a_bad_form_keeps_the_text_and_says_what_is_wrong(member: Browser, session: Session) -> None:
    answer = member.post("/teot/uusi", quick(session, title="", sector=""))
    assert answer.status_code == 422
    assert "Luemme ääneen kerran viikossa." in answer.text
    assert 'id="error-summary"' in answer.text
    assert 'href="#title"' in answer.text
    assert session.scalars(select(Deed)).all() == []


def test_f30_a_double_click_makes_one_deed(member: Browser, session: Session) -> None:
    for _click in range(2):
        assert member.post("/teot/uusi", quick(session, form_number="abc")).status_code == 303
    assert len(session.scalars(select(Deed)).all()) == 1


def test_z08_a_form_takes_only_its_own_fields(member: Browser, session: Session) -> None:
    member.post("/teot/uusi", quick(session, status="archived", adoption_count="9999", author_id="1", is_short="1"))
    deed = session.scalars(select(Deed)).one()
    assert (deed.status, deed.adoption_count, deed.is_short) == (DeedStatus.PUBLISHED, 0, False)


def test_z08_another_organisation_is_refused(member: Browser, session: Session, make: Factory) -> None:
    other = make.organisation("Kangasalan kaupunki")
    assert member.post("/teot/uusi", quick(session, organisation=other.id)).status_code == 422


def test_f29_two_editors_see_both_texts(member: Browser, session: Session) -> None:
    member.post("/teot/uusi", quick(session))
    deed = session.scalars(select(Deed)).one()
    path = f"/teot/{deed.id}/muokkaa"
    assert member.post(path, quick(session, summary="Ensimmäinen muutos.", version=1)).status_code == 303
    answer = member.post(path, quick(session, summary="Toinen muutos.", version=1))
    assert answer.status_code == 409
    assert "Ensimmäinen muutos." in answer.text
    assert "Toinen muutos." in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version is not None
    assert member.post(path, quick(session, summary="Toinen muutos.", version=version[1])).status_code == 303


def test_the_wrong_slug_leads_to_the_right_one(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Aamupalaveri kävellen")
    answer = client.get(f"/sv/teot/{deed.id}-vaara")
    assert (answer.status_code, answer.location) == (301, f"/sv/teot/{deed.id}-aamupalaveri-kavellen")


def test_z12_a_draft_gives_its_slug_to_nobody(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    answer = client.get(f"/teot/{deed.id}-vaara")
    assert answer.status_code == 404
    assert "salainen" not in answer.text.lower()


def test_a_withdrawn_deed_is_gone_not_missing(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Julkaistu vahingossa", status=DeedStatus.WITHDRAWN)
    answer = client.get(f"/teot/{deed.id}")
    assert answer.status_code == 410
    assert "vahingossa" not in answer.text


@pytest.mark.parametrize(
    "path", ["/teot/{}", "/teot/{}-x", "/teot/{}/muokkaa", "/teot/{}/mallia", "/teot/{}/poista", "/teot/{}/kiitos"]
)
def test_z04_z07_a_hidden_deed_and_a_missing_one_answer_alike(
    make: Factory, browser: Browser, client: FlaskClient, path: str
) -> None:
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    browser.sign_in(make.user(organisation=make.organisation("Kangasalan kaupunki")))
    for reader in (client, browser.client):
        hidden, missing = reader.get(path.format(draft.id)), reader.get(path.format(99_999))
        assert hidden.status_code == missing.status_code == 404
        assert "Salainen" not in hidden.text


def test_z05_a_draft_is_nowhere(app: Flask, session: Session, make: Factory, client: FlaskClient) -> None:
    make.deed("Purjelentokone luonnoksena", status=DeedStatus.DRAFT)
    make.deed("Julkinen purjelentokone")
    index_everything(app, session)
    for path in PLACES_OF_PUBLIC_DEEDS:
        answer = client.get(path)
        assert "luonnoksena" not in answer.text, path
        assert answer.status_code == 200, path
    assert "Julkinen purjelentokone" in client.get("/teot?q=purjelentokone").text


def test_z22_a_withdrawn_deed_is_not_found_before_the_index_knows(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    deed = make.deed("Julkinen purjelentokone")
    index_everything(app, session)
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    assert "Julkinen purjelentokone" not in client.get("/teot?q=purjelentokone").text


def test_pressing_and_taking_back(member: Browser, session: Session, make: Factory) -> None:
    deed = make.deed(organisation_id=make.organisation("Kangasalan kaupunki").id)
    assert member.post(f"/teot/{deed.id}/mallia").status_code == 303
    renew(session)
    assert deed.adoption_count == 1
    assert "Nokian kaupunki" in member.get(f"/teot/{deed.id}-{deed.slug}").text
    assert member.post(f"/teot/{deed.id}/mallia/peru").status_code == 303
    renew(session)
    assert deed.adoption_count == 0


def test_a_press_of_a_script_gets_the_box_only(member: Browser, make: Factory) -> None:
    deed = make.deed(organisation_id=make.organisation("Kangasalan kaupunki").id)
    answer = member.post(f"/teot/{deed.id}/mallia", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    assert "data-press-target" in answer.text
    assert "<html" not in answer.text


def test_adoption_details_are_shown_to_all(
    member: Browser, session: Session, make: Factory, client: FlaskClient
) -> None:
    deed = make.deed(organisation_id=make.organisation("Kangasalan kaupunki").id)
    member.post(f"/teot/{deed.id}/mallia")
    details = {"closeness": "adapted", "status": "kokeilee", "note": "Vain <b>aamuisin</b>."}
    assert member.post(f"/teot/{deed.id}/mallia/tiedot", details).status_code == 303
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "Vain &lt;b&gt;aamuisin&lt;/b&gt;." in page


def test_a_visitors_press_leads_through_signing_in(make: Factory, client: FlaskClient) -> None:
    deed = make.deed()
    answer = client.get(f"/teot/{deed.id}/mallia")
    assert answer.status_code == 302
    assert answer.location.startswith("/kirjaudu?next=")
    assert "mallia" in answer.location


def test_c01_a_post_without_a_token_changes_nothing(member: Browser, session: Session, make: Factory) -> None:
    deed = make.deed(organisation_id=make.organisation("Kangasalan kaupunki").id)
    for path in (f"/teot/{deed.id}/mallia", f"/teot/{deed.id}/kommentit", "/teot/uusi"):
        assert member.client.post(path, data={"body": "Hei"}).status_code == 400
    assert session.scalars(select(Adoption)).all() == []


def test_c03_a_post_from_elsewhere_is_refused(member: Browser, make: Factory) -> None:
    deed = make.deed(organisation_id=make.organisation("Kangasalan kaupunki").id)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert member.post(f"/teot/{deed.id}/mallia", headers=headers).status_code == 403


def test_a_comment_is_shown_escaped_with_its_organisation(member: Browser, make: Factory, client: FlaskClient) -> None:
    deed = make.deed()
    answer = member.post(
        f"/teot/{deed.id}/kommentit", {"body": "<script>alert(1)</script> **hieno**", "kind": "comment"}
    )
    assert answer.status_code == 303
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "<strong>hieno</strong>" in page
    assert "<script>alert" not in page
    assert "Nokian kaupunki" in page


def test_an_empty_comment_is_told_at_its_field(member: Browser, make: Factory) -> None:
    deed = make.deed()
    answer = member.post(f"/teot/{deed.id}/kommentit", {"body": "  ", "kind": "question"})
    assert answer.status_code == 422
    assert 'id="body-error"' in answer.text


def test_z13_a_comment_is_not_removed_through_another_deed(member: Browser, session: Session, make: Factory) -> None:
    deed, other = make.deed(), make.deed("Toinen teko")
    member.post(f"/teot/{deed.id}/kommentit", {"body": "Kiitos!", "kind": "comment"})
    comment = session.scalars(select(Comment)).one()
    assert member.post(f"/teot/{other.id}/kommentit/{comment.id}/poista").status_code == 404
    assert member.post(f"/teot/{deed.id}/kommentit/{comment.id}/poista").status_code == 303


def test_r04_the_sixtieth_comment_is_too_many(member: Browser, make: Factory) -> None:
    deed = make.deed()
    token = member.token()
    answers = [
        member.client.post(
            f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": f"Kiitos {n}!", "kind": "comment"}
        )
        for n in range(21)
    ]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_preview_saves_nothing(member: Browser, session: Session) -> None:
    answer = member.post("/teot/esikatselu", quick(session, implementation="## Näin\n\nKerran viikossa."))
    assert answer.status_code == 200
    assert "<h3>Näin</h3>" in answer.text
    assert session.scalars(select(Deed)).all() == []


def test_taking_away(member: Browser, session: Session) -> None:
    member.post("/teot/uusi", quick(session))
    deed = session.scalars(select(Deed)).one()
    assert member.post(f"/teot/{deed.id}/poista", {"action": "withdraw", "reason": ""}).status_code == 422
    assert member.post(f"/teot/{deed.id}/poista", {"action": "archive"}).status_code == 303
    renew(session)
    assert deed.status == DeedStatus.ARCHIVED


def test_a_member_without_an_organisation_is_led_to_the_details(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    page = browser.get("/teot/uusi")
    assert page.status_code == 200
    assert "/oma/tiedot" in page.text


def test_editors_see_drafts_and_others_do_not(make: Factory, app: Flask) -> None:
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT)
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    manager = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert "Salainen luonnos" in editor.get(f"/teot/{draft.id}-{draft.slug}").text
    assert manager.get(f"/teot/{draft.id}-{draft.slug}").status_code == 404


class Counter:
    """Counts the statements sent to the database."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __enter__(self) -> "Counter":
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        self.statements.append(statement)


@pytest.mark.parametrize("count", [3, 40])
@pytest.mark.parametrize(("path", "limit"), [("/", 12), ("/teot", 12), ("/teot?q=palaveri", 12), ("/teot/{}-{}", 15)])
def test_pages_ask_the_database_a_bounded_number_of_times(
    app: Flask, session: Session, make: Factory, client: FlaskClient, path: str, limit: int, count: int
) -> None:
    sectors = [make.sector(f"toimiala-{number}", f"toimiala {number}") for number in range(3)]
    themes = [make.theme(f"teema {number}") for number in range(4)]
    for number in range(count):
        make.deed(f"Palaveri numero {number}", themes=themes[: number % 4], sector_id=sectors[number % 3].id)
    deed = session.scalars(select(Deed)).first()
    assert deed is not None
    index_everything(app, session)
    address = path.format(deed.id, deed.slug)
    client.get(address)
    renew(session)
    with Counter() as counter:
        assert client.get(address).status_code == 200
    assert len(counter.statements) <= limit, "\n".join(counter.statements)


@pytest.mark.parametrize(
    "query",
    ["%00", "a" * 10_000, "%22auki", "(" * 300, "-", "*", "tila:luonnos", "😀", "' OR '1'='1", "%ff", "ja on ei", "\\"],
)
def test_i02_odd_searches_get_an_answer(
    app: Flask, session: Session, make: Factory, client: FlaskClient, query: str
) -> None:
    make.deed()
    index_everything(app, session)
    assert client.get(f"/teot?q={query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "sivu=0",
        "sivu=-1",
        "sivu=99999999999999999999",
        "sivu=%D9%A1",
        "vuosi=NaN",
        "toimiala=ei-ole",
        "jarjestys=x",
        "outo=1",
    ],
)
def test_i11_odd_parameters_are_ignored(
    app: Flask, session: Session, make: Factory, client: FlaskClient, query: str
) -> None:
    make.deed()
    index_everything(app, session)
    assert client.get(f"/teot?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/teot/99999999999999999999999-x", "/teot/0", "/teot/-1", "/teot/1.5"])
def test_i11_numbers_out_of_range_are_missing_pages(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_an_index_titles_are_searched_and_it_is_said(make: Factory, client: FlaskClient) -> None:
    make.deed("Purjelentokone koulussa")
    make.deed("Aivan muu")
    answer = client.get("/teot?q=purjelentokone")
    assert "Purjelentokone koulussa" in answer.text
    assert "Aivan muu" not in answer.text
    assert "notice-warning" in answer.text


def test_h07_a_visitors_pages_set_no_cookie_and_may_be_cached(make: Factory, client: FlaskClient) -> None:
    deed = make.deed()
    for path in ("/", "/teot", f"/teot/{deed.id}-{deed.slug}"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer.headers["Cache-Control"]
        assert "csrf_token" not in answer.text
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_h08_a_members_pages_are_private(member: Browser) -> None:
    for path in ("/", "/teot", "/oma"):
        answer = member.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in answer.headers["Vary"]


class _Forms(HTMLParser):
    """Where a form begins inside another: browsers leave the inner one out, and its buttons do something else."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.nested: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.depth += 1
            if self.depth > 1:
                self.nested.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.depth -= 1


def nested_forms(page: str) -> list[dict[str, str | None]]:
    parser = _Forms()
    parser.feed(page)
    return parser.nested


def test_no_form_stands_in_another(browser: Browser, client: FlaskClient, make: Factory) -> None:
    deed = make.deed("Kävelevä palaveri")
    reader = make.user(organisation=make.organisation("Nokian kaupunki"))
    browser.sign_in(reader)
    paths = [
        "/",
        "/teot",
        "/teot?q=palaveri",
        "/teot?q=zzzqqq",
        f"/teot/{deed.id}-{deed.slug}",
        "/organisaatiot",
        "/kartta",
    ]
    for path in paths:
        assert nested_forms(client.get(path).text) == [], path
        assert nested_forms(browser.get(path).text) == [], path
    for path in ("/teot/uusi", "/teot/uusi?koko=1", "/oma", "/oma/seurannat", "/oma/tallennetut", "/toiveet/uusi"):
        assert nested_forms(browser.get(path).text) == [], path
