"""Following things and sharing lists."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed, NotFound
from tori.database import transaction
from tori.follows import service
from tori.models.deeds import DeedStatus
from tori.models.follows import Follow, Followed, SharedList
from tori.models.reading import SavedDeed
from tori.models.searching import SavedSearch
from tori.policy import ANONYMOUS, Actor


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Follow)) or 0


def test_a_double_press_follows_once_and_a_press_again_ends_it(session: Session, make: Factory) -> None:
    actor, deed = Actor(make.user()), make.deed()
    for _ in range(2):
        with transaction() as writing:
            service.follow(writing, actor, Followed.DEED, deed.id)
    assert count(session) == 1
    for _ in range(2):
        with transaction() as writing:
            service.unfollow(writing, actor, Followed.DEED, deed.id)
    assert count(session) == 0


def test_what_cannot_be_seen_cannot_be_followed(session: Session, make: Factory) -> None:
    actor, other = Actor(make.user()), make.user()
    draft = make.deed(status=DeedStatus.DRAFT)
    search = make._add(SavedSearch(user_id=other.id, name="kahvi", query="q=kahvi"))
    for kind, number in ((Followed.DEED, draft.id), (Followed.SEARCH, search.id), (Followed.THEME, 999)):
        with pytest.raises(NotFound), transaction() as writing:
            service.follow(writing, actor, kind, number)
    with pytest.raises(NotAllowed), transaction() as writing:
        service.follow(writing, ANONYMOUS, Followed.DEED, make.deed().id)


def test_the_page_of_a_theme_offers_to_follow_it(session: Session, make: Factory, browser: Browser) -> None:
    theme = make.theme()
    assert (
        f"/uutiskirje?teema={theme.slug}"
        in browser.client.application.test_client().get("/teemat/kokeilukulttuuri").text
    )
    browser.sign_in(make.user())
    assert f"/oma/seurannat/theme/{theme.id}" in browser.get(f"/teemat/{theme.slug}").text
    answer = browser.post(f"/oma/seurannat/theme/{theme.id}", {"next": f"/teemat/{theme.slug}"})
    assert answer.headers["Location"] == f"/teemat/{theme.slug}"
    assert f"/oma/seurannat/theme/{theme.id}/lopeta" in browser.get(f"/teemat/{theme.slug}").text
    assert theme.name in browser.get("/oma/seurannat").text
    assert browser.post("/oma/seurannat/kuu/1").status_code == 404


def test_every_kind_is_listed_and_what_is_gone_is_left_out(session: Session, make: Factory, browser: Browser) -> None:
    member = make.user()
    browser.sign_in(member)
    deed, gone = make.deed("Seurattu teko"), make.deed("Poistettu teko")
    organisation, sector, region = make.organisation("Nokian kaupunki"), make.sector(), make.region()
    for kind, row in (
        ("deed", deed),
        ("deed", gone),
        ("organisation", organisation),
        ("sector", sector),
        ("region", region),
    ):
        assert browser.post(f"/oma/seurannat/{kind}/{row.id}").status_code == 303
    session.rollback()
    gone.status = DeedStatus.DRAFT
    session.commit()
    page = browser.get("/oma/seurannat").text
    for words in ("Seurattu teko", "Nokian kaupunki", "koko kunta", "Pirkanmaa"):
        assert words in page
    assert "Poistettu teko" not in page


def test_a_search_is_followed_once_with_its_known_parameters(session: Session, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user())
    for _ in range(2):
        assert (
            browser.post("/oma/seurannat/haku", {"haku": "q=kahvi&outo=1&sivu=3&toimiala=sivistys"}).status_code == 303
        )
    assert session.scalars(select(SavedSearch.query)).all() == ["q=kahvi&toimiala=sivistys"]
    assert count(session) == 1
    assert browser.post("/oma/seurannat/haku", {"haku": "outo=1"}).status_code == 404


def test_a_shared_list_shows_its_deeds_but_no_notes_until_it_is_private_again(
    session: Session, make: Factory, browser: Browser
) -> None:
    member = make.user(display_name="Listan tekijä")
    browser.sign_in(member)
    deed, other, draft = make.deed("Listan teko"), make.deed("Muu teko"), make.deed("Luonnos", status=DeedStatus.DRAFT)
    for row in (deed, draft):
        make._add(
            SavedDeed(user_id=member.id, deed_id=row.id, list_name="Syksyn palaveri", note="Salainen muistiinpano")
        )
    make._add(SavedDeed(user_id=member.id, deed_id=other.id))
    assert browser.post("/oma/listat/jaa", {"list_name": "Olematon"}).status_code == 404
    for _ in range(2):
        assert browser.post("/oma/listat/jaa", {"list_name": "Syksyn palaveri"}).status_code == 303
    row = session.scalars(select(SharedList)).one()
    stranger = browser.client.application.test_client()
    page = stranger.get(f"/listat/{row.key}")
    assert "Listan teko" in page.text
    for words in ("Muu teko", "Luonnos", "Salainen", "Listan tekijä"):
        assert words not in page.text
    assert browser.post(f"/oma/listat/{row.id}/lopeta").status_code == 303
    assert stranger.get(f"/listat/{row.key}").status_code == 404


def test_somebody_elses_list_stays_shared(session: Session, make: Factory, browser: Browser) -> None:
    row = make._add(SharedList(user_id=make.user().id, list_name="Oma", key="k" * 43))
    browser.sign_in(make.user())
    assert browser.post(f"/oma/listat/{row.id}/lopeta").status_code == 404
