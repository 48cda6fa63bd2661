"""What is added up at once is what adding way after way would give."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.random import default_rng

from tests.search.conftest import deed
from tori.search.catalogue import Catalogue, Row
from tori.search.columns import NOTHING, Column, Postings
from tori.search.lexicon import Lexicon
from tori.search.scores import FAINT, MANY_HITS, PLENTY, Concept, Scores, Tuning, Way

DEEDS = 3_000
SIZES = {"rare": 40, "some": 250, "many": 900, "most": 2_000}


class Terms:
    """Postings by chance of terms named ``size-number``."""

    token = "state"
    lexicon = Lexicon({})
    catalogue = Catalogue.build(Row.of(deed(number, "Teko"), number) for number in range(DEEDS))

    def __init__(self) -> None:
        chance = default_rng(1)
        self._postings: dict[str, Postings] = {}
        for name, size in SIZES.items():
            for number in range(6):
                places = np.sort(chance.choice(DEEDS, size, replace=False)).astype(np.int32)
                self._postings[f"{name}-{number}"] = places, chance.random(size, np.float32)

    def frequency(self, term: str) -> int:
        return len(self.postings(term)[0])

    def postings(self, term: str) -> Postings:
        return self._postings.get(term, NOTHING)

    def phrase(self, forms: Sequence[str]) -> set[int]:
        return set()


def way_after_way(index: Terms, concept: Concept, only: Column | None) -> tuple[Column, Column, int]:
    values, worths, read = np.zeros(DEEDS), np.zeros(DEEDS), 0
    share = Tuning().impact_share
    for way in concept.ways:
        met = np.count_nonzero(worths)
        if met > PLENTY and (way.worth < FAINT or (only is None and met > MANY_HITS)):
            break
        read += 1
        for term in way.slots[0]:
            for place, strength in zip(*index.postings(term), strict=True):
                if only is None or only[place]:
                    values[place] = max(values[place], way.worth * (1 - share) + way.worth * share * strength)
                    worths[place] = max(worths[place], way.worth * way.honest)
    return values, worths, read


def concept_of(*ways: tuple[float, tuple[str, ...]]) -> Concept:
    return Concept(
        "sana", [Way((terms,), worth, 0.6 if number % 3 == 2 else 1.0) for number, (worth, terms) in enumerate(ways)]
    )


CONCEPTS = {
    "few": concept_of((1.0, ("rare-0", "none")), (0.8, ("rare-1", "rare-2")), (0.4, ("rare-3",)), (0.3, ("some-0",))),
    "plenty by good ways": concept_of((1.0, ("some-1",)), (0.7, ("some-2",)), (0.45, ("many-0",)), (0.4, ("rare-4",))),
    "plenty by faint ways": concept_of(
        (1.0, ("rare-0",)), (0.49, ("some-0",)), (0.48, ("some-1",)), (0.47, ("many-1",)), (0.3, ("many-2",))
    ),
    "the word itself": concept_of((1.0, ("most-0",)), (0.85, ("many-3",)), (0.4, ("many-4",))),
    "nothing": concept_of(),
}  # fmt: skip


@pytest.mark.parametrize("name", CONCEPTS)
@pytest.mark.parametrize("share_of_all", [None, 0.05, 0.3, 0.9])
def test_ways_are_added_up_as_one_by_one(name: str, share_of_all: float | None) -> None:
    index, concept = Terms(), CONCEPTS[name]
    only = None if share_of_all is None else default_rng(2).random(DEEDS) < share_of_all
    values, worths, read = way_after_way(index, concept, only)
    scores = Scores(index, Tuning(), 1.0)
    if only is None:
        met = scores._alone(concept)
    else:
        scores._columns.covered[:] = only
        met = scores._of_known(concept)
    found, covered = np.zeros(DEEDS), np.zeros(DEEDS)
    found[met.places], covered[met.places] = met.values, met.worths
    assert np.allclose(found, values, atol=1e-6)
    assert np.array_equal(covered, worths)
    told = {term for way in concept.ways[:read] if way.worth >= 0.3 for term in way.slots[0]}
    assert set(met.weak_terms) == told
