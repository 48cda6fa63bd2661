"""Filters, orders and counts of the catalogue against brute force, whole and updated piece by piece."""

import sys
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tori.search import catalogue as catalogue_module
from tori.search.catalogue import COST_OF_NUMBER, FIRST_REACH, Catalogue, Row, bits_of
from tori.search.port import FACETS, Filters, Sort

rows = st.builds(
    Row,
    id=st.integers(1, 25),
    serial=st.integers(1, 10**6),
    title=st.just("Teko"),
    sector=st.sampled_from(["a", "b", "c"]),
    themes=st.lists(st.sampled_from(["x", "y", "z"]), max_size=3).map(tuple),
    organisation=st.sampled_from(["o1", "o2"]),
    region=st.sampled_from([None, "r1", "r2"]),
    year=st.integers(2018, 2020),
    language=st.sampled_from(["fi", "sv"]),
    published=st.integers(0, 5).map(float),
    adoptions=st.integers(0, 3),
    effort=st.sampled_from([None, "pieni", "hanke"]),
    size=st.sampled_from([None, "alle-5000", "yli-100000"]),
    methods=st.lists(st.sampled_from(["kysely", "peli"]), unique=True).map(tuple),
    maturity=st.sampled_from([None, "kokeilu", "kaytossa"]),
)
filters = st.builds(
    Filters,
    sectors=st.lists(st.sampled_from(["a", "b", "none"]), max_size=2).map(tuple),
    themes=st.lists(st.sampled_from(["x", "y"]), max_size=2).map(tuple),
    regions=st.lists(st.sampled_from(["r1"]), max_size=1).map(tuple),
    years=st.lists(st.integers(2018, 2020), max_size=2).map(tuple),
    efforts=st.lists(st.sampled_from(["pieni", "hanke"]), max_size=2).map(tuple),
    sizes=st.lists(st.sampled_from(["alle-5000"]), max_size=1).map(tuple),
    methods=st.lists(st.sampled_from(["kysely"]), max_size=1).map(tuple),
    maturities=st.lists(st.sampled_from(["kokeilu", "kaytossa"]), max_size=2).map(tuple),
)


def values(row: Row, facet: str) -> set[object]:
    return {value for name, value in row.facet_values() if name == facet}


def passes(row: Row, chosen: Filters, without: str = "") -> bool:
    return all(
        not wanted or values(row, facet) & set(wanted)
        for facet, wanted in chosen.by_facet().items()
        if facet != without
    )


def check(catalogue: Catalogue, expected: dict[int, Row], chosen: Filters) -> None:
    kept = [row for row in expected.values() if passes(row, chosen)]
    found = catalogue.filtered(catalogue.everything, chosen)
    assert found.bit_count() == len(kept)
    newest = [row.id for row in sorted(kept, key=lambda r: (-r.published, -r.id))]
    assert catalogue.ids(catalogue.ordered(found, Sort.NEWEST, 0, 100)) == newest
    assert catalogue.ids(catalogue.ordered(found, Sort.NEWEST, 2, 5)) == newest[2:5]
    adopted = [row.id for row in sorted(kept, key=lambda r: (-r.adoptions, -r.published, -r.id))]
    assert catalogue.ids(catalogue.ordered(found, Sort.ADOPTED, 0, 100)) == adopted
    # Deed by deed, as it is quicker, and by the bits of all.
    ways = []
    for cost in (0, COST_OF_NUMBER, 10**9):
        with patch.object(catalogue_module, "COST_OF_NUMBER", cost):
            ways.append(catalogue.facet_counts(catalogue.everything, chosen))
    counts = ways[0]
    assert ways == [counts] * len(ways)
    for facet in FACETS:
        counted: dict[object, int] = {}
        for row in expected.values():
            if passes(row, chosen, without=facet):
                for value in values(row, facet):
                    counted[value] = counted.get(value, 0) + 1
        assert counts[facet] == counted


@settings(max_examples=150, deadline=None)
@given(st.lists(rows, max_size=30), filters)
def test_a_built_catalogue_counts_like_brute_force(given_rows: list[Row], chosen: Filters) -> None:
    check(Catalogue.build(given_rows), {row.id: row for row in given_rows}, chosen)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(rows, max_size=20),
    st.lists(st.tuples(st.lists(rows, max_size=4), st.lists(st.integers(1, 25), max_size=3)), max_size=5),
    filters,
)
def test_updates_lead_to_the_same_as_building_anew(
    first: list[Row], changes: list[tuple[list[Row], list[int]]], chosen: Filters
) -> None:
    expected = {row.id: row for row in first}
    catalogue = Catalogue.build(first)
    for added, removed in changes:
        before = catalogue.everything
        updated = catalogue.updated(added, removed)
        assert catalogue.everything == before
        catalogue = updated
        for deed_id in removed:
            expected.pop(deed_id, None)
        for row in added:
            expected[row.id] = row
    check(catalogue, expected, chosen)


@given(st.sets(st.integers(0, 300)))
def test_bits_stand_for_positions(positions: set[int]) -> None:
    assert bits_of(positions, 301) == sum(1 << at for at in positions)


def test_an_order_is_looked_through_as_far_as_a_page_needs() -> None:
    deeds = [
        Row(number, 1, "Teko", "a", (), "o1", None, 2020, "fi", published=float(number), adoptions=0)
        for number in range(1, 3 * FIRST_REACH)
    ]
    catalogue = Catalogue.build(deeds)
    few = bits_of((2, 5, 2 * FIRST_REACH), len(deeds))
    assert catalogue.ids(catalogue.ordered(few, Sort.NEWEST, 0, 20)) == [2 * FIRST_REACH + 1, 6, 3]
    assert catalogue.ids(catalogue.ordered(few, Sort.NEWEST, 1, 2)) == [6]
    assert catalogue.ids(catalogue.ordered(catalogue.everything, Sort.NEWEST, 0, 2)) == [len(deeds), len(deeds) - 1]


def test_a_change_makes_no_object_for_each_deed() -> None:
    def row(number: int) -> Row:
        return Row(number, 1, f"Teko {number}", "a", (), "o1", None, 2020, "fi", published=float(number), adoptions=0)

    catalogue = Catalogue.build(map(row, range(1, 5001)))
    before = sys.getallocatedblocks()
    updated = catalogue.updated([row(7), row(5001)], [9])
    assert len(updated) == 5000
    assert sys.getallocatedblocks() - before < 500


def test_names_are_those_of_the_deed_that_came_last() -> None:
    def row(number: int, *names: str) -> Row:
        return Row(
            number, 1, "Teko", "a", ("x",), "o1", None, 2020, "fi", 0.0, 0,
            theme_names=("Teema", "Tema", "Theme"), organisation_names=names,
        )  # fmt: skip

    catalogue = Catalogue.build([row(1, "Vanha", "Gammal", "Old")])
    same = catalogue.updated([row(2, "Vanha", "Gammal", "Old")])
    assert same.names is catalogue.names
    renamed = same.updated([row(3, "Uusi", "Ny", "New")])
    assert renamed.names["organisation"] == {"o1": ("Uusi", "Ny", "New")}
    assert renamed.names["theme"] == {"x": ("Teema", "Tema", "Theme")}
    assert same.names["organisation"] == {"o1": ("Vanha", "Gammal", "Old")}
