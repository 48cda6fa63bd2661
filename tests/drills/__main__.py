"""``make drill``: the faults that need several minutes or several machines, and the table of docs/faults.md."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.drills import backups, clean_root, install, machines, old_code, timing
from tests.drills.running import Row
from tests.site import ROOT

DRILLS: dict[str, Callable[[list[Row]], None]] = {
    "backups": backups.run, "clean": clean_root.run, "install": install.run, "machines": machines.run,
    "old_code": old_code.run, "timing": timing.run,
}  # fmt: skip
PAPER = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- drills: begin -->", "<!-- drills: end -->"


def machine() -> str:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release()}, Python {platform.python_version()}"


def table(rows: list[Row]) -> str:
    lines = ["| faults | what was done | what came out | kept |", "|---|---|---|---|"]
    lines += [f"| {row.faults} | {row.what} | {row.outcome} | {'yes' if row.is_kept else '**no**'} |" for row in rows]
    return "\n".join(lines)


def write(rows: list[Row]) -> None:
    text = PAPER.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    head = f"{datetime.now():%Y-%m-%d}, {machine()}, beside other work."
    PAPER.write_text(f"{before}{BEGIN}\n{head}\n\n{table(rows)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *DRILLS], help="all when left out")
    parser.add_argument("--write", action="store_true", help="writes the table into docs/faults.md")
    chosen = parser.parse_args()
    rows: list[Row] = []
    for name in chosen.names or DRILLS:
        DRILLS[name](rows)
        if chosen.write:
            write(rows)
    print(table(rows))
    sys.exit(0 if all(row.is_kept for row in rows) else 1)


if __name__ == "__main__":
    main()
