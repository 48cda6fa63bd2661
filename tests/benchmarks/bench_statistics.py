"""How long the statistics take at 10 000 deeds, 50 000 adoptions and 300 organisations.

``.venv/bin/python -m tests.benchmarks.bench_statistics``; not a part of the suite.
Time of the processor, without the cache of pages: what one process needs, however busy the machine is.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from flask_migrate import upgrade

from tests.statistics.simulated import fill
from tori import create_app
from tori.config import load_config
from tori.database import db
from tori.statistics.kept import STORE

ROUNDS = 7


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_config({}, instance=Path(folder), secret_key="bench", page_cache_mb=0))
        with app.app_context():
            upgrade()
            fill(db.session(), deeds=10_000, adoptions=50_000, organisations=300)
        client = app.test_client()
        client.get("/tilastot")
        for path in ("/tilastot", "/tilastot/aiheet-ja-paikat", "/tilastot/mallit", "/kartta", "/api/v1/statistics"):
            cold, warm = [], []
            for _ in range(ROUNDS):
                app.extensions.pop(STORE, None)
                cold.append(_took(client, path))
                warm.append(_took(client, path))
            print(f"{path}: cold {median(cold):.0f} ms, warm {median(warm):.0f} ms of processor")


def _took(client, path: str) -> float:  # type: ignore[no-untyped-def]
    start = time.process_time()
    assert client.get(path).status_code == 200
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
