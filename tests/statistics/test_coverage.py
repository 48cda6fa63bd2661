"""What is covered and what is not, for editors."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.statistics.html_tables import tables_of
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath, finnish_day
from tori.core import clock
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import DeedStatus
from tori.models.people import Role
from tori.statistics.coverage import coverage

OLD, NEW = datetime(2024, 3, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def test_only_editors_see_the_page(client: FlaskClient, make: Factory, browser: Browser) -> None:
    assert client.get("/hallinta/kattavuus").status_code in (302, 303)
    assert browser.sign_in(make.user()).get("/hallinta/kattavuus").status_code == 403


def test_those_who_were_active_and_fell_silent_are_named(make: Factory, browser: Browser) -> None:
    quiet, busy, small = (make.organisation(name) for name in ("Hiljainen", "Ahkera", "Pieni"))
    for number in range(3):
        make.deed(f"Vanha {number}", organisation_id=quiet.id, published_at=OLD)
        make.deed(f"Ahkeran vanha {number}", organisation_id=busy.id, published_at=OLD)
    make.deed("Luonnos ei kelpaa", organisation_id=quiet.id, status=DeedStatus.DRAFT)
    make.deed("Ahkeran uusi", organisation_id=busy.id, published_at=NEW)
    make.deed("Pienen vanha", organisation_id=small.id, published_at=OLD)
    make.organisation("Kunta ilman tekoja")
    browser.sign_in(make.user(role=Role.EDITOR))
    page = browser.get("/en/hallinta/kattavuus").text
    assert tables_of(page)["Active before, silent for a year"] == [["Hiljainen", "3", "1 Mar 2024"]]
    assert "Kunta ilman tekoja" in page
    assert tables_of(page)["By kind of organisation"][0] == ["Municipalities", "3", "4"]


def test_the_cells_of_sectors_and_regions_are_the_rows(session: Session) -> None:
    fill(session)
    slow = SlowPath(session, NOW)
    regions = {row.id: row.slug for row in slow.regions}
    sectors = {row.id: row.slug for row in slow.sectors}
    with clock.frozen(NOW):
        found = coverage(session, "fi")
    order = [slug for slug, name in found.sectors]
    for row in found.regions:
        own = [deed for deed in slow.deeds if regions.get(slow.places[deed.organisation_id].region_id or 0) == row.slug]
        assert row.by_sector == [sum(sectors[deed.sector_id] == slug for deed in own) for slug in order]
    silent = {row.slug for row in found.silent}
    for place in slow.places.values():
        days = [finnish_day(deed.published_at) for deed in slow.deeds if deed.organisation_id == place.id]
        is_silent = len(days) >= 3 and (slow.today - max(days)).days > 365
        assert (place.slug in silent) == is_silent


def test_regions_that_are_never_lifted_are_named(session: Session, make: Factory, browser: Browser) -> None:
    lappi, kainuu = make.region("Lappi", "19"), make.region("Kainuu", "18")
    deeds = [
        make.deed(
            f"Teko {region.name}", organisation_id=make.organisation(f"{region.name} kunta", region_id=region.id).id
        )
        for region in (lappi, kainuu)
    ]
    for number, moment in ((1, NEW), (2, NEW), (3, None)):
        listed = TopList(slug=f"lista-{number}", title=f"Lista {number}", published_at=moment)
        listed.items = [TopListItem(deed_id=deeds[0 if moment else 1].id, position=1)]
        session.add(listed)
    session.commit()
    browser.sign_in(make.user(role=Role.EDITOR))
    page = browser.get("/en/hallinta/kattavuus").text
    rows = {row[0]: row[1:] for row in tables_of(page)["What is lifted, by region"]}
    assert rows["Lappi"] == ["1", "1"]
    assert rows["Kainuu"] == ["1", "0"]
    assert "none on a TOP list: Kainuu." in page
