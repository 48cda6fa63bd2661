"""Writing by a key: drafts and deeds of an own organisation, never more than the key's person and scopes allow."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.conftest import Site
from tests.factories import Factory
from tori.accounts import api_tokens
from tori.accounts.api_tokens import Scope
from tori.core import clock
from tori.models.deeds import Deed, DeedStatus, Theme
from tori.models.machines import ApiToken
from tori.models.operations import AuditEntry
from tori.models.people import Organisation, Role, User
from tori.policy import Actor

DRAFT = {"title": "Pyörät lainaan", "summary": "Henkilöstö lainaa pyörän työasiaan.", "sector": "opetus-ja-kasvatus"}


def key_of(session: Session, user: User, *scopes: Scope) -> str:
    key = api_tokens.make(session, Actor(user), "Intranet", scopes or list(Scope), 90)
    session.commit()
    return key


@pytest.fixture
def nokia(session: Session, site: Site) -> Organisation:
    return session.get_one(Organisation, site["whole"].organisation_id)


@pytest.fixture
def steward(make: Factory, nokia: Organisation) -> User:
    return make.user(organisation=nokia, steward=True)


def post_draft(client: FlaskClient, key: str, data: Any, **headers: str) -> Any:
    return client.post("/api/v1/deeds", json=data, headers={"Authorization": f"Bearer {key}", **headers})


def bring_in(client: FlaskClient, key: str, lines: list[Any], query: str = "", slug: str = "nokian-kaupunki") -> Any:
    body = "\n".join(json.dumps(line) for line in lines)
    return client.post(
        f"/api/v1/organisations/{slug}/import{query}", data=body, content_type="application/x-ndjson",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip


def line(**more: Any) -> dict[str, Any]:
    return {**DRAFT, "organisation": "Nokian kaupunki", "external_id": "nokia-1", **more}


def problems_of(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(row["field"], row["code"]) for row in answer.get_json()["problems"]}


# Drafts


def test_a_key_writes_a_draft_that_only_its_people_see(
    client: FlaskClient, session: Session, steward: User, nokia: Organisation
) -> None:
    data = {**DRAFT, "need": "Autoja oli **liian vähän**.", "indicators": [{"name": "Lainat", "actual": 12}]}
    answer = post_draft(client, key_of(session, steward), data)
    assert answer.status_code == 201, answer.text
    item = answer.get_json()
    deed = session.get_one(Deed, item["id"])
    assert (deed.status, deed.author_id, deed.organisation_id) == (DeedStatus.DRAFT, steward.id, nokia.id)
    assert deed.rendered["need"].startswith("<p>Autoja oli <strong>")
    assert answer.headers["Location"] == item["url"]
    assert client.get(f"/api/v1/deeds/{deed.id}").status_code == 404
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "DeedSaved")).one()
    assert (entry.actor_id, entry.data["deed_id"]) == (steward.id, deed.id)
    assert entry.source.startswith("api key ")


def test_the_same_idempotency_key_makes_one_draft_for_each_person(
    client: FlaskClient, session: Session, make: Factory, steward: User, nokia: Organisation
) -> None:
    other = make.user(organisation=nokia)
    key, others = key_of(session, steward), key_of(session, other)
    first = post_draft(client, key, DRAFT, **{"Idempotency-Key": "42"}).get_json()
    again = post_draft(client, key, DRAFT, **{"Idempotency-Key": "42"}).get_json()
    another = post_draft(client, others, DRAFT, **{"Idempotency-Key": "42"}).get_json()
    assert first["id"] == again["id"] != another["id"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": ""}, ("title", "missing")),
        ({"sector": "avaruus"}, ("sector", "unknown_sector")),
        ({"organisation": "Olematon kunta"}, ("organisation", "unknown_organisation")),
        ({"themes": ["en-ole-teema"]}, ("themes", "unknown_theme")),
        ({"status": "published"}, ("status", "not_for_drafts")),
        ({"external_id": "kokeilupaja"}, ("external_id", "not_for_drafts")),
        ({"editor_note": "x"}, ("editor_note", "not_for_drafts")),
        ({"otsikko": "x"}, ("otsikko", "unknown_key")),
    ],
)
def test_what_a_draft_cannot_be_is_told_by_field(
    client: FlaskClient, session: Session, steward: User, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    before = len(session.scalars(select(Deed.id)).all())
    answer = post_draft(client, key_of(session, steward), {**DRAFT, **change})
    assert problem in problems_of(answer)
    assert len(session.scalars(select(Deed.id)).all()) == before
    assert session.scalar(select(Theme).where(Theme.name == "en-ole-teema")) is None


def test_a_draft_is_for_an_own_organisation(client: FlaskClient, session: Session, steward: User) -> None:
    answer = post_draft(client, key_of(session, steward), {**DRAFT, "organisation": "Raahen kaupunki"})
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"


# Keys


def test_without_a_key_nothing_is_written(client: FlaskClient, session: Session, steward: User) -> None:
    for header in ("", "Bearer", "Bearer tt_x", "Basic abc", "Bearer " + "x" * 500):
        answer = client.post("/api/v1/deeds", json=DRAFT, headers={"Authorization": header} if header else {})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_does_only_what_its_scope_names(client: FlaskClient, session: Session, steward: User) -> None:
    drafts, imports = key_of(session, steward, Scope.DRAFT), key_of(session, steward, Scope.IMPORT)
    assert post_draft(client, imports, DRAFT).status_code == 403
    assert bring_in(client, drafts, [line()]).status_code == 403


def test_a_key_ends_when_it_is_revoked_out_of_date_or_its_person_is(
    client: FlaskClient, session: Session, steward: User
) -> None:
    key = key_of(session, steward)
    row = session.scalars(select(ApiToken)).one()
    assert key not in str(row.__dict__)
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert post_draft(client, key, DRAFT).status_code == 401
    steward.disabled_at = clock.now()
    session.commit()
    assert post_draft(client, key, DRAFT).status_code == 401
    steward.disabled_at = None
    session.commit()
    assert post_draft(client, key, DRAFT).status_code == 201
    session.refresh(row)
    assert row.used_at is not None
    api_tokens.revoke(session, Actor(steward), row.id)
    session.commit()
    assert post_draft(client, key, DRAFT).status_code == 401


def test_a_blocked_person_writes_nothing_by_a_key(client: FlaskClient, session: Session, steward: User) -> None:
    key = key_of(session, steward)
    steward.blocked_until = clock.now() + timedelta(days=1)
    session.commit()
    assert post_draft(client, key, DRAFT).status_code == 403
    assert bring_in(client, key, [line()]).status_code == 403


def test_a_key_carries_no_role(client: FlaskClient, session: Session, make: Factory, site: Site) -> None:
    """An administrator's key has no second factor behind it."""
    key = key_of(session, make.user(role=Role.ADMIN))
    assert bring_in(client, key, [line()]).status_code == 403
    assert post_draft(client, key, {**DRAFT, "organisation": "Nokian kaupunki"}).status_code == 403


def test_keys_and_cookies_do_not_mix(client: FlaskClient, session: Session, steward: User) -> None:
    """A key opens no page, and nothing is kept in a cookie."""
    answer = post_draft(client, key_of(session, steward), DRAFT)
    assert "Set-Cookie" not in answer.headers
    assert client.get("/oma", headers={"Authorization": f"Bearer {key_of(session, steward)}"}).status_code == 302


@pytest.mark.parametrize("path", ["/api/v1/deeds/1", "/api/v1/statistics"])
def test_what_is_only_read_says_so(client: FlaskClient, site: Site, path: str) -> None:
    answer = client.post(path, json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


# Deeds of an own organisation


def test_a_contact_person_brings_in_the_deeds_of_the_organisation(
    client: FlaskClient, session: Session, steward: User, nokia: Organisation
) -> None:
    key = key_of(session, steward)
    told = bring_in(client, key, [line(), line(external_id="nokia-2", title="Toinen")], "?dry_run=1").get_json()
    assert (told["created"], told["dry_run"]) == (2, True)
    assert session.scalar(select(Deed).where(Deed.external_id == "nokia-1")) is None
    session.rollback()
    answer = bring_in(client, key, [line(), line(external_id="nokia-2", title="Toinen", status="draft")])
    assert answer.get_json() == {"created": 2, "updated": 0, "unchanged": 0, "dry_run": False, "problems": []}
    rows = {deed.external_id: deed for deed in session.scalars(select(Deed).where(Deed.external_id.like("nokia-%")))}
    assert {name: row.status for name, row in rows.items()} == {"nokia-1": "published", "nokia-2": "draft"}
    again = bring_in(client, key, [line(title="Pyörät kaikille"), line(external_id="nokia-2", title="Toinen")])
    assert (again.get_json()["updated"], again.get_json()["unchanged"]) == (1, 1)
    session.rollback()
    sources = session.scalars(select(AuditEntry.source).where(AuditEntry.event == "DeedImported")).all()
    assert len(sources) == 3
    assert all(source.startswith("api key ") for source in sources)


def test_who_is_not_trusted_yet_brings_in_drafts(client: FlaskClient, session: Session, steward: User) -> None:
    steward.trusted_at = None
    session.commit()
    assert bring_in(client, key_of(session, steward), [line(status="published")]).status_code == 200
    assert session.scalars(select(Deed).where(Deed.external_id == "nokia-1")).one().status == DeedStatus.DRAFT


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"organisation": "Raahen kaupunki"}, ("organisation", "other_organisation")),
        ({"organisation": "Uusi kunta"}, ("organisation", "other_organisation")),
        ({"external_id": "raahe-1"}, ("external_id", "other_organisation")),
        ({"external_id": "vedetty"}, ("external_id", "deed_closed")),
        ({"part_of": "raahe-1"}, ("part_of", "other_organisation")),
        ({"variant_of": "raahe-luonnos"}, ("variant_of", "unknown_deed")),
        ({"themes": ["oma-teema"]}, ("themes", "unknown_theme")),
        ({"editor_note": "x"}, ("editor_note", "editors_only")),
        ({"status": "withdrawn"}, ("status", "bad_choice")),
    ],
)
def test_a_file_reaches_no_further_than_the_organisation(
    client: FlaskClient, session: Session, make: Factory, site: Site, steward: User,
    change: dict[str, Any], problem: tuple[str, str],
) -> None:  # fmt: skip
    site["withdrawn"].external_id, site["part"].external_id = "vedetty", "raahe-1"
    raahe = site["part"].organisation_id
    make.deed("Raahen luonnos", organisation_id=raahe, status=DeedStatus.DRAFT, external_id="raahe-luonnos")
    session.commit()
    before = session.execute(select(Deed.id, Deed.title, Deed.status, Deed.version)).all()
    assert problem in problems_of(bring_in(client, key_of(session, steward), [line(**change)]))
    session.rollback()
    assert session.execute(select(Deed.id, Deed.title, Deed.status, Deed.version)).all() == before


def test_only_a_contact_person_brings_in(
    client: FlaskClient, session: Session, make: Factory, nokia: Organisation
) -> None:
    key = key_of(session, make.user(organisation=nokia))
    assert bring_in(client, key, [line()]).status_code == 403
    assert bring_in(client, key, [line()], slug="raahen-kaupunki").status_code == 403
    assert bring_in(client, key, [line()], slug="ei-ole").status_code == 404


def test_too_much_and_another_kind_are_refused(client: FlaskClient, session: Session, steward: User) -> None:
    key = key_of(session, steward)
    headers = {"Authorization": f"Bearer {key}"}
    assert bring_in(client, key, [{}] * 1001).status_code == 413
    wrong = client.post("/api/v1/organisations/nokian-kaupunki/import", json=line(), headers=headers)
    assert wrong.status_code == 415
    assert client.post("/api/v1/deeds", data={"title": "x"}, headers=headers).status_code == 415


def test_a_good_line_goes_in_beside_a_bad_one_when_asked(client: FlaskClient, session: Session, steward: User) -> None:
    answer = bring_in(client, key_of(session, steward), [line(), {"title": "x"}], "?keep_going=1").get_json()
    assert answer["created"] == 1
    assert {row["line"] for row in answer["problems"]} == {2}
