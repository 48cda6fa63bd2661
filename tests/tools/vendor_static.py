"""Copy the third-party files the site serves out of node_modules, and record what was copied.

Run it only to update a version: `npm ci --ignore-scripts`, then `python tests/tools/vendor_static.py`.
The copies are committed, so servers and CI need no Node. `--check` compares the committed files with
VENDORED.toml and needs no node_modules.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = "VENDORED.toml"
SPRITE = "static/icons.svg"


@dataclass(frozen=True)
class Package:
    """One npm package and the files of it that we keep; `licence` is its SPDX name."""

    name: str
    folder: str
    licence: str
    files: tuple[str, ...]
    parent: str = "static/vendor"


PACKAGES = (
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "bricolage-grotesque",
        "OFL-1.1",
        (
            "files/bricolage-grotesque-latin-wght-normal.woff2",
            "files/bricolage-grotesque-latin-ext-wght-normal.woff2",
            "LICENSE",
        ),
    ),
    Package(
        "@fontsource-variable/source-sans-3",
        "source-sans-3",
        "OFL-1.1",
        (
            "files/source-sans-3-latin-wght-normal.woff2",
            "files/source-sans-3-latin-ext-wght-normal.woff2",
            "files/source-sans-3-latin-wght-italic.woff2",
            "files/source-sans-3-cyrillic-wght-normal.woff2",
            "files/source-sans-3-cyrillic-ext-wght-normal.woff2",
            "files/source-sans-3-greek-wght-normal.woff2",
            "files/source-sans-3-greek-ext-wght-normal.woff2",
            "files/source-sans-3-vietnamese-wght-normal.woff2",
            "LICENSE",
        ),
    ),
    Package("htmx.org", "htmx", "0BSD", ("dist/htmx.min.js", "LICENSE")),
    Package("turndown", "turndown", "MIT", ("lib/turndown.browser.es.js", "LICENSE")),
    Package("axe-core", "axe-core", "MPL-2.0", ("axe.min.js", "LICENSE"), parent="tests/browser/vendor"),
)

ICON_PACKAGE = Package("@tabler/icons", "tabler-icons", "MIT", ("LICENSE",))


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Icons of the interface itself.
INTERFACE_ICONS = words(
    """
    adjustments-horizontal alert-triangle archive arrow-down arrow-left arrow-right arrow-up ban bell bold bookmark
    calendar calendar-event certificate chart-bar check chevron-down chevron-left chevron-right circle-check clock
    clipboard-list copy device-floppy dots download edit external-link eye file-text filter flag grip-vertical h-2
    heading history hourglass info-circle key language link list list-numbers lock logout mail
    map-2 map-pin menu-2 message-circle
    message-question messages moon pencil photo plus printer qrcode quote refresh repeat rss search send settings share
    shield-check sitemap sort-descending sparkles star sun table thumb-up trash trophy upload user user-plus
    users world x
    """
)

#: Icons of the eight sectors, in the order of the sectors.
SECTOR_ICONS = words(
    """
    school heart-handshake palette leaf briefcase users-group tools-kitchen-2 building-community
    """
)

#: Icons an author may put on the counter of the drawn stall.
STALL_ICONS = words(
    """
    apple baby-carriage ball-football bike book bread bulb building-bridge bus camera chef-hat clipboard-check coffee
    coin confetti device-laptop dog droplet first-aid-kit fish friends gift hand-finger heart home key
    masks-theater mood-smile mountain music paint plant-2 puzzle recycle robot rocket run scale sofa soup
    speakerphone stethoscope swimming tool tree walk wheelchair windmill writing
    """
)


def icon_names() -> list[str]:
    """Every icon of the sprite once, in alphabetical order."""
    return sorted({*INTERFACE_ICONS, *SECTOR_ICONS, *STALL_ICONS})


def version_of(package: Package, modules: Path) -> str:
    manifest = json.loads((modules / package.name / "package.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


def copy_package(package: Package, modules: Path) -> dict[str, str]:
    """Copy the package's files into a folder that carries the version; path -> SHA-256."""
    target = ROOT / package.parent / f"{package.folder}-{version_of(package, modules)}"
    for old in (ROOT / package.parent).glob(f"{package.folder}-[0-9]*"):
        shutil.rmtree(old)
    target.mkdir(parents=True)
    hashes: dict[str, str] = {}
    for name in package.files:
        copy = target / Path(name).name
        copy.write_bytes(without_source_map((modules / package.name / name).read_bytes(), copy.suffix))
        hashes[copy.relative_to(ROOT).as_posix()] = sha256(copy)
    return hashes


def without_source_map(content: bytes, suffix: str) -> bytes:
    """A script without its source map comment: the map is not served, and browsers would ask for it."""
    if suffix != ".js":
        return content
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)


def write_sprite(modules: Path) -> dict[str, str]:
    """Draw static/icons.svg, one symbol an icon; stroke and size come from the page's style sheet."""
    symbols = [symbol(modules / ICON_PACKAGE.name / "icons/outline" / f"{name}.svg") for name in icon_names()]
    sprite = ROOT / SPRITE
    sprite.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8"
    )
    return {SPRITE: sha256(sprite)}


def symbol(source: Path) -> str:
    drawing = source.read_text(encoding="utf-8")
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL)
    shapes = [line.strip().replace(" />", "/>") for line in inner.splitlines() if line.strip()]
    kept = "".join(shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
    return f'<symbol id="{source.stem}" viewBox="0 0 24 24">{kept}</symbol>'


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record_entry(package: Package, version: str, hashes: dict[str, str]) -> str:
    lines = [
        "[[package]]",
        f'name = "{package.name}"',
        f'version = "{version}"',
        f'licence = "{package.licence}"',
    ]
    lines += ["", "[package.sha256]", *(f'"{path}" = "{digest}"' for path, digest in hashes.items())]
    return "\n".join(lines)


def vendor(modules: Path) -> None:
    """Copy everything and write VENDORED.toml."""
    entries = ["# Third-party files kept in the repository. Written by tests/tools/vendor_static.py."]
    for package in PACKAGES:
        hashes = copy_package(package, modules)
        entries.append(record_entry(package, version_of(package, modules), hashes))
    hashes = copy_package(ICON_PACKAGE, modules) | write_sprite(modules)
    entries.append(record_entry(ICON_PACKAGE, version_of(ICON_PACKAGE, modules), hashes))
    (ROOT / RECORD).write_text("\n\n".join(entries) + "\n", encoding="utf-8")


def differences() -> list[str]:
    """What in the tree does not agree with VENDORED.toml; empty when all is well."""
    record = tomllib.loads((ROOT / RECORD).read_text(encoding="utf-8"))
    recorded = {path: digest for entry in record["package"] for path, digest in entry["sha256"].items()}
    found = [f"missing: {path}" for path in recorded if not (ROOT / path).is_file()]
    found += [
        f"changed: {path}"
        for path, digest in recorded.items()
        if (ROOT / path).is_file() and sha256(ROOT / path) != digest
    ]
    for parent in {package.parent for package in PACKAGES}:
        # What `make install` has packed lies beside the files.
        files = (path for path in (ROOT / parent).rglob("*") if path.is_file() and path.suffix not in (".br", ".gz"))
        kept = (path.relative_to(ROOT).as_posix() for path in files)
        found += [f"not recorded: {path}" for path in kept if path not in recorded]
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node-modules", type=Path, default=ROOT / "node_modules")
    parser.add_argument("--check", action="store_true", help="compare the tree with VENDORED.toml")
    options = parser.parse_args()
    if options.check:
        found = differences()
        print("\n".join(found) or "Vendored files agree with the record.")
        return 1 if found else 0
    vendor(options.node_modules)
    return 0


if __name__ == "__main__":
    sys.exit(main())
