"""Every row of the threat model has a test named by its id, or a sentence why it cannot occur. No row is skipped."""

import re

import pytest

from tests.repository.test_architecture import ROOT

IDS = [
    "H01", "H02", "I99", "H03", "H04", "H05", "H13", "H06", "H07", "H08", "H09", "H10", "H11", "H12", "H14", "H15",
    "H16", "H17", "H18", "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A09b", "A10", "A11", "A12",
    "A13", "A14", "A15", "A16", "A17", "A18", "A19", "A20", "A21", "A22", "A23", "A24", "C01", "C02", "C03", "C04",
    "C05", "C06", "Z01", "Z02", "Z03", "Z04", "Z05", "Z06", "Z07", "Z08", "Z09", "Z10", "Z11", "Z11b", "Z12", "Z13",
    "Z14", "Z15", "Z16", "Z17", "Z18", "Z19", "Z20", "Z21", "Z22", "Z23", "X01", "X01b", "X02", "X03", "X04", "X05",
    "X06", "X07", "U01", "U02", "U04", "U05", "U06", "U07", "U08", "U09", "U10", "U11", "U12", "U13", "I01", "I02",
    "I03", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12", "I14", "S01", "S02", "S03", "N01", "N02",
    "N03", "N04", "G01", "G02", "G03", "G04", "R01", "R02", "R03", "R04", "R05", "R06",
]  # fmt: skip
ROW = re.compile(r"^\| ([A-Z]\d\db?) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows() -> dict[str, str]:
    return {found[1]: found[3] for found in ROW.finditer((ROOT / "docs/security.md").read_text())}


def test_every_row_stands_in_the_paper_once() -> None:
    found = [match[1] for match in ROW.finditer((ROOT / "docs/security.md").read_text())]
    assert found == IDS


@pytest.mark.parametrize("name", IDS)
def test_the_row_has_its_test_or_its_reason(name: str) -> None:
    told = rows()[name]
    if told.startswith("Cannot occur: "):
        assert len(told) > 40
        return
    files = re.findall(r"`(tests/[\w/]+\.py)`", told)
    assert files, told
    pattern = re.compile(rf"def test_(?:\w+_)?{name.lower()}_")
    assert any(pattern.search((ROOT / file).read_text()) for file in files), f"{name}: no test is named by it"


def test_nothing_is_skipped_in_the_tests_of_security() -> None:
    for path in (ROOT / "tests/security").glob("*.py"):
        if path.name != "test_rows.py":
            assert not re.search(r"pytest\.(mark\.)?(skip|xfail)", path.read_text()), path.name


def test_every_finding_has_its_test() -> None:
    told = re.findall(r"^- \*\*(E\d\d)\*\* ", (ROOT / "docs/security.md").read_text(), re.MULTILINE)
    assert told == [f"E{number:02}" for number in range(1, len(told) + 1)]
    files = [ROOT / "tests/security" / name for name in ("test_findings.py", "test_passkeys.py")]
    tried = set(re.findall(r"def test_(e\d\d)_", "".join(path.read_text() for path in files)))
    assert {name.lower() for name in told} == tried
