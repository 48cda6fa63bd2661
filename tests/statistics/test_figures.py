"""The counting rules, each with rows that must not count."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori import statistics
from tori.core import clock
from tori.models.deeds import Adoption, DeedStatus
from tori.models.people import Municipality, Organisation
from tori.statistics.ranking import whole_places

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def adopt(session: Session, deed_id: int, organisation: Organisation, moment: datetime = NOW) -> None:
    session.add(Adoption(deed_id=deed_id, organisation_id=organisation.id, created_at=moment, updated_at=moment))
    session.commit()


def test_only_published_and_archived_deeds_count(session: Session, make: Factory) -> None:
    nokia = make.organisation("Nokian kaupunki")
    adopter = make.organisation("Kangasalan kaupunki")
    for status in DeedStatus:
        adopt(session, make.deed(f"Teko {status}", organisation_id=nokia.id, status=status).id, adopter)
    totals = statistics.totals(session)
    assert (totals.deeds, totals.organisations, totals.regions, totals.municipalities) == (2, 1, 1, 1)
    assert (totals.adoptions, totals.adopters, totals.adopted_deeds) == (2, 1, 2)


def test_an_empty_square_is_all_zeros(session: Session) -> None:
    assert statistics.totals(session) == statistics.Totals(0, 0, 0, 0, 0, 0, 0, 0)
    assert statistics.by_year(session) == []
    assert statistics.top_organisations(session, "fi").rows == []
    assert statistics.by_municipality(session) == {}


def test_a_deed_counts_in_the_year_it_has_in_finland(session: Session, make: Factory) -> None:
    make.deed("Vielä vanhaa vuotta", published_at=at("2024-12-31 21:59"))
    make.deed("Jo uutta vuotta", published_at=at("2024-12-31 22:00"))
    with clock.frozen(NOW):
        years = {row.year: row for row in statistics.by_year(session)}
    assert (years[2024].deeds, years[2025].deeds, years[2026].deeds) == (1, 1, 0)
    assert [years[year].total for year in (2024, 2025, 2026)] == [1, 2, 2]


def test_a_month_begins_at_finnish_midnight_in_summer_too(session: Session, make: Factory) -> None:
    deed = make.deed("Toukokuun viimeinen", published_at=at("2026-05-31 20:59"))
    make.deed("Kesäkuun ensimmäinen", published_at=at("2026-05-31 21:00"))
    adopt(session, deed.id, make.organisation("Kangasalan kaupunki"), at("2026-05-31 21:00"))
    with clock.frozen(NOW):
        months = statistics.by_month(session)
    assert len(months) == 12
    assert months[0].first_day == date(2025, 7, 1)
    assert [(row.first_day.month, row.deeds, row.adoptions) for row in months[-2:]] == [(5, 1, 0), (6, 1, 1)]


def test_an_organisation_is_new_in_the_year_of_its_first_deed(session: Session, make: Factory) -> None:
    nokia, akaa = make.organisation("Nokian kaupunki"), make.organisation("Akaan kaupunki")
    make.deed("A", organisation_id=nokia.id, published_at=at("2024-05-01 09:00"))
    make.deed("B", organisation_id=nokia.id, published_at=at("2025-05-01 09:00"))
    make.deed("C", organisation_id=akaa.id, published_at=at("2025-06-01 09:00"))
    make.deed("D", organisation_id=akaa.id, published_at=at("2023-06-01 09:00"), status=DeedStatus.WITHDRAWN)
    with clock.frozen(NOW):
        assert {row.year: row.newcomers for row in statistics.by_year(session)} == {2024: 1, 2025: 1, 2026: 0}


def test_shares_of_sectors_sum_to_a_hundred(session: Session, make: Factory) -> None:
    for number in range(3):
        make.deed(f"Teko {number}", sector_id=make.sector(f"toimiala-{number}", f"Toimiala {number}").id)
    make.sector("tyhja", "Tyhjä")
    shares = statistics.by_sector(session, "fi")
    assert [share.percent for share in shares] == [34, 33, 33, 0]
    assert [share.count for share in shares] == [1, 1, 1, 0]


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=12))
def test_whole_percents_are_fair(counts: list[int]) -> None:
    percents = statistics.whole_percents(counts)
    total = sum(counts)
    assert sum(percents) == (100 if total else 0)
    for count, percent in zip(counts, percents, strict=True):
        assert abs(percent - (100 * count / total if total else 0)) < 1
        assert count or not percent


def test_equal_organisations_share_a_place_and_are_never_cut_in_two(session: Session, make: Factory) -> None:
    sizes = {"Ahkera": 3, "Beta": 2, "Ceta": 2} | {f"Pieni {letter}": 1 for letter in "abcdefghijklmnop"}
    for name, count in sizes.items():
        organisation = make.organisation(f"{name} kunta")
        for number in range(count):
            make.deed(f"{name} {number}", organisation_id=organisation.id)
    ranking = statistics.top_organisations(session, "fi")
    assert [(row.name, row.place, row.is_tied) for row in ranking.rows] == [
        ("Ahkera kunta", 1, False),
        ("Beta kunta", 2, True),
        ("Ceta kunta", 2, True),
    ]
    assert (ranking.left_out, ranking.left_out_deeds) == (16, 1)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [([], 0), ([5], 1), ([1] * 40, 15), (list(range(30, 0, -1)), 10),
     ([9, *[3] * 8, *[2] * 5], 14), ([9] * 9 + [1] * 9, 9)],
)  # fmt: skip
def test_the_places_end_where_a_tie_ends(counts: list[int], shown: int) -> None:
    assert whole_places(counts) == shown


def test_fairer_columns_stand_beside_the_count(session: Session, make: Factory) -> None:
    nokia, oy = make.organisation("Nokian kaupunki"), make.organisation("Palvelut Oy", kind="kuntayhtio")
    session.get_one(Municipality, nokia.municipality_id).population = 2_000
    session.commit()
    own = make.deed("Oma", organisation_id=nokia.id, adoption_count=4)
    other = make.deed("Yhtiön", organisation_id=oy.id)
    adopt(session, other.id, nokia)
    adopt(session, make.deed("Vedetty", organisation_id=oy.id, status=DeedStatus.WITHDRAWN).id, nokia)
    adopt(session, own.id, oy)
    rows = {row.slug: row for row in statistics.top_organisations(session, "fi").rows}
    assert (rows[nokia.slug].per_thousand, rows[nokia.slug].received, rows[nokia.slug].made) == (0.5, 4, 1)
    assert rows[oy.slug].per_thousand is None


def test_regions_are_all_there_and_those_of_no_region_are_counted_apart(session: Session, make: Factory) -> None:
    make.region("Lappi", "19")
    make.deed("Pirkanmaalta")
    make.deed("Koko maasta", organisation_id=make.organisation("Liitto", region_id=None, municipality_id=None).id)
    make.deed("Luonnos", status=DeedStatus.DRAFT)
    assert [(row.name, row.deeds) for row in statistics.by_region(session, "fi")] == [("Lappi", 0), ("Pirkanmaa", 1)]
    assert statistics.without_region(session) == 1
    assert list(statistics.by_municipality(session).values()) == [1]


def test_history_is_read_in_three_languages_and_repeated_figures_are_left_out() -> None:
    for locale in ("fi", "sv", "en"):
        history = statistics.history(locale)
        assert history.figures["tt-deeds-total"].value == 667
        assert "tt-deeds-total-b" not in history.figures
        assert history.tables["deeds-by-year"].rows[1][2] == 211
        assert history.figures["tt-deeds-total"].citation
    assert statistics.history("en").figures["tt-orgs-total"].label.startswith("Municipal organisations")
    assert statistics.history("sv").tables["sectors"].rows[0][0] == "undervisning och fostran"
