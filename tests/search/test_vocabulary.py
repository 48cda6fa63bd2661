"""Synonyms as data."""

import pytest

from tests.search.conftest import deed
from tori.search.analysis import analyser
from tori.search.memory_engine import MemoryEngine
from tori.search.port import SearchQuery
from tori.search.ranking import Ranker
from tori.search.reading import Asked
from tori.search.scores import Concept, PostingIndex
from tori.search.vocabulary import (
    NEAR_HEAD,
    NEAR_MEMBERS,
    SAME,
    TRANSLATION,
    Member,
    SynonymGroup,
    Vocabulary,
    base_groups,
    parse_groups,
)


def links(vocabulary: Vocabulary, *words: str, language: str = "fi") -> dict[str, float]:
    shared = analyser()
    found = vocabulary.find([frozenset((word, *shared.word(word, language).lemmas)) for word in words])
    return {link.member.text: link.strength for entry in found for link in entry.links}


def test_lines_become_groups() -> None:
    groups = parse_groups("# note\n\nvaka, varhaiskasvatus, sv:småbarnspedagogik # more\n~ sote: sairaala, hoitotyö\n")
    assert groups == [
        SynonymGroup((Member("vaka"), Member("varhaiskasvatus"), Member("småbarnspedagogik", "sv"))),
        SynonymGroup((Member("sairaala"), Member("hoitotyö")), Member("sote")),
    ]


def test_strength_tells_sameness_translation_and_kin() -> None:
    vocabulary = Vocabulary(
        parse_groups("vaka, varhaiskasvatus, päiväkoti, tarha, sv:småbarnspedagogik\n~ sote: sairaala, hoitotyö"),
        analyser(),
    )
    assert links(vocabulary, "vaka") == {
        "varhaiskasvatus": SAME, "päiväkoti": SAME, "tarha": SAME, "småbarnspedagogik": TRANSLATION
    }  # fmt: skip
    assert links(vocabulary, "sairaalassa") == {"sote": NEAR_HEAD, "hoitotyö": NEAR_MEMBERS}
    assert links(vocabulary, "koulu") == {}


@pytest.mark.parametrize(("swedish", "finnish"), [("mötespraxis", "kokouskäytännöt"), ("matservice", "ruokapalvelut")])
def test_swedish_words_of_municipal_work_lead_to_finnish_ones(swedish: str, finnish: str) -> None:
    assert finnish in links(Vocabulary(base_groups(), analyser()), swedish, language="sv")


def test_a_pair_is_nearer_than_a_crowd() -> None:
    vocabulary = Vocabulary(
        parse_groups("perhekeskus, sv:familjecenter\nperhetyö, neuvola, lapsiperhe, perhe, sv:familjecenter"),
        analyser(),
    )
    strengths = links(vocabulary, "familjecenter", language="sv")
    assert strengths["perhekeskus"] > strengths["lapsiperhe"] == TRANSLATION


def test_phrases_are_known_in_any_inflection() -> None:
    vocabulary = Vocabulary(parse_groups("burnout, työn imu\nammattiopisto, toinen aste"), analyser())
    assert links(vocabulary, "työn", "imua").keys() == {"burnout"}
    assert links(vocabulary, "toisella", "asteella").keys() == {"ammattiopisto"}
    assert links(vocabulary, "työn") == {}


def test_an_edited_vocabulary_needs_no_new_index() -> None:
    engine = MemoryEngine()
    engine.rebuild([deed(1, "Polkupyörät käyttöön"), deed(2, "Muu teko")])
    assert engine.search(SearchQuery("fillari")).strong == 0
    engine.use_groups([*base_groups(), SynonymGroup((Member("polkupyörä"), Member("fillari")))])
    assert [hit.id for hit in engine.search(SearchQuery("fillari")).hits] == [1]


def test_a_word_is_understood_once_in_each_state_of_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = MemoryEngine()
    engine.rebuild([deed(1, "Kirjaston aamu"), deed(2, "Koulun ilta")])
    made: list[str] = []
    make = Ranker._made_concept

    def noted(self: Ranker, index: PostingIndex, asked: Asked) -> Concept:
        made.append(asked.word.form)
        return make(self, index, asked)

    monkeypatch.setattr(Ranker, "_made_concept", noted)
    for text in ("kirjasto ilta", "koulu ilta", "kirjasto aamu", "kirjasto"):
        engine.search(SearchQuery(text))
    # The last word may be the beginning of a longer one, so it is another one than in the middle.
    assert made == ["kirjasto", "ilta", "koulu", "aamu", "kirjasto"]
    made.clear()
    engine.index([deed(3, "Kirjaston ilta")])
    assert [hit.id for hit in engine.search(SearchQuery("kirjasto ilta")).hits][:1] == [3]
    assert made == ["kirjasto", "ilta"]


def test_the_base_vocabulary_is_whole() -> None:
    groups = base_groups()
    assert len(groups) > 200
    assert all(len(group.members) + (group.head is not None) > 1 for group in groups)
    assert all(member.text == member.text.strip() and member.text for group in groups for member in group.members)


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("esimies", "esihenkilö"),
        ("tyhy", "työhyvinvointi"),
        ("hammashoito", "suun terveydenhuolto"),
        ("tarha", "varhaiskasvatus"),
    ],
)
def test_everyday_words_lead_to_official_ones(typed: str, leads_to: str) -> None:
    assert leads_to in links(Vocabulary(base_groups(), analyser()), typed)


def test_a_warmed_vocabulary_leaves_nothing_to_the_first_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of three languages take over half a second: a reader once waited for them with a misspelt word."""
    vocabulary = Vocabulary(base_groups(), analyser()).prepared()
    assert set(vocabulary._entries) == {"fi", "sv", "en"}
    monkeypatch.setattr(vocabulary, "_key", lambda member: pytest.fail(f"{member} is looked up by a reader"))
    assert vocabulary.find([frozenset({"esimies"})])
    engine = MemoryEngine()
    engine.rebuild([])
    engine.warm()
    assert set(engine.ranker.vocabulary._entries) == {"fi", "sv", "en"}


def test_a_word_that_no_deed_has_is_looked_for_by_the_other_groups_of_its_words() -> None:
    groups = parse_groups("fillari, pyörä, ajopeli\npyörä, polkupyörä, pyöräily")
    engine = MemoryEngine(groups=groups)
    engine.rebuild([deed(1, "Polkupyörät käyttöön"), deed(2, "Muu teko")])
    assert [hit.id for hit in engine.search(SearchQuery("fillari")).hits] == [1]


def test_words_that_only_join_may_stand_within_a_phrase() -> None:
    engine = MemoryEngine(groups=parse_groups("nuorten ääni, nuorisovaltuusto"))
    engine.rebuild([deed(1, "Nuorisovaltuusto alkuun"), deed(2, "Muu teko")])
    assert [hit.id for hit in engine.search(SearchQuery("miten nuorille saadaan oma ääni")).hits if not hit.weak] == [1]
