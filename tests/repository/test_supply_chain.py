"""What the service is made of: locked with hashes, of no foreign index, under licences that go together."""

import json
import re
from pathlib import Path

import pytest

from tests.tools import supply_chain
from tests.tools.supply_chain import ROOT, Part

LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_with_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "--index-url" not in text
    assert "--extra-index-url" not in text
    assert "://" not in re.sub(r"#.*", "", text)
    blocks = re.split(r"\n(?=[a-z0-9])", "\n" + re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))[1:]
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.]+ \\\n", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_every_licence_goes_together_with_ours() -> None:
    found = supply_chain.parts()
    assert len(found) > 40
    assert [part for part in found if not part.is_allowed] == []


def test_a_licence_that_does_not_is_noticed() -> None:
    assert not Part("x", "1", "GNU Affero General Public License v3").is_allowed
    assert not Part("x", "1", "").is_allowed


def test_the_list_of_parts_names_them_all(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(supply_chain, "LIST", tmp_path / "sbom.json")  # type: ignore[operator]
    found = supply_chain.parts()
    supply_chain.write_list(found)
    told = json.loads((tmp_path / "sbom.json").read_text())  # type: ignore[operator]
    assert told["bomFormat"] == "CycloneDX"
    assert {row["purl"] for row in told["components"]} == {f"pkg:pypi/{part.name}@{part.version}" for part in found}


@pytest.mark.parametrize(
    ("faults", "unknown", "status", "words"),
    [([], 0, 0, ""), (["x 1: CVE-1"], 0, 1, ""), ([], 3, 2, "NOT CHECKED"), (["x 1: CVE-1"], 3, 1, "NOT CHECKED")],
)
def test_the_command_is_no_pass_when_nobody_could_be_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], faults: list[str],
    unknown: int, status: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(supply_chain, "LIST", tmp_path / "sbom.json")
    monkeypatch.setattr(supply_chain, "known_faults", lambda: (faults, unknown))
    assert supply_chain.main() == status
    told = capsys.readouterr()
    assert (words in told.err) if words else told.err == ""
    assert all(fault in told.out for fault in faults)
