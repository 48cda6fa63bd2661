"""The whole house: layers, access of every view, constructs that need a second look."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from tori.edge.access import OBJECT, PUBLIC
from tori.policy import RULES, Permission

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "tori").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt", ".xml"))

MARKUP_REVIEWED = {
    "tori/deeds/list_rows.py": "rows that a template has made, and passages, themselves Markup",
    "tori/edge/kept.py": "a mark in the place of a passage, itself Markup; facets, with names escaped",
    "tori/edge/frames.py": "what a template has made",
    "tori/edge/templating.py": "texts of the catalogues, as Jinja does it; values are escaped",
    "tori/core/text.py": "Markdown after the cleaner, and text that was escaped on the spot",
    "tori/search/highlight.py": "marks around pieces that Markup itself escapes",
}
"""Where text becomes HTML, and why that is safe. Add a file only after a second pair of eyes."""

SAFE_REVIEWED = {
    "templates/gallery/sample.html": "a sample written in the template itself, in development only",
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_with(pattern: str, paths: list[Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        hits = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if re.search(pattern, line)]
        if hits:
            found[relative(path)] = hits
    return found


def test_imports_run_one_way() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint == "static":
            continue
        rule = getattr(view, "access", None)
        assert rule in (PUBLIC, OBJECT) or isinstance(rule, Permission), endpoint


def test_only_posts_change_things_and_public_views_are_for_reading(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule


def test_every_permission_has_a_rule() -> None:
    assert set(RULES) == set(Permission)


def test_no_template_is_made_from_a_string() -> None:
    assert not lines_with(r"render_template_string|from_string\(", CODE)


def test_text_becomes_html_only_where_it_was_reviewed() -> None:
    assert set(lines_with(r"\bMarkup\(", CODE)) == set(MARKUP_REVIEWED)
    assert set(lines_with(r"\|\s*safe\b|autoescape\s+false", TEMPLATES)) == set(SAFE_REVIEWED)


def test_templates_keep_to_the_content_security_policy() -> None:
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    assert not lines_with(r"\sstyle=\"|\son[a-z]+=\"|javascript:", pages)
    assert not lines_with(r"<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", pages)
    assert not lines_with(r"(?:src|href)=\"(?:https?:)?//(?!www\.w3\.org)[^\"]+\.(?:js|css|png|jpg|svg|woff2)", pages)


def test_nothing_is_left_open_in_the_code() -> None:
    assert not lines_with(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", [*CODE, *TEMPLATES])
    assert not lines_with(r"except:|except BaseException:\s*pass", CODE)


def test_sql_is_never_put_together_from_text() -> None:
    # A pragma takes no parameters.
    assert not lines_with(r"(?:(?<!\.)\btext|execute|exec_driver_sql)\(\s*f[\"'](?!PRAGMA)", CODE)


def test_services_and_queries_know_no_flask() -> None:
    names = ("service.py", "queries.py", "policy.py", "content.py", "filters.py", "importing.py", "exporting.py")
    pure = [path for path in CODE if path.name in names or path.parent.name in ("core", "models")]
    # Mail is rendered from templates when it is put into the outbox, so the accounts know the current settings.
    pure = [path for path in pure if relative(path) != "tori/accounts/service.py"]
    assert not lines_with(r"^(?:from|import) flask(?!_babel)\b", pure)


def test_front_end_files_of_others_are_those_on_record() -> None:
    record = tomllib.loads((ROOT / "VENDORED.toml").read_text(encoding="utf-8"))
    on_record = {name for package in record["package"] for name in package["sha256"]}
    present = {
        relative(path)
        for folder in ("static/vendor", "tests/browser/vendor")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in (".br", ".gz")
    }
    assert present <= on_record
    result = subprocess.run(
        [sys.executable, "tests/tools/vendor_static.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locked_packages_have_hashes_and_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index-url|--find-links|--extra", text.partition("alembic==")[2])
    for block in re.split(r"\n(?=[a-z0-9-]+==)", text)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]
