"""Base forms are those of simplemma, whether its dictionaries are laid out or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import simplemma
from simplemma import strategies

from tori import doctor
from tori.doctor import Verdict
from tori.search import dictionaries
from tori.search.dictionaries import base_form

WORDS = {
    "sv": "kommunerna arbetsförmågan Stockholms stockholms barn's e-tjänster ÅLAND a\u030aland gick 5 ½ okändsort",
    "en": "municipalities supervisors went don't London london co-workers 2nd ½ café unwordly",
    "fi": "kunnissa työ Työ helsingissä Helsingissä kehittäminen a\u0308idin sote-alueet 5 epäsanahan",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tries beside which those of an older simplemma lay."""
    data = tmp_path_factory.mktemp("data")
    (data / "simplemma-0.1").mkdir()
    (data / "simplemma-0.1" / "sv.dic").write_bytes(b"old")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dictionaries, "DATA", data)
        dictionaries.lay_out()
    return data


@pytest.fixture
def anew() -> Iterator[None]:
    dictionaries._dictionary.cache_clear()
    yield
    dictionaries._dictionary.cache_clear()


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch, made: Path, anew: None) -> Path:
    monkeypatch.setattr(dictionaries, "DATA", made)
    return made


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, anew: None) -> Path:
    monkeypatch.setattr(dictionaries, "DATA", tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", ["laid_out", "bare"])
@pytest.mark.parametrize("language", WORDS)
def test_a_base_form_is_what_simplemma_says(request: pytest.FixtureRequest, place: str, language: str) -> None:
    request.getfixturevalue(place)
    for form in WORDS[language].split():
        known = simplemma.is_known(form, lang=language, low_memory=True)
        said = simplemma.lemmatize(form, lang=language, low_memory=True)
        assert base_form(form, language) == (said if known else None), form


def test_what_is_laid_out_is_read_where_it_lies(laid_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "StreamDictionaryFactory", None)
    assert base_form("kommunerna", "sv") == "kommun"
    assert base_form("municipalities", "en") == "municipality"
    assert str(laid_out) in Path("/proc/self/maps").read_text()
    assert list(doctor.check_dictionaries()) == []


def test_only_tries_of_this_simplemma_are_left(laid_out: Path) -> None:
    found = {str(path.relative_to(laid_out)) for path in laid_out.rglob("*") if path.is_file()}
    assert found == {f"simplemma-{simplemma.__version__}/{language}.dic" for language in dictionaries.LAID_OUT}
    assert len(list(laid_out.rglob("*"))) == 1 + len(found)


def test_without_tries_nothing_is_made_and_the_doctor_tells(bare: Path) -> None:
    assert base_form("kommunerna", "sv") == "kommun"
    assert list(bare.iterdir()) == []
    (note,) = doctor.check_dictionaries()
    assert note.verdict == Verdict.NOTE
    assert "sv, en" in note.sentence


def test_a_trie_that_is_cut_short_is_not_used(bare: Path, made: Path) -> None:
    whole = made / f"simplemma-{simplemma.__version__}"
    cut = bare / whole.name
    cut.mkdir()
    (cut / "en.dic").write_bytes((whole / "en.dic").read_bytes()[:100_000])
    assert base_form("municipalities", "en") == "municipality"
    assert dictionaries.not_laid_out() == ["sv", "en"]
    assert [path.name for path in cut.iterdir()] == ["en.dic"]
