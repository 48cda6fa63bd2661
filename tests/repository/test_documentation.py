"""The papers name what there is, and what they name exists."""

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from tests.drills import install
from tests.repository.test_architecture import ROOT, relative
from tori.api.openapi import PATHS
from tori.cli import COMMANDS
from tori.config import Config
from tori.exchange.format import KEYS

DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAPERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def command_names() -> list[str]:
    names = []
    for command in COMMANDS:
        if isinstance(command, click.Group):
            names += [f"{command.name} {name}" for name in command.commands]
        else:
            names.append(str(command.name))
    return names


def test_the_example_of_the_settings_is_whole_and_true() -> None:
    text = text_of(".env.example")
    listed = dict(re.findall(r'^#([A-Z_]+)="?([^"\n]*)"?$', text, re.M))
    assert set(listed) == {item.metadata["env"] for item in fields(Config)}
    plain = " ".join(line.lstrip("# ") for line in text.splitlines())
    for item in fields(Config):
        assert item.metadata["help"] in plain, item.name
        default = item.default
        shown = (
            str(int(default)) if isinstance(default, bool) else "instance" if item.name == "instance" else str(default)
        )
        assert listed[item.metadata["env"]] == shown, item.name


def test_every_setting_is_described() -> None:
    text = text_of("docs/operations.md")
    for item in fields(Config):
        assert f"`{item.metadata['env']}`" in text, item.metadata["env"]


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_described(name: str) -> None:
    assert f"`{name}" in text_of("docs/operations.md")


def test_every_option_of_a_command_is_described_or_explains_itself() -> None:
    for command in COMMANDS:
        inner = command.commands.values() if isinstance(command, click.Group) else [command]
        for item in inner:
            assert item.help, item.name


def test_every_key_of_the_format_is_described() -> None:
    text = text_of("docs/api.md")
    assert [key for key in KEYS if f"`{key}`" not in text] == []


def test_every_address_of_the_interface_is_described() -> None:
    text = text_of("docs/api.md")
    for path in PATHS:
        assert path.replace("{deed_id}", "<id>").replace("{", "<").replace("}", ">") in text, path
        parameters = [item for operation in PATHS[path].values() for item in operation.get("parameters", [])]
        for parameter in parameters:
            assert parameter["in"] == "path" or parameter["name"] == "limit" or f"`{parameter['name']}`" in text, (
                parameter["name"]
            )


def test_addresses_named_in_the_papers_exist(app: Flask) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    for paper in DOCS:
        if paper.name == "wishes.md" or paper.parent.name == "decisions":
            continue
        for path in re.findall(
            r"`(/(?:hallinta|api|teot|tilastot|tyylit|healthz|readyz)[a-z0-9/_.-]*)`", paper.read_text(encoding="utf-8")
        ):
            assert adapter.test(path), f"{relative(paper)}: {path}"


def test_links_between_the_papers_lead_somewhere() -> None:
    for paper in PAPERS:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / target).exists(), f"{relative(paper)}: {target}"


def test_targets_of_make_named_in_the_papers_exist() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    for paper in PAPERS:
        for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)`", paper.read_text(encoding="utf-8")):
            assert target in targets, f"{relative(paper)}: make {target}"
    described = re.findall(r"^([a-z-]+):.*## ", makefile, re.M)
    assert len(described) == len(set(described))


def test_the_readme_of_the_seed_content_names_each_file() -> None:
    readme = text_of("seed_data/README.md")
    for path in (ROOT / "seed_data").iterdir():
        if path.name != "README.md":
            assert f"`{path.name}`" in readme, path.name


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_run_of_the_checks_calls_the_test_command() -> None:
    assert "make test" in text_of(".ci/run")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_units_of_the_paper_are_sound(tmp_path: Path) -> None:
    """The very lines of docs/operations.md, with the programs of this folder."""
    lines = re.search(r"```ini\n(.*?)```", text_of("docs/operations.md"), re.DOTALL)
    assert lines is not None
    unit = lines[1].replace("/srv/tori/app/.venv/bin/flask", sys.executable).replace("/srv/tori/app", str(ROOT))
    (tmp_path / "tekojen-tori.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "tekojen-tori.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    own = [line for line in done.stderr.splitlines() if "tekojen-tori" in line]
    assert own == []


def test_the_way_onto_a_server_can_be_read_by_the_drill() -> None:
    lines = install.commands()
    assert [line.split()[0] for line in lines] == ["apt-get", "useradd", "chmod", "install", "install", "make"]
    home = Path("/tmp/x")
    assert install.moved(lines[1], home) == "useradd --system --create-home --home-dir /tmp/x tori-drill"
    assert install.moved(lines[3], home) == "install -d -o tori-drill -g tori-drill -m 0700 /tmp/x/data"
    assert install.unit()["ExecStart"] == ["/srv/tori/app/.venv/bin/flask --app wsgi serve"]
