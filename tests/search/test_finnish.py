"""Forms that municipal workers type, and the words of deeds they must meet; by both chains of analysis."""

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from tori.search.analysis import PART, ROOT, Analyser, analyser
from tori.search.words import bare, fold, plain, words

MEETS = """
hyvinvointi työhyvinvoinnin | hyvinvointi hyvinvoinnista | työhyvinvointi työhyvinvointia
päiväkoti päiväkodeissa | päiväkoti päiväkodin | varhaiskasvatus varhaiskasvatuksessa
kasvatus varhaiskasvatuksen | koulu kouluissa | koulu kyläkoulut | opettaja opettajien
kirjasto kaupunginkirjastossa | kirjasto kirjastoissa | johtaminen johtamisen | johtaminen työkykyjohtamista
esihenkilö esihenkilöille | esihenkilö lähiesihenkilöiden | henkilöstö henkilöstöä | kokeilu kokeiluista
kokeilu kokeilukulttuuria | palvelu palveluissa | palvelumuotoilu palvelumuotoilua | muotoilu palvelumuotoilun
kotihoito kotihoidossa | hoito kotihoitoon | sairaala sairaalassa | sairaala kotisairaalan | kunta kuntien
kaupunki kaupungin | asiakas asiakkaiden | palaute asiakaspalautteesta | raati asiakasraadin | nuori nuoria
nuorisotyö nuorisotyössä | valtuusto nuorisovaltuuston | siivous siivouksessa | keittiö keittiöissä
ruoka ruokapalveluja | liikunta verkkoliikuntaa | robotiikka robotiikan | tekoäly tekoälyä
digitalisaatio digitalisaation | etätyö etätöissä | sparraus sparrauksella | itseohjautuvuus itseohjautuvuutta
pelisääntö pelisäännöt | vuosikello vuosikellon | kello vuosikelloa | osaaminen osaamisen
strategia strategiaa | kaavoitus kaavoituksesta | sote sotessa | sote sote-uudistuksen | tyhy tyhyn
tyky tykypäivässä | vaka vakassa | rpa rpa:lla | tvt tvt:n | s2 s2-opetus | hämeenkyrö hämeenkyrössä
varkaus varkauden | ylöjärvi ylöjärveläinen | kuhmo kuhmossa | jämsä jämsän | työ töissä | aivotyö aivotyön
agentti aivotyöagentteja | kesätyö kesätöihin | seteli kesätyöseteleitä | kehittäminen kehittämisessä
uudistus sote-uudistus | ikäihminen ikäihmisille | perhe lapsiperheiden | lapsi lasten
""".replace("\n", " | ").split(" | ")

APART = """
kunta kuntoutus | kokki kokous | koulu koulutus | peli pelto | talo talous | varhainen varkaus | pori poro
sali salo | kello kelpo | hoito hoikka | palvelu palkka
""".replace("\n", " | ").split(" | ")


def pairs(listed: list[str]) -> list[tuple[str, str]]:
    return [(first, second) for first, second in (pair.split() for pair in listed if pair)]


@pytest.fixture
def analysis(chain: str) -> Analyser:
    return analyser(chain)


def whole(analysis: Analyser, form: str) -> set[str]:
    return {form, *analysis.word(form, "fi").lemmas}


def all_of(analysis: Analyser, form: str) -> set[str]:
    return {form} | {term.removeprefix(PART) for term in analysis.terms(form, "fi") if not term.startswith(ROOT)}


def test_a_query_word_meets_its_forms_and_compounds(analysis: Analyser) -> None:
    missed = [
        (typed, form)
        for typed, form in pairs(MEETS)
        if whole(analysis, typed).isdisjoint(all_of(analysis, form))
    ]  # fmt: skip
    assert len(missed) <= len(pairs(MEETS)) * 0.04, missed


def test_words_that_only_look_alike_stay_apart(analysis: Analyser) -> None:
    met = [
        (typed, form)
        for typed, form in pairs(APART)
        if not whole(analysis, typed).isdisjoint(all_of(analysis, form))
    ]  # fmt: skip
    assert met == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kehittää", "kehitys"),
        ("mentori", "mentorointi"),
        ("robotti", "robotiikka"),
        ("osallistua", "osallisuus"),
    ],
)
def test_relatives_share_a_root(analysis: Analyser, first: str, second: str) -> None:
    roots = [{t for t in analysis.terms(word, "fi") if t.startswith(ROOT)} for word in (first, second)]
    assert roots[0] & roots[1]


def test_a_participle_leads_to_its_verb() -> None:
    assert "osallistaa" in analyser("voikko").word("osallistavaa", "fi").lemmas


def test_an_unknown_word_is_cut_before_a_known_ending(analysis: Analyser) -> None:
    word = analysis.word("xyloftiimissä", "fi")
    assert not word.known
    assert "tiimi" in word.parts


def test_swedish_and_english_have_their_own_dictionaries() -> None:
    shared = analyser()
    assert shared.word("arbetsförmågan", "sv").lemmas == ("arbetsförmåga",)
    assert shared.word("supervisors", "en").lemmas == ("supervisor",)


def test_analysis_is_the_same_every_time_and_in_every_thread(analysis: Analyser) -> None:
    forms = [form for _, form in pairs(MEETS)]
    expected = [analysis.finnish._word(form) for form in forms]
    wrong: list[str] = []

    def analyse() -> None:
        for form, word in zip(forms, expected, strict=True):
            if analysis.finnish._word(form) != word:
                wrong.append(form)

    threads = [threading.Thread(target=analyse) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_analyser_names_its_chain_and_version(analysis: Analyser, chain: str) -> None:
    assert f"{chain}/" in analysis.name
    assert "simplemma-sv/" in analysis.name


def test_importing_the_engines_opens_no_dictionary() -> None:
    script = """
        import sys
        import tori.search.indexing
        loaded = {"libvoikko", "simplemma", "finnsyll", "whoosh"} & set(sys.modules)
        assert not loaded - {"whoosh"}, loaded
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Työ\u00adhyvin\u00advointi", ["työhyvinvointi"]),
        ("KT:n ja RPA:n", ["kt:n", "ja", "rpa:n"]),
        ("sote‑uudistus", ["sote-uudistus"]),
        ("Café Ülle", ["cafe", "ulle"]),
        ("5S, 2.0 ja C++", ["5s", "2", "0", "ja", "c++"]),
        ("äiti ÄITI a\u0308iti", ["äiti", "äiti", "äiti"]),
        ("", []),
    ],
)
def test_text_is_cut_into_folded_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_dots_are_kept_in_folding_and_lost_in_the_bare_form() -> None:
    assert fold("Hämeenkyrö") == "hämeenkyrö"
    assert bare("Hämeenkyrö") == "hameenkyro"


def test_markdown_marks_and_addresses_are_not_words() -> None:
    assert words(plain("## Otsikko\n* **lihava** [linkki](https://example.org/sivu) https://example.org")) == [
        "otsikko", "lihava", "linkki",
    ]  # fmt: skip


def test_an_unknown_chain_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no analysis called 'pip': choose one of auto, voikko, packaged"):
        analyser("pip")
