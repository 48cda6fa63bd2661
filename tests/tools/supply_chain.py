"""What the service is made of: known faults, licences, and a list of parts (CycloneDX). ``make audit``.

Known faults are asked of the index through pip-audit; where no index answers, that is said and is not a pass: the
command ends with 2 then, with 1 for a known fault or a licence to look at, and with 0 when all is known and well.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.txt"
LIST = ROOT / "sbom.cdx.json"
PINNED = re.compile(r"^([a-z0-9][\w.-]*)==([\w.]+) \\$", re.MULTILINE)
ALLOWED = ("mit", "bsd", "apache", "isc", "psf", "python software", "mozilla", "mpl", "unlicense", "lgpl", "zlib")
"""Licences that EUPL-1.2 goes together with. Of several on offer, one that is allowed is enough."""
TOLD_IN_FILE = {"pyrage": "MIT", "resvg-py": "MIT"}
"""Packages that tell their licence in its text alone; it has been read."""
FOUND, NOT_KNOWN = 1, 2


@dataclass(frozen=True)
class Part:
    name: str
    version: str
    licence: str

    @property
    def is_allowed(self) -> bool:
        return any(word in self.licence.lower() for word in ALLOWED)


def licence_of(name: str) -> str:
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    told = [line.split("::")[-1].strip() for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    return "; ".join(told) or str(metadata.get("License") or "")[:60] or TOLD_IN_FILE.get(name, "")


def parts() -> list[Part]:
    """Everything that the lock names, with the licence of what is installed."""
    return [Part(name, version, licence_of(name)) for name, version in PINNED.findall(LOCK.read_text())]


def write_list(found: list[Part]) -> None:
    bom = Bom()
    root = bom.metadata.component = Component(name="tekojen-tori", type=ComponentType.APPLICATION)
    for part in found:
        purl = PackageURL("pypi", None, part.name, part.version)
        bom.components.add(
            Component(
                name=part.name, version=part.version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl),
                description=part.licence or None,
            )
        )  # fmt: skip
    bom.register_dependency(root, bom.components)
    LIST.write_text(JsonV1Dot6(bom).output_as_string(indent=1) + "\n")


def known_faults() -> tuple[list[str], int]:
    """A line for each known fault, and how many parts no source could tell of."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--disable-pip", "--require-hashes", "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], len(parts())
    faults = [f"{row['name']} {row['version']}: {fault['id']}" for row in rows for fault in row.get("vulns", [])]
    return faults, sum("skip_reason" in row for row in rows)


def main() -> int:
    found = parts()
    write_list(found)
    print(f"{len(found)} parts, listed in {LIST.name}")
    bad = [part for part in found if not part.is_allowed]
    for part in bad:
        print(f"licence to look at: {part.name} {part.version}: {part.licence or 'none told'}")
    faults, unknown = known_faults()
    for line in faults:
        print(f"known fault: {line}")
    if unknown:
        print(
            f"NOT CHECKED: no source of advisories answered for {unknown} of {len(found)} parts. Whether they have "
            "known faults is not known; run this where pip-audit reaches PyPI or OSV.",
            file=sys.stderr,
        )
    if faults or bad:
        return FOUND
    return NOT_KNOWN if unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
