"""How long the statistics take at 10 000 deeds, 50 000 adoptions and 300 organisations.

``.venv/bin/python -m tests.benchmarks.bench_statistics``; not a part of the suite. Writes its table into
docs/performance.md. Time of the processor, without the cache of pages: what one process needs, however busy the machine
is. *Counted* is a process that must count, *stored* one that finds what the worker has counted, *warm* one that knows.
"""

import gzip
import tempfile
import time
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests.benchmarks.report import put
from tests.statistics.simulated import fill
from tori import create_app
from tori.config import ROOT, load_config
from tori.database import db, transaction
from tori.models.operations import Setting
from tori.notifications.reads import forget
from tori.statistics.kept import STORE
from tori.statistics.stored import keep_ready
from tori.upgrades import upgrade
from tori.web.statistics import PARTS

ROUNDS = 7
PAGES = (
    *(f"/tilastot/{part}".removesuffix("/kasvu") for part in PARTS),
    "/kartta", "/kartta?reitit=1", "/kartta?mittari=mallia-otettu&suhde=asukkaat", "/api/v1/statistics",
)  # fmt: skip
REPORT = ROOT / "docs" / "performance.md"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = load_config({}, instance=Path(folder), secret_key="bench", page_cache_mb=0)
        app = create_app(config)
        with app.app_context():
            upgrade()
            fill(db.session(), deeds=10_000, adoptions=50_000, organisations=300)
        client = app.test_client()
        client.get("/tilastot")
        rows = []
        for path in PAGES:
            _took(client, path)
            counted = [_as_new(app, client, path) for _ in range(ROUNDS)]
            with app.app_context():
                keep_ready(config)
            stored = [_as_new(app, client, path) for _ in range(ROUNDS)]
            warm = [_took(client, path) for _ in range(ROUNDS)]
            wire = len(gzip.compress(client.get(path).data)) / 1000
            with app.app_context(), transaction() as session:
                session.execute(delete(Setting).where(Setting.key.startswith("figures:")))
            row = f"| `{path}` | {median(counted):.0f} | {median(stored):.0f} | {median(warm):.0f} | {wire:.0f} |"
            print(row, flush=True)
            rows.append(row)
    head = "| page | counted, ms | stored, ms | warm, ms | kB on the wire |\n|---|---:|---:|---:|---:|\n"
    put(REPORT, "figures", head + "\n".join(rows))


def _as_new(app: Flask, client: FlaskClient, path: str) -> float:
    """As a process that knows nothing of the content yet."""
    app.extensions.pop(STORE, None)
    with app.app_context():
        forget(db.engine)
    return _took(client, path)


def _took(client: FlaskClient, path: str) -> float:
    start = time.process_time()
    assert client.get(path).status_code == 200
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
