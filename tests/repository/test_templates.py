"""Every template can be read, extends a layout and has a title; every name used in it exists."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from tests.repository.test_architecture import ROOT, relative

FOLDER = ROOT / "templates"
PAGES = sorted(
    path
    for path in FOLDER.rglob("*.html")
    if path.relative_to(FOLDER).parts[0] not in ("layouts", "macros", "mail") and not path.name.startswith("_")
)
ALONE = {
    "templates/errors/standalone.html": "works without layout, database and catalogues",
    "templates/deeds/tools/embed.html": "stands on pages of others, without our frame",
    "templates/toplists/embed.html": "stands on pages of others, without our frame",
    "templates/previews/latest.html": "stands on pages of others, without our frame",
    "templates/previews/counter.html": "stands on pages of others, without our frame",
}
PARTS = {"templates/gallery/sample.html"}
PHRASES = re.compile(r'<\w+ [^>]*id="(?:autosave-)?phrases".*')
"""Words for the scripts, which put their names together."""
ALL = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt", ".xml"))


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_the_template_can_be_read_and_what_it_includes_exists(app: Flask, path: Path) -> None:
    environment = app.jinja_env
    name = name_of(path)
    environment.get_template(name)
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    for other in meta.find_referenced_templates(environment.parse(source)):
        if other is not None:
            environment.get_template(other)


def parent_of(path: Path) -> Path | None:
    found = re.search(r"{%-?\s*extends\s+['\"]([^'\"]+)['\"]", path.read_text(encoding="utf-8"))
    return FOLDER / found[1] if found else None


LAYOUTS = {parent_of(path) for path in PAGES} - {None}


@pytest.mark.parametrize("path", [path for path in PAGES if path not in LAYOUTS], ids=name_of)
def test_a_page_extends_a_layout_and_has_a_title(path: Path) -> None:
    if relative(path) in ALONE or relative(path) in PARTS:
        return
    family = [path]
    while (parent := parent_of(family[-1])) is not None:
        family.append(parent)
    if relative(family[-1]) in ALONE:
        assert "<title>" in family[-1].read_text(encoding="utf-8")
        return
    assert family[-1] == FOLDER / "layouts" / "page.html"
    assert any("block title" in member.read_text(encoding="utf-8") for member in family[:-1]), "has no title"


def test_every_link_of_the_templates_leads_to_a_page(app: Flask) -> None:
    for path in ALL:
        for endpoint in re.findall(
            r"(?:url_for|public_link)\(\s*['\"]([a-z_.]+)['\"]", path.read_text(encoding="utf-8")
        ):
            assert endpoint in app.view_functions, f"{name_of(path)}: {endpoint}"


def test_every_icon_of_the_templates_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol[^>]*\sid="([^"]+)"', (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")))
    used = {
        (name_of(path), name)
        for path in ALL
        for name in re.findall(r"\bicon\(['\"]([a-z0-9-]+)['\"]", path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in used if name not in drawn} == set()


def test_a_script_or_a_style_reads_every_data_attribute() -> None:
    """One that nobody reads promises something that does not happen, such as a word before leaving what is typed."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder, ending in (("js", ".js"), ("css", ".css"))
        for path in (ROOT / "static" / folder).glob(f"*{ending}")
    )
    written = {
        (name_of(path), found.replace("_", "-"))
        for path in ALL
        for found in re.findall(
            r"\bdata[-_]([a-z]+(?:[-_][a-z]+)*)(?=[=\s>%{])", PHRASES.sub("", path.read_text(encoding="utf-8"))
        )
    }
    unread = {
        (path, name)
        for path, name in written
        if not re.search(rf"data-{name}(?![a-z-])|\.{re.sub('-(.)', lambda at: at[1].upper(), name)}\b", code)
    }
    assert len(written) > 100
    assert unread == set()


def test_every_mail_has_its_three_parts() -> None:
    for folder in (path for path in (FOLDER / "mail").iterdir() if path.is_dir()):
        assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.html"}, folder.name
