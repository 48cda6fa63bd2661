"""Export and import in bulk: 10 000 deeds there and back without a letter lost, and 100 000 lines in parts.

``.venv/bin/python -m tests.benchmarks.bench_exchange [LINES]``; not a part of the suite. Prints times and the memory.
"""

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask

from tori import create_app, wiring
from tori.config import load_config
from tori.database import db, transaction
from tori.exchange import parts, seeding
from tori.exchange.exporting import export_lines, give_external_ids
from tori.exchange.importing import ImportOptions
from tori.policy import SYSTEM
from tori.search import indexing
from tori.upgrades import upgrade

ROUND_TRIP = 10_000


def lines(count: int) -> list[str]:
    """Deeds of about three kilobytes; some are parts or variants of later ones, some made by two organisations."""
    chance = random.Random(8)
    words = [
        "kokous",
        "lomake",
        "piha",
        "koulu",
        "keittiö",
        "asiakas",
        "palvelu",
        "malli",
        "kokeilu",
        "työpari",
        "vuoro",
        "aamu",
        "tiimi",
    ]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, k=length)).capitalize() + "."

    made = []
    for number in range(count):
        row = {
            "external_id": f"massa-{number}", "title": text(5)[:100], "summary": text(25),
            "organisation": f"Kunta {number % 300}", "organisation_type": "kunta", "sector": "koko-kunta",
            "need": text(80), "goals": text(60),
            "implementation": text(120), "results": text(80),
            "published_on": f"20{10 + number % 16}-0{1 + number % 9}-15",
            "indicators": [{"name": "määrä", "unit": "kpl", "actual": str(number)}], "partners": [text(2)],
        }  # fmt: skip
        if number % 50 == 1 and number + 700 < count:
            row["part_of"] = f"massa-{number + 700}"
        if number % 50 == 2:
            row["variant_of"] = f"massa-{number - 1}"
        if number % 20 == 0:
            row["co_organisations"] = [f"Kunta {(number + 1) % 300}", f"Yhtymä {number % 7}"]
        made.append(json.dumps(row, ensure_ascii=False))
    return made


def site(folder: Path) -> Flask:
    app = create_app(load_config({}, instance=folder, secret_key="bench"))
    with app.app_context():
        upgrade()
        with transaction() as session:
            seeding.load_vocabulary(session)
    return app


def export(app: Flask) -> list[str]:
    with app.app_context():
        with transaction() as session:
            give_external_ids(session)
        found = list(export_lines(db.session()))
        db.session.remove()
        return found


def show(done: int, total: int) -> None:
    print(f"  {done}/{total}", flush=True)


def bring_in(app: Flask, path: Path) -> float:
    start = time.process_time()
    with app.app_context():
        report = parts.import_in_parts(SYSTEM, path, ImportOptions(), show)
        assert not report.bad, report.bad[:3]
        db.session.remove()
    return time.process_time() - start


def take_into_index(app: Flask) -> float:
    """What the worker does with the deeds that have come in."""
    start = time.process_time()
    with app.app_context():
        while indexing.drain(db.session(), wiring.engine_of(app.extensions["tori"])):
            pass
        db.session.remove()
    return time.process_time() - start


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        if count == ROUND_TRIP:
            first, second = site(base / "a"), site(base / "b")
            (base / "in.jsonl").write_text("\n".join(lines(count)) + "\n")
            seconds = bring_in(first, base / "in.jsonl")
            out = export(first)
            (base / "out.jsonl").write_text("\n".join(out) + "\n")
            bring_in(second, base / "out.jsonl")
            assert export(second) == out, "the second export differs"
            print(f"round trip of {len(out)} deeds: identical; {seconds:.0f} s of processor for one import")
        else:
            app = site(base / "c")
            (base / "large.jsonl").write_text("\n".join(lines(count)) + "\n")
            seconds = bring_in(app, base / "large.jsonl")
            indexed = take_into_index(app)
            print(
                f"{count} lines in: {seconds:.0f} s of processor and {indexed:.0f} for the index, "
                f"{count / (seconds + indexed):.0f} deeds/s; at most {megabytes()} MB"
            )


if __name__ == "__main__":
    main()
