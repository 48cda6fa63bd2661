"""Templates that were compiled at installation are not compiled at a start; what has changed since is."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment, TemplateSyntaxError

from tests.conftest import MakeApp
from tori.compile_templates import compile_all
from tori.edge.compiled_templates import FOLDER, CompiledTemplates


def environment(folder: Path, texts: dict[str, str]) -> tuple[Environment, list[str]]:
    """One that reads what is compiled in the folder, and what it has compiled itself."""
    own, compiled = Environment(loader=DictLoader(texts)), []
    own.bytecode_cache = CompiledTemplates(own, folder)
    compile_template = own.compile

    def note(source: str, name: str, *given: object) -> object:
        compiled.append(name)
        return compile_template(source, name, *given)

    own.compile = note  # type: ignore[method-assign, assignment]
    return own, compiled


TEXTS = {"a.html": "{{ word|upper }}!", "b.html": "{% include 'a.html' %}?"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "compiled"
    folder.mkdir()
    (folder / "of-before").write_text("")
    assert compile_all(Environment(loader=DictLoader(TEXTS)), folder) == 2
    return folder


def test_what_is_compiled_is_taken_as_it_is(folder: Path) -> None:
    own, compiled = environment(folder, TEXTS)
    assert own.get_template("b.html").render(word="tori") == "TORI!?"
    assert compiled == []
    assert len(list(folder.iterdir())) == 2


def test_what_has_changed_is_compiled_and_not_written(folder: Path) -> None:
    own, compiled = environment(folder, {**TEXTS, "a.html": "{{ word|lower }}."})
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert own.get_template("b.html").render(word="TORI") == "tori.?"
    assert compiled == ["a.html"]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_was_compiled_by_other_rules_is_not_taken(folder: Path) -> None:
    for change in (
        lambda own: setattr(own, "trim_blocks", True),
        lambda own: own.filters.update(new=str),
        lambda own: own.add_extension("jinja2.ext.do"),
    ):
        own, compiled = environment(folder, TEXTS)
        change(own)
        own.get_template("a.html")
        assert compiled == ["a.html"]


def test_a_folder_that_is_missing_or_damaged_only_costs_time(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:40])
    for place in (folder, tmp_path / "none"):
        own, compiled = environment(place, TEXTS)
        assert own.get_template("a.html").render(word="tori") == "TORI!"
        assert compiled == ["a.html"]


def test_a_template_that_is_wrong_stops_the_installation(tmp_path: Path) -> None:
    with pytest.raises(TemplateSyntaxError):
        compile_all(Environment(loader=DictLoader({"a.html": "{% if %}"})), tmp_path / "compiled")


def test_a_site_takes_the_templates_of_the_installation(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Flask] = []
    monkeypatch.setattr("tori.edge.templating.CompiledTemplates", lambda own: taken.append(own))
    app = make_app()
    assert taken == [app.jinja_env]
    assert FOLDER.parent.name == "__pycache__", "where nothing becomes a part of a commit"
