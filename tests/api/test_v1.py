"""The JSON interface over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.api.conftest import Site
from tests.conftest import Browser
from tests.factories import Factory
from tori.models.deeds import Adoption, Deed
from tori.search import indexing
from tori.search.port import IndexUnavailable, SearchQuery
from tori.wiring import engine_of

Fetch = Callable[..., Any]


def test_the_list_answers_in_the_promised_shape(fetch: Fetch, site: Site) -> None:
    page = fetch("/api/v1/deeds?q=kokeilupaja&per_page=1")
    promised = {"items", "total", "page", "per_page", "facets", "did_you_mean"}
    assert set(page) == promised | {"corrected_from", "relaxed"}
    assert (page["page"], page["per_page"]) == (1, 1)
    item = page["items"][0]
    assert item["id"] == site["whole"].id
    assert item["external_id"] == "kokeilupaja"
    assert item["url"] == f"http://127.0.0.1:8000/teot/{site['whole'].id}-kokeilupaja-koulun-pihalla"
    assert item["organisation"] == {"name": "Nokian kaupunki", "slug": "nokian-kaupunki"}
    assert item["sector"] == "opetus-ja-kasvatus"
    assert item["themes"] == ["kokeilukulttuuri"]
    assert item["published_on"] == "2026-05-04"
    assert (item["adoptions"], item["comments"], item["language"]) == (0, 0, "fi")


def test_the_words_found_are_marked_and_other_text_is_escaped(
    app: Any, client: FlaskClient, session: Session, make: Factory
) -> None:
    from tori.search import indexing

    make.deed("Pyöräily", summary="Pyöräily <b>& kävely</b> yhdistyvät.")
    indexing.rebuild(session, app.extensions["tori.search"]())
    item = client.get("/api/v1/deeds?q=pyöräily").get_json()["items"][0]
    assert "<mark>" in item["highlights"][0]
    assert "<b>" not in item["highlights"][0]


def test_only_public_deeds_are_listed(fetch: Fetch, site: Site) -> None:
    """Z05: the archived one is public, the draft and the withdrawn one are not."""
    page = fetch("/api/v1/deeds")
    assert {item["id"] for item in page["items"]} == {site["whole"].id, site["part"].id, site["archived"].id}
    assert page["total"] == 3


def test_filters_narrow_and_facets_count_without_their_own_filter(fetch: Fetch) -> None:
    page = fetch("/api/v1/deeds?toimiala=ruoka-ja-siivouspalvelut")
    assert page["total"] == 1
    counts = {item["value"]: item["count"] for item in page["facets"]["sector"]}
    assert counts == {"opetus-ja-kasvatus": 2, "ruoka-ja-siivouspalvelut": 1}
    labels = {item["label"] for item in page["facets"]["organisation"]}
    assert labels == {"Raahen kaupunki"}


def test_values_of_one_filter_are_alternatives(fetch: Fetch) -> None:
    page = fetch("/api/v1/deeds?organisaatio=nokian-kaupunki&organisaatio=raahen-kaupunki")
    assert page["total"] == 3


def test_pages_do_not_overlap(fetch: Fetch) -> None:
    ids = [fetch(f"/api/v1/deeds?per_page=1&sivu={number}")["items"][0]["id"] for number in (1, 2, 3)]
    assert len(set(ids)) == 3
    assert fetch("/api/v1/deeds?per_page=1&sivu=4")["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        "per_page=100000", "per_page=-1", "per_page=0", "per_page=1e3", "per_page=", "per_page=٣", "sivu=0",
        "sivu=99999999999999999999", "author_email=x", "sort=password_hash", "fields=email",
        "filter[author.email]=x", "tila=luonnos", "include_drafts=1", "toimiala=ei-ole", "toimiala=", "teema=%00",
        "organisaatio=ei-ole", "maakunta=ei-ole", "vuosi=abc", "vuosi=20", "kieli=de", "jarjestys=satunnainen",
        "q=a&q=b", "sivu=1&sivu=2", "toimiala=%F0%9F%92%A9", "Q=x",
    ],
)  # fmt: skip
def test_unknown_parameters_and_values_are_refused(client: FlaskClient, site: Site, query: str) -> None:
    """Z10, Z11: only the named parameters, only their values, never more than a hundred rows."""
    answer = client.get(f"/api/v1/deeds?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["status"] == 400


def test_a_refusal_says_what_is_allowed(client: FlaskClient, site: Site) -> None:
    assert "per_page" in client.get("/api/v1/deeds?perpage=5").get_json()["allowed"]
    assert client.get("/api/v1/deeds?toimiala=x").get_json()["allowed"] == [
        "opetus-ja-kasvatus", "ruoka-ja-siivouspalvelut",
    ]  # fmt: skip
    assert client.get("/api/v1/deeds?per_page=500").get_json()["allowed"] == ["1–100"]


def test_one_deed_has_every_field_of_the_format(fetch: Fetch, site: Site) -> None:
    deed = fetch(f"/api/v1/deeds/{site['whole'].id}")
    promised = {
        "external_id", "title", "summary", "organisation", "sector", "need", "goals", "implementation", "results",
        "body", "organisation_type", "municipality", "region", "themes", "published_on", "language", "period",
        "indicators", "participants", "partners", "funding", "materials", "applicability", "maturity", "source_url",
        "campaign", "licence",
    }  # fmt: skip
    assert promised <= set(deed)
    assert deed["need"] == "Pihalla ei ollut tekemistä."
    assert deed["municipality"] == "Nokia"


def test_what_editors_note_stays_with_them(client: FlaskClient, session: Session, site: Site) -> None:
    site["whole"].editor_note = "kysy lisää lähteeltä"
    session.commit()
    assert "kysy lisää" not in client.get(f"/api/v1/deeds/{site['whole'].id}").text


@pytest.mark.parametrize(("which", "status"), [("draft", 404), ("withdrawn", 410)])
@pytest.mark.parametrize("rest", ["", "/lineage", "/related"])
def test_hidden_deeds_are_not_told(client: FlaskClient, site: Site, which: str, status: int, rest: str) -> None:
    answer = client.get(f"/api/v1/deeds/{site[which].id}{rest}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert "kokeilu" not in answer.text


def test_the_author_sees_no_more_than_anybody(browser: Browser, session: Session, make: Factory, site: Site) -> None:
    editor = make.user(role="editor")
    browser.sign_in(editor)
    assert browser.get(f"/api/v1/deeds/{site['draft'].id}").status_code == 404
    assert browser.get("/api/v1/deeds").get_json()["total"] == 3


@pytest.mark.parametrize("deed_id", ["0", "-1", "999999", "99999999999999999999", "1.5", "abc"])
def test_there_is_no_such_deed(client: FlaskClient, site: Site, deed_id: str) -> None:
    answer = client.get(f"/api/v1/deeds/{deed_id}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_lineage_tells_the_whole_the_parts_and_the_takers(
    fetch: Fetch, session: Session, site: Site, make: Factory
) -> None:
    taker = make.organisation("Kangasalan kaupunki")
    whole: Deed = site["whole"]
    session.add(Adoption(deed_id=whole.id, organisation_id=taker.id, closeness="adapted", updated_at=whole.updated_at))
    session.commit()
    tree = fetch(f"/api/v1/deeds/{whole.id}/lineage")
    assert tree["part_of"] is None
    assert [part["id"] for part in tree["parts"]] == [site["part"].id]
    assert tree["adoptions"][0]["organisation"]["slug"] == "kangasalan-kaupunki"
    assert tree["adoptions"][0]["closeness"] == "adapted"
    assert fetch(f"/api/v1/deeds/{site['part'].id}/lineage")["part_of"]["id"] == whole.id


def test_lineage_tells_models_and_variants_that_are_public(fetch: Fetch, session: Session, site: Site) -> None:
    for name in ("part", "draft"):
        site[name].parent_id = site["whole"].id
    site["archived"].parent_id = site["draft"].id
    session.commit()
    assert [item["id"] for item in fetch(f"/api/v1/deeds/{site['whole'].id}/lineage")["variants"]] == [site["part"].id]
    assert fetch(f"/api/v1/deeds/{site['part'].id}/lineage")["variant_of"]["id"] == site["whole"].id
    assert fetch(f"/api/v1/deeds/{site['archived'].id}/lineage")["variant_of"] is None


def test_a_hidden_whole_is_not_told_by_its_part(fetch: Fetch, session: Session, site: Site) -> None:
    site["part"].part_of_id = site["draft"].id
    site["draft"].external_id = "salainen-luonnos"
    session.commit()
    assert fetch(f"/api/v1/deeds/{site['part'].id}/lineage")["part_of"] is None
    assert fetch(f"/api/v1/deeds/{site['part'].id}")["part_of"] is None


def test_related_deeds_are_others_and_public(fetch: Fetch, session: Session, site: Site) -> None:
    site["part"].external_id = "keittion-kokeilu"
    site["whole"].related = ["keittion-kokeilu", "ei-ole"]
    session.commit()
    ids = [item["id"] for item in fetch(f"/api/v1/deeds/{site['whole'].id}/related")["items"]]
    assert ids[0] == site["part"].id
    assert site["whole"].id not in ids
    assert site["draft"].id not in ids


def test_suggestions_have_a_kind_and_an_address(fetch: Fetch) -> None:
    items = fetch("/api/v1/suggest?q=koke")["items"]
    assert items
    for item in items:
        assert set(item) == {"text", "kind", "url"}
        assert item["url"].startswith("http://127.0.0.1:8000/")
    assert fetch("/api/v1/suggest?q=")["items"] == []


@pytest.mark.parametrize("name", ["sectors", "themes", "campaigns", "toplists"])
def test_the_plain_lists_answer(fetch: Fetch, name: str) -> None:
    assert isinstance(fetch(f"/api/v1/{name}")["items"], list)


def test_counts_of_the_lists_are_those_of_public_deeds(fetch: Fetch) -> None:
    assert {row["slug"]: row["deeds"] for row in fetch("/api/v1/sectors")["items"]} == {
        "opetus-ja-kasvatus": 2, "ruoka-ja-siivouspalvelut": 1,
    }  # fmt: skip
    assert {row["slug"]: row["deeds"] for row in fetch("/api/v1/themes")["items"]} == {"kokeilukulttuuri": 1}
    assert {row["slug"]: row["deeds"] for row in fetch("/api/v1/organisations")["items"]} == {
        "nokian-kaupunki": 1, "raahen-kaupunki": 2,
    }  # fmt: skip


def test_organisations_are_paged_and_searched(fetch: Fetch) -> None:
    assert [row["slug"] for row in fetch("/api/v1/organisations?q=RAAHE")["items"]] == ["raahen-kaupunki"]
    page = fetch("/api/v1/organisations?per_page=1&sivu=2&tyyppi=kunta&maakunta=pirkanmaa")
    assert page["total"] == 2
    assert len(page["items"]) == 1
    assert fetch("/api/v1/organisations?tyyppi=kuntayhtio")["total"] == 0


def test_statistics_are_those_of_the_page(fetch: Fetch) -> None:
    figures = fetch("/api/v1/statistics")
    assert figures["totals"]["deeds"] == 3
    assert sum(row["count"] for row in figures["by_sector"]) == 3


def test_names_follow_the_language_of_the_address(fetch: Fetch, session: Session, site: Site) -> None:
    site["whole"].sector.name_sv = "Undervisning och fostran"
    session.commit()
    deed = fetch(f"/sv/api/v1/deeds/{site['whole'].id}")
    assert deed["sector_name"] == "Undervisning och fostran"
    assert "/sv/teot/" in deed["url"]


def test_scripts_of_any_site_may_read_but_never_with_cookies(client: FlaskClient, site: Site) -> None:
    """H16"""
    for origin in ("https://evil.example", "null"):
        for path in ("/api/v1/deeds", "/api/v1/deeds?nothing=1", "/api/v1/deeds/999"):
            answer = client.get(path, headers={"Origin": origin})
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.get("/kirjaudu", headers={"Origin": "null"}).headers


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_cookie_lets_nobody_write(browser: Browser, make: Factory, site: Site, method: str) -> None:
    """C06"""
    browser.sign_in(make.user(role="admin"))
    answer = getattr(browser.client, method)("/api/v1/deeds", json={"title": "x"})
    assert answer.status_code == (401 if method == "post" else 405)
    assert answer.content_type == "application/problem+json"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/users", "/api/v1/", "/api/v1", "/api/v2/deeds", "/api/v1/deeds/1/author"])
def test_other_addresses_are_a_problem_too(client: FlaskClient, path: str) -> None:
    """Z11b"""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_no_personal_data_is_told(client: FlaskClient, make: Factory, session: Session, site: Site) -> None:
    author = make.user("liisa@example.org", display_name="Liisa Kirjoittaja")
    site["whole"].author_id = author.id
    session.commit()
    for path in ("/api/v1/deeds", f"/api/v1/deeds/{site['whole'].id}", f"/api/v1/deeds/{site['whole'].id}/lineage"):
        text = client.get(path).text
        assert "liisa" not in text.lower()
        assert "author" not in text


def test_answers_may_be_kept_and_asked_for_again(client: FlaskClient, site: Site) -> None:
    first = client.get("/api/v1/deeds")
    assert "Set-Cookie" not in first.headers
    assert client.get("/api/v1/deeds", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_without_an_index_the_search_says_so(
    app: Any, client: FlaskClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(query: SearchQuery) -> None:
        raise IndexUnavailable("no index")

    monkeypatch.setattr(app.extensions["tori.search"](), "search", broken)
    answer = client.get("/api/v1/deeds")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.content_type == "application/problem+json"
    assert client.get(f"/api/v1/deeds/{site['whole'].id}").status_code == 200


def test_the_list_takes_few_queries(fetch: Fetch, session: Session, site: Site) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    listener = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listener)
    fetch("/api/v1/deeds?q=kokeilu&toimiala=opetus-ja-kasvatus")
    event.remove(session.get_bind(), "before_cursor_execute", listener)
    assert len(statements) <= 14, statements


def test_an_item_that_hardly_answers_is_marked_weak(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    make.deed("Purjelentokone koulussa", summary="Koulu hankki purjelentokoneen.")
    make.deed("Aivan muu asia", summary="Kaavoitus nopeutui.")
    while indexing.drain(session, engine_of(app.extensions["tori"])):
        pass
    good = client.get("/api/v1/deeds?q=purjelentokoneen").get_json()
    assert [item["weak"] for item in good["items"]] == [False]
    assert (good["corrected_from"], good["relaxed"]) == (None, False)
    nothing = client.get("/api/v1/deeds?q=avaruusraketin+laukaisualusta").get_json()
    assert all(item["weak"] for item in nothing["items"])
