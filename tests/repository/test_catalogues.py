"""The catalogues are whole: every text of the code in every language, and nothing a program can see is wrong in it.

The texts are read from the code anew, so a text that nobody has translated yet fails here and not in front of a reader.
``make messages`` brings new texts into the catalogues.
"""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = ("fi", "sv")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
TAG = re.compile(r"</?[a-z]+")


def catalogue_file(locale: str) -> Path:
    return ROOT / "tori" / "translations" / locale / "LC_MESSAGES" / "messages.po"


def catalogue(locale: str) -> Catalog:
    with catalogue_file(locale).open("rb") as file:
        return read_po(file, locale=locale)


def variants(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def messages(content: Catalog) -> list[Message]:
    return [message for message in content if message.id]


@pytest.fixture(scope="module")
def code_texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "__",
               "-k", "setting:3"]  # fmt: skip
    subprocess.run([*command, "-o", str(target), "."], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return read_po(file)


def test_every_template_is_read(code_texts: Catalog) -> None:
    """A template that the extractor cannot read is otherwise left out without a word."""
    read = {location[0] for message in messages(code_texts) for location in message.locations}
    with_texts = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if path.suffix in {".html", ".txt", ".xml"}
        and re.search(r"\b_\('|{% trans\b", path.read_text(encoding="utf-8"))
    }
    assert with_texts <= read


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(code_texts: Catalog, locale: str) -> None:
    content = catalogue(locale)
    missing = []
    for message in messages(code_texts):
        found = content.get(message.id, message.context)
        if found is None or not found.string or not all(variants(found.string)):
            missing.append(message.id)
    assert not missing


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_fuzzy_obsolete_or_foreign(code_texts: Catalog, locale: str) -> None:
    content = catalogue(locale)
    assert not [message.id for message in messages(content) if message.fuzzy]
    assert not content.obsolete
    assert not [message.id for message in messages(content) if code_texts.get(message.id, message.context) is None]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_plural_forms_are_those_of_the_language(locale: str) -> None:
    content = catalogue(locale)
    assert content.num_plurals == 2
    plural = [message for message in messages(content) if message.pluralizable]
    assert plural
    assert not [message.id for message in plural if len(variants(message.string)) != content.num_plurals]
    # A plain text given for both forms would be taken apart into its letters.
    assert not [message.id for message in plural if any(len(form) < 2 for form in variants(message.string))]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_word_has_shrunk_to_a_letter(locale: str) -> None:
    """A plural that is given as one text instead of two falls apart into its letters."""
    shrunk = [
        message.id
        for message in messages(catalogue(locale))
        for text, own in zip(variants(message.string), variants(message.id), strict=False)
        if len(text) < 2 < len(own)
    ]
    assert shrunk == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_placeholders_and_tags_are_those_of_the_text(locale: str) -> None:
    """A singular may say its number in words, and so may its translation; none may ask for more than the code gives."""
    wrong = []
    for message in messages(catalogue(locale)):
        sources, results = variants(message.id), variants(message.string)
        if not all(results):
            continue
        for pattern in (PLACEHOLDER, TAG):
            allowed = [sorted(pattern.findall(source)) for source in sources]
            given = [sorted(pattern.findall(result)) for result in results]
            many_differ = given[-1] != allowed[-1]
            if many_differ or any(found not in allowed for found in given):
                wrong.append((message.id, message.string))
    assert not wrong


@pytest.mark.parametrize("locale", TRANSLATED)
def test_catalogue_compiles_without_complaint(locale: str) -> None:
    content = catalogue(locale)
    assert not [(message.id, errors) for message, errors in content.check()]
    compiled = io.BytesIO()
    write_mo(compiled, content)
    assert compiled.getvalue()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_catalogue_names_no_person_and_no_place(locale: str) -> None:
    text = catalogue_file(locale).read_text(encoding="utf-8")
    header = text.split("\n\n", 1)[0]
    assert "@" not in header
    assert "\n#: " not in text


def test_finnish_speaks_of_deeds_and_supervisors_by_their_names() -> None:
    """The words that the glossary rules out; see docs/glossary.md."""
    ruled_out = re.compile(r"\bsisältö|\bsisällö|postau|\besimie", re.IGNORECASE)
    used = [
        text for message in messages(catalogue("fi")) for text in variants(message.string) if ruled_out.search(text)
    ]
    assert not used


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_form_of_a_plural_is_a_lone_letter(locale: str) -> None:
    """A text put where its forms belong is taken letter by letter, and a page then says "164 e"."""
    broken = [
        message.id
        for message in messages(catalogue(locale))
        if isinstance(message.string, tuple) and any(len(form) < 2 for form in message.string if form)
    ]
    assert broken == []
